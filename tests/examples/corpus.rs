//! Judges a folder of JPEG files for `.ci/judges`, which compares the judgements with `ExifTool`'s.
//!
//! `cargo run --package graph-photo-tests --example corpus -- FOLDER STRIPPED`
//!
//! Prints a JSON object for each file: what the walk, libjpeg-turbo's `djpeg` (Debian:
//! `libjpeg-turbo-progs`) and zune-jpeg say of it. Writes each accepted file without its
//! metadata into `STRIPPED`, and says whether djpeg still decodes it to the same pixels.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{fs, io};

use graph_photo_client::{
    InvalidJpeg, JpegPhoto, PhotoFault, PhotoWarning, has_damaged_image_data,
};
use serde_json::{Value, json};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Decoders round and upsample differently, but no row of pixels differs by more than this on
/// average.
const ROW_TOLERANCE: usize = 24;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(stripped)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: corpus FOLDER STRIPPED");
        return ExitCode::FAILURE;
    };
    match judge_all(&folder, &stripped) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: failed to judge `{}`: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn judge_all(folder: &Path, stripped: &Path) -> io::Result<()> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    for file in files {
        println!("{}", judge(&file, stripped)?);
    }
    Ok(())
}

fn judge(file: &Path, stripped: &Path) -> io::Result<Value> {
    let bytes = fs::read(file)?;
    let name = file.file_name().unwrap_or_default();
    let djpeg = Djpeg::decode(file)?;
    let mut judgement = json!({
        "file": name.to_string_lossy(),
        "djpeg": djpeg.verdict,
        "said": djpeg.said,
    });
    match JpegPhoto::from_bytes(bytes.clone()) {
        Ok(photo) => {
            let clean = photo.without_metadata().map_err(io::Error::other)?;
            let clean_file = stripped.join(name);
            fs::write(&clean_file, clean.bytes())?;
            let again = Djpeg::decode(&clean_file)?;
            let has = |warning: PhotoWarning| photo.warnings().contains(&warning);
            judgement["photo"] = json!({
                "width": photo.width(),
                "height": photo.height(),
                "orientation": photo.orientation(),
                "components": photo.components(),
                "position": has(PhotoWarning::GpsPosition),
                "place": has(PhotoWarning::PlaceName),
                "damaged": has_damaged_image_data(photo.bytes()),
                "same_pixels": djpeg.pixels == again.pixels,
                "has_pixels": !djpeg.pixels.is_empty(),
                "stripped_again": clean.without_metadata().map_err(io::Error::other)? == clean,
            });
            judgement["zune"] = zune(&bytes, &djpeg);
        }
        Err(error) => {
            judgement["fault"] = match error.fault() {
                PhotoFault::Content(InvalidJpeg::Malformed { what, .. }) => json!(what),
                fault => json!(fault.to_string()),
            };
        }
    }
    Ok(judgement)
}

/// What zune-jpeg makes of a file that the walk accepts: "same" pixels as djpeg, but for
/// rounding, "other" ones, "unknown" where djpeg has none to compare with, or its error.
fn zune(bytes: &[u8], djpeg: &Djpeg) -> Value {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(65_535)
        .set_max_height(65_535);
    let (space, samples) = match djpeg.pixels.get(..2) {
        Some(b"P5") => (ColorSpace::Luma, 1),
        _ => (ColorSpace::RGB, 3),
    };
    let options = options.jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = match decoder.decode() {
        Ok(pixels) => pixels,
        Err(error) => return json!(format!("{error:?}")),
    };
    let theirs = djpeg.pixels.len().checked_sub(pixels.len()).map(|at| &djpeg.pixels[at..]);
    let (Some(theirs), Some((width, _))) = (theirs, decoder.dimensions()) else {
        return json!("unknown");
    };
    let row = width * samples;
    let differs = |(one, other): (&[u8], &[u8])| {
        let differences = one.iter().zip(other).map(|(one, other)| one.abs_diff(*other));
        differences.map(usize::from).sum::<usize>() > ROW_TOLERANCE * row
    };
    let is_same = !pixels.chunks(row).zip(theirs.chunks(row)).any(differs);
    json!(if is_same { "same" } else { "other" })
}

/// What djpeg makes of a file.
struct Djpeg {
    /// "read", "complained" (but decoded), "cut off", "refused", or "no pnm" for colours that
    /// its output has no form for.
    verdict: &'static str,
    said: String,
    /// As PGM or PPM.
    pixels: Vec<u8>,
}

impl Djpeg {
    fn decode(file: &Path) -> io::Result<Self> {
        let output = Command::new("djpeg").arg("-pnm").arg(file).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let verdict = match output.status.code() {
            _ if said.contains("PPM output must be") => "no pnm",
            Some(0) if said.is_empty() => "read",
            Some(0 | 2) if said.contains("remature end") => "cut off",
            Some(0 | 2) => "complained",
            _ => "refused",
        };
        Ok(Self { verdict, said, pixels: output.stdout })
    }
}
