//! Plain modules instead of those that a build script renders.

/// The file that includes the rendered modules, relative to its package.
pub(super) const PATH: &str = "src/generated.rs";

/// Where plain modules of that file lie.
pub(super) const FOLDER: &str = "src/generated";

/// The macro that includes what the build script wrote, and the list of
/// modules that it is called with. Each ends at the next line that is `}`.
const MACRO: &str = "\nmacro_rules! rendered {\n";
const LIST: &str = "\nrendered! {\n";
const END: &str = "\n}\n";

/// Replaces the macro and its list by a declaration of each module in the list,
/// with its documentation and visibility; `names` is what was rendered.
///
/// Fails if the text has not exactly that form, or lists other modules.
pub(super) fn plain(source: &str, names: &[&str]) -> Result<String, String> {
    let (before, _, rest) = block(source, MACRO)?;
    let (between, list, after) = block(rest, LIST)?;
    if after.contains("rendered!") {
        return Err(unexpected("a second `rendered!` list"));
    }
    let mut text = format!("{before}{between}");
    let mut listed = Vec::new();
    for line in list.lines() {
        let line = line.strip_prefix("    ").ok_or_else(|| unexpected(line))?;
        if line.starts_with("///") {
            text += &format!("\n{line}");
            continue;
        }
        let declaration = line.strip_suffix(';').ok_or_else(|| unexpected(line))?;
        let (visibility, name) = declaration.rsplit_once(' ').unwrap_or(("", declaration));
        text += &format!("\n{}", format!("{visibility} mod {name};").trim_start());
        listed.push(name);
    }
    let absent = |from: &[&str], name: &&&str| !from.contains(*name);
    if let Some(name) = names.iter().find(|name| absent(&listed, name)) {
        return Err(format!("the module `{name}` is rendered, but not listed in `rendered!`"));
    }
    if let Some(name) = listed.iter().find(|name| absent(names, name)) {
        return Err(format!("the module `{name}` is listed in `rendered!`, but not rendered"));
    }
    Ok(format!("{text}\n{after}"))
}

/// A rendered module without the header's advice, which is for whoever has the spec.
pub(super) fn for_consumers(source: &str) -> String {
    let advice = |line: &&str| line.starts_with("// Do not edit");
    match source.lines().nth(1).filter(advice) {
        Some(line) => source.replacen(line, "// Do not edit.", 1),
        None => source.to_owned(),
    }
}

/// What stands before a block, in it and after it.
fn block<'a>(source: &'a str, start: &str) -> Result<(&'a str, &'a str, &'a str), String> {
    let missing = || unexpected(&format!("no block `{}`", start.trim()));
    let (before, rest) = source.split_once(start).ok_or_else(missing)?;
    let (inside, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok((before, inside, after))
}

fn unexpected(what: &str) -> String {
    format!(
        "its form is not the expected one ({what}); keep `macro_rules! rendered` and one \
         `rendered!` list, or teach xtask/src/dist/modules.rs the new form"
    )
}
