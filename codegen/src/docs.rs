//! Documents about the API for people: rendered beside the code, from the same spec.

pub(crate) mod markdown;
mod openapi;
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

/// All documents, in the order of their names.
pub(crate) fn documents(api: &Api, openapi: &Value) -> Vec<Document> {
    let operations = operations::operations(api, openapi);
    let permissions = permissions::permissions(api);
    vec![
        Document { name: "OPERATIONS.md", text: with_header(&operations) },
        Document { name: "PERMISSIONS.md", text: with_header(&permissions) },
    ]
}

/// A document under the comment that says where it comes from.
fn with_header(text: &str) -> String {
    format!(
        "<!-- Generated from spec/openapi.yaml. Do not edit: change the spec and run \
         `cargo xtask regenerate`. -->\n\n{text}"
    )
}
