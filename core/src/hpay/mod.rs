//! HPay (formerly OmiPay): checkout links, virtual accounts, firm banking (iBFT) and the Open API. Digests are MD5 or
//! RSA over joined texts; every formula shows its evidence and can be replaced in the configuration (`recipes`).

pub mod account;
mod answers;
pub mod checkout;
pub mod explain;
pub mod firm_banking;
pub mod open_api;
pub mod orders;
mod parameters;
pub mod reference;
pub mod signature;
pub mod signing;
mod tables;
pub mod testing;
pub mod tokenization;
pub mod virtual_account;

use std::collections::BTreeMap;

use crate::canonical::{Digest, Formula, Recipe, SecretName, signature_mismatch};
use crate::check;
use crate::crypto::compare;
use crate::crypto::rsa::{PrivateKey, PublicKey};
use crate::crypto::stack;
use crate::error::{Code, Error, Result, Rule};
use crate::http::{check_base_url_but, is_loopback};
use crate::operations::{self, AnyClient, Gateway, OfGateway};
use crate::secret::Secret;
use crate::value::Text;
use crate::{Clock, Environment};

pub(crate) const GATEWAY: Gateway = Gateway {
    name: "hpay",
    class: "HPay",
    doc: "Client for HPay (formerly OmiPay). Immutable; keys are parsed once; safe to share between threads.",
    services: &[
        checkout::SERVICE,
        tokenization::SERVICE,
        orders::SERVICE,
        account::SERVICE,
        virtual_account::SERVICE,
        firm_banking::SERVICE,
        open_api::SERVICE,
        signature::SERVICE,
        reference::SERVICE,
        explain::SERVICE,
        testing::SERVICE,
    ],
    has_client: true,
};

/// Secrets printed in HPay's own samples.
const SAMPLE_SECRETS: &[&str] = &["123456"];

/// Configuration of an HPay client.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Config {
    /// Merchant code given by HPay; also called merchant_id, merchantId and MID.
    pub merchant_site_code: String,
    /// `sandbox` or `production`.
    pub environment: Environment,
    /// Secret of the checkout service. At least one of `secure_pass` and `passcode` is needed; neither stands in for
    /// the other.
    pub secure_pass: Option<Secret>,
    /// Secret of virtual accounts, firm banking and the Open API.
    pub passcode: Option<Secret>,
    /// E-mail of the merchant's account: `receiver`, `receive_email` and `merchantEmail` of the requests.
    pub receiver: Option<String>,
    /// RSA private key of the merchant, PEM (PKCS#8 or PKCS#1), 2048 to 4096 bits.
    pub private_key: Option<Secret>,
    /// The merchant's own certificate, against which ready signatures are checked: X.509 in PEM, or DER in base64. It must
    /// belong to private_key, where that is given.
    pub merchant_certificate: Option<String>,
    /// HPay's certificate or public key, for answers: X.509 in PEM, or DER in base64.
    pub hpay_certificate: Option<String>,
    /// Client id of the Open API.
    pub client_id: Option<String>,
    /// Client secret of the Open API.
    pub client_secret: Option<Secret>,
    /// Other addresses than the documented ones.
    pub base_urls: Option<BaseUrls>,
    /// Formulas by operation name, e.g. `hpay.orders.read_inquire` (`read_…` for an answer or a callback), replacing
    /// the built-in ones. Each is an object of the parts (`fields` in their order without the secret, `separator`,
    /// `prefix`, `secret` `secure_pass` or `passcode`, `secret_position` `last`, `first` or the number of fields in
    /// front of it, `digest` `md5`, `sha256`, `hmac_sha256` or `rsa_sha256`, `encoding` `hex` or `base64`) or the text
    /// of HPay's notice box, e.g. `MD5(cashin + '|' + order_id + '|' + passcode)` or
    /// `sign(requestId + '|' + merchantId + '|' + passcode)`: names joined with `+` and one quoted separator, the
    /// secret named `passcode` or `secure_pass`.
    pub recipes: Option<BTreeMap<String, Formula>>,
    /// Earlier secrets, tried by readers only, while a secret is being changed.
    pub previous_secrets: Option<Vec<Secret>>,
}

impl Config {
    /// A configuration with the required fields; set at least one secret.
    #[must_use]
    pub fn new(merchant_site_code: &str, environment: Environment) -> Self {
        Self {
            merchant_site_code: merchant_site_code.to_owned(),
            environment,
            secure_pass: None,
            passcode: None,
            receiver: None,
            private_key: None,
            merchant_certificate: None,
            hpay_certificate: None,
            client_id: None,
            client_secret: None,
            base_urls: None,
            recipes: None,
            previous_secrets: None,
        }
    }
}

/// Origins with a path prefix if there is one.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BaseUrls {
    /// Default `https://checkout.hpay.com.vn` (sandbox: `checkout-sandbox`).
    pub checkout: Option<String>,
    /// Default `https://account.hpay.com.vn` (sandbox: `account-sandbox`).
    pub account: Option<String>,
    /// Default `https://openapi.htpgroup.com.vn` (sandbox: `openapi-sandbox`).
    pub open_api: Option<String>,
}

/// Client for HPay.
pub struct HPay {
    merchant_site_code: String,
    environment: Environment,
    secure_pass: Option<Secret>,
    passcode: Option<Secret>,
    receiver: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    private_key: Option<PrivateKey>,
    merchant_certificate: Option<PublicKey>,
    hpay_certificate: Option<PublicKey>,
    checkout_url: String,
    account_url: String,
    open_api_url: String,
    recipes: BTreeMap<String, Recipe>,
    previous_secrets: Vec<Secret>,
    clock: Option<Clock>,
}

impl HPay {
    /// Checks the configuration and parses the keys.
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
        if config.secure_pass.is_none() && config.passcode.is_none() {
            return Err(Error::missing("secure_pass"));
        }
        let secrets = [
            ("secure_pass", &config.secure_pass),
            ("passcode", &config.passcode),
            ("client_secret", &config.client_secret),
        ];
        for (name, secret) in secrets {
            if let Some(secret) = secret {
                secret.check(name, production, SAMPLE_SECRETS)?;
            }
        }
        let previous_secrets = config.previous_secrets.unwrap_or_default();
        for secret in &previous_secrets {
            secret.check("previous_secrets", production, SAMPLE_SECRETS)?;
        }
        check::header("merchant_site_code", &config.merchant_site_code)?;
        check::length("merchant_site_code", &config.merchant_site_code, 1, 50)?;
        if let Some(receiver) = &config.receiver {
            check_receiver("receiver", receiver)?;
        }
        if let Some(id) = &config.client_id {
            check::text("client_id", id, 1, 200)?;
        }
        let urls = config.base_urls.unwrap_or_default();
        let base = |name: &str, given: &Option<String>, production_url: &str, sandbox_url: &str| {
            let (own, other) = if production {
                (production_url, sandbox_url)
            } else {
                (sandbox_url, production_url)
            };
            match given {
                Some(url) => check_base_url_but(other, name, url),
                None => Ok(own.to_owned()),
            }
        };
        let public_key =
            |name: &str, text: &Option<String>| text.as_ref().map(|text| PublicKey::from_text(name, text)).transpose();
        let private_key = match &config.private_key {
            Some(pem) => Some(PrivateKey::from_pem("private_key", pem.expose())?),
            None => None,
        };
        let merchant_certificate = public_key("merchant_certificate", &config.merchant_certificate)?;
        if let (Some(key), Some(certificate)) = (&private_key, &merchant_certificate) {
            belong_together(key, certificate)?;
        }
        Ok(Self {
            checkout_url: base(
                "base_urls.checkout",
                &urls.checkout,
                "https://checkout.hpay.com.vn",
                "https://checkout-sandbox.hpay.com.vn",
            )?,
            account_url: base(
                "base_urls.account",
                &urls.account,
                "https://account.hpay.com.vn",
                "https://account-sandbox.hpay.com.vn",
            )?,
            open_api_url: base(
                "base_urls.open_api",
                &urls.open_api,
                "https://openapi.htpgroup.com.vn",
                "https://openapi-sandbox.htpgroup.com.vn",
            )?,
            private_key,
            merchant_certificate,
            hpay_certificate: public_key("hpay_certificate", &config.hpay_certificate)?,
            recipes: recipes(config.recipes)?,
            merchant_site_code: config.merchant_site_code,
            environment: config.environment,
            secure_pass: config.secure_pass,
            passcode: config.passcode,
            receiver: config.receiver,
            client_id: config.client_id,
            client_secret: config.client_secret,
            previous_secrets,
            clock: crate::system_clock(),
        })
    }

    /// Takes the time from the host; default: the clock of the operating system.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The secret of a recipe.
    fn secret(&self, name: SecretName) -> Result<&Secret> {
        let secret = match name {
            SecretName::SecurePass => self.secure_pass.as_ref(),
            SecretName::Passcode => self.passcode.as_ref(),
        };
        secret.ok_or_else(|| Error::missing(name.name()))
    }

    /// The formula of an operation: the configured one, else the built-in one.
    fn recipe<'r>(&'r self, operation: &str, built_in: &'r Recipe) -> &'r Recipe {
        self.recipes.get(operation).unwrap_or(built_in)
    }

    /// Signs fields of our own request.
    fn sign<'v>(&self, recipe: &Recipe, value_of: impl Fn(&str) -> Option<Text<'v>> + Copy) -> Result<String> {
        let secret = self.secret(recipe.secret)?;
        if recipe.digest != Digest::RsaSha256 {
            return Ok(recipe.encode(&recipe.digest(value_of, secret)));
        }
        let key = self.private_key.as_ref().ok_or_else(|| Error::missing("private_key"))?;
        key.sign(&recipe.text(value_of, secret))
    }

    /// Verifies a received signature under the current secret, then the previous ones. Says which one matched, where
    /// there are several: `secure_pass`, `passcode` or `previous_secrets/0`.
    fn verify<'v>(
        &self,
        recipe: &Recipe,
        value_of: impl Fn(&str) -> Option<Text<'v>> + Copy,
        received: &str,
    ) -> Result<Option<String>> {
        let current = self.secret(recipe.secret)?;
        let hpay = match recipe.digest {
            Digest::RsaSha256 => Some(
                self.hpay_certificate
                    .as_ref()
                    .ok_or_else(|| Error::missing("hpay_certificate"))?,
            ),
            _ => None,
        };
        let decoded = recipe.decode(received).ok_or_else(signature_mismatch)?;
        for (index, secret) in core::iter::once(current).chain(&self.previous_secrets).enumerate() {
            let matches = match hpay {
                Some(key) => key.verify(&recipe.text(value_of, secret), received),
                None => compare::equal(&decoded, &recipe.digest(value_of, secret)),
            };
            if matches {
                let name = || match index.checked_sub(1) {
                    None => recipe.secret.name().to_owned(),
                    Some(previous) => format!("previous_secrets/{previous}"),
                };
                return Ok((!self.previous_secrets.is_empty()).then(name));
            }
        }
        Err(signature_mismatch())
    }

    /// The e-mail of the merchant's account, from the configuration or the input, not from both.
    fn receiver<'v>(&'v self, field: &str, given: Option<&'v str>) -> Result<&'v str> {
        match (self.receiver.as_deref(), given) {
            (Some(configured), None) => Ok(configured),
            (None, Some(given)) => check_receiver(field, given).map(|()| given),
            (None, None) => Err(Error::missing(field)),
            (Some(configured), Some(given)) if configured == given => Ok(configured),
            (Some(_), Some(_)) => Err(Error::invalid(
                field,
                Rule::Say("differs from the configured receiver", "khác với receiver đã cấu hình"),
            )),
        }
    }

    /// Whether `testing.*` may run: in the sandbox, or against somebody's own gateway on this machine.
    fn may_test(&self) -> bool {
        self.environment == Environment::Sandbox
            || [&self.checkout_url, &self.account_url, &self.open_api_url]
                .iter()
                .all(|url| is_loopback(url))
    }
}

/// With the certificate of another key HPay would find every signature wrong.
fn belong_together(key: &PrivateKey, certificate: &PublicKey) -> Result<()> {
    if key.belongs_to(certificate) {
        return Ok(());
    }
    let rule = Rule::Say("does not belong to private_key", "không thuộc về private_key");
    Err(Error::rule(Code::InvalidKey, rule).field("merchant_certificate"))
}

/// A text without special characters: at most 50 letters, digits and spaces.
fn check_remark(field: &str, remark: Option<&str>) -> Result<()> {
    let Some(remark) = remark else { return Ok(()) };
    check::length(field, remark, 0, 50)?;
    if remark.chars().all(|c| c.is_alphanumeric() || c == ' ') {
        return Ok(());
    }
    let rule = Rule::Say(
        "must be letters, digits and spaces",
        "chỉ được gồm chữ cái, chữ số và khoảng trắng",
    );
    Err(Error::invalid(field, rule))
}

/// Text of a transfer: at most 100 unaccented characters.
fn check_note(note: Option<&str>) -> Result<()> {
    note.map_or(Ok(()), |note| check::ascii("note", note, 0, 100))
}

fn check_receiver(field: &str, value: &str) -> Result<()> {
    if check::has_white_space(value) {
        return Err(check::ambiguous(
            field,
            "must not contain white space",
            "không được chứa khoảng trắng",
        ));
    }
    check::text(field, value, 1, 255)
}

fn recipes(configured: Option<BTreeMap<String, Formula>>) -> Result<BTreeMap<String, Recipe>> {
    let mut recipes = BTreeMap::new();
    for (operation, config) in configured.unwrap_or_default() {
        if !operation.starts_with("hpay.") || operations::find(&operation).is_none() {
            return Err(Error::new(Code::UnknownOperation).field("recipes"));
        }
        let recipe = config
            .build()
            .and_then(|recipe| {
                if operation == checkout::READ_CALLBACK {
                    checkout::must_cover_payment(&recipe)?;
                }
                Ok(recipe)
            })
            .map_err(|error| error.inside(&operation).inside("recipes"))?;
        recipes.insert(operation, recipe);
    }
    Ok(recipes)
}

impl OfGateway for HPay {
    fn of(client: AnyClient<'_>) -> Option<&Self> {
        match client {
            AnyClient::HPay(client) => Some(client),
            _ => None,
        }
    }
}
