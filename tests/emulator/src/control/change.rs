//! What control by HTTP changes.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{failure::failure, query::Query, views};
use crate::{
    fault::rule::Rule,
    http::{head::Head, response::Response},
    request_log::Event,
    state::State,
    throttle::Throttle,
};

/// Carries out a `POST` or `DELETE`.
pub(super) fn respond(state: &State, head: &Head, path: &str, body: &[u8]) -> Response {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let response = match (head.method.as_str(), path) {
        ("POST", "faults") => add_faults(state, text),
        ("DELETE", "faults") => remove_faults(state, &Query::of(&head.target)),
        ("POST", "clock") => move_clock(state, text),
        ("POST", "throttle") => set_throttle(state, text),
        ("POST", "token") => make_token(state, head, text),
        ("POST", "reset") => {
            state.reset();
            Response::new(204)
        }
        (method, _) => {
            failure(404, &format!("failed to carry out the request: there is no {method} `{path}`"))
        }
    };
    if response.status < 300 {
        state.announce(Event::Change);
    }
    response
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

/// Removes the rules that are written like `rule`, or else all faults.
fn remove_faults(state: &State, query: &Query<'_>) -> Response {
    match query.get("rule") {
        Some(rule) => state.faults.remove(&rule),
        None => state.faults.clear(),
    }
    Response::new(204)
}

fn move_clock(state: &State, body: &str) -> Response {
    match read_time(body) {
        Ok(by) => {
            state.clock.advance(by);
            Response::json(200, &views::clock(&state.clock))
        }
        Err(error) => failure(400, &format!("failed to read the time `{body}`: {error}")),
    }
}

/// A time such as `10m`, or a number of seconds.
fn read_time(text: &str) -> Result<Duration, humantime::DurationError> {
    let seconds = text.parse().map(Duration::from_secs);
    seconds.or_else(|_| humantime::parse_duration(text))
}

fn set_throttle(state: &State, body: &str) -> Response {
    let policies = [Throttle::None, Throttle::Graph];
    match policies.into_iter().find(|policy| views::policy(*policy) == body) {
        Some(policy) => {
            state.throttling.set_policy(policy);
            Response::json(200, &views::throttle(policy))
        }
        None => failure(
            400,
            &format!("failed to set the limits to `{body}`: they are `none` or `graph`"),
        ),
    }
}

/// The token that a client wants.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    user: Option<String>,
    application: bool,
    administrator: bool,
    scopes: Option<Vec<String>>,
    expired: bool,
}

/// A token as OAuth's token endpoint returns it, or alone for whoever accepts only plain
/// text: a shell needs nothing else to insert it into a command.
fn make_token(state: &State, head: &Head, body: &str) -> Response {
    match token_of(state, body) {
        Ok(token) if head.only_value("accept") == Some("text/plain") => {
            Response::new(200).with_body("text/plain", token)
        }
        Ok(token) => Response::json(200, &token_response(&token)),
        Err(error) => failure(400, &format!("failed to read the token's claims: {error}")),
    }
}

/// Source: <https://www.rfc-editor.org/rfc/rfc6749#section-5.1>.
fn token_response(token: &str) -> Value {
    json!({ "access_token": token, "token_type": "Bearer" })
}

fn token_of(state: &State, body: &str) -> serde_json::Result<String> {
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
    Ok(token.encode())
}
