//! Renders targets, operations with their permissions, identifiers, clouds and limits.

mod cloud;
mod documentation;
mod enums;
mod identifier;
mod limits;
mod operation;
mod target;
pub(crate) mod wrapper;

use crate::api::Api;

pub(crate) fn modules(api: &Api) -> syn::Result<[(&'static str, syn::File); 5]> {
    Ok([
        ("cloud", syn::parse2(cloud::cloud(api))?),
        ("identifier", syn::parse2(identifier::identifier(api))?),
        ("limits", syn::parse2(limits::limits(api))?),
        ("operation", syn::parse2(operation::operation(api))?),
        ("target", syn::parse2(target::target(api))?),
    ])
}
