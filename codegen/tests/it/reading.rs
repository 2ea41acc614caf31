//! Reading and reporting: places, several faults at once, odd input.

use std::error::Error;

use graph_photo_codegen::{Findings, Rule, Spec, api::Api};

use crate::spec::FIXED;

/// The findings of the real spec with these words replaced.
fn findings(edits: &[(&str, &str)]) -> Findings {
    let mut text = FIXED.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    Api::read(&text).expect_err("the edits break rules")
}

/// The most likely faults, all in one file, except invalid YAML, which hides all others.
#[test]
fn reports_everything_in_one_run() {
    let findings = findings(&[
        ("openapi: 3.0.3", "openapi: 3.1.0"),
        ("      operationId: replaceMePhoto\n", ""),
        ("operationId: updateUserPhoto", "operationId: updateMePhoto"),
        ("#/components/requestBodies/Photo", "#/components/requestBodies/Picture"),
        ("    parameters:\n      - $ref: '#/components/parameters/GroupId'\n", ""),
        ("- delegated: [Group.ReadWrite.All]", "- delegatd: [Group.ReadWrite.All]"),
        (
            "      x-graph-permissions:\n        accountKinds: [work, school]\n        leastPrivilegedFirst:\n          - { scheme: delegated, scope: Contacts.ReadWrite, source: original-page }\n",
            "",
        ),
        (
            "        image/jpeg:\n",
            "        image/jpeg:\n          schema: { type: string, format: binary, maxLength: 4194303 }\n        image/png:\n",
        ),
        (
            "  /users/{userId}/contacts/{contactId}/photo/$value:",
            "  users/{userId}/contacts/{contactId}/photo/$value:",
        ),
    ]);
    insta::assert_snapshot!(findings.to_string());
}

#[test]
fn debug_is_display_so_that_a_build_script_is_readable() {
    let findings = findings(&[("version: 1.0.0", "version: one")]);
    assert_eq!(format!("{findings:?}"), findings.to_string());
    let error: Box<dyn Error> = findings.clone().into();
    assert_eq!(format!("{error:?}"), findings.to_string());
    assert!(findings.to_coloured().contains("\u{1b}["));
    assert!(!findings.to_string().contains('\u{1b}'));
}

#[test]
fn json_counts_lines_and_characters_from_one() {
    // Characters of two and of four bytes in front of the fault.
    let findings = findings(&[("x-graph-cloud: china", "\"x-graph-clöud \u{1f30d}\": a")]);
    insta::assert_snapshot!(findings.to_json());
}

#[test]
fn places_hold_with_windows_line_ends_and_a_byte_order_mark() {
    let broken = FIXED.replacen("operationId: updateGroupPhoto", "operationId: groupPhoto", 1);
    let span_text = |text: &str| {
        let findings = Api::read(text).expect_err("the id is wrong");
        assert_eq!(findings.iter().count(), 1, "{findings}");
        let finding = findings.iter().next().unwrap();
        text[finding.span.clone()].to_owned()
    };
    assert_eq!(span_text(&broken), "groupPhoto");
    assert_eq!(span_text(&broken.replace('\n', "\r\n")), "groupPhoto");
    assert_eq!(span_text(&format!("\u{feff}{broken}")), "groupPhoto");
    assert_eq!(
        span_text(&broken.replacen("# The Microsoft", "# \u{1f30d} Die schönen Microsoft", 1)),
        "groupPhoto"
    );
}

#[test]
fn a_fault_that_aliases_repeat_is_reported_once_where_it_is_written() {
    let findings = findings(&[(r#"pattern: &identifier "^(?!"#, r#"pattern: &identifier "^("#)]);
    assert_eq!(findings.iter().count(), 1, "{findings}");
}

/// Tabs, anchors and characters, each with `PyYAML` as judge.
#[test]
fn what_other_parsers_refuse_is_a_fault_of_syntax() {
    let title = "  title: Microsoft Graph profile photos";
    let refused = [
        (title, "  title: Microsoft Graph profile photos\t"),
        (title, "  title: Microsoft Graph profile photos\t# a title"),
        (title, "  title: Microsoft\tGraph"),
        (title, "  title: 'Microsoft Graph'\t# a title"),
        (title, "  title: 'It''s Graph'\t"),
        (title, "  title: \"\\\"Graph\\\"\"\t"),
        (title, "  title:\tGraph"),
        (title, "\t\n  title: Graph"),
        (title, "  # a comment\n\t# another one\n  title: Graph"),
        (title, "  title: |-\n    Graph\n\t\n    photos"),
        (title, "  title: &title\tGraph"),
        ("[users]", "[\tusers]"),
        ("[users]", "[users\t]"),
        ("[users]", "[users,\tgroups]"),
        ("- { scheme: delegated", "-\t{ scheme: delegated"),
        ("openapi: 3.0.3", "openapi: &identifier 3.0.3"),
        ("openapi: 3.0.3", "openapi: &idéntifier 3.0.3"),
        ("openapi: 3.0.3", "openapi: &one.two 3.0.3"),
        ("tags: [users]", "tags: &identifier [users]"),
        ("license:\n", "license: &identifier\n"),
        (title, "  title: Graph\u{fffe}"),
        (title, "  title: Graph # \u{ffff}"),
        (title, "  title: \"Graph\\uFFFE\""),
        (title, "  title: \"Graph\\uFDD0\""),
        (title, "  title: Graph\u{10ffff}"),
        (title, "  title: Graph\u{fdd0}"),
        (title, "  title: Graph # \u{7}"),
        (title, "  title: Graph # \u{7f}\u{9f}"),
        (title, "  title: Graph # a\u{2028}b"),
        (title, "  title: Graph # a\u{85}b"),
        (title, "  title: Graph # \u{feff}"),
        (title, "  title: Graph # \u{fffd}"),
        (title, "  off: Graph"),
        (title, "  ~: Graph"),
        (title, "  title: =\n"),
        (title, "  title: <<\n"),
        ("[users]", "[on]"),
        ("maxLength: 4194303", "maxLength: 017777777"),
    ];
    for (from, to) in refused {
        let findings = findings(&[(from, to)]);
        let found = findings.iter().any(|finding| finding.rule == Rule::YamlSyntax);
        assert!(found, "{to:?}: {findings}");
    }
}

#[test]
fn what_all_parsers_read_alike_is_none() {
    let title = "title: Microsoft Graph profile photos";
    let accepted = [
        (title, "title: 'Microsoft\tGraph'"),
        (title, "title: \"It's\tGraph\""),
        (title, "title: 'It''s\tGraph' # '\ta"),
        (title, "title: Graph # a\ttab"),
        (title, "title: Graph #\ta tab"),
        (title, "title: it's #1 # don't\tmind"),
        (title, "title: |-\n    Graph\tphotos\n      \tindented"),
        (title, "title: &title 'Graph' # a\ttab"),
        (title, "title: &title-1_A Graph"),
        (title, "title: Gräph \u{1f30d} \u{fffc}"),
        (title, "title: 'off'"),
        (title, "title: off and on"),
        (title, "title: \"=\""),
        ("maxLength: 4194303", "maxLength: 0x3FFFFF"),
        ("description: The global service", "description: >-\n      12:30\n"),
    ];
    for (from, to) in accepted {
        let text = FIXED.replacen(from, to, 1);
        assert_ne!(text, FIXED, "{from}");
        if let Err(findings) = Api::read(&text) {
            panic!("{to:?}: {findings}");
        }
    }
}

/// The finding is about the tab, wherever the parser fails.
#[test]
fn a_tab_in_place_of_a_space_is_named() {
    let description = "description: The global service";
    let texts = ["description:\tThe global service", "description:\t'The global service'"];
    for text in texts {
        let findings = findings(&[(description, text)]);
        let remedies: Vec<_> = findings.iter().map(|finding| &*finding.remedy).collect();
        assert!(remedies[0].contains("write spaces instead of"), "{text:?}: {findings}");
    }
}

/// An item of a list has no colon.
#[test]
fn an_empty_item_can_be_removed() {
    let findings = findings(&[("servers:\n", "servers:\n  -\n")]);
    assert_eq!(
        findings.iter().next().unwrap().remedy,
        "write a mapping instead, or remove the item"
    );
}

/// `-1` and `1.5` are numbers, too.
#[test]
fn a_count_is_asked_for_in_plain_digits() {
    for number in ["-1", "1.5"] {
        let edit = ("maxLength: 1024", format!("maxLength: {number}"));
        let findings = findings(&[(edit.0, &edit.1)]);
        assert!(findings.to_string().contains("in plain digits"), "{findings}");
    }
}

/// No remedy suggests a scope that `x-` disables.
#[test]
fn what_is_disabled_is_not_suggested() {
    let scope = "            User.ReadWrite: Read";
    let findings = findings(&[(scope, "            x-User.ReadWrite: Read")]);
    assert!(!findings.to_string().contains("did you mean `x-"), "{findings}");
}

/// In front of anything else, `x-` disables the entry.
#[test]
fn an_extension_of_the_authors_own_names_its_owner() {
    let with = |key: &str| FIXED.replacen("info:\n", &format!("info:\n  {key}: photos\n"), 1);
    for key in ["x-internal-owner", "x-acme-US-l4", "x-ms-paths"] {
        if let Err(findings) = Api::read(&with(key)) {
            panic!("{key}: {findings}");
        }
    }
    let disabled = ["x-contact", "x-owner", "x-/me/photo/$value", "x-4XX", "x-x-graph-cloud"];
    let acted_on = ["x-graph-other", "x-rust-type", "x-dropshot-pagination"];
    for key in disabled.into_iter().chain(acted_on) {
        let findings = Api::read(&with(key)).expect_err("it is no extension");
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, [Rule::ExtensionName], "{key}: {findings}");
    }
}

#[test]
fn unquoted_status_codes_are_codes() {
    let text = FIXED.replace("'200':", "200:").replace("'204':", "204:");
    let spec = Spec::read(&text).unwrap();
    assert_eq!(spec, Spec::read(FIXED).unwrap());
}

#[test]
fn a_path_may_have_one_operation_and_any_number_of_parameters() {
    let path = "  /a/{oneId}/b/{twoId}/c/{threeId}/d/{fourId}/photo/$value:";
    let parameter = |name: &str| {
        format!(
            "      - {{ name: {name}, in: path, required: true, description: An id., schema: {{ $ref: '#/components/schemas/UserId' }} }}\n"
        )
    };
    let parameters: String = ["oneId", "twoId", "threeId", "fourId"].map(parameter).concat();
    let start = FIXED.find("    put:\n      operationId: replaceGroupPhoto").unwrap();
    let length = FIXED[start..].find("    patch:").unwrap();
    let put = FIXED[start..start + length].replace("replaceGroup", "replaceOneTwoThreeFour");
    let text = FIXED.replacen(
        "\ncomponents:\n",
        &format!("{path}\n    parameters:\n{parameters}{put}\ncomponents:\n"),
        1,
    );
    let api = Api::read(&text).unwrap();
    let target = api.targets.last().unwrap();
    assert_eq!((target.name.as_str(), target.operations.len()), ("OneTwoThreeFour", 1));
    assert_eq!(target.parameters().collect::<Vec<_>>(), ["oneId", "twoId", "threeId", "fourId"]);
    assert_eq!(target.path_template(), path.trim().trim_end_matches(':'));
    assert_eq!(api.identifiers.len(), 8);
}

#[test]
fn odd_input_has_findings() {
    let deep = "[".repeat(100_000);
    let deep_mapping = "a: ".repeat(10_000);
    let laughs = (1..40).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        let below = level - 1;
        text + &format!("a{level}: &a{level} [*a{below}, *a{below}]\n")
    });
    let wide = "- x\n".repeat(200_000);
    let odd = [
        "",
        " ",
        "\n",
        "\u{feff}",
        "\0",
        "~",
        "3",
        "text",
        "[]",
        "{}",
        "- a\n- b",
        "? [a]\n: b",
        "{{}: 1}",
        "&a [*a]",
        "*a",
        "a: &b {c: *b}",
        "<<: {}",
        "%YAML 9.9\n---\n",
        "--- |",
        "a: !!binary x",
        "\u{1f30d}: \u{1f30d}\n\u{1f30d}",
        "a: 'x",
        "a: \"\\u{d800}\"",
        "\t",
        "a:\n\t- b",
        "openapi: 3.0.3\npaths: []\ncomponents: 4",
        "paths: {'': {}}",
        "paths: {/: {put: {}}, '//': {patch: []}, '/{': ~, '/{}/photo/$value': 3}",
        "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}",
        "openapi: 1e999",
        "openapi: .nan",
        "info: {version: 99999999999999999999.0.0}",
        "{a: 1, a: 2, a: 3}",
        "? \n? \n",
        "''",
        "? |\n  a\n: b",
    ];
    let large = [deep.as_str(), &deep_mapping, &laughs, &wide];
    for text in odd.into_iter().chain(large) {
        let findings = Api::read(text).expect_err("not a spec");
        let shown: String = text.chars().take(60).collect();
        assert!(findings.iter().count() > 0, "{shown}");
        assert!(findings.iter().all(|finding| text.get(finding.span.clone()).is_some()), "{shown}");
        assert!(findings.to_string().contains("error["), "{shown}");
        assert!(findings.to_json().starts_with('['), "{shown}");
    }
}
