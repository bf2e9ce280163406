//! Asks the questions of the tables, and compares the responses with the oracle.

use crate::{
    client::Client,
    facts::{self, Facts, NO_SUCH, QUERY},
    message::{Exchange, Request, Response, Version},
    oracle::{self, Expected, State, is_weak, opaque},
    questions::{self, FACTS, Fact, Found, Need, Question, Subject},
    run::Run,
    template::{self, Validators},
    verdict::{Outcome, Verdict},
};

type Cannot = &'static str;

/// Asks everything that safe methods can ask.
pub(crate) async fn read(run: &mut Run<'_>, facts: &Facts) {
    for fact in FACTS {
        if run.wants(fact.section) {
            run.say(fact_verdict(fact, facts, &run.client));
        }
    }
    for question in questions::all() {
        if !run.wants(question.section) {
            continue;
        }
        let verdict = ask(question, facts, &run.client).await;
        run.say(verdict);
    }
}

fn fact_verdict(fact: &Fact, facts: &Facts, client: &Client) -> Verdict {
    let (outcome, seen) = match (fact.check)(facts) {
        Found::Good(seen) => (Outcome::Pass, seen),
        Found::Bad(seen) => (Verdict::departure(fact.level), seen),
        Found::CannotTell(why) => (Outcome::CannotTell, why.to_owned()),
    };
    let exchange = (fact.shown_by)(facts);
    Verdict {
        id: fact.id.to_owned(),
        section: fact.section.to_owned(),
        level: fact.level,
        outcome,
        title: fact.title.to_owned(),
        expected: fact.expected.to_owned(),
        seen,
        curl: exchange.map_or_else(String::new, |it| it.request.curl(&client.url.text())),
    }
}

async fn ask(question: &Question, facts: &Facts, client: &Client) -> Verdict {
    let mut verdict = Verdict {
        id: question.id.to_owned(),
        section: question.section.to_owned(),
        level: question.level,
        outcome: Outcome::CannotTell,
        title: question.title.to_owned(),
        expected: String::new(),
        seen: String::new(),
        curl: String::new(),
    };
    let prepared = match prepare(question, facts) {
        Ok(prepared) => prepared,
        Err(why) => {
            verdict.seen = why.to_owned();
            return verdict;
        }
    };
    let allowed = prepared.allowed(question);
    verdict.expected = prepared.expected_text(&allowed);
    match client.send(prepared.request.clone()).await {
        Err(failure) => {
            verdict.seen = failure;
            verdict.curl = prepared.request.curl(&client.url.text());
        }
        Ok(exchange) => {
            verdict.curl = exchange.request.curl(&client.url.text());
            let response = &exchange.response;
            verdict.seen = response.status.to_string();
            verdict.outcome = if !allowed.contains(&response.status) {
                match question.fields_only {
                    true => Outcome::CannotTell,
                    false => Verdict::departure(question.level),
                }
            } else {
                match question.check.map(|check| check(facts, response)) {
                    Some(Err(seen)) => {
                        verdict.seen = format!("{}, {seen}", response.status);
                        Verdict::departure(question.level)
                    }
                    _ => Outcome::Pass,
                }
            };
        }
    }
    verdict
}

struct Prepared {
    request: Request,
    expected: Expected,
    /// The status without preconditions.
    plain: u16,
}

impl Prepared {
    fn allowed(&self, question: &Question) -> Vec<u16> {
        let status = match self.expected {
            Expected::Performed => self.plain,
            Expected::Part => 206,
            Expected::NotModified => 304,
            Expected::Failed => 412,
        };
        [&[status], question.also].concat()
    }

    fn expected_text(&self, allowed: &[u16]) -> String {
        let mut statuses: Vec<String> = allowed.iter().map(u16::to_string).collect();
        statuses.dedup();
        statuses.join(" or ")
    }
}

fn prepare(question: &Question, facts: &Facts) -> Result<Prepared, Cannot> {
    let validators = validators(question, facts)?;
    for need in question.needs {
        check_need(*need, validators, facts)?;
    }
    let plain = status(question, facts)?;
    let mut request = Request::new(question.method);
    request.version = question.version;
    if question.subject == Subject::Missing {
        request.suffix = NO_SUCH;
    }
    for (name, value) in question.fields {
        let value = template::fill(value, validators, facts)?;
        request = request.field(name, value);
    }
    let expected = oracle::expect(
        question.method,
        &request.fields,
        State {
            exists: question.subject != Subject::Missing,
            etag: validators.etag.ok(),
            last_modified: validators.last_modified.ok(),
            ranges: facts.ranged.is_some(),
            now: facts.now,
        },
    );
    match question.subject {
        Subject::Coded => {
            let coded = facts.coded.as_ref();
            request.fields.extend(coded.and_then(accept_encoding));
        }
        Subject::Query => request = request.field("Content-Type", "text/plain").body(QUERY),
        Subject::Plain | Subject::Missing => {}
    }
    Ok(Prepared {
        request,
        expected,
        plain,
    })
}

fn accept_encoding(coded: &Exchange) -> Option<(String, Vec<u8>)> {
    let mut fields = coded.request.fields.iter();
    fields.find(|(name, _)| name == "Accept-Encoding").cloned()
}

/// The validators of what the question is about.
fn validators<'a>(question: &Question, facts: &'a Facts) -> Result<Validators<'a>, Cannot> {
    let of = |response: &'a Response| Validators {
        etag: facts::tag(response),
        last_modified: facts::date(response, facts.now),
        now: facts.now,
    };
    match question.subject {
        Subject::Plain | Subject::Missing => Ok(Validators {
            etag: facts.etag(),
            last_modified: facts.last_modified(),
            now: facts.now,
        }),
        Subject::Coded => {
            let coded = facts.coded.as_ref().ok_or("there is no content coding")?;
            Ok(of(&coded.response))
        }
        Subject::Query => {
            let query = facts.query.as_ref().ok_or("QUERY is not answered")?;
            Ok(of(&query.response))
        }
    }
}

/// The status of the same request without preconditions.
fn status(question: &Question, facts: &Facts) -> Result<u16, Cannot> {
    let of = |exchange: &Option<Exchange>, cannot| {
        let exchange = exchange.as_ref().ok_or(cannot)?;
        Ok(exchange.response.status)
    };
    match (question.subject, question.method, question.version) {
        (Subject::Query, ..) => of(&facts.query, "QUERY is not answered"),
        (Subject::Coded, ..) => of(&facts.coded, "there is no content coding"),
        (Subject::Missing, ..) => match of(&facts.missing, "a path beside it is not answered")? {
            status @ (404 | 410) => Ok(status),
            _ => Err("a path beside it is not answered 404"),
        },
        (_, "OPTIONS", _) => of(&facts.options, "OPTIONS is not answered"),
        (_, _, Version::Http2) => of(&facts.http2, "HTTP/2 is not spoken"),
        (_, "HEAD", _) => of(&facts.head, "HEAD is not answered"),
        _ => Ok(facts.plain.response.status),
    }
}

fn check_need(need: Need, of: Validators<'_>, facts: &Facts) -> Result<(), Cannot> {
    match need {
        Need::Tag => of.etag.map(drop),
        Need::Strong => match is_weak(of.etag?) {
            true => Err("the entity tag is weak"),
            false => Ok(()),
        },
        Need::Date => of.last_modified.map(drop),
        Need::OldDate => {
            let modified = crate::dates::read(of.last_modified?, of.now);
            match modified.is_some_and(|modified| modified + 1 < of.now) {
                true => Ok(()),
                false => Err("the last modification is too recent"),
            }
        }
        Need::Since => match facts.since {
            Some(_) => Ok(()),
            None => Err("If-Modified-Since is not evaluated"),
        },
        Need::Ranges => match facts.ranged {
            Some(_) => Ok(()),
            None => Err("Range is not answered by 206"),
        },
        Need::NoSuffix => {
            let coded = facts
                .coded
                .as_ref()
                .and_then(|it| it.response.field("etag"));
            let inner = opaque(of.etag?);
            let stem = &inner[..inner.len() - 1];
            match coded.is_some_and(|tag| {
                tag != of.etag.unwrap_or_default() && opaque(tag).starts_with(stem)
            }) {
                true => Err("the coded representation has such a tag"),
                false => Ok(()),
            }
        }
    }
}
