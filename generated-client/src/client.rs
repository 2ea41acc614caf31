//! The client that uploads photos.

use tracing::{Instrument as _, info_span};

use crate::{
    error::Error,
    generated::{
        client::Client,
        operation::{Operation, UploadMethod},
        target::PhotoTarget,
    },
    photo::JpegPhoto,
    transport::outcome::UploadResponse,
};

/// Uploads photos to Microsoft Graph.
///
/// Clones are cheap and share one pool of connections. The [crate's front page](crate) is a
/// tutorial.
#[derive(Debug, Clone)]
pub struct GraphPhotoClient {
    pub(crate) client: Client,
}

impl GraphPhotoClient {
    /// Replaces the photo of a target by `PUT`.
    ///
    /// # Errors
    ///
    /// [`Error`] if nothing was sent, if there was no answer, or if Graph refused.
    pub async fn replace(
        &self,
        target: &PhotoTarget,
        photo: &JpegPhoto,
    ) -> Result<UploadResponse, Error> {
        self.upload(UploadMethod::Put, target, photo).await
    }

    /// Updates the photo of a target by `PATCH`. Graph does the same as for
    /// [`replace`](Self::replace), which its documentation prefers.
    ///
    /// # Errors
    ///
    /// The same as for [`replace`](Self::replace).
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
    /// The same as for [`replace`](Self::replace).
    pub async fn upload(
        &self,
        method: UploadMethod,
        target: &PhotoTarget,
        photo: &JpegPhoto,
    ) -> Result<UploadResponse, Error> {
        let operation = || target.operation(method).map_or("none", Operation::id);
        let span =
            info_span!("upload", operation = operation(), %target, bytes = photo.bytes().len());
        match target.upload(&self.client, method, photo).instrument(span).await {
            Some(outcome) => outcome.map_err(|error| error.with_target(target)),
            None => Err(Error::no_such_operation(target, method)),
        }
    }

    /// Compares the token's claims with the permissions that an upload requires, without
    /// sending anything to Graph, so that a long run fails before it begins. A token without
    /// readable claims passes, and so does one whose permissions may suffice.
    ///
    /// # Errors
    ///
    /// [`Error`] if Graph is certain to refuse the token: for this operation
    /// ([`is_permission_denied`](Error::is_permission_denied)) or at all
    /// ([`is_unauthorized`](Error::is_unauthorized)); or if there is no token or no Tokio
    /// runtime.
    pub async fn check_token(
        &self,
        method: UploadMethod,
        target: &PhotoTarget,
    ) -> Result<(), Error> {
        let Some(operation) = target.operation(method) else {
            return Err(Error::no_such_operation(target, method));
        };
        let checked = self.client.inner.check_token(operation).await;
        checked.map_err(|error| error.with_target(target))
    }

    /// The generated client, with a method for each operation. A direct call is validated,
    /// authorized and retried like an upload. Its errors lack only the
    /// [`target`](Error::target); their messages name the path template instead.
    pub fn generated(&self) -> &Client {
        &self.client
    }
}
