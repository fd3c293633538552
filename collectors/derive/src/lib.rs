//! `#[derive(Row)]`: a table's columns from the struct that holds one row.
//!
//! A field's doc line is the column's meaning; a trailing `[unit]` in it is the unit. `#[row(sensitivity = …)]` overrides the
//! sensitivity that the field's type implies (a `Pseudonym` is always a pseudonym, anything else is internal).

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Expr, ExprLit, Fields, Lit, Meta, parse_macro_input, spanned::Spanned};

/// Implements `Row` for a struct with named, documented fields.
#[proc_macro_derive(Row, attributes(row))]
pub fn derive_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.span(), "a row is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(input.span(), "a row's columns have names"));
    };
    let columns = fields.named.iter().map(column).collect::<syn::Result<Vec<_>>>()?;
    let name = &input.ident;
    Ok(quote! {
        impl ::almanac_collectors::table::Row for #name {
            const COLUMNS: &'static [::almanac_collectors::table::Column] = &[#(#columns),*];
        }
    })
}

fn column(field: &syn::Field) -> syn::Result<proc_macro2::TokenStream> {
    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let ty = &field.ty;
    let doc = doc_of(field);
    if doc.is_empty() {
        return Err(Error::new(field.span(), format!("column `{name}` needs a doc line: it is the data dictionary")));
    }
    let (meaning, unit) = split_unit(&doc);
    let unit = match unit {
        Some(unit) => quote!(Some(#unit)),
        None => quote!(None),
    };
    let sensitivity = match sensitivity_of(field)? {
        Some(level) => quote!(::almanac_collectors::table::Sensitivity::#level),
        None => quote!(<#ty as ::almanac_collectors::table::Cell>::SENSITIVITY),
    };
    Ok(quote! {
        ::almanac_collectors::table::Column {
            name: #name,
            kind: <#ty as ::almanac_collectors::table::Cell>::KIND,
            nullable: <#ty as ::almanac_collectors::table::Cell>::NULLABLE,
            unit: #unit,
            meaning: #meaning,
            sensitivity: #sensitivity,
        }
    })
}

/// The doc comment as one line.
fn doc_of(field: &syn::Field) -> String {
    let lines = field.attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// `Size on disk [kB]` is the meaning `Size on disk` in the unit `kB`.
fn split_unit(doc: &str) -> (String, Option<String>) {
    let doc = doc.trim_end_matches('.');
    match doc.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
        Some((meaning, unit)) => (meaning.to_owned(), Some(unit.to_owned())),
        None => (doc.to_owned(), None),
    }
}

fn sensitivity_of(field: &syn::Field) -> syn::Result<Option<syn::Ident>> {
    let mut level = None;
    for attr in field.attrs.iter().filter(|attr| attr.path().is_ident("row")) {
        attr.parse_nested_meta(|meta| {
            if !meta.path.is_ident("sensitivity") {
                return Err(meta.error("the only key is `sensitivity`"));
            }
            level = Some(meta.value()?.parse::<syn::Ident>()?);
            Ok(())
        })?;
    }
    Ok(level)
}
