//! Why a token does not allow an operation, in words.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::StatusCode;

use crate::{Cloud, Operation, Permission, PermissionType, claims::Claims, display::Printable};

/// Why, by its own claims, a token does not allow an operation.
///
/// A token is never refused for what it does not say: Graph has the last word. Of a
/// refusal by Graph, only what can explain it is told: a 401 is about the token, a 403
/// about its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// The token has expired.
    Expired {
        /// When.
        at: SystemTime,
    },
    /// The token is not valid yet.
    NotYetValid {
        /// From when on it is.
        from: SystemTime,
    },
    /// The token is for somebody else than this Graph.
    Audience {
        /// Whom it is for.
        audience: String,
        /// Whom it would have to be for.
        expected: String,
    },
    /// An app-only token has no signed-in user, and so no `/me`.
    NoSignedInUser,
    /// The operation has no permission of the token's type.
    PermissionType {
        /// The type of the token.
        actual: PermissionType,
        /// The permissions that would suffice, least privileged first.
        sufficient: Vec<Permission>,
    },
    /// The token lacks every permission that would suffice.
    MissingPermission {
        /// The type of the token.
        permission_type: PermissionType,
        /// The scopes it has.
        granted: Vec<String>,
        /// The permissions that would suffice, least privileged first.
        sufficient: Vec<Permission>,
    },
    /// The token has permissions that suffice only under a condition, which
    /// could not be verified.
    Conditional {
        /// The permissions it has.
        granted: Vec<Permission>,
    },
}

/// The value of `aud` when a token was requested by Graph's application id.
const GRAPH_APPLICATION_ID: &str = crate::generated::limits::GRAPH_APP_ID;

/// Whom tokens have to be for.
#[derive(Debug)]
pub(crate) struct Audience {
    pub(crate) cloud: Cloud,
    /// Whether the client calls the cloud itself, or a stand-in on this machine. A
    /// gateway between them may have tokens of its own.
    pub(crate) direct: bool,
}

impl Audience {
    /// Whether a token for somebody is not for this audience.
    fn excludes(&self, actual: &str) -> bool {
        let is = |expected: &str| actual.trim_end_matches('/').eq_ignore_ascii_case(expected);
        let accepted = is(self.cloud.origin()) || is(GRAPH_APPLICATION_ID);
        !accepted && (self.direct || Cloud::ALL.iter().any(|cloud| is(cloud.origin())))
    }
}

/// What a refusal by Graph says of its reason.
pub(crate) struct Reason<'a> {
    pub(crate) status: StatusCode,
    /// Everything that was said in words: codes, messages, descriptions.
    pub(crate) words: &'a str,
    /// Whether its code stands for a reason of its own, one that no token has.
    pub(crate) has_known_code: bool,
}

/// What a 401 may say is wrong with the token.
#[derive(PartialEq)]
enum Topic {
    /// Its signature, or the key of it: no claim tells.
    Signature,
    Audience,
    Lifetime,
}

impl Topic {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "signature" | "signatures" | "signing" | "signed" | "key" | "keys" | "kid" => {
                Self::Signature
            }
            "audience" | "audiences" | "aud" => Self::Audience,
            "lifetime" | "expired" | "expires" | "expiry" | "expiration" | "exp" | "nbf"
            | "before" | "yet" => Self::Lifetime,
            _ => return None,
        })
    }
}

/// The words of a text in lower case; those of a code such as `InvalidSignature`, too.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut follows_lower = false;
    for character in text.chars() {
        let begins = character.is_uppercase() && follows_lower;
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        follows_lower = character.is_lowercase();
    }
    words
}

impl Diagnosis {
    /// Compares a token's claims with what the spec says of an operation, before it is
    /// sent. Graph's clock may differ from `now` by `skew`.
    pub(crate) fn before_sending(
        claims: &Claims,
        operation: Operation,
        audience: &Audience,
        (now, skew): (SystemTime, Duration),
    ) -> Option<Self> {
        let validity = Self::of_validity(claims, audience, (now, skew)).into_iter().flatten();
        validity.chain(Self::of_permissions(claims, operation)).next()
    }

    /// What of a token's claims explains a refusal by Graph.
    pub(crate) fn of_refusal(
        reason: &Reason<'_>,
        claims: &Claims,
        operation: Operation,
        audience: &Audience,
        now: SystemTime,
    ) -> Option<Self> {
        if reason.status == StatusCode::UNAUTHORIZED {
            let validity = Self::of_validity(claims, audience, (now, Duration::ZERO));
            return validity.into_iter().flatten().find(|found| found.is_about(reason.words));
        }
        let explains = |found: &Self| match reason.status {
            StatusCode::FORBIDDEN => true,
            // "/me request is only valid with delegated authentication flow."
            StatusCode::BAD_REQUEST => *found == Self::NoSignedInUser,
            _ => false,
        };
        Self::of_permissions(claims, operation)
            .filter(|found| explains(found) && !reason.has_known_code)
    }

    /// Why Graph would not accept the token at all, whatever it is for.
    fn of_validity(
        claims: &Claims,
        audience: &Audience,
        (now, skew): (SystemTime, Duration),
    ) -> [Option<Self>; 3] {
        let is_over = |at: &SystemTime| at.checked_add(skew).is_some_and(|at| at <= now);
        let is_to_come = |from: &SystemTime| now.checked_add(skew).is_some_and(|now| *from > now);
        [
            claims.expiry().filter(is_over).map(|at| Self::Expired { at }),
            claims.not_before().filter(is_to_come).map(|from| Self::NotYetValid { from }),
            claims.audience().filter(|actual| audience.excludes(actual)).map(|actual| {
                let (audience, expected) = (actual.to_owned(), audience.cloud.origin().to_owned());
                Self::Audience { audience, expected }
            }),
        ]
    }

    /// Whether it is what a 401 speaks of, if that says what it speaks of.
    fn is_about(&self, said: &str) -> bool {
        let own =
            if matches!(self, Self::Audience { .. }) { Topic::Audience } else { Topic::Lifetime };
        let topics: Vec<Topic> = words(said).iter().filter_map(|word| Topic::of(word)).collect();
        !topics.contains(&Topic::Signature) && (topics.is_empty() || topics.contains(&own))
    }

    fn of_permissions(claims: &Claims, operation: Operation) -> Option<Self> {
        let permission_type = claims.permission_type()?;
        let sufficient: Vec<Permission> = operation
            .permissions()
            .iter()
            .filter(|permission| permission.permission_type == permission_type)
            .copied()
            .collect();
        if sufficient.is_empty() {
            let app_only = permission_type == PermissionType::Application;
            if app_only && operation.details().is_of_signed_in_user {
                return Some(Self::NoSignedInUser);
            }
            let sufficient = operation.permissions().to_vec();
            return Some(Self::PermissionType { actual: permission_type, sufficient });
        }
        let scopes = claims.scopes();
        let granted: Vec<Permission> = sufficient
            .iter()
            .filter(|permission| scopes.contains(&permission.scope))
            .copied()
            .collect();
        if granted.is_empty() {
            let granted = scopes.into_iter().map(str::to_owned).collect();
            return Some(Self::MissingPermission { permission_type, granted, sufficient });
        }
        let conditional =
            granted.iter().all(|permission| permission.open_condition(operation).is_some());
        conditional.then_some(Self::Conditional { granted })
    }

    /// Whether Graph does not accept the token at all (401), whatever it is for.
    pub(crate) fn is_of_token(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::NotYetValid { .. } | Self::Audience { .. })
    }

    /// Whether it is certain that Graph will refuse the token.
    pub(crate) fn is_certain(&self) -> bool {
        !matches!(self, Self::Conditional { .. })
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { at } => write!(f, "the token expired at {}", date(*at)),
            Self::NotYetValid { from } => {
                write!(f, "the token is not valid before {}", date(*from))
            }
            Self::Audience { audience, expected } => {
                write!(f, "the token is for `{}`", Printable(audience))?;
                let audience = audience.trim_end_matches('/');
                let other =
                    Cloud::ALL.iter().find(|cloud| cloud.origin().eq_ignore_ascii_case(audience));
                if let Some(cloud) = other {
                    write!(f, ", the cloud `{cloud}`")?;
                }
                write!(f, ", not for `{expected}`")
            }
            Self::NoSignedInUser => f.write_str(
                "an app-only token has no signed-in user and so no `/me`; name the user, as in \
                 `/users/{id}`",
            ),
            Self::PermissionType { actual, sufficient } => {
                write!(f, "no {actual} permission allows this; it takes {}", any_of(sufficient))
            }
            Self::MissingPermission { permission_type, granted, sufficient } => {
                write!(f, "the token lacks a permission: it takes {}; ", any_of(sufficient))?;
                write!(f, "granted as {permission_type}: ")?;
                if granted.is_empty() {
                    return f.write_str("none");
                }
                Printable(&granted.join(", ")).fmt(f)
            }
            Self::Conditional { granted } => {
                write!(f, "the token has {}", conditions_of(granted))
            }
        }
    }
}

/// A time as HTTP writes it, which has words for no year beyond 9999.
fn date(time: SystemTime) -> String {
    /// The first second of the year 10000, since 1970.
    const UNWRITTEN: Duration = Duration::from_secs(253_402_300_800);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) if since < UNWRITTEN => httpdate::fmt_http_date(time),
        Ok(since) => format!("{} s after 1970", since.as_secs()),
        Err(_) => "a time before 1970".to_owned(),
    }
}

fn any_of(permissions: &[Permission]) -> String {
    let names: Vec<String> = permissions.iter().map(ToString::to_string).collect();
    names.join(" or ")
}

fn conditions_of(permissions: &[Permission]) -> String {
    let clause = |permission: &Permission| {
        let Permission { scope, permission_type, .. } = permission;
        let condition = permission.condition.map_or("", |condition| condition.clause());
        format!("{scope} ({permission_type}), which suffices only if {condition}")
    };
    permissions.iter().map(clause).collect::<Vec<_>>().join(", and ")
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_those_of_texts_and_of_codes() {
        for (text, expected) in [
            ("Signature validation failed. Unable to match key: kid", "signature key kid"),
            ("InvalidSignature", "invalid signature"),
            ("IDX10222: NotBefore", "not before"),
            ("monkeys keyword", "monkeys keyword"),
        ] {
            let words = words(text);
            for word in expected.split(' ') {
                assert!(words.iter().any(|found| found == word), "{word}: {words:?}");
            }
        }
        assert!(!words("monkeys keyword").iter().any(|word| word == "key"));
    }
}
