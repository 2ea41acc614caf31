//! Completeness: whatever the file lists was read. A rule that leaves an element out
//! says why; this is the net below all of them.

use crate::{
    api::{Api, Method, permissions::PERMISSIONS_KEY},
    diagnostics::{report::Report, rule::Rule},
    yaml::document::Node,
};

/// Reports each section of the file that has more elements than were read.
pub(super) fn check(root: &Node<'_>, api: &Api, report: &mut Report) {
    let section = |owner: &Node<'_>, keys: &[&str], read: usize, report: &mut Report| {
        let node = keys.iter().try_fold(owner.clone(), |node, key| node.get(key));
        let written = |node: &Node<'_>| node.items().map_or(node.entries().len(), |all| all.len());
        if let Some(node) = node.filter(|node| written(node) != read) {
            let message = format!("a part of {} can't be read", node.name());
            let remedy = "compare it with the examples in spec/README.md";
            report.add(Rule::OpenapiStructure, node.key_place(), message, remedy);
        }
    };
    section(root, &["servers"], api.clouds.len(), report);
    section(root, &["x-graph-sources"], api.sources.len(), report);
    section(root, &["components", "securitySchemes"], api.schemes.len(), report);
    for (path, item) in root.get("paths").iter().flat_map(Node::entries) {
        for method in Method::ALL {
            let mut operations = api.operations();
            let operation = operations.find(|(target, operation)| {
                operation.method == method && target.path_template() == path
            });
            let read = operation.map_or(0, |(_, operation)| operation.permissions.len());
            section(&item, &[method.key(), "security"], read, report);
            let grants = [method.key(), PERMISSIONS_KEY, "leastPrivilegedFirst"];
            section(&item, &grants, read, report);
        }
    }
}
