//! Requests without a response: what happened, and whether a retry may help.

use std::{error::Error, io, iter::successors};

pub(super) fn problem(error: &reqwest::Error) -> &'static str {
    match (error.is_timeout(), error.is_connect()) {
        (true, true) => "no connection was made in time",
        (true, false) => "no answer came in time",
        _ if is_of_certificate(error) => "the certificate of the server was not accepted",
        (false, true) => "no connection was made",
        _ if is_of_client(error) => "the HTTP client did not send the request",
        _ => "the connection broke before there was an answer",
    }
}

/// Whether the HTTP client itself failed, rather than a connection.
pub(crate) fn is_of_client(error: &reqwest::Error) -> bool {
    error.is_builder() || error.is_redirect()
}

/// Whether the client retries. It does not after an attempt that connected and then timed
/// out.
pub(super) fn is_retried(error: &reqwest::Error) -> bool {
    (error.is_connect() || (error.is_request() && !error.is_timeout())) && !is_of_certificate(error)
}

pub(super) fn is_retryable(error: &reqwest::Error) -> bool {
    !is_of_client(error) && !is_of_certificate(error)
}

/// Whether the server's certificate was refused, which no retry fixes.
fn is_of_certificate(error: &reqwest::Error) -> bool {
    let mut causes = successors(error.source(), |&cause| held_by(cause));
    causes.any(|cause| matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))))
}

/// The error inside another one. The source of an I/O error is not the error that it holds,
/// but the source of that.
fn held_by<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|held| held as _),
        None => error.source(),
    }
}
