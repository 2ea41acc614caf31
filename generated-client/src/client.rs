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
/// Cheap to clone; clones share one pool of connections. See the
/// [crate's front page](crate) for a tutorial.
#[derive(Debug, Clone)]
pub struct GraphPhotoClient {
    pub(crate) client: Client,
}

impl GraphPhotoClient {
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
        match target.upload(&self.client, method, photo).instrument(span).await {
            Some(outcome) => outcome.map_err(|error| error.with_target(target)),
            None => Err(Error::no_such_operation(target, method)),
        }
    }

    /// Compares the token's claims with the permissions that an upload takes, without sending
    /// anything to Graph: so that a long run does not begin in vain. A token that says nothing
    /// of itself passes, and so does one whose permissions might suffice: Graph has the last
    /// word.
    ///
    /// # Errors
    ///
    /// [`Error`] if Graph is certain to refuse the token: for this operation
    /// ([`is_permission_denied`](Error::is_permission_denied)) or at all
    /// ([`is_unauthorized`](Error::is_unauthorized)); or if there is no token.
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

    /// The generated client, with a method for each operation. A direct call is checked,
    /// authorized and tried again like an upload, and tells as much of what became of it -
    /// but for the [`target`](Error::target) of an error, whose message names the form of
    /// its path instead.
    pub fn generated(&self) -> &Client {
        &self.client
    }
}
