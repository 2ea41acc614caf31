//! Uploads a photo with a token from the Azure CLI: `azure_identity TARGET FILE` after `az
//! login`. Other credentials of `azure_identity` work likewise.

use std::{env, error::Error, process::ExitCode};

use azure_identity::AzureCliCredential;
use graph_photo_client::{AzureToken, Cloud, GraphPhotoClient, JpegPhoto, PhotoTarget};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = upload().await else { return ExitCode::SUCCESS };
    eprintln!("{error:#}"); // what failed, and why
    ExitCode::FAILURE
}

async fn upload() -> Result<(), Box<dyn Error>> {
    let [target, file] = arguments()?;
    let target: PhotoTarget = target.parse()?;
    let photo = JpegPhoto::read(&file).await?;

    // The scope is that of the client's cloud; tokens are cached and renewed.
    let credential = AzureCliCredential::new(None)?;
    let client = GraphPhotoClient::builder()
        .token_provider(AzureToken::new(credential))
        .base_url(env::var("GRAPH_BASE_URL").unwrap_or(Cloud::default().base_url().to_owned()))
        .build()?;
    client.replace(&target, &photo).await?;
    println!("{target}: done");
    Ok(())
}

fn arguments() -> Result<[String; 2], &'static str> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    arguments.try_into().map_err(|_| "usage: azure_identity TARGET FILE")
}
