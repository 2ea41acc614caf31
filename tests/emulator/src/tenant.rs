//! The users, groups and contacts that there are, by a file.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use graph_photo_codegen::api::{Api, Segment};
use serde::Deserialize;

use crate::photos::Key;

/// What there is in a directory; whatever isn't in it is answered with 404.
///
/// ```
/// let tenant = graph_photo_emulator::Tenant::from_json(
///     r#"{
///         "users": [
///             { "id": "1f4c", "userPrincipalName": "adele@contoso.com",
///               "contacts": [{ "id": "AAMk=" }] },
///             { "id": "2a5d", "account": "guest" }
///         ],
///         "groups": [{ "id": "3b6e", "displayName": "Sales" }]
///     }"#,
/// )?;
/// let emulator = graph_photo_emulator::Emulator::builder().tenant(tenant).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
pub struct Tenant {
    #[serde(flatten)]
    collections: Collections,
}

/// Entries by the segment of a path that their ids follow, such as `users`.
type Collections = BTreeMap<String, Vec<Entry>>;

/// A user, a group, a contact, a folder, ...
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    #[serde(default)]
    user_principal_name: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    account: Account,
    #[serde(default)]
    administrator: bool,
    #[serde(flatten)]
    collections: Collections,
}

/// How an account, with all that is beneath it, takes a photo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Account {
    /// As it should.
    #[default]
    Mailbox,
    /// Has no mailbox: a photo above 100 KB is answered with 404, and so is a contact.
    NoMailbox,
    /// Its mailbox is on premises: 404 `MailboxNotHostedInExchangeOnline`.
    OnPremises,
    /// A guest of the tenant: 400, the request is invalid.
    Guest,
    /// A Bookings mailbox: 500 `ErrorStoreInternalServerError`, for ever.
    Bookings,
    /// The tenant's policy lets nobody change the photo: 403.
    PhotoPolicy,
    /// "Too many photo items": 404 to the first upload and to every second one after it.
    TooManyPhotoItems,
}

/// Why a tenant can't be used.
#[derive(Debug)]
pub struct TenantError(String);

impl fmt::Display for TenantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TenantError {}

impl Tenant {
    /// Reads a tenant file, whose form the README describes.
    ///
    /// # Errors
    ///
    /// If it isn't JSON of that form; with line and column.
    pub fn from_json(text: &str) -> Result<Self, TenantError> {
        serde_json::from_str(text)
            .map_err(|error| TenantError(format!("failed to read the tenant: {error}")))
    }
}

/// What there is, by all names that it goes by.
#[derive(Debug)]
pub(crate) struct Roster {
    resources: HashMap<Key, Arc<Known>>,
    /// Those that belong to no other, in the order of the file.
    pub(crate) accounts: Vec<Arc<Known>>,
    /// The segments of the API's paths that ids follow.
    collections: Vec<String>,
}

/// A resource of a tenant.
#[derive(Debug)]
pub(crate) struct Known {
    /// The one name of it that photos are kept under.
    pub(crate) key: Key,
    pub(crate) id: String,
    /// The user principal name, if it has one, or else the id.
    pub(crate) name: String,
    /// What people call it.
    pub(crate) title: String,
    /// That of the user or group that it belongs to.
    pub(crate) account: Account,
    pub(crate) is_administrator: bool,
}

impl Roster {
    /// Holds a tenant against the paths of an API.
    ///
    /// # Errors
    ///
    /// If no path has one of its collections, or two entries of one go by the same name.
    pub(crate) fn new(tenant: Tenant, api: &Api) -> Result<Self, TenantError> {
        let segments = api.targets.iter().flat_map(|target| target.segments.windows(2));
        let collections = segments.filter_map(|pair| match pair {
            [Segment::Literal(name), Segment::Parameter(_)] => Some(name.to_lowercase()),
            _ => None,
        });
        let mut roster = Self {
            resources: HashMap::new(),
            accounts: Vec::new(),
            collections: collections.collect(),
        };
        roster.add(None, tenant.collections)?;
        Ok(roster)
    }

    fn add(&mut self, parent: Option<&Known>, all: Collections) -> Result<(), TenantError> {
        for (collection, entries) in all {
            let segment = collection.to_lowercase();
            if !self.collections.contains(&segment) {
                return Err(TenantError(format!(
                    "failed to use the tenant: no path of the API has ids after `{collection}`"
                )));
            }
            for entry in entries {
                let known = Arc::new(Known::new(parent, &segment, &entry));
                for name in [&known.id, &known.name] {
                    let key = key_of(parent.map(|parent| &parent.key), &segment, name);
                    let twin = self.resources.insert(key, Arc::clone(&known));
                    if twin.is_some_and(|twin| !Arc::ptr_eq(&twin, &known)) {
                        return Err(TenantError(format!(
                            "failed to use the tenant: two of `{collection}` are called `{name}`"
                        )));
                    }
                }
                self.add(Some(&known), entry.collections)?;
                if parent.is_none() {
                    self.accounts.push(known);
                }
            }
        }
        Ok(())
    }

    /// All that exists, each by its one name, sorted.
    pub(crate) fn keys(&self) -> Vec<Key> {
        let known = self.resources.iter().filter(|(key, known)| **key == known.key);
        let mut keys: Vec<Key> = known.map(|(key, _)| key.clone()).collect();
        keys.sort_unstable();
        keys
    }

    /// The resource at the end of a path.
    ///
    /// # Errors
    ///
    /// The first id that there is none of, and whether that is an account.
    pub(crate) fn find(&self, path: &[String]) -> Result<&Known, (String, bool)> {
        let mut found: Option<&Known> = None;
        for step in path.chunks(2) {
            let id = step.last().map_or("", String::as_str);
            let key = key_of(found.map(|known| &known.key), &step[0].to_lowercase(), id);
            let known = self.resources.get(&key);
            found = Some(known.ok_or_else(|| (id.to_owned(), found.is_none()))?);
        }
        found.ok_or_else(|| (String::new(), true))
    }
}

impl Known {
    fn new(parent: Option<&Self>, segment: &str, entry: &Entry) -> Self {
        let name = entry.user_principal_name.as_ref().unwrap_or(&entry.id);
        Self {
            key: key_of(parent.map(|parent| &parent.key), segment, name),
            id: entry.id.clone(),
            name: name.clone(),
            title: entry.display_name.as_ref().unwrap_or(name).clone(),
            account: parent.map_or(entry.account, |parent| parent.account),
            is_administrator: entry.administrator,
        }
    }
}

/// What an entry is found under. Ids of accounts are compared without case, those of
/// Outlook's items with it.
fn key_of(parent: Option<&Key>, segment: &str, id: &str) -> Key {
    let id = if parent.is_none() { id.to_lowercase() } else { id.to_owned() };
    parent.into_iter().flatten().cloned().chain([segment.to_owned(), id]).collect()
}
