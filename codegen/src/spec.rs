//! A spec as the generator reads it: what it means, and what it says.

use openapiv3::OpenAPI;
use serde::Deserialize as _;

use crate::{api::Api, check, diagnostics::finding::Findings};

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
        let (api, value) = check::read(spec_text)?;
        let openapi = OpenAPI::deserialize(value)
            .map_err(|cause| check::unreadable(spec_text, &format!(": {cause}")))?;
        Ok(Self { api, openapi })
    }
}
