//! Status, headers and error of responses in every form.

use std::time::Duration;

use graph_photo_client::RetryPolicy;
use graph_photo_emulator::Fault;
use serde_json::json;

use super::support::{
    Tokens, answer, builder, client, error_of, errors_of, ok, outcome_of, replace_me, server,
};

#[tokio::test]
async fn any_2xx_is_success() {
    for status in [200, 201, 202, 204, 206, 299] {
        let headers = [("request-id", "id-of-graph")];
        let response = outcome_of(answer(status, &headers, "")).await.unwrap();
        assert_eq!(response.status.as_u16(), status);
        assert_eq!(response.request_id.as_deref(), Some("id-of-graph"));
        assert_eq!((response.attempts, response.total_wait), (1, Duration::ZERO));
        assert_eq!(response.client_request_id.unwrap().len(), 36);
    }
    let unread = Fault::response(200, &[], "0123456789").slice(..50);
    assert!(outcome_of(Fault::raw(unread).then_close()).await.is_ok());
}

#[tokio::test]
async fn every_status_and_header_is_kept() {
    const JSON: &str = r#"{"error":{"code":"c","message":"m"}}"#;
    let headers = [("X-Kept", "yes"), ("Content-Encoding", "identity"), ("request-id", "r")];
    // A 304 has no body.
    let mut cases = vec![(304, "")];
    for status in
        [300, 400, 401, 403, 404, 405, 409, 412, 413, 429, 500, 502, 503, 507, 599, 600, 999]
    {
        cases.extend([(status, ""), (status, JSON), (status, "<html>")]);
    }
    // A 401 is answered with another request.
    let repeated = |status| if status == 401 { 2 } else { 1 };
    let steps: Vec<Fault> = cases
        .iter()
        .flat_map(|&(status, body)| vec![answer(status, &headers, body); repeated(status)])
        .collect();
    let server = server(steps);
    let client = client(&server);
    for (status, body) in cases {
        let error = replace_me(&client).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        let kept = error.headers().unwrap();
        assert_eq!(kept["x-kept"], "yes");
        assert_eq!(kept["content-encoding"], "identity");
        assert_eq!(kept["content-length"], body.len().to_string());
        assert_eq!(error.request_id(), Some("r"));
        assert_eq!(error.client_request_id().unwrap().len(), 36);
        assert!(!error.is_local() && !error.is_connection() && !error.is_timeout());
        assert_eq!(error.is_unauthorized(), status == 401);
        assert_eq!(error.is_permission_denied(), status == 403);
        assert_eq!(error.is_not_found(), status == 404);
        assert_eq!(error.is_too_large(), status == 413);
        assert_eq!(error.is_throttled(), status == 429);
        assert_eq!(error.is_retryable(), [429, 502, 503].contains(&status));
        assert_eq!(error.code(), (body == JSON).then_some("c"), "{status} {body}");
    }
}

#[tokio::test]
async fn json_is_understood_in_every_shape() {
    let embedded = r#"{\"error\":{\"code\":\"Deep\",\"message\":\"the sense\"}}"#;
    let flat = r#"{\"errorCode\":\"Deep\",\"message\":\"the sense\",\"details\":null}"#;
    let cases = [
        (r#"{"error":{"code":"A","message":"m"}}"#.to_owned(), ["A", "", "m", ""]),
        (
            r#"{"error":{"code":"A","message":"m","innerError":{"code":"B","request-id":"r"}}}"#
                .to_owned(),
            ["A", "B", "m", "r"],
        ),
        (
            r#"{"error":{"code":"A","message":"m","innererror":{"code":"B","request-id":"r"}}}"#
                .to_owned(),
            ["A", "B", "m", "r"],
        ),
        (
            r#"{"error":{"code":"A","message":"m","innerError":{"innererror":
                {"code":"B","innerError":{"code":"C","innerError":{"code":"","request-id":"r"}}}}}}"#
                .to_owned(),
            ["A", "C", "m", "r"],
        ),
        (r#"{"error":{"code":"","message":""}}"#.to_owned(), ["", "", "", ""]),
        (r#"{"error":{}}"#.to_owned(), ["", "", "", ""]),
        (r#"{"error":{"code":7,"message":null}}"#.to_owned(), ["", "", "", ""]),
        (
            r#"{"error":{"code":"A","message":{"lang":"en","value":"m"}}}"#.to_owned(),
            ["A", "", "m", ""],
        ),
        (
            r#"{"error":{"code":"A","message":"","innerError":{"message":"the sense"}}}"#.to_owned(),
            ["A", "", "the sense", ""],
        ),
        (
            format!(r#"{{"error":{{"code":"UnknownError","message":"{embedded}"}}}}"#),
            ["UnknownError", "Deep", "the sense", ""],
        ),
        (
            format!(
                r#"{{"error":{{"code":"UnknownError","message":"{embedded}",
                    "innerError":{{"request-id":"r"}}}}}}"#
            ),
            ["UnknownError", "Deep", "the sense", "r"],
        ),
        (
            format!(
                r#"{{"Error":{{"Code":"UnknownError","Message":"{flat}",
                    "InnerError":{{"Request-Id":"r"}}}}}}"#
            ),
            ["UnknownError", "Deep", "the sense", "r"],
        ),
        // Without an envelope.
        (r#"{"errorCode":"A","message":"m"}"#.to_owned(), ["A", "", "m", ""]),
        (r#"{"ERRORCODE":"A","Message":"m","target":null}"#.to_owned(), ["A", "", "m", ""]),
        (
            r#"{"code":"A","message":"m","innerError":{"errorCode":"B","request-id":"r"}}"#.to_owned(),
            ["A", "B", "m", "r"],
        ),
        (format!(r#"{{"code":"A","message":"{flat}"}}"#), ["A", "Deep", "the sense", ""]),
        (
            r#"{"error":{"code":"A","message":{"errorCode":"B","message":"m"}}}"#.to_owned(),
            ["A", "B", "m", ""],
        ),
        (
            r#"{"odata.error":{"code":"A","message":{"lang":"en","value":"m"}}}"#.to_owned(),
            ["A", "", "m", ""],
        ),
        // JSON in JSON in JSON.
        (
            json!({"error": {"code": "UnknownError", "message": json!({
                "errorCode": "Flat", "message": json!({"ErrorCode": "Deep", "message": "m"}).to_string()
            }).to_string()}})
            .to_string(),
            ["UnknownError", "Deep", "m", ""],
        ),
        (r#"{"error":"text"}"#.to_owned(), ["text", "", "", ""]),
        (
            r#"{"error":"invalid_grant","error_description":"m"}"#.to_owned(),
            ["invalid_grant", "", "m", ""],
        ),
    ];
    let errors = errors_of(cases.iter().map(|(body, _)| answer(400, &[], body))).await;
    for ((body, expected), error) in cases.iter().zip(errors) {
        assert_eq!(error.body_excerpt(), None, "{body}");
        let parts = [error.code(), error.inner_code(), error.message(), error.request_id()];
        assert_eq!(parts.map(Option::unwrap_or_default), *expected, "{body}");
        assert!(!parts.contains(&Some("")), "what is empty is absent: {body}");
    }
}

#[tokio::test]
async fn the_content_type_is_not_needed_to_understand() {
    let headers = [("Content-Type", "text/html; charset=x")];
    let error = error_of(answer(404, &headers, r#"{"error":{"code":"A","message":"m"}}"#)).await;
    assert_eq!((error.code(), error.message()), (Some("A"), Some("m")));
    assert_eq!(error.headers().unwrap()["content-type"], headers[0].1);
}

#[tokio::test]
async fn nesting_has_a_bound() {
    let nested = r#"{"code":"A","innerError":"#.repeat(100);
    let body = format!(r#"{{"error":{nested}{{}}{}}}"#, "}".repeat(100));
    let error = error_of(answer(400, &[], body)).await;
    assert_eq!((error.code(), error.inner_code()), (Some("A"), Some("A")));
}

/// An error with so many inner errors in a row, the innermost one with a message.
fn chain_of(length: usize, message: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    let (start, end) = (r#"{"code":"A","innerError":"#.repeat(length), "}".repeat(length));
    format!(r#"{{"error":{start}{{"message":{message}}}{end}}}"#)
}

/// Each inner error may have another chain in its message. One limit for their sum keeps
/// parsing within its own limits.
#[tokio::test]
async fn nesting_in_members_and_messages_has_one_bound() {
    let mut body = chain_of(14, "m");
    for _ in 0..4 {
        body = chain_of(14, &body);
        let error = error_of(answer(404, &[("request-id", "r")], &body)).await;
        assert!(error.is_not_found() && !error.is_invalid_configuration(), "{error}");
        assert_eq!((error.request_id(), error.code()), (Some("r"), Some("A")));
    }
    // Unknown members may be nested as deeply as JSON allows.
    let deep = format!("{}{}", "[".repeat(110), "]".repeat(110));
    let body = format!(r#"{{"error":{{"code":"A","x":{deep},"innerError":{{"y":{deep}}}}}}}"#);
    let error = error_of(answer(404, &[], chain_of(14, &body))).await;
    assert_eq!((error.status().unwrap().as_u16(), error.inner_code()), (404, Some("A")));
}

#[tokio::test]
async fn json_may_begin_with_a_byte_order_mark() {
    let body = "\u{FEFF}{\"error\":{\"code\":\"A\",\"message\":\"m\"}}";
    let error = error_of(answer(404, &[], body)).await;
    assert_eq!((error.code(), error.message()), (Some("A"), Some("m")));
}

#[tokio::test]
async fn an_empty_request_id_is_none() {
    let body = r#"{"error":{"code":"A","message":"m","innerError":{"request-id":"r"}}}"#;
    let error = error_of(answer(404, &[("request-id", "")], body)).await;
    assert_eq!(error.request_id(), Some("r"));
}

#[tokio::test]
async fn what_is_not_graph_s_json_is_kept_as_an_excerpt() {
    for body in [
        "<html>no</html>",
        "no",
        "{}",
        "[]",
        "null",
        r#"{"error":7}"#,
        r#"{"error":{"#,
        r#"{"message":"m"}"#,
        r#"{"statusCode":502,"message":"m"}"#,
        r#"{"code":7,"message":"m"}"#,
        r#"{"code":"","message":"m"}"#,
    ] {
        let error = error_of(answer(502, &[], body)).await;
        assert_eq!(error.body_excerpt(), Some(body));
        assert_eq!((error.code(), error.message(), error.inner_code()), (None, None, None));
    }
    let error = error_of(answer(502, &[], "")).await;
    assert_eq!((error.body_excerpt(), error.message()), (None, None));
}

#[tokio::test]
async fn an_excerpt_is_one_kib() {
    for (body, excerpt) in [
        ("é".repeat(512), "é".repeat(512)),
        ("é".repeat(513), "é".repeat(512)),
        // The limit cuts the last one in two.
        (format!("a{}", "é".repeat(512)), format!("a{}", "é".repeat(511))),
    ] {
        let error = error_of(answer(500, &[], body)).await;
        assert_eq!(error.body_excerpt(), Some(excerpt.as_str()));
    }
    let error = error_of(answer(500, &[], b"a\xFF\xFEb")).await;
    assert_eq!(error.body_excerpt(), Some("a\u{FFFD}\u{FFFD}b"));
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_read_to_a_bound() {
    let json = format!(r#"{{"error":{{"code":"A","message":"{}"}}}}"#, "m".repeat(10_000_000));
    let error = error_of(answer(400, &[], &json)).await;
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert_eq!(error.body_excerpt(), Some(&json[..1024]));
    assert!(error.to_string().len() < 300, "{error}");
    assert!(format!("{error:?}").len() < 5000);
}

#[tokio::test]
async fn of_a_body_no_more_than_the_bound_is_read() {
    let json = |bytes: usize| {
        let json = r#"{"error":{"code":"c","message":""}}"#;
        json.replace(r#""""#, &format!(r#""{}""#, "m".repeat(bytes - json.len())))
    };
    for (bytes, is_whole) in [(65_535, true), (65_536, true), (65_537, false), (66_000, false)] {
        let error = error_of(answer(400, &[], json(bytes))).await;
        assert_eq!(error.code(), is_whole.then_some("c"), "{bytes} bytes");
        assert_eq!(error.body_excerpt().is_some(), !is_whole, "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_message_of_any_length_is_kept_and_its_beginning_shown() {
    let long = "m".repeat(50_000);
    let body = format!(r#"{{"error":{{"code":"{long}","message":"{long}"}}}}"#);
    let error = error_of(answer(400, &[("request-id", &long)], &body[..])).await;
    assert_eq!(error.body_excerpt().map(str::len), Some(1024), "it is beyond the bound");
    let body = format!(r#"{{"error":{{"code":"{0}","message":"{0}"}}}}"#, &long[..20_000]);
    let error = error_of(answer(400, &[("request-id", &long)], body)).await;
    assert_eq!(error.message().map(str::len), Some(20_000));
    assert_eq!(error.code().map(str::len), Some(20_000));
    assert_eq!(error.request_id().map(str::len), Some(50_000));
    assert!(error.to_string().len() < 1000, "{error}");
    assert!(error.to_string().contains("mmm…"), "{error}");
}

#[tokio::test]
async fn a_body_without_end_is_read_to_a_bound() {
    let head = "HTTP/1.1 503 Busy\r\nContent-Length: 1000000000\r\n\r\n";
    // The server then waits for the next request: the rest never comes.
    let answer = format!("{head}{}", "x".repeat(200_000));
    let error = error_of(Fault::raw(answer)).await;
    assert_eq!(error.status().unwrap().as_u16(), 503);
    assert_eq!(error.body_excerpt().unwrap().len(), 1024);
}

#[tokio::test]
async fn a_truncated_body_keeps_what_came() {
    let body = r#"{"error":{"code":"A","message":"m"}}"#;
    let whole = Fault::response(404, &[("request-id", "r")], body);
    let error = error_of(Fault::raw(whole.slice(..whole.len() - 5)).then_close()).await;
    assert!(error.is_not_found());
    assert_eq!(
        (error.request_id(), error.body_excerpt()),
        (Some("r"), Some(&body[..body.len() - 5]))
    );

    let chunked = "HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nff\r\nwor";
    let error = error_of(Fault::raw(chunked).then_close()).await;
    assert!(error.is_not_found() && error.body_excerpt().unwrap().starts_with("hello"));
}

#[tokio::test]
async fn a_body_that_never_ends_keeps_the_status() {
    let answer = Fault::response(404, &[], "0123456789").slice(..50);
    let slow = Fault::raw(answer.clone()).slowly(answer.len() - 1, Duration::from_secs(3600));
    let server = server([slow]);
    let client = builder(&server.url()).attempt_timeout(Duration::from_millis(50)).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    // Either it came too late as a whole, or its status counts.
    assert!(error.is_not_found() || error.is_timeout(), "{error}");
}

#[tokio::test]
async fn an_error_body_leaves_the_connection_for_the_next_upload() {
    let body = "x".repeat(10_000);
    let server = server([answer(404, &[], &body), ok()]);
    let client = client(&server);
    replace_me(&client).await.unwrap_err();
    replace_me(&client).await.unwrap();
    assert_eq!(server.connections(), 1);
}

/// A response whose body arrives a moment after its head.
fn answer_in_parts(status: u16) -> Fault {
    let answer = Fault::response(status, &[], "late");
    let head = answer.len() - "late".len();
    Fault::raw(answer).slowly(head, Duration::from_millis(20))
}

#[tokio::test]
async fn a_late_body_leaves_the_connection_for_the_next_upload() {
    let server = server([
        answer_in_parts(200),
        answer_in_parts(201),
        // Tried again.
        answer_in_parts(503),
        answer_in_parts(401),
        answer_in_parts(404),
        ok(),
    ]);
    let policy = RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO);
    let client = builder(&server.url()).retry_policy(policy).build().unwrap();
    replace_me(&client).await.unwrap();
    replace_me(&client).await.unwrap();
    replace_me(&client).await.unwrap_err();
    replace_me(&client).await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (6, 1));
}

#[tokio::test]
async fn a_success_without_end_is_a_success() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
    // The server then waits for the next request: the rest never comes.
    outcome_of(Fault::raw(format!("{head}{}", "x".repeat(200_000)))).await.unwrap();
    outcome_of(Fault::raw(head)).await.unwrap();
}

#[tokio::test]
async fn the_last_answer_is_the_one_reported() {
    let server = server([
        answer(401, &[("request-id", "first")], r#"{"error":{"code":"First"}}"#),
        answer(403, &[("request-id", "second")], "<html>"),
    ]);
    let tokens = Tokens::new(&[Ok("a"), Ok("b")]);
    let client = builder(&server.url()).token_provider(tokens).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_permission_denied() && !error.is_unauthorized());
    assert_eq!((error.request_id(), error.code()), (Some("second"), None));
    assert_eq!(error.body_excerpt(), Some("<html>"));
}

#[tokio::test]
async fn an_unknown_error_is_told_by_what_is_inside() {
    for (outer, told) in [("UnknownError", "(B): m"), ("", "(B): m"), ("A", "(A, B): m")] {
        let inner = json!({"errorCode": "B", "message": "m"}).to_string();
        let body = json!({"error": {"code": outer, "message": inner}}).to_string();
        let error = error_of(answer(404, &[], body)).await;
        assert!(error.to_string().contains(told), "{error}");
        assert_eq!(error.inner_code(), Some("B"));
    }
    let error = error_of(answer(404, &[], r#"{"error":{"code":"UnknownError"}}"#)).await;
    assert!(error.to_string().contains("(UnknownError)"), "{error}");
}
