//! Writes to what does not exist: the resource is deleted for it, if that is possible.

use super::{Writer, content, verdict};
use crate::{
    client::{Client, Failure},
    message::{Exchange, Request},
    run::Run,
    template::OTHER,
    verdict::{Level, Outcome, Verdict},
};

struct Row {
    id: &'static str,
    section: &'static str,
    title: &'static str,
    field: (&'static str, &'static str),
    /// Whether it is performed.
    performed: bool,
}

const ROWS: &[Row] = &[
    Row {
        id: "missing-star",
        section: "13.1.1",
        title: "If-Match: * does not create",
        field: ("If-Match", "*"),
        performed: false,
    },
    Row {
        id: "missing-tag",
        section: "13.1.1",
        title: "If-Match with a tag does not create",
        field: ("If-Match", OTHER),
        performed: false,
    },
    Row {
        id: "missing-create",
        section: "13.1.2",
        title: "If-None-Match: * creates what does not exist",
        field: ("If-None-Match", "*"),
        performed: true,
    },
];

pub(super) async fn judge(run: &mut Run<'_>, writer: &Result<Writer, Failure>) {
    if !run.wants("13.1.1") && !run.wants("13.1.2") {
        return;
    }
    let gone = match writer {
        Err(why) => Err(why.clone()),
        Ok(writer) => delete(writer, &run.client)
            .await
            .map(|exchange| (writer, exchange)),
    };
    let mut deleted = verdict(
        "delete-true",
        "13.1.1",
        Level::Must,
        "DELETE with the current strong tag is performed",
    );
    deleted.expected = "2xx, and it does not exist".to_owned();
    match &gone {
        Err(why) => deleted.seen.clone_from(why),
        Ok((_, exchange)) => {
            deleted.outcome = Outcome::Pass;
            deleted.seen = exchange.response.status.to_string();
            deleted.curl = exchange.request.curl(&run.client.url.text());
        }
    }
    if run.wants(&deleted.section) {
        run.say(deleted);
    }
    for row in ROWS {
        if !run.wants(row.section) {
            continue;
        }
        let mut verdict = verdict(row.id, row.section, Level::Must, row.title);
        let asked = match &gone {
            Err(why) => Err(why.clone()),
            Ok((writer, _)) => ask(row, writer, &run.client, &mut verdict).await,
        };
        if let Err(why) = asked {
            verdict.outcome = Outcome::CannotTell;
            verdict.seen = why;
        }
        run.say(verdict);
    }
    if let Ok((writer, _)) = gone {
        // Whatever happened, the resource exists again.
        if let Ok(request) = writer.request(&writer.original, &content::unique()) {
            let _ = run.client.send(request.field("If-None-Match", "*")).await;
        }
    }
}

async fn delete(writer: &Writer, client: &Client) -> Result<Exchange, Failure> {
    if writer.method == "PATCH" {
        return Err("PATCH does not create, so nothing is deleted".to_owned());
    }
    let seen = writer.read(client).await?;
    let etag = seen.validators().etag?;
    let mut request = Request::new("DELETE");
    // A weak tag would be refused, rightly.
    if !crate::oracle::is_weak(etag) {
        request = request.field("If-Match", etag);
    }
    let exchange = client.send(request).await?;
    let status = exchange.response.status;
    if writer.read(client).await?.exists() {
        return Err(format!(
            "DELETE is answered {status}, and the resource exists"
        ));
    }
    Ok(exchange)
}

async fn ask(
    row: &Row,
    writer: &Writer,
    client: &Client,
    verdict: &mut Verdict,
) -> Result<(), Failure> {
    if writer.read(client).await?.exists() {
        let exchange = client
            .send(Request::new("DELETE").field("If-Match", "*"))
            .await?;
        if writer.read(client).await?.exists() {
            return Err(format!("DELETE is answered {}", exchange.response.status));
        }
    }
    let request = writer.request(&writer.original, &content::unique())?;
    let exchange = client.send(request.field(row.field.0, row.field.1)).await?;
    let created = writer.read(client).await?.exists();
    let response = &exchange.response;
    verdict.curl = exchange.request.curl(&client.url.text());
    let found = match created {
        true => "it exists",
        false => "it does not exist",
    };
    verdict.seen = format!("{}, and {found}", response.status);
    let right = match row.performed {
        true => {
            verdict.expected = "2xx, and it exists".to_owned();
            response.is_success() && created
        }
        false => {
            // 404 comes before preconditions (section 13.2.1).
            verdict.expected = "412 or 404, and it does not exist".to_owned();
            [404, 412].contains(&response.status) && !created
        }
    };
    verdict.outcome = match right {
        true => Outcome::Pass,
        false => Outcome::Fail,
    };
    Ok(())
}
