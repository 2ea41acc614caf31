//! Tags: the groups that operations are listed in.

use super::expect::{distinct, keys};
use crate::{diagnostics::rule::Rule, yaml::document::Node};

pub(super) fn check_declared(root: &Node<'_>) {
    let names = declared(root).into_iter().map(|(name, node)| (format!("the tag `{name}`"), node));
    distinct(Rule::Tag, names);
}

pub(super) fn check_used(operation: &Node<'_>) {
    let known = declared(&operation.root());
    for (name, tag) in operation.texts("tags") {
        let otherwise = "add it to the `tags` of the file";
        tag.is_known(Rule::Tag, name, &keys(&known), "there is no tag", otherwise);
    }
}

fn declared<'a>(root: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let names = root.list("tags").into_iter().filter_map(|tag| tag.get("name"));
    names.filter_map(Node::with_text).collect()
}
