//! Renders the deployments of Graph.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{documentation::doc, wrapper};
use crate::{api::Api, docs::markdown, names};

pub(super) fn cloud(api: &Api) -> TokenStream {
    let variants: Vec<_> = api
        .clouds
        .iter()
        .map(|cloud| format_ident!("{}", names::variant_name(&cloud.name)))
        .collect();
    let declarations =
        api.clouds.iter().zip(&variants).enumerate().map(|(index, (cloud, variant))| {
            let url = format!("`{}`", cloud.base_url);
            let description = markdown::sentence(&markdown::block(&cloud.description));
            let doc = doc([description.as_str(), &url]);
            let default = (index == 0).then(|| quote!(#[default]));
            quote!(#doc #default #variant)
        });
    let details = api.clouds.iter().zip(&variants).map(|(cloud, variant)| {
        let details = wrapper::cloud_details(&cloud.name, &cloud.base_url);
        quote!(Self::#variant => &#details)
    });
    let (imports, details_type) = (wrapper::cloud_imports(), wrapper::cloud_details_type());
    quote! {
        #imports

        /// A deployment of Microsoft Graph. Data and accounts of one are unknown
        /// to the others.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub enum Cloud { #(#declarations),* }

        impl Cloud {
            /// Every cloud, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            pub(crate) const fn details(self) -> &'static #details_type {
                match self { #(#details),* }
            }
        }
    }
}
