//! Why a token does not allow an operation.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::StatusCode;

use crate::{
    auth::{claims::Claims, permission::Permission},
    display::Printable,
    generated::{
        cloud::Cloud,
        limits::{GRAPH_APP_ID, PHOTO_SUFFIX},
        operation::{Condition, Operation, PermissionType},
    },
};

/// Why a token does not allow an operation, by its own claims.
///
/// A missing claim is never a reason: Graph has the last word. After a refusal by Graph,
/// only a reason that can explain it counts: for a 401 the token itself, for a 403 its
/// permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// The token has expired.
    Expired {
        /// When it expired.
        at: SystemTime,
    },
    /// The token is not valid yet.
    NotYetValid {
        /// When it becomes valid.
        from: SystemTime,
    },
    /// The token is for a different service or cloud.
    Audience {
        /// The audience of the token.
        audience: String,
        /// The audience it should have.
        expected: String,
    },
    /// An app-only token has no signed-in user, and so no `/me`.
    NoSignedInUser,
    /// No permission of the token's type allows the operation.
    PermissionType {
        /// The type of the token.
        actual: PermissionType,
        /// The permissions that would suffice, least privileged first.
        sufficient: Vec<Permission>,
    },
    /// The token has no permission that would suffice.
    MissingPermission {
        /// The type of the token.
        permission_type: PermissionType,
        /// The scopes it has.
        granted: Vec<String>,
        /// The permissions that would suffice, least privileged first.
        sufficient: Vec<Permission>,
    },
    /// The token has permissions that suffice only under a condition that its claims do not
    /// show.
    Conditional {
        /// The permissions it has.
        granted: Vec<Permission>,
    },
}

#[derive(Debug)]
pub(crate) struct Audience {
    pub(crate) cloud: Cloud,
    /// Whether the client calls the cloud itself, or a stand-in on this machine. A gateway
    /// in between may take its own tokens.
    pub(crate) direct: bool,
}

impl Audience {
    fn excludes(&self, actual: &str) -> bool {
        match cloud_of(actual) {
            Some(cloud) => cloud != self.cloud,
            // A token requested for Graph's application id has that as `aud`.
            None => self.direct && !is_same_audience(actual, GRAPH_APP_ID),
        }
    }
}

fn cloud_of(audience: &str) -> Option<Cloud> {
    Cloud::ALL.iter().copied().find(|cloud| is_same_audience(audience, cloud.origin()))
}

fn is_same_audience(audience: &str, expected: &str) -> bool {
    audience.trim_end_matches('/').eq_ignore_ascii_case(expected)
}

pub(crate) struct Reason<'a> {
    pub(crate) status: StatusCode,
    /// Its codes, messages and descriptions.
    pub(crate) words: &'a str,
    /// Whether its code names a reason other than the token.
    pub(crate) has_known_code: bool,
}

impl Reason<'_> {
    /// Whether a 401 may be about this finding: it mentions that or nothing in particular.
    fn may_be_about(&self, found: &Diagnosis) -> bool {
        const LIFETIME: &[&str] = &["lifetime", "expir", "before", "yet", "nbf"];
        let said = self.words.to_lowercase();
        let speaks_of = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let (of_lifetime, of_audience) = (speaks_of(LIFETIME), speaks_of(&["audience"]));
        let is_foreign = matches!(found, Diagnosis::Audience { .. });
        // No claim shows whether a signature is right.
        !speaks_of(&["signature", "signing"])
            && (if is_foreign { of_audience } else { of_lifetime } || of_audience == of_lifetime)
    }
}

impl Diagnosis {
    /// Compares a token's claims with the spec of an operation before sending. Graph's clock
    /// may differ from `now` by `skew`.
    pub(crate) fn before_sending(
        claims: &Claims,
        operation: Operation,
        audience: &Audience,
        (now, skew): (SystemTime, Duration),
    ) -> Option<Self> {
        Self::of_token(claims, audience, (now, skew), |_| true)
            .or_else(|| Self::of_permissions(claims, operation))
    }

    /// The claims that explain a refusal by Graph.
    pub(crate) fn of_refusal(
        reason: &Reason<'_>,
        claims: &Claims,
        operation: Operation,
        audience: &Audience,
        now: SystemTime,
    ) -> Option<Self> {
        let is_accepted = |found: &Self| match reason.status {
            StatusCode::FORBIDDEN => !reason.has_known_code,
            // "/me request is only valid with delegated authentication flow."
            StatusCode::BAD_REQUEST => !reason.has_known_code && *found == Self::NoSignedInUser,
            _ => false,
        };
        if reason.status == StatusCode::UNAUTHORIZED {
            let clock = (now, Duration::ZERO);
            return Self::of_token(claims, audience, clock, |found| reason.may_be_about(found));
        }
        Self::of_permissions(claims, operation).filter(is_accepted)
    }

    /// The first accepted reason why Graph would refuse the token for any operation.
    fn of_token(
        claims: &Claims,
        audience: &Audience,
        (now, skew): (SystemTime, Duration),
        is_accepted: impl Fn(&Self) -> bool,
    ) -> Option<Self> {
        let (earliest, latest) = (now.checked_sub(skew)?, now.checked_add(skew)?);
        let expiry = claims.expiry().filter(|at| *at <= earliest);
        let start = claims.not_before().filter(|from| *from > latest);
        let foreign = claims.audience().filter(|actual| audience.excludes(actual));
        let foreign = foreign.map(|actual| Self::Audience {
            audience: actual.to_owned(),
            expected: audience.cloud.origin().to_owned(),
        });
        let reasons = [
            expiry.map(|at| Self::Expired { at }),
            start.map(|from| Self::NotYetValid { from }),
            foreign,
        ];
        reasons.into_iter().flatten().find(is_accepted)
    }

    fn of_permissions(claims: &Claims, operation: Operation) -> Option<Self> {
        let permission_type = claims.permission_type()?;
        let is_of_type = |it: &&Permission| it.permission_type == permission_type;
        let all = operation.permissions();
        let sufficient: Vec<Permission> = all.iter().filter(is_of_type).copied().collect();
        let scopes = claims.scopes(permission_type);
        let is_granted = |it: &&Permission| scopes.contains(&it.scope);
        let granted: Vec<Permission> = sufficient.iter().filter(is_granted).copied().collect();
        let is_open = |it: &Permission| it.open_condition(operation).is_some();
        if sufficient.is_empty() {
            let is_app_only = permission_type == PermissionType::Application;
            Some(if is_app_only && operation.is_of_signed_in_user() {
                Self::NoSignedInUser
            } else {
                Self::PermissionType { actual: permission_type, sufficient: all.to_vec() }
            })
        } else if granted.is_empty() {
            let granted = scopes.into_iter().map(str::to_owned).collect();
            Some(Self::MissingPermission { permission_type, granted, sufficient })
        } else {
            granted.iter().all(is_open).then_some(Self::Conditional { granted })
        }
    }

    /// Whether Graph refuses the token for any operation (401).
    pub(crate) fn is_of_token(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::NotYetValid { .. } | Self::Audience { .. })
    }

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
                if let Some(cloud) = cloud_of(audience) {
                    write!(f, ", the cloud `{cloud}`")?;
                }
                write!(f, ", not for `{expected}`")
            }
            Self::NoSignedInUser => {
                f.write_str("an app-only token has no signed-in user and so no `/me`")?;
                let other = Operation::ALL.iter().find(|it| !it.is_of_signed_in_user());
                let Some(other) = other else { return Ok(()) };
                let resource = other.path_template().trim_end_matches(PHOTO_SUFFIX);
                write!(f, "; name the user, as in `{resource}`")
            }
            Self::PermissionType { actual, sufficient } => {
                write!(f, "no {actual} permission allows this; it takes {}", any_of(sufficient))
            }
            Self::MissingPermission { permission_type, granted, sufficient } => {
                let granted = if granted.is_empty() { "none" } else { &granted.join(", ") };
                write!(
                    f,
                    "the token lacks a permission: it takes {}; granted as {permission_type}: {}",
                    any_of(sufficient),
                    Printable(granted)
                )
            }
            Self::Conditional { granted } => {
                let clauses: Vec<String> = granted.iter().map(conditional).collect();
                write!(f, "the token has {}", clauses.join(", and "))
            }
        }
    }
}

/// A time in the format of HTTP, which ends with the year 9999.
fn date(time: SystemTime) -> String {
    /// The first second of the year 10000, since 1970.
    const UNWRITTEN: u64 = 253_402_300_800;
    // No claim has an earlier time.
    let time = time.max(SystemTime::UNIX_EPOCH);
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    if seconds < UNWRITTEN {
        httpdate::fmt_http_date(time)
    } else {
        format!("{seconds} s after 1970")
    }
}

fn any_of(permissions: &[Permission]) -> String {
    permissions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

fn conditional(permission: &Permission) -> String {
    let Permission { scope, permission_type, condition, .. } = permission;
    let clause = condition.map_or("", Condition::clause);
    format!("{scope} ({permission_type}), which suffices only if {clause}")
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use http::StatusCode;

    use super::{Diagnosis, Reason};

    #[test]
    fn a_401_is_about_what_it_speaks_of() {
        let expired = Diagnosis::Expired { at: SystemTime::UNIX_EPOCH };
        let foreign = Diagnosis::Audience { audience: String::new(), expected: String::new() };
        for (words, is_lifetime, is_audience) in [
            ("", true, true),
            ("Access token validation failure.", true, true),
            ("Signature validation failed. Unable to match key: kid", false, false),
            ("InvalidSignature", false, false),
            ("IDX10222: NotBefore", true, false),
            ("Invalid audience.", false, true),
            ("The token's lifetime or audience is wrong.", true, true),
            ("monkeys keyword", true, true),
        ] {
            let reason = Reason { status: StatusCode::UNAUTHORIZED, words, has_known_code: false };
            assert_eq!(reason.may_be_about(&expired), is_lifetime, "{words}");
            assert_eq!(reason.may_be_about(&foreign), is_audience, "{words}");
        }
    }
}
