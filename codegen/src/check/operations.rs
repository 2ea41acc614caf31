//! Operations: their methods, their ids, and that PUT and PATCH agree.

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

use super::{
    Definitions, Shared, bodies,
    names::{is_target_name, is_word},
    parameters::Declared,
    permissions::{self, Needs},
    report::Report,
    responses,
    tables::{OPERATION, PATH_ITEM},
};
use crate::{
    api::{Method, Operation, Segment, is_of_signed_in_user},
    document::Node,
    permissions::PERMISSIONS_KEY,
    rule::Rule,
};

/// The methods that OpenAPI knows and the client doesn't.
const REFUSED_METHODS: [&str; 6] = ["get", "post", "delete", "head", "options", "trace"];

/// A path, with what is known about it before its operations are read.
pub(super) struct PathItem<'a> {
    /// Its key in `paths`.
    pub(super) template: &'a str,
    pub(super) node: &'a Node<'a>,
    /// `None` if the path has faults.
    pub(super) segments: Option<&'a [Segment]>,
    pub(super) declared: &'a Declared<'a>,
}

/// The operations of one path.
pub(super) struct Read {
    /// The name in their ids.
    pub(super) target: Option<String>,
    pub(super) operations: Vec<Operation>,
}

/// One operation with what has to agree with the other one of its path.
struct Candidate<'a> {
    node: Node<'a>,
    method: Method,
    target: Option<String>,
    security: Option<Vec<(&'a str, &'a str)>>,
    needs: Option<Needs>,
    statuses: Option<Vec<&'a str>>,
}

/// Reads the operations of a path.
pub(super) fn read<'a>(
    path: &PathItem<'a>,
    definitions: &Definitions<'a>,
    shared: &mut Shared,
    report: &mut Report,
) -> Read {
    check_methods(path, report);
    let candidates: Vec<_> = Method::ALL
        .into_iter()
        .filter_map(|method| Some((method, path.node.mapping(method.key())?)))
        .map(|(method, node)| read_operation(path, method, node, definitions, shared, report))
        .collect();
    if let [first, second] = candidates.as_slice() {
        check_agreement(first, second, report);
    }
    let mut candidates = candidates;
    // `Method::ALL` has put them in an order; the file's is what counts.
    candidates.sort_by_key(|candidate| candidate.node.key_place().span.start);
    Read {
        target: candidates.first().and_then(|candidate| candidate.target.clone()),
        operations: candidates.into_iter().filter_map(operation).collect(),
    }
}

fn operation(candidate: Candidate<'_>) -> Option<Operation> {
    let Candidate { node, method, needs, .. } = candidate;
    let Needs { account_kinds, permissions } = needs?;
    Some(Operation {
        id: node.text("operationId")?.to_owned(),
        method,
        summary: node.text("summary")?.trim().to_owned(),
        description: node.text("description").map(|text| text.trim().to_owned()),
        account_kinds,
        permissions,
    })
}

fn check_methods(path: &PathItem<'_>, report: &mut Report) {
    for method in REFUSED_METHODS {
        if let Some(node) = path.node.get(method) {
            let message = format!("the client has no use for `{method}`");
            report.add(
                Rule::OperationMethod,
                node.key_place(),
                message,
                "remove it; a path may have `put` and `patch`",
            );
        }
    }
    let none = Method::ALL.iter().all(|method| !path.node.has(method.key()));
    // What stands there instead of an operation has a finding that says more.
    let explained = |key: &str| REFUSED_METHODS.contains(&key) || PATH_ITEM.is_fault(key);
    let explained = path.node.entries().iter().any(|(key, _)| explained(key));
    if path.node.is_mapping() && none && !explained {
        let remedy = format!(
            "add `put` with the operationId `{}`, or remove the path",
            suggested_id(path, Method::Put, None)
        );
        report.add(
            Rule::OperationMethod,
            path.node.key_place(),
            "this path has no operation",
            remedy,
        );
    }
}

fn read_operation<'a>(
    path: &PathItem<'a>,
    method: Method,
    node: Node<'a>,
    definitions: &Definitions<'a>,
    shared: &mut Shared,
    report: &mut Report,
) -> Candidate<'a> {
    let target = read_id(path, method, &node, shared, report);
    path.declared.check_operation(path, &node, report);
    bodies::read(&node, shared, report);
    let statuses = responses::read(&node, shared, report);
    let security = definitions.schemes.read_security(&node, report);
    if path.segments.is_some_and(is_of_signed_in_user) {
        definitions.schemes.refuse_application(security.as_deref(), report);
    }
    let needs = permissions::read(&node, security.as_deref(), definitions, report);
    let security: Option<Vec<_>> = security.map(|security| {
        security.iter().map(|required| (required.scheme, required.scope)).collect()
    });
    Candidate { node, method, target, security, needs, statuses }
}

/// The name of the target in the operation's id; `None` if that has faults.
fn read_id(
    path: &PathItem<'_>,
    method: Method,
    node: &Node<'_>,
    shared: &mut Shared,
    report: &mut Report,
) -> Option<String> {
    if OPERATION.lacks(node, "operationId") {
        let message = format!("this {} operation has no `operationId`", method.as_str());
        let remedy = format!("add `operationId: {}`", suggested_id(path, method, None));
        report.add(Rule::OperationId, node.key_place(), message, remedy);
    }
    let id_node = node.get("operationId")?;
    let id = id_node.as_text()?;
    let target = id.strip_prefix(method.verb()).and_then(|rest| rest.strip_suffix("Photo"));
    let fault = match target {
        None => {
            let (method, verb) = (method.as_str(), method.verb());
            Some(format!("the operationId of a {method} has the form `{verb}<Target>Photo`"))
        }
        Some(target) if !is_target(target, id) => {
            Some(format!("`{id}` can't be turned into names of Rust and back"))
        }
        Some(target) => taken(target, id, path, shared),
    };
    let Some(message) = fault else {
        let target = target?.to_owned();
        shared.targets.push((id.to_owned(), target.clone(), path.template.to_owned()));
        return Some(target);
    };
    let remedy = format!("write `{}`", suggested_id(path, method, target));
    report.add(Rule::OperationId, id_node.place(), message, remedy);
    None
}

/// What to say if another path has the target already.
fn taken(target: &str, id: &str, path: &PathItem<'_>, shared: &Shared) -> Option<String> {
    let is_other = |(_, name, template): &&(String, String, String)| {
        name == target && template != path.template
    };
    let (_, _, template) = shared.targets.iter().find(is_other)?;
    Some(if shared.targets.iter().any(|(other, _, _)| other == id) {
        format!("the operationId `{id}` is already the one of `{template}`")
    } else {
        format!("the target `{target}` is already the one of `{template}`")
    })
}

/// Whether `target` makes a type and a function of Rust, and no other target
/// the same ones.
fn is_target(target: &str, id: &str) -> bool {
    is_target_name(target) && id.to_snake_case().to_lower_camel_case() == id
}

/// The operationId that follows from the path. `taken` is a target that can't
/// be used.
fn suggested_id(path: &PathItem<'_>, method: Method, taken: Option<&str>) -> String {
    let derived = match path.segments {
        Some(segments) => derived_target(segments),
        None => derived_target_of_faulty(path.template),
    };
    let target = match taken {
        Some(taken) if taken == derived => format!("{derived}2"),
        _ if !is_target(&derived, &format!("{}{derived}Photo", method.verb())) => {
            "Resource".to_owned()
        }
        _ => derived,
    };
    format!("{}{target}Photo", method.verb())
}

fn derived_target_of_faulty(path: &str) -> String {
    let segments: Vec<_> = path
        .split('/')
        .map(|text| text.trim_matches(['{', '}', '$']))
        .filter(|text| is_word(text) && !matches!(*text, "photo" | "value"))
        .map(|text| Segment::Literal(text.to_owned()))
        .collect();
    derived_target(&segments)
}

/// A target's name: `UserContact` for `/users/{userId}/contacts/{contactId}`,
/// `MyContact` for `/me/contacts/{contactId}`.
fn derived_target(segments: &[Segment]) -> String {
    let mut name = String::new();
    for (index, segment) in segments.iter().enumerate() {
        name += &match (segment, segments.get(index + 1)) {
            (Segment::Literal(word), Some(_)) if index == 0 && word == "me" => "My".to_owned(),
            (Segment::Literal(_), Some(Segment::Parameter(_))) => String::new(),
            (Segment::Literal(word), _) => word.to_pascal_case(),
            (Segment::Parameter(name), _) => {
                name.strip_suffix("Id").unwrap_or(name).to_pascal_case()
            }
        };
    }
    name
}

/// Reports the first of the things in which `second` differs from `first`.
/// What is missing or faulty in either has a finding already.
fn check_agreement(first: &Candidate<'_>, second: &Candidate<'_>, report: &mut Report) {
    let line = first.node.document().line(&first.node.key_place());
    let (one, other) = (first.method.as_str(), second.method.as_str());
    let mut fault = |key: &str, message: String, remedy: String| {
        let place =
            second.node.get(key).map_or_else(|| second.node.key_place(), |node| node.place());
        report.add(Rule::PutAndPatchAgree, place, message, remedy);
    };
    if let (Some(a), Some(b)) = (&first.target, &second.target)
        && a != b
    {
        let message = format!("{one} is about the target `{a}`, {other} about `{b}`");
        fault("operationId", message, format!("write `{}{a}Photo`", second.method.verb()));
    }
    let same = |what: &str| {
        format!("write the same {what} as in {one} at line {line}, or correct them there")
    };
    let requirement =
        |(scheme, scope): &(&str, &str)| format!("the permission `{scheme}: [{scope}]`");
    if let Some(difference) =
        difference(first.security.as_deref(), second.security.as_deref(), requirement)
    {
        fault("security", difference.in_words(one, other), same("permissions"));
    } else if let (Some(a), Some(b)) = (&first.needs, &second.needs) {
        if let Some((_, b)) = a.permissions.iter().zip(&b.permissions).find(|(a, b)| a != b) {
            let message = format!(
                "{one} and {other} state different conditions or sources for `{}`",
                b.scope
            );
            fault(PERMISSIONS_KEY, message, same("conditions and sources"));
        } else if a.account_kinds != b.account_kinds {
            let message = format!("{one} and {other} work with different kinds of accounts");
            fault(PERMISSIONS_KEY, message, same("account kinds"));
        }
    }
    let response = |status: &&str| format!("the response `{status}`");
    if let Some(difference) =
        difference(first.statuses.as_deref(), second.statuses.as_deref(), response)
    {
        fault("responses", difference.in_words(one, other), same("responses"));
    }
}

/// How two lists differ.
enum Difference {
    OnlyFirst(String),
    OnlySecond(String),
    Order,
}

impl Difference {
    fn in_words(&self, first: &str, second: &str) -> String {
        match self {
            Self::OnlyFirst(item) => format!("{first} has {item}, {second} doesn't"),
            Self::OnlySecond(item) => format!("{second} has {item}, {first} doesn't"),
            Self::Order => format!("{first} and {second} list the same in another order"),
        }
    }
}

/// The first difference, if both lists are known and not equal.
fn difference<T: PartialEq>(
    first: Option<&[T]>,
    second: Option<&[T]>,
    in_words: impl Fn(&T) -> String,
) -> Option<Difference> {
    let (first, second) = (first?, second?);
    let only_first = first.iter().find(|item| !second.contains(item));
    let only_second = second.iter().find(|item| !first.contains(item));
    match (only_first, only_second) {
        (Some(item), _) => Some(Difference::OnlyFirst(in_words(item))),
        (None, Some(item)) => Some(Difference::OnlySecond(in_words(item))),
        (None, None) => (first != second).then_some(Difference::Order),
    }
}
