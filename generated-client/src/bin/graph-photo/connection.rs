//! Which Graph to call, and what of it.

use std::time::Duration;

use graph_photo_client::{Cloud, GraphPhotoClient, PhotoTarget, RetryPolicy};

use crate::{args::ConnectionArgs, failure::Failure, token};

/// A target, and the cloud that it is to be found in.
pub(crate) struct Place {
    pub(crate) target: PhotoTarget,
    pub(crate) cloud: Cloud,
}

impl ConnectionArgs {
    /// Reads a target: a resource path, a Graph URL, or a URL below `--base-url`.
    pub(crate) fn place(&self, text: &str) -> Result<Place, Failure> {
        let path = self.base_url.as_deref().and_then(|base| strip_base_url(text, base));
        let target: PhotoTarget = path.unwrap_or(text).parse()?;
        let named = if path.is_some() { None } else { cloud_of(text) };
        match (self.cloud, named) {
            (Some(chosen), Some(named)) if chosen != named => Err(Failure::Arguments(format!(
                "the target is a URL of the cloud `{named}`, but --cloud says `{chosen}`"
            ))),
            (chosen, named) => Ok(Place { target, cloud: chosen.or(named).unwrap_or_default() }),
        }
    }

    /// A client for a cloud, or for `--base-url` with the tokens of that cloud.
    pub(crate) fn client(&self, cloud: Cloud) -> Result<GraphPhotoClient, Failure> {
        let mut builder = GraphPhotoClient::builder().cloud(cloud);
        if let Some(url) = &self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(retries) = self.max_retries {
            builder = builder.retry_policy(RetryPolicy::default().with_max_retries(retries));
        }
        if let Some(seconds) = self.timeout {
            builder = builder.attempt_timeout(Duration::from_secs(seconds.into()));
        }
        Ok(token::provide(builder, self, cloud)?.build()?)
    }
}

/// What a URL adds to a base URL.
fn strip_base_url<'a>(text: &'a str, base: &str) -> Option<&'a str> {
    let base = base.trim_end_matches('/');
    let (start, path) = text.split_at_checked(base.len())?;
    (start.eq_ignore_ascii_case(base) && path.starts_with('/')).then_some(path)
}

/// The cloud that a Graph URL belongs to.
fn cloud_of(text: &str) -> Option<Cloud> {
    Cloud::ALL.iter().copied().find(|cloud| {
        let base = cloud.base_url();
        text.get(..base.len()).is_some_and(|start| start.eq_ignore_ascii_case(base))
    })
}
