//! Two lists, and which item of one is which of the other.

/// The items of two lists.
pub(super) struct Paired<'a, T> {
    /// Those that both have, the old one first.
    pub(super) both: Vec<(&'a T, &'a T)>,
    /// Those that only the old list has.
    pub(super) removed: Vec<&'a T>,
    /// Those that only the new list has.
    pub(super) added: Vec<&'a T>,
}

impl<'a, T> Paired<'a, T> {
    /// Pairs the items that are the `same`.
    pub(super) fn new(old: &'a [T], new: &'a [T], same: impl Fn(&T, &T) -> bool) -> Self {
        let mut paired =
            Self { both: Vec::new(), removed: old.iter().collect(), added: new.iter().collect() };
        paired.both = paired.pair_rest(same);
        paired
    }

    /// Pairs those of the rest that are the `same` in another way, if there is
    /// no doubt which is which, and hands them out.
    pub(super) fn pair_rest(&mut self, same: impl Fn(&T, &T) -> bool) -> Vec<(&'a T, &'a T)> {
        let only = |old: &'a T| {
            let mut candidates = self.added.iter().filter(|new| same(old, new));
            let new = *candidates.next().filter(|_| candidates.next().is_none())?;
            let rivals = self.removed.iter().filter(|other| same(other, new)).count();
            (rivals == 1).then_some((old, new))
        };
        let found: Vec<_> = self.removed.iter().filter_map(|old| only(old)).collect();
        self.removed.retain(|old| !found.iter().any(|(paired, _)| std::ptr::eq(*paired, *old)));
        self.added.retain(|new| !found.iter().any(|(_, paired)| std::ptr::eq(*paired, *new)));
        found
    }
}
