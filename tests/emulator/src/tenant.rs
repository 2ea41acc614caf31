//! The users, groups, contacts and folders that exist, from a file or from code.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use graph_photo_codegen::api::{Api, Segment};
use serde::Deserialize;

use crate::photos::Key;

/// The users, groups, contacts and folders that exist; Graph's 404 answers for all others.
///
/// From a file, whose format the README describes, or from code:
///
/// ```
/// use graph_photo_emulator::{Account, Emulator, Entry, Tenant};
///
/// let adele = Entry::new("1f4c")
///     .user_principal_name("adele@contoso.com")
///     .with("contacts", Entry::new("AAMk="));
/// let tenant = Tenant::new()
///     .with("users", adele)
///     .with("users", Entry::new("2a5d").account(Account::Guest))
///     .with("groups", Entry::new("3b6e").display_name("Sales"));
/// let emulator = Emulator::builder().tenant(tenant).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[must_use]
pub struct Tenant {
    #[serde(flatten)]
    collections: Collections,
}

/// Entries by the segment of a path that their ids follow, such as `users`.
type Collections = BTreeMap<String, Vec<Entry>>;

/// A user, group, contact or folder of a [`Tenant`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Entry {
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

/// How an account, and what belongs to it, answers an upload.
///
/// Statuses, codes and messages are those that users of Graph reported, in the threads that
/// each variant names, unless it says that they are assumed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Account {
    /// Stores the photo.
    #[default]
    Mailbox,
    /// Has no mailbox: 404 to a photo above 100 KB (microsoft-graph-docs#8236). Assumed: the
    /// code `ErrorNonExistentMailbox` and its message, and 404 to a photo of a contact.
    NoMailbox,
    /// Has its mailbox on premises: `MailboxNotHostedInExchangeOnline`, to reads as well
    /// (msgraph-sdk-dotnet#688). Assumed: the status, 404.
    OnPremises,
    /// Is a guest of the tenant: "The request is invalid." (msgraph-sdk-dotnet#234).
    /// Assumed: the status, 400, and the code, `ErrorInvalidRequest`.
    Guest,
    /// Is a Bookings mailbox: `ErrorStoreInternalServerError` to every upload
    /// (msgraph-sdk-powershell#1974). Assumed: the status, 500.
    Bookings,
    /// Is subject to a policy that lets nobody change the photo: 403
    /// (<https://learn.microsoft.com/graph/profilephoto-configure-settings>). Assumed: the
    /// code, `ErrorAccessDenied`, and the message.
    PhotoPolicy,
    /// Has too many photo items: 404 `ErrorItemNotFound`, now and then
    /// (msgraph-sdk-dotnet#1075). Assumed: when, the first time and every second time after
    /// it.
    TooManyPhotoItems,
}

/// Why a tenant can't be read, or doesn't fit the API.
#[derive(Debug)]
pub struct TenantError(String);

impl fmt::Display for TenantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TenantError {}

impl Tenant {
    /// A tenant in which nothing exists.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry to a collection: the segment of the API's paths that its id follows,
    /// such as `users`.
    pub fn with(mut self, collection: &str, entry: Entry) -> Self {
        self.collections.entry(collection.to_owned()).or_default().push(entry);
        self
    }

    /// Reads a tenant file, whose format the README describes.
    ///
    /// # Errors
    ///
    /// If it isn't JSON of that format; with line and column.
    pub fn from_json(text: &str) -> Result<Self, TenantError> {
        // PowerShell begins a file with it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        serde_json::from_str(text)
            .map_err(|error| TenantError(format!("failed to read the tenant: {error}")))
    }
}

impl Entry {
    /// An entry with this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            user_principal_name: None,
            display_name: None,
            account: Account::default(),
            administrator: false,
            collections: Collections::new(),
        }
    }

    /// A second name that paths may use, which tokens carry.
    pub fn user_principal_name(self, name: impl Into<String>) -> Self {
        Self { user_principal_name: Some(name.into()), ..self }
    }

    /// The name that the page shows.
    pub fn display_name(self, name: impl Into<String>) -> Self {
        Self { display_name: Some(name.into()), ..self }
    }

    /// How it answers an upload.
    pub fn account(self, account: Account) -> Self {
        Self { account, ..self }
    }

    /// Makes it an administrator, who may change the photos of others: tokens for it carry
    /// the role.
    pub fn administrator(self) -> Self {
        Self { administrator: true, ..self }
    }

    /// Adds what belongs to it, such as one of its `contacts`.
    pub fn with(mut self, collection: &str, entry: Self) -> Self {
        self.collections.entry(collection.to_owned()).or_default().push(entry);
        self
    }
}

/// What exists, by each of its names.
#[derive(Debug)]
pub(crate) struct Roster {
    resources: HashMap<Key, Arc<Known>>,
    /// Those that belong to no other, in the order of the tenant.
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
    /// Checks a tenant against the paths of an API.
    ///
    /// # Errors
    ///
    /// If no path has one of its collections, or two entries of one share a name.
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
    /// The first id that doesn't exist, and whether it would be an account.
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
