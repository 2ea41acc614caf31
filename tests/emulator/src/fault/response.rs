//! The answer of a fault.

use std::time::SystemTime;

use bytes::Bytes;
use serde_json::json;

use super::plan::{Plan, Reply};
use crate::{
    http::response::Response,
    judge::refusal::{Ids, Refusal, whole_seconds},
};

/// The answer of a fault that is not carried out, and its error code; `None` without an
/// answer, or with one that isn't HTTP.
pub(crate) fn of(plan: &Plan, ids: &Ids, now: SystemTime) -> Option<(Response, Option<String>)> {
    let bare = match said(plan)? {
        Ok(refusal) if refusal.status >= 400 && plan.body.is_none() => {
            let code = plan.code.clone().unwrap_or(refusal.code);
            let message = plan.message.clone().unwrap_or(refusal.message);
            let refusal = Refusal { code: code.clone(), message, ..refusal };
            return Some((dress(plan, refusal.respond(ids, now)), Some(code)));
        }
        Ok(refusal) => Response { headers: refusal.headers, ..Response::new(refusal.status) },
        Err(response) => response,
    };
    Some((dress(plan, bare), None))
}

/// An error in Graph's envelope, or a response that is none.
fn said(plan: &Plan) -> Option<Result<Refusal, Response>> {
    Some(match &plan.answer {
        Reply::Honest | Reply::Lost | Reply::Nothing | Reply::Raw(_) => return None,
        Reply::Html(status) => {
            let page = format!("<!doctype html><title>{status}</title><h1>{status}</h1>\n");
            Err(Response::new(*status).with_body("text/html", page))
        }
        Reply::Empty(status) => Err(Response::new(*status)),
        Reply::Redirect(url) => Err(Response::new(307).header("Location", url)),
        Reply::ExpiredToken => Ok(Refusal::expired()),
        Reply::JsonInJson(status) => {
            let message = json!({ "errorCode": "Emulated" }).to_string();
            Ok(Refusal::new(*status, "UnknownError", message))
        }
        Reply::Status(status) | Reply::Truncated(status) | Reply::Endless(status) => {
            Ok(refusal_of(*status))
        }
    })
}

/// Adds a plan's headers and body.
fn dress(plan: &Plan, mut response: Response) -> Response {
    if let Some(body) = &plan.body {
        response.body = body.clone();
    }
    if let Some(wait) = plan.retry_after {
        response = response.header("Retry-After", whole_seconds(wait).to_string());
    }
    response.headers.extend(plan.headers.iter().cloned());
    response
}

/// The bytes of a response, as its fault sends them.
pub(crate) fn encode(plan: Option<&Plan>, response: &Response, method: &str) -> Bytes {
    match plan.map(|plan| &plan.answer) {
        Some(Reply::Endless(_)) => {
            let mut bytes = response.encode_head();
            bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
            bytes.into()
        }
        Some(Reply::Truncated(_)) => {
            let (bytes, head) = (response.encode(method), response.encode("HEAD").len());
            bytes.slice(..head + (bytes.len() - head) / 2)
        }
        _ => response.encode(method),
    }
}

/// The error that goes with a status, in Graph's words where they are known.
fn refusal_of(status: u16) -> Refusal {
    let (code, message) = match status {
        403 => return Refusal::access_denied(),
        404 => return Refusal::unknown_item(),
        400 => ("BadRequest", "The request is invalid."),
        401 => ("InvalidAuthenticationToken", "Access token validation failure."),
        429 => ("TooManyRequests", "Please retry again later."),
        500 => ("ErrorInternalServerError", "An internal server error occurred."),
        502 => ("BadGateway", "The gateway got no usable answer."),
        503 => ("ServiceUnavailable", "The service is temporarily unavailable."),
        504 => ("GatewayTimeout", "The gateway got no answer in time."),
        _ => ("UnknownError", "The emulator was asked to fail."),
    };
    Refusal::new(status, code, message)
}
