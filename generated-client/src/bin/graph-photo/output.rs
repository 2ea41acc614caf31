//! What the program writes: data to standard output, the rest to standard error.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::json;

use crate::failure::{Exit, Failure};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Where results and diagnostics go, and in which form.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether `--json` was given.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Writes a result: a line of JSON, or the text, which may have several.
    pub(crate) fn result(
        &self,
        json: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.json { self.text(&serde_json::to_string(json)?) } else { self.text(&text()) }
    }

    /// Writes data as it is, and a line break.
    #[expect(clippy::unused_self, reason = "all data goes through one door")]
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            // A reader such as `head` that has seen enough is no failure.
            Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(Failure::System(cause)),
            _ => Ok(()),
        }
    }

    /// Writes why the command failed.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        if self.json {
            // If that fails as well, the text below still says why.
            let _ = self.text(&json!({ "error": failure.json() }).to_string());
        }
        error(failure);
        failure.exit()
    }
}

/// Tells what went wrong, as a diagnostic.
pub(crate) fn error(message: impl Display) {
    diagnostic(ERROR, "error", message);
}

/// Tells what deserves a look, as a diagnostic.
pub(crate) fn warning(message: impl Display) {
    diagnostic(WARNING, "warning", message);
}

fn diagnostic(style: Style, label: &str, message: impl Display) {
    // Nobody is left to be told if standard error is closed.
    let _ = writeln!(anstream::stderr(), "{style}{label}:{style:#} {message}");
}
