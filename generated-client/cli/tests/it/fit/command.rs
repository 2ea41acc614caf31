//! The command: names of files, what is written and what is told.

use std::{collections::BTreeMap, fs, path::Path};

use image::ImageFormat;
use insta::assert_snapshot;
use serde_json::Value;

use super::{Folder, encoded, jpeg, orientation, plain};

/// All files of a folder, with their content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.to_str().unwrap().to_owned(), fs::read(&path).unwrap());
        }
    }
    found
}

fn sample(width: u32, height: u32) -> Vec<u8> {
    encoded(&plain(width, height, [90, 120, 150]).into(), ImageFormat::Png)
}

#[test]
fn a_line_for_each_file_tells_what_was_done() {
    let exif = orientation(6);
    let folder = Folder::new("lines")
        .with("wide.png", sample(1400, 700))
        .with("turned.jpg", jpeg(&plain(120, 120, [9; 3]), |e| e.add_exif_metadata(&exif).unwrap()))
        .with("good.jpg", jpeg(&plain(120, 120, [9; 3]), |_| ()))
        .with("page.html", "<html>");
    let before = files(&folder.0);
    let args = ["--fix", "made/here", "wide.png", "turned.jpg", "good.jpg", "page.html", "missing"];
    let run = folder.check(&args);
    assert_eq!(run.code, Some(2));
    assert_snapshot!(run.stdout + &run.stderr);
    let after = files(&folder.0);
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
    let made: Vec<&str> = after
        .keys()
        .filter(|path| !before.contains_key(*path))
        .map(|path| path.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(made, ["good.jpg", "turned.jpg", "wide.jpg"]);
    assert_eq!(folder.check(&args[..5]).code, Some(0), "a second run replaces what the first made");
}

#[test]
fn json_has_an_object_for_each_file() {
    let folder =
        Folder::new("json").with("wide.png", sample(1400, 700)).with("page.html", "<html>");
    let run = folder.check(&["--json", "--fix", "out", "wide.png", "page.html"]);
    assert_eq!(run.code, Some(2));
    let lines: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_snapshot!(format!("{:#}\n{:#}", lines[0], lines[1]));
    let help = folder.check(&["--help"]).stdout;
    for field in lines[0].as_object().unwrap().keys() {
        assert!(help.contains(&format!("`{field}`")), "{field}");
    }
}

#[test]
fn two_files_for_one_name_are_an_error_before_anything_is_written() {
    let folder = Folder::new("clash").with("a.png", sample(60, 60)).with("A.JPG", sample(60, 60));
    fs::create_dir(folder.0.join("b")).unwrap();
    let folder = folder.with("b/a.gif", "");
    for pair in [["a.png", "b/a.gif"], ["a.png", "A.JPG"], ["a.png", "a.png"]] {
        let run = folder.check(&["--fix", "out", pair[0], pair[1]]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        assert!(pair.iter().all(|name| run.stderr.contains(name)), "{}", run.stderr);
        assert!(!folder.0.join("out").exists());
    }
}

#[test]
fn a_source_is_never_replaced() {
    let folder = Folder::new("sources").with("a.jpg", sample(60, 60)).with("b.png", sample(60, 60));
    let link = folder.0.with_file_name("link-to-sources");
    let _ = fs::remove_file(&link);
    #[cfg(unix)]
    std::os::unix::fs::symlink(&folder.0, &link).unwrap();
    #[cfg(not(unix))]
    let link = folder.0.clone();
    let before = files(&folder.0);
    for directory in [".", "../sources", link.to_str().unwrap()] {
        let run = folder.check(&["--fix", directory, "b.png", "a.jpg"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{directory}");
        assert!(run.stderr.contains("source"), "{}", run.stderr);
        assert!(files(&folder.0) == before, "{directory}");
    }
    assert_eq!(folder.check(&["--fix", ".", "b.png"]).code, Some(0), "b.jpg is no source");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_source_is_replaced_and_not_followed() {
    let folder = Folder::new("links").with("a.png", sample(60, 60)).with("b.png", sample(60, 60));
    let output = folder.0.join("out");
    fs::create_dir(&output).unwrap();
    std::os::unix::fs::symlink("../b.png", output.join("a.jpg")).unwrap();
    assert_eq!(folder.check(&["--fix", "out", "a.png"]).code, Some(0));
    assert!(!output.join("a.jpg").is_symlink());
    assert_eq!(fs::read(folder.0.join("b.png")).unwrap(), sample(60, 60));
}

#[test]
fn options_are_only_valid_with_fix() {
    let folder = Folder::new("options").with("a.png", sample(60, 60));
    for option in [["--max-side", "100"], ["--crop", "square"], ["--max-bytes", "20000"]] {
        let run = folder.check(&["a.png", option[0], option[1]]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("--fix"), "{}", run.stderr);
    }
    let wrong =
        [["--max-side", "0"], ["--crop", "round"], ["--max-bytes", "10"], ["--max-bytes", "9MB"]];
    for option in wrong {
        let run = folder.check(&["--fix", "out", "a.png", option[0], option[1]]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{option:?}");
        assert!(!folder.0.join("out").exists());
    }
}

#[test]
fn a_directory_that_cannot_be_is_an_error() {
    let folder = Folder::new("directory").with("a.png", sample(60, 60)).with("file", "");
    let run = folder.check(&["--fix", "file", "a.png"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("failed to create the directory `file`"), "{}", run.stderr);
    let run = folder.check(&["--fix", "out", "-"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("no name"), "{}", run.stderr);
}

#[test]
fn patterns_that_no_shell_expanded_are_expanded() {
    let folder = Folder::new("patterns")
        .with("b.jpg", jpeg(&plain(60, 60, [9; 3]), |_| ()))
        .with("a1.jpg", jpeg(&plain(60, 60, [9; 3]), |_| ()))
        .with("a2.png", sample(60, 60))
        .with("[x]*.jpg", jpeg(&plain(60, 60, [9; 3]), |_| ()));
    fs::create_dir(folder.0.join("photos")).unwrap();
    let folder = folder.with("photos/c.jpg", jpeg(&plain(60, 60, [9; 3]), |_| ()));
    let names = |patterns: &[&str]| {
        let run = folder.check(patterns);
        let names: Vec<String> =
            run.stdout.lines().map(|line| line.split(": ").next().unwrap().to_owned()).collect();
        (names.join(" "), run.code)
    };
    assert_eq!(names(&["*.jpg"]), ("[x]*.jpg a1.jpg b.jpg".to_owned(), Some(0)));
    assert_eq!(names(&["a?.*"]), ("a1.jpg a2.png".to_owned(), Some(2)));
    assert_eq!(names(&["photos\\*.jpg"]), ("photos/c.jpg".to_owned(), Some(0)));
    assert_eq!(names(&["./p*/c.*"]), ("./photos/c.jpg".to_owned(), Some(0)));
    assert_eq!(names(&["[x]*.jpg"]), ("[x]*.jpg".to_owned(), Some(0)), "a file of that name");
    assert_eq!(names(&["[ab].jpg"]), ("[ab].jpg".to_owned(), Some(2)), "no pattern");
    assert_eq!(names(&["*.none"]), ("*.none".to_owned(), Some(2)));
    let run = folder.check(&["--fix", "out", "*.jpg", "photos/*"]);
    assert_eq!((run.code, files(&folder.0.join("out")).len()), (Some(0), 4));
}
