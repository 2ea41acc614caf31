//! Uploads the photo of a signed-in user's contact: `contact CONTACT_ID FILE`, with
//! `GRAPH_ACCESS_TOKEN` in the environment, and `GRAPH_BASE_URL` for another cloud than the
//! global one.

use std::{env, error::Error, process::ExitCode};

use graph_photo_client::{Cloud, GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = upload().await else { return ExitCode::SUCCESS };
    eprintln!("{error:#}"); // what failed, and why
    ExitCode::FAILURE
}

async fn upload() -> Result<(), Box<dyn Error>> {
    let [contact, file] = arguments()?;
    // An id goes in as Graph returned it, with `/`, `+` and `=`. An id such as `..`, which
    // would lead to another resource, is refused.
    let target = PhotoTarget::my_contact(contact)?;
    let photo = JpegPhoto::read(&file).await?;

    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(env::var("GRAPH_ACCESS_TOKEN").unwrap_or_default()))
        .base_url(env::var("GRAPH_BASE_URL").unwrap_or(Cloud::default().base_url().to_owned()))
        .build()?;
    client.replace(&target, &photo).await?;
    println!("{target}: done");
    Ok(())
}

fn arguments() -> Result<[String; 2], &'static str> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    arguments.try_into().map_err(|_| "usage: contact CONTACT_ID FILE")
}
