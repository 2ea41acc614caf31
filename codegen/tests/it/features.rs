//! One small spec for each feature of the generator, and its rendering, which the tests of
//! `graph-photo-tests` compile.

use std::{fs, path::Path};

use graph_photo_codegen::{Rendered, render};
use syn::{ImplItem, Item, parse_quote, visit_mut::VisitMut};

/// A comment in each fixture names the parts of its snapshot: modules, items of modules
/// (`target::upload`) and documents.
#[test]
fn render_what_they_show() {
    insta::glob!("../fixtures/features", "*.yaml", |file| {
        let text = fs::read_to_string(file).unwrap();
        let rendered = render(&text).unwrap();
        let shows = text.lines().find_map(|line| line.strip_prefix("# Shows: ")).unwrap();
        let parts: Vec<String> = shows.split(' ').map(|part| part_of(&rendered, part)).collect();
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(parts.join("\n"));
        });
    });
}

fn part_of(rendered: &Rendered, part: &str) -> String {
    if Path::new(part).extension().is_some() {
        let document = rendered.documents.iter().find(|document| document.name == part);
        return format!("=== {part}\n{}", document.unwrap().text);
    }
    let (module, item) = part.split_once("::").map_or((part, None), |(m, i)| (m, Some(i)));
    let source = &rendered.modules.iter().find(|known| known.name == module).unwrap().source;
    let mut file: syn::File = syn::parse_str(source).unwrap();
    if module == "client" {
        shorten(&mut file);
    }
    if let Some(name) = item {
        file.items = vec![item_of(file.items, name)];
    }
    format!("=== {part}\n{}", prettyplease::unparse(&file))
}

/// The client and its methods, without their bodies.
fn shorten(file: &mut syn::File) {
    struct Bodies;
    impl VisitMut for Bodies {
        fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
            function.block = parse_quote!({ .. });
        }
    }
    Bodies.visit_file_mut(file);
}

/// The type of this name, or the `impl` with only the function of this name.
fn item_of(items: Vec<Item>, name: &str) -> Item {
    let found = items.into_iter().find_map(|item| match item {
        Item::Enum(ref declared) if declared.ident == name => Some(item),
        Item::Impl(mut block) => {
            block.items.retain(
                |item| matches!(item, ImplItem::Fn(function) if function.sig.ident == name),
            );
            (!block.items.is_empty()).then_some(Item::Impl(block))
        }
        _ => None,
    });
    found.unwrap_or_else(|| panic!("nothing is called {name}"))
}
