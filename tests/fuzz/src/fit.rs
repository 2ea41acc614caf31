//! What the reader of tables takes of the program's formats.

#[path = "../../../generated-client/cli/src/fit/extensions.rs"]
mod extensions;

pub(crate) use extensions::{READABLE_EXTENSIONS, UNREADABLE_EXTENSIONS};
