//! Sources: the documents that statements about permissions refer to.

use super::{expect::keys, members::Object};
use crate::{
    api::Source,
    diagnostics::{report::Report, rule::Rule},
    names::is_kebab_case,
    yaml::document::Node,
};

/// The key of the extension at the top level.
const KEY: &str = "x-graph-sources";

const RULE: Rule = Rule::PermissionSource;

/// The sources; those that a finding is about may be left out.
pub(super) fn read(root: &Node<'_>, report: &mut Report) -> Vec<Source> {
    let example = "{ original-page: { title: ..., url: https://... } }";
    let sources = report.require(RULE, (root, Object::Root), KEY, example);
    let entries = sources.map(|sources| sources.entries()).unwrap_or_default();
    entries.iter().filter_map(|(key, source)| read_source(key, source, report)).collect()
}

fn read_source(key: &str, source: &Node<'_>, report: &mut Report) -> Option<Source> {
    if !is_kebab_case(key) {
        let message = format!("`{key}` is not a name in kebab case");
        report.add(RULE, source.key_place(), message, "write a name such as `original-page`");
    }
    let (title, node) = (source.text("title")?, source.get("url")?);
    let url = node.as_text()?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"`\\".contains(c);
    if !url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain))
    {
        let remedy = "write the address of the document, beginning with `https://`";
        report.add(RULE, node.place(), format!("`{url}` is not an https URL"), remedy);
    }
    Some(Source { key: key.to_owned(), title: title.to_owned(), url: url.to_owned() })
}

/// Whether there is a source with the key that `node` holds; if not, reports it as a
/// fault by `rule`.
pub(super) fn is_known(node: &Node<'_>, rule: Rule, report: &mut Report) -> bool {
    let Some(key) = node.as_text() else { return false };
    // Without any source, or with a faulty one, a finding says that already.
    let Some(sources) = node.document().root().get(KEY) else { return true };
    let message = "`x-graph-sources` has no source";
    let otherwise = "add it to `x-graph-sources`";
    report.known(rule, (key, node), &keys(&sources.entries()), message, otherwise)
}
