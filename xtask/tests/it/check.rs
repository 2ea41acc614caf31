//! `cargo xtask check` and `cargo xtask regenerate`.

use std::process::Stdio;

use serde_json::Value;

use crate::workspace::{SPEC, Workspace};

fn regenerated() -> Workspace {
    let workspace = Workspace::new();
    assert_eq!(workspace.xtask(&["regenerate"]).code, Some(0));
    workspace
}

#[test]
fn everything_is_missing_before_and_fresh_after_regenerate() {
    let workspace = Workspace::new();
    let before = workspace.xtask(&["check"]);
    assert_eq!(before.code, Some(4), "{before:?}");
    assert!(before.stdout.contains("Missing tests/snapshots/client.snap"), "{before:?}");
    assert_eq!(workspace.xtask(&["regenerate"]).code, Some(0));
    let after = workspace.xtask(&["check"]);
    assert_eq!((after.code, after.stderr.as_str()), (Some(0), ""), "{after:?}");
    assert!(after.stdout.contains("Success"), "{after:?}");
}

#[test]
fn one_changed_word_of_a_description_is_stale_and_shown() {
    let workspace = regenerated();
    workspace.edit_spec(&[("The group's object id.", "The team's object id.")]);
    let stale = workspace.xtask(&["check"]);
    assert_eq!(stale.code, Some(4), "{stale:?}");
    for shown in [
        "     Stale tests/snapshots/identifier.snap",
        "-/// The group's object id.",
        "+/// The team's object id.",
        "   To fix, run cargo xtask regenerate",
    ] {
        assert!(stale.stdout.contains(shown), "{shown}: {}", stale.stdout);
    }
    assert_eq!(workspace.xtask(&["regenerate"]).code, Some(0));
    assert_eq!(workspace.xtask(&["check"]).code, Some(0));
}

#[test]
fn a_file_that_nothing_renders_is_stale() {
    let workspace = regenerated();
    workspace.write("tests/snapshots/old.snap", "left behind");
    let stale = workspace.xtask(&["check", "--format", "json"]);
    assert_eq!(stale.code, Some(4), "{stale:?}");
    let outcome: Value = serde_json::from_str(&stale.stdout).unwrap();
    insta::assert_snapshot!(format!("{outcome:#}"));
}

/// Neither a folder nor what a file manager leaves behind is a snapshot.
#[test]
fn what_is_no_snapshot_is_left_alone() {
    let workspace = regenerated();
    workspace.write("tests/snapshots/.DS_Store", "not ours");
    workspace.write("tests/snapshots/folder/some.snap", "not ours");
    workspace.write("tests/snapshots/cloud.snap.new", "proposed by insta");
    let stale = workspace.xtask(&["check"]);
    assert_eq!(stale.code, Some(4), "{stale:?}");
    assert!(stale.stdout.contains("Orphaned tests/snapshots/cloud.snap.new"), "{stale:?}");
    assert_eq!(workspace.xtask(&["regenerate"]).code, Some(0));
    assert_eq!(workspace.xtask(&["check"]).code, Some(0));
    assert_eq!(workspace.read("tests/snapshots/.DS_Store"), "not ours");
}

#[test]
fn other_line_endings_are_said_to_be_just_that() {
    let workspace = regenerated();
    let text = workspace.read("spec/PERMISSIONS.md").replace('\n', "\r\n");
    workspace.write("spec/PERMISSIONS.md", &text);
    let stale = workspace.xtask(&["check"]);
    assert_eq!(stale.code, Some(4), "{stale:?}");
    assert!(stale.stdout.contains("only the line endings differ"), "{stale:?}");
    assert!(!stale.stdout.contains("User.ReadWrite"), "{stale:?}");
}

#[test]
fn json_is_printed_even_if_a_file_cannot_be_read() {
    const SNAPSHOT: &str = "tests/snapshots/client.snap";
    let workspace = Workspace::new();
    std::fs::create_dir_all(workspace.path().join(SNAPSHOT)).unwrap();
    let failed = workspace.xtask(&["check", "--format", "json"]);
    assert_eq!((failed.code, failed.stderr.as_str()), (Some(1), ""), "{failed:?}");
    let outcome: Value = serde_json::from_str(&failed.stdout).unwrap();
    assert_eq!(outcome["status"], "failed");
    let message = outcome["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("failed to read `{SNAPSHOT}`: ")), "{message}");
}

/// A folder in the place of a file: neither can it be read, nor written over.
#[test]
fn what_cannot_be_written_is_named_and_the_rest_is_written() {
    let workspace = regenerated();
    let blocked = ["spec/PERMISSIONS.md", "tests/snapshots/client.snap"];
    for path in blocked {
        std::fs::remove_file(workspace.path().join(path)).unwrap();
        workspace.write(&format!("{path}/file"), "");
    }
    workspace.edit_spec(&[("The group's object id.", "The team's object id.")]);
    let failed = workspace.xtask(&["regenerate"]);
    assert_eq!(failed.code, Some(1), "{failed:?}");
    for path in blocked {
        assert!(failed.stderr.contains(&format!("failed to write `{path}`: ")), "{failed:?}");
    }
    assert!(workspace.read("tests/snapshots/identifier.snap").contains("team's object id"));
    let failed = workspace.xtask(&["check"]);
    assert_eq!(failed.code, Some(1), "{failed:?}");
    for path in blocked {
        assert!(failed.stderr.contains(&format!("failed to read `{path}`: ")), "{failed:?}");
        std::fs::remove_dir_all(workspace.path().join(path)).unwrap();
    }
    assert_eq!(workspace.xtask(&["regenerate"]).code, Some(0));
    assert_eq!(workspace.xtask(&["check"]).code, Some(0));
}

/// As in `cargo xtask check | true`.
#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let workspace = regenerated();
    for (arguments, code) in [(&["check"][..], 0), (&["compat"], 1)] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(workspace.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn json_says_what_is_so() {
    let workspace = regenerated();
    let outcome = |code| -> Value {
        let outcome = workspace.xtask(&["check", "--format", "json"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(code), ""), "{outcome:?}");
        serde_json::from_str(&outcome.stdout).unwrap()
    };
    let fresh = outcome(0);
    assert_eq!(fresh, serde_json::json!({ "status": "fresh", "findings": [], "stale": [] }));

    workspace.edit_spec(&[("The group's object id.", "The team's object id.")]);
    let stale = outcome(4);
    assert_eq!(stale["status"], "stale");
    let first = &stale["stale"][0];
    assert_eq!(
        (&first["path"], &first["status"]),
        (&"tests/snapshots/client.snap".into(), &"stale".into())
    );
    assert!(
        first["diff"].as_str().unwrap().contains("+- `group_id`: The team's object id."),
        "{first}"
    );

    workspace.edit_spec(&[("      operationId: replaceMePhoto\n", "")]);
    let broken = outcome(1);
    assert_eq!((&broken["status"], &broken["stale"]), (&"broken".into(), &Value::Array(vec![])));
    let mut findings = broken["findings"].clone();
    // Where it is follows from what stands above it.
    let place = findings[0].as_object_mut().unwrap();
    let lines = [place.remove("line").unwrap(), place.remove("endLine").unwrap()];
    let broken = workspace.read("spec/openapi.yaml");
    let path = broken.lines().position(|line| line == "  /me/photo/$value:").unwrap();
    assert_eq!(lines, [Value::from(path + 2), Value::from(path + 2)]);
    insta::assert_snapshot!(format!("{findings:#}"));
}

/// An edit that breaks a rule: its name, the edit, and where the finding is.
type Breakage = (&'static str, (&'static str, &'static str), &'static str);

const METADATA: &str = "      x-graph-permissions:
        accountKinds: [work, school]
        leastPrivilegedFirst:
          - { scheme: delegated, scope: Contacts.ReadWrite, source: original-page }
";

/// The mistakes that a maintainer is most likely to make.
const BREAKAGES: &[Breakage] = &[
    ("operation-id", ("      operationId: replaceMePhoto\n", ""), "    put:"),
    (
        "operation-id",
        ("operationId: updateUserPhoto", "operationId: updateMePhoto"),
        "updateMePhoto",
    ),
    (
        "unresolved-reference",
        ("requestBodies/Photo'", "requestBodies/Picture'"),
        "requestBodies/Picture",
    ),
    (
        "path-parameter",
        ("    parameters:\n      - $ref: '#/components/parameters/GroupId'\n", ""),
        "  /groups/{groupId}/photo/$value:",
    ),
    (
        "security-requirement",
        ("- delegated: [Contacts.ReadWrite]", "- delegated: [Contact.ReadWrite]"),
        "[Contact.ReadWrite]",
    ),
    ("permission-metadata", (METADATA, ""), "    put:"),
    (
        "request-body",
        (
            "        image/jpeg:\n",
            "        image/png:\n          schema: { type: string, format: binary, maxLength: 4194303 }\n        image/jpeg:\n",
        ),
        "image/png:",
    ),
    ("openapi-version", ("openapi: 3.0.3", "openapi: 3.1.0"), "3.1.0"),
    ("yaml-syntax", ("  title: Microsoft", "  title: 'Microsoft"), ""),
    ("path-form", ("  /me/photo/$value:", "  me/photo/$value:"), "  me/photo/$value:"),
];

/// Line and column of each finding.
fn places(report: &str) -> Vec<(usize, usize)> {
    let places =
        report.lines().filter_map(|line| line.trim().strip_prefix("--> spec/openapi.yaml:"));
    let places = places.map(|place| place.split_once(':').unwrap());
    places.map(|(line, column)| (line.parse().unwrap(), column.parse().unwrap())).collect()
}

#[test]
fn a_broken_spec_is_reported_with_rule_place_and_remedy() {
    let workspace = Workspace::new();
    for (rule, edit, offending) in BREAKAGES {
        workspace.edit_spec(&[*edit]);
        let broken = workspace.xtask(&["check"]);
        assert_eq!((broken.code, broken.stdout.as_str()), (Some(1), ""), "{rule}: {broken:?}");
        let report = &broken.stderr;
        assert!(report.contains(&format!("error[{rule}]: ")), "{rule}: {report}");
        assert!(report.contains("= help: "), "{rule}: {report}");
        let places = places(report);
        assert!(!places.is_empty(), "{rule}: {report}");
        let text = workspace.read("spec/openapi.yaml");
        let lines: Vec<&str> = text.lines().collect();
        let pointed_at = places.iter().any(|(line, column)| {
            *column > 0 && lines[line - 1].contains(offending) && lines[line - 1].len() >= *column
        });
        assert!(pointed_at, "{rule}: {report}");
        assert!(!report.contains('\u{1b}'), "no colour into a pipe: {rule}");
        // What can't be rendered must not be written.
        assert_eq!(workspace.xtask(&["regenerate"]).code, Some(1), "{rule}");
        assert!(!workspace.path().join("tests").exists(), "{rule}");
    }
}

#[test]
fn all_breakages_are_reported_in_one_run() {
    let workspace = Workspace::new();
    let edits: Vec<_> = BREAKAGES
        .iter()
        .filter(|(rule, ..)| *rule != "yaml-syntax")
        .map(|(_, edit, _)| *edit)
        .collect();
    workspace.edit_spec(&edits);
    let broken = workspace.xtask(&["check", "--format", "json"]);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    let outcome: Value = serde_json::from_str(&broken.stdout).unwrap();
    let found: Vec<_> =
        outcome["findings"].as_array().unwrap().iter().map(|f| &f["rule"]).collect();
    for (rule, ..) in BREAKAGES.iter().filter(|(rule, ..)| *rule != "yaml-syntax") {
        assert!(found.iter().any(|found| *found == rule), "{rule}: {found:?}");
    }
}

#[test]
fn works_in_a_folder_below_and_says_so_outside() {
    let workspace = regenerated();
    assert!(SPEC.starts_with('#'));
    workspace.write("spec/deep/empty", "");
    let elsewhere = tempfile::tempdir().unwrap();
    let run = |folder: &std::path::Path| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("check").current_dir(folder).output().unwrap()
    };
    assert!(run(&workspace.path().join("spec/deep")).status.success());
    let outside = run(elsewhere.path());
    assert_eq!(outside.status.code(), Some(1));
    let message = String::from_utf8(outside.stderr).unwrap();
    assert!(message.contains("run the command inside the repository"), "{message}");
}
