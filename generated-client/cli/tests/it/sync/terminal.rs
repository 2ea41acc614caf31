//! At a terminal there are bars, in a pipe there are lines.

use std::{io::Read as _, process::Stdio, time::Duration};

use graph_photo_emulator::{Fault, Rule};

use super::{FAST, Run, Site};
use crate::pty::pty;

/// What the program shows at a terminal.
fn shown(site: &Site, args: &[&str]) -> String {
    let (mut terminal, open) = pty();
    let mut program = site.program(args);
    program.env("TERM", "xterm").stdin(open()).stdout(open()).stderr(open());
    let mut child = program.spawn().unwrap();
    drop(program);
    let mut text = Vec::new();
    let _ = terminal.read_to_end(&mut text);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn a_terminal_has_bars_and_failures_above_them() {
    let site = Site::new("terminal");
    site.write_photos("in", 20);
    site.emulator.fail_with(Rule::new(Fault::status(404)).target("/users/u7@*"));
    site.emulator.fail_with(Rule::new(Fault::delay(Duration::from_millis(50))));
    let text = shown(&site, &[&["in"], &FAST[..]].concat());
    assert!(text.contains("sent [") && text.contains("/20 "), "{text}");
    assert!(text.contains("failed, ") && text.contains("/s"), "{text}");
    assert!(text.contains("/users/u7@contoso.com: Graph answered 404"), "{text}");
    assert!(text.contains("Done: 19 stored, 1 failed"), "{text}");
}

#[test]
fn a_pipe_has_a_line_every_few_seconds() {
    let site = Site::new("pipe");
    site.write_photos("in", 60);
    let mut program = site.program(&["in", "--rate", "9"]);
    let program = program.stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(0));
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{}", run.stderr);
    assert!(lines[0].starts_with("note: 4") && lines[0].contains(" of 60 sent, 0 failed, "));
    assert!(lines[0].ends_with(" left"), "{}", lines[0]);
    assert!(!run.stderr.contains('\u{1b}'));
}
