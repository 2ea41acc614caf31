//! `--token-file`.

use insta::assert_snapshot;

use super::{OK, Run, Server, TOKEN, file, program};

const SET: [&str; 4] = ["set", "/me", "baseline.jpg", "--token-file"];

#[test]
fn reads_the_token_of_a_file() {
    let contents = [
        format!("{TOKEN}\r\n"),
        format!("  {TOKEN}\t\n\n"),
        format!("\u{FEFF}{TOKEN}\r\n"), // as PowerShell writes UTF-8
    ];
    let server = Server::answering([OK; 3]);
    for content in contents {
        let mut program = program(&SET);
        program.arg(file("token.txt", content)).args(["--base-url", &server.base_url]);
        let run = Run::from(program.env("GRAPH_ACCESS_TOKEN", "other").output().unwrap());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(server.request().header("authorization"), [format!("Bearer {TOKEN}")]);
    }
}

#[test]
fn tells_why_a_file_has_no_token() {
    let utf16: Vec<u8> =
        [0xFEFF].into_iter().chain(TOKEN.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let contents: [&[u8]; 5] = [&utf16, b"", b" \r\n", b"abc\r\ndef", b"\xE9"];
    let messages = contents.map(|content| {
        let run = Run::from(program(&SET).arg(file("no-token.txt", content)).output().unwrap());
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        run.stderr.replace(concat!(env!("CARGO_TARGET_TMPDIR"), "/"), "")
    });
    assert_snapshot!(messages.concat());
}

#[cfg(unix)]
#[test]
fn reads_no_more_of_a_file_than_a_token_may_have() {
    let run = Run::from(program(&SET).arg("/dev/zero").output().unwrap());
    assert_eq!(run.code, Some(2));
    assert_snapshot!(run.stderr, @"error: failed to read the access token from `/dev/zero`: it has more than 65536 bytes, and no token is that long");
}
