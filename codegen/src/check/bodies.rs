//! Request bodies: one kind of photo, one size limit.

use std::ops::RangeInclusive;

use super::{context::Context, members::Object, references::resolve};
use crate::{
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

const RULE: Rule = Rule::RequestBody;

/// What the client can validate; a photo of another type would be sent unseen.
pub(super) const MEDIA_TYPE: &str = "image/jpeg";

/// The limits that make sense, in bytes: more than headers alone can take, and no more
/// than a 32-bit number counts.
const REQUEST_BYTES: RangeInclusive<u64> = 16 * 1024 + 1..=u32::MAX as u64;

/// Checks the request body of `operation`, and that its limit is that of all others.
pub(super) fn read(operation: &Node<'_>, cx: &mut Context<'_>) {
    let example = "{ $ref: '#/components/requestBodies/Photo' }";
    let body = cx.report.require(RULE, (operation, Object::Operation), "requestBody", example);
    let limit = body.and_then(|body| resolve(&body)).and_then(|body| read_body(&body, cx.report));
    if let Some((bytes, node)) = limit.and_then(|node| Some((node.value().as_u64()?, node)))
        && let Some((first, line)) = cx.max_request_bytes.contradicted(bytes, &node)
    {
        let message = format!("the limit is {first} bytes at line {line}");
        cx.report.add(RULE, node.place(), message, format!("write `requestBody: {example}`"));
    }
}

/// The limit of `body`.
pub(super) fn read_body<'a>(body: &Node<'a>, report: &mut Report) -> Option<Node<'a>> {
    report.constant(RULE, (body, Object::RequestBody), "required", true);
    let media_type = report.only_media_type(RULE, (body, Object::RequestBody), MEDIA_TYPE)?;
    let schema = media_type.mapping("schema")?;
    if schema.has("$ref") {
        let message = "a component would become a type of the client, but a photo is plain bytes";
        report.add(RULE, schema.key_place(), message, "write the schema here");
        return None;
    }
    for (key, value) in [("type", "string"), ("format", "binary")] {
        report.constant(RULE, (&schema, Object::Schema), key, value);
    }
    report.refuse_constraints(RULE, &schema, &["format", "maxLength"]);
    let limit = report.require(RULE, (&schema, Object::Schema), "maxLength", "4194303")?;
    if limit.value().as_u64().is_some_and(|bytes| !REQUEST_BYTES.contains(&bytes)) {
        let (least, most) = REQUEST_BYTES.into_inner();
        let message = format!("the limit of a request is from {least} to {most} bytes");
        report.add(RULE, limit.place(), message, "write `maxLength: 4194303`, or another size");
    }
    Some(limit)
}
