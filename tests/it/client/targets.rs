//! Targets as text: resource paths and Graph URLs.

use std::fmt::Write as _;

use graph_photo_client::{Cloud, Error, PhotoTarget, UploadMethod};

use super::support::{assert_snapshot, chain, resource};

fn parse(text: &str) -> PhotoTarget {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_form_goes_both_ways_and_has_both_methods() {
    for template in PhotoTarget::TEMPLATES {
        let path = resource(template, |n| format!("id {n}=#?é%2F%25"));
        let target = parse(&path);
        assert_eq!(target.to_string(), path);
        for method in [UploadMethod::Put, UploadMethod::Patch] {
            let operation = target.operation(method).unwrap();
            assert_eq!(operation.path_template(), format!("{template}/photo/$value"));
            assert_eq!(operation.method(), method);
        }
    }
}

#[test]
fn percent_signs_are_decoded_and_all_else_stands_for_itself() {
    for (text, user) in [
        ("/users/a%23b", "a#b"),
        ("/users/a#b?c&d", "a#b?c&d"),
        ("/users/a%2Fb", "a/b"),
        ("/users/%C3%A9", "é"),
        ("/users/a%b", "a%b"),
        ("/users/a+b", "a+b"),
        ("/users/photo", "photo"),
        ("/users/$value/photo/$value", "$value"),
    ] {
        assert_eq!(parse(text), PhotoTarget::user(user).unwrap(), "{text}");
    }
}

#[test]
fn graph_urls_are_pasted_whole() {
    for cloud in Cloud::ALL {
        for template in PhotoTarget::TEMPLATES {
            let path = resource(template, |n| format!("id-{n}"));
            for suffix in ["", "/photo/$value", "/photo/%24value", "/Photo/$VALUE"] {
                let url = format!("{}{path}{suffix}", cloud.base_url());
                assert_eq!(parse(&url), parse(&path), "{url}");
                assert_eq!(parse(&format!("{path}{suffix}")), parse(&path), "{path}{suffix}");
            }
        }
        let host = cloud.origin().to_uppercase();
        assert_eq!(parse(&format!("{host}/V1.0/Me")), PhotoTarget::me());
    }
}

#[test]
fn fixed_segments_have_no_case_and_identifiers_do() {
    assert_eq!(parse("/ME/ContactFolders/F/CONTACTS/C"), parse("/me/contactfolders/F/contacts/C"));
    assert_ne!(parse("/users/A"), parse("/users/a"));
}

#[test]
fn refusals_say_why() {
    let mut all = String::new();
    for text in [
        "",
        "me",
        "users/a",
        "/",
        "//",
        "/me/",
        "/no-such",
        "/me/photo",
        "/users/a/contacts/c/PHOTO/",
        "/users//photo/",
        "/users",
        "/users/",
        "/users/..",
        "/users/%2e%2e",
        "/users/%2e%2e/photo/$value",
        "/users/a/no-such",
        "/users/a\\..\\me",
        "/users/%FF",
        "/users/a%0D%0Ab",
        "/users/\u{202e}moc",
        "/me/contacts//photo/$value",
        "/groups/g/no-such/c",
        "https://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com/v1.0x/me",
        "https://graph.microsoft.com/beta/me",
        "https://graph.microsoft.com.evil.example/v1.0/me",
        "http://graph.microsoft.com/v1.0/me",
        "https://example.com/v1.0/me",
        "https://megan:secret@graph.microsoft.com/v1.0/users/a@b",
        "https://graph.microsoft.com/v1.0/users/a@b?$select=id",
        "https://graph.microsoft.com/v1.0/me/photo/$value?x=1",
        "https://graph.microsoft.com/v1.0/me/",
        "https://graph.microsoft.com:443/v1.0/groups/g/photo/",
        "https://graph.microsoft.com:8443/v1.0/me",
        "https://graph.microsoft.com//v1.0/me",
        "/me ",
        "/me\n",
        "/users/a\u{3000}",
        "/users/a%20",
        "/users/a\u{200b}",
        "it's \"quoted\"\u{1b}[2J",
    ] {
        let error = text.parse::<PhotoTarget>().unwrap_err();
        writeln!(all, "{error}").unwrap();
        let error = Error::from(error);
        assert!(error.is_invalid_target() && error.is_local(), "{error}");
    }
    // Which forms there are is a matter of the spec.
    let all = all.replace(&PhotoTarget::TEMPLATES.join(", "), "/me, ...");
    assert_snapshot!(all);
}

#[test]
fn a_refusal_shows_no_more_than_the_beginning_of_a_long_text() {
    let text = "x".repeat(100_000);
    let error = text.parse::<PhotoTarget>().unwrap_err().to_string();
    assert!(error.len() < 600, "{} bytes", error.len());
    assert!(error.contains("xxx…`"), "{error}");
}

#[test]
fn an_identifier_s_refusal_as_an_error_says_what_failed() {
    let error = Error::from(PhotoTarget::user("").unwrap_err());
    assert!(error.is_invalid_target() && error.is_local());
    assert_eq!(chain(&error), "failed to make the target: invalid `userId`: it is empty");
    assert_eq!((error.target(), error.operation(), error.attempts()), (None, None, 0));
}
