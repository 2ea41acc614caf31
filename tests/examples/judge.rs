//! Compares `inspect` with two decoders over every JPEG file in some folders.
//!
//! `cargo run --release --package graph-photo-tests --example judge -- FOLDER...`
//!
//! Judges: libjpeg-turbo's `djpeg` (Debian: `libjpeg-turbo-progs`; another one
//! by the environment variable `DJPEG`) and zune-jpeg. Lists each file on which
//! they disagree with the walk, then a table of counts. Exit code 1 if the walk
//! refuses a file that djpeg decodes whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use graph_photo_client::JpegPhoto;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

const EXTENSIONS: [&str; 5] = ["jpg", "jpeg", "jpe", "jfif", "mpo"];

fn main() -> ExitCode {
    let djpeg = std::env::var("DJPEG").unwrap_or_else(|_| "djpeg".to_owned());
    let mut files = Vec::new();
    for folder in std::env::args_os().skip(1) {
        collect(Path::new(&folder), &mut files);
    }
    files.sort();
    let mut counts = BTreeMap::<(String, &str, &str), usize>::new();
    let mut wrongly_refused = 0;
    for file in &files {
        let Ok(bytes) = std::fs::read(file) else {
            continue;
        };
        let (libjpeg, said) = ask_djpeg(&djpeg, file);
        let ours = JpegPhoto::from_bytes(bytes.clone());
        let zune = decodes(&bytes);
        let whole = matches!(libjpeg, "whole" | "whole, with a warning");
        if whole != ours.is_ok() {
            let ours = ours.as_ref().map_or_else(ToString::to_string, |_| "accepted".to_owned());
            println!(
                "{}\n  djpeg: {libjpeg} {said}\n  walk: {ours}\n  zune-jpeg: {zune}",
                file.display()
            );
        }
        wrongly_refused += usize::from(whole && ours.is_err());
        let ours = if ours.is_ok() { "accepted" } else { "refused" };
        *counts.entry((libjpeg.to_owned(), zune, ours)).or_default() += 1;
    }
    println!("\n{:24}{:10}{:10}files", "djpeg", "zune-jpeg", "walk");
    for ((libjpeg, zune, ours), count) in counts {
        println!("{libjpeg:24}{zune:10}{ours:10}{count}");
    }
    println!("{} files; decoded whole by djpeg but refused: {wrongly_refused}", files.len());
    ExitCode::from(u8::from(wrongly_refused > 0))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let is = |one: &&str| extension.is_some_and(|other| other.eq_ignore_ascii_case(one));
        if EXTENSIONS.iter().any(is) {
            files.push(path.to_owned());
        }
    } else if let Ok(entries) = std::fs::read_dir(path) {
        entries.flatten().for_each(|entry| collect(&entry.path(), files));
    }
}

/// What djpeg makes of a file, and its last words.
///
/// Without the third `-verbose` it prints the first warning only, which may
/// hide that the file is cut off.
fn ask_djpeg(djpeg: &str, file: &Path) -> (&'static str, String) {
    let output = Command::new(djpeg)
        .args(["-verbose", "-verbose", "-verbose", "-outfile", "/dev/null"])
        .arg(file)
        .stdout(Stdio::null())
        .output();
    let Ok(output) = output else {
        return ("not run", djpeg.to_owned());
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    let last = stderr.lines().last().unwrap_or_default().to_owned();
    let verdict = if stderr.contains("remature end") {
        "cut off"
    } else if output.status.success() {
        "whole"
    } else if output.status.code() == Some(2) {
        "whole, with a warning"
    } else {
        "error"
    };
    (verdict, last)
}

fn decodes(bytes: &[u8]) -> &'static str {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(65_535)
        .set_max_height(65_535);
    match JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode() {
        Ok(_) => "decoded",
        Err(_) => "error",
    }
}
