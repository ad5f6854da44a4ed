//! AppotaPay: JWT header, HMAC-SHA256 over sorted `name=value` text, firm banking and the other services.

pub mod auth;
pub mod bill;
pub mod cards;
pub mod explain;
pub mod firm_banking;
pub mod orders;
pub mod payment;
pub mod pos;
pub mod reference;
pub mod signature;
pub mod testing;
pub mod topup;
pub mod virtual_account;
pub mod wallet;

use std::borrow::Cow;

use crate::answer::{Draft, Proof, absent, join_matched, mismatch};
use crate::canonical::{KeyValueRecipe, key_value_text, signature_mismatch, smuggles_pair};
use crate::check::{self, Alphabet};
use crate::crypto::digest::HmacKey;
use crate::crypto::rsa::DecryptionKey;
use crate::crypto::{compare, encoding, stack};
use crate::error::{Code, Error, Result, Rule};
use crate::http::{Encoder, HttpRequest, check_base_url_but, is_loopback};
use crate::operations::{AnyClient, Gateway, OfGateway};
use crate::secret::Secret;
use crate::value::{Json, Record, Text, Value, parse_record, same};
use crate::{Clock, Environment};
use reference::Codes;

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

    /// The text that is signed over the members of a request, and its HMAC. Values are used as they are written.
    fn sign(&self, recipe: &KeyValueRecipe, members: &Record<'_>) -> Result<String> {
        let pairs = pairs(&values(recipe, members), self.absent_fields)?;
        let own_names: Vec<&str> = recipe.fields.iter().map(|(name, _)| *name).collect();
        guard(&pairs, &own_names, None)?;
        Ok(encoding::hex(&hmac(&self.key, &pairs)))
    }

    /// Verifies a received signature, then refuses signed values that could be read as further pairs: an error of
    /// another kind, about which the caller says more. `free` may hold such values, since the gateway makes it.
    fn verify(
        &self,
        values: &Values<'_>,
        received: &str,
        free: Option<&str>,
        say_more: impl FnOnce(Error, &Pairs<'_>) -> Error,
    ) -> Result<Covered> {
        let candidates = self.candidates(values)?;
        let (signed, matched) = self.verify_any(&candidates, received)?;
        guard(signed, &[], free).map_err(|error| say_more(error, signed))?;
        Ok(Covered {
            matched,
            respelled: respelled(values, signed),
        })
    }

    /// What may have been signed: the spellings of number tokens and the two rules for absent fields, each text once.
    fn candidates<'v>(&self, values: &Values<'v>) -> Result<Vec<Candidate<'v>>> {
        let other_rule = match self.absent_fields {
            AbsentFields::PresentOnly => AbsentFields::Listed,
            AbsentFields::Listed => AbsentFields::PresentOnly,
        };
        let as_printed = pairs(values, self.absent_fields)?;
        let php_numbers = pairs_as_php_prints(values, &as_printed);
        let mut candidates = Vec::with_capacity(3);
        candidates.push(("as_printed", as_printed));
        candidates.extend(php_numbers.into_iter().map(|pairs| ("php_numbers", pairs)));
        if values.iter().any(|(_, value)| value.is_none()) {
            candidates.push((other_rule.name(), pairs(values, other_rule)?));
        }
        // Of a message without any of its fields nothing can have been signed.
        candidates.retain(|(_, pairs)| !pairs.is_empty());
        Ok(candidates)
    }

    /// Compares a received signature with every candidate under every secret; gives the pairs that were signed.
    fn verify_any<'c, 'v>(
        &self,
        candidates: &'c [Candidate<'v>],
        received: &str,
    ) -> Result<(&'c Pairs<'v>, Option<String>)> {
        let received = digest_bytes(received)?;
        for (name, pairs) in candidates {
            if let Some(secret) = self.secret_behind(&received, |key| hmac(key, pairs)) {
                let matched = join_matched((candidates.len() > 1).then_some(*name), secret);
                return Ok((pairs, matched));
            }
        }
        Err(signature_mismatch())
    }

    /// Verifies a signature over one text exactly as received.
    fn verify_text(&self, text: &str, received: &str) -> Result<Option<String>> {
        let received = digest_bytes(received)?;
        let digest = |key: &HmacKey| key.sign(text.as_bytes());
        self.secret_behind(&received, digest).ok_or_else(signature_mismatch)
    }

    /// The secret that made a digest: its name where earlier ones are configured too.
    fn secret_behind(&self, received: &[u8], digest: impl Fn(&HmacKey) -> [u8; 32]) -> Option<Option<String>> {
        let keys = core::iter::once(&self.key).chain(&self.previous_keys).enumerate();
        for (index, key) in keys {
            if compare::equal(&digest(key), received) {
                let name = || match index.checked_sub(1) {
                    None => "secret_key".to_owned(),
                    Some(previous) => format!("previous_secrets/{previous}"),
                };
                return Some((!self.previous_keys.is_empty()).then(name));
            }
        }
        None
    }

    /// A message about another merchant's account is never taken, however it is signed.
    fn check_identity(&self, members: &Record<'_>) -> Result<()> {
        for (name, own) in [
            ("partnerCode", self.partner_code.as_str()),
            ("apiKey", self.api_key.expose()),
        ] {
            let named = members.printed(name).ok_or_else(|| absent(name))?;
            if !compare::equal(named.as_bytes(), own.as_bytes()) {
                return Err(mismatch(name));
            }
        }
        Ok(())
    }
}

/// A name for what may have been signed, and the pairs.
type Candidate<'v> = (&'static str, Pairs<'v>);

/// What a signature was found to cover.
pub(crate) struct Covered {
    /// The name of the candidate that matched, where there were several.
    matched: Option<String>,
    /// Numbers that were signed in another spelling than the received one: name and signed text.
    respelled: Vec<(String, String)>,
}

impl Covered {
    /// Puts the signed spelling into the members, so that whatever is derived from them follows what was signed. A
    /// message that is sent again with `5e4` for `50000` is still the same message, and digits that PHP drops are not
    /// covered. Gives the name of what matched.
    fn put_into(self, members: &mut Record<'_>, recipe: &KeyValueRecipe) -> Option<String> {
        for (name, text) in self.respelled {
            let pointer = recipe.fields.iter().find(|(field, _)| *field == name);
            if let Some(place) = pointer.and_then(|(_, pointer)| place(members, pointer)) {
                *place = Value::Number(text.into());
            }
        }
        self.matched
    }
}

/// The numbers that were signed in another spelling than the received one.
fn respelled(values: &Values<'_>, signed: &Pairs<'_>) -> Vec<(String, String)> {
    let number = |(name, value): &(&str, Option<&Value<'_>>)| {
        let Some(Value::Number(token)) = value else { return None };
        let text = signed_text(signed, name);
        (text != token.as_ref()).then(|| ((*name).to_owned(), text.to_owned()))
    };
    values.iter().filter_map(number).collect()
}

/// The text that was signed for a name; empty where there is none.
fn signed_text<'p>(signed: &'p Pairs<'_>, name: &str) -> &'p str {
    let found = signed.iter().find(|(other, _)| *other == name);
    found.map(|(_, text)| text.as_ref()).unwrap_or_default()
}

/// The 32 bytes of a received signature.
fn digest_bytes(received: &str) -> Result<[u8; 32]> {
    encoding::array_from_hex(received).ok_or_else(signature_mismatch)
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

/// What a recipe names in one message, in its order: looked for once, since it is needed many times.
type Values<'v> = Vec<(&'v str, Option<&'v Value<'v>>)>;

fn values<'v>(recipe: &KeyValueRecipe, members: &'v Record<'_>) -> Values<'v> {
    let find = |(name, pointer): &(&'static str, &str)| {
        // Most stand at the top level, under the name that is signed.
        let is_top = pointer.strip_prefix('/').is_some_and(|rest| same(rest, name));
        let value = if is_top {
            members.get(name)
        } else {
            at(members, pointer)
        };
        (*name, value)
    };
    recipe.fields.iter().map(find).collect()
}

/// The text of a value that a recipe names; empty where there is none.
fn printed<'v>(values: &Values<'v>, name: &str) -> Text<'v> {
    let found = values.iter().find(|(other, _)| same(other, name));
    found
        .and_then(|(_, value)| value.and_then(Value::printed))
        .unwrap_or_default()
}

fn at<'v, 'a>(members: &'v Record<'a>, pointer: &str) -> Option<&'v Value<'a>> {
    let mut record = members;
    let mut rest = pointer.strip_prefix('/')?;
    while let Some(slash) = rest.bytes().position(|byte| byte == b'/') {
        let (step, behind) = rest.split_at_checked(slash)?;
        record = record.get(step)?.as_record()?;
        rest = behind.strip_prefix('/')?;
    }
    record.get(rest)
}

/// The same place to write to.
fn place<'m, 'a>(members: &'m mut Record<'a>, pointer: &str) -> Option<&'m mut Value<'a>> {
    let rest = pointer.strip_prefix('/')?;
    let (step, behind) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    let (_, value) = members.iter_mut().find(|(name, _)| *name == step)?;
    match value {
        value if behind.is_empty() => Some(value),
        Value::Record(inner) => place(inner, behind),
        _ => None,
    }
}

/// The signed pairs of a message, numbers as printed. `null` counts as the empty text.
fn pairs<'v>(values: &Values<'v>, absent_fields: AbsentFields) -> Result<Pairs<'v>> {
    let mut pairs = Vec::with_capacity(values.len());
    for (name, value) in values {
        let value = match value {
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

/// Most texts that are tried where numbers lie so near the middle of two spellings that PHP may print either.
const MOST_ROUNDINGS: usize = 8;

/// The same pairs with every number token as PHP may print it, where it prints one of them differently.
fn pairs_as_php_prints<'v>(values: &Values<'v>, pairs: &Pairs<'v>) -> Vec<Pairs<'v>> {
    let mut texts: Vec<Pairs<'v>> = Vec::new();
    for (name, value) in values {
        let Some(Value::Number(token)) = value else {
            continue;
        };
        let (printed, other) = php_number(token);
        if printed == *token && other.is_none() {
            continue;
        }
        if texts.is_empty() {
            texts.push(pairs.clone());
        }
        let rounded_otherwise = match other {
            Some(other) if texts.len() < MOST_ROUNDINGS => with_value(texts.clone(), name, &other),
            _ => Vec::new(),
        };
        texts = with_value(texts, name, &printed);
        texts.extend(rounded_otherwise);
    }
    texts.retain(|text| text != pairs);
    texts
}

/// All texts with this value for the name.
fn with_value<'v>(mut texts: Vec<Pairs<'v>>, name: &str, value: &str) -> Vec<Pairs<'v>> {
    let places = texts.iter_mut().flatten().filter(|(field, _)| *field == name);
    places.for_each(|(_, text)| *text = Cow::Owned(value.to_owned()));
    texts
}

/// What PHP 8 prints for a JSON number: integers of 64 bits as they are, everything else rounded to 14 digits. PHP
/// rounds the double, which may lie on the other side of the middle than the text does: near it the neighbour is the
/// second spelling.
fn php_number(token: &str) -> (String, Option<String>) {
    let number = match Decimal::parse(token) {
        Some(number) if token.parse::<i64>().is_err() => number,
        _ => return (token.to_owned(), None),
    };
    let up = rounds_up(number.digits.as_bytes());
    let other = is_near_the_middle(&number.digits).then(|| number.printed(!up));
    (number.printed(up), other)
}

/// A decimal number: `d.ddd` times ten to the power of `scale`. No digits are zero.
struct Decimal<'t> {
    sign: &'t str,
    digits: String,
    scale: i64,
}

impl<'t> Decimal<'t> {
    fn parse(token: &'t str) -> Option<Self> {
        let (sign, unsigned) = token.strip_prefix('-').map_or(("", token), |rest| ("-", rest));
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let exponent = exponent.parse::<i64>().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0').to_owned();
        let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
        let leading_zeros = length(&all).saturating_sub(length(&digits));
        let scale = length(whole)
            .saturating_sub(leading_zeros)
            .saturating_sub(1)
            .saturating_add(exponent);
        Some(Self { sign, digits, scale })
    }

    /// In PHP's spelling, rounded to 14 digits.
    fn printed(&self, up: bool) -> String {
        let sign = self.sign;
        if self.digits.is_empty() {
            return format!("{sign}0");
        }
        let (rounded, carried) = round_to_14(&self.digits, up);
        let scale = self.scale.saturating_add(i64::from(carried));
        let digits = rounded.trim_end_matches('0');
        if !(-4..14).contains(&scale) {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
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
}

/// Whether 14 digits are rounded up: half to even.
fn rounds_up(digits: &[u8]) -> bool {
    let (kept, tail) = digits.split_at_checked(14).unwrap_or((digits, &[]));
    let is_tie = matches!(tail, [b'5', rest @ ..] if rest.iter().all(|digit| *digit == b'0'));
    let is_odd = kept.last().is_some_and(|digit| digit % 2 == 1);
    tail.first().is_some_and(|digit| *digit >= b'5') && (!is_tie || is_odd)
}

/// Whether what is behind 14 digits is so near one half that the double may lie on the other side: a double is off by
/// at most 2^-53 of the number, which is less than 0.012 of its 14th digit.
fn is_near_the_middle(digits: &str) -> bool {
    let tail = digits.get(14..).unwrap_or_default();
    let thousandths = [tail.get(..3).unwrap_or(tail), "00"].concat();
    let thousandths = thousandths.get(..3).unwrap_or_default().parse::<u16>();
    thousandths.is_ok_and(|thousandths| (488..=511).contains(&thousandths))
}

/// The first 14 digits, rounded up or down; and whether rounding added a digit in front.
fn round_to_14(digits: &str, up: bool) -> (String, bool) {
    let mut kept: Vec<u8> = digits.bytes().take(14).collect();
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

/// The text is put together first: to give a digest some fifty pieces takes longer than the digest.
fn hmac(key: &HmacKey, pairs: &Pairs<'_>) -> [u8; 32] {
    let mut text = Vec::with_capacity(512);
    let plain = pairs.iter().map(|(name, value)| (*name, value.as_ref()));
    key_value_text(plain, &mut |bytes| text.extend_from_slice(bytes));
    key.sign(&text)
}

/// Names that AppotaPay signs, in byte order: a value that holds `&name=` of one of them could pass as another message.
/// Those that only the list of orders has are not among them, since addresses hold them too: `?shop=1&page=2`.
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

/// Refuses a value that could be read as further pairs: of the names that AppotaPay signs, or of further ones. The value
/// of `free` may hold them.
fn guard(pairs: &Pairs<'_>, further: &[&str], free: Option<&str>) -> Result<()> {
    let is_name = |name: &str| SIGNED_NAMES.binary_search(&name).is_ok() || further.contains(&name);
    let smuggles = |(name, value): &&(&str, Text<'_>)| free != Some(*name) && smuggles_pair(value, is_name);
    match pairs.iter().find(smuggles) {
        Some((name, _)) => Err(check::ambiguous(
            name,
            "must not contain & followed by a field name and =",
            "không được chứa & theo sau là tên trường và dấu =",
        )),
        None => Ok(()),
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

/// Conventions of a service for the headers.
#[derive(Clone, Copy)]
pub(crate) struct ServiceHeaders {
    /// Whether the token is written with `Bearer ` in front.
    pub(crate) bearer: bool,
    /// Name of the language header.
    pub(crate) language: &'static str,
    /// Name of the header with the identifier of a request.
    pub(crate) request_id: &'static str,
}

/// The services of version 1.
pub(crate) const V1: ServiceHeaders = ServiceHeaders {
    bearer: true,
    language: "Language",
    request_id: "X-Request-ID",
};

/// The e-wallet.
pub(crate) const EWALLET: ServiceHeaders = ServiceHeaders {
    language: "X-Language",
    ..V1
};

/// The payment gateway, version 2: its pages show the bare token.
pub(crate) const PAYMENT_V2: ServiceHeaders = ServiceHeaders {
    bearer: false,
    ..EWALLET
};

/// Points of sale.
pub(crate) const POS: ServiceHeaders = ServiceHeaders {
    bearer: false,
    language: "X-Lang",
    request_id: "X-Request-Id",
};

impl AppotaPay {
    /// Adds the token and the optional headers.
    fn with_headers(&self, request: HttpRequest, service: ServiceHeaders, call: &Call) -> Result<HttpRequest> {
        let token = auth::token_for(self, call)?;
        let request = request.header("X-APPOTAPAY-AUTH", self.authorization(service, &token));
        self.with_optional_headers(request, service, call)
    }

    /// The value of the header with the token.
    fn authorization(&self, service: ServiceHeaders, token: &str) -> String {
        let bearer = if self.bearer.unwrap_or(service.bearer) {
            "Bearer "
        } else {
            ""
        };
        [bearer, token].concat()
    }

    fn with_optional_headers(
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
    fn post_signed(
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
    fn post_with(
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
    fn get(&self, path: &str, call: &Call) -> Result<HttpRequest> {
        self.get_from([self.hosts.gateway.as_str(), path].concat(), V1, call)
    }

    fn get_from(&self, url: String, service: ServiceHeaders, call: &Call) -> Result<HttpRequest> {
        let request = HttpRequest::get(url).header("Content-Type", "application/json");
        self.with_headers(request, service, call)
    }
}

/// A reference of the merchant: it goes into paths and signed texts.
fn check_reference(field: &str, reference: &str, most: usize) -> Result<()> {
    let rule = (
        "must be visible ASCII without spaces",
        "chỉ được gồm ký tự ASCII nhìn thấy được, không khoảng trắng",
    );
    check::charset(field, reference, (1, most), Alphabet::VISIBLE, rule)
}

/// A value as one segment of a path.
fn segment(field: &str, value: &str) -> Result<String> {
    check_reference(field, value, 100)?;
    // A URL parser would walk up the path for these two.
    if matches!(value, "." | "..") {
        let rule = Rule::Say("must not be a dot segment", "không được chỉ gồm dấu chấm");
        return Err(Error::invalid(field, rule));
    }
    Ok(Encoder::Rfc3986.encode(value))
}

/// `?name=value&…` of the parameters that are there; nothing where there is none.
fn query_string<'q>(pairs: impl IntoIterator<Item = (&'q str, Option<&'q str>)>) -> String {
    let present = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Encoder::Rfc3986.address(&[], present)
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
    /// Signed names that a success may lack.
    pub(crate) optional: &'static [&'static str],
    /// What the signature proves.
    pub(crate) proof: Proof,
    /// Members that hold an amount in dong.
    pub(crate) money: &'static [&'static str],
    /// What the error codes say about money.
    pub(crate) refusals: Refusals,
}

/// What a refused answer says.
#[derive(Clone, Copy)]
pub(crate) struct Refusals {
    /// Error codes of the service.
    pub(crate) codes: &'static Codes,
    /// Whether the request may have moved money, or asked about one that may have.
    pub(crate) about_money: bool,
    /// Whether the answer is one to a query: where the query itself was refused, it says nothing about the money.
    pub(crate) about_a_query: bool,
}

/// The error code of an answer, as printed.
fn error_code<'v>(members: &'v Record<'_>) -> Result<Text<'v>> {
    members.printed("errorCode").ok_or_else(|| absent("errorCode"))
}

impl Answers {
    /// Reads a signed answer: a refusal becomes an error, a success must verify.
    fn read<'a>(&self, client: &AppotaPay, body: &'a str, expected: Option<&Json>) -> Result<Draft<'a>> {
        self.read_but(client, None, body, expected)
    }

    /// The same where one signed member may hold what could be read as further pairs.
    fn read_but<'a>(
        &self,
        client: &AppotaPay,
        free: Option<&str>,
        body: &'a str,
        expected: Option<&Json>,
    ) -> Result<Draft<'a>> {
        self.read_with(body, expected, |members, signature| {
            client.verify(&values(self.recipe, members), signature, free, |error, _| error)
        })
    }

    /// The same with another way to verify.
    fn read_with<'a>(
        &self,
        body: &'a str,
        expected: Option<&Json>,
        verify: impl Fn(&Record<'a>, &str) -> Result<Covered>,
    ) -> Result<Draft<'a>> {
        let mut members = parse_body(body)?;
        let signature = members.remove("signature");
        let verified = match &signature {
            Some(Value::Text(signature)) if !signature.is_empty() => {
                let covered = verify(&members, signature)?;
                Some(covered.put_into(&mut members, self.recipe))
            }
            None | Some(Value::Null | Value::Text(_)) => None,
            Some(_) => return Err(signature_mismatch().field("signature")),
        };
        let code = error_code(&members)?;
        if code != "0" {
            return Err(self.refusals.error(&code, &members, "message", verified.is_some()));
        }
        // A success that should be signed and is not proves nothing.
        let matched = verified.ok_or_else(|| signature_mismatch().field("signature"))?;
        require(&values(self.recipe, &members), self.optional)?;
        let mut draft = Draft::split_by(self.proof, members, self.recipe.fields).money(self.money);
        draft.matched = matched;
        draft.expect(expected)
    }
}

/// How a service calls back.
pub(crate) struct Callbacks {
    /// Signed members.
    pub(crate) recipe: &'static KeyValueRecipe,
    /// Signed names that a callback may lack.
    pub(crate) optional: &'static [&'static str],
    /// The name that identifies the payment, and the operation that asks for it, where a callback is ambiguous.
    pub(crate) ask: (&'static str, &'static str),
}

impl Callbacks {
    /// Verifies a callback and leaves its members as they were signed, without the signature. Gives the name of what
    /// matched.
    fn verify(&self, client: &AppotaPay, members: &mut Record<'_>) -> Result<Option<String>> {
        let Some(Value::Text(signature)) = members.remove("signature") else {
            return Err(absent("signature"));
        };
        let values = values(self.recipe, members);
        require(&values, self.optional)?;
        let (name, operation) = self.ask;
        let covered = client.verify(&values, &signature, None, |error, signed| {
            let identity = Value::text(signed_text(signed, name).to_owned());
            error.outcome("undetermined").next(operation).detail(name, identity)
        })?;
        Ok(covered.put_into(members, self.recipe))
    }
}

/// Signed members that may be empty: they describe, and neither money nor identity hangs on them. A payer may leave
/// the memo empty.
const MAY_BE_EMPTY: &[&str] = &[
    "bankAccountName",
    "bankCode",
    "billExpiryTime",
    "currency",
    "extraData",
    "memo",
    "message",
    "paymentMethod",
    "paymentType",
    "reason",
];

/// A message that lacks signed members could be one of another operation; an empty one says no more than an absent one.
fn require(values: &Values<'_>, optional: &[&str]) -> Result<()> {
    let missing = |(name, value): &&(&str, Option<&Value<'_>>)| {
        let is_empty = match value {
            None => return !optional.contains(name),
            Some(Value::Null) => true,
            Some(Value::Text(text)) => text.is_empty(),
            Some(_) => false,
        };
        is_empty && !optional.contains(name) && !MAY_BE_EMPTY.contains(name)
    };
    match values.iter().find(missing) {
        Some((name, _)) => Err(absent_or_empty(name)),
        None => Ok(()),
    }
}

fn absent_or_empty(name: &str) -> Error {
    Error::say(
        Code::MalformedInput,
        "is absent from the message or empty",
        "không có trong thông điệp hoặc để trống",
    )
    .field(name)
}

impl Refusals {
    /// The same for the answer to a query about an earlier request.
    const fn of_query(self) -> Self {
        Self {
            about_a_query: true,
            ..self
        }
    }

    /// Whether a code says for certain that no money moved.
    fn is_final(&self, code: &str) -> bool {
        self.codes.certainly_failed(code) && !(self.about_a_query && self.codes.may_refuse_a_query(code))
    }

    /// Money may have moved unless the code is in the table of certain failures: the kind of the operation says so.
    fn error(&self, code: &str, members: &Record<'_>, message: &str, signed: bool) -> Error {
        let message = members.printed(message).map(Text::into_owned);
        let error = Error::new(Code::GatewayRefused)
            .gateway(Some(code.to_owned()), message)
            .signed(signed);
        match self.about_money && !self.is_final(code) {
            true => error,
            false => error.outcome("refused"),
        }
    }

    /// Reads an answer that the gateway does not sign.
    fn read_unsigned<'a>(&self, body: &'a str, money: &[&str], expected: Option<&Json>) -> Result<Draft<'a>> {
        let members = parse_body(body)?;
        let code = error_code(&members)?;
        if code != "0" {
            return Err(self.error(&code, &members, "message", false));
        }
        Draft::flat(Proof::Unsigned, members).money(money).expect(expected)
    }
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
    fn signed_names_can_be_searched() {
        assert!(SIGNED_NAMES.is_sorted());
    }

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
            assert_eq!(php_number(token).0, printed, "{token}");
        }
    }
}
