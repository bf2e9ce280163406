//! `cargo run -p example-restheart -- --listen 127.0.0.1:3000 --config FILE`
//!
//! See `README.md`.

use std::{env, error::Error, fs};

use example_restheart::EtagCheckPolicy;
use example_support::{listen, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let file = option(&mut arguments, "--config")?;
    let address = listen::address(arguments.into_iter())
        .map_err(|usage| format!("{usage} [--config FILE]"))?;
    serve(&address, example_restheart::app(policy(file)?)).await
}

/// Removes an option and its value from the arguments, and returns the value.
fn option(arguments: &mut Vec<String>, name: &str) -> Result<Option<String>, String> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else {
        return Ok(None);
    };
    arguments.remove(at);
    if at == arguments.len() {
        return Err(format!("{name} needs a value"));
    }
    Ok(Some(arguments.remove(at)))
}

/// Returns the policy of the file or of the environment, or else the default.
fn policy(file: Option<String>) -> Result<EtagCheckPolicy, Box<dyn Error>> {
    let variable = match env::var("ETAG_CHECK_POLICY") {
        Ok(text) => Some(text),
        Err(env::VarError::NotPresent) => None,
        Err(error) => return Err(error.into()),
    };
    match (file, variable) {
        (Some(_), Some(_)) => Err("--config and ETAG_CHECK_POLICY: which?".into()),
        (Some(path), None) => {
            let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
            let policy = EtagCheckPolicy::from_file(&text);
            Ok(policy.map_err(|error| format!("{path}: {error}"))?)
        }
        (None, Some(text)) => Ok(text.parse()?),
        (None, None) => Ok(EtagCheckPolicy::default()),
    }
}
