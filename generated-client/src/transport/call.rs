//! What one upload tells its caller besides the generated method's result,
//! which has no room for it.

use std::{cell::RefCell, pin::Pin, time::Duration};

use tokio::task::futures::TaskLocalFuture;

use crate::{Diagnosis, TokenError, display::error_chain, transport::error_response::Answer};

/// The record of one upload.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// How many attempts were made to send the request.
    pub(crate) attempts: u32,
    /// How long was waited between them.
    pub(crate) total_wait: Duration,
    /// The `client-request-id` of every attempt.
    pub(crate) client_request_id: Option<String>,
    /// Why nothing was sent, or nothing more.
    pub(crate) refusal: Option<Box<Refusal>>,
    /// What Graph answered, if not with success.
    pub(crate) answer: Option<Box<Answer>>,
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

/// A future of an upload with its record.
pub(crate) type Recorded<F> = TaskLocalFuture<RefCell<Call>, F>;

tokio::task_local! {
    static CALL: RefCell<Call>;
}

impl Call {
    /// An upload that keeps a record of itself.
    pub(crate) fn record<F: Future>(upload: F) -> Recorded<F> {
        CALL.scope(RefCell::default(), upload)
    }

    /// The record of an upload, once it is done.
    pub(crate) fn of<F: Future>(upload: Pin<&mut Recorded<F>>) -> Self {
        upload.take_value().map(RefCell::into_inner).unwrap_or_default()
    }

    /// Notes something in the record of the current upload. Without effect in a
    /// direct call of a generated method, which has no record.
    pub(crate) fn note(change: impl FnOnce(&mut Self)) {
        let _ = CALL.try_with(|call| change(&mut call.borrow_mut()));
    }

    /// Whether the current upload has a record, unlike a direct call.
    pub(crate) fn has_record() -> bool {
        CALL.try_with(|_| ()).is_ok()
    }
}
