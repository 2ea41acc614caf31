//! A YAML document whose values know where they are, and report their faults.

use std::{cell::RefCell, ops::Range};

use serde_json::Value;

use super::reader::{self, Places, escape};
use crate::diagnostics::finding::Finding;
use crate::diagnostics::lines::{Lines, first_line};
use crate::diagnostics::report::{Place, Report};
use crate::diagnostics::rule::Rule;

/// A YAML document and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    text: &'t str,
    lines: Lines<'t>,
    root: Value,
    places: Places,
    report: RefCell<Report>,
}

impl<'t> Document<'t> {
    /// Reads `text`. `Err` if the rules have nothing to look at; then there is a finding.
    pub(crate) fn read(text: &'t str) -> Result<Self, Vec<Finding>> {
        let lines = Lines::of(text);
        let (root, findings) = reader::read(text, &lines);
        let Some((root, places)) = root else { return Err(findings) };
        let report = RefCell::new(Report::new(findings));
        Ok(Self { text, lines, root, places, report })
    }

    pub(crate) fn root(&self) -> Node<'_> {
        let (value, places) = (&self.root, &self.places);
        Node { document: self, value, places, pointer: String::new() }
    }

    pub(crate) fn into_parts(self) -> (Value, Vec<Finding>) {
        (self.root, self.report.into_inner().into_findings())
    }

    /// The line of the last of these nested keys that exists, or of the root.
    #[cfg(feature = "generator")]
    pub(crate) fn line_of(&self, keys: &[&str]) -> usize {
        let mut node = self.root();
        for key in keys {
            let next = match node.items() {
                Some(items) => key.parse().ok().and_then(|index| items.into_iter().nth(index)),
                None => node.get(key),
            };
            let Some(next) = next else { break };
            node = next;
        }
        node.line()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    document: &'a Document<'a>,
    value: &'a Value,
    places: &'a Places,
    pointer: String,
}

impl<'a> Node<'a> {
    pub(crate) fn root(&self) -> Self {
        self.document.root()
    }

    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    pub(crate) fn is_mapping(&self) -> bool {
        self.value.is_object()
    }

    /// The value of the entry `key`, if this is a mapping that has it.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let mut entries = self.value.as_object()?.iter().zip(&self.places.parts);
        let ((_, value), places) = entries.find(|((known, _), _)| *known == key)?;
        Some(self.part(key, value, places))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    pub(crate) fn mapping(&self, key: &str) -> Option<Self> {
        self.get(key).filter(Self::is_mapping)
    }

    /// The entry `key` if it is text that isn't blank.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(|node| node.as_text())
    }

    pub(crate) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str().filter(|text| !text.trim().is_empty())
    }

    pub(crate) fn entries(&self) -> Vec<(&'a str, Self)> {
        let entries = self.value.as_object().into_iter().flatten().zip(&self.places.parts);
        entries
            .map(|((key, value), places)| (key.as_str(), self.part(key, value, places)))
            .collect()
    }

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

    /// Reports a fault of the value, or, with `key_fault`, of the key or the whole entry.
    pub(crate) fn fault(&self, rule: Rule, message: impl Into<String>, remedy: impl Into<String>) {
        self.document.report.borrow_mut().add(rule, self.place(), message.into(), remedy.into());
    }

    pub(crate) fn key_fault(
        &self,
        rule: Rule,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let place = self.key_place();
        self.document.report.borrow_mut().add(rule, place, message.into(), remedy.into());
    }

    /// Reports a fault of `place`, once for all places with the same message.
    pub(crate) fn grouped_fault(&self, rule: Rule, place: Place, message: String, remedy: String) {
        let line = self.document.lines.number(place.span.start);
        self.document.report.borrow_mut().add_grouped(rule, (place, line), message, remedy);
    }

    /// The number of the line, from 1, of its key.
    pub(crate) fn line(&self) -> usize {
        self.document.lines.number(self.key_place().span.start)
    }

    /// The text of the file that it was read from, up to the end of the line.
    pub(crate) fn source(&self) -> &'a str {
        let text = self.document.text;
        text.get(first_line(text, self.places.value.clone())).unwrap_or_default()
    }

    pub(crate) fn place(&self) -> Place {
        let Places { key, value, .. } = self.places;
        let is_scalar = !self.value.is_object() && !self.value.is_array();
        let key = key.as_ref().filter(|_| !is_scalar || value.is_empty());
        self.place_at(key.unwrap_or(value))
    }

    pub(crate) fn key_place(&self) -> Place {
        self.places.key.as_ref().map_or_else(|| self.place(), |key| self.place_at(key))
    }

    fn place_at(&self, span: &Range<usize>) -> Place {
        let span = first_line(self.document.text, span.clone());
        Place { pointer: self.pointer.clone(), span }
    }
}
