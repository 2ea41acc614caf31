//! Markdown of the spec as documentation of Rust: it reads the same, but none of
//! its code is run as a test, and none of its brackets is the name of an item.

/// How far a line is indented that Markdown takes for code.
const CODE_INDENT: &str = "    ";

/// A text of any number of lines.
pub(crate) fn block(text: &str) -> String {
    // Longer than any in the text, so that nothing else ends the code.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let mut writer = Writer {
        fence: "`".repeat(longest.max(2) + 1),
        lines: Vec::new(),
        code: None,
        after_blank: false,
        in_list: false,
    };
    for line in text.trim().lines() {
        writer.take(line.trim_end());
    }
    writer.end_code();
    writer.lines.join("\n")
}

/// A text that stands in a line of its own or of another text.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    inline(&words.join(" "))
}

/// Code that has begun and not yet ended.
enum Code<'a> {
    /// It ends with a line that is at least this marker.
    Fenced(&'a str),
    Indented,
}

struct Writer<'a> {
    fence: String,
    lines: Vec<String>,
    code: Option<Code<'a>>,
    after_blank: bool,
    in_list: bool,
}

impl<'a> Writer<'a> {
    fn take(&mut self, line: &'a str) {
        if !self.take_code(line) {
            self.take_prose(line);
        }
        self.after_blank = line.is_empty();
    }

    /// Takes a line of the code that has begun; `false` if it is none.
    fn take_code(&mut self, line: &str) -> bool {
        match &self.code {
            Some(Code::Fenced(marker)) if closes(line, marker) => self.end_code(),
            Some(Code::Fenced(_)) => self.lines.push(line.to_owned()),
            Some(Code::Indented) if line.is_empty() || is_indented(line) => {
                self.lines.push(without_indent(line));
            }
            Some(Code::Indented) => {
                self.end_code();
                return false;
            }
            None => return false,
        }
        true
    }

    fn take_prose(&mut self, line: &'a str) {
        if let Some(marker) = opening(line) {
            self.begin_code(Code::Fenced(marker));
        } else if is_indented(line) && self.after_blank && !self.in_list {
            self.begin_code(Code::Indented);
            self.lines.push(without_indent(line));
        } else {
            let (markers, rest) = split_markers(line);
            let left = self.after_blank && !line.is_empty() && !line.starts_with([' ', '\t']);
            self.in_list = markers.contains(['-', '*', '+', '.', ')']) || self.in_list && !left;
            // In a list or a quotation, a fence would be one of theirs.
            let escape = if rest.starts_with("~~~") { "\\" } else { "" };
            self.lines.push(markers + escape + &inline(rest));
        }
    }

    fn begin_code(&mut self, code: Code<'a>) {
        self.lines.push(format!("{}text", self.fence));
        self.code = Some(code);
    }

    fn end_code(&mut self) {
        if self.code.take().is_some() {
            self.lines.push(self.fence.clone());
        }
    }
}

fn is_indented(line: &str) -> bool {
    line.starts_with(CODE_INDENT) || line.starts_with('\t')
}

fn without_indent(line: &str) -> String {
    let code = line.strip_prefix(CODE_INDENT).or_else(|| line.strip_prefix('\t'));
    code.unwrap_or_default().to_owned()
}

/// The marker of the fence that `line` is, if it begins code.
fn opening(line: &str) -> Option<&str> {
    ['`', '~'].into_iter().find_map(|mark| {
        let info = line.trim_start_matches(mark);
        let marker = line.get(..line.len() - info.len())?;
        (marker.len() >= 3 && !info.contains('`')).then_some(marker)
    })
}

fn closes(line: &str, marker: &str) -> bool {
    let rest = line.trim_start();
    rest.starts_with(marker) && marker.starts_with(|mark| rest.chars().all(|c| c == mark))
}

/// What puts a line into lists and quotations, with less indentation than code
/// has, and the rest of the line.
fn split_markers(line: &str) -> (String, &str) {
    let mut markers = String::new();
    let mut rest = line;
    let mut most = CODE_INDENT.len() - 1;
    loop {
        let text = rest.trim_start();
        let indent = (rest.len() - text.len()).min(most);
        markers += CODE_INDENT.get(..indent).unwrap_or_default();
        let length = marker_length(text);
        most = if text.starts_with('>') { CODE_INDENT.len() - 1 } else { 1 };
        markers += text.get(..length).unwrap_or_default();
        rest = text.get(length..).unwrap_or_default();
        if length == 0 {
            return (markers, rest);
        }
    }
}

/// The length of the marker of a list or a quotation that `text` begins with.
fn marker_length(text: &str) -> usize {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (length, marks): (_, &[char]) =
        if digits > 0 { (digits + 1, &['.', ')']) } else { (1, &['-', '*', '+']) };
    let is_item = text.get(digits..).is_some_and(|rest| rest.starts_with(marks));
    match text.get(length..) {
        _ if text.starts_with('>') => 1,
        Some(rest) if is_item && (rest.is_empty() || rest.starts_with([' ', '\t'])) => length,
        _ => 0,
    }
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
