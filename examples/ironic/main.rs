//! `cargo run --example ironic --features json -- --listen 127.0.0.1:3000`; see `app.rs`.

#[path = "app.rs"]
mod app;
#[path = "../support/serve.rs"]
mod serve;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    serve::serve(app::app()).await
}
