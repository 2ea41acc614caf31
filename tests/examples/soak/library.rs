//! Uploads through the library, many at once.

use std::{
    collections::{HashMap, HashSet},
    error::Error as StdError,
    ops::Range,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use fastrand::Rng;
use graph_photo_client::{
    AccessToken, ClientBuilder, Error, GraphPhotoClient, JpegPhoto, PhotoTarget, TokenError,
    TokenRequest, UploadMethod, UploadResponse, reqwest,
};
use graph_photo_emulator::{Fault, Rule};
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

use crate::{
    check::{Batch, Report, Told, Way},
    plan::{Kind, Tokens, Upload},
    secrets::Secrets,
    server::{Server, at, token},
    tally::{Promise, Tally},
};

/// Long for a loopback, short for a server that falls silent.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// How many requests of an upload that meets a fault are hit.
const FAULTY: f64 = 0.6;

tokio::task_local! {
    /// The upload that asks for a token: many share a client.
    static ASKING: Arc<Asking>;
}

/// An upload while it runs.
struct Asking {
    upload: Upload,
    server: Arc<Server>,
    /// The token that its fault repeats.
    echoed: OnceLock<String>,
}

/// An emulator with clients of its own.
pub(crate) struct Lane {
    server: Arc<Server>,
    clients: HashMap<Kind, GraphPhotoClient>,
    at_once: Arc<Semaphore>,
    secrets: Secrets,
    /// Uploads of the last batch of which requests may still be under way.
    late: HashSet<u64>,
}

impl Lane {
    pub(crate) fn new(
        seed: u64,
        at_once: usize,
        secrets: Secrets,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let server = Arc::new(Server::start(seed)?);
        let mut clients = HashMap::new();
        for kind in Kind::ALL {
            clients.insert(kind, client(kind, &server)?);
        }
        let at_once = Arc::new(Semaphore::new(at_once));
        Ok(Self { server, clients, at_once, secrets, late: HashSet::new() })
    }

    /// Sends the uploads of a batch, and checks them.
    pub(crate) async fn run(
        &mut self,
        seed: u64,
        batch: Range<u64>,
        tally: &mut Tally,
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        let jumps = Rng::with_seed(seed ^ batch.start);
        let mut asking = Vec::new();
        let mut rules = Vec::new();
        let uploads: Vec<Upload> =
            batch.map(|index| Upload::through_library(seed, index)).collect();
        for upload in uploads {
            let echoed = OnceLock::new();
            if upload.is_echoed && upload.tokens == Tokens::Valid {
                let text = echoed
                    .get_or_init(|| at(token(&upload, false), std::time::SystemTime::now(), false));
                let fault = Fault::status(403).message(format!("Bearer {text} is not enough."));
                rules.push(Rule::new(fault).target(format!("*/s{}.*", upload.index)));
            }
            let server = Arc::clone(&self.server);
            asking.push(Arc::new(Asking { upload, server, echoed }));
        }
        self.server.begin(FAULTY, rules)?;
        let server = Arc::clone(&self.server);
        let clock = tokio::spawn(async move { server.jump(jumps, |_| {}).await });
        let mut running = JoinSet::new();
        let mut reports = HashMap::new();
        for asking in asking {
            let permit = Arc::clone(&self.at_once).acquire_owned().await;
            let client = self.clients[&asking.upload.client].clone();
            let secrets = self.secrets.clone();
            running.spawn(async move {
                let ended = upload(&client, asking, &secrets).await;
                drop(permit);
                ended
            });
            while let Some(ended) = running.try_join_next() {
                note(ended, &mut reports, tally);
            }
        }
        while let Some(ended) = running.join_next().await {
            note(ended, &mut reports, tally);
        }
        clock.abort();
        // Until it has ended, it holds the emulator.
        let _ = clock.await;
        let requests = self.server.take_requests().await;
        let stored = |upload: &Upload| self.server.emulator.photo(&upload.resource());
        Batch {
            seed,
            way: Way::Library,
            reports: &reports,
            late: &self.late,
            requests,
            stored: &stored,
        }
        .check(tally);
        let is_late = |report: &Report| {
            matches!(report.told, Told::Nothing | Told::Failed { status: None, .. })
        };
        self.late = reports
            .into_iter()
            .filter_map(|(index, report)| is_late(&report).then_some(index))
            .collect();
        Ok(())
    }
}

type Ended = (u64, Report, Option<String>);

fn note(
    ended: Result<Ended, tokio::task::JoinError>,
    reports: &mut HashMap<u64, Report>,
    tally: &mut Tally,
) {
    match ended {
        Ok((index, report, problem)) => {
            if let Some(problem) = problem {
                tally.violation(Promise::Misreported, format_args!("upload {index}: {problem}"));
            }
            reports.insert(index, report);
        }
        Err(error) => tally.violation(Promise::Panicked, error),
    }
}

/// A client of the storm.
fn client(kind: Kind, server: &Server) -> Result<GraphPhotoClient, Error> {
    let builder: ClientBuilder = GraphPhotoClient::builder()
        .token_provider(|request: TokenRequest<'_>| {
            let token = next_token(request.force_refresh);
            async move { token }
        })
        .base_url(server.emulator.base_url())
        .attempt_timeout(ATTEMPT_TIMEOUT)
        .retry_policy(kind.policy());
    match kind {
        Kind::Patient | Kind::Impatient => builder.build(),
        Kind::Checking => builder.check_permissions(true).low_priority(true).build(),
        Kind::Small => builder.max_request_bytes(100).build(),
        Kind::Own => {
            let _ = graph_photo_client::rustls::crypto::ring::default_provider().install_default();
            let own = reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .pool_max_idle_per_host(2)
                .build()
                .expect("nothing is set that could fail");
            builder.http_client(own).build()
        }
    }
}

/// The token of the upload that this task runs.
fn next_token(force_refresh: bool) -> Result<AccessToken, TokenError> {
    ASKING.with(|asking| {
        let Asking { upload, server, echoed } = &**asking;
        let new = |is_expired| at(token(upload, false), server.now(), is_expired);
        let text = match upload.tokens {
            Tokens::Valid if !force_refresh => echoed.get().cloned().unwrap_or_else(|| new(false)),
            Tokens::Expired | Tokens::NotRenewed if !force_refresh => new(true),
            Tokens::Valid | Tokens::Expired => new(false),
            Tokens::AlwaysExpired => new(true),
            Tokens::None => return Err("nobody is signed in".into()),
            Tokens::NotRenewed => return Err("the session has ended".into()),
            Tokens::Unsendable => new(false) + "\r\nX: ",
            Tokens::Powerless => at(token(upload, true), server.now(), false),
        };
        AccessToken::new(text).map_err(TokenError::from)
    })
}

/// Sends one upload, or a part of it, and returns what it reported.
async fn upload(client: &GraphPhotoClient, asking: Arc<Asking>, secrets: &Secrets) -> Ended {
    let upload = asking.upload.clone();
    let photo = JpegPhoto::from_bytes(upload.photo()).expect("a fixture with a comment is valid");
    let target = upload.target();
    let started = Instant::now();
    let sending = ASKING.scope(asking, async {
        let method = upload.operation.method();
        if upload.is_direct {
            direct(client, method, &target, &photo).await
        } else {
            client.upload(method, &target, &photo).await
        }
    });
    let result = match upload.dropped_after {
        Some(after) => timeout(after, sending).await.ok(),
        None => Some(sending.await),
    };
    let took = started.elapsed();
    let mut problem = None;
    let (told, attempts, waited) = match result {
        None => (Told::Nothing, 0, Duration::ZERO),
        Some(Ok(response)) => {
            secrets.search("a response", format!("{response:?}").as_bytes());
            let UploadResponse { attempts, total_wait, request_id, .. } = response;
            (Told::Stored { request_id }, attempts, total_wait)
        }
        Some(Err(error)) => {
            secrets.search_error(&error);
            let status = error.status().map(|status| status.as_u16());
            let words = [error.is_local(), error.is_connection(), status.is_some()];
            if words.iter().filter(|is_so| **is_so).count() != 1 {
                problem = Some(format!("local, connection, response: {words:?}: {error:#}"));
            }
            let request_id = error.request_id().map(str::to_owned);
            let failed = Told::Failed { status, request_id };
            let told = if error.is_local() { Told::Refused } else { failed };
            (told, error.attempts(), error.total_wait())
        }
    };
    (upload.index, Report { told, attempts, waited, took }, problem)
}

/// Calls the generated method.
async fn direct(
    client: &GraphPhotoClient,
    method: UploadMethod,
    target: &PhotoTarget,
    photo: &JpegPhoto,
) -> Result<UploadResponse, Error> {
    let calls = client.generated();
    let is_put = method == UploadMethod::Put;
    match target {
        PhotoTarget::Me if is_put => calls.replace_me_photo(photo).await,
        PhotoTarget::Me => calls.update_me_photo(photo).await,
        PhotoTarget::User { user_id } if is_put => calls.replace_user_photo(user_id, photo).await,
        PhotoTarget::User { user_id } => calls.update_user_photo(user_id, photo).await,
        PhotoTarget::Group { group_id } if is_put => {
            calls.replace_group_photo(group_id, photo).await
        }
        PhotoTarget::Group { group_id } => calls.update_group_photo(group_id, photo).await,
        PhotoTarget::MyContact { contact_id } if is_put => {
            calls.replace_my_contact_photo(contact_id, photo).await
        }
        PhotoTarget::MyContact { contact_id } => {
            calls.update_my_contact_photo(contact_id, photo).await
        }
        PhotoTarget::UserContact { user_id, contact_id } if is_put => {
            calls.replace_user_contact_photo(user_id, contact_id, photo).await
        }
        PhotoTarget::UserContact { user_id, contact_id } => {
            calls.update_user_contact_photo(user_id, contact_id, photo).await
        }
        // Those of folders, and what the API may gain.
        _ => client.upload(method, target, photo).await,
    }
}
