//! Requires a Tokio runtime, outside of which Tokio panics.

use tokio::runtime::Handle;

/// Why nothing can be read or sent.
pub(crate) const NO_RUNTIME: &str = "there is no Tokio runtime; run this within one: that of \
                                     `#[tokio::main]`, or one from `tokio::runtime::Builder` with \
                                     `enable_all` and its `block_on`";

/// Fails with [`NO_RUNTIME`] unless this is polled within a runtime.
pub(crate) fn require_runtime() -> Result<(), &'static str> {
    Handle::try_current().map(drop).map_err(|_| NO_RUNTIME)
}
