//! Characters that YAML parsers refuse or read differently.

use std::{collections::BTreeSet, ops::Range};

use saphyr_parser::ScalarStyle;

/// Whether a character isn't in YAML 1.2's `c-printable`, is a line break in YAML 1.1 only, or
/// replaces a lost one.
fn is_refused(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | char::REPLACEMENT_CHARACTER)
        || is_noncharacter(character)
        || (character.is_control() && !"\t\n\r".contains(character))
}

/// Whether Unicode promises that `c` will never be a character:
/// <https://www.unicode.org/faq/private_use.html#noncharacters>.
pub(super) fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The first place of each refused character, in comments too.
pub(super) fn refused(text: &str) -> Vec<(usize, char)> {
    let mut known = BTreeSet::new();
    // At the beginning, U+FEFF is a byte order mark.
    let all = text.char_indices().filter(|place| *place != (0, '\u{FEFF}'));
    all.filter(|(_, c)| is_refused(*c) && known.insert(*c)).collect()
}

/// The first refused tab of each line: not in a comment, in quotes or in the content of a block.
pub(super) fn tabs(text: &str, scalars: &[(Range<usize>, ScalarStyle)]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 0;
    let is_content = |at: &usize, column: usize| {
        let before = scalars.partition_point(|(span, _)| span.start <= *at);
        let last = scalars[..before].last().filter(|(span, _)| *at < span.end);
        last.is_some_and(|(span, style)| {
            let line = text[..span.start].rfind('\n').map_or(0, |line| line + 1);
            !is_block(*style) || column >= span.start - line
        })
    };
    for line in text.split_inclusive('\n') {
        let begins = |at: &usize| *at == 0 || line[..*at].ends_with([' ', '\t']);
        let comment = line.match_indices('#').map(|(at, _)| at).find(begins);
        let code = &line[..comment.unwrap_or(line.len())];
        let mut tabs = code.match_indices('\t').map(|(column, _)| start + column);
        found.extend(tabs.find(|at| !is_content(at, at - start)));
        start += line.len();
    }
    found
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

/// The length of a scalar without blanks and a comment after its quotes, which the parser counts.
pub(super) fn content_length(written: &str, style: ScalarStyle) -> usize {
    let is_last = |end: &usize| {
        let rest = written[*end..].trim_start();
        rest.is_empty() || rest.starts_with('#')
    };
    let mut quotes = written.match_indices(['"', '\'']).map(|(at, _)| at + 1);
    let end = if is_block(style) { None } else { quotes.find(is_last) };
    end.unwrap_or(written.len())
}
