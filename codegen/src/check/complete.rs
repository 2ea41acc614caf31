//! Completeness: whatever the file lists was read. A rule that leaves an element out
//! says why; this is the net below all of them.

use crate::{
    api::{Api, Method, Target, permissions::PERMISSIONS_KEY},
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

/// Reports each section of the file that has more elements than were read.
pub(super) fn check(root: &Node<'_>, api: &Api, report: &mut Report) {
    section(root, &["servers"], api.clouds.len(), report);
    section(root, &["x-graph-sources"], api.sources.len(), report);
    section(root, &["components", "securitySchemes"], api.schemes.len(), report);
    let paths = root.get("paths");
    let paths = paths.iter().flat_map(Node::entries).filter(|(path, _)| path.starts_with('/'));
    for (path, item) in paths {
        let target = api.targets.iter().find(|target| target.path_template() == path);
        check_operations(&item, target, report);
    }
}

fn check_operations(item: &Node<'_>, target: Option<&Target>, report: &mut Report) {
    let mut operations = target.into_iter().flat_map(|target| &target.operations);
    for method in Method::ALL {
        let Some(node) = item.get(method.key()) else { continue };
        let operation = operations.clone().find(|operation| operation.method == method);
        let permissions = operation.map_or(0, |operation| operation.permissions.len());
        section(&node, &["security"], permissions, report);
        section(&node, &[PERMISSIONS_KEY, "leastPrivilegedFirst"], permissions, report);
    }
    if operations.next().is_none() {
        missing(item, report);
    }
}

/// Compares the number of elements at the end of the way `keys` with `read`.
fn section(owner: &Node<'_>, keys: &[&str], read: usize, report: &mut Report) {
    let node = keys.iter().try_fold(owner.clone(), |node, key| node.get(key));
    let Some(node) = node else { return };
    let written = node.items().map_or_else(|| node.entries().len(), |items| items.len());
    if written != read {
        missing(&node, report);
    }
}

fn missing(node: &Node<'_>, report: &mut Report) {
    let message = format!("a part of {} can't be read", node.name());
    let remedy = "compare it with the examples in spec/README.md";
    report.add(Rule::OpenapiStructure, node.key_place(), message, remedy);
}
