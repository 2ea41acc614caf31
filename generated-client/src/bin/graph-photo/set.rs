//! `graph-photo set`: uploads a photo.

use graph_photo_client::{
    InvalidPhoto, JpegPhoto, Operation, PhotoFault, PhotoTarget, PhotoWarning, UploadMethod,
    UploadResponse,
};
use serde_json::{Value, json};

use crate::{
    args::{ConnectionArgs, SetArgs},
    connection::Place,
    failure::{Exit, Failure, Subject},
    output::{self, Output, printable},
    photo,
};

pub(crate) async fn run(
    args: &SetArgs,
    connection: &ConnectionArgs,
    output: Output,
) -> Result<Exit, Failure> {
    let Place { target, cloud } = connection.place(&args.target)?;
    let photo = read(args).await?;
    let client = connection.client(cloud).await?;
    warn(args, &photo);
    let method = UploadMethod::from(args.method);
    let response = client.upload(method, &target, &photo).await?;
    let json = done_json(args, &target, &photo, &response);
    let told = output.result(&json, || done(&target, &photo, &response)).await;
    told.map_err(|failure| failure.after(&format!("the photo of `{target}` was set")))?;
    Ok(Exit::Done)
}

/// The photo, without its metadata if that was asked for.
async fn read(args: &SetArgs) -> Result<JpegPhoto, InvalidPhoto> {
    if args.strip_metadata {
        return JpegPhoto::read_without_metadata(&args.file).await;
    }
    let photo = JpegPhoto::read(&args.file).await;
    if let Err(error) = &photo
        && let PhotoFault::TooLarge { without_metadata: Some(_), .. } = error.fault()
    {
        let file = printable(&args.file);
        output::warning(format_args!("{file}: --strip-metadata makes it fit"));
    }
    photo
}

/// What an upload is about, as far as that can be told if it fails.
pub(crate) fn subject(args: &SetArgs, connection: &ConnectionArgs) -> Subject {
    let place = connection.place(&args.target).ok();
    Subject {
        target: place.map(|place| place.target.to_string()),
        file: Some(args.file.to_string_lossy().into_owned()),
    }
}

/// Tells what others will see, or not see well.
fn warn(args: &SetArgs, photo: &JpegPhoto) {
    for warning in photo.warnings() {
        let help = match warning {
            PhotoWarning::GpsPosition
            | PhotoWarning::PlaceName
            | PhotoWarning::TrailingBytes(_) => " (--strip-metadata)",
            _ => "",
        };
        output::warning(format_args!("{}: {warning}{help}", printable(&args.file)));
    }
}

fn done(target: &PhotoTarget, photo: &JpegPhoto, response: &UploadResponse) -> String {
    let mut text = format!("{target}: photo set: {}", photo::text(photo));
    if let Some(id) = &response.request_id {
        text = format!("{text} (request-id {})", id.escape_debug());
    }
    text
}

fn done_json(
    args: &SetArgs,
    target: &PhotoTarget,
    photo: &JpegPhoto,
    response: &UploadResponse,
) -> Value {
    let method = UploadMethod::from(args.method);
    json!({
        "target": target.to_string(),
        "operation": target.operation(method).map(Operation::id),
        "method": method.as_str(),
        "file": args.file.to_string_lossy(),
        "photo": photo::json(photo),
        "status": response.status.as_u16(),
        "requestId": response.request_id,
        "clientRequestId": response.client_request_id,
        "attempts": response.attempts,
        "waitSeconds": response.total_wait.as_secs_f64(),
    })
}
