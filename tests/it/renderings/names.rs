//! Names of the spec that equal existing names: either they are refused, or they compile.

use std::{collections::BTreeSet, fs, path::Path};

use graph_photo_codegen::{api::Api, render};
use heck::{ToKebabCase as _, ToLowerCamelCase as _, ToPascalCase as _};
use syn::{ImplItem, Item, UseTree, visit_mut::VisitMut};

use super::crates::Crates;
use crate::library::Warnings;

const VALID: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../codegen/tests/fixtures/valid.yaml"));
const WRAPPER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../generated-client/src");

/// The keywords of Rust, all editions.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else \
     enum extern false final fn for gen if impl in let loop macro match mod move mut override priv \
     pub ref return self static struct super trait true try type typeof union unsafe unsized use \
     virtual where while yield raw safe auto default macro_rules";

/// Names from the prelude, and the primitive types.
const PRELUDE: &str = "Option Some None Result Ok Err String Vec Box ToOwned ToString Iterator \
     IntoIterator Extend DoubleEndedIterator ExactSizeIterator AsRef AsMut Into From Default \
     PartialEq Eq PartialOrd Ord Clone Copy Send Sync Sized Drop Fn FnMut FnOnce AsyncFn AsyncFnMut \
     AsyncFnOnce TryFrom TryInto FromIterator Future IntoFuture Unpin Debug Hash drop bool char str \
     u8 u16 u32 u64 usize i64 f32 f64 std core alloc serde reqwest http bytes progenitorClient \
     format panic vec include concat env";

fn parse(path: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The spec with another name for its path parameter.
fn with_parameter(name: &str) -> String {
    VALID.replace("userId", name)
}

fn is_accepted(spec: &str) -> bool {
    Api::read(spec).is_ok()
}

/// The names that a `use` brings into scope.
fn imported(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        UseTree::Glob(_) => {}
    }
}

/// The names of a module's items and imports.
fn names_of(file: &syn::File) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in &file.items {
        let ident = match item {
            Item::Use(item) => {
                imported(&item.tree, &mut names);
                continue;
            }
            Item::Enum(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            _ => continue,
        };
        names.insert(ident.to_string());
    }
    names
}

/// The type of an identifier is exported by the crate, and defined or imported by modules.
#[test]
fn no_parameter_takes_the_name_of_a_type_beside_it() {
    let mut names = names_of(&parse(&Path::new(WRAPPER).join("lib.rs")));
    for module in render(VALID).unwrap().modules {
        if matches!(module.name, "identifier" | "target") {
            names.extend(names_of(&syn::parse_file(&module.source).unwrap()));
        }
    }
    names.retain(|name| name.to_pascal_case() == *name && !name.starts_with("UserId"));
    assert!(names.contains("PhotoTarget"), "{names:#?}");
    let missing: Vec<_> = names
        .iter()
        .filter(|name| is_accepted(&with_parameter(&name.to_lower_camel_case())))
        .collect();
    assert!(missing.is_empty(), "add to CLIENT_TYPES in codegen/src/names.rs: {missing:#?}");
}

/// All functions of `PhotoTarget`, except those that the spec names.
fn functions_of_targets() -> BTreeSet<String> {
    let rendered = render(VALID).unwrap();
    let module = rendered.modules.iter().find(|module| module.name == "target").unwrap();
    let mut files = vec![syn::parse_file(&module.source).unwrap()];
    let mut folders = vec![Path::new(WRAPPER).to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(parse(&path));
            }
        }
    }
    let mut names = BTreeSet::new();
    for item in files.iter().flat_map(|file| &file.items) {
        if let Item::Impl(block) = item
            && matches!(&*block.self_ty, syn::Type::Path(ty) if ty.path.is_ident("PhotoTarget"))
        {
            names.extend(block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            }));
        }
    }
    assert!(names.remove("user"), "{names:#?}");
    names
}

#[test]
fn no_target_takes_the_name_of_a_function_of_targets() {
    let missing: Vec<_> = functions_of_targets()
        .into_iter()
        .filter(|name| {
            let id = format!("replace{}Photo", name.to_pascal_case());
            is_accepted(&VALID.replace("replaceUserPhoto", &id))
        })
        .collect();
    assert!(missing.is_empty(), "add to TAKEN_FUNCTIONS in codegen/src/names.rs: {missing:#?}");
}

/// The names of variables and arguments in a module.
fn variables(source: &str) -> BTreeSet<String> {
    struct Variables(BTreeSet<String>);
    impl VisitMut for Variables {
        fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
            self.0.insert(pattern.ident.to_string());
        }
    }
    let mut variables = Variables(BTreeSet::new());
    variables.visit_file_mut(&mut syn::parse_file(source).unwrap());
    variables.0
}

/// Names that could clash, in camel case: those of Rust and of rendered modules.
fn candidates() -> BTreeSet<String> {
    let rust = KEYWORDS.split_whitespace().chain(PRELUDE.split_whitespace());
    let mut names: BTreeSet<String> =
        rust.map(heck::ToLowerCamelCase::to_lower_camel_case).collect();
    for module in render(VALID).unwrap().modules {
        let file = syn::parse_file(&module.source).unwrap();
        let found = names_of(&file).into_iter().chain(variables(&module.source));
        names.extend(found.map(|name| name.to_lower_camel_case()));
    }
    names.extend(functions_of_targets().iter().map(|name| name.to_lower_camel_case()));
    names.retain(|name| name.chars().all(|c| c.is_ascii_alphanumeric()) && name != "userId");
    names
}

/// Clouds, sources, targets and parameters with existing names compile unless they are
/// refused.
#[test]
fn what_is_not_refused_compiles() {
    let accepted = |name: &String| is_accepted(&with_parameter(name));
    let (parameters, refused): (Vec<_>, Vec<_>) = candidates().into_iter().partition(accepted);
    assert!(parameters.contains(&"photo".to_owned()) && refused.contains(&"body".to_owned()));
    let spec = many_names(&parameters);
    let rendered = render(&spec).unwrap_or_else(|error| panic!("{error}"));
    let mut crates = Crates::new("names");
    crates.add("all", &rendered.modules, Warnings::Deny);
    crates.check();
}

/// The valid spec with a path for each parameter, whose target has the same name if that is
/// allowed, and with clouds and sources of these names.
fn many_names(parameters: &[String]) -> String {
    let (before, rest) = VALID.split_once("paths:\n").unwrap();
    let (path, components) = rest.split_once("components:\n").unwrap();
    let (parameter, bodies) = components.split_once("  requestBodies:").unwrap();
    let mut text = String::new();
    let mut declared = parameter.to_owned();
    for name in parameters {
        let pascal = name.to_pascal_case();
        let id = format!("replace{pascal}Photo");
        let id = if is_accepted(&VALID.replace("replaceUserPhoto", &id)) {
            id
        } else {
            format!("replace{pascal}ThingPhoto")
        };
        text += &path
            .replace("/users/", &format!("/{name}/"))
            .replace("userId", name)
            .replace("parameters/UserId", &format!("parameters/{pascal}"))
            .replace("replaceUserPhoto", &id);
        let entry = parameter.split_once("    UserId:\n").unwrap().1;
        declared += &format!("    {pascal}:\n{}", entry.replace("userId", name));
    }
    let tail = format!("paths:\n{path}components:\n{components}");
    let head = many_clouds_and_sources(before, &tail);
    format!("{head}paths:\n{path}{text}components:\n{declared}  requestBodies:{bodies}")
}

/// The beginning of a spec with a source for each candidate, and a cloud if that is allowed.
fn many_clouds_and_sources(before: &str, tail: &str) -> String {
    let (clouds, sources) = before.split_once("x-graph-sources:\n").unwrap();
    let (mut clouds, mut sources) = (clouds.to_owned(), sources.to_owned());
    for name in candidates().iter().map(|name| name.to_kebab_case()) {
        let cloud = format!(
            "  - {{ url: 'https://{name}.example', description: A cloud., x-graph-cloud: {name} }}\n"
        );
        if is_accepted(&format!("{clouds}{cloud}x-graph-sources:\n{sources}{tail}")) {
            clouds += &cloud;
        }
        if name != "page" {
            sources += &format!("  '{name}': {{ title: A page, url: 'https://docs.example' }}\n");
        }
    }
    format!("{clouds}x-graph-sources:\n{sources}")
}
