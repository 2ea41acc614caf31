//! Every key of the spec and of every valid fixture: disabled by `x-`, misspelt by one letter,
//! deleted, left empty, or with another value. Each edit ends in helpful findings, or in a
//! rendering with every element of the file.

use std::{env, fs, num::NonZero, ops::Range, path::Path, thread};

use graph_photo_codegen::{RenderError, api::Api, render};

use crate::{
    edited::unusable,
    spec::SPEC,
    yaml::{self, Entry, Node},
};

/// `cargo test` tries one edit of this many; `GRAPH_PHOTO_ALL_KEYS=1` tries all.
const SAMPLE: usize = 67;

/// Other values for a key: one of each type, and deeply nested ones.
const VALUES: [&str; 12] = [
    "7",
    "-1.5",
    "true",
    "text",
    "''",
    "[]",
    "{}",
    "[text]",
    "{ text: text }",
    "{ $ref: '#/components/schemas/Other' }",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[text]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "{a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: text}}}}}}}}}}}}}}}}",
];

/// An edit: a place, and the text to write there.
struct Edit {
    what: String,
    span: Range<usize>,
    text: String,
    /// Whether it leaves a key without a meaning, which must have a finding.
    faulty: bool,
}

/// A key, and whether the author chose it. OpenAPI, an extension or the file defines all others.
struct Key<'n> {
    entry: &'n Entry,
    is_name: bool,
}

/// All keys below `node`, to which the keys `way` lead.
fn keys<'n>(node: &'n Node, way: &mut Vec<&'n str>, found: &mut Vec<Key<'n>>) {
    let is_name = match way.as_slice() {
        // In responses, a status code: another one of success is as good.
        ["paths" | "x-graph-sources"] | ["components", _] | ["paths", _, _, "responses"] => true,
        ["components", "schemas", _, rest @ ..] => rest == ["properties"],
        _ => false,
    };
    for entry in node.entries() {
        found.push(Key { entry, is_name });
        way.push(&entry.key);
        keys(&entry.node, way, found);
        way.pop();
    }
    for item in node.items() {
        way.push("-");
        keys(item, way, found);
        way.pop();
    }
}

/// Ways to get one letter of a word wrong.
fn misspelt(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let last = letters.len() - 1;
    let without =
        |at: usize| letters.iter().enumerate().filter(move |(i, _)| *i != at).map(|(_, c)| *c);
    let mut words: Vec<String> =
        [0, last / 2, last].into_iter().map(|at| without(at).collect()).collect();
    for at in [0, last / 2] {
        let mut swapped = letters.clone();
        swapped.swap(at, (at + 1).min(last));
        words.push(swapped.into_iter().collect());
    }
    let mut doubled = letters.clone();
    doubled.insert(last / 2, letters[last / 2]);
    words.push(doubled.into_iter().collect());
    for at in [last.div_ceil(2), last] {
        let mut replaced = letters.clone();
        replaced[at] = if letters[at] == 'q' { 'z' } else { 'q' };
        words.push(replaced.into_iter().collect());
    }
    let mut capital = letters;
    capital[0] = if capital[0].is_uppercase() { 'q' } else { capital[0].to_ascii_uppercase() };
    words.push(capital.into_iter().collect());
    words.retain(|other| other != word);
    words.dedup();
    words
}

/// The edits of the keys of `text`.
fn edits(text: &str) -> Vec<Edit> {
    let root = yaml::read(text);
    let mut found = Vec::new();
    keys(&root, &mut Vec::new(), &mut found);
    found.iter().flat_map(|key| edits_of(text, key)).collect()
}

fn edits_of(text: &str, Key { entry, is_name }: &Key<'_>) -> Vec<Edit> {
    let Entry { key, key_span, node } = entry;
    let written = &text[key_span.clone()];
    let place = |at: usize| text[..at].matches('\n').count() + 1;
    let line = place(key_span.start);
    let edit = |what: &str, span: Range<usize>, text: String, faulty: bool| Edit {
        what: format!("{what} `{key}` at line {line}"),
        span,
        text,
        faulty,
    };
    let renamed = |name: &str| written.replacen(key.as_str(), name, 1);
    let mut edits = vec![edit("prefix", key_span.clone(), renamed(&format!("x-{key}")), true)];
    for word in misspelt(key) {
        let what = format!("write `{word}` for");
        edits.push(edit(&what, key_span.clone(), renamed(&word), !is_name));
    }
    let colon = key_span.end + text[key_span.end..].find(':').unwrap() + 1;
    for value in ["", "~"].iter().chain(&VALUES) {
        let what = format!("write the value `{value}` for");
        edits.push(edit(&what, colon..node.span.end, format!(" {value}"), false));
    }
    edits.push(edit("delete", entry_span(text, entry), String::new(), false));
    edits
}

/// An entry, in brackets with a comma.
fn entry_span(text: &str, entry: &Entry) -> Range<usize> {
    let (mut start, mut end) = (entry.key_span.start, entry.node.span.end);
    if text[end..].starts_with(',') {
        end += 1;
    } else if text[..start].trim_end().ends_with(',') {
        start = text[..start].trim_end().len() - 1;
    }
    start..end
}

/// The spec and the fixtures that break no rule.
fn valid() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let features = fs::read_dir(folder.join("features")).unwrap();
    let mut files: Vec<_> = features.map(|entry| entry.unwrap().path()).collect();
    files.push(folder.join("valid.yaml"));
    files.sort();
    let name = |file: &Path| file.file_name().unwrap().to_str().unwrap().to_owned();
    let fixtures = files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap()));
    [("openapi.yaml".to_owned(), SPEC.to_owned())].into_iter().chain(fixtures).collect()
}

/// What is wrong with the outcome of an edit.
fn problem(text: &str, edit: &Edit) -> Option<String> {
    let mut edited = text.to_owned();
    edited.replace_range(edit.span.clone(), &edit.text);
    match render(&edited) {
        Err(RenderError::Spec(findings)) => unusable(&findings, &edited),
        Err(error) => Some(error.to_string()),
        Ok(_) if edit.faulty => Some("accepted".to_owned()),
        Ok(rendered) => incomplete(&rendered.api, &yaml::read(&edited)),
    }
}

/// A difference between the number of elements in the file and in the model.
fn incomplete(api: &Api, root: &Node) -> Option<String> {
    let count = |way: &[&str]| root.at(way).map_or(0, Node::len);
    let schemes = root.at(&["components", "securitySchemes"]);
    let flows = schemes
        .iter()
        .flat_map(|schemes| schemes.entries())
        .flat_map(|scheme| scheme.node.at(&["flows"]).map(Node::entries).unwrap_or_default());
    let scopes: usize = flows.map(|flow| flow.node.at(&["scopes"]).map_or(0, Node::len)).sum();
    let paths = root.at(&["paths"]).map(Node::entries).unwrap_or_default();
    let operations: Vec<&Node> = paths
        .iter()
        .flat_map(|path| ["put", "patch"].map(|method| path.node.at(&[method])))
        .flatten()
        .collect();
    let permissions = |way: &[&str]| -> usize {
        operations.iter().map(|operation| operation.at(way).map_or(0, Node::len)).sum()
    };
    let read: usize = api.operations().map(|(_, operation)| operation.permissions.len()).sum();
    let pairs = [
        ("servers", count(&["servers"]), api.clouds.len()),
        ("sources", count(&["x-graph-sources"]), api.sources.len()),
        ("schemes", count(&["components", "securitySchemes"]), api.schemes.len()),
        ("scopes", scopes, api.schemes.iter().map(|scheme| scheme.scopes.len()).sum()),
        ("paths", paths.len(), api.targets.len()),
        ("operations", operations.len(), api.operations().count()),
        ("requirements", permissions(&["security"]), read),
        ("grants", permissions(&["x-graph-permissions", "leastPrivilegedFirst"]), read),
    ];
    let differing = pairs.iter().find(|(_, written, read)| written != read);
    differing.map(|(what, written, read)| format!("{written} {what}, but {read} were read"))
}

/// The problems of every `step`-th edit.
fn problems(step: usize) -> Vec<String> {
    let texts = valid();
    let all: Vec<(&str, &str, Edit)> = texts
        .iter()
        .flat_map(|(name, text)| edits(text).into_iter().map(move |edit| (&**name, &**text, edit)))
        .step_by(step)
        .collect();
    println!("{} edits", all.len());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let problems = |edits: &[(&str, &str, Edit)]| -> Vec<String> {
        let problem = |(name, text, edit): &(&str, &str, Edit)| {
            problem(text, edit).map(|problem| format!("{name}: {}: {problem}", edit.what))
        };
        edits.iter().filter_map(problem).collect()
    };
    let size = all.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> =
            all.chunks(size).map(|part| scope.spawn(move || problems(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// The mappings that may have an extension of the author's: those with fixed keys, `paths` and
/// `responses`.
fn extensible<'n>(node: &'n Node, way: &mut Vec<&'n str>, found: &mut Vec<&'n Node>) {
    if way.last().is_some_and(|key| key.starts_with("x-graph-")) {
        return;
    }
    let has_names = match way.as_slice() {
        ["components", _] | [.., "content" | "scopes" | "properties"] | [.., "security", "-"] => {
            true
        }
        _ => node.at(&["$ref"]).is_some(),
    };
    if !node.entries().is_empty() && !has_names {
        found.push(node);
    }
    for entry in node.entries() {
        way.push(&entry.key);
        extensible(&entry.node, way, found);
        way.pop();
    }
    for item in node.items() {
        way.push("-");
        extensible(item, way, found);
        way.pop();
    }
}

#[test]
fn an_extension_of_the_authors_choice_is_left_alone_everywhere() {
    let valid_yaml = valid().pop().unwrap();
    for (name, text) in [("openapi.yaml".to_owned(), SPEC.to_owned()), valid_yaml] {
        let (root, before) = (yaml::read(&text), render(&text).unwrap());
        let mut found = Vec::new();
        extensible(&root, &mut Vec::new(), &mut found);
        assert!(found.len() > 20, "{name}: {}", found.len());
        let mut all = text.clone();
        for node in found.iter().rev() {
            let at = node.entries()[0].key_span.start;
            let column = at - text[..at].rfind('\n').map_or(0, |line| line + 1);
            let extension = if text[node.span.start..].starts_with('{') {
                "x-internal-owner: { team: photos }, ".to_owned()
            } else {
                format!("x-internal-owner: {{ team: photos }}\n{}", " ".repeat(column))
            };
            all.insert_str(at, &extension);
        }
        let after = render(&all).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(after.modules, before.modules, "{name}");
    }
}

#[test]
fn each_edit_ends_in_findings_or_in_a_complete_rendering() {
    let all = env::var_os("GRAPH_PHOTO_ALL_KEYS").is_some_and(|value| value == "1");
    let problems = problems(if all { 1 } else { SAMPLE });
    assert!(problems.is_empty(), "{}: {:#?}", problems.len(), &problems[..problems.len().min(40)]);
}
