//! Compares path by path, method by method, scheme by scheme, permission by permission.

use super::permissions_json::{Upstream, UpstreamError, Use, form_of};
use super::recorded::{self, Difference};
use crate::api::difference::{DifferenceKind as Kind, Subject};
use crate::api::permissions::{AccountKind, PERMISSIONS_KEY};
use crate::api::{Api, Method, Operation, PermissionType, Target};
use crate::diagnostics::suggestion::quoted;
use crate::yaml::document::Document;

/// Upstream's schemes: for a user of an organization, for a personal account, without a user.
const WORK: &str = "DelegatedWork";
const PERSONAL: &str = "DelegatedPersonal";
const APPLICATION: &str = "Application";

/// Methods that read or delete a photo, which the spec leaves out on purpose.
const LEFT_OUT: [&str; 3] = ["GET", "HEAD", "DELETE"];

struct Level {
    /// What tells its elements apart.
    key: fn(&Use) -> &str,
    /// The difference if only the spec has an element, and if only upstream has.
    kinds: [Kind; 2],
    /// An element in words.
    words: fn(&[&Use]) -> String,
}

/// The levels, each within the one before it.
const LEVELS: [Level; 4] = [
    Level {
        key: |one| &one.form,
        kinds: [Kind::PathNotUpstream, Kind::PathNotInSpec],
        words: |uses| format!("it with {} for {}", methods(uses), granted(uses)),
    },
    Level {
        key: |one| &one.method,
        kinds: [Kind::MethodNotUpstream, Kind::MethodNotInSpec],
        words: |uses| format!("{} for {}", methods(uses), granted(uses)),
    },
    Level {
        key: |one| &one.scheme,
        kinds: [Kind::SchemeNotUpstream, Kind::SchemeNotInSpec],
        words: |uses| match &*uses[0].scheme {
            PERSONAL => format!("personal accounts, with {}", permissions(uses)),
            scheme => format!("`{scheme}` permissions, {}", permissions(uses)),
        },
    },
    Level {
        key: |one| &one.permission,
        kinds: [Kind::PermissionNotUpstream, Kind::PermissionNotInSpec],
        words: |uses| format!("`{}` for `{}`", uses[0].permission, uses[0].scheme),
    },
];

/// The kinds of differences at the level of schemes about [`PERSONAL`].
const ACCOUNTS: [Kind; 2] = [Kind::PersonalAccountsNotUpstream, Kind::PersonalAccountsNotInSpec];

/// Every difference between upstream and the spec, which was read from `spec_text`: in the
/// order of the spec, but first those that it doesn't record as deliberate.
///
/// # Errors
///
/// If upstream names none of the spec's paths, and so is another file.
pub fn compare(
    spec_text: &str,
    api: &Api,
    upstream: &Upstream,
) -> Result<Vec<Difference>, UpstreamError> {
    let ours: Vec<_> = api.operations().flat_map(|(target, it)| uses_of(api, target, it)).collect();
    let in_spec = |one: &Use| Use { scheme: scheme_in_spec(api, &one.scheme), ..one.clone() };
    let theirs: Vec<_> = upstream.uses.iter().map(in_spec).collect();
    let is_known = |one: &&Use| ours.iter().any(|our| our.form == one.form);
    if !theirs.iter().any(|one| is_known(&one)) {
        return Err(UpstreamError("it names none of the paths of spec/openapi.yaml".to_owned()));
    }
    let is_written = |one: &&Use| ours.iter().any(|our| our.method == one.method);
    let theirs = theirs.iter().filter(|one| is_known(one) || is_written(one));
    let document = Document::read(spec_text);
    let line_of = |keys: &[&str]| document.as_ref().map_or(1, |document| document.line_of(keys));
    let mut comparison = Comparison { api, upstream, line_of: &line_of, found: Vec::new() };
    comparison.compare(&LEVELS, &ours.iter().collect::<Vec<_>>(), &theirs.collect::<Vec<_>>());
    Ok(recorded::judge(comparison.found, api, &line_of))
}

/// What the spec says about an operation, as upstream would say it.
fn uses_of(api: &Api, target: &Target, operation: &Operation) -> Vec<Use> {
    let path = target.path_template();
    let mut uses = Vec::new();
    for permission in &operation.permissions {
        let scheme = recorded::scheme_name(api, permission.permission_type);
        let is_delegated = permission.permission_type == PermissionType::Delegated;
        let is_personal = |kind: &AccountKind| is_delegated && *kind == AccountKind::Personal;
        let accounts = &operation.account_kinds;
        let personal = accounts.iter().any(is_personal).then(|| PERSONAL.to_owned());
        let scheme = Some(scheme).filter(|_| !accounts.iter().all(is_personal));
        uses.extend(scheme.into_iter().chain(personal).map(|scheme| Use {
            form: form_of(&path),
            path: path.clone(),
            method: operation.method.as_str().to_owned(),
            scheme,
            permission: permission.scope.clone(),
            least: permission.privilege == 1,
        }));
    }
    uses
}

/// A scheme of upstream by the spec's name, if the spec has it.
fn scheme_in_spec(api: &Api, scheme: &str) -> String {
    match scheme {
        WORK => recorded::scheme_name(api, PermissionType::Delegated),
        APPLICATION => recorded::scheme_name(api, PermissionType::Application),
        other => other.to_owned(),
    }
}

struct Comparison<'a> {
    api: &'a Api,
    upstream: &'a Upstream,
    /// The line of the last of these nested keys that the spec has.
    line_of: &'a dyn Fn(&[&str]) -> usize,
    /// What differs in each method.
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn compare(&mut self, levels: &[Level], ours: &[&Use], theirs: &[&Use]) {
        let Some((level, inner)) = levels.split_first() else { return };
        for one in each_once(ours.iter().chain(theirs).map(|one| (level.key)(one))) {
            let [here, there] = [ours, theirs].map(|uses| {
                uses.iter().copied().filter(|it| (level.key)(it) == one).collect::<Vec<_>>()
            });
            let [not_upstream, not_in_spec] = if one == PERSONAL { ACCOUNTS } else { level.kinds };
            if LEFT_OUT.contains(&one) {
            } else if there.is_empty() {
                let what = (level.words)(&here);
                let list = self.other_list(not_upstream, here[0], theirs);
                let message = format!("the spec has {what}, and upstream doesn't{list}");
                self.add(not_upstream, &here[0].path, here[0], message);
            } else if here.is_empty() {
                let what = (level.words)(&there);
                let list = self.other_list(not_in_spec, there[0], ours);
                let message = format!("upstream has {what}, and the spec doesn't{list}");
                let near = ours.first().filter(|_| !not_in_spec.is_of_path());
                self.add(not_in_spec, &near.unwrap_or(&there[0]).path, there[0], message);
            } else if one != PERSONAL {
                self.compare(inner, &here, &there);
                if inner.len() == 1 {
                    self.compare_least(&here, &there);
                }
            }
        }
    }

    /// The permissions on the other side, for the message about one that it lacks.
    fn other_list(&self, kind: Kind, one: &Use, others: &[&Use]) -> String {
        if !kind.has_permission() {
            return String::new();
        }
        let is_known = self.upstream.permissions.contains(&one.permission);
        let gone = if is_known { "" } else { ", and has no permission of that name anywhere" };
        format!(": it has {}{gone}", permissions(others))
    }

    fn compare_least(&mut self, ours: &[&Use], theirs: &[&Use]) {
        let least: Vec<_> = theirs.iter().copied().filter(|one| one.least).collect();
        let Some(our) = ours.first().filter(|our| {
            least.is_empty() || least.iter().any(|one| one.permission != our.permission)
        }) else {
            return;
        };
        let list = if least.is_empty() { "none".to_owned() } else { permissions(&least) };
        let Use { scheme, permission, .. } = our;
        let message = format!(
            "upstream names {list} as the least privileged for `{scheme}`, and the spec \
             `{permission}`"
        );
        let other = least.iter().find(|one| one.permission != *permission).unwrap_or(our);
        self.add(Kind::LeastPrivilegedDiffers, &our.path, other, message);
    }

    /// Adds a difference about `one` at a path of the spec, or else of upstream.
    fn add(&mut self, kind: Kind, path: &str, one: &Use, message: String) {
        let method = Method::ALL.into_iter().find(|method| method.as_str() == one.method);
        let operations = self.api.operations().filter(|(target, _)| target.path_template() == path);
        let mut permissions = operations.flat_map(|(_, operation)| &operation.permissions);
        let index = permissions.position(|permission| {
            permission.scope == one.permission
                && recorded::scheme_name(self.api, permission.permission_type) == one.scheme
        });
        let index = index.map_or(String::new(), |index| index.to_string());
        let list = if ACCOUNTS.contains(&kind) { "accountKinds" } else { "leastPrivilegedFirst" };
        let keys = ["paths", path, &one.method.to_lowercase(), PERMISSIONS_KEY, list, &index];
        let depth = match kind {
            _ if kind.is_of_path() => 2,
            _ if kind.has_method() => 3,
            _ if kind.has_permission() => 6,
            _ => 5,
        };
        let subject = Subject {
            kind,
            path: path.to_owned(),
            method: method.filter(|_| !kind.is_of_path()),
            scheme: kind.has_scheme().then(|| one.scheme.clone()),
            permission: kind.has_permission().then(|| one.permission.clone()),
        };
        self.found.push(Difference::new(subject, (self.line_of)(&keys[..depth]), message));
    }
}

fn methods(uses: &[&Use]) -> String {
    each_once(uses.iter().map(|one| one.method.as_str())).join(" and ")
}

fn permissions(uses: &[&Use]) -> String {
    quoted(&each_once(uses.iter().map(|one| one.permission.as_str())))
}

/// Who may do something.
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
