//! progenitor's part: lower what it cannot take, let it render the client, and
//! restore what the spec said. Every workaround for it is in here, and says what it
//! waits for.

mod lower;
mod restore;
pub(crate) mod run;
pub(crate) mod workaround;
