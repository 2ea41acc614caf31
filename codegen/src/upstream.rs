//! Compares the spec with the data that Microsoft publishes about Graph's permissions.

mod compare;
mod permissions_json;
mod recorded;

pub use self::{
    compare::compare,
    permissions_json::{Upstream, UpstreamError},
    recorded::Difference,
};
pub use crate::api::difference::{DifferenceKind, Recorded, Subject};
