//! Which items of two lists are the same.

use super::change::{Change, ChangeKind};

pub(super) struct Diff<'a, T> {
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
    /// The items of both lists, each first as the old list has it.
    pub(super) both: Vec<(&'a T, &'a T)>,
}

/// Items with the same key are the same item; no list has a key twice.
pub(super) fn diff<'a, T, K: PartialEq>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> Diff<'a, T> {
    let find = |list: &'a [T], item: &'a T| list.iter().find(|other| key(other) == key(item));
    Diff {
        removed: old.iter().filter(|item| find(new, item).is_none()).collect(),
        added: new.iter().filter(|item| find(old, item).is_none()).collect(),
        both: old.iter().filter_map(|item| Some((item, find(new, item)?))).collect(),
    }
}

impl<'a, T> Diff<'a, T> {
    /// A change, in these words, for each removed and for each added item.
    pub(super) fn changes<R: Into<String>, A: Into<String>>(
        &self,
        removed: (ChangeKind, impl Fn(&'a T) -> R),
        added: (ChangeKind, impl Fn(&'a T) -> A),
    ) -> Vec<Change> {
        let gone = self.removed.iter().map(move |item| Change::new(removed.0, removed.1(item)));
        let new = self.added.iter().map(move |item| Change::new(added.0, added.1(item)));
        gone.chain(new).collect()
    }
}
