//! Sends the requests of the generated client: adds a token, checks the size, retries, and
//! reports the outcome.

pub(crate) mod attempts;
pub(crate) mod authorization;
mod cold_path;
pub(crate) mod connection;
pub(crate) mod error_response;
pub(crate) mod graph_error;
pub(crate) mod http_client;
pub(crate) mod known_errors;
pub(crate) mod outcome;
pub(crate) mod redaction;
mod request_headers;
mod request_size;
mod response_body;
pub(crate) mod retry;
pub(crate) mod settings;
pub(crate) mod throttle;

use std::{fmt, sync::Arc};

use reqwest::{RequestBuilder, Url};

use crate::{
    error::Error,
    generated::operation::Operation,
    transport::{
        attempts::Attempts,
        outcome::{FailedUpload, Failure, Record, UploadResponse},
        settings::Settings,
    },
};

/// Sends requests; shared by all clones of a client.
#[derive(Clone)]
pub(crate) struct Transport(Arc<Settings>);

impl Transport {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// The base URL followed by these segments, none of which is encoded.
    pub(crate) fn url<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Url {
        let mut url = self.0.base_url.clone();
        url.path_segments_mut()
            .expect("the base URL is one of http or https, which have a path")
            .pop_if_empty()
            .extend(segments);
        url
    }

    /// Compares the claims of a token with the permissions of an operation.
    pub(crate) async fn check_token(&self, operation: Operation) -> Result<(), Error> {
        let checked = self.0.permitted_token(operation, false).await;
        checked.map(drop).map_err(|not_sent| {
            let (record, failure) = (Record::default(), Failure::NotSent(not_sent));
            FailedUpload { operation, target: None, record, failure }.into()
        })
    }

    pub(crate) async fn send(
        &self,
        request: RequestBuilder,
        operation: Operation,
    ) -> Result<UploadResponse, Error> {
        let mut attempts = Attempts::new(&self.0, operation);
        let (client, request) = request.build_split();
        let outcome = match request {
            Ok(mut request) => {
                if self.0.timeout_per_request {
                    *request.timeout_mut() = Some(self.0.attempt_timeout);
                }
                attempts.record.client_request_id = request_headers::identify(&mut request);
                if self.0.low_priority {
                    request_headers::give_way(&mut request);
                }
                attempts.run(request, |request| client.execute(request)).await
            }
            Err(error) => Err(Failure::Connection(error)),
        };
        let record = attempts.record;
        match outcome {
            Ok(response) => Ok(UploadResponse::of(&response, record)),
            Err(failure) => Err(FailedUpload { operation, target: None, record, failure }.into()),
        }
    }
}

/// Leaves out the token provider, which may hold a secret.
impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}
