//! The resources that the page shows: those that have a photo, and the tenant's others.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::views;
use crate::{
    photos::{Key, PhotoVersion},
    state::State,
};

/// The most resources that are listed at once; whoever looks for another one searches.
const MAX_LISTED: usize = 200;

/// Some of the resources that match a search.
pub(super) struct Listing {
    /// How many match.
    pub(super) total: usize,
    pub(super) resources: Vec<Resource>,
}

/// A resource, with or without a photo.
#[derive(Default)]
pub(super) struct Resource {
    /// Its path below the base URL, percent-encoded.
    pub(super) target: String,
    /// What people call it.
    pub(super) title: String,
    /// The last collection in its path, such as `users`.
    pub(super) collection: String,
    pub(super) photo: Option<PhotoVersion>,
    /// How many photos are kept of it.
    pub(super) versions: usize,
}

/// Lists the resources whose titles or paths have `search` in them: first those with a
/// photo, the latest upload first, then those of the tenant without one.
pub(super) fn list(state: &State, search: &str) -> Listing {
    let with_photo = state.photos.latest();
    let known: HashSet<Key> = with_photo.iter().cloned().collect();
    // A folder of contacts exists, but no path leads to a photo of it.
    let takes_photo = |key: &Key| state.router.find_resource(&views::path(key)).is_some();
    let others = state.directory.keys().into_iter().filter(|key| !known.contains(key));
    let without_photo = others.filter(takes_photo);
    let search = search.trim().to_lowercase();
    let is_wanted = |key: &Key| {
        let title = || state.directory.title(key).to_lowercase();
        search.is_empty()
            || key.join("/").to_lowercase().contains(&search)
            || title().contains(&search)
    };
    let mut keys: Vec<Key> =
        with_photo.into_iter().chain(without_photo).filter(is_wanted).collect();
    let total = keys.len();
    keys.truncate(MAX_LISTED);
    Listing { total, resources: keys.iter().map(|key| Resource::of(state, key)).collect() }
}

impl Listing {
    /// The listing in JSON.
    pub(super) fn view(&self) -> Value {
        let resources: Vec<Value> = self.resources.iter().map(Resource::view).collect();
        json!({ "total": self.total, "resources": resources })
    }
}

impl Resource {
    fn of(state: &State, key: &Key) -> Self {
        let (photo, versions) = state.photos.current_and_count(key).unzip();
        let collection = key.iter().rev().nth(1).or_else(|| key.first());
        Self {
            target: views::path(key),
            title: state.directory.title(key),
            collection: collection.cloned().unwrap_or_default(),
            photo,
            versions: versions.unwrap_or_default(),
        }
    }

    fn view(&self) -> Value {
        json!({
            "target": self.target,
            "title": self.title,
            "collection": self.collection,
            "photo": self.photo.as_ref().map(views::version),
            "versions": self.versions,
        })
    }
}
