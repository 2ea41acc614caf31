//! Keeps the stack of an upload short: what lies far down is not in the processor's
//! cache.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

pin_project_lite::pin_project! {
    /// A future whose code is called, not inlined into that of the future that awaits
    /// it. Inlined, the branches of a `match` would each have a place of their own on
    /// the stack, though one of them is run.
    pub(crate) struct OutOfLine<F> {
        #[pin]
        future: F,
    }
}

impl<F> OutOfLine<F> {
    pub(crate) fn new(future: F) -> Self {
        Self { future }
    }
}

impl<F: Future> Future for OutOfLine<F> {
    type Output = F::Output;

    #[inline(never)]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(context)
    }
}
