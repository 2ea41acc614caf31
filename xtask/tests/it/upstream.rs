//! `cargo xtask upstream`, over a small spec and a small file of Microsoft's form.

use serde_json::Value;

use crate::workspace::{Outcome, Workspace};

const FIXTURE: &str = include_str!("../../../codegen/tests/fixtures/upstream/openapi.yaml");
const FILE: &str = include_str!("../../../codegen/tests/fixtures/upstream/permissions.json");

/// A small spec, which stays as it is when the real one gains paths.
fn with_small_spec() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("spec/openapi.yaml", FIXTURE);
    workspace
}

/// Runs the command over a file with one text replaced, everywhere.
fn upstream(from: &str, to: &str, arguments: &[&str]) -> Outcome {
    assert!(FILE.contains(from), "{from}");
    let workspace = with_small_spec();
    workspace.write("permissions.json", &FILE.replace(from, to));
    workspace.xtask(&[&["upstream", "permissions.json"], arguments].concat())
}

/// A permission renamed: one goes, and one comes.
const RENAMED: (&str, &str) = ("\"Group.ReadWrite.All\"", "\"Group.Write.All\"");

#[test]
fn text_is_for_people() {
    let outcome = upstream(RENAMED.0, RENAMED.1, &[]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn markdown_is_for_an_issue() {
    let outcome = upstream(RENAMED.0, RENAMED.1, &["--format", "markdown"]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn json_is_for_machines() {
    let outcome = upstream(RENAMED.0, RENAMED.1, &["--format", "json"]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    let _: Value = serde_json::from_str(&outcome.stdout).unwrap();
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn accepted_differences_are_listed_and_no_failure() {
    let outcome = upstream("", "", &[]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for accepted in ["User.ReadWrite.All", "Agent.ReadWrite.All", "The page lists it first."] {
        assert!(outcome.stdout.contains(accepted), "{outcome:?}");
    }
    let outcome = upstream("", "", &["--format", "json"]);
    let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.code, &value["status"]), (Some(0), &"same".into()));
    let findings = value["findings"].as_array().unwrap();
    assert!(findings.iter().all(|one| one["accepted"].is_string()), "{findings:?}");
}

#[test]
fn a_path_may_be_absolute_and_the_folder_another() {
    let workspace = with_small_spec();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("data.json");
    std::fs::write(&file, FILE).unwrap();
    let outcome = workspace.xtask(&["upstream", file.to_str().unwrap()]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
}

#[test]
fn what_cannot_be_read_is_said_with_a_remedy() {
    let workspace = Workspace::new();
    workspace.write("broken.json", "{");
    workspace.write("empty.json", r#"{ "permissions": {} }"#);
    std::fs::write(workspace.path().join("utf-16.json"), [0xFF, 0xFE, b'{', 0]).unwrap();
    let cases = [
        ("missing.json", "failed to read `missing.json`: No such file or directory"),
        ("spec", "failed to read `spec`: Is a directory"),
        ("broken.json", "failed to compare with `broken.json`: it is not JSON: "),
        ("empty.json", "failed to compare with `empty.json`: its `permissions` are empty"),
        ("utf-16.json", "failed to read `utf-16.json`: it is not UTF-8 text"),
    ];
    for (file, expected) in cases {
        let outcome = workspace.xtask(&["upstream", file]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
        assert!(outcome.stderr.contains(expected), "{outcome:?}");
        assert!(outcome.stderr.contains("; give the file that is published at "), "{outcome:?}");
        let outcome = workspace.xtask(&["upstream", file, "--format", "json"]);
        let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!((outcome.code, &value["status"]), (Some(1), &"failed".into()));
    }
}

#[test]
fn a_broken_spec_is_reported() {
    let workspace = Workspace::new();
    workspace.write("permissions.json", FILE);
    workspace.edit_spec(&[("kind: permission-not-upstream", "kind: permission-missing")]);
    let outcome = workspace.xtask(&["upstream", "permissions.json"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
    assert!(outcome.stderr.contains("error[upstream-difference]"), "{outcome:?}");
}
