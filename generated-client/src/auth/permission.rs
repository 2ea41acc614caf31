//! What an app must have been granted, as the spec says it.

use std::fmt;

use crate::Operation;

/// A permission that allows an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Permission {
    /// Delegated or application.
    pub permission_type: PermissionType,
    /// The name of the scope, such as `User.ReadWrite`.
    pub scope: &'static str,
    /// The GUID by which an app registration asks for it; another one for each
    /// permission type.
    pub id: &'static str,
    /// What it allows, in words.
    pub description: &'static str,
    /// 1 for the least privileged permission of this type that allows the
    /// operation, 2 for the next.
    pub privilege: u32,
    /// What else must hold for it to suffice.
    pub condition: Option<Condition>,
    /// The document that says so.
    pub source: &'static PermissionSource,
}

impl Permission {
    /// Its condition, unless every call of an operation meets it: the photo of the
    /// signed-in user is always that user's own, and what an app holds as an
    /// application permission, it uses under its own identity.
    pub(crate) fn open_condition(&self, operation: Operation) -> Option<Condition> {
        self.condition.filter(|condition| match condition {
            Condition::OwnPhotoOnly | Condition::AdministratorRole => {
                !operation.details().is_of_signed_in_user
            }
            Condition::NotOnBehalfOfUser => self.permission_type != PermissionType::Application,
        })
    }
}

/// `User.ReadWrite (delegated, own photo only)`
impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.scope, self.permission_type)?;
        if let Some(condition) = self.condition {
            write!(f, ", {condition}")?;
        }
        f.write_str(")")
    }
}

/// On whose behalf an app calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PermissionType {
    /// On behalf of a signed-in user; in the token's claim `scp`.
    Delegated,
    /// Under the app's own identity; in the token's claim `roles`.
    Application,
}

impl fmt::Display for PermissionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Delegated => "delegated",
            Self::Application => "application",
        })
    }
}

/// What else must hold for a permission to suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// The photo must be that of the signed-in user.
    OwnPhotoOnly,
    /// The app must call under its own identity, not on behalf of a user.
    NotOnBehalfOfUser,
    /// The signed-in user must hold an administrator's role, unless the photo
    /// is that user's own.
    AdministratorRole,
}

impl Condition {
    /// As the spec and JSON write it, such as `ownPhotoOnly`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnPhotoOnly => "ownPhotoOnly",
            Self::NotOnBehalfOfUser => "notOnBehalfOfUser",
            Self::AdministratorRole => "administratorRole",
        }
    }

    /// What it asks for, as the end of a sentence that begins with "only if".
    pub(crate) const fn clause(self) -> &'static str {
        match self {
            Self::OwnPhotoOnly => "the photo is the signed-in user's own",
            Self::NotOnBehalfOfUser => "the app calls under its own identity",
            Self::AdministratorRole => {
                "the signed-in user has an administrator's role, or the photo is that user's own"
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnPhotoOnly => "own photo only",
            Self::NotOnBehalfOfUser => "not on behalf of a user",
            Self::AdministratorRole => "administrator's role needed for others' photos",
        })
    }
}

/// A kind of account that an operation works with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountKind {
    /// An account of an organization.
    Work,
    /// An account of a school or university.
    School,
    /// A personal Microsoft account.
    Personal,
}

impl fmt::Display for AccountKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Work => "work",
            Self::School => "school",
            Self::Personal => "personal",
        })
    }
}

/// A document that a statement about permissions is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PermissionSource {
    /// Its title.
    pub title: &'static str,
    /// Where it is published.
    pub url: &'static str,
}
