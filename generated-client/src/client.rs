//! The client that uploads photos.

use std::{pin::pin, time::Duration};

use http::StatusCode;
use progenitor_client::{Error as ApiError, ResponseValue};
use tracing::{Instrument as _, info_span};

use crate::{
    ClientBuilder, Error, JpegPhoto, Operation, PhotoTarget, UploadMethod,
    error::{Cause, Upload},
    generated::client::{Client, ErrorModel},
    transport::call::Call,
    transport::error_response::request_id,
};

/// Uploads photos to Microsoft Graph.
///
/// Cheap to clone; clones share one pool of connections. See the
/// [crate's front page](crate) for a tutorial.
#[derive(Debug, Clone)]
pub struct GraphPhotoClient {
    client: Client,
}

impl GraphPhotoClient {
    /// A builder; only the token provider has to be set.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Replaces the photo of a target with `PUT`.
    ///
    /// # Errors
    ///
    /// [`Error`], which says whether nothing was sent, nothing answered or Graph
    /// refused.
    pub async fn replace(
        &self,
        target: &PhotoTarget,
        photo: &JpegPhoto,
    ) -> Result<UploadResponse, Error> {
        self.upload(UploadMethod::Put, target, photo).await
    }

    /// Updates the photo of a target with `PATCH`. What Graph does is the same
    /// as for [`replace`](Self::replace), which its documentation prefers.
    ///
    /// # Errors
    ///
    /// As of [`replace`](Self::replace).
    pub async fn update(
        &self,
        target: &PhotoTarget,
        photo: &JpegPhoto,
    ) -> Result<UploadResponse, Error> {
        self.upload(UploadMethod::Patch, target, photo).await
    }

    /// Uploads the photo of a target with the given method.
    ///
    /// Dropping the future stops the upload, its retries and waits.
    ///
    /// # Errors
    ///
    /// As of [`replace`](Self::replace).
    pub async fn upload(
        &self,
        method: UploadMethod,
        target: &PhotoTarget,
        photo: &JpegPhoto,
    ) -> Result<UploadResponse, Error> {
        let operation = || target.operation(method).map_or("none", Operation::id);
        let span =
            info_span!("upload", operation = operation(), %target, bytes = photo.bytes().len());
        // Pinned here and awaited in place: each `async fn` that took the future by
        // value would hold it twice.
        let upload = target.upload(&self.client, method, photo).instrument(span);
        let mut upload = pin!(Call::record(upload));
        let result = upload.as_mut().await;
        let mut call = Call::of(upload);
        let outcome = match result {
            None => Err(Cause::NoSuchOperation),
            Some(result) => outcome(result, &mut call),
        };
        outcome.map(|success| UploadResponse::new(success, &mut call)).map_err(|cause| {
            let upload = Upload {
                target: target.clone(),
                method,
                client_request_id: call.client_request_id,
                attempts: call.attempts,
                total_wait: call.total_wait,
            };
            Error::of_upload(upload, cause)
        })
    }

    /// The generated client, with a method for each operation. Its calls go
    /// through the same checks and retries; its errors say less.
    #[must_use]
    pub fn generated(&self) -> &Client {
        &self.client
    }
}

/// What there is to tell of a successful answer: its status and request id.
type Success = (StatusCode, Option<String>);

/// Takes the record of a call and the result of its generated method together.
fn outcome(
    result: Result<ResponseValue<()>, ApiError<ErrorModel>>,
    call: &mut Call,
) -> Result<Success, Cause> {
    if let Some(mut answer) = call.answer.take() {
        answer.renewal = call.refusal.take().map(|refusal| *refusal);
        return Err(Cause::Answer(answer));
    }
    match result {
        Ok(response) => Ok((response.status(), request_id(response.headers()))),
        // Success of a status that the spec does not list.
        Err(ApiError::UnexpectedResponse(response)) => {
            Ok((response.status(), request_id(response.headers())))
        }
        Err(ApiError::CommunicationError(error)) => Err(Cause::Transport(error)),
        Err(error) => Err(match call.refusal.take() {
            Some(refusal) => Cause::NotSent(*refusal),
            None => Cause::Configuration(error.to_string()),
        }),
    }
}

/// What a successful upload was like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadResponse {
    /// The status that Graph answered with: 2xx.
    pub status: StatusCode,
    /// Graph's id of the request, which its support asks for.
    pub request_id: Option<String>,
    /// The id that the client gave to every attempt.
    pub client_request_id: Option<String>,
    /// How many attempts it took.
    pub attempts: u32,
    /// How long was waited between them.
    pub total_wait: Duration,
}

impl UploadResponse {
    fn new((status, request_id): Success, call: &mut Call) -> Self {
        Self {
            status,
            request_id,
            client_request_id: call.client_request_id.take(),
            attempts: call.attempts,
            total_wait: call.total_wait,
        }
    }
}
