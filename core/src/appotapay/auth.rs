//! The JWT header: HS256, made for each request or made once and used again.

use super::{AppotaPay, Call};
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::check::{self, Whole};
use crate::crypto::jwt;
use crate::error::{Error, Result, Rule};
use crate::http::Headers;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "auth",
    doc: "The JWT header of every request.",
    operations: &[Operation {
        name: "appotapay.auth.token",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "Makes a token (JWT, HS256) for the header X-APPOTAPAY-AUTH. The other operations make their own unless \
              one is passed as `token`.",
        handler: &Typed(token),
    }],
};

/// Header of the token, as the document prints it.
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256","cty":"appotapay-api;v=1"}"#;
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
}

/// A token.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenHeaders {
    /// The token (JWT).
    pub token: String,
    /// The header that carries it, for services of version 1 and the e-wallet.
    pub headers: Headers,
}

pub(crate) fn token(client: &AppotaPay, input: &Token) -> Result<Made<TokenHeaders>> {
    let token = make(client, input.issued_at, input.lifetime)?;
    let value = if client.bearer.unwrap_or(true) {
        format!("Bearer {token}")
    } else {
        token.clone()
    };
    let headers = Record::from_iter([("X-APPOTAPAY-AUTH", Value::text(value))]);
    Ok(Made::new(Record::from_iter([
        ("token", Value::text(token)),
        ("headers", Value::Record(headers)),
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
        ("jti", Value::text(format!("{api_key}-{issued_at}"))),
        ("api_key", Value::text(api_key)),
        ("exp", Value::Integer(issued_at.saturating_add(lifetime))),
    ]);
    Ok(jwt::hs256(HEADER, &claims, &client.key))
}
