//! The code rendered from the spec: progenitor's typed client, and targets, operations,
//! permissions, limits and clouds.

#![allow(
    clippy::all,
    clippy::pedantic,
    reason = "rendered code is read as snapshots, and its idioms are the generator's"
)]

macro_rules! rendered {
    ($($(#[doc = $doc:literal])* $visibility:vis $name:ident;)*) => {$(
        $(#[doc = $doc])*
        $visibility mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));
        }
    )*};
}

rendered! {
    /// The typed client: one method for each operation.
    pub client;
    pub(crate) cloud;
    pub(crate) identifier;
    pub(crate) limits;
    pub(crate) operation;
    pub(crate) target;
}
