//! Nothing leaks: every command, with marked tokens, client secrets, passwords and a marked
//! position in its photos, then a search of all that it wrote.
//!
//! `tests/it/client/echoes.rs` tries many more echoes on the library, and `cargo xtask soak`
//! searches its own output.

mod library;
mod log;
mod searcher;

use std::{
    fmt::Debug,
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use graph_photo_emulator::{Emulator, Fault};

use self::searcher::Searcher;
use super::{program, pty::pty};

const CLIENT_SECRET: &str = "Cs8~marked.client_secret-of.the.app0123";
const PASSWORD: &str = "marked-password-of-a-base-url-77";
/// Latitude in XMP, and below as EXIF has it.
const POSITION: &str = "47,21.98765432109N";
const PATIENCE: Duration = Duration::from_secs(60);

/// Folders of its own for a run, an emulator, and what must appear nowhere.
struct Site {
    dir: PathBuf,
    emulator: Emulator,
    token: String,
    searcher: Searcher,
}

impl Site {
    fn new(name: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("leaks-{name}"));
        let _ = fs::remove_dir_all(&dir);
        for folder in ["home", "tmp", "work", "given/photos"] {
            fs::create_dir_all(dir.join(folder)).unwrap();
        }
        let emulator = Emulator::start().unwrap();
        let token = emulator.administrator_token(emulator.default_user()).encode();
        let mut searcher = Searcher::default();
        // From its payload on: the header is the same in every token.
        searcher.add("token", token.split_once('.').unwrap().1.as_bytes());
        searcher.add("client secret", CLIENT_SECRET.as_bytes());
        searcher.add("password", PASSWORD.as_bytes());
        searcher.add("position in XMP", POSITION.as_bytes());
        searcher.add("position in EXIF", &coordinate());
        let site = Self { dir, emulator, token, searcher };
        site.give("token.txt", &site.token);
        site.give("photos/a@contoso.com.jpg", marked("baseline.jpg"));
        site.give("photos/b@contoso.com.jpg", marked("tiny.jpg"));
        site.give("half.jpg", &marked("baseline.jpg")[..1000]);
        site
    }

    /// Writes a file that may have secrets.
    fn give(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.dir.join("given").join(file), bytes).unwrap();
    }

    /// The program, with no folders but those of the site.
    fn program(&self, args: &[&str]) -> Command {
        let mut program = program(args);
        program.current_dir(self.dir.join("work")).env("TMPDIR", self.dir.join("tmp"));
        for name in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]
        {
            program.env(name, self.dir.join("home"));
        }
        program
            .env("GRAPH_ACCESS_TOKEN", &self.token)
            .env("AZURE_CLIENT_SECRET", CLIENT_SECRET)
            .env("NO_PROXY", "127.0.0.1")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        program
    }

    /// Runs the program, which has to end like this if a code is given, and searches what it wrote.
    fn run(&self, code: impl Into<Option<i32>>, args: &[&str]) -> Output {
        let output = self.program(args).output().unwrap();
        self.search(args, &output);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if let Some(code) = code.into() {
            assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
        }
        output
    }

    /// Runs it in each way to write.
    fn run_in_each_form(
        &self,
        code: impl Into<Option<i32>> + Copy,
        args: &[&str],
        answers: &[Fault],
    ) {
        for form in [&["-vv"][..], &["-v"], &["--json"]] {
            self.emulator.reset();
            for answer in answers {
                self.emulator.fail_next(1, answer.clone());
            }
            self.run(code, &[args, form].concat());
        }
    }

    /// Searches all that a run wrote.
    fn search(&self, args: &[&str], output: &Output) {
        for text in [&output.stdout, &output.stderr] {
            self.search_text(args, text);
        }
        for file in self.files() {
            let found = self.searcher.find(&fs::read(&file).unwrap());
            assert_eq!(found, None, "{args:?}: {}", file.display());
        }
    }

    #[track_caller]
    fn search_text(&self, what: impl Debug, text: &[u8]) {
        let found = self.searcher.find(text);
        assert_eq!(found, None, "{what:?}: {}", String::from_utf8_lossy(text));
    }

    /// All files but those that were given.
    fn files(&self) -> Vec<PathBuf> {
        let (mut files, mut folders) = (Vec::new(), vec![self.dir.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let is_given = path.ends_with("given/photos")
                    || ["token.txt", "half.jpg", "table.csv"].iter().any(|f| path.ends_with(f));
                if path.is_dir() && !is_given {
                    folders.push(path);
                } else if !is_given {
                    files.push(path);
                }
            }
        }
        files
    }

    /// Whether only their owner can read these files.
    fn assert_private(&self, files: &[&str]) {
        for file in files {
            let mode = self.dir.join(file).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
}

/// A degree, minutes and their fraction, as EXIF has them.
fn coordinate() -> Vec<u8> {
    [47_u32, 1, 21, 1, 987_654_321, 10_000_000].iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// A fixture with the marked position in EXIF and in XMP.
fn marked(fixture: &str) -> Vec<u8> {
    let segment = |content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [b"\xFF\xE1", &length[..], content].concat()
    };
    // Big endian: a directory with the pointer to that of GPS, at byte 26 (TIFF 6.0, EXIF 2.3).
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1A\0\0\0\0".to_vec();
    // Both references and both coordinates, the latter from byte 80 on.
    exif.extend(b"\0\x04\0\x01\0\x02\0\0\0\x02N\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x50");
    exif.extend(b"\0\x03\0\x02\0\0\0\x02E\0\0\0\0\x04\0\x05\0\0\0\x03\0\0\0\x50\0\0\0\0");
    exif.extend(coordinate());
    let xmp = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:GPSLatitude='{POSITION}' \
         exif:GPSLongitude='8,32.1E'/></rdf:RDF></x:xmpmeta>"
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let photo = fs::read(folder.join(fixture)).unwrap();
    let (start, rest) = photo.split_at(2);
    [start, &segment(&exif), &segment(xmp.as_bytes()), rest].concat()
}

/// Answers that echo a text: in a header, an error, a page, a redirect and a challenge.
fn echoes(echo: &str) -> [Fault; 5] {
    let json = format!(r#"{{"error":{{"code":"c","message":"Bearer {echo}"}}}}"#);
    let url = format!("https://127.0.0.1:0/?access_token={echo}");
    let answer = |status, headers: &[(&str, &str)], body: &str| {
        Fault::raw(Fault::response(status, headers, body))
    };
    [
        answer(403, &[("X-Echo", echo), ("request-id", echo)], &json),
        answer(502, &[], &format!("<html>{echo}</html>")),
        answer(302, &[("Location", &url)], ""),
        answer(401, &[("WWW-Authenticate", echo)], &json),
        Fault::raw(format!("HTTP/1.1 403 {echo}\r\nContent-Length: 0\r\n\r\n")),
    ]
}

#[test]
fn set_leaks_nothing() {
    let site = Site::new("set");
    let base_url = site.emulator.base_url();
    let given = |file: &str| format!("../given/{file}");
    let (photo, half) = (given("photos/a@contoso.com.jpg"), given("half.jpg"));
    let to = |target| ["set", target, &photo, "--max-retries", "0", "--base-url", &base_url];
    site.run_in_each_form(0, &to("/me"), &[]);
    let sent = &site.emulator.requests()[0];
    assert!(site.searcher.find(&sent.body).is_some() && site.searcher.find(&sent.head).is_some());
    site.run_in_each_form(0, &[&to("/me")[..], &["--strip-metadata"]].concat(), &[]);
    assert_eq!(site.searcher.find(&site.emulator.requests()[0].body), None);
    site.run_in_each_form(
        0,
        &[&to("/me")[..], &["--token-file", &given("token.txt")]].concat(),
        &[],
    );
    for answer in echoes(&site.token) {
        site.run_in_each_form(1, &to("/me"), &[answer.clone(), answer]);
    }
    for fault in [Fault::close(), Fault::reset_after_body(), Fault::raw("no HTTP")] {
        site.run_in_each_form(1, &to("/me"), &[fault]);
    }
    site.run_in_each_form(0, &to("/me"), &[Fault::expired_token()]);
    let broken = ["set", "/me", &half, "--base-url", &base_url];
    site.run_in_each_form(2, &broken, &[]);
    for url in ["http://127.0.0.1:0", "https://127.0.0.1:0"] {
        let nobody = ["set", "/me", &photo, "--max-retries", "0", "--base-url", url];
        site.run_in_each_form(1, &nobody, &[]);
    }
    // No TLS where it is expected.
    let tls = base_url.replace("http:", "https:");
    let tls = ["set", "/me", &photo, "--max-retries", "0", "--base-url", &tls];
    site.run_in_each_form(1, &tls, &[]);
}

/// Pasted with more than a target, a base URL or a token.
#[test]
fn mistakes_are_refused_without_repeating_secrets() {
    let site = Site::new("mistakes");
    let photo = "../given/photos/a@contoso.com.jpg";
    let token = &site.token;
    let targets = [
        format!("https://graph.microsoft.com/v1.0/me?access_token={token}"),
        format!("https://graph.microsoft.com/v1.0/me/photo/$value?access_token={token}"),
        format!("https://graph.microsoft.com/v1.0/users/a@b#access_token={token}&x=/"),
        format!("https://graph.microsoft.com/beta/me?access_token={token}"),
        format!("https://user:{PASSWORD}@graph.microsoft.com/v1.0/me"),
        format!("https://user:a?{PASSWORD}@graph.microsoft.com/v1.0/me"),
        format!("https://example.com?x=a@{PASSWORD}"),
        format!("/me?access_token={token}"),
    ];
    for target in &targets {
        site.run_in_each_form(2, &["set", target, photo], &[]);
        site.run_in_each_form(2, &["permissions", target], &[]);
        if target.contains("://") {
            site.run_in_each_form(2, &["set", photo, target], &[]);
        }
        site.give("table.csv", format!("target,file\n\"{target}\",photos/a@contoso.com.jpg\n"));
        site.run_in_each_form(2, &["sync", "../given/table.csv", "--dry-run"], &[]);
        site.run_in_each_form(2, &["sync", "../given/table.csv"], &[]);
    }
    for url in [
        format!("https://user:{PASSWORD}@127.0.0.1:0/v1.0"),
        format!("https://user:a?{PASSWORD}@127.0.0.1:0/v1.0"),
        format!("https://127.0.0.1:0/v1.0?code={PASSWORD}"),
        format!("https://127.0.0.1:0/v1.0#code={PASSWORD}"),
        format!("https://127.0.0.1:0/v1.0?code=a@{PASSWORD}"),
        format!("user:{PASSWORD}@127.0.0.1:0/v1.0"),
    ] {
        site.run_in_each_form(2, &["set", "/me", photo, "--base-url", &url], &[]);
        site.run_in_each_form(2, &["sync", "../given/photos", "--base-url", &url], &[]);
    }
    for (before, after) in [("", "\u{e9}"), ("Bearer ", ""), ("", "\r\nx"), ("", " x")] {
        let mut program = site.program(&["set", "/me", photo, "--json", "-vv"]);
        program.env("GRAPH_ACCESS_TOKEN", format!("{before}{token}{after}"));
        let output = program.output().unwrap();
        site.search(&["an invalid token"], &output);
        assert_eq!(output.status.code(), Some(2));
    }
}

/// As `--token-file $GRAPH_ACCESS_TOKEN` does.
#[test]
fn a_token_in_place_of_another_argument_is_not_repeated() {
    let site = Site::new("misplaced");
    let photo = "../given/photos/a@contoso.com.jpg";
    let token = &site.token;
    let [first, second] = [0, 1].map(|part| token.split('.').nth(part).unwrap());
    for text in [token, first, second, &[first, ".", second].concat(), &["Bearer ", token].concat()]
    {
        for args in [
            &["set", text, photo][..],
            &["set", &["/users/", text].concat(), photo],
            &["set", "/me", text],
            &["set", "/me", photo, text],
            &["set", "/me", photo, "--token-file", text],
            &["set", "/me", photo, "--base-url", text],
            &["set", "/me", photo, "--cloud", text],
            &["set", "/me", photo, "--auth", text],
            &["set", "/me", photo, "--max-retries", text],
            &["set", "/me", photo, "--token", text],
            &["set", "/me", photo, &format!("--token={text}")],
            &["permissions", text],
            &["check", text],
            &["check", "--fix", "out", text],
            &["sync", text],
            &["sync", text, "--dry-run"],
            &[text],
        ] {
            site.run_in_each_form(2, args, &[]);
        }
        site.run_in_each_form(None, &["report", text], &[]);
        site.run_in_each_form(None, &["permissions", &["/users/", text].concat()], &[]);
        let rows =
            format!("{text},photos/a@contoso.com.jpg\n/users/{text},photos/a@contoso.com.jpg");
        let good = "a@contoso.com,photos/a@contoso.com.jpg";
        site.give("table.csv", format!("target,file\n{rows}\n{good}\n"));
        let base_url = site.emulator.base_url();
        let sync = ["sync", "../given/table.csv", "--base-url", &base_url, "--skip-invalid"];
        site.run_in_each_form(3, &sync, &[]);
        assert_eq!(site.emulator.requests().len(), 0, "the good one was sent before");
    }
    // Of an opaque token, nothing but its length tells that it is one.
    let opaque = second.strip_prefix("eyJ").unwrap().replace('m', "/");
    let mut searcher = Searcher::default();
    searcher.add("opaque token", opaque.as_bytes());
    let output = site.program(&["set", "/me", photo, "--json", "--token-file", &opaque]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    for text in [&output.stdout, &output.stderr] {
        assert_eq!(searcher.find(text), None, "{}", String::from_utf8_lossy(text));
        assert!(String::from_utf8_lossy(text).contains("GRAPH_ACCESS_TOKEN instead"));
    }
}

#[test]
fn signing_in_leaks_nothing() {
    let site = Site::new("sign-in");
    let authority = Emulator::builder().tls(true).start().unwrap();
    let certificate = site.dir.join("work/authority.pem");
    fs::write(&certificate, authority.certificate_authority().unwrap()).unwrap();
    let error = |status, echo: &str| {
        let body = format!(r#"{{"error":"invalid_client","error_description":"of {echo}"}}"#);
        Fault::raw(Fault::response(status, &[("Content-Type", "application/json")], body))
    };
    let base_url = site.emulator.base_url();
    let sign_in = |url: &str, credential: &str| {
        let photo = "../given/photos/a@contoso.com.jpg";
        let args = ["set", "/me", photo, "--max-retries", "0", "--base-url", &base_url, "-vv"];
        let args = [&args[..], &["--json", "--auth", credential]].concat();
        let mut program = site.program(&args);
        program.env("AZURE_AUTHORITY_HOST", url).env("SSL_CERT_FILE", &certificate);
        program.env("AZURE_TENANT_ID", "contoso").env("AZURE_CLIENT_ID", "app");
        program.env("AZURE_FEDERATED_TOKEN_FILE", site.dir.join("given/token.txt"));
        let output = program.output().unwrap();
        site.search(&args, &output);
        assert_ne!(output.status.code(), Some(0), "{url}");
    };
    for (credential, secret) in
        [("client-secret", CLIENT_SECRET), ("workload-identity", site.token.as_str())]
    {
        for answer in [error(401, secret), error(400, secret), error(200, secret)] {
            authority.reset();
            authority.play([answer]);
            sign_in(&authority.url(), credential);
            assert_eq!(authority.requests().len(), 1, "{credential}");
        }
        sign_in("https://127.0.0.1:0", credential);
        sign_in(&format!("http://user:{PASSWORD}@127.0.0.1:0"), credential);
        sign_in(&format!("https://user:{PASSWORD}@127.0.0.1:0"), credential);
    }
}

#[test]
fn many_photos_leak_nothing() {
    let site = Site::new("sync");
    let base_url = site.emulator.base_url();
    let sync = ["sync", "../given/photos", "--base-url", &base_url, "--force"];
    site.run_in_each_form(0, &[&sync[..], &["--dry-run"]].concat(), &[]);
    site.run_in_each_form(0, &sync, &[]);
    site.run_in_each_form(0, &[&sync[..], &["--fix"]].concat(), &[]);
    for request in site.emulator.requests() {
        assert_eq!(site.searcher.find(&request.body), None, "--fix");
    }
    for answer in echoes(&site.token) {
        // What passes is sent again, and ends well.
        site.run_in_each_form(None, &sync, &[answer.clone(), answer]);
        assert!(site.emulator.requests().len() >= 2);
    }
    site.assert_private(&["given/photos.journal.sqlite"]);
    let report = ["report", "../given/photos.journal.sqlite", "--html", "r.html", "--csv", "r.csv"];
    site.run_in_each_form(0, &report, &[]);
    site.assert_private(&["work/r.html", "work/r.csv"]);
    let page = fs::read_to_string(site.dir.join("work/r.html")).unwrap();
    assert_eq!(page.matches("data:image/jpeg;base64,").count(), 2, "both photos are inside");
}

/// Where there are bars, colours, and people who type.
#[test]
fn a_terminal_shows_no_secret() {
    let site = Site::new("terminal");
    let base_url = site.emulator.base_url();
    let photo = "../given/photos/a@contoso.com.jpg";
    let typed = &["set", "/me", photo, "--token-file", "/dev/stdin"][..];
    let sync = &["sync", "../given/photos", "--force", "-vv"][..];
    for args in [&["set", "/me", photo, "-vv"], typed, sync, &[sync, &["--json"]].concat()] {
        let [answer, again, ..] = echoes(&site.token);
        site.emulator.reset();
        site.emulator.play([answer, again]);
        let (mut terminal, open) = pty();
        let args = [args, &["--base-url", &base_url]].concat();
        let mut program = site.program(&args);
        program.env("TERM", "xterm").stdin(open()).stdout(open()).stderr(open());
        let is_typed = args.contains(&"/dev/stdin");
        if is_typed {
            // Not at the terminal, which would echo it.
            program.stdin(Stdio::piped());
        }
        let mut child = program.spawn().unwrap();
        drop((program, open));
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{}", site.token).unwrap();
        }
        let mut text = Vec::new();
        let _ = terminal.read_to_end(&mut text);
        child.wait().unwrap();
        assert!(!text.is_empty() && !site.emulator.requests().is_empty(), "{args:?}");
        site.search_text(&args, &text);
    }
}

#[test]
fn a_run_that_is_killed_leaks_nothing() {
    let site = Site::new("killed");
    let base_url = site.emulator.base_url();
    let args = ["sync", "../given/photos", "--base-url", &base_url, "-vv"];
    for signal in ["INT", "ABRT", "KILL"] {
        site.emulator.reset();
        site.emulator.play([Fault::silence(), Fault::silence()]);
        let mut child = site.program(&args).spawn().unwrap();
        assert!(site.emulator.wait_for(2, PATIENCE));
        // The first Ctrl-C lets uploads end; a second one drops them.
        while child.try_wait().unwrap().is_none() {
            let mut kill = Command::new("kill");
            kill.args([&format!("-{signal}"), &child.id().to_string()]);
            assert!(kill.status().unwrap().success());
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), None, "{signal}");
        site.search(&args, &output);
    }
    site.assert_private(&[
        "given/photos.journal.sqlite",
        "given/photos.journal.sqlite-wal",
        "given/photos.journal.sqlite-shm",
    ]);
}

#[test]
fn commands_that_send_nothing_leak_nothing() {
    let site = Site::new("offline");
    let photos = ["../given/photos/a@contoso.com.jpg", "../given/photos/b@contoso.com.jpg"];
    site.run_in_each_form(0, &["check", photos[0], photos[1]], &[]);
    site.run_in_each_form(2, &["check", photos[0], "../given/half.jpg"], &[]);
    site.run(0, &["check", "--fix", "out", photos[0], photos[1]]);
    assert_eq!(fs::read_dir(site.dir.join("work/out")).unwrap().count(), 2);
    for format in ["manifest", "csv", "markdown"] {
        let args = ["permissions", "--format", format];
        let output = site.program(&args).output().unwrap();
        site.search(&args, &output);
    }
    site.run(0, &["completions", "bash"]);
    site.run(0, &["man", "."]);
    for args in [&["help"][..], &["help", "set"], &["--version"]] {
        site.run(0, args);
    }
    // A photo on standard input.
    let mut child = site.program(&["check", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&marked("baseline.jpg")).unwrap();
    site.search(&["check", "-"], &child.wait_with_output().unwrap());
}
