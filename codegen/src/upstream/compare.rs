//! Compares path by path, method by method, scheme by scheme.

use std::collections::BTreeSet;

use super::{
    Difference, Kind, Recorded,
    data::{Upstream, UpstreamError, Use, form_of},
    place::Places,
    wording,
};
use crate::{
    api::{Api, Method, Operation, Permission, PermissionType, Target},
    permissions::AccountKind,
};

/// Upstream's schemes: on behalf of a user with an account of an organization, of
/// a user with a personal account, and without a user.
const WORK: &str = "DelegatedWork";
const PERSONAL: &str = "DelegatedPersonal";
const APPLICATION: &str = "Application";

/// Methods that read or delete a photo, which the spec leaves out on purpose.
const LEFT_OUT: [&str; 3] = ["GET", "HEAD", "DELETE"];

/// Every difference between the spec and upstream: first those that the spec
/// doesn't record as deliberate, then the others, each in the order of the spec.
///
/// `spec_text` is what `api` was read from.
///
/// # Errors
///
/// If upstream names none of the spec's paths: then it is not the file that it
/// should be.
pub fn compare(
    spec_text: &str,
    api: &Api,
    upstream: &Upstream,
) -> Result<Vec<Difference>, UpstreamError> {
    let forms: Vec<_> = api.targets.iter().map(form_of_target).collect();
    if !upstream.uses.iter().any(|one| forms.contains(&one.form)) {
        let cause = "it names none of the paths of spec/openapi.yaml";
        return Err(UpstreamError::new(cause));
    }
    let methods = api.operations().map(|(_, operation)| operation.method).collect();
    let places = Places::new(spec_text);
    let mut comparison = Comparison { api, upstream, places, methods, found: Vec::new() };
    for target in &api.targets {
        comparison.target(target);
    }
    comparison.paths_not_in_spec(&forms);
    comparison.sources();
    Ok(comparison.into_differences())
}

/// A difference of one method, or of a path as a whole.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) path: String,
    pub(super) method: Option<Method>,
    pub(super) scheme: Option<String>,
    pub(super) permission: Option<String>,
    pub(super) line: usize,
    /// What upstream has of that kind, and what the spec has; of a path that the
    /// spec doesn't have, permissions and methods of upstream.
    pub(super) theirs: Vec<String>,
    pub(super) ours: Vec<String>,
    /// The index of what records it.
    pub(super) recorded: Option<usize>,
}

struct Comparison<'a> {
    api: &'a Api,
    upstream: &'a Upstream,
    places: Places<'a>,
    /// The methods that the spec uses anywhere.
    methods: BTreeSet<Method>,
    found: Vec<Found>,
}

/// One method of a path on both sides.
struct Pair<'a> {
    target: &'a Target,
    operation: &'a Operation,
    uses: Vec<&'a Use>,
}

fn form_of_target(target: &Target) -> String {
    form_of(&target.path_template())
}

impl<'a> Comparison<'a> {
    /// Notes a difference, at a line that is found only if need be.
    fn add(&mut self, kind: Kind, path: &str, line: usize) -> &mut Found {
        self.found.push(Found {
            kind,
            path: path.to_owned(),
            method: None,
            scheme: None,
            permission: None,
            line,
            theirs: Vec::new(),
            ours: Vec::new(),
            recorded: None,
        });
        self.found.last_mut().expect("one was just pushed")
    }

    fn target(&mut self, target: &'a Target) {
        let (path, form) = (target.path_template(), form_of_target(target));
        let uses: Vec<_> = self.upstream.uses.iter().filter(|one| one.form == form).collect();
        if uses.is_empty() {
            let line = self.places.path(target);
            let ours = target.operations.iter().map(|operation| operation.method.as_str());
            self.add(Kind::PathNotUpstream, &path, line).ours = owned(ours);
            return;
        }
        for method in self.methods.clone() {
            let of_method = |one: &&&Use| one.method == method.as_str();
            let uses: Vec<_> = uses.iter().filter(of_method).copied().collect();
            let operation = target.operations.iter().find(|one| one.method == method);
            match (operation, uses.is_empty()) {
                (Some(operation), false) => self.operation(&Pair { target, operation, uses }),
                (Some(_), true) => {
                    let line = self.places.method(target, method);
                    self.add(Kind::MethodNotUpstream, &path, line).method = Some(method);
                }
                (None, false) => {
                    let line = self.places.path(target);
                    let found = self.add(Kind::MethodNotInSpec, &path, line);
                    found.method = Some(method);
                    let granted: Vec<_> = uses.iter().map(|one| wording::granted(one)).collect();
                    found.theirs = owned(granted.iter().map(String::as_str));
                }
                (None, true) => {}
            }
        }
        self.other_methods(target, &uses);
    }

    /// Notes the methods of a path that no operation of the spec has.
    fn other_methods(&mut self, target: &'a Target, uses: &[&'a Use]) {
        let known = |name: &str| {
            LEFT_OUT.contains(&name) || self.methods.iter().any(|method| method.as_str() == name)
        };
        let other = uses.iter().filter(|one| !known(&one.method));
        let names: BTreeSet<_> = other.map(|one| one.method.as_str()).collect();
        let line = self.places.path(target);
        for name in names {
            let granted: Vec<_> = uses
                .iter()
                .filter(|one| one.method == name)
                .map(|one| wording::granted(one))
                .collect();
            let found = self.add(Kind::MethodNotInSpec, &target.path_template(), line);
            found.ours = vec![name.to_owned()];
            found.theirs = owned(granted.iter().map(String::as_str));
        }
    }

    fn operation(&mut self, pair: &Pair<'a>) {
        let kinds = &pair.operation.account_kinds;
        let personal_only = kinds.iter().all(|kind| *kind == AccountKind::Personal);
        let delegated = if personal_only { PERSONAL } else { WORK };
        self.personal_accounts(pair);
        self.scheme(pair, PermissionType::Delegated, delegated);
        self.scheme(pair, PermissionType::Application, APPLICATION);
        let unknown = |name: &&str| ![WORK, PERSONAL, APPLICATION].contains(name);
        let schemes: BTreeSet<_> =
            pair.uses.iter().map(|one| one.scheme.as_str()).filter(unknown).collect();
        for scheme in schemes {
            let theirs = owned(pair.of_scheme(scheme).map(|one| one.permission.as_str()));
            self.add_for(pair, Kind::SchemeNotInSpec, scheme).theirs = theirs;
        }
    }

    fn personal_accounts(&mut self, pair: &Pair<'a>) {
        let theirs = owned(pair.of_scheme(PERSONAL).map(|one| one.permission.as_str()));
        let ours = pair.operation.account_kinds.contains(&AccountKind::Personal);
        let kind = match (ours, theirs.is_empty()) {
            (true, true) => Kind::PersonalAccountsNotUpstream,
            (false, false) => Kind::PersonalAccountsNotInSpec,
            _ => return,
        };
        let line = self.places.metadata(pair.target, pair.operation, "accountKinds");
        let found = self.add(kind, &pair.target.path_template(), line);
        found.method = Some(pair.operation.method);
        found.theirs = theirs;
    }

    /// Compares the permissions of a type; `key` is upstream's name of it.
    fn scheme(&mut self, pair: &Pair<'a>, kind: PermissionType, key: &str) {
        let scheme = self.name_of(kind);
        let of_type = pair.operation.permissions.iter().filter(|one| one.permission_type == kind);
        let ours = owned(of_type.map(|one| one.scope.as_str()));
        let theirs = owned(pair.of_scheme(key).map(|one| one.permission.as_str()));
        let missing = match (ours.is_empty(), theirs.is_empty()) {
            (false, false) => return self.permissions(pair, &scheme, key, (&ours, &theirs)),
            (true, true) => return,
            (true, false) => Kind::SchemeNotInSpec,
            (false, true) => Kind::SchemeNotUpstream,
        };
        let first = |one: &Permission| one.permission_type == kind;
        let line = self.places.permission(pair.target, pair.operation, first);
        let found = self.add_for(pair, missing, &scheme);
        if missing == Kind::SchemeNotUpstream {
            found.line = line;
        }
        (found.ours, found.theirs) = (ours, theirs);
    }

    fn permissions(
        &mut self,
        pair: &Pair<'a>,
        scheme: &str,
        key: &str,
        (ours, theirs): (&[String], &[String]),
    ) {
        let only = |these: &[String], others: &[String]| -> Vec<String> {
            these.iter().filter(|name| !others.contains(name)).cloned().collect()
        };
        let missing = [
            (Kind::PermissionNotInSpec, only(theirs, ours)),
            (Kind::PermissionNotUpstream, only(ours, theirs)),
        ];
        for (kind, names) in missing {
            for name in names {
                let line = self.line_of(pair, scheme, &name);
                let found = self.add_for(pair, kind, scheme);
                if kind == Kind::PermissionNotUpstream {
                    found.line = line;
                }
                found.permission = Some(name);
                (found.ours, found.theirs) = (ours.to_vec(), theirs.to_vec());
            }
        }
        let least = pair.of_scheme(key).filter(|one| one.least).map(|one| one.permission.as_str());
        let (least, first) = (owned(least), ours.first().cloned().unwrap_or_default());
        if least != [first.clone()] {
            let line = self.line_of(pair, scheme, &first);
            let found = self.add_for(pair, Kind::LeastPrivilegedDiffers, scheme);
            found.line = line;
            let other = least.iter().find(|name| **name != first).unwrap_or(&first);
            found.permission = Some(other.clone());
            (found.ours, found.theirs) = (vec![first], least);
        }
    }

    /// Notes a difference of a method and a scheme, at the list of permissions.
    fn add_for(&mut self, pair: &Pair<'_>, kind: Kind, scheme: &str) -> &mut Found {
        let line = self.places.metadata(pair.target, pair.operation, "leastPrivilegedFirst");
        let found = self.add(kind, &pair.target.path_template(), line);
        found.method = Some(pair.operation.method);
        found.scheme = Some(scheme.to_owned());
        found
    }

    /// The line of a permission of the spec.
    fn line_of(&self, pair: &Pair<'_>, scheme: &str, name: &str) -> usize {
        self.places.permission(pair.target, pair.operation, |one| {
            one.scope == name && self.name_of(one.permission_type) == scheme
        })
    }

    /// The spec's name of a scheme.
    fn name_of(&self, kind: PermissionType) -> String {
        let scheme = self.api.schemes.iter().find(|scheme| scheme.permission_type == kind);
        scheme.map_or_else(|| kind.to_string(), |scheme| scheme.name.clone())
    }

    fn paths_not_in_spec(&mut self, forms: &[String]) {
        let ours = |one: &&Use| {
            let method = self.methods.iter().any(|method| method.as_str() == one.method);
            method && !forms.contains(&one.form)
        };
        let uses: Vec<_> = self.upstream.uses.iter().filter(ours).collect();
        let new: BTreeSet<_> = uses.iter().map(|one| one.form.as_str()).collect();
        for form in new {
            let uses = || uses.iter().filter(|one| one.form == form);
            let line = self.places.paths();
            let path = uses().next().map(|one| wording::in_spec(&one.path)).unwrap_or_default();
            let found = self.add(Kind::PathNotInSpec, &path, line);
            found.ours = owned(uses().map(|one| one.method.as_str()));
            let granted: Vec<_> = uses().map(|one| wording::granted(one)).collect();
            found.theirs = owned(granted.iter().map(String::as_str));
        }
    }

    /// Notes where a source disagrees with the spec and upstream, which agree.
    fn sources(&mut self) {
        let api = self.api;
        for (index, recorded) in api.upstream_differences.iter().enumerate() {
            if recorded.kind == Kind::SourceDisagrees
                && let Some(ours) = self.agreed(recorded)
                && recorded.permission.as_ref() != Some(&ours)
            {
                let line = self.places.recorded(index);
                let found = self.add(Kind::SourceDisagrees, &recorded.path, line);
                found.method = recorded.method;
                found.scheme.clone_from(&recorded.scheme);
                found.permission.clone_from(&recorded.permission);
                found.ours = vec![ours];
                found.theirs = vec![recorded.source.clone()];
            }
        }
    }

    /// The least privileged permission of what is recorded, as the spec and
    /// upstream both have it; `None` if they differ.
    fn agreed(&self, recorded: &Recorded) -> Option<String> {
        let differs = self.found.iter().any(|found| covers(recorded, found));
        let mut targets = self.api.targets.iter();
        let target = targets.find(|target| target.path_template() == recorded.path)?;
        let mut permissions = target.operations.iter().flat_map(|one| &one.permissions);
        let first =
            permissions.find(|one| Some(self.name_of(one.permission_type)) == recorded.scheme)?;
        (!differs).then(|| first.scope.clone())
    }

    fn into_differences(mut self) -> Vec<Difference> {
        let records = &self.api.upstream_differences;
        let mut needed = vec![false; records.len()];
        for found in &mut self.found {
            for (index, recorded) in records.iter().enumerate() {
                if records_it(recorded, found) {
                    found.recorded = found.recorded.or(Some(index));
                }
                needed[index] |= records_it(recorded, found) || covers(recorded, found);
            }
        }
        for (index, recorded) in records.iter().enumerate().filter(|(index, _)| !needed[*index]) {
            let line = self.places.recorded(index);
            let found = self.add(Kind::RecordedInVain, &recorded.path, line);
            found.method = recorded.method;
            found.scheme.clone_from(&recorded.scheme);
            found.permission.clone_from(&recorded.permission);
            found.ours = vec![recorded.kind.to_string()];
        }
        let merged = merged(std::mem::take(&mut self.found), self.api);
        let mut differences: Vec<_> = merged
            .iter()
            .map(|found| wording::difference(found, &merged, self.api, self.upstream))
            .collect();
        differences.sort_by_key(|one| (one.accepted.is_some(), one.line));
        differences
    }
}

impl<'a> Pair<'a> {
    fn of_scheme(&self, scheme: &str) -> impl Iterator<Item = &'a Use> {
        self.uses.iter().copied().filter(move |one| one.scheme == scheme)
    }
}

/// Names in order, each once.
fn owned<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut owned: Vec<String> = Vec::new();
    for name in names {
        if !owned.iter().any(|known| known == name) {
            owned.push(name.to_owned());
        }
    }
    owned
}

/// Whether a record and a difference are about the same path, scheme and method.
fn concerns(recorded: &Recorded, found: &Found) -> bool {
    let method = recorded.method.is_none() || recorded.method == found.method;
    form_of(&recorded.path) == form_of(&found.path) && method && recorded.scheme == found.scheme
}

fn records_it(recorded: &Recorded, found: &Found) -> bool {
    recorded.kind == found.kind
        && concerns(recorded, found)
        && recorded.permission == found.permission
}

/// Whether what is recorded can't be judged, because of a difference that leaves
/// nothing to compare there.
fn covers(recorded: &Recorded, found: &Found) -> bool {
    let method = recorded.method.is_none() || recorded.method == found.method;
    form_of(&recorded.path) == form_of(&found.path)
        && match found.kind {
            Kind::PathNotUpstream => true,
            Kind::MethodNotUpstream => method,
            Kind::SchemeNotUpstream | Kind::SchemeNotInSpec => {
                method && recorded.scheme == found.scheme
            }
            Kind::LeastPrivilegedDiffers => {
                recorded.kind == Kind::SourceDisagrees && concerns(recorded, found)
            }
            _ => false,
        }
}

/// Makes one difference of what is the same for every method of a path.
fn merged(found: Vec<Found>, api: &Api) -> Vec<Found> {
    let mut merged: Vec<(Found, usize)> = Vec::new();
    let same = |one: &Found, other: &Found| {
        *one == Found { method: one.method, line: one.line, ..other.clone() }
    };
    for one in found {
        match merged.iter_mut().find(|(known, _)| known.method.is_some() && same(known, &one)) {
            Some((_, count)) if !one.kind.has_method() => *count += 1,
            _ => merged.push((one, 1)),
        }
    }
    let operations = |path: &str| {
        let target = api.targets.iter().find(|target| target.path_template() == path);
        target.map_or(1, |target| target.operations.len())
    };
    let of_all = |(found, count): (Found, usize)| {
        let all = !found.kind.has_method() && count >= operations(&found.path);
        Found { method: found.method.filter(|_| !all), ..found }
    };
    merged.into_iter().map(of_all).collect()
}
