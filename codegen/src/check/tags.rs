//! Tags: the groups that operations are listed in.

use super::report::Report;
use crate::{document::Node, rule::Rule};

/// Checks that each tag is declared once.
pub(super) fn check_declared(root: &Node<'_>, report: &mut Report) {
    let names = declared(root).into_iter().map(|(name, node)| (format!("the tag `{name}`"), node));
    report.distinct(Rule::Tag, names);
}

/// Checks that each tag of `operation` is declared.
pub(super) fn check_used(operation: &Node<'_>, report: &mut Report) {
    let known: Vec<_> =
        declared(&operation.document().root()).into_iter().map(|(name, _)| name).collect();
    for (name, tag) in operation.texts("tags") {
        if !known.contains(&name) {
            let otherwise = "add it to the `tags` of the file";
            report.unknown(
                Rule::Tag,
                (name, &tag),
                "there is no tag",
                known.iter().copied(),
                otherwise,
            );
        }
    }
}

fn declared<'a>(root: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let names = root.list("tags").into_iter().filter_map(|tag| tag.get("name"));
    names.filter_map(|name| Some((name.as_text()?, name))).collect()
}
