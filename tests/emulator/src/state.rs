//! All that the connections of one emulator share.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use bytes::Bytes;
use graph_photo_codegen::api::{Api, PermissionType};
use http::Uri;
use tokio::sync::broadcast;

use crate::{
    builder::{Builder, built_in_api},
    clock::Clock,
    directory::Directory,
    fault::queue::Faults,
    judge::route::Router,
    photos::{Key, Photos},
    recorded_request::{OnRequest, RecordedRequest},
    request_log::{Event, Records},
    throttle::Throttling,
    token::{AccessToken, User},
};

/// The role of a user administrator, by its template id.
/// Source: <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>.
const ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
/// How many events a listener may lag behind before it misses some.
const EVENTS: usize = 1024;

/// Shared by all connections.
pub(crate) struct State {
    pub(crate) api: Api,
    pub(crate) router: Router,
    /// The path that every path of the API begins with, such as `/v1.0`.
    pub(crate) prefix: String,
    /// `http`, or `https` with TLS.
    pub(crate) scheme: &'static str,
    /// The audience that tokens must have, such as `https://graph.microsoft.com`.
    pub(crate) audience: String,
    pub(crate) clock: Clock,
    pub(crate) directory: Directory,
    pub(crate) photos: Photos,
    pub(crate) records: Records,
    pub(crate) faults: Faults,
    pub(crate) throttling: Throttling,
    pub(crate) events: broadcast::Sender<Event>,
    on_request: Option<OnRequest>,
    requests: AtomicU64,
    uploads: AtomicU64,
    seed: u64,
}

impl State {
    /// The state of an emulator that has answered nothing yet.
    ///
    /// # Errors
    ///
    /// If the API's first server isn't an absolute URL, or the tenant doesn't fit the API.
    pub(crate) fn new(settings: Builder) -> io::Result<Self> {
        let api = settings.api.unwrap_or_else(built_in_api);
        let (audience, prefix) =
            api.clouds.first().and_then(|cloud| split(&cloud.base_url)).ok_or_else(|| {
                invalid("failed to read the API: its first server isn't an absolute URL")
            })?;
        Ok(Self {
            router: Router::new(&api, &prefix),
            prefix,
            scheme: if settings.is_tls { "https" } else { "http" },
            audience,
            clock: Clock::default(),
            directory: Directory::new(&api, settings.tenant).map_err(invalid)?,
            photos: Photos::default(),
            records: Records::new(settings.record_limit),
            faults: Faults::new(settings.seed, settings.rules),
            throttling: Throttling::new(settings.throttle),
            events: broadcast::Sender::new(EVENTS),
            on_request: settings.on_request,
            requests: AtomicU64::new(0),
            uploads: AtomicU64::new(0),
            seed: settings.seed,
            api,
        })
    }

    /// The number of the next request, counted from 1.
    pub(crate) fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// An entity tag in Graph's form, which none had before.
    pub(crate) fn next_etag(&self) -> String {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let upload = self.uploads.fetch_add(1, Ordering::Relaxed);
        let [a, b, c] = [random.u64(..), random.u64(..), random.u64(..)];
        format!("W/\"{a:016x}{b:016x}{c:016x}{upload:016x}\"")
    }

    /// Records a request.
    pub(crate) fn record(&self, request: RecordedRequest) {
        if let Some(on_request) = &self.on_request {
            on_request(&request);
        }
        let number = request.number;
        self.records.add(request);
        self.announce(Event::Request(number));
    }

    /// Tells those who follow the events.
    pub(crate) fn announce(&self, event: Event) {
        // Nobody needs to listen.
        let _ = self.events.send(event);
    }

    /// The photo of a resource, by its path beneath the base URL.
    pub(crate) fn photo(&self, target: &str) -> Option<Bytes> {
        self.photos.current(&self.key_of(target)?).map(|version| version.bytes)
    }

    /// What a resource is stored under, by its path beneath the base URL.
    pub(crate) fn key_of(&self, target: &str) -> Option<Key> {
        let found = self.router.find_resource(target)?;
        let user = self.directory.signed_in();
        self.directory.resolve(&found, user.as_ref()).ok().map(|resource| resource.key)
    }

    /// Learns of a user by a token that was made, or else used.
    pub(crate) fn learn(&self, user: &User, is_made: bool) {
        if let Some((from, to)) = self.directory.learn(user, is_made) {
            self.photos.rename(&from, &to);
        }
    }

    /// A token on behalf of a user, with all delegated scopes of the API.
    pub(crate) fn token_for(&self, user: &str) -> AccessToken {
        let (user, is_administrator) = self.directory.user(user);
        self.learn(&user, true);
        let token = AccessToken::delegated(self.scopes(PermissionType::Delegated))
            .user(&user.id, &user.name)
            .audience(&self.audience)
            .issued_at(self.clock.now());
        if is_administrator { token.directory_roles([ADMINISTRATOR]) } else { token }
    }

    /// A token on behalf of a user who may change the photos of others, with all delegated
    /// scopes of the API.
    pub(crate) fn administrator_token(&self, user: &str) -> AccessToken {
        self.token_for(user).directory_roles([ADMINISTRATOR])
    }

    /// A token of the app itself, with all application scopes of the API.
    pub(crate) fn application_token(&self) -> AccessToken {
        AccessToken::application(self.scopes(PermissionType::Application))
            .audience(&self.audience)
            .issued_at(self.clock.now())
    }

    /// Forgets photos, requests, faults, counted limits and who is signed in; the clock is
    /// the system's again, and the limits are those of the start.
    pub(crate) fn reset(&self) {
        self.photos.clear();
        self.records.clear();
        self.faults.clear();
        self.throttling.reset();
        self.directory.reset();
        self.clock.reset();
    }

    /// The time that everything is judged by.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// All scopes that some operation takes, once each.
    fn scopes(&self, wanted: PermissionType) -> Vec<String> {
        let permissions = self.api.operations().flat_map(|(_, operation)| &operation.permissions);
        let mut scopes: Vec<String> = Vec::new();
        for permission in permissions.filter(|one| one.permission_type == wanted) {
            if !scopes.contains(&permission.scope) {
                scopes.push(permission.scope.clone());
            }
        }
        scopes
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}

/// The origin and the path of an absolute URL, neither ending in a slash.
fn split(url: &str) -> Option<(String, String)> {
    let url: Uri = url.parse().ok()?;
    let origin = format!("{}://{}", url.scheme()?, url.authority()?);
    Some((origin, url.path().trim_end_matches('/').to_owned()))
}
