//! The client: "Client (CLI) impact" of the specification.

use std::sync::{Arc, Mutex};

use example_ironic::client::{Change, Client, Etag, Failure, Resource, WARNING, operations};
use example_support::process::Process;
use serde_json::{Map, Value, json};

const NODE: &str = "test_node_classic";

/// A service, and a client of it that keeps the warnings.
struct World {
    _service: Process,
    client: Client,
    warnings: Arc<Mutex<Vec<String>>>,
}

impl World {
    fn with(version: &str) -> Self {
        let service = Process::start(env!("CARGO_BIN_EXE_ironic"), &[]);
        let url = format!("http://{}", service.address);
        let warnings = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&warnings);
        let client = Client::new(&url, version)
            .unwrap()
            .on_warning(move |warning| kept.lock().unwrap().push(warning.to_owned()));
        Self {
            _service: service,
            client,
            warnings,
        }
    }

    async fn node(&self) -> Resource {
        self.client.nodes().get(NODE).await.unwrap()
    }

    /// What the service has at `/extra/by`.
    async fn by(&self) -> Value {
        self.node().await.field("extra").unwrap()["by"].clone()
    }

    fn warnings(&self) -> Vec<String> {
        std::mem::take(&mut *self.warnings.lock().unwrap())
    }
}

fn by(whom: &str) -> Vec<example_ironic::client::Operation> {
    operations("add", [&*format!("extra/by={whom}")]).unwrap()
}

/// `new_node = node.update(patch, etag=True)`
#[tokio::test]
async fn a_resource_updates_itself_with_its_tag() {
    let world = World::with("1.40");
    let mut node = world.node().await;
    let old = node.etag().expect("the tag is stored").to_owned();

    node.update(&by("me"), Etag::On).await.unwrap();
    assert_eq!(node.field("extra"), Some(&json!({ "by": "me" })));
    assert_ne!(node.etag(), Some(&*old));
    assert_eq!(
        node.fields(),
        world.node().await.fields(),
        "it is up to date"
    );

    // The new tag lets the next one through without another read.
    node.update(&by("me again"), Etag::On).await.unwrap();
    let mut fields = node.fields().clone();
    fields["extra"] = json!({ "by": "put" });
    node.replace(fields, Etag::On).await.unwrap();
    assert_eq!(world.by().await, "put");
    assert_eq!(world.warnings(), [""; 0]);

    // Lists have tags as well.
    let mut ports = world.client.ports().list().await.unwrap();
    ports[0].update(&by("me"), Etag::On).await.unwrap();
    ports[1].delete(Etag::On).await.unwrap();
    assert_eq!(world.client.ports().list().await.unwrap().len(), 1);
}

/// "… the client may … display a diff to the user of the stored vs. server-side resource."
#[tokio::test]
async fn a_conflict_shows_what_has_changed() {
    let world = World::with("1.40");
    let mut mine = world.node().await;
    let mut theirs = world.node().await;
    let remove = operations("remove", ["driver_info/ipmi_username"]).unwrap();
    theirs.update(&by("them"), Etag::On).await.unwrap();
    theirs.update(&remove, Etag::On).await.unwrap();

    let stored = mine.fields().clone();
    let error = mine.update(&by("me"), Etag::On).await.unwrap_err();
    let text = error.to_string();
    let Failure::Conflict(conflict) = error else {
        panic!("{error}");
    };
    assert_eq!(conflict.sent(), stored["etag"].as_str());
    assert_eq!(conflict.server(), Some(theirs.fields()));
    let changes: Vec<_> = conflict.changes().unwrap().to_vec();
    let paths: Vec<_> = changes.iter().map(|change| &*change.path).collect();
    assert_eq!(
        paths,
        ["/driver_info/ipmi_username", "/extra/by", "/updated_at"]
    );
    assert_eq!(
        changes[1],
        Change {
            path: "/extra/by".to_owned(),
            stored: None,
            server: Some("them".into()),
        }
    );
    for line in [
        "- /driver_info/ipmi_username: \"ADMIN\"",
        "+ /extra/by: \"them\"",
        &*format!("The current one: {}", theirs.etag().unwrap()),
    ] {
        assert!(text.lines().any(|other| other == line), "{text}");
    }
    assert!(!text.contains("/etag"), "{text}");

    assert_eq!(mine.fields(), &stored, "it is still what was read");
    assert_eq!(world.by().await, "them", "nothing was written");
    let error = mine.delete(Etag::On).await.unwrap_err();
    assert!(matches!(error, Failure::Conflict(_)), "{error}");
    let error = mine.replace(stored, Etag::On).await.unwrap_err();
    assert!(matches!(error, Failure::Conflict(_)), "{error}");
    assert_eq!(world.node().await.fields(), theirs.fields());

    // After a refresh it passes.
    mine.refresh().await.unwrap();
    mine.update(&by("me"), Etag::On).await.unwrap();
    assert_eq!(world.by().await, "me");
}

#[tokio::test]
async fn a_conflict_with_what_is_gone() {
    let world = World::with("1.40");
    let port = &world.client.ports().list().await.unwrap()[0];
    port.delete(Etag::On).await.unwrap();
    let error = port.delete(Etag::On).await.unwrap_err();
    let Failure::Conflict(conflict) = error else {
        panic!("{error}");
    };
    assert_eq!((conflict.server(), conflict.changes()), (None, None));
}

/// "If etag is not present at the resource and clients did not turn off `etag` option, they will fail
/// if using the API version greater or equal than etag API version."
#[tokio::test]
async fn without_a_tag_it_fails_unless_turned_off() {
    let world = World::with("1.40");
    let mut fields: Map<String, Value> = world.node().await.fields().clone();
    fields.remove("etag");
    let nodes = world.client.nodes();
    let mut stored = Resource::from_stored(nodes, fields.clone().into()).unwrap();
    for malformed in [
        None,
        Some(""),
        Some("*"),
        Some("W/a, W/b"),
        Some("\u{e9}\n"),
    ] {
        if let Some(malformed) = malformed {
            fields.insert("etag".to_owned(), malformed.into());
        }
        let nodes = world.client.nodes();
        let mut stored = Resource::from_stored(nodes, fields.clone().into()).unwrap();
        let error = stored.update(&by("me"), Etag::On).await.unwrap_err();
        assert!(matches!(error, Failure::NoEtag), "{malformed:?}: {error}");
        let error = stored.delete(Etag::On).await.unwrap_err();
        assert!(matches!(error, Failure::NoEtag), "{malformed:?}: {error}");
    }
    let error = world.client.nodes().update(NODE, &by("me"), Etag::On).await;
    assert!(matches!(error, Err(Failure::NoEtag)));
    assert_eq!(world.by().await, Value::Null, "nothing was written");

    stored.update(&by("me"), Etag::Off).await.unwrap();
    assert_eq!(world.by().await, "me");
    assert_eq!(world.warnings(), [""; 0]);
}

#[tokio::test]
async fn a_version_without_tags_needs_none() {
    let world = World::with("1.39");
    let mut node = world.node().await;
    assert_eq!(node.etag(), None);
    for (whom, etag) in [("on", Etag::On), ("off", Etag::Off), ("unset", Etag::Unset)] {
        node.update(&by(whom), etag).await.unwrap();
        assert_eq!(world.by().await, whom);
    }
    assert_eq!(world.warnings(), [""; 0]);

    // "If requested … version does not support etags yet, NotAcceptable error is raised."
    let error = node.update(&by("tag"), Etag::Is("W/eeee".to_owned())).await;
    let Err(Failure::Status(status, message)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(status, 406);
    assert!(message.contains("1.40"), "{message}");
    assert_eq!(world.by().await, "unset");
}

/// "… for 1 standard deprecation period `If-Match` will not be sent to server by default. Clients will
/// be warned that in the next release `etag` parameter will be `True` by default."
#[tokio::test]
async fn the_deprecation_period() {
    let world = World::with("1.40");
    let mut mine = world.node().await;
    let mut theirs = world.node().await;
    theirs.update(&by("them"), Etag::On).await.unwrap();
    mine.update(&by("me"), Etag::Unset).await.unwrap();
    assert_eq!(world.by().await, "me", "the tag was not sent");
    assert_eq!(world.warnings(), [WARNING]);

    let next = world.client.clone().after_deprecation(true);
    let mut mine = next.nodes().get(NODE).await.unwrap();
    theirs.update(&by("them"), Etag::Off).await.unwrap();
    let error = mine.update(&by("me"), Etag::Unset).await.unwrap_err();
    assert!(matches!(error, Failure::Conflict(_)), "{error}");
    assert_eq!(world.by().await, "them");
    assert_eq!(world.warnings(), [""; 0]);
}

/// "Depending on the situation, the client may choose to transparently retry".
#[tokio::test]
async fn it_tries_again_around_what_others_have_changed() {
    let world = World::with("1.40");
    let mut mine = world.node().await;
    let mut theirs = world.node().await;
    let elsewhere = operations("add", ["properties/cpus=8"]).unwrap();
    theirs.update(&elsewhere, Etag::On).await.unwrap();
    mine.update_around(&by("me")).await.unwrap();
    assert_eq!(mine.field("properties"), Some(&json!({ "cpus": 8 })));
    assert_eq!(world.by().await, "me");

    theirs.refresh().await.unwrap();
    for patch in [
        by("them"),
        operations("replace", ["extra={\"by\": \"them\"}"]).unwrap(),
    ] {
        theirs.update(&patch, Etag::On).await.unwrap();
        let error = mine.update_around(&by("me")).await.unwrap_err();
        assert!(matches!(error, Failure::Conflict(_)), "{error}");
        assert_eq!(world.by().await, "them");
        mine.refresh().await.unwrap();
        theirs.update(&by("nobody"), Etag::On).await.unwrap();
        mine.refresh().await.unwrap();
    }
    let whole = operations("replace", ["extra={}"]).unwrap();
    theirs.update(&by("them"), Etag::On).await.unwrap();
    let error = mine.update_around(&whole).await.unwrap_err();
    assert!(matches!(error, Failure::Conflict(_)), "{error}");
    assert_eq!(world.by().await, "them");
}

/// Sixteen clients, each of which changes a field of its own.
#[tokio::test(flavor = "multi_thread")]
async fn no_update_of_many_clients_is_lost() {
    const CLIENTS: usize = 16;
    let world = World::with("1.40");
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        let nodes = world.client.nodes();
        clients.spawn(async move {
            let patch = operations("add", [&*format!("extra/client-{number}=true")]).unwrap();
            loop {
                let mut node = nodes.get(NODE).await.unwrap();
                match node.update_around(&patch).await {
                    Ok(()) => break,
                    // There were more changes than it tries.
                    Err(Failure::Conflict(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    clients.join_all().await;
    let node = world.node().await;
    let extra = node.field("extra").and_then(Value::as_object).unwrap();
    assert_eq!(extra.len(), CLIENTS);
}

#[tokio::test]
async fn what_cannot_be_sent_is_told() {
    for (url, version) in [
        ("no url", "1.40"),
        ("http://127.0.0.1", "1.52"),
        ("http://127.0.0.1", ""),
    ] {
        assert!(matches!(Client::new(url, version), Err(Failure::Usage(_))));
    }
    let world = World::with("latest");
    let error = world.client.nodes().get("").await.unwrap_err();
    assert!(matches!(error, Failure::Usage(_)), "{error}");
    let mut node = world.node().await;
    let tag = Etag::Is("a\nb".to_owned());
    let error = node.update(&by("me"), tag).await.unwrap_err();
    assert!(matches!(error, Failure::Usage(_)), "{error}");
    let error = world.client.nodes().get("../ports").await.unwrap_err();
    assert!(matches!(error, Failure::Status(..)), "{error}");
    let error = node
        .update(&operations("add", ["uuid=x"]).unwrap(), Etag::On)
        .await;
    assert!(matches!(error, Err(Failure::Status(..))));
    assert_eq!(world.by().await, Value::Null);

    for (op, argument) in [
        ("add", "a"),
        ("remove", "a=1"),
        ("move", "a=1"),
        ("add", "=1"),
    ] {
        assert!(operations(op, [argument]).is_err(), "{op} {argument}");
    }
    let gone = Client::new("http://127.0.0.1:1", "1.40").unwrap();
    let error = gone.nodes().list().await.unwrap_err();
    assert!(matches!(error, Failure::Transport(_)), "{error}");
}
