//! Permission ids: what an app registration calls the scopes of a scheme.

use std::collections::BTreeMap;

use super::{
    names::{instead_or, similar},
    report::Report,
    sources,
    tables::SECURITY_SCHEME,
};
use crate::{
    api::{Scheme, Source},
    document::Node,
    permissions::PERMISSION_IDS_KEY,
    rule::Rule,
};

/// The lengths of the groups of hexadecimal digits that make a GUID.
const GUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The ids of the `scopes` of `scheme`, by scope, after the source that lists
/// them. Those that a finding is about may be left out. `others` are the schemes
/// before it.
pub(super) fn read<'a>(
    scheme: &Node<'a>,
    scopes: &Node<'a>,
    (others, sources): (&[Scheme], &[Source]),
    report: &mut Report,
) -> Option<(&'a str, BTreeMap<&'a str, &'a str>)> {
    if SECURITY_SCHEME.lacks(scheme, PERMISSION_IDS_KEY) {
        report.add(
            Rule::PermissionId,
            scheme.key_place(),
            format!("this scheme has no `{PERMISSION_IDS_KEY}`"),
            example(scopes, sources),
        );
    }
    let node = scheme.mapping(PERMISSION_IDS_KEY)?;
    let source = node.get("source")?;
    sources::check_key(&source, sources, Rule::PermissionId, report);
    let ids = node.mapping("ids")?;
    check_scopes(&ids, scopes, report);
    Some((source.as_text()?, read_ids(&ids, others, report)))
}

/// A remedy that lists the scopes, so that only the ids are left to fill in.
fn example(scopes: &Node<'_>, sources: &[Source]) -> String {
    let source = sources.last().map_or("permissions-reference", |source| source.key.as_str());
    let names = scopes.entries().into_iter().map(|(name, _)| format!("\n    {name}: <GUID>"));
    format!("add\n{PERMISSION_IDS_KEY}:\n  source: {source}\n  ids:{}", names.collect::<String>())
}

/// Reports the scopes without an id and the ids without a scope.
fn check_scopes(ids: &Node<'_>, scopes: &Node<'_>, report: &mut Report) {
    let names: Vec<_> = scopes.entries().into_iter().map(|(name, _)| name).collect();
    let unknown: Vec<_> = ids.entries().into_iter().filter(|(name, _)| !scopes.has(name)).collect();
    for (name, id) in &unknown {
        let message = format!("there is an id for `{name}`, which is not a scope of this scheme");
        let without: Vec<_> = names.iter().copied().filter(|scope| !ids.has(scope)).collect();
        let remedy = instead_or(name, without, "remove it");
        report.add(Rule::PermissionId, id.key_place(), message, remedy);
    }
    // What looks like a misspelt name has been reported as such.
    let misspelt = |name| unknown.iter().any(|(other, _)| similar(other, [name]).is_some());
    for name in names.into_iter().filter(|name| !ids.has(name) && !misspelt(*name)) {
        let message = format!("the scope `{name}` has no id");
        let remedy = format!("add `{name}: <GUID>`, as the source lists it");
        report.add(Rule::PermissionId, ids.key_place(), message, remedy);
    }
}

fn read_ids<'a>(
    ids: &Node<'a>,
    others: &[Scheme],
    report: &mut Report,
) -> BTreeMap<&'a str, &'a str> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (scope, node) in ids.entries() {
        let Some(id) = node.as_text() else { continue };
        let here = known.iter().find(|(_, other)| **other == id);
        let other = here.map(|(scope, _)| format!("`{scope}`")).or_else(|| elsewhere(id, others));
        if !is_guid(id) {
            let message = format!("`{id}` is not a GUID in lower case");
            let remedy = "copy the id of the permission from the source, such as \
                          `b4e74841-8e56-480b-be8b-910348b18b4c`";
            report.add(Rule::PermissionId, node.place(), message, remedy);
        } else if let Some(other) = other {
            let message = format!("`{scope}` has the id of {other}");
            let remedy = "copy the id of each permission from the source";
            report.add(Rule::PermissionId, node.place(), message, remedy);
        }
        known.insert(scope, id);
    }
    known
}

/// The scope of another scheme that has this id.
fn elsewhere(id: &str, schemes: &[Scheme]) -> Option<String> {
    schemes.iter().find_map(|scheme| {
        let scope = scheme.scopes.iter().find(|scope| scope.id == id)?;
        Some(format!("`{}` of `{}`", scope.name, scheme.name))
    })
}

fn is_guid(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.split('-').map(str::len).eq(GUID_GROUPS) && text.chars().all(|c| c == '-' || digit(c))
}
