//! The least that uploads a photo: `minimal FILE`, with `GRAPH_ACCESS_TOKEN`
//! and `GRAPH_BASE_URL` in the environment.

use std::{env, error::Error};

use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(env::var("GRAPH_ACCESS_TOKEN")?))
        .base_url(env::var("GRAPH_BASE_URL")?) // leave this out for the global cloud
        .build()?;
    let photo = JpegPhoto::read(env::args().nth(1).ok_or("name a JPEG file")?).await?;
    client.replace(&PhotoTarget::me(), &photo).await?;
    Ok(())
}
