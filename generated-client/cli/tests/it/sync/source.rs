//! Folders and tables, as people have them.

use super::{FAST, Site, lines, photo, targets};

/// What spreadsheets and scripts write, each with the same three users.
fn tables() -> Vec<(&'static str, Vec<u8>)> {
    let plain = "user,photo\nzoë@contoso.com,Zoë.jpg\n\"o'hara+x@contoso.com\",\"b, c.jpg\"\n\
                 /groups/G,g.jpg\n";
    let semicolons = plain.replace("\"b, c.jpg\"", "b_ c.jpg").replace(',', ";").replace('_', ",");
    let tabs = "Photo\tUser Principal Name\tx\nZoë.jpg\tzoë@contoso.com\t1\n\nb, c.jpg\t\
                o'hara+x@contoso.com\t2\n\t\t\ng.jpg\t/groups/G\t3\n";
    let crlf = plain.replace('\n', "\r\n");
    let utf16 = |to_bytes: fn(u16) -> [u8; 2], text: &str| {
        text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>()
    };
    let latin = |text: &str| -> Vec<u8> {
        text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect()
    };
    vec![
        ("plain.csv", plain.into()),
        ("bom.csv", [b"\xEF\xBB\xBF", crlf.as_bytes()].concat()),
        ("semicolons.csv", semicolons.clone().into()),
        ("declared.csv", format!("sep=;\r\n{}", semicolons.replace('\n', "\r\n")).into()),
        ("tabs.tsv", tabs.into()),
        ("old-mac.csv", plain.replace('\n', "\r").into()),
        ("utf16le.csv", [b"\xFF\xFE", &utf16(u16::to_le_bytes, tabs)[..]].concat()),
        ("utf16be.csv", [b"\xFE\xFF", &utf16(u16::to_be_bytes, &crlf)[..]].concat()),
        ("latin.csv", latin(&semicolons)),
        ("no-header.csv", plain.split_once('\n').unwrap().1.into()),
    ]
}

#[test]
fn tables_are_read_in_every_encoding_and_dialect() {
    let site = Site::new("dialects");
    for (number, file) in ["Zoë.jpg", "b, c.jpg", "g.jpg"].into_iter().enumerate() {
        site.write(file, photo(number));
    }
    for (file, bytes) in tables() {
        site.write(file, bytes);
        let run = site.expect(0, &[file, "--json", "--dry-run"]);
        let (photos, summary) = lines(&run);
        let expected = ["/groups/G", "/users/o'hara+x@contoso.com", "/users/zoë@contoso.com"];
        assert_eq!(targets(&photos, "planned"), expected, "{file}");
        assert_eq!(summary["notSent"], 3);
        let is_warned = run.stderr.contains("Windows-1252");
        assert_eq!(is_warned, file == "latin.csv", "{file}: {}", run.stderr);
    }
    assert_eq!(site.requests(), 0);
}

#[test]
fn columns_are_chosen_by_name_or_number() {
    let site = Site::new("columns");
    site.write("a.jpg", photo(0));
    site.write("people.csv", "Login;Bild\na@contoso.com;a.jpg\n");
    let both = ["--target-column", "login", "--file-column", "BILD"];
    site.expect(0, &[&["people.csv", "--dry-run"], &both[..]].concat());
    let run = site.expect(2, &["people.csv", "--dry-run", "--target-column", "Login"]);
    assert!(run.stderr.contains("--file-column; there are `Login`, `Bild`"), "{}", run.stderr);
    site.write("people.csv", "1;a.jpg;a@contoso.com\n");
    let numbers = ["--target-column", "3", "--file-column", "2"];
    site.expect(0, &[&["people.csv", "--dry-run"], &numbers[..]].concat());
    for header in ["user;photo;X", "Konto;Bild;X"] {
        site.write("people.csv", format!("{header}\na@contoso.com;a.jpg;1\n"));
        let numbers = ["--target-column", "1", "--file-column", "2"];
        let run = site.expect(0, &[&["people.csv", "--dry-run"], &numbers[..]].concat());
        assert!(run.stderr.contains("note: line 1 of the table (`"), "{}", run.stderr);
    }
}

#[test]
fn rows_that_cannot_be_meant_say_where_they_are() {
    let site = Site::new("mistakes");
    site.write("a.jpg", photo(0));
    let rows =
        ["a@x.com,a.jpg,\"Street 1\r\nCity\"", ",a.jpg,", "users/r@x.com,a.jpg,", "@x.com,a.jpg,"];
    site.write("people.csv", format!("user,photo,street\r\n{}\r\n", rows.join("\r\n")));
    let run = site.expect(2, &["people.csv", "--dry-run", "--domain", "x.com"]);
    for line in [
        "refused: line 4, `a.jpg`: it names no target",
        "refused: users/r@x.com (line 5, `a.jpg`): `users/r@x.com` is neither an address nor an \
         id; a path begins with `/`",
    ] {
        assert!(run.stdout.lines().any(|other| other == line), "{line}\n{}", run.stdout);
    }
    assert!(run.stdout.contains("`@x.com` is half an address"), "{}", run.stdout);
    assert_eq!(run.stdout.matches("refused: ").count(), 3, "{}", run.stdout);
    let run = site.expect(2, &["people.csv", "--dry-run", "--domain", "not a domain"]);
    assert!(run.stderr.contains("it is no domain"), "{}", run.stderr);
}

#[test]
fn all_kinds_of_targets_are_taken_from_standard_input() {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };
    let mut site = Site::new("stdin");
    let token = site.emulator.administrator_token("megan@contoso.com");
    site.sign_in(&token);
    let below = format!("{}/users/below@contoso.com", site.emulator.base_url());
    let targets = [
        "/me",
        "/users/u@contoso.com",
        "/groups/G/photo/$value",
        "/me/contacts/AAMk=",
        "/users/u@contoso.com/contacts/AAMk=",
        "/me/contactfolders/F=/contacts/AAMk=",
        "/users/u@contoso.com/contactfolders/F=/contacts/AAMk=",
        "https://graph.microsoft.com/v1.0/users/url@contoso.com",
        &below,
        "48d31887-5fad-4d73-a9f5-3c356e68a039",
        "bare",
    ];
    for number in 0..targets.len() {
        site.write(&format!("in/{number}.jpg"), photo(number));
    }
    let rows =
        targets.iter().enumerate().map(|(number, target)| format!("{target},{number}.jpg\n"));
    let table: String = rows.collect();
    let args = ["-", "--photos", "in", "--journal", "j.sqlite", "--domain", "contoso.com"];
    let pipe = |mut program: Command| {
        let program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        child.stdin.take().unwrap().write_all(table.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let output = pipe(site.program(&[&args, &FAST[..]].concat()));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(site.stored().len(), targets.len());
    assert!(site.emulator.photo("/users/bare@contoso.com").is_some());
    let without = pipe(site.program(&["-", "--photos", "in"]));
    assert_eq!(without.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&without.stderr).contains("`-` requires --journal FILE"));
}

#[test]
fn a_folder_names_what_it_leaves_out() {
    let site = Site::new("folder");
    for file in ["A@contoso.com.JPG", "b.jpeg", "48d31887-5fad-4d73-a9f5-3c356e68a038.jpg"] {
        site.write(&format!("in/{file}"), photo(1));
    }
    for file in [
        "notes.txt",
        "c@contoso.com.png",
        "e@contoso.com.heic",
        "._A@contoso.com.JPG",
        "deep/d@contoso.com.jpg",
    ] {
        site.write(&format!("in/{file}"), photo(2));
    }
    let plan = ["in", "--dry-run", "--domain", "contoso.com"];
    let text = site.expect(0, &plan).stdout;
    for line in [
        "left out: notes.txt: not a photo by its name",
        "left out: c@contoso.com.png: not a JPEG by its name; --fix converts it",
        "left out: e@contoso.com.heic: cannot be read here; convert it first, by `magick FILE \
         photo.jpg` (ImageMagick) or `heif-convert FILE photo.jpg` (libheif; on macOS `sips -s \
         format jpeg FILE --out photo.jpg`)",
        "left out: ._A@contoso.com.JPG: hidden",
        "left out: deep: a folder; --recursive reads it",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
    let (photos, _) = lines(&site.expect(0, &[&plan[..], &["--json", "--recursive"]].concat()));
    let expected = [
        "/users/48d31887-5fad-4d73-a9f5-3c356e68a038",
        "/users/A@contoso.com",
        "/users/b@contoso.com",
        "/users/d@contoso.com",
    ];
    assert_eq!(targets(&photos, "planned"), expected);
    assert_eq!(targets(&photos, "leftOut").len(), 4);
    let run = site.expect(2, &["in", "--dry-run"]);
    assert!(run.stdout.contains("--domain completes names"), "{}", run.stdout);
}

#[test]
fn names_are_sent_in_one_form_of_unicode_and_files_stay_as_they_are() {
    let site = Site::new("unicode");
    site.write("in/Zoe\u{308}@contoso.com.jpg", photo(1));
    site.write("in/x#EXT#@contoso.com.jpg", photo(2));
    site.expect(0, &[&["in"], &FAST[..]].concat());
    assert!(site.emulator.photo("/users/Zoë@contoso.com").is_some());
    let rows = site.journal("in.journal.sqlite", "target");
    assert_eq!(rows, [["/users/Zoë@contoso.com"], ["/users/x#EXT#@contoso.com"]]);
    assert!(site.path("in/Zoe\u{308}@contoso.com.jpg").exists());
}

#[test]
fn two_photos_for_one_target_are_an_error_with_both_places() {
    let site = Site::new("duplicates");
    site.write("in/a@contoso.com.jpg", photo(1));
    site.write("in/A@Contoso.com.jpeg", photo(2));
    let run = site.expect(2, &["in"]);
    let places = "`A@Contoso.com.jpeg`, `a@contoso.com.jpg`";
    assert!(run.stdout.contains(places), "{}", run.stdout);
    site.write("people.csv", "user,file\na@x.com,in/1.jpg\nb@x.com,2.jpg\n/users/A@X.com,3.jpg\n");
    let run = site.expect(2, &["people.csv", "--dry-run"]);
    assert!(run.stdout.contains("line 2 (`in/1.jpg`), line 4 (`3.jpg`)"), "{}", run.stdout);
    assert_eq!(site.requests(), 0);
}

#[test]
fn the_signed_in_user_is_one_target_by_any_name() {
    let mut site = Site::new("own");
    let token = site.emulator.administrator_token("megan@contoso.com");
    site.sign_in(&token);
    site.write("a.jpg", photo(1));
    site.write("people.csv", "/me,a.jpg\nMegan@Contoso.com,a.jpg\nb@contoso.com,a.jpg\n");
    let run = site.expect(2, &["people.csv"]);
    let places = "there are several photos of it: line 1 (`a.jpg`), line 2 (`a.jpg`)";
    assert_eq!(run.stdout.matches(places).count(), 2, "{}", run.stdout);
    assert_eq!(run.stdout.matches("refused: ").count(), 2, "{}", run.stdout);
    assert_eq!(site.requests(), 0);
}

#[test]
fn files_are_found_as_people_write_their_names() {
    let site = Site::new("spelling");
    site.write("in/Zoe\u{308}.JPG", photo(1));
    site.write("in/deep/b.jpg", photo(2));
    site.write("people.csv", "user,file\nz@x.com,in\\zoë.jpg\nb@x.com,IN/b.jpg\nc@x.com,\n");
    let run = site.expect(2, &["people.csv"]);
    assert!(run.stdout.contains("/users/b@x.com (line 3, `IN/b.jpg`): there is no such file"));
    assert!(run.stdout.contains("without a file: /users/c@x.com (line 4)"), "{}", run.stdout);
    site.write("people.csv", "user,file\nz@x.com,in\\zoë.jpg\nb@x.com,in\\deep\\b.jpg\n");
    site.expect(0, &[&["people.csv"], &FAST[..]].concat());
    assert_eq!(*site.emulator.photo("/users/z@x.com").unwrap(), *photo(1));
    // A file that two rows spell otherwise could be that of either.
    for other in ["in/ZOË.jpg", "./in/Zoe\u{308}.JPG", "in/./Zoe\u{308}.JPG"] {
        site.write("people.csv", format!("user,file\nz@x.com,in/zoë.jpg\nb@x.com,{other}\n"));
        let run = site.expect(2, &["people.csv"]);
        assert!(run.stdout.contains("could be that of several rows: line 2"), "{}", run.stdout);
    }
}

#[test]
fn what_is_no_source_is_refused() {
    let site = Site::new("no-source");
    site.write("empty/notes.txt", "");
    site.write("header.csv", "user,photo\n");
    site.write("workbook.csv", "PK\u{3}\u{4}");
    for (source, words) in [
        ("empty", "`notes.txt` is left out"),
        ("header.csv", "it has no photo"),
        ("workbook.csv", "save it as CSV"),
        ("missing", "No such file"),
    ] {
        let run = site.expect(2, &[source]);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    let run = site.expect(2, &["empty", "--photos", "x"]);
    assert!(run.stderr.contains("--photos is for tables"), "{}", run.stderr);
    assert!(!site.path("empty.journal.sqlite").exists());
}
