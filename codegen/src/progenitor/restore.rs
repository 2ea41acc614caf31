//! Puts back into progenitor's client what the spec says and lowering took out.

use syn::{
    Expr, ExprCall, ExprLit, ExprMethodCall, Fields, File, FnArg, GenericParam, ImplItem,
    ImplItemFn, Item, ItemStruct, Lit, LitStr, Local, Pat, Stmt, Token, Type,
    parse::Parser as _,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::{lower::BYTES_MEDIA_TYPE, workaround::WorkaroundError};
use crate::{
    api::{Api, Operation},
    names,
    render::wrapper,
};

/// Repairs the syntax tree of a client that progenitor rendered.
pub(crate) fn restore(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    restore_media_type(api, file)?;
    drop_api_version_header(api, file)?;
    take_validated_photos(api, file)?;
    append_to_base_url(api, file)?;
    send_by_transport(api, file)?;
    keep_only_methods(file)
}

/// Lowering declared every body as plain bytes. Graph answers a photo of that
/// type with 500 "isn't an image": the client must send the type of the spec.
///
/// Goes with `send_plain_bytes` of the lowering.
fn restore_media_type(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    // Not every literal: a description may consist of the same words.
    let found = edit_expressions(file, |expr| match expr {
        Expr::Call(ExprCall { func, args, .. }) if calls(func, "from_static") => {
            match args.first_mut() {
                Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }))
                    if literal.value() == BYTES_MEDIA_TYPE =>
                {
                    *literal = LitStr::new(&api.media_type, literal.span());
                    true
                }
                _ => false,
            }
        }
        _ => false,
    });
    WorkaroundError::check("restore_media_type", api.operations().count(), found)
}

/// progenitor sends `info.version` as a header `api-version` with each request.
/// Graph has no such header, and each header takes from the size of the photo.
///
/// It was asked for by oxidecomputer/progenitor#564, "progenitor clients should specify
/// API version". Goes when a setting of progenitor leaves it out.
fn drop_api_version_header(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    /// The variable that progenitor collects the headers of a request in.
    const HEADERS: &str = "header_map";
    let (mut declared, mut filled) = (0, 0);
    for method in methods_mut(file) {
        method.block.stmts.retain(|statement| match statement {
            Stmt::Local(local) if declares(local, HEADERS) => {
                declared += 1;
                false
            }
            Stmt::Expr(Expr::MethodCall(call), _) if is_variable(&call.receiver, HEADERS) => {
                filled += 1;
                false
            }
            _ => true,
        });
    }
    let sent = edit_expressions(file, |expr| match expr {
        Expr::MethodCall(ExprMethodCall { receiver, method, args, .. })
            if method == "headers"
                && args.first().is_some_and(|argument| is_variable(argument, HEADERS)) =>
        {
            *expr = (**receiver).clone();
            true
        }
        _ => false,
    });
    let operations = api.operations().count();
    WorkaroundError::check("drop_api_version_header", operations, declared)?;
    WorkaroundError::check("drop_api_version_header", operations, filled)?;
    WorkaroundError::check("drop_api_version_header", operations, sent)
}

/// progenitor takes anything that turns into a body. Only a validated photo can
/// be uploaded, and only bytes - not a stream - can be counted and sent again.
///
/// Goes when the type of a body can be replaced by name, as that of a schema can since
/// oxidecomputer/typify#171, "Let consumers specify replacement types by name".
fn take_validated_photos(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    let mut found = 0;
    for method in methods_mut(file) {
        let generics = &mut method.sig.generics.params;
        let before = generics.len();
        *generics = std::mem::take(generics)
            .into_iter()
            .filter(|parameter| !matches!(parameter, GenericParam::Type(t) if t.ident == "B"))
            .collect();
        let body = method.sig.inputs.iter_mut().find_map(|argument| match argument {
            FnArg::Typed(typed) if is_type(&typed.ty, "B") => Some(typed),
            _ => None,
        });
        if let Some(body) = body
            && generics.len() + 1 == before
        {
            let photo = wrapper::photo();
            *body.ty = parse_quote!(&'a #photo);
            found += 1;
        }
    }
    WorkaroundError::check("take_validated_photos", api.operations().count(), found)
}

/// progenitor formats the whole URL of each request, which is then parsed, host and
/// all. The base URL is parsed when the client is made, and path segments are
/// appended to it.
///
/// Goes when progenitor keeps a parsed base URL and appends to it.
fn append_to_base_url(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    let found = edit_expressions(file, |expr| match segments_of(expr) {
        Some(segments) => {
            let url = wrapper::url(&segments);
            *expr = parse_quote!(#url);
            true
        }
        None => false,
    });
    WorkaroundError::check("append_to_base_url", api.operations().count(), found)
}

/// The path segments of `format!("{}/users/{}/photo", base, encode_path(&id.to_string()))`:
/// texts, and the values of identifiers.
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

/// progenitor's methods turn what was answered into types of its own, which tell neither
/// of attempts and waits nor why a request was not sent. The wrapper's transport sends
/// the request in their place, and says what became of it.
///
/// Goes when the hooks of progenitor may choose what a method returns.
fn send_by_transport(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    let mut found = 0;
    for method in methods_mut(file) {
        let is_its_own =
            |operation: &&Operation| method.sig.ident == names::snake_name(&operation.id);
        let operation = api.operations().map(|(_, operation)| operation).find(is_its_own);
        let statements = &mut method.block.stmts;
        let request =
            statements.iter().enumerate().find_map(|(at, it)| Some((at, unbuilt_request(it)?)));
        if let (Some(operation), Some((at, request))) = (operation, request) {
            let send = wrapper::send(&request, operation);
            statements.truncate(at);
            statements.push(Stmt::Expr(parse_quote!(#send), None));
            let outcome = wrapper::outcome();
            method.sig.output = parse_quote!(-> #outcome);
            found += 1;
        }
    }
    WorkaroundError::check("send_by_transport", api.operations().count(), found)
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

/// What progenitor renders beside the methods, only its own runtime needs: imports, the
/// types of answers, the traits of its hooks, and constructors, which unwrap and give up
/// an upload after 15 seconds. The wrapper's builder makes a client.
///
/// oxidecomputer/progenitor#836, "Add a `try_new` option on `Client`", was closed without
/// a change. Goes when settings leave them out.
fn keep_only_methods(file: &mut File) -> Result<(), WorkaroundError> {
    /// Two imports, the types, the prelude, two traits and the constructors.
    const OTHERS: usize = 7;
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

fn is_constructor(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "new")
}

/// The functions of all `impl` blocks.
fn methods_mut(file: &mut File) -> impl Iterator<Item = &mut ImplItemFn> {
    let blocks = file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) => Some(&mut block.items),
        _ => None,
    });
    blocks.flatten().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

/// Shows every expression to `edit`, the inner ones first; how many it has edited.
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

fn declares(local: &Local, name: &str) -> bool {
    matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == name)
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

fn is_type(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident(name))
}

/// Whether `function` is a path that ends in `name`.
fn calls(function: &Expr, name: &str) -> bool {
    matches!(function, Expr::Path(path)
        if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}
