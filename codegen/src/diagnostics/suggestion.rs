//! Suggestions: the name that was probably meant, or all names.

use strsim::levenshtein;

/// The beginning of an extension's name. It disables other keys, so no suggestion has it.
pub(crate) const EXTENSION: &str = "x-";

/// The candidate that `word` most likely misspells.
pub(crate) fn similar<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A much longer or shorter name is no misspelling, and would be costly to compare.
    let similar = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 3 && *candidate != word)
        .map(|candidate| (levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 4).clamp(1, 3));
    similar.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The names in backticks, separated by commas: `a`, `b`, `c`.
#[cfg(feature = "generator")]
pub(crate) fn quoted(names: &[impl AsRef<str>]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    quoted.join(", ")
}

/// The names in backticks: `a`, `b` or `c`.
pub(crate) fn alternatives<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// A remedy for the unknown name `word`: the candidate that was meant, or all of them, or else
/// what `otherwise` says, unless it is empty.
pub(crate) fn instead<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    let names: Vec<_> =
        candidates.into_iter().filter(|name| !name.starts_with(EXTENSION)).collect();
    let (first, joint) = match similar(word, names.iter().copied()) {
        Some(meant) => (format!("did you mean `{meant}`?"), " If not, "),
        None if names.is_empty() && otherwise.is_empty() => return "remove it".to_owned(),
        None if names.is_empty() => return otherwise.to_owned(),
        None => (format!("write {}", alternatives(names)), ", or "),
    };
    if otherwise.is_empty() { first } else { first + joint + otherwise }
}
