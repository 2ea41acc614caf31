//! Request bodies: one kind of photo, one size limit.

use std::ops::RangeInclusive;

use super::{context::Context, members::Object, references::resolve};
use crate::{diagnostics::rule::Rule, yaml::document::Node};

const RULE: Rule = Rule::RequestBody;

/// The only media type that the client can validate.
pub(super) const MEDIA_TYPE: &str = "image/jpeg";

/// Sensible limits in bytes: more than headers alone can take, and within 32 bits.
const REQUEST_BYTES: RangeInclusive<u64> = 16 * 1024 + 1..=u32::MAX as u64;

/// Checks the request body of `operation`, and that its limit is that of all others.
pub(super) fn read(operation: &Node<'_>, cx: &mut Context) {
    let example = "{ $ref: '#/components/requestBodies/Photo' }";
    let body = operation.require(RULE, Object::Operation, "requestBody", example);
    let limit = body.and_then(|body| resolve(&body)).and_then(|body| read_body(&body));
    if let Some((bytes, node)) = limit.and_then(|node| Some((node.value().as_u64()?, node)))
        && let Some((first, line)) = cx.max_request_bytes.contradicted(bytes, &node)
    {
        let message = format!("the limit is {first} bytes at line {line}");
        node.fault(RULE, message, format!("write `requestBody: {example}`"));
    }
}

pub(super) fn read_body<'a>(body: &Node<'a>) -> Option<Node<'a>> {
    body.constant(RULE, Object::RequestBody, "required", true);
    let media_type = body.only_media_type(RULE, Object::RequestBody, MEDIA_TYPE)?;
    let schema = media_type.mapping("schema")?;
    if schema.has("$ref") {
        let message = "a component would become a type of the client, but a photo is plain bytes";
        schema.key_fault(RULE, message, "write the schema here");
        return None;
    }
    for (key, value) in [("type", "string"), ("format", "binary")] {
        schema.constant(RULE, Object::Schema, key, value);
    }
    schema.refuse_constraints(RULE, &["format", "maxLength"]);
    let limit = schema.require(RULE, Object::Schema, "maxLength", "4194303")?;
    if limit.value().as_u64().is_some_and(|bytes| !REQUEST_BYTES.contains(&bytes)) {
        let (least, most) = REQUEST_BYTES.into_inner();
        let message = format!("the limit of a request must be from {least} to {most} bytes");
        limit.fault(RULE, message, "write `maxLength: 4194303`, or another size");
    }
    Some(limit)
}
