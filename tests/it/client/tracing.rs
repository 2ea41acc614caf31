//! The traces of an upload: spans, retries, and no secrets.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use graph_photo_client::{PhotoTarget, RetryPolicy};
use tracing_subscriber::fmt::format::FmtSpan;

use super::support::{TOKEN, Tokens, answer, builder, ok, photo, server, subscribe};

/// Keeps what is logged.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs all that this thread traces, until the guard is dropped.
pub(super) fn log() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::NEW)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    (log, subscribe(subscriber))
}

fn lines_with<'t>(text: &'t str, part: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.contains(part)).collect()
}

#[tokio::test]
async fn shows_the_upload_its_attempts_and_its_retries() {
    let (log, guard) = log();
    let server = server([answer(503, &[("Retry-After", "0")], ""), answer(401, &[], ""), ok()]);
    let second = TOKEN.replace("opaque", "second");
    let tokens = Tokens::new(&[Ok(TOKEN), Ok(&second)]);
    let client = builder(&server.url())
        .token_provider(tokens)
        .retry_policy(RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO))
        .build()
        .unwrap();
    client.update(&PhotoTarget::group("g").unwrap(), &photo()).await.unwrap();
    drop(guard);

    let text = log.text();
    let fields = format!(
        "upload{{operation=\"updateGroupPhoto\" target=/groups/g bytes={}}}",
        photo().bytes().len()
    );
    assert!(text.contains(&fields), "{text}");
    for number in 1..=3 {
        let attempt = format!(
            "{fields}:attempt{{number={number}}}: graph_photo_client::transport::attempts: new"
        );
        assert_eq!(lines_with(&text, &attempt).len(), 1, "{text}");
    }
    let retry = lines_with(&text, "trying again");
    assert_eq!(retry.len(), 1, "{text}");
    for part in ["WARN", "503 Service Unavailable"] {
        assert!(retry[0].contains(part), "{retry:?}");
    }
    assert_eq!(lines_with(&text, "requesting another one").len(), 1, "{text}");
    assert!(!text.contains(TOKEN) && !text.contains(&second), "{text}");
}

#[tokio::test]
async fn shows_why_it_gave_up() {
    let (log, guard) = log();
    let server = server([answer(429, &[("Retry-After", "86400")], ""), answer(401, &[], TOKEN)]);
    let tokens = Tokens::new(&[Ok(TOKEN), Ok(TOKEN), Err("the session is over")]);
    let client = builder(&server.url())
        .token_provider(tokens)
        .retry_policy(RetryPolicy::default())
        .build()
        .unwrap();
    client.replace(&PhotoTarget::me(), &photo()).await.unwrap_err();
    client.replace(&PhotoTarget::me(), &photo()).await.unwrap_err();
    drop(guard);

    let text = log.text();
    let lines = lines_with(&text, "giving up");
    assert_eq!(lines.len(), 1, "{text}");
    for part in ["86400s", "429 Too Many Requests"] {
        assert!(lines[0].contains(part), "{lines:?}");
    }
    let lines = lines_with(&text, "not trying again with another token");
    assert!(lines[0].contains("the session is over"), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn names_no_person_where_a_connection_failed() {
    let (log, guard) = log();
    let policy =
        RetryPolicy::default().with_max_retries(1).with_delays(Duration::ZERO, Duration::ZERO);
    let client = builder("http://127.0.0.1:1").retry_policy(policy).build().unwrap();
    let error = client.replace(&PhotoTarget::user("adele").unwrap(), &photo()).await.unwrap_err();
    drop(guard);
    assert_eq!(error.attempts(), 2);
    let text = log.text();
    let events = [lines_with(&text, "trying again"), lines_with(&text, "giving up")].concat();
    assert_eq!(events.len(), 2, "{text}");
    for event in events {
        // Not of the span, which names the target.
        let said = event.split_once("graph_photo_client::").unwrap().1;
        assert!(!said.contains("adele") && said.contains("onnect"), "{event}");
    }
}
