//! AppotaPay: JWT header, HMAC-SHA256 over sorted `name=value` text, firm banking and the other services.

mod answers;
pub mod auth;
pub mod bill;
pub mod cards;
mod envelope;
pub mod explain;
pub mod firm_banking;
pub mod orders;
pub mod payment;
mod php_numbers;
pub mod pos;
pub mod reference;
mod requests;
pub mod signature;
mod signing;
pub mod testing;
pub mod topup;
pub mod virtual_account;
pub mod wallet;

use crate::check;
use crate::crypto::digest::HmacKey;
use crate::crypto::rsa::DecryptionKey;
use crate::crypto::stack;
use crate::error::{Code, Error, Result};
use crate::http::{check_base_url_but, is_loopback};
use crate::operations::{AnyClient, Gateway, OfGateway};
use crate::secret::Secret;
use crate::{Clock, Environment};

pub(crate) const GATEWAY: Gateway = Gateway {
    name: "appotapay",
    class: "AppotaPay",
    doc: "Client for AppotaPay. Immutable; keys are prepared once; safe to share between threads. Left out, since there \
          is nothing to sign or no page to go by: requests of the payment gateway 2 that create, refund or delete, \
          calls of credit cards and subscriptions, and bill.pay as a multipart form.",
    services: &[
        auth::SERVICE,
        firm_banking::SERVICE,
        virtual_account::SERVICE,
        bill::SERVICE,
        topup::SERVICE,
        cards::SERVICE,
        wallet::SERVICE,
        payment::SERVICE,
        pos::SERVICE,
        orders::SERVICE,
        signature::SERVICE,
        reference::SERVICE,
        explain::SERVICE,
        testing::SERVICE,
    ],
    has_client: true,
};

/// The sandbox credentials that AppotaPay publishes: refused in production.
const SAMPLE_SECRETS: &[&str] = &["XAonJgy14YhtePEITXhyBS2unjfJLAV3", "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8"];

/// Whether a listed field that a message does not have is left out of the signed text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AbsentFields {
    /// Left out, as the published collection and production code do. The default.
    #[default]
    PresentOnly,
    /// Signed as `name=`, as the published integration kit does.
    Listed,
}

impl AbsentFields {
    const fn name(self) -> &'static str {
        match self {
            AbsentFields::PresentOnly => "present_only",
            AbsentFields::Listed => "listed",
        }
    }
}

/// Configuration of an AppotaPay client.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Config {
    /// PARTNER_CODE of the application.
    pub partner_code: String,
    /// API_KEY of the application.
    pub api_key: Secret,
    /// SECRET_KEY of the application.
    pub secret_key: Secret,
    /// `sandbox` or `production`.
    pub environment: Environment,
    /// Other addresses than the documented ones.
    pub base_urls: Option<BaseUrls>,
    /// Whether the token header begins with `Bearer `; overrides the documented default of each service.
    pub bearer: Option<bool>,
    /// `present_only` (default) or `listed`.
    pub absent_fields: Option<AbsentFields>,
    /// Credentials of the card charging service, where it is used.
    pub charging_card: Option<ChargingCard>,
    /// Your RSA private key in PEM, whose public half AppotaPay has: opens the codes of bought cards.
    pub private_key: Option<Secret>,
    /// Language of the gateway's messages, `vi` or `en`; sent as a header when given.
    pub language: Option<Language>,
    /// Earlier secret keys, tried by readers only, while a key is being changed.
    pub previous_secrets: Option<Vec<Secret>>,
}

impl Config {
    /// A configuration with the required fields.
    #[must_use]
    pub fn new(
        partner_code: &str,
        api_key: impl Into<Secret>,
        secret_key: impl Into<Secret>,
        environment: Environment,
    ) -> Self {
        Self {
            partner_code: partner_code.to_owned(),
            api_key: api_key.into(),
            secret_key: secret_key.into(),
            environment,
            base_urls: None,
            bearer: None,
            absent_fields: None,
            language: None,
            charging_card: None,
            private_key: None,
            previous_secrets: None,
        }
    }
}

/// Credentials of the card charging service: AppotaPay gives them out apart from those of the application.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChargingCard {
    /// PARTNER_CODE of the card charging service.
    pub partner_code: String,
    /// SECRET_KEY of the card charging service, at least 16 characters: card codes are encrypted with it.
    pub secret_key: Secret,
    /// Name of the service that AppotaPay registered for you.
    pub service_name: String,
}

/// Language of the gateway's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Language {
    const fn name(self) -> &'static str {
        match self {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }
}

/// Origins with a path prefix if there is one.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BaseUrls {
    /// Default `https://gateway.appotapay.com` (sandbox: `gateway.dev`).
    pub gateway: Option<String>,
    /// Default `https://payment.appotapay.com` (sandbox: `payment.dev`).
    pub payment: Option<String>,
    /// Default `https://ewallet.appotapay.com` (sandbox: `ewallet.dev`).
    pub ewallet: Option<String>,
    /// Default `https://pos-gw.appotapay.com` (sandbox: `pos-gw.dev`).
    pub pos: Option<String>,
    /// Card charging service. Default: the address of `gateway`.
    pub charging: Option<String>,
}

/// Checked addresses without a slash at the end.
struct Hosts {
    gateway: String,
    payment: String,
    ewallet: String,
    pos: String,
    charging: String,
}

impl Hosts {
    fn new(urls: &BaseUrls, production: bool) -> Result<Self> {
        let documented = |host: &str, production: bool| {
            let domain = if production {
                "appotapay.com"
            } else {
                "dev.appotapay.com"
            };
            format!("https://{host}.{domain}")
        };
        let base = |name: &str, given: &Option<String>, host: &str| match given {
            Some(url) => check_base_url_but(&documented(host, !production), name, url),
            None => Ok(documented(host, production)),
        };
        let gateway = base("base_urls.gateway", &urls.gateway, "gateway")?;
        Ok(Self {
            charging: match &urls.charging {
                Some(_) => base("base_urls.charging", &urls.charging, "gateway")?,
                None => gateway.clone(),
            },
            gateway,
            payment: base("base_urls.payment", &urls.payment, "payment")?,
            ewallet: base("base_urls.ewallet", &urls.ewallet, "ewallet")?,
            pos: base("base_urls.pos", &urls.pos, "pos-gw")?,
        })
    }
}

/// Client for AppotaPay.
pub struct AppotaPay {
    partner_code: String,
    api_key: Secret,
    secret_key: Secret,
    environment: Environment,
    hosts: Hosts,
    charging: Option<cards::Charging>,
    card_key: Option<Box<DecryptionKey>>,
    bearer: Option<bool>,
    absent_fields: AbsentFields,
    language: Option<Language>,
    key: HmacKey,
    previous_keys: Vec<HmacKey>,
    /// For explanations, which try them with other digests, too.
    previous_secrets: Vec<Secret>,
    clock: Option<Clock>,
}

impl AppotaPay {
    /// Checks the configuration and prepares the keys.
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
        let production = config.environment == Environment::Production;
        check::header("partner_code", &config.partner_code)?;
        config.api_key.check("api_key", production, SAMPLE_SECRETS)?;
        check::header("api_key", config.api_key.expose()).map_err(|_| Error::new(Code::InvalidKey).field("api_key"))?;
        config.secret_key.check("secret_key", production, SAMPLE_SECRETS)?;
        let previous = config.previous_secrets.unwrap_or_default();
        for secret in &previous {
            secret.check("previous_secrets", production, SAMPLE_SECRETS)?;
        }
        let charging = match config.charging_card {
            Some(card) => Some(cards::Charging::new(card, production)?),
            None => None,
        };
        let card_key = match &config.private_key {
            Some(pem) => Some(Box::new(DecryptionKey::from_pem("private_key", pem.expose())?)),
            None => None,
        };
        Ok(Self {
            hosts: Hosts::new(&config.base_urls.unwrap_or_default(), production)?,
            charging,
            card_key,
            partner_code: config.partner_code,
            key: HmacKey::new(config.secret_key.expose().as_bytes()),
            previous_keys: previous
                .iter()
                .map(|secret| HmacKey::new(secret.expose().as_bytes()))
                .collect(),
            previous_secrets: previous,
            api_key: config.api_key,
            secret_key: config.secret_key,
            environment: config.environment,
            bearer: config.bearer,
            absent_fields: config.absent_fields.unwrap_or_default(),
            language: config.language,
            clock: crate::system_clock(),
        })
    }

    /// Takes the time for tokens from the host; default: the clock of the operating system.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Whether `testing.*` may run: in the sandbox, or against somebody's own gateway on this machine.
    fn may_test(&self) -> bool {
        self.environment == Environment::Sandbox || is_loopback(&self.hosts.gateway)
    }
}

/// What every request takes besides its own fields.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Call {
    /// A token of auth.token to use again; default: a new one.
    pub token: Option<Secret>,
    /// Time of the new token in Unix seconds; default: the host's clock.
    pub issued_at: Option<check::Whole>,
    /// Lifetime of the new token in seconds, 1 to 86400; default 300.
    pub lifetime: Option<check::Whole>,
    /// Header `X-Request-ID`, at most 40 visible characters, e.g. a UUID.
    pub request_id: Option<String>,
    /// Language of the gateway's messages; default: as configured.
    pub language: Option<Language>,
    /// Header `X-Account-Ref-ID`: a sub-account of type owner.
    pub account_ref_id: Option<String>,
}

impl crate::operations::CallOptions for Call {
    const NAMES: &'static [&'static str] = &[
        "token",
        "issued_at",
        "lifetime",
        "request_id",
        "language",
        "account_ref_id",
    ];
}

impl OfGateway for AppotaPay {
    fn of(client: AnyClient<'_>) -> Option<&Self> {
        match client {
            AnyClient::AppotaPay(client) => Some(client),
            _ => None,
        }
    }
}
