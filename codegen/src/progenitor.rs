//! Lets progenitor render the client, with every workaround for it and what each waits for.

mod lower;
mod restore;
pub(crate) mod run;
pub(crate) mod workaround;
