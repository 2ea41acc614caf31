//! The help of the program and of each command, as terminals of two widths show it.

use super::{Run, program};

const WIDTHS: [usize; 2] = [80, 120];

/// Wider than the help ever gets.
const UNBOUNDED: usize = 10_000;

fn output(args: &[&str], width: usize) -> String {
    let run = Run::from(program(args).env("COLUMNS", width.to_string()).output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{args:?}");
    run.stdout
}

/// The commands that the help lists, and the program itself, which is none.
fn commands() -> Vec<Option<String>> {
    let help = output(&["help"], UNBOUNDED);
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let name = |line: &str| Some(line.strip_prefix("  ")?.split(' ').next()?.to_owned());
    let names = list.map_while(name).filter(|name| name != "help");
    [None].into_iter().chain(names.map(Some)).collect()
}

fn words(help: &str) -> Vec<&str> {
    help.split_whitespace().collect()
}

/// The examples, which stay on one line, so that they can be pasted.
fn examples(help: &str) -> Vec<&str> {
    help.lines().filter(|line| line.starts_with("  graph-photo ")).collect()
}

#[test]
fn no_line_is_wider_than_the_terminal_and_no_word_is_broken() {
    let commands = commands();
    assert!(commands.len() > 3, "{commands:?}");
    for command in &commands {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        for args in [[&["help"], &command[..]].concat(), [&command[..], &["-h"]].concat()] {
            let whole = output(&args, UNBOUNDED);
            for width in WIDTHS {
                let help = output(&args, width);
                let wide = help.lines().find(|line| line.chars().count() > width);
                assert_eq!(wide, None, "{args:?} at {width}");
                assert_eq!(examples(&help), examples(&whole), "{args:?} at {width}");
                assert_eq!(words(&help), words(&whole), "{args:?} at {width}");
            }
        }
    }
}

/// With the default features, since `azure` adds to it.
#[cfg(feature = "azure")]
#[test]
fn reads_as_reviewed() {
    for command in commands() {
        let args: Vec<&str> = ["help"].into_iter().chain(command.as_deref()).collect();
        for width in WIDTHS {
            insta::assert_snapshot!(
                format!("{}_{width}", args.join("_")),
                output(&args, width),
                &args.join(" ")
            );
        }
    }
}
