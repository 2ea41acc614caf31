//! `cargo xtask compat`, over temporary git repositories.

use serde_json::Value;

use crate::workspace::{SPEC, Workspace};

const BREAKING: (&str, &str) = ("x-graph-cloud: us-l5", "x-graph-cloud: us-dod");
const COMPATIBLE: (&str, &str) = ("maxLength: 4194303", "maxLength: 8388607");
const TEXT: (&str, &str) = ("Replaces a group's photo", "Replaces the photo of a group");

/// A workspace whose version 0.1.0 was released.
fn released() -> Workspace {
    let workspace = Workspace::new();
    workspace.commit_all();
    workspace.git(&["tag", "v0.1.0"]);
    workspace
}

#[test]
fn nothing_changed_needs_no_bump() {
    let outcome = released().xtask(&["compat"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    insta::assert_snapshot!(outcome.stdout, @r"
      Compared spec/openapi.yaml with v0.1.0 (the last release)
       Success nothing has changed
    ");
}

#[test]
fn the_version_must_carry_the_bump() {
    let workspace = released();
    let code = |version| {
        workspace.set_version(version);
        let outcome = workspace.xtask(&["compat"]);
        assert_eq!(outcome.stderr, "");
        outcome.code
    };
    workspace.edit_spec(&[TEXT]);
    assert_eq!([code("0.1.0"), code("0.1.1")], [Some(4), Some(0)]);
    workspace.edit_spec(&[COMPATIBLE]);
    assert_eq!([code("0.1.0"), code("0.1.1")], [Some(4), Some(0)]);
    workspace.edit_spec(&[BREAKING]);
    assert_eq!([code("0.1.1"), code("0.2.0"), code("1.0.0")], [Some(4), Some(0), Some(0)]);
    workspace.set_version("1.4.2");
    workspace.edit_spec(&[]);
    workspace.git(&["commit", "--quiet", "--all", "--message", "second"]);
    workspace.git(&["tag", "v1.4.2"]);
    workspace.edit_spec(&[COMPATIBLE]);
    assert_eq!([code("1.4.3"), code("1.5.0")], [Some(4), Some(0)]);
    workspace.edit_spec(&[BREAKING]);
    assert_eq!([code("1.5.0"), code("2.0.0")], [Some(4), Some(0)]);
}

/// A breaking change for callers, one for grants, two compatible ones and a text.
fn changed() -> Workspace {
    let workspace = released();
    let condition = ("condition: notOnBehalfOfUser, ", "");
    let kinds = ("accountKinds: [work, school]", "accountKinds: [work]");
    // Each is once in PUT and once in PATCH.
    workspace.edit_spec(&[BREAKING, COMPATIBLE, TEXT, condition, condition, kinds, kinds]);
    workspace
}

#[test]
fn text_is_for_people() {
    let outcome = changed().xtask(&["compat"]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn markdown_is_for_a_pull_request() {
    let outcome = changed().xtask(&["compat", "--format", "markdown"]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn json_is_for_machines() {
    let outcome = changed().xtask(&["compat", "v0.1.0", "--format", "json"]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    let _: Value = serde_json::from_str(&outcome.stdout).unwrap();
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn without_a_release_the_base_is_main() {
    let workspace = Workspace::new();
    workspace.commit_all();
    // A tag that is no release doesn't count.
    workspace.git(&["tag", "vacation"]);
    workspace.git(&["switch", "--quiet", "--create", "work"]);
    workspace.edit_spec(&[TEXT]);
    workspace.git(&["commit", "--quiet", "--all", "--message", "second"]);
    let outcome = workspace.xtask(&["compat"]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    assert!(
        outcome.stdout.contains("with main (there is no tag `v*` of a release)"),
        "{outcome:?}"
    );
    // A clone of one branch knows main only as the other side's.
    workspace.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    workspace.git(&["branch", "--quiet", "--delete", "--force", "main"]);
    let outcome = workspace.xtask(&["compat"]);
    assert!(outcome.stdout.contains("with origin/main ("), "{outcome:?}");
}

#[test]
fn a_file_can_be_the_base() {
    let workspace = Workspace::new();
    workspace.write("old.yaml", SPEC);
    workspace.edit_spec(&[BREAKING]);
    let outcome = workspace.xtask(&["compat", "old.yaml"]);
    assert_eq!(outcome.code, Some(0), "no version belongs to it: {outcome:?}");
    assert!(outcome.stdout.contains("a minor bump; no version belongs to the file"), "{outcome:?}");
    // In another checkout, a version does.
    let other = Workspace::new();
    let path = other.path().join("spec/openapi.yaml");
    let outcome = workspace.xtask(&["compat", path.to_str().unwrap()]);
    assert_eq!(outcome.code, Some(4), "{outcome:?}");
    assert!(outcome.stdout.contains("0.2.0 or higher after 0.1.0"), "{outcome:?}");
}

/// A folder whose name ends like that of the spec is another one.
#[test]
fn a_file_of_a_similar_path_belongs_to_no_version() {
    let workspace = Workspace::new();
    workspace.write("oldspec/openapi.yaml", SPEC);
    workspace.edit_spec(&[BREAKING]);
    let outcome = workspace.xtask(&["compat", "oldspec/openapi.yaml"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stdout.contains("no version belongs to the file"), "{outcome:?}");
}

/// The crates name each other's version: one that is raised alone is not raised.
#[test]
fn every_version_of_the_workspace_counts() {
    let workspace = released();
    workspace.edit_spec(&[BREAKING]);
    let code = |package: &str, dependency: &str| {
        let manifest = format!(
            "[workspace.package]\nversion = {package}\n[workspace.dependencies]\n\
             own = {{ path = 'own', version = {dependency} }}\nother = '0.1.0'\n"
        );
        workspace.write("Cargo.toml", &manifest);
        let outcome = workspace.xtask(&["compat"]);
        assert_eq!(outcome.stderr, "");
        outcome.code
    };
    assert_eq!(code("'0.2.0'", "\"0.2.0\""), Some(0));
    assert_eq!(code("'0.2.0'", "'0.1.0'"), Some(4));
    assert_eq!(code("'0.1.1-rc.1'", "'0.2.0'"), Some(4));
}

#[test]
fn a_pre_release_leads_to_its_release() {
    let workspace = Workspace::new();
    workspace.set_version("2.0.0-rc.9");
    workspace.commit_all();
    workspace.git(&["tag", "v2.0.0-rc.9"]);
    let code = |version| {
        workspace.set_version(version);
        workspace.xtask(&["compat"]).code
    };
    for edit in [TEXT, COMPATIBLE, BREAKING] {
        workspace.edit_spec(&[edit]);
        assert_eq!([code("2.0.0-rc.8"), code("2.0.0-rc.9")], [Some(4), Some(4)], "{edit:?}");
        for next in ["2.0.0-rc.10", "2.0.0", "2.0.1", "2.1.0-rc.1", "3.0.0"] {
            assert_eq!(code(next), Some(0), "{next} {edit:?}");
        }
    }
    // On the way to it, a pre-release carries the bump.
    let workspace = released();
    workspace.edit_spec(&[BREAKING]);
    for (version, expected) in [("0.1.1-rc.1", 4), ("0.2.0-rc.1", 0)] {
        workspace.set_version(version);
        assert_eq!(workspace.xtask(&["compat"]).code, Some(expected), "{version}");
    }
}

/// There is nothing to fetch into: the remedy is a file.
#[test]
fn outside_a_repository_it_is_said() {
    let workspace = Workspace::new();
    for arguments in [&["compat"][..], &["compat", "main"]] {
        let outcome = workspace.xtask(arguments);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.stderr.contains("not a git repository"), "{outcome:?}");
        assert!(outcome.stderr.contains("; name a file"), "{outcome:?}");
        assert!(!outcome.stderr.contains("fetch"), "{outcome:?}");
    }
    workspace.git(&["init", "--quiet", "--initial-branch", "work"]);
    let outcome = workspace.xtask(&["compat"]);
    assert!(outcome.stderr.contains("; name a revision or a file"), "{outcome:?}");
    workspace.git(&["remote", "add", "origin", "https://git.example/repository"]);
    let outcome = workspace.xtask(&["compat"]);
    assert!(outcome.stderr.contains("; run `git fetch --tags origin main`, or"), "{outcome:?}");
}

#[test]
fn without_git_the_cause_is_said() {
    let workspace = Workspace::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["compat", "main"]).current_dir(workspace.path()).env("PATH", "");
    let output = command.output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: failed to run `git`: "), "{message}");
    assert!(message.contains("; install git, or name a file"), "{message}");
}

#[test]
fn a_base_that_cannot_be_found_is_said_with_what_was_tried() {
    let workspace = Workspace::new();
    let outcome = workspace.xtask(&["compat"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    insta::assert_snapshot!(outcome.stderr);
    workspace.commit_all();
    for unknown in ["v9.9.9", "nothing.yaml", "--", "HEAD:spec", "main..main"] {
        let outcome = workspace.xtask(&["compat", "--", unknown]);
        assert_eq!(outcome.code, Some(1), "{unknown}: {outcome:?}");
        let message = format!("error: failed to find `{unknown}`: it is neither a file nor");
        assert!(outcome.stderr.starts_with(&message), "{outcome:?}");
    }
    // A revision from before there was a spec.
    workspace.git(&["rm", "--quiet", "--cached", "spec/openapi.yaml"]);
    workspace.git(&["commit", "--quiet", "--message", "without"]);
    let outcome = workspace.xtask(&["compat", "HEAD"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.starts_with("error: failed to read `spec/openapi.yaml at HEAD`: "),
        "{outcome:?}"
    );
}

#[test]
fn a_broken_spec_is_reported_as_the_one_that_it_is() {
    let broken = ("operationId: replaceMePhoto", "operationId: photo");
    let workspace = Workspace::new();
    workspace.edit_spec(&[broken]);
    workspace.commit_all();
    workspace.edit_spec(&[]);
    let outcome = workspace.xtask(&["compat"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("error[operation-id]"), "{outcome:?}");
    assert!(outcome.stderr.contains("the spec of `main` breaks today's rules"), "{outcome:?}");
    assert!(outcome.stderr.contains("--> main:spec/openapi.yaml:"), "{outcome:?}");
    assert!(outcome.stderr.contains("error: main:spec/openapi.yaml has 1 fault"), "{outcome:?}");
    let outcome = workspace.xtask(&["compat", "--format", "json"]);
    let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.code, &value["broken"]), (Some(1), &"base".into()));
    assert_eq!(value["findings"][0]["file"], "main:spec/openapi.yaml");
    workspace.write("old.yaml", &SPEC.replacen(broken.0, broken.1, 1));
    let outcome = workspace.xtask(&["compat", "old.yaml"]);
    assert!(outcome.stderr.contains("--> old.yaml:"), "{outcome:?}");
    assert!(!outcome.stderr.contains("spec/openapi.yaml"), "{outcome:?}");

    workspace.git(&["commit", "--quiet", "--all", "--message", "fixed"]);
    workspace.edit_spec(&[broken]);
    let outcome = workspace.xtask(&["compat"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("the spec of the working tree breaks rules"), "{outcome:?}");
}

#[test]
fn a_version_that_cannot_be_read_is_said() {
    let workspace = released();
    workspace.edit_spec(&[TEXT]);
    for manifest in ["", "[workspace.package]\nedition = \"2024\"\n[other]\nversion = \"1.0.0\"\n"]
    {
        workspace.write("Cargo.toml", manifest);
        let outcome = workspace.xtask(&["compat"]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(
            outcome.stderr.contains("failed to read the version of `Cargo.toml`"),
            "{outcome:?}"
        );
    }
    workspace.set_version("one");
    let outcome = workspace.xtask(&["compat"]);
    assert!(outcome.stderr.contains("`one` is not a version of three numbers"), "{outcome:?}");
}
