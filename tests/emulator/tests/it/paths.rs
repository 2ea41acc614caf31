//! How a request target is matched, and what its photo is stored under.

use std::collections::BTreeSet;

use graph_photo_codegen::api::Api;
use graph_photo_emulator::{AccessToken, Emulator, built_in_api};
use percent_encoding::percent_encode_byte;

use crate::{
    api,
    raw::{ADMINISTRATOR, JPEG, emulator, exchange, get, token, upload},
};

const PATHS: [&str; 7] = [
    "/me/photo/$value",
    "/users/megan@contoso.com/photo/$value",
    "/groups/g/photo/$value",
    "/me/contacts/c/photo/$value",
    "/users/u/contacts/c/photo/$value",
    "/me/contactfolders/f/contacts/c/photo/$value",
    "/users/u/contactfolders/f/contacts/c/photo/$value",
];

fn put(emulator: &Emulator, target: &str) -> u16 {
    let request = upload("PUT", target, &token(), JPEG);
    exchange(emulator.local_addr(), &request).status
}

#[test]
fn all_take_both_methods_and_give_the_photo_back() {
    let emulator = emulator();
    for path in PATHS {
        let target = format!("/v1.0{path}");
        for (method, photo) in [("PUT", JPEG.to_vec()), ("PATCH", [JPEG, b"!"].concat())] {
            let uploaded =
                exchange(emulator.local_addr(), &upload(method, &target, &token(), &photo));
            assert_eq!((uploaded.status, uploaded.text()), (200, ""), "{method} {path}");
            assert_eq!(emulator.photo(path).unwrap(), photo);

            let loaded = exchange(emulator.local_addr(), &get(&target, &token()));
            assert_eq!(loaded.status, 200);
            assert_eq!(loaded.header("content-type"), Some("image/jpeg"));
            assert_eq!(loaded.body, photo);
        }
    }
}

#[test]
fn an_eighth_path_needs_nothing_but_the_api() {
    let api = Api {
        targets: vec![api::target(
            "Team",
            "teams/{teamId}",
            &[(graph_photo_codegen::api::PermissionType::Delegated, "Group.ReadWrite.All", None)],
        )],
        ..built_in_api()
    };
    let emulator = Emulator::builder().api(api).start().unwrap();
    assert_eq!(put(&emulator, "/v1.0/teams/t/photo/$value"), 200);
    assert_eq!(put(&emulator, "/v1.0/me/photo/$value"), 400);
}

#[test]
fn fixed_segments_are_matched_without_case_and_decoded() {
    let emulator = emulator();
    assert_eq!(put(&emulator, "/V1.0/Me/Contacts/Abc/Photo/%24VALUE"), 200);
    assert!(emulator.photo("/me/contacts/Abc/photo/$value").is_some());
    assert!(emulator.photo("/me/contacts/abc/photo/$value").is_none());
}

#[test]
fn accounts_are_matched_without_case() {
    let emulator = emulator();
    assert_eq!(put(&emulator, "/v1.0/users/Adele@Contoso.com/photo/$value"), 200);
    assert!(emulator.photo("/users/adele@contoso.COM").is_some());
}

#[test]
fn an_identifier_is_decoded_after_the_path_is_split() {
    let emulator = emulator();
    assert_eq!(put(&emulator, "/v1.0/me/contacts/a%2Fb%3D/photo/$value"), 200);
    assert!(emulator.photo("/me/contacts/a%2fb=/photo/$value").is_some());
    assert_eq!(put(&emulator, "/v1.0/me/contacts/a/b/photo/$value"), 400);
    assert_eq!(put(&emulator, "/v1.0/users/%C3%A9%23EXT%23/photo/$value"), 200);
}

#[test]
fn a_query_is_no_part_of_the_path() {
    let emulator = emulator();
    assert_eq!(put(&emulator, "/v1.0/me/photo/$value?x=/y"), 200);
    assert!(emulator.photo("/me/photo/$value").is_some());
    assert_eq!(emulator.requests()[0].target, "/v1.0/me/photo/$value?x=/y");
}

#[test]
fn what_would_leave_its_segment_is_refused() {
    let emulator = emulator();
    for id in
        ["..", ".", "", "%2e%2e", ".%2E", "%2e", "a\\..\\..\\me", "a#b", "50%", "%zz", "%ff", "%2"]
    {
        for target in [
            format!("/v1.0/me/contacts/{id}/photo/$value"),
            format!("/v1.0/users/{id}/photo/$value"),
        ] {
            assert_eq!(put(&emulator, &target), 400, "{target}");
            assert_eq!(emulator.requests().pop().unwrap().target, target);
        }
    }
    assert!(emulator.photo("/me/photo/$value").is_none());
}

#[test]
fn the_first_segment_that_leads_nowhere_is_named() {
    let emulator = emulator();
    for (target, segment) in [
        ("/", ""),
        ("/beta/me/photo/$value", "beta"),
        ("/v1.0/xyz/photo/$value", "xyz"),
        ("/v1.0/me/photos", "photos"),
        ("/v1.0/me/photos/48/$value", "48"),
        ("/v1.0/me/photos/x/$value", "x"),
        ("/v1.0/me/photo/$value/more", "more"),
        ("/v1.0//me/photo/$value", ""),
    ] {
        let request = upload("PUT", target, &token(), JPEG);
        let error = exchange(emulator.local_addr(), &request).error();
        assert_eq!(
            error["message"],
            format!("Resource not found for the segment '{segment}'."),
            "{target}"
        );
    }
}

#[test]
fn the_prefix_and_the_audience_come_from_the_api() {
    let mut api = built_in_api();
    api.clouds[0].base_url = "https://graph.microsoft.us/beta".to_owned();
    let emulator = Emulator::builder().api(api).start().unwrap();
    assert!(emulator.base_url().ends_with("/beta"));

    let target = "/beta/me/photo/$value";
    assert_eq!(put(&emulator, target), 401);
    let token = token().audience("https://graph.microsoft.us");
    let request = upload("PUT", target, &token, JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 200);
}

#[test]
fn an_api_without_a_server_is_an_error() {
    let api = Api { clouds: Vec::new(), ..built_in_api() };
    let error = Emulator::builder().api(api).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

/// In every identifier of every path; what the schema accepts is stored.
#[test]
fn what_the_schema_of_an_identifier_refuses_is_refused() {
    let emulator = emulator();
    let api = built_in_api();
    let ranges = api.identifiers[0].pattern.forbidden.clone();
    let ends = ranges.into_iter().flat_map(|(first, last)| {
        [first.saturating_sub(1), first, last, last + 1].into_iter().filter_map(char::from_u32)
    });
    let longest = usize::try_from(api.identifiers[0].max_length).unwrap();
    let lengths = [longest, longest + 1].map(|length| "é".repeat(length));
    let scopes = api.operations().flat_map(|(_, operation)| &operation.permissions);
    let token = AccessToken::delegated(scopes.map(|permission| permission.scope.as_str()))
        .directory_roles([ADMINISTRATOR]);
    let values: Vec<String> =
        ends.flat_map(|end| [format!("a{end}"), format!("{end}a")]).chain(lengths).collect();
    let mut seen = BTreeSet::new();
    for target in &api.targets {
        let method = target.operations[0].method.as_str();
        for parameter in target.parameters() {
            let identifier = api.identifiers.iter().find(|known| known.name == parameter).unwrap();
            // Where a parameter has been tried already, the longest values suffice.
            let start = if seen.insert(parameter) { 0 } else { values.len() - 2 };
            for value in &values[start..] {
                let encoded: String = value.bytes().map(percent_encode_byte).collect();
                let path = target.path_template().replace(&format!("{{{parameter}}}"), &encoded);
                let path = path.replace(['{', '}'], "");
                let request = upload(method, &format!("/v1.0{path}"), &token, JPEG);
                let expected = if identifier.accepts(value) { 200 } else { 400 };
                let status = exchange(emulator.local_addr(), &request).status;
                assert_eq!(status, expected, "{path}");
            }
        }
    }
}
