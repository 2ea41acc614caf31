//! Microsoft's file: which permission allows which method of which path.

use std::{collections::BTreeMap, error::Error, fmt};

use serde::Deserialize;

use crate::api::PHOTO_SUFFIX;

/// The photo of a resource, as upstream's paths end.
const PHOTO: &str = "/photo";

/// What ends the spec's paths after it, and may end upstream's.
const VALUE: &str = "/$value";

/// The data of `permissions.json` that is about photos.
///
/// Its form is that of the public repository microsoftgraph/microsoft-graph-devx-content.
/// Members that are not needed here may be missing, or be unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// The names of all permissions, those that no photo needs included.
    pub(super) permissions: Vec<String>,
    pub(super) uses: Vec<Use>,
}

/// One permission that allows one method of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    /// The path as the spec would write it.
    pub(super) path: String,
    /// The path as [`form_of`] makes it comparable.
    pub(super) form: String,
    /// In capitals.
    pub(super) method: String,
    /// Upstream's name of the scheme, such as `DelegatedWork`.
    pub(super) scheme: String,
    pub(super) permission: String,
    /// Whether it is the least privileged of the scheme.
    pub(super) least: bool,
}

/// A text is not Microsoft's permission data.
#[derive(Debug)]
pub struct UpstreamError(String);

impl UpstreamError {
    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for UpstreamError {}

#[derive(Deserialize)]
struct File {
    permissions: BTreeMap<String, Permission>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Permission {
    path_sets: Vec<PathSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PathSet {
    scheme_keys: Vec<String>,
    methods: Vec<String>,
    /// Each with its attributes, such as `least=DelegatedWork,Application`.
    paths: BTreeMap<String, String>,
}

impl Upstream {
    /// Reads the text of `permissions.json`.
    ///
    /// # Errors
    ///
    /// If it isn't JSON, hasn't the form of that file, or names no permission.
    pub fn read(text: &str) -> Result<Self, UpstreamError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let file: File = serde_json::from_str(text).map_err(|error| {
            let what = if error.is_data() {
                "in the form of Microsoft's permissions.json"
            } else {
                "JSON"
            };
            UpstreamError::new(format!("it is not {what}: {error}"))
        })?;
        if file.permissions.is_empty() {
            return Err(UpstreamError::new("its `permissions` are empty"));
        }
        let uses = file.permissions.iter();
        let uses = uses.flat_map(|(name, permission)| uses_of(name, permission)).collect();
        Ok(Self { permissions: file.permissions.into_keys().collect(), uses })
    }
}

fn uses_of<'a>(name: &'a str, permission: &'a Permission) -> impl Iterator<Item = Use> + 'a {
    permission.path_sets.iter().flat_map(move |set| {
        let photos = set.paths.iter().filter(|(path, _)| form_of(path).ends_with(PHOTO));
        photos.flat_map(move |(path, attributes)| {
            let least = least_of(attributes);
            let pairs = set.methods.iter().flat_map(|method| {
                set.scheme_keys.iter().map(move |scheme| (method.to_uppercase(), scheme))
            });
            pairs.map(move |(method, scheme)| Use {
                path: in_spec(path),
                form: form_of(path),
                method,
                scheme: scheme.clone(),
                permission: name.to_owned(),
                least: least.contains(&scheme.as_str()),
            })
        })
    })
}

/// The schemes for which the attributes of a path name the least privileged
/// permission. Other attributes don't count here.
fn least_of(attributes: &str) -> Vec<&str> {
    let values = attributes.split(';').filter_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        name.trim().eq_ignore_ascii_case("least").then_some(value)
    });
    values.flat_map(|value| value.split(',')).map(str::trim).collect()
}

/// A path without what the spec and upstream write differently: the names of
/// parameters, the case of words, and `$value` at the end.
pub(super) fn form_of(path: &str) -> String {
    let lower = path.trim().trim_end_matches('/').to_lowercase();
    let path = lower.strip_suffix(VALUE).unwrap_or(&lower);
    let plain = |segment| if str::starts_with(segment, '{') { "{}" } else { segment };
    path.split('/').map(plain).collect::<Vec<_>>().join("/")
}

/// A path of upstream as the spec would write it.
fn in_spec(path: &str) -> String {
    let path = path.trim().trim_end_matches('/');
    let lower = path.to_ascii_lowercase();
    let lower = lower.strip_suffix(VALUE).unwrap_or(&lower);
    let resource = lower.strip_suffix(PHOTO).unwrap_or(lower).len();
    format!("{}{PHOTO_SUFFIX}", &path[..resource])
}

/// Names in order, each once.
pub(super) fn each_once<T: PartialEq>(names: impl Iterator<Item = T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// Names in backticks, separated by commas.
pub(super) fn quoted(names: &[impl AsRef<str>]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}
