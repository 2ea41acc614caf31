//! Sources: the documents that statements about permissions refer to.

use super::{
    names::{instead_or, is_kebab_case},
    report::Report,
    tables::ROOT,
};
use crate::{api::Source, document::Node, rule::Rule};

/// The key of the extension at the top level.
const KEY: &str = "x-graph-sources";

/// The sources; those that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, report: &mut Report) -> Vec<Source> {
    if ROOT.lacks(root, KEY) {
        let remedy =
            format!("add `{KEY}: {{ original-page: {{ title: ..., url: https://... }} }}`");
        report.add(
            Rule::PermissionSource,
            root.place(),
            "the file names no source for its permissions",
            remedy,
        );
    }
    let Some(sources) = root.mapping(KEY) else {
        return Vec::new();
    };
    sources
        .entries()
        .into_iter()
        .filter_map(|(key, source)| read_source(key, &source, report))
        .collect()
}

/// Whether a source has the key that `node` holds, which is reported if not.
pub(super) fn check_key(
    node: &Node<'_>,
    sources: &[Source],
    rule: Rule,
    report: &mut Report,
) -> bool {
    let Some(key) = node.as_text() else {
        return false;
    };
    // A source that is defined with a fault has a finding of its own.
    let defined = node.document().root().get(KEY);
    if defined.is_none_or(|defined| defined.has(key)) {
        return true;
    }
    let message = format!("`{KEY}` has no source `{key}`");
    let known = sources.iter().map(|source| source.key.as_str());
    let remedy = instead_or(key, known, &format!("add it to `{KEY}`"));
    report.add_grouped(rule, (node.place(), node.document()), message, remedy);
    false
}

fn read_source(key: &str, source: &Node<'_>, report: &mut Report) -> Option<Source> {
    if !is_kebab_case(key) {
        let message = format!("`{key}` is not a name in kebab case");
        report.add(
            Rule::PermissionSource,
            source.key_place(),
            message,
            "write a name such as `original-page`",
        );
    }
    let title = source.text("title")?;
    let url = source.text("url")?;
    let plain =
        !url.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"`\\".contains(c));
    if !plain || url.strip_prefix("https://").is_none_or(str::is_empty) {
        let message = format!("`{url}` is not an https URL");
        report.add(
            Rule::PermissionSource,
            source.get("url")?.place(),
            message,
            "write the address of the document, beginning with `https://`",
        );
    }
    Some(Source { key: key.to_owned(), title: title.to_owned(), url: url.to_owned() })
}
