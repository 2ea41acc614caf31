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

use serde_json::{Value, json};
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
/// What browsers ask for by themselves.
const FAVICON: &str = "/favicon.ico";
/// The paths below `/_emulator/`, without the page's files, and their methods; below one that
/// ends with `/` are the items.
const PATHS: [(&str, &str); 14] = [
    ("", READ),
    ("requests", READ),
    ("requests/count", READ),
    ("requests/", READ),
    ("photos", READ),
    ("photos/", READ),
    ("history/", READ),
    ("resources", READ),
    ("events", READ),
    ("faults", "GET, HEAD, POST, DELETE"),
    ("clock", "GET, HEAD, POST"),
    ("throttle", "GET, HEAD, POST"),
    ("token", "POST"),
    ("reset", "POST"),
];
const READ: &str = "GET, HEAD";

/// The response to a request to the emulator itself.
pub(crate) enum Reply {
    Once(Response),
    Events(Receiver<Event>),
}

/// Whether a request is to the emulator itself.
pub(crate) fn is_for(head: &Head) -> bool {
    let is_page =
        matches!(head.path(), PAGE | FAVICON) && matches!(head.method.as_str(), "GET" | "HEAD");
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
        None if head.path() == FAVICON => page::icon(),
        None => page::respond(state, head),
        Some("") if method == "GET" => list(),
        Some(path) if method == "GET" && allows(path, method) => {
            read::respond(state, path, &Query::of(&head.target)).unwrap_or_else(|| {
                failure(
                    404,
                    &format!("failed to find `{CONTROL}{path}`: there is no such path or item"),
                )
            })
        }
        Some(_) if origin::is_cross_site(head) => failure(
            403,
            "failed to accept the request: a page of another site sent it; send it from the \
             emulator's own page, or from a program",
        ),
        Some(path) if !allows(path, method) => wrong_method(&head.method, path),
        Some(path) => change::respond(state, head, path, body),
    };
    // Photos and requests are nobody else's to show, and change all the time.
    let response = response.header("Cross-Origin-Resource-Policy", "same-origin");
    Reply::Once(response.header("Cache-Control", "no-store"))
}

/// The methods of a path below `/_emulator/`; `None` if there is no such path.
fn methods_of(path: &str) -> Option<&'static str> {
    let is_below = |start: &str| start.ends_with('/') && path.starts_with(start);
    let found = PATHS.iter().find(|(known, _)| *known == path || is_below(known));
    found.map(|(_, methods)| *methods)
}

/// Whether a path takes a method, or doesn't exist, which is another mistake.
fn allows(path: &str, method: &str) -> bool {
    methods_of(path).is_none_or(|methods| methods.split(", ").any(|one| one == method))
}

fn wrong_method(method: &str, path: &str) -> Response {
    let methods = methods_of(path).unwrap_or_default();
    let message = format!("failed to {method} `{CONTROL}{path}`: it takes {methods}");
    failure(405, &message).header("Allow", methods)
}

/// The paths, and the methods of each.
fn list() -> Response {
    let paths = PATHS.iter().map(|(path, methods)| (format!("{CONTROL}{path}"), json!(methods)));
    Response::json(200, &Value::Object(paths.collect()))
}
