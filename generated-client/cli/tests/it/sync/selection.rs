//! Parts of a source: by pattern, by number, by shard.

use super::{FAST, Site, lines, photo, targets};

fn planned(site: &Site, args: &[&str]) -> Vec<String> {
    let run = site.expect(0, &[&["in", "--dry-run", "--json"], args].concat());
    targets(&lines(&run).0, "planned")
}

#[test]
fn patterns_choose_targets() {
    let site = Site::new("patterns");
    for name in ["Megan@contoso.com", "adele@contoso.com", "max@fabrikam.com"] {
        site.write(&format!("in/{name}.jpg"), photo(1));
    }
    let users = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("/users/{name}")).collect()
    };
    let contoso = users(&["Megan@contoso.com", "adele@contoso.com"]);
    assert_eq!(planned(&site, &["--only", "*@CONTOSO.com"]), contoso);
    assert_eq!(planned(&site, &["--exclude", "*@fabrikam.com"]), contoso);
    assert_eq!(planned(&site, &["--only", "megan*", "--only", "max*"]).len(), 2);
    let one = planned(&site, &["--only", "/users/m*", "--exclude", "max@*"]);
    assert_eq!(one, users(&["Megan@contoso.com"]));
    let run = site.expect(2, &["in", "--only", "nobody*"]);
    assert!(run.stderr.contains("nothing is selected"), "{}", run.stderr);
    assert_eq!(site.run(&["in", "--only", "a["]).code, Some(2));
}

#[test]
fn a_pilot_sends_so_many_and_the_next_one_the_next() {
    let site = Site::new("pilot");
    site.write_photos("in", 10);
    for sent in [4, 8, 10] {
        let run = site.expect(0, &[&["in", "--limit", "4"], &FAST[..]].concat());
        assert_eq!(site.stored().len(), sent);
        assert_eq!(run.stdout.contains("To go on: graph-photo sync in --limit 4"), sent < 10);
    }
}

#[test]
fn shards_send_each_photo_once_and_have_journals_of_their_own() {
    let site = Site::new("shards");
    site.write_photos("in", 40);
    for shard in ["1/3", "2/3", "3/3"] {
        let run = site.expect(0, &[&["in", "--shard", shard, "--json"], &FAST[..]].concat());
        let (photos, summary) = lines(&run);
        assert!(photos.len() > 5, "{shard}: {}", photos.len());
        assert_eq!(summary["notSelected"], 40 - photos.len());
    }
    let mut stored = site.stored();
    stored.sort();
    stored.dedup();
    assert_eq!((stored.len(), site.requests()), (40, 40));
    assert!(site.path("in.2-of-3.journal.sqlite").exists());
    for shard in ["0/3", "4/3", "x", "1"] {
        assert_eq!(site.run(&["in", "--shard", shard]).code, Some(2), "{shard}");
    }
}
