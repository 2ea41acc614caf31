//! What is tried again, how often, and after which wait.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use graph_photo_client::{Error, GraphPhotoClient, PhotoTarget, RetryPolicy, UploadResponse};
use graph_photo_emulator::{ScriptedServer, Step};
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::{sync::Notify, time::Instant};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::DefaultGuard,
};

use super::support::{
    JPEG, Unvisited, answer, assert_no_repetition, builder, ok, own_client, photo, photo_of,
    replace_me, server, subscribe,
};

const RETRYABLE: [u16; 5] = [408, 429, 502, 503, 504];

/// Retries at once.
fn eager() -> RetryPolicy {
    RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO)
}

fn client(server: &ScriptedServer, policy: RetryPolicy) -> GraphPhotoClient {
    builder(&server.url()).retry_policy(policy).build().unwrap()
}

async fn upload(server: &ScriptedServer, policy: RetryPolicy) -> Result<UploadResponse, Error> {
    replace_me(&client(server, policy)).await
}

/// Sees each wait before a retry announced, and may let it take no time: it then
/// pauses the clock, which so runs ahead to the end of the wait, until the next
/// attempt begins. Paused for longer, it would run out while the server works.
#[derive(Clone, Default)]
struct Waits(Arc<WaitsState>);

#[derive(Default)]
struct WaitsState {
    announced: Mutex<Vec<u64>>,
    is_announced: Notify,
    are_skipped: bool,
    is_paused: AtomicBool,
}

impl Waits {
    fn skipped() -> (Self, DefaultGuard) {
        Self(Arc::new(WaitsState { are_skipped: true, ..WaitsState::default() })).install()
    }

    fn watched() -> (Self, DefaultGuard) {
        Self::default().install()
    }

    fn install(self) -> (Self, DefaultGuard) {
        let guard = subscribe(self.clone());
        (self, guard)
    }

    /// The waits so far, in milliseconds.
    fn announced(&self) -> Vec<u64> {
        self.0.announced.lock().unwrap().clone()
    }
}

impl Subscriber for Waits {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("graph_photo_client")
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        if span.metadata().name() == "attempt" && self.0.is_paused.swap(false, Ordering::Relaxed) {
            tokio::time::resume();
        }
        span::Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut delay = Delay(None);
        event.record(&mut delay);
        let Some(delay) = delay.0 else { return };
        self.0.announced.lock().unwrap().push(delay);
        self.0.is_announced.notify_one();
        if self.0.are_skipped {
            self.0.is_paused.store(true, Ordering::Relaxed);
            tokio::time::pause();
        }
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The announced wait of an event.
struct Delay(Option<u64>);

impl Visit for Delay {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "delay_ms" {
            self.0 = format!("{value:?}").parse().ok();
        }
    }
}

#[tokio::test]
async fn not_now_is_tried_again_with_the_same_bytes_and_id() {
    for status in RETRYABLE {
        let refusal = answer(status, &[], "{}");
        let server = server([refusal.clone(), refusal, ok()]);
        let response = upload(&server, eager()).await.unwrap();
        assert_eq!((response.attempts, response.total_wait), (3, Duration::ZERO));

        let requests = server.requests();
        assert_eq!(requests.len(), 3, "{status}");
        for request in &requests {
            assert_eq!(request.head, requests[0].head, "{status}");
            assert_eq!(request.body, JPEG, "{status}");
        }
        let id = response.client_request_id.unwrap();
        assert_eq!(requests[2].header("client-request-id"), [id]);
    }
}

#[tokio::test]
async fn other_answers_are_final() {
    let statuses = [301, 304, 400, 403, 404, 405, 409, 413, 500, 501, 505, 507, 600];
    let server = server(statuses.map(|status| answer(status, &[("Retry-After", "0")], "")));
    let client = client(&server, eager());
    for (index, status) in statuses.into_iter().enumerate() {
        let error = replace_me(&client).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!((error.attempts(), server.requests().len()), (1, index + 1), "{status}");
        assert!(!error.is_retryable(), "{status}");
    }
}

#[tokio::test]
async fn a_trouble_of_exchange_may_pass() {
    let code = r#""code":"ErrorStoreInternalServerError""#;
    for body in [
        format!(r#"{{"error":{{{code},"message":""}}}}"#),
        format!(r#"{{"error":{{"code":"UnknownError","message":"","innerError":{{{code}}}}}}}"#),
    ] {
        let server = server([answer(500, &[], &body)]);
        let error = upload(&server, eager()).await.unwrap_err();
        // A hint to try again later and a predicate against it would not go together.
        assert!(error.hint().unwrap().contains("try again later") && error.is_retryable());
        assert_eq!(error.attempts(), 1, "no code is tried again");
    }
}

#[tokio::test]
async fn a_policy_limits_the_attempts() {
    for (policy, attempts) in [
        (RetryPolicy::never(), 1),
        (eager().with_max_retries(1), 2),
        (eager(), 1 + RetryPolicy::default().max_retries),
    ] {
        let server = server(vec![answer(503, &[], ""); 10]);
        let error = upload(&server, policy).await.unwrap_err();
        assert_eq!(error.attempts(), attempts);
        assert_eq!(server.requests().len(), attempts as usize);
        assert!(error.is_retryable());
        let said = error.to_string().contains(&format!("; {attempts} attempts"));
        assert_eq!(said, attempts > 1, "{error}");
    }
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let date = "Wed, 21 Oct 2015 07:28:00 GMT";
    let later = "Wed, 21 Oct 2015 07:28:30 GMT";
    for (headers, seconds) in [
        (vec![("Retry-After", "7")], 7),
        (vec![("Retry-After", " 120 ")], 120),
        (vec![("Retry-After", "0")], 0),
        // By the server's own clock.
        (vec![("Date", date), ("Retry-After", later)], 30),
    ] {
        let (waits, _guard) = Waits::skipped();
        let server = server([answer(429, &headers, ""), ok()]);
        let client = client(&server, RetryPolicy::default());
        let started = Instant::now();
        let response = replace_me(&client).await.unwrap();
        assert_eq!(response.total_wait, Duration::from_secs(seconds), "{headers:?}");
        assert_eq!(waits.announced(), [seconds * 1000]);
        assert!(started.elapsed() >= Duration::from_secs(seconds), "it was waited for");
    }
}

#[tokio::test]
async fn a_retry_after_that_says_nothing_is_no_reason_to_hurry() {
    let past = "Wed, 21 Oct 2015 07:28:00 GMT";
    for value in [past, "soon", "", "-1", "1.5"] {
        // By the clock of this machine, and by the server's.
        for date in [vec![], vec![("Date", past)]] {
            let headers = [date, vec![("Retry-After", value)]].concat();
            let server = server([answer(429, &headers, "")]);
            let error = upload(&server, RetryPolicy::never()).await.unwrap_err();
            assert_eq!(error.retry_after(), None, "{value}");
            assert!(error.is_throttled() && error.is_retryable(), "{value}");
        }
    }
}

#[tokio::test]
async fn a_retry_after_beyond_the_total_time_is_not_waited_for() {
    let (waits, _guard) = Waits::skipped();
    let never = "Fri, 31 Dec 9999 23:59:59 GMT";
    for value in ["301", "99999999999999999999999", never] {
        let server = server([answer(429, &[("Retry-After", value)], ""), ok()]);
        let error = upload(&server, RetryPolicy::default()).await.unwrap_err();
        assert!(error.retry_after().unwrap() >= Duration::from_secs(301), "{value}");
        assert_eq!((error.attempts(), server.requests().len()), (1, 1), "{value}");
        assert_eq!(error.total_wait(), Duration::ZERO);
    }
    assert_eq!(waits.announced(), [0; 0]);
}

#[tokio::test]
async fn without_a_retry_after_the_waits_are_random_within_growing_bounds() {
    let (waits, _guard) = Waits::skipped();
    let policy = RetryPolicy::default()
        .with_max_retries(6)
        .with_delays(Duration::from_secs(1), Duration::from_secs(5));
    let (mut longest, mut shortest) = ([0; 6], [u64::MAX; 6]);
    for _ in 0..20 {
        let server = server(vec![answer(503, &[], ""); 7]);
        let before = waits.announced().len();
        let error = upload(&server, policy).await.unwrap_err();
        let waits = &waits.announced()[before..];
        assert_eq!(waits.len(), 6);
        let total = error.total_wait().as_millis();
        let announced = u128::from(waits.iter().sum::<u64>());
        assert!((announced..=announced + 6).contains(&total), "{announced}, not {total} ms");
        for (n, wait) in waits.iter().enumerate() {
            longest[n] = longest[n].max(*wait);
            shortest[n] = shortest[n].min(*wait);
        }
    }
    for (n, bound) in [1000, 2000, 4000, 5000, 5000, 5000].into_iter().enumerate() {
        // That all of twenty are in the lowest fifth, or in the highest one, happens
        // once in 10^13 runs.
        assert!((bound / 5..=bound).contains(&longest[n]), "{} of {bound}", longest[n]);
        assert!(shortest[n] < bound / 5 * 4, "{} of {bound}", shortest[n]);
    }
}

#[tokio::test]
async fn all_attempts_and_waits_fit_into_the_total_time() {
    let (waits, _guard) = Waits::skipped();
    let policy = RetryPolicy::default().with_max_total_time(Duration::from_secs(25));
    let server = server(vec![answer(503, &[("Retry-After", "10")], ""); 10]);
    let error = upload(&server, policy).await.unwrap_err();
    assert_eq!(waits.announced(), [10_000, 10_000], "a third one would end too late");
    assert_eq!((error.attempts(), error.total_wait()), (3, Duration::from_secs(20)));
    let text = error.to_string();
    assert!(text.contains("; 3 attempts, 20.0 s waited between them"), "{text}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again() {
    let half = Step::response(200, &[], "").slice(..12);
    for (name, step) in [
        ("before the request", Step::close_before_reading()),
        ("after the head", Step::close_after_head()),
        ("in the body", Step::close_in_body(100)),
        ("after the request", Step::close_after_request()),
        ("in the head of the answer", Step::respond_then_close(half)),
        ("after nonsense", Step::respond_then_close("nonsense\r\n\r\n")),
    ] {
        let server = server([step.clone(), step, ok()]);
        let response =
            upload(&server, eager()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(response.attempts, 3, "{name}");
        let requests = server.requests();
        assert_eq!((requests.len(), requests[2].body.as_ref()), (3, JPEG), "{name}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_each_time_is_an_error_with_its_cause() {
    for step in
        [Step::close_before_reading(), Step::close_in_body(100), Step::close_after_request()]
    {
        let server = server(vec![step; 10]);
        let error = upload(&server, eager().with_max_retries(2)).await.unwrap_err();
        assert!(error.is_connection() && error.is_retryable(), "{error}");
        assert!(!error.is_timeout() && !error.is_local() && error.status().is_none(), "{error}");
        assert_eq!((error.attempts(), server.requests().len()), (3, 3));
        assert!(std::error::Error::source(&error).is_some());
        assert_no_repetition(&error);
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    let place = Unvisited::new();
    let url = place.url();
    drop(place);
    let client = builder(&url).retry_policy(eager()).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_connection() && error.is_retryable() && !error.is_timeout());
    assert!(error.to_string().contains(": no connection was made; 5 attempts"), "{error}");
}

/// Knows no name, and says so never.
struct SilentResolver;

impl Resolve for SilentResolver {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_tried_again() {
    let own = own_client()
        .connect_timeout(Duration::from_millis(10))
        .dns_resolver(SilentResolver)
        .build()
        .unwrap();
    let client =
        builder("https://graph.example").http_client(own).retry_policy(eager()).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_timeout() && error.is_connection() && error.is_retryable(), "{error}");
    let said = ": no connection was made in time; 5 attempts";
    assert!(error.to_string().contains(said), "{error}");
}

#[tokio::test]
async fn silence_ends_with_the_attempt_and_is_not_tried_again() {
    let half = Step::response(200, &[], "").slice(..12);
    for step in [
        Step::silence(),
        // One byte an hour.
        Step::respond_slowly(half, 1, Duration::from_secs(3600)),
    ] {
        let server = server([step, ok()]);
        let client = builder(&server.url())
            .attempt_timeout(Duration::from_millis(20))
            .retry_policy(eager())
            .build()
            .unwrap();
        let error = replace_me(&client).await.unwrap_err();
        assert!(error.is_timeout() && error.is_connection() && error.is_retryable(), "{error}");
        assert_eq!(error.attempts(), 1);
        assert!(error.to_string().contains(": no answer came in time"), "{error}");
    }
}

#[tokio::test]
async fn the_time_limit_of_a_caller_s_own_client_is_replaced() {
    let own = own_client().timeout(Duration::from_millis(1)).build().unwrap();
    let slowly = |status| {
        let answer = Step::response(status, &[], "");
        Step::respond_slowly(answer, 16, Duration::from_millis(20))
    };
    let server = server([slowly(503), slowly(200)]);
    let client = builder(&server.url()).http_client(own).retry_policy(eager()).build().unwrap();
    assert_eq!(replace_me(&client).await.unwrap().attempts, 2);
}

#[tokio::test]
async fn an_answer_before_the_body_was_read_counts() {
    let server = server([
        Step::respond_before_body(Step::response(503, &[], "")),
        Step::respond_before_body(Step::response(200, &[], "")),
    ]);
    let client = client(&server, eager());
    let large = photo_of(3_000_000);
    let response = client.replace(&PhotoTarget::me(), &large).await.unwrap();
    assert_eq!(response.attempts, 2);

    // Whether the answer or the broken connection is seen first, is chance.
    let refusal = Step::response(413, &[], "");
    let server = super::support::server([Step::respond_before_body_then_close(refusal)]);
    let client = builder(&server.url()).build().unwrap();
    let error = client.replace(&PhotoTarget::me(), &large).await.unwrap_err();
    assert!(error.is_too_large() || error.is_connection(), "{error}");
    assert!(!error.is_local());
}

/// Nothing came of a dropped upload but its first request: the next one is that
/// of the next upload.
async fn assert_is_over(client: &GraphPhotoClient, server: &ScriptedServer) {
    let user = PhotoTarget::user("the-next-one").unwrap();
    client.replace(&user, &photo()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].request_line().contains("the-next-one"));
}

#[tokio::test]
async fn dropping_an_upload_stops_it_while_it_waits() {
    let (waits, guard) = Waits::watched();
    let server = server([answer(429, &[("Retry-After", "200")], ""), ok(), ok()]);
    let client = client(&server, RetryPolicy::default());
    tokio::select! {
        outcome = replace_me(&client) => panic!("{outcome:?}"),
        () = waits.0.is_announced.notified() => {}
    }
    drop(guard);
    // Were anything left of it, it would now be tried again.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3600)).await;
    tokio::time::resume();
    assert_is_over(&client, &server).await;
}

#[tokio::test]
async fn dropping_an_upload_stops_it_while_it_is_unanswered() {
    let server = server([Step::silence(), ok(), ok()]);
    let client = client(&server, eager());
    tokio::select! {
        outcome = replace_me(&client) => panic!("{outcome:?}"),
        _ = server.wait_for_requests(1) => {}
    }
    assert_is_over(&client, &server).await;
}

#[tokio::test]
async fn a_401_between_retries_is_answered_with_another_token_once() {
    let (busy, refused) = (answer(503, &[], ""), answer(401, &[], ""));
    let server = server([busy.clone(), refused.clone(), busy, refused, ok()]);
    let error = upload(&server, eager()).await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (4, 4));
    assert!(error.is_unauthorized());
}
