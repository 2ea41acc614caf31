//! `--shard auto`: each of several machines sends its part, and one report has all of it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use graph_photo_emulator::{Emulator, Outcome};

use super::{Run, program, run};

const COUNT: usize = 40;

/// The variables of a machine of a system, numbered from 0, of four.
type Variables = fn(usize) -> Vec<(&'static str, String)>;

fn slurm(index: usize) -> Vec<(&'static str, String)> {
    vec![
        ("SLURM_ARRAY_TASK_ID", (index + 7).to_string()),
        ("SLURM_ARRAY_TASK_MIN", "7".to_owned()),
        ("SLURM_ARRAY_TASK_STEP", "1".to_owned()),
        ("SLURM_ARRAY_TASK_COUNT", "4".to_owned()),
    ]
}

fn aws_batch(index: usize) -> Vec<(&'static str, String)> {
    let size = ("AWS_BATCH_JOB_ARRAY_SIZE", "4".to_owned());
    vec![("AWS_BATCH_JOB_ARRAY_INDEX", index.to_string()), size]
}

fn kubernetes(index: usize) -> Vec<(&'static str, String)> {
    vec![("JOB_COMPLETION_INDEX", index.to_string())]
}

/// Runs `sync` over a table in a folder, as a machine with these variables.
fn sync(table: &Path, args: &[&str], variables: Vec<(&'static str, String)>) -> Run {
    let mut program = program(&["sync", table.to_str().unwrap(), "--rate", "1000"]);
    for name in ["SLURM_ARRAY_TASK_ID", "AWS_BATCH_JOB_ARRAY_INDEX", "JOB_COMPLETION_INDEX"] {
        program.env_remove(name);
    }
    program.args(args).envs(variables).output().unwrap().into()
}

/// A table of many users with one photo, in a folder of one test.
fn table(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shard-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let photo = include_bytes!("../../../../tests/fixtures/baseline.jpg");
    fs::write(folder.join("photo.jpg"), photo).unwrap();
    let rows: String = (0..COUNT).map(|it| format!("user{it}@contoso.com,photo.jpg\n")).collect();
    let table = folder.join("people.csv");
    fs::write(&table, format!("target,file\n{rows}")).unwrap();
    table
}

fn send_by_four(name: &str, args: &[&str], variables: Variables) {
    let emulator = Emulator::start().unwrap();
    let table = table(name);
    let token = emulator.application_token().encode();
    let token = super::file(&format!("shard-token-{name}"), token);
    let base_url = emulator.base_url();
    let connection = ["--base-url", &base_url, "--token-file", token.to_str().unwrap()];
    for index in 0..4 {
        let run = sync(&table, &[args, &connection].concat(), variables(index));
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    let requests = emulator.requests();
    let targets: BTreeSet<&str> = requests.iter().map(|it| it.target.as_str()).collect();
    assert!(requests.iter().all(|request| request.outcome == Outcome::Stored));
    assert_eq!((requests.len(), targets.len()), (COUNT, COUNT));
    let journal = |index| format!("{}.{index}-of-4.journal.sqlite", table.display());
    let journals: Vec<String> = (1..=4).map(journal).collect();
    let journals: Vec<&str> = journals.iter().map(String::as_str).collect();
    let report = run(&[&["report", "--json"], &journals[..]].concat()).json();
    assert_eq!(report["counts"], serde_json::json!({ "stored": COUNT }));
    assert_eq!(
        (&report["superseded"], &report["journals"][3]["shard"]),
        (&0.into(), &"4/4".into())
    );
    // The journals are those of real runs: what a report reads is there.
    let photo = &report["photos"][0];
    for field in ["target", "file", "sha256", "sourceSha256", "started", "finished", "requestId"] {
        assert!(photo[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {photo}");
    }
}

#[test]
fn four_tasks_of_slurm_send_each_photo_once() {
    send_by_four("slurm", &["--shard", "auto"], slurm);
}

#[test]
fn four_children_of_aws_batch_send_each_photo_once() {
    send_by_four("aws", &["--shard", "auto"], aws_batch);
}

#[test]
fn four_pods_of_kubernetes_send_each_photo_once() {
    send_by_four("kubernetes", &["--shard", "auto", "--shards", "4"], kubernetes);
}

#[test]
fn what_no_system_says_is_refused() {
    let table = table("refused");
    let both = [kubernetes(0), aws_batch(0)].concat();
    let cases: [(&[&str], Vec<_>, &str); 7] = [
        (&["--shard", "auto"], vec![], "SLURM_ARRAY_TASK_ID (Slurm)"),
        (&["--shard", "auto"], both, "of different systems"),
        (&["--shard", "auto"], kubernetes(0), "add --shards N"),
        (&["--shard", "auto", "--shards", "4"], kubernetes(4), "JOB_COMPLETION_INDEX is 4"),
        (&["--shard", "1/4", "--shards", "4"], vec![], "leave out --shards"),
        (&["--shard", "0/4"], vec![], "numbered from 1"),
        (&["--shards", "4"], vec![], "--shard"),
    ];
    for (args, variables, expected) in cases {
        let run = sync(&table, &[args, &["--dry-run"]].concat(), variables);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
    }
}
