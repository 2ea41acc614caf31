//! A comparison for people, for machines, and for a pull request.

use graph_photo_codegen::compat::{
    Bump, Version, carries,
    change::{Change, Effect},
};
use serde_json::json;

use super::{base::MANIFEST, comparison::Comparison};
use crate::{repository::SPEC, terminal::capitalised};

/// The groups that changes are listed in, the gravest first, with a status word
/// and a title.
const GROUPS: [(Effect, &str, &str); 3] = [
    (Effect::Breaking, "Breaking", "Breaking"),
    (Effect::Compatible, "Compatible", "Compatible"),
    (Effect::Documentation, "Docs only", "Documentation only"),
];

fn group(comparison: &Comparison, effect: Effect) -> impl Iterator<Item = &Change> {
    comparison.changes.iter().filter(move |change| change.kind.impact().effect() == effect)
}

/// Whom a change concerns.
fn audiences(change: &Change) -> String {
    let impact = change.kind.impact();
    let audiences = [("callers", impact.callers), ("grants", impact.grants)];
    let concerned = audiences.into_iter().filter(|(_, effect)| *effect != Effect::Unaffected);
    let words: Vec<_> = concerned.map(|(who, effect)| format!("{effect} for {who}")).collect();
    words.join(", ")
}

/// What was demanded, and what was found, in one sentence.
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

pub(super) fn text(comparison: &Comparison) -> String {
    let base = &comparison.base;
    let mut text = format!("{:>10} {SPEC} with {} ({})\n", "Compared", base.name, base.why);
    for (effect, word, _) in GROUPS {
        for change in group(comparison, effect) {
            text += &format!("{word:>10} {}\n", change.text);
            text += &format!("           {}: {}\n", audiences(change), change.kind.reason());
            if let Some(remedy) = &change.remedy {
                text += &format!("           remedy: {remedy}\n");
            }
        }
    }
    let word = if comparison.missing().is_some() { "Failure" } else { "Success" };
    text += &format!("{word:>10} {}\n", verdict(comparison));
    if let Some(version) = comparison.missing() {
        text += &format!("{:>10} {}\n", "To fix,", fix(version));
    }
    text
}

/// What to write where.
fn fix(version: impl std::fmt::Display) -> String {
    format!(
        "write version = \"{version}\" in {MANIFEST}, under [workspace.package] and for the crates of \
         this workspace under [workspace.dependencies]"
    )
}

pub(super) fn json(comparison: &Comparison) -> String {
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
    let value = json!({
        "base": base.name,
        "baseVersion": base.version.as_ref().map(Version::to_string),
        "version": comparison.version.to_string(),
        "bump": demand.as_ref().map(|demand| demand.bump.to_string()),
        "demandedVersion": version.map(Version::to_string),
        "carried": comparison.missing().is_none(),
        "changes": changes,
    });
    format!("{value:#}\n")
}

pub(super) fn markdown(comparison: &Comparison) -> String {
    let base = &comparison.base;
    let mut text = format!("### Changes of `{SPEC}` since `{}`\n\n", base.name);
    let mark = if comparison.missing().is_some() { "❌" } else { "✅" };
    text += &format!("{mark} {}.\n", capitalised(&verdict(comparison)));
    if let Some(version) = comparison.missing() {
        text += &format!("{}.\n", capitalised(&fix(version)));
    }
    for (effect, _, title) in GROUPS {
        if group(comparison, effect).next().is_none() {
            continue;
        }
        text += &format!("\n#### {title}\n\n");
        for change in group(comparison, effect) {
            let (whom, reason) = (audiences(change), change.kind.reason());
            text +=
                &format!("- {}<br>{}: {reason}.", capitalised(&change.text), capitalised(&whom));
            if let Some(remedy) = &change.remedy {
                text += &format!("<br>{}.", capitalised(remedy));
            }
            text.push('\n');
        }
    }
    text
}
