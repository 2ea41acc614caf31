//! Reads the spec: holds it against every rule and, if it breaks none, says
//! what it means.

mod bodies;
mod complete;
mod context;
mod errors;
mod expect;
mod identifiers;
mod info;
mod names;
mod operations;
mod parameters;
mod paths;
mod permission_ids;
mod permissions;
mod references;
mod report;
mod responses;
mod schemas;
mod schemes;
mod security;
mod servers;
mod shape;
mod sources;
mod tables;
mod tags;
mod upstream;

use self::{context::Context, report::Report};
use crate::{
    api::Api,
    document::{Document, Node},
    finding::Findings,
    names::type_name,
    rule::Rule,
};

impl Api {
    /// Reads the text of an OpenAPI file and holds it against every rule.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at least one finding.
    pub fn read(spec_text: &str) -> Result<Self, Findings> {
        read(spec_text, |api, _| Ok(api))
    }
}

/// Reads a spec and, if it breaks no rule, hands it to `then`, whose error is a finding.
pub(crate) fn read<T>(
    spec_text: &str,
    then: impl FnOnce(Api, &Node<'_>) -> Result<T, String>,
) -> Result<T, Findings> {
    let (document, findings) = Document::read(spec_text);
    let mut report = Report::new(findings);
    let value = document.and_then(|document| read_document(&document.root(), then, &mut report));
    match value {
        Some(value) if report.is_empty() => Ok(value),
        _ => Err(Findings::new(spec_text, report.into_findings())),
    }
}

/// Reads what is well-formed YAML. `None` only with a finding.
fn read_document<T>(
    root: &Node<'_>,
    then: impl FnOnce(Api, &Node<'_>) -> Result<T, String>,
    report: &mut Report,
) -> Option<T> {
    if !root.is_mapping() {
        let remedy = "write an OpenAPI document, beginning with `openapi: 3.0.3`";
        report.add(Rule::OpenapiStructure, root.place(), "the file is not a mapping", remedy);
        return None;
    }
    let api = read_api(root, report);
    if let Some(api) = api.as_ref().filter(|_| report.is_empty()) {
        complete::check(root, api, report);
    }
    if !report.is_empty() {
        return None;
    }
    let value = api.ok_or_else(String::new).and_then(|api| then(api, root));
    value
        .map_err(|cause| {
            // The rules should have found it; whatever it is, it's no panic.
            let message = format!("the file can't be read as OpenAPI{cause}");
            report.add(Rule::OpenapiStructure, root.place(), message, "undo the last edit");
        })
        .ok()
}

fn read_api(root: &Node<'_>, report: &mut Report) -> Option<Api> {
    shape::check(root, &shape::Shape::Object(&tables::ROOT), Rule::OpenapiStructure, report);
    let info = info::read(root, report);
    let clouds = servers::read(root, report);
    tags::check_declared(root, report);
    let sources = sources::read(root, report);
    let upstream_differences = upstream::read(root, report);
    // Those that nothing refers to, too: whoever reads the file as OpenAPI reads them.
    for (_, parameter) in root.definitions("parameters") {
        parameters::check(&parameter, report);
    }
    for (_, body) in root.definitions("requestBodies") {
        bodies::read_body(&body, report);
    }
    for (_, response) in root.definitions("responses") {
        responses::check_body(&response, report);
    }
    let mut cx = Context::new(schemes::read(root, report), report);
    let targets = operations::read(root, &mut cx);
    let parameters = cx.identifiers.iter().map(|(identifier, _)| type_name(&identifier.name));
    schemas::check(root, &parameters.collect::<Vec<_>>(), cx.report);

    let (error_model, _) = cx.error_model.0?;
    errors::check(&error_model, root, cx.report);
    let (max_request_bytes, _) = cx.max_request_bytes.0?;
    let (title, version) = info?;
    Some(Api {
        title,
        version,
        clouds,
        media_type: bodies::MEDIA_TYPE.to_owned(),
        max_request_bytes,
        error_model,
        schemes: cx.schemes,
        sources,
        identifiers: cx.identifiers.into_iter().map(|(identifier, _)| identifier).collect(),
        targets,
        upstream_differences,
    })
}
