//! A YAML reader for these tests: the place and the content of each key and value.

use std::ops::Range;

use saphyr_parser::{Event, Parser};

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// A scalar or an alias.
    Plain(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// An entry of a mapping.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// With its quotes.
    pub(crate) key_span: Range<usize>,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The node at the end of nested keys.
    pub(crate) fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |node, key| {
            node.entries().iter().find(|entry| entry.key == *key).map(|entry| &entry.node)
        })
    }

    /// The number of its elements.
    pub(crate) fn len(&self) -> usize {
        self.entries().len().max(self.items().len())
    }
}

/// Reads valid YAML.
pub(crate) fn read(text: &str) -> Node {
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut events = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.unwrap();
        let (start, end) = (bytes[span.start.index()], bytes[span.end.index()]);
        let start_of_node = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(_)
                | Event::SequenceStart(..)
                | Event::MappingStart(..)
                | Event::SequenceEnd
                | Event::MappingEnd
        );
        if start_of_node {
            events.push((event, start..end.max(start)));
        }
    }
    node(text, &mut events.into_iter())
}

type Events<'a, 't> = &'a mut dyn Iterator<Item = (Event<'t>, Range<usize>)>;

fn node(text: &str, events: Events<'_, '_>) -> Node {
    let (event, span) = events.next().unwrap();
    optional(text, event, span, events).unwrap()
}

/// The node that begins with `event`; `None` at the end of a collection.
fn optional(
    text: &str,
    event: Event<'_>,
    span: Range<usize>,
    events: Events<'_, '_>,
) -> Option<Node> {
    let value = match event {
        Event::Scalar(value, ..) => Value::Plain(value.into_owned()),
        Event::Alias(_) => Value::Plain(String::new()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            let end = loop {
                let (event, span) = events.next().unwrap();
                match optional(text, event, span.clone(), events) {
                    Some(item) => items.push(item),
                    None => break span.end,
                }
            };
            let last = items.last().map(|item: &Node| item.span.end);
            return Some(collection(text, span.start, (last, end), Value::List(items)));
        }
        Event::MappingStart(..) => {
            let mut entries: Vec<Entry> = Vec::new();
            let end = loop {
                let (event, span) = events.next().unwrap();
                let Some(key) = optional(text, event, span.clone(), events) else {
                    break span.end;
                };
                let node = node(text, events);
                let Value::Plain(name) = key.value else { panic!("a key that is no word") };
                entries.push(Entry { key: name, key_span: key.span, node });
            };
            let last = entries.last().map(|entry| entry.node.span.end);
            return Some(collection(text, span.start, (last, end), Value::Map(entries)));
        }
        _ => return None,
    };
    Some(Node { span: trimmed(text, span), value })
}

/// A collection in brackets ends with its bracket, any other one with its last element.
fn collection(text: &str, start: usize, (last, end): (Option<usize>, usize), value: Value) -> Node {
    let closed = text[..end].ends_with([']', '}']);
    let end = if closed { end } else { last.unwrap_or(end) };
    Node { span: start..end, value }
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    span.start..span.start + text[span.clone()].trim_end().len()
}
