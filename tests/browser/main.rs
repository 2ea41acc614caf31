//! Tests of the emulator's page in headless Chromium: `cargo test --package
//! graph-photo-tests --features browser --test browser`.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod avatar;
mod chromium;
mod client;
mod screenshots;

use std::{sync::Arc, time::Duration};

use graph_photo_emulator::{AccessToken, Emulator, Fault, Rule};
use serde_json::json;
use thirtyfour::Key;

use crate::{
    avatar::avatar,
    chromium::{Page, on_page},
    client::{send, send_many, upload},
};

const USER: &str = "megan@contoso.com";

/// An emulator that both the test and the page's task use, and a token for it.
fn start() -> (Arc<Emulator>, AccessToken) {
    let emulator = Arc::new(Emulator::start().unwrap());
    let token = emulator.administrator_token(USER);
    (emulator, token)
}

/// Tells of whatever the page's policy forbids, from now on.
async fn watch(page: &Page) {
    page.value(
        "window.violations = [], window.marker = 1, addEventListener('securitypolicyviolation', \
         (event) => violations.push(event.violatedDirective)), 0",
    )
    .await;
}

#[test]
fn an_upload_shows_up_without_a_reload() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        watch(&page).await;
        let first = page.text("#first-command").await;
        assert!(first.starts_with("curl -X PUT ") && !first.contains("eyJ"), "{first}");
        assert!(first.contains(&format!("{}/me/photo/$value", emulator.base_url())), "{first}");
        assert_eq!(page.text("#no-people").await, "No photo has been stored yet.");
        page.click("[data-copies=first-command]").await;
        page.until(
            "document.querySelector('[data-copies=first-command]').textContent === 'Copied'",
        )
        .await;
        assert_eq!(page.value("getSelection().toString()").await, first);
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 200);
        page.until("document.querySelectorAll('#rows tr').length === 1").await;
        page.until("document.querySelector('#grid img')?.naturalWidth === 240").await;
        let card = page.text("#grid .card").await;
        assert!(card.contains(USER), "{card}");
        assert!(page.value("document.querySelector('#no-requests').hidden").await == true);
        // The next one replaces it, on the same page.
        let before = page.value("document.querySelector('#grid img').src").await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(2)), 200);
        page.until("document.querySelector('#grid .count').textContent === '2 photos'").await;
        assert_ne!(page.value("document.querySelector('#grid img').src").await, before);
        assert_eq!(page.value("[window.marker, violations]").await, json!([1, []]));
    });
}

#[test]
fn the_command_to_begin_with_works_when_pasted() {
    let (emulator, _) = start();
    on_page(&emulator.url(), async move |page| {
        let command = page.text("#first-command").await;
        let folder = std::env::temp_dir().join(format!("first-command-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("photo.jpg"), avatar(3)).unwrap();
        let mut shell = std::process::Command::new("sh");
        let output = shell.args(["-c", &command]).current_dir(&folder).output().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(emulator.photo("/me").as_deref(), Some(avatar(3).as_slice()));
        page.until("document.querySelector('#grid img')?.naturalWidth === 240").await;
    });
}

#[test]
fn requests_are_filtered_by_outcome() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        let shown = "[...document.querySelectorAll('#rows tr')].map((row) => row.dataset.outcome)";
        for photo in [avatar(1), b"no photo".to_vec(), avatar(2)] {
            upload(&emulator, &token, "/me", &photo);
        }
        page.until("document.querySelectorAll('#rows tr').length === 3").await;
        let number = "document.querySelector('.chip[data-outcome=stored] .number').textContent";
        page.until(&format!("{number} === '2'")).await;
        page.click(".chip[data-outcome=refused]").await;
        page.until("document.querySelectorAll('#rows tr').length === 1").await;
        assert_eq!(page.value(shown).await, json!(["refused"]));
        // What arrives is filtered, too.
        upload(&emulator, &token, "/me", &avatar(3));
        upload(&emulator, &token, "/me", b"no photo again");
        page.until("document.querySelectorAll('#rows tr').length === 2").await;
        assert_eq!(page.value(shown).await, json!(["refused", "refused"]));
        // By the keyboard: the next outcome, of which there is none.
        page.press(Key::Right).await;
        page.until("!document.querySelector('#no-match').hidden").await;
        page.click(".chip[data-outcome='']").await;
        page.until("document.querySelectorAll('#rows tr').length === 5").await;
    });
}

#[test]
fn a_request_is_opened_and_its_token_hidden() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        upload(&emulator, &token, "/me", &avatar(4));
        upload(&emulator, &token, "/me", b"<b>no photo</b>");
        page.until("document.querySelectorAll('#rows tr').length === 2").await;
        page.click("#rows tr:last-child").await;
        page.until("document.querySelector('#details img')?.naturalWidth === 240").await;
        let details = page.text("#details").await;
        for part in ["/me/photo/$value", "[redacted]", "image/jpeg", "allowed it", USER, "stored"] {
            assert!(details.contains(part), "{part}: {details}");
        }
        page.press(Key::Escape).await;
        page.until("!document.querySelector('#details').open").await;
        page.click("#rows tr:first-child").await;
        page.until("document.querySelector('#details section:last-child p code')").await;
        let details = page.text("#details").await;
        assert!(details.contains("<b>no photo</b>"), "{details}");
        let html = page.value("document.documentElement.outerHTML").await;
        let html = html.as_str().unwrap();
        for part in token.encode().split('.').filter(|part| part.len() > 20) {
            assert!(!html.contains(part), "the page has a part of the token");
        }
    });
}

#[test]
fn the_history_of_a_photo_is_shown() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        for number in 1..=3 {
            upload(&emulator, &token, "/me", &avatar(number));
        }
        page.until("document.querySelector('#grid .count')?.textContent === '3 photos'").await;
        page.click("#grid .card").await;
        page.until("document.querySelectorAll('#details .versions li').length === 3").await;
        let loaded = "[...document.querySelectorAll('#details img')].every((one) => one.complete \
                      && one.naturalWidth === 240)";
        page.until(loaded).await;
        page.click("#details li:last-child button").await;
        page.until("document.querySelector('#details .badge')?.textContent === 'stored'").await;
        assert!(page.text("#details").await.contains("1, on connection"));
    });
}

#[test]
fn the_keyboard_is_enough() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        for _ in 0..3 {
            upload(&emulator, &token, "/me", &avatar(1));
        }
        page.until("document.querySelectorAll('#rows tr').length === 3").await;
        page.press(Key::Tab).await;
        assert_eq!(page.value("document.activeElement.className").await, "skip");
        page.press(Key::Enter).await;
        let mut presses = 0;
        let is_there = "document.activeElement.classList.contains('open')";
        while page.value(is_there).await == false {
            presses += 1;
            assert!(presses < 10, "the table can't be reached");
            page.press(Key::Tab).await;
        }
        let row = "Number(document.activeElement.closest('tr').dataset.number)";
        assert_eq!(page.value(row).await, 3);
        let outline = "getComputedStyle(document.activeElement).outlineStyle";
        assert_eq!(page.value(outline).await, "solid");
        for (key, expected) in [
            (Key::Down, 2),
            (Key::Down, 1),
            (Key::Down, 1),
            (Key::Up, 2),
            (Key::Home, 3),
            (Key::End, 1),
        ] {
            page.press(key).await;
            assert_eq!(page.value(row).await, expected);
        }
        page.press(Key::Enter).await;
        page.until("document.querySelector('#details').open").await;
        page.press(Key::Escape).await;
        page.until("!document.querySelector('#details').open").await;
        assert_eq!(page.value(row).await, 1);
        // A request that arrives takes the focus from nobody.
        upload(&emulator, &token, "/me", &avatar(1));
        page.until("document.querySelectorAll('#rows tr').length === 4").await;
        assert_eq!(page.value(row).await, 1);
    });
}

#[test]
fn what_a_client_sends_stays_text() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        watch(&page).await;
        let hostile = "<script>window.marker=2</script><img/src=x/onerror=window.marker=2>";
        let headers = [("X-Name", hostile), ("X-Order", "\u{202e}reversed")];
        send(&emulator, "GET", &format!("/{hostile}"), &headers, b"");
        let encoded = "%3Cscript%3Ewindow.marker=2%3C%2Fscript%3E";
        assert_eq!(upload(&emulator, &token, &format!("/me/contacts/{encoded}"), &avatar(1)), 200);
        page.until("document.querySelectorAll('#rows tr').length === 2").await;
        page.until("document.querySelector('#grid .card')").await;
        let card = page.text("#grid .card").await;
        assert!(card.contains("<script>window.marker=2</script>"), "{card}");
        let target = page.text("#rows tr:last-child .open").await;
        assert!(target.contains(hostile), "{target}");
        page.click("#rows tr:last-child").await;
        page.until("document.querySelector('#details').open").await;
        let details = page.text("#details").await;
        assert!(details.matches(hostile).count() >= 2, "{details}");
        assert!(details.contains("\\u{202e}reversed"), "{details}");
        let found = "document.querySelectorAll('#rows script, #rows img, #grid script, #details \
                     script, #details img, [onerror]').length";
        assert_eq!(
            page.value(&format!("[{found}, window.marker, violations]")).await,
            json!([0, 1, []])
        );
        // Nor could a mistake in the script make markup of it.
        let attempt = "(() => { try { document.body.innerHTML = '<i></i>'; return 'made'; } \
                       catch (error) { return error.name; } })()";
        assert_eq!(page.value(attempt).await, "TypeError");
    });
}

#[test]
fn a_fault_is_switched_on_and_off() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        let switch = "input[data-rule^='status=429']";
        page.click(switch).await;
        page.until("document.querySelectorAll('#rules li').length === 1").await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 429);
        page.until("document.querySelector('#rows tr')?.dataset.outcome === 'fault'").await;
        page.until("document.querySelector('#rules li').innerText.includes('struck 1')").await;
        page.click(switch).await;
        page.until("document.querySelectorAll('#rules li').length === 0").await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 200);
        // For the next request only; then the switch is off again.
        page.click("#frequency").await;
        page.press(Key::Down + Key::Enter).await;
        page.click(switch).await;
        page.until("document.querySelector('#rules code')?.textContent.startsWith('times=1;')")
            .await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 429);
        page.until(&format!("!document.querySelector(\"{switch}\").checked")).await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 200);
        // A rule typed by hand, with a mistake at first.
        page.click("#rule").await;
        page.press("staus=500" + Key::Enter).await;
        page.until("document.querySelector('#failure').textContent.includes('`staus`')").await;
        page.press("\u{e003}".repeat(9) + "target=/me;status=500").await;
        page.press(Key::Enter).await;
        page.until("document.querySelectorAll('#rules li').length === 2").await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 500);
        page.click("#rules li:last-child button").await;
        page.until("document.querySelectorAll('#rules li').length === 1").await;
        assert_eq!(upload(&emulator, &token, "/me", &avatar(1)), 200);
    });
}

#[test]
fn clock_limits_and_reset_work() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        let put = || upload(&emulator, &token, "/me", &avatar(1));
        assert_eq!(put(), 200);
        page.click("[data-step='1h']").await;
        page.until("document.querySelector('#ahead').textContent.startsWith('1 h ahead')").await;
        assert_eq!(put(), 401);
        page.click(".throttle").await;
        page.until(
            "fetch('/_emulator/throttle').then((one) => one.text()).then((text) => \
                    text.includes('graph'))",
        )
        .await;
        let fresh = emulator.administrator_token(USER);
        let authorization = format!("Bearer {}", fresh.encode());
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "image/jpeg")];
        let (_, head) = send(&emulator, "PUT", "/v1.0/me/photo/$value", &headers, &avatar(1));
        assert!(head.contains("x-ms-resource-unit"), "{head}");
        // The first thought is to keep it all.
        page.click("#reset").await;
        page.press(Key::Enter).await;
        page.until("!document.querySelector('#confirmation').open").await;
        assert_eq!(emulator.requests().len(), 3);
        page.click("#reset").await;
        page.click("#confirm").await;
        page.until("!document.querySelector('#no-requests').hidden").await;
        page.until("document.querySelectorAll('#grid li').length === 0").await;
        page.until("!document.querySelector('.throttle').checked").await;
        assert_eq!(emulator.requests().len(), 0);
        assert_eq!(put(), 200);
    });
}

#[test]
fn a_test_that_steers_the_emulator_is_followed() {
    let (emulator, _) = start();
    on_page(&emulator.url(), async move |page| {
        emulator.fail_with(Rule::new(Fault::html(503)).target("/me"));
        page.until("document.querySelector('#rules code')?.textContent === 'target=/me;html=503'")
            .await;
        emulator.advance(Duration::from_secs(90));
        page.until("document.querySelector('#ahead').textContent.startsWith('1 min 30 s')").await;
        emulator.reset();
        page.until("document.querySelectorAll('#rules li').length === 0").await;
    });
}

/// The page begins with the latest requests, and gets no longer.
#[test]
fn ten_thousand_requests_are_bearable() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        let sender = Arc::clone(&emulator);
        tokio::task::spawn_blocking(move || send_many(&sender, 10_000)).await.unwrap();
        upload(&emulator, &token, "/me", &avatar(1));
        page.until("document.querySelector('#rows tr')?.dataset.outcome === 'stored'").await;
        page.until("document.querySelector('.chip .number').textContent === '10000'").await;
        assert_eq!(page.value("document.querySelectorAll('#rows tr').length").await, 200);
        assert_eq!(page.value("document.querySelector('#capped').hidden").await, false);
        page.click(".chip[data-outcome=stored]").await;
        page.until("document.querySelector('#capped').hidden").await;
        page.until("document.querySelectorAll('#rows tr').length === 1").await;
        page.click("#rows tr").await;
        page.until("document.querySelector('#details').open").await;
    });
}

#[test]
fn people_are_searched_for() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        for name in ["adele@contoso.com", "alex@contoso.com", "diego@contoso.com"] {
            upload(&emulator, &token, &format!("/users/{name}"), &avatar(name.len()));
        }
        page.until("document.querySelectorAll('#grid li').length === 3").await;
        page.click("#search").await;
        page.press("DIEGO").await;
        page.until("document.querySelectorAll('#grid li').length === 1").await;
        assert!(page.text("#grid").await.contains("diego@contoso.com"));
        page.press("x").await;
        page.until("!document.querySelector('#no-people').hidden").await;
    });
}

/// The luminance of a colour, and the contrast of text with its background, as WCAG 2.2
/// defines them; 4.5 is the least for text.
const CONTRASTS: &str = "(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    const luminance = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((channel) => {
            const part = channel / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = (selector) => getComputedStyle(document.querySelector(selector));
    const panel = luminance(style('.panel').backgroundColor);
    const contrast = (one) => (Math.max(one, panel) + 0.05) / (Math.min(one, panel) + 0.05);
    const texts = ['body', '.panel .muted', '.why', '.danger', '.quiet', '#connection',
        ...[...document.querySelectorAll('#rows tr')].map(
            (row) => `tr[data-number='${row.dataset.number}'] .badge`)];
    return [panel, texts.map((text) => [text, contrast(luminance(style(text).color))])];
})()";

#[test]
fn dark_and_light_can_be_read() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        emulator.fail_next(1, Fault::status(503));
        for photo in [avatar(1), avatar(1), b"no photo".to_vec()] {
            upload(&emulator, &token, "/me", &photo);
        }
        page.until("document.querySelectorAll('#rows tr').length === 3").await;
        for (scheme, panel) in [("light", 0.8..=1.0), ("dark", 0.0..=0.05)] {
            page.prefer(scheme).await;
            let value = page.value(CONTRASTS).await;
            let luminance = value[0].as_f64().unwrap();
            assert!(panel.contains(&luminance), "{scheme}: {luminance}");
            let contrasts = value[1].as_array().unwrap();
            assert_eq!(contrasts.len(), 9);
            for text in contrasts {
                assert!(text[1].as_f64().unwrap() >= 4.5, "{scheme}: {text}");
            }
        }
    });
}

#[test]
fn nothing_is_cut_off_on_a_telephone_or_a_large_screen() {
    let (emulator, token) = start();
    on_page(&emulator.url(), async move |page| {
        let long = "x".repeat(200);
        for resource in ["/me", &format!("/users/{long}"), &format!("/me/contacts/{long}")] {
            upload(&emulator, &token, resource, &avatar(1));
        }
        page.until("document.querySelectorAll('#rows tr').length === 3").await;
        let excess = "document.documentElement.scrollWidth - innerWidth";
        for width in [360, 700, 1000, 1600] {
            page.resize(width, 800).await;
            page.until(&format!("innerWidth === {width}")).await;
            assert!(page.value(excess).await.as_i64().unwrap() <= 0, "at {width} pixels");
            page.click("#rows tr").await;
            page.until("document.querySelector('#details').open").await;
            let excess = "document.querySelector('#details').scrollWidth - innerWidth";
            assert!(page.value(excess).await.as_i64().unwrap() <= 0, "details at {width} pixels");
            page.press(Key::Escape).await;
            page.until("!document.querySelector('#details').open").await;
        }
    });
}
