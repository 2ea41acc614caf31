//! Documentation: texts for people, whatever they are about.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::{Change, Kind};
use crate::spec::Spec;

/// The keys of texts, wherever in the file they are.
const TEXTS: [&str; 4] = ["description", "summary", "title", "version"];

/// What reads differently, at a place that both specs have.
pub(super) fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let value = |spec: &Spec| serde_json::to_value(&spec.openapi).unwrap_or_default();
    let mut places = Vec::new();
    collect(&value(old), &value(new), "", &mut places);
    let change = |place| Change::new(Kind::TextChanged, format!("`{place}` reads differently"));
    places.into_iter().map(change).collect()
}

/// The places, as keys separated by blanks, at which texts differ. A text that
/// comes or goes differs. Items of lists may have moved: they have no place.
fn collect(old: &Value, new: &Value, place: &str, places: &mut Vec<String>) {
    let (Some(before), Some(after)) = (old.as_object(), new.as_object()) else { return };
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let place = format!("{place} {key}").trim_start().to_owned();
        let (old, new) = (before.get(key), after.get(key));
        if old != new && TEXTS.contains(&key.as_str()) {
            places.push(place);
        } else if let (Some(old), Some(new)) = (old, new) {
            collect(old, new, &place, places);
        }
    }
}
