//! The command line.

use std::{fs, path::PathBuf, time::Duration};

use example_judge::{Content, Options, verdict::Report};

pub(crate) const USAGE: &str = "\
usage: judge URL [OPTION]...
       judge table REPORT.json...

Without --write and --writers only safe methods are sent, and nothing is changed.

  --write                the resource may be overwritten and deleted: judge its writes
  --body FILE            what to write; {unique} in it becomes a text that no other write has
  --json POINTER         write the JSON that was read, with a unique text at this pointer
  --method METHOD        the method that writes; by default PUT, else PATCH
  --header 'NAME: VALUE' a field of every request; can be repeated
  --writers N            N clients race for the resource, which is overwritten
  --seconds S            how long they race (3)
  --only SECTION         judge this section only, for example 13.1
  --format FORMAT        text, json or html
  --all                  show in text what passes, too
  --requests N           send at most N requests (10000)
  --bytes N              send and receive at most N bytes of content (67108864)
  --time S               end within S seconds (120)";

#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    Text,
    Json,
    Html,
}

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) options: Options,
    pub(crate) format: Format,
    pub(crate) all: bool,
}

pub(crate) enum Command {
    Judge(Box<Arguments>),
    /// A table of reports, each named after its file.
    Table(Vec<PathBuf>),
}

impl Command {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let first = words.next().ok_or("no URL")?;
        if first == "table" {
            return Ok(Self::Table(words.map(PathBuf::from).collect()));
        }
        let mut url = None;
        let mut arguments = Arguments {
            options: Options::new(""),
            format: Format::Text,
            all: false,
        };
        let mut words = std::iter::once(first).chain(words);
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                None if url.is_none() => url = Some(word),
                None => return Err(format!("{word}: there is a URL already")),
                Some("write") => arguments.options.write = true,
                Some("all") => arguments.all = true,
                Some(name) => {
                    let value = words.next();
                    let value = value.ok_or_else(|| format!("{word} needs a value"));
                    option(&mut arguments, name, value)?;
                }
            }
        }
        arguments.options.url = url.ok_or("no URL")?;
        Ok(Self::Judge(Box::new(arguments)))
    }
}

fn option(
    arguments: &mut Arguments,
    name: &str,
    value: Result<String, String>,
) -> Result<(), String> {
    let options = &mut arguments.options;
    let number = |text: String| {
        text.parse::<u64>()
            .map_err(|error| format!("--{name} {text}: {error}"))
    };
    match name {
        "body" => {
            let file = value?;
            let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
            options.content = Content::Template(text);
        }
        "json" => options.content = Content::Json(value?),
        "method" => options.method = Some(value?),
        "header" => {
            let field = value?;
            let (name, value) = field.split_once(':').ok_or("--header needs a colon")?;
            let value = value.trim().as_bytes().to_vec();
            options.fields.push((name.trim().to_owned(), value));
        }
        "writers" => options.writers = number(value?)?.min(100) as usize,
        "seconds" => options.seconds = number(value?)?,
        "only" => options.only = Some(value?),
        "requests" => options.most_requests = number(value?)?,
        "bytes" => options.most_bytes = number(value?)?,
        "time" => options.time = Duration::from_secs(number(value?)?),
        "format" => {
            arguments.format = match value?.as_str() {
                "text" => Format::Text,
                "json" => Format::Json,
                "html" => Format::Html,
                other => return Err(format!("--format {other}: text, json or html")),
            }
        }
        _ => return Err(format!("--{name}: no such option")),
    }
    Ok(())
}

/// Reads reports that `--format json` has written.
pub(crate) fn reports(files: &[PathBuf]) -> Result<Vec<(String, Report)>, String> {
    let read = |file: &PathBuf| {
        let shown = file.display();
        let text = fs::read_to_string(file).map_err(|error| format!("{shown}: {error}"))?;
        let report = serde_json::from_str(&text).map_err(|error| format!("{shown}: {error}"))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        Ok((name.into_owned(), report))
    };
    files.iter().map(read).collect()
}
