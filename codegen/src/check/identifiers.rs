//! Identifiers: constrained against leaving their segment of a path, and alike everywhere.

use super::{context::Context, members::Object, references::resolve};
use crate::{
    api::{
        Identifier,
        pattern::{IdentifierPattern, LEAST_PATTERN},
    },
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

const RULE: Rule = Rule::PathParameterConstraint;

/// The largest `maxLength`: no server takes a path that is nearly this long.
const MAX_LENGTH: u64 = 65_536;

/// Checks that `schema` keeps a value inside its path segment.
pub(super) fn check_schema(schema: &Node<'_>, report: &mut Report) {
    report.constant(RULE, (schema, Object::Schema), "type", "string");
    report.constant(RULE, (schema, Object::Schema), "minLength", 1);
    let longest = report.require(RULE, (schema, Object::Schema), "maxLength", "1024");
    if let Some(node) = longest
        && node.value().as_u64().is_some_and(|length| !(1..=MAX_LENGTH).contains(&length))
    {
        let message = format!("the `maxLength` of an identifier is from 1 to {MAX_LENGTH}");
        report.add(RULE, node.place(), message, "write `maxLength: 1024`");
    }
    let example = format!("'{LEAST_PATTERN}'");
    let pattern = report.require(RULE, (schema, Object::Schema), "pattern", &example);
    if let Some(node) = pattern
        && let Some(Err(why)) = node.as_text().map(IdentifierPattern::read)
    {
        let message = format!("this pattern may let an identifier leave its segment: {why}");
        let remedy = format!("write `pattern: {example}`, or one that forbids more characters");
        report.add(RULE, node.place(), message, remedy);
    }
    report.refuse_constraints(RULE, schema, &["minLength", "maxLength", "pattern"]);
}

/// Collects what `parameter` identifies, in the order of first use; all have one pattern,
/// and a name means the same everywhere.
pub(super) fn collect(parameter: &Node<'_>, cx: &mut Context<'_>) {
    let Some(identifier) = read(parameter) else { return };
    let Identifier { name, pattern, .. } = &identifier;
    // Whatever shows a value escapes what no identifier has: there is one set of that.
    let differs = |(known, _): &&(Identifier, usize)| {
        known.pattern != *pattern || (known.name == *name && *known != identifier)
    };
    if let Some((known, line)) = cx.identifiers.iter().find(differs) {
        let known = &known.name;
        let message =
            format!("`{known}` at line {line} has another pattern, length or description");
        let remedy = "give all path parameters the same pattern, and declare each name once, \
                      under `components.parameters`";
        cx.report.add(RULE, parameter.place(), message, remedy);
    } else if !cx.identifiers.iter().any(|(known, _)| known.name == *name) {
        cx.identifiers.push((identifier, parameter.line()));
    }
}

/// What `parameter` identifies, if its constraint has no faults.
fn read(parameter: &Node<'_>) -> Option<Identifier> {
    let schema = resolve(&parameter.get("schema")?)?;
    Some(Identifier {
        name: parameter.text("name")?.to_owned(),
        description: parameter.text("description")?.trim().to_owned(),
        max_length: schema.get("maxLength")?.value().as_u64()?,
        pattern: IdentifierPattern::read(schema.text("pattern")?).ok()?,
    })
}
