//! What control by HTTP reads.

use serde_json::{Value, json};

use super::{page, permissions, query::Query, resources, views};
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
        None => all(state, path, query)?,
    };
    Some(Response::json(200, &value))
}

fn all(state: &State, path: &str, query: &Query<'_>) -> Option<Value> {
    Some(match path {
        "requests" => requests(state, query),
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

/// The remembered requests, oldest first: all, or the latest `limit` of one `outcome`. There
/// are none of an outcome that doesn't exist.
fn requests(state: &State, query: &Query<'_>) -> Value {
    let limit = query.number("limit").and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.unwrap_or(usize::MAX);
    let requests = match query.get("outcome") {
        None => state.records.latest(limit, None),
        Some(name) => Outcome::named(&name)
            .map(|outcome| state.records.latest(limit, Some(outcome)))
            .unwrap_or_default(),
    };
    requests.iter().map(views::request).collect()
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
