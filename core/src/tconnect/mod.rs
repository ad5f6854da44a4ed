//! TConnect Payment Open API: AES-256-CBC request bodies, bearer tokens, virtual accounts, QR codes, transaction
//! queries and encrypted notifications (IPN).

pub mod auth;
pub mod devices;
pub mod envelope;
pub mod explain;
pub mod ipn;
pub mod qr;
pub mod reference;
pub mod services;
pub mod testing;
pub mod transactions;
pub mod virtual_account;

use serde::de::DeserializeOwned;

use crate::Environment;
use crate::answer::{Draft, Proof, absent};
use crate::check;
use crate::crypto::{aes_cbc, encoding, stack};
use crate::error::{Code, Error, Result, Rule};
use crate::http::{HttpRequest, check_base_url, is_loopback};
use crate::operations::{AnyClient, Gateway, OfGateway};
use crate::secret::Secret;
use crate::value::{Json, Record, Value, among, names_of, parse_record};

pub(crate) const GATEWAY: Gateway = Gateway {
    name: "tconnect",
    class: "TConnect",
    doc: "Client for the TConnect Payment Open API. Immutable; keys are parsed once; safe to share between threads.",
    services: &[
        auth::SERVICE,
        services::SERVICE,
        virtual_account::SERVICE,
        qr::SERVICE,
        transactions::SERVICE,
        devices::SERVICE,
        ipn::SERVICE,
        envelope::SERVICE,
        reference::SERVICE,
        explain::SERVICE,
        testing::SERVICE,
    ],
    has_client: true,
};

/// Staging address (official). The production address is handed over by TConnect, so it is never a constant.
const SANDBOX: &str = "https://sme-open-api-sandbox.tconnect.vn";

/// Configuration of a TConnect client.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Config {
    /// Merchant identifier given by TConnect, sent as the header `Partner-Code`.
    pub partner_code: String,
    /// The shared AES-256 key: 64 hexadecimal digits. (The key printed in TConnect's document has only 63.)
    pub key: Secret,
    /// `sandbox` for TConnect's staging system. Give exactly one of `environment` and `base_url`.
    pub environment: Option<Environment>,
    /// Origin, with a path prefix if there is one, that TConnect hands over for production, e.g. `https://host`.
    pub base_url: Option<String>,
    /// Earlier keys, tried by readers only, while a key is being changed.
    pub previous_secrets: Option<Vec<Secret>>,
}

impl Config {
    /// A configuration with the required fields; set exactly one of `environment` and `base_url`.
    #[must_use]
    pub fn new(partner_code: &str, key: impl Into<Secret>) -> Self {
        Self {
            partner_code: partner_code.to_owned(),
            key: key.into(),
            environment: None,
            base_url: None,
            previous_secrets: None,
        }
    }
}

/// Client for TConnect.
pub struct TConnect {
    partner_code: String,
    base_url: String,
    sandbox: bool,
    key: aes_cbc::Key,
    previous_keys: Vec<aes_cbc::Key>,
}

impl TConnect {
    /// Checks the configuration and expands the key.
    ///
    /// # Errors
    /// `missing_field`, `invalid_value` or `invalid_key`, with the name of the field.
    pub fn new(config: Config) -> Result<Self> {
        let client = Self::build(config);
        stack::wipe::<{ stack::CLIENT }>();
        client
    }

    #[inline(never)]
    fn build(config: Config) -> Result<Self> {
        check::header("partner_code", &config.partner_code)?;
        let (base_url, sandbox) = match (config.environment, &config.base_url) {
            (Some(Environment::Sandbox), None) => (SANDBOX.to_owned(), true),
            // A loopback address is somebody's own test gateway.
            (None, Some(url)) => (check_base_url("base_url", url)?, is_loopback(url)),
            (Some(Environment::Production), None) => {
                return Err(Error::missing("base_url"));
            }
            (None, None) => return Err(Error::missing("environment")),
            (Some(_), Some(_)) => {
                return Err(Error::invalid(
                    "environment",
                    Rule::Say(
                        "give exactly one of environment and base_url",
                        "chỉ khai báo một trong hai: environment hoặc base_url",
                    ),
                ));
            }
        };
        let previous = config.previous_secrets.unwrap_or_default();
        Ok(Self {
            partner_code: config.partner_code,
            base_url,
            sandbox,
            key: key("key", &config.key)?,
            previous_keys: previous
                .iter()
                .map(|secret| key("previous_secrets", secret))
                .collect::<Result<_>>()?,
        })
    }

    /// Keys for reading, the current one first.
    fn keys(&self) -> impl Iterator<Item = &aes_cbc::Key> {
        core::iter::once(&self.key).chain(&self.previous_keys)
    }

    /// A POST of a sealed payload.
    fn post(&self, path: &str, access_token: Option<&str>, payload: &str) -> Result<HttpRequest> {
        let mut body = String::with_capacity(payload.len().saturating_mul(2).saturating_add(128));
        body.push_str("{\"data\":\"");
        self.key
            .seal(payload.as_bytes(), |piece| encoding::push_hex(piece, &mut body))?;
        body.push_str("\"}");
        let request = HttpRequest::post_json([self.base_url.as_str(), path].concat(), body)
            .header("Partner-Code", self.partner_code.clone());
        bearer(request, access_token)
    }
}

fn key(field: &str, secret: &Secret) -> Result<aes_cbc::Key> {
    Ok(aes_cbc::Key::new(&encoding::key_from_hex(field, secret.expose())?))
}

/// Adds the bearer token.
fn bearer(request: HttpRequest, access_token: Option<&str>) -> Result<HttpRequest> {
    match access_token {
        None => Ok(request),
        Some(token) => {
            check::header("access_token", token)?;
            Ok(request.header("Authorization", ["Bearer ", token].concat()))
        }
    }
}

impl OfGateway for TConnect {
    fn of(client: AnyClient<'_>) -> Option<&Self> {
        match client {
            AnyClient::TConnect(client) => Some(client),
            _ => None,
        }
    }
}

/// A payload in documented order, then the caller's own members as they are. What has a field of its own in `Input`
/// goes through its rules, and so not into the others.
fn payload<Input: DeserializeOwned>(mut members: Record<'_>, extra: Option<&Json>) -> Result<String> {
    if let Some(Json(extra)) = extra {
        let documented = names_of::<Input>();
        for (name, value) in extra.iter() {
            if among(name, documented) || members.get(name).is_some() {
                return Err(Error::invalid(
                    "extra",
                    Rule::Say(
                        "must not repeat a documented member",
                        "không được lặp lại trường đã có trong tài liệu",
                    ),
                ));
            }
            members.push(name.to_owned(), value.clone());
        }
    }
    Ok(Value::Record(members).to_json())
}

/// Longest answer that is read.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// Members that hold an amount in dong. Everything else stays text as printed.
const MONEY: &[&str] = &["amount", "request_amount"];

/// The member without which an answer is none, and its type.
#[derive(Clone, Copy)]
enum Needed {
    /// A text that is not empty.
    Text(&'static str),
    /// The rows of a list, in `data`.
    Rows,
}

impl Needed {
    const fn name(self) -> &'static str {
        match self {
            Needed::Text(name) => name,
            Needed::Rows => "data",
        }
    }

    fn check(self, value: &Value<'_>) -> Result<()> {
        let (good, english, vietnamese) = match (self, value) {
            (Needed::Text(_), value) => (
                value.as_text().is_some_and(|text| !text.is_empty()),
                "must be text that is not empty",
                "phải là văn bản không rỗng",
            ),
            (Needed::Rows, Value::List(rows)) => (
                rows.iter().all(|row| row.as_record().is_some()),
                "must hold objects",
                "phải gồm các đối tượng",
            ),
            (Needed::Rows, _) => (false, "must be a list", "phải là danh sách"),
        };
        if good {
            return Ok(());
        }
        Err(Error::say(Code::MalformedInput, english, vietnamese).field(self.name()))
    }
}

/// Reads a plain JSON answer that must have `needed`. Where the status code stands is not documented: an object
/// without the needed member that says a code or a message, or with one of the documented failure codes, is a refusal.
fn read_answer(body: &str, needed: Needed) -> Result<Record<'_>> {
    if body.len() > MAX_ANSWER {
        return Err(Error::say(Code::MalformedInput, "is longer than 8 MiB", "dài quá 8 MiB").field("body"));
    }
    let record = parse_record(body).map_err(|error| error.field("body"))?;
    let code = ["code", "error", "status"].iter().find_map(|name| record.printed(name));
    let message = ["message", "error_description"]
        .iter()
        .find_map(|name| record.printed(name));
    let failed = record
        .printed("code")
        .is_some_and(|code| reference::FAILURES.contains(&code.as_ref()));
    let succeeded = code.as_deref() == Some(reference::SUCCESS);
    match record.get(needed.name()) {
        Some(value) if !failed => {
            needed.check(value)?;
            Ok(record)
        }
        None if succeeded || (code.is_none() && message.is_none()) => Err(absent(needed.name())),
        _ => Err(Error::new(Code::GatewayRefused)
            .gateway(code.map(Into::into), message.map(Into::into))
            .signed(false)
            .outcome("refused")),
    }
}

/// The draft of an unsigned answer.
fn unsigned(members: Record<'_>) -> Draft<'_> {
    Draft::flat(Proof::Unsigned, members).money(MONEY)
}
