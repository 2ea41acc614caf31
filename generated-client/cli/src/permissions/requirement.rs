//! The permissions that the operations on a target require.

use std::fmt::Display;

use graph_photo_client::{
    AccountKind, Condition, Operation, Permission, PermissionSource, PermissionType, PhotoTarget,
};

/// How to read the lists.
pub(super) const ADVICE: &str = "\
Any one of the permissions of a type suffices; ask for the first one that fits:
the least privileged comes first. Delegated: on behalf of a signed-in user.
Application: under the app's own identity.";

/// What operations on a target require; usually the same for all of them.
pub(super) struct Requirement {
    pub(super) target: String,
    pub(super) operations: Vec<Operation>,
    /// The requested types of permissions.
    pub(super) types: Vec<PermissionType>,
    /// The permissions of these types; any one suffices.
    pub(super) permissions: Vec<&'static Permission>,
    pub(super) account_kinds: &'static [AccountKind],
}

impl Requirement {
    pub(super) fn of(target: &PhotoTarget, only: Option<PermissionType>) -> Vec<Self> {
        let types = only.map_or_else(|| PermissionType::ALL.to_vec(), |only| vec![only]);
        let mut operations = Operation::ALL.to_vec();
        operations.retain(|operation| target.operation(operation.method()) == Some(*operation));
        let needs = |operation: &Operation| (operation.permissions(), operation.account_kinds());
        let groups = operations.chunk_by(|a, b| needs(a) == needs(b));
        let requirement = |operations: &[Operation]| {
            let (permissions, account_kinds) = operations.first().map(needs)?;
            let is_asked_for = |it: &&Permission| types.contains(&it.permission_type);
            Some(Self {
                target: target.to_string(),
                operations: operations.to_vec(),
                types: types.clone(),
                permissions: permissions.iter().filter(is_asked_for).collect(),
                account_kinds,
            })
        };
        groups.filter_map(requirement).collect()
    }

    /// The permissions of a type, least privileged first.
    pub(super) fn of_type(
        &self,
        permission_type: PermissionType,
    ) -> impl Iterator<Item = &'static Permission> {
        let all = self.permissions.iter().copied();
        all.filter(move |permission| permission.permission_type == permission_type)
    }

    /// The permission to ask for of each type: the least privileged of those with the
    /// weakest restriction.
    pub(super) fn least_privileged(&self) -> impl Iterator<Item = &'static Permission> {
        let least = |permission_type: &PermissionType| {
            self.of_type(*permission_type).min_by_key(|it| (self.restriction(it), it.privilege))
        };
        self.types.iter().filter_map(least)
    }

    /// How far a condition restricts an app: not at all (0), to users with a role (1), or
    /// to one user's own photo (2).
    fn restriction(&self, permission: &Permission) -> u32 {
        let own = self.operations.iter().all(|operation| operation.is_of_signed_in_user());
        match permission.condition {
            // Its type, application, implies that.
            None | Some(Condition::NotOnBehalfOfUser) => 0,
            Some(Condition::OwnPhotoOnly) if own => 0,
            Some(Condition::OwnPhotoOnly) => 2,
            Some(_) => 1,
        }
    }

    pub(super) fn methods(&self) -> String {
        list(self.operations.iter().map(|operation| operation.method()))
    }

    pub(super) fn accounts(&self) -> String {
        list(self.account_kinds)
    }
}

/// Items in one line.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// The documents that the permissions come from, in the order of their numbers.
pub(super) fn sources(requirements: &[Requirement]) -> Vec<&'static PermissionSource> {
    let mut sources = Vec::new();
    for permission in requirements.iter().flat_map(|requirement| &requirement.permissions) {
        if !sources.contains(&permission.source) {
            sources.push(permission.source);
        }
    }
    sources
}

/// The number of a permission's document, from 1.
pub(super) fn number(sources: &[&PermissionSource], permission: &Permission) -> usize {
    sources.iter().position(|known| *known == permission.source).map_or(0, |index| index + 1)
}
