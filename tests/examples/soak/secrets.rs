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

/// What every token of the storm has: the beginnings of its header and its claims, its
/// signature, and from the middle of its claims `Soak.Owner.`, as base64 at three alignments.
const PARTS: [&str; 6] = [
    "eyJ0eXAiOiJKV1Qi",
    "eyJhdWQiOi",
    ".ZW11bGF0b3I",
    "U29hay5Pd25l",
    "NvYWsuT3duZXIu",
    "Tb2FrLk93bmVy",
];

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

#[cfg(test)]
mod tests {
    use graph_photo_emulator::AccessToken;

    use super::Secrets;
    use crate::seen::OWNER;

    #[test]
    fn a_token_is_found_whole_and_in_parts() {
        for padding in ["", "x", "xx"] {
            let scope = format!("{padding}{OWNER}1");
            let token = AccessToken::delegated([scope]).encode();
            let parts: Vec<&str> = token.split('.').collect();
            let middle = &parts[1][20..parts[1].len() - 1];
            for text in [&token, parts[0], parts[1], middle, &token[60..], &token[..40]] {
                let secrets = Secrets::default();
                secrets.search("a log", format!("a {text} b").as_bytes());
                assert_eq!(secrets.take().len(), 1, "{text}");
            }
        }
        let secrets = Secrets::default();
        secrets.search("a log", b"Authorization: Sensitive");
        assert_eq!((secrets.take().len(), secrets.bytes()), (0, 24));
    }

    /// Through the subscriber that the storm sets.
    #[test]
    fn a_token_in_a_log_is_found() {
        let secrets = Secrets::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(secrets.clone())
            .finish();
        let token = AccessToken::delegated(["User.ReadWrite"]).encode();
        tracing::subscriber::with_default(subscriber, || tracing::trace!(token, "sending"));
        assert_eq!(secrets.take().len(), 1);
    }
}
