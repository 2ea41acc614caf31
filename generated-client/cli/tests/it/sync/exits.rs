//! What the arguments of `sync` may be.

use super::Site;

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let site = Site::new("arguments");
    site.write_photos("in", 1);
    for args in [
        &["in", "--transfers", "0"][..],
        &["in", "--rate", "0"],
        &["in", "--rate", "NaN"],
        &["in", "--rate", "-1"],
        &["in", "--limit", "0"],
        &["in", "--max-errors", "0"],
        &["in", "--max-side", "100"],
        &["in", "--cloud", "china", "--base-url", "https://graph.microsoft.us/v1.0"],
        &[],
    ] {
        let mut program = super::program(&[&["sync"], args].concat());
        let program = program.current_dir(&site.dir).env("GRAPH_ACCESS_TOKEN", &site.token);
        let run = super::Run::from(program.output().unwrap());
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn rows_in_two_clouds_are_refused() {
    let site = Site::new("clouds");
    site.write_photos("in", 1);
    let rows = ["graph.microsoft.com", "graph.microsoft.us"];
    let rows =
        rows.map(|host| format!("https://{host}/v1.0/users/{host}@x.com,in/u0@contoso.com.jpg\n"));
    site.write("people.csv", rows.concat());
    let run = site.expect(2, &["people.csv", "--dry-run"]);
    assert!(run.stdout.contains("a run is for one"), "{}", run.stdout);
}
