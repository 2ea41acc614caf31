//! Reads the spec: checks it against every rule and, if it breaks none, returns its meaning.

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
use crate::api::Api;
use crate::diagnostics::finding::{Finding, Findings};
use crate::diagnostics::lines::first_line;
use crate::diagnostics::rule::Rule;
use crate::yaml::document::{Document, Node};

impl Api {
    /// Reads the text of an OpenAPI file and checks it against every rule.
    ///
    /// # Errors
    ///
    /// All its faults, at least one.
    pub fn read(spec_text: &str) -> Result<Self, Findings> {
        read(spec_text).map(|(api, _)| api)
    }
}

/// Reads a spec that breaks no rule: its meaning, and its text as JSON.
pub(crate) fn read(spec_text: &str) -> Result<(Api, Value), Findings> {
    let failed = |findings| Findings::new(spec_text, findings);
    let document = Document::read(spec_text).map_err(failed)?;
    let api = read_api(&document.root());
    match (document.into_parts(), api) {
        ((value, findings), Some(api)) if findings.is_empty() => Ok((api, value)),
        ((_, findings), None) if findings.is_empty() => Err(unreadable(spec_text, "")),
        ((_, findings), _) => Err(failed(findings)),
    }
}

/// The finding in place of a panic for a fault that the rules have missed.
pub(crate) fn unreadable(spec_text: &str, cause: &str) -> Findings {
    let finding = Finding {
        rule: Rule::OpenapiStructure,
        message: format!("the file can't be read as OpenAPI{cause}"),
        pointer: String::new(),
        span: first_line(spec_text, 0..spec_text.len()),
        remedy: "undo the last edit".to_owned(),
    };
    Findings::new(spec_text, vec![finding])
}

fn read_api(root: &Node<'_>) -> Option<Api> {
    structure::check(root);
    let info = info::read(root);
    let clouds = servers::read(root);
    tags::check_declared(root);
    let sources = sources::read(root);
    let upstream_differences = upstream::read(root);
    // Components that nothing refers to must be right, too: other tools read them.
    root.definitions("parameters").iter().for_each(|(_, parameter)| parameters::check(parameter));
    root.definitions("requestBodies").iter().for_each(|(_, body)| _ = bodies::read_body(body));
    root.definitions("responses").iter().for_each(|(_, response)| responses::check_body(response));
    schemas::check(root);
    let mut cx = Context { schemes: schemes::read(root), ..Context::default() };
    let targets = operations::read(root, &mut cx);

    errors::check(&cx.error_model.0?.0, root);
    let (max_request_bytes, _) = cx.max_request_bytes.0?;
    let (title, version) = info?;
    Some(Api {
        title,
        version,
        clouds,
        media_type: bodies::MEDIA_TYPE.to_owned(),
        max_request_bytes,
        schemes: cx.schemes,
        sources,
        identifiers: cx.identifiers.into_iter().map(|(identifier, _)| identifier).collect(),
        targets,
        upstream_differences,
    })
}
