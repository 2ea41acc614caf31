//! The outcome of an upload.

use std::{error::Error, fmt, time::Duration};

use http::StatusCode;

use crate::{
    display::shown,
    generated::{limits::PHOTO_SUFFIX, operation::Operation, target::PhotoTarget},
    transport::{
        authorization::NotSent,
        connection,
        error_response::{ErrorResponse, request_id},
        redaction::SentTokens,
        request_headers::random_id,
        throttle,
    },
};

/// The outcome of a successful upload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadResponse {
    /// The status of Graph's response: 2xx.
    pub status: StatusCode,
    /// Graph's id of the request, for its support.
    pub request_id: Option<String>,
    /// The client's id of the request, the same for all attempts.
    pub client_request_id: Option<String>,
    /// The number of attempts.
    pub attempts: u32,
    /// The sum of the waits between attempts.
    pub total_wait: Duration,
    /// The used share of a throttling limit, in percent. Graph reports it from 80 percent on,
    /// and throttles at some point above 100.
    pub throttle_percent: Option<u32>,
}

impl UploadResponse {
    /// The outcome of a single attempt without ids, for your own tests. Set the other fields
    /// as needed.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            request_id: None,
            client_request_id: None,
            attempts: 1,
            total_wait: Duration::ZERO,
            throttle_percent: None,
        }
    }

    pub(super) fn of(response: &reqwest::Response, record: Record) -> Self {
        Self {
            status: response.status(),
            request_id: request_id(response.headers()),
            client_request_id: Some(record.client_request_id),
            attempts: record.attempts,
            total_wait: record.total_wait,
            throttle_percent: throttle::percent(response.headers()),
        }
    }
}

/// What is recorded of every upload.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) client_request_id: String,
    /// The number of attempts.
    pub(crate) attempts: u32,
    /// The sum of the waits between attempts.
    pub(crate) total_wait: Duration,
}

#[derive(Debug)]
pub(crate) struct FailedUpload {
    pub(crate) operation: Operation,
    /// `None` after a direct call of a generated method.
    pub(crate) target: Option<PhotoTarget>,
    pub(crate) record: Record,
    pub(crate) failure: Failure,
}

#[derive(Debug)]
pub(crate) enum Failure {
    NotSent(NotSent),
    Connection(reqwest::Error),
    Response(Box<ErrorResponse>),
}

impl Failure {
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Self::NotSent(_) => false,
            Self::Connection(error) => connection::is_retryable(error),
            Self::Response(response) => response.is_retryable(),
        }
    }

    pub(crate) fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotSent(not_sent) => not_sent.source(),
            Self::Connection(error) => Some(error),
            Self::Response(response) => response.renewal.as_ref()?.source(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(not_sent) => not_sent.fmt(f),
            Self::Connection(error) => f.write_str(connection::problem(error)),
            Self::Response(response) => response.fmt(f),
        }
    }
}

impl FailedUpload {
    /// An upload whose only attempt Graph refused with this response. Its tokens are opaque.
    pub(crate) fn refused(
        operation: Operation,
        target: &PhotoTarget,
        response: http::Response<impl AsRef<[u8]>>,
        sent: &SentTokens,
    ) -> Self {
        let (parts, body) = response.into_parts();
        let response = ErrorResponse::new(parts.status, parts.headers, body.as_ref(), sent);
        let record = Record { client_request_id: random_id(), attempts: 1, ..Record::default() };
        let failure = Failure::Response(Box::new(response));
        Self { operation, target: Some(target.clone()), record, failure }
    }

    pub(crate) fn response(&self) -> Option<&ErrorResponse> {
        match &self.failure {
            Failure::Response(response) => Some(response),
            Failure::NotSent(_) | Failure::Connection(_) => None,
        }
    }
}

impl fmt::Display for FailedUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Longer than any id of Graph's.
        const SHOWN_OF_ID: usize = 80;
        write!(f, "failed to {} the photo of `", self.operation.method().verb())?;
        match &self.target {
            Some(target) => target.fmt(f)?,
            None => f.write_str(self.operation.path_template().trim_end_matches(PHOTO_SUFFIX))?,
        }
        write!(f, "`: {}", self.failure)?;
        let Record { attempts, total_wait, .. } = self.record;
        if attempts > 1 {
            write!(f, "; {attempts} attempts")?;
            if !total_wait.is_zero() {
                write!(f, ", {:.1} s waited between them", total_wait.as_secs_f64())?;
            }
        }
        let response = self.response();
        if attempts > 0 {
            let id = response.and_then(|response| response.request_id.as_deref());
            let id = id.map(|id| format!("request-id {}, ", shown(id, SHOWN_OF_ID)));
            let own = &self.record.client_request_id;
            write!(f, " ({}client-request-id {own})", id.unwrap_or_default())?;
        }
        match response.and_then(ErrorResponse::hint) {
            Some(hint) => write!(f, "; hint: {hint}"),
            None => Ok(()),
        }
    }
}
