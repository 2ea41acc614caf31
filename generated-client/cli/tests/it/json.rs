//! `--json`: each result and each failure is one object on one line.

use std::fs;

use serde_json::{Value, json};

use super::{NOT_FOUND, Server, TOKEN, run, run_with};

/// The only line of a failure.
fn failure(stdout: &str) -> Value {
    let json: Value = serde_json::from_str(stdout.trim_end_matches('\n')).unwrap();
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    json["error"].clone()
}

#[test]
fn tells_of_arguments_it_does_not_know() {
    let cases: [(&[&str], &str); 4] = [
        (&["--json"], "'graph-photo' requires a subcommand"),
        (&["set", "/me", "--json"], "the following required arguments were not provided: <FILE>"),
        (
            &["set", "/me", "a.jpg", "--json", "--token", TOKEN],
            "unexpected argument '--token' found",
        ),
        (
            &["set", "/me", "a.jpg", "--cloud", "mars", "--json"],
            "invalid value 'mars' for '--cloud",
        ),
    ];
    for (args, message) in cases {
        let run = run(args);
        let error = failure(&run.stdout);
        assert_eq!(run.code, Some(2), "{args:?}");
        assert_eq!(json!([error["kind"], error["nothingSent"]]), json!(["invalidArguments", true]));
        let text = error["message"].as_str().unwrap();
        assert!(text.starts_with(message) && !text.contains("Usage"), "{text}");
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains("--help"),
            "{}",
            run.stderr
        );
    }
    assert!(run(&["--help", "--json"]).stdout.contains("Usage:"));
}

#[test]
fn tells_what_a_failure_is_about() {
    let subject = |args: &[&str]| {
        let run = run(&[&["set", "--json"], args].concat());
        let error = failure(&run.stdout);
        json!([error["target"], error["file"]])
    };
    let conflict = ["--cloud", "china", "https://graph.microsoft.us/v1.0/me", "baseline.jpg"];
    assert_eq!(subject(&["/me/photo/$value", "baseline.jpg"]), json!(["/me", "baseline.jpg"]));
    assert_eq!(subject(&["/users/a", "look-alike.png"]), json!(["/users/a", "look-alike.png"]));
    assert_eq!(subject(&["/users/..", "baseline.jpg"]), json!([null, "baseline.jpg"]));
    assert_eq!(subject(&conflict), json!([null, "baseline.jpg"]));
    let server = Server::answering([NOT_FOUND]);
    let error = failure(&run_with(&server, &["set", "/users/a", "baseline.jpg", "--json"]).stdout);
    assert_eq!(json!([error["target"], error["file"]]), json!(["/users/a", "baseline.jpg"]));
}

/// Programs rely on these words: ERRORS.md has those of the help.
#[test]
fn the_kinds_of_failure_are_documented() {
    let help = run(&["--help"]).stdout;
    let rows = help.lines().skip_while(|line| !line.starts_with("Kinds of failure")).skip(1);
    let rows: Vec<(&str, &str)> = rows
        .map_while(|line| line.strip_prefix("  ")?.split_once(' '))
        .map(|(word, meaning)| (word, meaning.trim()))
        .collect();
    assert!(rows.len() > 10, "{help}");
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../ERRORS.md")).unwrap();
    let documented = page.lines().skip_while(|line| !line.starts_with("| `error.kind` |")).skip(2);
    let documented: Vec<(&str, &str)> = documented
        .map_while(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .collect();
    assert_eq!(documented, rows);
}
