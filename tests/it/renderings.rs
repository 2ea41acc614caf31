//! What is rendered compiles inside the wrapper that it is made for.

mod crates;
mod edits;
mod features;
mod names;
