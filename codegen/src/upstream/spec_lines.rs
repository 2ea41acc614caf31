//! The lines of the spec at which there is something to change.

use crate::{
    api::{Operation, Target, permissions::PERMISSIONS_KEY},
    yaml::document::{Document, Node},
};

/// Finds lines of a spec that breaks no rule.
pub(super) struct Lines<'t>(Option<Document<'t>>);

impl<'t> Lines<'t> {
    pub(super) fn of(spec_text: &'t str) -> Self {
        Self(Document::read(spec_text).0)
    }

    /// A part of an operation's permission metadata.
    pub(super) fn metadata(&self, target: &Target, operation: &Operation, keys: &[&str]) -> usize {
        let path = target.path_template();
        let start = ["paths", &path, operation.method.key(), PERMISSIONS_KEY];
        self.line(&[&start, keys].concat())
    }

    /// The line of the last of these keys that is there, or of the file's beginning.
    pub(super) fn line(&self, keys: &[&str]) -> usize {
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
