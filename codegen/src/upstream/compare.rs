//! Compares path by path, method by method, scheme by scheme.

use std::collections::BTreeSet;

use super::{
    difference::Difference,
    permissions_json::{Upstream, UpstreamError, Use, form_of},
    recorded,
};
use crate::{
    api::{
        Api, Method, Operation, Permission, PermissionType, Target,
        difference::{DifferenceKind as Kind, Subject},
        permissions::{AccountKind, PERMISSIONS_KEY},
    },
    diagnostics::suggestion::quoted,
    yaml::document::Document,
};

/// Upstream's schemes: on behalf of a user with an account of an organization, of a user
/// with a personal account, and without a user.
const WORK: &str = "DelegatedWork";
const PERSONAL: &str = "DelegatedPersonal";
const APPLICATION: &str = "Application";

/// Methods that read or delete a photo, which the spec leaves out on purpose.
const LEFT_OUT: [&str; 3] = ["GET", "HEAD", "DELETE"];

/// Every difference between the spec and upstream: first those that the spec doesn't record
/// as deliberate, then the others, each in the order of the spec. `spec_text` is the text
/// that `api` was read from.
///
/// # Errors
///
/// If upstream names none of the spec's paths, and so is another file.
pub fn compare(
    spec_text: &str,
    api: &Api,
    upstream: &Upstream,
) -> Result<Vec<Difference>, UpstreamError> {
    let forms: Vec<_> = api.targets.iter().map(|target| form_of(&target.path_template())).collect();
    if !upstream.uses.iter().any(|one| forms.contains(&one.form)) {
        return Err(UpstreamError("it names none of the paths of spec/openapi.yaml".to_owned()));
    }
    let document = Document::read(spec_text);
    let line_of = |keys: &[&str]| document.as_ref().map_or(1, |document| document.line_of(keys));
    let mut comparison = Comparison { api, upstream, line_of: &line_of, found: Vec::new() };
    for (target, form) in api.targets.iter().zip(&forms) {
        comparison.target(target, form);
    }
    comparison.paths_not_in_spec(&forms);
    Ok(recorded::judge(comparison.found, api, &line_of))
}

struct Comparison<'a> {
    api: &'a Api,
    upstream: &'a Upstream,
    /// The line of the last of these nested keys that the spec has.
    line_of: &'a dyn Fn(&[&str]) -> usize,
    /// What differs in each method.
    found: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    /// Adds a difference; `keys` lead from its path to the place to change.
    fn add(&mut self, subject: Subject, keys: &[&str], message: String) {
        let line = (self.line_of)(&[&["paths", &subject.path], keys].concat());
        self.found.push(Difference::new(subject, line, message));
    }

    fn target(&mut self, target: &'a Target, form: &str) {
        let path = target.path_template();
        let uses: Vec<_> = self.upstream.uses.iter().filter(|one| one.form == form).collect();
        let ours = target.operations.iter().map(|operation| operation.method.as_str());
        if uses.is_empty() {
            let methods = ours.collect::<Vec<_>>().join(" and ");
            let message = format!("the spec has it with {methods}, and upstream doesn't name it");
            return self.add(Subject::of_path(Kind::PathNotUpstream, &path), &[], message);
        }
        let theirs = uses.iter().map(|one| one.method.as_str());
        for name in each_once(ours.chain(theirs.filter(|method| !LEFT_OUT.contains(method)))) {
            let method = Method::ALL.into_iter().find(|method| method.as_str() == name);
            let about = |kind| Subject { method, ..Subject::of_path(kind, &path) };
            let uses: Vec<_> = uses.iter().copied().filter(|one| one.method == name).collect();
            match target.operations.iter().find(|one| Some(one.method) == method) {
                Some(operation) if !uses.is_empty() => self.operation(&path, operation, &uses),
                Some(operation) => {
                    let message = format!("the spec has {name}, and upstream doesn't");
                    self.add(about(Kind::MethodNotUpstream), &[operation.method.key()], message);
                }
                None => {
                    let granted = granted(&uses);
                    let message = format!(
                        "upstream has {name} for {granted}, and the spec doesn't have {name}"
                    );
                    self.add(about(Kind::MethodNotInSpec), &[], message);
                }
            }
        }
    }

    fn operation(&mut self, path: &str, operation: &Operation, uses: &[&Use]) {
        let accounts = &operation.account_kinds;
        let is_ours = accounts.contains(&AccountKind::Personal);
        let theirs = names(uses, PERSONAL);
        if is_ours == theirs.is_empty() {
            let (kind, message) = if is_ours {
                let message = "the spec lets personal accounts in, and upstream doesn't";
                (Kind::PersonalAccountsNotUpstream, message.to_owned())
            } else {
                let with = quoted(&theirs);
                let message = format!(
                    "upstream lets personal accounts in, with {with}, and the spec doesn't"
                );
                (Kind::PersonalAccountsNotInSpec, message)
            };
            let method = operation.method;
            let subject = Subject { method: Some(method), ..Subject::of_path(kind, path) };
            self.add(subject, &[method.key(), PERMISSIONS_KEY, "accountKinds"], message);
        }
        let personal_only = accounts.iter().all(|kind| *kind == AccountKind::Personal);
        let delegated = if personal_only { PERSONAL } else { WORK };
        self.scheme(path, operation, uses, (Some(PermissionType::Delegated), delegated));
        self.scheme(path, operation, uses, (Some(PermissionType::Application), APPLICATION));
        let unknown = |key: &&str| ![WORK, PERSONAL, APPLICATION].contains(key);
        let keys = uses.iter().map(|one| one.scheme.as_str()).filter(unknown);
        for key in keys.collect::<BTreeSet<_>>() {
            self.scheme(path, operation, uses, (None, key));
        }
    }

    /// Compares the permissions of a type, if the spec knows it, and of upstream's scheme `key`.
    fn scheme(
        &mut self,
        path: &str,
        operation: &Operation,
        uses: &[&Use],
        (of_type, key): (Option<PermissionType>, &str),
    ) {
        let name = of_type.map_or_else(|| key.to_owned(), |it| recorded::scheme_name(self.api, it));
        let is_ours = |one: &Permission| Some(one.permission_type) == of_type;
        let ours = operation.permissions.iter().filter(|one| is_ours(one));
        let least: Vec<_> = uses.iter().filter(|one| one.least).copied().collect();
        let scheme = Scheme {
            name: &name,
            ours: ours.map(|one| one.scope.as_str()).collect(),
            theirs: names(uses, key),
            least: names(&least, key),
            known: &self.upstream.permissions,
        };
        for (kind, permission, message) in scheme.differences() {
            // The place is that of the permission in the spec's list, or else the list.
            let is_it = |one: &Permission| is_ours(one) && Some(one.scope.as_str()) == permission;
            let index = operation.permissions.iter().position(is_it);
            let index = index.map(|index| index.to_string());
            let list = [operation.method.key(), PERMISSIONS_KEY, "leastPrivilegedFirst"];
            let keys: Vec<&str> = list.into_iter().chain(index.as_deref()).collect();
            let subject = Subject {
                method: Some(operation.method),
                scheme: Some(name.clone()),
                permission: permission.map(str::to_owned),
                ..Subject::of_path(kind, path)
            };
            self.add(subject, &keys, message);
        }
    }

    fn paths_not_in_spec(&mut self, forms: &[String]) {
        let methods: Vec<_> = self.api.operations().map(|(_, one)| one.method.as_str()).collect();
        let is_new =
            |one: &&Use| methods.contains(&one.method.as_str()) && !forms.contains(&one.form);
        let uses: Vec<_> = self.upstream.uses.iter().filter(is_new).collect();
        for form in uses.iter().map(|one| &one.form).collect::<BTreeSet<_>>() {
            let uses: Vec<_> = uses.iter().copied().filter(|one| one.form == *form).collect();
            let methods = each_once(uses.iter().map(|one| one.method.as_str())).join(" and ");
            let granted = granted(&uses);
            let message = format!(
                "upstream has it with {methods} for {granted}, and the spec doesn't have it"
            );
            self.add(Subject::of_path(Kind::PathNotInSpec, &uses[0].path), &[], message);
        }
    }
}

/// The permissions of a scheme of an operation on both sides.
struct Scheme<'a> {
    name: &'a str,
    ours: Vec<&'a str>,
    theirs: Vec<&'a str>,
    /// Those that upstream calls the least privileged.
    least: Vec<&'a str>,
    /// All permissions that upstream knows.
    known: &'a [String],
}

impl<'a> Scheme<'a> {
    /// Each difference with the permission that it concerns, and in words.
    fn differences(&self) -> Vec<(Kind, Option<&'a str>, String)> {
        let Self { name, ours, theirs, least, known } = self;
        let [our_list, their_list, least_list] = [ours, theirs, least].map(|names| listed(names));
        let first = match ours.first() {
            None if theirs.is_empty() => return Vec::new(),
            None => {
                let message = format!(
                    "upstream has `{name}` permissions, {their_list}, and the spec has none"
                );
                return vec![(Kind::SchemeNotInSpec, None, message)];
            }
            Some(_) if theirs.is_empty() => {
                let message =
                    format!("the spec has `{name}` permissions, {our_list}, and upstream has none");
                return vec![(Kind::SchemeNotUpstream, None, message)];
            }
            Some(first) => *first,
        };
        let mut found = Vec::new();
        for one in theirs.iter().filter(|one| !ours.contains(one)) {
            let message = format!(
                "upstream lists `{one}` for `{name}`, and the spec doesn't: it lists {our_list}"
            );
            found.push((Kind::PermissionNotInSpec, Some(*one), message));
        }
        for one in ours.iter().filter(|one| !theirs.contains(one)) {
            let is_known = known.iter().any(|name| name == one);
            let gone = if is_known { "" } else { ", and has no permission of that name anywhere" };
            let message = format!(
                "the spec lists `{one}` for `{name}`, and upstream doesn't: it lists \
                 {their_list}{gone}"
            );
            found.push((Kind::PermissionNotUpstream, Some(*one), message));
        }
        if *least != [first] {
            let message = format!(
                "upstream names {least_list} as the least privileged for `{name}`, and the spec \
                 `{first}`"
            );
            let other = least.iter().find(|one| **one != first).copied().unwrap_or(first);
            found.push((Kind::LeastPrivilegedDiffers, Some(other), message));
        }
        found
    }
}

/// The permissions of a scheme of upstream.
fn names<'a>(uses: &[&'a Use], scheme: &str) -> Vec<&'a str> {
    let uses = uses.iter().filter(|one| one.scheme == scheme);
    each_once(uses.map(|one| one.permission.as_str()))
}

/// What upstream allows whom, in its own names.
fn granted(uses: &[&Use]) -> String {
    let granted = uses.iter().map(|one| {
        let least = if one.least { ", least privileged" } else { "" };
        format!("{} ({}{least})", one.permission, one.scheme)
    });
    quoted(&each_once(granted))
}

/// The items in their order, each once.
fn each_once<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { quoted(names) }
}
