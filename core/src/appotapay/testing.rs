//! Messages as AppotaPay would send them, for a merchant's own tests. Refused in production.

use super::{AppotaPay, bill, firm_banking, orders, topup, virtual_account};
use crate::answer::Made;
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::http::Encoder;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "testing",
    doc: "Messages as AppotaPay would send them, for tests. Refused in production.",
    operations: &[
        Operation {
            name: "appotapay.testing.firm_banking_account_info",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.account_info.",
            handler: &Typed(firm_banking_account_info),
        },
        Operation {
            name: "appotapay.testing.firm_banking_transfer",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.transfer.",
            handler: &Typed(firm_banking_transfer),
        },
        Operation {
            name: "appotapay.testing.firm_banking_status",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.status.",
            handler: &Typed(firm_banking_status),
        },
        Operation {
            name: "appotapay.testing.firm_banking_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed callback for a transfer that was pending.",
            handler: &Typed(firm_banking_callback),
        },
        Operation {
            name: "appotapay.testing.virtual_account_create",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to virtual_account.create. payment is signed as PHP writes it by default.",
            handler: &Typed(virtual_account_create),
        },
        Operation {
            name: "appotapay.testing.virtual_account_detail",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to virtual_account.detail. payment is signed as PHP writes it by default.",
            handler: &Typed(virtual_account_detail),
        },
        Operation {
            name: "appotapay.testing.virtual_account_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed IPN of a virtual account.",
            handler: &Typed(virtual_account_callback),
        },
        Operation {
            name: "appotapay.testing.bill_pay",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to bill.pay.",
            handler: &Typed(bill_pay),
        },
        Operation {
            name: "appotapay.testing.bill_status",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to bill.status.",
            handler: &Typed(bill_status),
        },
        Operation {
            name: "appotapay.testing.topup_charge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to topup.charge.",
            handler: &Typed(topup_charge),
        },
        Operation {
            name: "appotapay.testing.topup_charge_v1",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to topup.charge_v1.",
            handler: &Typed(topup_charge_v1),
        },
        Operation {
            name: "appotapay.testing.topup_status",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to topup.status.",
            handler: &Typed(topup_status),
        },
        Operation {
            name: "appotapay.testing.payment_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed IPN of a payment, an instalment or a subscription: members are those of data.",
            handler: &Typed(payment_callback),
        },
        Operation {
            name: "appotapay.testing.payment_redirect",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed query string with which a customer comes back: members are those of data.",
            handler: &Typed(payment_redirect),
        },
        Operation {
            name: "appotapay.testing.pos_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed IPN of a terminal: members are those of data.",
            handler: &Typed(pos_callback),
        },
        Operation {
            name: "appotapay.testing.orders_create",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to orders.create.",
            handler: &Typed(orders_create),
        },
        Operation {
            name: "appotapay.testing.orders_create_v1_1",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to orders.create_v1_1.",
            handler: &Typed(orders_create_v1_1),
        },
        Operation {
            name: "appotapay.testing.orders_status",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to orders.status.",
            handler: &Typed(orders_status),
        },
        Operation {
            name: "appotapay.testing.orders_status_v1_1",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to orders.status_v1_1.",
            handler: &Typed(orders_status_v1_1),
        },
        Operation {
            name: "appotapay.testing.orders_refund",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to orders.refund.",
            handler: &Typed(orders_refund),
        },
        Operation {
            name: "appotapay.testing.orders_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed IPN of an order.",
            handler: &Typed(orders_callback),
        },
        Operation {
            name: "appotapay.testing.orders_redirect",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed query string with which a customer comes back.",
            handler: &Typed(orders_redirect),
        },
    ],
};

/// Members of a message, without its signature.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Members {
    /// Members by their wire names and nesting.
    pub members: Json,
}

/// A body as it would be received.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawBody {
    /// Raw body text.
    pub body: String,
}

pub(crate) fn firm_banking_account_info(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::ACCOUNT_INFO_ANSWER, input)
}

pub(crate) fn firm_banking_transfer(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::TRANSFER_ANSWER, input)
}

pub(crate) fn firm_banking_status(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::TRANSFER_ANSWER, input)
}

pub(crate) fn firm_banking_callback(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::CALLBACK, input)
}

pub(crate) fn virtual_account_create(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_account(client, &virtual_account::CREATE_ANSWER, input)
}

pub(crate) fn virtual_account_detail(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_account(client, &virtual_account::DETAIL_ANSWER, input)
}

pub(crate) fn virtual_account_callback(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &virtual_account::CALLBACK, input)
}

pub(crate) fn bill_pay(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &bill::PAY_ANSWER, input)
}

pub(crate) fn bill_status(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &bill::PAY_ANSWER, input)
}

pub(crate) fn topup_charge(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &topup::CHARGE_ANSWER, input)
}

pub(crate) fn topup_charge_v1(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &topup::STATUS_ANSWER, input)
}

pub(crate) fn topup_status(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &topup::STATUS_ANSWER, input)
}

pub(crate) fn orders_create(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &orders::CREATE_ANSWER, input)
}

pub(crate) fn orders_create_v1_1(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &orders::CREATE_V1_1_ANSWER, input)
}

pub(crate) fn orders_status(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &orders::CALLBACK, input)
}

pub(crate) fn orders_status_v1_1(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &orders::STATUS_V1_1_ANSWER, input)
}

pub(crate) fn orders_refund(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &orders::REFUND_ANSWER, input)
}

pub(crate) fn payment_callback(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    envelope_body(client, input)
}

pub(crate) fn payment_redirect(client: &AppotaPay, input: &Members) -> Result<Made<RawQuery>> {
    query(&envelope(client, input)?)
}

pub(crate) fn pos_callback(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    envelope_body(client, input)
}

pub(crate) fn orders_callback(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &orders::CALLBACK, input)
}

pub(crate) fn orders_redirect(client: &AppotaPay, input: &Members) -> Result<Made<RawQuery>> {
    query(&signed(client, &orders::CALLBACK, input)?)
}

/// A query string as it would be received.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawQuery {
    /// Raw query string.
    pub query: String,
}

fn query(members: &Record<'_>) -> Result<Made<RawQuery>> {
    let mut pairs = Vec::with_capacity(members.len());
    for (name, value) in members.iter() {
        let value = value.printed().ok_or_else(|| Error::new(Code::WrongType).field(name))?;
        pairs.push((name, value));
    }
    let query = Encoder::PhpForm.join(pairs.iter().map(|(name, value)| (*name, value.as_ref())));
    Ok(Made::new(Record::from_iter([("query", Value::text(query))])))
}

fn sandbox_only(client: &AppotaPay) -> Result<()> {
    if client.may_test() {
        return Ok(());
    }
    let rule = Rule::Say(
        "testing operations work in the sandbox only",
        "thao tác kiểm thử chỉ dùng được ở sandbox",
    );
    Err(Error::invalid("environment", rule))
}

/// The members with the signature that the gateway would add.
fn signed(client: &AppotaPay, recipe: &KeyValueRecipe, input: &Members) -> Result<Record<'static>> {
    sandbox_only(client)?;
    let signature = client.sign(recipe, &input.members.0)?;
    Ok(with_signature(input, signature))
}

fn with_signature(input: &Members, signature: String) -> Record<'static> {
    let mut members = input.members.0.clone();
    members.remove("signature");
    members.push("signature", Value::text(signature));
    members
}

fn body(members: Record<'static>) -> Made<RawBody> {
    let body = Value::Record(members).to_json();
    Made::new(Record::from_iter([("body", Value::text(body))]))
}

fn signed_body(client: &AppotaPay, recipe: &KeyValueRecipe, input: &Members) -> Result<Made<RawBody>> {
    signed(client, recipe, input).map(body)
}

/// The same where `payment` counts by its JSON text.
fn signed_account(client: &AppotaPay, recipe: &KeyValueRecipe, input: &Members) -> Result<Made<RawBody>> {
    sandbox_only(client)?;
    let mut signed = input.members.0.clone();
    if let Some(payment) = signed.remove("payment") {
        signed.push("payment", Value::text(virtual_account::php_json(&payment)));
    }
    let signature = client.sign(recipe, &signed)?;
    Ok(body(with_signature(input, signature)))
}

/// `{data, signature, time}` around the members.
fn envelope(client: &AppotaPay, input: &Members) -> Result<Record<'static>> {
    sandbox_only(client)?;
    let text = virtual_account::php_json(&Value::Record(input.members.0.clone()));
    let data = encoding::base64(text.as_bytes());
    let signature = encoding::hex(&client.key.sign(data.as_bytes()));
    let time = client.clock.map_or(0, |clock| clock());
    Ok(Record::from_iter([
        ("data", Value::text(data)),
        ("signature", Value::text(signature)),
        ("time", Value::Integer(time)),
    ]))
}

fn envelope_body(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    envelope(client, input).map(body)
}
