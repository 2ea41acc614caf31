//! Paths: their form, and that each resource belongs to one path only.

use super::{
    Definitions, Shared,
    names::is_word,
    operations::{self, PathItem},
    parameters,
    report::Report,
};
use crate::{
    api::{PHOTO_SUFFIX, Segment, Target},
    document::Node,
    rule::Rule,
};

/// The targets; those that a finding is about may be left out.
pub(super) fn read(
    root: &Node<'_>,
    definitions: &Definitions<'_>,
    shared: &mut Shared,
    report: &mut Report,
) -> Vec<Target> {
    let Some(paths) = root.mapping("paths") else {
        return Vec::new();
    };
    let mut earlier: Vec<(&str, Vec<Segment>)> = Vec::new();
    let mut targets = Vec::new();
    let entries: Vec<_> =
        paths.entries().into_iter().filter(|(path, _)| !path.starts_with("x-")).collect();
    if entries.is_empty() {
        let remedy = format!("add a path, such as `/me{PHOTO_SUFFIX}`");
        report.add(Rule::PathForm, paths.key_place(), "the file has no path", remedy);
    }
    for (path, item) in entries {
        let segments = read_path(path, &item, report);
        if let Some(segments) = &segments {
            check_overlap(&item, segments, &earlier, report);
            earlier.push((path, segments.clone()));
        }
        let declared = parameters::Declared::of_path(&item, segments.as_deref(), report);
        let scope = PathItem {
            template: path,
            node: &item,
            segments: segments.as_deref(),
            declared: &declared,
        };
        let read = operations::read(&scope, definitions, shared, report);
        parameters::note_identifiers(&scope, shared, report);
        if let (Some(segments), Some(name)) = (segments, read.target) {
            targets.push(Target { name, segments, operations: read.operations });
        }
    }
    targets
}

/// The segments of `path` without the suffix; `None` if it has faults.
fn read_path(path: &str, item: &Node<'_>, report: &mut Report) -> Option<Vec<Segment>> {
    let mut fault = |message: String| {
        let remedy = format!("write `{}`", corrected(path));
        report.add(Rule::PathForm, item.key_place(), message, remedy);
    };
    let Some(relative) = path.strip_prefix('/') else {
        fault(format!("the path `{path}` doesn't begin with `/`"));
        return None;
    };
    let Some(resource) = path.strip_suffix(PHOTO_SUFFIX) else {
        fault(format!("the path `{path}` doesn't end with `{PHOTO_SUFFIX}`"));
        return None;
    };
    if resource.is_empty() {
        fault(format!("the path `{path}` names no resource"));
        return None;
    }
    let resource = relative.strip_suffix(PHOTO_SUFFIX).unwrap_or_default();
    let segments: Vec<Option<Segment>> = resource.split('/').map(read_segment).collect();
    for (text, _) in resource.split('/').zip(&segments).filter(|(_, segment)| segment.is_none()) {
        fault(match text {
            "" => format!("the path `{path}` has an empty segment"),
            _ => format!("`{text}` is neither a plain word nor a whole `{{parameter}}`"),
        });
    }
    let segments: Vec<Segment> = segments.into_iter().collect::<Option<_>>()?;
    let Some(name) = repeated_parameter(&segments) else {
        return Some(segments);
    };
    let message = format!("the parameter `{{{name}}}` occurs twice in this path");
    let remedy = "give each parameter of the path a name of its own";
    report.add(Rule::PathForm, item.key_place(), message, remedy);
    None
}

fn repeated_parameter(segments: &[Segment]) -> Option<&str> {
    segments.iter().enumerate().find_map(|(index, segment)| match segment {
        Segment::Parameter(name) if segments.iter().take(index).any(|other| other == segment) => {
            Some(name.as_str())
        }
        _ => None,
    })
}

fn read_segment(text: &str) -> Option<Segment> {
    let parameter = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    match parameter {
        Some(name) if !name.is_empty() && !name.contains(['{', '}']) => {
            Some(Segment::Parameter(name.to_owned()))
        }
        None if is_word(text) => Some(Segment::Literal(text.to_owned())),
        _ => None,
    }
}

/// The path that was probably meant.
fn corrected(path: &str) -> String {
    // `/groups('{id}')` is how OData writes `/groups/{id}`, too.
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.replace('(', "/").replace("}{", "}/{");
    let words = path.split('/').filter(|segment| !segment.is_empty());
    let resource: String = words
        .filter(|segment| !matches!(*segment, "photo" | "$value" | "value"))
        .map(|segment| match read_segment(segment) {
            Some(_) => format!("/{segment}"),
            None => corrected_segment(segment),
        })
        .collect();
    let resource = if resource.is_empty() { "/me".to_owned() } else { resource };
    resource + PHOTO_SUFFIX
}

fn corrected_segment(segment: &str) -> String {
    let (before, inner) = segment.split_once('{').unwrap_or(("", segment));
    let before = if is_word(before) { format!("/{before}") } else { String::new() };
    let inner = inner.split_once('}').map_or(inner, |(inner, _)| inner);
    let word: String = inner.chars().filter(char::is_ascii_alphanumeric).collect();
    let parameter = segment.starts_with(':') || segment.contains(['{', '}']);
    match word.as_str() {
        "" => before,
        word if parameter || !is_word(word) => format!("{before}/{{{word}}}"),
        word => format!("/{word}"),
    }
}

/// Reports an earlier path to which some of the same resources belong.
fn check_overlap(
    item: &Node<'_>,
    segments: &[Segment],
    earlier: &[(&str, Vec<Segment>)],
    report: &mut Report,
) {
    if let Some((other, _)) = earlier.iter().find(|(_, other)| overlap(other, segments)) {
        let message = format!("some resources belong to this path and to `{other}` as well");
        let remedy = "remove one of the two, or make them differ in a fixed segment";
        report.add(Rule::PathForm, item.key_place(), message, remedy);
    }
}

/// Whether some resource matches both.
fn overlap(a: &[Segment], b: &[Segment]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|pair| match pair {
            // The case of fixed words does not count when a path is read.
            (Segment::Literal(a), Segment::Literal(b)) => a.eq_ignore_ascii_case(b),
            _ => true,
        })
}
