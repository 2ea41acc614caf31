//! Documents about the API for people, rendered beside the code from the same spec.

pub(crate) mod markdown;
mod operations;
mod permissions;

use serde_json::Value;

use crate::api::Api;

/// A document about the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The name of its file, such as `PERMISSIONS.md`.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

pub(crate) fn documents(api: &Api, openapi: &Value) -> Vec<Document> {
    let operations = operations::operations(api, openapi);
    let permissions = permissions::permissions(api);
    let documents = [("OPERATIONS.md", operations), ("PERMISSIONS.md", permissions)];
    documents.map(|(name, text)| Document { name, text: HEADER.to_owned() + &text }).into()
}

/// The comment at the beginning of each document.
const HEADER: &str = "<!-- Generated from spec/openapi.yaml. Do not edit: change the spec and run \
                      `cargo xtask regenerate`. -->\n\n";
