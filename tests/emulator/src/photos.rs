//! The photos that are stored, with those that they replaced.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard},
    time::SystemTime,
};

use bytes::Bytes;
use graph_photo_codegen::api::Permission;

/// How many photos of one resource are kept, the current one included.
const MAX_VERSIONS: usize = 20;
/// After how many new bytes those that nobody refers to are looked for.
const SWEEP_AFTER: usize = 64 * 1024 * 1024;

/// A photo that was uploaded.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PhotoVersion {
    /// What was uploaded, byte for byte.
    pub bytes: Bytes,
    /// Its entity tag: new with each upload, even of the same bytes.
    pub etag: String,
    /// When it was stored, by the emulator's clock.
    pub time: SystemTime,
    /// The number of the request that stored it.
    pub request: u64,
    /// What allowed the upload.
    pub permission: Permission,
}

/// A resource, by the decoded segments of its path: `["users", "megan@contoso.com"]`.
pub(crate) type Key = Vec<String>;

/// All photos; equal ones share their bytes.
#[derive(Debug, Default)]
pub(crate) struct Photos(Mutex<Stored>);

#[derive(Debug, Default)]
struct Stored {
    versions: BTreeMap<Key, VecDeque<PhotoVersion>>,
    distinct: HashSet<Bytes>,
    /// How many bytes were added to `distinct` since it was last swept, and how many it
    /// had then.
    added: usize,
    swept: usize,
}

impl Photos {
    /// The same bytes, shared with those that are here already.
    pub(crate) fn share(&self, bytes: Bytes) -> Bytes {
        self.lock().share(bytes)
    }

    /// Replaces the photo of a resource.
    pub(crate) fn store(&self, key: Key, version: PhotoVersion) {
        let mut stored = self.lock();
        let versions = stored.versions.entry(key).or_default();
        versions.push_back(version);
        if versions.len() > MAX_VERSIONS {
            versions.pop_front();
        }
    }

    /// The photo of a resource.
    pub(crate) fn current(&self, key: &[String]) -> Option<PhotoVersion> {
        self.lock().versions.get(key)?.back().cloned()
    }

    /// The photos that a resource had, oldest first.
    pub(crate) fn history(&self, key: &[String]) -> Vec<PhotoVersion> {
        self.lock().versions.get(key).map(|kept| kept.iter().cloned().collect()).unwrap_or_default()
    }

    /// All resources that have a photo, each with all of its photos, oldest first.
    pub(crate) fn all(&self) -> Vec<(Key, Vec<PhotoVersion>)> {
        let stored = self.lock();
        let versions = stored.versions.iter();
        versions.map(|(key, kept)| (key.clone(), kept.iter().cloned().collect())).collect()
    }

    /// Moves what is stored under one name of a resource to another, now that the two are
    /// known to be one.
    pub(crate) fn rename(&self, from: &[String], to: &[String]) {
        let mut stored = self.lock();
        let keys: Vec<Key> =
            stored.versions.keys().filter(|key| key.starts_with(from)).cloned().collect();
        for key in keys {
            let versions = stored.versions.remove(&key).unwrap_or_default();
            let renamed = [to, &key[from.len()..]].concat();
            stored.versions.entry(renamed).or_default().extend(versions);
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        *self.lock() = Stored::default();
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        self.0.lock().expect("no thread panics while it holds this lock")
    }
}

impl Stored {
    fn share(&mut self, bytes: Bytes) -> Bytes {
        if let Some(known) = self.distinct.get(&bytes) {
            return known.clone();
        }
        self.added += bytes.len();
        self.distinct.insert(bytes.clone());
        if self.added > SWEEP_AFTER.max(self.swept) {
            self.sweep();
        }
        bytes
    }

    /// Forgets those that nobody refers to any more.
    fn sweep(&mut self) {
        self.distinct.retain(|kept| !kept.is_unique());
        self.swept = self.distinct.iter().map(Bytes::len).sum();
        self.added = 0;
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Photos;

    #[test]
    fn equal_bytes_are_kept_once_and_forgotten_ones_not_at_all() {
        let photos = Photos::default();
        let first = photos.share(Bytes::from(vec![1; 1000]));
        let second = photos.share(Bytes::from(vec![1; 1000]));
        assert_eq!(first.as_ptr(), second.as_ptr());
        photos.share(Bytes::from(vec![2; 1000]));
        assert_eq!(photos.lock().distinct.len(), 2);
        photos.lock().sweep();
        assert_eq!(photos.lock().distinct.len(), 1);
        assert!(photos.lock().distinct.contains(&first));
    }
}
