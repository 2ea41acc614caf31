//! A journal's record of a photo.

use std::{borrow::Cow, fmt, time::SystemTime};

/// The SHA-256 of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Parses a digest from 64 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut digest = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (index, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self(digest))
    }
}

/// Writes 64 hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The state of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// To send.
    Planned,
    /// Being sent, or under way when the run was killed.
    Sending,
    /// Graph has stored it.
    Stored,
    /// Graph refused it, or could not be reached.
    Failed,
    /// Refused by this program, so never sent.
    Refused,
}

impl State {
    const ALL: [Self; 5] =
        [Self::Planned, Self::Sending, Self::Stored, Self::Failed, Self::Refused];

    /// The state's name in the journal.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Stored => "stored",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The content of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// The digest of the file.
    pub(crate) source_sha256: Digest,
    /// The digest of the bytes to send.
    pub(crate) sha256: Digest,
    /// The number of bytes to send.
    pub(crate) bytes: u32,
}

/// The record of a photo from earlier runs.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) state: State,
    pub(crate) content: Option<Content>,
    /// The options of `--fix`, if given.
    pub(crate) fit: Option<String>,
    /// The digest of the bytes that Graph stored last.
    pub(crate) stored_sha256: Option<Digest>,
}

/// A photo of a plan.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    /// The target's key for comparison.
    pub(crate) key: &'a str,
    pub(crate) target: &'a str,
    pub(crate) file: Cow<'a, str>,
    pub(crate) state: State,
    pub(crate) content: Option<&'a Content>,
    pub(crate) fit: Option<&'a str>,
    /// The reason for its refusal, if any.
    pub(crate) reason: Option<&'a str>,
}

/// The outcome of an upload.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) state: State,
    /// The reason for its failure, if any.
    pub(crate) reason: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
    /// The requests beyond the one recorded in advance, such as one with another token.
    pub(crate) more_attempts: u32,
    pub(crate) finished: SystemTime,
}

impl Outcome {
    /// An outcome that is known from now on.
    pub(crate) fn now(state: State) -> Self {
        Self {
            state,
            reason: None,
            status: None,
            code: None,
            request_id: None,
            client_request_id: None,
            more_attempts: 0,
            finished: SystemTime::now(),
        }
    }
}

/// The form of the times in a journal.
pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
