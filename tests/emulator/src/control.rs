//! The emulator's own paths: the page, and control by HTTP below `/_emulator/`.

mod change;
pub(crate) mod events;
mod failure;
mod origin;
mod page;
mod permissions;
mod query;
mod read;
mod resources;
mod views;

use tokio::sync::broadcast::Receiver;

use self::{failure::failure, query::Query};
use crate::{
    http::{head::Head, response::Response},
    request_log::Event,
    state::State,
};

/// The largest body that is read.
pub(crate) const MAX_BODY: u64 = 1024 * 1024;
const PAGE: &str = "/";
const CONTROL: &str = "/_emulator/";

/// The response to a request to the emulator itself.
pub(crate) enum Reply {
    Once(Response),
    Events(Receiver<Event>),
}

/// Whether a request is to the emulator itself.
pub(crate) fn is_for(head: &Head) -> bool {
    let is_page = head.path() == PAGE && matches!(head.method.as_str(), "GET" | "HEAD");
    is_page || head.path().starts_with(CONTROL)
}

/// Answers a request to the emulator itself.
pub(crate) fn answer(state: &State, head: &Head, body: &[u8]) -> Reply {
    let method = if head.method == "HEAD" { "GET" } else { &head.method };
    let path = head.path().strip_prefix(CONTROL);
    if (method, path) == ("GET", Some("events")) {
        return Reply::Events(state.events.subscribe());
    }
    let response = match path {
        None => page::respond(state, head),
        Some(path) if method == "GET" => read::respond(state, path, &Query::of(&head.target))
            .unwrap_or_else(|| {
                failure(404, &format!("failed to find `{path}`: there is no such path or item"))
            }),
        Some(_) if origin::is_cross_site(head) => failure(
            403,
            "failed to accept the request: a page of another site sent it; send it from the \
             emulator's own page, or from a program",
        ),
        Some(path) => change::respond(state, head, path, body),
    };
    // Photos and requests are nobody else's to show, and change all the time.
    let response = response.header("Cross-Origin-Resource-Policy", "same-origin");
    Reply::Once(response.header("Cache-Control", "no-store"))
}
