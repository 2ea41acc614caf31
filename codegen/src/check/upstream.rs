//! The deliberate differences from Microsoft's permission data that are recorded.

use serde::Deserialize;

use super::{report::Report, sources};
use crate::{
    api::{Method, PHOTO_SUFFIX},
    document::Node,
    rule::Rule,
    upstream::{DIFFERENCES_KEY, Kind, Recorded},
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
    let kind = Kind::deserialize(entry.get("kind")?.value()).ok()?;
    let path = entry.get("path")?;
    check_path(kind, &path, report);
    sources::is_known(&entry.get("source")?, RULE, report);
    check_members(kind, entry, report);
    let method = entry.get("method").and_then(|node| read_method(&node, report));
    check_scheme(kind, entry, report);
    let text = |key| entry.text(key).map(str::to_owned);
    Some(Recorded {
        kind,
        path: path.as_text()?.to_owned(),
        method,
        scheme: text("scheme"),
        permission: text("permission"),
        source: text("source")?,
        reason: text("reason")?,
    })
}

/// A path that is not in the spec has its form, and any other is in it.
fn check_path(kind: Kind, path: &Node<'_>, report: &mut Report) -> Option<()> {
    let text = path.as_text()?;
    let paths = path.document().root().mapping("paths")?;
    if kind != Kind::PathNotInSpec && !paths.has(text) {
        let known = paths.entries().into_iter().map(|(path, _)| path);
        report.unknown(RULE, (text, path), "the file has no path", known, "remove this entry");
    } else if kind == Kind::PathNotInSpec && paths.has(text) {
        report.value(RULE, path, format!("the file has the path `{text}`"), "remove this entry");
    } else if !text.starts_with('/') || !text.ends_with(PHOTO_SUFFIX) {
        let remedy = format!("write a path such as `/teams/{{teamId}}{PHOTO_SUFFIX}`");
        report.value(RULE, path, format!("`{text}` is not the path of a photo"), remedy);
    }
    None
}

/// A kind is about a scheme, a permission and a method, or it is not.
fn check_members(kind: Kind, entry: &Node<'_>, report: &mut Report) {
    let members = [
        ("scheme", kind.has_scheme(), !kind.has_scheme(), "delegated"),
        ("permission", kind.has_permission(), !kind.has_permission(), "User.ReadWrite"),
        ("method", kind.has_method(), kind.is_of_path(), "PUT"),
    ];
    for (key, needed, refused, example) in members {
        if needed && !entry.has(key) {
            let message = format!("a difference of the kind `{kind}` has a `{key}`");
            report.value(RULE, entry, message, format!("add `{key}: {example}`"));
        } else if refused {
            report.refuse(RULE, entry, &[key], &format!("a difference of the kind `{kind}`"));
        }
    }
}

fn read_method(node: &Node<'_>, report: &mut Report) -> Option<Method> {
    let text = node.as_text()?;
    let method = Method::ALL.into_iter().find(|method| method.as_str() == text);
    if method.is_none() {
        let known = Method::ALL.map(Method::as_str);
        report.unknown(RULE, (text, node), "the client has no method", known, "remove this entry");
    }
    method
}

/// The scheme is one of the file, and has the permission if the spec lists it.
fn check_scheme(kind: Kind, entry: &Node<'_>, report: &mut Report) -> Option<()> {
    let node = entry.get("scheme")?;
    let name = node.as_text()?;
    let schemes = node.components("securitySchemes");
    let Some((_, scheme)) = schemes.iter().find(|(known, _)| *known == name) else {
        let known = schemes.iter().map(|(known, _)| *known);
        report.unknown(
            RULE,
            (name, &node),
            "there is no security scheme",
            known,
            "remove this entry",
        );
        return None;
    };
    let permission = entry.get("permission").filter(|_| kind == Kind::PermissionNotUpstream)?;
    let flows = scheme.entries_of("flows").into_iter();
    let scopes: Vec<_> = flows.flat_map(|(_, flow)| flow.entries_of("scopes")).collect();
    let scope = permission.as_text()?;
    if !scopes.iter().any(|(known, _)| *known == scope) {
        let message = format!("the scheme `{name}` has no scope");
        let known = scopes.iter().map(|(known, _)| *known);
        report.unknown(RULE, (scope, &permission), &message, known, "remove this entry");
    }
    None
}
