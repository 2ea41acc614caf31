//! Reads the spec: holds it against every rule and, if it breaks none, says
//! what it means.

mod bodies;
mod errors;
mod info;
mod keys;
mod openapi;
mod operations;
mod parameters;
mod paths;
mod permission_ids;
mod permissions;
mod references;
mod responses;
mod schemas;
mod security;
mod servers;
mod sources;
mod structure;
mod tags;
mod upstream;

// Until the branches are merged: the old paths of modules that have moved.
use crate::diagnostics::report;
mod names {
    pub(super) use crate::{diagnostics::suggestion::*, names::*};
}
mod shape {
    pub(super) use super::openapi::Object;
}
#[allow(unused_imports, reason = "not every branch uses all")]
mod tables {
    pub(super) use super::openapi::Object::{
        Components as COMPONENTS, Flows as FLOWS, Operation as OPERATION, Parameter as PARAMETER,
        PathItem as PATH_ITEM, Permissions as PERMISSIONS, RequestBody as REQUEST_BODY,
        Response as RESPONSE, Root as ROOT, Schema as SCHEMA, SecurityScheme as SECURITY_SCHEME,
    };
}

use serde_json::Value;

use self::security::Schemes;
use crate::{
    api::{Api, Identifier, Source},
    diagnostics::{
        finding::{Finding, Findings, line_at},
        report::Report,
        rule::Rule,
    },
    yaml::document::{Document, Node},
};

impl Api {
    /// Reads the text of an OpenAPI file and holds it against every rule.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at least one finding.
    pub fn read(spec_text: &str) -> Result<Self, Findings> {
        read(spec_text).map(|(api, _)| api)
    }
}

/// Reads a spec and, if it breaks no rule, returns what it means and what it says.
pub(crate) fn read(spec_text: &str) -> Result<(Api, Value), Findings> {
    let (document, findings) = Document::read(spec_text);
    let mut report = Report::new(findings);
    let api = document.as_ref().and_then(|document| read_api(&document.root(), &mut report));
    match (document, api) {
        _ if !report.is_empty() => Err(Findings::new(spec_text, report.into_findings())),
        (Some(document), Some(api)) => Ok((api, document.into_value())),
        _ => Err(unreadable(spec_text, "")),
    }
}

/// The finding for what the rules should have found; whatever it is, it's no panic.
pub(crate) fn unreadable(spec_text: &str, cause: &str) -> Findings {
    let finding = Finding {
        rule: Rule::OpenapiStructure,
        message: format!("the file can't be read as OpenAPI{cause}"),
        pointer: String::new(),
        span: line_at(spec_text, 0).1,
        remedy: "undo the last edit".to_owned(),
    };
    Findings::new(spec_text, vec![finding])
}

fn read_api(root: &Node<'_>, report: &mut Report) -> Option<Api> {
    structure::check(root, report);
    let info = info::read(root, report);
    let clouds = servers::read(root, report);
    tags::check(root, report);
    let sources = sources::read(root, report);
    let schemes = security::read_schemes(root, &sources, report);
    schemas::check(root, report);
    parameters::check_components(root, report);
    bodies::check_components(root, report);
    responses::check_components(root, report);

    let mut shared = Shared::default();
    let targets = paths::read(
        root,
        &Definitions { schemes: &schemes, sources: &sources },
        &mut shared,
        report,
    );
    let upstream_differences = upstream::read(root, &sources, report);
    errors::check_model(&shared, root, report);
    let identifiers = shared.identifiers.iter().map(|(identifier, _)| identifier.name.as_str());
    schemas::check_clashes(root, identifiers, report);

    let photo = shared.photo?;
    let (error_model, _) = shared.error_model?;
    let (title, version) = info?;
    Some(Api {
        title,
        version,
        clouds,
        media_type: photo.media_type,
        max_request_bytes: photo.max_request_bytes,
        error_model,
        schemes: schemes.into_known(),
        sources,
        identifiers: shared.identifiers.into_iter().map(|(identifier, _)| identifier).collect(),
        targets,
        upstream_differences,
    })
}

/// What operations refer to by name.
struct Definitions<'a> {
    schemes: &'a Schemes<'a>,
    sources: &'a [Source],
}

/// What all operations have in common, learnt from the first that says it, and
/// the line at which it does.
#[derive(Default)]
struct Shared {
    photo: Option<bodies::Photo>,
    /// The name of the schema of every error answer.
    error_model: Option<(String, usize)>,
    identifiers: Vec<(Identifier, usize)>,
    /// Each operation's id, target and path.
    targets: Vec<(String, String, String)>,
}
