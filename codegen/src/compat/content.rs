//! What a spec says, as JSON; and the texts in it, which are for people.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::{Change, ChangeKind};
use crate::{api::difference::DIFFERENCES_KEY, spec::Spec};

/// The keys of texts, wherever in the file they are.
const TEXTS: [&str; 4] = ["description", "summary", "title", "version"];

/// The key of a map whose values are texts.
const SCOPES: &str = "scopes";

/// What a spec says, without what nothing depends on: recorded differences, the order
/// of parameters, and that of an operation's tags but the first.
#[derive(PartialEq)]
pub(super) struct Content(pub(super) Value);

impl Content {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut value = serde_json::to_value(&spec.openapi).expect("OpenAPI is written as JSON");
        if let Some(members) = value.as_object_mut() {
            members.remove(DIFFERENCES_KEY);
        }
        sort(&mut value);
        Self(value)
    }
}

/// Brings lists whose order doesn't count into one that doesn't depend on it.
fn sort(value: &mut Value) {
    for (key, member) in value.as_object_mut().into_iter().flatten() {
        match (key.as_str(), member.as_array_mut()) {
            ("parameters", Some(list)) => list.sort_by_key(Value::to_string),
            // Those of the file are objects, and keep their order.
            ("tags", Some(list)) if list.iter().all(Value::is_string) => {
                list.get_mut(1..).unwrap_or_default().sort_by_key(Value::to_string);
            }
            _ => sort(member),
        }
    }
}

/// What reads differently, at a place that both specs have.
pub(super) fn compare_texts(old: &Content, new: &Content) -> Vec<Change> {
    let mut places = Vec::new();
    collect(&old.0, &new.0, "", &mut places);
    let change =
        |place| Change::new(ChangeKind::TextChanged, format!("`{place}` reads differently"));
    places.into_iter().map(change).collect()
}

/// The places, as keys separated by blanks, at which texts differ. A text that
/// comes or goes differs. The items of lists have a place if nothing else has changed in
/// the list.
fn collect(old: &Value, new: &Value, place: &str, places: &mut Vec<String>) {
    let within = |key: &str| format!("{place} {key}").trim_start().to_owned();
    if let (Value::Object(before), Value::Object(after)) = (old, new) {
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let (old, new) = (before.get(key), after.get(key));
            if old != new && is_text(key, old.or(new)) {
                places.push(within(key));
            } else if let (Some(old), Some(new)) = (old, new) {
                collect(old, new, &within(key), places);
            }
        }
    } else if let (Value::Array(before), Value::Array(after)) = (old, new) {
        if without_texts(old) == without_texts(new) {
            for (index, (old, new)) in before.iter().zip(after).enumerate() {
                collect(old, new, &within(&index.to_string()), places);
            }
        }
    } else if old != new && place.rsplit(' ').nth(1) == Some(SCOPES) {
        places.push(place.to_owned());
    }
}

/// Whether a member is a text; a property of a schema may have such a name too.
fn is_text(key: &str, value: Option<&Value>) -> bool {
    TEXTS.contains(&key) && value.is_some_and(Value::is_string)
}

/// What a part of a spec says but for its texts.
fn without_texts(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_texts).collect(),
        Value::Object(members) => {
            let others = members.iter().filter(|(key, value)| !is_text(key, Some(value)));
            others.map(|(key, value)| (key.clone(), without_texts(value))).collect()
        }
        plain => plain.clone(),
    }
}
