//! What each upload of a storm is, by the seed and its number alone.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use graph_photo_client::{Operation, PermissionType, PhotoTarget, RetryPolicy};

use crate::faults::{Cost, KINDS, tag};

/// Photos by real encoders, each of which gets a comment of its own.
const PHOTOS: [&[u8]; 8] = [
    include_bytes!("../../fixtures/baseline.jpg"),
    include_bytes!("../../fixtures/progressive.jpg"),
    include_bytes!("../../fixtures/grey.jpg"),
    include_bytes!("../../fixtures/cmyk.jpg"),
    include_bytes!("../../fixtures/exif.jpg"),
    include_bytes!("../../fixtures/restart.jpg"),
    include_bytes!("../../fixtures/mpo.jpg"),
    include_bytes!("../../fixtures/tiny.jpg"),
];

/// How many uploads one run of `sync` has, of which one is that of the signed-in user.
pub(crate) const BATCH_OF_SYNC: u64 = 250;

/// The head of a comment: marker and length.
const HEAD: usize = 4;

/// One upload of the storm.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) seed: u64,
    pub(crate) index: u64,
    pub(crate) operation: Operation,
    /// The user of the token: each upload has its own.
    pub(crate) user: String,
    /// The target's path.
    pub(crate) path: String,
    pub(crate) fault: Option<usize>,
    pub(crate) client: Kind,
    pub(crate) tokens: Tokens,
    /// Whether a generated method is called instead of `upload`.
    pub(crate) is_direct: bool,
    /// When the future is dropped.
    pub(crate) dropped_after: Option<Duration>,
    /// Whether Graph's error repeats the token.
    pub(crate) is_echoed: bool,
    /// Whether its file has only the beginning of its photo.
    pub(crate) is_broken: bool,
    photo: usize,
    padding: usize,
}

/// The settings of a client that the storm has one of in each lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Three retries.
    Patient,
    /// No retry.
    Impatient,
    /// Compares the token's claims before sending.
    Checking,
    /// Has a limit of the request's size that no photo is below.
    Small,
    /// Has an HTTP client that the caller made.
    Own,
}

/// What the token provider returns for an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tokens {
    Valid,
    /// An expired one first, then a valid one.
    Expired,
    AlwaysExpired,
    /// An expired one first, then an error.
    NotRenewed,
    None,
    /// One that no header can hold.
    Unsendable,
    /// One without any permission.
    Powerless,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] =
        [Self::Patient, Self::Impatient, Self::Checking, Self::Small, Self::Own];

    pub(crate) fn policy(self) -> RetryPolicy {
        match self {
            Self::Impatient => RetryPolicy::never(),
            Self::Patient | Self::Checking | Self::Small | Self::Own => RetryPolicy::default()
                .with_max_retries(3)
                .with_delays(Duration::from_millis(20), Duration::from_millis(60))
                .with_max_total_time(Duration::from_secs(30)),
        }
    }
}

impl Upload {
    /// An upload through the library.
    pub(crate) fn through_library(seed: u64, index: u64) -> Self {
        let mut random = random(seed, index);
        let mut upload = Self::new(seed, index, &mut random, false);
        upload.client = match random.u8(..100) {
            0..60 => Kind::Patient,
            60..80 => Kind::Impatient,
            80..90 => Kind::Own,
            90..98 => Kind::Checking,
            _ => Kind::Small,
        };
        upload.tokens = match random.u8(..100) {
            0..84 => Tokens::Valid,
            84..91 => Tokens::Expired,
            91..93 => Tokens::AlwaysExpired,
            93..95 => Tokens::NotRenewed,
            95..96 => Tokens::None,
            96..97 => Tokens::Unsendable,
            _ => Tokens::Powerless,
        };
        upload.is_direct = random.u8(..4) == 0;
        upload.dropped_after =
            (random.u8(..12) == 0).then(|| Duration::from_micros(random.u64(..40_000)));
        upload.is_echoed = upload.fault.is_none() && random.u8(..100) == 0;
        upload
    }

    /// An upload through `graph-photo sync`, which sends all of a run with one token.
    pub(crate) fn through_sync(seed: u64, index: u64) -> Self {
        let mut random = random(seed, index);
        let mut upload = Self::new(seed, index, &mut random, true);
        // Two rows for one target are an error.
        while (upload.path == "/me") != index.is_multiple_of(BATCH_OF_SYNC) {
            upload = Self::new(seed, index, &mut random, true);
        }
        upload.is_broken = random.u8(..50) == 0;
        upload
    }

    fn new(seed: u64, index: u64, random: &mut Rng, is_sync: bool) -> Self {
        let operation = Operation::ALL[random.usize(..Operation::ALL.len())];
        let fault = (random.u8(..4) == 0).then(|| {
            loop {
                let kind = random.usize(..KINDS.len());
                if !is_sync || sync_meets(KINDS[kind].cost, random) {
                    break kind;
                }
            }
        });
        let id = format!("s{index}{}", tag(fault));
        let user = format!("{id}@contoso.com");
        let template = operation.path_template().trim_end_matches("/photo/$value");
        let segments = template.split('/').skip(1);
        let path = segments.map(|segment| match segment {
            "{userId}" => format!("/{user}"),
            parameter if parameter.starts_with('{') => format!("/{id}"),
            literal => format!("/{literal}"),
        });
        let path = path.collect();
        let padding = match random.u8(..100) {
            0..80 => random.usize(..2_000),
            80..99 => random.usize(..30_000),
            _ => random.usize(..1_000_000),
        };
        let (client, tokens) = (Kind::Impatient, Tokens::Valid);
        let (is_direct, dropped_after, is_echoed, is_broken) = (false, None, false, false);
        let photo = random.usize(..PHOTOS.len());
        Self {
            seed,
            index,
            operation,
            user,
            path,
            fault,
            client,
            tokens,
            is_direct,
            dropped_after,
            is_echoed,
            is_broken,
            photo,
            padding,
        }
    }

    pub(crate) fn target(&self) -> PhotoTarget {
        self.path.parse().expect("a template with plain identifiers is a target")
    }

    /// The path of what the target is for everyone: `/me` as its user.
    pub(crate) fn resource(&self) -> String {
        match self.path.strip_prefix("/me") {
            Some(rest) => format!("/users/{}{rest}", self.user),
            None => self.path.clone(),
        }
    }

    /// The bytes of its photo, which no other upload has.
    pub(crate) fn photo(&self) -> Bytes {
        let photo = PHOTOS[self.photo];
        let (start, rest) = photo.split_at(2);
        let mut bytes = start.to_vec();
        bytes.reserve(photo.len() + self.padding + 100);
        let mut comment = format!("soak {} {};", self.seed, self.index).into_bytes();
        let mut missing = self.padding;
        loop {
            let more = missing.min(60_000);
            comment.resize(comment.len() + more, b'.');
            let length = u16::try_from(comment.len() + 2).expect("a comment is short");
            bytes.extend_from_slice(&[0xFF, 0xFE]);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.append(&mut comment);
            missing -= more;
            if missing == 0 {
                break;
            }
        }
        bytes.extend_from_slice(rest);
        bytes.into()
    }

    /// Whether an application may upload, by itself and without a user.
    pub(crate) fn is_for_applications(&self) -> bool {
        self.operation
            .permissions()
            .iter()
            .any(|permission| permission.permission_type == PermissionType::Application)
    }
}

/// The number of the upload that a photo belongs to, if enough of it arrived.
pub(crate) fn index_of_photo(seed: u64, bytes: &[u8]) -> Option<u64> {
    let comment = bytes.get(2 + HEAD..)?;
    let comment = &comment[..comment.iter().position(|byte| *byte == b';')?];
    let text = str::from_utf8(comment).ok()?.strip_prefix("soak ")?;
    let (of, index) = text.split_once(' ')?;
    (of.parse() == Ok(seed)).then(|| index.parse().ok()).flatten()
}

/// The number of the upload that an identifier, a path or a token's user belongs to.
pub(crate) fn index_of_name(name: &str) -> Option<u64> {
    name.split('/').find_map(|segment| {
        let (index, _) = segment.strip_prefix('s')?.split_once('.')?;
        index.parse().ok()
    })
}

/// Whether an upload through `sync` meets a fault that was drawn: its whole run waits if one
/// photo has to.
fn sync_meets(cost: Cost, random: &mut Rng) -> bool {
    match cost {
        Cost::Quick => true,
        Cost::Slow => random.u8(..16) == 0,
        Cost::Patience => false,
    }
}

/// Random numbers of an upload, independent of how many others there are.
fn random(seed: u64, index: u64) -> Rng {
    let mut mixed = Rng::with_seed(seed ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed.fork()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use graph_photo_client::JpegPhoto;

    use super::{Upload, index_of_name, index_of_photo};

    #[test]
    fn an_upload_is_the_same_each_time_and_unlike_all_others() {
        let mut photos = HashSet::new();
        for index in 0..300 {
            for plan in [Upload::through_library, Upload::through_sync] {
                let upload = plan(5, index);
                assert_eq!(format!("{upload:?}"), format!("{:?}", plan(5, index)));
                assert_eq!(index_of_photo(5, &upload.photo()), Some(index));
                assert_eq!(index_of_photo(6, &upload.photo()), None);
                assert_eq!(index_of_name(&upload.resource()), Some(index));
                assert!(JpegPhoto::from_bytes(upload.photo()).is_ok());
                assert_eq!(upload.target().to_string(), upload.path);
            }
            assert!(photos.insert(Upload::through_library(5, index).photo()));
        }
    }
}
