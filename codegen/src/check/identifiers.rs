//! Identifiers: constrained to stay in their segment of a path, and alike everywhere.

use super::{context::Context, members::Object, references::resolve};
use crate::api::Identifier;
use crate::api::pattern::{IdentifierPattern, LEAST_PATTERN};
use crate::diagnostics::rule::Rule;
use crate::yaml::document::Node;

const RULE: Rule = Rule::PathParameterConstraint;

/// The largest `maxLength`: no server takes a path nearly this long.
const MAX_LENGTH: u64 = 65_536;

/// Checks that `schema` keeps a value inside its path segment.
pub(super) fn check_schema(schema: &Node<'_>) {
    schema.constant(RULE, Object::Schema, "type", "string");
    schema.constant(RULE, Object::Schema, "minLength", 1);
    let longest = schema.require(RULE, Object::Schema, "maxLength", "1024");
    if let Some(node) = longest
        && node.value().as_u64().is_some_and(|length| !(1..=MAX_LENGTH).contains(&length))
    {
        let message = format!("the `maxLength` of an identifier must be from 1 to {MAX_LENGTH}");
        node.fault(RULE, message, "write `maxLength: 1024`");
    }
    let example = format!("'{LEAST_PATTERN}'");
    let pattern = schema.require(RULE, Object::Schema, "pattern", &example);
    if let Some(node) = pattern
        && let Some(Err(why)) = node.as_text().map(IdentifierPattern::read)
    {
        let message = format!("this pattern may let an identifier leave its segment: {why}");
        let remedy = format!("write `pattern: {example}`, or one that forbids more characters");
        node.fault(RULE, message, remedy);
    }
    schema.refuse_constraints(RULE, &["minLength", "maxLength", "pattern"]);
}

/// Collects identifiers in the order of first use. All have one pattern, so that there is
/// one set of forbidden characters, and a name means the same everywhere.
pub(super) fn collect(parameter: &Node<'_>, cx: &mut Context) {
    let Some(identifier) = read(parameter) else { return };
    let Identifier { name, pattern, .. } = &identifier;
    let differs = |(known, _): &&(Identifier, usize)| {
        known.pattern != *pattern || (known.name == *name && *known != identifier)
    };
    if let Some((known, line)) = cx.identifiers.iter().find(differs) {
        let known = &known.name;
        let message =
            format!("`{known}` at line {line} has another pattern, length or description");
        let remedy = "give all path parameters the same pattern, and declare each name once, \
                      under `components.parameters`";
        parameter.fault(RULE, message, remedy);
    } else if !cx.identifiers.iter().any(|(known, _)| known.name == *name) {
        cx.identifiers.push((identifier, parameter.line()));
    }
}

fn read(parameter: &Node<'_>) -> Option<Identifier> {
    let schema = resolve(&parameter.get("schema")?)?;
    Some(Identifier {
        name: parameter.text("name")?.to_owned(),
        description: parameter.text("description")?.trim().to_owned(),
        max_length: schema.get("maxLength")?.value().as_u64()?,
        pattern: IdentifierPattern::read(schema.text("pattern")?).ok()?,
    })
}
