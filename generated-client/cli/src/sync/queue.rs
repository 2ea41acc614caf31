//! Chooses the next photo to send, never too many at once for one mailbox.

use std::collections::{HashMap, VecDeque};

/// Outlook's documented limit on concurrent requests for an app and a mailbox
/// ([throttling limits](https://learn.microsoft.com/graph/throttling-limits)).
const MAX_AT_ONCE: u32 = 4;

/// The numbers of the photos to send, in order as far as mailboxes allow.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ready: VecDeque<usize>,
    /// The accounts with photos under way.
    busy: HashMap<String, Account>,
}

#[derive(Debug, Default)]
struct Account {
    under_way: u32,
    /// Photos whose turn came while too many of their account were under way.
    waiting: VecDeque<usize>,
}

impl Queue {
    pub(super) fn new(photos: impl Iterator<Item = usize>) -> Self {
        Self { ready: photos.collect(), busy: HashMap::new() }
    }

    /// Takes the next photo whose account has room for it; it is under way from then on.
    pub(super) fn take<'o>(&mut self, owner: impl Fn(usize) -> &'o str) -> Option<usize> {
        while let Some(photo) = self.ready.pop_front() {
            let account = self.busy.entry(owner(photo).to_owned()).or_default();
            if account.under_way < MAX_AT_ONCE {
                account.under_way += 1;
                return Some(photo);
            }
            account.waiting.push_back(photo);
        }
        None
    }

    /// Records that a photo of an account is no longer under way.
    pub(super) fn end(&mut self, owner: &str) {
        let Some(account) = self.busy.get_mut(owner) else { return };
        account.under_way -= 1;
        if let Some(photo) = account.waiting.pop_front() {
            self.ready.push_front(photo);
        }
        if account.under_way == 0 && account.waiting.is_empty() {
            self.busy.remove(owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_four_of_a_mailbox_are_under_way_and_others_overtake() {
        let owner = |photo: usize| if photo < 10 { "/me" } else { "/users/a" };
        let mut queue = Queue::new(0..12);
        let first: Vec<usize> = std::iter::from_fn(|| queue.take(owner)).collect();
        assert_eq!(first, [0, 1, 2, 3, 10, 11]);
        for expected in 4..10 {
            queue.end("/me");
            assert_eq!((queue.take(owner), queue.take(owner)), (Some(expected), None));
        }
        queue.end("/users/a");
        queue.end("/users/a");
        (0..4).for_each(|_| queue.end("/me"));
        assert!(queue.busy.is_empty() && queue.take(owner).is_none());
    }
}
