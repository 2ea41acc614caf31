//! Comparing a token's claims with an operation, before sending and after a refusal.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use graph_photo_client::{
    Cloud, Condition, Diagnosis, GraphPhotoClient, Operation, Permission, PermissionType,
    PhotoTarget, RetryPolicy, StaticToken, UploadMethod,
};
use graph_photo_emulator::{AccessToken, Emulator, built_in_api};

use super::support::{
    TOKEN, Tokens, Unvisited, answer, assert_snapshot, builder, client_of, ok, photo, replace_me,
    server, target,
};

const EXPIRY: Duration = Duration::from_secs(1_445_412_480);

fn us_government() -> Cloud {
    Cloud::ALL.iter().copied().find(|cloud| cloud.name() == "us-l4").unwrap()
}

/// A token with these claims.
fn token_of(claims: &str) -> String {
    ["{}", claims, "signature"].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

/// A client that checks permissions before sending.
fn checking(url: &str, token: impl Into<String>) -> GraphPhotoClient {
    builder(url).token_provider(StaticToken::new(token)).check_permissions(true).build().unwrap()
}

/// Tokens that Graph is certain to refuse, for `/me`.
fn hopeless() -> Vec<(&'static str, String)> {
    let good = AccessToken::delegated(["User.ReadWrite"]);
    vec![
        ("expired", good.clone().expires_at(SystemTime::UNIX_EPOCH + EXPIRY).encode()),
        ("another service's", good.clone().audience("https://management.azure.com").encode()),
        ("another cloud's", good.clone().audience(us_government().origin()).encode()),
        ("app-only", AccessToken::application(["User.ReadWrite.All"]).encode()),
        ("other scopes", AccessToken::delegated(["Mail.Read", "User.Read"]).encode()),
        ("no scope", AccessToken::delegated([""; 0]).encode()),
        ("odd scope", AccessToken::delegated(["it's\u{1b}[2J"]).encode()),
    ]
}

#[tokio::test]
async fn what_is_hopeless_is_not_sent_if_the_caller_asks() {
    let place = Unvisited::new();
    let mut all = String::new();
    for (name, token) in hopeless() {
        let client = checking(&place.url(), token.as_str());
        let error = replace_me(&client).await.unwrap_err();
        // Graph would distinguish them as 401 and 403.
        let of_token = matches!(name, "expired" | "another service's" | "another cloud's");
        assert_eq!(error.is_unauthorized(), of_token, "{name}: {error}");
        assert_eq!(error.is_permission_denied(), !of_token, "{name}: {error}");
        assert!(error.is_local(), "{name}: {error}");
        assert!(error.diagnosis().is_some() && error.hint().is_none(), "{name}");
        assert_eq!((error.attempts(), error.status()), (0, None), "{name}");
        assert!(!format!("{error:?}").contains(&token), "{name}");
        writeln!(all, "{name}: {error}").unwrap();
    }
    let client = checking(&place.url(), AccessToken::application(["User.Read.All"]).encode());
    let group = PhotoTarget::user_contact("a", "b").unwrap();
    writeln!(all, "missing role: {}", client.update(&group, &photo()).await.unwrap_err()).unwrap();
    let error = client.generated().replace_me_photo(&photo()).await.unwrap_err();
    writeln!(all, "direct call: {error}").unwrap();
    place.assert_unvisited();
    assert_snapshot!(all);
}

#[tokio::test]
async fn the_diagnosis_is_data_as_well() {
    let place = Unvisited::new();
    let mut diagnoses = Vec::new();
    for (_, token) in hopeless() {
        let client = checking(&place.url(), token);
        let error = replace_me(&client).await.unwrap_err();
        diagnoses.push(error.diagnosis().unwrap().clone());
    }
    assert_eq!(diagnoses[0], Diagnosis::Expired { at: SystemTime::UNIX_EPOCH + EXPIRY });
    let global = Cloud::default().origin().to_owned();
    let audience = us_government().origin().to_owned();
    assert_eq!(diagnoses[2], Diagnosis::Audience { audience, expected: global });
    assert_eq!(diagnoses[3], Diagnosis::NoSignedInUser);
    let Diagnosis::MissingPermission { permission_type, granted, sufficient } = &diagnoses[4]
    else {
        panic!("{:?}", diagnoses[4]);
    };
    assert_eq!(*permission_type, PermissionType::Delegated);
    assert_eq!(granted, &["Mail.Read", "User.Read"]);
    let delegated: Vec<_> = PhotoTarget::me()
        .operation(UploadMethod::Put)
        .unwrap()
        .permissions()
        .iter()
        .filter(|permission| permission.permission_type == PermissionType::Delegated)
        .copied()
        .collect();
    assert_eq!(sufficient, &delegated);
}

#[tokio::test]
async fn what_may_succeed_is_sent() {
    let conditional = AccessToken::delegated(["User.ReadWrite"]);
    let application_id = graph_photo_client::GRAPH_APP_ID;
    for (name, token) in [
        ("conditional", conditional.encode()),
        ("opaque", TOKEN.to_owned()),
        ("Graph's application id", conditional.clone().audience(application_id).encode()),
        ("its case", conditional.clone().audience(&application_id.to_uppercase()).encode()),
        ("a slash", conditional.clone().audience("https://graph.microsoft.com/").encode()),
        ("a host's case", conditional.clone().audience("HTTPS://Graph.Microsoft.com").encode()),
        ("a clock ahead", conditional.clone().expires_at(SystemTime::now()).encode()),
        ("no claims", token_of("{}")),
        ("no JSON", token_of("nonsense")),
        ("odd claims", token_of(r#"{"aud":["a"],"exp":"soon","roles":7,"scp":["a"],"idtyp":1}"#)),
    ] {
        let server = server([ok(), ok()]);
        let client = checking(&server.url(), token);
        // Of `/me` alone it is certain that the photo is the user's own.
        for target in [PhotoTarget::me(), PhotoTarget::user("user@contoso.com").unwrap()] {
            let replaced = client.replace(&target, &photo()).await;
            replaced.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(server.requests().len(), 2, "{name}");
    }
}

/// Before sending, as after a 401, a cache gets the chance to renew its token.
#[tokio::test]
async fn an_expired_token_is_renewed_before_sending() {
    let (expired, good) = (&hopeless()[0].1, AccessToken::delegated(["User.ReadWrite"]).encode());
    let server = server([ok()]);
    let tokens = Tokens::new(&[Ok(expired), Ok(&good)]);
    let client = builder(&server.url())
        .token_provider(tokens.clone())
        .check_permissions(true)
        .build()
        .unwrap();
    let response = replace_me(&client).await.unwrap();
    assert_eq!((response.attempts, server.requests().len()), (1, 1));
    assert_eq!(tokens.refreshes(), [false, true]);
}

/// A gateway may have tokens of its own, but no other cloud's.
#[tokio::test]
async fn a_gateway_may_ask_for_another_audience() {
    let good = AccessToken::delegated(["User.ReadWrite"]);
    for (audience, is_certain) in [("api://photo-gateway", false), (us_government().origin(), true)]
    {
        let client = GraphPhotoClient::builder()
            .token_provider(StaticToken::new(good.clone().audience(audience).encode()))
            // Reserved (RFC 6761): it has no address anywhere.
            .base_url("https://gateway.invalid/v1.0")
            .retry_policy(RetryPolicy::never())
            .check_permissions(true)
            .build()
            .unwrap();
        let error = replace_me(&client).await.unwrap_err();
        assert_eq!(error.is_local(), is_certain, "{error}");
        assert_eq!(error.is_connection(), !is_certain, "{error}");
    }
}

#[tokio::test]
async fn an_odd_claim_does_not_hide_the_others() {
    let place = Unvisited::new();
    let token = token_of(r#"{"aud":["a"],"exp":1445412480,"roles":7}"#);
    let client = checking(&place.url(), token);
    let error = replace_me(&client).await.unwrap_err();
    let expired = Diagnosis::Expired { at: SystemTime::UNIX_EPOCH + EXPIRY };
    assert_eq!(error.diagnosis(), Some(&expired));
    place.assert_unvisited();
}

#[tokio::test]
async fn nothing_is_checked_unasked() {
    for (name, token) in hopeless() {
        let server = server([ok()]);
        let client =
            builder(&server.url()).token_provider(StaticToken::new(token)).build().unwrap();
        replace_me(&client).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[tokio::test]
async fn a_renewed_token_is_checked_as_well() {
    let server = server([answer(401, &[], "")]);
    let tokens = Tokens::new(&[Ok(TOKEN), Ok(&hopeless()[3].1)]);
    let client =
        builder(&server.url()).token_provider(tokens).check_permissions(true).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), server.requests().len()), (401, 1));
    let text = error.to_string();
    assert!(text.contains("another token: not sent, because an app-only token has no"), "{text}");
}

#[tokio::test]
async fn a_refusal_by_graph_is_explained() {
    let emulator = Emulator::start().unwrap();
    let mut all = String::new();
    for (name, token) in hopeless() {
        let client = client_of(&emulator, token);
        let error = replace_me(&client).await.unwrap_err();
        let status = error.status().unwrap().as_u16();
        // Graph calls an app-only token for `/me` a bad request.
        assert_eq!(status == 400, name == "app-only");
        assert!(error.diagnosis().is_some(), "{name}: {error}");
        assert_eq!(error.is_unauthorized(), status == 401, "{name}");
        assert_eq!(error.is_permission_denied(), status == 403, "{name}");
        assert_eq!(error.attempts(), if status == 401 { 2 } else { 1 }, "{name}");
        writeln!(all, "{name}: {error}").unwrap();
    }
    let token = AccessToken::delegated(["User.ReadWrite.All"]).encode();
    let client = client_of(&emulator, token);
    let other = PhotoTarget::user("somebody@contoso.com").unwrap();
    let error = client.replace(&other, &photo()).await.unwrap_err();
    assert!(matches!(error.diagnosis(), Some(Diagnosis::Conditional { .. })), "{error}");
    assert!(error.hint().is_some(), "a condition is no certainty");
    writeln!(all, "conditional: {error}").unwrap();
    assert_snapshot!(all);
}

#[tokio::test]
async fn every_operation_names_what_it_takes() {
    let place = Unvisited::new();
    let client = checking(&place.url(), AccessToken::delegated(["Mail.Read"]).encode());
    for &operation in Operation::ALL {
        let error =
            client.upload(operation.method(), &target(operation), &photo()).await.unwrap_err();
        let has_delegated =
            |permission: &&Permission| permission.permission_type == PermissionType::Delegated;
        let text = error.to_string();
        match operation.permissions().iter().find(has_delegated) {
            Some(least) => assert!(text.contains(&format!("it takes {least}")), "{text}"),
            None => assert!(text.contains("no delegated permission allows this"), "{text}"),
        }
    }
    place.assert_unvisited();
}

/// The library, and so the program's JSON, has the words of the spec and of what reads it.
#[test]
fn words_are_those_that_the_spec_has() {
    let api = built_in_api();
    for (_, described) in api.operations() {
        let mut all = Operation::ALL.iter();
        let operation = all.find(|operation| operation.id() == described.id).unwrap();
        assert_eq!(operation.method().as_str(), described.method.as_str());
        assert_eq!(operation.method().verb(), described.method.verb());
        for (kind, described) in operation.account_kinds().iter().zip(&described.account_kinds) {
            assert_eq!((kind.name(), kind.to_string().as_str()), (described.name(), kind.name()));
            assert_eq!(serde_json::to_value(described).unwrap(), kind.name());
        }
        for (permission, described) in operation.permissions().iter().zip(&described.permissions) {
            let permission_type = permission.permission_type;
            assert_eq!(permission_type.name(), described.permission_type.to_string());
            assert_eq!(permission_type.to_string(), permission_type.name());
            let (condition, expected) = (permission.condition, described.condition);
            let name = serde_json::to_value(expected).unwrap();
            assert_eq!(condition.map(Condition::name), name.as_str(), "{permission}");
            let words = condition.map(|condition| (condition.to_string(), condition.clause()));
            let expected = expected.map(|it| (it.words().to_owned(), it.clause()));
            assert_eq!(words, expected, "{permission}");
        }
    }
}

/// The seconds since 1970 of a moment some seconds from now.
fn seconds_from_now(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap() + seconds
}

#[tokio::test]
async fn what_is_not_valid_yet_is_not_sent() {
    let place = Unvisited::new();
    for (nbf, told) in [
        (seconds_from_now(3600).to_string(), "the token is not valid before "),
        // Beyond the years that HTTP has words for.
        ("300000000000".to_owned(), "not valid before 300000000000 s after 1970"),
    ] {
        let client = checking(&place.url(), token_of(&format!(r#"{{"nbf":{nbf}}}"#)));
        let error = replace_me(&client).await.unwrap_err();
        assert!(matches!(error.diagnosis(), Some(Diagnosis::NotYetValid { .. })), "{error}");
        assert!(error.is_unauthorized() && !error.is_permission_denied() && error.is_local());
        assert!(error.to_string().contains(told), "{error}");
    }
    place.assert_unvisited();
    // Clocks may differ by minutes; a claim without a time is ignored.
    let soon = seconds_from_now(200).to_string();
    for nbf in [soon.as_str(), "0", "-1", "18446744073709551615", "\"soon\"", "null"] {
        let server = server([ok()]);
        let client = checking(&server.url(), token_of(&format!(r#"{{"nbf":{nbf}}}"#)));
        replace_me(&client).await.unwrap_or_else(|error| panic!("{nbf}: {error}"));
    }
}

/// The claims of tokens that have one fault, none, or all that there are.
fn claims(name: &str) -> String {
    let (past, future) = (seconds_from_now(-7200), seconds_from_now(7200));
    let graph = Cloud::default().origin();
    let (aud, exp, nbf, scp) = match name {
        "good" => (graph, future, past, "User.ReadWrite"),
        "expired" => (graph, past, past, "User.ReadWrite"),
        "early" => (graph, future, future, "User.ReadWrite"),
        "foreign" => ("https://management.azure.com", future, past, "User.ReadWrite"),
        "powerless" => (graph, future, past, "Mail.Read"),
        "all" => ("https://management.azure.com", past, future, "Mail.Read"),
        _ => panic!("{name}"),
    };
    format!(r#"{{"aud":"{aud}","exp":{exp},"nbf":{nbf},"scp":"{scp}"}}"#)
}

/// The name of a diagnosis.
fn name(diagnosis: Option<&Diagnosis>) -> &'static str {
    match diagnosis {
        None => "",
        Some(Diagnosis::Expired { .. }) => "expired",
        Some(Diagnosis::NotYetValid { .. }) => "early",
        Some(Diagnosis::Audience { .. }) => "foreign",
        Some(Diagnosis::MissingPermission { .. }) => "powerless",
        Some(Diagnosis::Conditional { .. }) => "conditional",
        Some(other) => panic!("{other}"),
    }
}

/// Status, code, message, and for the claims, each by its name, what is told of them.
type Explained = (u16, &'static str, &'static str, [(&'static str, &'static str); 6]);

/// Nothing is told of any claims but some.
const fn only(
    expired: &'static str,
    early: &'static str,
    foreign: &'static str,
    powerless: &'static str,
    all: &'static str,
) -> [(&'static str, &'static str); 6] {
    [
        ("good", ""),
        ("expired", expired),
        ("early", early),
        ("foreign", foreign),
        ("powerless", powerless),
        ("all", all),
    ]
}

const NOTHING: [(&str, &str); 6] = only("", "", "", "", "");
const LIFETIME: [(&str, &str); 6] = only("expired", "early", "", "", "expired");
const AUDIENCE: [(&str, &str); 6] = only("", "", "foreign", "", "foreign");
const VALIDITY: [(&str, &str); 6] = only("expired", "early", "foreign", "", "expired");
const PERMISSION: [(&str, &str); 6] = only("", "", "", "powerless", "powerless");

const EXPLAINED: &[Explained] = &[
    (401, "InvalidAuthenticationToken", "", VALIDITY),
    (401, "InvalidAuthenticationToken", "Access token validation failure.", VALIDITY),
    (401, "Authorization_RequestDenied", "Insufficient privileges.", VALIDITY),
    (401, "ErrorAccessDenied", "Access is denied.", VALIDITY),
    (
        401,
        "InvalidAuthenticationToken",
        "Lifetime validation failed, the token is expired.",
        LIFETIME,
    ),
    (401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.", LIFETIME),
    (401, "", "IDX10222: Lifetime validation failed. The token is not yet valid.", LIFETIME),
    (401, "", "The token's nbf is to come.", LIFETIME),
    (401, "ExpiredAuthenticationToken", "", LIFETIME),
    (
        401,
        "InvalidAuthenticationToken",
        "Access token validation failure. Invalid audience.",
        AUDIENCE,
    ),
    (401, "InvalidAudience", "", AUDIENCE),
    (
        401,
        "InvalidAuthenticationToken",
        "Access token validation failure. Invalid signature.",
        NOTHING,
    ),
    (401, "", "IDX10501: Signature validation failed. Unable to match key: kid: 'x'.", NOTHING),
    (401, "InvalidSigningKey", "", NOTHING),
    (403, "ErrorAccessDenied", "Access is denied.", PERMISSION),
    (403, "Authorization_RequestDenied", "The lifetime of the key of an audience.", PERMISSION),
    (403, "", "", PERMISSION),
    // Whose code gives the reason.
    (403, "AppOnlyTokenNotSupportedForGroupUpdate", "", NOTHING),
    (400, "BadRequest", "", NOTHING),
    (404, "ErrorItemNotFound", "", NOTHING),
    (429, "TooManyRequests", "", NOTHING),
    (500, "ErrorInternalServerError", "", NOTHING),
];

#[tokio::test]
async fn only_what_can_explain_a_refusal_is_told() {
    for (status, code, message, told) in EXPLAINED {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        let unknown = format!(
            r#"{{"error":{{"code":"UnknownError","message":"",
                "innerError":{{"code":"{code}","message":"{message}"}}}}}}"#
        );
        for (with, expected) in told {
            for body in [&body, &unknown] {
                let server = server(vec![answer(*status, &[], body); 2]);
                let tokens = StaticToken::new(token_of(&claims(with)));
                let client = builder(&server.url()).token_provider(tokens).build().unwrap();
                let error = replace_me(&client).await.unwrap_err();
                assert_eq!(name(error.diagnosis()), *expected, "{with}: {error}");
                let said = error.to_string().contains("lacks a permission");
                assert_eq!(said, *expected == "powerless", "{with}: {error}");
            }
        }
    }
}

/// The reason may be in the header that is made for it (RFC 6750, section 3), or in a
/// page.
#[tokio::test]
async fn the_reason_is_found_wherever_it_is_told() {
    let challenge =
        |reason| format!(r#"Bearer error="invalid_token", error_description="{reason}""#);
    for (header, body, expected) in [
        (challenge("The signature is invalid"), "", ""),
        (challenge("The audience is invalid"), "", "foreign"),
        (challenge("The token is not accepted"), "", "expired"),
        (r#"Bearer realm="", client_id="the-key""#.to_owned(), "", "expired"),
        (String::new(), "<h1>Signature validation failed</h1>", ""),
        (String::new(), "Invalid audience", "foreign"),
    ] {
        let server = server(vec![answer(401, &[("WWW-Authenticate", &header)], body); 2]);
        let tokens = StaticToken::new(token_of(&claims("all")));
        let client = builder(&server.url()).token_provider(tokens).build().unwrap();
        let error = replace_me(&client).await.unwrap_err();
        assert_eq!(name(error.diagnosis()), expected, "{error}");
    }
}

/// The photo of the signed-in user is always that user's own, and an app's permission
/// is always its own.
#[tokio::test]
async fn a_condition_that_is_always_met_is_not_asked_about() {
    for &operation in Operation::ALL {
        for permission in operation.permissions() {
            let token = match permission.permission_type {
                PermissionType::Delegated => AccessToken::delegated([permission.scope]),
                PermissionType::Application => AccessToken::application([permission.scope]),
            };
            let server = server([answer(403, &[], r#"{"error":{"code":"ErrorAccessDenied"}}"#)]);
            let tokens = StaticToken::new(token.encode());
            let client = builder(&server.url()).token_provider(tokens).build().unwrap();
            let error =
                client.upload(operation.method(), &target(operation), &photo()).await.unwrap_err();
            let is_open = permission.condition.is_some()
                && permission.permission_type == PermissionType::Delegated
                && !operation.path_template().starts_with("/me/");
            let expected = if is_open { "conditional" } else { "" };
            assert_eq!(name(error.diagnosis()), expected, "{error}");
            let scope = permission.scope;
            let told = format!("; the token has {scope} (delegated), which suffices only if the ");
            assert_eq!(error.to_string().contains(&told), is_open, "{error}");
        }
    }
}
