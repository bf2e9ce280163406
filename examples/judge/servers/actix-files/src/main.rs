//! `actix-files-server PORT FOLDER`: serves a folder, and compresses.

use std::env::args;

use actix_files::Files;
use actix_web::{App, HttpServer, main, middleware::Compress};

#[main]
async fn main() -> std::io::Result<()> {
    let [port, folder] = [1, 2].map(|n| args().nth(n).expect("PORT FOLDER"));
    let app = move || {
        App::new()
            .wrap(Compress::default())
            .service(Files::new("/", &folder))
    };
    let port = port.parse().expect("a port");
    HttpServer::new(app)
        .workers(1)
        .bind_auto_h2c(("127.0.0.1", port))?
        .run()
        .await
}
