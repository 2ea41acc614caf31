//! Ctrl-C.

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
};

use super::{Run, Server, TOKEN, program};

#[test]
fn exits_with_130_if_interrupted() {
    let server = Server::answering([""]);
    let args = ["set", "/me", "baseline.jpg", "--json", "--base-url", &server.base_url];
    let mut program = program(&args);
    program.env("GRAPH_ACCESS_TOKEN", TOKEN).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = program.spawn().unwrap();
    server.request();
    interrupt(child.id());
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(130), "error: interrupted\n"));
    assert_eq!(run.json()["error"]["kind"], "interrupted");
}

/// An opened pipe without an end blocks the thread that reads it.
#[test]
fn can_be_interrupted_while_a_file_is_read() {
    for (name, args) in
        [("photo", &["check"][..]), ("token", &["set", "/me", "baseline.jpg", "--token-file"])]
    {
        let pipe = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pipe-of-{name}"));
        let _ = fs::remove_file(&pipe);
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut program = program(args);
        program.arg(&pipe).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = program.spawn().unwrap();
        // Returns once the program has opened it for reading.
        let _writer = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
        interrupt(child.id());
        assert_eq!(Run::from(child.wait_with_output().unwrap()).code, Some(130), "{name}");
    }
}

/// A full pipe blocks the thread that writes to it.
#[test]
fn can_be_interrupted_while_nobody_reads_the_output() {
    let files = vec!["baseline.jpg"; 2000]; // a line for each is more than a pipe holds
    for args in [&["check"][..], &["check", "--json"]] {
        let mut program = program(args);
        program.args(&files).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        interrupt(child.id());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{args:?}");
    }
}

fn interrupt(process: u32) {
    assert!(Command::new("kill").args(["-INT", &process.to_string()]).status().unwrap().success());
}
