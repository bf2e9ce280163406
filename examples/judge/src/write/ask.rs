//! Asks one question about a write: reads before, writes, reads again.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Seen, Writer, content,
    notes::Notes,
    row::{Need, Row},
    verdict,
};
use crate::{
    client::{Client, Failure, Refused},
    dates,
    message::{Request, Response, Version},
    oracle::{self, Expected, State, is_weak},
    run::Run,
    template::{self, OTHER},
    verdict::{Level, Outcome, Verdict},
};

pub(super) async fn ask(
    row: &Row,
    writer: Result<&Writer, &Failure>,
    client: &Client,
    notes: &mut Notes,
) -> Verdict {
    let mut verdict = verdict(row.id, row.section, row.level, row.title);
    match writer {
        Err(why) => verdict.seen = why.clone(),
        Ok(writer) => {
            if let Err(why) = asked(row, writer, client, notes, &mut verdict).await {
                verdict.outcome = Outcome::CannotTell;
                verdict.seen = why;
            }
        }
    }
    verdict
}

async fn asked(
    row: &Row,
    writer: &Writer,
    client: &Client,
    notes: &mut Notes,
    verdict: &mut Verdict,
) -> Result<(), Failure> {
    let mut before = writer.read(client).await?;
    if !before.exists() {
        let request = writer.request(&before.body, &content::unique())?;
        client.send(request).await?;
        before = writer.read(client).await?;
    }
    if !before.exists() {
        return Err("the resource is gone".to_owned());
    }
    for need in row.needs {
        check(*need, &before)?;
    }
    if row.needs.contains(&Need::OldDate) && is_recent(&before) {
        sleep(Duration::from_millis(2100).min(client.budget.left())).await;
        before = writer.read(client).await?;
    }
    let mut request = writer.request(&before.body, &content::unique())?;
    if let Some(method) = row.method {
        method.clone_into(&mut request.method);
        if method == "DELETE" {
            request = Request::new(method);
        }
    }
    request.version = row.version;
    for (name, value) in row.fields {
        let value = fill(value, &before, notes)?;
        request = request.field(name, value);
    }
    let validators = before.validators();
    let expected = oracle::expect(
        &request.method,
        &request.fields,
        State {
            exists: true,
            etag: validators.etag.ok(),
            last_modified: validators.last_modified.ok(),
            ranges: false,
            now: before.now,
        },
    );
    let exchange = client.send(request).await?;
    let after = writer.read(client).await?;
    verdict.curl = exchange.request.curl(&client.url.text());
    judge(
        row,
        expected,
        &exchange.response,
        (&before, &after),
        writer,
        verdict,
    )?;
    notes.note(
        &exchange.response,
        (&before, &after),
        &verdict.curl,
        row.method,
    );
    Ok(())
}

fn judge(
    row: &Row,
    expected: Expected,
    response: &Response,
    (before, after): (&Seen, &Seen),
    writer: &Writer,
    verdict: &mut Verdict,
) -> Result<(), Failure> {
    let status = response.status;
    let asks_to_guard =
        writer.required == Some(status) && !row.fields.iter().any(|(name, _)| *name == "If-Match");
    let changed = before.body != after.body;
    let unable = [400, 403, 404, 405, 415, 422].contains(&status) || status >= 500;
    if row.method.is_some() && unable {
        return Err(format!(
            "{} is answered {status}",
            row.method.unwrap_or_default()
        ));
    }
    if row.version == Version::Http2 && status == 505 {
        return Err("HTTP/2 is not spoken".to_owned());
    }
    verdict.seen = match changed {
        true => format!("{status}, and the content has changed"),
        false => format!("{status}, and the content is as before"),
    };
    let right = match expected {
        Expected::Failed => {
            verdict.expected = "412, and nothing is written".to_owned();
            (status == 412 || row.also.contains(&status) || asks_to_guard) && !changed
        }
        _ => {
            verdict.expected = match writer.required {
                Some(required) => format!("2xx or {required}"),
                None => "2xx".to_owned(),
            };
            response.is_success() || row.also.contains(&status) || asks_to_guard
        }
    };
    verdict.outcome = match right {
        true => Outcome::Pass,
        false => Verdict::departure(row.level),
    };
    Ok(())
}

fn check(need: Need, seen: &Seen) -> Result<(), Failure> {
    let validators = seen.validators();
    match need {
        Need::Tag => validators.etag.map(drop)?,
        Need::Strong if is_weak(validators.etag?) => {
            return Err("the entity tag is weak".to_owned());
        }
        Need::Strong => {}
        Need::Date | Need::OldDate => {
            let date = validators.last_modified?;
            dates::read(date, seen.now).ok_or("Last-Modified is not an HTTP-date")?;
        }
    }
    Ok(())
}

/// Whether another write could still get the same date.
fn is_recent(seen: &Seen) -> bool {
    let date = seen.validators().last_modified.ok();
    date.and_then(|date| dates::read(date, seen.now))
        .is_some_and(|date| date + 1 >= seen.now)
}

/// As in the questions for reads, and `{old}`.
fn fill(text: &str, before: &Seen, notes: &Notes) -> Result<Vec<u8>, Failure> {
    if text == "{old}" {
        let old = notes
            .old
            .clone()
            .filter(|old| Some(old) != before.etag.as_ref());
        return old.ok_or_else(|| "no earlier tag is known".to_owned());
    }
    Ok(template::fill_without_facts(text, before.validators())?)
}

/// 412 before the upload.
pub(super) async fn upload(run: &mut Run<'_>, writer: &Result<Writer, Failure>) {
    if !run.wants("10.1.1") {
        return;
    }
    let title = "A false precondition is answered before the content is sent";
    let mut verdict = verdict("write-upload", "10.1.1", Level::Harm, title);
    verdict.expected = "412 in place of 100".to_owned();
    match announced(&run.client, writer).await {
        Err(why) => verdict.seen = why,
        Ok((request, refused)) => {
            verdict.curl = request.curl(&run.client.url.text());
            (verdict.outcome, verdict.seen) = match refused {
                Refused::By(412) => (Outcome::Pass, "412".to_owned()),
                Refused::By(417) => (Outcome::CannotTell, "417: Expect is not known".to_owned()),
                Refused::By(status) => (Outcome::Warn, status.to_string()),
                Refused::Not => (Outcome::Warn, "100".to_owned()),
            };
        }
    }
    run.say(verdict);
}

async fn announced(
    client: &Client,
    writer: &Result<Writer, Failure>,
) -> Result<(Request, Refused), Failure> {
    let writer = writer.as_ref().map_err(Clone::clone)?;
    let seen = writer.read(client).await?;
    check(Need::Tag, &seen)?;
    let request = writer
        .request(&seen.body, &content::unique())?
        .field("If-Match", OTHER)
        .field("Expect", "100-continue");
    client.announce(request).await
}
