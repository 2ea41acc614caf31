//! Paths: their form, and that each resource belongs to one path only.

use super::expect::distinct;
use crate::api::{PHOTO_SUFFIX, Segment};
use crate::diagnostics::rule::Rule;
use crate::names::is_word;
use crate::yaml::document::Node;

const RULE: Rule = Rule::PathForm;

pub(super) struct PathItem<'a> {
    /// Its key in `paths`.
    pub(super) template: &'a str,
    pub(super) node: Node<'a>,
    /// `None` if the path has faults.
    pub(super) segments: Option<Vec<Segment>>,
}

impl PathItem<'_> {
    /// The names of its parameters; none if the path has faults.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flatten().filter_map(Segment::parameter)
    }
}

pub(super) fn read<'a>(root: &Node<'a>) -> Vec<PathItem<'a>> {
    let mut entries = root.entries_of("paths");
    entries.retain(|(path, _)| !path.starts_with("x-"));
    if let Some(paths) = root.mapping("paths").filter(|_| entries.is_empty()) {
        let remedy = format!("add a path, such as `/me{PHOTO_SUFFIX}`");
        paths.key_fault(RULE, "the file has no path", remedy);
    }
    let mut paths: Vec<PathItem<'a>> = Vec::new();
    for (template, node) in entries {
        let path = PathItem { template, segments: read_segments(template), node };
        if path.segments.is_none() {
            let message = format!(
                "`{template}` is not words and whole `{{parameters}}` followed by `{PHOTO_SUFFIX}`"
            );
            path.node.key_fault(RULE, message, format!("write `{}`", corrected(template)));
        }
        if let Some(other) = paths.iter().find(|other| overlap(&path, other)) {
            let other = other.template;
            let message = format!("some resources belong both to this path and to `{other}`");
            let remedy = "remove one of the two, or make them differ in a fixed segment";
            path.node.key_fault(RULE, message, remedy);
        }
        distinct(RULE, path.parameters().map(|name| (format!("`{{{name}}}`"), path.node.clone())));
        paths.push(path);
    }
    paths
}

/// The segments of a path without the suffix; `None` if its form is wrong.
fn read_segments(path: &str) -> Option<Vec<Segment>> {
    let resource = path.strip_prefix('/')?.strip_suffix(PHOTO_SUFFIX)?;
    resource.split('/').map(read_segment).collect()
}

fn read_segment(text: &str) -> Option<Segment> {
    match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        Some(name) if !name.is_empty() && !name.contains(['{', '}']) => {
            Some(Segment::Parameter(name.to_owned()))
        }
        None if is_word(text) => Some(Segment::Literal(text.to_owned())),
        _ => None,
    }
}

/// The path that was probably meant: the words and parameters of this one, and the suffix.
fn corrected(path: &str) -> String {
    // OData also writes `/groups('{id}')` for `/groups/{id}`.
    let path = path.replace('(', "/").replace('{', "/{").replace('}', "}/");
    let parts = path.split('/').filter(|part| !matches!(*part, "photo" | "value"));
    let parts = parts.filter(|part| read_segment(part).is_some());
    let resource: String = parts.map(|part| format!("/{part}")).collect();
    if resource.is_empty() { format!("/me{PHOTO_SUFFIX}") } else { resource + PHOTO_SUFFIX }
}

/// Whether some resource matches both.
fn overlap(a: &PathItem<'_>, b: &PathItem<'_>) -> bool {
    let (Some(a), Some(b)) = (&a.segments, &b.segments) else { return false };
    a.len() == b.len()
        && a.iter().zip(b).all(|pair| match pair {
            // Readers of paths ignore the case of fixed words.
            (Segment::Literal(a), Segment::Literal(b)) => a.eq_ignore_ascii_case(b),
            _ => true,
        })
}
