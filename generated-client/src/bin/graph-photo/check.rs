//! `graph-photo check`: tells whether files can be uploaded.

use std::{fmt::Write as _, path::Path};

use graph_photo_client::{InvalidPhoto, JpegPhoto};
use serde_json::{Value, json};

use crate::{
    args::CheckArgs,
    failure::{Exit, Failure},
    output::{self, Output},
    photo,
};

pub(crate) async fn run(args: &CheckArgs, output: &Output) -> Result<Exit, Failure> {
    let mut refused = 0_usize;
    for file in &args.files {
        let result = JpegPhoto::read(file).await;
        refused += usize::from(result.is_err());
        match result {
            Ok(photo) => output.result(&accepted_json(file, &photo), || accepted(file, &photo))?,
            Err(error) => {
                let text = format!("{}: refused: {}", file.display(), error.fault());
                output.result(&refused_json(file, error), || text)?;
            }
        }
    }
    if refused == 0 {
        return Ok(Exit::Done);
    }
    output::error(format_args!("{refused} of {} files cannot be uploaded", args.files.len()));
    Ok(Exit::Refused)
}

fn accepted(file: &Path, photo: &JpegPhoto) -> String {
    let mut text = format!("{}: {}", file.display(), photo::text(photo));
    for warning in photo.warnings() {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  warning: {warning}");
    }
    text
}

fn accepted_json(file: &Path, photo: &JpegPhoto) -> Value {
    json!({ "file": file.to_string_lossy(), "photo": photo::json(photo) })
}

fn refused_json(file: &Path, error: InvalidPhoto) -> Value {
    json!({ "file": file.to_string_lossy(), "error": Failure::from(error).json() })
}
