//! Reads YAML text into a JSON value and the places of all its parts. Only a subset of
//! YAML is accepted, which all parsers read alike.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use serde_json::{Map, Value};

use super::scalar::{self, MERGE_KEY};
use crate::diagnostics::{
    finding::{Finding, Lines, first_line},
    rule::Rule,
};

/// How deep values may nest. An OpenAPI file needs about 15 levels; the limit
/// keeps hostile input from exhausting the stack.
const MAX_DEPTH: usize = 64;

/// How many values a file may have, those that aliases repeat included.
const MAX_VALUES: usize = 100_000;

/// Where a value and its parts are: bytes of the text.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// The key in front of it, if it is an entry of a mapping.
    pub(super) key: Option<Range<usize>>,
    pub(super) value: Range<usize>,
    /// Those of its entries or items, in their order.
    pub(super) parts: Vec<Self>,
}

impl Places {
    /// The number of values, and how deep they nest.
    fn size(&self) -> (usize, usize) {
        let parts = self.parts.iter().map(Self::size);
        parts.fold((1, 1), |(count, depth), (more, below)| (count + more, depth.max(below + 1)))
    }
}

/// Reads the one document that `text` holds. `None` if there's nothing that
/// further checks could work on; then there is at least one finding.
pub(super) fn read(text: &str) -> (Option<(Value, Places)>, Vec<Finding>) {
    let mut reader = Reader {
        text,
        bytes: text.char_indices().map(|(index, _)| index).collect(),
        ..Reader::default()
    };
    reader.check_characters();
    let complete = reader.read();
    (reader.root.filter(|_| complete.is_ok()), reader.findings)
}

/// A mapping's key as a segment of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A mapping or list that has begun and not yet ended.
struct Open {
    value: Value,
    places: Places,
    anchor: usize,
    /// The key of the entry that comes next.
    key: Option<(String, Range<usize>)>,
    /// Whether the last entry had a key that was there already.
    repeats: bool,
}

/// A fault after which reading on makes no sense; it has been reported.
struct Stop;

/// Builds the value out of the parser's events.
#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    /// The byte at which each character begins, since the parser counts
    /// characters.
    bytes: Vec<usize>,
    open: Vec<Open>,
    anchors: HashMap<usize, (Value, Places)>,
    /// The byte at which each name of an anchor was first defined.
    names: BTreeMap<&'a str, usize>,
    /// Scalars in quotes and blocks, which may have tabs.
    scalars: Vec<(Range<usize>, ScalarStyle)>,
    values: usize,
    root: Option<(Value, Places)>,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn report(&mut self, span: Range<usize>, message: impl Into<String>, remedy: &str) {
        self.findings.push(Finding {
            rule: Rule::YamlSyntax,
            message: message.into(),
            pointer: String::new(),
            span: first_line(self.text, span),
            remedy: remedy.to_owned(),
        });
    }

    fn stop(&mut self, span: Range<usize>, message: &str, remedy: &str) -> Stop {
        self.report(span, message, remedy);
        Stop
    }

    /// Reports each character once that has no place in the file, even in a comment.
    fn check_characters(&mut self) {
        let mut known = BTreeSet::new();
        for (at, character) in self.text.char_indices() {
            let is_mark = at == 0 && character == '\u{FEFF}';
            if is_refused(character) && !is_mark && known.insert(character) {
                let message = format!(
                    "the file has U+{:04X}, which belongs in no text",
                    u32::from(character)
                );
                let span = at..at + character.len_utf8();
                self.report(span, message, "remove it, or write what was meant");
            }
        }
    }

    fn read(&mut self) -> Result<(), Stop> {
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| self.syntax_error(&error))?;
            let start = self.byte(span.start.index());
            self.take(event, start..self.byte(span.end.index()).max(start))?;
        }
        for tab in self.tabs() {
            self.report_tab(tab);
        }
        if self.root.is_none() {
            let remedy = "write an OpenAPI document, beginning with `openapi: 3.0.3`";
            return Err(self.stop(0..0, "the file is empty", remedy));
        }
        Ok(())
    }

    fn syntax_error(&mut self, error: &ScanError) -> Stop {
        let noticed = self.byte(error.marker().index());
        let (before, rest) = self.text.split_at(noticed);
        // A tab that the parser stumbled over is the fault, wherever it noticed it.
        let end = noticed + rest.find('\n').unwrap_or(rest.len());
        let is_tab = error.info().contains("tab");
        if let Some(tab) = self.tabs().into_iter().find(|tab| is_tab || *tab < end) {
            self.report_tab(tab);
            return Stop;
        }
        // The parser often notices a fault one step late, at a line break; the
        // underline must fall on something visible.
        let at = match rest.chars().next() {
            Some(character) if !character.is_whitespace() => noticed,
            _ => before.trim_end().char_indices().last().map_or(0, |(index, _)| index),
        };
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        let remedy = if error.info().contains("unknown anchor") {
            "correct the name after the `*`, or define it further up with `&`"
        } else {
            "check the indentation, the quotes and the brackets here and on the line above"
        };
        self.stop(at..at + width, &format!("this is not valid YAML: {}", error.info()), remedy)
    }

    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                let remedy = "keep one document in the file: remove this line";
                Err(self.stop(span, "a second YAML document begins here", remedy))
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.check_properties(anchor, tag.is_some(), &span);
                self.scalar(&text, style, anchor, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_properties(anchor, tag.is_some(), &span);
                self.begin(Value::Array(Vec::new()), anchor, span)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_properties(anchor, tag.is_some(), &span);
                self.begin(Value::Object(Map::new()), anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    /// Checks what may stand in front of a value: a tag, and the name of an anchor.
    fn check_properties(&mut self, anchor: usize, tagged: bool, span: &Range<usize>) {
        if tagged {
            let remedy = "remove the tag; put text that looks like a number into quotes";
            self.report(span.clone(), "this value has a YAML tag", remedy);
        }
        let text = self.text;
        let Some(rest) = text[span.start..].strip_prefix('&').filter(|_| anchor > 0) else {
            return;
        };
        let name = rest.split(|c: char| c.is_whitespace() || ",[]{}".contains(c)).next();
        let name = name.unwrap_or_default();
        let place = span.start..span.start + 1 + name.len();
        if let Some(first) = self.names.get(name) {
            let (line, _) = Lines::new(text).line(*first);
            let message = format!("the anchor `&{name}` is already defined at line {line}");
            return self.report(place, message, "give one of the two anchors another name");
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            let message = format!("other YAML parsers refuse the anchor `&{name}`");
            self.report(place, message, "write letters and digits of ASCII, `-` and `_` only");
        }
        self.names.insert(name, span.start);
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        span: Range<usize>,
    ) -> Result<(), Stop> {
        let is_key = self.expects_key();
        let mut value = Some(Value::from(text));
        if style == ScalarStyle::Plain {
            value = scalar::value(text).filter(|_| !is_key || scalar::is_key(text));
        } else {
            let written = &self.text[span.clone()];
            self.scalars.push((span.start..span.start + content_length(written, style), style));
            // Written out, it has been found in the text of the file.
            let escaped = |c: &char| is_noncharacter(*c) && !written.contains(*c);
            if let Some(character) = text.chars().find(escaped) {
                let message =
                    format!("this text has U+{:04X}, which is no character", u32::from(character));
                self.report(span.clone(), message, "remove it");
            }
        }
        if value.is_none() {
            let message = format!("YAML parsers read `{text}` differently");
            let quotes =
                format!("put text into quotes: `'{text}'`; write a number in plain digits");
            let is_merge = is_key && text == MERGE_KEY;
            let remedy =
                if is_merge { "write out the entries that it stands for" } else { &quotes };
            self.report(span.clone(), message, remedy);
        }
        let places = Places { value: span.clone(), ..Places::default() };
        let node = (value.unwrap_or_else(|| text.into()), places);
        match self.open.last_mut() {
            // `200:` is the number 200 to YAML; in JSON, and so in OpenAPI,
            // every key is text.
            Some(open) if is_key => {
                open.key = Some((text.to_owned(), span));
                self.anchors.extend((anchor > 0).then_some((anchor, node)));
                Ok(())
            }
            _ => self.finish(node, anchor),
        }
    }

    /// Whether a mapping is open whose next part is a key.
    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.value.is_object() && open.key.is_none())
    }

    fn begin(&mut self, value: Value, anchor: usize, span: Range<usize>) -> Result<(), Stop> {
        self.refuse_as_key(&span)?;
        if self.open.len() == MAX_DEPTH {
            let message = format!("values nest more than {MAX_DEPTH} levels deep");
            return Err(self.stop(span, &message, "remove the nesting"));
        }
        let places = Places { value: span, ..Places::default() };
        self.open.push(Open { value, places, anchor, key: None, repeats: false });
        Ok(())
    }

    fn refuse_as_key(&mut self, span: &Range<usize>) -> Result<(), Stop> {
        if !self.expects_key() {
            return Ok(());
        }
        let message = "a mapping, a list or an alias can't be the key of a mapping";
        Err(self.stop(span.clone(), message, "write a word in front of the colon"))
    }

    fn end(&mut self, span: &Range<usize>) -> Result<(), Stop> {
        let Some(Open { value, mut places, anchor, .. }) = self.open.pop() else { return Ok(()) };
        places.value.end = span.end.max(places.value.start);
        self.finish((value, places), anchor)
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Stop> {
        const REMEDY: &str = "write the value out instead of the alias";
        self.refuse_as_key(&span)?;
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let message = "this alias stands for a value that it is itself a part of";
            return Err(self.stop(span, message, REMEDY));
        };
        let (count, depth) = node.1.size();
        self.values += count;
        if self.open.len() + depth > MAX_DEPTH || self.values > MAX_VALUES {
            return Err(self.stop(span, "aliases make the file too large", REMEDY));
        }
        self.finish(node, 0)
    }

    /// Puts a finished value where it belongs.
    fn finish(&mut self, node: (Value, Places), anchor: usize) -> Result<(), Stop> {
        self.values += 1;
        if self.values > MAX_VALUES {
            let message = format!("the file has more than {MAX_VALUES} values");
            let remedy = "remove what isn't part of the API's description";
            return Err(self.stop(node.1.value, &message, remedy));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let (value, mut places) = node;
        let Some(open) = self.open.last_mut() else {
            self.root = Some((value, places));
            return Ok(());
        };
        match (&mut open.value, open.key.take()) {
            (Value::Object(entries), Some((key, span))) => {
                let is_second = entries.contains_key(&key);
                let continues = std::mem::replace(&mut open.repeats, is_second);
                if !is_second {
                    places.key = Some(span);
                    entries.insert(key, value);
                    open.places.parts.push(places);
                } else if !continues {
                    self.duplicate_key(&key, span);
                }
            }
            (Value::Array(items), _) => {
                items.push(value);
                open.places.parts.push(places);
            }
            _ => {}
        }
        Ok(())
    }

    /// The JSON pointer of the mapping that is being read.
    fn way(&self) -> String {
        let segment = |open: &Open| match (&open.key, &open.value) {
            (Some((key, _)), _) => format!("/{}", escape(key)),
            (None, Value::Array(items)) => format!("/{}", items.len()),
            (None, _) => String::new(),
        };
        self.open.iter().map(segment).collect()
    }

    /// Reports a key that its mapping has already; one for all that follow each other,
    /// which most likely belong to an entry whose first line was lost.
    fn duplicate_key(&mut self, key: &str, span: Range<usize>) {
        let mapping = self.open.last().map(|open| (&open.value, &open.places.parts));
        let index = mapping.and_then(|(value, _)| value.as_object()?.keys().position(|k| k == key));
        let first =
            mapping.and_then(|(_, parts)| parts.get(index?)?.key.clone()).unwrap_or_default();
        let (line, _) = Lines::new(self.text).line(first.start);
        self.findings.push(Finding {
            rule: Rule::DuplicateKey,
            message: format!("the key `{key}` is already used at line {line}"),
            pointer: format!("{}/{}", self.way(), escape(key)),
            span: first_line(self.text, span),
            remedy: "remove one of the two, give this entry a name of its own, or add the line \
                     that is missing in front of it"
                .to_owned(),
        });
    }

    fn report_tab(&mut self, tab: usize) {
        let remedy = "write spaces instead of this tab";
        self.report(tab..tab + 1, "YAML parsers refuse a tab here", remedy);
    }

    /// The first tab of each line that parsers refuse: in front of a comment, and in
    /// neither a text in quotes nor the content of a block.
    fn tabs(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let begins = |at: usize| at == 0 || line[..at].ends_with([' ', '\t']);
            let comment = line.match_indices('#').map(|(at, _)| at).find(|at| begins(*at));
            let code = &line[..comment.unwrap_or(line.len())];
            let mut tabs = code.match_indices('\t').map(|(at, _)| at);
            found.extend(tabs.find(|at| !self.is_content(start + at, *at)).map(|at| start + at));
            start += line.len();
        }
        found
    }

    /// Whether the tab at `at`, a byte of the text which is the byte `column` of its line,
    /// belongs to a text.
    fn is_content(&self, at: usize, column: usize) -> bool {
        let index = self.scalars.partition_point(|(span, _)| span.start <= at);
        let before = index.checked_sub(1).and_then(|index| self.scalars.get(index));
        let Some((span, style)) = before.filter(|(span, _)| at < span.end) else { return false };
        let line = self.text[..span.start].rfind('\n').map_or(0, |line| line + 1);
        !is_block(*style) || column >= span.start - line
    }
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

/// The length of a scalar without the blanks and the comment after its quotes, which the
/// parser counts as well.
fn content_length(written: &str, style: ScalarStyle) -> usize {
    let is_last = |end: &usize| {
        let rest = written[*end..].trim_start();
        rest.is_empty() || rest.starts_with('#')
    };
    let mut quotes = written.match_indices(['"', '\'']).map(|(at, _)| at + 1);
    let end = if is_block(style) { None } else { quotes.find(is_last) };
    end.unwrap_or(written.len())
}

/// What YAML 1.2 doesn't allow in its production `c-printable`, line breaks of YAML 1.1,
/// and what stands where a character was lost.
fn is_refused(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | char::REPLACEMENT_CHARACTER)
        || is_noncharacter(character)
        || (character.is_control() && !"\t\n\r".contains(character))
}

/// Whether Unicode promises that `c` will never be a character:
/// <https://www.unicode.org/faq/private_use.html#noncharacters>.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}
