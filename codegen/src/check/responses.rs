//! Responses: success without a body, errors with the error model.

use super::{context::Context, expect::Statement, members::Object, references::resolve};
use crate::{diagnostics::rule::Rule, yaml::document::Node};

const RULE: Rule = Rule::Responses;

const JSON: &str = "application/json";

/// The classes of statuses that each operation must have, with an example.
const REQUIRED: [(char, &str); 3] = [
    ('2', "'200': { $ref: '#/components/responses/Done' }"),
    ('4', "4XX: { $ref: '#/components/responses/Refused' }"),
    ('5', "5XX: { $ref: '#/components/responses/Failed' }"),
];

/// The status codes of `operation`, in order; `None` if they have faults.
pub(super) fn read(operation: &Node<'_>, cx: &mut Context) -> Option<Vec<Statement>> {
    let example = "{ '200': ..., 4XX: ..., 5XX: ... }";
    let responses = operation.require(RULE, Object::Operation, "responses", example)?;
    let mut entries = responses.is_mapping().then(|| responses.entries())?;
    entries.retain(|(status, _)| !status.starts_with("x-"));
    let supported = entries.iter().filter(|(status, node)| read_response(status, node, cx)).count();
    let missing =
        |(class, _): &&(char, &str)| !entries.iter().any(|(status, _)| status.starts_with(*class));
    let missing: Vec<_> = REQUIRED.iter().filter(missing).collect();
    for (class, example) in &missing {
        let message = format!("there is no response of the class {class}XX");
        responses.key_fault(RULE, message, format!("add `{example}`"));
    }
    let said = |status: &str| ("responses", format!("the response `{status}`"));
    let mut statuses: Vec<_> = entries.iter().map(|(status, _)| said(status)).collect();
    statuses.sort_unstable();
    (missing.is_empty() && supported == entries.len()).then_some(statuses)
}

/// Whether the client knows the `status`; checks its response.
fn read_response(status: &str, node: &Node<'_>, cx: &mut Context) -> bool {
    let response = resolve(node);
    if matches!(status, "4XX" | "5XX") {
        response.and_then(|response| read_error(&response, cx));
    } else if status.len() == 3 && status.starts_with('2') && status.parse::<u16>().is_ok() {
        let content = response.and_then(|response| response.get("content"));
        if let Some(content) = content.filter(|content| !content.is_empty()) {
            let message = format!("the response `{status}` has a body, but Graph sends none");
            content.key_fault(RULE, message, "remove `content`");
        }
    } else {
        let remedy = "write each code of success, such as `200`, and `4XX` and `5XX` for errors";
        node.key_fault(RULE, format!("the response `{status}` is not supported"), remedy);
        return false;
    }
    true
}

/// Checks the body of `response`, if it has one.
pub(super) fn check_body(response: &Node<'_>) {
    if response.get("content").is_some_and(|content| !content.is_empty()) {
        read_content(response);
    }
}

/// Checks an error response, and that its schema is that of all others.
fn read_error(response: &Node<'_>, cx: &mut Context) -> Option<()> {
    let schema = read_content(response)?;
    resolve(&schema)?;
    let reference = schema.get("$ref")?;
    let name = reference.as_text()?.strip_prefix("#/components/schemas/")?;
    let (first, line) = cx.error_model.contradicted(name.to_owned(), &reference)?;
    let message = format!("errors have the schema `{first}` at line {line}");
    reference.fault(RULE, message, format!("write `$ref: '#/components/schemas/{first}'`"));
    None
}

/// The schema of the one body of an error, which must be a reference.
fn read_content<'a>(response: &Node<'a>) -> Option<Node<'a>> {
    let schema = response.only_media_type(RULE, Object::Response, JSON)?.mapping("schema")?;
    if !schema.has("$ref") {
        let message = "the error model must be a component";
        let remedy = "define it under `components.schemas` and write \
                      `$ref: '#/components/schemas/ErrorResponse'`";
        schema.key_fault(RULE, message, remedy);
    }
    Some(schema)
}
