//! Why a text names no photo target.

use std::{borrow::Cow, error::Error, fmt};

use crate::{
    generated::{limits::PHOTO_SUFFIX, target::PhotoTarget},
    printable::{Printable, shortened},
    target::identifier::InvalidIdentifier,
};

/// A text that names no photo target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTarget {
    text: String,
    cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    NoLeadingSlash,
    NotUtf8,
    UnknownForm,
    TrailingSlash,
    DoubleSlash,
    BlankAtEnd(char),
    ShellTookValue {
        /// The text without what is left of the suffix.
        plain: String,
    },
    ForeignUrl,
    Unencrypted,
    Query,
    Identifier(InvalidIdentifier),
}

impl InvalidTarget {
    pub(super) fn new(text: &str, cause: Cause) -> Self {
        /// Enough to recognise your own input by.
        const SHOWN: usize = 200;
        Self { text: shortened(&without_user_info(text), SHOWN).into_owned(), cause }
    }

    /// The identifier that broke a rule, where that is the reason.
    #[must_use]
    pub fn invalid_identifier(&self) -> Option<&InvalidIdentifier> {
        match &self.cause {
            Cause::Identifier(cause) => Some(cause),
            _ => None,
        }
    }
}

/// A URL without the user name and password that may precede its host.
fn without_user_info(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Cow::Borrowed(text);
    };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rfind('@') {
        Some(at) => Cow::Owned(format!("{scheme}://{}", &rest[at + 1..])),
        None => Cow::Borrowed(text),
    }
}

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read the target `{}`: {}", Printable(&self.text), self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLeadingSlash => "a resource path begins with `/`, such as `/me`",
            Self::NotUtf8 => "its percent-encoded bytes are not UTF-8",
            Self::ForeignUrl => "it is not the URL of a Microsoft Graph v1.0 resource",
            Self::Query => {
                "a target has no query; leave out what follows the `?`, or write it as `%3F` if \
                 it belongs to an identifier"
            }
            Self::Unencrypted => "it must begin with `https`: a token would be sent unencrypted",
            Self::DoubleSlash => "it has `//` where one `/` belongs",
            Self::TrailingSlash => "it ends with a `/` too many",
            Self::BlankAtEnd('\n' | '\r') => "it begins or ends with a line break; remove that",
            Self::BlankAtEnd(blank) => {
                let code_point = u32::from(*blank);
                return write!(
                    f,
                    "it begins or ends with a blank, U+{code_point:04X}; remove that"
                );
            }
            Self::ShellTookValue { plain } => {
                let (suffix, plain) = (PHOTO_SUFFIX, Printable(plain));
                let variable = suffix.rsplit('/').next().unwrap_or_default();
                return write!(
                    f,
                    "the shell took `{variable}` for a variable; put the target in single quotes, \
                     '{plain}{suffix}', or write plain `{plain}`"
                );
            }
            Self::UnknownForm => {
                return write!(f, "it has none of the forms {}", PhotoTarget::TEMPLATES.join(", "));
            }
            Self::Identifier(cause) => return cause.fmt(f),
        })
    }
}

impl Error for InvalidTarget {}
