//! A web page that a browser opens from disk, without a network: all of it is in one file,
//! except the photos if there are many.

use std::{collections::BTreeSet, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use graph_photo_client::Printable;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    merge::Merged,
    row::Row,
    summary::{Reason, Summary, meaning},
    thumbnail::data_url,
};
use crate::fit::words;

const SCRIPT: &str = include_str!("page/page.js");
const STYLE: &str = include_str!("page/page.css");

/// The maximum number of rows for a page with embedded thumbnails; a page with more refers
/// to the files of the photos.
const MOST_THUMBNAILS: usize = 200;

/// The data from which the script makes its list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'m> {
    /// The base folders of relative file paths, one for each journal.
    folders: Vec<&'m str>,
    rows: Vec<Entry<'m>>,
}

/// A row, as an array in the script's order of fields: field names would take up most of a
/// page with many rows.
#[derive(Serialize)]
struct Entry<'m>(
    &'m str,
    &'m str,
    &'m str,
    usize,
    Option<&'m str>,
    Option<i64>,
    Option<&'m str>,
    Option<&'m str>,
    Option<&'m str>,
    i64,
    Option<i64>,
    Option<&'m str>,
    Option<String>,
);

/// The page, in HTML.
pub(super) fn render(merged: &Merged, summary: &Summary) -> String {
    let title = title(merged, summary);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(merged, summary))
                main {
                    div #list role="grid" aria-label="Photos" aria-readonly="true" tabindex="0" {
                        div #space {}
                        p #empty hidden { "No photo matches." }
                    }
                    noscript {
                        p { "To list the photos, this page needs JavaScript. The counts are complete." }
                    }
                }
                (footer())
                dialog #details aria-labelledby="details-title" {}
                script type="application/json" #data { (PreEscaped(data(merged))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Lets the page use only its own script and style, and pictures from disk: text from a
/// journal cannot run, even if it escaped its quotes.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data: file:; \
         base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

fn title(merged: &Merged, summary: &Summary) -> String {
    let stored = summary.states.iter().filter(|(state, _)| state == "stored");
    let stored: usize = stored.map(|(_, count)| count).sum();
    format!("Profile photos: {} of {} stored", grouped(stored), grouped(merged.rows.len()))
}

fn header(merged: &Merged, summary: &Summary) -> Markup {
    html! {
        header {
            h1 { "Profile photos" }
            p.origin { (origin(merged)) }
            div #states role="group" aria-label="Outcome" {
                (filter("", merged.rows.len()))
                @for (state, count) in &summary.states { (filter(state, *count)) }
            }
            @if !summary.reasons.is_empty() {
                div #reasons role="group" aria-label="Reasons" {
                    "Commonest reasons"
                    @for it in &summary.reasons { (reason(it)) }
                }
            }
            div.search {
                input #search type="search" placeholder="Search user, reason, request id" aria-label="Search"
                    autocomplete="off" spellcheck="false";
                span #shown role="status" {}
            }
        }
    }
}

/// The tenant, source and time of the photos.
fn origin(merged: &Merged) -> Markup {
    let sources = merged.journals.iter().filter_map(|journal| journal.source.as_deref());
    let sources: BTreeSet<&str> = sources.collect();
    let first = merged.rows.iter().filter_map(|row| row.started.as_deref()).min();
    let last = merged.rows.iter().filter_map(|row| row.finished.as_deref()).max();
    html! {
        @if let Some(journal) = merged.journals.first() { (shown(&journal.tenant())) }
        @for source in &sources { " · " bdi { (shown(source)) } }
        @if let (Some(first), Some(last)) = (first, last) {
            " · " time datetime=(first) { (first) } " – " time datetime=(last) { (last) }
        }
    }
}

/// A button that filters the rows by state; without a state, it shows all.
fn filter(state: &str, count: usize) -> Markup {
    let name = if state.is_empty() { "all" } else { state };
    html! {
        button type="button" data-state=(state) aria-pressed=(state.is_empty()) title=(meaning(state)) {
            b { (grouped(count)) } " " (shown(name))
        }
    }
}

/// A button that filters the rows by a common reason.
fn reason(reason: &Reason) -> Markup {
    html! {
        button type="button" data-state=(reason.state) data-search=(reason.cause)
            title=(shown(reason.message.as_deref().unwrap_or_default())) {
            b { (grouped(reason.count)) } " " bdi { (shown(&reason.cause)) }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer {
            p {
                b { "stored" } " means that Graph has the photo. Teams and Outlook keep their own copies and may "
                "show the old photo for days."
            }
            p.keys {
                kbd { "/" } " search " kbd { "↑" } " " kbd { "↓" } " move " kbd { "Enter" } " details "
                kbd { "Esc" } " back"
            }
        }
    }
}

/// The rows as JSON in which no HTML parser finds the end of the enclosing element.
fn data(merged: &Merged) -> String {
    let is_inside = merged.rows.len() <= MOST_THUMBNAILS;
    let folders = merged.journals.iter().map(|journal| journal.photos.as_deref());
    let folders: Vec<&str> = folders.map(Option::unwrap_or_default).collect();
    let rows = merged
        .rows
        .iter()
        .map(|row| entry(row, if is_inside { thumbnail(row, folders[row.journal]) } else { None }));
    let rows = rows.collect();
    let json = serde_json::to_string(&Data { folders, rows });
    json.expect("texts and numbers are JSON").replace('<', "\\u003c")
}

fn thumbnail(row: &Row, folder: &str) -> Option<String> {
    data_url(&Path::new(folder).join(&row.file), row.source_sha256.as_deref())
}

fn entry(row: &Row, thumbnail: Option<String>) -> Entry<'_> {
    Entry(
        &row.target,
        &row.state,
        &row.file,
        row.journal,
        row.reason.as_deref(),
        row.status,
        row.code.as_deref(),
        row.request_id.as_deref(),
        row.client_request_id.as_deref(),
        row.attempts,
        row.bytes,
        row.finished.as_deref().or(row.started.as_deref()),
        thumbnail,
    )
}

/// Text that cannot reverse the direction of its neighbours.
fn shown(text: &str) -> String {
    Printable(text).to_string()
}

fn grouped(count: usize) -> String {
    words::grouped(count as u64)
}
