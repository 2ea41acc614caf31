//! Distinguishes errors: `errors TARGET FILE`, with `GRAPH_ACCESS_TOKEN` in the environment,
//! and `GRAPH_BASE_URL` for another cloud than the global one.

use std::{env, process::ExitCode};

use graph_photo_client::{Cloud, Error, GraphPhotoClient, JpegPhoto, StaticToken};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = upload().await else {
        return ExitCode::SUCCESS;
    };
    let advice = if error.is_local() {
        "nothing was sent: fix the input"
    } else if error.is_throttled() {
        "Graph wants fewer requests: come back later"
    } else if error.is_unauthorized() {
        "get a new token"
    } else if error.is_permission_denied() {
        "ask the administrator for a permission"
    } else if error.is_not_found() {
        "there is no such user, group or contact, or it has no mailbox"
    } else if error.is_retryable() {
        "try again later"
    } else {
        "trying again will not help"
    };
    println!("{advice}");
    if let Some(diagnosis) = error.diagnosis() {
        println!("the token itself says why: {diagnosis}");
    }
    if let (Some(status), Some(id)) = (error.status(), error.request_id()) {
        println!("for Microsoft's support: {status}, request-id {id}");
    }
    println!("{error:#}"); // what failed, and why
    ExitCode::FAILURE
}

async fn upload() -> Result<(), Error> {
    let mut arguments = env::args().skip(1);
    let target = arguments.next().unwrap_or_default().parse()?;
    let photo = JpegPhoto::read(arguments.next().unwrap_or_default()).await?;
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(env::var("GRAPH_ACCESS_TOKEN").unwrap_or_default()))
        .base_url(env::var("GRAPH_BASE_URL").unwrap_or(Cloud::default().base_url().to_owned()))
        .build()?;
    client.replace(&target, &photo).await?;
    Ok(())
}
