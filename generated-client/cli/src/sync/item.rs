//! One photo of a run, from its row to its outcome.

use std::path::PathBuf;

use graph_photo_client::{Operation, PhotoTarget, UploadMethod};
use unicode_normalization::UnicodeNormalization as _;

use super::source::Origin;
use crate::{journal::Content, output::shown};

/// One photo of a run.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) origin: Origin,
    pub(super) subject: Subject,
    /// The path, relative to the source's photos if the file is among them.
    pub(super) file: Option<PathBuf>,
    pub(super) status: Status,
    /// The content, once the file has been read.
    pub(super) content: Option<Content>,
    /// Notes for the user about the changes by `--fix`.
    pub(super) notes: Vec<String>,
}

/// The target of a photo, if known.
#[derive(Debug)]
pub(super) enum Subject {
    Known(Target),
    /// The text in the source that is no target.
    Unknown(String),
}

/// A target and its key for comparison.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) resource: PhotoTarget,
    pub(super) method: UploadMethod,
    /// The human-readable path.
    pub(super) path: String,
    /// The key for comparison: the ids of Outlook items are case-sensitive, unlike names and
    /// ids of accounts.
    pub(super) key: String,
    /// The length of the prefix of `key` that names the target's account.
    owner_length: usize,
    /// Whether the path names the signed-in user by an id.
    is_own: bool,
}

/// The account of the signed-in user.
const OWN: &str = "/me";

/// The status of a photo in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// Its file has not been read yet.
    Unread,
    /// Never stored by a run with this journal.
    New,
    /// Different bytes were stored.
    Changed,
    /// The same bytes were stored.
    Unchanged,
    /// The same bytes were stored, and are sent again because of `--force`.
    Forced,
    /// Refused here, for this reason.
    Refused(String),
    /// The row names no file.
    WithoutFile,
    /// To send, but beyond `--limit`.
    Later,
}

impl Item {
    /// The human-readable target, or the text in the source if it is no target.
    pub(super) fn name(&self) -> &str {
        match &self.subject {
            Subject::Known(target) => &target.path,
            Subject::Unknown(text) => text,
        }
    }

    pub(super) fn target(&self) -> Option<&Target> {
        match &self.subject {
            Subject::Known(target) => Some(target),
            Subject::Unknown(_) => None,
        }
    }

    /// The human-readable path of the file.
    pub(super) fn file_name(&self) -> String {
        self.file.as_deref().map(|file| shown(file).into_owned()).unwrap_or_default()
    }

    /// Whether this run is to send it.
    pub(super) fn is_due(&self) -> bool {
        matches!(self.status, Status::New | Status::Changed | Status::Forced)
    }

    pub(super) fn refuse(&mut self, reason: impl Into<String>) {
        self.status = Status::Refused(reason.into());
    }

    pub(super) fn refusal(&self) -> Option<&str> {
        match &self.status {
            Status::Refused(reason) => Some(reason),
            _ => None,
        }
    }
}

impl Target {
    /// `None` if the API has no operation that sets its photo.
    pub(super) fn new(resource: PhotoTarget) -> Option<Self> {
        let methods = UploadMethod::ALL.iter().copied();
        let (method, operation) =
            methods.into_iter().find_map(|method| Some((method, resource.operation(method)?)))?;
        let path = resource.to_string();
        let key = folded_account(&path, operation);
        let owner_length = end_of_account(&key, operation);
        Some(Self { resource, method, path, key, owner_length, is_own: false })
    }

    /// The account whose mailbox contains the photo, if it has a mailbox.
    pub(super) fn owner(&self) -> &str {
        if self.is_own { OWN } else { &self.key[..self.owner_length] }
    }

    /// Takes note of the accounts that are the one of `/me`; tells whether the target is in one.
    pub(super) fn is_in(&mut self, own_accounts: &[String]) -> bool {
        self.is_own = own_accounts.iter().any(|account| account == self.owner());
        self.is_own
    }

    /// What all paths of one photo have in common, as far as they are known to be of one.
    pub(super) fn identity(&self) -> String {
        format!("{}{}", self.owner(), &self.key[self.owner_length..])
    }
}

/// The end of the account in a target's path: after `/me` or after the first id.
fn end_of_account(path: &str, operation: Operation) -> usize {
    let segments = if operation.is_of_signed_in_user() { 1 } else { 2 };
    path.match_indices('/').nth(segments).map_or(path.len(), |(at, _)| at)
}

fn folded_account(path: &str, operation: Operation) -> String {
    let (account, rest) = path.split_at(end_of_account(path, operation));
    folded(account) + rest
}

/// A text's form for comparing names: one Unicode form, without case differences.
pub(super) fn folded(text: &str) -> String {
    // Upper case first unifies spellings with several lower cases, such as `ß` and `ss`.
    text.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &str) -> Target {
        Target::new(path.parse().unwrap()).unwrap()
    }

    #[test]
    fn accounts_are_compared_without_case_and_items_of_outlook_with_it() {
        for (a, b) in [
            ("/users/Zoë@contoso.com", "/users/zoe\u{308}@CONTOSO.com"),
            ("/users/straße@contoso.com", "/users/STRASSE@contoso.com"),
            ("/groups/AB", "/groups/ab"),
            ("/users/A@b/contacts/Xy=", "/users/a@B/contacts/Xy="),
        ] {
            assert_eq!(target(a).key, target(b).key);
        }
        for (a, b) in [
            ("/me/contacts/AB", "/me/contacts/ab"),
            ("/users/a@b/contacts/AB", "/users/a@b/contacts/ab"),
            ("/users/ab", "/groups/ab"),
        ] {
            assert_ne!(target(a).key, target(b).key);
        }
    }

    #[test]
    fn contacts_belong_to_the_account_whose_mailbox_they_are_in() {
        for (path, owner) in [
            ("/me", "/me"),
            ("/me/contacts/X", "/me"),
            ("/me/contactfolders/F/contacts/X", "/me"),
            ("/users/A@b", "/users/a@b"),
            ("/users/A@b/contacts/X", "/users/a@b"),
            ("/users/A@b/contactfolders/F/contacts/X", "/users/a@b"),
            ("/groups/G", "/groups/g"),
        ] {
            assert_eq!(target(path).owner(), owner);
        }
    }
}
