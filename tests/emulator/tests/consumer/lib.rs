//! A crate that replaces photos.

use graph_photo_client::{Error, GraphPhotoClient, JpegPhoto, PhotoTarget};

/// Replaces the photo of the signed-in user.
pub async fn replace_own_photo(client: &GraphPhotoClient, photo: &JpegPhoto) -> Result<(), Error> {
    client.replace(&PhotoTarget::me(), photo).await.map(drop)
}
