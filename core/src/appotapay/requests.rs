//! What all requests share: headers with the token, signed bodies, paths and query strings.

use super::{AppotaPay, Call, auth};
use crate::canonical::KeyValueRecipe;
use crate::check::{self, Alphabet};
use crate::error::{Error, Result, Rule};
use crate::http::{Encoder, HttpRequest};
use crate::value::{Record, Value};

/// Conventions of a service for the headers.
#[derive(Clone, Copy)]
pub(super) struct ServiceHeaders {
    /// Whether the token is written with `Bearer ` in front.
    pub(super) bearer: bool,
    /// Name of the language header.
    pub(super) language: &'static str,
    /// Name of the header with the identifier of a request.
    pub(super) request_id: &'static str,
}

/// The services of version 1.
pub(super) const V1: ServiceHeaders = ServiceHeaders {
    bearer: true,
    language: "Language",
    request_id: "X-Request-ID",
};

/// The e-wallet.
pub(super) const EWALLET: ServiceHeaders = ServiceHeaders {
    language: "X-Language",
    ..V1
};

/// The payment gateway, version 2: its pages show the bare token.
pub(super) const PAYMENT_V2: ServiceHeaders = ServiceHeaders {
    bearer: false,
    ..EWALLET
};

/// Points of sale.
pub(super) const POS: ServiceHeaders = ServiceHeaders {
    bearer: false,
    language: "X-Lang",
    request_id: "X-Request-Id",
};

impl AppotaPay {
    /// Adds the token and the optional headers.
    pub(super) fn with_headers(
        &self,
        request: HttpRequest,
        service: ServiceHeaders,
        call: &Call,
    ) -> Result<HttpRequest> {
        let token = auth::token_for(self, call)?;
        let request = request.header("X-APPOTAPAY-AUTH", self.authorization(service, &token));
        self.with_optional_headers(request, service, call)
    }

    /// The value of the header with the token.
    pub(super) fn authorization(&self, service: ServiceHeaders, token: &str) -> String {
        let bearer = if self.bearer.unwrap_or(service.bearer) {
            "Bearer "
        } else {
            ""
        };
        [bearer, token].concat()
    }

    pub(super) fn with_optional_headers(
        &self,
        mut request: HttpRequest,
        service: ServiceHeaders,
        call: &Call,
    ) -> Result<HttpRequest> {
        if let Some(language) = call.language.or(self.language) {
            request = request.header(service.language, language.name());
        }
        for (field, name, value) in [
            ("request_id", service.request_id, &call.request_id),
            ("account_ref_id", "X-Account-Ref-ID", &call.account_ref_id),
        ] {
            if let Some(value) = value {
                check::header(field, value)?;
                check::length(field, value, 1, 40)?;
                request = request.header(name, value.clone());
            }
        }
        Ok(request)
    }

    /// A signed JSON request to a service of version 1.
    pub(super) fn post_signed(
        &self,
        path: &str,
        recipe: &KeyValueRecipe,
        members: Record<'_>,
        call: &Call,
    ) -> Result<HttpRequest> {
        let signature = self.sign(recipe, &members)?;
        let url = [self.hosts.gateway.as_str(), path].concat();
        self.post_with(signature, url, V1, members, call)
    }

    /// A JSON request: members in documented order, the signature last.
    pub(super) fn post_with(
        &self,
        signature: String,
        url: String,
        service: ServiceHeaders,
        mut members: Record<'_>,
        call: &Call,
    ) -> Result<HttpRequest> {
        members.push("signature", Value::text(signature.clone()));
        let request = HttpRequest::post_json(url, Value::Record(members).to_json());
        Ok(self.with_headers(request, service, call)?.signature(signature))
    }

    /// A GET without body and signature to a service of version 1.
    pub(super) fn get(&self, path: &str, call: &Call) -> Result<HttpRequest> {
        self.get_from([self.hosts.gateway.as_str(), path].concat(), V1, call)
    }

    pub(super) fn get_from(&self, url: String, service: ServiceHeaders, call: &Call) -> Result<HttpRequest> {
        let request = HttpRequest::get(url).header("Content-Type", "application/json");
        self.with_headers(request, service, call)
    }
}

/// A reference of the merchant: it goes into paths and signed texts.
pub(super) fn check_reference(field: &str, reference: &str, most: usize) -> Result<()> {
    let rule = (
        "must be visible ASCII without spaces",
        "chỉ được gồm ký tự ASCII nhìn thấy được, không khoảng trắng",
    );
    check::charset(field, reference, (1, most), Alphabet::VISIBLE, rule)
}

/// A value as one segment of a path.
pub(super) fn segment(field: &str, value: &str) -> Result<String> {
    check_reference(field, value, 100)?;
    // A URL parser would walk up the path for these two.
    if matches!(value, "." | "..") {
        let rule = Rule::Say("must not be a dot segment", "không được chỉ gồm dấu chấm");
        return Err(Error::invalid(field, rule));
    }
    Ok(Encoder::Rfc3986.encode(value))
}

/// `?name=value&…` of the parameters that are there; nothing where there is none.
pub(super) fn query_string<'q>(pairs: impl IntoIterator<Item = (&'q str, Option<&'q str>)>) -> String {
    let present = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Encoder::Rfc3986.address(&[], present)
}
