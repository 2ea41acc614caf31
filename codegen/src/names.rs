//! The names that rendered code gives to what the spec names.

use heck::{ToPascalCase, ToSnakeCase};

/// The type of an identifier: `UserId` for the path parameter `userId`.
pub(crate) fn type_name(parameter: &str) -> String {
    parameter.to_pascal_case()
}

/// What the name of a [marker](marker_name) ends with.
pub(crate) const MARKER_SUFFIX: &str = "Parameter";

/// The type that tells an identifier from others: `UserIdParameter` for the
/// path parameter `userId`.
pub(crate) fn marker_name(parameter: &str) -> String {
    type_name(parameter) + MARKER_SUFFIX
}

/// The variant of an operation or a cloud: `ReplaceUserPhoto` for
/// `replaceUserPhoto`, `UsL4` for `us-l4`.
pub(crate) fn variant_name(name: &str) -> String {
    name.to_pascal_case()
}

/// A field, an argument or a function: `user_id` for `userId`.
pub(crate) fn snake_name(name: &str) -> String {
    name.to_snake_case()
}
