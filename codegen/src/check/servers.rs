//! Servers: the clouds that callers choose from.

use std::{net::Ipv4Addr, num::NonZeroU16};

use super::{
    names::{is_identifier, is_kebab_case},
    report::Report,
    tables::ROOT,
};
use crate::{api::Cloud, document::Node, names::variant_name, rule::Rule};

/// The clouds; those that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, report: &mut Report) -> Vec<Cloud> {
    let servers = root.get("servers");
    let items = servers.as_ref().map(Node::items);
    let none = match &items {
        None => ROOT.lacks(root, "servers"),
        Some(items) => items.as_ref().is_some_and(Vec::is_empty),
    };
    if none {
        let remedy = "add `servers: [{ url: https://graph.microsoft.com/v1.0, description: ..., x-graph-cloud: global }]`";
        let place = servers.map_or_else(|| root.place(), |servers| servers.key_place());
        report.add(Rule::Server, place, "the file names no server", remedy);
    }
    let mut clouds: Vec<Cloud> = Vec::new();
    for server in items.into_iter().flatten().flatten() {
        let cloud = read_server(&server, &clouds, report);
        clouds.extend(cloud);
    }
    clouds
}

fn read_server(server: &Node<'_>, clouds: &[Cloud], report: &mut Report) -> Option<Cloud> {
    let url = server.get("url").filter(|url| url.as_text().is_some());
    if let Some(url) = &url {
        check_url(url, clouds, report);
    }
    let name = server.get("x-graph-cloud").filter(|name| name.as_text().is_some());
    if let Some(name) = &name {
        check_name(name, clouds, report);
    }
    Some(Cloud {
        name: name?.as_text()?.to_owned(),
        base_url: url?.as_text()?.to_owned(),
        description: server.text("description")?.trim().to_owned(),
    })
}

fn check_url(node: &Node<'_>, clouds: &[Cloud], report: &mut Report) {
    let url = node.as_text().unwrap_or_default();
    let mut fault =
        |message: String, remedy: String| report.add(Rule::Server, node.place(), message, remedy);
    let Some(rest) = url.strip_prefix("https://") else {
        let host = url.split_once("://").map_or(url, |(_, rest)| rest).trim_start_matches('/');
        return fault(format!("`{url}` is not an https URL"), format!("write `https://{host}`"));
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if rest.contains(['{', '}']) {
        fault(
            format!("`{url}` has a variable"),
            "write one server for each value of the variable".to_owned(),
        );
    } else if host.contains('@') {
        fault(
            format!("`{url}` has user information"),
            "remove what is in front of the `@`, and the `@`".to_owned(),
        );
    } else if rest.contains(['?', '#']) {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let without = url.get(..end).unwrap_or(url);
        fault(format!("`{url}` has a query or a fragment"), format!("write `{without}`"));
    } else if url.ends_with('/') {
        let without = url.trim_end_matches('/');
        fault(
            format!("`{url}` ends with a slash, and so would get two"),
            format!("write `{without}`"),
        );
    } else if !is_host(host) || !is_path(path) {
        fault(
            format!("`{url}` is not a URL that paths can be appended to"),
            "write a URL such as `https://graph.microsoft.com/v1.0`".to_owned(),
        );
    } else if let Some(other) = clouds.iter().find(|cloud| is_same(&cloud.base_url, url)) {
        fault(
            format!("the cloud `{}` has the same URL", other.name),
            "remove one of the two, or correct its URL".to_owned(),
        );
    }
}

fn is_host(authority: &str) -> bool {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    // A host that ends in a number is an address of four, or none at all.
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.chars().all(|c| c.is_ascii_digit());
    host.split('.').all(label)
        && (!numeric || host.parse::<Ipv4Addr>().is_ok())
        && port.parse::<NonZeroU16>().is_ok()
}

/// Whether two URLs are equal but for the case of their hosts.
fn is_same(a: &str, b: &str) -> bool {
    let host_and_path = |url: &str| {
        let rest = url.strip_prefix("https://").unwrap_or(url);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        (host.to_ascii_lowercase(), path.to_owned())
    };
    host_and_path(a) == host_and_path(b)
}

fn is_path(path: &str) -> bool {
    path.is_empty()
        || path.split('/').all(|segment| {
            !matches!(segment, "" | "." | "..")
                && segment.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
        })
}

fn check_name(node: &Node<'_>, clouds: &[Cloud], report: &mut Report) {
    let name = node.as_text().unwrap_or_default();
    let place = node.place();
    if !is_kebab_case(name) {
        let kebab = heck::ToKebabCase::to_kebab_case(name);
        let remedy = if is_kebab_case(&kebab) {
            format!("write `{kebab}`")
        } else {
            "write a name such as `us-l4`".to_owned()
        };
        report.add(Rule::Server, place, format!("`{name}` is not a name in kebab case"), remedy);
    } else if !is_identifier(&variant_name(name)) {
        let message = format!("`{name}` can't be turned into the name of a variant");
        report.add(Rule::Server, place, message, "write a name such as `us-l4`");
    } else if let Some(other) = clouds
        .iter()
        .find(|cloud| cloud.name != name && variant_name(&cloud.name) == variant_name(name))
    {
        report.add(
            Rule::Server,
            place,
            format!("`{name}` and `{}` would be the same variant", other.name),
            "make the names differ in more than hyphens",
        );
    } else if clouds.iter().any(|cloud| cloud.name == name) {
        report.add(
            Rule::Server,
            place,
            format!("another server is called `{name}` already"),
            "give each server a name of its own",
        );
    }
}
