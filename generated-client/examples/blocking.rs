//! Uploads a photo from a program without async: `blocking TARGET FILE`, with
//! `GRAPH_ACCESS_TOKEN` in the environment, and `GRAPH_BASE_URL` for another cloud than the
//! global one. It needs only the feature `rt` of `tokio`.

use std::{env, error::Error, fs, process::ExitCode};

use graph_photo_client::{Cloud, GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let Err(error) = upload() else { return ExitCode::SUCCESS };
    eprintln!("{error:#}"); // what failed, and why
    ExitCode::FAILURE
}

fn upload() -> Result<(), Box<dyn Error>> {
    let [target, file] = arguments()?;
    let target: PhotoTarget = target.parse()?;
    let bytes = fs::read(&file).map_err(|cause| format!("failed to read `{file}`: {cause}"))?;
    let photo = JpegPhoto::from_bytes(bytes)?;
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(env::var("GRAPH_ACCESS_TOKEN").unwrap_or_default()))
        .base_url(env::var("GRAPH_BASE_URL").unwrap_or(Cloud::default().base_url().to_owned()))
        .build()?;

    // One runtime for all uploads: the client's connections live in it.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(client.replace(&target, &photo))?;
    println!("{target}: done");
    Ok(())
}

fn arguments() -> Result<[String; 2], &'static str> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    arguments.try_into().map_err(|_| "usage: blocking TARGET FILE")
}
