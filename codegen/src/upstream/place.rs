//! Where in the spec something is said.

use crate::{
    api::{Method, Operation, Permission, Target},
    permissions::PERMISSIONS_KEY,
    upstream::DIFFERENCES_KEY,
    yaml::document::{Document, Node},
};

/// Finds lines of a spec that breaks no rule.
pub(super) struct Places<'t>(Option<Document<'t>>);

impl<'t> Places<'t> {
    pub(super) fn new(spec_text: &'t str) -> Self {
        Self(Document::read(spec_text).0)
    }

    pub(super) fn paths(&self) -> usize {
        self.line(&["paths"])
    }

    pub(super) fn path(&self, target: &Target) -> usize {
        self.line(&["paths", &target.path_template()])
    }

    pub(super) fn method(&self, target: &Target, method: Method) -> usize {
        self.line(&["paths", &target.path_template(), method.key()])
    }

    /// A member of an operation's permission metadata.
    pub(super) fn metadata(&self, target: &Target, operation: &Operation, key: &str) -> usize {
        let path = target.path_template();
        self.line(&["paths", &path, operation.method.key(), PERMISSIONS_KEY, key])
    }

    /// The first of an operation's permissions that `wanted` takes.
    pub(super) fn permission(
        &self,
        target: &Target,
        operation: &Operation,
        wanted: impl Fn(&Permission) -> bool,
    ) -> usize {
        let index = operation.permissions.iter().position(wanted).unwrap_or_default().to_string();
        let path = target.path_template();
        let list = "leastPrivilegedFirst";
        self.line(&["paths", &path, operation.method.key(), PERMISSIONS_KEY, list, &index])
    }

    /// The recorded difference of this index.
    pub(super) fn recorded(&self, index: usize) -> usize {
        self.line(&[DIFFERENCES_KEY, &index.to_string()])
    }

    /// The line of the last of these keys that is there, or of the file's beginning.
    fn line(&self, keys: &[&str]) -> usize {
        let Some(document) = &self.0 else { return 1 };
        let mut node = document.root();
        for key in keys {
            match child(&node, key) {
                Some(next) => node = next,
                None => break,
            }
        }
        document.line(&node.key_place())
    }
}

fn child<'a>(node: &Node<'a>, key: &str) -> Option<Node<'a>> {
    match node.items() {
        Some(items) => items.into_iter().nth(key.parse().ok()?),
        None => node.get(key),
    }
}
