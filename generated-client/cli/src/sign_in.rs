//! Whether an upload has no token because signing in failed, which did send something,
//! though not to Graph.

use graph_photo_client::Error;

/// How signing in failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// The credential gave no token.
    #[cfg_attr(not(feature = "azure"), expect(dead_code, reason = "for `--auth`"))]
    Refused,
    /// The network failed.
    NoResponse,
}

/// How signing in failed, if that is why an upload has no token.
#[cfg(feature = "azure")]
pub(crate) fn sign_in(error: &Error) -> Option<SignIn> {
    use std::{error::Error as _, iter::successors};

    use azure_core::error::ErrorKind;

    let causes = successors(error.source(), |&cause| cause.source());
    let kinds: Vec<&ErrorKind> = causes
        .filter_map(|cause| Some(cause.downcast_ref::<azure_core::Error>()?.kind()))
        .collect();
    if kinds.iter().any(|kind| matches!(kind, ErrorKind::Connection | ErrorKind::Io)) {
        return Some(SignIn::NoResponse);
    }
    (!kinds.is_empty()).then_some(SignIn::Refused)
}

#[cfg(not(feature = "azure"))]
pub(crate) fn sign_in(_: &Error) -> Option<SignIn> {
    None
}
