//! Random edits of the real spec: each ends in a rendering that compiles or in
//! findings that can be acted on, never in a panic or a message of progenitor.

use std::collections::BTreeMap;

use graph_photo_codegen::{Findings, Module, RenderError, render};
use quote::ToTokens as _;
use syn::visit_mut::VisitMut;

use crate::{
    compile::{Crates, Warnings},
    spec::SPEC,
};

/// A small generator of numbers that is the same on every machine (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// The lines that belong to the entry at `line`: it and all that is deeper.
fn block(lines: &[String], line: usize) -> std::ops::Range<usize> {
    let depth = |line: &String| line.len() - line.trim_start().len();
    let deeper = lines[line + 1..].iter().take_while(|other| depth(other) > depth(&lines[line]));
    line..line + 1 + deeper.count()
}

/// Edits one place of the spec; returns what was done and the text.
fn mutate(random: &mut Random) -> (String, String) {
    let mut lines: Vec<String> = SPEC.lines().map(str::to_owned).collect();
    let content: Vec<usize> = (0..lines.len())
        .filter(|line| {
            !lines[*line].trim().is_empty() && !lines[*line].trim_start().starts_with('#')
        })
        .collect();
    let line = content[random.below(content.len())];
    let other = content[random.below(content.len())];
    let original = lines[line].clone();
    let what = match random.below(13) {
        0 => {
            lines.remove(line);
            "delete line"
        }
        1 => {
            lines.drain(block(&lines, line));
            "delete block"
        }
        2 => {
            let range = block(&lines, line);
            let copy: Vec<_> = lines[range.clone()].to_vec();
            lines.splice(range.end..range.end, copy);
            "duplicate block"
        }
        3 => {
            lines.swap(line, other);
            "swap lines"
        }
        4 => {
            let renamed = original.replacen(':', "x:", 1);
            lines[line] = renamed;
            "rename key"
        }
        5 | 6 => {
            let value = random.pick(&[
                "", "3", "true", "~", "[]", "{}", "[a, b]", "{ a: b }", "-1.5", "'text'", "''",
                "0x10",
            ]);
            let key = original.split_once(':').map_or(original.as_str(), |(key, _)| key);
            lines[line] = format!("{key}: {value}");
            "change value"
        }
        7 => {
            let garbage = random.pick(&[
                "%",
                "\t- x",
                "}}}",
                "é: ü",
                "? x",
                "- - -",
                "'",
                "\"\\q\"",
                "&a *a",
                "<<: *identifier",
                "\u{feff}",
                "\0",
                "---",
                "...",
            ]);
            lines.insert(line, garbage.to_owned());
            "insert garbage"
        }
        8 => {
            let at = random.below(original.chars().count());
            lines[line] = original
                .chars()
                .enumerate()
                .filter(|(index, _)| *index != at)
                .map(|(_, c)| c)
                .collect();
            "delete character"
        }
        9 => {
            lines[line] = format!("  {original}");
            "indent"
        }
        10 => {
            let copy = lines[other].clone();
            lines[line] = copy;
            "overwrite line"
        }
        11 => return rename(random, &original),
        _ => {
            let text = lines.join("\n");
            let mut end = random.below(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            return (format!("truncate at {end}"), text[..end].to_owned());
        }
    };
    (format!("{what} at line {}: {original}", line + 1), lines.join("\n"))
}

/// Renames a word of a line everywhere, as an editor does it: to one that means
/// something in Rust or in rendered code, or to one of no meaning.
fn rename(random: &mut Random, line: &str) -> (String, String) {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect();
    let word = if words.is_empty() { "contactId" } else { random.pick(&words) };
    let to = random.pick(&[
        "type",
        "Self",
        "self",
        "path",
        "option",
        "String",
        "client",
        "photo",
        "url",
        "fooBar",
        "FooBar",
        "foo",
        "Foo",
        "x",
        "X",
        "identifier",
        "Parameter",
        "userId",
        "Error",
        "request",
        "replaceFooPhoto",
        "updateFooPhoto",
        "operation",
        "é",
        "a1",
        "Photo",
        "User",
    ]);
    (format!("rename {word} to {to}"), replace_word(SPEC, word, to))
}

/// Replaces a word, but no part of a longer one.
fn replace_word(text: &str, from: &str, to: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric();
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let whole = !before.ends_with(part) && !after.starts_with(part);
        replaced += before;
        replaced += if whole { to } else { from };
        rest = after;
    }
    replaced + rest
}

/// What is wrong with the findings themselves.
pub(crate) fn unusable(findings: &Findings, text: &str) -> Option<String> {
    let rendered = findings.to_string();
    if findings.iter().next().is_none() || !rendered.contains("spec/README.md") {
        return Some("no findings".to_owned());
    }
    let json = findings.to_json();
    let bad = findings.iter().find(|finding| {
        let line = text[..finding.span.start.min(text.len())].matches('\n').count() + 1;
        text.get(finding.span.clone()).is_none_or(|spanned| spanned.contains('\n'))
            || !rendered.contains(&format!("spec/openapi.yaml:{line}:"))
            || finding.remedy.is_empty()
            || finding.message.is_empty()
            // The last resort, for what the rules have overlooked.
            || finding.message.contains("can't be read as OpenAPI")
            || !rendered.contains(finding.rule.name())
            || !json.contains(finding.rule.name())
    });
    bad.map(|finding| format!("{finding:?}"))
}

/// How many edits are tried: `MUTATIONS=20000 cargo test ...` tries more than
/// the usual number.
fn count() -> usize {
    std::env::var("MUTATIONS").map_or(400, |count| count.parse().unwrap())
}

/// Each rendering that differs from the others in more than texts is compiled;
/// of the others it is enough that they are printed as Rust.
#[test]
fn ends_in_a_rendering_that_compiles_or_in_findings() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut distinct: BTreeMap<String, (String, Vec<Module>)> = BTreeMap::new();
    let (mut accepted, mut crowded) = (0, 0);
    let count = count();
    for _ in 0..count {
        let (what, text) = mutate(&mut random);
        match render(&text) {
            Ok(rendered) => {
                accepted += 1;
                let skeleton =
                    skeleton(&rendered.modules).unwrap_or_else(|error| panic!("{what}: {error}"));
                distinct.entry(skeleton).or_insert((what, rendered.modules));
            }
            Err(RenderError::Spec(findings)) => {
                assert_eq!(unusable(&findings, &text), None, "{what}");
                crowded += usize::from(findings.iter().count() > 6);
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
    println!(
        "{count} edits: {accepted} accepted, {} of them compiled; {crowded} with more than six \
         findings",
        distinct.len()
    );
    // If most were accepted, or one fault had many findings, something is off.
    assert!(accepted > 0 && accepted < count / 5, "{accepted} of {count}");
    assert!(crowded < count / 10, "{crowded} of {count}");
    let mut crates = Crates::new("mutations");
    for (number, (what, modules)) in distinct.values().enumerate() {
        println!("mutations-{number}: {what}");
        crates.add(&number.to_string(), modules, Warnings::Deny);
    }
    crates.check();
}

/// The tokens of modules without their documentation and the values of their
/// literals.
fn skeleton(modules: &[Module]) -> Result<String, syn::Error> {
    struct Texts;
    impl VisitMut for Texts {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
            attributes.retain(|attribute| !attribute.path().is_ident("doc"));
        }

        fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
            *literal = syn::LitStr::new("", literal.span());
        }
    }
    let skeletons = modules.iter().map(|module| {
        let mut file = syn::parse_file(&module.source)?;
        Texts.visit_file_mut(&mut file);
        Ok(file.to_token_stream().to_string())
    });
    skeletons.collect()
}
