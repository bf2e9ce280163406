//! HTTP clients of other languages, as processes: they need `java`, `go` and `node`. The gate runs them.
//!
//! Each makes a stale upload and then a read, 20 times for each size. Without the layer all of them lose
//! some answers: the JDK in 10 of 80 uploads, Go and Node in 2 or 3 of 8.

use std::{fs, process::Command};

use crate::{clients::output, wire::start};

const SIZES: [&str; 4] = ["20480", "1000000", "8388608", "50000000"];

const JAVA: &str = r#"
import java.net.URI;
import java.net.http.*;

public class Stale {
    public static void main(String[] given) throws Exception {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var uri = URI.create(given[0]);
        for (int at = 1; at < given.length; at++) {
            for (int round = 0; round < 20; round++) {
                var body = HttpRequest.BodyPublishers.ofByteArray(new byte[Integer.parseInt(given[at])]);
                var put = HttpRequest.newBuilder(uri).header("If-Match", "\"0\"").PUT(body).build();
                var refused = client.send(put, HttpResponse.BodyHandlers.ofString());
                if (refused.statusCode() != 412) throw new Exception(refused.toString());
                var read = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                if (!read.body().equals("content")) throw new Exception(read.toString());
            }
            System.out.println("JDK, " + given[at] + " bytes: 20 of 20");
        }
    }
}
"#;

const GO: &str = r#"
package main

import ("bytes"; "fmt"; "io"; "net/http"; "os"; "strconv")

func send(method string, tag string, body []byte) (int, string) {
	request, err := http.NewRequest(method, os.Args[1], bytes.NewReader(body))
	if err != nil { panic(err) }
	if tag != "" { request.Header.Set("If-Match", tag) }
	response, err := http.DefaultClient.Do(request)
	if err != nil { panic(err) }
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil { panic(err) }
	return response.StatusCode, string(content)
}

func main() {
	for _, size := range os.Args[2:] {
		count, _ := strconv.Atoi(size)
		for round := 0; round < 20; round++ {
			if status, _ := send("PUT", "\"0\"", make([]byte, count)); status != 412 { panic(status) }
			if _, content := send("GET", "", nil); content != "content" { panic(content) }
		}
		fmt.Printf("Go, %s bytes: 20 of 20\n", size)
	}
}
"#;

const NODE: &str = r#"
const [url, ...sizes] = process.argv.slice(1);
for (const size of sizes) {
    for (let round = 0; round < 20; round += 1) {
        const body = new Uint8Array(Number(size));
        const refused = await fetch(url, { method: "PUT", headers: { "If-Match": '"0"' }, body });
        await refused.text();
        if (refused.status !== 412) throw new Error(refused.status);
        if (await (await fetch(url)).text() !== "content") throw new Error("not read");
    }
    console.log(`Node, ${size} bytes: 20 of 20`);
}
"#;

/// Runs the program, which may be in a file of this name, with the URL and the sizes.
async fn every_upload_is_answered(file: Option<(&str, &str)>, program: &str, arguments: &[&str]) {
    let address = start().await;
    let folder = std::env::temp_dir().join(format!("{program}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).env("GO111MODULE", "off");
    if let Some((name, content)) = file {
        let file = folder.join(name);
        fs::write(&file, content).unwrap();
        command.arg(file);
    }
    command.arg(format!("http://{address}/")).args(SIZES);
    let printed = output(&mut command).await;
    fs::remove_dir_all(&folder).unwrap();
    print!("{printed}");
    assert_eq!(printed.matches("20 of 20").count(), SIZES.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs java"]
async fn http_client_of_the_jdk_gets_its_412() {
    every_upload_is_answered(Some(("Stale.java", JAVA)), "java", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs go"]
async fn net_http_of_go_gets_its_412() {
    every_upload_is_answered(Some(("stale.go", GO)), "go", &["run"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs node"]
async fn fetch_of_node_gets_its_412() {
    let arguments = ["--input-type=module", "--eval", NODE];
    every_upload_is_answered(None, "node", &arguments).await;
}
