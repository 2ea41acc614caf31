//! What one upload tells its caller besides the generated method's result,
//! which has no room for it.

use std::{cell::RefCell, time::Duration};

use crate::{Diagnosis, TokenError, error::error_chain};

/// The record of one upload.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// Why nothing was sent, or nothing more.
    pub(crate) refusal: Option<Refusal>,
    /// How many attempts were made to send the request.
    pub(crate) attempts: u32,
    /// How long was waited between them.
    pub(crate) total_wait: Duration,
    /// The `client-request-id` of every attempt.
    pub(crate) client_request_id: Option<String>,
    /// Whether an HTTP client of the caller's own followed a redirect.
    pub(crate) followed_redirect: bool,
    /// Whether the body of the last error was not Graph's JSON.
    pub(crate) foreign_body: bool,
    /// What the last token's claims say of a 401 or 403.
    pub(crate) diagnosis: Option<Diagnosis>,
}

/// Why a request was not sent.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The whole request would be too large.
    TooLarge { bytes: u64, limit: u64 },
    /// There is no token that could be sent.
    Token(TokenError),
    /// The token does not allow the operation.
    NotPermitted(Diagnosis),
}

impl Refusal {
    /// The refusal and its causes, in one line.
    pub(crate) fn with_causes(&self) -> String {
        match self {
            Self::Token(cause) => format!("{self}: {}", error_chain(&**cause)),
            Self::TooLarge { .. } | Self::NotPermitted(_) => self.to_string(),
        }
    }
}

tokio::task_local! {
    static CALL: RefCell<Call>;
}

impl Call {
    /// Runs an upload and gives its record with its result.
    pub(crate) async fn record<F: Future>(upload: F) -> (F::Output, Self) {
        CALL.scope(RefCell::default(), async {
            let output = upload.await;
            (output, CALL.with(RefCell::take))
        })
        .await
    }

    /// Notes something in the record of the current upload. Without effect in a
    /// direct call of a generated method, which has no record.
    pub(crate) fn note(change: impl FnOnce(&mut Self)) {
        let _ = CALL.try_with(|call| change(&mut call.borrow_mut()));
    }
}
