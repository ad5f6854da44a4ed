//! Cards: bought ones, whose codes come encrypted with your RSA key, and charging with prepaid cards ("gạch thẻ"),
//! whose codes you encrypt. Charging has credentials and a formula of its own.

use zeroize::{Zeroize, Zeroizing};

use super::answers::{Refusals, parse_body};
use super::requests::{V1, check_reference, query_string, segment};
use super::{AppotaPay, Call, ChargingCard, reference};
use crate::answer::{Body, Draft, Made, Nothing, Outcome, Proof, Reading, absent};
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::check::{self, Whole};
use crate::crypto::aes_cbc::Key128;
use crate::crypto::digest::Hasher;
use crate::crypto::rsa::Oaep;
use crate::crypto::{digest, encoding, random};
use crate::error::{Code, Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::secret::Secret;
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "cards",
    doc: "Cards: buy them, and charge with prepaid ones.",
    operations: &[
        Operation {
            name: "appotapay.cards.buy",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the purchase of cards. The optional members type and customerPhone are left out: whether \
                  they would be signed is not documented. After a time-out or an undetermined answer call buy_status.",
            handler: &TypedCall(buy),
        },
        Operation {
            name: "appotapay.cards.read_buy",
            kind: Kind::ReadOutcome("appotapay.cards.buy_status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to buy, which is not signed. The codes are encrypted: see decrypt_code.",
            handler: &Typed(read_buy),
        },
        Operation {
            name: "appotapay.cards.buy_status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for a purchase; the answer holds the cards again.",
            handler: &TypedCall(buy_status),
        },
        Operation {
            name: "appotapay.cards.read_buy_status",
            kind: Kind::ReadOutcome("appotapay.cards.buy_status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to buy_status, which is not signed.",
            handler: &Typed(read_buy_status),
        },
        Operation {
            name: "appotapay.cards.products",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the cards that can be bought.",
            handler: &TypedCall(products),
        },
        Operation {
            name: "appotapay.cards.read_products",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to products, which is not signed. Its members are not documented.",
            handler: &Typed(read_products),
        },
        Operation {
            name: "appotapay.cards.decrypt_code",
            kind: Kind::Pure,
            evidence: Evidence::Observed,
            doc: "Opens the code of a bought card with the configured private_key (RSA-OAEP). The padding is not \
                  documented: SHA-1 is what production code uses. Every fault is the same decrypt_failed.",
            handler: &Typed(decrypt_code),
        },
        Operation {
            name: "appotapay.cards.encrypt_code",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Encrypts the code of a prepaid card for charge: AES-128-CBC under a key from the charging secret, \
                  base64 of IV and ciphertext. The format has no authentication.",
            handler: &Typed(encrypt_code),
        },
        Operation {
            name: "appotapay.cards.charge",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a charge with a prepaid card, whose code encrypt_code has encrypted. After a time-out or an \
                  undetermined answer call charge_status. A code or serial that was tried more than five times is \
                  locked. In the sandbox the path of the published collection is used.",
            handler: &TypedCall(charge),
        },
        Operation {
            name: "appotapay.cards.read_charge",
            kind: Kind::ReadOutcome("appotapay.cards.charge_status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to charge, which is not signed.",
            handler: &Typed(read_charge),
        },
        Operation {
            name: "appotapay.cards.charge_status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the state of a charge, with its parameters in the query string.",
            handler: &TypedCall(charge_status),
        },
        Operation {
            name: "appotapay.cards.read_charge_status",
            kind: Kind::ReadOutcome("appotapay.cards.charge_status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to charge_status, which is not signed.",
            handler: &Typed(read_charge_status),
        },
    ],
};

pub(crate) const BUY: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("partnerRefId", "/partnerRefId"),
        ("productCode", "/productCode"),
        ("quantity", "/quantity"),
    ],
    evidence: Evidence::Official,
};

/// What SHA-256 covers in a charge and in the query for one, in this order, the secret last.
pub(super) const CHARGE_PARTS: &[&str] = &[
    "code",
    "serial",
    "vendor",
    "partner_code",
    "service_name",
    "transaction_id",
];
pub(super) const CHARGE_STATUS_PARTS: &[&str] = &["partner_code", "transaction_id"];

const MONEY: &[&str] = &["amount", "value", "balance"];

const BUY_REFUSALS: Refusals = Refusals {
    codes: &reference::CARDS,
    about_money: true,
    about_a_query: false,
};

const CHARGE_REFUSALS: Refusals = Refusals {
    codes: &reference::CHARGING_CARD,
    about_money: true,
    about_a_query: false,
};

/// Cards to buy.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Buy {
    /// Your unique reference: buy_status asks with it.
    pub partner_ref_id: String,
    /// Code of the product, e.g. `AC100`.
    pub product_code: String,
    /// Number of cards, 1 to 100.
    pub quantity: Whole,
}

pub(crate) fn buy(client: &AppotaPay, input: &Buy, call: &Call) -> Result<HttpRequest> {
    check_reference("partnerRefId", &input.partner_ref_id, 100)?;
    check_reference("productCode", &input.product_code, 100)?;
    if !(1..=100).contains(&input.quantity.0) {
        let rule = Rule::Say("must be 1 to 100", "phải từ 1 đến 100");
        return Err(Error::invalid("quantity", rule));
    }
    let members = Record::from_iter([
        ("partnerRefId", Value::text(&input.partner_ref_id)),
        ("productCode", Value::text(&input.product_code)),
        ("quantity", Value::Integer(input.quantity.0)),
    ]);
    client.post_signed("/api/v1/service/shopcard/buy", &BUY, members, call)
}

/// Bought cards.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BuyAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `succeeded`.
    pub outcome: Option<Outcome>,
    /// `0`.
    pub error_code: String,
    /// The cards.
    pub cards: Option<Vec<Card>>,
    /// The purchase.
    pub transaction: Option<Transaction>,
    /// Your account.
    pub account: Option<Account>,
}

/// A bought card.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// Encrypted code: decrypt_code opens it.
    pub code: Option<String>,
    /// Serial.
    pub serial: Option<String>,
    /// Who issued it.
    pub vendor: Option<String>,
    /// Value in VND.
    pub value: Option<u64>,
    /// Last day, as printed: `dd-mm-yyyy`.
    pub expiry: Option<String>,
}

/// A purchase.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Time as printed, `dd-mm-yyyy HH:MM:SS`.
    pub time: Option<String>,
}

/// Your account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Balance in VND.
    pub balance: Option<u64>,
}

pub(crate) fn read_buy(_: &AppotaPay, input: &Body) -> Result<Reading<BuyAnswer>> {
    read_bought(BUY_REFUSALS, input)
}

fn read_bought(refusals: Refusals, input: &Body) -> Result<Reading<BuyAnswer>> {
    let mut draft = refusals.read_unsigned(&input.body, MONEY, input.expected.as_ref())?;
    draft.outcome = Some(Outcome::Succeeded);
    Ok(draft.finish())
}

/// A purchase to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BuyStatus {
    /// Your reference of the purchase.
    pub partner_ref_id: String,
}

pub(crate) fn buy_status(client: &AppotaPay, input: &BuyStatus, call: &Call) -> Result<HttpRequest> {
    let reference = segment("partnerRefId", &input.partner_ref_id)?;
    client.get(&format!("/api/v1/service/shopcard/transaction/{reference}"), call)
}

pub(crate) fn read_buy_status(_: &AppotaPay, input: &Body) -> Result<Reading<BuyAnswer>> {
    read_bought(BUY_REFUSALS.of_query(), input)
}

pub(crate) fn products(client: &AppotaPay, _: &Nothing, call: &Call) -> Result<HttpRequest> {
    client.get("/api/v1/service/shopcard/products", call)
}

/// Cards that can be bought. All members are in the record; only these are certain.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProductsAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
}

pub(crate) fn read_products(_: &AppotaPay, input: &Body) -> Result<Reading<ProductsAnswer>> {
    let refusals = Refusals {
        about_money: false,
        ..BUY_REFUSALS
    };
    Ok(refusals
        .read_unsigned(&input.body, MONEY, input.expected.as_ref())?
        .finish())
}

/// Hash of the RSA padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// OAEP with SHA-1 and MGF1-SHA-1, empty label.
    OaepSha1,
    /// OAEP with SHA-256 and MGF1-SHA-256, empty label.
    OaepSha256,
}

/// A code to open.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecryptCode {
    /// The encrypted code of a bought card, base64.
    pub code: String,
    /// `oaep_sha1` (default) or `oaep_sha256`. Another one is never tried by itself.
    pub padding: Option<Padding>,
}

/// The code of a bought card. It is worth its value to whoever reads it.
#[derive(Clone, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CardCode {
    /// The code in clear.
    pub code: String,
}

/// The code is in there: nothing is shown.
impl core::fmt::Debug for CardCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardCode")
    }
}

pub(crate) fn decrypt_code(client: &AppotaPay, input: &DecryptCode) -> Result<Made<CardCode>> {
    let key = client.card_key.as_ref().ok_or_else(|| Error::missing("private_key"))?;
    let hash = match input.padding {
        None | Some(Padding::OaepSha1) => Oaep::Sha1,
        Some(Padding::OaepSha256) => Oaep::Sha256,
    };
    let code = encoding::from_base64(&input.code)
        .and_then(|ciphertext| key.decrypt(hash, &ciphertext))
        .and_then(|plaintext| core::str::from_utf8(&plaintext).ok().map(str::to_owned))
        .ok_or_else(|| Error::new(Code::DecryptFailed))?;
    Ok(Made::new(Record::from_iter([("code", Value::text(code))])))
}

/// Prepared credentials of the card charging service.
pub(crate) struct Charging {
    partner_code: String,
    service_name: String,
    secret_key: Secret,
    cipher: Key128,
}

impl Charging {
    pub(super) fn new(card: ChargingCard, production: bool) -> Result<Self> {
        check_reference("charging_card.partner_code", &card.partner_code, 100)?;
        check_reference("charging_card.service_name", &card.service_name, 100)?;
        card.secret_key
            .check("charging_card.secret_key", production, super::SAMPLE_SECRETS)?;
        Ok(Self {
            cipher: Key128::new(&cipher_key(card.secret_key.expose())?),
            partner_code: card.partner_code,
            service_name: card.service_name,
            secret_key: card.secret_key,
        })
    }

    pub(super) fn secret_key(&self) -> &Secret {
        &self.secret_key
    }

    /// SHA-256 over the concatenation with the secret last. Nothing separates the parts, so a character could move
    /// from one to the next: of the parts that vary, all but two have a fixed length, and those two do not touch.
    fn sign(&self, parts: &[&str]) -> String {
        let mut hasher = Hasher::sha256();
        for part in parts {
            hasher.update(part.as_bytes());
        }
        hasher.update(self.secret_key.expose().as_bytes());
        encoding::hex(&hasher.finish())
    }
}

/// A secret of 16 characters is the key; of a longer one the first 16 hexadecimal digits of its SHA-256 are.
fn cipher_key(secret: &str) -> Result<Zeroizing<[u8; 16]>> {
    let mut key = Zeroizing::new([0; 16]);
    // Characters of other letters have no one place in a key of 16 bytes.
    if !secret.is_ascii() || secret.len() < key.len() {
        let rule = Rule::Say(
            "must have at least 16 ASCII characters",
            "phải có ít nhất 16 ký tự ASCII",
        );
        return Err(Error::rule(Code::InvalidKey, rule).field("charging_card.secret_key"));
    }
    if secret.len() == key.len() {
        key.copy_from_slice(secret.as_bytes());
        return Ok(key);
    }
    let mut digits = encoding::hex(&digest::sha256(secret.as_bytes()));
    for (byte, digit) in key.iter_mut().zip(digits.bytes()) {
        *byte = digit;
    }
    digits.zeroize();
    Ok(key)
}

impl AppotaPay {
    pub(super) fn charging(&self) -> Result<&Charging> {
        self.charging.as_ref().ok_or_else(|| Error::missing("charging_card"))
    }
}

/// A code to encrypt.
#[derive(Clone, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EncryptCode {
    /// Code of the prepaid card in clear: letters and digits.
    pub code: String,
    /// 16 letters and digits, for tests only and refused in production; default: fresh ones from the operating system.
    pub iv: Option<String>,
}

/// The code is in there: nothing is shown.
impl core::fmt::Debug for EncryptCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("EncryptCode")
    }
}

/// An encrypted code.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EncryptedCode {
    /// The field `code` of charge: base64 of IV and ciphertext.
    pub code: String,
}

pub(crate) fn encrypt_code(client: &AppotaPay, input: &EncryptCode) -> Result<Made<EncryptedCode>> {
    let charging = client.charging()?;
    check::alphanumeric("code", &input.code, 1, 64)?;
    let iv = match &input.iv {
        None => random_iv()?,
        Some(iv) => given_iv(client, iv)?,
    };
    let message = charging.cipher.seal_with_iv(input.code.as_bytes(), iv);
    let code = Value::text(encoding::base64(&message));
    Ok(Made::new(Record::from_iter([("code", code)])))
}

fn given_iv(client: &AppotaPay, iv: &str) -> Result<[u8; 16]> {
    if !client.may_test() {
        let rule = Rule::Say("works in the sandbox only", "chỉ dùng được ở sandbox");
        return Err(Error::invalid("iv", rule));
    }
    check::alphanumeric("iv", iv, 16, 16)?;
    iv.as_bytes().try_into().map_err(|_| Error::new(Code::Internal))
}

/// 16 letters and digits, each equally likely: six random bits, and the two values too many are thrown away.
fn random_iv() -> Result<[u8; 16]> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut iv = [0_u8; 16];
    let mut open = iv.iter_mut();
    let mut random = [0_u8; 32];
    loop {
        random::fill(&mut random)?;
        for byte in random {
            let Some(character) = ALPHABET.get(usize::from(byte & 63)) else {
                continue;
            };
            match open.next() {
                Some(place) => *place = *character,
                None => return Ok(iv),
            }
        }
    }
}

/// A charge with a prepaid card.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Charge {
    /// The encrypted code that encrypt_code gave.
    pub code: String,
    /// Serial of the card, 12 letters and digits.
    pub serial: String,
    /// Who issued the card: `appota`, which is the default.
    pub vendor: Option<String>,
    /// Your unique reference, 5 to 50 characters.
    pub transaction_id: String,
}

pub(crate) fn charge(client: &AppotaPay, input: &Charge, call: &Call) -> Result<HttpRequest> {
    let charging = client.charging()?;
    check_encrypted(&input.code)?;
    check::alphanumeric("serial", &input.serial, 12, 12)?;
    let vendor = input.vendor.as_deref().unwrap_or("appota");
    check::one_of("vendor", vendor, &["appota"])?;
    check_transaction(&input.transaction_id)?;
    let signature = charging.sign(&[
        &input.code,
        &input.serial,
        vendor,
        &charging.partner_code,
        &charging.service_name,
        &input.transaction_id,
    ]);
    let members = Record::from_iter([
        ("code", Value::text(&input.code)),
        ("serial", Value::text(&input.serial)),
        ("vendor", Value::text(vendor)),
        ("partner_code", Value::text(&charging.partner_code)),
        ("service_name", Value::text(&charging.service_name)),
        ("transaction_id", Value::text(&input.transaction_id)),
    ]);
    let folder = match client.environment {
        crate::Environment::Sandbox => "sandbox/services",
        crate::Environment::Production => "services",
    };
    let query = query_string([("api_key", Some(client.api_key.expose()))]);
    let url = format!("{}/v1/{folder}/card_charging{query}", client.hosts.charging);
    client.post_with(signature, url, V1, members, call)
}

/// Base64 text, and not the bare code of a card.
fn check_encrypted(code: &str) -> Result<()> {
    check::length("code", code, 1, 512)?;
    let bare = code.bytes().all(|byte| byte.is_ascii_digit());
    if bare || encoding::from_base64(code).is_none() {
        let rule = Rule::Say(
            "must be the encrypted code (cards.encrypt_code)",
            "phải là mã thẻ đã mã hóa (cards.encrypt_code)",
        );
        return Err(Error::invalid("code", rule));
    }
    Ok(())
}

fn check_transaction(id: &str) -> Result<()> {
    check_reference("transaction_id", id, 50)?;
    check::length("transaction_id", id, 5, 50)
}

/// A charge that was done. Nothing is signed.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChargeAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `succeeded`.
    pub outcome: Option<Outcome>,
    /// `00`.
    pub error_code: String,
    /// Text of the gateway.
    pub message: Option<String>,
    /// The charge.
    pub data: Option<Charged>,
}

/// A charge.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Charged {
    /// Value of the card in VND.
    pub amount: Option<u64>,
    /// Serial of the card.
    pub serial: Option<String>,
    /// AppotaPay's identifier.
    pub transaction_id: Option<String>,
    /// Time as printed; the order of its parts differs between samples.
    pub time: Option<String>,
}

pub(crate) fn read_charge(_: &AppotaPay, input: &Body) -> Result<Reading<ChargeAnswer>> {
    read_charged(CHARGE_REFUSALS, input)
}

fn read_charged(refusals: Refusals, input: &Body) -> Result<Reading<ChargeAnswer>> {
    let members = parse_body(&input.body)?;
    let code = members.printed("error_code").ok_or_else(|| absent("error_code"))?;
    if code != "00" {
        return Err(refusals.error(&code, &members, "message", false));
    }
    let mut draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    draft.outcome = Some(Outcome::Succeeded);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A charge to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChargeStatus {
    /// Your reference of the charge.
    pub transaction_id: String,
}

pub(crate) fn charge_status(client: &AppotaPay, input: &ChargeStatus, call: &Call) -> Result<HttpRequest> {
    let charging = client.charging()?;
    check_transaction(&input.transaction_id)?;
    let signature = charging.sign(&[&charging.partner_code, &input.transaction_id]);
    let query = query_string([
        ("api_key", Some(client.api_key.expose())),
        ("partner_code", Some(charging.partner_code.as_str())),
        ("transaction_id", Some(input.transaction_id.as_str())),
        ("signature", Some(signature.as_str())),
    ]);
    let url = format!("{}/v1/services/transaction/check{query}", client.hosts.charging);
    Ok(client.get_from(url, V1, call)?.signature(signature))
}

pub(crate) fn read_charge_status(_: &AppotaPay, input: &Body) -> Result<Reading<ChargeAnswer>> {
    read_charged(CHARGE_REFUSALS.of_query(), input)
}
