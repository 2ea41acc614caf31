//! No identifier changes any path segment but its own, whatever its value:
//! shown on the raw request line.

use graph_photo_client::{
    GraphPhotoClient, IdentifierRule, InvalidIdentifier, PhotoTarget, RetryPolicy,
};
use graph_photo_emulator::ScriptedServer;
use percent_encoding::{percent_decode_str, percent_encode_byte};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::runtime::{self, Runtime};

use super::support::{builder, ok, photo, resource, server};

const MAX_LENGTH: usize = 1024;

/// What an identifier could do harm with.
const NASTY: &[&str] = &[
    "",
    ".",
    "..",
    "...",
    "\\",
    "/",
    "%",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "%00",
    "%25",
    "?",
    "#",
    ";",
    ":",
    "@",
    "&",
    "=",
    "+",
    "$",
    "$value",
    "'",
    "\"",
    "`",
    "|",
    "^",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\nX-Evil: 1",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{202e}",
    "\u{200f}",
    "\u{2066}",
    "\u{2028}",
    "\u{feff}",
    "\u{61c}",
    "me",
    "photo",
    "é",
    "e\u{301}",
    "日本",
    "😀",
    "http://",
    "//",
    "../",
    "..\\..\\..\\me",
    "a",
    "user@contoso.com",
];

fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(NASTY), 0..5)
            .prop_map(|pieces| pieces.concat()),
        2 => any::<String>(),
        1 => prop::collection::vec(any::<char>(), 0..12)
            .prop_map(|characters| characters.into_iter().collect()),
        1 => (prop::sample::select(NASTY), prop::sample::select(vec![1023, 1024, 1025, 10_000]))
            .prop_map(|(piece, length)| piece.chars().cycle().take(length).collect()),
    ]
}

/// The rules, written once more.
fn may_be_identifier(value: &str) -> bool {
    let forbidden = |character: char| {
        matches!(
            u32::from(character),
            0..0x20 | 0x5C | 0x7F..0xA0 | 0x61C | 0x200E | 0x200F | 0x2028..=0x202E
                | 0x2066..=0x2069 | 0xFEFF
        )
    };
    !matches!(value, "" | "." | "..")
        && value.chars().count() <= MAX_LENGTH
        && !value.chars().any(forbidden)
}

fn assert_is_broken(error: &InvalidIdentifier, parameter: &str, value: &str) {
    assert_eq!(format!("{{{}}}", error.parameter()), parameter);
    match error.rule() {
        IdentifierRule::Empty => assert_eq!(value, ""),
        IdentifierRule::DotSegment => assert!([".", ".."].contains(&value)),
        IdentifierRule::TooLong { length, max_length } => {
            assert_eq!(length, value.chars().count());
            assert_eq!(max_length, MAX_LENGTH);
        }
        IdentifierRule::Character(character) => {
            assert!(value.contains(character));
            assert!(!may_be_identifier(&character.to_string()));
        }
        rule => panic!("unknown rule {rule:?}"),
    }
}

/// A client, and the server that it sends everything to.
struct Setup {
    runtime: Runtime,
    server: ScriptedServer,
    client: GraphPhotoClient,
}

impl Setup {
    fn new(requests: usize) -> Self {
        let server = server(vec![ok(); requests]);
        let client = builder(&server.url()).retry_policy(RetryPolicy::never()).build().unwrap();
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, server, client }
    }

    /// The path that an upload to a target puts on the wire.
    fn path(&self, target: &PhotoTarget) -> String {
        let before = self.server.requests().len();
        self.runtime.block_on(self.client.replace(target, &photo())).unwrap();
        let requests = self.server.requests();
        assert_eq!(requests.len(), before + 1);
        let line = requests[before].request_line();
        line.strip_prefix("PUT /v1.0").unwrap().strip_suffix(" HTTP/1.1").unwrap().to_owned()
    }

    /// Sends a value as each identifier of each target, or sees it refused.
    fn assert_stays_in_its_segment(&self, value: &str) {
        for template in PhotoTarget::TEMPLATES {
            let parameters = template.matches('{').count();
            for position in 0..parameters {
                self.assert_stays_in(template, position, value);
            }
        }
    }

    fn assert_stays_in(&self, template: &str, position: usize, value: &str) {
        const OTHER: &str = "other";
        let encoded: String = value.bytes().map(percent_encode_byte).collect();
        let identifier = |n| if n == position { encoded.clone() } else { OTHER.to_owned() };
        let parsed = resource(template, identifier).parse::<PhotoTarget>();
        let parameter = template.split('/').filter(|segment| segment.starts_with('{'));
        let target = match parsed {
            Ok(target) => target,
            Err(error) => {
                assert!(!may_be_identifier(value), "{template}: {value:?} was refused: {error}");
                let parameter = parameter.clone().nth(position).unwrap();
                let error = error.invalid_identifier().expect("a rule was broken");
                return assert_is_broken(error, parameter, value);
            }
        };
        assert!(may_be_identifier(value), "{template}: {value:?} was accepted");
        assert_eq!(target.to_string().parse().as_ref(), Ok(&target), "{target}");

        let path = self.path(&target);
        assert!(!path.contains(['?', '#', '\\', ' ']), "{path}");
        assert!(path.is_ascii(), "{path}");
        let mut parameters = 0..;
        let template = format!("{template}/photo/$value");
        let (sent, expected): (Vec<_>, Vec<_>) =
            (path.split('/').collect(), template.split('/').collect());
        assert_eq!(sent.len(), expected.len(), "{path}");
        for (segment, expected) in sent.into_iter().zip(expected) {
            if !expected.starts_with('{') {
                assert_eq!(segment, expected, "{path}");
                continue;
            }
            let expected = if parameters.next() == Some(position) { value } else { OTHER };
            assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), expected, "{path}");
            assert!(!matches!(segment.to_lowercase().as_str(), "." | ".." | "%2e" | "%2e%2e"));
        }
    }
}

#[test]
fn any_value_stays_in_its_segment() {
    const CASES: u32 = 128;
    let setup = Setup::new(10_000);
    // Failures are printed; there is no file of them to keep.
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&values(), |value| {
            setup.assert_stays_in_its_segment(&value);
            Ok(())
        })
        .unwrap();
}

#[test]
fn nasty_values_stay_in_their_segment() {
    let setup = Setup::new(10_000);
    for piece in NASTY {
        setup.assert_stays_in_its_segment(piece);
        setup.assert_stays_in_its_segment(&format!("a{piece}b"));
    }
    setup.assert_stays_in_its_segment(&"é".repeat(MAX_LENGTH));
    setup.assert_stays_in_its_segment(&"a".repeat(10_000));
}

#[test]
fn the_constructors_refuse_as_parsing_does() {
    let error = PhotoTarget::user("..").unwrap_err();
    assert_eq!((error.parameter(), error.rule()), ("userId", IdentifierRule::DotSegment));
    let error = PhotoTarget::user_contact("a", "").unwrap_err();
    assert_eq!((error.parameter(), error.rule()), ("contactId", IdentifierRule::Empty));
    let error = PhotoTarget::my_contact_folder_contact("a\\..", "b").unwrap_err();
    assert_eq!(error.parameter(), "contactFolderId");
    assert_eq!(error.rule(), IdentifierRule::Character('\\'));
}

#[test]
fn real_identifiers_work() {
    let setup = Setup::new(100);
    for (user, segment) in [
        ("adele@contoso.com", "adele@contoso.com"),
        ("o'hara+news@contoso.com", "o'hara+news@contoso.com"),
        ("josé@contoso.com", "jos%C3%A9@contoso.com"),
        (
            "adele_contoso.com#EXT#@tenant.onmicrosoft.com",
            "adele_contoso.com%23EXT%23@tenant.onmicrosoft.com",
        ),
        ("48d31887-5fad-4d73-a9f5-3c356e68a038", "48d31887-5fad-4d73-a9f5-3c356e68a038"),
    ] {
        let target = PhotoTarget::user(user).unwrap();
        assert_eq!(setup.path(&target), format!("/users/{segment}/photo/$value"));
        assert_eq!(target.to_string(), format!("/users/{user}"));
    }
    for (contact, segment) in
        [("AAMkAGI2=", "AAMkAGI2="), ("A-_+/=z==", "A-_+%2F=z=="), ("a b;c,d", "a%20b;c,d")]
    {
        let target = PhotoTarget::my_contact(contact).unwrap();
        assert_eq!(setup.path(&target), format!("/me/contacts/{segment}/photo/$value"));
    }
}
