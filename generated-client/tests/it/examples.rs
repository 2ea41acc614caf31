//! Runs each example against the emulator as its first lines say.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use graph_photo_emulator::{AccessToken, Emulator};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures");

fn emulator() -> Emulator {
    Emulator::start().unwrap()
}

/// An example that cargo builds beside this test.
fn example(name: &str, emulator: &Emulator) -> Command {
    let test = env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
    let path: PathBuf = folder.join(name).with_extension(env::consts::EXE_EXTENSION);
    assert!(path.is_file(), "{} is missing; `cargo test` builds it", path.display());
    let token = AccessToken::delegated(["User.ReadWrite", "Contacts.ReadWrite"]).encode();
    let mut program = Command::new(path);
    program
        .current_dir(FIXTURES)
        .env("GRAPH_BASE_URL", emulator.base_url())
        .env("GRAPH_ACCESS_TOKEN", token);
    program
}

fn stdout(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FIXTURES).join(name)).unwrap()
}

#[test]
fn minimal() {
    let emulator = emulator();
    stdout(example("minimal", &emulator).arg("baseline.jpg").output().unwrap());
    assert_eq!(emulator.photo("/me/photo/$value").unwrap(), fixture("baseline.jpg"));
}

#[test]
fn upload_removes_a_gps_position() {
    let emulator = emulator();
    let text = stdout(example("upload", &emulator).args(["/me", "exif.jpg"]).output().unwrap());
    assert!(text.contains("removed the metadata"), "{text}");
    assert!(text.ends_with("/me: 200 OK after 1 attempt(s)\n"), "{text}");
    let stored = emulator.photo("/me/photo/$value").unwrap();
    assert!(stored.len() < fixture("exif.jpg").len());
}

#[test]
fn blocking() {
    let emulator = emulator();
    let args = ["/me", "baseline.jpg"];
    let text = stdout(example("blocking", &emulator).args(args).output().unwrap());
    assert_eq!(text, "/me: done\n");
    assert_eq!(emulator.photo("/me/photo/$value").unwrap(), fixture("baseline.jpg"));
    let png = example("blocking", &emulator).args(["/me", "look-alike.png"]).output().unwrap();
    let stderr = String::from_utf8(png.stderr).unwrap();
    assert!(png.status.code() == Some(1) && stderr.contains("PNG"), "{stderr}");
}

#[test]
fn contact() {
    let emulator = emulator();
    let args = ["AAMk/x+y=", "grey.jpg"];
    let text = stdout(example("contact", &emulator).args(args).output().unwrap());
    assert_eq!(text, "/me/contacts/AAMk%2Fx+y=: done\n");
    let stored = emulator.photo("/me/contacts/AAMk%2Fx+y=/photo/$value").unwrap();
    assert_eq!(stored, fixture("grey.jpg"));
}

#[test]
fn errors_tells_them_apart() {
    let emulator = emulator();
    for (args, advice) in [
        (["/me", "look-alike.png"], "nothing was sent"),
        (["/groups/g-1", "grey.jpg"], "ask the administrator for a permission"),
    ] {
        let output = example("errors", &emulator).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(advice), "{text}");
    }
}

/// An error is a message with its causes, not the `Debug` text of a value.
#[test]
fn each_tells_why_it_failed() {
    let emulator = emulator();
    for (name, args) in [
        ("minimal", &["missing.jpg"][..]),
        ("upload", &["/me", "missing.jpg"]),
        ("contact", &["AAMk=", "missing.jpg"]),
        #[cfg(feature = "azure")]
        ("azure_identity", &["/me", "missing.jpg"]),
    ] {
        let output = example(name, &emulator).args(args).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{name}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        let expected = "failed to read the photo `missing.jpg`: ";
        assert!(stderr.starts_with(expected) && stderr.len() > expected.len() + 1, "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    let mut program = example("minimal", &emulator);
    let output = program.arg("baseline.jpg").env_remove("GRAPH_ACCESS_TOKEN").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.ends_with("the access token is empty\n"), "{stderr}");
}

/// A script named `az` returns a token of the emulator.
#[cfg(all(feature = "azure", unix))]
#[test]
fn azure_identity() {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("az-of-example");
    fs::create_dir_all(&folder).unwrap();
    let token = AccessToken::delegated(["User.ReadWrite"]).encode();
    let script = format!(
        "#!/bin/sh\necho '{{\"accessToken\":\"{token}\",\"expires_on\":4000000000,\"tokenType\":\"Bearer\"}}'\n"
    );
    fs::write(folder.join("az"), script).unwrap();
    fs::set_permissions(folder.join("az"), fs::Permissions::from_mode(0o755)).unwrap();

    let emulator = emulator();
    let mut program = example("azure_identity", &emulator);
    program.args(["/me", "baseline.jpg"]).env("PATH", &folder).env_remove("GRAPH_ACCESS_TOKEN");
    assert_eq!(stdout(program.output().unwrap()), "/me: done\n");
    assert_eq!(emulator.photo("/me/photo/$value").unwrap(), fixture("baseline.jpg"));
}
