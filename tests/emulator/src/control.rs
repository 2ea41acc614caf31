//! The emulator's own paths: the page, and the control by HTTP beneath `/_emulator/`.

pub(crate) mod events;
pub(crate) mod page;
pub(crate) mod views;

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;

use crate::{
    fault::rule::Rule,
    http::{head::Head, response::Response},
    request_log::Event,
    state::State,
};

/// The largest body that is read.
pub(crate) const MAX_BODY: u64 = 1024 * 1024;
const PAGE: &str = "/";
const CONTROL: &str = "/_emulator/";
/// The page loads nothing but its own pictures.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'";

/// What a request to the emulator itself is answered with.
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
    let Some(path) = head.path().strip_prefix(CONTROL) else {
        let page = page::render(state);
        let response = Response::new(200).with_body("text/html; charset=utf-8", page);
        return Reply::Once(response.header("Content-Security-Policy", PAGE_POLICY));
    };
    if (method, path) == ("GET", "events") {
        return Reply::Events(state.events.subscribe());
    }
    let text = String::from_utf8_lossy(body);
    let result = match method {
        "GET" => get(state, path, head.target.split_once('?').map_or("", |(_, query)| query)),
        "POST" => post(state, path, text.trim()),
        "DELETE" => delete(state, path),
        _ => None,
    };
    if method != "GET" {
        state.announce(Event::Change);
    }
    let response = result.unwrap_or_else(|| failure(404, &format!("no {method} of `{path}`")));
    Reply::Once(response.header("Cache-Control", "no-store"))
}

fn get(state: &State, path: &str, query: &str) -> Option<Response> {
    if let Some(target) = path.strip_prefix("photos/") {
        return photo(state, target, query);
    }
    if let Some(request) = path.strip_prefix("requests/") {
        let (number, is_body) = match request.strip_suffix("/body") {
            Some(number) => (number, true),
            None => (request, false),
        };
        let request = state.records.find(number.parse().ok()?)?;
        return Some(if is_body {
            Response::new(200).with_body(&state.api.media_type, request.body)
        } else {
            Response::json(200, &views::request(&request))
        });
    }
    let value = match path {
        "requests" => state.records.all().iter().map(views::request).collect(),
        "photos" => {
            let photos = state.photos.all();
            photos.iter().map(|(key, versions)| views::photo(key, versions)).collect()
        }
        "faults" => views::faults(&state.faults),
        "clock" => views::clock(state.now()),
        _ => return None,
    };
    Some(Response::json(200, &value))
}

/// A photo's bytes: the current one, or the `version`-th of its history, counted from 0.
fn photo(state: &State, target: &str, query: &str) -> Option<Response> {
    let history = state.photos.history(&state.key_of(&format!("/{target}"))?);
    let version = query.split('&').find_map(|part| part.strip_prefix("version="));
    let photo = match version {
        Some(version) => history.get(version.parse::<usize>().ok()?)?,
        None => history.last()?,
    };
    Some(Response::new(200).with_body(&state.api.media_type, photo.bytes.clone()))
}

fn post(state: &State, path: &str, body: &str) -> Option<Response> {
    Some(match path {
        "faults" => add_faults(state, body),
        "clock" => match read_time(body) {
            Ok(by) => {
                state.clock.advance(by);
                Response::json(200, &views::clock(state.now()))
            }
            Err(error) => failure(400, &format!("failed to read the time `{body}`: {error}")),
        },
        "reset" => {
            state.reset();
            Response::new(204)
        }
        "token" => match make_token(state, body) {
            Ok(token) => Response::json(200, &token),
            Err(error) => failure(400, &format!("failed to read the token's claims: {error}")),
        },
        _ => return None,
    })
}

fn delete(state: &State, path: &str) -> Option<Response> {
    (path == "faults").then(|| {
        state.faults.clear();
        Response::new(204)
    })
}

/// A time such as `10m`, or a number of seconds.
fn read_time(text: &str) -> Result<Duration, humantime::DurationError> {
    let seconds = text.parse().map(Duration::from_secs);
    seconds.or_else(|_| humantime::parse_duration(text))
}

/// Adds all rules, or none if one of them can't be read.
fn add_faults(state: &State, body: &str) -> Response {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.map(str::parse::<Rule>).collect::<Result<Vec<_>, _>>() {
        Ok(rules) => {
            state.faults.add(rules);
            Response::json(200, &views::faults(&state.faults))
        }
        Err(error) => failure(400, &error.to_string()),
    }
}

/// What a token is to say.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    user: Option<String>,
    application: bool,
    administrator: bool,
    scopes: Option<Vec<String>>,
    expired: bool,
}

fn make_token(state: &State, body: &str) -> serde_json::Result<Value> {
    let body = if body.is_empty() { "{}" } else { body };
    let wanted: Wanted = serde_json::from_str(body)?;
    let user = wanted.user.as_deref().unwrap_or_else(|| state.directory.default_user());
    let mut token = match (wanted.application, wanted.administrator) {
        (true, _) => state.application_token(),
        (false, true) => state.administrator_token(user),
        (false, false) => state.token_for(user),
    };
    if let Some(scopes) = wanted.scopes {
        token = token.scopes(scopes);
    }
    if wanted.expired {
        token = token.expires_at(SystemTime::UNIX_EPOCH);
    }
    Ok(json!({ "access_token": token.encode(), "token_type": "Bearer" }))
}

fn failure(status: u16, message: &str) -> Response {
    Response::json(status, &json!({ "error": { "code": "Emulator", "message": message } }))
}
