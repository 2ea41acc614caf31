//! Answers a request: from its head what it asks for, then its body, then what
//! Graph would say.

use std::{convert::Infallible, time::SystemTime};

use bytes::Bytes;
use graph_photo_codegen::api::{Operation, Permission};
use http_body_util::Full;
use hyper::{
    Request, Response,
    body::Incoming,
    header::{self, HeaderValue},
};

use super::{
    access,
    body::{self, End, Received},
    head::Head,
    image, page,
    recorded::RecordedRequest,
    refusal::Refusal,
    route::Photo,
    state::{State, StoredPhoto},
    wire::Wire,
};

const REQUEST_ID: &str = "request-id";
const CLIENT_REQUEST_ID: &str = "client-request-id";
/// The path of the page for people with a browser.
const PAGE: &str = "/";

/// What a request asks for, and may have.
enum Call {
    Page,
    Load,
    Store { key: Vec<String>, permission: Permission },
}

impl Call {
    fn permission(&self) -> Option<&Permission> {
        match self {
            Self::Page | Self::Load => None,
            Self::Store { permission, .. } => Some(permission),
        }
    }
}

/// What a request is answered with, unless it is refused.
struct Reply {
    content_type: Option<HeaderValue>,
    content: Bytes,
}

/// Answers a request that arrives over `wire`.
pub(super) async fn answer(
    state: &State,
    wire: &Wire,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let client_request_id = request.headers().get(CLIENT_REQUEST_ID).cloned();
    let (head, call) = read_head(state, wire);
    let received = receive(state, request, call.is_err()).await;
    let wire_bytes = wire.received();
    wire.next_request();

    let permission = call.as_ref().ok().and_then(Call::permission).cloned();
    let outcome = call.and_then(|call| carry_out(state, call, &head, &received, wire_bytes));
    let request_id = state.next_request_id();
    let mut response = respond(outcome, &request_id, client_request_id);
    if received.end != End::Complete {
        // What follows on this connection is the rest of a body.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    state.record(RecordedRequest {
        method: head.method,
        target: head.target,
        headers: head.headers,
        body: received.bytes,
        wire_bytes,
        status: response.status().as_u16(),
        permission,
        request_id,
    });
    Ok(response)
}

/// The head of the request, and what it asks for.
fn read_head(state: &State, wire: &Wire) -> (Head, Result<Call, Refusal>) {
    match wire.head().as_deref().and_then(Head::parse) {
        Some(head) => {
            let call = admit(state, &head);
            (head, call)
        }
        None => {
            (Head::default(), Err(Refusal::bad_request("The request is malformed, or pipelined.")))
        }
    }
}

/// The body of the request, unless the client waits to be told to send it and
/// is not going to be.
async fn receive(state: &State, request: Request<Incoming>, is_refused: bool) -> Received {
    if is_refused && request.headers().contains_key(header::EXPECT) {
        body::leave_unread()
    } else {
        body::receive(request.into_body(), state.max_request_bytes).await
    }
}

/// Decides by the head alone.
fn admit(state: &State, head: &Head) -> Result<Call, Refusal> {
    if matches!(head.method.as_str(), "GET" | "HEAD") {
        return Ok(if head.path() == PAGE { Call::Page } else { Call::Load });
    }
    let claims = access::authenticate(head, &state.audience, SystemTime::now())?;
    let photo = state.router.find(head.path())?;
    let operation = find_operation(&photo, &head.method)?;
    let permission = access::authorize(&claims, &photo, operation)?;
    if head.declared_size() > state.max_request_bytes {
        return Err(Refusal::too_large());
    }
    Ok(Call::Store { key: photo.key, permission })
}

fn find_operation<'p>(photo: &Photo<'p>, method: &str) -> Result<&'p Operation, Refusal> {
    let operations = photo.operations;
    operations.iter().find(|operation| operation.method.as_str() == method).ok_or_else(|| {
        let mut allowed = vec!["GET", "HEAD"];
        allowed.extend(operations.iter().map(|operation| operation.method.as_str()));
        let allowed = HeaderValue::try_from(allowed.join(", "));
        Refusal::method_not_allowed(allowed.expect("methods are words"))
    })
}

/// Does what was admitted, now that the body is here.
fn carry_out(
    state: &State,
    call: Call,
    head: &Head,
    received: &Received,
    wire_bytes: u64,
) -> Result<Reply, Refusal> {
    if received.end == End::Broken {
        return Err(Refusal::bad_request("The request body broke off."));
    }
    match call {
        Call::Page => Ok(Reply {
            content_type: Some(HeaderValue::from_static("text/html; charset=utf-8")),
            content: page::render(state.photos().values()).into(),
        }),
        Call::Load => Ok(Reply {
            content_type: Some(state.content_type.clone()),
            content: state.load(head.path())?,
        }),
        Call::Store { key, permission } => {
            check_content(state, head, received, wire_bytes)?;
            let photo = StoredPhoto {
                path: head.path().to_owned(),
                bytes: received.bytes.clone(),
                permission,
            };
            state.store(key, photo);
            Ok(Reply { content_type: None, content: Bytes::new() })
        }
    }
}

fn check_content(
    state: &State,
    head: &Head,
    received: &Received,
    wire_bytes: u64,
) -> Result<(), Refusal> {
    if wire_bytes > state.max_request_bytes {
        return Err(Refusal::too_large());
    }
    let media_type = head
        .only_value("content-type")
        .map(|value| value.split(';').next().unwrap_or(value).trim());
    let is_declared =
        media_type.is_some_and(|declared| declared.eq_ignore_ascii_case(&state.media_type));
    if is_declared && image::is_image(&state.media_type, &received.bytes) {
        Ok(())
    } else {
        Err(Refusal::not_an_image())
    }
}

/// Puts an outcome into HTTP.
fn respond(
    outcome: Result<Reply, Refusal>,
    request_id: &str,
    client_request_id: Option<HeaderValue>,
) -> Response<Full<Bytes>> {
    let request_id_value =
        HeaderValue::from_str(request_id).expect("a request id is hexadecimal digits and hyphens");
    // Graph makes its own id the client's where the client sent none.
    let client_request_id = client_request_id.unwrap_or_else(|| request_id_value.clone());
    let mut response = match outcome {
        Ok(reply) => succeed(reply),
        Err(refusal) => {
            let client_request_id = String::from_utf8_lossy(client_request_id.as_bytes());
            refuse(refusal, request_id, &client_request_id)
        }
    };
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, request_id_value);
    headers.insert(CLIENT_REQUEST_ID, client_request_id);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn succeed(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(reply.content));
    if let Some(content_type) = reply.content_type {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, content_type);
        // A browser is not to guess what an upload might be.
        let nosniff = HeaderValue::from_static("nosniff");
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    }
    response
}

fn refuse(refusal: Refusal, request_id: &str, client_request_id: &str) -> Response<Full<Bytes>> {
    let body = refusal.body(request_id, client_request_id);
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = refusal.status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.headers_mut().extend(refusal.header);
    response
}
