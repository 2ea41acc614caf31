//! Puts back into progenitor's client what the spec says and lowering took out.

use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind};
use quote::format_ident;
use syn::{
    Attribute, Expr, ExprCall, ExprLit, ExprMethodCall, Field, File, FnArg, GenericParam, Ident,
    ImplItem, ImplItemFn, Item, ItemImpl, Lit, LitStr, Local, Pat, PathSegment, Stmt, Token, Type,
    parse::Parser as _,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::{lower::BYTES_MEDIA_TYPE, workaround::WorkaroundError};
use crate::{api::Api, render::wrapper};

/// Repairs the syntax tree of a client that progenitor rendered from `lowered`.
pub(crate) fn restore(
    api: &Api,
    lowered: &OpenAPI,
    file: &mut File,
) -> Result<(), WorkaroundError> {
    restore_media_type(api, file)?;
    drop_api_version_header(api, file)?;
    take_validated_photos(api, file)?;
    append_to_base_url(api, file)?;
    withdraw_constructors(file)?;
    document_references(lowered, file)?;
    name_error_model(api, file);
    Ok(())
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

/// `Client::new` unwraps, and gives up an upload after 15 seconds; only the
/// wrapper's builder, which checks the base URL, may make a client.
///
/// The time is a setting by now, which oxidecomputer/progenitor#1208, "Make default
/// client timeout configurable", asks for; oxidecomputer/progenitor#836, "Add a
/// `try_new` option on `Client`", was closed without a change. Goes when a setting
/// leaves the constructors out.
fn withdraw_constructors(file: &mut File) -> Result<(), WorkaroundError> {
    let (mut removed, mut hidden) = (0, 0);
    for item in &mut file.items {
        if let Item::Impl(ItemImpl { items, trait_: None, .. }) = item {
            let before = items.len();
            items.retain(|item| !matches!(item, ImplItem::Fn(it) if it.sig.ident == "new"));
            removed += before - items.len();
        }
    }
    for method in methods_mut(file).filter(|method| method.sig.ident == "new_with_client") {
        method.vis = parse_quote!(pub(crate));
        hidden += 1;
    }
    WorkaroundError::check("withdraw_constructors", 1, removed)?;
    WorkaroundError::check("withdraw_constructors", 1, hidden)
}

/// A property that is a bare `$ref` has no description of its own in OpenAPI
/// 3.0, and its field would be the only undocumented thing in the crate.
///
/// Goes when typify documents such a field by the description of its type, or progenitor
/// reads OpenAPI 3.1, in which a `$ref` may have a description.
fn document_references(lowered: &OpenAPI, file: &mut File) -> Result<(), WorkaroundError> {
    struct Fields {
        found: usize,
    }
    impl VisitMut for Fields {
        fn visit_field_mut(&mut self, field: &mut Field) {
            let public = matches!(field.vis, syn::Visibility::Public(_));
            if public
                && field.ident.is_some()
                && !field.attrs.iter().any(is_doc)
                && let Some(name) = last_type_name(&field.ty)
            {
                let text = format!(" See [`{name}`].");
                field.attrs.insert(0, parse_quote!(#[doc = #text]));
                self.found += 1;
            }
        }
    }
    let mut fields = Fields { found: 0 };
    fields.visit_file_mut(file);
    let schemas = lowered.components.iter().flat_map(|components| components.schemas.values());
    let undocumented =
        schemas.filter_map(ReferenceOr::as_item).flat_map(properties).filter(|property| {
            property.as_item().is_none_or(|schema| schema.schema_data.description.is_none())
        });
    WorkaroundError::check("document_references", undocumented.count(), fields.found)
}

/// The properties of a schema, if it is an object.
fn properties(schema: &Schema) -> impl Iterator<Item = &ReferenceOr<Box<Schema>>> {
    let object = match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::Object(object)) => Some(object),
        _ => None,
    };
    object.into_iter().flat_map(|object| object.properties.values())
}

/// Names the schema of error answers, whatever the spec calls it: nothing that
/// is written by hand needs to know.
///
/// Goes when progenitor names the type of the errors of all operations.
fn name_error_model(api: &Api, file: &mut File) {
    let schema = format_ident!("{}", api.error_model);
    file.items.push(parse_quote! {
        /// The body of every error answer.
        pub type ErrorModel = types::#schema;
    });
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

fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
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

/// The innermost type of `Box<Option<T>>` and its like.
fn last_type_name(ty: &Type) -> Option<Ident> {
    let Type::Path(path) = ty else { return None };
    let PathSegment { ident, arguments } = path.path.segments.last()?;
    match arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => last_type_name(ty),
                _ => None,
            })
        }
        _ => Some(ident.clone()),
    }
}
