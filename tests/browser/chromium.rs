//! A headless Chromium that shows the emulator's page.

use std::{
    env,
    io::{BufRead as _, BufReader},
    panic,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::time::{sleep, timeout};

/// How long the page may take for anything: it only ends what would hang.
const LIMIT: Duration = Duration::from_secs(30);

/// Chromium leaves the network alone: no name has an address, and it asks for no updates.
const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--hide-scrollbars",
    "--no-sandbox", // containers have no user namespaces
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// `chromedriver`, which starts and steers Chromium.
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    fn start() -> Self {
        let mut command = Command::new("chromedriver");
        let child = command.arg("--port=0").stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| {
            panic!(
                "failed to start `chromedriver`: {error}; install Debian's packages `chromium` \
                 and `chromium-driver`"
            )
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let url = format!("http://127.0.0.1:{}", port.expect("chromedriver names its port"));
        Self { child, url }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Runs a test on a page that is connected; closes the browser in any case.
pub(crate) fn on_page<F>(url: &str, test: impl FnOnce(Page) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    // reqwest wants one even where it speaks no TLS; another test may have been faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let driver = Driver::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            capabilities.add_arg(argument).unwrap();
        }
        let browser = WebDriver::new(&driver.url, capabilities).await.unwrap();
        let page = Page { browser: browser.clone() };
        page.resize(1280, 900).await;
        browser.goto(url).await.unwrap();
        page.until("document.querySelector('#connection.live')").await;
        let outcome = tokio::spawn(test(page)).await;
        browser.quit().await.unwrap();
        outcome
    });
    if let Err(error) = outcome {
        panic::resume_unwind(error.into_panic());
    }
}

/// The page in the browser.
pub(crate) struct Page {
    browser: WebDriver,
}

impl Page {
    /// The value of a JavaScript expression, or that of its promise.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        self.browser.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Waits until a JavaScript expression is true.
    pub(crate) async fn until(&self, expression: &str) {
        let is_true = timeout(LIMIT, async {
            while self.value(&format!("Promise.resolve({expression}).then(Boolean)")).await
                != json!(true)
            {
                sleep(Duration::from_millis(20)).await;
            }
        });
        let is_true = is_true.await.is_ok();
        assert!(is_true, "never true: {expression}\n{}", self.text("body").await);
    }

    /// The visible text of the first element.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.element(selector).await.text().await.unwrap()
    }

    /// Clicks on the first element.
    pub(crate) async fn click(&self, selector: &str) {
        self.element(selector).await.click().await.unwrap();
    }

    /// Types into whatever has the focus.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        self.browser.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Sets the size of the viewport, in CSS pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.send("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Prefers a colour scheme: `light` or `dark`.
    pub(crate) async fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.send("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// A screenshot of the viewport, in PNG.
    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        self.browser.screenshot_as_png().await.unwrap()
    }

    async fn element(&self, selector: &str) -> WebElement {
        self.browser.find(By::Css(selector)).await.unwrap()
    }

    /// Sends a command of the Chrome `DevTools` Protocol.
    async fn send(&self, command: &str, parameters: Value) {
        self.browser.cdp().send_raw(command, parameters).await.unwrap();
    }
}

/// Where screenshots are to be written, if they are.
pub(crate) fn screenshots() -> Option<std::path::PathBuf> {
    env::var_os("GRAPH_PHOTO_SCREENSHOTS").map(Into::into)
}
