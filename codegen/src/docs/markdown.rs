//! Texts of the spec as documentation of Rust, without code that runs and links to items.
//!
//! Plain prose with code between backticks is Markdown as it stands. Any other text is shown as
//! written: it would take all of Markdown to tell where code or a link begins and ends.

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

/// A text on one line, alone or within another text.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if is_prose(&text) {
        return text;
    }
    let fence = backticks(&text, 1);
    format!("{fence} {text} {fence}")
}

/// Whether a text has no link, HTML, address or block of code.
fn is_prose(text: &str) -> bool {
    const MARKS: [&str; 8] = ["[", "]", "<", "://", "```", "~~~", "    ", "\t"];
    !MARKS.iter().any(|mark| text.contains(mark))
}

/// More backticks than the text has in a row.
fn backticks(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(least.max(longest + 1))
}

/// A text as a sentence: with a capital and, unless it ends with a block of code, a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.').trim_end();
    let code = text.lines().last().is_some_and(|last| last.starts_with("```"));
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    let stop = if text.ends_with(['!', '?']) || code { "" } else { "." };
    format!("{}{}{stop}", first.unwrap_or_default(), characters.as_str())
}

pub(super) fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}
