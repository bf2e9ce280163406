//! tower-http's `ServeDir`, by itself and behind the layer of this crate.

use axum::Router;
use example_judge::{Options, verdict::Outcome};
use tower::Layer;
use tower_conditional::{ByHead, ConditionalLayer};
use tower_http::services::ServeDir;

use super::{DOC, files, report};
use crate::support::Server;

/// As in `Cargo.toml`.
const VERSION: &str = "0.7";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_dir_alone() {
    let folder = files();
    let app = Router::new().fallback_service(ServeDir::new(&folder.0));
    let server = Server::start(app).await;
    let name = format!("tower-http {VERSION} ServeDir");
    let report = report(&name, &Options::new(&server.url(&format!("/{DOC}")))).await;
    // Known bugs: the judge finds them.
    for id in ["if-range-other", "lines-second"] {
        assert!(
            report.ids(Outcome::Fail).contains(&id),
            "{id} does not fail"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_dir_behind_the_layer() {
    let folder = files();
    let files = ServeDir::new(&folder.0);
    let layer = ConditionalLayer::new(ByHead::<axum::body::Body>::new());
    let service = layer.layer(files);
    let server = Server::start(Router::new().fallback_service(service)).await;
    let name = format!("tower-http {VERSION} ServeDir behind tower-conditional");
    let report = report(&name, &Options::new(&server.url(&format!("/{DOC}")))).await;
    // What `ServeDir` does after the layer has let a request pass.
    assert_eq!(report.ids(Outcome::Fail), ["range-head"]);
}
