//! The spec beside the data that Microsoft publishes about Graph's permissions: a
//! spec and the text of that file in, a list of differences out.

mod compare;
mod data;
mod difference;
mod lines;
mod records;

pub use self::{
    compare::compare,
    data::{Upstream, UpstreamError},
    difference::Difference,
};
pub use crate::api::difference::{DIFFERENCES_KEY, DifferenceKind, Recorded};
