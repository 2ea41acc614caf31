//! The deployments of Microsoft Graph.

use std::{error::Error, fmt, str::FromStr};

use crate::{Cloud, display::Printable};

/// What the spec says of a cloud.
pub(crate) struct CloudDetails {
    pub(crate) name: &'static str,
    pub(crate) base_url: &'static str,
}

impl Cloud {
    /// The name a caller selects the cloud by, such as `us-l4`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.details().name
    }

    /// The URL that the paths of operations are appended to.
    #[must_use]
    pub const fn base_url(self) -> &'static str {
        self.details().base_url
    }

    /// The scope to request a token with: everything that the app has been
    /// granted on this cloud's Graph.
    #[must_use]
    pub fn token_scope(self) -> String {
        format!("{}/.default", self.origin())
    }

    /// Scheme and host: the `aud` claim of the tokens that this cloud accepts.
    #[must_use]
    pub fn origin(self) -> &'static str {
        let url = self.base_url();
        let host = url.find("://").map_or(0, |scheme| scheme + "://".len());
        let end = url[host..].find('/').map_or(url.len(), |path| host + path);
        &url[..end]
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
        Self::ALL
            .iter()
            .copied()
            .find(|cloud| cloud.name() == name)
            .ok_or_else(|| UnknownCloud { name: name.to_owned() })
    }
}

/// A name that no cloud has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCloud {
    name: String,
}

impl fmt::Display for UnknownCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Cloud::ALL.iter().map(|cloud| cloud.name()).collect();
        write!(f, "no cloud is named `{}`; there are {}", Printable(&self.name), names.join(", "))
    }
}

impl Error for UnknownCloud {}
