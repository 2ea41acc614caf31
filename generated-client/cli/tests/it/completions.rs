//! `graph-photo completions`.

use std::process::Command;

use super::{file, run};

#[test]
fn every_shell_has_completions_of_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{shell}");
        for word in ["set", "check", "permissions", "report", "token-file", "html"] {
            assert!(run.stdout.contains(word), "{shell} does not complete `{word}`");
        }
    }
    assert_eq!(run(&["completions", "cmd"]).code, Some(2));
}

/// What bash offers after these words, the last of which is to be completed.
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let script = file("completions.bash", run(&["completions", "bash"]).stdout);
    let program = format!(
        "source '{}' && COMP_WORDS=({}) && COMP_CWORD={} && line=$(complete -p graph-photo) && \
         line=${{line#*-F }} && ${{line%% *}} graph-photo '{}' && printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
        words.join(" "),
        words.len() - 1,
        words[words.len() - 1]
    );
    // The system may have no bash, which is a failure of no test.
    let output = Command::new("bash").args(["--norc", "-c", &program]).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_a_command_and_an_option() {
    let Some(commands) = offered(&["graph-photo", "se"]) else { return };
    assert_eq!(commands, ["set"]);
    assert_eq!(offered(&["graph-photo", "report", "--ht"]).unwrap(), ["--html"]);
    assert_eq!(offered(&["graph-photo", "completions", "po"]).unwrap(), ["powershell"]);
}
