//! Request bodies: one kind of photo, one size limit.

use super::{
    Shared,
    references::resolve,
    report::Report,
    tables::{OPERATION, SCHEMA},
};
use crate::{
    document::{Node, Place},
    rule::Rule,
};

/// What the wrapper's `JpegPhoto` can validate; a photo of another type would be
/// sent unseen.
const MEDIA_TYPE: &str = "image/jpeg";

/// The smallest limit that makes sense: headers alone can take this much.
const MIN_REQUEST_BYTES: u64 = 16 * 1024;

/// The largest limit that makes sense: what a 32-bit number counts.
const MAX_REQUEST_BYTES: u64 = u32::MAX as u64;

/// What every operation sends.
#[derive(Clone)]
pub(super) struct Photo {
    pub(super) media_type: String,
    pub(super) max_request_bytes: u64,
    /// The line that says so first.
    line: usize,
}

/// Checks the request body of `operation` and that it is the one of all others.
pub(super) fn read(operation: &Node<'_>, shared: &mut Shared, report: &mut Report) {
    if OPERATION.lacks(operation, "requestBody") {
        let remedy = "add `requestBody: { $ref: '#/components/requestBodies/Photo' }`";
        report.add(
            Rule::RequestBody,
            operation.key_place(),
            "this operation takes no photo",
            remedy,
        );
    }
    let body = operation.get("requestBody").and_then(|body| resolve(&body));
    let Some((photo, limit)) = body.and_then(|body| read_body(&body, report)) else {
        return;
    };
    let known = shared.photo.get_or_insert_with(|| photo.clone());
    let remedy =
        "use one body for all: `requestBody: { $ref: '#/components/requestBodies/Photo' }`";
    if known.max_request_bytes != photo.max_request_bytes {
        let message =
            format!("the limit is {} bytes at line {}", known.max_request_bytes, known.line);
        report.add(Rule::RequestBody, limit, message, remedy);
    }
}

/// Checks every request body of `components`, those that no operation refers to
/// included.
pub(super) fn check_components(root: &Node<'_>, report: &mut Report) {
    let section = root.get("components").and_then(|components| components.get("requestBodies"));
    for (_, body) in section.iter().flat_map(Node::entries) {
        if !body.has("$ref") {
            read_body(&body, report);
        }
    }
}

/// What `body` is made of, and the place of its limit.
fn read_body(body: &Node<'_>, report: &mut Report) -> Option<(Photo, Place)> {
    if let Some(required) = body.get("required").filter(|node| node.value() == false) {
        report.add(
            Rule::RequestBody,
            required.place(),
            "the photo may be left out here",
            "write `required: true`",
        );
    }
    let (media_type, node) = read_media_type(body, report)?;
    let (max_request_bytes, limit) = read_schema(&node, report)?;
    let line = node.document().line(&node.key_place());
    Some((Photo { media_type: media_type.to_owned(), max_request_bytes, line }, limit))
}

/// The one media type of `body`.
fn read_media_type<'a>(body: &Node<'a>, report: &mut Report) -> Option<(&'a str, Node<'a>)> {
    let content = body.mapping("content")?;
    let entries = content.entries();
    let sent = entries.iter().find(|(media_type, _)| *media_type == MEDIA_TYPE);
    let Some((media_type, node)) = sent.or(entries.first()) else {
        report.add(
            Rule::RequestBody,
            content.key_place(),
            "the photo has no media type",
            format!("add `{MEDIA_TYPE}`"),
        );
        return None;
    };
    for (second, node) in entries.iter().filter(|(other, _)| other != media_type) {
        let message = format!("`{second}` is a second media type beside `{media_type}`");
        report.add(
            Rule::RequestBody,
            node.key_place(),
            message,
            format!("remove `{second}`; the client sends one kind of photo"),
        );
    }
    if *media_type != MEDIA_TYPE {
        let message = format!("the client validates JPEG photos, and sends no `{media_type}`");
        let remedy = format!("write `{MEDIA_TYPE}`");
        report.add(Rule::RequestBody, node.key_place(), message, remedy);
        return None;
    }
    Some((media_type, node.clone()))
}

/// The limit in the schema of a photo, and its place.
fn read_schema(media: &Node<'_>, report: &mut Report) -> Option<(u64, Place)> {
    let schema = media.mapping("schema")?;
    if schema.has("$ref") {
        let message = "a component would become a type of the client, but a photo is plain bytes";
        report.add(
            Rule::RequestBody,
            schema.key_place(),
            message,
            "write the schema here instead of a reference",
        );
        return None;
    }
    for (key, value) in [("type", "string"), ("format", "binary")] {
        let node = schema.get(key);
        if node.as_ref().is_some_and(|node| node.as_text().is_none())
            || schema.text(key) == Some(value)
        {
            continue;
        }
        let place = node.map_or_else(|| schema.key_place(), |node| node.place());
        let message = format!(
            "a photo is `type: string` with `format: binary`, but here `{key}` is another or missing"
        );
        report.add(Rule::RequestBody, place, message, format!("write `{key}: {value}`"));
    }
    for (key, node) in schema.entries() {
        if matches!(key, "minLength" | "pattern" | "properties" | "required" | "items") {
            let message = format!("`{key}` means nothing for a photo");
            report.add(Rule::RequestBody, node.key_place(), message, format!("remove `{key}`"));
        }
    }
    read_limit(&schema, report)
}

fn read_limit(schema: &Node<'_>, report: &mut Report) -> Option<(u64, Place)> {
    const REMEDY: &str =
        "write the size of the largest request in bytes, such as `maxLength: 4194303`";
    if SCHEMA.lacks(schema, "maxLength") {
        report.add(
            Rule::RequestBody,
            schema.key_place(),
            "the size of a request has no limit here",
            REMEDY,
        );
    }
    let node = schema.get("maxLength")?;
    let limit = node.value().as_u64()?;
    if limit <= MIN_REQUEST_BYTES {
        let message = format!("with a limit of {limit} bytes, the headers alone may be too large");
        report.add(Rule::RequestBody, node.place(), message, REMEDY);
    } else if limit > MAX_REQUEST_BYTES {
        let message = format!("no request has {limit} bytes");
        report.add(Rule::RequestBody, node.place(), message, REMEDY);
    }
    Some((limit, node.place()))
}
