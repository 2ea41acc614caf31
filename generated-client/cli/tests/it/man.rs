//! `graph-photo man`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::run;

/// The pages, in a folder of one test.
fn pages(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).join("man1");
    let _ = fs::remove_dir_all(&folder);
    let run = run(&["man", folder.to_str().unwrap()]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""));
    folder
}

/// The commands that the help lists.
fn commands() -> BTreeSet<String> {
    let help = run(&["--help"]).stdout;
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn each_command_has_a_page() {
    let files = fs::read_dir(pages("man-pages")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.collect();
    let expected = commands().into_iter().map(|command| format!("graph-photo-{command}.1"));
    assert_eq!(names, expected.chain(["graph-photo.1".to_owned()]).collect());
    assert!(names.len() > 5, "{names:?}");
}

#[test]
fn a_page_keeps_the_columns_of_the_help() {
    let text = fs::read_to_string(pages("man-columns").join("graph-photo.1")).unwrap();
    let (_, notes) = text.split_once(".SH NOTES\n.nf\n").unwrap();
    assert!(notes.contains("\n  0    Done\n"), "{notes}");
    assert!(notes.contains("\n  graph\\-photo set /me me.jpg\n"), "{notes}");
    assert!(text.starts_with(".ie") || text.contains("\n.TH graph-photo 1"), "{text}");
}

/// By `mandoc`, where there is one.
#[test]
fn pages_have_no_mistakes() {
    let folder = pages("man-lint");
    for page in fs::read_dir(&folder).unwrap() {
        let page = page.unwrap().path();
        let Ok(lint) =
            Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(&page).output()
        else {
            return;
        };
        let text = String::from_utf8_lossy(&lint.stdout);
        assert!(lint.status.success(), "{}: {text}", page.display());
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = super::file("no-folder", "");
    let folder = file.join("man1");
    let run = run(&["man", folder.to_str().unwrap()]);
    assert_eq!(run.code, Some(1));
    let start = format!("error: failed to write the manual pages to `{}`: ", folder.display());
    assert!(run.stderr.starts_with(&start), "{}", run.stderr);
}
