//! Targets as people write them: accepted, or refused with the right reason.

use graph_photo_client::PhotoTarget;

use super::{OK, Run, Server, file, program, run, run_with};

const GUID: &str = "48d31887-5fad-4d73-a9f5-3c356e68a038";
const GRAPH: &str = "https://graph.microsoft.com";

/// What `set` prints about a target that it refuses; `permissions` refuses it as well if it
/// cannot be read at all.
fn refused(target: &str) -> String {
    let run = run(&["set", target, "baseline.jpg", "--json"]);
    let error = &run.json()["error"];
    assert_eq!((run.code, &error["nothingSent"]), (Some(2), &true.into()), "{target}");
    assert_eq!(error["kind"], "invalidTarget", "{target}: {error}");
    error["message"].as_str().unwrap().to_owned()
}

fn assert_refused(cases: &[(String, &str)]) {
    for (target, reason) in cases {
        let said = refused(target);
        assert!(said.contains(reason), "{target}\n  expected: {reason}\n  said: {said}");
    }
}

/// Every resource of the spec, with an identifier for each parameter.
fn resources() -> impl Iterator<Item = String> {
    let segment = |segment: &str| {
        if segment.starts_with('{') { "a-1".to_owned() } else { segment.to_owned() }
    };
    PhotoTarget::TEMPLATES
        .iter()
        .map(move |template| template.split('/').map(segment).collect::<Vec<_>>().join("/"))
}

#[test]
fn what_a_shell_leaves_of_a_photo_is_refused_with_the_remedy() {
    for resource in resources() {
        for place in ["", "https://graph.microsoft.us/v1.0", "https://graph.microsoft.com:443/v1.0"]
        {
            for left in ["/photo", "/photo/", "/Photo/"] {
                let said = refused(&format!("{place}{resource}{left}"));
                assert!(said.contains("the shell took `$value`"), "{said}");
                let quoted = format!("'{place}{resource}/photo/$value'");
                assert!(said.contains(&quoted), "{quoted}: {said}");
                assert!(said.ends_with(&format!("write plain `{place}{resource}`")), "{said}");
            }
        }
    }
    assert_refused(&[("/users//photo/".to_owned(), "invalid `userId`: it is empty")]);
}

#[test]
fn the_default_port_is_taken() {
    let server = Server::answering([OK, OK]);
    for url in [
        format!("{GRAPH}:443/v1.0/me"),
        "https://GRAPH.microsoft.com:443/V1.0/me/photo/$value".to_owned(),
    ] {
        assert_eq!(run_with(&server, &["set", &url, "baseline.jpg"]).code, Some(0), "{url}");
        assert_eq!(server.request().request_line(), "PUT /v1.0/me/photo/$value HTTP/1.1");
    }
}

#[test]
fn each_slip_in_a_target_has_its_own_reason() {
    let elsewhere = "is not the URL of a Microsoft Graph v1.0 resource";
    assert_refused(&[
        (format!("{GRAPH}//v1.0/me"), "`//` where one `/` belongs"),
        (format!("{GRAPH}/v1.0//me"), "`//` where one `/` belongs"),
        ("//me".to_owned(), "`//` where one `/` belongs"),
        ("http://graph.microsoft.com/v1.0/me".to_owned(), "must begin with `https`"),
        ("HTTP://Graph.Microsoft.us:80/v1.0/me".to_owned(), "must begin with `https`"),
        ("http://graph.example/v1.0/me".to_owned(), elsewhere),
        (format!("{GRAPH}:8443/v1.0/me"), elsewhere),
        (format!("{GRAPH}:443/beta/me"), elsewhere),
        ("/me ".to_owned(), "blank, U+0020"),
        (" /me".to_owned(), "blank, U+0020"),
        ("/me\u{A0}".to_owned(), "blank, U+00A0"),
        ("/users/a\u{3000}".to_owned(), "blank, U+3000"),
        (format!("{GRAPH}/v1.0/me\n"), "line break"),
        ("/users/a%20".to_owned(), "begins or ends with a space"),
        ("/users/a%20/photo/$value".to_owned(), "begins or ends with a space"),
        ("/users/a%C2%A0b".to_owned(), "the blank U+00A0"),
        ("/users/a\u{200B}b".to_owned(), "the invisible character U+200B"),
        ("/me/".to_owned(), "ends with a `/` too many"),
    ]);
}

#[test]
fn an_address_or_an_object_id_is_a_user() {
    let server = Server::answering([OK, OK, OK]);
    let contact = format!("{GUID}/contacts/c");
    for text in ["megan@contoso.com", GUID, &contact] {
        assert_eq!(run_with(&server, &["set", text, "baseline.jpg"]).code, Some(0), "{text}");
        let line = server.request().request_line();
        assert_eq!(line, format!("PUT /v1.0/users/{text}/photo/$value HTTP/1.1"));
        assert!(text.parse::<PhotoTarget>().is_err(), "the program's, not the library's: {text}");
    }
    assert_refused(&[
        ("megan".to_owned(), "begins with `/`"),
        ("me".to_owned(), "begins with `/`"),
    ]);
}

#[test]
fn what_is_no_identifier_is_refused_with_the_reason() {
    let cases = [
        ("{id}", "placeholder"),
        ("{userPrincipalName}", "placeholder"),
        ("%7Bid%7D", "placeholder"),
        ("<id>", "placeholder"),
        (":id", "placeholder"),
        ("{id}@contoso.com", "placeholder"),
        ("$id", "variable that no shell"),
        ("${USER}", "variable that no shell"),
        ("a@contoso.com;b@contoso.com", "list"),
        ("a@contoso.com,%20b@contoso.com", "address with a name"),
        ("a@contoso.com,b@contoso.com", "list"),
        ("Megan Bowen <megan@contoso.com>", "address with a name"),
        ("Megan%20Bowen%20%3Cmegan@contoso.com%3E", "address with a name"),
        ("mailto:megan@contoso.com", "address with a scheme"),
    ];
    for (id, reason) in cases {
        let mut targets =
            vec![format!("/users/{id}"), format!("{GRAPH}/v1.0/users/{id}/photo/$value")];
        targets.push(format!("/users/{id}/contacts/c"));
        targets.extend(id.contains('@').then(|| id.to_owned()));
        for target in targets {
            assert_refused(&[(target, reason)]);
        }
    }
    let server = Server::answering([OK]);
    assert_eq!(
        run_with(&server, &["set", "/users/$svc@contoso.com", "baseline.jpg"]).code,
        Some(0)
    );
    assert_eq!(run(&["permissions", "/users/{userId}"]).code, Some(0));
}

#[test]
fn swapped_arguments_are_told_as_such() {
    for (first, second) in [
        ("baseline.jpg", "/me"),
        ("missing.jpg", "/users/a@contoso.com"),
        ("baseline.jpg", "megan@contoso.com"),
        ("baseline.jpg", "https://graph.microsoft.com/v1.0/me"),
    ] {
        let run = run(&["set", first, second]);
        let command = format!("write `graph-photo set {second} {first}`");
        assert_eq!(run.code, Some(2), "{first} {second}");
        assert!(run.stderr.contains(&command), "{}", run.stderr);
    }
    // A name with an `@` is not a user's if there is such a file.
    let name = file("photo@2x.jpg", include_bytes!("../../../../tests/fixtures/baseline.jpg"));
    let folder = name.parent().unwrap();
    let mut program = program(&["set", "photo@2x.jpg", "photo@2x.jpg"]);
    let said = Run::from(program.current_dir(folder).output().unwrap());
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("it is a file; the target comes first"), "{}", said.stderr);
    let other = run(&["set", "baseline.jpg", "exif.jpg"]).stderr;
    assert!(other.contains("begins with `/`") && !other.contains("swapped"), "{other}");
}
