//! Responses: success without a body, refusals as the error model.

use super::{context::Context, expect::Statement, members::Object, references::resolve};
use crate::{
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

const RULE: Rule = Rule::Responses;

/// The media type of error answers.
const JSON: &str = "application/json";

/// The classes of statuses that each operation has to have, with an example.
const REQUIRED: [(char, &str); 3] = [
    ('2', "'200': { $ref: '#/components/responses/Done' }"),
    ('4', "4XX: { $ref: '#/components/responses/Refused' }"),
    ('5', "5XX: { $ref: '#/components/responses/Failed' }"),
];

/// The status codes of `operation`, in order; `None` if they have faults.
pub(super) fn read(operation: &Node<'_>, cx: &mut Context<'_>) -> Option<Vec<Statement>> {
    let example = "{ '200': ..., 4XX: ..., 5XX: ... }";
    let responses =
        cx.report.require(RULE, (operation, Object::Operation), "responses", example)?;
    let mut entries = responses.is_mapping().then(|| responses.entries())?;
    entries.retain(|(status, _)| !status.starts_with("x-"));
    let supported = entries.iter().filter(|(status, node)| read_response(status, node, cx)).count();
    let missing =
        |(class, _): &&(char, &str)| !entries.iter().any(|(status, _)| status.starts_with(*class));
    let missing: Vec<_> = REQUIRED.iter().filter(missing).collect();
    for (class, example) in &missing {
        let message = format!("there is no response of the class {class}XX");
        cx.report.add(RULE, responses.key_place(), message, format!("add `{example}`"));
    }
    let said = |status: &str| ("responses", format!("the response `{status}`"));
    let mut statuses: Vec<_> = entries.iter().map(|(status, _)| said(status)).collect();
    statuses.sort_unstable();
    (missing.is_empty() && supported == entries.len()).then_some(statuses)
}

/// Whether the client knows the `status`; checks its response.
fn read_response(status: &str, node: &Node<'_>, cx: &mut Context<'_>) -> bool {
    let response = resolve(node);
    if matches!(status, "4XX" | "5XX") {
        response.and_then(|response| read_error(&response, cx));
    } else if status.len() == 3 && status.starts_with('2') && status.parse::<u16>().is_ok() {
        let content = response.and_then(|response| response.get("content"));
        if let Some(content) = content.filter(|content| !content.is_empty()) {
            let message = format!("the response `{status}` has a body, but Graph sends none");
            cx.report.add(RULE, content.key_place(), message, "remove `content`");
        }
    } else {
        let message = format!("the response `{status}` is not supported");
        let remedy = "write each code of success, such as `200`, and `4XX` and `5XX` for errors";
        cx.report.add(RULE, node.key_place(), message, remedy);
        return false;
    }
    true
}

/// Checks the body of `response`, if it has one.
pub(super) fn check_body(response: &Node<'_>, report: &mut Report) {
    if response.get("content").is_some_and(|content| !content.is_empty()) {
        read_content(response, report);
    }
}

/// Checks an error response, and that its schema is that of all others.
fn read_error(response: &Node<'_>, cx: &mut Context<'_>) -> Option<()> {
    let schema = read_content(response, cx.report)?;
    resolve(&schema)?;
    let reference = schema.get("$ref")?;
    let name = reference.as_text()?.strip_prefix("#/components/schemas/")?;
    let (first, line) = cx.error_model.contradicted(name.to_owned(), &reference)?;
    let message = format!("errors have the schema `{first}` at line {line}");
    let remedy = format!("write `$ref: '#/components/schemas/{first}'`");
    cx.report.add(RULE, reference.place(), message, remedy);
    None
}

/// The schema of the one body that an answer has, which is a reference.
fn read_content<'a>(response: &Node<'a>, report: &mut Report) -> Option<Node<'a>> {
    let schema =
        report.only_media_type(RULE, (response, Object::Response), JSON)?.mapping("schema")?;
    if !schema.has("$ref") {
        let message = "the error model has to be a component, whose name is its type";
        let remedy = "define it under `components.schemas` and write \
                      `$ref: '#/components/schemas/ErrorResponse'`";
        report.add(RULE, schema.key_place(), message, remedy);
    }
    Some(schema)
}
