//! Compares the spec with the data that Microsoft publishes about Graph's permissions.

mod compare;
mod difference;
mod permissions_json;
mod recorded;

pub use self::{
    compare::compare,
    difference::Difference,
    permissions_json::{Upstream, UpstreamError},
};
pub use crate::api::difference::{DifferenceKind, Recorded, Subject};
