//! Microsoft's file: which permission allows which method of which path.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use crate::api::PHOTO_SUFFIX;

/// The end of upstream's paths of photos.
const PHOTO: &str = "/photo";

/// The end of the spec's paths, and of some of upstream's.
const VALUE: &str = "/$value";

/// What `permissions.json` says about photos. Its form is that of the public repository
/// microsoftgraph/microsoft-graph-devx-content; members that are not read here may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// The names of all permissions, whether a photo needs them or not.
    pub(super) permissions: Vec<String>,
    pub(super) uses: Vec<Use>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    /// The path as the spec would write it.
    pub(super) path: String,
    /// The path as [`form_of`] makes it comparable.
    pub(super) form: String,
    pub(super) method: String,
    /// Upstream's name of the scheme, such as `DelegatedWork`.
    pub(super) scheme: String,
    pub(super) permission: String,
    /// Whether it is the least privileged of the scheme.
    pub(super) least: bool,
}

/// Why a text is not Microsoft's permission data.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct UpstreamError(pub(super) String);

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
    /// Paths with their attributes, such as `least=DelegatedWork,Application`.
    paths: BTreeMap<String, String>,
}

impl Upstream {
    /// Reads the text of `permissions.json`.
    ///
    /// # Errors
    ///
    /// If it is not JSON, has another form, or names no permission.
    pub fn read(text: &str) -> Result<Self, UpstreamError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let file: File = serde_json::from_str(text).map_err(|error| {
            let form = "in the form of Microsoft's permissions.json";
            let expected = if error.is_data() { form } else { "JSON" };
            UpstreamError(format!("it is not {expected}: {error}"))
        })?;
        if file.permissions.is_empty() {
            return Err(UpstreamError("its `permissions` are empty".to_owned()));
        }
        let mut uses = Vec::new();
        for (name, permission) in &file.permissions {
            permission.path_sets.iter().for_each(|set| add_uses(name, set, &mut uses));
        }
        Ok(Self { permissions: file.permissions.into_keys().collect(), uses })
    }
}

fn add_uses(permission: &str, set: &PathSet, uses: &mut Vec<Use>) {
    for (path, attributes) in set.paths.iter().filter(|(path, _)| form_of(path).ends_with(PHOTO)) {
        let least = least_of(attributes);
        for method in &set.methods {
            uses.extend(set.scheme_keys.iter().map(|scheme| Use {
                path: in_spec(path),
                form: form_of(path),
                method: method.to_uppercase(),
                scheme: scheme.clone(),
                permission: permission.to_owned(),
                least: least.contains(&scheme.as_str()),
            }));
        }
    }
}

/// The schemes for which a path's attributes name the permission as the least privileged.
fn least_of(attributes: &str) -> Vec<&str> {
    let values = attributes.split(';').filter_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        name.trim().eq_ignore_ascii_case("least").then_some(value)
    });
    values.flat_map(|value| value.split(',')).map(str::trim).collect()
}

/// A path without names of parameters, case of words and `$value`, which upstream has otherwise.
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
