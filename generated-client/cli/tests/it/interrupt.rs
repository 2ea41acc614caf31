//! Ctrl-C and SIGTERM.

use std::{
    env, fs,
    io::{Read as _, Write as _},
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use rustix::process::{ioctl_tiocsctty, setsid};
use signal_hook::consts::SIGINT;

use super::{Run, Server, TOKEN, program, pty::pty};

/// Signals (POSIX, `kill`): name, number and what is printed.
const SIGNALS: [(&str, i32, &str); 2] = [("INT", 2, "interrupted"), ("TERM", 15, "terminated")];

#[test]
fn dies_of_the_signal_that_ends_it() {
    for (name, number, word) in SIGNALS {
        let server = Server::answering([""]);
        let args = ["set", "/me", "baseline.jpg", "--json", "--base-url", &server.base_url];
        let mut program = program(&args);
        program.env("GRAPH_ACCESS_TOKEN", TOKEN).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = program.spawn().unwrap();
        server.request();
        signal(child.id(), name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.signal(), Some(number));
        let run = Run::from(output);
        assert_eq!(run.stderr, format!("error: {word}\n"));
        assert_eq!(run.json()["error"]["kind"], "interrupted");
    }
}

/// The variable that names what [`runs_in_a_terminal`] runs.
const SCRIPT: &str = "SCRIPT_IN_A_TERMINAL";

/// Not a test: the process that [`ctrl_c_ends_a_loop_of_a_shell`] starts at a terminal,
/// which becomes the shell of that terminal.
#[test]
fn runs_in_a_terminal() {
    let Some(script) = env::var_os(SCRIPT) else {
        return;
    };
    setsid().unwrap();
    ioctl_tiocsctty(std::io::stdin()).unwrap();
    // A test started in the background ignores Ctrl-C, and the shell would inherit that. A
    // handler is reset by `exec`.
    signal_hook::flag::register(SIGINT, Arc::default()).unwrap();
    // Bash if possible: other shells end the loop whatever the program does.
    let failures = ["bash", "sh"].map(|shell| Command::new(shell).arg("-c").arg(&script).exec());
    panic!("{failures:?}");
}

/// A shell goes on with its loop unless the interrupted program died of the signal.
#[test]
fn ctrl_c_ends_a_loop_of_a_shell() {
    let server = Server::answering(["", "", ""]);
    let (mut terminal, open) = pty();
    let program = program(&["set", "/me", "baseline.jpg", "--base-url", &server.base_url]);
    let words: Vec<_> = program.get_args().map(|word| word.to_str().unwrap()).collect();
    let script = format!(
        "for i in 1 2 3; do '{}' {}; echo \"run $i: $?\"; done; echo all",
        program.get_program().to_str().unwrap(),
        words.join(" ")
    );
    let mut shell = Command::new(env::current_exe().unwrap());
    let (_, module) = module_path!().split_once("::").unwrap();
    shell.args(["--exact", &format!("{module}::runs_in_a_terminal"), "--nocapture"]);
    shell.current_dir(program.get_current_dir().unwrap());
    shell.env(SCRIPT, script).env("GRAPH_ACCESS_TOKEN", TOKEN);
    let mut shell = shell.stdin(open()).stdout(open()).stderr(open()).spawn().unwrap();
    server.request();
    terminal.write_all(b"\x03").unwrap();
    let status = shell.wait().unwrap();
    assert_eq!(status.signal(), Some(2), "{status}");
    assert_eq!(server.requests().len(), 0);
}

/// A pipe that nobody closes blocks the thread that reads it.
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
        signal(child.id(), "INT");
        assert_eq!(child.wait_with_output().unwrap().status.signal(), Some(2), "{name}");
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
        signal(child.id(), "INT");
        assert_eq!(child.wait().unwrap().signal(), Some(2), "{args:?}");
    }
}

fn signal(process: u32, name: &str) {
    let process = process.to_string();
    assert!(Command::new("kill").args(["-s", name, &process]).status().unwrap().success());
}
