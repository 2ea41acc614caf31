//! The plan of a run, and its display.

use std::path::PathBuf;

use graph_photo_client::Printable;

use super::{
    item::{Item, Status},
    size::{count, size},
    source::LeftOut,
};

/// The maximum number of left-out files that a plan names; `--json` names all.
const SHOWN: usize = 20;

/// The plan of a run.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) items: Vec<Item>,
    pub(super) left_out: Vec<LeftOut>,
    /// The number of rows that the selection leaves out.
    pub(super) not_selected: usize,
    /// The base folder of relative file paths.
    pub(super) photos: PathBuf,
}

impl Plan {
    /// The number of photos with a status.
    pub(super) fn count(&self, is: impl Fn(&Status) -> bool) -> usize {
        self.items.iter().filter(|item| is(&item.status)).count()
    }

    pub(super) fn refused(&self) -> usize {
        self.count(|status| matches!(status, Status::Refused(_)))
    }

    /// The number of photos to send.
    pub(super) fn due(&self) -> usize {
        self.items.iter().filter(|item| item.is_due()).count()
    }

    /// The number of bytes to send.
    pub(super) fn bytes(&self) -> u64 {
        let due = self.items.iter().filter(|item| item.is_due());
        due.filter_map(|item| Some(u64::from(item.content.as_ref()?.bytes))).sum()
    }

    /// Sends unchanged photos as well.
    pub(super) fn force(&mut self) {
        for item in &mut self.items {
            if item.status == Status::Unchanged {
                item.status = Status::Forced;
            }
        }
    }

    /// Keeps the first `most` photos that are due; the rest wait for another run.
    pub(super) fn limit(&mut self, most: u32) {
        let due = self.items.iter_mut().filter(|item| item.is_due());
        due.skip(most as usize).for_each(|item| item.status = Status::Later);
    }

    /// The plan for people.
    pub(super) fn text(&self) -> String {
        let due = count(self.due(), "photo");
        let mut text = format!("Plan: {due}, {} to send", size(self.bytes()));
        for (words, number, is_always_told) in self.counts() {
            if number > 0 || is_always_told {
                text += &format!("\n  {words:15}{number:>8}");
            }
        }
        for item in &self.items {
            text += &line(item);
        }
        for LeftOut { file, reason } in self.left_out.iter().take(SHOWN) {
            text += &format!("\nleft out: {file}: {reason}");
        }
        match self.left_out.len().saturating_sub(SHOWN) {
            0 => text,
            more => format!("{text}\nleft out: {more} more, which --json names"),
        }
    }

    /// The counts with their names, and whether to show a count of zero.
    fn counts(&self) -> [(&'static str, usize, bool); 9] {
        [
            ("new", self.count(|status| *status == Status::New), true),
            ("changed", self.count(|status| *status == Status::Changed), true),
            ("unchanged", self.count(|status| *status == Status::Unchanged), true),
            ("sent again", self.count(|status| *status == Status::Forced), false),
            ("refused", self.refused(), true),
            ("left out", self.left_out.len(), true),
            ("without a file", self.count(|status| *status == Status::WithoutFile), true),
            ("not selected", self.not_selected, false),
            ("over --limit", self.count(|status| *status == Status::Later), false),
        ]
    }
}

/// The lines about one photo: its refusal and notes.
fn line(item: &Item) -> String {
    let (name, file) = (Printable(item.name()), item.file_name());
    let file = Printable(&file);
    let place = match item.origin.line() {
        Some(line) if item.file.is_none() => format!("line {line}"),
        Some(line) => format!("line {line}, `{file}`"),
        None => format!("`{file}`"),
    };
    let subject = if item.name().is_empty() { place.clone() } else { format!("{name} ({place})") };
    let notes = item.notes.iter().map(|note| format!("\nnote: {name} ({place}): {note}"));
    let line = match &item.status {
        Status::Refused(reason) => {
            let reason = Printable(reason);
            format!("\nrefused: {subject}: {reason}")
        }
        Status::WithoutFile => {
            let line = item.origin.line().unwrap_or_default();
            format!("\nwithout a file: {name} (line {line})")
        }
        _ => String::new(),
    };
    notes.fold(line, |text, note| text + &note)
}
