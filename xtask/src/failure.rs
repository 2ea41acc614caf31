//! Why a command could not do its work.

use std::{
    env, fmt,
    io::{IsTerminal as _, stderr},
};

use graph_photo_codegen::{Findings, RenderError};
use serde_json::Value;

use crate::terminal::complain;

/// Something has to be brought up to date: what the spec renders, the version, or the
/// spec itself.
pub(crate) const EXIT_STALE: u8 = 4;

/// Why a command could not do its work.
pub(crate) enum Failure {
    /// A spec breaks rules.
    Spec {
        findings: Findings,
        /// What to say after them, if several specs are read.
        closing: Option<String>,
    },
    /// Anything else, in words.
    Command(String),
}

impl Failure {
    /// A failure to do something to something: the verb, the thing, the cause.
    pub(crate) fn to(verb: &str, thing: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Command(format!("error: failed to {verb} `{thing}`: {cause}"))
    }

    /// What it says, without colour.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Spec { findings, .. } => findings.to_string(),
            Self::Command(message) => message.clone(),
        }
    }

    /// The status and the detail of a JSON report, under this key if they are findings.
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

    /// Says so on the standard error stream, in colour if that is a terminal.
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

/// Findings as JSON, to be part of a larger value.
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
