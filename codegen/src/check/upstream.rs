//! The deliberate differences from Microsoft's permission data that are recorded.

use serde::Deserialize;

use super::{expect::keys, schemes, sources};
use crate::{
    api::{
        PHOTO_SUFFIX,
        difference::{DIFFERENCES_KEY, DifferenceKind, Recorded},
    },
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

const RULE: Rule = Rule::UpstreamDifference;

/// What is recorded; entries that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, report: &mut Report) -> Vec<Recorded> {
    let entries = root.list(DIFFERENCES_KEY);
    let about = |entry: &Node<'_>| {
        let keys = ["kind", "path", "method", "scheme", "permission"].into_iter();
        let members: Vec<_> = keys.filter_map(|key| entry.text(key)).collect();
        format!("the difference `{}`", members.join(" "))
    };
    report.distinct(RULE, entries.iter().map(|entry| (about(entry), entry.clone())));
    entries.iter().filter_map(|entry| read_entry(entry, report)).collect()
}

/// Reads an entry. What is missing or of a wrong type, OpenAPI's structure has said.
fn read_entry(entry: &Node<'_>, report: &mut Report) -> Option<Recorded> {
    let recorded = Recorded::deserialize(entry.value()).ok()?;
    let kind = recorded.kind;
    check_path(kind, &entry.get("path")?, report);
    sources::is_known(&entry.get("source")?, RULE, report);
    check_members(kind, entry, report);
    if let Some((name, scheme)) = entry.get("scheme").and_then(Node::with_text) {
        let permission =
            entry.get("permission").filter(|_| kind == DifferenceKind::PermissionNotUpstream);
        let permission = permission.and_then(Node::with_text);
        schemes::is_known(RULE, (name, &scheme), permission, report);
    }
    Some(recorded)
}

/// A path that is not in the spec has its form, and any other is in it.
fn check_path(kind: DifferenceKind, path: &Node<'_>, report: &mut Report) -> Option<()> {
    let text = path.as_text()?;
    let paths = path.document().root().mapping("paths")?;
    let has_form = text.starts_with('/') && text.ends_with(PHOTO_SUFFIX);
    if kind != DifferenceKind::PathNotInSpec && !paths.has(text) {
        let known = keys(&paths.entries());
        report.known(RULE, (text, path), &known, "the file has no path", "remove this entry");
    } else if kind == DifferenceKind::PathNotInSpec && (paths.has(text) || !has_form) {
        let message = format!("`{text}` is not the path of a photo that the file doesn't have");
        let remedy = format!("write a path such as `/teams/{{teamId}}{PHOTO_SUFFIX}`");
        report.add(RULE, path.place(), message, remedy);
    }
    None
}

/// A kind is about a scheme, a permission and a method, or it is not.
fn check_members(kind: DifferenceKind, entry: &Node<'_>, report: &mut Report) {
    let members = [
        ("scheme", kind.has_scheme(), !kind.has_scheme(), "delegated"),
        ("permission", kind.has_permission(), !kind.has_permission(), "User.ReadWrite"),
        ("method", kind.has_method(), kind.is_of_path(), "PUT"),
    ];
    for (key, needed, refused, example) in members {
        if needed && !entry.has(key) {
            let message = format!("a difference of the kind `{kind}` has a `{key}`");
            report.add(RULE, entry.place(), message, format!("add `{key}: {example}`"));
        } else if refused {
            report.refuse(RULE, entry, &[key]);
        }
    }
}
