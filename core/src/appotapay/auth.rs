//! The JWT header: HS256, made for each request or made once and used again.

use super::requests::{EWALLET, PAYMENT_V2, POS, V1};
use super::{AppotaPay, Call, Language};
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::check::{self, Whole};
use crate::crypto::jwt;
use crate::error::{Error, Result, Rule};
use crate::http::{Headers, HttpRequest};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "auth",
    doc: "The JWT header of every request.",
    operations: &[Operation {
        name: "appotapay.auth.token",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "Makes a token (JWT, HS256) and the headers of a request. The other operations make their own unless one \
              is passed as `token`.",
        handler: &Typed(token),
    }],
};

/// Header of the token in base64url: `{"typ":"JWT","alg":"HS256","cty":"appotapay-api;v=1"}`, as the document prints it.
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0";
/// Lifetime that the vendor's kit uses.
const LIFETIME: u64 = 300;

/// Time and lifetime of a token.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Token {
    /// Unix seconds; default: the host's clock.
    pub issued_at: Option<Whole>,
    /// Seconds, 1 to 86400; default 300.
    pub lifetime: Option<Whole>,
    /// Whose conventions the headers follow; default `v1`. They differ in `Bearer ` and in the names of headers.
    pub service: Option<ServiceName>,
    /// Identifier of the request, at most 40 visible characters, e.g. a UUID.
    pub request_id: Option<String>,
    /// Language of the gateway's messages; default: as configured.
    pub language: Option<Language>,
    /// A sub-account of type owner.
    pub account_ref_id: Option<String>,
}

/// Whose conventions headers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceName {
    /// Services of version 1 and legacy orders: `Bearer `, `Language`.
    V1,
    /// E-wallet: `Bearer `, `X-Language`.
    Wallet,
    /// Payment gateway, version 2: the bare token, `X-Language`.
    Payment,
    /// Points of sale: the bare token, `X-Lang`, `X-Request-Id`.
    Pos,
}

/// A token.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenHeaders {
    /// The token (JWT).
    pub token: String,
    /// The headers: X-APPOTAPAY-AUTH with the token, and those for what was given.
    pub headers: Headers,
}

pub(crate) fn token(client: &AppotaPay, input: &Token) -> Result<Made<TokenHeaders>> {
    let token = make(client, input.issued_at, input.lifetime)?;
    let call = Call {
        request_id: input.request_id.clone(),
        language: input.language,
        account_ref_id: input.account_ref_id.clone(),
        ..Call::default()
    };
    let service = match input.service {
        None | Some(ServiceName::V1) => V1,
        Some(ServiceName::Wallet) => EWALLET,
        Some(ServiceName::Payment) => PAYMENT_V2,
        Some(ServiceName::Pos) => POS,
    };
    let request = HttpRequest::get(String::new()).header("X-APPOTAPAY-AUTH", client.authorization(service, &token));
    let request = client.with_optional_headers(request, service, &call)?;
    let headers = request
        .headers
        .0
        .into_iter()
        .map(|(name, value)| (name, Value::text(value)));
    Ok(Made::new(Record::from_iter([
        ("token", Value::text(token)),
        ("headers", Value::Record(headers.collect())),
    ])))
}

/// The token of a request: the one passed, or a new one.
pub(super) fn token_for(client: &AppotaPay, call: &Call) -> Result<String> {
    match &call.token {
        Some(token) => {
            check::header("token", token.expose())?;
            Ok(token.expose().to_owned())
        }
        None => make(client, call.issued_at, call.lifetime),
    }
}

fn make(client: &AppotaPay, issued_at: Option<Whole>, lifetime: Option<Whole>) -> Result<String> {
    let lifetime = lifetime.map_or(LIFETIME, |lifetime| lifetime.0);
    if !(1..=86_400).contains(&lifetime) {
        let rule = Rule::Say("must be 1 to 86400 seconds", "phải từ 1 đến 86400 giây");
        return Err(Error::invalid("lifetime", rule));
    }
    let issued_at = match (issued_at, client.clock) {
        (Some(issued_at), _) => issued_at.0,
        (None, Some(clock)) => clock(),
        (None, None) => return Err(Error::missing("issued_at")),
    };
    let api_key = client.api_key.expose();
    let claims = Record::from_iter([
        ("iss", Value::text(client.partner_code.as_str())),
        ("jti", Value::text([api_key, "-", &issued_at.to_string()].concat())),
        ("api_key", Value::text(api_key)),
        ("exp", Value::Integer(issued_at.saturating_add(lifetime))),
    ]);
    Ok(jwt::hs256(HEADER, claims, &client.key))
}
