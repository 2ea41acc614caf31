//! The spec's text as a JSON value, with the place of every value and key.

use std::{collections::HashMap, ops::Range};

use serde_json::{Map, Value};

use super::reader::{self as yaml, Kind, Tree, escape, first_line};
use crate::diagnostics::finding::{Finding, Lines};

/// A YAML document that was read.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    text: &'t str,
    lines: Lines<'t>,
    root: Value,
    /// The spans of each value by its JSON pointer.
    spans: HashMap<String, Spans>,
}

#[derive(Debug)]
struct Spans {
    /// The key in front of the value, if it is an entry of a mapping.
    key: Option<Range<usize>>,
    value: Range<usize>,
}

/// A place that a finding can point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The JSON pointer.
    pub(crate) pointer: String,
    /// Bytes of the text, all on one line.
    pub(crate) span: Range<usize>,
}

impl<'t> Document<'t> {
    /// Reads `text`; with the document, if there is one, comes everything that
    /// is wrong with its YAML.
    pub(crate) fn read(text: &'t str) -> (Option<Self>, Vec<Finding>) {
        let (tree, mut findings) = yaml::read(text);
        let document = tree.map(|mut tree| {
            findings.extend(yaml::remove_duplicate_keys(&mut tree, "", text));
            let mut spans = HashMap::new();
            let root = into_value(tree, None, String::new(), &mut spans);
            Self { text, lines: Lines::new(text), root, spans }
        });
        (document, findings)
    }

    /// The whole value.
    pub(crate) fn root(&self) -> Node<'_> {
        Node { document: self, value: &self.root, pointer: String::new() }
    }

    /// The number of the line, from 1, that `place` is on.
    pub(crate) fn line(&self, place: &Place) -> usize {
        self.lines.line(place.span.start).0
    }
}

/// Turns `tree` into a value and notes the spans of all its parts.
fn into_value(
    tree: Tree,
    key: Option<Range<usize>>,
    pointer: String,
    spans: &mut HashMap<String, Spans>,
) -> Value {
    let value = match tree.kind {
        Kind::Scalar(value) => value,
        Kind::List(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| into_value(item, None, format!("{pointer}/{index}"), spans))
            .collect(),
        Kind::Mapping(entries) => entries
            .into_iter()
            .map(|(key, value)| {
                let pointer = format!("{pointer}/{}", escape(&key.text));
                (key.text, into_value(value, Some(key.span), pointer, spans))
            })
            .collect::<Map<_, _>>()
            .into(),
    };
    spans.insert(pointer, Spans { key, value: tree.span });
    value
}

/// A value of the document that knows where it is.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    document: &'a Document<'a>,
    value: &'a Value,
    pointer: String,
}

impl<'a> Node<'a> {
    /// The document it is a part of.
    pub(crate) fn document(&self) -> &'a Document<'a> {
        self.document
    }

    /// The value itself.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// Whether it is a mapping.
    pub(crate) fn is_mapping(&self) -> bool {
        self.value.is_object()
    }

    /// The value of the entry `key`, if this is a mapping that has it.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(key)?;
        Some(self.child(key, value))
    }

    /// Whether this is a mapping that has the entry `key`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// The entry `key` if it is a mapping.
    pub(crate) fn mapping(&self, key: &str) -> Option<Self> {
        self.get(key).filter(Self::is_mapping)
    }

    /// The entry `key` if it is text that isn't blank.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(|node| node.as_text())
    }

    /// The text, if this is text that isn't blank.
    pub(crate) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str().filter(|text| !text.trim().is_empty())
    }

    /// The entries, if this is a mapping.
    pub(crate) fn entries(&self) -> Vec<(&'a str, Self)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.as_str(), self.child(key, value))).collect()
    }

    /// The items, if this is a list.
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let items = self.value.as_array()?.iter().enumerate();
        Some(items.map(|(index, value)| self.child(&index.to_string(), value)).collect())
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let pointer = format!("{}/{}", self.pointer, escape(key));
        Self { document: self.document, value, pointer }
    }

    /// What a message calls it: its key, or "this item" in a list.
    pub(crate) fn name(&self) -> String {
        let in_list =
            self.document.spans.get(&self.pointer).is_none_or(|spans| spans.key.is_none());
        match self.pointer.rsplit_once('/') {
            Some((_, key)) if !in_list => {
                format!("`{}`", key.replace("~1", "/").replace("~0", "~"))
            }
            _ => "this item".to_owned(),
        }
    }

    /// The text of the file that it was read from, up to the end of the line.
    pub(crate) fn source(&self) -> &'a str {
        let spans = self.document.spans.get(&self.pointer);
        let span = spans.map_or(0..0, |spans| first_line(self.document.text, spans.value.clone()));
        self.document.text.get(span).unwrap_or_default()
    }

    /// Where to point at for a fault of the value: the value if it is a scalar,
    /// else the key in front of it, else its first line.
    pub(crate) fn place(&self) -> Place {
        let scalar = !self.value.is_object() && !self.value.is_array();
        let span = match self.document.spans.get(&self.pointer) {
            Some(Spans { key: Some(key), value }) if !scalar || value.is_empty() => key.clone(),
            Some(Spans { value, .. }) => value.clone(),
            None => 0..0,
        };
        Place { pointer: self.pointer.clone(), span: first_line(self.document.text, span) }
    }

    /// Where to point at for a fault of the key, or of the entry as a whole.
    pub(crate) fn key_place(&self) -> Place {
        match self.document.spans.get(&self.pointer) {
            Some(Spans { key: Some(key), .. }) => {
                let span = first_line(self.document.text, key.clone());
                Place { pointer: self.pointer.clone(), span }
            }
            _ => self.place(),
        }
    }
}
