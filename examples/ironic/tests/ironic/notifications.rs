//! "Etag will be also included to notifications payload."

use example_ironic::{Notification, parts};
use example_support::{process::Process, scenario::Server};
use tokio::sync::broadcast::{Receiver, error::TryRecvError};

use super::{EXTRA, JSON, NODE, PORT, WITH_TAGS, delete_if_match, get, patch, patch_if_match, tag};

#[track_caller]
fn next(notifications: &mut Receiver<Notification>) -> (String, serde_json::Value) {
    let notification = notifications.try_recv().expect("a notification");
    let payload = &notification.json()["payload"];
    let event = notification.json()["event_type"].as_str().unwrap();
    (event.to_owned(), payload["ironic_object.data"].clone())
}

#[tokio::test]
async fn each_has_the_tag_of_what_was_written() {
    let (api, conductor) = parts();
    let mut notifications = conductor.notifications();
    tokio::spawn(conductor.run());
    let server = Server::start(api).await;

    let create = r#"{"driver": "fake", "name": "new"}"#;
    let created = server
        .send_content("POST", "/v1/nodes", &[JSON, WITH_TAGS], create)
        .await
        .expect(201);
    let (event, data) = next(&mut notifications);
    assert_eq!(event, "baremetal.node.create.end");
    assert_eq!(data["etag"], tag(&created));
    assert_eq!(data["name"], "new");

    let updated = patch(&server, PORT, EXTRA).await.expect(200);
    let (event, data) = next(&mut notifications);
    assert_eq!(event, "baremetal.port.update.end");
    assert_eq!(data["etag"], tag(&updated));
    assert_eq!(data["extra"]["foo"], "bar");

    // What is refused is not notified.
    patch_if_match(&server, PORT, "W/eeee", EXTRA)
        .await
        .expect(412);
    assert_eq!(tag(&get(&server, PORT).await), tag(&updated));
    assert!(matches!(notifications.try_recv(), Err(TryRecvError::Empty)));

    // A notification names what is deleted with the node as well.
    let last = tag(&get(&server, NODE).await);
    delete_if_match(&server, NODE, &last).await.expect(204);
    let events: Vec<_> = (0..4).map(|_| next(&mut notifications)).collect();
    assert_eq!(events[0].0, "baremetal.node.delete.end");
    assert_eq!(events[0].1["etag"], last);
    let others = ["port", "port", "portgroup"].map(|kind| format!("baremetal.{kind}.delete.end"));
    assert!(
        events[1..].iter().map(|(event, _)| event).eq(&others),
        "{events:?}"
    );
    assert!(matches!(notifications.try_recv(), Err(TryRecvError::Empty)));
}

#[tokio::test]
async fn the_service_writes_them_to_stdout_and_stops_when_it_is_asked_to() {
    for signal in ["TERM", "INT"] {
        let process = Process::start(env!("CARGO_BIN_EXE_ironic"), &["--notify"]);
        let url = format!("http://{}", process.address);
        let client = example_ironic::client::Client::new(&url, "1.40").unwrap();
        let fields = serde_json::Map::from_iter([("driver".to_owned(), "fake".into())]);
        let node = client.nodes().create(fields).await.unwrap();
        let (status, output) = process.stop(signal);
        assert!(status.success(), "{signal}: {status}");
        let line = output.lines().next().expect("a notification");
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            line["payload"]["ironic_object.data"]["etag"],
            node.etag().unwrap()
        );
    }
}
