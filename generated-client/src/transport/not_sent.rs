//! Why a request is not sent.

use std::{error::Error, fmt};

use crate::{auth::TokenError, diagnosis::Diagnosis, display::count};

/// Why a request is not sent, or not again.
#[derive(Debug)]
pub(crate) enum NotSent {
    /// The whole request would be too large.
    TooLarge { bytes: u64, limit: u64 },
    /// There is no token that could be sent.
    Token(TokenError),
    /// The token does not allow the operation.
    NotPermitted(Diagnosis),
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, limit } => write!(
                f,
                "the request would have {bytes} bytes, and at most {limit} are allowed; make the \
                 photo smaller by at least {}",
                count(bytes.saturating_sub(*limit))
            ),
            Self::Token(_) => f.write_str("there is no usable access token"),
            Self::NotPermitted(diagnosis) => write!(f, "not sent, because {diagnosis}"),
        }
    }
}

impl Error for NotSent {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Token(cause) => Some(&**cause),
            Self::TooLarge { .. } | Self::NotPermitted(_) => None,
        }
    }
}
