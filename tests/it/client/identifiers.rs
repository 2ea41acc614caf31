//! On the raw request line, no value of an identifier changes another path segment.

use std::sync::LazyLock;

use graph_photo_client::{
    GraphPhotoClient, IdentifierRule, InvalidIdentifier, PhotoTarget, RetryPolicy, UserId,
};
use graph_photo_codegen::Spec;
use graph_photo_emulator::Emulator;
use graph_photo_spec::OPENAPI_YAML;
use percent_encoding::{percent_decode_str, percent_encode_byte};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use regress::Regex;
use tokio::runtime::{self, Runtime};

use super::support::{builder, ok, photo, resource, server};

/// Dangerous values of identifiers.
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
    "\u{200b}",
    "\u{ad}",
    "\u{3164}",
    "\u{a0}",
    "\u{e0041}",
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

/// The spec's schema of identifiers, as others read it.
struct Schema {
    min_length: u64,
    max_length: u64,
    /// The pattern without and with the flag `u`.
    patterns: [Regex; 2],
}

impl Schema {
    /// The schema of a path parameter.
    fn of(parameter: &str) -> Self {
        let spec = serde_json::to_value(Spec::read(OPENAPI_YAML).unwrap().openapi).unwrap();
        let parameters = spec["components"]["parameters"].as_object().unwrap();
        let parameter = parameters.values().find(|value| value["name"] == parameter).unwrap();
        let schema = match parameter["schema"]["$ref"].as_str() {
            Some(reference) => spec.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => &parameter["schema"],
        };
        let pattern = schema["pattern"].as_str().unwrap();
        Self {
            min_length: schema["minLength"].as_u64().unwrap(),
            max_length: schema["maxLength"].as_u64().unwrap(),
            patterns: ["", "u"].map(|flags| Regex::with_flags(pattern, flags).unwrap()),
        }
    }

    fn accepts(&self, value: &str) -> bool {
        let length = value.chars().count() as u64;
        let [plain, unicode] = self.patterns.each_ref().map(|regex| regex.find(value).is_some());
        assert_eq!(plain, unicode, "{value:?}");
        plain && (self.min_length..=self.max_length).contains(&length)
    }
}

/// The identifiers of every path of the spec have one schema.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::of("userId"));

fn may_be_identifier(value: &str) -> bool {
    SCHEMA.accepts(value)
}

/// Every character, in blocks of those that follow each other.
fn blocks() -> impl Iterator<Item = String> {
    const SIZE: u32 = 512;
    let last = u32::from(char::MAX) / SIZE;
    (0..=last).map(|block| (block * SIZE..(block + 1) * SIZE).filter_map(char::from_u32).collect())
}

/// Pattern, client and emulator decide alike, for every parameter and every character:
/// alone, at the start, inside and at the end.
#[test]
fn every_character_is_taken_or_refused_as_the_pattern_says() {
    let api = Spec::read(OPENAPI_YAML).unwrap().api;
    let agree = |value: &str| {
        let expected = may_be_identifier(value);
        assert_eq!(UserId::new(value).is_ok(), expected, "client: {value:?}");
        for identifier in &api.identifiers {
            assert_eq!(identifier.accepts(value), expected, "{}: {value:?}", identifier.name);
        }
        expected
    };
    let mut refused = 0;
    for block in blocks() {
        if block.is_empty() || agree(&format!("a{block}b")) {
            continue;
        }
        for character in block.chars() {
            let values = ["", "a", "ab"].map(|rest| format!("{character}{rest}"));
            let others = [format!("a{character}"), format!("a{character}b")];
            for value in values.iter().chain(&others) {
                agree(value);
            }
            refused += usize::from(!may_be_identifier(&format!("a{character}b")));
        }
    }
    assert!(refused > 4000, "{refused}");
}

/// Some that a user would not see, or not tell from a space.
#[test]
fn what_nobody_sees_is_refused_and_shown_by_its_number() {
    let invisible = "\u{200B}\u{200C}\u{200D}\u{2060}\u{2064}\u{AD}\u{180E}\u{3164}\u{115F}\u{1160}\u{FFA0}\
                     \u{E0000}\u{E0041}\u{E007F}\u{FE00}\u{FE0F}\u{E0100}\u{E01EF}\u{A0}\u{1680}\u{2000}\
                     \u{200A}\u{202F}\u{205F}\u{3000}\u{2800}\u{FFF9}\u{FFFB}\u{FFFE}\u{FDD0}\u{202E}\t\n\u{7F}";
    for character in invisible.chars() {
        for value in [format!("a{character}b"), format!("{character}a"), format!("a{character}")] {
            let error = PhotoTarget::user(value.as_str()).unwrap_err();
            assert_eq!(error.rule(), IdentifierRule::Character(character));
            let text = error.to_string();
            assert!(text.contains(&format!("U+{:04X}", u32::from(character))), "{text}");
            let target = format!("/users/x/{value}").parse::<PhotoTarget>().unwrap_err();
            assert!(!target.to_string().contains(character), "{target}");
        }
    }
    for padded in [" a", "a ", " "] {
        let error = PhotoTarget::user(padded).unwrap_err();
        assert_eq!(error.rule(), IdentifierRule::SpaceAtEnd);
    }
    assert!(PhotoTarget::user("a b").is_ok());
}

fn assert_is_broken(error: &InvalidIdentifier, parameter: &str, value: &str) {
    assert_eq!(format!("{{{}}}", error.parameter()), parameter);
    match error.rule() {
        IdentifierRule::Empty => assert_eq!(value, ""),
        IdentifierRule::DotSegment => assert!([".", ".."].contains(&value)),
        IdentifierRule::TooLong { length, max_length } => {
            assert_eq!(length, value.chars().count());
            assert_eq!(max_length as u64, SCHEMA.max_length);
        }
        IdentifierRule::SpaceAtEnd => assert!(value.starts_with(' ') || value.ends_with(' ')),
        IdentifierRule::Character(character) => {
            assert!(value.contains(character));
            assert!(!may_be_identifier(&format!("a{character}b")));
        }
        rule => panic!("unknown rule {rule:?}"),
    }
}

/// A client, and the server that it sends everything to.
struct Setup {
    runtime: Runtime,
    server: Emulator,
    client: GraphPhotoClient,
}

impl Setup {
    fn new(requests: usize) -> Self {
        let server = server(vec![ok(); requests]);
        let client = builder(&server.url()).retry_policy(RetryPolicy::never()).build().unwrap();
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, server, client }
    }

    /// The path in the request of an upload to a target.
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
    setup.assert_stays_in_its_segment(&"é".repeat(usize::try_from(SCHEMA.max_length).unwrap()));
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
