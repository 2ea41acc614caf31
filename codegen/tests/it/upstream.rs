//! The reported differences between a small spec and edits of a small file of Microsoft's form.

use graph_photo_codegen::{
    Api,
    api::Method,
    upstream::{Difference, DifferenceKind, Upstream, compare},
};

use crate::spec::SPEC as REAL_SPEC;

const SPEC: &str = include_str!("../fixtures/upstream/openapi.yaml");
const FILE: &str = include_str!("../fixtures/upstream/permissions.json");

fn differences(spec: &str, file: &str) -> Result<Vec<Difference>, String> {
    let api = Api::read(spec).unwrap_or_else(|findings| panic!("{findings}"));
    let upstream = Upstream::read(file).map_err(|error| error.to_string())?;
    compare(spec, &api, &upstream).map_err(|error| error.to_string())
}

/// A text with each of these replaced everywhere; each must occur.
fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// The differences that no record accepts, each with its line.
fn told(file: &str) -> String {
    let found = differences(SPEC, file).unwrap();
    let mut text = String::new();
    for one in found.iter().filter(|one| one.accepted.is_none()) {
        let subject = &one.subject;
        let method = subject.method.map_or(String::new(), |method| format!("{} ", method.as_str()));
        let line = SPEC.lines().nth(one.line - 1).unwrap().trim();
        text += &format!("{} {method}{}: {}\n", subject.kind, subject.path, one.message);
        text += &format!("  at {}: {line}\n  consider: {}\n", one.line, one.consider);
    }
    text
}

/// A permission that may write some photos.
fn with_permission(name: &str, schemes: &str, methods: &str, paths: &str) -> String {
    let entry = format!(
        "\"permissions\": {{\n    \"{name}\": {{ \"pathSets\": [{{ \"schemeKeys\": [{schemes}], \
         \"methods\": [{methods}], \"paths\": {{ {paths} }} }}] }},"
    );
    edited(FILE, &[("\"permissions\": {", &entry)])
}

/// Changes that Microsoft may make, and the file after each.
fn changes() -> Vec<(&'static str, String)> {
    let of_users = r#""/users/{id}/photo": "least=DelegatedWork""#;
    let of_me = r#""/me/photo": "least=DelegatedWork""#;
    let writes = r#""PUT", "PATCH""#;
    let work = r#""DelegatedWork""#;
    let application = r#""Application""#;
    vec![
        ("nothing", FILE.to_owned()),
        ("a permission added", with_permission("Photo.Write", work, writes, r#""/me/photo": """#)),
        ("a permission removed", edited(FILE, &[("{\"/me/photo\": \"\"}", "{}")])),
        (
            "the least privileged one moved",
            edited(
                FILE,
                &[
                    (of_me, r#""/me/photo": """#),
                    ("{\"/me/photo\": \"\"}", "{\"/me/photo\": \"least=DelegatedWork\"}"),
                ],
            ),
        ),
        (
            "a scheme added",
            with_permission(
                "Photo.Write",
                application,
                writes,
                r#""/me/photo": "least=Application""#,
            ),
        ),
        (
            "a scheme removed",
            edited(
                FILE,
                &[
                    (&format!(", {of_users}"), ""),
                    (r#"["DelegatedWork", "Application"]"#, "[\"Application\"]"),
                ],
            ),
        ),
        ("a method added", edited(FILE, &[(r#"["DELETE", "PUT"]"#, r#"["PUT", "PATCH"]"#)])),
        (
            "a method removed",
            edited(FILE, &[(r#""PUT", "PATCH", "DELETE""#, r#""PUT", "DELETE""#)]),
        ),
        (
            "a path added",
            with_permission(
                "Team.Write",
                r#""DelegatedWork", "Application""#,
                "\"PATCH\"",
                r#""/teams/{id}/photo": "least=DelegatedWork", "/teams/{id}/name": """#,
            ),
        ),
        ("a path removed", edited(FILE, &[("/groups/{id}/photo", "/groups/{id}/picture")])),
        (
            "a permission renamed",
            edited(FILE, &[("\"Group.ReadWrite.All\"", "\"Group.Write.All\"")]),
        ),
        (
            "what is recorded gone",
            edited(FILE, &[("\"Agent.ReadWrite.All\"", "\"Agent.Write.All\"")]),
        ),
        (
            "personal accounts let in",
            with_permission(
                "User.ReadWrite.Own",
                r#""DelegatedPersonal""#,
                "\"PUT\"",
                r#""/me/photo": """#,
            ),
        ),
        (
            "a method that the spec can't have",
            with_permission(
                "Photo.Write",
                work,
                r#""POST", "head""#,
                r#""/me/photo": """#.replace('\\', "").as_str(),
            ),
        ),
        ("no least privileged permission", edited(FILE, &[(of_me, r#""/me/photo": """#)])),
        (
            "a scheme that nobody knows",
            with_permission("Photo.Write", "\"DelegatedAgent\"", writes, r#""/me/photo": """#),
        ),
    ]
}

#[test]
fn each_change_is_told_with_its_line() {
    let all = changes().into_iter().map(|(change, file)| format!("== {change}\n{}", told(&file)));
    insta::assert_snapshot!(all.collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_is_recorded_is_accepted_with_its_reason() {
    let found = differences(SPEC, FILE).unwrap();
    let line = |one: &Difference| SPEC.lines().nth(one.line - 1).unwrap().trim();
    let accepted: Vec<_> = found
        .iter()
        .map(|one| (one.subject.kind, line(one), one.accepted.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        accepted,
        [
            (
                DifferenceKind::SourceDisagrees,
                "- kind: source-disagrees",
                "The page lists it first. (page)"
            ),
            (
                DifferenceKind::PermissionNotUpstream,
                "- { scheme: delegated, scope: User.ReadWrite.All, source: page }",
                "It rests on the page alone. (page)"
            ),
            (
                DifferenceKind::PermissionNotInSpec,
                "leastPrivilegedFirst:",
                "It is for agents only. (page)"
            ),
        ]
    );
}

/// A difference that is accepted for one method is not for the other.
#[test]
fn a_record_may_be_of_one_method() {
    let for_put = (
        "    permission: Agent.ReadWrite.All\n",
        "    permission: Agent.ReadWrite.All\n    method: PUT\n",
    );
    let found = differences(&edited(SPEC, &[for_put]), FILE).unwrap();
    let agent = found.iter().filter(|one| one.subject.kind == DifferenceKind::PermissionNotInSpec);
    let methods: Vec<_> =
        agent.map(|one| (one.subject.method.map(Method::as_str), one.accepted.is_some())).collect();
    assert_eq!(methods, [(Some("PATCH"), false), (Some("PUT"), true)]);
}

/// The entry that `consider` offers makes the difference an accepted one.
#[test]
fn each_difference_can_be_recorded_as_it_says() {
    for (change, file) in changes() {
        let found = differences(SPEC, &file).unwrap();
        let entries = found.iter().filter(|one| one.accepted.is_none()).filter_map(|one| {
            let (_, entry) = one.consider.split_once(": `- ")?;
            let entry = entry.trim_end_matches('`');
            let entry = entry
                .replace("source: ...", "source: page")
                .replace("reason: ...", "reason: A word.");
            Some(format!("  - {entry}\n"))
        });
        let entries: String = entries.collect();
        let key = "x-graph-upstream-differences:\n";
        let spec = edited(SPEC, &[(key, &format!("{key}{entries}"))]);
        let left = differences(&spec, &file).unwrap();
        let left = left.iter().filter(|one| one.accepted.is_none());
        let left: Vec<_> = left.map(|one| one.subject.kind).collect();
        let can_be_recorded = !change.starts_with("what is recorded")
            && !change.contains("nobody")
            && !change.contains("can't have");
        assert_eq!(left.is_empty(), can_be_recorded, "{change}: {left:?}\n{entries}");
    }
}

#[test]
fn forms_that_mean_the_same_are_the_same() {
    let same = [
        edited(FILE, &[("/photo\"", "/photo/$value\"")]),
        edited(FILE, &[("/users/{id}", "/Users/{user-id}"), ("/me/photo", "/me/Photo/")]),
        edited(FILE, &[("least=", "AlsoRequires=User.Read; Least = ")]),
        edited(FILE, &[("\"pathSets\"", "\"schemes\": 7, \"note\": null, \"pathSets\"")]),
        format!("\u{FEFF}{}", FILE.replace('\n', "\r\n")),
        edited(FILE, &[("\"PATCH\"", "\"patch\"")]),
    ];
    for file in same {
        assert_eq!(told(&file), "", "{file}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let elsewhere = edited(FILE, &[("/photo", "/picture")]);
    let cases = [
        ("", "it is not JSON: EOF"),
        ("<html>", "it is not JSON: expected value at line 1"),
        (&FILE[..FILE.len() / 2], "it is not JSON: EOF"),
        ("[]", "it is not in the form of Microsoft's permissions.json: invalid"),
        (
            "{}",
            "it is not in the form of Microsoft's permissions.json: missing field `permissions`",
        ),
        (
            r#"{ "permissions": [] }"#,
            "it is not in the form of Microsoft's permissions.json: invalid",
        ),
        (r#"{ "permissions": {} }"#, "its `permissions` are empty"),
        (&FILE.replace("pathSets", "paths"), "missing field `pathSets`"),
        (&FILE.replace("schemeKeys", "schemes"), "missing field `schemeKeys`"),
        (&elsewhere, "it names none of the paths of spec/openapi.yaml"),
    ];
    for (file, expected) in cases {
        let message = differences(SPEC, file).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
}

/// Every place of the real spec that a difference may point at is found.
#[test]
fn a_file_that_knows_one_path_only_differs_in_all_others() {
    let api = Api::read(REAL_SPEC).unwrap();
    let target = &api.targets[0];
    let file = format!(
        r#"{{ "permissions": {{ "None": {{ "pathSets": [{{ "schemeKeys": [], "methods": ["GET"],
        "paths": {{ "{}": "" }} }}, {{ "schemeKeys": ["Other"], "methods": ["GET"],
        "paths": {{ "{0}": "" }} }}] }} }} }}"#,
        target.path_template()
    );
    let found = differences(REAL_SPEC, &file).unwrap();
    for other in &api.targets[1..] {
        let path = other.path_template();
        let one = found.iter().find(|one| one.subject.path == path).unwrap();
        assert_eq!(one.subject.kind, DifferenceKind::PathNotUpstream);
        assert_eq!(REAL_SPEC.lines().nth(one.line - 1).unwrap().trim(), format!("{path}:"));
    }
}
