//! One machine's part of a run on several machines.

pub(crate) mod choice;

use std::{fmt, num::NonZeroU32, str::FromStr};

use sha2::{Digest as _, Sha256};

/// One of several equal parts of a run, chosen by a hash of each photo's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1 to `count`.
    index: u32,
    count: NonZeroU32,
}

impl Shard {
    /// The whole run.
    pub(crate) const WHOLE: Self = Self { index: 1, count: NonZeroU32::MIN };

    /// Part `index` of `count`, counted from 1; `None` if there is no such part.
    pub(crate) fn new(index: u32, count: u32) -> Option<Self> {
        let count = NonZeroU32::new(count)?;
        (1..=count.get()).contains(&index).then_some(Self { index, count })
    }

    pub(crate) fn index(self) -> u32 {
        self.index
    }

    pub(crate) fn count(self) -> u32 {
        self.count.get()
    }

    /// Whether this is only a part of a run.
    pub(crate) fn is_part(self) -> bool {
        self.count() > 1
    }

    /// Whether an owner's photos are in this part. The answer is the same on every machine and
    /// in every version, since each run has its own journal, which covers only its part.
    pub(crate) fn has(self, owner: &str) -> bool {
        let hash = Sha256::digest(owner);
        let start: [u8; 8] =
            hash.first_chunk().copied().expect("SHA-256 has 32 bytes, more than the 8 used here");
        u64::from_be_bytes(start) % u64::from(self.count()) == u64::from(self.index - 1)
    }
}

/// `I/N`, I from 1 to N.
impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| {
            Some((index.parse::<u32>().ok()?, count.parse::<u32>().ok()?))
        });
        let (index, count) =
            numbers.ok_or("a shard is written I/N, such as 1/4 for the first of four")?;
        Self::new(index, count)
            .ok_or_else(|| format!("shards are numbered from 1: I goes from 1 to N, here {count}"))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_owner_is_in_one_shard_and_shards_are_about_equal() {
        let shards: Vec<Shard> = (1..=4).map(|index| Shard::new(index, 4).unwrap()).collect();
        let mut sizes = [0; 4];
        for number in 0..1000 {
            let owner = format!("/users/{number}@contoso.com");
            let of: Vec<usize> = (0..4).filter(|&index| shards[index].has(&owner)).collect();
            assert_eq!(of.len(), 1, "{owner}");
            sizes[of[0]] += 1;
            assert!(Shard::WHOLE.has(&owner));
        }
        assert!(sizes.iter().all(|size| (200..300).contains(size)), "{sizes:?}");
    }

    /// Otherwise journals of shards would cover the wrong photos.
    #[test]
    fn the_split_never_changes() {
        let shard = |owner: &str| (1..=5).find(|&index| Shard::new(index, 5).unwrap().has(owner));
        assert_eq!(shard("/me"), Some(4));
        assert_eq!(shard("/users/megan@contoso.com"), Some(2));
    }

    #[test]
    fn a_shard_is_a_number_from_1_to_the_count() {
        for text in ["1/1", "1/4", "4/4"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["0/4", "5/4", "0/0", "1/0", "1", "", "/", "a/b", "-1/4", "1/4/2", "1.5/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
