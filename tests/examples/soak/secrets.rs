//! Looks for tokens in everything that the storm prints or logs.

use std::{
    error::Error,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing_subscriber::fmt::MakeWriter;

/// What every token of the emulator has: the beginnings of its header and its claims, and its
/// signature.
const PARTS: [&str; 3] = ["eyJ0eXAiOiJKV1Qi", "eyJhdWQiOi", ".ZW11bGF0b3I"];

/// Counts the texts that have a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    bytes: AtomicU64,
    found: Mutex<Vec<String>>,
}

impl Secrets {
    /// Looks for tokens in a text, of which `source` says where it is from.
    pub(crate) fn search(&self, source: &str, text: &[u8]) {
        self.0.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
        let text = String::from_utf8_lossy(text);
        if let Some(part) = PARTS.iter().find(|part| text.contains(**part)) {
            self.found().push(format!("{source} has a token, by its part {part}"));
        }
    }

    /// Looks for tokens in all that an error says.
    pub(crate) fn search_error(&self, error: &(dyn Error + 'static)) {
        self.search("an error", format!("{error} {error:#} {error:?} {error:#?}").as_bytes());
        let mut cause = error.source();
        while let Some(error) = cause {
            self.search("the cause of an error", format!("{error} {error:?}").as_bytes());
            cause = error.source();
        }
    }

    /// How many bytes were searched.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Where tokens were found since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.found())
    }

    fn found(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.found.lock().expect("nothing panics while it holds this lock")
    }
}

/// As a log: one write for each event.
impl io::Write for Secrets {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.search("the log", event);
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Secrets {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}
