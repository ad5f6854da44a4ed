//! VietQR texts: build, read, draw.

use std::collections::BTreeMap;

use super::VietQR;
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::check::Dong;
use crate::error::Result;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "code",
    doc: "VietQR payment codes.",
    operations: &[
        Operation {
            name: "vietqr.code.build",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Builds the text of a VietQR code for a transfer to an account or a card: dynamic with an amount, else \
                static.",
            handler: &Typed(build),
        },
        Operation {
            name: "vietqr.code.read",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Reads a VietQR text strictly. A refusal says why (`reason`) and at which character (`position`, from \
                1). The CRC finds typing errors only: it does not prove who made the code.",
            handler: &Typed(read),
        },
        Operation {
            name: "vietqr.code.draw",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Draws a VietQR text as SVG, PNG or text for a terminal, with the quiet zone that scanners need.",
            handler: &Typed(draw),
        },
    ],
};

pub(crate) use super::draw::draw;

/// Kind of beneficiary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Beneficiary {
    /// An account.
    Account,
    /// A card.
    Card,
}

/// A transfer to ask for. Texts are unaccented printable characters (ASCII 0x20 to 0x7E), at most 25 each and 99
/// together with 4 characters of overhead each; `***` asks the payer.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Build {
    /// BIN of the beneficiary's bank, 6 digits.
    pub bin: String,
    /// Account number, 1 to 19 unaccented letters and digits, or card number, digits.
    pub account: String,
    /// Whether `account` is an account or a card; default `account`.
    pub service: Option<Beneficiary>,
    /// Amount in VND, 1 to 9999999999999. Left out where the payer enters it. NAPAS247 transfers are below 500 million.
    pub amount: Option<Dong>,
    /// Number of the bill.
    pub bill_number: Option<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Store.
    pub store: Option<String>,
    /// Loyalty number.
    pub loyalty: Option<String>,
    /// Reference.
    pub reference: Option<String>,
    /// Customer.
    pub customer: Option<String>,
    /// Terminal.
    pub terminal: Option<String>,
    /// Text of the transfer that bank apps show. Too long is an error, never cut.
    pub purpose: Option<String>,
    /// What the payer's app is asked for: letters A (address), M (mobile), E (e-mail), each at most once.
    pub consumer_data: Option<String>,
    /// Allows a purpose up to what fits (95 characters when it is alone), beyond the standard: not every app takes it.
    /// Default false.
    pub long_purpose: Option<bool>,
}

/// A VietQR text.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Built {
    /// Text to show as a QR code.
    pub text: String,
}

/// A picture, in the member of its format.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Picture {
    /// Format `svg`: the SVG text.
    pub svg: Option<String>,
    /// Format `png`: the file in base64.
    pub png_base64: Option<String>,
    /// Format `terminal`: lines with colours.
    pub text: Option<String>,
}

pub(crate) fn build(_: &VietQR, input: &Build) -> Result<Made<Built>> {
    let text = super::build::build(input)?;
    Ok(Made::new(Record::from_iter([("text", Value::text(text))])))
}

/// A VietQR text to read.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Read {
    /// The text of the QR code, exactly as scanned: it is not trimmed. At most 512 characters.
    pub text: String,
    /// Whether to accept, with warnings: amounts with decimals of zero or leading zeros, a missing service code or
    /// object 01, an application identifier that is not first, texts with diacritics or longer than allowed, objects
    /// without a value (not behind the amount nor beside the account, where they may be the end of a longer one).
    /// Default false.
    pub lenient: Option<bool>,
}

/// What is to happen with the code (object 38-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ServiceCode {
    /// Transfer to an account (QRIBFTTA).
    #[serde(rename = "account")]
    Account,
    /// Transfer to a card (QRIBFTTC).
    #[serde(rename = "card")]
    Card,
    /// Payment to a merchant: not a bank transfer.
    #[serde(rename = "QRPUSH")]
    Push,
    /// Cash withdrawal at an ATM: not a bank transfer.
    #[serde(rename = "QRCASH")]
    Cash,
}

impl ServiceCode {
    const ALL: &'static [(ServiceCode, &'static str, &'static str)] = &[
        (ServiceCode::Account, "account", "QRIBFTTA"),
        (ServiceCode::Card, "card", "QRIBFTTC"),
        (ServiceCode::Push, "QRPUSH", "QRPUSH"),
        (ServiceCode::Cash, "QRCASH", "QRCASH"),
    ];

    pub(super) fn of(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, _, known)| *known == code)
            .map(|(service, ..)| *service)
    }

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(service, ..)| *service == self)
            .map_or("", |(_, name, _)| name)
    }
}

/// Something about a code that its user should know.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    /// Stable name, the same as in the errors of strict reading, or `not_a_transfer`, `tip`, `amount_limit`,
    /// `unknown_bin`.
    pub reason: String,
    /// The object, IDs joined with dots, e.g. `62.08`.
    pub object: String,
    /// Sentence in English.
    pub message: String,
    /// Sentence in Vietnamese.
    pub message_vi: String,
}

/// What a VietQR text says. Nothing of it is authenticated.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Payload {
    /// BIN of the beneficiary's bank, 6 digits.
    pub bin: String,
    /// Account or card number of the beneficiary, 1 to 19 characters.
    pub account: String,
    /// What is to happen; absent only in a lenient reading of a code that does not say.
    pub service: Option<ServiceCode>,
    /// Amount in VND. Absent where the payer enters it.
    pub amount: Option<u64>,
    /// Number of the bill (62-01). In this and the next seven fields `***` means: ask the payer.
    pub bill_number: Option<String>,
    /// Mobile number (62-02).
    pub mobile: Option<String>,
    /// Store (62-03).
    pub store: Option<String>,
    /// Loyalty number (62-04).
    pub loyalty: Option<String>,
    /// Reference (62-05).
    pub reference: Option<String>,
    /// Customer (62-06).
    pub customer: Option<String>,
    /// Terminal (62-07).
    pub terminal: Option<String>,
    /// Text of the transfer (62-08).
    pub purpose: Option<String>,
    /// What the payer's app is asked for (62-09): letters A (address), M (mobile), E (e-mail).
    pub consumer_data: Option<String>,
    /// `11` static, for many payments; `12` dynamic, for one. Any combination with an amount is valid.
    pub initiation: Option<String>,
    /// Always `704` (VND).
    pub currency: String,
    /// Always `VN`.
    pub country: String,
    /// Name of the merchant (59).
    pub merchant_name: Option<String>,
    /// City of the merchant (60).
    pub merchant_city: Option<String>,
    /// All other objects as they are, by their IDs joined with dots, e.g. `52` or `62.10`.
    pub unknown: BTreeMap<String, String>,
    /// What the user should know. A strict reading has few: no transfer, a tip, an amount
    /// above the limit, a BIN that is not in the directory.
    pub warnings: Vec<Warning>,
}

impl From<Payload> for Record<'static> {
    fn from(payload: Payload) -> Self {
        let mut record = Record::new();
        let mut put = |name: &'static str, value: Option<Value<'static>>| {
            if let Some(value) = value {
                record.push(name, value);
            }
        };
        put("bin", Some(Value::text(payload.bin)));
        put("account", Some(Value::text(payload.account)));
        put("service", payload.service.map(|service| Value::text(service.name())));
        put("amount", payload.amount.map(Value::Integer));
        put("bill_number", payload.bill_number.map(Value::text));
        put("mobile", payload.mobile.map(Value::text));
        put("store", payload.store.map(Value::text));
        put("loyalty", payload.loyalty.map(Value::text));
        put("reference", payload.reference.map(Value::text));
        put("customer", payload.customer.map(Value::text));
        put("terminal", payload.terminal.map(Value::text));
        put("purpose", payload.purpose.map(Value::text));
        put("consumer_data", payload.consumer_data.map(Value::text));
        put("initiation", payload.initiation.map(Value::text));
        put("currency", Some(Value::text(payload.currency)));
        put("country", Some(Value::text(payload.country)));
        put("merchant_name", payload.merchant_name.map(Value::text));
        put("merchant_city", payload.merchant_city.map(Value::text));
        let unknown = payload.unknown.into_iter().map(|(id, value)| (id, Value::text(value)));
        put("unknown", Some(Value::Record(unknown.collect())));
        let warnings = payload.warnings.into_iter().map(Value::from);
        put("warnings", Some(Value::List(warnings.collect())));
        record
    }
}

impl From<Warning> for Value<'static> {
    fn from(warning: Warning) -> Self {
        Value::Record(Record::from_iter([
            ("reason", Value::text(warning.reason)),
            ("object", Value::text(warning.object)),
            ("message", Value::text(warning.message)),
            ("message_vi", Value::text(warning.message_vi)),
        ]))
    }
}

pub(crate) fn read(_: &VietQR, input: &Read) -> Result<Made<Payload>> {
    let payload = super::read(&input.text, input.lenient.unwrap_or(false)).map_err(|fault| fault.error("text"))?;
    Ok(Made::new(payload.into()))
}
