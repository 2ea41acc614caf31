//! The command line `graph-photo`, run as a process.
#![allow(clippy::unwrap_used, reason = "to panic is how a test fails")]

mod cloud;
mod completions;
mod fit;
mod help;
#[cfg(unix)]
mod interrupt;
mod json;
#[cfg(all(feature = "azure", unix))]
mod leaks;
mod man;
#[cfg(all(feature = "azure", unix))]
mod messages;
mod progress;
#[cfg(unix)]
mod pty;
mod report;
mod server;
mod shard;
mod sync;
mod target;
mod token_file;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use insta::assert_snapshot;
use serde_json::{Value, json};

use graph_photo_emulator::RecordedRequest;

use crate::server::Server;

const TOKEN: &str = "a-secret.of-the.test";
/// The length, in bytes, from which a piece of a token is never shown.
const PIECE: usize = 16;

const OK: &str =
    "HTTP/1.1 200 OK\r\nrequest-id: r-1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\nrequest-id: r-2\r\n\
                         connection: close\r\n\r\n\
                         {\"error\":{\"code\":\"ErrorItemNotFound\",\"message\":\"Not there at all.\"}}";

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\
                    connection: close\r\n\r\n";

/// Echoes the token, and most of it.
const ECHO: &str = "HTTP/1.1 503 a-secret.of-the.test\r\nrequest-id: secret.of-the.test\r\n\
                    x-echo: a-secret.of-the.test\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How a run of the program ended, and what it wrote.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        for piece in (0..=TOKEN.len() - PIECE).map(|at| &TOKEN[at..at + PIECE]) {
            let is_shown = run.stdout.contains(piece) || run.stderr.contains(piece);
            assert!(!is_shown, "a piece of the token is shown");
        }
        run
    }
}

/// The program, in the folder of fixtures and an environment without settings.
fn program(args: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_graph-photo"));
    program
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AZURE_") || text == "NO_COLOR" || text.starts_with("CLICOLOR") {
            program.env_remove(&name);
        }
    }
    program.env_remove("GRAPH_ACCESS_TOKEN");
    program
}

/// Runs the program without a token.
fn run(args: &[&str]) -> Run {
    program(args).output().unwrap().into()
}

/// Runs the program with a token, against a server.
fn run_with(server: &Server, args: &[&str]) -> Run {
    let connection = ["--base-url", &server.base_url];
    let mut program = program(&[args, &connection].concat());
    program.env("GRAPH_ACCESS_TOKEN", TOKEN).output().unwrap().into()
}

/// Writes a file for one test.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

/// The text without the random id of the request.
fn without_id(text: &str, request: &RecordedRequest) -> String {
    text.replace(request.header("client-request-id")[0], "[id]")
}

/// A container may have no certificates, which only TLS needs.
#[test]
fn needs_no_certificates_on_this_machine() {
    let server = Server::answering([OK]);
    let args = ["set", "/me", "baseline.jpg", "--base-url", &server.base_url];
    let mut program = program(&args);
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        program.env(name, Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-certificates"));
    }
    let run: Run = program.env("GRAPH_ACCESS_TOKEN", TOKEN).output().unwrap().into();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn uploads_a_photo() {
    let server = Server::answering([OK]);
    let run = run_with(&server, &["set", "/users/a@contoso.com", "baseline.jpg"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(run.stdout, @"/users/a@contoso.com: photo set: baseline JPEG, 144x160 pixels, colour, 3724 bytes (request-id r-1)");
    let request = server.request();
    assert_eq!(request.request_line(), "PUT /v1.0/users/a@contoso.com/photo/$value HTTP/1.1");
    assert_eq!(request.header("authorization"), [format!("Bearer {TOKEN}")]);
    assert_eq!(request.body, &include_bytes!("../../../../tests/fixtures/baseline.jpg")[..]);
}

#[test]
fn reports_an_upload_as_json() {
    let server = Server::answering([BUSY, OK]);
    let run = run_with(&server, &["--json", "set", "/me", "exif.jpg", "--method", "patch"]);
    assert_eq!(run.code, Some(0));
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.request_line().starts_with("PATCH ")));
    let mut report = run.json();
    // Half of the first backoff step, and a random part of the other half.
    assert!((0.5..=1.0).contains(&report["waitSeconds"].as_f64().unwrap()), "{report}");
    report["waitSeconds"] = 0.0.into();
    assert_snapshot!(without_id(&format!("{report:#}"), &requests[0]));
}

#[test]
fn warns_of_a_photo_on_standard_error() {
    let server = Server::answering([OK, OK]);
    let set = ["set", "/me", "exif.jpg"];
    assert_snapshot!(run_with(&server, &set).stderr);
    let run = run_with(&server, &[&set[..], &["--strip-metadata"]].concat());
    assert!(!run.stderr.contains("GPS"), "{}", run.stderr);
    let sizes: Vec<usize> = server.requests().iter().map(|request| request.body.len()).collect();
    assert!(sizes[1] < sizes[0], "{sizes:?}");
}

#[test]
fn takes_urls_as_targets() {
    let server = Server::answering([OK, OK, OK]);
    let below = format!("{}/groups/g-1/photo/$value", server.base_url);
    let urls = [&below, "https://graph.microsoft.com/v1.0/groups/g-1", "/groups/g-1/photo/$value"];
    for url in urls {
        assert_eq!(run_with(&server, &["set", url, "baseline.jpg"]).code, Some(0), "{url}");
        let line = server.request().request_line();
        assert_eq!(line, "PUT /v1.0/groups/g-1/photo/$value HTTP/1.1");
    }
}

#[test]
fn exits_with_1_if_graph_refuses() {
    let server = Server::answering([NOT_FOUND]);
    let run = run_with(&server, &["set", "/users/nobody", "baseline.jpg"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert_snapshot!(without_id(&run.stderr, &server.request()), @"error: failed to replace the photo of `/users/nobody`: Graph answered 404 Not Found (ErrorItemNotFound): Not there at all (request-id r-2, client-request-id [id]); hint: check the identifier; a user without a mailbox is answered like this as well, and the ids of contacts and folders change when they are moved");
}

#[test]
fn reports_a_refusal_as_json() {
    let server = Server::answering([NOT_FOUND]);
    let run = run_with(&server, &["set", "/users/nobody", "baseline.jpg", "--json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    assert_snapshot!(without_id(&format!("{:#}", run.json()), &server.request()));
}

#[test]
fn exits_with_1_if_the_network_fails() {
    let args =
        ["set", "/me", "baseline.jpg", "--base-url", "http://127.0.0.1:0", "--max-retries", "0"];
    let run = Run::from(program(&args).env("GRAPH_ACCESS_TOKEN", TOKEN).output().unwrap());
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("no connection was made"), "{}", run.stderr);
}

#[test]
fn tries_as_often_as_told() {
    let server = Server::answering([BUSY, BUSY, BUSY]);
    let run = run_with(&server, &["set", "/me", "baseline.jpg", "--max-retries", "1"]);
    assert_eq!((run.code, server.requests().len()), (Some(1), 2));
}

#[test]
fn gives_up_an_attempt_in_time() {
    let server = Server::answering([""]);
    let run = run_with(&server, &["set", "/me", "baseline.jpg", "--timeout", "1", "--json"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.json()["error"]["kind"], "timeout");
}

#[test]
fn exits_with_2_if_nothing_can_be_sent() {
    let long = format!("/users/{}", "a".repeat(10_000));
    let set = |target| ["set", target, "baseline.jpg", "--json"];
    let cases: [(&[&str], &str); 9] = [
        (&set("/me"), "unauthorized"),
        (&set("/users/.."), "invalidTarget"),
        (&set(&long), "invalidTarget"),
        (&set("https://graph.example/v1.0/me"), "invalidTarget"),
        (&["set", "/me", "look-alike.png", "--json"], "invalidPhoto"),
        (&["set", "/me", "missing.jpg", "--json"], "invalidPhoto"),
        (&["permissions", "/no-such/1", "--json"], "invalidTarget"),
        (
            &[
                "set",
                "https://graph.microsoft.us/v1.0/me",
                "baseline.jpg",
                "--cloud",
                "china",
                "--json",
            ],
            "invalidArguments",
        ),
        (&["set", "/me", "baseline.jpg", "--token-file", "missing", "--json"], "unauthorized"),
    ];
    for (args, kind) in cases {
        let run = run(args);
        let error = &run.json()["error"];
        assert_eq!(run.code, Some(2), "{args:?}");
        assert_eq!(
            (error["kind"].as_str(), &error["nothingSent"]),
            (Some(kind), &true.into()),
            "{args:?}"
        );
        assert!(run.stderr.starts_with("error: "), "{args:?}");
    }
}

#[test]
fn exits_with_2_on_a_base_url_that_is_not_safe() {
    for url in ["http://graph.example/v1.0", "ftp://127.0.0.1/", "https://me:secret@graph.example/"]
    {
        let args = ["set", "/me", "baseline.jpg", "--base-url", url];
        let run = Run::from(program(&args).env("GRAPH_ACCESS_TOKEN", TOKEN).output().unwrap());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{url}");
        assert!(
            run.stderr.contains("base URL") && !run.stderr.contains("secret@"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn exits_with_2_on_arguments_it_does_not_know() {
    let cases: [&[&str]; 6] = [
        &[],
        &["set", "/me"],
        &["set", "/me", "baseline.jpg", "--token", TOKEN],
        &["set", "/me", "baseline.jpg", "--cloud", "mars"],
        &["set", "/me", "baseline.jpg", "--timeout", "0"],
        &["check"],
    ];
    for args in cases {
        let output = program(args).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
    }
}

#[test]
fn tells_which_token_is_wrong() {
    let with_token = |token: &str| {
        let args = ["set", "/me", "baseline.jpg"];
        Run::from(program(&args).env("GRAPH_ACCESS_TOKEN", token).output().unwrap()).stderr
    };
    let messages = ["", "abc\ndef", "Bearer abc", "a b"].map(with_token).concat();
    assert_snapshot!(messages.replace(" or --auth", ""));
}

#[test]
fn shows_no_token_however_verbose() {
    let server = Server::answering([ECHO, REFUSED, REFUSED]);
    let run = run_with(&server, &["set", "/me", "baseline.jpg", "-vv"]); // `Run` looks for it
    assert_eq!((run.code, server.requests().len()), (Some(1), 3));
    for expected in ["trying again", "attempt{number=3}", "requesting another"] {
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
}

#[test]
fn tells_of_connections_if_asked_twice() {
    let server = Server::answering([OK, OK, OK]);
    let stderr = |verbosity: &[&str]| {
        run_with(&server, &[&["set", "/me", "baseline.jpg"], verbosity].concat()).stderr
    };
    assert_eq!(stderr(&[]), "");
    let (once, twice) = (stderr(&["-v"]), stderr(&["-vv"]));
    assert!(once.contains("graph_photo_client") && !once.contains("hyper_util"), "{once}");
    assert!(twice.contains("graph_photo_client") && twice.contains("hyper_util"), "{twice}");
}

#[cfg(target_os = "linux")]
#[test]
fn tells_that_the_photo_is_set_though_the_result_cannot_be_written() {
    let server = Server::answering([OK]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut program = program(&["set", "/me", "baseline.jpg", "--base-url", &server.base_url]);
    let run = Run::from(program.env("GRAPH_ACCESS_TOKEN", TOKEN).stdout(full).output().unwrap());
    assert_eq!(run.code, Some(1));
    assert_snapshot!(run.stderr, @"error: the photo of `/me` was set, but not reported: failed to write to standard output: No space left on device (os error 28)");
}

#[test]
fn checks_files() {
    let good = run(&["check", "baseline.jpg"]);
    assert_eq!((good.code, good.stderr.as_str()), (Some(0), ""));
    let mixed = run(&["check", "baseline.jpg", "exif.jpg", "look-alike.png"]);
    assert_eq!(mixed.code, Some(2));
    assert_snapshot!([mixed.stdout, mixed.stderr].concat());
    let single = run(&["check", "look-alike.png"]).stderr;
    assert_eq!(single, "error: 1 of 1 file cannot be uploaded\n");
}

#[test]
fn tells_of_image_data_that_ends_early() {
    let whole = include_bytes!("../../../../tests/fixtures/baseline.jpg");
    let cut = [&whole[..whole.len() / 2], b"\xFF\xD9"].concat();
    let cut = file("ends-early.jpg", cut);
    let warning = "the photo is damaged: its image data ends early, or has impossible codes, and \
                   programs show the rest in grey or shifted; read or download the whole file again";
    let check = |options: &[&str]| {
        let output = program(&["check"]).args(options).arg(&cut).output().unwrap();
        Run::from(output)
    };
    let checked = check(&[]);
    assert_eq!(checked.code, Some(0));
    assert!(checked.stdout.contains(&format!("\n  warning: {warning}\n")), "{}", checked.stdout);
    let json: Value = serde_json::from_str(&check(&["--json"]).stdout).unwrap();
    let expected = json!([{ "kind": "damagedImageData", "message": warning }]);
    assert_eq!(json["photo"]["warnings"], expected);
    let server = Server::answering([OK]);
    let sent = run_with(&server, &["set", "/me", cut.to_str().unwrap()]);
    assert_eq!(sent.code, Some(0));
    assert!(sent.stderr.contains(warning), "{}", sent.stderr);
}

/// A photo of this many bytes, most of which follow the image.
fn photo_of(bytes: usize) -> PathBuf {
    let mut photo = include_bytes!("../../../../tests/fixtures/baseline.jpg").to_vec();
    photo.resize(bytes, 0);
    file(&format!("{bytes}.jpg"), photo)
}

#[test]
fn checks_whether_a_request_can_carry_a_file() {
    let limit = usize::try_from(graph_photo_client::MAX_REQUEST_BYTES).unwrap();
    let files = [limit - 199, limit - 200, limit - 16 * 1024].map(photo_of);
    let output = program(&["check"]).args(&files).output().unwrap();
    let run = Run::from(output);
    assert_eq!(run.code, Some(2));
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/");
    assert_snapshot!([run.stdout, run.stderr].concat().replace(folder, ""));
    let json = Run::from(program(&["check", "--json"]).args(&files).output().unwrap()).stdout;
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["error"]["kind"], "tooLarge");
    assert_eq!(lines[1]["photo"]["warnings"][1]["kind"], "nearLimit");
    assert_eq!(lines[2]["photo"]["warnings"].as_array().unwrap().len(), 1);
}

/// No token is short enough for what `check` refuses.
#[test]
fn sends_no_fewer_bytes_beside_the_photo_than_check_assumes() {
    let server = Server::answering([OK]);
    let args = ["set", "/me", "baseline.jpg", "--base-url", &server.base_url];
    let run = Run::from(program(&args).env("GRAPH_ACCESS_TOKEN", "x").output().unwrap());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let request = server.request();
    assert!(request.head.len() >= 200, "{}", request.wire_bytes);
}

#[cfg(unix)]
#[test]
fn shows_no_name_of_a_file_that_a_terminal_would_obey() {
    let name = "\x1b[31m\u{202E}\n.jpg";
    let photo = file(name, include_bytes!("../../../../tests/fixtures/exif.jpg"));
    let photo = photo.to_str().unwrap();
    let server = Server::answering([OK]);
    let runs = [
        run(&["check", photo]),
        run_with(&server, &["set", "/me", photo]),
        run(&["set", "/me", "baseline.jpg", "--token-file", photo]),
    ];
    for run in runs {
        let text = [run.stdout, run.stderr].concat();
        assert!(text.contains("\\u{1b}[31m\\u{202e}\\n.jpg"), "{text}");
        assert!(!text.contains(['\x1b', '\u{202E}']), "{text}");
    }
}

#[test]
fn checks_files_as_json_lines() {
    let run = run(&["check", "--json", "exif.jpg", "look-alike.png"]);
    assert_eq!(run.code, Some(2));
    let lines: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_snapshot!(format!("{:#}\n{:#}", lines[0], lines[1]));
}

#[test]
fn lists_permissions() {
    let permissions = |args: &[&str]| {
        let run = run(&[&["permissions"], args].concat());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        run.stdout
    };
    let of_some = |format| {
        let of_one = |target| permissions(&[target, "--format", format]);
        ["/me", "/users/{userId}", "/groups/{groupId}"].map(of_one).join("\n")
    };
    assert_snapshot!("permissions_table", of_some("table"));
    assert_snapshot!("permissions_markdown", of_some("markdown"));
    for format in ["table", "markdown"] {
        let all = permissions(&["--format", format]);
        for template in graph_photo_client::PhotoTarget::TEMPLATES {
            assert!(all.contains(template), "{format}: {template}");
        }
    }
    assert_snapshot!(
        "permissions_json",
        permissions(&["/users/a@contoso.com", "--format", "json"])
    );
    let json: Vec<Value> = serde_json::from_str(&permissions(&["--format", "json"])).unwrap();
    assert_eq!(json.len(), graph_photo_client::PhotoTarget::TEMPLATES.len());
    let lines = permissions(&["--json"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, json);
    let template = "https://graph.microsoft.com/v1.0/users/{userId}/photo/$value";
    assert!(permissions(&[template]).starts_with("/users/{userId}\n"));
    let application = ["--type", "application"];
    assert!(!permissions(&application).contains("  delegated"));
    let markdown = permissions(&[&application[..], &["--format", "markdown"]].concat());
    assert!(markdown.starts_with("| Target | Methods | Application | Accounts |\n"), "{markdown}");
}

/// The manifest and the notes beside it.
fn manifest(args: &[&str]) -> (Value, String, String) {
    let run = run(&[&["permissions", "--format", "manifest"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let access = json["requiredResourceAccess"][0]["resourceAccess"].clone();
    (access, run.stdout, run.stderr)
}

#[test]
fn asks_for_the_least_in_a_manifest() {
    let (user, text, notes) = manifest(&["/users/{userId}"]);
    assert_snapshot!("permissions_manifest", text);
    assert_snapshot!("permissions_manifest_notes", notes);
    let (all, ..) = manifest(&[]);
    let all = all.as_array().unwrap();
    assert!(user.as_array().unwrap().iter().all(|permission| all.contains(permission)), "{all:?}");
    let (group, ..) = manifest(&["/groups/{groupId}"]);
    let photos = [
        json!({ "id": "f5b24df7-511e-48bb-ae88-643f023b55e1", "type": "Scope" }),
        json!({ "id": "27baa7f6-5dfb-4ba8-b1d3-1e812c143013", "type": "Role" }),
    ];
    assert_eq!(group, json!(photos));
}

#[test]
fn own_photo_only_is_no_way_to_another_user() {
    let (user, _, notes) = manifest(&["/users/{userId}", "--type", "delegated"]);
    let photos = json!({ "id": "f5b24df7-511e-48bb-ae88-643f023b55e1", "type": "Scope" });
    assert_eq!(user, json!([photos]));
    assert_snapshot!("permissions_manifest_of_a_user", notes);
}

#[test]
fn does_without_colours_if_asked() {
    let run = |no_colour: &str| {
        let mut program = program(&["set", "/me", "missing.jpg"]);
        let program = program.env("CLICOLOR_FORCE", "1").env("NO_COLOR", no_colour);
        Run::from(program.output().unwrap()).stderr
    };
    assert!(run("").contains('\x1b'));
    assert!(!run("1").contains('\x1b'));
}

#[test]
fn tells_its_version() {
    let expected = concat!("graph-photo ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(run(&["--version"]).stdout, expected);
}

/// Without `azure`, `--auth` is refused with the reason.
#[cfg(not(feature = "azure"))]
#[test]
fn tells_how_to_get_a_build_that_signs_in() {
    for auth in ["azure-cli", "managed-identity", "other"] {
        for args in [&["set", "/me", "baseline.jpg"][..], &["check", "baseline.jpg"]] {
            let run = run(&[args, &["--auth", auth, "--json"]].concat());
            assert_eq!(
                (run.code, &run.json()["error"]["kind"]),
                (Some(2), &"invalidArguments".into())
            );
            assert!(
                run.stderr.contains("cargo install --path generated-client/cli"),
                "{}",
                run.stderr
            );
            assert!(
                !run.stderr.contains("tip:") && !run.stderr.contains("similar"),
                "{}",
                run.stderr
            );
        }
    }
    assert!(!run(&["--help"]).stdout.contains("--auth"));
}

/// As in a pipeline.
#[test]
fn reads_standard_input() {
    let server = Server::answering([OK]);
    let with_input = |args: &[&str], file: &str| {
        let photo = fs::File::open(Path::new("../../tests/fixtures").join(file)).unwrap();
        let mut program = program(args);
        program.args(["--json", "--base-url", &server.base_url]).env("GRAPH_ACCESS_TOKEN", TOKEN);
        Run::from(program.stdin(photo).output().unwrap())
    };
    let set = with_input(&["set", "/me", "-"], "baseline.jpg");
    assert_eq!((set.code, &set.json()["file"]), (Some(0), &"-".into()));
    assert_eq!(
        server.request().body,
        &include_bytes!("../../../../tests/fixtures/baseline.jpg")[..]
    );
    assert_eq!(with_input(&["check", "-"], "baseline.jpg").code, Some(0));
    for args in [&["set", "/me", "-"][..], &["check", "-"]] {
        let refused = with_input(args, "look-alike.png");
        let error = &refused.json()["error"];
        assert_eq!((refused.code, &error["kind"]), (Some(2), &"invalidPhoto".into()));
        assert!(error["message"].as_str().unwrap().contains("PNG"), "{error}");
    }
}

#[test]
fn tells_whose_photo_a_refused_file_was_to_be() {
    let set = ["set", "/users/a@contoso.com", "look-alike.png"];
    let put = run(&set);
    assert_eq!((put.code, put.stdout.as_str()), (Some(2), ""));
    assert_snapshot!(put.stderr, @"error: failed to replace the photo of `/users/a@contoso.com`: failed to read the photo `look-alike.png`: the bytes are a PNG image, not a JPEG; convert it to JPEG first");
    let patch = run(&[&set[..], &["--method", "patch", "--json"]].concat());
    let error = &patch.json()["error"];
    assert_eq!((&error["kind"], &error["nothingSent"]), (&"invalidPhoto".into(), &true.into()));
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("failed to update the photo of `/users/a@contoso.com`: "),
        "{message}"
    );
}

#[cfg(feature = "azure")]
mod auth {
    //! `--auth`.

    use serde_json::json;

    use super::{OK, Run, Server, TOKEN, program};

    /// With an `az` that records its arguments and prints a token.
    #[cfg(unix)]
    #[test]
    fn takes_the_token_of_the_azure_cli() {
        use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("az");
        fs::create_dir_all(&directory).unwrap();
        let script = format!(
            "#!/bin/sh\necho \"$@\" >{0}/arguments\n\
             echo '{{\"accessToken\":\"{TOKEN}\",\"expires_on\":4000000000,\"tokenType\":\"Bearer\"}}'\n",
            directory.display()
        );
        let az = directory.join("az");
        fs::write(&az, script).unwrap();
        fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).unwrap();

        let server = Server::answering([OK]);
        let args = ["set", "/me", "baseline.jpg", "-vv", "--auth", "azure-cli", "--cloud", "us-l5"];
        let mut program = program(&args);
        let run = program.args(["--base-url", &server.base_url]).env("PATH", &directory).output();
        let run = Run::from(run.unwrap());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(server.request().header("authorization"), [format!("Bearer {TOKEN}")]);
        let arguments = fs::read_to_string(directory.join("arguments")).unwrap();
        assert!(arguments.contains("https://dod-graph.microsoft.us/.default"), "{arguments}");
    }

    #[test]
    fn refuses_to_sign_in_without_settings() {
        let set = ["set", "/me", "baseline.jpg", "--auth"];
        let stderr = |args: &[&str]| {
            let run = Run::from(program(&[&set, args].concat()).output().unwrap());
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
            run.stderr
        };
        let messages = [
            stderr(&["client-secret"]),
            stderr(&["client-secret", "--cloud", "china"]),
            stderr(&["workload-identity"]),
            stderr(&["azure-cli", "--token-file", "token.txt"]),
        ];
        let mut empty = program(&[&set[..], &["client-secret"]].concat());
        let empty = Run::from(empty.env("AZURE_CLIENT_SECRET", "").output().unwrap());
        assert_eq!(empty.stderr, messages[0]);
        insta::assert_snapshot!(messages.concat());
    }

    #[test]
    fn tells_why_signing_in_failed() {
        let sign_in = |authority: &str| {
            let args = ["set", "/me", "baseline.jpg", "-vv", "--json", "--auth", "client-secret"];
            let mut program = program(&args);
            program
                .args(["--max-retries", "0"])
                .env("AZURE_TENANT_ID", "contoso")
                .env("AZURE_CLIENT_ID", "app")
                .env("AZURE_CLIENT_SECRET", TOKEN) // `Run` looks for it
                .env("NO_PROXY", "127.0.0.1")
                .env("AZURE_AUTHORITY_HOST", authority);
            Run::from(program.output().unwrap())
        };
        let insecure = sign_in("http://127.0.0.1:0");
        assert_eq!(insecure.code, Some(2));
        assert!(insecure.stderr.contains("doesn't use HTTPS"), "{}", insecure.stderr);
        let nobody_listens = sign_in("https://127.0.0.1:0");
        assert_eq!(nobody_listens.code, Some(1));
        let expected = "ClientSecretCredential authentication failed";
        assert_eq!(nobody_listens.stderr.matches(expected).count(), 1, "{}", nobody_listens.stderr);
        let error = &nobody_listens.json()["error"];
        assert_eq!(json!([error["kind"], error["nothingSent"]]), json!(["connection", false]));
        assert_eq!(error["retryable"], true);
    }

    /// With an `az` that fails as if nobody were signed in.
    #[cfg(unix)]
    #[test]
    fn exits_with_1_if_there_is_nobody_signed_in() {
        use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("az-of-nobody");
        fs::create_dir_all(&directory).unwrap();
        let az = directory.join("az");
        fs::write(&az, "#!/bin/sh\necho 'Please run az login' >&2\nexit 1\n").unwrap();
        fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).unwrap();
        let mut program = program(&["set", "/me", "baseline.jpg", "--json", "--auth", "azure-cli"]);
        let run = Run::from(program.env("PATH", &directory).output().unwrap());
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        let error = &run.json()["error"];
        assert_eq!(json!([error["kind"], error["nothingSent"]]), json!(["unauthorized", false]));
    }

    /// No secret is sent before the cloud is known.
    #[test]
    fn signs_in_where_the_cloud_of_the_base_url_does() {
        for url in ["https://graph.microsoft.us/v1.0", "https://GRAPH.microsoft.us:443/beta/"] {
            let args = ["set", "/me", "baseline.jpg", "--auth", "client-secret", "--base-url", url];
            let run = Run::from(program(&args).env("AZURE_AUTHORITY_HOST", "").output().unwrap());
            assert_eq!(run.code, Some(2), "{}", run.stderr);
            assert!(run.stderr.contains("apps of the cloud `us-l4` sign in at"), "{}", run.stderr);
        }
    }

    /// Gets as far as the proxy, where nothing listens.
    #[test]
    fn takes_an_empty_url_to_sign_in_at_for_none() {
        let mut program = program(&["set", "/me", "baseline.jpg", "--auth", "client-secret"]);
        program
            .args(["--max-retries", "0"])
            .env("AZURE_TENANT_ID", "contoso")
            .env("AZURE_CLIENT_ID", "app")
            .env("AZURE_CLIENT_SECRET", TOKEN)
            .env("AZURE_AUTHORITY_HOST", "")
            .env("HTTPS_PROXY", "http://127.0.0.1:0")
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env_remove("https_proxy");
        let run = Run::from(program.output().unwrap());
        assert_eq!(run.code, Some(1), "{}", run.stderr);
    }
}
