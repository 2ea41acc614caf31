//! Servers: the clouds that callers choose from.

use std::{net::Ipv4Addr, num::NonZeroU16};

use super::members::Object;
use crate::api::Cloud;
use crate::diagnostics::rule::Rule;
use crate::names::{is_identifier, is_kebab_case, variant_name};
use crate::yaml::document::Node;

const RULE: Rule = Rule::Server;

pub(super) fn read(root: &Node<'_>) -> Vec<Cloud> {
    let example =
        "[{ url: https://graph.microsoft.com/v1.0, description: ..., x-graph-cloud: global }]";
    root.require(RULE, Object::Root, "servers", example);
    let mut clouds: Vec<Cloud> = Vec::new();
    for server in root.list("servers") {
        clouds.extend(read_server(&server, &clouds));
    }
    clouds
}

fn read_server(server: &Node<'_>, clouds: &[Cloud]) -> Option<Cloud> {
    let (url, name) = (server.get("url"), server.get("x-graph-cloud"));
    let url = url.and_then(|url| read_url(&url, clouds));
    let name = name.and_then(|name| read_name(&name, clouds));
    Some(Cloud {
        name: name?.to_owned(),
        base_url: url?.to_owned(),
        description: server.text("description")?.trim().to_owned(),
    })
}

fn read_url<'a>(node: &Node<'a>, clouds: &[Cloud]) -> Option<&'a str> {
    let url = node.as_text()?;
    let plain = plain_url(url);
    let is_same = |cloud: &&Cloud| cloud.base_url.eq_ignore_ascii_case(url);
    if plain.as_deref() != Some(url) {
        let message = format!("`{url}` is not an https URL that paths can be appended to");
        let plain = plain.unwrap_or_else(|| "https://graph.microsoft.com/v1.0".to_owned());
        node.fault(RULE, message, format!("write a URL such as `{plain}`"));
    } else if let Some(other) = clouds.iter().find(is_same) {
        let message = format!("the cloud `{}` has the same URL", other.name);
        node.fault(RULE, message, "remove one of the two, or correct its URL");
    }
    Some(url)
}

/// The URL with `https`, and without user information, query, fragment and a slash at the end,
/// to which paths can't be appended. `None` if the rest is no URL.
fn plain_url(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next()?.trim_end_matches('/');
    let mut segments = rest.split('/');
    let host = segments.next()?.rsplit('@').next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let is_segment = |it: &str| !matches!(it, "" | "." | "..") && it.chars().all(plain);
    let segments: Vec<_> = segments.collect();
    let path: String = segments.iter().map(|segment| format!("/{segment}")).collect();
    (is_host(host) && segments.into_iter().all(is_segment)).then(|| format!("https://{host}{path}"))
}

fn is_host(authority: &str) -> bool {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_label = |label: &str| !label.is_empty() && label.chars().all(plain);
    // A host that ends in a number must be an address of four numbers.
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.chars().all(|c| c.is_ascii_digit());
    host.split('.').all(is_label)
        && (!numeric || host.parse::<Ipv4Addr>().is_ok())
        && port.parse::<NonZeroU16>().is_ok()
}

fn read_name<'a>(node: &Node<'a>, clouds: &[Cloud]) -> Option<&'a str> {
    let name = node.as_text()?;
    if !is_kebab_case(name) || !is_identifier(&variant_name(name)) {
        let message = format!("`{name}` is not a kebab-case name that makes a variant of Rust");
        node.fault(RULE, message, "write a name such as `us-l4`");
    }
    let is_same = |cloud: &&Cloud| variant_name(&cloud.name) == variant_name(name);
    if let Some(other) = clouds.iter().find(is_same) {
        let message = format!("`{name}` and `{}` would be the same variant", other.name);
        node.fault(RULE, message, "make the names differ in more than hyphens");
    }
    Some(name)
}
