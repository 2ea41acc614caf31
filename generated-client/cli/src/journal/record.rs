//! What a journal tells of a photo.

use std::{borrow::Cow, fmt, time::SystemTime};

/// The SHA-256 of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The digest that 64 hexadecimal digits stand for.
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

/// 64 hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What is to become of a photo, or became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// To be sent.
    Planned,
    /// Being sent; or so it was when the run was killed.
    Sending,
    /// Graph has it.
    Stored,
    /// Graph refused it, or could not be reached.
    Failed,
    /// Refused here, and so never sent.
    Refused,
}

impl State {
    const ALL: [Self; 5] =
        [Self::Planned, Self::Sending, Self::Stored, Self::Failed, Self::Refused];

    /// The word for it in the journal.
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

/// What a photo is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// Of the file.
    pub(crate) source_sha256: Digest,
    /// Of the bytes to send.
    pub(crate) sha256: Digest,
    /// How many bytes are sent.
    pub(crate) bytes: u32,
}

/// What earlier runs left of a photo.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) state: State,
    pub(crate) content: Option<Content>,
    /// The options of `--fix`, if it was given.
    pub(crate) fit: Option<String>,
    /// Of the bytes that Graph stored last.
    pub(crate) stored_sha256: Option<Digest>,
}

/// A photo of a plan.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    /// The target as targets are compared.
    pub(crate) key: &'a str,
    pub(crate) target: &'a str,
    pub(crate) file: Cow<'a, str>,
    pub(crate) state: State,
    pub(crate) content: Option<&'a Content>,
    pub(crate) fit: Option<&'a str>,
    /// Why it is refused, if it is.
    pub(crate) reason: Option<&'a str>,
}

/// What became of an upload.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) state: State,
    /// Why it failed, if it did.
    pub(crate) reason: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
    /// Requests beyond the one that was announced, such as one with another token.
    pub(crate) more_attempts: u32,
    pub(crate) finished: SystemTime,
}
