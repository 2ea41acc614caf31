//! Random edits of a spec, the same on every machine. The tests of `graph-photo-tests`, which
//! compile the renderings, include this file.

/// A small random number generator (xorshift), the same on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// The lines of the entry at `line`: it and all deeper ones.
fn block(lines: &[String], line: usize) -> std::ops::Range<usize> {
    let depth = |line: &String| line.len() - line.trim_start().len();
    let deeper = lines[line + 1..].iter().take_while(|other| depth(other) > depth(&lines[line]));
    line..line + 1 + deeper.count()
}

/// Edits one place of a spec; returns a description of the edit and the text.
pub(crate) fn mutate(random: &mut Random, spec: &str) -> (String, String) {
    let mut lines: Vec<String> = spec.lines().map(str::to_owned).collect();
    let content: Vec<usize> = (0..lines.len())
        .filter(|line| {
            !lines[*line].trim().is_empty() && !lines[*line].trim_start().starts_with('#')
        })
        .collect();
    let line = content[random.below(content.len())];
    let other = content[random.below(content.len())];
    let original = lines[line].clone();
    let what = match random.below(13) {
        0 => {
            lines.remove(line);
            "delete line"
        }
        1 => {
            lines.drain(block(&lines, line));
            "delete block"
        }
        2 => {
            let range = block(&lines, line);
            let copy: Vec<_> = lines[range.clone()].to_vec();
            lines.splice(range.end..range.end, copy);
            "duplicate block"
        }
        3 => {
            lines.swap(line, other);
            "swap lines"
        }
        4 => {
            let renamed = original.replacen(':', "x:", 1);
            lines[line] = renamed;
            "rename key"
        }
        5 | 6 => {
            let value = random.pick(&[
                "", "3", "true", "~", "[]", "{}", "[a, b]", "{ a: b }", "-1.5", "'text'", "''",
                "0x10",
            ]);
            let key = original.split_once(':').map_or(original.as_str(), |(key, _)| key);
            lines[line] = format!("{key}: {value}");
            "change value"
        }
        7 => {
            let garbage = random.pick(&[
                "%",
                "\t- x",
                "}}}",
                "é: ü",
                "? x",
                "- - -",
                "'",
                "\"\\q\"",
                "&a *a",
                "<<: *identifier",
                "\u{feff}",
                "\0",
                "---",
                "...",
            ]);
            lines.insert(line, garbage.to_owned());
            "insert garbage"
        }
        8 => {
            let at = random.below(original.chars().count());
            lines[line] = original
                .chars()
                .enumerate()
                .filter(|(index, _)| *index != at)
                .map(|(_, c)| c)
                .collect();
            "delete character"
        }
        9 => {
            lines[line] = format!("  {original}");
            "indent"
        }
        10 => {
            let copy = lines[other].clone();
            lines[line] = copy;
            "overwrite line"
        }
        11 => return rename(random, spec, &original),
        _ => {
            let text = lines.join("\n");
            let mut end = random.below(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            return (format!("truncate at {end}"), text[..end].to_owned());
        }
    };
    (format!("{what} at line {}: {original}", line + 1), lines.join("\n"))
}

/// Renames a word of a line everywhere, to one with or without a meaning in rendered code.
fn rename(random: &mut Random, spec: &str, line: &str) -> (String, String) {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect();
    let word = if words.is_empty() { "contactId" } else { random.pick(&words) };
    let to = random.pick(&[
        "type",
        "Self",
        "self",
        "path",
        "option",
        "String",
        "client",
        "photo",
        "url",
        "fooBar",
        "FooBar",
        "foo",
        "Foo",
        "x",
        "X",
        "identifier",
        "Parameter",
        "userId",
        "Error",
        "request",
        "replaceFooPhoto",
        "updateFooPhoto",
        "operation",
        "é",
        "a1",
        "Photo",
        "User",
    ]);
    (format!("rename {word} to {to}"), replace_word(spec, word, to))
}

/// Replaces whole words.
fn replace_word(text: &str, from: &str, to: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric();
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let whole = !before.ends_with(part) && !after.starts_with(part);
        replaced += before;
        replaced += if whole { to } else { from };
        rest = after;
    }
    replaced + rest
}

/// The number of edits; `MUTATIONS=20000 cargo test ...` tries more.
pub(crate) fn count() -> usize {
    std::env::var("MUTATIONS").map_or(400, |count| count.parse().unwrap())
}
