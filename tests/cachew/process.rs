//! The example as a process.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::backend::{Directory, target};

const MIB: usize = 1 << 20;

/// Stopped when it is dropped.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    /// `cargo build --example cachew` puts it beside the tests.
    fn start(store: &str) -> Self {
        let tests = std::env::current_exe().unwrap();
        let built = tests.parent().unwrap().parent().unwrap();
        let program: PathBuf = built.join("examples/cachew");
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--store", store])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let url = line.strip_prefix("listening on ").unwrap().trim_end();
        let url = url.to_owned();
        Self { child, url }
    }

    /// The most memory that it ever had, in bytes.
    fn peak(&self) -> usize {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().strip_suffix(" kB").unwrap();
        kib.parse::<usize>().unwrap() * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn chunk(n: usize) -> Bytes {
    Bytes::from(vec![n as u8; MIB])
}

/// 100 MiB go in and come out again, and stay within a few parts of 5 MiB.
#[tokio::test]
#[ignore = "needs the example's process, and Linux"]
async fn a_large_object_streams_through_in_bounded_memory() {
    let directory = Directory::new("process");
    let process = Process::start(&directory.url());
    let client = reqwest::Client::new();
    let url = format!("{}{}", process.url, target("large"));
    let before = process.peak();

    let content = stream::iter((0..100).map(|n| Ok::<_, std::io::Error>(chunk(n))));
    let content = reqwest::Body::wrap_stream(content);
    let created = client.post(&url).body(content).send().await.unwrap();
    assert_eq!(created.status(), 201);
    let expected = (0..100).fold(Sha256::new(), |hasher, n| hasher.chain_update(chunk(n)));
    let digest = expected.finalize();

    let full = client.get(&url).send().await.unwrap();
    assert_eq!(full.content_length(), Some(100 * MIB as u64));
    let mut received = Sha256::new();
    let mut frames = full.bytes_stream();
    while let Some(frame) = frames.next().await {
        received.update(frame.unwrap());
    }
    assert_eq!(received.finalize(), digest);

    let peak = process.peak();
    println!("peak: {} MiB, {} MiB before", peak / MIB, before / MIB);
    assert!(peak - before < 40 * MIB, "{peak} bytes, {before} before");
}

#[tokio::test]
#[ignore = "needs the example's process, and a Unix"]
async fn it_stops_when_it_is_told_to() {
    let mut process = Process::start("memory:///");
    let id = process.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    assert!(process.child.wait().unwrap().success());
}
