//! Turns rows of a source into photos of a run: finds each photo's target, selects photos,
//! and refuses those that contradict each other.

use std::collections::HashMap;

use graph_photo_client::{Cloud, PhotoTarget, Printable, without_secrets};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    item::{Item, Status, Subject, Target},
    source::{Origin, Row, Written},
};
use crate::{
    args::ConnectionArgs,
    target::{mistake, user_path},
};

/// Resolves the targets of rows.
pub(super) struct Resolver<'a> {
    connection: &'a ConnectionArgs,
    domain: Option<&'a str>,
    /// The cloud that URLs name, and the first row that names it.
    cloud: Option<(Cloud, Origin)>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(connection: &'a ConnectionArgs, domain: Option<&'a str>) -> Self {
        let domain = domain.map(|domain| domain.strip_prefix('@').unwrap_or(domain));
        Self { connection, domain, cloud: None }
    }

    /// The cloud named by the rows' URLs.
    pub(super) fn cloud(&self) -> Option<Cloud> {
        self.cloud.map(|(cloud, _)| cloud)
    }

    /// The photo of a row, refused if its target cannot be read.
    pub(super) fn item(&mut self, row: Row) -> Item {
        let target = match &row.target {
            Written::User(name) => self.user(name),
            Written::Text(text) => self.text(text, row.origin),
            Written::Unusable { why, .. } => Err((*why).to_owned()),
        };
        let target = target.and_then(|target| {
            let path = target.to_string();
            Target::new(target).ok_or_else(|| format!("the API sets no photo of `{path}`"))
        });
        let (subject, status) = match target {
            Ok(target) if row.file.is_none() => (Subject::Known(target), Status::WithoutFile),
            Ok(target) => (Subject::Known(target), Status::Unread),
            Err(why) => (
                Subject::Unknown(without_secrets(&written(row.target)).into_owned()),
                Status::Refused(why),
            ),
        };
        Item {
            origin: row.origin,
            subject,
            file: row.file,
            status,
            content: None,
            notes: Vec::new(),
        }
    }

    /// The user whose name a file has.
    fn user(&self, name: &str) -> Result<PhotoTarget, String> {
        let name = self.complete(&name.nfc().collect::<String>())?;
        let target = PhotoTarget::user(name).map_err(|cause| cause.to_string())?;
        mistake(&target).map_or(Ok(target), Err)
    }

    /// The target that a table names.
    fn text(&mut self, text: &str, origin: Origin) -> Result<PhotoTarget, String> {
        let text: String = text.nfc().collect();
        let is_path = text.starts_with('/') || text.contains("://");
        let text = if is_path { text } else { self.complete(&text)? };
        let place = self.connection.place_to_call(&text).map_err(|failure| failure.to_string())?;
        self.agree(&text, origin)?;
        Ok(place.target)
    }

    /// Adds the domain to a name; leaves an id unchanged.
    fn complete(&self, name: &str) -> Result<String, String> {
        match (user_path(name), self.domain) {
            (Some(_), _) => Ok(name.to_owned()),
            (None, _) if name.contains(['/', '@']) => Err(format!(
                "`{}` is neither an address nor an id; a path begins with `/`",
                Printable(name)
            )),
            (None, Some(domain)) => Ok(format!("{name}@{domain}")),
            (None, None) => Err(format!(
                "`{}` is neither an address nor an id; --domain completes names",
                Printable(name)
            )),
        }
    }

    /// Refuses a second cloud: a token is for one cloud, and so is a run.
    fn agree(&mut self, text: &str, origin: Origin) -> Result<(), String> {
        let Some(named) = Cloud::of_url(text) else { return Ok(()) };
        let (cloud, first) = *self.cloud.get_or_insert((named, origin));
        if cloud == named {
            return Ok(());
        }
        Err(format!("it is in the cloud `{named}`, but {first} in `{cloud}`; a run is for one"))
    }
}

fn written(target: Written) -> String {
    match target {
        Written::User(text) | Written::Text(text) | Written::Unusable { text, .. } => text,
    }
}

/// Refuses all rows of a target that has several.
pub(super) fn refuse_duplicates(items: &mut [Item]) {
    let key = |item: &Item| item.target().map(Target::identity);
    refuse_equal(items, key, |places| format!("there are several photos of it: {places}"));
}

/// Takes `/users/{id}` of the signed-in user, who has these ids, for `/me`: one mailbox, and
/// one photo, which then may have several rows.
pub(super) fn join_own(items: &mut [Item], ids: &[String]) {
    let users = ids.iter().filter_map(|id| PhotoTarget::user(id.as_str()).ok());
    let accounts: Vec<String> = users.filter_map(Target::new).map(|target| target.key).collect();
    let mut is_any_own = false;
    for item in &mut *items {
        if let Subject::Known(target) = &mut item.subject {
            is_any_own |= target.is_in(&accounts);
        }
    }
    if is_any_own {
        refuse_duplicates(items);
    }
}

/// Refuses all rows that share a key; each reason names the place of every such row.
pub(super) fn refuse_equal<K: Eq + std::hash::Hash>(
    items: &mut [Item],
    key: impl Fn(&Item) -> Option<K>,
    reason: impl Fn(&str) -> String,
) {
    let mut places: HashMap<K, Vec<usize>> = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if let Some(key) = key(item) {
            places.entry(key).or_default().push(index);
        }
    }
    for indices in places.into_values().filter(|indices| indices.len() > 1) {
        let words: Vec<String> = indices.iter().map(|&index| place(&items[index])).collect();
        let reason = reason(&words.join(", "));
        for index in indices {
            items[index].refuse(&*reason);
        }
    }
}

/// The place of a row and its file.
fn place(item: &Item) -> String {
    let file = item.file_name();
    match item.origin {
        Origin::File => format!("`{}`", Printable(&file)),
        Origin::Line(line) if file.is_empty() => format!("line {line}"),
        Origin::Line(line) => format!("line {line} (`{}`)", Printable(&file)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(written: &[&str], domain: Option<&str>) -> Vec<Item> {
        let connection = ConnectionArgs::default();
        let mut resolver = Resolver::new(&connection, domain);
        let rows = (1..).zip(written).map(|(line, text)| Row {
            origin: Origin::Line(line),
            target: Written::Text((*text).to_owned()),
            file: Some(format!("{line}.jpg").into()),
        });
        rows.map(|row| resolver.item(row)).collect()
    }

    fn names(items: &[Item]) -> Vec<&str> {
        items.iter().map(Item::name).collect()
    }

    #[test]
    fn targets_are_read_as_set_reads_them() {
        let items = resolve(
            &[
                "zoe\u{308}@contoso.com",
                "48d31887-5fad-4d73-a9f5-3c356e68a038",
                "https://graph.microsoft.com/v1.0/groups/G/photo/$value",
                "Megan",
                "/me/contacts/X",
            ],
            Some("@contoso.com"),
        );
        assert_eq!(
            names(&items),
            [
                "/users/zoë@contoso.com",
                "/users/48d31887-5fad-4d73-a9f5-3c356e68a038",
                "/groups/G",
                "/users/Megan@contoso.com",
                "/me/contacts/X",
            ]
        );
        assert!(items.iter().all(|item| item.status == Status::Unread));
    }

    #[test]
    fn what_is_no_target_is_refused_with_what_to_do() {
        let written = [
            ("megan", "--domain"),
            ("/users/..", "steps in a path"),
            ("{upn}", "--domain"),
            ("a@x;b@x", "list"),
            ("https://graph.microsoft.com/v1.0/me", ""),
            ("https://graph.microsoft.us/v1.0/me/contacts/X", "line 5"),
        ];
        let items = resolve(&written.map(|(text, _)| text), None);
        for (item, (text, words)) in items.iter().zip(written) {
            match item.refusal() {
                Some(reason) => assert!(!words.is_empty() && reason.contains(words), "{reason}"),
                None => assert!(words.is_empty(), "{text}"),
            }
        }
    }

    #[test]
    fn the_signed_in_user_has_one_mailbox_by_any_name() {
        let id = "48d31887-5fad-4d73-a9f5-3c356e68a038";
        let contact = format!("/users/{id}/contacts/X");
        let rows = ["/me", "/users/Megan@x.com", "/me/contacts/X", &contact, "/users/a@x.com"];
        let mut items = resolve(&rows, None);
        refuse_duplicates(&mut items);
        assert!(items.iter().all(|item| item.refusal().is_none()));
        join_own(&mut items, &[id.to_uppercase(), "megan@x.com".to_owned()]);
        let owners: Vec<&str> = items.iter().map(|item| item.target().unwrap().owner()).collect();
        assert_eq!(owners, ["/me", "/me", "/me", "/me", "/users/a@x.com"]);
        let places = ["line 1", "line 1", "line 3", "line 3"];
        for (item, place) in items.iter().zip(places) {
            assert!(item.refusal().unwrap().contains(place), "{item:?}");
        }
        assert_eq!(items[4].refusal(), None);
    }

    #[test]
    fn what_looks_like_a_path_is_never_completed() {
        for domain in [None, Some("c.com")] {
            for item in resolve(&["users/r@c.com", "me/x"], domain) {
                let reason = item.refusal().unwrap();
                assert!(reason.contains("a path begins with `/`"), "{reason}");
            }
        }
    }

    #[test]
    fn two_rows_for_a_target_are_both_refused_with_both_places() {
        let mut items = resolve(&["A@x", "b@x", "/users/a@X"], None);
        refuse_duplicates(&mut items);
        for index in [0, 2] {
            let reason = items[index].refusal().unwrap();
            assert!(reason.contains("line 1 (`1.jpg`), line 3 (`3.jpg`)"), "{reason}");
        }
        assert_eq!(items[1].status, Status::Unread);
    }
}
