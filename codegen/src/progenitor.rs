//! Lets progenitor render the client: lowers what it cannot take, and restores what the
//! spec said.
//!
//! Every workaround for progenitor is in here, and says what it waits for.

mod lower;
mod restore;
pub(crate) mod run;
pub(crate) mod workaround;
