//! The generator, on edited specs.

use graph_photo_codegen::{Findings, RenderError, decode, render};

const SMALL: &str = include_str!("../../../codegen/tests/fixtures/valid.yaml");

/// Texts for values and keys: one of each type, and what parsers read differently.
const WORDS: &[&str] = &[
    "",
    "~",
    "7",
    "-1.5",
    "true",
    "text",
    "''",
    "[]",
    "{}",
    "[text]",
    "{ text: text }",
    "|",
    ">-",
    "&a",
    "*a",
    "!!str x",
    "<<: *a",
    "# text",
    "0x10",
    "1e400",
    "2026-01-01",
    "\"\\u0000\"",
    "- x",
    "? x",
    "%",
    "@",
    "`x`",
    "é",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "'",
    "\"",
    "#/components",
    "{ $ref: '#/components/schemas/Other' }",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[text]]]]",
];

/// Any spec ends in findings that each have a place and a remedy, or in modules that are Rust.
///
/// The first byte says what follows: a spec, or edits of a valid one.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    match kind % 4 {
        0 => match decode(rest) {
            Ok(text) => check_text(text),
            Err(findings) => assert!(!findings.to_string().is_empty()),
        },
        1 => check_text(&edited(graph_photo_spec::OPENAPI_YAML, rest)),
        _ => check_text(&edited(SMALL, rest)),
    }
}

fn check_text(text: &str) {
    match render(text) {
        Ok(rendered) => {
            for module in &rendered.modules {
                syn::parse_file(&module.source).unwrap_or_else(|error| {
                    panic!("the module `{}` is no Rust: {error}\n{}", module.name, module.source)
                });
            }
            let same = render(text).expect("it was rendered before");
            assert!(same == rendered, "the same text renders differently");
        }
        Err(RenderError::Spec(findings)) => check_findings(&findings, text),
        Err(error) => panic!("no rule is broken: {error}\n{text}"),
    }
}

fn check_findings(findings: &Findings, text: &str) {
    let (shown, json) = (findings.to_string(), findings.to_json());
    assert!(findings.iter().next().is_some());
    for finding in findings.iter() {
        let spanned = text.get(finding.span.clone());
        let spanned = spanned.unwrap_or_else(|| panic!("{finding:?} has no place"));
        assert!(!spanned.contains('\n'), "{finding:?}");
        let line = text[..finding.span.start].matches('\n').count() + 1;
        assert!(shown.contains(&format!("spec/openapi.yaml:{line}:")), "{finding:?}: {shown}");
        assert!(!finding.message.is_empty() && !finding.remedy.is_empty(), "{finding:?}");
        assert!(json.contains(&format!("\"line\": {line},")), "{finding:?}: {json}");
    }
}

/// Edits lines of a text: four bytes say how, where and with what.
fn edited(text: &str, edits: &[u8]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut edits = edits;
    while let Some((&[how, high, low, with], rest)) = edits.split_first_chunk() {
        edits = rest;
        let at = usize::from(u16::from_be_bytes([high, low])) % lines.len().max(1);
        let Some(line) = lines.get(at).cloned() else { break };
        let word = WORDS[usize::from(with) % WORDS.len()];
        let (key, value) = line.split_once(": ").unwrap_or((&line, ""));
        let depth = line.len() - line.trim_start().len();
        match how % 10 {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, line),
            2 => {
                let to = usize::from(with) % lines.len();
                lines.swap(at, to);
            }
            3 => lines[at] = format!("{key}: {word}"),
            4 => lines[at] = format!("{}{word}: {value}", " ".repeat(depth)),
            5 => lines[at] = format!("{line}{word}"),
            6 => lines[at] = format!("{}{}", " ".repeat(usize::from(with % 12)), line.trim_start()),
            // Bytes of the input, as they are.
            7 => {
                let (own, rest) = edits.split_at(edits.len().min(usize::from(with % 16)));
                edits = rest;
                lines[at] = format!("{key}: {}", String::from_utf8_lossy(own));
            }
            8 => {
                let mut characters: Vec<char> = line.chars().collect();
                if !characters.is_empty() {
                    characters.remove(usize::from(with) % characters.len());
                }
                lines[at] = characters.into_iter().collect();
            }
            _ => {
                let end = (at + usize::from(with % 12)).min(lines.len());
                lines.drain(at..end);
            }
        }
    }
    lines.join("\n") + "\n"
}
