//! What an answer echoes of a token is neither kept nor shown nor logged: pieces of every
//! offset and of several lengths, through every channel.

use std::{collections::HashSet, fmt::Write as _};

use graph_photo_client::{Error, StaticToken, UploadResponse};
use graph_photo_emulator::{AccessToken, Fault};
use serde_json::json;

use super::{
    support::{builder, chain, photo, replace_me, server},
    tracing::log,
};

/// A piece of fewer bytes is of no use.
const RECOGNISED: usize = 16;

/// As of Entra; and one with every character that is one of tokens, in lower case, as
/// the name of a header is read.
fn tokens() -> [String; 2] {
    let opaque = "0.avoa-abc_def~ghi/jkl+mno.pqr-stu/vwx+yz0123456789==";
    [AccessToken::delegated(["User.Read"]).encode(), opaque.to_owned()]
}

/// The pieces of a token: of some lengths all, and what is left from some offsets on.
fn pieces(token: &str) -> Vec<String> {
    let payload = token.find('.').unwrap() + 1;
    let lengths = [RECOGNISED, RECOGNISED + 1, 40, token.len()];
    let of_length = |length| (0..=token.len() - length).map(move |at| &token[at..at + length]);
    let all = lengths.into_iter().flat_map(of_length).chain([&token[5..], &token[payload..]]);
    all.map(str::to_owned).collect()
}

/// As long as no more pieces than a header may hold.
fn in_portions(token: &str) -> Vec<String> {
    pieces(token).chunks(600).map(|pieces| pieces.join(" ")).collect()
}

fn respond(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    Fault::raw(Fault::response(status, headers, body))
}

/// Answers that echo a text in one place each.
fn answers(echo: &str) -> Vec<(&'static str, Fault)> {
    let page = format!("<html><p>Bearer {echo}</p></html>");
    let json = json!({"error": {"code": echo, "message": "m"}}).to_string();
    let inner =
        json!({"code": echo, "message": echo, "request-id": echo, "date": echo, "x": [echo]});
    let embedded = json!({"errorCode": echo, "message": echo}).to_string();
    let named = |name: &str| json!({"error": {"code": "c", name: echo}}).to_string();
    let keyed = json!({"error": {"code": "c", echo: "m", "innerError": {echo: {echo: 1}}}});
    vec![
        ("a header", respond(403, &[("X-Echo", echo)], "")),
        ("two headers", respond(403, &[("X-Echo", echo), ("X-Echo", echo)], "")),
        ("the id of a success", respond(200, &[("request-id", echo)], "")),
        ("another success", respond(201, &[("request-id", echo), ("X-Echo", echo)], "body")),
        ("the id of an error", respond(404, &[("request-id", echo)], "")),
        ("the client's id", respond(400, &[("client-request-id", echo)], "")),
        ("a redirect", respond(302, &[("Location", echo)], "")),
        ("a challenge", respond(401, &[("WWW-Authenticate", echo)], "")),
        ("a date", respond(429, &[("Retry-After", echo), ("Date", echo)], "")),
        ("a reason", Fault::raw(format!("HTTP/1.1 403 {echo}\r\nContent-Length: 0\r\n\r\n"))),
        ("a page", respond(502, &[], &page)),
        ("a body without end", Fault::raw(format!("HTTP/1.1 500 No\r\n\r\n{echo}")).then_close()),
        ("half a JSON text", respond(400, &[], &json[..json.len() - 3])),
        ("a code", respond(400, &[], &json)),
        ("a message", respond(403, &[], &named("message"))),
        ("another member", respond(403, &[], &named("x"))),
        ("inner errors", respond(409, &[], &json!({"error": {"innerError": inner}}).to_string())),
        ("keys", respond(400, &[], &keyed.to_string())),
        ("JSON in JSON", respond(404, &[], &json!({"error": {"message": embedded}}).to_string())),
        ("flat JSON", respond(500, &[], &embedded)),
        ("a text for an error", respond(400, &[], &json!({"error": echo}).to_string())),
    ]
}

/// All that can be read of what became of an upload.
fn texts(outcome: &Result<UploadResponse, Error>) -> String {
    let error = match outcome {
        Ok(response) => return format!("{response:?} {:?}", response.request_id),
        Err(error) => error,
    };
    let mut texts = format!("{} {error:?} {error:#?}", chain(error));
    write!(texts, " {:?} {:?}", error.code(), error.inner_code()).unwrap();
    write!(texts, " {:?} {:?}", error.message(), error.body_excerpt()).unwrap();
    write!(texts, " {:?} {:?}", error.request_id(), error.client_request_id()).unwrap();
    write!(texts, " {:?} {:?}", error.hint(), error.diagnosis()).unwrap();
    for (name, value) in error.headers().into_iter().flatten() {
        write!(texts, "\n{name}: {}", String::from_utf8_lossy(value.as_bytes())).unwrap();
    }
    texts
}

/// What a text has of a token.
fn leak<'t>(text: &'t str, token: &str) -> Option<&'t str> {
    let pieces: HashSet<&[u8]> = token.as_bytes().windows(RECOGNISED).collect();
    let at = text.as_bytes().windows(RECOGNISED).position(|window| pieces.contains(window))?;
    Some(&text[at..at + RECOGNISED])
}

/// What is left of answers, by an upload and by a direct call of a generated method:
/// their texts, and the log of both.
async fn left_of(step: Fault, token: &str) -> [String; 3] {
    let (log, guard) = log();
    let server = server(vec![step; 4]);
    let client = builder(&server.url()).token_provider(StaticToken::new(token)).build().unwrap();
    let uploaded = texts(&replace_me(&client).await);
    let called = texts(&client.generated().replace_me_photo(&photo()).await);
    drop(guard);
    [uploaded, called, log.text()]
}

#[tokio::test]
async fn leave_no_piece_of_a_token() {
    for token in tokens() {
        for echo in in_portions(&token) {
            for (channel, step) in answers(&echo) {
                for text in left_of(step, &token).await {
                    assert_eq!(leak(&text, &token), None, "{channel}: {text}");
                }
            }
        }
    }
}

#[tokio::test]
async fn leave_the_rest() {
    let [token, _] = tokens();
    for piece in [&token[..], &token[5..], &token[7..7 + RECOGNISED]] {
        for (channel, step) in answers(&format!("a-{piece}-b")) {
            let [uploaded, ..] = left_of(step, &token).await;
            let is_kept = uploaded.contains("a-[redacted]-b");
            // Reasons are not read at all, nor what the spec has no name for.
            let is_read = !matches!(channel, "a reason" | "keys" | "another member");
            assert_eq!(is_kept, is_read, "{channel}: {uploaded}");
        }
    }
}

#[tokio::test]
async fn leave_no_name_of_a_header() {
    let [_, token] = tokens();
    // As far as it may be one.
    let name = token.split('/').max_by_key(|part| part.len()).unwrap();
    let step = respond(403, &[(name, "kept")], "");
    for text in left_of(step, &token).await {
        assert_eq!(leak(&text, &token), None, "{text}");
    }
    let step = respond(200, &[(name, "kept")], "");
    for text in left_of(step, &token).await {
        assert_eq!(leak(&text, &token), None, "{text}");
    }
}

/// Each character of a text written as a code.
fn escaped(text: &str, escape: impl Fn(u8) -> String) -> String {
    text.bytes().map(escape).collect()
}

#[tokio::test]
async fn leave_nothing_in_escapes() {
    let [token, _] = tokens();
    let piece = &token[5..40];
    for escaped in [
        escaped(piece, |byte| format!("%{byte:02X}")),
        escaped(piece, |byte| format!("%25{byte:02x}")),
        escaped(piece, |byte| format!("&#x{byte:x};")),
        escaped(piece, |byte| format!("\\u{byte:04x}")),
    ] {
        for (channel, step) in answers(&escaped) {
            for text in left_of(step, &token).await {
                let part = &escaped[escaped.len() / 2..];
                assert!(!text.contains(part), "{channel}: {text}");
            }
        }
    }
}
