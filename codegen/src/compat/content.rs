//! The text of a spec as JSON; and its descriptions, which are for people.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::{Change, ChangeKind};
use crate::{api::difference::DIFFERENCES_KEY, spec::Spec};

/// The keys of texts, wherever in the file they are.
const TEXTS: [&str; 4] = ["description", "summary", "title", "version"];

const SCOPES: &str = "scopes";

/// A spec without recorded differences and without the order of parameters and later tags.
#[derive(PartialEq)]
pub(super) struct Content(pub(super) Value);

impl Content {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut value = spec.to_json();
        value.as_object_mut().map(|members| members.remove(DIFFERENCES_KEY));
        sort(&mut value);
        Self(value)
    }
}

/// Sorts lists whose order doesn't count.
fn sort(value: &mut Value) {
    for (key, member) in value.as_object_mut().into_iter().flatten() {
        match (key.as_str(), member.as_array_mut()) {
            ("parameters", Some(list)) => list.sort_by_key(Value::to_string),
            // The tags of the file are objects, and keep their order.
            ("tags", Some(list)) if list.iter().all(Value::is_string) => {
                list.get_mut(1..).unwrap_or_default().sort_by_key(Value::to_string);
            }
            _ => sort(member),
        }
    }
}

/// The texts that differ, at places that both specs have.
pub(super) fn compare_texts(old: &Content, new: &Content) -> Vec<Change> {
    let mut places = Vec::new();
    collect(&old.0, &new.0, "", &mut places);
    let change =
        |place| Change::new(ChangeKind::TextChanged, format!("`{place}` reads differently"));
    places.into_iter().map(change).collect()
}

/// The places, as keys separated by blanks, of texts that differ, come or go. Items of a list
/// have a place only if nothing else in the list has changed.
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

/// Whether a member is a text; a property of a schema may have such a name, too.
fn is_text(key: &str, value: Option<&Value>) -> bool {
    TEXTS.contains(&key) && value.is_some_and(Value::is_string)
}

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
