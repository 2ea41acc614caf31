//! Operations: their methods and ids, and that PUT and PATCH agree.

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

use super::context::Context;
use super::expect::{Statement, difference};
use super::members::Object;
use super::parameters::Parameter;
use super::paths::PathItem;
use super::{bodies, parameters, paths, permissions, responses, security, tags};
use crate::api::{Method, Operation, Segment, Target};
use crate::diagnostics::rule::Rule;
use crate::names::is_target_name;
use crate::yaml::document::Node;

/// An operation, and what must agree with the other one of its path.
struct ReadOperation<'a> {
    node: Node<'a>,
    method: Method,
    operation: Option<Operation>,
    /// What it says about target, permissions and responses; `None` if that has faults.
    statements: [Option<Vec<Statement>>; 3],
}

pub(super) fn read(root: &Node<'_>, cx: &mut Context) -> Vec<Target> {
    let paths = paths::read(root);
    paths.into_iter().filter_map(|path| read_target(path, cx)).collect()
}

fn read_target(path: PathItem<'_>, cx: &mut Context) -> Option<Target> {
    let declared = parameters::read(&path.node, Object::PathItem, &path);
    path.node.refuse_elsewhere(Rule::OperationMethod, Object::PathItem);
    let is_faulty = |(key, _): &(&str, Node<'_>)| Object::PathItem.is_fault(key);
    if Method::ALL.iter().all(|method| Object::PathItem.lacks(&path.node, method.key()))
        && !path.node.entries().iter().any(is_faulty)
    {
        let id = suggested_id(&path, Method::Put);
        let remedy = format!("add `put` with the operationId `{id}`, or remove the path");
        path.node.key_fault(Rule::OperationMethod, "this path has no operation", remedy);
    }
    let mut read = Vec::new();
    for (key, node) in path.node.entries().into_iter().filter(|(_, node)| node.is_mapping()) {
        if let Some(method) = Method::ALL.into_iter().find(|method| method.key() == key) {
            read.push(read_operation(&path, declared.as_deref(), (method, node), cx));
        }
    }
    if let [first, second] = read.as_slice() {
        check_agreement(first, second);
    }
    let (name, _) = cx.targets.iter().find(|(_, template)| template == path.template)?;
    let operations = read.into_iter().filter_map(|read| read.operation).collect();
    Some(Target { name: name.clone(), segments: path.segments?, operations })
}

fn read_operation<'a>(
    path: &PathItem<'_>,
    declared: Option<&[Parameter<'_>]>,
    (method, node): (Method, Node<'a>),
    cx: &mut Context,
) -> ReadOperation<'a> {
    let target = read_id(path, method, &node, cx).map(|target| vec![target]);
    tags::check_used(&node);
    parameters::check_operation(path, declared, &node, cx);
    bodies::read(&node, cx);
    let responses = responses::read(&node, cx);
    let security = security::read(&node, path, cx);
    let (needs, permissions) = permissions::read(&node, security.as_deref()).unzip();
    let operation = needs.and_then(|(account_kinds, permissions)| {
        Some(Operation {
            id: node.text("operationId")?.to_owned(),
            method,
            summary: node.text("summary")?.trim().to_owned(),
            description: node.text("description").map(|text| text.trim().to_owned()),
            account_kinds,
            permissions,
        })
    });
    ReadOperation { node, method, operation, statements: [target, permissions, responses] }
}

/// Collects the target in the operation's id; `None` if the id has faults.
fn read_id(
    path: &PathItem<'_>,
    method: Method,
    operation: &Node<'_>,
    cx: &mut Context,
) -> Option<Statement> {
    let suggested = suggested_id(path, method);
    let node =
        operation.require(Rule::OperationId, Object::Operation, "operationId", &suggested)?;
    let (id, verb) = (node.as_text()?, method.verb());
    let target = id.strip_prefix(verb).and_then(|rest| rest.strip_suffix("Photo"));
    let target = target.filter(|target| is_target(target, id));
    let is_other = |(name, template): &&(String, String)| {
        Some(name.as_str()) == target && template != path.template
    };
    let message = match (target, cx.targets.iter().find(is_other)) {
        (None, _) => format!("`{id}` is not `{verb}<Target>Photo` with a name that Rust can take"),
        (Some(target), Some((_, other))) => format!("`{other}` already has the target `{target}`"),
        (Some(target), None) => {
            cx.targets.push((target.to_owned(), path.template.to_owned()));
            return Some(("operationId", format!("the target `{target}`")));
        }
    };
    node.fault(Rule::OperationId, message, format!("write `{suggested}`, or another target"));
    None
}

/// Whether `target` makes a type and a function of Rust that no other target makes.
fn is_target(target: &str, id: &str) -> bool {
    is_target_name(target) && id.to_snake_case().to_lower_camel_case() == id
}

/// The operationId that follows from the path, or else its form.
fn suggested_id(path: &PathItem<'_>, method: Method) -> String {
    let id = |target: &str| format!("{}{target}Photo", method.verb());
    let target = path.segments.as_deref().map(target_name);
    let target = target.filter(|target| is_target(target, &id(target)));
    id(target.as_deref().unwrap_or("<Target>"))
}

/// A target's name: `UserContact` for `/users/{userId}/contacts/{contactId}`.
fn target_name(segments: &[Segment]) -> String {
    let word = |(index, segment): (usize, &Segment)| match (segment, segments.get(index + 1)) {
        (Segment::Literal(word), Some(_)) if index == 0 && word == "me" => "My".to_owned(),
        (Segment::Literal(_), Some(Segment::Parameter(_))) => String::new(),
        (Segment::Literal(word), _) => word.to_pascal_case(),
        (Segment::Parameter(name), _) => name.strip_suffix("Id").unwrap_or(name).to_pascal_case(),
    };
    segments.iter().enumerate().map(word).collect()
}

/// Reports where `second` differs from `first`, unless either has a finding already.
fn check_agreement(first: &ReadOperation<'_>, second: &ReadOperation<'_>) {
    let [one, other] = [first, second].map(|read| read.method.as_str());
    for pair in first.statements.iter().zip(&second.statements) {
        let (Some(a), Some(b)) = pair else { continue };
        let Some((key, message)) = difference((one, a), (other, b)) else { continue };
        let remedy = format!("make `{key}` agree with that of {one} at line {}", first.node.line());
        let at = second.node.get(key);
        at.as_ref().unwrap_or(&second.node).fault(Rule::PutAndPatchAgree, message, remedy);
    }
}
