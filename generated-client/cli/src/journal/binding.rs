//! The source and tenant that a journal belongs to.

use std::collections::HashMap;

use graph_photo_client::Printable;

use crate::failure::Failure;

/// The source and tenant that a journal belongs to, as in its table `meta`.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    pub(crate) base_url: String,
    /// The token's tenant, if the token names it.
    pub(crate) tenant: Option<String>,
    /// The absolute path of the source, or `-`.
    pub(crate) source: String,
    /// The base folder of relative file paths.
    pub(crate) photos: String,
    pub(crate) shard: String,
}

const BASE_URL: &str = "base_url";
const TENANT: &str = "tenant";

impl Binding {
    /// Refuses a journal of another Graph or tenant: a target that is unchanged there may have
    /// a different photo here, or none.
    ///
    /// # Errors
    ///
    /// [`Failure`] with both values.
    pub(crate) fn check(&self, meta: &HashMap<String, String>) -> Result<(), Failure> {
        let own = [(BASE_URL, Some(&self.base_url)), (TENANT, self.tenant.as_ref())];
        let words = ["base URL", "tenant"];
        for ((key, own), word) in own.into_iter().zip(words) {
            if let (Some(other), Some(own)) = (meta.get(key), own)
                && !other.eq_ignore_ascii_case(own)
            {
                return Err(Failure::arguments(format!(
                    "the journal is one of the {word} `{}`, but this run is for `{}`; name \
                     another file with --journal",
                    Printable(other),
                    Printable(own)
                )));
            }
        }
        Ok(())
    }

    /// The rows of `meta` that each run rewrites.
    pub(super) fn rows(&self) -> Vec<(&'static str, &str)> {
        let mut rows = vec![
            (BASE_URL, self.base_url.as_str()),
            ("source", &self.source),
            ("photos", &self.photos),
            ("shard", &self.shard),
        ];
        rows.extend(self.tenant.as_deref().map(|tenant| (TENANT, tenant)));
        rows
    }
}
