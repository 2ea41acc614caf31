//! Puts back into progenitor's client what the spec says and lowering removed.

use syn::{
    Expr, ExprCall, ExprLit, ExprMethodCall, Fields, File, FnArg, GenericParam, ImplItem,
    ImplItemFn, Item, ItemStruct, Lit, LitStr, Local, Pat, Stmt, Token, Type,
    parse::Parser as _,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::{lower::BYTES_MEDIA_TYPE, workaround::WorkaroundError};
use crate::api::{Api, Operation};
use crate::names;
use crate::render::wrapper;

pub(crate) fn restore(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    let operations = api.operations().count();
    let check = |name, found| WorkaroundError::check(name, operations, found);
    check("restore_media_type", restore_media_type(api, file))?;
    check("drop_api_version_header", drop_api_version_header(file))?;
    check("take_validated_photos", take_validated_photos(file))?;
    check("append_to_base_url", append_to_base_url(file))?;
    check("send_by_transport", send_by_transport(api, file))?;
    keep_only_methods(file)
}

/// Lowering declared every body as plain bytes, which Graph refuses with 500 "isn't an image".
///
/// Goes with `send_plain_bytes` of the lowering.
fn restore_media_type(api: &Api, file: &mut File) -> usize {
    edit_expressions(file, |expr| {
        // Not every literal: a description may consist of the same words.
        let Expr::Call(ExprCall { func, args, .. }) = expr else { return false };
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) = args.first_mut() else {
            return false;
        };
        let is_bytes = calls(func, "from_static") && literal.value() == BYTES_MEDIA_TYPE;
        if is_bytes {
            *literal = LitStr::new(&api.media_type, literal.span());
        }
        is_bytes
    })
}

/// progenitor sends `info.version` as a header `api-version`, which takes from the photo's size.
///
/// oxidecomputer/progenitor#564, "progenitor clients should specify API version", asked for it.
/// Goes when a setting of progenitor leaves it out.
fn drop_api_version_header(file: &mut File) -> usize {
    /// The variable in which progenitor collects the headers of a request.
    const HEADERS: &str = "header_map";
    let sent = edit_expressions(file, |expr| {
        let Expr::MethodCall(call) = expr else { return false };
        let is_sent =
            call.method == "headers" && call.args.iter().any(|it| is_variable(it, HEADERS));
        if is_sent {
            *expr = (*call.receiver).clone();
        }
        is_sent
    });
    let mut removed = 0;
    for method in methods_mut(file) {
        let before = method.block.stmts.len();
        method.block.stmts.retain(|statement| match statement {
            Stmt::Local(local) => !matches!(&local.pat, Pat::Ident(it) if it.ident == HEADERS),
            Stmt::Expr(Expr::MethodCall(call), _) => !is_variable(&call.receiver, HEADERS),
            _ => true,
        });
        removed += before - method.block.stmts.len();
    }
    // Each method declares the variable and fills it once.
    sent.min(removed / 2)
}

/// progenitor takes any body; the client uploads only validated photos, which can be sent again.
///
/// Goes when the type of a body can be replaced by name, as that of a schema can since
/// oxidecomputer/typify#171, "Let consumers specify replacement types by name".
fn take_validated_photos(file: &mut File) -> usize {
    let mut found = 0;
    let is_body = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("B"));
    for method in methods_mut(file) {
        let generics = &mut method.sig.generics.params;
        if matches!(generics.last(), Some(GenericParam::Type(last)) if last.ident == "B") {
            generics.pop();
            generics.pop_punct();
        }
        for argument in &mut method.sig.inputs {
            if let FnArg::Typed(body) = argument
                && is_body(&body.ty)
            {
                let photo = wrapper::photo();
                *body.ty = parse_quote!(&'a #photo);
                found += 1;
            }
        }
    }
    found
}

/// progenitor formats and parses a whole URL for each request; the client appends to a parsed one.
///
/// Goes when progenitor keeps a parsed base URL and appends to it.
fn append_to_base_url(file: &mut File) -> usize {
    edit_expressions(file, |expr| {
        let Some(segments) = segments_of(expr) else { return false };
        let url = wrapper::url(&segments);
        *expr = parse_quote!(#url);
        true
    })
}

/// The path segments of `format!("{}/users/{}/photo", base, encode_path(&id.to_string()))`.
fn segments_of(expr: &Expr) -> Option<Vec<Expr>> {
    let Expr::Macro(format) = expr else { return None };
    if !format.mac.path.is_ident("format") {
        return None;
    }
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
    let arguments = arguments.parse2(format.mac.tokens.clone()).ok()?;
    let mut arguments = arguments.into_iter();
    let Some(Expr::Lit(ExprLit { lit: Lit::Str(template), .. })) = arguments.next() else {
        return None;
    };
    let template = template.value();
    if !matches!(arguments.next()?, Expr::Field(base) if is_variable(&base.base, "self")) {
        return None;
    }
    let segments = template.strip_prefix("{}/")?.split('/').map(|segment| match segment {
        "{}" => encoded_identifier(&arguments.next()?),
        text => Some(parse_quote!(#text)),
    });
    segments.collect()
}

/// The value of the identifier in `encode_path(&identifier.to_string())`.
fn encoded_identifier(expr: &Expr) -> Option<Expr> {
    let Expr::Call(call) = expr else { return None };
    let Some(Expr::Reference(reference)) = call.args.first() else { return None };
    let Expr::MethodCall(ExprMethodCall { receiver, .. }) = &*reference.expr else { return None };
    let value = wrapper::identifier_value(receiver);
    calls(&call.func, "encode_path").then(|| parse_quote!(#value))
}

/// progenitor's types of responses tell neither attempts and waits nor why a request was not
/// sent. The wrapper's transport sends the request instead.
///
/// Goes when the hooks of progenitor may choose what a method returns.
fn send_by_transport(api: &Api, file: &mut File) -> usize {
    let mut found = 0;
    for method in methods_mut(file) {
        let is_its_own =
            |operation: &&Operation| method.sig.ident == names::snake_name(&operation.id);
        let operation = api.operations().map(|(_, operation)| operation).find(is_its_own);
        let statements = &mut method.block.stmts;
        let request =
            statements.iter().enumerate().find_map(|(at, it)| Some((at, unbuilt_request(it)?)));
        if let (Some(operation), Some((at, request))) = (operation, request) {
            let (send, outcome) = (wrapper::send(&request, operation), wrapper::outcome());
            statements.truncate(at);
            statements.push(Stmt::Expr(parse_quote!(#send), None));
            method.sig.output = parse_quote!(-> #outcome);
            found += 1;
        }
    }
    found
}

/// The request in `let mut request = self.client.put(url).build()?;`, not built yet.
fn unbuilt_request(statement: &Stmt) -> Option<Expr> {
    let Stmt::Local(Local { init: Some(init), .. }) = statement else { return None };
    let Expr::Try(built) = &*init.expr else { return None };
    match &*built.expr {
        Expr::MethodCall(call) if call.method == "build" => Some((*call.receiver).clone()),
        _ => None,
    }
}

/// Only progenitor's runtime needs what is rendered beside the methods: imports, types of
/// responses, the traits of its hooks, and constructors, which unwrap and give up an upload
/// after 15 seconds. The wrapper's builder makes a client.
///
/// oxidecomputer/progenitor#836, "Add a `try_new` option on `Client`", was closed without a
/// change. Goes when settings leave them out.
fn keep_only_methods(file: &mut File) -> Result<(), WorkaroundError> {
    /// Two imports, the types, the prelude, two traits and the constructors.
    const OTHERS: usize = 7;
    let is_constructor =
        |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "new");
    let before = file.items.len();
    file.items.retain(|item| match item {
        Item::Struct(_) => true,
        Item::Impl(block) => block.trait_.is_none() && !block.items.iter().any(is_constructor),
        _ => false,
    });
    WorkaroundError::check("keep_only_methods", OTHERS, before - file.items.len())?;
    let mut removed = 0;
    for item in &mut file.items {
        if let Item::Struct(ItemStruct { fields: Fields::Named(fields), .. }) = item {
            let before = fields.named.len();
            let named = std::mem::take(&mut fields.named).into_iter();
            let kept = named.filter(|field| field.ident.as_ref().is_none_or(|it| it != "baseurl"));
            fields.named = kept.collect();
            removed += before - fields.named.len();
        }
    }
    WorkaroundError::check("keep_only_methods", 1, removed)
}

fn methods_mut(file: &mut File) -> impl Iterator<Item = &mut ImplItemFn> {
    let items = file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) => Some(&mut block.items),
        _ => None,
    });
    items.flatten().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

/// Shows every expression to `edit`, the inner ones first; returns how many it edited.
fn edit_expressions(file: &mut File, edit: impl FnMut(&mut Expr) -> bool) -> usize {
    struct Expressions<F> {
        edit: F,
        edited: usize,
    }
    impl<F: FnMut(&mut Expr) -> bool> VisitMut for Expressions<F> {
        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            visit_mut::visit_expr_mut(self, expr);
            self.edited += usize::from((self.edit)(expr));
        }
    }
    let mut expressions = Expressions { edit, edited: 0 };
    expressions.visit_file_mut(file);
    expressions.edited
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

/// Whether `function` is a path that ends in `name`.
fn calls(function: &Expr, name: &str) -> bool {
    matches!(function, Expr::Path(path)
        if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}
