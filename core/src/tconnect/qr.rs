//! Payment QR codes. Two flavours share one path, so the caller chooses by the operation: the current one
//! (camelCase) and that of document 1.1.0 (snake_case).

use super::{Needed, TConnect, payload, read_answer, unsigned};
use crate::answer::{Proof, Reading, absent, mismatch};
use crate::canonical::Evidence;
use crate::check::{self, Dong};
use crate::error::{Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Json, Record, Value, whole};
use crate::vietqr::{self, code::Payload};

pub(crate) const SERVICE: Service = Service {
    name: "qr",
    doc: "Payment QR codes.",
    operations: &[
        Operation {
            name: "tconnect.qr.create",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request for a payment QR code (current field names).",
            handler: &Typed(create),
        },
        Operation {
            name: "tconnect.qr.create_v1_1",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request for a payment QR code with the field names of document version 1.1.0.",
            handler: &Typed(create_v1_1),
        },
        Operation {
            name: "tconnect.qr.read_create",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to create or create_v1_1: the qrString, checked strictly and, given the request, \
                compared with it.",
            handler: &Typed(read_create),
        },
    ],
};

const PATH: &str = "/openapi/v1/qr";

/// BIN that TConnect uses where none is given.
const DEFAULT_BIN: &str = "970454";

/// A payment QR code.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Create {
    /// Access token of the last login.
    #[serde(rename = "access_token")]
    pub access_token: Secret,
    /// Virtual account of the merchant: 1 to 19 letters and digits.
    pub account_number: String,
    /// Amount in VND, from 1. Left out for a static code, where the payer enters it.
    pub amount: Option<Dong>,
    /// Order of the merchant. When it is given, TConnect ignores `narrative`.
    pub order_id: Option<String>,
    /// BIN of the bank, 6 digits; TConnect's default is 970454.
    pub bin_code: Option<String>,
    /// Text of the transfer.
    pub narrative: Option<String>,
    /// Further data for the IPN. It works only together with `orderId`, so without one it is refused.
    pub extra_data: Option<Json>,
    /// Code of the service (services.list), sent as the header `x-service-code` when given.
    #[serde(rename = "service_code")]
    pub service_code: Option<String>,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn create(client: &TConnect, input: &Create) -> Result<HttpRequest> {
    check::alphanumeric("accountNumber", &input.account_number, 1, 19)?;
    let mut members = Record::from_iter([("accountNumber", Value::text(&input.account_number))]);
    if let Some(amount) = input.amount {
        check::amount("amount", amount, 1)?;
        members.push("amount", Value::Integer(amount.0));
    }
    if let Some(order) = &input.order_id {
        check::text("orderId", order, 1, 100)?;
        members.push("orderId", Value::text(order));
    }
    if let Some(bin) = &input.bin_code {
        check::digits("binCode", bin, 6, 6)?;
        members.push("binCode", Value::text(bin));
    }
    if let Some(narrative) = &input.narrative {
        check::text("narrative", narrative, 0, 500)?;
        members.push("narrative", Value::text(narrative));
    }
    if let Some(Json(data)) = &input.extra_data {
        if input.order_id.is_none() {
            let rule = Rule::Say("works only together with orderId", "chỉ có tác dụng khi có orderId");
            return Err(Error::invalid("extraData", rule));
        }
        members.push("extraData", Value::Record(data.clone()));
    }
    let payload = payload::<Create>(members, input.extra.as_ref())?;
    post(client, &input.access_token, input.service_code.as_deref(), &payload)
}

/// A payment QR code in the field names of document version 1.1.0.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateV11 {
    /// Access token of the last login.
    pub access_token: Secret,
    /// Order of the merchant.
    pub order_id: String,
    /// Virtual account of the merchant: 1 to 19 letters and digits.
    pub va: String,
    /// BIN of the bank, 6 digits.
    pub bincode: String,
    /// Amount in VND. 0 or absent gives a static code, above 0 a dynamic one.
    pub amount: Option<Dong>,
    /// Code of the service (services.list), sent as the header `x-service-code`.
    pub service_code: String,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn create_v1_1(client: &TConnect, input: &CreateV11) -> Result<HttpRequest> {
    check::text("order_id", &input.order_id, 1, 100)?;
    check::alphanumeric("va", &input.va, 1, 19)?;
    check::digits("bincode", &input.bincode, 6, 6)?;
    let mut members = Record::from_iter([
        ("order_id", Value::text(&input.order_id)),
        ("va", Value::text(&input.va)),
        ("bincode", Value::text(&input.bincode)),
    ]);
    if let Some(amount) = input.amount {
        check::amount("amount", amount, 0)?;
        members.push("amount", Value::Integer(amount.0));
    }
    let payload = payload::<CreateV11>(members, input.extra.as_ref())?;
    post(client, &input.access_token, Some(&input.service_code), &payload)
}

/// `Partner-Code` is always sent: the general rule of the document, which its table for this call leaves out.
fn post(client: &TConnect, token: &Secret, service_code: Option<&str>, payload: &str) -> Result<HttpRequest> {
    let request = client.post(PATH, Some(token.expose()), payload)?;
    match service_code {
        None => Ok(request),
        Some(code) => {
            check::header("service_code", code)?;
            Ok(request.header("x-service-code", code))
        }
    }
}

/// The answer to create or create_v1_1.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadCreate {
    /// Raw body as received: text or bytes, never a parsed object.
    pub body: String,
    /// The record that was given to create or create_v1_1. BIN (default 970454), account and amount of the qrString
    /// must be the ones asked for; the first that differs is named in a `mismatch` error.
    pub requested: Option<Json>,
    /// Members that must be equal, one at least, by their wire names; the first that differs is named in a `mismatch`
    /// error.
    pub expected: Option<Json>,
}

/// A payment QR code.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Created {
    /// Always `unsigned`.
    pub proof: Proof,
    /// Text to show as a QR code.
    #[serde(rename = "qrString")]
    pub qr_string: String,
    /// What the qrString says.
    pub vietqr: Payload,
}

pub(crate) fn read_create(_: &TConnect, input: &ReadCreate) -> Result<Reading<Created>> {
    let record = read_answer(&input.body, Needed::Text("qrString"))?;
    let text = record
        .get("qrString")
        .and_then(Value::as_text)
        .ok_or_else(|| absent("qrString"))?;
    let payload = vietqr::read(text, false).map_err(|fault| fault.error("qrString"))?;
    if let Some(Json(requested)) = &input.requested {
        compare(&payload, requested)?;
    }
    let mut draft = unsigned(record);
    draft.own("vietqr", Value::Record(payload.into()));
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// How order and narrative are carried in the code is not documented, so they are not compared.
fn compare(payload: &Payload, requested: &Record<'_>) -> Result<()> {
    // In some languages null stands for what was not given.
    let given = |name| requested.get(name).filter(|value| !matches!(value, Value::Null));
    let member = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, given(name)?)));
    match member(["binCode", "bincode"]) {
        None if payload.bin != DEFAULT_BIN => return Err(mismatch("binCode")),
        Some((name, bin)) if bin.as_text() != Some(&payload.bin) => return Err(mismatch(name)),
        _ => {}
    }
    let (name, account) = member(["accountNumber", "va"]).ok_or_else(|| Error::missing("requested.accountNumber"))?;
    if account.as_text() != Some(&payload.account) {
        return Err(mismatch(name));
    }
    // 0 asks for a static code, as no amount does (document 1.1.0).
    let amount = match given("amount") {
        None => None,
        Some(amount) => {
            let whole = amount.printed().and_then(|amount| whole(&amount));
            Some(whole.ok_or_else(|| mismatch("amount"))?).filter(|amount| *amount > 0)
        }
    };
    if amount != payload.amount {
        return Err(mismatch("amount"));
    }
    Ok(())
}
