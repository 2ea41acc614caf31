//! A pseudo-terminal.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt as _,
};

use rustix::{
    fs::OFlags,
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
};

/// What a person at the terminal sees and types, and a function that opens the terminal for a
/// program. Reading ends when no program has it open any more.
pub(crate) fn pty() -> (File, impl Fn() -> File) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let path = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let flags = OFlags::NOCTTY.bits().cast_signed();
    let open =
        move || OpenOptions::new().read(true).write(true).custom_flags(flags).open(&path).unwrap();
    (File::from(terminal), open)
}
