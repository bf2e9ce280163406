//! How each proxy is started: it passes everything on to the service, and compresses the responses.

use std::{fmt::Write, net::SocketAddr, process::Command};

use example_support::daemon::{Daemon, Folder, free_port};

pub(super) fn nginx(origin: SocketAddr) -> Daemon {
    let (port, folder) = (free_port(), Folder::new());
    let root = folder.path("");
    let configuration = format!(
        "daemon off; master_process off; pid {root}/pid; error_log stderr; events {{}}
        http {{
            access_log off;
            client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
            uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
            server {{
                listen 127.0.0.1:{port};
                client_max_body_size 0;
                gzip on; gzip_vary on; gzip_types application/json; gzip_proxied any;
                location / {{ proxy_pass http://{origin}; }}
            }}
        }}\n"
    );
    let arguments = ["-e", "stderr", "-p", &root, "-c"];
    Daemon::configured("nginx", &arguments, port, folder, &configuration)
}

pub(super) fn apache(origin: SocketAddr, module: &str, filter: &str) -> Daemon {
    let (port, folder) = (free_port(), Folder::new());
    let root = folder.path("");
    let mut configuration = String::new();
    for module in [
        "mpm_event",
        "authz_core",
        "filter",
        "proxy",
        "proxy_http",
        module,
    ] {
        let file = format!("/usr/lib/apache2/modules/mod_{module}.so");
        writeln!(configuration, "LoadModule {module}_module {file}").unwrap();
    }
    configuration += &format!(
        "ServerRoot {root}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {root}/pid\n\
         ErrorLog {root}/error.log\nUser www-data\nGroup www-data\n\
         ProxyPass / http://{origin}/\nAddOutputFilterByType {filter} application/json\n"
    );
    let arguments = ["-DFOREGROUND", "-f"];
    Daemon::configured("apache2", &arguments, port, folder, &configuration)
}

pub(super) fn varnish(origin: SocketAddr) -> Daemon {
    let (port, folder) = (free_port(), Folder::new());
    let (ip, origin_port) = (origin.ip(), origin.port());
    let configuration = format!(
        "vcl 4.1;\nbackend notes {{ .host = \"{ip}\"; .port = \"{origin_port}\"; }}\n\
         sub vcl_backend_response {{ set beresp.do_gzip = true; }}\n"
    );
    let file = folder.file("configuration", &configuration);
    let mut command = Command::new("varnishd");
    command.args(["-F", "-j", "none", "-s", "malloc,64m", "-n"]);
    command.arg(folder.path("work"));
    command.args(["-a", &format!("127.0.0.1:{port}"), "-f"]);
    command.arg(file);
    Daemon::start(command, port, folder)
}

pub(super) fn haproxy(origin: SocketAddr) -> Daemon {
    let (port, folder) = (free_port(), Folder::new());
    let configuration = format!(
        "defaults\n mode http\n timeout connect 10s\n timeout client 60s\n timeout server 60s\n\
         frontend clients\n bind 127.0.0.1:{port}\n default_backend notes\n\
         backend notes\n compression algo gzip\n compression type application/json\n server notes {origin}\n"
    );
    Daemon::configured("haproxy", &["-db", "-f"], port, folder, &configuration)
}

pub(super) fn caddy(origin: SocketAddr) -> Daemon {
    let (port, folder) = (free_port(), Folder::new());
    let configuration = format!(
        "{{\n\tadmin off\n\tauto_https off\n}}\n\
         http://127.0.0.1:{port} {{\n\tbind 127.0.0.1\n\tencode gzip\n\treverse_proxy {origin}\n}}\n"
    );
    let arguments = ["run", "--adapter", "caddyfile", "--config"];
    Daemon::configured("caddy", &arguments, port, folder, &configuration)
}

pub(super) fn lighttpd(origin: SocketAddr) -> Daemon {
    let (port, folder) = (free_port(), Folder::new());
    let (root, ip, origin_port) = (folder.path(""), origin.ip(), origin.port());
    let configuration = format!(
        "server.document-root = \"{root}\"\nserver.port = {port}\nserver.bind = \"127.0.0.1\"\n\
         server.upload-dirs = ( \"{root}\" )\nserver.modules = ( \"mod_deflate\", \"mod_proxy\" )\n\
         proxy.server = ( \"\" => (( \"host\" => \"{ip}\", \"port\" => {origin_port} )) )\n\
         deflate.mimetypes = ( \"application/json\" )\ndeflate.allowed-encodings = ( \"gzip\" )\n"
    );
    Daemon::configured("lighttpd", &["-D", "-f"], port, folder, &configuration)
}
