//! A door to private rules for the fuzz targets; `--cfg fuzzing` compiles it.

use std::time::Duration;

use crate::{
    auth::token::AccessToken,
    client::GraphPhotoClient,
    error::Error,
    generated::{operation::UploadMethod, target::PhotoTarget},
    transport::{outcome::FailedUpload, redaction::SentTokens, retry::RetryPolicy},
};

/// The error of an upload with this token that Graph refuses with this response.
pub fn refused(token: AccessToken, response: http::Response<Vec<u8>>) -> Option<Error> {
    let target = PhotoTarget::me();
    let operation = target.operation(UploadMethod::Put)?;
    Some(FailedUpload::refused(operation, &target, response, &SentTokens::of(token)).into())
}

/// The URL of the base URL of a client, followed by these segments.
pub fn url(client: &GraphPhotoClient, segments: &[&str]) -> reqwest::Url {
    client.generated().inner.url(segments.iter().copied())
}

/// How long a policy waits before the next attempt.
pub fn next_delay(
    policy: RetryPolicy,
    retries: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
) -> Option<Duration> {
    policy.next_delay(retries, elapsed, retry_after)
}
