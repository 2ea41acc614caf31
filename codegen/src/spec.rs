//! A spec as the generator reads it: what it means, and what it says.

use openapiv3::OpenAPI;
use serde::Deserialize as _;

use crate::{api::Api, check, finding::Findings};

/// A spec that breaks no rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// What it means.
    pub api: Api,
    /// What it says.
    pub openapi: OpenAPI,
}

impl Spec {
    /// Reads the text of an OpenAPI file and holds it against every rule.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at least one finding.
    pub fn read(spec_text: &str) -> Result<Self, Findings> {
        check::read(spec_text, |api, root| match OpenAPI::deserialize(root.value()) {
            Ok(openapi) => Ok(Self { api, openapi }),
            Err(cause) => Err(format!(": {cause}")),
        })
    }
}
