//! Which deployment of Graph to call, for which target.

use std::time::Duration;

use graph_photo_client::{ClientBuilder, Cloud, GraphPhotoClient, PhotoTarget, RetryPolicy};

use crate::{
    args::ConnectionArgs,
    failure::{Failure, FailureKind},
    target, token,
};

/// A target, and the cloud to find it in.
pub(crate) struct Place {
    pub(crate) target: PhotoTarget,
    pub(crate) cloud: Cloud,
}

impl ConnectionArgs {
    /// Reads a target: a resource path, a Graph URL, a URL below `--base-url`, or a user's
    /// address or id.
    pub(crate) fn place(&self, text: &str) -> Result<Place, Failure> {
        let path = self.base_url.as_deref().and_then(|base| strip_base_url(text, base));
        let user = target::user_path(text);
        let target: PhotoTarget = path.or(user.as_deref()).unwrap_or(text).parse()?;
        let named = if path.is_some() { None } else { Cloud::of_url(text) };
        Ok(Place { target, cloud: self.cloud(named)? })
    }

    /// Reads a target to upload to, which a template such as `/users/{userId}` is not.
    pub(crate) fn place_to_call(&self, text: &str) -> Result<Place, Failure> {
        let place = self.place(text)?;
        match target::mistake(&place.target) {
            Some(problem) => Err(Failure::Refused(FailureKind::InvalidTarget, problem)),
            None => Ok(place),
        }
    }

    /// Refuses `--auth`, which this build lacks.
    #[cfg(not(feature = "azure"))]
    pub(crate) fn refuse_sign_in(&self) -> Result<(), Failure> {
        if self.auth.is_none() {
            return Ok(());
        }
        Err(Failure::arguments(
            "this build of graph-photo cannot sign in, so it has no --auth; install one that can, \
             from a checkout with `cargo install --path generated-client/cli`, or set \
             GRAPH_ACCESS_TOKEN",
        ))
    }

    /// The one cloud that target and options name: a secret must not reach the sign-in
    /// service of another one. The base URL of a proxy, say, names none.
    pub(crate) fn cloud(&self, of_target: Option<Cloud>) -> Result<Cloud, Failure> {
        let mut named = [
            ("the target is a URL of", of_target),
            ("--cloud names", self.cloud),
            ("--base-url names", self.base_url.as_deref().and_then(Cloud::of_url)),
        ]
        .into_iter()
        .filter_map(|(words, cloud)| Some((words, cloud?)));
        let Some((words, cloud)) = named.next() else { return Ok(Cloud::default()) };
        match named.find(|(_, other)| *other != cloud) {
            None => Ok(cloud),
            Some((others, other)) => Err(Failure::arguments(format!(
                "{words} the cloud `{cloud}`, but {others} `{other}`"
            ))),
        }
    }

    /// When to retry an upload.
    pub(crate) fn retry_policy(&self) -> RetryPolicy {
        let policy = RetryPolicy::default();
        self.max_retries.map_or(policy, |retries| policy.with_max_retries(retries))
    }

    /// A client for a cloud, or for `--base-url` with tokens of that cloud.
    pub(crate) async fn client(&self, cloud: Cloud) -> Result<GraphPhotoClient, Failure> {
        let tokens = token::shared(self, cloud).await?;
        Ok(self.builder(cloud).retry_policy(self.retry_policy()).token_provider(tokens).build()?)
    }

    /// What a client is made with, but for its retries and its tokens.
    pub(crate) fn builder(&self, cloud: Cloud) -> ClientBuilder {
        let mut builder = GraphPhotoClient::builder().cloud(cloud);
        if let Some(url) = &self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(seconds) = self.timeout {
            builder = builder.attempt_timeout(Duration::from_secs(seconds.into()));
        }
        builder
    }

    /// The URL that paths are appended to.
    pub(crate) fn base_url(&self, cloud: Cloud) -> &str {
        self.base_url.as_deref().unwrap_or(cloud.base_url()).trim_end_matches('/')
    }
}

/// What a URL adds to a base URL.
fn strip_base_url<'a>(text: &'a str, base: &str) -> Option<&'a str> {
    let base = base.trim_end_matches('/');
    let (start, path) = text.split_at_checked(base.len())?;
    (start.eq_ignore_ascii_case(base) && path.starts_with('/')).then_some(path)
}
