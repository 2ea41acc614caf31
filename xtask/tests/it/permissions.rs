//! `cargo xtask permissions`.

use serde_json::Value;

use crate::workspace::Workspace;

/// Some targets of the spec, whatever others it has.
const TARGETS: [&str; 10] = [
    "--target",
    "/me",
    "--target",
    "/users/{userId}",
    "--target",
    "/groups/{groupId}",
    "--target",
    "/me/contacts/{contactId}",
    "--target",
    "/users/{userId}/contacts/{contactId}",
];

fn permissions(arguments: &[&str]) -> String {
    let outcome = Workspace::new().xtask(&[&["permissions"], arguments].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    outcome.stdout
}

#[test]
fn table_is_for_people() {
    insta::assert_snapshot!(permissions(&TARGETS));
}

#[test]
fn json_is_for_machines() {
    let text = permissions(&["--format", "json"]);
    let targets: Vec<Value> = serde_json::from_str(&text).unwrap();
    let user = targets.iter().find(|target| target["target"] == "/users/{userId}");
    insta::assert_snapshot!(format!("{:#}", user.unwrap()));
}

#[test]
fn markdown_is_the_document() {
    let document = include_str!("../../../spec/PERMISSIONS.md");
    assert_eq!(permissions(&["--format", "markdown"]), document);
}

#[test]
fn manifest_asks_for_the_least() {
    let manifest = ["permissions", "--format", "manifest"];
    let outcome = Workspace::new().xtask(&[manifest.as_slice(), &TARGETS].concat());
    let _: Value = serde_json::from_str(&outcome.stdout).unwrap();
    insta::assert_snapshot!(outcome.stdout);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn own_photo_only_is_no_way_to_another_user() {
    let user = ["permissions", "--format", "manifest", "--target", "/users/{userId}/"];
    let outcome = Workspace::new().xtask(&[user.as_slice(), &["--type", "delegated"]].concat());
    let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let photos = serde_json::json!([
        { "id": "f5b24df7-511e-48bb-ae88-643f023b55e1", "type": "Scope" },
    ]);
    assert_eq!(value["requiredResourceAccess"][0]["resourceAccess"], photos);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn a_type_can_be_picked() {
    let table = permissions(&["--type", "application"]);
    assert!(table.contains(" application ") && !table.contains(" delegated "), "{table}");
    let markdown = ["permissions", "--format", "markdown", "--type", "application"];
    let outcome = Workspace::new().xtask(&markdown);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
}

#[test]
fn targets_can_be_picked() {
    let group = ["--format", "manifest", "--target", "/groups/{groupId}"];
    let value: Value = serde_json::from_str(&permissions(&group)).unwrap();
    let access = &value["requiredResourceAccess"][0]["resourceAccess"];
    assert_eq!(
        *access,
        serde_json::json!([
            { "id": "f5b24df7-511e-48bb-ae88-643f023b55e1", "type": "Scope" },
            { "id": "27baa7f6-5dfb-4ba8-b1d3-1e812c143013", "type": "Role" },
        ])
    );
    let outcome = Workspace::new().xtask(&["permissions", "--target", "/no-such/{id}"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("there is no such target; write one of `/"), "{outcome:?}");
    assert!(outcome.stderr.contains("`/me`"), "{outcome:?}");
}

#[test]
fn a_broken_spec_is_reported() {
    let workspace = Workspace::new();
    workspace.edit_spec(&[("4e46008b-f24c-477d-8fff-7bb4ec7aafe0", "Group.ReadWrite.All")]);
    let outcome = workspace.xtask(&["permissions", "--format", "manifest"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
    assert!(outcome.stderr.contains("error[permission-id]"), "{outcome:?}");
}
