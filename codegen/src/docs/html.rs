//! The reference as a single HTML file that opens from disk.

use openapiv3::OpenAPI;

use super::{
    Group, HEADER, Link, Row, groups, links, more, operations::account_kinds, responses, schemas,
    texts,
};
use crate::{
    Spec,
    api::{Api, Operation, Permission, Target},
    render::sentence,
};

/// No script, no font, no picture: what is not in the file is not needed.
const STYLE: &str = "\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top }
section { border-top: 2px solid #8886; margin-top: 2rem }
.method { font-weight: bold; padding: .1rem .5rem; border-radius: .3rem; color: #fff; background: #084 }
.PATCH { background: #a60 }
";

pub(super) fn reference(spec: &Spec) -> String {
    let Spec { api, openapi } = spec;
    let title = escape(&api.title);
    let mut html = format!(
        "<!DOCTYPE html>\n<!-- {HEADER} -->\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n<h1>{title}</h1>\n"
    );
    html += &introduction(api, openapi);
    html += &contents(api);
    html += &clouds(api);
    for group in groups(spec) {
        html += &part(spec, &group);
    }
    html += &table("Responses", &responses(spec));
    html += &table("Schemas", &schemas(spec));
    html += &schemes(api);
    html += "</html>\n";
    html
}

fn introduction(api: &Api, openapi: &OpenAPI) -> String {
    let mut html = paragraphs(openapi.info.description.as_deref().unwrap_or_default());
    html += &format!(
        "<p>Version {}. Every request carries <code>Content-Type: {}</code> and has at most {} \
         bytes in all: request line, headers and photo.</p>\n",
        escape(&api.version),
        escape(&api.media_type),
        api.max_request_bytes
    );
    for link in links(openapi) {
        html += &paragraph(&link);
    }
    html
}

fn contents(api: &Api) -> String {
    let mut html = String::from("<table>\n<tr><th>operation<th>request\n");
    for (target, operation) in api.operations() {
        let (id, request) = (escape(&operation.id), request(target, operation));
        html += &format!("<tr><td><a href=\"#{id}\">{id}</a><td>{request}\n");
    }
    html + "</table>\n"
}

fn clouds(api: &Api) -> String {
    let mut html =
        String::from("<section>\n<h2>Clouds</h2>\n<table>\n<tr><th>name<th>base URL<th>\n");
    for cloud in &api.clouds {
        html += &format!(
            "<tr><td><code>{}</code><td><code>{}</code><td>{}\n",
            escape(&cloud.name),
            escape(&cloud.base_url),
            escape(&cloud.description)
        );
    }
    html + "</table>\n</section>\n"
}

/// A group of operations.
fn part(spec: &Spec, group: &Group<'_>) -> String {
    let mut html = format!("<h2>{}</h2>\n{}", escape(group.name), paragraphs(group.text));
    if let Some(link) = &group.more {
        html += &paragraph(link);
    }
    for (target, operation) in &group.operations {
        html += &section(spec, target, operation);
    }
    html
}

fn section(spec: &Spec, target: &Target, operation: &Operation) -> String {
    let api = &spec.api;
    let mut html = format!(
        "<section id=\"{id}\">\n<h3>{id}</h3>\n<p>{}</p>\n<p>{}</p>\n",
        request(target, operation),
        escape(&sentence(&operation.summary)),
        id = escape(&operation.id),
    );
    for text in texts(spec, target, operation) {
        html += &paragraphs(text);
    }
    if let Some(link) = more(spec, target, operation) {
        html += &paragraph(&link);
    }
    let identifiers: Vec<Row<'_>> = target
        .parameters()
        .filter_map(|name| api.identifiers.iter().find(|identifier| identifier.name == name))
        .map(|identifier| Row { name: identifier.name.clone(), text: &identifier.description })
        .collect();
    if !identifiers.is_empty() {
        html += &rows(&identifiers);
    }
    html += "<table>\n<tr><th>any one permission of a type, least privileged first<th>type<th>condition<th>source\n";
    for permission in &operation.permissions {
        html += &permission_row(api, permission);
    }
    html + &format!("</table>\n<p>Accounts: {}.</p>\n</section>\n", account_kinds(operation))
}

fn permission_row(api: &Api, permission: &Permission) -> String {
    let condition = permission.condition.map_or("", |condition| condition.description());
    let source = api.sources.iter().find(|source| source.key == permission.source);
    format!(
        "<tr><td><code>{}</code><td>{}<td>{condition}<td>{}\n",
        escape(&permission.scope),
        permission.permission_type,
        source.map_or_else(String::new, |source| link(&source.url, &source.title)),
    )
}

fn schemes(api: &Api) -> String {
    let mut html = String::new();
    for scheme in &api.schemes {
        html += &format!(
            "<section>\n<h2>Permissions of the type {}</h2>\n<p>{}</p>\n",
            scheme.permission_type,
            escape(&scheme.description)
        );
        html += "<table>\n<tr><th>permission<th>allows to<th>id\n";
        for scope in &scheme.scopes {
            html += &format!(
                "<tr><td><code>{}</code><td>{}<td><code>{}</code>\n",
                escape(&scope.name),
                escape(&scope.description),
                escape(&scope.id)
            );
        }
        html += "</table>\n</section>\n";
    }
    html
}

fn request(target: &Target, operation: &Operation) -> String {
    let method = operation.method.as_str();
    let path = escape(&target.path_template());
    format!("<span class=\"method {method}\">{method}</span> <code>{path}</code>")
}

fn table(title: &str, content: &[Row<'_>]) -> String {
    format!("<section>\n<h2>{}</h2>\n{}</section>\n", escape(title), rows(content))
}

fn rows(rows: &[Row<'_>]) -> String {
    let mut html = String::from("<table>\n");
    for row in rows {
        html += &format!("<tr><td><code>{}</code><td>{}\n", escape(&row.name), escape(row.text));
    }
    html + "</table>\n"
}

fn paragraphs(text: &str) -> String {
    let paragraphs = text.trim().split("\n\n").filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>\n", escape(paragraph))).collect()
}

/// A paragraph with a link.
fn paragraph(reference: &Link<'_>) -> String {
    let text = match reference.url {
        Some(url) => link(url, reference.text),
        None => escape(reference.text),
    };
    format!("<p>{}: {text}</p>\n", reference.label)
}

fn link(url: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(url), escape(text))
}

/// Text as HTML, safe between tags and in quoted attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
