//! `cargo run -p example-files -- DIRECTORY [--by-time] [--listen ADDR]`

use std::{error::Error, path::Path};

use example_files::{Tags, files};
use example_support::{listen, serve, serve::PATIENCE};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let by_time = arguments.iter().position(|it| it == "--by-time");
    let tags = by_time.map_or(Tags::ByContent, |at| {
        (arguments.remove(at), Tags::ByTimeAndSize).1
    });
    let listen_at = arguments
        .iter()
        .position(|it| it == "--listen")
        .unwrap_or(arguments.len());
    let options: Vec<String> = arguments.drain(listen_at..).take(2).collect();
    let [directory] = arguments.as_slice() else {
        return Err("usage: files DIRECTORY [--by-time] [--listen ADDR:PORT]".into());
    };
    let app = files(Path::new(directory), tags, PATIENCE)?;
    serve(&listen::address(options.into_iter())?, app).await
}
