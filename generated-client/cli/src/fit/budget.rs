//! How much may be decoded, and how much of it at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{refusal::refusal, words::grouped};
use crate::photo::Refusal;

/// The most pixels that are decoded. What claims more is no photo of a person, or made to
/// exhaust memory.
pub(super) const MAX_PIXELS: u64 = 100_000_000;

/// Pictures of more pixels than this are decoded one after the other, however many
/// threads there are.
const MANY_PIXELS: u64 = 25_000_000;

static MANY: Mutex<()> = Mutex::new(());

/// Lets a picture be decoded, and its pixels be held as long as this is.
pub(super) struct Permit(
    #[expect(dead_code, reason = "held, not used")] Option<MutexGuard<'static, ()>>,
);

impl Permit {
    /// Waits if another picture is as large; refuses one with too many pixels by what its
    /// header claims, before anything is decoded.
    pub(super) fn wait(width: u32, height: u32) -> Result<Self, Refusal> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MAX_PIXELS {
            let (pixels, most) = (grouped(pixels), grouped(MAX_PIXELS));
            return Err(refusal(format_args!(
                "it has {pixels} pixels ({width}x{height}), and pictures of more than {most} \
                 pixels are not decoded; make it smaller first"
            )));
        }
        // It guards no data that a panic could have left broken.
        let wait = || MANY.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Self((pixels > MANY_PIXELS).then(wait)))
    }
}
