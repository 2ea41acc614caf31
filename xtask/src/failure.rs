//! Failures of commands.

use std::{
    env, fmt,
    io::{IsTerminal as _, stderr},
};

use graph_photo_codegen::{Findings, RenderError};
use serde_json::Value;

use crate::terminal::complain;

/// The exit code if rendered files, the version or the spec must be brought up to date.
pub(crate) const EXIT_STALE: u8 = 4;

/// Why a command could not do its work.
pub(crate) enum Failure {
    /// A spec breaks rules.
    Spec {
        findings: Findings,
        /// The last line, if several specs are read.
        closing: Option<String>,
    },
    /// Anything else, in words.
    Command(String),
}

impl Failure {
    /// The failure to do something (`verb`) to a `thing`.
    pub(crate) fn to(verb: &str, thing: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Command(format!("error: failed to {verb} `{thing}`: {cause}"))
    }

    /// The message without colour.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Spec { findings, .. } => findings.to_string(),
            Self::Command(message) => message.clone(),
        }
    }

    /// Status and details of a JSON report; findings have this key.
    pub(crate) fn json(&self, findings_key: &str) -> Value {
        match self {
            Self::Spec { findings, .. } => {
                serde_json::json!({ "status": "broken", findings_key: findings_value(findings) })
            }
            Self::Command(message) => {
                let message = message.strip_prefix("error: ").unwrap_or(message);
                serde_json::json!({ "status": "failed", "message": message })
            }
        }
    }

    /// Prints the message to the standard error stream, in colour if that is a terminal.
    pub(crate) fn report(&self) {
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Self::Spec { findings, closing } => {
                if stderr().is_terminal() && !no_colour {
                    complain!("{}", findings.to_coloured());
                } else {
                    complain!("{findings}");
                }
                if let Some(closing) = closing {
                    complain!("{closing}");
                }
            }
            Self::Command(message) => complain!("{message}"),
        }
    }
}

/// Findings as a part of a JSON report.
pub(crate) fn findings_value(findings: &Findings) -> Value {
    serde_json::from_str(&findings.to_json()).expect("findings are rendered as JSON")
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Self::Spec { findings, closing: None }
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Spec(findings) => findings.into(),
            error => Self::Command(error.to_string()),
        }
    }
}
