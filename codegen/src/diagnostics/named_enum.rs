//! Enums whose variants have names: each name is written once.

/// Declares an enum whose variants have names, which serde and `Display` write, too. Each may have
/// a sentence without a full stop, which documents it, and a value of any type.
macro_rules! named {
    ($(#[$doc:meta])* $vis:vis $type:ident {
        $($(#[$variant_doc:meta])* $variant:ident = $name:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        $vis enum $type {
            $($(#[$variant_doc])* #[serde(rename = $name)] $variant,)+
        }

        #[allow(dead_code, reason = "not every enum is listed")]
        impl $type {
            /// All variants, in the order of their declaration.
            $vis const ALL: [Self; Self::NAMES.len()] = [$(Self::$variant,)+];

            /// All names.
            $vis const NAMES: [&'static str; [$($name),+].len()] = [$($name,)+];

            /// Its name.
            #[must_use]
            $vis const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
    ($(#[$doc:meta])* $vis:vis $type:ident with $sentence:ident {
        $($variant:ident = $name:literal, $text:literal;)+
    }) => {
        $crate::diagnostics::named_enum::named! {
            $(#[$doc])* $vis $type, $sentence: &'static str {
                $(#[doc = concat!("`", $name, "`: ", $text, ".")] $variant = $name => $text;)+
            }
        }
    };
    ($(#[$doc:meta])* $vis:vis $type:ident, $value:ident: $of:ty {
        $($(#[$variant_doc:meta])* $variant:ident = $name:literal => $it:expr;)+
    }) => {
        $crate::diagnostics::named_enum::named! {
            $(#[$doc])* $vis $type { $($(#[$variant_doc])* $variant = $name;)+ }
        }

        impl $type {
            #[doc = concat!("Its ", stringify!($value), ".")]
            #[must_use]
            $vis const fn $value(self) -> $of {
                match self {
                    $(Self::$variant => $it,)+
                }
            }
        }
    };
    ($(#[$doc:meta])* $vis:vis $type:ident with $sentence:ident, $value:ident: $of:ty {
        $($variant:ident = $name:literal, $text:literal => $it:expr;)+
    }) => {
        $crate::diagnostics::named_enum::named! {
            $(#[$doc])* $vis $type with $sentence { $($variant = $name, $text;)+ }
        }

        impl $type {
            #[doc = concat!("Its ", stringify!($value), ".")]
            #[must_use]
            $vis const fn $value(self) -> $of {
                match self {
                    $(Self::$variant => $it,)+
                }
            }
        }
    };
}

pub(crate) use named;
