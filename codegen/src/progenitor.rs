//! progenitor's part: lower what it cannot take, let it render the client, and
//! restore what the spec said. Every workaround for it is in here.

mod lower;
mod restore;
mod run;
mod workaround;

pub(crate) use self::run::client;
pub use self::workaround::WorkaroundError;
