//! Servers that others have made. What they do is in `README.md`; here the judge has to come to an end,
//! and to find out something.
//!
//! If `JUDGE_REPORTS` names a folder, the reports are kept there, for `judge table`.

mod configurations;
mod serve_dir;

use std::{env, fs, path::Path, process::Command};

use example_judge::{
    Options,
    report::json,
    verdict::{Outcome, Report},
};
use example_support::daemon::Folder;

use crate::support::{judged, writing};

/// The file that is judged. Its path is `/doc.txt`.
const DOC: &str = "doc.txt";

fn racing(url: &str) -> Options {
    Options {
        writers: 4,
        seconds: 2,
        ..writing(url)
    }
}

/// Judges, keeps the report, and checks that there is something in it.
async fn report(name: &str, options: &Options) -> Report {
    let report = judged(options).await;
    println!("{name}:\n{}", example_judge::report::text(&report, false));
    if let Ok(folder) = env::var("JUDGE_REPORTS") {
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            Path::new(&folder).join(format!("{name}.json")),
            json(&report),
        )
        .unwrap();
    }
    assert!(report.count(Outcome::Pass) > 20, "{name} shows too little");
    if options.write {
        assert!(
            report.learned.write_method.is_some(),
            "{name} was not written"
        );
    }
    report
}

/// The first version number that a command prints.
fn version(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    let is_version =
        |word: &&str| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words.find(is_version).unwrap_or("unknown").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs nginx"]
async fn nginx() {
    let server = configurations::nginx();
    let name = format!("nginx {}", version("nginx", "-v"));
    report(&name, &Options::new(&server.url(DOC))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs nginx"]
async fn nginx_dav() {
    let server = configurations::nginx();
    let name = format!("nginx {} dav", version("nginx", "-v"));
    report(&name, &racing(&server.url(&format!("dav/{DOC}")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Apache httpd"]
async fn apache() {
    let server = configurations::apache();
    let name = format!("Apache httpd {}", version("apache2", "-v"));
    report(&name, &Options::new(&server.url(DOC))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Apache httpd"]
async fn apache_dav() {
    let server = configurations::apache();
    let name = format!("Apache httpd {} mod_dav", version("apache2", "-v"));
    report(&name, &racing(&server.url(&format!("dav/{DOC}")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs lighttpd"]
async fn lighttpd() {
    let server = configurations::lighttpd();
    let name = format!("lighttpd {}", version("lighttpd", "-v"));
    report(&name, &Options::new(&server.url(DOC))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Caddy"]
async fn caddy() {
    let server = configurations::caddy();
    let name = format!("Caddy {}", version("caddy", "version"));
    report(&name, &Options::new(&server.url(DOC))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Python"]
async fn python() {
    let server = configurations::python();
    let name = format!("Python http.server {}", version("python3", "--version"));
    report(&name, &Options::new(&server.url(DOC))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs actix-files"]
async fn actix_files() {
    let program = env::var("JUDGE_TEST_ACTIX").expect("JUDGE_TEST_ACTIX is servers/actix-files");
    let version = env::var("JUDGE_TEST_ACTIX_VERSION").unwrap_or_default();
    let server = configurations::port_and_folder(&program);
    report(
        &format!("actix-files {version}"),
        &Options::new(&server.url(DOC)),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Go"]
async fn go() {
    let program = env::var("JUDGE_TEST_GO").expect("JUDGE_TEST_GO is servers/go");
    let version = env::var("JUDGE_TEST_GO_VERSION").unwrap_or_default();
    let server = configurations::port_and_folder(&program);
    report(
        &format!("Go FileServer {version}"),
        &Options::new(&server.url(DOC)),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs an S3 server"]
async fn s3() {
    let endpoint = env::var("JUDGE_TEST_S3").expect("JUDGE_TEST_S3 is the URL of an S3 server");
    let name = env::var("JUDGE_TEST_S3_NAME").unwrap_or_else(|_| "S3".to_owned());
    let bucket = format!("{endpoint}/judge-{}", std::process::id());
    for (url, body) in [(&bucket, ""), (&format!("{bucket}/{DOC}"), "first\n")] {
        configurations::put(url, body).await;
    }
    let mut options = racing(&format!("{bucket}/{DOC}"));
    options.fields = vec![configurations::credentials()];
    report(&name, &options).await;
}

/// A folder with the file in it, and once more below `dav/`.
fn files() -> Folder {
    let folder = Folder::new();
    folder.file(
        DOC,
        &"All work and no play makes a dull server.\n".repeat(60),
    );
    folder.file(&format!("dav/{DOC}"), "first\n");
    folder
}
