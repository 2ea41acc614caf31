//! The smallest upload of a photo: `minimal FILE`, with `GRAPH_ACCESS_TOKEN` and
//! `GRAPH_BASE_URL` in the environment.

use std::{env, error::Error, process::ExitCode};

use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = upload().await else { return ExitCode::SUCCESS };
    eprintln!("{error:#}"); // what failed, and why
    ExitCode::FAILURE
}

async fn upload() -> Result<(), Box<dyn Error>> {
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(env::var("GRAPH_ACCESS_TOKEN").unwrap_or_default()))
        .base_url(env::var("GRAPH_BASE_URL").map_err(|_| "set GRAPH_BASE_URL")?) // not for the global cloud
        .build()?;
    let photo = JpegPhoto::read(env::args().nth(1).ok_or("name a JPEG file")?).await?;
    client.replace(&PhotoTarget::me(), &photo).await?;
    Ok(())
}
