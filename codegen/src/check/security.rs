//! Security: the schemes, and what an operation requires of them.

use super::{
    names::instead_or,
    permission_ids,
    report::Report,
    tables::{COMPONENTS, FLOWS, OPERATION, SECURITY_SCHEME},
};
use crate::{
    api::{PermissionType, Scheme, Scope, Source},
    document::{Node, Place},
    rule::Rule,
};

/// The security schemes of the file.
pub(super) struct Schemes<'a> {
    /// The names of all, those with faults included.
    names: Vec<&'a str>,
    /// Whether there is any section of schemes.
    defined: bool,
    /// Those without faults.
    known: Vec<Scheme>,
}

/// One entry of an operation's `security`: a permission.
pub(super) struct Requirement<'a> {
    pub(super) scheme: &'a str,
    pub(super) scope: &'a str,
    pub(super) place: Place,
}

/// The flow of a scheme, and what it says about its tokens.
const FLOW_TYPES: [(&str, PermissionType); 2] = [
    ("authorizationCode", PermissionType::Delegated),
    ("clientCredentials", PermissionType::Application),
];

/// The flows that OpenAPI knows and Microsoft's permission types don't.
const REFUSED_FLOWS: [&str; 2] = ["implicit", "password"];

/// What OpenAPI defines for schemes of other types.
const OTHER_TYPES: [&str; 5] = ["name", "in", "scheme", "bearerFormat", "openIdConnectUrl"];

/// Reads `components.securitySchemes`.
pub(super) fn read_schemes<'a>(
    root: &Node<'a>,
    sources: &[Source],
    report: &mut Report,
) -> Schemes<'a> {
    let mut schemes = Schemes { names: Vec::new(), defined: false, known: Vec::new() };
    let Some(components) = root.mapping("components") else {
        return schemes;
    };
    if COMPONENTS.lacks(&components, "securitySchemes") {
        let remedy = "add `securitySchemes` with the schemes `delegated` and `application`";
        report.add(
            Rule::SecurityScheme,
            components.key_place(),
            "`components` defines no security scheme",
            remedy,
        );
    }
    let Some(section) = components.mapping("securitySchemes") else {
        return schemes;
    };
    schemes.defined = true;
    for (name, node) in section.entries() {
        schemes.names.push(name);
        let Some(scheme) = read_scheme(name, &node, (&schemes.known, sources), report) else {
            continue;
        };
        let mut others = schemes.known.iter();
        if let Some(Scheme { name, .. }) =
            others.find(|other| other.permission_type == scheme.permission_type)
        {
            let message = format!("`{name}` has the same flow, and so the same permission type");
            let remedy = "merge the two schemes, or correct the flow of one";
            report.add(Rule::SecurityScheme, node.key_place(), message, remedy);
        }
        schemes.known.push(scheme);
    }
    schemes
}

fn read_scheme(
    name: &str,
    node: &Node<'_>,
    (others, sources): (&[Scheme], &[Source]),
    report: &mut Report,
) -> Option<Scheme> {
    let kind = node.get("type")?;
    if kind.as_text()? != "oauth2" {
        let message = format!("a scheme of the type `{}` is not supported", kind.as_text()?);
        report.add(Rule::SecurityScheme, kind.place(), message, "write `type: oauth2` and `flows`");
        return None;
    }
    refuse_other_types(node, report);
    if SECURITY_SCHEME.lacks(node, "flows") {
        let remedy =
            "add `flows` with `authorizationCode` (delegated) or `clientCredentials` (application)";
        report.add(
            Rule::SecurityScheme,
            node.key_place(),
            format!("the scheme `{name}` has no `flows`"),
            remedy,
        );
    }
    let (permission_type, flow) = read_flow(&node.get("flows")?, report)?;
    let scopes = flow.mapping("scopes")?;
    if scopes.entries().is_empty() {
        let remedy =
            "list each permission with what it allows: `User.ReadWrite: Read and update ...`";
        report.add(
            Rule::SecurityScheme,
            scopes.key_place(),
            format!("the scheme `{name}` grants no scope"),
            remedy,
        );
    }
    let ids = permission_ids::read(node, &scopes, (others, sources), report);
    let (id_source, ids) = ids.unwrap_or_default();
    Some(Scheme {
        name: name.to_owned(),
        permission_type,
        description: node.text("description").unwrap_or_default().trim().to_owned(),
        scopes: scopes
            .entries()
            .into_iter()
            .map(|(key, text)| {
                read_scope(key, &text, ids.get(key).copied().unwrap_or_default(), report)
            })
            .collect(),
        id_source: id_source.to_owned(),
    })
}

/// Reports what a scheme of OAuth 2.0 has no use for.
fn refuse_other_types(node: &Node<'_>, report: &mut Report) {
    for key in OTHER_TYPES {
        if let Some(member) = node.get(key) {
            let message = format!("`{key}` means nothing for a scheme of the type `oauth2`");
            let remedy = format!("remove `{key}`");
            report.add(Rule::SecurityScheme, member.key_place(), message, remedy);
        }
    }
}

fn read_scope(name: &str, text: &Node<'_>, id: &str, report: &mut Report) -> Scope {
    let printable = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if name.is_empty() || !name.chars().all(printable) {
        let message = format!("`{name}` is not the name of a permission");
        report.add(
            Rule::SecurityScheme,
            text.key_place(),
            message,
            "write a name such as `User.ReadWrite.All`",
        );
    }
    Scope {
        name: name.to_owned(),
        description: text.as_text().unwrap_or_default().trim().to_owned(),
        id: id.to_owned(),
    }
}

/// The one flow among `flows`.
fn read_flow<'a>(flows: &Node<'a>, report: &mut Report) -> Option<(PermissionType, Node<'a>)> {
    let entries = flows.entries();
    for (name, flow) in entries.iter().filter(|(name, _)| REFUSED_FLOWS.contains(name)) {
        let message = format!("the flow `{name}` is not supported");
        let remedy =
            "write `authorizationCode` (delegated) or `clientCredentials` (application) instead";
        report.add(Rule::SecurityScheme, flow.key_place(), message, remedy);
    }
    let mut found =
        FLOW_TYPES.into_iter().filter_map(|(name, kind)| Some((kind, flows.get(name)?)));
    match (found.next(), found.next()) {
        (Some(flow), None) => Some(flow),
        (Some(_), Some((_, second))) => {
            let message = "a scheme with two flows has no single permission type";
            report.add(
                Rule::SecurityScheme,
                second.key_place(),
                message,
                "make a scheme of its own for this flow",
            );
            None
        }
        (None, _) => {
            // What stands there instead of a flow has a finding that says more.
            let explained = |key: &str| REFUSED_FLOWS.contains(&key) || FLOWS.is_fault(key);
            if flows.is_mapping() && !entries.iter().any(|(key, _)| explained(key)) {
                let remedy =
                    "add `authorizationCode` (delegated) or `clientCredentials` (application)";
                report.add(
                    Rule::SecurityScheme,
                    flows.key_place(),
                    "this scheme has no flow",
                    remedy,
                );
            }
            None
        }
    }
}

impl<'a> Schemes<'a> {
    /// The scheme called `name`, if it has no faults.
    pub(super) fn find(&self, name: &str) -> Option<&Scheme> {
        self.known.iter().find(|scheme| scheme.name == name)
    }

    pub(super) fn into_known(self) -> Vec<Scheme> {
        self.known
    }

    /// Reads the `security` of an operation. `None` if it has faults.
    pub(super) fn read_security(
        &self,
        operation: &Node<'a>,
        report: &mut Report,
    ) -> Option<Vec<Requirement<'a>>> {
        if OPERATION.lacks(operation, "security") {
            let remedy = "add `security`, one line for each permission, such as `- delegated: [User.ReadWrite]`";
            report.add(
                Rule::SecurityRequirement,
                operation.key_place(),
                "this operation doesn't say what it requires",
                remedy,
            );
        }
        let security = operation.get("security")?;
        let entries = security.items()?;
        if entries.is_empty() {
            let remedy = "list at least one permission, such as `- delegated: [User.ReadWrite]`";
            report.add(
                Rule::SecurityRequirement,
                security.key_place(),
                "this operation requires no permission",
                remedy,
            );
        }
        let requirements: Vec<_> =
            entries.iter().filter_map(|entry| self.read_requirement(entry, report)).collect();
        let complete = !entries.is_empty() && requirements.len() == entries.len();
        (complete && !has_repeated(&requirements, report)).then_some(requirements)
    }

    /// Reports the application permissions among those of a path whose resource
    /// is the signed-in user's.
    pub(super) fn refuse_application(
        &self,
        requirements: Option<&[Requirement<'_>]>,
        report: &mut Report,
    ) {
        for Requirement { scheme, place, .. } in requirements.into_iter().flatten() {
            let known = self.find(scheme);
            if known.is_some_and(|known| known.permission_type == PermissionType::Application) {
                let message = "`/me` is the signed-in user, and an application permission has none";
                let remedy = "remove it here and from `x-graph-permissions`";
                report.add(Rule::SecurityRequirement, place.clone(), message, remedy);
            }
        }
    }

    fn read_requirement(&self, entry: &Node<'a>, report: &mut Report) -> Option<Requirement<'a>> {
        const REMEDY: &str =
            "write one scheme with one scope, such as `- delegated: [User.ReadWrite]`";
        let schemes = entry.entries();
        let [(scheme, node)] = schemes.as_slice() else {
            if entry.is_mapping() {
                report.add(
                    Rule::SecurityRequirement,
                    entry.place(),
                    "each entry has to name one scheme",
                    REMEDY,
                );
            }
            return None;
        };
        let scopes = node.items()?;
        let [scope] = scopes.as_slice() else {
            report.add(
                Rule::SecurityRequirement,
                node.key_place(),
                "each entry has to name one scope",
                REMEDY,
            );
            return None;
        };
        let requirement = Requirement { scheme, scope: scope.as_text()?, place: scope.place() };
        self.check_names(&requirement, node, report).then_some(requirement)
    }

    /// Whether the scheme and the scope exist.
    fn check_names(
        &self,
        requirement: &Requirement<'a>,
        node: &Node<'a>,
        report: &mut Report,
    ) -> bool {
        let Requirement { scheme, scope, place } = requirement;
        if !self.defined {
            return false; // That there are no schemes at all is one finding, not many.
        }
        let mut fault = |place: Place, message: String, remedy: String| {
            let place = (place, node.document());
            report.add_grouped(Rule::SecurityRequirement, place, message, remedy);
            false
        };
        if !self.names.contains(scheme) {
            let message = format!("there is no security scheme `{scheme}`");
            let define = format!("define `{scheme}` under `components.securitySchemes`");
            let remedy = instead_or(scheme, self.names.iter().copied(), &define);
            return fault(node.key_place(), message, remedy);
        }
        let Some(known) = self.find(scheme) else {
            return false;
        };
        let names = known.scopes.iter().map(|known| known.name.as_str());
        if !names.clone().any(|name| name == *scope) {
            let message = format!("the scheme `{scheme}` has no scope `{scope}`");
            let remedy = instead_or(scope, names, &format!("add it to the scopes of `{scheme}`"));
            return fault(place.clone(), message, remedy);
        }
        true
    }
}

/// Whether a permission is listed twice, which is reported.
fn has_repeated(requirements: &[Requirement<'_>], report: &mut Report) -> bool {
    let repeated = requirements.iter().enumerate().filter(|(index, requirement)| {
        let mut earlier = requirements.iter().take(*index);
        earlier.any(|o| (o.scheme, o.scope) == (requirement.scheme, requirement.scope))
    });
    let mut found = false;
    for (_, Requirement { scheme, scope, place }) in repeated {
        let message = format!("`{scheme}: [{scope}]` is listed twice");
        let place = place.clone();
        report.add(Rule::SecurityRequirement, place, message, "remove one of the two");
        found = true;
    }
    found
}
