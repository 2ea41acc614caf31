//! The page that shows a person with a browser the photos, the requests and the switches.
//!
//! The server renders what there is when the page is opened; its script keeps that up to
//! date. Both use the same markup: the script fills copies of the page's templates.

use graph_photo_codegen::api::Target;
use maud::{DOCTYPE, Markup, html};

use super::{
    resources::{self, Listing, Resource},
    views,
};
use crate::{
    http::{head::Head, response::Response},
    recorded_request::{Outcome, RecordedRequest},
    redaction::visible,
    state::State,
};

const ICON: &str = include_str!("page/icon.svg");
const ICON_TYPE: &str = "image/svg+xml";
/// The most requests that are shown, the latest first.
const MAX_ROWS: usize = 200;

/// The page loads its own style sheet, script and pictures, and connects to nothing else; no
/// text can become markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

/// Faults that have a switch: what happens, and the rule.
const SWITCHES: [(&str, &str); 6] = [
    ("429 Too Many Requests", "status=429;retry-after=5"),
    ("503 from a gateway, in HTML", "html=503"),
    ("401, the token expired", "expired-token"),
    ("Connection reset in the body", "reset;in-body=1"),
    ("Stored, response lost", "answer-lost"),
    ("Two seconds late", "delay=2s"),
];

/// How often a fault strikes: in words, and as items of a rule.
const FREQUENCIES: [(&str, &str); 3] =
    [("every request", ""), ("the next request", "times=1;"), ("every third request", "every=3;")];

/// How far the clock is moved: in words, and as control by HTTP reads it.
const STEPS: [(&str, &str); 3] = [("+1 min", "1m"), ("+10 min", "10m"), ("+1 h", "1h")];

/// The page.
pub(super) fn respond(state: &State, head: &Head) -> Response {
    Response::new(200)
        .with_body("text/html; charset=utf-8", render(state, host_of(head)).into_string())
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "no-referrer")
}

/// A file that the page loads.
pub(super) fn asset(name: &str) -> Option<Response> {
    let (media_type, text) = match name {
        "style.css" => ("text/css; charset=utf-8", include_str!("page/style.css")),
        "script.js" => ("text/javascript; charset=utf-8", include_str!("page/script.js")),
        "icon.svg" => (ICON_TYPE, ICON),
        _ => return None,
    };
    Some(Response::new(200).with_body(media_type, text))
}

/// The page's icon.
pub(super) fn icon() -> Response {
    Response::new(200).with_body(ICON_TYPE, ICON)
}

/// The host that the browser used, if it is one that a shell takes as it is.
fn host_of(head: &Head) -> &str {
    let is_plain = |host: &&str| {
        !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte))
    };
    head.only_value("host").filter(is_plain).unwrap_or("localhost")
}

fn render(state: &State, host: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Graph photo emulator" }
                link rel="icon" href="/_emulator/page/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/_emulator/page/style.css";
                script type="module" src="/_emulator/page/script.js" {}
            }
            body {
                a.skip href="#requests" { "Skip to the requests" }
                (banner(state, host))
                main {
                    (people(&resources::list(state, "")))
                    (requests(state, host))
                    (controls(state))
                }
                (dialogs())
                (templates())
            }
        }
    }
}

fn banner(state: &State, host: &str) -> Markup {
    html! {
        header {
            img src="/_emulator/page/icon.svg" alt="" width="32" height="32";
            h1 { "Graph photo emulator" }
            p.base {
                code #base-url { (base_url(state, host)) }
                button.quiet type="button" data-copies="base-url" { "Copy" }
            }
            p #connection role="status" { noscript { "Needs JavaScript to update itself" } }
        }
    }
}

fn base_url(state: &State, host: &str) -> String {
    format!("{}://{host}{}", state.scheme, state.prefix)
}

fn people(listing: &Listing) -> Markup {
    let shown = listing.resources.len();
    html! {
        section.panel #people aria-labelledby="people-heading" {
            div.heading {
                h2 #people-heading { "Photos" }
                p.muted #people-count { (shown) " of " (listing.total) }
                input #search type="search" aria-label="Find a person, group or contact"
                    placeholder="Find a person, group or contact" autocomplete="off";
            }
            p.empty #no-people hidden[shown > 0] { "No photo has been stored yet." }
            ul.grid #grid { @for resource in &listing.resources { (card(resource)) } }
        }
    }
}

fn card(resource: &Resource) -> Markup {
    let Resource { target, title, collection, photo, versions } = resource;
    let title = visible(title);
    html! {
        li {
            button.card type="button" data-target=(target) {
                span.frame {
                    span.initials data-field="initials" aria-hidden="true" { (initials(&title)) }
                    @if let Some(photo) = photo {
                        img src={ "/_emulator/photos" (target) "?request=" (photo.request) }
                            alt={ "The photo of " (title) } loading="lazy" decoding="async";
                    }
                    span.count data-field="count" {
                        @if *versions > 1 { (versions) " photos" }
                    }
                }
                strong data-field="title" { (title) }
                code.muted data-field="target" { (visible(target)) }
                span.muted {
                    span data-field="collection" { (collection) } ", "
                    span data-field="about" {
                        @match photo {
                            Some(photo) => { (photo.bytes.len()) " bytes" }
                            None => "no photo",
                        }
                    }
                }
            }
        }
    }
}

/// The first letters of a name's first and last words.
fn initials(title: &str) -> String {
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let letters = [words.next(), words.next_back()];
    letters.iter().flatten().filter_map(|word| word.chars().next()).collect()
}

fn requests(state: &State, host: &str) -> Markup {
    let latest = state.records.latest(MAX_ROWS, None);
    let counts = state.records.count();
    let total: usize = counts.values().sum();
    html! {
        section.panel #requests aria-labelledby="requests-heading" tabindex="-1" {
            div.heading {
                h2 #requests-heading { "Requests" }
                fieldset #filter {
                    legend.hidden { "Filter by outcome" }
                    (filter("", "all", total))
                    @for outcome in Outcome::ALL {
                        @let name = outcome.to_string();
                        (filter(&name, &name, counts.get(&outcome).copied().unwrap_or_default()))
                    }
                }
            }
            div.empty #no-requests hidden[!latest.is_empty()] { (first_steps(state, host)) }
            p.empty #no-match hidden { "No request had this outcome." }
            table role="table" aria-labelledby="requests-heading" hidden[latest.is_empty()] {
                thead role="rowgroup" {
                    tr role="row" {
                        @for heading in ["Time", "Outcome", "Request", "Status", "Why"] {
                            th scope="col" role="columnheader" { (heading) }
                        }
                    }
                }
                tbody #rows role="rowgroup" data-max-rows=(MAX_ROWS) {
                    @for request in latest.iter().rev() { (row(&Row::of(request))) }
                }
            }
            p.muted #capped hidden[total <= MAX_ROWS] {
                "The latest " (MAX_ROWS) " are shown. " code { "GET /_emulator/requests" }
                " has all that are remembered."
            }
        }
    }
}

fn filter(value: &str, name: &str, count: usize) -> Markup {
    html! {
        label.chip data-outcome=(value) {
            input type="radio" name="outcome" value=(value) checked[value.is_empty()];
            (name) " " span.number { (count) }
        }
    }
}

/// The command to begin with. It fetches its token, so that none is on the page.
fn first_steps(state: &State, host: &str) -> Markup {
    let origin = format!("{}://{host}", state.scheme);
    // The page can't know where the certificate's file is.
    let options = if state.scheme == "https" { "--insecure " } else { "" };
    let mut targets = state.api.targets.iter();
    let target = targets.find(|target| target.parameters().next().is_none());
    let path = target.or(state.api.targets.first()).map(Target::path_template).unwrap_or_default();
    let command = format!(
        "curl {options}-X PUT -H \"Authorization: Bearer $(curl {options}-s -X POST \
         -H 'Accept: text/plain' {origin}/_emulator/token)\" -H 'Content-Type: {}' \
         --data-binary @photo.jpg '{}{path}'",
        state.api.media_type,
        base_url(state, host),
    );
    html! {
        p { "No request has arrived yet. Upload a photo:" }
        pre { code #first-command { (command) } }
        button type="button" data-copies="first-command" { "Copy" }
    }
}

/// A request as a row shows it.
#[derive(Default)]
struct Row {
    number: String,
    time: String,
    outcome: String,
    method: String,
    target: String,
    status: String,
    code: String,
    why: String,
}

impl Row {
    fn of(request: &RecordedRequest) -> Self {
        Self {
            number: request.number.to_string(),
            time: views::time(request.time),
            outcome: request.outcome.to_string(),
            method: visible(&request.method),
            target: visible(&request.redacted_target()),
            status: request.status.map_or_else(|| "none".to_owned(), |status| status.to_string()),
            code: request.code.as_deref().map(visible).unwrap_or_default(),
            why: visible(&request.why) + if request.is_early() { "; too early" } else { "" },
        }
    }
}

/// `HH:MM:SS` of a time as RFC 3339 has it.
fn clock_time(time: &str) -> &str {
    time.get(11..19).unwrap_or_default()
}

fn row(row: &Row) -> Markup {
    html! {
        tr role="row" data-number=(row.number) data-outcome=(row.outcome) {
            td.when role="cell" {
                time datetime=(row.time) title=(row.time) { (clock_time(&row.time)) }
            }
            td role="cell" { span.badge data-field="outcome" { (row.outcome) } }
            td.request role="cell" {
                button.open type="button" tabindex="-1" {
                    b data-field="method" { (row.method) } " "
                    code data-field="target" { (row.target) }
                }
            }
            td.status role="cell" {
                span data-field="status" { (row.status) } " "
                span.muted data-field="code" { (row.code) }
            }
            td.why role="cell" { span data-field="why" { (row.why) } }
        }
    }
}

fn controls(state: &State) -> Markup {
    html! {
        aside #controls aria-label="Controls" {
            section.panel aria-labelledby="clock-heading" {
                h2 #clock-heading { "Clock" }
                @let now = views::time(state.now());
                p { time #clock datetime=(now) title=(now) { (clock_time(&now)) } }
                p.muted #ahead { "Moves on with the system's clock." }
                div.buttons {
                    @for (name, step) in STEPS {
                        button type="button" data-step=(step) { (name) }
                    }
                }
            }
            section.panel aria-labelledby="throttling-heading" {
                h2 #throttling-heading { "Throttling" }
                (switch("Limits that Graph documents", "throttle", ""))
            }
            (faults())
            section.panel aria-labelledby="reset-heading" {
                h2 #reset-heading { "Reset" }
                p.muted { "Forgets photos, requests, faults and limits." }
                button.danger #reset type="button" { "Reset …" }
            }
        }
    }
}

fn faults() -> Markup {
    html! {
        section.panel aria-labelledby="faults-heading" {
            h2 #faults-heading { "Faults" }
            label.field {
                "Applies to"
                select #frequency {
                    @for (name, items) in FREQUENCIES { option value=(items) { (name) } }
                }
            }
            @for (name, rule) in SWITCHES { (switch(name, "fault", rule)) }
            form #rule-form {
                label.field {
                    "Another rule"
                    input #rule autocomplete="off" spellcheck="false"
                        placeholder="every=5;status=404" aria-describedby="failure";
                }
                button type="submit" { "Add" }
            }
            p.failure #failure role="alert" {}
            ul #rules aria-label="Active rules" {}
            p.muted #script {}
        }
    }
}

/// A switch that the script turns; `role="switch"` is what it is to assistive technology.
fn switch(name: &str, class: &str, rule: &str) -> Markup {
    html! {
        label.switch {
            span { (name) }
            input.(class) type="checkbox" role="switch" data-rule=(rule) autocomplete="off";
        }
    }
}

fn dialogs() -> Markup {
    html! {
        dialog.drawer #details aria-labelledby="details-heading" {
            div.heading {
                h2 #details-heading {}
                button.quiet type="button" data-closes { "Close" }
            }
            div #details-body {}
        }
        dialog #confirmation aria-labelledby="confirmation-heading" {
            h2 #confirmation-heading { "Forget everything?" }
            p { "Photos, requests, faults and counted limits are gone, and the clock is the \
                 system's again. Tokens stay valid." }
            div.buttons {
                button type="button" data-closes autofocus { "Keep" }
                button.danger #confirm type="button" { "Forget everything" }
            }
        }
    }
}

/// The markup that the script fills.
fn templates() -> Markup {
    html! {
        template #card { (card(&Resource::default())) }
        template #row { (row(&Row::default())) }
        template #active-rule {
            li {
                code data-field="rule" {}
                span.muted data-field="struck" {}
                button.quiet type="button" { "Remove" }
            }
        }
    }
}
