//! Keeps rarely run code out of the future of an upload, so that polling it needs less stack
//! and stays in the processor's cache.

use std::pin::Pin;

/// Boxes the future of code that is rarely run.
#[cold]
#[inline(never)]
pub(super) fn cold<'f, F: Future + Send + 'f>(
    future: impl FnOnce() -> F,
) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'f>> {
    Box::pin(future())
}
