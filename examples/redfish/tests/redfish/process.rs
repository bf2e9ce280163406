//! The service as a process: stopping it, starting it again, and TLS with a certificate of one's own.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

use example_redfish::client::Redfish;
use example_support::process::Process;
use serde_json::{Value, json};
use tokio::net::TcpStream;

const REDFISH: &str = env!("CARGO_BIN_EXE_redfish");

fn file(name: &str) -> String {
    format!(
        "{}/tests/redfish/certificates/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// A service with TLS, and its address.
struct Secure(Child, String);

impl Secure {
    fn start(name: &str) -> Self {
        let mut child = Command::new(REDFISH)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--login", "admin:password", "--require-if-match"])
            .args(["--tls-cert", &file(&format!("{name}.pem"))])
            .args(["--tls-key", &file(&format!("{name}.key"))])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on https://");
        let address = address.unwrap_or_else(|| panic!("the first line is {line:?}"));
        Self(child, address.to_owned())
    }

    fn url(&self) -> String {
        format!("https://admin:password@{}", self.1)
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn redfish(words: &[&str]) -> Output {
    Command::new(REDFISH).args(words).output().unwrap()
}

fn kill(signal: &str, child: &Child) {
    let kill = Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[tokio::test]
async fn it_serves_until_it_is_asked_to_stop() {
    for signal in ["TERM", "INT"] {
        let process = Process::start(REDFISH, &[]);
        // An idle connection does not keep it.
        let _idle = TcpStream::connect(process.address).await.unwrap();
        let (status, _) = process.stop(signal);
        assert!(status.success(), "{signal}: {status}");

        let mut secure = Secure::start("bmc");
        let _idle = TcpStream::connect(&secure.1).await.unwrap();
        let client = Redfish::with_cacert(&secure.url(), &file("ca.pem")).unwrap();
        client.connect().await.unwrap();
        kill(signal, &secure.0);
        assert!(secure.0.wait().unwrap().success(), "{signal}");
    }
}

/// The resources are the same as before, and their versions too. A tag of before is not true again.
#[tokio::test]
async fn a_restart_makes_no_old_tag_true_again() {
    let system = |process: &Process| {
        let url = format!("http://{}", process.address);
        Redfish::new(&url).unwrap().at("Systems/1")
    };
    let before = Process::start(REDFISH, &[]);
    let mut old = system(&before);
    let tag = old.tag().await.unwrap().unwrap();
    before.stop("TERM");

    let after = Process::start(REDFISH, &[]);
    let mut new = system(&after);
    assert_eq!(new.get("AssetTag").await.unwrap(), "MyServer");
    assert_ne!(new.tag().await.unwrap().unwrap(), tag);
    let late = system(&after).with_etag(&tag).unwrap();
    let failure = { late }.set("AssetTag", "late").await.unwrap_err();
    assert!(failure.is_refused(), "{failure}");
    let unchanged = new.json().await.unwrap().clone();
    new.refresh().await.unwrap();
    assert_eq!(new.json().await.unwrap(), &unchanged);
}

#[tokio::test]
async fn https_with_a_certificate_of_ones_own() {
    // One from an authority of one's own, and one that is its own authority.
    for (name, authority) in [("bmc", "ca.pem"), ("own", "own.pem")] {
        let secure = Secure::start(name);
        let client = Redfish::with_cacert(&secure.url(), &file(authority)).unwrap();
        client.connect().await.unwrap();
        let mut system = client.find("system").await.unwrap();
        system.set("PowerState", "Off").await.unwrap();
        assert_eq!(system.get("PowerState").await.unwrap(), "Off");
        client.logout().await.unwrap();
    }
}

/// Neither the credentials nor a write are sent to somebody who is not known.
#[tokio::test]
async fn a_certificate_of_somebody_else_is_refused() {
    let secure = Secure::start("bmc");
    let address = &secure.1;
    let port = address.rsplit_once(':').unwrap().1;
    let changes = json!({ "AssetTag": "lost" });
    for (host, cacert) in [
        ("127.0.0.1", Some("other-ca.pem")),
        ("127.0.0.1", None),
        // Another name than in the certificate.
        ("127.0.0.2", Some("ca.pem")),
    ] {
        let url = format!("https://admin:password@{host}:{port}");
        let client = match cacert {
            Some(name) => Redfish::with_cacert(&url, &file(name)).unwrap(),
            None => Redfish::new(&url).unwrap(),
        };
        assert!(client.connect().await.is_err(), "{url} {cacert:?}");
        let failure = client.patch("Systems/1", &changes, Some("*")).await;
        assert!(!failure.unwrap_err().is_refused());
    }
    let client = Redfish::with_cacert(&secure.url(), &file("ca.pem")).unwrap();
    let mut system = client.find("system").await.unwrap();
    assert_eq!(system.get("AssetTag").await.unwrap(), "MyServer");
}

#[test]
fn files_that_are_no_certificates_are_named() {
    let (bmc, key, none) = (file("bmc.pem"), file("bmc.key"), file("missing.pem"));
    let other = file("own.key");
    for (certificate, secret, named) in [
        (&none, &key, &none),
        (&key, &key, &key),
        (&bmc, &none, &none),
        (&bmc, &bmc, &bmc),
        (&bmc, &other, &other),
    ] {
        let words = ["serve", "--tls-cert", certificate, "--tls-key", secret];
        let output = redfish(&words);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(named.as_str()), "{text}");
    }
    for cacert in [&none, &key] {
        let failure = Redfish::with_cacert("https://127.0.0.1", cacert).unwrap_err();
        assert!(failure.to_string().contains(cacert.as_str()), "{failure}");
    }
    for url in ["ftp://127.0.0.1", "127.0.0.1:3000", "file:///etc", ""] {
        assert!(Redfish::new(url).is_err(), "{url}");
    }
}

/// A tag that one process has seen guards the write of another one.
#[test]
fn a_tag_that_get_has_shown_guards_a_later_set() {
    let secure = Secure::start("bmc");
    let (url, cacert) = (secure.url(), file("ca.pem"));
    let run = |words: &[&str]| {
        let (verb, rest) = words.split_first().unwrap();
        let words = [&[*verb, &url], rest, &["--cacert", &cacert]].concat();
        redfish(&words)
    };
    let get = || -> Value { serde_json::from_slice(&run(&["get", "system"]).stdout).unwrap() };
    let tag = get()["@odata.etag"].as_str().unwrap().to_owned();

    let set = run(&["set", "system.PowerState=Off", "--etag", &tag]);
    assert!(set.status.success(), "{set:?}");
    let now = get();
    assert_eq!(now["PowerState"], "Off");
    let words: [&[&str]; 4] = [
        &["set", "system.PowerState=On"],
        &["set", "Systems/1", "AssetTag", "lost"],
        &["patch", "Systems[0]", "{\"AssetTag\": \"lost\"}"],
        &["patch", "/redfish/v1/Systems/1", "{\"AssetTag\": \"lost\"}"],
    ];
    for words in words {
        let late = run(&[words, &["--etag", &tag]].concat());
        assert_eq!(late.status.code(), Some(2), "{words:?}");
        let text = String::from_utf8_lossy(&late.stderr);
        assert!(text.contains("412") && text.contains(&tag), "{text}");
        assert_eq!(get(), now, "{words:?}");
    }
    let empty = run(&["set", "system.PowerState=On", "--etag", ""]);
    assert_eq!(empty.status.code(), Some(1));
    assert_eq!(get(), now);
    let tag = now["@odata.etag"].as_str().unwrap();
    let set = run(&["set", "Systems/1.PowerState=On", "--etag", tag]);
    assert!(set.status.success(), "{set:?}");
    assert_eq!(get()["PowerState"], "On");
}
