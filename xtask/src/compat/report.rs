//! Reports of a comparison, for people and for machines.

use graph_photo_codegen::compat::{
    Bump, Version, carries,
    change::{Change, Effect},
};
use serde_json::{Value, json};

use super::{base::MANIFEST, comparison::Comparison};
use crate::{
    report::{Group, Report},
    repository::SPEC,
};

/// The groups of changes, the gravest first, with a status word and a title.
const GROUPS: [(Effect, &str, &str); 3] = [
    (Effect::Breaking, "Breaking", "Breaking"),
    (Effect::Compatible, "Compatible", "Compatible"),
    (Effect::Documentation, "Docs only", "Documentation only"),
];

/// The effects of a change, by whom they concern.
fn audiences(change: &Change) -> String {
    let impact = change.kind.impact();
    let audiences = [("callers", impact.callers), ("grants", impact.grants)];
    let concerned = audiences.into_iter().filter(|(_, effect)| *effect != Effect::Unaffected);
    let words: Vec<_> = concerned.map(|(who, effect)| format!("{effect} for {who}")).collect();
    words.join(", ")
}

/// The demanded version and the current one, in one sentence.
fn verdict(comparison: &Comparison) -> String {
    let (count, version) = (comparison.changes.len(), &comparison.version);
    let Some(demand) = comparison.demand() else {
        return "nothing has changed".to_owned();
    };
    let changes = if count == 1 { "1 change demands" } else { &format!("{count} changes demand") };
    let bump = demand.bump;
    match (&demand.version, &comparison.base.version) {
        (Some(demanded), Some(before)) if !carries(version, demanded) => format!(
            "{changes} a {bump} bump: {demanded} or higher after {before}, but {MANIFEST} has {version}"
        ),
        (Some(_), Some(before)) => {
            format!("{changes} a {bump} bump, which {version} is after {before}")
        }
        _ => format!("{changes} a {bump} bump; no version belongs to the file, so none is checked"),
    }
}

/// The report for people.
pub(super) fn report(comparison: &Comparison) -> Report {
    let base = &comparison.base;
    let groups = GROUPS.map(|(effect, word, title)| {
        let changes = comparison.changes.iter();
        let changes = changes.filter(|change| change.kind.impact().effect() == effect);
        Group { word, title, items: changes.map(item).collect() }
    });
    Report {
        compared: format!("{SPEC} with {} ({})", base.name, base.why),
        heading: format!("Changes of `{SPEC}` since `{}`", base.name),
        groups: groups.into(),
        is_success: comparison.missing().is_none(),
        verdict: verdict(comparison),
        fix: comparison.missing().map(|version| {
            format!(
                "write version = \"{version}\" in {MANIFEST}, under [workspace.package] and for the \
                 crates of this workspace under [workspace.dependencies]"
            )
        }),
    }
}

/// A change with its meaning and its remedy.
fn item(change: &Change) -> Vec<String> {
    let meaning = format!("{}: {}", audiences(change), change.kind.reason());
    let remedy = change.remedy.iter().map(|remedy| format!("remedy: {remedy}"));
    [change.text.clone(), meaning].into_iter().chain(remedy).collect()
}

/// The report for machines.
pub(super) fn json(comparison: &Comparison) -> Value {
    let base = &comparison.base;
    let before = base.version.as_ref().unwrap_or(&comparison.version);
    let changes: Vec<_> = comparison
        .changes
        .iter()
        .map(|change| {
            let impact = change.kind.impact();
            json!({
                "kind": change.kind.name(),
                "impact": impact.effect().to_string(),
                "callers": impact.callers.to_string(),
                "grants": impact.grants.to_string(),
                "bump": Bump::demanded(before, impact.effect()).to_string(),
                "text": change.text,
                "reason": change.kind.reason(),
                "remedy": change.remedy,
            })
        })
        .collect();
    let demand = comparison.demand();
    let version = demand.as_ref().and_then(|demand| demand.version.as_ref());
    json!({
        "base": base.name,
        "baseVersion": base.version.as_ref().map(Version::to_string),
        "version": comparison.version.to_string(),
        "bump": demand.as_ref().map(|demand| demand.bump.to_string()),
        "demandedVersion": version.map(Version::to_string),
        "carried": comparison.missing().is_none(),
        "changes": changes,
    })
}
