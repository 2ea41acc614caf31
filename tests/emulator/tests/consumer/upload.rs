//! The test of a crate that replaces photos.

use std::{error::Error, time::Duration};

use consumer::replace_own_photo;
use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};
use graph_photo_emulator::{Emulator, Fault};

#[tokio::test]
async fn a_throttled_upload_is_sent_again() -> Result<(), Box<dyn Error>> {
    let photo = JpegPhoto::read("photo.jpg").await?;

    let emulator = graph_photo_emulator::Emulator::start()?;
    emulator.fail_next(1, Fault::status(429).retry_after(Duration::from_secs(1)));
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(emulator.token_for("megan@contoso.com").encode()))
        .base_url(emulator.base_url()).build()?;
    client.replace(&PhotoTarget::me(), &photo).await?;
    assert_eq!(emulator.photo("/me").unwrap(), *photo.bytes());
    assert_eq!(emulator.requests().len(), 2);

    assert!(emulator.requests().iter().all(|request| !request.is_early()));
    Ok(())
}

/// The emulator needs no runtime; the client has one of its own here.
#[test]
fn the_emulator_starts_without_a_runtime() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start()?;
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(emulator.token_for("adele@contoso.com").encode()))
        .base_url(emulator.base_url())
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let photo = JpegPhoto::read("photo.jpg").await?;
        replace_own_photo(&client, &photo).await
    })?;
    assert!(emulator.wait_for(1, Duration::from_secs(10)));
    assert_eq!(emulator.history("/users/adele@contoso.com").len(), 1);

    emulator.reset();
    assert_eq!(emulator.photo("/me"), None);
    assert_eq!(emulator.requests().len(), 0);
    Ok(())
}
