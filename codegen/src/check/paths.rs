//! Paths: their form, and that each resource belongs to one path only.

use super::{names::is_word, report::Report};
use crate::{
    api::{PHOTO_SUFFIX, Segment},
    document::Node,
    rule::Rule,
};

const RULE: Rule = Rule::PathForm;

/// A path item.
pub(super) struct Path<'a> {
    /// Its key in `paths`.
    pub(super) template: &'a str,
    pub(super) node: Node<'a>,
    /// `None` if the path has faults.
    pub(super) segments: Option<Vec<Segment>>,
}

impl Path<'_> {
    /// The names of its parameters, as far as they can be told.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flatten().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name.as_str()),
            Segment::Literal(_) => None,
        })
    }
}

/// The paths of the file.
pub(super) fn read<'a>(root: &Node<'a>, report: &mut Report) -> Vec<Path<'a>> {
    let mut entries = root.entries_of("paths");
    entries.retain(|(path, _)| !path.starts_with("x-"));
    if let Some(paths) = root.mapping("paths").filter(|_| entries.is_empty()) {
        let remedy = format!("add a path, such as `/me{PHOTO_SUFFIX}`");
        report.key(RULE, &paths, "the file has no path", remedy);
    }
    let mut paths: Vec<Path<'a>> = Vec::new();
    for (template, node) in entries {
        let path = Path { template, segments: read_segments(template, &node, report), node };
        if let Some(other) = paths.iter().find(|other| overlap(&path, other)) {
            let other = other.template;
            let message = format!("some resources belong to this path and to `{other}` as well");
            let remedy = "remove one of the two, or make them differ in a fixed segment";
            report.key(RULE, &path.node, message, remedy);
        }
        let names = path.parameters().map(|name| (format!("`{{{name}}}`"), path.node.clone()));
        report.distinct(RULE, names);
        paths.push(path);
    }
    paths
}

/// The segments of a path without the suffix; `None` if it has faults.
fn read_segments(path: &str, node: &Node<'_>, report: &mut Report) -> Option<Vec<Segment>> {
    let resource = path.strip_prefix('/').and_then(|path| path.strip_suffix(PHOTO_SUFFIX));
    let segments = match resource {
        None => Err(format!("the path `{path}` is not a resource followed by `{PHOTO_SUFFIX}`")),
        Some(resource) => resource
            .split('/')
            .map(|text| {
                read_segment(text).ok_or_else(|| {
                    format!("`{text}` is neither a plain word nor a whole `{{parameter}}`")
                })
            })
            .collect(),
    };
    segments
        .map_err(|message| report.key(RULE, node, message, format!("write `{}`", corrected(path))))
        .ok()
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

/// The path that was probably meant: the words and parameters in it, and the suffix.
fn corrected(path: &str) -> String {
    // `/groups('{id}')` is how OData writes `/groups/{id}`, too.
    let path = path.replace('(', "/").replace('{', "/{").replace('}', "}/");
    let parts = path.split('/').filter(|part| !matches!(*part, "photo" | "value"));
    let parts = parts.filter(|part| read_segment(part).is_some());
    let resource: String = parts.map(|part| format!("/{part}")).collect();
    if resource.is_empty() { format!("/me{PHOTO_SUFFIX}") } else { resource + PHOTO_SUFFIX }
}

/// Whether some resource matches both.
fn overlap(a: &Path<'_>, b: &Path<'_>) -> bool {
    let (Some(a), Some(b)) = (&a.segments, &b.segments) else { return false };
    a.len() == b.len()
        && a.iter().zip(b).all(|pair| match pair {
            // The case of fixed words does not count when a path is read.
            (Segment::Literal(a), Segment::Literal(b)) => a.eq_ignore_ascii_case(b),
            _ => true,
        })
}
