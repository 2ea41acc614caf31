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
use crate::api::Api;

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
fn restore_media_type(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    struct Literals<'a> {
        media_type: &'a str,
        found: usize,
    }
    impl VisitMut for Literals<'_> {
        // Not every literal: a description may consist of the same words.
        fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
            visit_mut::visit_expr_call_mut(self, call);
            if calls(&call.func, "from_static")
                && let Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) =
                    call.args.first_mut()
                && literal.value() == BYTES_MEDIA_TYPE
            {
                *literal = LitStr::new(self.media_type, literal.span());
                self.found += 1;
            }
        }
    }
    let mut literals = Literals { media_type: &api.media_type, found: 0 };
    literals.visit_file_mut(file);
    WorkaroundError::check("restore_media_type", api.operations().count(), literals.found)
}

/// progenitor sends `info.version` as a header `api-version` with each request.
/// Graph has no such header, and each header takes from the size of the photo.
fn drop_api_version_header(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    /// The variable that progenitor collects the headers of a request in.
    const HEADERS: &str = "header_map";
    #[derive(Default)]
    struct Headers {
        declared: usize,
        filled: usize,
        sent: usize,
    }
    impl VisitMut for Headers {
        fn visit_block_mut(&mut self, block: &mut syn::Block) {
            visit_mut::visit_block_mut(self, block);
            block.stmts.retain(|statement| match statement {
                Stmt::Local(local) if declares(local, HEADERS) => {
                    self.declared += 1;
                    false
                }
                Stmt::Expr(Expr::MethodCall(call), _) if is_variable(&call.receiver, HEADERS) => {
                    self.filled += 1;
                    false
                }
                _ => true,
            });
        }

        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            visit_mut::visit_expr_mut(self, expr);
            if let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = expr
                && method == "headers"
                && args.first().is_some_and(|argument| is_variable(argument, HEADERS))
            {
                *expr = (**receiver).clone();
                self.sent += 1;
            }
        }
    }
    let mut headers = Headers::default();
    headers.visit_file_mut(file);
    let operations = api.operations().count();
    WorkaroundError::check("drop_api_version_header", operations, headers.declared)?;
    WorkaroundError::check("drop_api_version_header", operations, headers.filled)?;
    WorkaroundError::check("drop_api_version_header", operations, headers.sent)
}

/// progenitor takes anything that turns into a body. Only a validated photo can
/// be uploaded, and only bytes - not a stream - can be counted and sent again.
fn take_validated_photos(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    struct Bodies {
        found: usize,
    }
    impl VisitMut for Bodies {
        fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
            let generics = &mut function.sig.generics.params;
            let before = generics.len();
            *generics = std::mem::take(generics)
                .into_iter()
                .filter(|parameter| !matches!(parameter, GenericParam::Type(t) if t.ident == "B"))
                .collect();
            let body = function.sig.inputs.iter_mut().find_map(|argument| match argument {
                FnArg::Typed(typed) if is_type(&typed.ty, "B") => Some(typed),
                _ => None,
            });
            if let Some(body) = body
                && generics.len() + 1 == before
            {
                *body.ty = parse_quote!(&'a crate::JpegPhoto);
                self.found += 1;
            }
        }
    }
    let mut bodies = Bodies { found: 0 };
    bodies.visit_file_mut(file);
    WorkaroundError::check("take_validated_photos", api.operations().count(), bodies.found)
}

/// progenitor formats the whole URL of each request, which is then parsed, host and
/// all. The base URL is parsed when the client is made, and path segments are
/// appended to it.
fn append_to_base_url(api: &Api, file: &mut File) -> Result<(), WorkaroundError> {
    struct Urls {
        found: usize,
    }
    impl VisitMut for Urls {
        fn visit_local_mut(&mut self, local: &mut Local) {
            // By its value: beside a parameter `url`, it is called `_url`.
            if let Some(init) = &mut local.init
                && let Some(segments) = segments_of(&init.expr)
            {
                *init.expr = parse_quote!(self.inner.url([#(#segments),*]));
                self.found += 1;
            }
        }
    }
    let mut urls = Urls { found: 0 };
    urls.visit_file_mut(file);
    WorkaroundError::check("append_to_base_url", api.operations().count(), urls.found)
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
    calls(&call.func, "encode_path").then(|| parse_quote!(#receiver.as_str()))
}

/// `Client::new` unwraps, and gives up an upload after 15 seconds; only the
/// wrapper's builder, which checks the base URL, may make a client.
fn withdraw_constructors(file: &mut File) -> Result<(), WorkaroundError> {
    let mut removed = 0;
    let mut hidden = 0;
    for item in &mut file.items {
        let Item::Impl(ItemImpl { items, trait_: None, .. }) = item else {
            continue;
        };
        items.retain(|item| {
            let is_new = matches!(item, ImplItem::Fn(function) if function.sig.ident == "new");
            removed += usize::from(is_new);
            !is_new
        });
        for item in items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "new_with_client"
            {
                function.vis = parse_quote!(pub(crate));
                hidden += 1;
            }
        }
    }
    WorkaroundError::check("withdraw_constructors", 1, removed)?;
    WorkaroundError::check("withdraw_constructors", 1, hidden)
}

/// A property that is a bare `$ref` has no description of its own in OpenAPI
/// 3.0, and its field would be the only undocumented thing in the crate.
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
fn name_error_model(api: &Api, file: &mut File) {
    let schema = format_ident!("{}", api.error_model);
    file.items.push(parse_quote! {
        /// The body of every error answer.
        pub type ErrorModel = types::#schema;
    });
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
