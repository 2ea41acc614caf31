//! What the client retries, and how often. `transport/attempts.rs` tests the waits with a
//! paused clock.

use std::time::Duration;

use graph_photo_client::{Error, GraphPhotoClient, PhotoTarget, RetryPolicy, UploadResponse};
use graph_photo_emulator::{Emulator, Fault};
use reqwest::dns::{Name, Resolve, Resolving};
use serde_json::json;

use super::support::{
    JPEG, TOKEN, Tokens, Unvisited, answer, assert_no_repetition, builder, ok, own_client, photo,
    photo_of, replace_me, server,
};

const RETRYABLE: [u16; 6] = [408, 429, 502, 503, 504, 509];

/// Retries at once.
fn eager() -> RetryPolicy {
    RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO)
}

fn client(server: &Emulator, policy: RetryPolicy) -> GraphPhotoClient {
    builder(&server.url()).retry_policy(policy).build().unwrap()
}

async fn upload(server: &Emulator, policy: RetryPolicy) -> Result<UploadResponse, Error> {
    replace_me(&client(server, policy)).await
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

/// Graph's JSON, with code and message in each of the places where they may be.
fn shapes(code: &str, message: &str) -> [String; 4] {
    let flat = json!({"errorCode": code, "message": message, "innerError": null});
    let outer = |message: String| json!({"error": {"code": "UnknownError", "message": message}});
    let inner = json!({"code": code, "message": message});
    [
        json!({"error": {"code": code, "message": message}}).to_string(),
        json!({"error": {"code": "UnknownError", "message": "", "innerError": inner}}).to_string(),
        outer(flat.to_string()).to_string(),
        flat.to_string(),
    ]
}

const CONCURRENCY: &str = "Directory_ConcurrencyViolation";
const TOO_MANY: &str = "The specified object was not found in the store., Too many photo items \
                        with class 'IPM.UserPhoto.Preview'.";

#[tokio::test]
async fn a_failed_store_may_pass() {
    for body in shapes("ErrorStoreInternalServerError", "m") {
        let server = server([answer(500, &[], &body)]);
        let error = upload(&server, eager()).await.unwrap_err();
        // Hint and predicate agree about retrying.
        assert!(error.hint().unwrap().contains("try again later") && error.is_retryable());
        assert!(error.hint().unwrap().contains("never passes"), "of some it does not");
        assert_eq!(error.attempts(), 1, "no 500 is tried again");
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_though_its_status_does_not_say_so() {
    let conflicts = shapes(CONCURRENCY, "Please wait briefly and retry.").map(|body| (409, body));
    let leftovers = shapes("ErrorItemNotFound", TOO_MANY).map(|body| (404, body));
    for (status, body) in conflicts.into_iter().chain(leftovers) {
        let refusal = answer(status, &[], &body);
        let server = server([refusal.clone(), refusal.clone(), ok()]);
        let response = upload(&server, eager()).await.unwrap();
        assert_eq!(response.attempts, 3, "{body}");

        let server = super::support::server(vec![refusal; 9]);
        let error = upload(&server, eager()).await.unwrap_err();
        assert_eq!((error.attempts(), server.connections()), (5, 1), "{body}");
        assert!(error.is_retryable() && !error.is_not_found(), "{error}");
        assert!(error.hint().unwrap().ends_with("try again later"), "{error}");
        // The error keeps what was read for the decision.
        let codes = [error.code(), error.inner_code()];
        let expected = [Some(CONCURRENCY), Some("ErrorItemNotFound")];
        assert!(codes.iter().any(|code| expected.contains(code)), "{error}");
        assert!(error.message().is_some(), "{error}");
    }
}

#[tokio::test]
async fn what_only_resembles_that_is_final() {
    let bodies = [
        (409, shapes("Conflict", "Please wait briefly and retry.")),
        (409, shapes("ErrorItemNotFound", TOO_MANY)),
        (404, shapes("ErrorItemNotFound", "The specified object was not found in the store.")),
        (404, shapes(CONCURRENCY, "")),
        (400, shapes(CONCURRENCY, TOO_MANY)),
        (412, shapes(CONCURRENCY, "")),
        // Not Graph's.
        (404, [TOO_MANY; 4].map(|page| format!("<p>{page}</p>"))),
    ];
    for (status, bodies) in bodies {
        for body in bodies {
            let server = server([answer(status, &[("Retry-After", "0")], &body), ok()]);
            let error = upload(&server, eager()).await.unwrap_err();
            assert_eq!((error.attempts(), server.requests().len()), (1, 1), "{status} {body}");
            assert!(!error.is_retryable(), "{error}");
        }
    }
}

/// The data of one response never ends up in the error of another.
#[tokio::test]
async fn the_last_answer_is_reported_with_its_own_body() {
    let [conflict, ..] = shapes(CONCURRENCY, "");
    let server = server([answer(409, &[], conflict), answer(401, &[], "<p>the last</p>")]);
    let tokens = Tokens::new(&[Ok(TOKEN), Err("the session is over")]);
    let client = builder(&server.url()).token_provider(tokens).retry_policy(eager());
    let error = replace_me(&client.build().unwrap()).await.unwrap_err();
    assert_eq!((error.code(), error.body_excerpt()), (None, Some("<p>the last</p>")));
    assert!(error.is_unauthorized() && !error.is_retryable(), "{error}");
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
async fn a_retry_after_that_says_nothing_is_no_reason_to_hurry() {
    let past = "Wed, 21 Oct 2015 07:28:00 GMT";
    for value in [past, "soon", "", "-1"] {
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
    let never = "Fri, 31 Dec 9999 23:59:59 GMT";
    for value in ["301", "99999999999999999999999", never] {
        let server = server([answer(429, &[("Retry-After", value)], ""), ok()]);
        let error = upload(&server, RetryPolicy::default()).await.unwrap_err();
        assert!(error.retry_after().unwrap() >= Duration::from_secs(301), "{value}");
        assert_eq!((error.attempts(), server.requests().len()), (1, 1), "{value}");
        assert_eq!(error.total_wait(), Duration::ZERO);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again() {
    let half = Fault::response(200, &[], "").slice(..12);
    for (name, step) in [
        ("before the request", Fault::close().before_body()),
        ("after the head", Fault::close().before_body()),
        ("in the body", Fault::close().in_body(100)),
        ("after the request", Fault::close()),
        ("in the head of the answer", Fault::raw(half).then_close()),
        ("after nonsense", Fault::raw("nonsense\r\n\r\n").then_close()),
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
    for step in [Fault::close().before_body(), Fault::close().in_body(100), Fault::close()] {
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

/// A resolver that never answers.
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
    let half = Fault::response(200, &[], "").slice(..12);
    for step in [
        Fault::silence(),
        // One byte an hour.
        Fault::raw(half).slowly(1, Duration::from_secs(3600)),
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
        let answer = Fault::response(status, &[], "");
        Fault::raw(answer).slowly(16, Duration::from_millis(20))
    };
    let server = server([slowly(503), slowly(200)]);
    let client = builder(&server.url()).http_client(own).retry_policy(eager()).build().unwrap();
    assert_eq!(replace_me(&client).await.unwrap().attempts, 2);
}

#[tokio::test]
async fn an_answer_before_the_body_was_read_counts() {
    let server = server([
        Fault::raw(Fault::response(503, &[], "")).before_body(),
        Fault::raw(Fault::response(200, &[], "")).before_body(),
    ]);
    let client = client(&server, eager());
    let large = photo_of(3_000_000);
    let response = client.replace(&PhotoTarget::me(), &large).await.unwrap();
    assert_eq!(response.attempts, 2);

    // Whether the client sees the response or the broken connection first is chance.
    let refusal = Fault::response(413, &[], "");
    let server = super::support::server([Fault::raw(refusal).before_body().then_close()]);
    let client = builder(&server.url()).build().unwrap();
    let error = client.replace(&PhotoTarget::me(), &large).await.unwrap_err();
    assert!(error.is_too_large() || error.is_connection(), "{error}");
    assert!(!error.is_local());
}

/// A dropped upload sends only its first request; the next one is that of the next upload.
async fn assert_is_over(client: &GraphPhotoClient, server: &Emulator) {
    let user = PhotoTarget::user("the-next-one").unwrap();
    client.replace(&user, &photo()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].request_line().contains("the-next-one"));
}

#[tokio::test]
async fn dropping_an_upload_stops_it_while_it_is_unanswered() {
    let server = server([Fault::silence(), ok(), ok()]);
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
