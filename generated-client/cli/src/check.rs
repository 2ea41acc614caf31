//! `graph-photo check`: checks whether files can be uploaded.

mod fix;
mod patterns;

use std::path::Path;

use graph_photo_client::{JpegPhoto, MAX_REQUEST_BYTES};
use serde_json::{Value, json};

use crate::{
    args::CheckArgs,
    blocking::off_thread,
    exit::Exit,
    failure::{Failure, FailureKind, Subject},
    fit::FitOptions,
    output::{self, Output, printable, shown},
    photo::{self, Refusal, Warning},
};

/// The minimum bytes that a request needs besides its photo.
const LEAST_REST: u64 = 200;

/// The bytes that a request may need besides its photo: tokens of several KiB are common,
/// and servers rarely accept more than this.
const SAFE_REST: u64 = 16 * 1024;

pub(crate) async fn run(args: &CheckArgs, output: Output) -> Result<Exit, Failure> {
    let patterns = args.files.clone();
    let files = off_thread(move || Ok(patterns::expand(&patterns))).await;
    let files = files.unwrap_or_else(|_| args.files.clone());
    if let Some(directory) = &args.fix {
        return fix::run(&files, directory, FitOptions::from(&args.fit), output).await;
    }
    let mut refused = 0_usize;
    for file in &files {
        match judge(file).await {
            Ok(photo) => {
                let mut warnings = photo::warnings(&photo);
                warnings.extend(doubt(&photo));
                let json = json!({
                    "file": file.to_string_lossy(),
                    "photo": photo::json(&photo, &warnings),
                });
                output.result(&json, || accepted(file, &photo, &warnings)).await?;
            }
            Err(Refusal { reason, failure, .. }) => {
                refused += 1;
                let text = format!("{}: refused: {reason}", printable(file));
                output.result(&refused_json(file, &failure), || text).await?;
            }
        }
    }
    if refused == 0 {
        return Ok(Exit::Done);
    }
    let count = files.len();
    let files = if count == 1 { "file" } else { "files" };
    output::error(format_args!("{refused} of {count} {files} cannot be uploaded"));
    Ok(Exit::Refused)
}

/// Reads a file, and refuses a photo too large for any request.
async fn judge(file: &Path) -> Result<JpegPhoto, Refusal> {
    let photo = photo::read(file, false).await?;
    let rest = rest(&photo);
    if rest >= LEAST_REST {
        return Ok(photo);
    }
    let reason = format!(
        "of the {MAX_REQUEST_BYTES} bytes that a whole request may have, it leaves {rest} for \
         headers and token; {}",
        remedy(&photo)
    );
    let message = format!("the photo `{}` is too large: {reason}", printable(file));
    let failure = Failure::Refused(FailureKind::TooLarge, message);
    Err(Refusal { reason, failure, fits_without_metadata: false })
}

/// The bytes left for the rest of a request after its photo.
fn rest(photo: &JpegPhoto) -> u64 {
    MAX_REQUEST_BYTES.saturating_sub(photo.bytes().len() as u64)
}

/// Explains how to make a photo fit with any token.
fn remedy(photo: &JpegPhoto) -> String {
    let remedy = format!("make it smaller by {} bytes to be safe", SAFE_REST - rest(photo));
    match photo.without_metadata() {
        Ok(clean) if rest(&clean) >= SAFE_REST => {
            let bytes = clean.bytes().len();
            format!("{remedy}, or remove its metadata, which leaves {bytes} bytes")
        }
        _ => remedy,
    }
}

/// A warning about a photo that fits only with a short token.
fn doubt(photo: &JpegPhoto) -> Option<Warning> {
    let rest = rest(photo);
    (rest < SAFE_REST).then(|| {
        let remedy = remedy(photo);
        let message = format!(
            "the photo leaves {rest} bytes of a request for headers and token, which may be too \
             few; {remedy}"
        );
        Warning { kind: "nearLimit", message }
    })
}

fn accepted(file: &Path, photo: &JpegPhoto, warnings: &[Warning]) -> String {
    let warnings = warnings.iter().map(|warning| format!("\n  warning: {}", warning.message));
    format!("{}: {}{}", printable(file), photo::text(photo), warnings.collect::<String>())
}

fn refused_json(file: &Path, failure: &Failure) -> Value {
    let file = shown(file).into_owned();
    let subject = Subject { target: None, file: Some(file.clone()) };
    json!({ "file": file, "error": failure.json(&subject) })
}
