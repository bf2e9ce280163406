//! One judgement: what was asked for, the client, and the verdicts so far.

use std::{sync::Arc, time::Duration};

use crate::{
    budget::Budget,
    client::{Client, Failure, Url},
    facts::{Facts, system_now},
    race, reading,
    verdict::{Report, Verdict},
    write,
};

/// Where the content of a write comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// A line of text that says which write it is.
    #[default]
    Text,
    /// This, with `{unique}` replaced by a text that no other write has.
    Template(String),
    /// The JSON that was read, with a unique text at this pointer (RFC 6901).
    Json(String),
}

#[derive(Clone, Debug)]
pub struct Options {
    pub url: String,
    pub write: bool,
    pub content: Content,
    /// Fields of every request.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The method that writes; `None` tries PUT, then PATCH.
    pub method: Option<String>,
    /// How many clients race; 0 for none.
    pub writers: usize,
    /// How long they race.
    pub seconds: u64,
    /// A section, such as 13.1: others are not judged.
    pub only: Option<String>,
    pub most_requests: u64,
    pub most_bytes: u64,
    /// The judge ends within this time.
    pub time: Duration,
}

impl Options {
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            write: false,
            content: Content::Text,
            fields: Vec::new(),
            method: None,
            writers: 0,
            seconds: 3,
            only: None,
            most_requests: 10_000,
            most_bytes: 64 << 20,
            time: Duration::from_secs(120),
        }
    }
}

pub(crate) struct Run<'a> {
    pub(crate) options: &'a Options,
    pub(crate) client: Client,
    pub(crate) verdicts: Vec<Verdict>,
    progress: &'a (dyn Fn(&Verdict) + Sync),
}

impl Run<'_> {
    /// Whether questions of this section are to be asked.
    pub(crate) fn wants(&self, section: &str) -> bool {
        self.options.only.as_deref().is_none_or(|only| {
            let rest = section.strip_prefix(only);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                || section.strip_prefix("RFC ") == Some(only)
        })
    }

    pub(crate) fn say(&mut self, verdict: Verdict) {
        (self.progress)(&verdict);
        self.verdicts.push(verdict);
    }
}

/// Judges one URL.
///
/// # Errors
///
/// If nothing can be judged: the URL is wrong, nobody answers, or GET is not answered 2xx.
pub async fn judge(
    options: &Options,
    progress: &(dyn Fn(&Verdict) + Sync),
) -> Result<Report, Failure> {
    let writes = options.write || options.writers > 0;
    let mut budget = Budget::new(options.most_requests, options.most_bytes, options.time);
    if writes {
        budget = budget.hold_back();
    }
    let mut client = Client {
        url: Url::parse(&options.url)?,
        common: options.fields.clone(),
        budget: Arc::new(budget),
    };
    let facts = Facts::learn(&mut client).await?;
    let mut learned = facts.learned();
    let mut run = Run {
        options,
        client,
        verdicts: Vec::new(),
        progress,
    };
    reading::read(&mut run, &facts).await;
    let mut history = Vec::new();
    if writes {
        let writer = write::find(&run, &facts).await;
        if let Ok(writer) = &writer {
            learned.write_method = Some(writer.method.clone());
            learned.required = writer.required;
        }
        if options.write {
            write::judge(&mut run, &writer).await;
        }
        if options.writers > 0 {
            history = race::judge(&mut run, &writer).await;
        }
        if let Ok(writer) = &writer {
            run.client.budget.release();
            writer.restore(&run.client).await;
        }
    }
    // A section that no question is about, for example: its report would have no fail.
    if run.verdicts.is_empty() {
        let only = options.only.as_deref().unwrap_or_default();
        return Err(format!("no question is about section {only}"));
    }
    Ok(Report {
        judge: env!("CARGO_PKG_VERSION").to_owned(),
        url: run.client.url.text(),
        date: system_now(),
        learned,
        verdicts: run.verdicts,
        history,
        requests: run.client.budget.sent(),
        bytes: run.client.budget.bytes(),
    })
}
