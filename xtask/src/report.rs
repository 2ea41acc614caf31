//! Reports of comparisons, for people and in Markdown for a pull request or an issue.

use std::iter;

/// The parts of a report, in the order in which they are read.
pub(crate) struct Report {
    /// What was compared with what.
    pub(crate) compared: String,
    /// The heading of the report in Markdown.
    pub(crate) heading: String,
    pub(crate) groups: Vec<Group>,
    pub(crate) is_success: bool,
    /// The outcome in a sentence, without a full stop.
    pub(crate) verdict: String,
    /// The remedy.
    pub(crate) fix: Option<String>,
}

/// Findings of one sort.
pub(crate) struct Group {
    /// The status word of each finding.
    pub(crate) word: &'static str,
    /// The heading in Markdown.
    pub(crate) title: &'static str,
    /// Each finding, with further lines about it.
    pub(crate) items: Vec<Vec<String>>,
}

impl Report {
    /// Lines that begin with a status word, as cargo writes them.
    pub(crate) fn text(&self) -> String {
        let mut text = line("Compared", &self.compared);
        for Group { word, items, .. } in &self.groups {
            for item in items {
                let words = [*word].into_iter().chain(iter::repeat(""));
                text.extend(words.zip(item).map(|(word, part)| line(word, part)));
            }
        }
        text += &line(if self.is_success { "Success" } else { "Failure" }, &self.verdict);
        text.extend(self.fix.as_deref().map(|fix| line("To fix,", fix)));
        text.trim_end().to_owned()
    }

    /// The same in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mark = if self.is_success { "✅" } else { "❌" };
        let mut text = format!("### {}\n\n{mark} {}.\n", self.heading, capitalised(&self.verdict));
        text.extend(self.fix.as_deref().map(|fix| format!("{}.\n", capitalised(fix))));
        for Group { title, items, .. } in self.groups.iter().filter(|it| !it.items.is_empty()) {
            text += &format!("\n#### {title}\n\n");
            for item in items {
                let parts: Vec<_> = item.iter().map(|part| capitalised(part)).collect();
                text += &format!("- {}.\n", parts.join(".<br>"));
            }
        }
        text.trim_end().to_owned()
    }
}

fn line(word: &str, text: &str) -> String {
    format!("{word:>10} {text}\n")
}

/// A text with its first letter in upper case, as a sentence begins.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
