//! The page that shows a person with a browser what is stored and what was asked.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::views;
use crate::{
    photos::{Key, PhotoVersion},
    recorded_request::RecordedRequest,
    redaction::visible,
    state::State,
};

/// The most requests that are shown, the latest first.
const MAX_ROWS: usize = 200;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font-family: system-ui, sans-serif; margin: 2rem; }
main { display: flex; flex-wrap: wrap; gap: 2rem; }
figure { margin: 0; max-width: 20rem; overflow-wrap: anywhere; }
img { max-width: 100%; min-width: 4rem; }
table { border-collapse: collapse; }
td, th { padding: 0.2rem 0.6rem; text-align: left; overflow-wrap: anywhere; }
";

/// The page, in HTML.
pub(crate) fn render(state: &State) -> String {
    let mut photos = state.photos.all();
    for account in state.directory.accounts() {
        if state.photos.current(&account.key).is_none() {
            photos.push((account.key.clone(), Vec::new()));
        }
    }
    let requests = state.records.all();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                link rel="icon" href="data:,";
                title { "Graph photo emulator" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Graph photo emulator" }
                main {
                    @for (key, versions) in &photos { (photo(state, key, versions)) }
                    @if photos.is_empty() { p { "No photo has been stored yet." } }
                }
                h2 { "Requests" }
                (table(&requests))
            }
        }
    };
    page.into_string()
}

fn photo(state: &State, key: &Key, versions: &[PhotoVersion]) -> Markup {
    let path = views::path(key);
    let title = visible(&state.directory.title(key));
    html! {
        figure {
            @if !versions.is_empty() {
                img src={ "/_emulator/photos" (path) } alt={ "The photo of " (title) };
            }
            figcaption {
                strong { (title) } br;
                code { (path) }
                br;
                @match versions.last() {
                    Some(photo) => {
                        (photo.bytes.len()) " bytes, allowed by " (photo.permission)
                    }
                    None => "no photo",
                }
                @if versions.len() > 1 { br; (versions.len()) " versions" }
            }
        }
    }
}

fn table(requests: &[RecordedRequest]) -> Markup {
    html! {
        table {
            thead {
                tr {
                    @for heading in ["time", "status", "code", "method", "target", "outcome", "why"] {
                        th scope="col" { (heading) }
                    }
                }
            }
            tbody {
                @for request in requests.iter().rev().take(MAX_ROWS) { (row(request)) }
            }
        }
    }
}

fn row(request: &RecordedRequest) -> Markup {
    html! {
        tr {
            td { (humantime::format_rfc3339_seconds(request.time)) }
            td { (request.status.map_or_else(|| "none".to_owned(), |status| status.to_string())) }
            td { (request.code.as_deref().map(visible).unwrap_or_default()) }
            td { (request.method) }
            td { code { (visible(&request.target)) } }
            td { (request.outcome) @if request.is_early() { ", too early" } }
            td { (visible(&request.why)) }
        }
    }
}
