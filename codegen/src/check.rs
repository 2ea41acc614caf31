//! Reads the spec: holds it against every rule and, if it breaks none, says
//! what it means.

mod bodies;
mod context;
mod errors;
mod expect;
mod identifiers;
mod info;
mod keys;
mod members;
mod operations;
mod parameters;
mod paths;
mod permission_ids;
mod permissions;
mod references;
mod responses;
mod schemas;
mod schemes;
mod security;
mod servers;
mod sources;
mod structure;
mod tags;
mod upstream;

use serde_json::Value;

use self::context::Context;
use crate::{
    api::Api,
    diagnostics::{
        finding::{Finding, Findings, line_at},
        report::Report,
        rule::Rule,
    },
    names::type_name,
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
