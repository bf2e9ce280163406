//! How each server is started: files, compression, and WebDAV where it has it; nothing else.

use std::{path::Path, process::Command, time::Duration};

use example_judge::{
    budget::Budget,
    client::{Client, Url},
    message::Request,
};
use example_support::daemon::{Daemon, free_port};

use super::files;

pub(super) fn nginx() -> Daemon {
    let (port, folder) = (free_port(), files());
    let root = folder.path("");
    let configuration = format!(
        "daemon off; master_process off; pid {root}/pid; error_log stderr; events {{}}
        http {{
            access_log off; types {{ text/plain txt; }}
            gzip on; gzip_vary on;  gzip_types text/plain; gzip_min_length 100;
            client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
            uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
            server {{
                listen 127.0.0.1:{port}; root {root};
                location /dav/ {{ dav_methods PUT DELETE; gzip off; }}
            }}
        }}\n"
    );
    let arguments = ["-e", "stderr", "-p", &root, "-c"];
    Daemon::configured("nginx", &arguments, port, folder, &configuration)
}

pub(super) fn apache() -> Daemon {
    let (port, folder) = (free_port(), files());
    let root = folder.path("");
    let modules = [
        "mpm_event",
        "env",
        "authz_core",
        "mime",
        "filter",
        "deflate",
        "dav",
        "dav_fs",
        "http2",
    ];
    let mut configuration = String::new();
    for module in modules {
        let file = format!("/usr/lib/apache2/modules/mod_{module}.so");
        assert!(Path::new(&file).exists(), "{file} is not there");
        configuration += &format!("LoadModule {module}_module {file}\n");
    }
    configuration += &format!(
        "ServerRoot {root}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {root}/pid\n\
         ErrorLog {root}/error.log\nDocumentRoot {root}\nTypesConfig /dev/null\nAddType text/plain txt\n\
         Protocols h2c http/1.1\nDavLockDB {root}/dav-locks\nUser www-data\nGroup www-data\n\
         <Directory {root}>\nRequire all granted\nAddOutputFilterByType DEFLATE text/plain\n</Directory>\n\
         <Location /dav>\nDav On\nSetEnv no-gzip 1\n</Location>\n"
    );
    let arguments = ["-DFOREGROUND", "-f"];
    Daemon::configured("apache2", &arguments, port, folder, &configuration)
}

pub(super) fn lighttpd() -> Daemon {
    let (port, folder) = (free_port(), files());
    let root = folder.path("");
    let configuration = format!(
        "server.document-root = \"{root}\"\nserver.port = {port}\nserver.bind = \"127.0.0.1\"\n\
         server.modules = ( \"mod_deflate\" )\nmimetype.assign = ( \".txt\" => \"text/plain\" )\n\
         deflate.mimetypes = ( \"text/plain\" )\ndeflate.allowed-encodings = ( \"gzip\" )\n"
    );
    Daemon::configured("lighttpd", &["-D", "-f"], port, folder, &configuration)
}

pub(super) fn caddy() -> Daemon {
    let (port, folder) = (free_port(), files());
    let root = folder.path("");
    let configuration = format!(
        "{{\n\tadmin off\n\tauto_https off\n\tservers {{\n\t\tprotocols h1 h2c\n\t}}\n}}\n\
         http://127.0.0.1:{port} {{\n\tbind 127.0.0.1\n\troot * {root}\n\tencode gzip\n\tfile_server\n}}\n"
    );
    let arguments = ["run", "--adapter", "caddyfile", "--config"];
    Daemon::configured("caddy", &arguments, port, folder, &configuration)
}

pub(super) fn python() -> Daemon {
    let (port, folder) = (free_port(), files());
    let mut command = Command::new("python3");
    command.args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"]);
    command.arg(&folder.0).arg(port.to_string());
    Daemon::start(command, port, folder)
}

/// A program of `servers`.
pub(super) fn port_and_folder(program: &str) -> Daemon {
    let (port, folder) = (free_port(), files());
    let mut command = Command::new(program);
    command.arg(port.to_string()).arg(&folder.0);
    Daemon::start(command, port, folder)
}

/// Without any credentials, an object can be written and not read. moto does not check them.
pub(super) fn credentials() -> (String, Vec<u8>) {
    let value = "AWS4-HMAC-SHA256 Credential=judge/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, \
                 Signature=0";
    ("Authorization".to_owned(), value.into())
}

/// Creates what is judged.
pub(super) async fn put(url: &str, body: &str) {
    let client = Client {
        url: Url::parse(url).unwrap(),
        common: vec![credentials()],
        budget: Budget::new(1, 1 << 20, Duration::from_secs(20)).into(),
    };
    let request = Request::new("PUT").body(body.to_owned());
    let response = client.send(request).await.unwrap().response;
    assert!(response.is_success(), "{url}: {}", response.status);
}
