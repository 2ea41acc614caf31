//! `cargo xtask crash` finds no fault in the program, and one in a program that sends nothing.

use std::process::{Command, Output};

use serde_json::Value;

use crate::copy::target;

/// The last line of a run, which is an object.
fn summary(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_else(|_| {
        panic!("{text}{}", String::from_utf8_lossy(&output.stderr));
    })
}

#[test]
fn kills_and_faults_are_survived_and_a_program_that_sends_nothing_is_found() {
    let mut crash = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let crash = crash.args(["crash", "--kills", "4", "--photos", "80", "--seed", "1", "--json"]);
    let output = crash.output().unwrap();
    let counts = summary(&output);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (key, value) in [("kills", 4), ("wrong", 0), ("skipped", 0), ("broken", 0), ("seed", 1)] {
        assert_eq!(counts[key], value, "{counts}");
    }
    assert!(counts["twice"].as_u64() <= counts["bound"].as_u64(), "{counts}");
    assert!(counts["faults"].as_u64() > Some(0), "{counts}");

    let mut crash = Command::new(target().join("debug/examples/crash"));
    crash.args(["--program", "true", "--kills", "0", "--photos", "3", "--seed", "1", "--json"]);
    let output = crash.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(summary(&output)["skipped"], 3);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("has no photo at the end"), "{errors}");
    assert!(errors.contains("`cargo xtask crash --kills 0 --photos 3 --seed 1`"), "{errors}");
}
