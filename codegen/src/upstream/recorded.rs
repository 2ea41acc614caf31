//! Differences, judged by those that the spec records as deliberate.

use serde::Serialize;

use super::permissions_json::form_of;
use crate::api::difference::{DIFFERENCES_KEY, DifferenceKind as Kind, Recorded, Subject};
use crate::api::{Api, PermissionType};

/// A difference between the spec and Microsoft's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What differs.
    #[serde(flatten)]
    pub subject: Subject,
    /// The line of the spec, from 1, to change.
    pub line: usize,
    /// What upstream says and what the spec says, in one line without a full stop.
    pub message: String,
    /// What a maintainer may do about it, in one line without a full stop.
    pub consider: String,
    /// Why it is deliberate, if the spec records it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

impl Difference {
    pub(super) fn new(subject: Subject, line: usize, message: String) -> Self {
        Self { subject, line, message, consider: String::new(), accepted: None }
    }
}

impl Subject {
    /// The members beside kind and path that it has, by their keys.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let method = self.method.map(|method| ("method", method.as_str()));
        let scheme = self.scheme.iter().map(|scheme| ("scheme", scheme.as_str()));
        let permission = self.permission.iter().map(|name| ("permission", name.as_str()));
        method.into_iter().chain(scheme).chain(permission)
    }
}

/// Accepts recorded differences, merges those of all methods of a path, and adds advice.
pub(super) fn judge(
    mut found: Vec<Difference>,
    api: &Api,
    line_of: &dyn Fn(&[&str]) -> usize,
) -> Vec<Difference> {
    for (index, record) in api.upstream_differences.iter().enumerate() {
        let line = line_of(&[DIFFERENCES_KEY, &index.to_string()]);
        found.extend(source_disagrees(record, line, &found, api));
        let mut needed = false;
        for one in &mut found {
            needed |= covers(&one.subject, &record.subject);
            if is_of(&record.subject, &one.subject) {
                let reason = || format!("{} ({})", record.reason.trim(), record.source);
                one.accepted.get_or_insert_with(reason);
                needed = true;
            }
        }
        if !needed {
            found.push(recorded_in_vain(&record.subject, line));
        }
    }
    let mut differences = merged(found, api);
    for one in &mut differences {
        one.consider = consider(one, api);
    }
    differences.sort_by_key(|one| (one.accepted.is_some(), one.line));
    differences
}

pub(super) fn scheme_name(api: &Api, of_type: PermissionType) -> String {
    let scheme = api.schemes.iter().find(|scheme| scheme.permission_type == of_type);
    scheme.map_or_else(|| of_type.to_string(), |scheme| scheme.name.clone())
}

/// The difference that a record of this kind stands for: the spec and upstream agree on the
/// least privileged permission, and a source names another.
fn source_disagrees(
    Recorded { subject, source, .. }: &Recorded,
    line: usize,
    found: &[Difference],
    api: &Api,
) -> Option<Difference> {
    if subject.kind != Kind::SourceDisagrees
        || found.iter().any(|one| covers(&one.subject, subject))
    {
        return None;
    }
    let (scheme, permission) = (subject.scheme.as_ref()?, subject.permission.as_ref()?);
    let target = api.targets.iter().find(|target| target.path_template() == subject.path)?;
    let mut permissions = target.operations.iter().flat_map(|one| &one.permissions);
    let ours = permissions.find(|one| scheme_name(api, one.permission_type) == *scheme)?;
    let message = format!(
        "upstream and the spec name `{}` as the least privileged for `{scheme}`, and the source \
         `{source}` names `{permission}`",
        ours.scope
    );
    (ours.scope != *permission).then(|| Difference::new(subject.clone(), line, message))
}

fn recorded_in_vain(subject: &Subject, line: usize) -> Difference {
    let members = subject.members().map(|(key, value)| format!(", {key} `{value}`"));
    let members: String = members.collect();
    let kind = subject.kind;
    let message = format!("the spec records `{kind}`{members}, and there is no such difference");
    Difference::new(Subject { kind: Kind::RecordedInVain, ..subject.clone() }, line, message)
}

/// Whether both concern the same path, and the same method if the record has one.
fn is_near(recorded: &Subject, one: &Subject) -> bool {
    form_of(&recorded.path) == form_of(&one.path)
        && (recorded.method.is_none() || recorded.method == one.method)
}

fn is_of(recorded: &Subject, one: &Subject) -> bool {
    let rest = |of: &Subject| (of.kind, of.scheme.clone(), of.permission.clone());
    is_near(recorded, one) && rest(recorded) == rest(one)
}

/// Whether a difference is so large that nothing is left to compare with a record.
fn covers(one: &Subject, recorded: &Subject) -> bool {
    let is_near = is_near(recorded, one);
    let is_of_scheme = is_near && recorded.scheme == one.scheme;
    match one.kind {
        Kind::PathNotUpstream => form_of(&recorded.path) == form_of(&one.path),
        Kind::MethodNotUpstream => is_near,
        Kind::SchemeNotUpstream | Kind::SchemeNotInSpec => is_of_scheme,
        Kind::LeastPrivilegedDiffers => is_of_scheme && recorded.kind == Kind::SourceDisagrees,
        _ => false,
    }
}

/// Makes one difference of those that are the same for every method of a path.
fn merged(found: Vec<Difference>, api: &Api) -> Vec<Difference> {
    let without_method = |one: &Difference| {
        let subject = Subject { method: None, ..one.subject.clone() };
        Difference { subject, line: 0, ..one.clone() }
    };
    let same: Vec<_> = found.iter().map(without_method).collect();
    let is_of_all = |one: &Difference| {
        let target = api.targets.iter().find(|target| target.path_template() == one.subject.path);
        let count = same.iter().filter(|other| **other == without_method(one)).count();
        !one.subject.kind.has_method() && target.is_none_or(|it| count >= it.operations.len())
    };
    let mut merged: Vec<Difference> = Vec::new();
    for mut one in found {
        if is_of_all(&one) {
            one.subject.method = None;
            if merged.iter().any(|known| Difference { line: one.line, ..known.clone() } == one) {
                continue;
            }
        }
        merged.push(one);
    }
    merged
}

fn consider(one: &Difference, api: &Api) -> String {
    let Subject { kind, path, method, scheme, .. } = &one.subject;
    let (kind, advice) = (*kind, kind.advice());
    if one.accepted.is_some() {
        return "nothing, as long as the reason holds".to_owned();
    }
    if kind == Kind::MethodNotInSpec && method.is_none() {
        return "look up what Graph does with the method, which the spec can't have".to_owned();
    }
    let is_known = |scheme: &String| api.schemes.iter().any(|known| known.name == *scheme);
    let is_foreign = scheme.as_ref().is_some_and(|scheme| !is_known(scheme));
    if is_foreign || matches!(kind, Kind::RecordedInVain | Kind::SourceDisagrees) {
        return advice.to_owned();
    }
    // The entry is ready to be pasted.
    let members = one.subject.members().map(|(key, value)| format!(", {key}: {value}"));
    let members: String = members.collect();
    format!(
        "{advice}; or record it under `{DIFFERENCES_KEY}`: `- {{ kind: {kind}, \
         path: '{path}'{members}, source: ..., reason: ... }}`"
    )
}
