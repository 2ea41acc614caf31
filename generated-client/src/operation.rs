//! What the spec says of each operation.

use std::fmt;

use crate::{AccountKind, Operation, Permission, UploadMethod};

/// What the spec says of an operation.
pub(crate) struct OperationDetails {
    pub(crate) id: &'static str,
    pub(crate) method: UploadMethod,
    pub(crate) path_template: &'static str,
    /// Whether its path begins at the signed-in user.
    pub(crate) is_of_signed_in_user: bool,
    pub(crate) summary: &'static str,
    pub(crate) account_kinds: &'static [AccountKind],
    pub(crate) permissions: &'static [Permission],
}

impl Operation {
    /// The `operationId`, such as `replaceMePhoto`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.details().id
    }

    /// The HTTP method.
    #[must_use]
    pub const fn method(self) -> UploadMethod {
        self.details().method
    }

    /// The path with its parameters in braces, such as
    /// `/users/{userId}/photo/$value`.
    #[must_use]
    pub const fn path_template(self) -> &'static str {
        self.details().path_template
    }

    /// Whether it writes to what belongs to the signed-in user, whom only a
    /// delegated token has.
    #[must_use]
    pub const fn is_of_signed_in_user(self) -> bool {
        self.details().is_of_signed_in_user
    }

    /// What it does, in a few words.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        self.details().summary
    }

    /// The kinds of accounts it works with.
    #[must_use]
    pub const fn account_kinds(self) -> &'static [AccountKind] {
        self.details().account_kinds
    }

    /// The permissions that allow it, any one of which suffices; least
    /// privileged first within each permission type.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        self.details().permissions
    }
}

/// The `operationId`.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
