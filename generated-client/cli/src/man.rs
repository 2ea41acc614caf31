//! `graph-photo man`: writes manual pages, one for each command.

use std::{fs, io, path::Path};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::{
    args::{Arguments, report::ManArgs},
    blocking::off_thread,
    exit::Exit,
    failure::Failure,
    output::printable,
};

pub(crate) async fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let folder = args.folder.clone();
    let written = off_thread(move || write(&folder)).await;
    let task = || format!("failed to write the manual pages to `{}`", printable(&args.folder));
    written.map_err(|cause| Failure::System(task(), cause))?;
    Ok(Exit::Done)
}

fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // A page for `help` would repeat the other pages.
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    write_page(&program, folder)?;
    program.get_subcommands().try_for_each(|command| write_page(command, folder))
}

fn write_page(command: &Command, folder: &Path) -> io::Result<()> {
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut text)?;
    }
    text.extend(notes(command).into_bytes());
    if command.get_version().is_some() {
        page.render_version_section(&mut text)?;
    }
    fs::write(folder.join(page.get_filename()), text)
}

/// The notes after a command's help, with line breaks kept because they have columns.
fn notes(command: &Command) -> String {
    let Some(notes) = command.get_after_help() else { return String::new() };
    let notes = notes.to_string().replace('\\', "\\e").replace('-', "\\-");
    let lines: String = notes.lines().map(|line| format!("{}\n", unlike_a_request(line))).collect();
    format!(".SH NOTES\n.nf\n{lines}.fi\n")
}

/// Escapes a line that begins with `.` or `'`, which the formatter would take for a
/// request; `\&` prints nothing.
fn unlike_a_request(line: &str) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() }
}
