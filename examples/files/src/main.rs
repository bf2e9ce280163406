//! `cargo run -p example-files -- --directory DIR [--listen ADDR]`

use std::{env::args, error::Error, path::Path};

use example_files::files;
use example_support::{listen, serve, serve::PATIENCE};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = args().skip(1).collect();
    let at = arguments.iter().position(|it| it == "--directory");
    let at = at.filter(|at| at + 1 < arguments.len());
    let at = at.ok_or("usage: files --directory DIR [--listen ADDR:PORT]")?;
    let directory = arguments.drain(at..at + 2).nth(1).unwrap_or_default();
    let address = listen::address(arguments.into_iter())?;
    serve(&address, files(Path::new(&directory), PATIENCE)?).await
}
