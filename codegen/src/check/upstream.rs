//! The deliberate differences from Microsoft's permission data that are recorded.

use serde::Deserialize;

use super::{names::instead, report::Report, sources};
use crate::{
    api::{Method, PHOTO_SUFFIX, Source},
    document::Node,
    rule::Rule,
    upstream::{DIFFERENCES_KEY, Kind, Recorded},
};

/// What is recorded; entries that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, sources: &[Source], report: &mut Report) -> Vec<Recorded> {
    let entries = root.get(DIFFERENCES_KEY).and_then(|list| list.items()).unwrap_or_default();
    let mut recorded: Vec<(Recorded, usize)> = Vec::new();
    for entry in entries {
        let Some(one) = read_entry(root, &entry, sources, report) else { continue };
        let line = entry.document().line(&entry.place());
        match recorded.iter().find(|(known, _)| is_same(known, &one)) {
            Some((_, first)) => {
                let message = format!("this difference is recorded at line {first} already");
                let remedy = "remove one of the two";
                report.add(Rule::UpstreamDifference, entry.place(), message, remedy);
            }
            None => recorded.push((one, line)),
        }
    }
    recorded.into_iter().map(|(one, _)| one).collect()
}

fn is_same(one: &Recorded, other: &Recorded) -> bool {
    let reason = one.reason.clone();
    *one == Recorded { reason, source: one.source.clone(), ..other.clone() }
}

/// Reads an entry. What is missing or of a wrong type, the tables have reported.
fn read_entry(
    root: &Node<'_>,
    entry: &Node<'_>,
    sources: &[Source],
    report: &mut Report,
) -> Option<Recorded> {
    let kind = Kind::deserialize(entry.get("kind")?.value()).ok()?;
    let path = entry.get("path")?;
    check_path(root, kind, &path, report);
    sources::check_key(&entry.get("source")?, sources, Rule::UpstreamDifference, report);
    check_members(kind, entry, report);
    let method = entry.get("method").and_then(|node| read_method(&node, report));
    if let Some(scheme) = entry.get("scheme") {
        check_scheme(root, kind, entry, &scheme, report);
    }
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
fn check_path(root: &Node<'_>, kind: Kind, path: &Node<'_>, report: &mut Report) {
    let (Some(text), Some(paths)) = (path.as_text(), root.mapping("paths")) else { return };
    let known: Vec<_> = paths.entries().into_iter().map(|(path, _)| path).collect();
    let (message, remedy) = match (kind == Kind::PathNotInSpec, known.contains(&text)) {
        (true, true) => (format!("the file has the path `{text}`"), "remove this entry".to_owned()),
        (true, false) if !text.starts_with('/') || !text.ends_with(PHOTO_SUFFIX) => (
            format!("`{text}` is not the path of a photo"),
            format!("write a path such as `/teams/{{teamId}}{PHOTO_SUFFIX}`"),
        ),
        (false, false) => {
            (format!("the file has no path `{text}`"), instead(text, known.iter().copied()))
        }
        _ => return,
    };
    report.add(Rule::UpstreamDifference, path.place(), message, remedy);
}

/// A kind is about a scheme, a permission and a method, or it is not.
fn check_members(kind: Kind, entry: &Node<'_>, report: &mut Report) {
    let members = [
        ("scheme", kind.has_scheme(), !kind.has_scheme(), "delegated"),
        ("permission", kind.has_permission(), !kind.has_permission(), "User.ReadWrite"),
        ("method", kind.has_method(), kind.is_of_path(), "PUT"),
    ];
    for (key, needed, refused, example) in members {
        match entry.get(key) {
            None if needed => {
                let message = format!("a difference of the kind `{kind}` has a `{key}`");
                let remedy = format!("add `{key}: {example}`");
                report.add(Rule::UpstreamDifference, entry.place(), message, remedy);
            }
            Some(value) if refused => {
                let message = format!("a difference of the kind `{kind}` has no `{key}`");
                let remedy = format!("remove `{key}`");
                report.add(Rule::UpstreamDifference, value.key_place(), message, remedy);
            }
            _ => {}
        }
    }
}

fn read_method(node: &Node<'_>, report: &mut Report) -> Option<Method> {
    let text = node.as_text()?;
    let method = Method::ALL.into_iter().find(|method| method.as_str() == text);
    if method.is_none() {
        let message = format!("`{text}` is not a method that writes a photo");
        let remedy = instead(text, Method::ALL.map(Method::as_str));
        report.add(Rule::UpstreamDifference, node.place(), message, remedy);
    }
    method
}

/// The scheme is one of the file, and has the permission if the spec lists it.
fn check_scheme(
    root: &Node<'_>,
    kind: Kind,
    entry: &Node<'_>,
    scheme: &Node<'_>,
    report: &mut Report,
) -> Option<()> {
    let name = scheme.as_text()?;
    let schemes = root.mapping("components")?.mapping("securitySchemes")?;
    let names: Vec<_> = schemes.entries().into_iter().map(|(name, _)| name).collect();
    if !names.contains(&name) {
        let message = format!("`components.securitySchemes` has no scheme `{name}`");
        let remedy = instead(name, names.iter().copied());
        report.add(Rule::UpstreamDifference, scheme.place(), message, remedy);
        return None;
    }
    let permission = entry.get("permission").filter(|_| kind == Kind::PermissionNotUpstream)?;
    let flows = schemes.get(name)?.get("flows")?;
    let scopes = flows.entries().into_iter().filter_map(|(_, flow)| flow.get("scopes"));
    let scopes: Vec<_> =
        scopes.flat_map(|scopes| scopes.entries()).map(|(scope, _)| scope).collect();
    let scope = permission.as_text()?;
    if !scopes.contains(&scope) {
        let message = format!("the scheme `{name}` has no scope `{scope}`");
        let remedy = instead(scope, scopes.iter().copied());
        report.add(Rule::UpstreamDifference, permission.place(), message, remedy);
    }
    Some(())
}
