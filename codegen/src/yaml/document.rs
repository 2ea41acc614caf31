//! A document that was read, and the values in it that know where they are.

use std::ops::Range;

use serde_json::Value;

use super::reader::{self, Places, escape};
use crate::diagnostics::finding::{Finding, first_line, line_at};

/// A YAML document that was read.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    text: &'t str,
    root: Value,
    places: Places,
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
        let (root, findings) = reader::read(text);
        (root.map(|(root, places)| Self { text, root, places }), findings)
    }

    /// The whole value.
    pub(crate) fn root(&self) -> Node<'_> {
        let (value, places) = (&self.root, &self.places);
        Node { document: self, value, places, pointer: String::new() }
    }

    /// The whole value, as JSON has it.
    pub(crate) fn into_value(self) -> Value {
        self.root
    }

    /// The number of the line, from 1, that `place` is on.
    pub(crate) fn line(&self, place: &Place) -> usize {
        line_at(self.text, place.span.start).0
    }
}

/// A value of the document that knows where it is.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    document: &'a Document<'a>,
    value: &'a Value,
    places: &'a Places,
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
        let mut entries = self.value.as_object()?.iter().zip(&self.places.parts);
        let ((_, value), places) = entries.find(|((known, _), _)| *known == key)?;
        Some(self.part(key, value, places))
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
        let entries = self.value.as_object().into_iter().flatten().zip(&self.places.parts);
        entries
            .map(|((key, value), places)| (key.as_str(), self.part(key, value, places)))
            .collect()
    }

    /// The items, if this is a list.
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let items = self.value.as_array()?.iter().zip(&self.places.parts).enumerate();
        let part =
            |(index, (value, places)): (usize, _)| self.part(&index.to_string(), value, places);
        Some(items.map(part).collect())
    }

    fn part(&self, segment: &str, value: &'a Value, places: &'a Places) -> Self {
        let pointer = format!("{}/{}", self.pointer, escape(segment));
        Self { document: self.document, value, places, pointer }
    }

    /// What a message calls it: its key, or "this item" in a list.
    pub(crate) fn name(&self) -> String {
        match self.pointer.rsplit_once('/') {
            None => "the file".to_owned(),
            Some((_, key)) if self.places.key.is_some() => {
                format!("`{}`", key.replace("~1", "/").replace("~0", "~"))
            }
            _ => "this item".to_owned(),
        }
    }

    /// The text of the file that it was read from, up to the end of the line.
    pub(crate) fn source(&self) -> &'a str {
        let text = self.document.text;
        text.get(first_line(text, self.places.value.clone())).unwrap_or_default()
    }

    /// Where to point at for a fault of the value: the value if it is a scalar,
    /// else the key in front of it, else its first line.
    pub(crate) fn place(&self) -> Place {
        let Places { key, value, .. } = self.places;
        let is_scalar = !self.value.is_object() && !self.value.is_array();
        let key = key.as_ref().filter(|_| !is_scalar || value.is_empty());
        self.place_at(key.unwrap_or(value))
    }

    /// Where to point at for a fault of the key, or of the entry as a whole.
    pub(crate) fn key_place(&self) -> Place {
        self.places.key.as_ref().map_or_else(|| self.place(), |key| self.place_at(key))
    }

    fn place_at(&self, span: &Range<usize>) -> Place {
        let span = first_line(self.document.text, span.clone());
        Place { pointer: self.pointer.clone(), span }
    }
}
