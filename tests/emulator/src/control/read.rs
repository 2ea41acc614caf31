//! What control by HTTP reads.

use serde_json::{Value, json};

use super::{failure::failure, page, permissions, query::Query, resources, views};
use crate::{http::response::Response, recorded_request::Outcome, state::State};

/// The response to `GET`; `None` if there is no such path or item.
pub(super) fn respond(state: &State, path: &str, query: &Query<'_>) -> Option<Response> {
    if let Some(name) = path.strip_prefix("page/") {
        return page::asset(name);
    }
    if let Some(target) = path.strip_prefix("photos/") {
        return photo(state, target, query);
    }
    let value = match path.split_once('/') {
        Some(("requests", "count")) => count(state),
        Some(("requests", request)) => return one_request(state, request),
        Some(("history", target)) => history(state, target)?,
        Some(_) => return None,
        None if path == "requests" => return Some(requests(state, query)),
        None => all(state, path, query)?,
    };
    Some(Response::json(200, &value))
}

fn all(state: &State, path: &str, query: &Query<'_>) -> Option<Value> {
    Some(match path {
        "photos" => {
            let photos = state.photos.all();
            photos.iter().map(|(key, versions)| views::photo(key, versions)).collect()
        }
        "resources" => resources::list(state, &query.get("search").unwrap_or_default()).view(),
        "faults" => views::faults(&state.faults),
        "clock" => views::clock(&state.clock),
        "throttle" => views::throttle(state.throttling.policy()),
        _ => return None,
    })
}

/// The remembered requests, oldest first: all, or the latest `limit` of one `outcome`.
fn requests(state: &State, query: &Query<'_>) -> Response {
    match limit_of(query).and_then(|limit| Ok((limit, outcome_of(query)?))) {
        Ok((limit, outcome)) => {
            let requests = state.records.latest(limit, outcome);
            Response::json(200, &requests.iter().map(views::request).collect())
        }
        Err(error) => failure(400, &error),
    }
}

/// How many requests are wanted; without a `limit`, all.
fn limit_of(query: &Query<'_>) -> Result<usize, String> {
    query.get("limit").map_or(Ok(usize::MAX), |text| {
        text.parse().map_err(|_| {
            format!("failed to read the limit `{text}`: it must be a number, 0 or more")
        })
    })
}

/// The outcome that is wanted, if it is a certain one.
fn outcome_of(query: &Query<'_>) -> Result<Option<Outcome>, String> {
    let Some(name) = query.get("outcome") else { return Ok(None) };
    Outcome::named(&name).map(Some).ok_or_else(|| {
        let names = Outcome::ALL.map(|outcome| format!("`{outcome}`")).join(", ");
        format!("failed to find the outcome `{name}`: it must be one of {names}")
    })
}

/// How many of the remembered requests had each outcome.
fn count(state: &State) -> Value {
    let counts = state.records.count();
    let of = |outcome: Outcome| counts.get(&outcome).copied().unwrap_or_default();
    let pairs = Outcome::ALL.map(|outcome| (outcome.to_string(), json!(of(outcome))));
    Value::Object(pairs.into_iter().collect())
}

/// `N`, `N/body` or `N/permissions`.
fn one_request(state: &State, path: &str) -> Option<Response> {
    let (number, part) = path.split_once('/').unwrap_or((path, ""));
    let request = state.records.find(number.parse().ok()?)?;
    Some(match part {
        "" => Response::json(200, &views::request(&request)),
        "body" => Response::new(200).with_body(&state.api.media_type, request.body),
        "permissions" => Response::json(200, &permissions::of(state, &request)),
        _ => return None,
    })
}

/// The bytes of a photo: the current one, the one that a `request` stored, or the
/// `version`-th of those that are kept, counted from 0.
fn photo(state: &State, target: &str, query: &Query<'_>) -> Option<Response> {
    let history = state.photos.history(&state.key_of(&format!("/{target}"))?);
    let photo = if query.get("request").is_some() {
        let number = query.number("request")?;
        history.iter().find(|photo| photo.request == number)?
    } else if query.get("version").is_some() {
        history.get(usize::try_from(query.number("version")?).ok()?)?
    } else {
        history.last()?
    };
    Some(Response::new(200).with_body(&state.api.media_type, photo.bytes.clone()))
}

/// What is kept of a resource's photos; `None` if it never had one.
fn history(state: &State, target: &str) -> Option<Value> {
    let key = state.key_of(&format!("/{target}"))?;
    let versions = state.photos.history(&key);
    (!versions.is_empty()).then(|| views::photo(&key, &versions))
}
