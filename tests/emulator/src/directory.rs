//! Who is who: which path, user id and user principal name mean the same resource.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use graph_photo_codegen::api::{Api, Segment};

use crate::{
    judge::{refusal::Refusal, route::Match},
    photos::Key,
    tenant::{Account, Known, Roster, Tenant, TenantError},
    token::{DEFAULT_USER_PRINCIPAL_NAME, User},
};

/// The tenant, if there is one, and what was learned from tokens.
#[derive(Debug)]
pub(crate) struct Directory {
    roster: Option<Roster>,
    /// The collection that the signed-in user is in, too.
    users: String,
    learned: Mutex<Learned>,
}

#[derive(Debug, Default)]
struct Learned {
    /// User principal names by object ids, in lower case.
    names: HashMap<String, String>,
    /// The user of the last token that was made.
    made_for: Option<User>,
    /// The user of the last token that was used.
    used_by: Option<User>,
    /// How often an account that fails now and then was tried.
    attempts: HashMap<Key, u32>,
}

/// A resource that exists.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) key: Key,
    pub(crate) account: Account,
}

impl Directory {
    /// The directory of a tenant; without one, everything exists.
    ///
    /// # Errors
    ///
    /// If the tenant doesn't fit the API.
    pub(crate) fn new(api: &Api, tenant: Option<Tenant>) -> Result<Self, TenantError> {
        let roster = tenant.map(|tenant| Roster::new(tenant, api)).transpose()?;
        Ok(Self { roster, users: users_of(api), learned: Mutex::default() })
    }

    /// Those of the tenant that belong to no other, in the order of its file.
    fn accounts(&self) -> &[Arc<Known>] {
        self.roster.as_ref().map_or(&[], |roster| &roster.accounts)
    }

    /// All that exists in the tenant, with or without a photo of its own.
    pub(crate) fn keys(&self) -> Vec<Key> {
        self.roster.as_ref().map(Roster::keys).unwrap_or_default()
    }

    /// A user who exists: the tenant's first one with a mailbox.
    pub(crate) fn default_user(&self) -> &str {
        let is_usual =
            |known: &&Arc<Known>| known.key[0] == self.users && known.account == Account::Mailbox;
        let known = self.accounts().iter().find(is_usual);
        known.map_or(DEFAULT_USER_PRINCIPAL_NAME, |known| &known.name)
    }

    /// What people call a resource.
    pub(crate) fn title(&self, key: &[String]) -> String {
        let known = self.roster.as_ref().and_then(|roster| roster.find(key).ok());
        let title = known.map(|known| known.title.clone()).or_else(|| key.last().cloned());
        title.unwrap_or_default()
    }

    /// The user with this object id or user principal name, and whether that is an
    /// administrator.
    pub(crate) fn user(&self, name: &str) -> (User, bool) {
        let path = [self.users.clone(), name.to_owned()];
        match self.roster.as_ref().and_then(|roster| roster.find(&path).ok()) {
            Some(known) => {
                let user = User { id: known.id.clone(), name: known.name.clone() };
                (user, known.is_administrator)
            }
            None => (User::named(name), false),
        }
    }

    /// Learns of a user from a token that was made, or else used. If the user's id and name
    /// were not known to belong together, returns both keys; the second holds from now on.
    pub(crate) fn learn(&self, user: &User, is_made: bool) -> Option<(Key, Key)> {
        let mut learned = self.lock();
        let last = if is_made { &mut learned.made_for } else { &mut learned.used_by };
        *last = Some(user.clone());
        let (id, name) = (user.id.to_lowercase(), user.name.to_lowercase());
        if self.roster.is_some() || id == name || learned.names.get(&id) == Some(&name) {
            return None;
        }
        learned.names.insert(id.clone(), name.clone());
        let key = |name| vec![self.users.clone(), name];
        Some((key(id), key(name)))
    }

    /// The signed-in user where there is no token: the user of the last token that was made
    /// here, or else of the last one that was used.
    pub(crate) fn signed_in(&self) -> Option<User> {
        let learned = self.lock();
        learned.made_for.clone().or_else(|| learned.used_by.clone())
    }

    /// The resource at the end of a path.
    ///
    /// # Errors
    ///
    /// The answer to a path that leads nowhere.
    pub(crate) fn resolve(
        &self,
        found: &Match<'_>,
        user: Option<&User>,
    ) -> Result<Resource, Refusal> {
        let mut path = found.resource.clone();
        if found.is_of_signed_in_user {
            path.splice(..1, self.path_of(user.ok_or_else(Refusal::no_photo)?));
        }
        let Some(roster) = &self.roster else {
            if let Some(id) = path.get_mut(1) {
                *id = self.name_of(id);
            }
            return Ok(Resource { key: path, account: Account::default() });
        };
        let known = roster.find(&path).map_err(|(id, is_account)| {
            if is_account { Refusal::unknown_resource(&id) } else { Refusal::unknown_item() }
        })?;
        Ok(Resource { key: known.key.clone(), account: known.account })
    }

    /// Whether a resource is the user itself.
    pub(crate) fn is_own(&self, resource: &Resource, user: &User) -> bool {
        let path = self.path_of(user);
        match &self.roster {
            None => resource.key == [path[0].clone(), self.name_of(&path[1])],
            Some(roster) => roster.find(&path).is_ok_and(|known| known.key == resource.key),
        }
    }

    /// The path of a user: by the object id where that is known, or else by the name.
    fn path_of(&self, user: &User) -> [String; 2] {
        let path = |name: &str| [self.users.clone(), name.to_owned()];
        let by_id = path(&user.id);
        let is_known = self.roster.as_ref().is_some_and(|roster| roster.find(&by_id).is_ok());
        if is_known { by_id } else { path(&user.name) }
    }

    /// Counts an upload to an account; returns the number of earlier ones.
    pub(crate) fn count_upload(&self, key: &Key) -> u32 {
        let mut learned = self.lock();
        let attempts = learned.attempts.entry(key.clone()).or_default();
        *attempts += 1;
        *attempts - 1
    }

    /// Forgets what was learned.
    pub(crate) fn reset(&self) {
        *self.lock() = Learned::default();
    }

    /// The one name of an account that has two.
    fn name_of(&self, id: &str) -> String {
        let id = id.to_lowercase();
        self.lock().names.get(&id).cloned().unwrap_or(id)
    }

    fn lock(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().expect("no thread panics while it holds this lock")
    }
}

/// The collection whose members have the same paths as the signed-in user; if there is
/// none, the user is alone.
fn users_of(api: &Api) -> String {
    let of_signed_in_user = api.targets.iter().filter(|target| target.is_of_signed_in_user());
    let mut rests: Vec<&[Segment]> =
        of_signed_in_user.map(|target| &target.segments[1..]).collect();
    // The longer a path, the less else is like it.
    rests.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
    let users = rests.into_iter().find_map(|wanted| {
        api.targets.iter().find_map(|target| match target.segments.as_slice() {
            [Segment::Literal(collection), Segment::Parameter(_), rest @ ..] if rest == wanted => {
                Some(collection.clone())
            }
            _ => None,
        })
    });
    users.unwrap_or_else(|| "me".to_owned())
}
