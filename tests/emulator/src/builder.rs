//! The settings of an emulator, before it starts.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};

use graph_photo_codegen::Api;

use crate::{
    fault::rule::Rule,
    recorded_request::{OnRequest, RecordedRequest},
    tenant::Tenant,
    throttle::Throttle,
};

/// How many requests are remembered by default.
const RECORD_LIMIT: usize = 10_000;

/// The API of Microsoft Graph photos, as this crate was built with it.
///
/// # Panics
///
/// If it breaks a rule of the spec, as only an unfinished edit does.
#[must_use]
pub fn built_in_api() -> Api {
    let read = Api::read(graph_photo_spec::OPENAPI_YAML);
    read.expect("the spec that this crate is built with breaks no rule")
}

/// Makes an [`Emulator`](crate::Emulator); from [`Emulator::builder`](crate::Emulator::builder).
#[must_use]
pub struct Builder {
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) is_tls: bool,
    pub(crate) api: Option<Api>,
    pub(crate) tenant: Option<Tenant>,
    pub(crate) throttle: Throttle,
    pub(crate) seed: u64,
    pub(crate) rules: Vec<Rule>,
    pub(crate) record_limit: usize,
    pub(crate) on_request: Option<OnRequest>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            is_tls: false,
            api: None,
            tenant: None,
            throttle: Throttle::None,
            seed: 0,
            rules: Vec::new(),
            record_limit: RECORD_LIMIT,
            on_request: None,
        }
    }

    /// The port to listen on; 0, the default, is any free one.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The address to listen on: `127.0.0.1` by default. Everyone who reaches another one
    /// can read and change all that the emulator stores.
    pub fn host(self, host: IpAddr) -> Self {
        Self { host, ..self }
    }

    /// Speaks TLS, with a certificate of an authority made for this emulator alone: see
    /// [`Emulator::certificate_authority`](crate::Emulator::certificate_authority).
    pub fn tls(self, is_tls: bool) -> Self {
        Self { is_tls, ..self }
    }

    /// The API to serve, instead of the built-in one.
    pub fn api(self, api: Api) -> Self {
        Self { api: Some(api), ..self }
    }

    /// Who and what exists; everything by default.
    pub fn tenant(self, tenant: Tenant) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Which limits apply; none by default.
    pub fn throttle(self, throttle: Throttle) -> Self {
        Self { throttle, ..self }
    }

    /// The seed for faults by chance: the same seed, the same faults; 0 by default.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// A rule for faults, after those that were added before.
    pub fn fail_with(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// How many requests are remembered: 10,000 by default. The oldest are forgotten, also
    /// when all bodies exceed 256 MiB, with equal ones counted once.
    pub fn record_limit(self, record_limit: usize) -> Self {
        Self { record_limit, ..self }
    }

    /// Is called on the emulator's thread with each request, after the verdict and before the
    /// answer.
    pub fn on_request(self, on_request: impl Fn(&RecordedRequest) + Send + Sync + 'static) -> Self {
        Self { on_request: Some(Box::new(on_request)), ..self }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}
