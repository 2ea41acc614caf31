//! What the emulator knows: the API, the photos stored, the requests answered.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use graph_photo_codegen::api::{Api, Permission};
use hyper::{Uri, header::HeaderValue};

use super::{recorded::RecordedRequest, refusal::Refusal, route::Router};

/// Shared by all connections.
#[derive(Debug)]
pub(super) struct State {
    pub(super) router: Router,
    /// The path that every path of the API begins with, such as `/v1.0`.
    pub(super) prefix: String,
    /// The audience that tokens must have, such as `https://graph.microsoft.com`.
    pub(super) audience: String,
    pub(super) media_type: String,
    /// The same, as a header says it.
    pub(super) content_type: HeaderValue,
    pub(super) max_request_bytes: u64,
    photos: Mutex<BTreeMap<Vec<String>, StoredPhoto>>,
    /// `None` once nobody can ask for them any more.
    requests: Mutex<Option<Vec<RecordedRequest>>>,
    answered: AtomicU64,
}

/// A photo that was uploaded.
#[derive(Debug, Clone)]
pub(super) struct StoredPhoto {
    /// The path of the upload, as it was sent.
    pub(super) path: String,
    pub(super) bytes: Bytes,
    /// What allowed the upload.
    pub(super) permission: Permission,
}

impl State {
    /// The state of an emulator that has answered nothing yet.
    ///
    /// # Errors
    ///
    /// If the API's first server isn't an absolute URL, or its media type isn't
    /// text for a header.
    pub(super) fn new(api: Api) -> io::Result<Self> {
        let (audience, prefix) = api
            .clouds
            .first()
            .and_then(|cloud| split(&cloud.base_url))
            .ok_or_else(|| invalid("the API's first server isn't an absolute URL"))?;
        let content_type = HeaderValue::try_from(&api.media_type)
            .map_err(|_| invalid("the API's media type isn't text for a header"))?;
        Ok(Self {
            router: Router::new(&api, &prefix),
            prefix,
            audience,
            media_type: api.media_type,
            content_type,
            max_request_bytes: api.max_request_bytes,
            photos: Mutex::default(),
            requests: Mutex::new(Some(Vec::new())),
            answered: AtomicU64::new(0),
        })
    }

    /// An id for the next answer: a GUID in form, counted up.
    pub(super) fn next_request_id(&self) -> String {
        let number = self.answered.fetch_add(1, Ordering::Relaxed) + 1;
        format!("00000000-0000-4000-8000-{number:012x}")
    }

    pub(super) fn store(&self, key: Vec<String>, photo: StoredPhoto) {
        self.photos().insert(key, photo);
    }

    /// The photo stored under a raw path.
    ///
    /// # Errors
    ///
    /// The answer to a path that leads nowhere, or to no photo.
    pub(super) fn load(&self, path: &str) -> Result<Bytes, Refusal> {
        let key = self.router.find(path)?.key;
        let photos = self.photos();
        let photo = photos.get(&key).ok_or_else(Refusal::no_photo)?;
        Ok(photo.bytes.clone())
    }

    /// All photos, in the order of their paths.
    pub(super) fn photos(&self) -> MutexGuard<'_, BTreeMap<Vec<String>, StoredPhoto>> {
        self.photos.lock().expect(LOCK_INVARIANT)
    }

    pub(super) fn record(&self, request: RecordedRequest) {
        if let Some(requests) = &mut *self.recorded() {
            requests.push(request);
        }
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        self.recorded().clone().unwrap_or_default()
    }

    /// Forgets all requests, and remembers none from now on.
    pub(super) fn stop_recording(&self) {
        *self.recorded() = None;
    }

    fn recorded(&self) -> MutexGuard<'_, Option<Vec<RecordedRequest>>> {
        self.requests.lock().expect(LOCK_INVARIANT)
    }
}

const LOCK_INVARIANT: &str = "no thread panics while it holds this lock";

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// The origin and the path of an absolute URL, neither ending in a slash.
fn split(url: &str) -> Option<(String, String)> {
    let url: Uri = url.parse().ok()?;
    let origin = format!("{}://{}", url.scheme()?, url.authority()?);
    Some((origin, url.path().trim_end_matches('/').to_owned()))
}
