//! Reads YAML text into a tree in which every value and key knows its place.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use serde_json::{Number, Value};

use super::scalar as differences;
use crate::diagnostics::{
    finding::{Finding, Lines},
    rule::Rule,
};

/// How deep values may nest. An OpenAPI file needs about 15 levels; the limit
/// keeps hostile input from exhausting the stack.
const MAX_DEPTH: usize = 64;

/// How many values a file may have, those that aliases repeat included.
const MAX_VALUES: usize = 100_000;

/// A key that inserts the entries of another mapping in some versions of YAML.
pub(super) const MERGE_KEY: &str = "<<";

/// A YAML value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The bytes of the text that it spans.
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

/// The kinds of YAML values.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Scalar(Value),
    List(Vec<Tree>),
    Mapping(Vec<(Key, Tree)>),
}

/// The key of a mapping's entry and its place.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

impl Tree {
    /// The number of values it consists of, and how deep they nest.
    fn size(&self) -> (usize, usize) {
        let children: Vec<&Self> = match &self.kind {
            Kind::Scalar(_) => Vec::new(),
            Kind::List(items) => items.iter().collect(),
            Kind::Mapping(entries) => entries.iter().map(|(_, value)| value).collect(),
        };
        children
            .into_iter()
            .map(Self::size)
            .fold((1, 1), |(count, depth), (more, below)| (count + more, depth.max(below + 1)))
    }
}

/// Reads the one document that `text` holds. `None` if there's nothing that
/// further checks could work on; then there is at least one finding.
pub(crate) fn read(text: &str) -> (Option<Tree>, Vec<Finding>) {
    let mut reader = Reader::new(text);
    for (span, message, remedy) in differences::characters(text) {
        reader.report(span, message, remedy);
    }
    let mut parser = Parser::new_from_str(text);
    let outcome = loop {
        match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break Ok(()),
            Some(Ok((event, span))) => {
                if reader.take(event, span).is_err() {
                    break Err(());
                }
            }
            Some(Err(error)) => {
                reader.syntax_error(&error);
                break Err(());
            }
        }
    };
    if outcome.is_ok() {
        for tab in differences::tabs(text, &reader.scalars) {
            reader.report(tab, "other YAML parsers refuse this tab", "write spaces instead of it");
        }
    }
    if outcome.is_ok() && reader.root.is_none() {
        reader.report(
            0..0,
            "the file is empty",
            "write an OpenAPI document, beginning with `openapi: 3.0.3`",
        );
    }
    (reader.root.filter(|_| outcome.is_ok()), reader.findings)
}

/// A mapping or list that has begun and not yet ended.
enum Open {
    List { start: usize, anchor: usize, items: Vec<Tree> },
    Mapping { start: usize, anchor: usize, entries: Vec<(Key, Tree)>, key: Option<Key> },
}

/// A fault after which reading on makes no sense; it has been reported.
struct Stop;

/// Builds the tree out of the parser's events.
struct Reader<'a> {
    text: &'a str,
    /// The byte at which each character begins, since the parser counts
    /// characters.
    bytes: Vec<usize>,
    open: Vec<Open>,
    anchors: HashMap<usize, Tree>,
    /// The byte at which each name of an anchor was first defined.
    names: HashMap<&'a str, usize>,
    /// Scalars that aren't plain.
    scalars: Vec<(Range<usize>, ScalarStyle)>,
    values: usize,
    root: Option<Tree>,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.char_indices().map(|(index, _)| index).collect(),
            open: Vec::new(),
            anchors: HashMap::new(),
            names: HashMap::new(),
            scalars: Vec::new(),
            values: 0,
            root: None,
            findings: Vec::new(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
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

    fn syntax_error(&mut self, error: &ScanError) {
        // The parser often notices a fault one step late, at a line break; the
        // underline must fall on something visible.
        let noticed = self.byte(error.marker().index());
        let before = self.text.get(..noticed).unwrap_or_default();
        let rest = self.text.get(noticed..).unwrap_or_default();
        let at_a_tab = before.ends_with('\t') || rest.starts_with('\t');
        let by_a_tab = at_a_tab || error.info().contains("tab");
        let tab = by_a_tab.then(|| nearest_tab(before, rest)).flatten();
        let start = match (tab, rest.chars().next()) {
            (Some(tab), _) => tab,
            (None, Some(character)) if !character.is_whitespace() => noticed,
            _ => before.trim_end().char_indices().last().map_or(0, |(index, _)| index),
        };
        let end = self.text.get(start..).and_then(|text| text.chars().next());
        let span = start..start + end.map_or(0, char::len_utf8);
        let remedy = if error.info().contains("unknown anchor") {
            "correct the name after the `*`, or define it further up with `&`"
        } else if tab.is_some() {
            "write spaces instead of this tab"
        } else {
            "check the indentation, the quotes and the brackets here and on the line above"
        };
        self.report(span, format!("this is not valid YAML: {}", error.info()), remedy);
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let span = self.span(span);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                self.report(
                    span,
                    "a second YAML document begins here",
                    "keep one document in the file: remove this line",
                );
                Err(Stop)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), &span);
                self.check_anchor(anchor, &span);
                self.check_scalar(&text, style, &span);
                let kind = Kind::Scalar(resolve(&text, style));
                self.finish(Tree { span, kind }, anchor, Some(&text))
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), &span);
                self.check_anchor(anchor, &span);
                self.begin(Open::List { start: span.start, anchor, items: Vec::new() }, span)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), &span);
                self.check_anchor(anchor, &span);
                let entries = Vec::new();
                self.begin(Open::Mapping { start: span.start, anchor, entries, key: None }, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
            _ => Ok(()),
        }
    }

    fn refuse_tag(&mut self, tagged: bool, span: &Range<usize>) {
        if tagged {
            self.report(
                span.clone(),
                "this value has a YAML tag",
                "remove the tag; put text that looks like a number into quotes",
            );
        }
    }

    /// Checks the anchor of a value, if it has one: other parsers refuse a second one
    /// of the same name, or give it another meaning.
    fn check_anchor(&mut self, anchor: usize, span: &Range<usize>) {
        let text = self.text;
        let Some((name, at)) = differences::anchor(text, span).filter(|_| anchor > 0) else {
            return;
        };
        let place = at..at + name.len() + 1;
        if let Some(first) = self.names.get(name) {
            let (line, _) = Lines::new(text).line(*first);
            let message = format!("the anchor `&{name}` is already defined at line {line}");
            self.report(place, message, "give one of the two anchors another name");
            return;
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            let message = format!("other YAML parsers refuse the anchor `&{name}`");
            self.report(place, message, "write letters and digits of ASCII, `-` and `_` only");
        }
        self.names.insert(name, at);
    }

    fn check_scalar(&mut self, text: &str, style: ScalarStyle, span: &Range<usize>) {
        if style == ScalarStyle::Plain {
            let is_key = matches!(self.open.last(), Some(Open::Mapping { key: None, .. }));
            if let Some((message, remedy)) = differences::plain(text, is_key) {
                self.report(span.clone(), message, &remedy);
            }
            return;
        }
        self.scalars.push((span.clone(), style));
        // Written out, it has been found in the text of the file.
        let written = self.text.get(span.clone()).unwrap_or_default();
        let escaped = |c: &char| differences::is_noncharacter(*c) && !written.contains(*c);
        if let Some(character) = text.chars().find(escaped) {
            let message =
                format!("this text has U+{:04X}, which is no character", u32::from(character));
            self.report(span.clone(), message, "remove it");
        }
    }

    fn begin(&mut self, open: Open, span: Range<usize>) -> Result<(), Stop> {
        self.open.push(open);
        if self.open.len() > MAX_DEPTH {
            self.report(
                span,
                format!("values nest more than {MAX_DEPTH} levels deep"),
                "remove the nesting",
            );
            return Err(Stop);
        }
        Ok(())
    }

    fn end(&mut self, span: &Range<usize>) -> Result<(), Stop> {
        let (start, anchor, kind) = match self.open.pop() {
            Some(Open::List { start, anchor, items }) => (start, anchor, Kind::List(items)),
            Some(Open::Mapping { start, anchor, entries, .. }) => {
                (start, anchor, Kind::Mapping(entries))
            }
            None => return Ok(()),
        };
        self.finish(Tree { span: start..span.end.max(start), kind }, anchor, None)
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Stop> {
        let Some(tree) = self.anchors.get(&anchor).cloned() else {
            self.report(
                span,
                "this alias stands for a value that it is itself a part of",
                "write the value out instead of the alias",
            );
            return Err(Stop);
        };
        let (count, depth) = tree.size();
        self.values += count;
        if self.open.len() + depth > MAX_DEPTH || self.values > MAX_VALUES {
            self.report(
                span,
                "aliases make the file too large",
                "write the value out instead of the alias",
            );
            return Err(Stop);
        }
        let text = match &tree.kind {
            Kind::Scalar(Value::String(text)) => Some(text.clone()),
            _ => None,
        };
        self.finish(tree, 0, text.as_deref())
    }

    /// Puts a finished value where it belongs. `text` is given for scalars,
    /// which can be keys.
    fn finish(&mut self, tree: Tree, anchor: usize, text: Option<&str>) -> Result<(), Stop> {
        self.values += 1;
        if self.values > MAX_VALUES {
            self.report(
                tree.span,
                format!("the file has more than {MAX_VALUES} values"),
                "remove what isn't part of the API's description",
            );
            return Err(Stop);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, tree.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(tree),
            Some(Open::List { items, .. }) => items.push(tree),
            Some(Open::Mapping { entries, key, .. }) => match (key.take(), text) {
                (Some(key), _) if key.text == MERGE_KEY => {
                    let message = format!("merge keys (`{MERGE_KEY}`) are not supported");
                    self.report(key.span, message, "write out the entries that it stands for");
                }
                (Some(key), _) => entries.push((key, tree)),
                // `200:` is the number 200 to YAML; in JSON, and so in OpenAPI,
                // every key is text.
                (None, Some(text)) => {
                    *key = Some(Key { text: text.to_owned(), span: tree.span });
                }
                (None, None) => {
                    self.report(
                        tree.span,
                        "a mapping or list can't be the key of a mapping",
                        "write a word in front of the colon",
                    );
                    return Err(Stop);
                }
            },
        }
        Ok(())
    }
}

/// Removes the repeated keys of every mapping, with a finding for each.
pub(crate) fn remove_duplicate_keys(tree: &mut Tree, pointer: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &mut tree.kind {
        Kind::Scalar(_) => {}
        Kind::List(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                findings.extend(remove_duplicate_keys(item, &format!("{pointer}/{index}"), text));
            }
        }
        Kind::Mapping(entries) => {
            findings.extend(remove_from_mapping(entries, pointer, text));
            for (key, value) in entries {
                let pointer = format!("{pointer}/{}", escape(&key.text));
                findings.extend(remove_duplicate_keys(value, &pointer, text));
            }
        }
    }
    findings
}

/// Removes the repeated keys of one mapping. Neighbours make one finding: they
/// most likely belong to an entry whose first line was lost.
fn remove_from_mapping(entries: &mut Vec<(Key, Tree)>, pointer: &str, text: &str) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let mut runs: Vec<Vec<(Key, usize)>> = Vec::new();
    let mut in_run = false;
    entries.retain(|(key, _)| {
        let Some(first) = seen.get(&key.text) else {
            in_run = false;
            return seen.insert(key.text.clone(), key.span.start).is_none();
        };
        let repeated = (key.clone(), *first);
        match runs.last_mut() {
            Some(run) if in_run => run.push(repeated),
            _ => runs.push(vec![repeated]),
        }
        in_run = true;
        false
    });
    runs.iter().filter_map(|run| duplicate_keys(run, pointer, text)).collect()
}

fn duplicate_keys(run: &[(Key, usize)], pointer: &str, text: &str) -> Option<Finding> {
    let ((key, first), others) = run.split_first()?;
    let (line, _) = Lines::new(text).line(*first);
    let (message, remedy) = if others.is_empty() {
        let message = format!("the key `{}` is already used at line {line}", key.text);
        (message, "give this entry a name of its own, or remove one of the two".to_owned())
    } else {
        let count = run.len();
        let message =
            format!("the {count} keys from `{}` on are already used from line {line} on", key.text);
        (message, "if the line that these keys belong to is missing in front of them, add it; if not, remove them".to_owned())
    };
    Some(Finding {
        rule: Rule::DuplicateKey,
        message,
        pointer: format!("{pointer}/{}", escape(&key.text)),
        span: first_line(text, key.span.clone()),
        remedy,
    })
}

/// Where the tab is that a parser complains of between `before` and `rest`: in the
/// same line, or else further down.
fn nearest_tab(before: &str, rest: &str) -> Option<usize> {
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let in_line = before.rfind('\t').filter(|at| *at >= line);
    in_line.or_else(|| Some(before.len() + rest.find('\t')?))
}

/// A mapping's key as a segment of a JSON pointer.
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The part of `span` that is on its first line, without trailing blanks.
pub(crate) fn first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let spanned = text.get(span.clone()).unwrap_or_default();
    let line = spanned.lines().next().unwrap_or_default().trim_end();
    span.start..span.start + line.len()
}

/// What a scalar means, by the core schema of YAML 1.2.
fn resolve(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if let Some(octal) = text.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return u64::from_str_radix(hexadecimal, 16).ok().map(Number::from);
    }
    if let Ok(number) = digits.parse::<u64>() {
        return Some(Number::from(number));
    }
    if let Ok(number) = digits.parse::<i64>() {
        return Some(Number::from(number));
    }
    // Rust reads "inf", "nan" and "infinity" as numbers; YAML doesn't.
    let looks_numeric = text.contains(|c: char| c.is_ascii_digit());
    looks_numeric.then(|| text.parse().ok()).flatten().and_then(Number::from_f64)
}
