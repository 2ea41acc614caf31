//! The spec beside the data that Microsoft publishes about Graph's permissions: a
//! spec and the text of that file in, a list of differences out.

mod compare;
mod difference;
mod permissions_json;
mod recorded;
mod spec_lines;

pub use self::{
    compare::compare,
    difference::Difference,
    permissions_json::{Upstream, UpstreamError},
};
pub use crate::api::difference::{DIFFERENCES_KEY, DifferenceKind, Recorded};
