//! Which files a path can name.

use std::fs;

use crate::Service;

/// Names that lead out of the directory, or to what is no file of the service.
const REFUSED: [&str; 16] = [
    "/../secret",
    "/%2e%2e/secret",
    "/..%2Fsecret",
    "/a/../../secret",
    "/inside/%2e%2e/%2e%2e/secret",
    "/inside/../inside/a",
    "//secret/../../secret",
    "/.hidden",
    "/inside/.hidden",
    "/inside",
    "/",
    "/inside/",
    "/file/",
    "/nowhere/file",
    "/a%00b",
    "/..%5Csecret",
];

#[tokio::test]
async fn nothing_outside_of_the_directory_is_read_or_written() {
    let outer = tempfile::tempdir().unwrap();
    fs::write(outer.path().join("secret"), "secret").unwrap();
    let root = outer.path().join("root");
    fs::create_dir_all(root.join("inside")).unwrap();
    for name in ["file", ".hidden", "inside/.hidden"] {
        fs::write(root.join(name), "kept").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(outer.path(), root.join("out")).unwrap();
    let app = example_files::files(&root, std::time::Duration::from_secs(10)).unwrap();
    let server = example_support::scenario::Server::start(app).await;
    for path in REFUSED.into_iter().chain(["/out/secret", "/out/new"]) {
        server.send("GET", path, &[]).await.expect(404);
        server.send("HEAD", path, &[]).await;
        for fields in [&[][..], &[("If-None-Match", "*")]] {
            server
                .send_content("PUT", path, fields, "written")
                .await
                .expect(409);
        }
        server
            .send_content("PUT", path, &[("If-Match", "*")], "written")
            .await
            .expect(412);
        server.send("DELETE", path, &[]).await.expect(404);
    }
    assert_eq!(
        fs::read_to_string(outer.path().join("secret")).unwrap(),
        "secret"
    );
    for name in ["file", ".hidden", "inside/.hidden"] {
        assert_eq!(fs::read_to_string(root.join(name)).unwrap(), "kept");
    }
    let names = |path: &std::path::Path| fs::read_dir(path).unwrap().count();
    assert_eq!((names(outer.path()), names(&root.join("inside"))), (2, 1));
}

/// One file, one lock, one tag, whatever the client calls it.
#[tokio::test]
async fn a_file_has_several_names() {
    let service = Service::start().await;
    let server = &service.server;
    fs::create_dir(service.path().join("d")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("d", service.path().join("link")).unwrap();
    let mut tag = server
        .send_content("PUT", "/d/a%20b", &[], "one")
        .await
        .expect(201);
    let mut names = vec!["/d/a%20b", "/%64/a%20b", "/d%2Fa%20b", "//d//a%20b"];
    if cfg!(unix) {
        names.push("/link/a%20b");
    }
    for name in names {
        let read = server.send("GET", name, &[]).await.expect(200);
        assert_eq!(read.etag(), tag.etag(), "{name}");
        server
            .send_content("PUT", name, &[], "two")
            .await
            .expect(428);
        let guard = [("If-Match", tag.etag())];
        let slow = server.begin("PUT", "/d/a%20b", &guard, "slow").await;
        let mut other = Box::pin(server.send_content("PUT", name, &guard, "two"));
        let soon = std::time::Duration::from_millis(20);
        assert!(
            tokio::time::timeout(soon, &mut other).await.is_err(),
            "{name} waits"
        );
        drop(slow);
        other.await.expect(204);
        tag = server.send("GET", name, &[]).await.expect(200);
    }
}
