//! HTTP/1.1 by hand, so that each field line is on the wire as the case has it.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{case::Case, drive::Answer};

pub(crate) async fn send(server: SocketAddr, case: &Case) -> Result<Answer, String> {
    let mut stream = TcpStream::connect(server).await.expect("a connection");
    stream.write_all(&request(case)).await.expect("sent");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.expect("received");
    parse(&response).ok_or_else(|| format!("not HTTP/1.1: {}", response.escape_ascii()))
}

fn request(case: &Case) -> Vec<u8> {
    let (method, path, body) = (&case.method, case.path(), case.body());
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: test.example\r\n").into_bytes();
    for (name, value) in case.lines() {
        request.extend([name.as_bytes(), b": ", &value, b"\r\n"].concat());
    }
    if !body.is_empty() {
        request.extend(format!("content-length: {}\r\n", body.len()).bytes());
    }
    request.extend(format!("connection: close\r\n\r\n{body}").bytes());
    request
}

fn parse(response: &[u8]) -> Option<Answer> {
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head: String = response[..end].iter().copied().map(char::from).collect();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let lines = lines.map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.trim_matches([' ', '\t']).chars();
        Some((name.to_lowercase(), value.map(|c| c as u8).collect()))
    });
    Some(Answer {
        status: status.parse().ok()?,
        lines: lines.collect::<Option<_>>()?,
        body: response[end + 4..].to_vec(),
    })
}
