//! The names that rendered code gives to what the spec names.

use heck::{ToPascalCase, ToSnakeCase};

/// The type of an identifier: `UserId` for the path parameter `userId`.
pub(crate) fn type_name(parameter: &str) -> String {
    parameter.to_pascal_case()
}

/// The variant of an operation: `ReplaceUserPhoto` for `replaceUserPhoto`.
pub(crate) fn variant_name(operation_id: &str) -> String {
    operation_id.to_pascal_case()
}

/// A field, an argument or a function: `user_id` for `userId`.
pub(crate) fn snake_name(name: &str) -> String {
    name.to_snake_case()
}
