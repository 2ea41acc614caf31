//! Specs in UTF-8 and in other encodings.

use graph_photo_codegen::{decode, render};

use crate::spec::SPEC;

/// The finding about bytes that aren't UTF-8.
fn said_of(bytes: &[u8]) -> String {
    let findings = decode(bytes).expect_err("it isn't UTF-8");
    assert_eq!(findings.iter().count(), 1, "{findings}");
    let text = findings.to_string();
    for part in ["error[yaml-syntax]", "UTF-8", "spec/openapi.yaml:", "Set-Content -Encoding utf8"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(findings.to_json().contains("\"line\""));
    text
}

/// The other encodings of shells and editors, with a byte order mark and without.
#[test]
fn utf_16_and_utf_32_are_named() {
    for text in ["openapi: 3.0.3\n", "# \u{1f30d} Grüße\nopenapi: 3.0.3\n", SPEC] {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{text}");
            let units: Vec<u16> = text.encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            assert!(said_of(&little).contains("the file is UTF-16 (little-endian"));
            assert!(said_of(&big).contains("the file is UTF-16 (big-endian"));
            // A truncated file ends with half a unit.
            assert!(said_of(&little[..little.len() - 1]).contains("UTF-16"));
        }
        let marked = format!("\u{feff}{text}");
        let little: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let big: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert!(said_of(&little).contains("the file is UTF-32 (little-endian)"));
        assert!(said_of(&big).contains("the file is UTF-32 (big-endian)"));
    }
    assert!(said_of(b"\xff\xfe").contains("UTF-16"));
}

#[test]
fn a_byte_that_is_none_of_utf_8_is_named_with_its_line() {
    let before = "openapi: 3.0.3\ninfo:\n  title: ";
    let bytes = [before.as_bytes(), b"Gr\xfc\xdfe\n  version: 1.0.0\n"].concat();
    let said = said_of(&bytes);
    let at = before.len() + 2;
    assert!(said.contains(&format!("byte {at} (0xFC)")), "{said}");
    assert!(said.contains("spec/openapi.yaml:3:12"), "{said}");
    assert!(said.contains("Windows-1252"), "{said}");
}

#[test]
fn a_character_that_is_cut_is_named_with_its_line() {
    for (character, length) in [("é", 2), ("€", 3), ("\u{1f30d}", 4)] {
        for kept in 1..length {
            let bytes = [b"openapi: 3.0.3\n# ", &character.as_bytes()[..kept]].concat();
            let said = said_of(&bytes);
            assert!(said.contains("byte 17 is cut off"), "{said}");
            assert!(said.contains("spec/openapi.yaml:2:3"), "{said}");
        }
    }
}

/// PowerShell 5 always puts a byte order mark in front of UTF-8.
#[test]
fn utf_8_is_read_with_a_byte_order_mark_and_without() {
    let plain = render(decode(SPEC.as_bytes()).unwrap()).unwrap();
    let marked = format!("\u{feff}{SPEC}");
    assert_eq!(render(decode(marked.as_bytes()).unwrap()).unwrap(), plain);
    for bytes in [&b""[..], b"a", b"\0", b"ab", b"\0\0", b"\0\0\0\0", b"\xef\xbb\xbf"] {
        assert!(decode(bytes).is_ok(), "{bytes:?}");
    }
}
