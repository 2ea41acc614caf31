//! How the files of a crate import each other: from where a thing is defined, and
//! never in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use syn::{UseTree, visit::Visit};

use crate::tidy::{files, read};

/// A module's place in its crate, such as `["photo", "exif"]`; empty for the root.
type Module = Vec<String>;

/// Which modules a module takes something from.
type Imports = BTreeMap<Module, BTreeSet<Module>>;

/// The folders with the sources of a crate.
fn source_folders() -> BTreeSet<PathBuf> {
    let roots = files(".rs").into_iter().filter(|file| is_root(Path::new(file)));
    roots.map(|file| Path::new(&file).parent().unwrap().to_owned()).collect()
}

/// Whether a file is the root of a library or of a program.
fn is_root(file: &Path) -> bool {
    file.ends_with("src/lib.rs") || file.ends_with("src/main.rs")
}

/// The modules below a folder, each with its syntax tree. Roots are one module.
fn modules(folder: &Path) -> BTreeMap<Module, Vec<syn::File>> {
    let mut modules: BTreeMap<Module, Vec<syn::File>> = BTreeMap::new();
    for file in files(".rs") {
        let Ok(below) = Path::new(&file).strip_prefix(folder) else { continue };
        let stem = below.with_extension("");
        let mut module: Module =
            stem.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if matches!(module.last().map(String::as_str), Some("lib" | "main" | "mod")) {
            module.pop();
        }
        modules.entry(module).or_default().push(syn::parse_file(&read(&file)).unwrap());
    }
    modules
}

/// Collects the paths that begin with `crate`, `self` or `super`.
struct Paths {
    module: Module,
    found: Vec<Module>,
}

impl Paths {
    /// Makes a path absolute; `None` if it leads out of the crate.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module.split_last()?.1.to_vec(),
            _ => return None,
        };
        let mut rest = rest;
        while let Some((first, others)) = rest.split_first()
            && first == "super"
        {
            base.pop();
            rest = others;
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn take(&mut self, path: &[String]) {
        let found = self.absolute(path);
        self.found.extend(found);
    }

    fn take_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.take_tree(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.take(&with(&name.ident)),
            UseTree::Rename(rename) => self.take(&with(&rename.ident)),
            UseTree::Glob(_) => self.take(before),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.take_tree(tree, before));
            }
        }
    }
}

impl Visit<'_> for Paths {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.take_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let segments: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.take(&segments);
        syn::visit::visit_path(self, path);
    }

    /// `pub(crate)` takes nothing.
    fn visit_visibility(&mut self, _: &syn::Visibility) {}

    /// A test may use whatever it tests.
    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            let condition = attribute.meta.require_list().map(|list| list.tokens.to_string());
            attribute.path().is_ident("cfg")
                && condition.is_ok_and(|text| text == "test" || text.contains("(test"))
        });
        if !is_test {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

/// What each module of a crate takes from which others.
fn imports(modules: &BTreeMap<Module, Vec<syn::File>>) -> Imports {
    let mut imports = Imports::new();
    for (module, sources) in modules {
        let mut paths = Paths { module: module.clone(), found: Vec::new() };
        for file in sources {
            paths.visit_file(file);
        }
        let of = imports.entry(module.clone()).or_default();
        for path in paths.found {
            // The longest beginning of the path that is a module is where the thing is.
            let defined = (0..=path.len()).rev().map(|length| path[..length].to_vec());
            let defined = defined.into_iter().find(|known| modules.contains_key(known)).unwrap();
            if defined != *module {
                of.insert(defined);
            }
        }
    }
    imports
}

/// All that a module takes something from, directly or through others.
fn reached<'i>(from: &Module, imports: &'i Imports) -> BTreeSet<&'i Module> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&Module> = imports[from].iter().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(&imports[module]);
        }
    }
    reached
}

/// The imports that are part of a circle, each as `from -> to`.
fn in_circles(imports: &Imports) -> Vec<String> {
    let edges = imports.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
    edges
        .filter(|(from, to)| reached(to, imports).contains(from))
        .map(|(from, to)| format!("{} -> {}", from.join("::"), to.join("::")))
        .collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let folders = source_folders();
    assert!(folders.len() > 4, "{folders:?}");
    for folder in folders {
        let circles = in_circles(&imports(&modules(&folder)));
        assert!(
            circles.is_empty(),
            "{}: these imports make circles: {circles:#?}",
            folder.display()
        );
    }
}

#[test]
fn no_file_imports_through_the_root() {
    let mut found = Vec::new();
    for folder in source_folders() {
        for (module, from) in imports(&modules(&folder)) {
            if !module.is_empty() && from.contains(&Vec::new()) {
                found.push(format!("{}: {}", folder.display(), module.join("::")));
            }
        }
    }
    assert!(
        found.is_empty(),
        "these name the crate's root, not what defines the thing: {found:#?}"
    );
}

#[test]
fn a_circle_is_found() {
    let module = |name: &str| vec![name.to_owned()];
    let imports = |edges: &[(&str, &str)]| {
        let mut imports = Imports::new();
        for (from, to) in edges {
            imports.entry(module(to)).or_default();
            imports.entry(module(from)).or_default().insert(module(to));
        }
        imports
    };
    assert!(in_circles(&imports(&[("a", "b"), ("a", "c"), ("b", "c")])).is_empty());
    let found = in_circles(&imports(&[("z", "a"), ("a", "b"), ("b", "c"), ("c", "a")]));
    assert_eq!(found, ["a -> b", "b -> c", "c -> a"]);
}
