//! Targets as people write them: short forms, and mistakes that are valid identifiers.

use std::{borrow::Cow, path::Path};

use graph_photo_client::{PhotoTarget, Printable};

use crate::misplaced_token::without_tokens;

/// The resource path of a user given as a bare address (a user principal name) or GUID,
/// with or without the rest of the path.
pub(crate) fn user_path(text: &str) -> Option<String> {
    /// Any identifier, to learn from the spec how the path of a user begins.
    const ID: &str = "id";
    let is_path = text.starts_with('/') || text.contains("://");
    let id = text.split('/').next().unwrap_or_default();
    if is_path || !(id.contains('@') || is_guid(id)) {
        return None;
    }
    let path = PhotoTarget::user(ID).ok()?.to_string();
    Some(format!("{}{text}", path.strip_suffix(ID)?))
}

/// Whether a text is a GUID: 32 hexadecimal digits, grouped 8-4-4-4-12.
fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Why an identifier of a target is clearly a mistake, though it is valid in a path.
pub(crate) fn mistake(target: &PhotoTarget) -> Option<String> {
    let path = target.to_string();
    let (segment, why) =
        path.split('/').find_map(|segment| Some((segment, mistake_in(segment)?)))?;
    let [path, segment] = [&path, segment].map(without_tokens);
    Some(format!(
        "failed to use the target `{}`: `{}` {why}",
        Printable(&path),
        Printable(&segment)
    ))
}

fn mistake_in(segment: &str) -> Option<&'static str> {
    let domain = segment.split_once('@').map(|(_, domain)| domain);
    let scheme = segment.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let has_scheme = matches!(scheme.as_deref(), Some("mailto" | "smtp" | "sip"));
    let is_variable = domain.map_or(segment.starts_with('$'), |domain| domain.contains('$'));
    let in_braces = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let is_token = matches!(without_tokens(segment), Cow::Owned(_));
    let mistakes = [
        (is_token, "is an access token; write the identifier itself"),
        (
            domain.is_some() && segment.contains(['<', '>', '"', ' ']),
            "is an address with a name; give only the address",
        ),
        (is_half_address(segment), "is half an address; write what is before and after the @"),
        (domain.is_some() && has_scheme, "is an address with a scheme; give only the address"),
        (is_list(segment), "is a list; give one target at a time"),
        (is_variable, "is a variable that no shell has replaced; write its value"),
        (in_braces.is_some_and(is_guid), "is an id in braces; remove the braces"),
        (is_placeholder(segment), "is a placeholder; write the identifier itself"),
    ];
    mistakes.into_iter().find_map(|(applies, why)| applies.then_some(why))
}

/// Whether nothing is before the @, or nothing after it.
fn is_half_address(segment: &str) -> bool {
    segment.split_once('@').is_some_and(|(name, domain)| name.is_empty() || domain.is_empty())
}

/// Whether it is addresses or GUIDs, separated or ended by `;` or `,`.
fn is_list(segment: &str) -> bool {
    let items = || segment.split([';', ',']).map(str::trim).filter(|item| !item.is_empty());
    segment.contains([';', ','])
        && items().next().is_some()
        && items().all(|item| item.contains('@') || is_guid(item))
}

/// Whether it is a placeholder as in documentation: `{id}`, `<id>`, `[id]`, `%id%`, `:id`.
fn is_placeholder(segment: &str) -> bool {
    let between = |[open, close]: [char; 2]| {
        segment.find(open).is_some_and(|start| segment[start..].contains(close))
    };
    let whole = |sign: &str| {
        let rest = segment.strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign));
        rest.is_some_and(|rest| !rest.is_empty())
    };
    between(['{', '}'])
        || between(['<', '>'])
        || (segment.starts_with('[') && segment.ends_with(']'))
        || whole("%25")
        || segment.starts_with(':')
}

/// Whether target and file were given in the wrong order.
pub(crate) fn are_swapped(target: &str, file: &Path, is_target: impl Fn(&str) -> bool) -> bool {
    let Some(second) = file.to_str().filter(|second| !file.exists() && is_target(second)) else {
        return false;
    };
    let is_path = second.starts_with('/') || second.contains("://");
    Path::new(target).is_file() || (is_path && !is_target(target))
}

#[cfg(test)]
mod tests {
    use super::{mistake, user_path};

    const GUID: &str = "48d31887-5fad-4d73-a9f5-3c356e68a038";

    #[test]
    fn an_address_or_a_guid_is_a_user() {
        for text in ["megan@contoso.com", GUID, "megan@contoso.com/photo/$value"] {
            assert!(user_path(text).unwrap().ends_with(text), "{text}");
        }
        for text in ["me", "/me", "megan", "https://me@graph.example/", "48d31887-5fad", "a/b@c"] {
            assert_eq!(user_path(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_a_mistake_and_real_identifiers_are_none() {
        let of = |id: &str| mistake(&graph_photo_client::PhotoTarget::user(id).unwrap());
        let lists = [format!("{GUID};{GUID}"), format!("{GUID},"), format!("{{{GUID}}}")];
        let mistakes = [
            "{id}",
            "{userPrincipalName}",
            "{{id}}",
            "${id}",
            "{id}@contoso.com",
            "<id>",
            "[id]",
            ":id",
            "$id",
            "$env:USER",
            "$(id)",
            "megan@$domain",
            "@contoso.com",
            "megan@",
            "%id%",
            "<megan@contoso.com>",
            "Megan Bowen <megan@contoso.com>",
            "megan@contoso.com (Megan)",
            "mailto:megan@contoso.com",
            "SMTP:megan@contoso.com",
            "a@contoso.com;b@contoso.com",
            "a@contoso.com, b@contoso.com",
            "a@contoso.com;",
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL2dyYXBo.c2ln",
        ];
        for id in mistakes.into_iter().chain(lists.iter().map(String::as_str)) {
            assert!(of(id).is_some(), "{id}");
        }
        for id in [
            "megan@contoso.com",
            "$svc@contoso.com",
            "o'hara+news@contoso.com",
            GUID,
            "a b;c,d",
            "megan_contoso.com#EXT#@tenant.onmicrosoft.com",
            "AAMkAGI2-_+/=z==",
            "50%",
            "a:b",
        ] {
            assert_eq!(of(id), None, "{id}");
        }
    }
}
