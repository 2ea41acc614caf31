//! Keeps rarely run code out of the future of every upload, and off the stack when that
//! is polled: what lies far down there is not in the processor's cache.

use std::pin::Pin;

/// Boxes the future of what is rare, or off by default.
#[cold]
#[inline(never)]
pub(super) fn cold<'f, F: Future + Send + 'f>(
    future: impl FnOnce() -> F,
) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'f>> {
    Box::pin(future())
}
