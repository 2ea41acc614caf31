//! The program, by what it prints.

use std::{
    io::{BufRead as _, BufReader, Lines, Read as _},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::raw::{JPEG, exchange, request};

/// The program while it runs; killed at the end.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// Starts it, and reads what it says before it waits.
    fn start(arguments: &[&str]) -> (Self, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graph-photo-emulator"));
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut introduction = String::new();
        while !introduction.contains("Ctrl-C") {
            introduction += &(lines.next().unwrap().unwrap() + "\n");
        }
        assert_eq!(lines.next().unwrap().unwrap(), "");
        (Self { child, lines }, introduction)
    }

    fn next_line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// Stops it, and returns all that it printed as errors and warnings.
    fn stop(mut self) -> String {
        self.child.kill().unwrap();
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

/// The first URL, and its address.
fn base_url(introduction: &str) -> (&str, SocketAddr) {
    let url = introduction.split_whitespace().find(|word| word.contains("://")).unwrap();
    let address = url.split('/').nth(2).unwrap().parse().unwrap();
    (url, address)
}

/// The line to paste that runs a program.
fn line_of<'i>(introduction: &'i str, program: &str) -> &'i str {
    let mut lines = introduction.lines();
    lines.find(|line| line.contains(&format!("{program} "))).unwrap().trim()
}

/// The words of a line as a shell reads them, but for what the lines here don't have.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (position, part) in line.split('\'').enumerate() {
        let mut pieces = if position % 2 == 1 { vec![part] } else { part.split(' ').collect() };
        *words.last_mut().unwrap() += pieces.remove(0);
        words.extend(pieces.into_iter().map(str::to_owned));
    }
    words
}

fn first_token(introduction: &str) -> &str {
    introduction.split_whitespace().find(|word| word.starts_with("eyJ")).unwrap()
}

#[test]
fn prints_what_it_serves_and_a_line_for_each_request() {
    let (mut program, introduction) =
        Program::start(&["--fail", "method=PATCH;status=429;retry-after=1"]);
    let address = base_url(&introduction).1;
    assert!(introduction.contains("every user, group and contact exists"), "{introduction}");
    assert!(introduction.contains(&format!("Page: http://{address}/")), "{introduction}");
    let authorization = format!("Bearer {}", first_token(&introduction));
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "image/jpeg")];
    for (method, status, line) in [
        ("PUT", 200, " 200 - PUT /v1.0/me/photo/$value stored: 478 bytes, allowed by "),
        ("GET", 200, " 200 - GET /v1.0/me/photo/$value read: 478 bytes"),
        ("PATCH", 429, " 429 TooManyRequests PATCH /v1.0/me/photo/$value fault: "),
    ] {
        let request = request(method, "/v1.0/me/photo/$value", &headers, JPEG);
        // A GET has no body here.
        let request =
            if method == "GET" { &request[..request.len() - JPEG.len()] } else { &request };
        assert_eq!(exchange(address, request).status, status);
        let printed = program.next_line();
        assert!(printed.contains(line), "{printed}");
    }
}

#[test]
fn has_tokens_for_a_user_of_the_tenant() {
    let file = std::env::temp_dir().join(format!("tenant-{}.json", std::process::id()));
    let tenant = r#"{"users": [{"id": "guest", "account": "guest"}, {"id": "1f4c"}]}"#;
    std::fs::write(&file, tenant).unwrap();
    let (_program, introduction) = Program::start(&["--tenant", file.to_str().unwrap()]);
    std::fs::remove_file(&file).unwrap();
    assert!(!introduction.contains("contact exists"), "{introduction}");
    assert!(introduction.contains("on behalf of 1f4c, valid"), "{introduction}");
    let authorization = format!("Bearer {}", first_token(&introduction));
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "image/jpeg")];
    let request = request("PUT", "/v1.0/me/photo/$value", &headers, JPEG);
    assert_eq!(exchange(base_url(&introduction).1, &request).status, 200);
}

/// `.ci/clients` runs both lines by a shell.
#[test]
fn the_lines_to_paste_upload_a_photo() {
    let (_program, introduction) = Program::start(&["--quiet"]);
    let (url, address) = base_url(&introduction);
    let words = shell_words(line_of(&introduction, "curl"));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["curl", "-i", "-X", method, "-H", first, "-H", second, "--data-binary", body, target] =
        words[..]
    else {
        panic!("{words:?}")
    };
    assert_eq!(body, "@photo.jpg");
    let path = target.strip_prefix(&format!("http://{address}")).unwrap();
    let headers = [first, second].map(|header| header.split_once(": ").unwrap());
    assert_eq!(exchange(address, &request(method, path, &headers, JPEG)).status, 200);

    let words = shell_words(line_of(&introduction, "graph-photo set"));
    let token = format!("GRAPH_ACCESS_TOKEN={}", first_token(&introduction));
    assert_eq!(words, [&token, "graph-photo", "set", "/me", "photo.jpg", "--base-url", url]);
}

#[test]
fn warns_when_it_listens_beyond_loopback() {
    let (program, introduction) = Program::start(&["--host", "0.0.0.0"]);
    let warning = program.stop();
    assert!(warning.starts_with("warning: the emulator listens on 0.0.0.0"), "{warning}");
    assert!(warning.contains("everyone who reaches that address can read and change"), "{warning}");
    // The lines to paste work all the same.
    assert!(base_url(&introduction).1.ip().is_loopback(), "{introduction}");

    for host in ["127.0.0.1", "::1", "localhost"] {
        let (program, introduction) = Program::start(&["--host", host]);
        assert!(base_url(&introduction).1.ip().is_loopback(), "{introduction}");
        assert_eq!(program.stop(), "");
    }
}

/// The files of certificates that are to be trusted, by the lines that export them.
fn exported_certificate(introduction: &str) -> &Path {
    let export = |name: &str| {
        let mut lines = introduction.lines();
        lines.find_map(|line| line.trim().strip_prefix(&format!("export {name}="))).unwrap()
    };
    assert_eq!(export("NODE_EXTRA_CA_CERTS"), export("SSL_CERT_FILE"));
    Path::new(export("SSL_CERT_FILE"))
}

#[test]
#[cfg(unix)]
fn names_the_certificate_to_trust_and_removes_it_at_the_end() {
    let (mut program, introduction) = Program::start(&["--tls", "--quiet"]);
    assert!(base_url(&introduction).0.starts_with("https://"));
    let file = exported_certificate(&introduction);
    let pem = std::fs::read_to_string(file).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
    for line in ["curl --cacert", "graph-photo set"].map(|name| line_of(&introduction, name)) {
        assert!(line.contains(file.to_str().unwrap()), "{line}");
    }

    let id = program.child.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert!(program.child.wait().unwrap().success());
    assert!(!file.parent().unwrap().exists());
}

#[test]
fn says_what_is_wrong_with_its_arguments() {
    let other = crate::raw::emulator();
    let port = other.local_addr().port().to_string();
    for (arguments, reason) in [
        (["--fail", "staus=429"], "`staus` is not a fault item"),
        (["--fail", "every=0;status=503"], "`every` must be 1 or more"),
        (["--tenant", "no-such-file"], "failed to read `no-such-file`"),
        (["--tenant", "README.md"], "README.md: failed to read the tenant: expected value"),
        (["--spec", "no-such-file"], "failed to read `no-such-file`"),
        (["--port", &port], "without --port, a free port is taken"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graph-photo-emulator"));
        let output = command.args(arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(reason), "{error}");
    }
}
