//! A wait before a retry is reported without any option, with the target.

use super::{NOT_FOUND, OK, Server, TOKEN, run_with};

const THROTTLED: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\n\
                         content-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn throttling_is_told_with_the_target() {
    for json in [&[][..], &["--json"]] {
        let server = Server::answering([THROTTLED, OK]);
        let set = ["set", "/users/a@contoso.com", "baseline.jpg", "--max-retries", "3"];
        let run = run_with(&server, &[&set, json].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{}", run.stderr);
        let start = "warning: /users/a@contoso.com: Graph answered 429 Too Many Requests; waiting ";
        assert!(lines[0].starts_with(start), "{}", lines[0]);
        assert!(lines[0].ends_with(" s before retry 1 of 3"), "{}", lines[0]);
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    }
}

#[test]
fn a_status_without_words_is_told_as_a_number() {
    let limited = "HTTP/1.1 509 Bandwidth Limit Exceeded\r\nretry-after: 0\r\n\
                   content-length: 0\r\nconnection: close\r\n\r\n";
    let server = Server::answering([limited, OK]);
    let run = run_with(&server, &["set", "/me", "baseline.jpg", "--max-retries", "1"]);
    assert!(run.stderr.contains("Graph answered 509; waiting "), "{}", run.stderr);
}

#[test]
fn nothing_else_is_told_before_the_result() {
    let server = Server::answering([NOT_FOUND]);
    let run = run_with(&server, &["set", "/me", "baseline.jpg"]);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(!run.stderr.contains(TOKEN));
}
