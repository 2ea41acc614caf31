//! Names: what Rust makes of them, and which one was probably meant.

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

/// Names that a generated type must not take: those that every Rust program
/// has, and those that the client has of its own.
const TAKEN_TYPES: &[&str] = &[
    // The prelude, and what derives and macros name.
    "Self",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "String",
    "Vec",
    "Box",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Copy",
    "Clone",
    "Debug",
    "Display",
    "Default",
    "Eq",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Hash",
    "From",
    "Into",
    "FromStr",
    "TryFrom",
    "TryInto",
    "AsRef",
    "AsMut",
    "Iterator",
    "IntoIterator",
    "Extend",
    "FromIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "ToOwned",
    "ToString",
    "Deref",
    "Serialize",
    "Deserialize",
    "JsonSchema",
    // The client.
    "Client",
    "ClientInfo",
    "ClientHooks",
    "OperationInfo",
    "ResponseValue",
    "ByteStream",
    "RequestBuilderExt",
    "Error",
    "Operation",
    "PhotoTarget",
    "Permission",
    "PermissionType",
    "AccountKind",
    "Condition",
    "Cloud",
    "Method",
    "Scope",
    "Scheme",
    "Source",
    "Identifier",
    "Segment",
    "Target",
    "JpegPhoto",
    "GraphPhotoClient",
    "StaticToken",
];

/// Names that an argument of a generated method already has.
const TAKEN_ARGUMENTS: &[&str] = &["body", "client", "value"];

/// Whether a generated type or variant can be called `name` as it stands.
pub(crate) fn is_type_name(name: &str) -> bool {
    is_word(name) && name.to_pascal_case() == name && !TAKEN_TYPES.contains(&name)
}

/// Whether a generated argument can be called `name`, in snake case, and its
/// type likewise in Pascal case.
pub(crate) fn is_argument_name(name: &str) -> bool {
    is_word(name)
        && name.to_lower_camel_case() == name
        && is_identifier(&name.to_snake_case())
        && !TAKEN_ARGUMENTS.contains(&name)
        && is_type_name(&name.to_pascal_case())
}

/// Whether `name` is a letter followed by letters and digits, all of ASCII.
pub(crate) fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether `name` is a Rust identifier and not a keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Whether `name` is words of lower-case letters and digits joined by hyphens.
pub(crate) fn is_kebab_case(name: &str) -> bool {
    name.split('-').all(|word| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    }) && name.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The one of `candidates` that `word` is most likely a misspelling of.
pub(crate) fn similar<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A name whose length is far off isn't a misspelling; this also keeps the
    // cost of comparing with a very long one down.
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 3 && *candidate != word)
        .map(|candidate| (distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 4).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of characters to insert, delete or replace to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((to, pair), left) in b.iter().zip(row.windows(2)).zip(0..) {
            let replaced = pair.first().copied().unwrap_or_default() + usize::from(from != *to);
            let deleted = pair.last().copied().unwrap_or_default() + 1;
            let inserted = next.get(left).copied().unwrap_or_default() + 1;
            next.push(replaced.min(deleted).min(inserted));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
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

/// A remedy for the unknown name `word`: the candidate that was meant, or all
/// of them.
pub(crate) fn instead<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    match similar(word, candidates.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write {}", alternatives(candidates)),
    }
}

/// The same, or else to do as `otherwise` says.
pub(crate) fn instead_or<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    match similar(word, candidates.clone()) {
        Some(meant) => format!("did you mean `{meant}`? If not, {otherwise}"),
        None if candidates.clone().into_iter().next().is_none() => otherwise.to_owned(),
        None => format!("write {}, or {otherwise}", alternatives(candidates)),
    }
}
