//! Why a text is not a photo target.

use std::{borrow::Cow, error::Error, fmt};

use crate::{
    display::{shown, without_secrets},
    target::identifier::InvalidIdentifier,
};

/// Why a text is not a photo target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTarget {
    /// The beginning of the text, safe to show.
    text: String,
    cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    Identifier(InvalidIdentifier),
    /// Any other reason.
    Form(Cow<'static, str>),
}

impl From<InvalidIdentifier> for Cause {
    fn from(cause: InvalidIdentifier) -> Self {
        Self::Identifier(cause)
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Cause {
    fn from(cause: T) -> Self {
        Self::Form(cause.into())
    }
}

impl InvalidTarget {
    pub(super) fn new(text: &str, cause: Cause) -> Self {
        /// Enough to recognise the input.
        const SHOWN: usize = 200;
        Self { text: shown(&without_secrets(text), SHOWN), cause }
    }

    /// The invalid identifier, if that is the reason.
    pub fn invalid_identifier(&self) -> Option<&InvalidIdentifier> {
        match &self.cause {
            Cause::Identifier(cause) => Some(cause),
            Cause::Form(_) => None,
        }
    }
}

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read the target `{}`: ", self.text)?;
        match &self.cause {
            Cause::Identifier(cause) => cause.fmt(f),
            Cause::Form(cause) => f.write_str(cause),
        }
    }
}

impl Error for InvalidTarget {}
