//! What control by HTTP changes.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{failure::failure, query::Query, views};
use crate::{
    clock::MAX_AHEAD,
    fault::rule::Rule,
    http::{head::Head, response::Response},
    request_log::Event,
    state::State,
    throttle::Throttle,
};

const NO_FAULTS: &str = "failed to read the body";
const FAULTS_FORM: &str = "the body is text, such as `status=429;times=1`";

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
        (method, _) => failure(
            404,
            &format!("failed to carry out the request: there is no {method} `/_emulator/{path}`"),
        ),
    };
    if response.status < 300 {
        state.announce(Event::Change);
    }
    response
}

/// Adds all rules, or none if one of them can't be read.
fn add_faults(state: &State, body: &str) -> Response {
    match rules_of(body) {
        Ok(rules) => {
            state.faults.add(rules);
            Response::json(200, &views::faults(&state.faults))
        }
        Err(error) => failure(400, &error),
    }
}

/// A rule on each line, or one in JSON: `{"rule": "status=429"}`.
fn rules_of(body: &str) -> Result<Vec<Rule>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        rule: String,
    }

    let text = if body.starts_with(['{', '[', '"']) {
        let wanted = object::<Wanted>(body).map_err(|_| format!("{NO_FAULTS}: {FAULTS_FORM}"))?;
        wanted.rule
    } else {
        body.to_owned()
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let rules = lines.map(str::parse::<Rule>).collect::<Result<Vec<_>, _>>();
    let rules = rules.map_err(|error| error.to_string())?;
    if rules.is_empty() {
        Err(format!("{NO_FAULTS}: it is empty; {FAULTS_FORM}"))
    } else {
        Ok(rules)
    }
}

/// Reads a JSON object: serde would take an array for one.
fn object<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let fields: serde_json::Map<String, Value> = serde_json::from_str(text)?;
    T::deserialize(Value::Object(fields))
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
        Some(by) if state.clock.try_advance(by) => Response::json(200, &views::clock(&state.clock)),
        Some(_) => failure(
            400,
            &format!(
                "failed to move the clock by `{body}`: it goes {} days (100 years) ahead at most",
                MAX_AHEAD.as_secs() / (24 * 60 * 60)
            ),
        ),
        None => failure(
            400,
            &format!(
                "failed to read the time `{body}`: it must be a number of seconds, or such as \
                 `10m`"
            ),
        ),
    }
}

/// A time such as `10m`, or a number of seconds.
fn read_time(text: &str) -> Option<Duration> {
    let seconds = text.parse().map(Duration::from_secs);
    seconds.ok().or_else(|| humantime::parse_duration(text).ok())
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
    /// The URL of the service that it is for.
    audience: Option<String>,
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

fn token_of(state: &State, body: &str) -> Result<String, String> {
    let body = if body.is_empty() { "{}" } else { body };
    let wanted: Wanted = object(body).map_err(|error| error.to_string())?;
    if wanted.application && wanted.user.is_some() {
        return Err("a token of the app itself has no `user`".to_owned());
    }
    let user = wanted.user.as_deref().unwrap_or_else(|| state.directory.default_user());
    let mut token = match (wanted.application, wanted.administrator) {
        (true, _) => state.application_token(),
        (false, true) => state.administrator_token(user),
        (false, false) => state.token_for(user),
    };
    if let Some(scopes) = wanted.scopes {
        token = token.scopes(scopes);
    }
    if let Some(audience) = wanted.audience {
        token = token.audience(&audience);
    }
    if wanted.expired {
        token = token.expires_at(SystemTime::UNIX_EPOCH);
    }
    Ok(token.encode())
}
