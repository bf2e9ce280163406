//! The example as a process.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::backend::{Directory, bucket, options, target};

const MIB: usize = 1 << 20;

/// Stopped when it is dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
}

impl Process {
    pub(crate) fn start(store: &str, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cachew"))
            .args(["--listen", "127.0.0.1:0", "--store", store])
            .envs(environment.iter().copied())
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

/// Sends SIGTERM, and waits until the process has ended as it should.
pub(crate) fn terminate(mut process: Process) {
    let id = process.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    assert!(process.child.wait().unwrap().success());
}

fn chunk(n: usize) -> Bytes {
    Bytes::from(vec![n as u8; MIB])
}

/// 100 MiB go in and come out again, and stay within a few parts of 5 MiB.
#[tokio::test]
#[ignore = "needs the example's process, and Linux"]
async fn a_large_object_streams_through_in_bounded_memory() {
    let directory = Directory::new("process");
    streams_through(Process::start(&directory.url(), &[])).await;
}

#[tokio::test]
#[ignore = "needs the example's process, Linux, and an S3 server"]
async fn a_large_object_streams_into_a_bucket_in_bounded_memory() {
    let endpoint = std::env::var("CACHEW_TEST_S3").expect("the URL of an S3 server");
    let bucket = bucket(&endpoint).await;
    let process = Process::start(&format!("s3://{bucket}/"), &options(&endpoint));
    streams_through(process).await;
}

async fn streams_through(process: Process) {
    let client = reqwest::Client::builder().tcp_user_timeout(None);
    let client = client.build().unwrap();
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
    terminate(Process::start("memory:///", &[]));
}

/// The client of an upload may take its time, but the process is to end, and to leave nothing.
#[tokio::test]
#[ignore = "needs the example's process, and a Unix"]
async fn it_aborts_uploads_when_it_is_told_to_stop() {
    let directory = Directory::new("aborted");
    let process = Process::start(&directory.url(), &[]);
    let url = format!("{}{}", process.url, target("aborted"));
    let begun = stream::iter((0..20).map(|n| Ok::<_, std::io::Error>(chunk(n))));
    let never = stream::pending();
    let content = reqwest::Body::wrap_stream(begun.chain(never));
    let answer = tokio::spawn(reqwest::Client::new().post(&url).body(content).send());
    let contents = directory.0.join("content");
    while files(&contents).is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    terminate(process);
    assert_eq!(files(&contents), Vec::<PathBuf>::new());
    let _ = answer.await.unwrap();
}

/// Those in this directory and in the ones below.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}
