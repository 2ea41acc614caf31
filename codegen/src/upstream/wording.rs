//! Differences in words: what each side says, and what to consider.

use super::{
    DIFFERENCES_KEY, Difference, Kind,
    compare::Found,
    data::{Upstream, Use},
};
use crate::api::{Api, Method, PHOTO_SUFFIX};

/// What a permission allows whom, as upstream names it.
pub(super) fn granted(one: &Use) -> String {
    let least = if one.least { ", least privileged" } else { "" };
    format!("{} ({}{least})", one.permission, one.scheme)
}

/// A path of upstream as the spec would write it.
pub(super) fn in_spec(path: &str) -> String {
    let lower = path.to_lowercase();
    let resource = ["/photo/$value", "/photo"].iter().find_map(|end| {
        let length = lower.strip_suffix(end)?.len();
        path.get(..length)
    });
    format!("{}{PHOTO_SUFFIX}", resource.unwrap_or(path))
}

/// A difference in words; `all` are those that it is one of.
pub(super) fn difference(
    found: &Found,
    all: &[Found],
    api: &Api,
    upstream: &Upstream,
) -> Difference {
    let record = found.recorded.and_then(|index| api.upstream_differences.get(index));
    let consider = match record {
        Some(_) => "nothing, as long as the reason holds".to_owned(),
        None => consider(found, all, upstream) + &record_it(found, api),
    };
    Difference {
        kind: found.kind,
        path: found.path.clone(),
        method: found.method,
        scheme: found.scheme.clone(),
        permission: found.permission.clone(),
        line: found.line,
        message: message(found, upstream),
        consider,
        accepted: record.map(|record| format!("{} ({})", record.reason.trim(), record.source)),
    }
}

/// What upstream says and what the spec says.
fn message(found: &Found, upstream: &Upstream) -> String {
    let method = found.method.map(Method::as_str).unwrap_or_default();
    let scheme = found.scheme.as_deref().unwrap_or_default();
    let permission = found.permission.as_deref().unwrap_or_default();
    let (theirs, ours) = (quoted(&found.theirs), quoted(&found.ours));
    match found.kind {
        Kind::PathNotInSpec => {
            let methods = found.ours.join(" and ");
            format!("upstream has it with {methods} for {theirs}, and the spec doesn't have it")
        }
        Kind::PathNotUpstream => {
            let methods = found.ours.join(" and ");
            format!("the spec has it with {methods}, and upstream doesn't name it")
        }
        Kind::MethodNotInSpec => {
            let method = if found.method.is_some() { method } else { &found.ours.join(" and ") };
            format!("upstream has {method} for {theirs}, and the spec doesn't have {method}")
        }
        Kind::MethodNotUpstream => format!("the spec has {method}, and upstream doesn't"),
        Kind::SchemeNotInSpec => {
            format!("upstream has `{scheme}` permissions, {theirs}, and the spec has none")
        }
        Kind::SchemeNotUpstream => {
            format!("the spec has `{scheme}` permissions, {ours}, and upstream has none")
        }
        Kind::PersonalAccountsNotInSpec => {
            format!("upstream lets personal accounts in, with {theirs}, and the spec doesn't")
        }
        Kind::PersonalAccountsNotUpstream => {
            "the spec lets personal accounts in, and upstream doesn't".to_owned()
        }
        Kind::PermissionNotInSpec => format!(
            "upstream lists `{permission}` for `{scheme}`, and the spec doesn't: it lists {ours}"
        ),
        Kind::PermissionNotUpstream => {
            let gone = if is_gone(permission, upstream) {
                ", and has no permission of that name anywhere"
            } else {
                ""
            };
            format!(
                "the spec lists `{permission}` for `{scheme}`, and upstream doesn't: it lists \
                 {theirs}{gone}"
            )
        }
        Kind::LeastPrivilegedDiffers => format!(
            "upstream names {theirs} as the least privileged for `{scheme}`, and the spec {ours}"
        ),
        Kind::SourceDisagrees => format!(
            "upstream and the spec name {ours} as the least privileged for `{scheme}`, and the \
             source {theirs} names `{permission}`"
        ),
        Kind::RecordedInVain => {
            let of = [("scheme", scheme), ("permission", permission), ("method", method)];
            let of = of.iter().filter(|(_, value)| !value.is_empty());
            let of: String = of.map(|(key, value)| format!(", {key} `{value}`")).collect();
            format!("the spec records the difference {ours}{of}, and there is no such difference")
        }
    }
}

/// What a maintainer may do about it, but for recording it.
fn consider(found: &Found, all: &[Found], upstream: &Upstream) -> String {
    let permission = found.permission.as_deref().unwrap_or_default();
    match found.kind {
        Kind::PathNotInSpec => "add the path as CONTRIBUTING.md shows".to_owned(),
        Kind::PathNotUpstream => {
            "look up whether Graph still has the path; remove it if not".to_owned()
        }
        Kind::MethodNotInSpec if found.method.is_none() => {
            "look up what Graph does with the method, which the spec can't have".to_owned()
        }
        Kind::MethodNotInSpec => "add the method to the path".to_owned(),
        Kind::MethodNotUpstream => {
            "look up whether Graph still takes the method; remove it if not".to_owned()
        }
        Kind::SchemeNotInSpec | Kind::PermissionNotInSpec => {
            "look it up in a document that can be a `source`; add it to `security` and to \
             `leastPrivilegedFirst` of the path's operations"
                .to_owned()
        }
        Kind::SchemeNotUpstream => {
            "look up whether Graph still takes such tokens; remove the permissions if not"
                .to_owned()
        }
        Kind::PersonalAccountsNotInSpec => {
            "look up whether personal accounts have such photos; add `personal` to `accountKinds` \
             if so"
                .to_owned()
        }
        Kind::PersonalAccountsNotUpstream => "remove `personal` from `accountKinds`".to_owned(),
        Kind::PermissionNotUpstream => {
            let renamed = if is_gone(permission, upstream) { renamed_to(found, all) } else { None };
            renamed.map_or_else(
                || "look up whether the permission still suffices; remove it if not".to_owned(),
                |name| {
                    format!("look up whether `{name}` is its new name; write that instead if so")
                },
            )
        }
        Kind::LeastPrivilegedDiffers if found.theirs.len() != 1 => {
            "look up which permission is the least privileged one; list it first in `security` and \
             in `leastPrivilegedFirst`"
                .to_owned()
        }
        Kind::LeastPrivilegedDiffers => {
            "list the permissions in upstream's order in `security` and in `leastPrivilegedFirst`"
                .to_owned()
        }
        Kind::SourceDisagrees => "look up whether the two still disagree".to_owned(),
        Kind::RecordedInVain => format!("remove the entry from `{DIFFERENCES_KEY}`"),
    }
}

/// Whether upstream has no permission of this name, for any path.
fn is_gone(permission: &str, upstream: &Upstream) -> bool {
    !upstream.permissions.iter().any(|name| name == permission)
}

/// The one permission that came where another went.
fn renamed_to<'a>(gone: &Found, all: &'a [Found]) -> Option<&'a str> {
    let came = |found: &&Found| {
        found.kind == Kind::PermissionNotInSpec
            && found.recorded.is_none()
            && (&found.path, &found.scheme) == (&gone.path, &gone.scheme)
    };
    let mut came = all.iter().filter(came);
    came.next().filter(|_| came.next().is_none())?.permission.as_deref()
}

/// The entry that would record the difference, ready to be pasted.
fn record_it(found: &Found, api: &Api) -> String {
    let known = |scheme: &String| api.schemes.iter().any(|one| one.name == *scheme);
    let foreign = found.scheme.as_ref().is_some_and(|scheme| !known(scheme));
    let foreign = foreign || (found.kind == Kind::MethodNotInSpec && found.method.is_none());
    if foreign || matches!(found.kind, Kind::RecordedInVain | Kind::SourceDisagrees) {
        return String::new();
    }
    let scheme = found.scheme.as_deref().filter(|_| found.kind.has_scheme());
    let members = [
        ("method", found.method.map(Method::as_str)),
        ("scheme", scheme),
        ("permission", found.permission.as_deref()),
    ];
    let members = members.iter().filter_map(|(key, value)| Some((key, (*value)?)));
    let members: String = members.map(|(key, value)| format!(", {key}: {value}")).collect();
    format!(
        "; or record it under `{DIFFERENCES_KEY}`: `- {{ kind: {}, path: '{}'{members}, \
         source: ..., reason: ... }}`",
        found.kind, found.path
    )
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}
