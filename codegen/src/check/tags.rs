//! Tags: the groups that operations are listed in.

use super::{names::instead_or, report::Report};
use crate::{
    api::Method,
    document::{Node, Place},
    rule::Rule,
};

/// Checks that each tag is declared once, and each one used declared.
pub(super) fn check<'a>(root: &Node<'a>, report: &mut Report) {
    let mut names: Vec<(&str, Place)> = Vec::new();
    for tag in root.get("tags").and_then(|tags| tags.items()).into_iter().flatten() {
        let Some(node) = tag.get("name") else {
            continue;
        };
        let Some(name) = node.as_text() else { continue };
        match names.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => {
                let line = root.document().line(first);
                let message = format!("the tag `{name}` is already declared at line {line}");
                report.add(
                    Rule::Tag,
                    node.place(),
                    message,
                    "remove one of the two, or give it another name",
                );
            }
            None => names.push((name, node.place())),
        }
    }
    let paths = root.get("paths").map(|paths| paths.entries()).unwrap_or_default();
    let operations = |path: &Node<'a>| Method::ALL.map(|method| path.get(method.key()));
    for operation in paths.iter().flat_map(|(_, path)| operations(path)).flatten() {
        for tag in operation.get("tags").and_then(|tags| tags.items()).into_iter().flatten() {
            let Some(name) = tag.as_text() else { continue };
            if !names.iter().any(|(known, _)| *known == name) {
                let message = format!("the tag `{name}` is not declared");
                let known = names.iter().map(|(known, _)| *known);
                let remedy = instead_or(name, known, "add it to the `tags` of the file");
                report.add_grouped(Rule::Tag, (tag.place(), root.document()), message, remedy);
            }
        }
    }
}
