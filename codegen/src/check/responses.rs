//! Responses: success without a body, refusals as the error model.

use super::{
    Shared,
    references::resolve,
    report::Report,
    tables::{OPERATION, RESPONSE},
};
use crate::{document::Node, rule::Rule};

/// The media type of error answers.
const JSON: &str = "application/json";

/// What each operation has to have beside a code of success, with an example.
const REQUIRED: [(&str, &str); 2] = [
    ("4XX", "4XX: { $ref: '#/components/responses/Refused' }"),
    ("5XX", "5XX: { $ref: '#/components/responses/Failed' }"),
];

/// The status codes of `operation`, in order; `None` if they can't be told.
pub(super) fn read<'a>(
    operation: &Node<'a>,
    shared: &mut Shared,
    report: &mut Report,
) -> Option<Vec<&'a str>> {
    if OPERATION.lacks(operation, "responses") {
        report.add(
            Rule::Responses,
            operation.key_place(),
            "this operation has no responses",
            "add `responses` with a code of success, such as `200`, and with `4XX` and `5XX`",
        );
    }
    let responses = operation.mapping("responses")?;
    let entries: Vec<_> =
        responses.entries().into_iter().filter(|(key, _)| !key.starts_with("x-")).collect();
    for (status, node) in &entries {
        read_response(status, node, shared, report);
    }
    let mut statuses: Vec<&str> = entries.iter().map(|(status, _)| *status).collect();
    let succeeds = check_success(&statuses, &responses, report);
    for (status, example) in REQUIRED {
        let misspelt = statuses.iter().any(|other| other.eq_ignore_ascii_case(status));
        if !responses.has(status) && !misspelt {
            let message = format!("the response `{status}` is missing");
            report.add(Rule::Responses, responses.key_place(), message, format!("add `{example}`"));
        }
    }
    // Without one that is required, comparing would report the same fault again.
    if !succeeds || REQUIRED.iter().any(|(status, _)| !responses.has(status)) {
        return None;
    }
    statuses.sort_unstable();
    Some(statuses)
}

/// Whether there is a code of success, whichever Graph answers with.
fn check_success(statuses: &[&str], responses: &Node<'_>, report: &mut Report) -> bool {
    let found = statuses.iter().any(|status| is_success(status));
    // What looks like one and isn't has been reported as such.
    if !found && !statuses.iter().any(|status| status.starts_with('2')) {
        let message = "there is no response of success";
        let remedy = "add `'200': { $ref: '#/components/responses/Done' }`, or the code that Graph \
                      answers with, such as `204`";
        report.add(Rule::Responses, responses.key_place(), message, remedy);
    }
    found
}

/// Whether `status` is a code of success.
fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2') && status.chars().all(|c| c.is_ascii_digit())
}

fn read_response(status: &str, node: &Node<'_>, shared: &mut Shared, report: &mut Report) {
    if is_success(status) {
        let content = resolve(node).and_then(|response| response.get("content"));
        if let Some(content) = content.filter(|content| !content.entries().is_empty()) {
            let message = format!("the response `{status}` has a body, but Graph sends none");
            report.add(Rule::Responses, content.key_place(), message, "remove `content`");
        }
    } else if matches!(status, "4XX" | "5XX") {
        if let Some(response) = resolve(node) {
            read_error(&response, shared, report);
        }
    } else {
        let remedy = match status {
            "default" => {
                "write `4XX` and `5XX` instead; the generator fails on `default`".to_owned()
            }
            "2XX" => "write the codes of success one by one: `200`, `204`".to_owned(),
            _ if matches!(status.to_ascii_uppercase().as_str(), "4XX" | "5XX") => {
                format!("write `{}`", status.to_ascii_uppercase())
            }
            _ if status.starts_with(['4', '5']) => {
                format!("remove it; `{}XX` covers it", status.get(..1).unwrap_or_default())
            }
            _ => "remove it; an operation has codes of success, such as `200`, and `4XX` and `5XX`"
                .to_owned(),
        };
        report.add(
            Rule::Responses,
            node.key_place(),
            format!("the response `{status}` is not supported"),
            remedy,
        );
    }
}

/// What an error response has to have.
const ERROR_CONTENT: &str =
    "application/json: { schema: { $ref: '#/components/schemas/ErrorResponse' } }";

/// Checks the bodies of all responses of `components`, those that no operation
/// refers to included.
pub(super) fn check_components(root: &Node<'_>, report: &mut Report) {
    let section = root.get("components").and_then(|components| components.get("responses"));
    for (_, response) in section.iter().flat_map(Node::entries) {
        let content = response.mapping("content").filter(|_| !response.has("$ref"));
        if let Some(content) = content.filter(|content| !content.entries().is_empty()) {
            read_content(&content, report);
        }
    }
}

/// Checks a response that stands for a refusal, and notes its schema.
fn read_error(response: &Node<'_>, shared: &mut Shared, report: &mut Report) {
    if RESPONSE.lacks(response, "content") {
        let message = "an error response needs a body that says what went wrong";
        report.add(
            Rule::Responses,
            response.place(),
            message,
            format!("add `content: {{ {ERROR_CONTENT} }}`"),
        );
    }
    let Some(content) = response.mapping("content") else {
        return;
    };
    if let Some(schema) = read_content(&content, report)
        && let Some(reference) = schema.text("$ref")
    {
        note_model(reference, &schema, shared, report);
    }
}

/// The schema of the one body that an answer has, which is a reference.
fn read_content<'a>(content: &Node<'a>, report: &mut Report) -> Option<Node<'a>> {
    check_media_types(content, report);
    let schema = content.get(JSON)?.mapping("schema")?;
    if !schema.has("$ref") {
        let remedy = "define it under `components.schemas` and write `$ref: '#/components/schemas/ErrorResponse'`";
        report.add(
            Rule::Responses,
            schema.key_place(),
            "the error model has to be a component, whose name is its type",
            remedy,
        );
    }
    Some(schema)
}

/// Checks that an error answer is JSON and nothing else.
fn check_media_types(content: &Node<'_>, report: &mut Report) {
    let others: Vec<_> = content.entries().into_iter().filter(|(key, _)| *key != JSON).collect();
    if content.has(JSON) {
        for (other, node) in others {
            let message = format!("`{other}` is a second media type beside `{JSON}`");
            report.add(Rule::Responses, node.key_place(), message, format!("remove `{other}`"));
        }
    } else {
        let place =
            others.first().map_or_else(|| content.key_place(), |(_, node)| node.key_place());
        let message = format!("Graph answers errors as `{JSON}`");
        report.add(Rule::Responses, place, message, format!("write `{ERROR_CONTENT}`"));
    }
}

fn note_model(reference: &str, schema: &Node<'_>, shared: &mut Shared, report: &mut Report) {
    let Some(name) = reference.strip_prefix("#/components/schemas/") else {
        return;
    };
    if resolve(schema).is_none() {
        return;
    }
    let place = schema.get("$ref").map_or_else(|| schema.place(), |reference| reference.place());
    match &shared.error_model {
        None => shared.error_model = Some((name.to_owned(), schema.document().line(&place))),
        Some((known, line)) if known != name => {
            let message = format!("errors have the schema `{known}` at line {line}");
            let remedy = format!("write `$ref: '#/components/schemas/{known}'`");
            report.add(Rule::Responses, place, message, remedy);
        }
        Some(_) => {}
    }
}
