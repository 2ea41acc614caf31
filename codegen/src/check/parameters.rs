//! Path parameters: each declared once, for the path or for each of its operations.

use super::{
    context::Context, expect::distinct, identifiers, members::Object, paths::PathItem,
    references::resolve,
};
use crate::{diagnostics::rule::Rule, names::is_argument_name, yaml::document::Node};

const RULE: Rule = Rule::PathParameter;

pub(super) struct Parameter<'a> {
    name: &'a str,
    /// The entry in the list.
    item: Node<'a>,
    /// The parameter itself.
    node: Node<'a>,
}

/// The `parameters` of `owner`, the path or one of its operations; `None` if they have faults.
pub(super) fn read<'a>(
    owner: &Node<'a>,
    object: Object,
    path: &PathItem<'_>,
) -> Option<Vec<Parameter<'a>>> {
    let Some(list) = owner.get("parameters") else {
        return object.lacks(owner, "parameters").then(Vec::new);
    };
    let read: Vec<_> = list.items()?.into_iter().map(|item| read_parameter(item, path)).collect();
    read.into_iter().collect()
}

fn read_parameter<'a>(item: Node<'a>, path: &PathItem<'_>) -> Option<Parameter<'a>> {
    let node = resolve(&item)?;
    let name = node.text("name")?;
    check(&node);
    if path.segments.is_some() && !path.parameters().any(|known| known == name) {
        let message = format!("this path has no parameter `{{{name}}}`");
        item.fault(
            RULE,
            message,
            "remove the declaration, or correct the name here or in the path",
        );
    }
    Some(Parameter { name, item, node })
}

/// Checks that the path or its `operation` declares all parameters, and collects them.
pub(super) fn check_operation(
    path: &PathItem<'_>,
    declared: Option<&[Parameter<'_>]>,
    operation: &Node<'_>,
    cx: &mut Context,
) {
    let own = read(operation, Object::Operation, path);
    let (Some(declared), Some(own)) = (declared, own) else { return };
    let all = || declared.iter().chain(&own);
    distinct(RULE, all().map(|one| (format!("`{}`", one.name), one.item.clone())));
    for name in path.parameters() {
        for parameter in all().filter(|parameter| parameter.name == name) {
            identifiers::collect(&parameter.node, cx);
        }
        if !all().any(|parameter| parameter.name == name) {
            let message = format!("the parameter `{{{name}}}` of this path is not declared");
            // With this place, PUT and PATCH lead to one finding.
            path.node.key_fault(RULE, message, declaration(name, operation));
        }
    }
}

/// A remedy: how to declare the parameter `name`.
fn declaration(name: &str, node: &Node<'_>) -> String {
    let components = node.components("parameters");
    let item = match components.iter().find(|(_, node)| node.text("name") == Some(name)) {
        Some((key, _)) => format!("$ref: '#/components/parameters/{key}'"),
        None => {
            format!("{{ name: {name}, in: path, required: true, description: ..., schema: ... }}")
        }
    };
    format!("add `- {item}` to the `parameters` of the path")
}

pub(super) fn check(node: &Node<'_>) {
    if !node.constant(RULE, Object::Parameter, "in", "path") {
        return;
    }
    node.constant(RULE, Object::Parameter, "required", true);
    if let Some((name, text)) = node.get("name").and_then(Node::with_text)
        && !is_argument_name(name)
    {
        let message = format!("`{name}` can't be turned into the name of an argument and a type");
        text.fault(RULE, message, "write a name in camel case, such as `userId`");
    }
    if let Some(schema) = node.get("schema").and_then(|schema| resolve(&schema)) {
        identifiers::check_schema(&schema);
    }
}
