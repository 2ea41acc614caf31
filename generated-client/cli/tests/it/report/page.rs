//! `--html`.

use std::{fs, path::Path};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    every_state,
    journal::{Journal, Photo},
    report,
};

/// The page that a report writes.
fn page(journal: &Journal) -> String {
    let file = Path::new(journal.path()).with_extension("html");
    let run = report(&[journal], &["--html", file.to_str().unwrap()]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    fs::read_to_string(file).unwrap()
}

/// What is between a tag that begins like this and the end of its element.
fn inside<'p>(page: &'p str, tag: &str, end: &str) -> &'p str {
    let (_, rest) = page.split_once(tag).unwrap();
    rest.split_once('>').unwrap().1.split_once(end).unwrap().0
}

fn data(page: &str) -> Value {
    serde_json::from_str(inside(page, "<script id=\"data\"", "</script>")).unwrap()
}

#[test]
fn needs_no_network() {
    let page = page(&every_state("offline"));
    for word in ["http:", "https:", "src=", "url(", "@import", "fetch(", "import(", "eval("] {
        let hits = page.matches(word).count();
        // The base URL is told, and is no link.
        let told = page.matches("http://127.0.0.1:8080/v1.0").count();
        let allowed = if word == "http:" { told } else { 0 };
        assert_eq!(hits, allowed, "{word}");
    }
}

#[test]
fn runs_nothing_but_its_own_script() {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    let page = page(&every_state("policy"));
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap();
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(policy.contains(&format!("script-src {};", hash(script))), "{policy}");
    assert!(policy.contains(&format!("style-src {};", hash(style))), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.matches("<script").count(), 2);
    assert!(!page.contains(" style=") && !page.contains(" onclick="), "an attribute runs");
}

#[test]
fn hostile_texts_stay_texts() {
    let texts = [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "\"><img src=x onerror=alert(1)>",
        "'\"`&amp;&lt;",
        "\u{202E}gpj.exe\u{2066}\u{200F}",
        "\u{2028}\u{2029}\u{0}\\u003c\\",
        "{{constructor}} ${x}",
    ];
    let photos: Vec<Photo> = texts
        .iter()
        .map(|text| Photo {
            state: "failed",
            reason: Some(text),
            file: text,
            ..Photo::stored(text)
        })
        .collect();
    let page = page(&Journal::create("hostile", &photos));
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("<img").count(), 0);
    let data = data(&page);
    let mut found: Vec<&str> =
        data["rows"].as_array().unwrap().iter().map(|row| row[0].as_str().unwrap()).collect();
    let mut expected = texts.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn tells_counts_and_what_stored_means() {
    let page = page(&every_state("text"));
    for text in [
        "<title>Profile photos: 2 of 7 stored</title>",
        "<b>2</b> failed",
        "<b>1</b> refused",
        "<b>7</b> all",
        "Teams and Outlook",
        "for days",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn few_rows_have_their_thumbnails_inside() {
    let bytes = include_bytes!("../../../../../tests/fixtures/baseline.jpg");
    let sha256: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
    let photo =
        |target, file, source_sha256| Photo { file, source_sha256, ..Photo::stored(target) };
    let photos = [
        photo("/users/1", "baseline.jpg", None),
        photo("/users/2", "baseline.jpg", Some(sha256.as_str())),
        photo("/users/3", "baseline.jpg", Some("00")), // another photo by now
        photo("/users/4", "missing.jpg", None),
        photo("/users/5", "look-alike.heic", None),
        photo("/users/6", "look-alike.png", None),
    ];
    let data = data(&page(&Journal::create("thumbnails", &photos)));
    let has = |row: usize| {
        let url = data["rows"][row][12].as_str()?;
        assert!(url.len() < 8000, "{} bytes", url.len());
        Some(url.starts_with("data:image/jpeg;base64,/9j/"))
    };
    assert_eq!([0, 1, 5].map(has), [Some(true); 3]);
    assert_eq!([2, 3, 4].map(has), [None; 3]);
}

#[test]
fn many_rows_refer_to_the_files() {
    let targets: Vec<String> = (0..201).map(|number| format!("/users/{number:03}")).collect();
    let photos: Vec<Photo> = targets.iter().map(|target| Photo::stored(target)).collect();
    let page = page(&Journal::create("many", &photos));
    let data = data(&page);
    let rows = data["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row[12].is_null() && row[2] == "baseline.jpg"));
    assert_eq!(rows.len(), 201);
    assert!(data["folders"][0].as_str().unwrap().ends_with("fixtures"));
}
