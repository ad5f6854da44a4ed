//! Payments pushed to a POS or a soundbox. Documented on the versioned pages 1.1.0, 1.4.0 and next only.

use super::{Needed, TConnect, payload, read_answer, unsigned};
use crate::answer::{Body, Proof, Reading};
use crate::canonical::Evidence;
use crate::check::{self, Dong};
use crate::error::{Code, Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "devices",
    doc: "POS terminals and soundboxes.",
    operations: &[
        Operation {
            name: "tconnect.devices.push",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request that shows a payment on a POS or a soundbox.",
            handler: &Typed(push),
        },
        Operation {
            name: "tconnect.devices.read_push",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to push.",
            handler: &Typed(read_push),
        },
    ],
};

/// Kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceType {
    /// POS terminal: takes an order.
    Pos,
    /// Soundbox: takes a QR code.
    Soundbox,
}

/// A payment for a device.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Push {
    /// Access token of the last login.
    pub access_token: Secret,
    /// Serial number of the device.
    pub serial_no: String,
    /// Kind of device.
    pub r#type: DeviceType,
    /// Amount in VND, from 1.
    pub amount: Dong,
    /// Order of the merchant: for a POS, and only there.
    pub order_id: Option<String>,
    /// The qrString of qr.create: for a soundbox, and only there.
    pub qr_string: Option<String>,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn push(client: &TConnect, input: &Push) -> Result<HttpRequest> {
    check::text("serial_no", &input.serial_no, 1, 100)?;
    check::amount("amount", input.amount, 1)?;
    let amount = ("amount", Value::Integer(input.amount.0));
    let serial = ("serial_no", Value::text(&input.serial_no));
    let (order, code) = (input.order_id.as_deref(), input.qr_string.as_deref());
    let members = match input.r#type {
        DeviceType::Pos => {
            let order = only("order_id", order, 100, ("qr_string", code))?;
            [serial, ("order_id", order), amount, ("type", Value::text("pos"))]
        }
        DeviceType::Soundbox => {
            let code = only("qr_string", code, 512, ("order_id", order))?;
            [serial, amount, ("qr_string", code), ("type", Value::text("soundbox"))]
        }
    };
    let payload = payload::<Push>(Record::from_iter(members), input.extra.as_ref())?;
    client.post(
        "/openapi/v1/devices/payments/push",
        Some(input.access_token.expose()),
        &payload,
    )
}

/// The member that this kind of device needs; the other kind's must be absent.
fn only<'a>(
    field: &str,
    value: Option<&'a str>,
    most: usize,
    (other, absent): (&str, Option<&str>),
) -> Result<Value<'a>> {
    let value = value.ok_or_else(|| Error::missing(field))?;
    check::text(field, value, 1, most)?;
    if absent.is_some() {
        let rule = Rule::Say("belongs to the other type of device", "chỉ dùng cho loại thiết bị kia");
        return Err(Error::invalid(other, rule));
    }
    Ok(Value::text(value))
}

/// Answer to push.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pushed {
    /// Always `unsigned`.
    pub proof: Proof,
    /// Sentence of TConnect that the payment was pushed.
    pub message: Option<String>,
}

pub(crate) fn read_push(_: &TConnect, input: &Body) -> Result<Reading<Pushed>> {
    let record = read_answer(&input.body, Needed::Text("message"))?;
    // A refusal has a message, too.
    let code = ["code", "error"].iter().find_map(|name| record.printed(name));
    if let Some(code) = code.filter(|code| code != "00") {
        return Err(Error::new(Code::GatewayRefused)
            .gateway(Some(code.into()), record.printed("message").map(Into::into))
            .signed(false)
            .outcome("refused"));
    }
    Ok(unsigned(record).expect(input.expected.as_ref())?.finish())
}
