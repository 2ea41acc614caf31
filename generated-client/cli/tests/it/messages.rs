//! The messages in ERRORS.md are those of the program: each row has a case here that is
//! run, and each case a row.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, RetryPolicy, StaticToken};
use graph_photo_emulator::{AccessToken, Emulator, Fault};

use super::{Run, TOKEN, file, program, run};

/// What a row gives as the reason, and how to get the messages that it quotes.
type Case = (&'static str, fn() -> Vec<String>);

const PHOTOS: &[Case] = &[
    ("the file is a PNG, whatever its name; likewise GIF, WebP, HEIC, AVIF, BMP, TIFF", images),
    ("the photo is still encoded as base64", || refused_photo("/9j/4AAQSkZJRg==")),
    ("the photo is a `data:` URL, as web pages have them", || {
        refused_photo("data:image/jpeg;base64,/9j/4AAQSkZJRg==")
    }),
    ("Windows PowerShell redirected the photo with `>`, which writes UTF-16 text", || {
        let photo = fixture("baseline.jpg");
        let text = photo.iter().flat_map(|byte| u16::from(*byte).to_le_bytes());
        refused_photo([0xFF, 0xFE].into_iter().chain(text).collect::<Vec<_>>())
    }),
    ("a byte-order mark, an empty line or HTTP headers precede the JPEG", || {
        refused_photo([&b"\xEF\xBB\xBF"[..], &fixture("baseline.jpg")].concat())
    }),
    ("an HTML page was saved as a photo; likewise JSON, other text", texts),
    ("the file is empty", || refused_photo("")),
    ("the file does not exist", || refused(&["set", "/me", "missing.jpg"])),
    ("a folder is given instead of a file", folder),
    ("the download or copy was incomplete", || refused_photo(&fixture("baseline.jpg")[..2000])),
    (
        "`--fix` refuses it, since decoders fill the rest with grey; without it, there is a warning",
        || {
            let cut = [&fixture("baseline.jpg")[..2000], b"\xFF\xD9"].concat();
            let cut = file("messages.jpg", cut);
            let fitted = concat!(env!("CARGO_TARGET_TMPDIR"), "/messages-fitted");
            let run = run(&["check", "--fix", fitted, cut.to_str().unwrap()]);
            assert_eq!(run.code, Some(2));
            vec![run.stdout]
        },
    ),
    ("the JPEG contradicts itself, and no decoder reads it", || refused_photo(without_width())),
    ("the JPEG uses a process that browsers cannot decode", || {
        refused_photo(fixture("arithmetic.jpg"))
    }),
    ("the file is larger than any request may be", || refused_photo(vec![0; 5_000_000])),
    ("only metadata, or the film after the image, makes the photo too large", || {
        refused_photo([fixture("baseline.jpg"), vec![0; 5_000_000]].concat())
    }),
    ("the file alone fills a request; `check` says so", full_photo),
    ("photo and token together are too large; `set` says so", overfull_request),
];

const ARGUMENTS: &[Case] = &[
    ("the identifier is `..`, and could lead to another resource, such as your own photo", || {
        refused_target("/users/..")
    }),
    ("the identifier is empty, often because a variable is", || refused_target("/users/")),
    ("the identifier is too long to be one", || {
        refused_target(&["/users/", &"a".repeat(10_000)].concat())
    }),
    ("the identifier has a backslash, as in `DOMAIN\\user`", || refused_target("/users/a\\b")),
    ("the identifier has an invisible character, often pasted from a document", || {
        refused_target("/users/a\u{202E}b")
    }),
    ("the identifier has a look-alike of a space, often pasted from a web page", || {
        refused_target("/users/a\u{A0}b")
    }),
    ("the target is an example from documentation", || refused_call("/users/{id}")),
    ("the variable stood in single quotes, or in a file that no shell reads", || {
        refused_call("/users/$id")
    }),
    ("the target is a list of addresses", || refused_call("a@contoso.com;b@contoso.com")),
    ("a token stands where an identifier belongs", || {
        refused_call(&["/users/", &AccessToken::delegated(["Mail.Read"]).encode()].concat())
    }),
    ("the target has the form `Megan Bowen <megan@contoso.com>`", || {
        refused_call("Megan Bowen <megan@contoso.com>")
    }),
    ("a percent sign encodes no character", || refused_target("/users/%FF")),
    ("the target has no `/` at its start", || refused_target("me")),
    ("the target has a blank at its end", || refused_target("/me ")),
    ("the target is in double quotes", || refused_target("/me/photo/")),
    ("the file stands before the target", || refused(&["set", "baseline.jpg", "/me"])),
    // No path of a spec may have a hyphen.
    ("the resource has no photo that this program can set", || refused_target("/no-such/1")),
    ("the URL is that of another service, or of Graph's beta version", foreign_urls),
    ("the Graph URL begins with `http:`", || refused_target("http://graph.microsoft.com/v1.0/me")),
    ("target and option name different clouds", || {
        refused(&["set", "https://graph.microsoft.us/v1.0/me", "baseline.jpg", "--cloud", "china"])
    }),
    ("the base URL begins with `http:` and is not on this machine", base_url_in_the_clear),
    ("no token is given", || refused(&["set", "/me", "baseline.jpg"])),
    ("the variable has a line break, or more than the token", || refused_token("abc\ndef")),
    ("the variable has a whole `Authorization` header", || refused_token("Bearer abc")),
    ("the sign-in URL has more than a host, which errors would repeat", || {
        vec![sign_in_at("https://user:password@127.0.0.1:0", 2, &mut |_| ())]
    }),
    ("Windows PowerShell wrote the file with `>`", utf16_token),
    ("`--token-file` got the token, not the name of a file", || {
        let token = AccessToken::delegated(["Mail.Read"]).encode();
        refused(&["set", "/me", "baseline.jpg", "--token-file", &token])
    }),
    ("in the library, with `check_permissions`: the token has expired", || not_sent(&expired())),
    ("in the library, with `check_permissions`: the token is for later", || not_sent(&early())),
    (
        "in the library, with `check_permissions`: the token lacks every permission that would do",
        || not_sent(&too_few()),
    ),
    ("in the library, with `check_permissions`: an app has no `/me`", || not_sent(&app())),
];

const REFUSALS: &[Case] = &[
    ("there is no such user, or no mailbox", || {
        response(&graph("404 Not Found", "ErrorItemNotFound"))
    }),
    ("there is no such group; likewise contact", || {
        let refusal = graph("404 Not Found", "ErrorItemNotFound");
        responses(&[refusal], &["/groups/g-1"], TOKEN)
    }),
    ("the user has no profile", || {
        response(&graph("404 Not Found", "ErrorUserResolutionFailedUserDoesNotExist"))
    }),
    ("the user has no mailbox", || response(&graph("404 Not Found", "ErrorNonExistentMailbox"))),
    ("the mailbox is on premises", || {
        response(&graph("404 Not Found", "MailboxNotHostedInExchangeOnline"))
    }),
    ("the user is a guest", || {
        response(&graph_saying("400 Bad Request", "ErrorInvalidRequest", "Request is invalid."))
    }),
    ("the token lacks every permission that would do", || {
        responses(&[graph("403 Forbidden", "ErrorAccessDenied")], &["/me"], &too_few().encode())
    }),
    ("the permission has a condition that may not be met", || {
        let refusal = graph("403 Forbidden", "ErrorAccessDenied");
        let token = AccessToken::delegated(["User.ReadWrite.All"]).encode();
        responses(&[refusal], &["/users/adele@contoso.com"], &token)
    }),
    ("an app-only token was used for `/me`", || {
        responses(&[graph("400 Bad Request", "BadRequest")], &["/me"], &app().encode())
    }),
    ("an app-only token was used for a group", || {
        let refusal = graph("403 Forbidden", "AppOnlyTokenNotSupportedForGroupUpdate");
        responses(&[refusal], &["/groups/g-1"], TOKEN)
    }),
    ("a policy of the tenant forbids it", || {
        response(&graph("403 Forbidden", "ErrorAccessDenied"))
    }),
    ("the token has expired", || unauthorized(&expired())),
    ("the token is for later", || unauthorized(&early())),
    ("the token is for another cloud", || {
        unauthorized(&too_few().audience("https://graph.microsoft.us"))
    }),
    ("the picture is too small", || response(&graph("400 Bad Request", "ValidationWidthTooSmall"))),
    ("Graph cannot read the picture", || {
        response(&graph("500 Internal Server Error", "ErrorInternalServerError"))
    }),
    ("Exchange is having problems", || {
        response(&graph("500 Internal Server Error", "ErrorStoreInternalServerError"))
    }),
    ("Exchange had not cleaned up earlier uploads before the retries ended", || {
        let message = "Not found., Too many photo items with class 'IPM.UserPhoto.Preview'.";
        response(&graph_saying("404 Not Found", "ErrorItemNotFound", message))
    }),
    ("changes by others outlasted the retries", || {
        response(&graph("409 Conflict", "Directory_ConcurrencyViolation"))
    }),
    ("throttling outlasted the retries", throttled),
    ("a gateway or proxy refused the size, not Graph", || {
        response("HTTP/1.1 413 Payload Too Large\r\n\r\n<html> <title>Too large</title> </html>")
    }),
    ("the service said no more than that", || response("HTTP/1.1 501 Not Implemented\r\n\r\n")),
    ("something between here and Graph wants you to sign in, or `--base-url` is wrong", || {
        response("HTTP/1.1 302 Found\r\nlocation: https://graph.example/\r\n\r\n")
    }),
    ("nothing listens there, or a firewall refuses", || {
        failed(&["--base-url", "http://127.0.0.1:0", "--max-retries", "0"], "/me", TOKEN)
    }),
    ("the network or the name server does not respond", no_connection_in_time),
    (
        "the server or a proxy closed the connection; the photo may have been set all the same",
        || served(vec![Fault::close()], &["/me"], TOKEN),
    ),
    ("the upload took longer than `--timeout`; the photo may have been set all the same", || {
        served(vec![Fault::silence()], &["/me", "--timeout", "1"], TOKEN)
    }),
    ("signing in failed, with `--auth`", sign_in),
    (
        "signing in failed, and the answer has a piece of the app's secret, so that it is not shown",
        sign_in_that_echoes,
    ),
];

#[test]
fn the_page_has_what_is_printed_of_photos() {
    compare("Photos, refused before anything is sent", PHOTOS);
}

#[test]
fn the_page_has_what_is_printed_of_arguments() {
    compare("Targets, options and tokens, refused before anything is sent", ARGUMENTS);
}

#[test]
fn the_page_has_what_is_printed_of_refusals_by_graph() {
    for (reason, printed) in compare("Refusals by Graph, and failures of the network", REFUSALS) {
        assert!(printed.contains("failed to replace the photo of `/"), "{reason}: {printed}");
        let has_ids = printed.contains("client-request-id ");
        assert!(has_ids || reason.starts_with("signing in"), "{reason}: {printed}");
    }
}

/// Compares a section with its cases, and returns what was printed in each.
fn compare(section: &str, cases: &[Case]) -> Vec<(&'static str, String)> {
    let rows = rows(section);
    let reasons: Vec<&str> = rows.iter().map(|[_, reason, _]| reason.as_str()).collect();
    assert_eq!(reasons, cases.iter().map(|(reason, _)| *reason).collect::<Vec<_>>());
    let mut all = Vec::new();
    for ((reason, provoke), [message, _, remedy]) in cases.iter().zip(&rows) {
        assert!(!remedy.is_empty(), "{reason}: nothing to do");
        for printed in provoke() {
            let is_quoted = has_pieces(&printed, message);
            assert!(is_quoted, "{reason}\n   page: {message}\nprinted: {printed}");
            all.push((*reason, printed));
        }
    }
    all
}

/// The rows of a section of ERRORS.md: message, reason and remedy.
fn rows(section: &str) -> Vec<[String; 3]> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ERRORS.md");
    let page = fs::read_to_string(page).unwrap();
    let start = format!("## {section}");
    let section = page.lines().skip_while(|line| **line != start).skip(1);
    let table = section.take_while(|line| !line.starts_with("## "));
    let rows = table.skip_while(|line| *line != "| message | why | what to do |").skip(2);
    let row = |line: &str| {
        let cells = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let cells: Vec<String> = cells.split(" | ").map(str::to_owned).collect();
        Some(cells.try_into().unwrap_or_else(|_| panic!("not three cells: {line}")))
    };
    rows.map_while(row).collect()
}

/// Whether a text has what stands between the `...` of another, in the same order.
fn has_pieces(text: &str, pieces: &str) -> bool {
    let mut rest = text;
    pieces.split("...").map(str::trim).all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[test]
fn pieces_are_found_in_order_only() {
    assert!(has_pieces("Graph said no (id 1); hint: ask", "said ...; hint: ask"));
    assert!(!has_pieces("hint: ask; said", "said ...; hint: ask"));
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new("../../tests/fixtures").join(name)).unwrap()
}

/// What a run prints that is refused here.
fn refused(args: &[&str]) -> Vec<String> {
    let Run { code, stderr, .. } = run(args);
    assert_eq!(code, Some(2), "{stderr}");
    vec![stderr]
}

/// What `set` and `check` print about a file with this content.
fn refused_photo(content: impl AsRef<[u8]>) -> Vec<String> {
    let path = file("messages.jpg", content);
    let path = path.to_str().unwrap();
    let checked = run(&["check", path]).stdout;
    [refused(&["set", "/me", path]), vec![checked]].concat()
}

fn refused_target(target: &str) -> Vec<String> {
    [refused(&["set", target, "baseline.jpg"]), refused(&["permissions", target])].concat()
}

/// What `set` prints about a target that only `set` refuses.
fn refused_call(target: &str) -> Vec<String> {
    refused(&["set", target, "baseline.jpg"])
}

fn refused_token(token: &str) -> Vec<String> {
    let mut program = program(&["set", "/me", "baseline.jpg"]);
    vec![Run::from(program.env("GRAPH_ACCESS_TOKEN", token).output().unwrap()).stderr]
}

fn images() -> Vec<String> {
    let kinds = ["a PNG", "a GIF", "a WebP", "a HEIC", "an AVIF", "a BMP", "a TIFF"];
    let said = |kind: &str| {
        let extension = kind.split_once(' ').unwrap().1.to_lowercase();
        let said = refused(&["set", "/me", &format!("look-alike.{extension}")]).concat();
        said.replace(&format!("the bytes are {kind} image"), "the bytes are a PNG image")
    };
    kinds.map(said).to_vec()
}

fn texts() -> Vec<String> {
    let contents = [
        ("<!doctype html><title>Sign in</title>", "an HTML page"),
        ("{\"error\":{}}", "JSON text"),
        ("Not found", "text"),
    ];
    let said = |(content, kind): (&str, &str)| {
        let said = refused_photo(content).concat();
        said.replace(&format!("the bytes are {kind}, "), "the bytes are an HTML page, ")
    };
    contents.map(said).to_vec()
}

fn folder() -> Vec<String> {
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(parent.join("photos")).unwrap();
    let mut program = program(&["set", "/me", "photos"]);
    vec![Run::from(program.current_dir(parent).output().unwrap()).stderr]
}

/// A photo whose frame header (SOF0; ITU-T T.81, B.2.2) gives no width.
fn without_width() -> Vec<u8> {
    let mut photo = fixture("baseline.jpg");
    let frame = photo.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    photo[frame + 7..frame + 9].fill(0);
    photo
}

/// A photo of as many bytes as a request may have.
fn largest_photo() -> PathBuf {
    let mut photo = fixture("baseline.jpg");
    photo.resize(usize::try_from(graph_photo_client::MAX_REQUEST_BYTES).unwrap(), 0);
    file("messages-largest.jpg", photo)
}

fn full_photo() -> Vec<String> {
    let run = run(&["check", largest_photo().to_str().unwrap()]);
    assert_eq!(run.code, Some(2));
    vec![run.stdout]
}

fn overfull_request() -> Vec<String> {
    let mut program = program(&["set", "/me"]);
    let run = program.arg(largest_photo()).env("GRAPH_ACCESS_TOKEN", TOKEN).output().unwrap();
    let run = Run::from(run);
    assert_eq!(run.code, Some(2));
    vec![run.stderr]
}

fn foreign_urls() -> Vec<String> {
    let (beta, other) = ("https://graph.microsoft.com/beta/me", "https://graph.example/v1.0/me");
    let said = refused_target(other).concat().replace(other, beta);
    [refused_target(beta), vec![said]].concat()
}

fn base_url_in_the_clear() -> Vec<String> {
    let args = ["set", "/me", "baseline.jpg", "--base-url", "http://graph.example/v1.0"];
    let run = Run::from(program(&args).env("GRAPH_ACCESS_TOKEN", TOKEN).output().unwrap());
    assert_eq!(run.code, Some(2));
    vec![run.stderr]
}

fn utf16_token() -> Vec<String> {
    let path = file("messages-token.txt", b"\xFF\xFEa\0b\0");
    refused(&["set", "/me", "baseline.jpg", "--token-file", path.to_str().unwrap()])
}

fn too_few() -> AccessToken {
    AccessToken::delegated(["Mail.Read"])
}

fn app() -> AccessToken {
    AccessToken::application(["User.ReadWrite.All"])
}

fn expired() -> AccessToken {
    AccessToken::delegated(["User.ReadWrite"])
        .expires_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000))
}

fn early() -> AccessToken {
    let day = Duration::from_secs(24 * 60 * 60);
    AccessToken::delegated(["User.ReadWrite"]).not_before(SystemTime::now() + day)
}

/// What the library says about a token that it checks before sending.
fn not_sent(token: &AccessToken) -> Vec<String> {
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(token.encode()))
        .base_url("http://127.0.0.1:0")
        .check_permissions(true)
        .build();
    vec![replace_me(&client.unwrap())]
}

fn replace_me(client: &GraphPhotoClient) -> String {
    let photo = JpegPhoto::from_bytes(fixture("baseline.jpg")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.replace(&PhotoTarget::me(), &photo)).unwrap_err().to_string()
}

/// A refusal by Graph.
fn graph(status: &str, code: &str) -> String {
    graph_saying(status, code, "The service's own words.")
}

fn graph_saying(status: &str, code: &str, message: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nrequest-id: r-1\r\n\r\n\
         {{\"error\":{{\"code\":\"{code}\",\"message\":\"{message}\"}}}}"
    )
}

/// What `set` prints when Graph responds like this.
fn response(response: &str) -> Vec<String> {
    responses(&[response.to_owned()], &["/me"], TOKEN)
}

fn responses(responses: &[String], target: &[&str], token: &str) -> Vec<String> {
    let steps = responses.iter().map(|response| Fault::raw(response.clone()).then_close());
    served(steps.collect(), target, token)
}

/// Refused twice, since the client asks for another token in between.
fn unauthorized(token: &AccessToken) -> Vec<String> {
    let refusal = graph("401 Unauthorized", "InvalidAuthenticationToken");
    responses(&[refusal.clone(), refusal], &["/me"], &token.encode())
}

fn throttled() -> Vec<String> {
    let refusal = graph("429 Too Many Requests\r\nretry-after: 1", "TooManyRequests");
    let steps = [refusal.clone(), refusal].map(|refusal| Fault::raw(refusal).then_close());
    let server = Emulator::start().unwrap();
    server.play(steps);
    failed(&["--base-url", &server.url(), "--max-retries", "1"], "/me", TOKEN)
}

/// What `set` prints about a server that plays a script.
fn served(steps: Vec<Fault>, target: &[&str], token: &str) -> Vec<String> {
    let server = Emulator::start().unwrap();
    server.play(steps);
    let (target, more) = target.split_first().unwrap();
    let url = server.url();
    let connection = [more, &["--max-retries", "0", "--base-url", &url]].concat();
    failed(&connection, target, token)
}

/// What a run prints that Graph or the network makes fail.
fn failed(connection: &[&str], target: &str, token: &str) -> Vec<String> {
    let mut program = program(&["set", target, "baseline.jpg"]);
    program.args(connection).env("GRAPH_ACCESS_TOKEN", token);
    let run = Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    vec![run.stderr]
}

/// Never resolves a name.
struct SilentResolver;

impl reqwest::dns::Resolve for SilentResolver {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

fn no_connection_in_time() -> Vec<String> {
    // Fails only if one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let own = reqwest::Client::builder()
        .connect_timeout(Duration::from_millis(10))
        .dns_resolver(SilentResolver)
        .build();
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(TOKEN))
        .base_url("https://graph.example")
        .http_client(own.unwrap())
        .retry_policy(RetryPolicy::never())
        .build();
    vec![replace_me(&client.unwrap())]
}

/// At a port where nothing listens.
fn sign_in() -> Vec<String> {
    vec![sign_in_at("https://127.0.0.1:0", 1, &mut |_| ())]
}

/// At a service that repeats the secret.
fn sign_in_that_echoes() -> Vec<String> {
    let service = Emulator::builder().tls(true).start().unwrap();
    let authority = file("messages-authority.pem", service.certificate_authority().unwrap());
    let body = format!(r#"{{"error":"invalid_client","error_description":"{TOKEN}"}}"#);
    service.play([Fault::raw(Fault::response(401, &[], body))]);
    let trust = &mut |program: &mut Command| {
        program.env("SSL_CERT_FILE", &authority);
    };
    vec![sign_in_at(&service.url(), 1, trust)]
}

fn sign_in_at(authority: &str, code: i32, prepare: &mut dyn FnMut(&mut Command)) -> String {
    let mut program = program(&["set", "/me", "baseline.jpg", "--auth", "client-secret"]);
    program
        .args(["--max-retries", "0"])
        .env("AZURE_TENANT_ID", "contoso")
        .env("AZURE_CLIENT_ID", "app")
        .env("AZURE_CLIENT_SECRET", TOKEN)
        .env("NO_PROXY", "127.0.0.1")
        .env("AZURE_AUTHORITY_HOST", authority);
    prepare(&mut program);
    let run = Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(code), "{}", run.stderr);
    run.stderr
}
