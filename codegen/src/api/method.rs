//! The HTTP methods that write a photo.

use crate::diagnostics::named_enum::named;

named! {
    /// An HTTP method that writes a photo.
    #[cfg_attr(feature = "generator", derive(schemars::JsonSchema))]
    pub Method {
        /// `PUT`, which every edition of Graph's documentation allows.
        Put = "PUT";
        /// `PATCH`.
        Patch = "PATCH";
    }
}

impl Method {
    /// The method as HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        self.name()
    }

    /// The method as path items of OpenAPI write it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Patch => "patch",
        }
    }

    /// The first word of its operation ids.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Put => "replace",
            Self::Patch => "update",
        }
    }
}
