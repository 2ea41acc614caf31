//! The users, groups and contacts that there are, by a file or by hand.

use std::{collections::BTreeMap, fmt};

use graph_photo_codegen::api::{Api, Segment};
use serde::Deserialize;

/// What there is in a directory; whatever isn't in it is answered with 404.
///
/// ```
/// use graph_photo_emulator::{AccountKind, Entry, Tenant};
///
/// let by_file = Tenant::from_json(
///     r#"{
///         "users": [
///             { "id": "1f4c", "userPrincipalName": "adele@contoso.com",
///               "contacts": [{ "id": "AAMk=" }] },
///             { "id": "2a5d", "account": "guest" }
///         ],
///         "groups": [{ "id": "3b6e", "displayName": "Sales" }]
///     }"#,
/// )?;
/// let by_hand = Tenant::new()
///     .with(
///         "users",
///         Entry::new("1f4c")
///             .user_principal_name("adele@contoso.com")
///             .with("contacts", Entry::new("AAMk=")),
///     )
///     .with("users", Entry::new("2a5d").account(AccountKind::Guest))
///     .with("groups", Entry::new("3b6e").display_name("Sales"));
/// assert_eq!(by_file, by_hand);
/// # Ok::<(), graph_photo_emulator::TenantError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Tenant {
    #[serde(flatten)]
    collections: Collections,
}

/// Entries by the segment of a path that their ids follow, such as `users`.
type Collections = BTreeMap<String, Vec<Entry>>;

/// A user, a group, a contact, a folder, ...
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    id: String,
    #[serde(default)]
    user_principal_name: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    account: AccountKind,
    #[serde(default)]
    administrator: bool,
    #[serde(flatten)]
    collections: Collections,
}

/// How an account, with all that is beneath it, takes a photo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum AccountKind {
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
    /// A directory with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a tenant file, whose form the README describes.
    ///
    /// # Errors
    ///
    /// If it isn't JSON of that form; with line and column.
    pub fn from_json(text: &str) -> Result<Self, TenantError> {
        serde_json::from_str(text)
            .map_err(|error| TenantError(format!("failed to read the tenant: {error}")))
    }

    /// Adds an entry to a collection, by the segment of a path that ids follow.
    #[must_use]
    pub fn with(mut self, collection: &str, entry: Entry) -> Self {
        self.collections.entry(collection.to_owned()).or_default().push(entry);
        self
    }

    /// Holds the tenant against the paths of an API.
    ///
    /// # Errors
    ///
    /// If no path has one of its collections, or two entries of one go by the same name.
    pub(crate) fn check(&self, api: &Api) -> Result<(), TenantError> {
        check(&self.collections, api, true)
    }

    /// The entry at the end of a resource's path, its account, and the path by the names
    /// that entries are kept under; `Err` has the first id that there is none of, and
    /// whether that is an account.
    pub(crate) fn find(&self, path: &[String]) -> Result<Found<'_>, Unknown> {
        let mut collections = &self.collections;
        let mut found = Found::default();
        for step in path.chunks(2) {
            found.key.push(step[0].clone());
            let Some(id) = step.get(1) else { break };
            let is_account = found.entry.is_none();
            let entries = get(collections, &step[0]);
            let entry = entries.iter().find(|entry| entry.is_called(id, is_account));
            let entry = entry.ok_or_else(|| Unknown { id: id.clone(), is_account })?;
            let name = entry.name();
            found.key.push(if is_account { name.to_lowercase() } else { name.to_owned() });
            found.account = if is_account { entry.account } else { found.account };
            found.entry = Some(entry);
            collections = &entry.collections;
        }
        Ok(found)
    }
}

/// Where a path leads in a tenant.
#[derive(Debug, Default)]
pub(crate) struct Found<'t> {
    pub(crate) key: Vec<String>,
    pub(crate) account: AccountKind,
    pub(crate) entry: Option<&'t Entry>,
}

/// An id that a tenant knows nothing of.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) id: String,
    pub(crate) is_account: bool,
}

impl Entry {
    /// An entry with an id, and otherwise empty.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    /// Sets the user principal name, by which it is found as well.
    #[must_use]
    pub fn user_principal_name(mut self, name: &str) -> Self {
        self.user_principal_name = Some(name.to_owned());
        self
    }

    /// Sets the name that people see.
    #[must_use]
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// Sets how it takes a photo.
    #[must_use]
    pub fn account(mut self, account: AccountKind) -> Self {
        self.account = account;
        self
    }

    /// Gives it the directory role of an administrator in tokens that are made for it.
    #[must_use]
    pub fn administrator(mut self) -> Self {
        self.administrator = true;
        self
    }

    /// Adds an entry beneath this one, such as a contact.
    #[must_use]
    pub fn with(mut self, collection: &str, entry: Entry) -> Self {
        self.collections.entry(collection.to_owned()).or_default().push(entry);
        self
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Its user principal name, if it has one, or else its id.
    pub(crate) fn name(&self) -> &str {
        self.user_principal_name.as_deref().unwrap_or(&self.id)
    }

    /// The name that people see, or else the other one.
    pub(crate) fn title(&self) -> &str {
        self.display_name.as_deref().unwrap_or_else(|| self.name())
    }

    pub(crate) fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// Ids of accounts are compared without case, those of Outlook's items with it.
    fn is_called(&self, id: &str, is_account: bool) -> bool {
        let names = [Some(&self.id), self.user_principal_name.as_ref()];
        names.into_iter().flatten().any(|name| {
            if is_account { name.to_lowercase() == id.to_lowercase() } else { name == id }
        })
    }
}

/// The entries of a collection; its name is compared without case, as paths are.
fn get<'c>(collections: &'c Collections, name: &str) -> &'c [Entry] {
    let mut named = collections.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    named.next().map_or(&[], |(_, entries)| entries)
}

fn check(collections: &Collections, api: &Api, are_accounts: bool) -> Result<(), TenantError> {
    let segments = api.targets.iter().map(|target| &target.segments);
    let known: Vec<&str> = segments
        .flat_map(|segments| segments.windows(2))
        .filter_map(|pair| match pair {
            [Segment::Literal(name), Segment::Parameter(_)] => Some(name.as_str()),
            _ => None,
        })
        .collect();
    for (name, entries) in collections {
        if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(TenantError(format!(
                "failed to use the tenant: no path of the API has ids after `{name}`; those that \
                 have: {}",
                unique(&known).join(", ")
            )));
        }
        for (index, entry) in entries.iter().enumerate() {
            let is_twin = |other: &Entry| other.is_called(&entry.id, are_accounts);
            if entries[..index].iter().any(is_twin) {
                let id = &entry.id;
                return Err(TenantError(format!(
                    "failed to use the tenant: two of `{name}` are called `{id}`"
                )));
            }
            check(&entry.collections, api, false)?;
        }
    }
    Ok(())
}

fn unique<'n>(names: &[&'n str]) -> Vec<&'n str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    names
}
