//! Enums whose variants have names: each name is written once.

/// Declares an enum whose variants have names, which serde and `Display` write, too. In the second
/// form, the function `$sentence` returns a sentence for each, also its documentation.
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
            $(#[$doc])* $vis $type {
                $(#[doc = concat!("`", $name, "`: ", $text, ".")] $variant = $name;)+
            }
        }

        impl $type {
            #[doc = concat!("Its ", stringify!($sentence), ": one sentence without a full stop.")]
            #[must_use]
            $vis const fn $sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

pub(crate) use named;
