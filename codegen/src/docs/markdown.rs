//! Texts of the spec as documentation of Rust: they read the same, but none of their
//! code is run as a test, and none of their brackets is the name of an item.

/// A text of any number of lines. One with a block of code is shown as it was
/// written: where such a block ends, in lists and quotations, takes all of Markdown
/// to tell.
pub(crate) fn block(text: &str) -> String {
    let text = text.trim();
    if text.lines().any(may_be_code) {
        // Longer than any in the text, so that nothing else ends it.
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest.max(2) + 1);
        return format!("{fence}text\n{text}\n{fence}");
    }
    let lines: Vec<String> = text.lines().map(|line| inline(line.trim_end())).collect();
    lines.join("\n")
}

/// A text that stands in a line of its own or of another text.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    inline(&words.join(" "))
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

/// Whether a line may be one of a block of code: it begins with a fence, or is
/// indented far enough, which counts after the marks of lists and quotations too.
fn may_be_code(line: &str) -> bool {
    let marks = |c: char| c.is_ascii_digit() || " \t>-*+.)".contains(c);
    let line = line.trim_end();
    let rest = line.trim_start_matches(marks);
    let before = line.strip_suffix(rest).unwrap_or_default();
    before.contains("    ")
        || before.contains('\t')
        || rest.starts_with("```")
        || rest.starts_with("~~~")
}

/// Prose, in which code between backticks stays what it is.
fn inline(text: &str) -> String {
    let mut output = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        let (length, written) = match first {
            '`' => code_span(rest),
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => (2, None),
            '<' if url(after).is_some_and(|url| after[url.len()..].starts_with('>')) => (1, None),
            '[' | ']' | '<' => (1, Some(format!("\\{first}"))),
            'h' => match url(rest) {
                Some(url) if output.ends_with('<') && !output.ends_with("\\<") => (url.len(), None),
                Some(url) => (url.len(), Some(format!("<{url}>"))),
                None => (1, None),
            },
            _ => (first.len_utf8(), None),
        };
        let (taken, left) = rest.split_at(length);
        output += written.as_deref().unwrap_or(taken);
        rest = left;
    }
    output
}

/// The length of the code between backticks that `text` begins with; if none of
/// them ends it, of the backticks, and these as characters.
fn code_span(text: &str) -> (usize, Option<String>) {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let opening = run(text);
    let mut end = opening;
    while let Some(next) = text[end..].find('`') {
        let closing = run(&text[end + next..]);
        end += next + closing;
        if closing == opening {
            return (end, None);
        }
    }
    (opening, Some("\\`".repeat(opening)))
}

/// The address that `text` begins with.
fn url(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let end = text.find(|c: char| c.is_whitespace() || "<>`\"[]{}|\\^".contains(c));
    let url = end.map_or(text, |end| &text[..end]);
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', '*', '_']);
    (url.len() > scheme.len()).then_some(url)
}
