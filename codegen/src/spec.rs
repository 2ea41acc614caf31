//! A spec as the generator reads it: its meaning and its text.

use openapiv3::OpenAPI;
use serde::Deserialize as _;
use serde_json::Value;

use crate::{api::Api, check, diagnostics::finding::Findings};

/// A spec that breaks no rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Its meaning.
    pub api: Api,
    /// Its text as OpenAPI.
    pub openapi: OpenAPI,
}

impl Spec {
    /// Reads and checks a spec as [`Api::read`] does.
    ///
    /// # Errors
    ///
    /// All its faults, at least one.
    pub fn read(spec_text: &str) -> Result<Self, Findings> {
        let (api, value) = check::read(spec_text)?;
        let openapi = OpenAPI::deserialize(value)
            .map_err(|cause| check::unreadable(spec_text, &format!(": {cause}")))?;
        Ok(Self { api, openapi })
    }

    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(&self.openapi).expect("OpenAPI is written as JSON")
    }
}
