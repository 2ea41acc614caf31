//! Why a token does not allow an operation, in words.

use std::{fmt, time::SystemTime};

use http::StatusCode;

use crate::{Cloud, Operation, Permission, PermissionType, claims::Claims, printable::Printable};

/// Why, by its own claims, a token does not allow an operation.
///
/// A token is never refused for what it does not say: Graph has the last word.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// The token has expired.
    Expired {
        /// When.
        at: SystemTime,
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

impl Diagnosis {
    /// Compares a token's claims with what the spec says of an operation.
    pub(crate) fn of(
        claims: &Claims,
        operation: Operation,
        audience: &Audience,
        now: SystemTime,
    ) -> Option<Self> {
        if let Some(at) = claims.expiry().filter(|at| *at <= now) {
            return Some(Self::Expired { at });
        }
        if let Some(actual) = claims.audience()
            && audience.excludes(actual)
        {
            let (audience, expected) = (actual.to_owned(), audience.cloud.origin().to_owned());
            return Some(Self::Audience { audience, expected });
        }
        Self::of_permissions(claims, operation, claims.permission_type()?)
    }

    fn of_permissions(
        claims: &Claims,
        operation: Operation,
        permission_type: PermissionType,
    ) -> Option<Self> {
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
        let conditional = granted.iter().all(|permission| permission.condition.is_some());
        conditional.then_some(Self::Conditional { granted })
    }

    /// Whether it may be why Graph answered with a status.
    pub(crate) fn may_explain(&self, status: StatusCode) -> bool {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
            // "/me request is only valid with delegated authentication flow."
            StatusCode::BAD_REQUEST => matches!(self, Self::NoSignedInUser),
            _ => false,
        }
    }

    /// Whether Graph does not accept the token at all (401), whatever it is for.
    pub(crate) fn is_of_token(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::Audience { .. })
    }

    /// Whether it is certain that Graph will refuse the token.
    pub(crate) fn is_certain(&self) -> bool {
        !matches!(self, Self::Conditional { .. })
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { at } => {
                write!(f, "the token expired at {}", httpdate::fmt_http_date(*at))
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
                write!(f, "the token has {}: is the condition met?", any_of(granted))
            }
        }
    }
}

fn any_of(permissions: &[Permission]) -> String {
    let names: Vec<String> = permissions.iter().map(ToString::to_string).collect();
    names.join(" or ")
}
