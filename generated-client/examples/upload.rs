//! Examines a photo and uploads it: `upload TARGET FILE`, with `GRAPH_ACCESS_TOKEN` in the
//! environment, and `GRAPH_BASE_URL` for another cloud than the global one.

use std::{env, error::Error, process::ExitCode};

use graph_photo_client::{
    Cloud, GraphPhotoClient, JpegPhoto, PhotoTarget, PhotoWarning, StaticToken,
};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = upload().await else { return ExitCode::SUCCESS };
    eprintln!("{error:#}"); // what failed, and why
    ExitCode::FAILURE
}

async fn upload() -> Result<(), Box<dyn Error>> {
    let [target, file] = arguments()?;
    // A resource path such as /me or /users/user@contoso.com, or a Graph URL.
    let target: PhotoTarget = target.parse()?;

    let mut photo = JpegPhoto::read(&file).await?;
    println!("{} x {} pixels, {} bytes", photo.width(), photo.height(), photo.bytes().len());
    for warning in photo.warnings() {
        println!("warning: {warning}");
    }
    if photo.warnings().contains(&PhotoWarning::GpsPosition) {
        photo = photo.without_metadata()?;
        println!("removed the metadata; the pixels are the same");
    }

    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(env::var("GRAPH_ACCESS_TOKEN").unwrap_or_default()))
        .base_url(env::var("GRAPH_BASE_URL").unwrap_or(Cloud::default().base_url().to_owned()))
        .build()?;
    let response = client.replace(&target, &photo).await?;
    println!("{target}: {} after {} attempt(s)", response.status, response.attempts);
    Ok(())
}

fn arguments() -> Result<[String; 2], &'static str> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    arguments.try_into().map_err(|_| "usage: upload TARGET FILE")
}
