//! Security schemes: the permission type that each stands for, and its scopes.

use super::{expect::keys, members::Object, permission_ids};
use crate::{
    api::{Scheme, Scope, permissions::PermissionType},
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

const RULE: Rule = Rule::SecurityScheme;

/// The flow of a scheme, and what it says about its tokens.
const FLOW_TYPES: [(&str, PermissionType); 2] = [
    ("authorizationCode", PermissionType::Delegated),
    ("clientCredentials", PermissionType::Application),
];

/// The schemes of `components`; those that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, report: &mut Report) -> Vec<Scheme> {
    if let Some(components) = root.get("components") {
        let example = "{ delegated: ..., application: ... }";
        report.require(RULE, (&components, Object::Components), "securitySchemes", example);
    }
    let mut schemes: Vec<Scheme> = Vec::new();
    for (name, node) in root.definitions("securitySchemes") {
        let Some(scheme) = read_scheme(name, &node, report) else { continue };
        let is_same = |other: &&Scheme| other.permission_type == scheme.permission_type;
        if let Some(Scheme { name, .. }) = schemes.iter().find(is_same) {
            let message = format!("`{name}` has the same flow, and so the same permission type");
            let remedy = "merge the two schemes, or correct the flow of one";
            report.add(RULE, node.key_place(), message, remedy);
        }
        schemes.push(scheme);
    }
    permission_ids::check_ids(root, report);
    schemes
}

fn read_scheme(name: &str, node: &Node<'_>, report: &mut Report) -> Option<Scheme> {
    if !report.constant(RULE, (node, Object::SecurityScheme), "type", "oauth2") {
        return None;
    }
    report.refuse_elsewhere(RULE, node, Object::SecurityScheme);
    let example = "{ authorizationCode: ... }";
    let flows = report.require(RULE, (node, Object::SecurityScheme), "flows", example)?;
    let (permission_type, flow) = read_flow(&flows, report)?;
    let scopes = flow.mapping("scopes")?;
    if scopes.is_empty() {
        let remedy = "list each permission: `User.ReadWrite: Read and update ...`";
        report.add(RULE, scopes.key_place(), "this scheme has no scope", remedy);
    }
    let ids = permission_ids::read(node, &scopes, report);
    let id = |scope| ids.as_ref().and_then(|(_, ids)| ids.text(scope)).unwrap_or_default();
    let scopes = scopes.entries().into_iter();
    Some(Scheme {
        name: name.to_owned(),
        permission_type,
        description: node.text("description").unwrap_or_default().trim().to_owned(),
        scopes: scopes.map(|(name, text)| read_scope(name, &text, id(name), report)).collect(),
        id_source: ids.as_ref().map(|(source, _)| *source).unwrap_or_default().to_owned(),
    })
}

/// The one flow among `flows`.
fn read_flow<'a>(flows: &Node<'a>, report: &mut Report) -> Option<(PermissionType, Node<'a>)> {
    report.refuse_elsewhere(RULE, flows, Object::Flows);
    let mut found = FLOW_TYPES.into_iter().filter_map(|(name, of)| Some((of, flows.get(name)?)));
    match (found.next(), found.next()) {
        (flow @ Some(_), None) => return flow,
        (_, Some((_, second))) => {
            let message = "a scheme with two flows has no single permission type";
            report.add(RULE, second.key_place(), message, "define another scheme for this flow");
        }
        (None, None) if FLOW_TYPES.iter().all(|(name, _)| Object::Flows.lacks(flows, name)) => {
            let remedy = "add `authorizationCode` (delegated) or `clientCredentials` (application)";
            report.add(RULE, flows.key_place(), "this scheme has no flow", remedy);
        }
        (None, None) => {}
    }
    None
}

fn read_scope(name: &str, text: &Node<'_>, id: &str, report: &mut Report) -> Scope {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        let message = format!("`{name}` is not the name of a permission");
        report.add(RULE, text.key_place(), message, "write a name such as `User.ReadWrite.All`");
    }
    Scope {
        name: name.to_owned(),
        description: text.as_text().unwrap_or_default().trim().to_owned(),
        id: id.to_owned(),
    }
}

/// Whether the file has the scheme that `node` names and that scheme the `scope`, if one is
/// given. Reports an unknown one by `rule`; an empty section has a finding already.
pub(super) fn is_known(
    rule: Rule,
    (name, node): (&str, &Node<'_>),
    scope: Option<(&str, Node<'_>)>,
    report: &mut Report,
) -> bool {
    let schemes = node.components("securitySchemes");
    let define = format!("define `{name}` under `components.securitySchemes`");
    let (known, message) = (keys(&schemes), "there is no security scheme");
    if known.is_empty() || !report.known(rule, (name, node), &known, message, &define) {
        return false;
    }
    let flows = schemes.iter().filter(|(known, _)| *known == name);
    let flows = flows.flat_map(|(_, scheme)| scheme.entries_of("flows"));
    let scopes: Vec<_> = flows.flat_map(|(_, flow)| flow.entries_of("scopes")).collect();
    let Some((scope, node)) = scope.filter(|_| !scopes.is_empty()) else { return true };
    let message = format!("the scheme `{name}` has no scope");
    let define = format!("add it to the scopes of `{name}`");
    report.known(rule, (scope, &node), &keys(&scopes), &message, &define)
}
