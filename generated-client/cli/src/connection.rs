//! Which Graph to call, and what of it.

use std::time::Duration;

use graph_photo_client::{Cloud, GraphPhotoClient, PhotoTarget, RetryPolicy};
use reqwest::Url;

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
        Ok(Place { target, cloud: self.cloud(named)? })
    }

    /// The one cloud that all of it names: a secret must not be sent to another one's
    /// sign-in service. A base URL of no cloud, such as that of a proxy, names none.
    fn cloud(&self, of_target: Option<Cloud>) -> Result<Cloud, Failure> {
        let of_base_url = self.base_url.as_deref().and_then(cloud_of);
        let mut named = [
            ("the target is a URL of", of_target),
            ("--cloud names", self.cloud),
            ("--base-url is that of", of_base_url),
        ]
        .into_iter()
        .filter_map(|(words, cloud)| Some((words, cloud?)));
        let Some((words, cloud)) = named.next() else {
            return Ok(Cloud::default());
        };
        match named.find(|(_, other)| *other != cloud) {
            Some((others, other)) => Err(Failure::Arguments(format!(
                "{words} the cloud `{cloud}`, but {others} `{other}`"
            ))),
            None => Ok(cloud),
        }
    }

    /// A client for a cloud, or for `--base-url` with the tokens of that cloud.
    pub(crate) async fn client(&self, cloud: Cloud) -> Result<GraphPhotoClient, Failure> {
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
        Ok(token::provide(builder, self, cloud).await?.build()?)
    }
}

/// What a URL adds to a base URL.
fn strip_base_url<'a>(text: &'a str, base: &str) -> Option<&'a str> {
    let base = base.trim_end_matches('/');
    let (start, path) = text.split_at_checked(base.len())?;
    (start.eq_ignore_ascii_case(base) && path.starts_with('/')).then_some(path)
}

/// The cloud that a URL belongs to, whatever its path.
fn cloud_of(text: &str) -> Option<Cloud> {
    let origin = Url::parse(text).ok()?.origin().ascii_serialization();
    Cloud::ALL.iter().copied().find(|cloud| cloud.origin() == origin)
}
