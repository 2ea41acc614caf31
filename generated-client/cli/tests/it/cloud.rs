//! Which cloud the target, `--cloud` and `--base-url` together select.

use insta::assert_snapshot;

use super::{OK, Server, run, run_with};

const US_L4: &str = "https://graph.microsoft.us/v1.0/me";

#[test]
fn refuses_to_guess_between_two_clouds() {
    let set = |target, more: &[&str]| {
        let run = run(&[&["set", target, "baseline.jpg"], more].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{target} {more:?}");
        run.stderr
    };
    let global = ["--base-url", "https://graph.microsoft.com/v1.0"];
    let messages = [
        set(US_L4, &["--cloud", "china"]),
        set(US_L4, &global),
        set("/me", &[&["--cloud", "us-l5"], &global[..]].concat()),
        set("/me", &["--cloud", "china", "--base-url", "https://Graph.Microsoft.us:443/beta"]),
    ];
    assert_snapshot!(messages.concat());
}

#[test]
fn lets_a_base_url_of_no_cloud_stand_in_for_any() {
    let server = Server::answering([OK, OK]);
    for args in
        [&["set", US_L4, "baseline.jpg"][..], &["set", "/me", "baseline.jpg", "--cloud", "china"]]
    {
        assert_eq!(run_with(&server, args).code, Some(0), "{args:?}");
    }
}

/// A pasted URL may contain the password of a proxy.
#[test]
fn shows_no_password_of_a_url() {
    let password = "pass-word";
    let url = |host: &str| format!("https://me:{password}@{host}/v1.0");
    let (known, other) = (url("graph.microsoft.us"), url("graph.example"));
    let cases = [
        vec!["set", "/me", "baseline.jpg", "--base-url", &known],
        vec!["set", "/me", "baseline.jpg", "--base-url", &known, "--cloud", "china"],
        vec!["set", "/me", "baseline.jpg", "--base-url", &other, "--json"],
    ];
    for args in cases {
        let run = run(&args);
        assert_eq!(run.code, Some(2), "{args:?}");
        let text = [run.stdout, run.stderr].concat();
        assert!(!text.contains(password), "{text}");
    }
}
