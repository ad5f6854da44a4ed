//! AppotaPay: JWT header, HMAC-SHA256 over sorted `name=value` text, firm banking and the other services.

pub mod auth;
pub mod firm_banking;
pub mod signature;
pub mod testing;

use std::borrow::Cow;

use crate::answer::{Draft, Proof, Reading, absent, join_matched};
use crate::canonical::{KeyValueRecipe, key_value_text, signature_mismatch, smuggles_pair};
use crate::check;
use crate::crypto::digest::HmacKey;
use crate::crypto::{compare, encoding};
use crate::error::{Code, Error, Result};
use crate::http::{HttpRequest, check_base_url, is_loopback};
use crate::operations::{AnyClient, Gateway, OfGateway};
use crate::secret::Secret;
use crate::value::{Json, Record, Text, Value, parse_record};
use crate::{Clock, Environment};

pub(crate) const GATEWAY: Gateway = Gateway {
    name: "appotapay",
    class: "AppotaPay",
    doc: "Client for AppotaPay. Immutable; keys are prepared once; safe to share between threads.",
    services: &[
        auth::SERVICE,
        firm_banking::SERVICE,
        signature::SERVICE,
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
            previous_secrets: None,
        }
    }
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
    /// Address of the card charging service; AppotaPay hands it over.
    pub charging: Option<String>,
}

/// Client for AppotaPay.
pub struct AppotaPay {
    partner_code: String,
    api_key: Secret,
    environment: Environment,
    gateway_url: String,
    bearer: Option<bool>,
    absent_fields: AbsentFields,
    language: Option<Language>,
    key: HmacKey,
    previous_keys: Vec<HmacKey>,
    clock: Option<Clock>,
}

impl AppotaPay {
    /// Checks the configuration and prepares the keys.
    ///
    /// # Errors
    /// `missing_field`, `invalid_value` or `invalid_key`, with the name of the field.
    pub fn new(config: Config) -> Result<Self> {
        let production = config.environment == Environment::Production;
        check::header("partner_code", &config.partner_code)?;
        config.api_key.check("api_key", production, SAMPLE_SECRETS)?;
        check::header("api_key", config.api_key.expose()).map_err(|_| Error::new(Code::InvalidKey).field("api_key"))?;
        config.secret_key.check("secret_key", production, SAMPLE_SECRETS)?;
        let previous = config.previous_secrets.unwrap_or_default();
        for secret in &previous {
            secret.check("previous_secrets", production, SAMPLE_SECRETS)?;
        }
        let urls = config.base_urls.unwrap_or_default();
        let base = |name: &str, given: &Option<String>, production_url: &str, sandbox_url: &str| match given {
            Some(url) => check_base_url(name, url),
            None => Ok(if production { production_url } else { sandbox_url }.to_owned()),
        };
        for (name, url) in [
            ("base_urls.payment", &urls.payment),
            ("base_urls.ewallet", &urls.ewallet),
            ("base_urls.pos", &urls.pos),
            ("base_urls.charging", &urls.charging),
        ] {
            url.as_ref().map(|url| check_base_url(name, url)).transpose()?;
        }
        Ok(Self {
            gateway_url: base(
                "base_urls.gateway",
                &urls.gateway,
                "https://gateway.appotapay.com",
                "https://gateway.dev.appotapay.com",
            )?,
            partner_code: config.partner_code,
            key: HmacKey::new(config.secret_key.expose().as_bytes()),
            previous_keys: previous
                .iter()
                .map(|secret| HmacKey::new(secret.expose().as_bytes()))
                .collect(),
            api_key: config.api_key,
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
        self.environment == Environment::Sandbox || is_loopback(&self.gateway_url)
    }

    /// The text that is signed over the members of a request, and its HMAC. Values are used as they are written.
    fn sign(&self, recipe: &KeyValueRecipe, members: &Record<'_>) -> Result<String> {
        let pairs = pairs(recipe, |pointer| at(members, pointer), self.absent_fields)?;
        guard(&pairs)?;
        Ok(encoding::hex(&hmac(&self.key, &pairs)))
    }

    /// Verifies a received signature. The candidates are the spellings of number tokens, the two rules for absent
    /// fields and the keys; gives the names of those that matched where there were several.
    fn verify<'v>(
        &self,
        recipe: &KeyValueRecipe,
        value_of: impl Fn(&str) -> Option<&'v Value<'v>> + Copy,
        received: &str,
    ) -> Result<Option<String>> {
        let received = encoding::from_hex(received)
            .filter(|bytes| bytes.len() == 32)
            .ok_or_else(signature_mismatch)?;
        let other_rule = match self.absent_fields {
            AbsentFields::PresentOnly => AbsentFields::Listed,
            AbsentFields::Listed => AbsentFields::PresentOnly,
        };
        let as_printed = pairs(recipe, value_of, self.absent_fields)?;
        let as_php = pairs_as_php_prints(recipe, value_of, self.absent_fields)?;
        let by_other_rule = pairs(recipe, value_of, other_rule)?;
        let mut candidates = vec![("as_printed", as_printed)];
        for (name, other) in [("php_numbers", as_php), (other_rule.name(), by_other_rule)] {
            if candidates.iter().all(|(_, known)| *known != other) {
                candidates.push((name, other));
            }
        }
        let several = candidates.len() > 1;
        let keys = core::iter::once(&self.key).chain(&self.previous_keys).enumerate();
        for (index, key) in keys {
            for (name, pairs) in &candidates {
                if compare::equal(&hmac(key, pairs), &received) {
                    let secret = match index.checked_sub(1) {
                        None => "secret_key".to_owned(),
                        Some(previous) => format!("previous_secrets/{previous}"),
                    };
                    let secret = (!self.previous_keys.is_empty()).then_some(secret);
                    return Ok(join_matched(several.then_some(*name), secret));
                }
            }
        }
        Err(signature_mismatch())
    }
}

impl AbsentFields {
    const fn name(self) -> &'static str {
        match self {
            AbsentFields::PresentOnly => "present_only",
            AbsentFields::Listed => "listed",
        }
    }
}

type Pairs<'v> = Vec<(&'v str, Text<'v>)>;

fn at<'v, 'a>(members: &'v Record<'a>, pointer: &str) -> Option<&'v Value<'a>> {
    let mut steps = pointer.trim_start_matches('/').split('/');
    let mut value = members.get(steps.next()?)?;
    for step in steps {
        value = value.as_record()?.get(step)?;
    }
    Some(value)
}

/// The signed pairs of a message, numbers as printed. `null` counts as the empty text.
fn pairs<'v>(
    recipe: &KeyValueRecipe,
    value_of: impl Fn(&str) -> Option<&'v Value<'v>>,
    absent_fields: AbsentFields,
) -> Result<Pairs<'v>> {
    let mut pairs = Vec::with_capacity(recipe.fields.len());
    for (name, pointer) in recipe.fields {
        let value = match value_of(pointer) {
            Some(Value::Null) => Cow::Borrowed(""),
            Some(value) => value.printed().ok_or_else(|| {
                Error::say(
                    Code::MalformedInput,
                    "must be text or a number",
                    "phải là văn bản hoặc số",
                )
                .field(name)
            })?,
            None if absent_fields == AbsentFields::Listed => Cow::Borrowed(""),
            None => continue,
        };
        pairs.push((*name, value));
    }
    Ok(pairs)
}

/// The same pairs with every number token as PHP would print it.
fn pairs_as_php_prints<'v>(
    recipe: &KeyValueRecipe,
    value_of: impl Fn(&str) -> Option<&'v Value<'v>> + Copy,
    absent_fields: AbsentFields,
) -> Result<Pairs<'v>> {
    let mut pairs = pairs(recipe, value_of, absent_fields)?;
    for (name, value) in &mut pairs {
        let pointer = recipe
            .fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, pointer)| *pointer);
        if let Some(Value::Number(token)) = pointer.and_then(value_of) {
            *value = Cow::Owned(php_number(token));
        }
    }
    Ok(pairs)
}

/// What PHP 8 prints for a JSON number: integers of 64 bits as they are, everything else rounded to 14 digits.
fn php_number(token: &str) -> String {
    if token.parse::<i64>().is_ok() {
        return token.to_owned();
    }
    let (sign, unsigned) = token.strip_prefix('-').map_or(("", token), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let Ok(exponent) = exponent.parse::<i64>() else {
        return token.to_owned();
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    if digits.is_empty() {
        return format!("{sign}0");
    }
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    // Place of the point behind the first digit: value = d.ddd * 10^scale.
    let leading_zeros = length(&all).saturating_sub(length(digits));
    let mut scale = length(whole)
        .saturating_sub(leading_zeros)
        .saturating_sub(1)
        .saturating_add(exponent);
    let (rounded, carried) = round_to_14(digits);
    if carried {
        scale = scale.saturating_add(1);
    }
    let digits = rounded.trim_end_matches('0');
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    if !(-4..14).contains(&scale) {
        let point = if rest.is_empty() { ".0" } else { "." };
        let mark = if scale < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}E{mark}{}", scale.unsigned_abs());
    }
    let places = usize::try_from(scale.unsigned_abs()).unwrap_or(0);
    if scale < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(places.saturating_sub(1)));
    }
    let whole_digits = places.saturating_add(1);
    match digits.split_at_checked(whole_digits) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!(
            "{sign}{digits}{}",
            "0".repeat(whole_digits.saturating_sub(digits.len()))
        ),
    }
}

/// The first 14 digits, rounded half to even; and whether rounding added a digit in front.
fn round_to_14(digits: &str) -> (String, bool) {
    let mut kept: Vec<u8> = digits.bytes().take(14).collect();
    let is_tie = digits.get(14..).is_some_and(|tail| tail.trim_end_matches('0') == "5");
    let is_odd = kept.last().is_some_and(|digit| digit % 2 == 1);
    let up = digits.bytes().nth(14).is_some_and(|digit| digit >= b'5') && (!is_tie || is_odd);
    if up {
        for digit in kept.iter_mut().rev() {
            if *digit < b'9' {
                *digit = digit.saturating_add(1);
                return (String::from_utf8(kept).unwrap_or_default(), false);
            }
            *digit = b'0';
        }
        kept.insert(0, b'1');
        kept.truncate(14);
    }
    (String::from_utf8(kept).unwrap_or_default(), up)
}

fn hmac(key: &HmacKey, pairs: &Pairs<'_>) -> Vec<u8> {
    let mut hasher = key.hasher();
    let plain = pairs.iter().map(|(name, value)| (*name, value.as_ref()));
    key_value_text(plain, &mut |bytes| hasher.update(bytes));
    hasher.finish()
}

/// Every name that AppotaPay signs anywhere: a value that holds `&name=` of one of them could pass as another message.
const SIGNED_NAMES: &[&str] = &[
    "accountName",
    "accountNo",
    "accountType",
    "action",
    "amount",
    "apiKey",
    "appotapayTransId",
    "bankAccountName",
    "bankAccountNumber",
    "bankCode",
    "bankId",
    "billAmount",
    "billCode",
    "billDetail",
    "billExpiryTime",
    "billInfo",
    "card",
    "channel",
    "clientIp",
    "contractNumber",
    "currency",
    "customerName",
    "customerPhoneNumber",
    "errorCode",
    "extraData",
    "feeType",
    "memo",
    "message",
    "notifyUrl",
    "orderId",
    "orderInfo",
    "paidAmount",
    "partnerCode",
    "partnerRefId",
    "payment",
    "paymentCondition",
    "paymentMethod",
    "paymentType",
    "paymentUrl",
    "phoneNumber",
    "productCode",
    "quantity",
    "reason",
    "redirectUrl",
    "refundId",
    "refundOriginalId",
    "requestTime",
    "serviceCode",
    "status",
    "telco",
    "telcoServiceType",
    "time",
    "topupAmount",
    "transactionId",
    "transactionTime",
    "transactionTs",
    "transferAmount",
    "transferStatus",
    "verificationCode",
    "version",
];

/// Refuses a value that could be read as further pairs.
fn guard(pairs: &Pairs<'_>) -> Result<()> {
    for (name, value) in pairs {
        let present = pairs.iter().map(|(name, _)| *name);
        if smuggles_pair(value, SIGNED_NAMES.iter().copied().chain(present)) {
            return Err(check::ambiguous(
                name,
                "must not contain & followed by a field name and =",
                "không được chứa & theo sau là tên trường và dấu =",
            ));
        }
    }
    Ok(())
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

/// Conventions of a service for the headers.
#[derive(Clone, Copy)]
pub(crate) struct ServiceHeaders {
    /// Whether the token is written with `Bearer ` in front.
    pub(crate) bearer: bool,
    /// Name of the language header.
    pub(crate) language: &'static str,
}

/// The services of version 1.
pub(crate) const V1: ServiceHeaders = ServiceHeaders {
    bearer: true,
    language: "Language",
};

impl AppotaPay {
    /// Adds the token and the optional headers.
    fn with_headers(&self, request: HttpRequest, service: ServiceHeaders, call: &Call) -> Result<HttpRequest> {
        let token = auth::token_for(self, call)?;
        let token = if self.bearer.unwrap_or(service.bearer) {
            format!("Bearer {token}")
        } else {
            token
        };
        let mut request = request.header("X-APPOTAPAY-AUTH", token);
        if let Some(language) = call.language.or(self.language) {
            request = request.header(service.language, language.name());
        }
        for (field, name, value) in [
            ("request_id", "X-Request-ID", &call.request_id),
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

    /// A signed JSON request: members in documented order, the signature last.
    fn post_signed(
        &self,
        path: &str,
        recipe: &KeyValueRecipe,
        mut members: Record<'_>,
        call: &Call,
    ) -> Result<HttpRequest> {
        let signature = self.sign(recipe, &members)?;
        members.push("signature", Value::text(signature.clone()));
        let body = Value::Record(members).to_json();
        let request = HttpRequest::post_json(format!("{}{path}", self.gateway_url), body);
        Ok(self.with_headers(request, V1, call)?.signature(signature))
    }

    /// A GET without body and signature.
    fn get(&self, path: &str, call: &Call) -> Result<HttpRequest> {
        let request =
            HttpRequest::get(format!("{}{path}", self.gateway_url)).header("Content-Type", "application/json");
        self.with_headers(request, V1, call)
    }
}

/// Longest answer or callback that is read.
const MAX_BODY: usize = 1024 * 1024;

fn parse_body(body: &str) -> Result<Record<'_>> {
    if body.len() > MAX_BODY {
        return Err(Error::say(Code::MalformedInput, "is longer than 1 MiB", "dài quá 1 MiB").field("body"));
    }
    parse_record(body).map_err(|error| error.field("body"))
}

/// How a service answers.
pub(crate) struct Answers {
    /// Signed members.
    pub(crate) recipe: &'static KeyValueRecipe,
    /// What the signature proves.
    pub(crate) proof: Proof,
    /// Members that hold an amount in dong.
    pub(crate) money: &'static [&'static str],
    /// Error codes that say for certain that nothing was done.
    pub(crate) failures: &'static [&'static str],
    /// The operation to call after an undetermined answer; only where money may move.
    pub(crate) status: Option<&'static str>,
}

/// The error code of an answer, as printed.
fn error_code<'v>(members: &'v Record<'_>) -> Result<Text<'v>> {
    members.printed("errorCode").ok_or_else(|| absent("errorCode"))
}

impl Answers {
    /// Reads a signed answer: a refusal becomes an error, a success must verify.
    fn read<'a>(&self, client: &AppotaPay, body: &'a str, expected: Option<&Json>) -> Result<Draft<'a>> {
        let mut members = parse_body(body)?;
        let signature = members.remove("signature");
        let verified = match &signature {
            Some(Value::Text(signature)) if !signature.is_empty() => {
                Some(client.verify(self.recipe, |pointer| at(&members, pointer), signature)?)
            }
            None | Some(Value::Null | Value::Text(_)) => None,
            Some(_) => return Err(signature_mismatch().field("signature")),
        };
        if error_code(&members)? != "0" {
            return Err(self.refusal(&members, verified.is_some()));
        }
        // A success that should be signed and is not proves nothing.
        let matched = verified.ok_or_else(|| signature_mismatch().field("signature"))?;
        let pairs = pairs(self.recipe, |pointer| at(&members, pointer), client.absent_fields)?;
        guard(&pairs).map_err(|error| match self.status {
            Some(operation) => error.outcome("undetermined").next(operation),
            None => error,
        })?;
        drop(pairs);
        let covered: Vec<&str> = self.recipe.fields.iter().map(|(_, pointer)| *pointer).collect();
        let mut draft = Draft::split(self.proof, members, &covered).money(self.money);
        draft.matched = matched;
        draft.expect(expected)
    }

    /// Money may have moved unless the code is in the table of certain failures.
    fn refusal(&self, members: &Record<'_>, signed: bool) -> Error {
        let code = members.printed("errorCode").map(Text::into_owned);
        let message = members.printed("message").map(Text::into_owned);
        let certain = code.as_deref().is_some_and(|code| self.failures.contains(&code));
        let error = Error::new(Code::GatewayRefused).gateway(code, message).signed(signed);
        match self.status {
            Some(operation) if !certain => error.outcome("undetermined").next(operation),
            _ => error.outcome("refused"),
        }
    }
}

/// Reads an answer that the gateway does not sign.
pub(crate) fn read_unsigned<T>(body: &str, money: &[&str], expected: Option<&Json>) -> Result<Reading<T>> {
    let members = parse_body(body)?;
    let code = error_code(&members)?;
    if code != "0" {
        let message = members.printed("message").map(Text::into_owned);
        let code = Some(code.into_owned());
        return Err(Error::new(Code::GatewayRefused)
            .gateway(code, message)
            .signed(false)
            .outcome("refused"));
    }
    Ok(Draft::flat(Proof::Unsigned, members)
        .money(money)
        .expect(expected)?
        .finish())
}

impl OfGateway for AppotaPay {
    fn of(client: AnyClient<'_>) -> Option<&Self> {
        match client {
            AnyClient::AppotaPay(client) => Some(client),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn php_prints_numbers_like_this() {
        // Printed by PHP 8.2: `php -r 'echo json_decode("…");'`
        for (token, printed) in [
            ("13210013240000", "13210013240000"),
            ("50000.0", "50000"),
            ("50000.50", "50000.5"),
            ("1e3", "1000"),
            ("0.1", "0.1"),
            ("0.00001", "1.0E-5"),
            ("0.0001", "0.0001"),
            ("1234567890123456789012", "1.2345678901235E+21"),
            ("100000000000000000000", "1.0E+20"),
            ("123456789012345.6", "1.2345678901235E+14"),
            ("99999999999999.9", "1.0E+14"),
            ("12345678901234.5", "12345678901234"),
            ("9223372036854775808", "9.2233720368548E+18"),
            ("1e14", "1.0E+14"),
            ("0.00012345", "0.00012345"),
            ("0.0", "0"),
            ("-5", "-5"),
        ] {
            assert_eq!(php_number(token), printed, "{token}");
        }
    }
}
