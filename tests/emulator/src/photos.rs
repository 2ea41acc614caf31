//! The photos that are stored, with those that they replaced.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard},
    time::SystemTime,
};

use bytes::Bytes;
use graph_photo_codegen::api::Permission;

/// The most bytes of photos that were replaced since.
const MAX_REPLACED: usize = 64 * 1024 * 1024;
/// What a photo takes beside its bytes, roughly.
const OVERHEAD: usize = 512;
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
    /// Those that were replaced, oldest first: whose they are, and their sizes.
    replaced: VecDeque<(Key, usize)>,
    replaced_bytes: usize,
    distinct: HashSet<Bytes>,
    /// How many bytes were added to `distinct` since it was last swept.
    added: usize,
}

impl Photos {
    /// The same bytes, shared with those that are here already.
    pub(crate) fn share(&self, bytes: Bytes) -> Bytes {
        self.lock().share(bytes)
    }

    /// Replaces the photo of a resource.
    pub(crate) fn store(&self, key: Key, version: PhotoVersion) {
        let stored = &mut *self.lock();
        let versions = stored.versions.entry(key.clone()).or_default();
        if let Some(replaced) = versions.back() {
            let size = replaced.bytes.len() + OVERHEAD;
            stored.replaced.push_back((key, size));
            stored.replaced_bytes += size;
        }
        versions.push_back(version);
        while stored.replaced_bytes > MAX_REPLACED {
            let Some((key, size)) = stored.replaced.pop_front() else { break };
            stored.replaced_bytes -= size;
            if let Some(versions) = stored.versions.get_mut(&key).filter(|kept| kept.len() > 1) {
                versions.pop_front();
            }
        }
    }

    /// The photo of a resource.
    pub(crate) fn current(&self, key: &[String]) -> Option<PhotoVersion> {
        self.lock().versions.get(key)?.back().cloned()
    }

    /// All resources that have a photo, the latest upload first.
    pub(crate) fn latest(&self) -> Vec<Key> {
        let stored = self.lock();
        let mut latest: Vec<(u64, &Key)> = stored
            .versions
            .iter()
            .filter_map(|(key, kept)| Some((kept.back()?.request, key)))
            .collect();
        latest.sort_unstable_by_key(|(request, _)| std::cmp::Reverse(*request));
        latest.into_iter().map(|(_, key)| key.clone()).collect()
    }

    /// The photo of a resource, and how many photos are kept of it.
    pub(crate) fn current_and_count(&self, key: &[String]) -> Option<(PhotoVersion, usize)> {
        let stored = self.lock();
        let versions = stored.versions.get(key)?;
        Some((versions.back()?.clone(), versions.len()))
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
        if self.added > SWEEP_AFTER {
            self.sweep();
        }
        bytes
    }

    /// Forgets those that nobody refers to any more.
    fn sweep(&mut self) {
        self.distinct.retain(|kept| !kept.is_unique());
        self.added = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use bytes::Bytes;
    use graph_photo_codegen::api::{Permission, PermissionType};

    use super::{PhotoVersion, Photos};

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

    #[test]
    fn the_oldest_of_many_replaced_photos_are_forgotten_and_no_current_one() {
        let (photos, bytes) = (Photos::default(), Bytes::from(vec![0; 1024 * 1024]));
        let keys = [["a".to_owned()], ["b".to_owned()]];
        for number in 0..100 {
            let version = PhotoVersion {
                bytes: bytes.clone(),
                etag: String::new(),
                time: SystemTime::UNIX_EPOCH,
                request: number,
                permission: Permission {
                    permission_type: PermissionType::Delegated,
                    scope: String::new(),
                    privilege: 1,
                    condition: None,
                    source: String::new(),
                },
            };
            photos.store(keys[usize::from(number > 0)].to_vec(), version);
        }
        assert_eq!(photos.current(&keys[0]).map(|kept| kept.request), Some(0));
        assert_eq!(photos.current(&keys[1]).map(|kept| kept.request), Some(99));
        let numbers: Vec<u64> = photos.history(&keys[1]).iter().map(|kept| kept.request).collect();
        assert_eq!(numbers, (36..100).collect::<Vec<_>>());
    }
}
