//! Names in rendered code: how they follow from names in the spec, and which can be taken.

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

/// The type of an identifier: `UserId` for the path parameter `userId`.
pub(crate) fn type_name(parameter: &str) -> String {
    parameter.to_pascal_case()
}

/// The end of the name of a [marker](marker_name).
pub(crate) const MARKER_SUFFIX: &str = "Parameter";

/// The marker type of an identifier: `UserIdParameter` for the path parameter `userId`.
pub(crate) fn marker_name(parameter: &str) -> String {
    type_name(parameter) + MARKER_SUFFIX
}

/// The variant of an operation or a cloud: `UsL4` for `us-l4`.
pub(crate) fn variant_name(name: &str) -> String {
    name.to_pascal_case()
}

/// A field, an argument or a function: `user_id` for `userId`.
pub(crate) fn snake_name(name: &str) -> String {
    name.to_snake_case()
}

/// Types that every Rust program has, separated by blanks like the other lists here.
const TAKEN_TYPES: &str = "\
    Self Option Some None Result Ok Err String Vec Box Drop Fn FnMut FnOnce Send Sync Sized \
    Unpin Copy Clone Debug Display Default Eq Ord PartialEq PartialOrd Hash From Into FromStr \
    TryFrom TryInto AsRef AsMut AsyncFn AsyncFnMut AsyncFnOnce Future IntoFuture Iterator \
    IntoIterator Extend FromIterator DoubleEndedIterator ExactSizeIterator ToOwned ToString \
    Deref Serialize Deserialize JsonSchema";

/// Types of the wrapper beside the identifiers, and of rendered modules; a test compares.
const CLIENT_TYPES: &str = "\
    AccessToken AccountKind AzureToken Client ClientBuilder Cloud Condition ContentKind Diagnosis \
    Error GraphPhotoClient Identifier IdentifierRule InvalidIdentifier InvalidJpeg InvalidPhoto \
    InvalidTarget InvalidToken JpegKind JpegPhoto Method Operation PathParameter PathWriter \
    Permission PermissionSource PermissionType PhotoFault PhotoTarget PhotoWarning Printable \
    RetryPolicy Scheme Scope Segment Source StaticToken Target TokenError TokenFuture \
    TokenProvider TokenRequest UnknownCloud UnsupportedJpeg UploadMethod UploadResponse";

/// Names that mean something else in a generated method.
const TAKEN_ARGUMENTS: &str = "body encodePath value";

/// Functions of targets and of their traits, whose names no constructor can have.
const TAKEN_FUNCTIONS: &str = "\
    clone clone_from eq fmt from from_segments from_str hash into ne operation to_owned \
    to_string try_from try_into type_id upload write_path";

/// The strict and reserved keywords of the Rust Reference, edition of 2024.
const KEYWORDS: &str = "\
    Self abstract as async await become box break const continue crate do dyn else enum extern \
    false final fn for gen if impl in let loop macro match mod move mut override priv pub ref \
    return self static struct super trait true try type typeof unsafe unsized use virtual where \
    while yield";

fn is_one_of(name: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == name)
}

fn is_type_name(name: &str) -> bool {
    is_word(name)
        && name.to_pascal_case() == name
        && !is_one_of(name, TAKEN_TYPES)
        && !is_one_of(name, CLIENT_TYPES)
}

/// Whether a generated target can have this `name`, and its constructor the same in snake case.
pub(crate) fn is_target_name(name: &str) -> bool {
    let function = name.to_snake_case();
    is_word(name)
        && is_identifier(name)
        && is_identifier(&function)
        && function.to_pascal_case() == name
        && !is_one_of(&function, TAKEN_FUNCTIONS)
}

/// Whether a generated argument, its type and its marker can be named after `name`.
pub(crate) fn is_argument_name(name: &str) -> bool {
    let type_name = type_name(name);
    is_word(name)
        && name.to_lower_camel_case() == name
        && is_identifier(&snake_name(name))
        && !is_one_of(name, TAKEN_ARGUMENTS)
        && is_type_name(&type_name)
        && is_type_name(&marker_name(name))
        // `{user}` and `{userParameter}` would both make a `UserParameter`.
        && !type_name.ends_with(MARKER_SUFFIX)
}

/// Whether `name` is a letter followed by letters and digits, all of ASCII.
pub(crate) fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether `name` is an ASCII identifier of Rust that begins with a letter, and no keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_one_of(name, KEYWORDS)
}

/// Whether `name` is words of lower-case letters and digits joined by hyphens.
pub(crate) fn is_kebab_case(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_word = |word: &str| !word.is_empty() && word.chars().all(plain);
    name.split('-').all(is_word) && name.starts_with(|c: char| c.is_ascii_lowercase())
}

#[cfg(all(test, feature = "generator"))]
mod tests {
    use super::{KEYWORDS, is_identifier};

    #[test]
    fn identifiers_are_those_of_syn() {
        let others = ["a", "A1", "user_id", "union", "auto", "raw", "safe", "default", "dyne"];
        let none = ["", "_", "1a", "a-b", "a b", "a.b", "r#a"];
        for name in KEYWORDS.split(' ').chain(others).chain(none) {
            // syn doesn't count `gen`, which is a keyword since the edition of 2024.
            let known = name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok();
            assert_eq!(is_identifier(name), known && name != "r#a", "{name}");
        }
    }
}
