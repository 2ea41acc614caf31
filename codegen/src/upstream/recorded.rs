//! Differences beside those that the spec records as deliberate: which of them are
//! accepted, what to consider of the others, and which records are of no difference.

use super::{difference::Difference, permissions_json::form_of, spec_lines::Lines};
use crate::api::{
    Api, Method, PermissionType,
    difference::{DIFFERENCES_KEY, DifferenceKind, Recorded},
};

/// Accepts what is recorded, makes one difference of what is the same for every method of a
/// path, and says what to consider.
pub(super) fn judge(mut found: Vec<Difference>, api: &Api, lines: &Lines<'_>) -> Vec<Difference> {
    let records = || {
        let place = |index: usize| lines.line(&[DIFFERENCES_KEY, &index.to_string()]);
        api.upstream_differences.iter().enumerate().map(move |(index, one)| (one, place(index)))
    };
    let disagreeing: Vec<_> = records()
        .filter_map(|(recorded, line)| source_disagrees(recorded, line, &found, api))
        .collect();
    found.extend(disagreeing);
    let mut in_vain = Vec::new();
    for (recorded, line) in records() {
        let mut needed = false;
        for one in &mut found {
            if is_of(recorded, one) {
                let reason = || format!("{} ({})", recorded.reason.trim(), recorded.source);
                one.accepted.get_or_insert_with(reason);
                needed = true;
            }
            needed |= covers(one, recorded);
        }
        if !needed {
            in_vain.push(recorded_in_vain(recorded, line));
        }
    }
    found.extend(in_vain);
    let mut differences = merged(found, api);
    for one in &mut differences {
        one.consider = consider(one, api);
    }
    differences.sort_by_key(|one| (one.accepted.is_some(), one.line));
    differences
}

/// The spec's name of a scheme.
pub(super) fn scheme_name(api: &Api, of_type: PermissionType) -> String {
    let scheme = api.schemes.iter().find(|scheme| scheme.permission_type == of_type);
    scheme.map_or_else(|| of_type.to_string(), |scheme| scheme.name.clone())
}

/// A difference about what is recorded.
fn about(recorded: &Recorded, kind: DifferenceKind, line: usize, message: String) -> Difference {
    Difference {
        method: recorded.method,
        scheme: recorded.scheme.clone(),
        permission: recorded.permission.clone(),
        ..Difference::new(kind, &recorded.path, line, message)
    }
}

/// A record that a source disagrees with the spec and upstream, if these agree on another
/// least privileged permission.
fn source_disagrees(
    recorded: &Recorded,
    line: usize,
    found: &[Difference],
    api: &Api,
) -> Option<Difference> {
    let differs = found.iter().any(|one| covers(one, recorded));
    if recorded.kind != DifferenceKind::SourceDisagrees || differs {
        return None;
    }
    let (scheme, permission) = (recorded.scheme.as_ref()?, recorded.permission.as_ref()?);
    let target = api.targets.iter().find(|target| target.path_template() == recorded.path)?;
    let mut permissions = target.operations.iter().flat_map(|one| &one.permissions);
    let ours = permissions.find(|one| scheme_name(api, one.permission_type) == *scheme)?;
    let message = format!(
        "upstream and the spec name `{}` as the least privileged for `{scheme}`, and the source \
         `{}` names `{permission}`",
        ours.scope, recorded.source
    );
    (ours.scope != *permission)
        .then(|| about(recorded, DifferenceKind::SourceDisagrees, line, message))
}

fn recorded_in_vain(recorded: &Recorded, line: usize) -> Difference {
    let members = [
        ("scheme", recorded.scheme.as_deref()),
        ("permission", recorded.permission.as_deref()),
        ("method", recorded.method.map(Method::as_str)),
    ];
    let members = members.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let members: String = members.map(|(key, value)| format!(", {key} `{value}`")).collect();
    let message = format!(
        "the spec records the difference `{}`{members}, and there is no such difference",
        recorded.kind
    );
    about(recorded, DifferenceKind::RecordedInVain, line, message)
}

/// Whether both are about the same path, and the record about the method too.
fn is_near(recorded: &Recorded, one: &Difference) -> bool {
    form_of(&recorded.path) == form_of(&one.path)
        && (recorded.method.is_none() || recorded.method == one.method)
}

/// Whether a record is of this difference.
fn is_of(recorded: &Recorded, one: &Difference) -> bool {
    is_near(recorded, one)
        && (recorded.kind, &recorded.scheme, &recorded.permission)
            == (one.kind, &one.scheme, &one.permission)
}

/// Whether a difference leaves nothing to compare where something is recorded.
fn covers(one: &Difference, recorded: &Recorded) -> bool {
    match one.kind {
        DifferenceKind::PathNotUpstream => form_of(&recorded.path) == form_of(&one.path),
        DifferenceKind::MethodNotUpstream => is_near(recorded, one),
        DifferenceKind::SchemeNotUpstream | DifferenceKind::SchemeNotInSpec => {
            is_near(recorded, one) && recorded.scheme == one.scheme
        }
        DifferenceKind::LeastPrivilegedDiffers => {
            recorded.kind == DifferenceKind::SourceDisagrees
                && is_near(recorded, one)
                && recorded.scheme == one.scheme
        }
        _ => false,
    }
}

/// Makes one difference of what is the same for every method of a path.
fn merged(found: Vec<Difference>, api: &Api) -> Vec<Difference> {
    let mut merged: Vec<(Difference, usize)> = Vec::new();
    let same = |one: &Difference, other: &Difference| {
        *one == Difference { method: one.method, line: one.line, ..other.clone() }
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
    let of_all = |(one, count): (Difference, usize)| {
        let all = !one.kind.has_method() && count >= operations(&one.path);
        Difference { method: one.method.filter(|_| !all), ..one }
    };
    merged.into_iter().map(of_all).collect()
}

/// What a maintainer may do about it.
fn consider(one: &Difference, api: &Api) -> String {
    if one.accepted.is_some() {
        return "nothing, as long as the reason holds".to_owned();
    }
    let change = match one.kind {
        DifferenceKind::PathNotInSpec => "add the path as CONTRIBUTING.md shows",
        DifferenceKind::PathNotUpstream => {
            "look up whether Graph still has the path; remove it if not"
        }
        DifferenceKind::MethodNotInSpec if one.method.is_none() => {
            "look up what Graph does with the method, which the spec can't have"
        }
        DifferenceKind::MethodNotInSpec => "add the method to the path",
        DifferenceKind::MethodNotUpstream => {
            "look up whether Graph still takes the method; remove it if not"
        }
        DifferenceKind::SchemeNotInSpec | DifferenceKind::PermissionNotInSpec => {
            "look it up in a document that can be a `source`; add it to `security` and to \
             `leastPrivilegedFirst` of the path's operations"
        }
        DifferenceKind::SchemeNotUpstream => {
            "look up whether Graph still takes such tokens; remove the permissions if not"
        }
        DifferenceKind::PersonalAccountsNotInSpec => {
            "look up whether personal accounts have such photos; add `personal` to `accountKinds` \
             if so"
        }
        DifferenceKind::PersonalAccountsNotUpstream => "remove `personal` from `accountKinds`",
        DifferenceKind::PermissionNotUpstream => {
            "look up whether the permission still suffices, or has another name; remove or rename \
             it if so"
        }
        DifferenceKind::LeastPrivilegedDiffers => {
            "list the least privileged permission first in `security` and in \
             `leastPrivilegedFirst`"
        }
        DifferenceKind::SourceDisagrees => "look up whether the two still disagree",
        DifferenceKind::RecordedInVain => "remove the entry from `x-graph-upstream-differences`",
    };
    change.to_owned() + &record_it(one, api)
}

/// The entry that would record the difference, ready to be pasted.
fn record_it(one: &Difference, api: &Api) -> String {
    let known = |scheme: &String| api.schemes.iter().any(|known| known.name == *scheme);
    let foreign = one.scheme.as_ref().is_some_and(|scheme| !known(scheme))
        || (one.kind == DifferenceKind::MethodNotInSpec && one.method.is_none());
    if foreign
        || matches!(one.kind, DifferenceKind::RecordedInVain | DifferenceKind::SourceDisagrees)
    {
        return String::new();
    }
    let members = [
        ("method", one.method.map(Method::as_str)),
        ("scheme", one.scheme.as_deref()),
        ("permission", one.permission.as_deref()),
    ];
    let members = members.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let members: String = members.map(|(key, value)| format!(", {key}: {value}")).collect();
    format!(
        "; or record it under `{DIFFERENCES_KEY}`: `- {{ kind: {}, path: '{}'{members}, \
         source: ..., reason: ... }}`",
        one.kind, one.path
    )
}
