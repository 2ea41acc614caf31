//! Path parameters: each one declared once, described, and constrained against
//! leaving its segment.

use heck::ToLowerCamelCase;

use super::{
    Shared,
    names::is_argument_name,
    operations::PathItem,
    references::resolve,
    report::Report,
    shape::Object,
    tables::{OPERATION, PATH_ITEM, SCHEMA},
};
use crate::{
    api::{Identifier, IdentifierPattern, Method, Segment},
    document::{Node, Place},
    pattern::LEAST_PATTERN,
    rule::Rule,
};

/// The largest `maxLength` of an identifier. No server takes a path that is
/// nearly this long.
const MAX_LENGTH: u64 = 65_536;

/// The parameters that a list declares.
pub(super) struct Declared<'a> {
    parameters: Vec<Parameter<'a>>,
    /// Whether the list could be read to its end.
    complete: bool,
}

/// One entry of a list of parameters.
struct Parameter<'a> {
    name: &'a str,
    /// The entry in the list.
    place: Place,
    /// The parameter itself.
    node: Node<'a>,
}

impl<'a> Declared<'a> {
    /// Reads the `parameters` of a path.
    pub(super) fn of_path(
        path: &Node<'a>,
        segments: Option<&[Segment]>,
        report: &mut Report,
    ) -> Self {
        Self::read((path, &PATH_ITEM), segments, report)
    }

    /// Reads the `parameters` of a path or an operation, which is what the table
    /// beside it says.
    fn read(
        (owner, table): (&Node<'a>, &Object),
        segments: Option<&[Segment]>,
        report: &mut Report,
    ) -> Self {
        let mut declared = Self { parameters: Vec::new(), complete: true };
        let Some(list) = owner.get("parameters") else {
            declared.complete = table.lacks(owner, "parameters");
            return declared;
        };
        let Some(items) = list.items() else {
            declared.complete = false;
            return declared;
        };
        for item in items {
            let resolved = resolve(&item);
            let named = resolved.and_then(|node| Some((node.text("name")?, node)));
            let Some((name, node)) = named else {
                declared.complete = false;
                continue;
            };
            let parameter = Parameter { name, place: item.place(), node };
            parameter.check(segments, report);
            if declared.has(name) {
                parameter.report_twice(report);
            } else {
                declared.parameters.push(parameter);
            }
        }
        declared
    }

    fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == name)
    }

    /// Checks that the parameters of the path are declared, by the path (that
    /// is `self`) or by `operation`.
    pub(super) fn check_operation(
        &self,
        path: &PathItem<'_>,
        operation: &Node<'a>,
        report: &mut Report,
    ) {
        let own = Self::read((operation, &OPERATION), path.segments, report);
        for parameter in own.parameters.iter().filter(|parameter| self.has(parameter.name)) {
            parameter.report_twice(report);
        }
        if !self.complete || !own.complete {
            return;
        }
        for name in path.segments.into_iter().flatten().filter_map(parameter_name) {
            if !self.has(name) && !own.has(name) {
                let message = format!("the parameter `{{{name}}}` of this path is not declared");
                // With this place, PUT and PATCH lead to one finding.
                report.add(
                    Rule::PathParameter,
                    path.node.key_place(),
                    message,
                    declaration(name, operation),
                );
            }
        }
    }
}

/// Checks every parameter of `components`, those that no path refers to included:
/// whoever reads the file as OpenAPI reads them too.
pub(super) fn check_components(root: &Node<'_>, report: &mut Report) {
    let section = root.get("components").and_then(|components| components.get("parameters"));
    for (_, node) in section.iter().flat_map(Node::entries) {
        if let Some(name) = node.text("name").filter(|_| !node.has("$ref")) {
            Parameter { name, place: node.key_place(), node: node.clone() }.check(None, report);
        }
    }
}

fn parameter_name(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Parameter(name) => Some(name),
        Segment::Literal(_) => None,
    }
}

/// A remedy: how to declare the parameter `name`.
fn declaration(name: &str, node: &Node<'_>) -> String {
    let root = node.document().root();
    let components = root.get("components").and_then(|components| components.get("parameters"));
    let component =
        components.iter().flat_map(Node::entries).find(|(_, node)| node.text("name") == Some(name));
    let item = match component {
        Some((key, _)) => format!("$ref: '#/components/parameters/{key}'"),
        None => {
            format!("{{ name: {name}, in: path, required: true, description: ..., schema: ... }}")
        }
    };
    format!("add `- {item}` to the `parameters` of the path")
}

impl Parameter<'_> {
    fn report_twice(&self, report: &mut Report) {
        let message = format!("`{}` is declared twice", self.name);
        report.add(
            Rule::PathParameter,
            self.place.clone(),
            message,
            "remove one of the two declarations",
        );
    }

    fn check(&self, segments: Option<&[Segment]>, report: &mut Report) {
        let name = self.name;
        let location = self.node.text("in").unwrap_or("path");
        if location != "path" {
            let message =
                format!("`{name}` is a {location} parameter, which the client has no use for");
            let place = self.node.get("in").map_or_else(|| self.place.clone(), |node| node.place());
            return report.add(
                Rule::PathParameter,
                place,
                message,
                "write `in: path`, or remove the parameter",
            );
        }
        if let Some(required) = self.node.get("required").filter(|node| node.value() == false) {
            let message =
                format!("`{name}` is not required, but a path is nothing without its parameters");
            report.add(Rule::PathParameter, required.place(), message, "write `required: true`");
        }
        self.check_name(report);
        let mut names = segments.into_iter().flatten().filter_map(parameter_name);
        if segments.is_some() && !names.any(|known| known == name) {
            let message = format!("this path has no parameter `{{{name}}}`");
            let remedy = "remove the declaration, or correct the name here or in the path";
            report.add(Rule::PathParameter, self.place.clone(), message, remedy);
        }
        check_constraint(&self.node, report);
    }

    fn check_name(&self, report: &mut Report) {
        let name = self.name;
        let Some(node) = self.node.get("name").filter(|_| !is_argument_name(name)) else {
            return;
        };
        let camel = name.to_lower_camel_case();
        let example = if is_argument_name(&camel) { camel.as_str() } else { "userId" };
        let message =
            format!("`{name}` can't be turned into the name of an argument and of a type");
        let remedy = format!("write a name in camel case, such as `{example}`");
        report.add(Rule::PathParameter, node.place(), message, remedy);
    }

    /// What the parameter identifies, if its constraint has no faults.
    fn identifier(&self) -> Option<Identifier> {
        let schema = resolve(&self.node.get("schema")?)?;
        Some(Identifier {
            name: self.name.to_owned(),
            description: self.node.text("description")?.trim().to_owned(),
            max_length: schema.get("maxLength")?.value().as_u64()?,
            pattern: IdentifierPattern::read(schema.text("pattern")?).ok()?,
        })
    }
}

/// Checks the schema of a path parameter.
fn check_constraint(parameter: &Node<'_>, report: &mut Report) {
    let Some(schema) = parameter.get("schema").and_then(|schema| resolve(&schema)) else {
        return;
    };
    check_identifier_schema(&schema, report);
}

/// Checks that `schema` keeps a value inside its path segment.
pub(super) fn check_identifier_schema(schema: &Node<'_>, report: &mut Report) {
    if SCHEMA.lacks(schema, "type") || schema.text("type").is_some_and(|kind| kind != "string") {
        fault(schema, "type", "an identifier has to be a string", "write `type: string`", report);
    }
    check_lengths(schema, report);
    check_pattern(schema, report);
    for key in ["format", "properties", "required", "items"] {
        if let Some(node) = schema.get(key) {
            report.add(
                Rule::PathParameterConstraint,
                node.key_place(),
                format!("an identifier has no `{key}`"),
                format!("remove `{key}`"),
            );
        }
    }
}

fn check_pattern(schema: &Node<'_>, report: &mut Report) {
    let remedy = format!("write `pattern: '{LEAST_PATTERN}'`, or one that forbids more characters");
    let mut wrong = |message: &str| fault(schema, "pattern", message, &remedy, report);
    if SCHEMA.lacks(schema, "pattern") {
        wrong("an identifier without `pattern` may leave its path segment");
    } else if let Some(Err(why)) = schema.text("pattern").map(IdentifierPattern::read) {
        wrong(&format!("this pattern may let an identifier leave its segment: {why}"));
    }
}

fn check_lengths(schema: &Node<'_>, report: &mut Report) {
    let problem = |key: &str, [missing, zero, large]: [&'static str; 3], most: u64| {
        let node = schema.get(key);
        match node.map(|node| node.value().as_u64()) {
            None => SCHEMA.lacks(schema, key).then_some(missing),
            Some(Some(0)) => Some(zero),
            Some(length) => length.filter(|length| *length > most).map(|_| large),
        }
    };
    let empty = "an identifier may be empty here";
    let shortest = [empty, empty, "the client takes shorter identifiers as well"];
    if let Some(message) = problem("minLength", shortest, 1) {
        fault(schema, "minLength", message, "write `minLength: 1`", report);
    }
    let longest = [
        "an identifier may be of any length here",
        "no identifier is this short",
        "no identifier is this long",
    ];
    if let Some(message) = problem("maxLength", longest, MAX_LENGTH) {
        fault(schema, "maxLength", message, "write `maxLength: 1024`", report);
    }
}

/// Reports the entry `key` of a schema, or that there is none.
fn fault(schema: &Node<'_>, key: &str, message: &str, remedy: &str, report: &mut Report) {
    let place = schema.get(key).map_or_else(|| schema.key_place(), |node| node.place());
    report.add(Rule::PathParameterConstraint, place, message, remedy);
}

/// Notes the identifiers of a path in the order of its segments, and checks
/// that each name means the same everywhere.
pub(super) fn note_identifiers(path: &PathItem<'_>, shared: &mut Shared, report: &mut Report) {
    let mut quiet = Report::default();
    let operations = Method::ALL.into_iter().filter_map(|method| path.node.mapping(method.key()));
    let own: Vec<_> = operations
        .map(|node| Declared::read((&node, &OPERATION), path.segments, &mut quiet))
        .collect();
    for name in path.segments.into_iter().flatten().filter_map(parameter_name) {
        let all = own.iter().chain([path.declared]).flat_map(|declared| &declared.parameters);
        for parameter in all.filter(|parameter| parameter.name == name) {
            note_identifier(parameter, shared, report);
        }
    }
}

fn note_identifier(parameter: &Parameter<'_>, shared: &mut Shared, report: &mut Report) {
    let Some(identifier) = parameter.identifier() else {
        return;
    };
    let place = parameter.node.place();
    let line = parameter.node.document().line(&place);
    // Whatever shows a value escapes what no identifier has: there is one set of that.
    let other = shared.identifiers.iter().find(|(known, _)| known.pattern != identifier.pattern);
    if let Some((other, first)) = other {
        let message = format!("`{}` at line {first} has another pattern", other.name);
        let remedy = "give every path parameter the same pattern, by an anchor or a reference";
        return report.add(Rule::PathParameterConstraint, place, message, remedy);
    }
    let known = shared.identifiers.iter().find(|(known, _)| known.name == identifier.name);
    match known {
        None => shared.identifiers.push((identifier, line)),
        Some((known, _)) if *known == identifier => {}
        Some((_, first)) => {
            let message =
                format!("`{}` has another length or description at line {first}", identifier.name);
            let remedy = "declare it once under `components.parameters` and refer to it, or give it a name of its own";
            report.add(Rule::PathParameterConstraint, place, message, remedy);
        }
    }
}
