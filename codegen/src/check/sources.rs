//! Sources: the documents that statements about permissions refer to.

use super::{expect::keys, members::Object};
use crate::{api::Source, diagnostics::rule::Rule, names::is_kebab_case, yaml::document::Node};

const KEY: &str = "x-graph-sources";

const RULE: Rule = Rule::PermissionSource;

pub(super) fn read(root: &Node<'_>) -> Vec<Source> {
    let example = "{ original-page: { title: ..., url: https://... } }";
    let sources = root.require(RULE, Object::Root, KEY, example);
    let entries = sources.map(|sources| sources.entries()).unwrap_or_default();
    entries.iter().filter_map(|(key, source)| read_source(key, source)).collect()
}

fn read_source(key: &str, source: &Node<'_>) -> Option<Source> {
    if !is_kebab_case(key) {
        let message = format!("`{key}` is not a name in kebab case");
        source.key_fault(RULE, message, "write a name such as `original-page`");
    }
    let (title, node) = (source.text("title")?, source.get("url")?);
    let url = node.as_text()?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"`\\".contains(c);
    if !url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain))
    {
        let remedy = "write the address of the document, beginning with `https://`";
        node.fault(RULE, format!("`{url}` is not an https URL"), remedy);
    }
    Some(Source { key: key.to_owned(), title: title.to_owned(), url: url.to_owned() })
}

/// Whether the key in `node` is that of a source; reports an unknown one as a fault by `rule`.
pub(super) fn is_known(node: &Node<'_>, rule: Rule) -> bool {
    let Some(key) = node.as_text() else { return false };
    // A missing or faulty list of sources has a finding already.
    let Some(sources) = node.root().get(KEY) else { return true };
    let (known, message) = (sources.entries(), "`x-graph-sources` has no source");
    node.is_known(rule, key, &keys(&known), message, "add it to `x-graph-sources`")
}
