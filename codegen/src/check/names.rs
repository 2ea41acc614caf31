//! Names: what Rust makes of them, and which one was probably meant.

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};
use strsim::levenshtein;

use super::shape::EXTENSION;
use crate::names;

/// Names that a generated type must not take: those that every Rust program
/// has.
const TAKEN_TYPES: &[&str] = &[
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
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Future",
    "IntoFuture",
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
];

/// Names that a generated type must not take because the client has them: types
/// of the wrapper, which stand beside the identifiers on the front page of the
/// crate, and what rendered modules define or import. A test compares.
const CLIENT_TYPES: &[&str] = &[
    "AccessToken",
    "AccountKind",
    "AzureToken",
    "ByteStream",
    "Client",
    "ClientBuilder",
    "ClientHooks",
    "ClientInfo",
    "Cloud",
    "Condition",
    "ContentKind",
    "Diagnosis",
    "Error",
    "ErrorModel",
    "GraphPhotoClient",
    "Identifier",
    "IdentifierRule",
    "InvalidIdentifier",
    "InvalidJpeg",
    "InvalidPhoto",
    "InvalidTarget",
    "InvalidToken",
    "JpegKind",
    "JpegPhoto",
    "Method",
    "Operation",
    "OperationInfo",
    "OutOfLine",
    "PathParameter",
    "PathWriter",
    "Permission",
    "PermissionSource",
    "PermissionType",
    "PhotoFault",
    "PhotoTarget",
    "PhotoWarning",
    "Printable",
    "RequestBuilderExt",
    "ResponseValue",
    "RetryPolicy",
    "Scheme",
    "Scope",
    "Segment",
    "Source",
    "StaticToken",
    "Target",
    "TokenError",
    "TokenFuture",
    "TokenProvider",
    "TokenRequest",
    "UnknownCloud",
    "UnsupportedJpeg",
    "UploadMethod",
    "UploadResponse",
];

/// Names that mean something else in a generated method.
const TAKEN_ARGUMENTS: &[&str] = &["body", "encodePath", "value"];

/// Names of functions that a target already has, of its own or from a trait; a
/// constructor of the same name would not compile, or hide it.
const TAKEN_FUNCTIONS: &[&str] = &[
    "clone",
    "clone_from",
    "eq",
    "fmt",
    "from",
    "from_segments",
    "from_str",
    "hash",
    "into",
    "ne",
    "operation",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
    "upload",
    "write_path",
];

/// What the Rust Reference lists as strict and reserved keywords of the edition of 2024.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether a generated type can be called `name` as it stands.
pub(crate) fn is_type_name(name: &str) -> bool {
    is_word(name)
        && name.to_pascal_case() == name
        && !TAKEN_TYPES.contains(&name)
        && !CLIENT_TYPES.contains(&name)
}

/// Whether a variant of the generated targets can be called `name` as it
/// stands, and the function that makes it likewise in snake case.
pub(crate) fn is_target_name(name: &str) -> bool {
    let function = name.to_snake_case();
    is_word(name)
        && is_identifier(name)
        && is_identifier(&function)
        && function.to_pascal_case() == name
        && !TAKEN_FUNCTIONS.contains(&function.as_str())
}

/// Whether a generated argument can be called `name`, in snake case, its type
/// likewise in Pascal case, and the marker of that type with `Parameter` after
/// it.
pub(crate) fn is_argument_name(name: &str) -> bool {
    let type_name = names::type_name(name);
    is_word(name)
        && name.to_lower_camel_case() == name
        && is_identifier(&names::snake_name(name))
        && !TAKEN_ARGUMENTS.contains(&name)
        && is_type_name(&type_name)
        && is_type_name(&names::marker_name(name))
        // `{user}` and `{userParameter}` would both make a `UserParameter`.
        && !type_name.ends_with(names::MARKER_SUFFIX)
}

/// Whether `name` is a letter followed by letters and digits, all of ASCII.
pub(crate) fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether `name` is a Rust identifier of ASCII that begins with a letter, and not a
/// keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KEYWORDS.contains(&name)
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
        .map(|candidate| (levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 4).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
pub(crate) fn instead<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates = offered(candidates);
    match similar(word, candidates.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write {}", alternatives(candidates)),
    }
}

/// The candidates that a remedy may name: those that `x-` disables have a finding that
/// says to rename them.
fn offered<'a>(candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    candidates.into_iter().filter(|name| !name.starts_with(EXTENSION)).collect()
}

/// The same, or else to do as `otherwise` says.
pub(crate) fn instead_or<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    let candidates = offered(candidates);
    match similar(word, candidates.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`? If not, {otherwise}"),
        None if candidates.is_empty() => otherwise.to_owned(),
        None => format!("write {}, or {otherwise}", alternatives(candidates)),
    }
}

#[cfg(all(test, feature = "generator"))]
mod tests {
    use super::{KEYWORDS, is_identifier};

    #[test]
    fn identifiers_are_those_of_syn() {
        let others = ["a", "A1", "user_id", "union", "auto", "raw", "safe", "default", "dyne"];
        let none = ["", "_", "1a", "a-b", "a b", "a.b", "r#a"];
        for name in KEYWORDS.iter().chain(&others).chain(&none) {
            // syn doesn't count `gen`, which is a keyword since the edition of 2024.
            let known = *name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok();
            assert_eq!(is_identifier(name), known && *name != "r#a", "{name}");
        }
    }
}
