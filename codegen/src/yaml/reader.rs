//! Reads the subset of YAML that all parsers read alike, into a JSON value and its places.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};
use serde_json::{Map, Value};

use super::{characters, scalar};
use crate::diagnostics::finding::Finding;
use crate::diagnostics::lines::{Lines, first_line};
use crate::diagnostics::rule::Rule;

/// The deepest nesting: an OpenAPI file needs about 15 levels, and the stack has an end.
const MAX_DEPTH: usize = 64;

/// The most values in a file, counting those that aliases repeat.
const MAX_VALUES: usize = 100_000;

const SECOND_KEY: &str = "remove one of the two, rename this entry, or add the line that is \
                          missing in front of it";

/// Where a value and its parts are: bytes of the text.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// The key of an entry of a mapping.
    pub(super) key: Option<Range<usize>>,
    pub(super) value: Range<usize>,
    /// The places of its entries or items, in their order.
    pub(super) parts: Vec<Self>,
}

impl Places {
    /// The number of values, and how deep they nest.
    fn size(&self) -> (usize, usize) {
        let parts = self.parts.iter().map(Self::size);
        parts.fold((1, 1), |(count, depth), (more, below)| (count + more, depth.max(below + 1)))
    }
}

type Located = (Value, Places);

/// Reads the one document in `text`. `None` if nothing is left to check; then there is a finding.
pub(super) fn read<'a>(text: &'a str, lines: &'a Lines<'a>) -> (Option<Located>, Vec<Finding>) {
    let mut reader = Reader {
        text,
        lines,
        bytes: text.char_indices().map(|(index, _)| index).collect(),
        parser: Parser::new_from_str(text),
        anchors: HashMap::new(),
        names: HashSet::new(),
        scalars: Vec::new(),
        values: 0,
        findings: Vec::new(),
    };
    for (at, character) in characters::refused(text) {
        reader.report_character(at..at + character.len_utf8(), character);
    }
    let document = reader.document();
    (document.ok(), reader.findings)
}

/// A mapping's key as a segment of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A reported fault after which reading on makes no sense.
struct Stop;

/// Builds the value out of the parser's events.
struct Reader<'a> {
    text: &'a str,
    lines: &'a Lines<'a>,
    /// The byte at which each character begins; the parser counts characters.
    bytes: Vec<usize>,
    parser: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Located>,
    names: HashSet<&'a str>,
    /// Scalars in quotes and blocks, which may have tabs.
    scalars: Vec<(Range<usize>, ScalarStyle)>,
    values: usize,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Located, Stop> {
        self.next()?; // The stream begins,
        let (event, _) = self.next()?; // and so does the document.
        if event == Event::StreamEnd {
            let remedy = "write an OpenAPI document, beginning with `openapi: 3.0.3`";
            return Err(self.stop(0..0, "the file is empty", remedy));
        }
        let (event, span) = self.next()?;
        let root = self.node(event, span, "")?;
        self.next()?; // The document ends.
        if let (Event::DocumentStart(_), span) = self.next()? {
            let remedy = "keep one document in the file: remove this line";
            return Err(self.stop(span, "a second YAML document begins here", remedy));
        }
        for tab in characters::tabs(self.text, &self.scalars) {
            self.report_tab(tab);
        }
        Ok(root)
    }

    /// The next event and the bytes that it spans.
    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), Stop> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let start = self.byte(span.start.index());
                Ok((event, start..self.byte(span.end.index()).max(start)))
            }
            Some(Err(error)) => Err(self.syntax_error(&error)),
            None => Err(Stop),
        }
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn node(
        &mut self,
        event: Event<'a>,
        span: Range<usize>,
        pointer: &str,
    ) -> Result<Located, Stop> {
        let depth = pointer.matches('/').count();
        self.count(1, depth, &span)?;
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
            _ => (0, false),
        };
        self.check_properties(anchor, tagged, &span);
        let node = match event {
            Event::Scalar(text, style, ..) => {
                let value = self.scalar(&text, style, &span, false);
                (value, Places { value: span, ..Places::default() })
            }
            Event::SequenceStart(..) => self.list(span, pointer)?,
            Event::MappingStart(..) => self.mapping(span, pointer)?,
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    let message = "this alias stands for a value that contains it";
                    let remedy = "write the value out instead of the alias";
                    return Err(self.stop(span, message, remedy));
                };
                let (count, below) = node.1.size();
                self.count(count, depth + below, &span)?;
                node
            }
            _ => return Err(Stop),
        };
        self.anchors.extend((anchor > 0).then(|| (anchor, node.clone())));
        Ok(node)
    }

    /// Counts values, the deepest of them at `depth`.
    fn count(&mut self, values: usize, depth: usize, span: &Range<usize>) -> Result<(), Stop> {
        self.values += values;
        if self.values <= MAX_VALUES && depth <= MAX_DEPTH {
            return Ok(());
        }
        let message =
            format!("the file has more than {MAX_VALUES} values or {MAX_DEPTH} levels of nesting");
        let remedy = "remove what isn't part of the API's description, and aliases of aliases";
        Err(self.stop(span.clone(), message, remedy))
    }

    fn list(&mut self, start: Range<usize>, pointer: &str) -> Result<Located, Stop> {
        let (mut items, mut places) = (Vec::new(), Places { value: start, ..Places::default() });
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                places.value.end = span.end.max(places.value.start);
                return Ok((items.into(), places));
            }
            let (item, part) = self.node(event, span, &format!("{pointer}/{}", items.len()))?;
            items.push(item);
            places.parts.push(part);
        }
    }

    fn mapping(&mut self, start: Range<usize>, pointer: &str) -> Result<Located, Stop> {
        let (mut entries, mut places) = (Map::new(), Places { value: start, ..Places::default() });
        // Duplicate keys in a row most likely belong to an entry that lost its first line.
        let mut repeats = false;
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => {
                    places.value.end = span.end.max(places.value.start);
                    return Ok((entries.into(), places));
                }
                // `200:` is a number in YAML; in JSON, and so in OpenAPI, every key is text.
                Event::Scalar(text, style, 0, None) => {
                    self.scalar(&text, style, &span, true);
                    text.into_owned()
                }
                _ => {
                    let message = "a key can't be a mapping, a list or an alias, or have an anchor";
                    return Err(self.stop(span, message, "write a word in front of the colon"));
                }
            };
            let pointer = format!("{pointer}/{}", escape(&key));
            let (event, value_span) = self.next()?;
            let (value, part) = self.node(event, value_span, &pointer)?;
            let continues = std::mem::replace(&mut repeats, entries.contains_key(&key));
            if !repeats {
                entries.insert(key, value);
                places.parts.push(Places { key: Some(span), ..part });
            } else if !continues {
                let first = entries.keys().position(|known| *known == key);
                let first = first.and_then(|index| places.parts[index].key.as_ref());
                let line = self.lines.number(first.map_or(0, |key| key.start));
                let message = format!("the key `{key}` is already used at line {line}");
                let (rule, span) = (Rule::DuplicateKey, first_line(self.text, span));
                let remedy = SECOND_KEY.to_owned();
                self.findings.push(Finding { rule, message, pointer, span, remedy });
            }
        }
    }

    /// Checks the tag and the anchor in front of a value.
    fn check_properties(&mut self, anchor: usize, tagged: bool, span: &Range<usize>) {
        if tagged {
            let remedy = "remove the tag; put text that looks like a number into quotes";
            self.report(span.clone(), "this value has a YAML tag", remedy);
        }
        let (text, start) = (self.text, span.start);
        let Some(rest) = text[start..].strip_prefix('&').filter(|_| anchor > 0) else { return };
        let name = rest.split(|c: char| c.is_whitespace() || ",[]{}".contains(c)).next();
        let name = name.unwrap_or_default();
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if !self.names.insert(name) || !is_plain {
            let message = format!("YAML parsers read the anchor `&{name}` differently");
            let remedy = "give each anchor another name of ASCII letters, digits, `-` and `_`";
            self.report(start..start + 1 + name.len(), message, remedy);
        }
    }

    /// The meaning of a scalar. Reports an unclear one, which counts as text.
    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        span: &Range<usize>,
        is_key: bool,
    ) -> Value {
        if style != ScalarStyle::Plain {
            let written = &self.text[span.clone()];
            let length = characters::content_length(written, style);
            self.scalars.push((span.start..span.start + length, style));
            // The check of the whole text has found those that are written out.
            let escaped = |c: &char| characters::is_noncharacter(*c) && !written.contains(*c);
            if let Some(character) = text.chars().find(escaped) {
                self.report_character(span.clone(), character);
            }
            return text.into();
        }
        let value = scalar::value(text).filter(|_| !is_key || scalar::is_key(text));
        value.unwrap_or_else(|| {
            let message = format!("YAML parsers read `{text}` differently");
            let remedy = match text {
                "<<" if is_key => "write out the entries that it stands for".to_owned(),
                _ => format!("put text into quotes: `'{text}'`; write a number in plain digits"),
            };
            self.report(span.clone(), message, remedy);
            text.into()
        })
    }

    fn report(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (rule, pointer) = (Rule::YamlSyntax, String::new());
        let (message, remedy, span) = (message.into(), remedy.into(), first_line(self.text, span));
        self.findings.push(Finding { rule, message, pointer, span, remedy });
    }

    fn stop(&mut self, span: Range<usize>, message: impl Into<String>, remedy: &str) -> Stop {
        self.report(span, message, remedy);
        Stop
    }

    fn report_character(&mut self, span: Range<usize>, character: char) {
        let message = format!("the file has U+{:04X}, which belongs in no text", character as u32);
        self.report(span, message, "remove it, or write what was meant");
    }

    fn report_tab(&mut self, tab: usize) {
        let remedy = "write spaces instead of this tab";
        self.report(tab..tab + 1, "YAML parsers refuse a tab here", remedy);
    }

    fn syntax_error(&mut self, error: &ScanError) -> Stop {
        let noticed = self.byte(error.marker().index());
        let rest = &self.text[noticed..];
        // A tab is the fault, wherever the parser noticed it.
        let end = noticed + rest.find('\n').unwrap_or(rest.len());
        let is_tab = error.info().contains("tab");
        let tabs = characters::tabs(self.text, &self.scalars);
        if let Some(tab) = tabs.into_iter().find(|tab| is_tab || *tab < end) {
            self.report_tab(tab);
            return Stop;
        }
        // The parser often notices a fault late, at a line break; the underline must be visible.
        let end = noticed + rest.chars().next().map_or(0, char::len_utf8);
        let visible = self.text[..end].trim_end();
        let start = visible.char_indices().last().map_or(0, |(at, _)| at);
        let remedy = if error.info().contains("unknown anchor") {
            "correct the name after the `*`, or define it further up with `&`"
        } else {
            "check the indentation, the quotes and the brackets here and on the line above"
        };
        let message = format!("this is not valid YAML: {}", error.info());
        self.stop(start..visible.len(), message, remedy)
    }
}
