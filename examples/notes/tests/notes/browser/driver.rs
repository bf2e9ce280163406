//! A browser without a window, and what a person does with it.

use std::{
    env, fs, panic::AssertUnwindSafe, panic::resume_unwind, process::Command, time::Duration,
};

use example_support::daemon::{Daemon, Folder, free_port};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

/// Until something is given up. A browser may be slow, while the machine does other things.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Browser {
    pub(crate) name: &'static str,
    client: Client,
}

impl Browser {
    pub(crate) async fn chromium(scenarios: impl AsyncFnOnce(&Self)) {
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        // Root has no sandbox, and a container may have a small /dev/shm.
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"];
        let options = json!({"goog:chromeOptions": {"args": arguments}});
        Self::run("Chromium", command, port, options, scenarios).await;
    }

    pub(crate) async fn firefox(scenarios: impl AsyncFnOnce(&Self)) {
        let port = free_port();
        let program = env::var("NOTES_TEST_GECKODRIVER");
        let mut command = Command::new(program.as_deref().unwrap_or("geckodriver"));
        command.args(["--port", &port.to_string(), "--websocket-port", "0"]);
        let options = json!({"moz:firefoxOptions": {"args": ["-headless"]}});
        Self::run("Firefox", command, port, options, scenarios).await;
    }

    async fn run(
        name: &'static str,
        mut command: Command,
        port: u16,
        options: Value,
        scenarios: impl AsyncFnOnce(&Self),
    ) {
        let folder = Folder::new();
        // Profiles and caches of its own.
        command.env("HOME", &folder.0).env("TMPDIR", &folder.0);
        let driver = Daemon::start(command, port, folder);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(options.as_object().unwrap().clone());
        let client = builder.connect(&driver.url("")).await.unwrap();
        let browser = Self { name, client };
        let result = AssertUnwindSafe(scenarios(&browser)).catch_unwind().await;
        if result.is_err() {
            println!("{name} shows:\n{}", browser.text("body").await);
        }
        // Otherwise the browser stays when its driver has gone.
        browser.client.close().await.unwrap();
        if let Err(panic) = result {
            resume_unwind(panic);
        }
    }

    /// Opens a tab. Returns a way back to it.
    pub(crate) async fn new_tab(&self) -> Tab<'_> {
        let handle = self.client.new_window(true).await.unwrap().handle;
        self.client.switch_to_window(handle.clone()).await.unwrap();
        self.resize(1280, 1000).await;
        Tab {
            browser: self,
            handle,
        }
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.unwrap();
    }

    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub(crate) async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    pub(crate) async fn back(&self) {
        self.client.back().await.unwrap();
    }

    pub(crate) async fn forward(&self) {
        self.client.forward().await.unwrap();
    }

    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }

    /// Waits until the element is there and visible.
    async fn find(&self, selector: &str) -> Element {
        let visible = async {
            loop {
                if let Ok(element) = self.client.find(Locator::Css(selector)).await {
                    // An error if the page has replaced it meanwhile.
                    if element.is_displayed().await.unwrap_or(false) {
                        return element;
                    }
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        let element = timeout(PATIENCE, visible).await;
        element.unwrap_or_else(|_| panic!("{selector} is not shown"))
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.find(selector).await.click().await.unwrap();
    }

    /// Types this in place of what a field has.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub(crate) async fn value(&self, selector: &str) -> String {
        let field = self.find(selector).await;
        field.prop("value").await.unwrap().unwrap()
    }

    /// The visible text.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    pub(crate) async fn run_script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Returns what an asynchronous function returns of these arguments, which it calls `given`.
    pub(crate) async fn resolve(&self, script: &str, arguments: &[Value]) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async (given) => {{ {script} }})([...arguments])\
             .then(done, (error) => done(`failed: ${{error}}`));"
        );
        let value = self.client.execute_async(&script, arguments.to_vec()).await;
        value.unwrap()
    }

    /// Checks what a machine can check of accessibility: names, roles, contrast, order of headings.
    pub(crate) async fn is_accessible(&self) {
        let axe = env::var("NOTES_TEST_AXE").expect("NOTES_TEST_AXE is the path of axe.min.js");
        self.run_script(&fs::read_to_string(axe).unwrap()).await;
        let script = "const {passes, violations} = await axe.run();
                      const found = violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]);
                      return [passes.length > 10, found];";
        assert_eq!(self.resolve(script, &[]).await, json!([true, []]));
    }

    /// Waits until an element has a text that contains this.
    pub(crate) async fn until(&self, selector: &str, text: &str) {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let found = async {
            loop {
                let arguments = vec![json!(selector)];
                let found = self.client.execute(script, arguments).await.unwrap();
                if found.as_str().unwrap().contains(text) {
                    return;
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        if timeout(PATIENCE, found).await.is_err() {
            panic!("{selector} does not become {text:?}");
        }
    }
}

pub(crate) struct Tab<'a> {
    browser: &'a Browser,
    handle: fantoccini::wd::WindowHandle,
}

impl Tab<'_> {
    pub(crate) async fn select(&self) {
        let client = &self.browser.client;
        client.switch_to_window(self.handle.clone()).await.unwrap();
    }
}
