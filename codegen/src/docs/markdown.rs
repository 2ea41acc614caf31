//! Texts of the spec as documentation of Rust: they read the same, but none of their
//! code is run as a test, and none of their brackets is the name of an item.
//!
//! Plain prose, with code between backticks, is Markdown as it is. Any other text is shown
//! as it was written: where code or a link begins and ends takes all of Markdown to tell.

/// A text of any number of lines.
pub(crate) fn block(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    if is_prose(&text) {
        return text;
    }
    let fence = backticks(&text, 3);
    format!("{fence}text\n{text}\n{fence}")
}

/// A text that stands in a line of its own or of another text.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if is_prose(&text) {
        return text;
    }
    let fence = backticks(&text, 1);
    format!("{fence} {text} {fence}")
}

/// Whether a text has nothing that is a link, HTML, an address or a block of code.
fn is_prose(text: &str) -> bool {
    const MARKS: [&str; 8] = ["[", "]", "<", "://", "```", "~~~", "    ", "\t"];
    !MARKS.iter().any(|mark| text.contains(mark))
}

/// More backticks than the text has in a row, so that nothing in it ends them.
fn backticks(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(least.max(longest + 1))
}

/// A text as a sentence: with a capital and, unless it ends with code of several
/// lines, a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.').trim_end();
    let code = text.lines().last().is_some_and(|last| last.starts_with("```"));
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    let stop = if text.ends_with(['!', '?']) || code { "" } else { "." };
    format!("{}{}{stop}", first.unwrap_or_default(), characters.as_str())
}

/// A cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}
