//! The permissions that the spec lists.

use std::fmt;

use crate::generated::operation::{Condition, Operation, PermissionType};

/// A permission that allows an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Permission {
    /// Delegated or application.
    pub permission_type: PermissionType,
    /// The name of the scope, such as `User.ReadWrite`.
    pub scope: &'static str,
    /// The GUID that an app registration names it by; each permission type has its own.
    pub id: &'static str,
    /// What it allows.
    pub description: &'static str,
    /// 1 for the least privileged permission of its type that allows the operation, 2 for
    /// the next.
    pub privilege: u32,
    /// What else must hold for it to suffice.
    pub condition: Option<Condition>,
    /// The document that lists it.
    pub source: &'static PermissionSource,
}

impl Permission {
    /// Its condition, unless every call of the operation meets it: the signed-in user's
    /// photo is always that user's own, and an app always uses an application permission
    /// under its own identity.
    pub(crate) fn open_condition(&self, operation: Operation) -> Option<Condition> {
        self.condition.filter(|condition| match condition {
            Condition::OwnPhotoOnly | Condition::AdministratorRole => {
                !operation.is_of_signed_in_user()
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

/// A document about permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PermissionSource {
    /// Its title.
    pub title: &'static str,
    /// Where it is published.
    pub url: &'static str,
}
