//! Compares path by path, method by method, scheme by scheme.

use std::collections::BTreeSet;

use super::{
    difference::Difference,
    permissions_json::{Upstream, UpstreamError, Use, each_once, form_of, quoted},
    recorded,
    spec_lines::Lines,
};
use crate::api::{
    Api, Method, Operation, PermissionType, Target, difference::DifferenceKind,
    permissions::AccountKind,
};

/// Upstream's schemes: on behalf of a user with an account of an organization, of
/// a user with a personal account, and without a user.
const WORK: &str = "DelegatedWork";
const PERSONAL: &str = "DelegatedPersonal";
const APPLICATION: &str = "Application";

/// Methods that read or delete a photo, which the spec leaves out on purpose.
const LEFT_OUT: [&str; 3] = ["GET", "HEAD", "DELETE"];

/// The list of an operation's permissions in the spec.
const LIST: &str = "leastPrivilegedFirst";

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
    let forms: Vec<_> = api.targets.iter().map(|target| form_of(&target.path_template())).collect();
    if !upstream.uses.iter().any(|one| forms.contains(&one.form)) {
        let cause = "it names none of the paths of spec/openapi.yaml";
        return Err(UpstreamError::new(cause));
    }
    let mut comparison =
        Comparison { api, upstream, lines: Lines::of(spec_text), found: Vec::new() };
    for (target, form) in api.targets.iter().zip(&forms) {
        comparison.target(target, form);
    }
    comparison.paths_not_in_spec(&forms);
    Ok(recorded::judge(comparison.found, api, &comparison.lines))
}

struct Comparison<'a> {
    api: &'a Api,
    upstream: &'a Upstream,
    lines: Lines<'a>,
    /// What differs in each method.
    found: Vec<Difference>,
}

/// One method of a path on both sides.
struct Pair<'a> {
    target: &'a Target,
    operation: &'a Operation,
    uses: Vec<&'a Use>,
}

impl<'a> Pair<'a> {
    /// A scheme, which upstream calls `key`.
    fn scheme(&self, name: String, of_type: Option<PermissionType>, key: &str) -> Scheme<'a> {
        let ours = self.operation.permissions.iter();
        let ours = ours.filter(|one| Some(one.permission_type) == of_type);
        let theirs = self.uses.iter().filter(|one| one.scheme == key);
        let names = |uses: &mut dyn Iterator<Item = &&'a Use>| {
            each_once(uses.map(|one| one.permission.as_str()))
        };
        Scheme {
            name,
            of_type,
            ours: ours.map(|one| one.scope.as_str()).collect(),
            theirs: names(&mut theirs.clone()),
            least: names(&mut theirs.filter(|one| one.least)),
        }
    }
}

/// The permissions of a scheme of an operation on both sides.
struct Scheme<'a> {
    name: String,
    /// `None` if the spec knows no such scheme.
    of_type: Option<PermissionType>,
    ours: Vec<&'a str>,
    theirs: Vec<&'a str>,
    /// Those that upstream calls the least privileged.
    least: Vec<&'a str>,
}

impl<'a> Comparison<'a> {
    fn add(
        &mut self,
        kind: DifferenceKind,
        path: &str,
        line: usize,
        message: String,
    ) -> &mut Difference {
        self.found.push(Difference::new(kind, path, line, message));
        self.found.last_mut().expect("one was just pushed")
    }

    fn target(&mut self, target: &'a Target, form: &str) {
        let path = target.path_template();
        let line = self.lines.line(&["paths", &path]);
        let uses: Vec<_> = self.upstream.uses.iter().filter(|one| one.form == form).collect();
        let ours = target.operations.iter().map(|operation| operation.method.as_str());
        if uses.is_empty() {
            let methods = ours.collect::<Vec<_>>().join(" and ");
            let message = format!("the spec has it with {methods}, and upstream doesn't name it");
            self.add(DifferenceKind::PathNotUpstream, &path, line, message);
            return;
        }
        let theirs = uses.iter().map(|one| one.method.as_str());
        let theirs = theirs.filter(|method| !LEFT_OUT.contains(method));
        for name in each_once(ours.chain(theirs)) {
            let uses: Vec<_> = uses.iter().copied().filter(|one| one.method == name).collect();
            let operation = target.operations.iter().find(|one| one.method.as_str() == name);
            match operation {
                Some(operation) if !uses.is_empty() => {
                    self.operation(&Pair { target, operation, uses });
                }
                Some(operation) => {
                    let line = self.lines.line(&["paths", &path, operation.method.key()]);
                    let message = format!("the spec has {name}, and upstream doesn't");
                    let found = self.add(DifferenceKind::MethodNotUpstream, &path, line, message);
                    found.method = Some(operation.method);
                }
                None => {
                    let granted = granted(&uses);
                    let message = format!(
                        "upstream has {name} for {granted}, and the spec doesn't have {name}"
                    );
                    let found = self.add(DifferenceKind::MethodNotInSpec, &path, line, message);
                    found.method = Method::ALL.into_iter().find(|method| method.as_str() == name);
                }
            }
        }
    }

    fn operation(&mut self, pair: &Pair<'a>) {
        let accounts = &pair.operation.account_kinds;
        let theirs = pair.scheme(PERSONAL.to_owned(), None, PERSONAL).theirs;
        let is_ours = accounts.contains(&AccountKind::Personal);
        if is_ours == theirs.is_empty() {
            let kind = if is_ours {
                DifferenceKind::PersonalAccountsNotUpstream
            } else {
                DifferenceKind::PersonalAccountsNotInSpec
            };
            let message = if is_ours {
                "the spec lets personal accounts in, and upstream doesn't".to_owned()
            } else {
                let theirs = quoted(&theirs);
                format!("upstream lets personal accounts in, with {theirs}, and the spec doesn't")
            };
            let line = self.lines.metadata(pair.target, pair.operation, &["accountKinds"]);
            let found = self.add(kind, &pair.target.path_template(), line, message);
            found.method = Some(pair.operation.method);
        }
        let personal_only = accounts.iter().all(|kind| *kind == AccountKind::Personal);
        let delegated = if personal_only { PERSONAL } else { WORK };
        let types =
            [(PermissionType::Delegated, delegated), (PermissionType::Application, APPLICATION)];
        for (of_type, key) in types {
            let name = recorded::scheme_name(self.api, of_type);
            self.scheme(pair, &pair.scheme(name, Some(of_type), key));
        }
        let unknown = |name: &&str| ![WORK, PERSONAL, APPLICATION].contains(name);
        let schemes = pair.uses.iter().map(|one| one.scheme.as_str()).filter(unknown);
        for scheme in schemes.collect::<BTreeSet<_>>() {
            self.scheme(pair, &pair.scheme(scheme.to_owned(), None, scheme));
        }
    }

    fn scheme(&mut self, pair: &Pair<'a>, scheme: &Scheme<'a>) {
        let Scheme { name, ours, theirs, least, .. } = scheme;
        let (our_list, their_list) = (quoted(ours), quoted(theirs));
        let Some(first) = ours.first().filter(|_| !theirs.is_empty()) else {
            if !theirs.is_empty() {
                let message = format!(
                    "upstream has `{name}` permissions, {their_list}, and the spec has none"
                );
                self.add_for(pair, scheme, DifferenceKind::SchemeNotInSpec, None, message);
            } else if !ours.is_empty() {
                let message =
                    format!("the spec has `{name}` permissions, {our_list}, and upstream has none");
                self.add_for(pair, scheme, DifferenceKind::SchemeNotUpstream, None, message);
            }
            return;
        };
        for one in theirs.iter().filter(|one| !ours.contains(one)) {
            let message = format!(
                "upstream lists `{one}` for `{name}`, and the spec doesn't: it lists {our_list}"
            );
            self.add_for(pair, scheme, DifferenceKind::PermissionNotInSpec, Some(one), message);
        }
        for one in ours.iter().filter(|one| !theirs.contains(one)) {
            let known = self.upstream.permissions.iter().any(|name| name == one);
            let gone = if known { "" } else { ", and has no permission of that name anywhere" };
            let message = format!(
                "the spec lists `{one}` for `{name}`, and upstream doesn't: it lists \
                 {their_list}{gone}"
            );
            self.add_for(pair, scheme, DifferenceKind::PermissionNotUpstream, Some(one), message);
        }
        if least != &[*first] {
            let least_list = quoted(least);
            let message = format!(
                "upstream names {least_list} as the least privileged for `{name}`, and the spec \
                 `{first}`"
            );
            let other = least.iter().find(|one| *one != first).unwrap_or(first);
            self.add_for(
                pair,
                scheme,
                DifferenceKind::LeastPrivilegedDiffers,
                Some(other),
                message,
            );
        }
    }

    /// Notes a difference of a method and a scheme, at the permission that it is about if
    /// the spec lists it, or else at the list.
    fn add_for(
        &mut self,
        pair: &Pair<'_>,
        scheme: &Scheme<'_>,
        kind: DifferenceKind,
        permission: Option<&str>,
        message: String,
    ) {
        let mut listed = pair.operation.permissions.iter();
        let index = listed.position(|one| {
            Some(one.permission_type) == scheme.of_type && Some(one.scope.as_str()) == permission
        });
        let index = index.map(|index| index.to_string());
        let keys: Vec<&str> = [LIST].into_iter().chain(index.as_deref()).collect();
        let line = self.lines.metadata(pair.target, pair.operation, &keys);
        let found = self.add(kind, &pair.target.path_template(), line, message);
        found.method = Some(pair.operation.method);
        found.scheme = Some(scheme.name.clone());
        found.permission = permission.map(str::to_owned);
    }

    fn paths_not_in_spec(&mut self, forms: &[String]) {
        let methods: BTreeSet<_> =
            self.api.operations().map(|(_, operation)| operation.method.as_str()).collect();
        let is_new =
            |one: &&Use| methods.contains(one.method.as_str()) && !forms.contains(&one.form);
        let uses: Vec<_> = self.upstream.uses.iter().filter(is_new).collect();
        let line = self.lines.line(&["paths"]);
        for form in uses.iter().map(|one| &one.form).collect::<BTreeSet<_>>() {
            let uses: Vec<_> = uses.iter().copied().filter(|one| one.form == *form).collect();
            let methods = each_once(uses.iter().map(|one| one.method.as_str())).join(" and ");
            let message = format!(
                "upstream has it with {methods} for {}, and the spec doesn't have it",
                granted(&uses)
            );
            self.add(DifferenceKind::PathNotInSpec, &uses[0].path, line, message);
        }
    }
}

/// What upstream allows whom, in its own names.
fn granted(uses: &[&Use]) -> String {
    let granted = uses.iter().map(|one| {
        let least = if one.least { ", least privileged" } else { "" };
        format!("{} ({}{least})", one.permission, one.scheme)
    });
    quoted(&each_once(granted))
}
