//! What the user reads: every message in one table.

use std::{fmt::Write as _, time::Duration};

use graph_photo_client::{Error, Operation, RetryPolicy};
use graph_photo_emulator::{AccessToken, Fault};

use super::support::{
    Tokens, answer, assert_no_repetition, assert_snapshot, builder, chain, client, error_of,
    errors_of, photo, replace_me, server, target,
};

/// A table of messages.
#[derive(Default)]
struct Table(String);

impl Table {
    fn add(&mut self, name: &str, error: &Error) {
        assert_no_repetition(error);
        let hint = error.hint().unwrap_or_default();
        assert!(error.to_string().contains(hint), "{name}");
        // Hint and predicate agree about retrying.
        assert!(!hint.contains("try again later") || error.is_retryable(), "{name}");
        assert!(!hint.contains("does not help") || !error.is_retryable(), "{name}");
        writeln!(self.0, "## {name}\n{}\n", chain(error)).unwrap();
    }
}

fn graph(code: &str, message: &str) -> String {
    format!(
        r#"{{"error":{{"code":"{code}","message":"{message}","innerError":{{
            "date":"2024-05-01T10:00:00","request-id":"6f8a1f7e-0000-4000-8000-000000000001",
            "client-request-id":"6f8a1f7e-0000-4000-8000-000000000002"}}}}}}"#
    )
}

/// Name, status, Graph's code and message.
const REFUSALS: &[(&str, u16, &str, &str)] = &[
    ("no such item", 404, "ErrorItemNotFound", "The object wasn't found."),
    ("no mailbox", 404, "ErrorNonExistentMailbox", "No mailbox."),
    (
        "no mailbox, by REST",
        404,
        "MailboxNotEnabledForRESTAPI",
        "REST API is not yet supported for this mailbox.",
    ),
    ("forbidden", 403, "ErrorAccessDenied", "Access is denied."),
    ("group, app-only", 403, "AppOnlyTokenNotSupportedForGroupUpdate", "Not supported."),
    ("too small a picture", 400, "ValidationWidthTooSmall", "Too small."),
    ("not an image", 500, "ErrorInternalServerError", "The content isn't an image."),
    ("store failed", 500, "ErrorStoreInternalServerError", "Try again."),
    ("mailbox on premises", 400, "MailboxNotHostedInExchangeOnline", "Not hosted here."),
    ("leftovers", 404, "ErrorItemNotFound", "Not found., Too many photo items with class 'A'."),
    ("a guest", 400, "ErrorInvalidRequest", "Request is invalid."),
    ("another invalid request", 400, "ErrorInvalidRequest", "The request is odd."),
    ("other changes", 409, "Directory_ConcurrencyViolation", "Please wait briefly and retry."),
    ("throttled", 429, "TooManyRequests", "Too many \\\"requests\\\"."),
    ("conflict", 409, "Conflict", "There was a conflict."),
    ("method", 405, "Request_BadRequest", "Not allowed."),
    ("full", 507, "QuotaExceeded", "Full."),
    ("escape sequences", 400, "A\\u001b[2J", "it's \\u202e \\\"b\\\"\\n"),
];

/// Name, status, body.
const OTHER_BODIES: &[(&str, u16, &str)] = &[
    (
        "more specific within",
        400,
        r#"{"error":{"code":"UnknownError","message":
            "{\"error\":{\"code\":\"ErrorItemNotFound\",\"message\":\"Not found.\"}}"}}"#,
    ),
    (
        "flat within",
        404,
        r#"{"error":{"code":"UnknownError","message":
            "{\"errorCode\":\"ErrorUserResolutionFailedUserDoesNotExist\",\"message\":\"Gone.\"}"}}"#,
    ),
    ("flat", 400, r#"{"ErrorCode":"ValidationWidthTooSmall","Message":"Too small."}"#),
    ("text for an error", 400, r#"{"error":"invalid_request"}"#),
    (
        "too large",
        413,
        "<html>\n<head><title>413 Request Entity Too Large</title></head>\n<body>nginx</body></html>",
    ),
    ("a gateway", 502, "Bad\u{1b}[2J gateway"),
    ("nothing", 503, ""),
    ("not modified", 304, ""),
    ("a status that nobody knows", 600, ""),
];

#[tokio::test]
async fn of_graph_s_answers() {
    let mut table = Table::default();
    let mut cases = Vec::new();
    for &(name, status, code, message) in REFUSALS {
        cases.push((name, answer(status, &[], graph(code, message))));
    }
    for &(name, status, body) in OTHER_BODIES {
        cases.push((name, answer(status, &[], body)));
    }
    for (name, status, header) in [
        ("a time to wait", 429, ("Retry-After", "30")),
        ("redirect", 302, ("Location", "https://login.example.com/?a='b'")),
        ("an odd id", 503, ("request-id", "a\tb")),
    ] {
        cases.push((name, answer(status, &[header], "")));
    }
    let (names, steps): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    for (name, error) in names.into_iter().zip(errors_of(steps).await) {
        table.add(name, &error);
    }
    assert_snapshot!(table.0);
}

#[tokio::test]
async fn of_connections_and_retries() {
    let mut table = Table::default();
    table.add("connection closed", &error_of(Fault::close()).await);
    table.add("no HTTP", &error_of(Fault::raw("nonsense\r\n\r\n").then_close()).await);

    let nowhere = builder("http://127.0.0.1:1").build().unwrap();
    table.add("no connection", &replace_me(&nowhere).await.unwrap_err());

    let silent = server([Fault::silence()]);
    let client = builder(&silent.url()).attempt_timeout(Duration::from_millis(10)).build().unwrap();
    table.add("silence", &replace_me(&client).await.unwrap_err());

    let busy = server(vec![answer(503, &[("Retry-After", "0")], ""); 9]);
    let policy = RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO);
    let client = builder(&busy.url()).retry_policy(policy).build().unwrap();
    let contact = "/users/o'hara@contoso.com/contacts/a%2Fb%25c".parse().unwrap();
    table.add("tried again", &client.update(&contact, &photo()).await.unwrap_err());

    let refused = server([answer(401, &[], "")]);
    let first = AccessToken::delegated(["Mail.Read"]).encode();
    let tokens = Tokens::new(&[Ok(&first), Err("the session is over")]);
    let client = builder(&refused.url()).token_provider(tokens).build().unwrap();
    table.add("no other token", &replace_me(&client).await.unwrap_err());
    assert_snapshot!(table.0);
}

/// Hints appear for groups and contacts as well, so a hint about users says so.
#[tokio::test]
async fn hints_suit_every_operation() {
    for &operation in Operation::ALL {
        let server = server([
            answer(404, &[], graph("ErrorItemNotFound", "Not found.")),
            answer(404, &[], graph("ErrorNonExistentMailbox", "No mailbox.")),
        ]);
        let client = client(&server);
        let (method, target) = (operation.method(), target(operation));
        let hint = async || {
            let error = client.upload(method, &target, &photo()).await.unwrap_err();
            error.hint().unwrap()
        };
        let (not_found, no_mailbox) = (hint().await, hint().await);
        for said in ["check the identifier", "a user without a mailbox", "ids of contacts"] {
            assert!(not_found.contains(said), "{operation}: {not_found}");
        }
        assert!(no_mailbox.starts_with("there is no Exchange Online mailbox"), "{no_mailbox}");
    }
}
