//! Output: data to standard output, diagnostics to standard error.

use std::{
    borrow::Cow,
    fmt::Display,
    io::{self, Write as _},
    path::Path,
};

use clap::builder::styling::{AnsiColor, Style};
use graph_photo_client::{Printable, without_secrets};
use serde_json::{Value, json};

use crate::{
    blocking::off_thread,
    failure::{Failure, Subject},
    misplaced_token::without_tokens,
};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Green.on_default().bold();

/// Whether results and failures are written as text or as JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether `--json` was given.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Writes a result: one line of JSON, or one or more lines of text.
    pub(crate) async fn result(
        self,
        json: &Value,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        self.text(if self.json { json.to_string() } else { text() }).await
    }

    /// Writes data and a line break.
    pub(crate) async fn text(self, text: String) -> Result<(), Failure> {
        let written = off_thread(move || write(&text)).await;
        written.map_err(|cause| {
            Failure::System("failed to write to standard output".to_owned(), cause)
        })
    }

    /// Writes why the command failed.
    pub(crate) fn failure(self, failure: &Failure, subject: &Subject) {
        error(failure);
        if self.json {
            failure_json(failure, subject);
        }
    }
}

/// Writes why the command failed, for programs.
pub(crate) fn failure_json(failure: &Failure, subject: &Subject) {
    // If this fails, standard error still says why.
    let _ = write(&json!({ "error": failure.json(subject) }).to_string());
}

/// Writes a line of data to standard output, and waits for whoever reads it.
pub(crate) fn write(text: &str) -> io::Result<()> {
    let (mut stdout, text) = (io::stdout().lock(), without_tokens(text));
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        // A reader such as `head` may stop early.
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(cause),
        _ => Ok(()),
    }
}

/// A file's name without control characters.
pub(crate) fn printable(file: &Path) -> String {
    Printable(&shown(file)).to_string()
}

/// The path of a file; without what may be a secret if it is a URL, given by mistake.
pub(crate) fn shown(file: &Path) -> Cow<'_, str> {
    let text = file.to_string_lossy();
    if text.contains("://") { Cow::Owned(without_secrets(&text).into_owned()) } else { text }
}

/// Reports an error on standard error.
pub(crate) fn error(message: impl Display) {
    diagnostic(ERROR, "error", message);
}

/// Reports a warning on standard error.
pub(crate) fn warning(message: impl Display) {
    diagnostic(WARNING, "warning", message);
}

/// Explains a result on standard error.
pub(crate) fn note(message: impl Display) {
    diagnostic(NOTE, "note", message);
}

/// Reports what clap says of the arguments, which may repeat any of them.
pub(crate) fn arguments_error(error: &clap::Error) {
    let text = error.render().ansi().to_string();
    let _ = write!(anstream::stderr(), "{}", without_tokens(&text));
}

fn diagnostic(style: Style, label: &str, message: impl Display) {
    let message = message.to_string();
    // If standard error is closed, nobody is listening.
    let _ = writeln!(anstream::stderr(), "{style}{label}:{style:#} {}", without_tokens(&message));
}
