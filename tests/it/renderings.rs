//! Rendered modules compile inside the library.

mod crates;
mod edits;
mod features;
mod names;
