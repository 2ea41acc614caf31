//! The recorded deliberate differences from Microsoft's permission data.

use serde::Deserialize;

use super::expect::{distinct, keys};
use super::{schemes, sources};
use crate::api::PHOTO_SUFFIX;
use crate::api::difference::{DIFFERENCES_KEY, DifferenceKind, Recorded};
use crate::diagnostics::rule::Rule;
use crate::yaml::document::Node;

const RULE: Rule = Rule::UpstreamDifference;

pub(super) fn read(root: &Node<'_>) -> Vec<Recorded> {
    let entries = root.list(DIFFERENCES_KEY);
    let name = |entry: &Node<'_>| {
        let keys = ["kind", "path", "method", "scheme", "permission"].into_iter();
        let members: Vec<_> = keys.filter_map(|key| entry.text(key)).collect();
        format!("the difference `{}`", members.join(" "))
    };
    distinct(RULE, entries.iter().map(|entry| (name(entry), entry.clone())));
    entries.iter().filter_map(read_entry).collect()
}

/// Reads an entry. A missing member or one of a wrong type has a finding already.
fn read_entry(entry: &Node<'_>) -> Option<Recorded> {
    let recorded = Recorded::deserialize(entry.value()).ok()?;
    let kind = recorded.subject.kind;
    check_path(kind, &entry.get("path")?);
    sources::is_known(&entry.get("source")?, RULE);
    check_members(kind, entry);
    if let Some((name, scheme)) = entry.get("scheme").and_then(Node::with_text) {
        let permission =
            entry.get("permission").filter(|_| kind == DifferenceKind::PermissionNotUpstream);
        schemes::is_known(RULE, (name, &scheme), permission.and_then(Node::with_text));
    }
    Some(recorded)
}

/// Checks that the spec has the path, or, for `path-not-in-spec`, only the form of the path.
fn check_path(kind: DifferenceKind, path: &Node<'_>) -> Option<()> {
    let text = path.as_text()?;
    let paths = path.root().mapping("paths")?;
    let has_form = text.starts_with('/') && text.ends_with(PHOTO_SUFFIX);
    if kind != DifferenceKind::PathNotInSpec && !paths.has(text) {
        let known = keys(&paths.entries());
        path.is_known(RULE, text, &known, "the file has no path", "remove this entry");
    } else if kind == DifferenceKind::PathNotInSpec && (paths.has(text) || !has_form) {
        let message = format!("`{text}` is not the path of a photo that the file doesn't have");
        let remedy = format!("write a path such as `/teams/{{teamId}}{PHOTO_SUFFIX}`");
        path.fault(RULE, message, remedy);
    }
    None
}

/// Checks that the entry has the members of its kind, and no others.
fn check_members(kind: DifferenceKind, entry: &Node<'_>) {
    let members = [
        ("scheme", kind.has_scheme(), !kind.has_scheme(), "delegated"),
        ("permission", kind.has_permission(), !kind.has_permission(), "User.ReadWrite"),
        ("method", kind.has_method(), kind.is_of_path(), "PUT"),
    ];
    for (key, needed, refused, example) in members {
        if needed && !entry.has(key) {
            let message = format!("a difference of the kind `{kind}` needs a `{key}`");
            entry.fault(RULE, message, format!("add `{key}: {example}`"));
        } else if refused {
            entry.refuse(RULE, [key]);
        }
    }
}
