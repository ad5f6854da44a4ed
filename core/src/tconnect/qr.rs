//! Payment QR codes. Two flavours share one path, so the caller chooses by the operation: the current one
//! (camelCase) and that of document 1.1.0 (snake_case).

use super::{TConnect, payload};
use crate::canonical::Evidence;
use crate::check::{self, Dong};
use crate::error::{Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Json, Record, Value};

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
    ],
};

const PATH: &str = "/openapi/v1/qr";

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
    let payload = payload(members, input.extra.as_ref())?;
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
    let payload = payload(members, input.extra.as_ref())?;
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
