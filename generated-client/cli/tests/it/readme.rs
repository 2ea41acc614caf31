//! The tables of the README are what is really said: each row has a case here
//! that is run, and each case a row.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, RetryPolicy, StaticToken};
use graph_photo_emulator::{AccessToken, Emulator, Fault};

use super::{Run, TOKEN, file, program, run};

/// A row's first cell, and how to get what its second one repeats.
type Case = (&'static str, fn() -> Vec<String>);

const LOCAL: &[Case] = &[
    ("a PNG file; likewise GIF, WebP, HEIC, AVIF, BMP, TIFF", images),
    ("base64 text", || refused_photo("/9j/4AAQSkZJRg==")),
    ("a `data:` URL", || refused_photo("data:image/jpeg;base64,/9j/4AAQSkZJRg==")),
    ("UTF-16 text, such as what Windows PowerShell redirects with `>`", || {
        let photo = fixture("baseline.jpg");
        let text = photo.iter().flat_map(|byte| u16::from(*byte).to_le_bytes());
        refused_photo([0xFF, 0xFE].into_iter().chain(text).collect::<Vec<_>>())
    }),
    ("a JPEG after other bytes: a byte-order mark, an empty line, HTTP headers", || {
        refused_photo([&b"\xEF\xBB\xBF"[..], &fixture("baseline.jpg")].concat())
    }),
    ("an HTML page saved as a photo; likewise JSON, other text", texts),
    ("an empty file", || refused_photo("")),
    ("a missing file", || refused(&["set", "/me", "missing.jpg"])),
    ("a folder", folder),
    ("a cut-off download", || refused_photo(&fixture("baseline.jpg")[..2000])),
    ("a JPEG that makes no sense", || refused_photo(without_width())),
    ("a JPEG of a kind that browsers do not read", || refused_photo(fixture("arithmetic.jpg"))),
    ("a file that is too large", || refused_photo(vec![0; 5_000_000])),
    ("a photo that is too large only with its metadata or the film after it", || {
        refused_photo([fixture("baseline.jpg"), vec![0; 5_000_000]].concat())
    }),
    ("a file that fills a request, with `check`", full_photo),
    ("a photo that does not fit with this token, with `set`", overfull_request),
    ("the identifier `..`", || refused_target("/users/..")),
    ("an empty identifier", || refused_target("/users/")),
    ("an identifier that is too long", || {
        refused_target(&["/users/", &"a".repeat(10_000)].concat())
    }),
    ("an identifier with a backslash", || refused_target("/users/a\\b")),
    ("an identifier with an invisible character", || refused_target("/users/a\u{202E}b")),
    ("an identifier with a look-alike of a space", || refused_target("/users/a\u{A0}b")),
    ("a placeholder", || refused_call("/users/{id}")),
    ("a variable that no shell has replaced", || refused_call("/users/$id")),
    ("a list of addresses", || refused_call("a@contoso.com;b@contoso.com")),
    ("an address with a name", || refused_call("Megan Bowen <megan@contoso.com>")),
    ("a percent sign that encodes nothing", || refused_target("/users/%FF")),
    ("a target without `/` at its start", || refused_target("me")),
    ("a target with a blank at its end", || refused_target("/me ")),
    ("a target in double quotes, whose `$value` the shell took", || refused_target("/me/photo/")),
    ("target and file in the other order", || refused(&["set", "baseline.jpg", "/me"])),
    // No path of a spec may have a hyphen.
    ("a resource that has no photo here", || refused_target("/no-such/1")),
    ("the URL of another service, or of the beta version", foreign_urls),
    ("a Graph URL in the clear", || refused_target("http://graph.microsoft.com/v1.0/me")),
    ("a target of one cloud and an option for another", || {
        refused(&["set", "https://graph.microsoft.us/v1.0/me", "baseline.jpg", "--cloud", "china"])
    }),
    ("a base URL in the clear", base_url_in_the_clear),
    ("no token", || refused(&["set", "/me", "baseline.jpg"])),
    ("a token with a line break", || refused_token("abc\ndef")),
    ("a token with its scheme", || refused_token("Bearer abc")),
    ("a token file as PowerShell writes UTF-16", utf16_token),
    ("in the library, `check_permissions` and an expired token", || not_sent(&expired())),
    ("in the library, `check_permissions` and a token for later", || not_sent(&early())),
    ("in the library, `check_permissions` and a permission too few", || not_sent(&too_few())),
    ("in the library, `check_permissions` and an app for `/me`", || not_sent(&app())),
];

const REMOTE: &[Case] = &[
    ("no such user", || answer(&graph("404 Not Found", "ErrorItemNotFound"))),
    ("no such group; likewise contact", || {
        let refusal = graph("404 Not Found", "ErrorItemNotFound");
        answers(&[refusal], &["/groups/g-1"], TOKEN)
    }),
    ("a user who has no profile", || {
        answer(&graph("404 Not Found", "ErrorUserResolutionFailedUserDoesNotExist"))
    }),
    ("no mailbox", || answer(&graph("404 Not Found", "ErrorNonExistentMailbox"))),
    ("a mailbox on premises", || {
        answer(&graph("400 Bad Request", "MailboxNotHostedInExchangeOnline"))
    }),
    ("a guest", || {
        answer(&graph_saying("400 Bad Request", "ErrorInvalidRequest", "Request is invalid."))
    }),
    ("a missing permission", || {
        answers(&[graph("403 Forbidden", "ErrorAccessDenied")], &["/me"], &too_few().encode())
    }),
    ("a permission whose condition may not be met", || {
        let refusal = graph("403 Forbidden", "ErrorAccessDenied");
        let token = AccessToken::delegated(["User.ReadWrite.All"]).encode();
        answers(&[refusal], &["/users/adele@contoso.com"], &token)
    }),
    ("an app-only token for `/me`", || {
        answers(&[graph("400 Bad Request", "BadRequest")], &["/me"], &app().encode())
    }),
    ("an app-only token for a group", || {
        let refusal = graph("403 Forbidden", "AppOnlyTokenNotSupportedForGroupUpdate");
        answers(&[refusal], &["/groups/g-1"], TOKEN)
    }),
    ("a policy of the tenant", || answer(&graph("403 Forbidden", "ErrorAccessDenied"))),
    ("an expired token", || unauthorized(&expired())),
    ("a token for later", || unauthorized(&early())),
    ("another cloud's token", || unauthorized(&too_few().audience("https://graph.microsoft.us"))),
    ("too small a picture", || answer(&graph("400 Bad Request", "ValidationWidthTooSmall"))),
    ("a picture that Graph cannot read", || {
        answer(&graph("500 Internal Server Error", "ErrorInternalServerError"))
    }),
    ("a failure of Exchange", || {
        answer(&graph("500 Internal Server Error", "ErrorStoreInternalServerError"))
    }),
    ("leftovers of earlier uploads that outlast the retries", || {
        let message = "Not found., Too many photo items with class 'IPM.UserPhoto.Preview'.";
        answer(&graph_saying("404 Not Found", "ErrorItemNotFound", message))
    }),
    ("changes by others that outlast the retries", || {
        answer(&graph("409 Conflict", "Directory_ConcurrencyViolation"))
    }),
    ("throttling that outlasts the retries", throttled),
    ("a gateway's page", || {
        answer("HTTP/1.1 413 Payload Too Large\r\n\r\n<html> <title>Too large</title> </html>")
    }),
    ("an answer that says nothing", || answer("HTTP/1.1 501 Not Implemented\r\n\r\n")),
    ("a redirect", || answer("HTTP/1.1 302 Found\r\nlocation: https://graph.example/\r\n\r\n")),
    ("no connection", || {
        failed(&["--base-url", "http://127.0.0.1:0", "--max-retries", "0"], "/me", TOKEN)
    }),
    ("no connection in time", no_connection_in_time),
    ("a broken connection", || served(vec![Fault::close()], &["/me"], TOKEN)),
    ("silence", || served(vec![Fault::silence()], &["/me", "--timeout", "1"], TOKEN)),
    ("signing in that fails, with `--auth`", sign_in),
];

#[test]
fn what_is_refused_here_is_in_the_table() {
    compare("input", LOCAL);
}

#[test]
fn what_graph_refuses_is_in_the_table() {
    for (name, said) in compare("refusal", REMOTE) {
        assert!(said.contains("failed to replace the photo of `/"), "{name}: {said}");
        let has_ids = said.contains("client-request-id ");
        assert!(has_ids || name.starts_with("signing in"), "{name}: {said}");
    }
}

/// Compares a table with its cases, and gives what was said in each.
fn compare(head: &str, cases: &[Case]) -> Vec<(&'static str, String)> {
    let table = table(head);
    let rows: Vec<&str> = table.iter().map(|(name, _)| name.as_str()).collect();
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    assert_eq!(rows, names);
    let mut all = Vec::new();
    for ((name, said), (_, expected)) in cases.iter().zip(&table) {
        for said in said() {
            assert!(has_pieces(&said, expected), "{name}\n  table: {expected}\n   said: {said}");
            all.push((*name, said));
        }
    }
    all
}

/// The rows of the README's table whose first column is so named.
fn table(head: &str) -> Vec<(String, String)> {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let text = fs::read_to_string(readme).unwrap();
    let start = format!("| {head} | what you read |");
    let rows = text.lines().skip_while(|line| *line != start).skip(2);
    let row = |line: &str| {
        let cells = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let (name, words) = cells.split_once(" | ")?;
        Some((name.to_owned(), words.to_owned()))
    };
    rows.map_while(row).collect()
}

/// Whether a text has all that stands between the `...` of another, in its order.
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
fn finds_pieces_in_their_order() {
    assert!(has_pieces("Graph said no (id 1); hint: ask", "said ...; hint: ask"));
    assert!(!has_pieces("hint: ask; said", "said ...; hint: ask"));
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new("../../tests/fixtures").join(name)).unwrap()
}

/// What a run that is refused here says.
fn refused(args: &[&str]) -> Vec<String> {
    let Run { code, stderr, .. } = run(args);
    assert_eq!(code, Some(2), "{stderr}");
    vec![stderr]
}

/// What `set` says of a file with some content; `check` says the same.
fn refused_photo(content: impl AsRef<[u8]>) -> Vec<String> {
    let path = file("readme.jpg", content);
    let path = path.to_str().unwrap();
    let checked = run(&["check", path]).stdout;
    [refused(&["set", "/me", path]), vec![checked]].concat()
}

fn refused_target(target: &str) -> Vec<String> {
    [refused(&["set", target, "baseline.jpg"]), refused(&["permissions", target])].concat()
}

/// What `set` says of a target that only what sends something refuses.
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
    file("readme-largest.jpg", photo)
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
    let path = file("readme-token.txt", b"\xFF\xFEa\0b\0");
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

/// What the library says of a token if it is to look at it before sending.
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

/// What an answer makes of an upload.
fn answer(answer: &str) -> Vec<String> {
    answers(&[answer.to_owned()], &["/me"], TOKEN)
}

fn answers(answers: &[String], target: &[&str], token: &str) -> Vec<String> {
    let steps = answers.iter().map(|answer| Fault::raw(answer.clone()).then_close());
    served(steps.collect(), target, token)
}

/// Such an answer is given twice, because another token is asked for.
fn unauthorized(token: &AccessToken) -> Vec<String> {
    let refusal = graph("401 Unauthorized", "InvalidAuthenticationToken");
    answers(&[refusal.clone(), refusal], &["/me"], &token.encode())
}

fn throttled() -> Vec<String> {
    let refusal = graph("429 Too Many Requests\r\nretry-after: 1", "TooManyRequests");
    let steps = [refusal.clone(), refusal].map(|answer| Fault::raw(answer).then_close());
    let server = Emulator::start().unwrap();
    server.play(steps);
    failed(&["--base-url", &server.url(), "--max-retries", "1"], "/me", TOKEN)
}

/// What `set` says with a server that plays a script.
fn served(steps: Vec<Fault>, target: &[&str], token: &str) -> Vec<String> {
    let server = Emulator::start().unwrap();
    server.play(steps);
    let (target, more) = target.split_first().unwrap();
    let url = server.url();
    let connection = [more, &["--max-retries", "0", "--base-url", &url]].concat();
    failed(&connection, target, token)
}

/// What a run that fails elsewhere says.
fn failed(connection: &[&str], target: &str, token: &str) -> Vec<String> {
    let mut program = program(&["set", target, "baseline.jpg"]);
    program.args(connection).env("GRAPH_ACCESS_TOKEN", token);
    let run = Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    vec![run.stderr]
}

/// Knows no name, and says so never.
struct SilentResolver;

impl reqwest::dns::Resolve for SilentResolver {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

fn no_connection_in_time() -> Vec<String> {
    // Fails only if there is one already.
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

/// At a port that nobody listens at.
fn sign_in() -> Vec<String> {
    let mut program = program(&["set", "/me", "baseline.jpg", "--auth", "client-secret"]);
    program
        .args(["--max-retries", "0"])
        .env("AZURE_TENANT_ID", "contoso")
        .env("AZURE_CLIENT_ID", "app")
        .env("AZURE_CLIENT_SECRET", TOKEN)
        .env("NO_PROXY", "127.0.0.1")
        .env("AZURE_AUTHORITY_HOST", "https://127.0.0.1:0");
    let run = Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    vec![run.stderr]
}
