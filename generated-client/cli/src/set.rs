//! `graph-photo set`: uploads a photo.

use std::path::Path;

use graph_photo_client::{
    JpegPhoto, Operation, PhotoTarget, Printable, UploadResponse, without_secrets,
};
use serde_json::{Value, json};

use crate::{
    args::{ConnectionArgs, SetArgs},
    connection::Place,
    exit::Exit,
    failure::{Failure, FailureKind, Subject},
    output::{self, Output, printable, shown},
    photo::{self, Warning},
    target::{are_swapped, user_path},
};

pub(crate) async fn run(
    args: &SetArgs,
    connection: &ConnectionArgs,
    output: Output,
) -> Result<Exit, Failure> {
    let Place { target, cloud } = place(args, connection)?;
    let photo = read(args).await.map_err(|failure| failure.of_task(&task(args, &target)))?;
    let client = connection.client(cloud).await?;
    let warnings = photo::warnings(&photo);
    warn(args, &warnings);
    let response = client.upload(args.method, &target, &photo).await?;
    let json = done_json(args, &target, &photo::json(&photo, &warnings), &response);
    let reported = output.result(&json, || done(&target, &photo, &response)).await;
    reported.map_err(|failure| failure.after(&format!("the photo of `{target}` was set")))?;
    Ok(Exit::Done)
}

/// Finds the target and its cloud.
fn place(args: &SetArgs, connection: &ConnectionArgs) -> Result<Place, Failure> {
    let why = if are_swapped(&args.target, &args.file, |text| connection.place(text).is_ok()) {
        let (target, file) = (Printable(&without_secrets(&args.target)), printable(&args.file));
        format!("target and file are swapped; write `graph-photo set {file} {target}`")
    } else if user_path(&args.target).is_some() && Path::new(&args.target).is_file() {
        "it is a file; the target comes first, such as `/me`".to_owned()
    } else {
        return connection.place_to_call(&args.target);
    };
    let problem =
        format!("failed to read the target `{}`: {why}", Printable(&without_secrets(&args.target)));
    Err(Failure::Refused(FailureKind::InvalidTarget, problem))
}

/// Reads the photo, and removes its metadata on request.
async fn read(args: &SetArgs) -> Result<JpegPhoto, Failure> {
    photo::read(&args.file, args.strip_metadata).await.map_err(|refusal| {
        if refusal.fits_without_metadata && !args.strip_metadata {
            let file = printable(&args.file);
            output::warning(format_args!("{file}: --strip-metadata makes it fit"));
        }
        refusal.failure
    })
}

/// The task, in the words of the library's errors.
fn task(args: &SetArgs, target: &PhotoTarget) -> String {
    format!("{} the photo of `{target}`", args.method.verb())
}

/// What a failed upload was about, as far as that is known.
pub(crate) fn subject(args: &SetArgs, connection: &ConnectionArgs) -> Subject {
    let place = connection.place(&args.target).ok();
    Subject {
        target: place.map(|place| place.target.to_string()),
        file: Some(shown(&args.file).into_owned()),
    }
}

/// Warns of what others will see, or will not see well.
fn warn(args: &SetArgs, warnings: &[Warning]) {
    for Warning { kind, message } in warnings {
        let help = match *kind {
            "gpsPosition" | "placeName" | "trailingBytes" => " (--strip-metadata)",
            _ => "",
        };
        output::warning(format_args!("{}: {message}{help}", printable(&args.file)));
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
    photo: &Value,
    response: &UploadResponse,
) -> Value {
    json!({
        "target": target.to_string(),
        "operation": target.operation(args.method).map(Operation::id),
        "method": args.method.as_str(),
        "file": args.file.to_string_lossy(),
        "photo": photo,
        "status": response.status.as_u16(),
        "requestId": response.request_id,
        "clientRequestId": response.client_request_id,
        "attempts": response.attempts,
        "waitSeconds": response.total_wait.as_secs_f64(),
    })
}
