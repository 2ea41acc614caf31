//! The program, by what it prints.

use std::{
    io::{BufRead as _, BufReader, Lines},
    net::SocketAddr,
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
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
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
}

/// The first URL, and its address.
fn base_url(introduction: &str) -> (&str, SocketAddr) {
    let url = introduction.split_whitespace().find(|word| word.contains("://")).unwrap();
    let address = url.split('/').nth(2).unwrap().parse().unwrap();
    (url, address)
}

fn first_token(introduction: &str) -> &str {
    introduction.split_whitespace().find(|word| word.starts_with("eyJ")).unwrap()
}

#[test]
fn prints_what_it_serves_and_a_line_for_each_request() {
    let (mut program, introduction) =
        Program::start(&["--fail", "method=PATCH;status=429;retry-after=1"]);
    let (url, address) = base_url(&introduction);
    assert!(introduction.contains("every user, group and contact exists"), "{introduction}");
    assert!(introduction.contains(&format!("Page: http://{address}/")), "{introduction}");
    let curl = introduction.lines().find(|line| line.trim().starts_with("curl ")).unwrap();
    assert!(curl.ends_with(&format!("'{url}/me/photo/$value'")), "{curl}");
    let program_line =
        introduction.lines().find(|line| line.contains(" graph-photo set ")).unwrap();
    assert!(
        program_line.ends_with(&format!("set /me photo.jpg --base-url {url}")),
        "{program_line}"
    );

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

#[test]
fn names_the_certificate_that_is_to_be_trusted() {
    let (_program, introduction) = Program::start(&["--tls", "--quiet"]);
    assert!(base_url(&introduction).0.starts_with("https://"));
    let export = |name: &str| {
        let mut lines = introduction.lines();
        let line = lines.find_map(|line| line.trim().strip_prefix(&format!("export {name}='")));
        line.unwrap().trim_end_matches('\'').to_owned()
    };
    let file = export("SSL_CERT_FILE");
    assert_eq!(export("NODE_EXTRA_CA_CERTS"), file);
    let pem = std::fs::read_to_string(&file).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
    // The program is killed, and can't remove it.
    std::fs::remove_dir_all(std::path::Path::new(&file).parent().unwrap()).unwrap();
}

#[test]
fn says_what_is_wrong_with_its_arguments() {
    for (arguments, reason) in [
        (["--fail", "staus=429"], "`staus` is no item"),
        (["--tenant", "no-such-file"], "failed to read `no-such-file`"),
        (["--spec", "no-such-file"], "failed to read `no-such-file`"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graph-photo-emulator"));
        let output = command.args(arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(reason), "{error}");
    }
}
