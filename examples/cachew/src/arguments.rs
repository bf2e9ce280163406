use url::Url;

const USAGE: &str =
    "usage: [--listen ADDR:PORT] [--store memory:|file:///DIRECTORY|s3://BUCKET/PREFIX]";

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) listen: String,
    pub(crate) store: Url,
}

impl Arguments {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut listen = String::from("127.0.0.1:3000");
        let mut store = String::from("memory:///");
        while let Some(name) = arguments.next() {
            let place = match name.as_str() {
                "--listen" => &mut listen,
                "--store" => &mut store,
                _ => return Err(USAGE.to_owned()),
            };
            *place = arguments.next().ok_or(USAGE)?;
        }
        let store = store.parse().map_err(|error| format!("{store}: {error}"))?;
        Ok(Self { listen, store })
    }
}
