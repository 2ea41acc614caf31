//! Limits on the pixels to decode, in total and at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{refusal::refusal, words::grouped};
use crate::photo::Refusal;

/// The maximum number of pixels to decode. A picture that claims more is no photo of a
/// person, or is made to exhaust memory.
pub(super) const MAX_PIXELS: u64 = 100_000_000;

/// Pictures with more pixels than this are decoded one at a time, on any number of
/// threads.
const MANY_PIXELS: u64 = 25_000_000;

static MANY: Mutex<()> = Mutex::new(());

/// Permission to decode a picture and hold its pixels, until dropped.
pub(super) struct Permit(
    #[expect(dead_code, reason = "held, not used")] Option<MutexGuard<'static, ()>>,
);

impl Permit {
    /// Waits while another large picture has a permit. Refuses a picture whose header claims
    /// too many pixels, before anything is decoded.
    pub(super) fn wait(width: u32, height: u32) -> Result<Self, Refusal> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MAX_PIXELS {
            let (pixels, most) = (grouped(pixels), grouped(MAX_PIXELS));
            return Err(refusal(format_args!(
                "it has {pixels} pixels ({width}x{height}), and pictures of more than {most} \
                 pixels are not decoded; make it smaller first"
            )));
        }
        // The lock guards no data that a panic could have corrupted.
        let wait = || MANY.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Self((pixels > MANY_PIXELS).then(wait)))
    }
}
