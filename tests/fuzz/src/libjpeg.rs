//! libjpeg-turbo as a judge: its program `djpeg`.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// Whether djpeg decodes a picture without complaint; false if it is not installed.
pub(crate) fn decodes(jpeg: &[u8]) -> bool {
    let mut djpeg = Command::new(std::env::var("DJPEG").unwrap_or_else(|_| "djpeg".to_owned()));
    djpeg.args(["-outfile", "/dev/null"]);
    djpeg.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let Ok(mut child) = djpeg.spawn() else { return false };
    // It may end before it has read everything.
    let _ = child.stdin.take().map(|mut input| input.write_all(jpeg));
    child.wait_with_output().is_ok_and(|output| output.status.success() && output.stderr.is_empty())
}
