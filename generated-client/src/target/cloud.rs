//! The deployments of Microsoft Graph.

use std::{error::Error, fmt, str::FromStr};

use reqwest::Url;

use crate::{display::Printable, generated::cloud::Cloud};

impl Cloud {
    /// The scope of a token with everything that the app has been granted in this cloud.
    pub fn token_scope(self) -> String {
        format!("{}/.default", self.origin())
    }

    /// Scheme and host: the `aud` claim of tokens for this cloud.
    pub fn origin(self) -> &'static str {
        self.split_base_url().0
    }

    /// The origin and the path of the base URL.
    pub(crate) fn split_base_url(self) -> (&'static str, &'static str) {
        let url = self.base_url();
        let host = url.find("://").map_or(0, |scheme| scheme + "://".len());
        url.split_at(url[host..].find('/').map_or(url.len(), |path| host + path))
    }

    /// The cloud that a URL belongs to, whatever its path.
    pub fn of_url(url: &str) -> Option<Self> {
        let origin = Url::parse(url).ok()?.origin().ascii_serialization();
        Self::ALL.iter().copied().find(|cloud| cloud.origin() == origin)
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parses the [name](Cloud::name) of a cloud.
impl FromStr for Cloud {
    type Err = UnknownCloud;

    fn from_str(name: &str) -> Result<Self, UnknownCloud> {
        let mut clouds = Self::ALL.iter().copied();
        clouds.find(|cloud| cloud.name() == name).ok_or_else(|| UnknownCloud(name.to_owned()))
    }
}

/// The name of no cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCloud(String);

impl fmt::Display for UnknownCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Cloud::ALL.iter().map(|cloud| cloud.name()).collect();
        write!(f, "no cloud is named `{}`; there are {}", Printable(&self.0), names.join(", "))
    }
}

impl Error for UnknownCloud {}
