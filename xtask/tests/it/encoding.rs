//! A spec that isn't UTF-8 is refused by every command, with what to do.

use serde_json::Value;

use crate::workspace::{SPEC, Workspace};

/// `text` in UTF-16.
fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// The spec as editors and shells save it, other than in UTF-8.
fn others() -> Vec<(&'static str, Vec<u8>)> {
    let with_mark = format!("\u{FEFF}{SPEC}");
    let mut latin = SPEC.replace("Replaces a user's photo", "Ersetzt das # einer P").into_bytes();
    let at = latin.iter().position(|byte| *byte == b'#').unwrap();
    latin[at + 1] = 0xFC;
    let mut cut = format!("{SPEC}# \u{e9}").into_bytes();
    cut.pop();
    vec![
        ("UTF-16 (little-endian)", utf_16(&with_mark, u16::to_le_bytes)),
        ("UTF-16 (big-endian)", utf_16(&with_mark, u16::to_be_bytes)),
        ("UTF-16 (little-endian, without", utf_16(SPEC, u16::to_le_bytes)),
        ("UTF-16 (big-endian, without", utf_16(SPEC, u16::to_be_bytes)),
        ("0xFC", latin),
        ("is cut off", cut),
    ]
}

#[test]
fn of_a_spec_other_than_utf_8_is_told_with_the_place_and_how_to_save_it() {
    for (words, bytes) in others() {
        let workspace = Workspace::new();
        workspace.commit_all();
        std::fs::write(workspace.path().join("spec/openapi.yaml"), &bytes).unwrap();
        let commands = [&["check"][..], &["regenerate"], &["compat"], &["dist"]];
        for arguments in commands {
            let outcome = workspace.xtask(arguments);
            assert_eq!(outcome.code, Some(1), "{arguments:?}: {outcome:?}");
            for part in [words, "UTF-8", "spec/openapi.yaml:", "Set-Content -Encoding utf8"] {
                assert!(outcome.stderr.contains(part), "{arguments:?}, {part}: {}", outcome.stderr);
            }
        }
        let outcome = workspace.xtask(&["check", "--format", "json"]);
        let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!((outcome.code, &json["status"]), (Some(1), &Value::from("broken")));
        assert!(json["findings"][0]["line"].as_u64() >= Some(1), "{json:#}");
    }
}

#[test]
fn of_a_base_other_than_utf_8_is_told_likewise() {
    let workspace = Workspace::new();
    for (words, bytes) in others() {
        std::fs::write(workspace.path().join("old.yaml"), &bytes).unwrap();
        let outcome = workspace.xtask(&["compat", "old.yaml"]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.stderr.contains(words), "{words}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("old.yaml"), "{}", outcome.stderr);
    }
}

#[test]
fn of_a_revision_other_than_utf_8_is_told_likewise() {
    for (words, bytes) in others() {
        let workspace = Workspace::new();
        std::fs::write(workspace.path().join("spec/openapi.yaml"), &bytes).unwrap();
        workspace.commit_all();
        workspace.write("spec/openapi.yaml", SPEC);
        let outcome = workspace.xtask(&["compat", "main"]);
        assert_eq!(outcome.code, Some(1), "{words}: {outcome:?}");
        for part in ["error[yaml-syntax]", words, "`main`"] {
            assert!(outcome.stderr.contains(part), "{words}: {}", outcome.stderr);
        }
    }
}

/// As PowerShell 5 saves it, which can't do without.
#[test]
fn a_byte_order_mark_of_utf_8_is_read_over() {
    let workspace = Workspace::new();
    workspace.write("spec/openapi.yaml", &format!("\u{FEFF}{SPEC}"));
    assert_eq!(workspace.xtask(&["regenerate"]).code, Some(0));
    let marked = workspace.read("spec/OPERATIONS.md");
    workspace.write("spec/openapi.yaml", SPEC);
    assert_eq!(workspace.xtask(&["check"]).code, Some(0), "{marked}");
}
