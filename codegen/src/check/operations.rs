//! Operations: their methods and ids, and that PUT and PATCH agree.

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

use super::{
    bodies,
    context::Context,
    expect::{Statement, difference},
    names::is_target_name,
    parameters::{self, Parameter},
    paths::{self, Path},
    permissions::{self, Needs},
    report::Report,
    responses, security,
    tables::{OPERATION, PATH_ITEM},
    tags,
};
use crate::{
    api::{Method, Operation, Segment, Target, is_of_signed_in_user},
    document::Node,
    rule::Rule,
};

/// The methods that OpenAPI knows and the client doesn't.
const REFUSED_METHODS: [&str; 6] = ["get", "post", "delete", "head", "options", "trace"];

/// An operation with what has to agree with the other one of its path.
struct Candidate<'a> {
    node: Node<'a>,
    method: Method,
    target: Option<String>,
    operation: Option<Operation>,
    /// What it states: about its target, its permissions, its responses. `None` for what
    /// has faults.
    statements: [Option<Vec<Statement>>; 3],
}

/// The targets; those that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, cx: &mut Context<'_>) -> Vec<Target> {
    let paths = paths::read(root, cx.report);
    paths.into_iter().filter_map(|path| read_target(path, cx)).collect()
}

fn read_target(path: Path<'_>, cx: &mut Context<'_>) -> Option<Target> {
    check_methods(&path, cx);
    let declared = parameters::read((&path.node, &PATH_ITEM), &path, cx.report);
    let methods = Method::ALL.into_iter();
    let operations = methods.filter_map(|method| Some((method, path.node.mapping(method.key())?)));
    let mut candidates: Vec<_> = operations
        .map(|(method, node)| read_operation(&path, declared.as_deref(), (method, node), cx))
        .collect();
    if let [first, second] = candidates.as_slice() {
        check_agreement(first, second, cx.report);
    }
    // `Method::ALL` has put them in an order; the file's is what counts.
    candidates.sort_by_key(|candidate| candidate.node.key_place().span.start);
    Some(Target {
        name: candidates.first()?.target.clone()?,
        segments: path.segments?,
        operations: candidates.into_iter().filter_map(|candidate| candidate.operation).collect(),
    })
}

fn check_methods(path: &Path<'_>, cx: &mut Context<'_>) {
    let rule = Rule::OperationMethod;
    cx.report.refuse(rule, &path.node, &REFUSED_METHODS, "the client");
    if Method::ALL.iter().all(|method| PATH_ITEM.lacks(&path.node, method.key())) {
        let id = suggested_id(path, Method::Put, cx);
        let remedy = format!("add `put` with the operationId `{id}`, or remove the path");
        cx.report.key(rule, &path.node, "this path has no operation", remedy);
    }
}

fn read_operation<'a>(
    path: &Path<'_>,
    declared: Option<&[Parameter<'_>]>,
    (method, node): (Method, Node<'a>),
    cx: &mut Context<'_>,
) -> Candidate<'a> {
    let target = read_id(path, method, &node, cx);
    tags::check_used(&node, cx.report);
    parameters::check_operation(path, declared, &node, cx);
    bodies::read(&node, cx);
    let responses = responses::read(&node, cx);
    let of_signed_in_user = path.segments.as_deref().is_some_and(is_of_signed_in_user);
    let security = security::read(&node, of_signed_in_user, cx);
    let needs = permissions::read(&node, security.as_deref(), cx.report);
    let permissions = security.zip(needs.as_ref()).map(|(security, needs)| {
        let required = security.iter().map(security::Requirement::statement);
        required.chain(needs.statements.iter().cloned()).collect()
    });
    let about = target.iter().map(|target| ("operationId", format!("the target `{target}`")));
    let about: Vec<_> = about.collect();
    Candidate {
        operation: needs.and_then(|needs| operation(&node, method, needs)),
        statements: [Some(about).filter(|about| !about.is_empty()), permissions, responses],
        node,
        method,
        target,
    }
}

fn operation(node: &Node<'_>, method: Method, needs: Needs) -> Option<Operation> {
    Some(Operation {
        id: node.text("operationId")?.to_owned(),
        method,
        summary: node.text("summary")?.trim().to_owned(),
        description: node.text("description").map(|text| text.trim().to_owned()),
        account_kinds: needs.account_kinds,
        permissions: needs.permissions,
    })
}

/// The name of the target in the operation's id; `None` if that has faults.
fn read_id(
    path: &Path<'_>,
    method: Method,
    operation: &Node<'_>,
    cx: &mut Context<'_>,
) -> Option<String> {
    let rule = Rule::OperationId;
    let suggested = suggested_id(path, method, cx);
    let node = cx.report.require(rule, (operation, &OPERATION), "operationId", &suggested)?;
    let (id, verb) = (node.as_text()?, method.verb());
    let target = id.strip_prefix(verb).and_then(|rest| rest.strip_suffix("Photo"));
    let fault = match target {
        None => Some(format!("the id of a {} has the form `{verb}<Target>Photo`", method.as_str())),
        Some(target) if !is_target(target, id) => {
            Some(format!("`{id}` can't be turned into names of Rust and back"))
        }
        Some(target) => taken(target, path, cx)
            .map(|other| format!("the target `{target}` is already the one of `{other}`")),
    };
    if let Some(message) = fault {
        cx.report.value(rule, &node, message, format!("write `{suggested}`"));
        return None;
    }
    let target = target?.to_owned();
    cx.targets.push((target.clone(), path.template.to_owned()));
    Some(target)
}

/// The other path that has the target already.
fn taken<'c>(target: &str, path: &Path<'_>, cx: &'c Context<'_>) -> Option<&'c str> {
    let mut others = cx.targets.iter().filter(|(_, template)| template != path.template);
    others.find(|(name, _)| name == target).map(|(_, template)| template.as_str())
}

/// Whether `target` makes a type and a function of Rust, and no other target the same ones.
fn is_target(target: &str, id: &str) -> bool {
    is_target_name(target) && id.to_snake_case().to_lower_camel_case() == id
}

/// The operationId that follows from the path, or else the form that it has.
fn suggested_id(path: &Path<'_>, method: Method, cx: &Context<'_>) -> String {
    let id = |target: &str| format!("{}{target}Photo", method.verb());
    let target = path.segments.as_deref().map(target_name);
    let target =
        target.filter(|name| is_target(name, &id(name)) && taken(name, path, cx).is_none());
    id(target.as_deref().unwrap_or("<Target>"))
}

/// A target's name: `UserContact` for `/users/{userId}/contacts/{contactId}`,
/// `MyContact` for `/me/contacts/{contactId}`.
fn target_name(segments: &[Segment]) -> String {
    let word = |(index, segment): (usize, &Segment)| match (segment, segments.get(index + 1)) {
        (Segment::Literal(word), Some(_)) if index == 0 && word == "me" => "My".to_owned(),
        (Segment::Literal(_), Some(Segment::Parameter(_))) => String::new(),
        (Segment::Literal(word), _) => word.to_pascal_case(),
        (Segment::Parameter(name), _) => name.strip_suffix("Id").unwrap_or(name).to_pascal_case(),
    };
    segments.iter().enumerate().map(word).collect()
}

/// Reports where `second` differs from `first`. What is faulty in either has a finding already.
fn check_agreement(first: &Candidate<'_>, second: &Candidate<'_>, report: &mut Report) {
    let [one, other] = [first, second].map(|candidate| candidate.method.as_str());
    let line = first.node.document().line(&first.node.key_place());
    for pair in first.statements.iter().zip(&second.statements) {
        let (Some(a), Some(b)) = pair else { continue };
        let Some((key, message)) = difference((one, a), (other, b)) else { continue };
        let place = second.node.get(key).unwrap_or_else(|| second.node.clone());
        let remedy =
            format!("write the same `{key}` as in {one} at line {line}, or correct it there");
        report.value(Rule::PutAndPatchAgree, &place, message, remedy);
    }
}
