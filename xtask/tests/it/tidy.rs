//! The repository's habits: what its prose names exists, and what is to be
//! written once is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use graph_photo_codegen::{Api, api::Segment};
use toml_edit::{DocumentMut, Item};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The files that git tracks, or would if they were added, with an ending.
pub(crate) fn files(ending: &str) -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = git.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let exists = |path: &&str| root().join(path).is_file();
    text.lines().filter(|path| path.ends_with(ending)).filter(exists).map(str::to_owned).collect()
}

/// Prose and code blocks of a text.
fn split_blocks(text: &str) -> (String, String) {
    let parts: Vec<&str> = text.split("```").collect();
    (parts.iter().step_by(2).copied().collect(), parts.iter().skip(1).step_by(2).copied().collect())
}

/// The pieces of a text in backticks, code blocks left out, each in one line.
fn code_spans(text: &str) -> Vec<String> {
    let (prose, _) = split_blocks(text);
    prose.split('`').skip(1).step_by(2).map(one_line).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a word is meant as the path of a file or folder from the root.
fn is_path(word: &str) -> bool {
    const FOLDERS: [&str; 7] =
        ["spec/", "codegen/", "generated-client/", "xtask/", "tests/", ".ci/", ".github/"];
    FOLDERS.iter().any(|folder| word.starts_with(folder)) && !word.contains(['*', ' ', '{', '<'])
}

/// Whether a word is meant as the name of a file of this repository.
fn is_file_name(word: &str) -> bool {
    const ENDINGS: [&str; 6] = [".rs", ".md", ".yaml", ".toml", ".html", ".snap"];
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    ENDINGS.iter().any(|ending| word.ends_with(ending))
        && word.chars().all(plain)
        && !word.starts_with("target/")
}

/// The words of code blocks, without what a diagnostic adds to a path.
fn block_words(text: &str) -> Vec<String> {
    let (_, blocks) = split_blocks(text);
    let words = blocks.split(|c: char| c.is_whitespace() || "\"'`(),;".contains(c));
    words.filter_map(|word| word.split(':').next()).map(str::to_owned).collect()
}

#[test]
fn every_path_that_prose_names_exists() {
    let tracked = files("");
    for document in files(".md") {
        let text = read(&document);
        let folder = Path::new(&document).parent().unwrap();
        for word in code_spans(&text).iter().chain(&block_words(&text)).filter(|word| is_path(word))
        {
            assert!(root().join(word).exists(), "{document} names `{word}`, which does not exist");
        }
        for span in code_spans(&text).iter().filter(|span| is_file_name(span)) {
            let known =
                tracked.iter().any(|path| path == span || path.ends_with(&format!("/{span}")));
            assert!(known, "{document} names `{span}`, which does not exist");
        }
        for link in links(&text) {
            check_link(&document, folder, &link);
        }
    }
}

fn links(text: &str) -> Vec<String> {
    let (prose, _) = split_blocks(text);
    let ends = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    ends.filter(|link| !link.contains("://") && !link.contains(' ')).map(str::to_owned).collect()
}

/// A link leads to a file, and its fragment to a heading.
fn check_link(document: &str, folder: &Path, link: &str) {
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { PathBuf::from(document) } else { folder.join(path) };
    assert!(root().join(&target).exists(), "{document} links to `{link}`, which does not exist");
    if !fragment.is_empty() {
        let known = headings(&read(&target)).iter().any(|heading| heading == fragment);
        assert!(known, "{document} links to `{link}`, and there is no such heading");
    }
}

/// The headings of a Markdown text, as links to them are written.
fn headings(text: &str) -> Vec<String> {
    let (prose, _) = split_blocks(text);
    let titles = prose.lines().filter(|line| line.starts_with('#'));
    let slug = |title: &str| {
        let title = title.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        title.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    };
    titles.map(slug).collect()
}

/// A promise names its tests, and then the file that has them.
#[test]
fn every_promise_of_security_has_its_tests() {
    let mut found = 0;
    for row in read("SECURITY.md").lines().filter(|line| line.starts_with("| ")) {
        let shown_by = row.split('|').nth(2).unwrap_or_default();
        let mut tests = Vec::new();
        for span in code_spans(shown_by) {
            if Path::new(&span).extension().is_some_and(|ending| ending == "rs") {
                let source = read(&span);
                for test in tests.drain(..) {
                    found += 1;
                    let known = source.contains(&format!("fn {test}("));
                    assert!(known, "SECURITY.md: {span} has no test `{test}`");
                }
            } else if span.contains('_') && !span.contains(' ') {
                tests.push(span);
            }
        }
        assert!(tests.is_empty(), "SECURITY.md names no file of {tests:?}");
    }
    assert!(found > 15, "only {found} tests were found");
}

/// The names of the packages, with their folders.
fn packages() -> Vec<(String, String)> {
    let manifests = files("/Cargo.toml").into_iter();
    let package = |manifest: String| {
        let text = read(&manifest);
        let name = text.split("name = \"").nth(1)?.split('"').next()?.to_owned();
        Some((name, manifest.trim_end_matches("/Cargo.toml").to_owned()))
    };
    manifests.filter_map(package).collect()
}

#[test]
fn every_crate_that_prose_names_exists() {
    let packages = packages();
    let mut found = 0;
    for document in files(".md") {
        let text = read(&document);
        let part = |c: char| !c.is_ascii_alphanumeric() && c != '-';
        for word in text.split(part).filter(|word| word.starts_with("graph-photo-")) {
            found += 1;
            let known = packages.iter().any(|(name, _)| name == word);
            assert!(known, "{document} names the crate `{word}`, which does not exist");
        }
    }
    assert!(found > 10, "only {found} names of crates were found");
}

/// The commands of a document that begin like this, word by word: those of code
/// spans, wherever lines are broken, and those of code blocks.
fn commands(text: &str, start: &str) -> Vec<Vec<String>> {
    let (_, blocks) = split_blocks(text);
    let lines = blocks.replace("\\\n", " ");
    let lines = lines.lines().map(|line| line.split('#').next().unwrap_or_default().to_owned());
    let all = code_spans(text).into_iter().chain(lines);
    all.filter_map(|line| Some(line.split_once(start)?.1.to_owned()))
        .map(|rest| rest.split_whitespace().map(str::to_owned).collect())
        .collect()
}

fn flags(command: &[String]) -> impl Iterator<Item = &str> {
    let words =
        command.iter().map(String::as_str).take_while(|word| !["--", "|", "&&"].contains(word));
    words.filter(|word| word.starts_with("--")).filter_map(|word| word.split('=').next())
}

fn xtask_help(arguments: &[&str]) -> String {
    let help = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).arg("--help").output();
    String::from_utf8(help.unwrap().stdout).unwrap()
}

fn xtask_commands() -> Vec<String> {
    let help = xtask_help(&[]);
    let lines = help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    lines
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_that_prose_names_exists() {
    let known = xtask_commands();
    let mut found = 0;
    for document in files(".md").into_iter().chain(files(".rs")) {
        // Broken over a line, in a comment too.
        let text = read(&document).replace("\n//! ", " ").replace("\n/// ", " ");
        for rest in one_line(&text).split("cargo xtask ").skip(1) {
            let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            if word.is_empty() {
                continue;
            }
            found += 1;
            assert!(known.contains(&word), "{document}: no `cargo xtask {word}`");
        }
    }
    assert!(found > 20, "only {found} commands were found");
}

#[test]
fn every_flag_that_prose_names_exists() {
    let of_arguments = |file: &String| file.starts_with("generated-client/cli/src/args");
    let source: String = files(".rs").into_iter().filter(of_arguments).map(read).collect();
    let mut found = 0;
    for document in files(".md") {
        let text = read(&document);
        for command in commands(&text, "cargo xtask ") {
            let Some(name) = command.first() else { continue };
            let help = xtask_help(&[name]);
            for flag in flags(&command) {
                assert!(help.contains(flag), "{document}: `cargo xtask {name}` has no `{flag}`");
                found += 1;
            }
        }
        // xtask doesn't depend on the client: its options are looked for in the source.
        for command in commands(&text, "graph-photo ") {
            for flag in flags(&command) {
                let field = flag.trim_start_matches('-').replace('-', "_");
                let known =
                    source.contains(&format!("{field}:")) || source.contains(&format!("{flag} "));
                assert!(known, "{document}: `graph-photo` has no `{flag}`");
                found += 1;
            }
        }
    }
    assert!(found > 5, "only {found} flags were found");
}

/// What `cargo run`, `cargo bench` and the like are asked for.
#[test]
fn every_target_that_prose_names_exists() {
    let packages = packages();
    let mut found = 0;
    for document in files(".md") {
        for command in commands(&read(&document), "cargo ") {
            let value = |names: &[&str]| {
                let at = command.iter().position(|word| names.contains(&word.as_str()))?;
                command.get(at + 1)
            };
            let Some(name) = value(&["-p", "--package"]) else { continue };
            found += 1;
            let folder = packages.iter().find(|(known, _)| known == name);
            let (_, folder) = folder.unwrap_or_else(|| panic!("{document}: no package `{name}`"));
            for (flag, place) in
                [("--example", "examples"), ("--bench", "benches"), ("--bin", "src/bin")]
            {
                let Some(target) = value(&[flag]) else { continue };
                let places =
                    [format!("{folder}/{place}/{target}.rs"), format!("{folder}/{place}/{target}")];
                let known = places.iter().any(|path| root().join(path).exists());
                assert!(known, "{document}: `{name}` has no {flag} `{target}`");
            }
        }
    }
    assert!(found > 2, "only {found} packages were found");
}

#[test]
fn versions_are_written_once() {
    for manifest in files("Cargo.toml") {
        // The fuzz targets have a workspace of their own.
        let is_workspace = read(&manifest).contains("\n[workspace]\n") || manifest == "Cargo.toml";
        for line in read(&manifest).lines() {
            let key = line.split('=').next().unwrap().trim();
            let package = !is_workspace;
            let once = !matches!(key, "rust-version" | "edition" | "version");
            assert!(once || !package, "{manifest}: `{line}` belongs into the workspace");
        }
    }
    let workspace = read("Cargo.toml");
    assert_eq!(workspace.matches("rust-version").count(), 1);
    let manifest: DocumentMut = workspace.parse().unwrap();
    let shared = &manifest["workspace"]["package"];
    let own = manifest["workspace"]["dependencies"].as_table().unwrap().iter();
    for (name, crate_) in own.filter(|(_, crate_)| crate_.get("path").is_some()) {
        let version = crate_.get("version").and_then(Item::as_str);
        let same = version.is_none() || version == shared["version"].as_str();
        assert!(same, "`{name}` has another version than the workspace");
    }
    let rust = shared["rust-version"].as_str().unwrap();
    for document in files(".md") {
        for rest in read(&document).split("Rust 1.").skip(1) {
            let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
            assert_eq!(format!("1.{minor}"), rust, "{document} names another Rust");
        }
    }
    let pinned = format!("version = \"={}\"", graph_photo_codegen::PROGENITOR_VERSION);
    assert!(workspace.contains(&pinned), "progenitor is not pinned as `{pinned}`");
}

#[test]
fn every_module_says_its_purpose() {
    for file in files(".rs").iter().filter(|file| !file.contains("/fixtures/")) {
        let text = read(file);
        assert!(text.starts_with("//!"), "{file} does not begin with `//!`");
    }
}

/// A room has one concern, which takes one sentence.
#[test]
fn every_room_says_its_purpose_in_one_sentence() {
    let mut rooms = 0;
    for file in files(".rs").iter().filter(|file| file.contains("/src/")) {
        if !root().join(file.trim_end_matches(".rs")).is_dir() {
            continue;
        }
        rooms += 1;
        let text = read(file);
        let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
        let first: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        let purpose = one_line(&first.join(" "));
        let is_sentence = purpose.ends_with('.') && !purpose.contains(". ");
        assert!(is_sentence, "{file} says its purpose not in one sentence: {purpose}");
    }
    assert!(rooms > 10, "only {rooms} rooms");
}

/// Whether a line has a word as a segment of a path, in a text of any length.
fn has_segment(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let ends = !after.is_some_and(|next| next.is_alphanumeric() || next == '_');
        (before == Some('/') && ends) || (before == Some('"') && matches!(after, Some('"' | '/')))
    })
}

/// The targets of the API are in the spec alone: no text has a segment of a path. `me` is
/// the exception, which stands for the signed-in user, and so are the examples in the
/// program's help.
#[test]
fn no_hand_written_source_lists_endpoints() {
    let api = Api::read(&read("spec/openapi.yaml")).unwrap();
    let segments = api.targets.iter().flat_map(|target| &target.segments);
    let words: BTreeSet<&str> = segments
        .filter_map(|segment| match segment {
            Segment::Literal(word) if word != "me" => Some(word.as_str()),
            _ => None,
        })
        .collect();
    assert!(words.len() > 3, "{words:?}");
    for file in files(".rs").into_iter().filter(|file| file.contains("/src/")) {
        let text = read(&file);
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().map(str::trim) {
            if !line.starts_with("//") && !line.starts_with("graph-photo ") {
                let known = words.iter().find(|word| has_segment(line, word));
                assert_eq!(known, None, "{file} knows endpoints: {line}");
            }
        }
    }
}

#[test]
fn a_segment_is_found_wherever_it_stands_in_a_text() {
    for line in ["\"users\"", "\"users/x\"", "\"/users\"", "write `/users/{id}`", "at /users."] {
        assert!(has_segment(line, "users"), "{line}");
    }
    for line in ["let users = 1;", "\"users are\"", "/usersof", "superusers/"] {
        assert!(!has_segment(line, "users"), "{line}");
    }
}

/// A text in lower case and on one line, without the marks of comments.
fn running(text: &str) -> String {
    let unmarked = text.lines().map(|line| line.trim_start().trim_start_matches(['/', '!', '#']));
    one_line(&unmarked.collect::<Vec<_>>().join(" ")).to_lowercase()
}

/// Whether a text has a phrase, not as a part of longer words.
fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Plain English: each of these has a shorter word. The changelog's history may keep them.
#[test]
fn no_text_has_a_phrase_with_a_plainer_word() {
    const PHRASES: [&str; 4] = ["mend", "of one's own", "hasn't got", "what it is that"];
    let mut found = Vec::new();
    for file in files("") {
        if matches!(file.as_str(), "CHANGELOG.md" | "xtask/tests/it/tidy.rs") {
            continue;
        }
        // What isn't UTF-8 is no text.
        let Ok(text) = String::from_utf8(fs::read(root().join(&file)).unwrap()) else { continue };
        let text = running(&text);
        let phrases = PHRASES.iter().filter(|phrase| has_phrase(&text, phrase));
        found.extend(phrases.map(|phrase| format!("{file}: {phrase}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_phrase_is_found_across_lines_and_only_as_whole_words() {
    for text in ["Mend with", "//! a type of\n//! one's own.", "# what it\n# is that"] {
        let text = running(text);
        let phrases = ["mend", "of one's own", "what it is that"];
        assert!(phrases.iter().any(|phrase| has_phrase(&text, phrase)), "{text}");
    }
    for text in ["amend", "mended", "recommend it"] {
        assert!(!has_phrase(text, "mend"), "{text}");
    }
}
