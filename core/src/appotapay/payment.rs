//! The payment gateway, version 2. Requests that create, refund or delete carry a token and no signature: make their
//! headers with auth.token (service `payment`). Here are the queries and what the gateway sends: IPN, redirect,
//! instalment and subscription callbacks, all of them `{data, signature, time}`, where data is the base64 of a JSON text
//! and the signature covers data as received.

use super::answers::{Refusals, inner, outcome, parse_body};
use super::envelope::{Facts, open, said, text_of};
use super::requests::{PAYMENT_V2, check_reference, query_string, segment};
use super::signing::at;
use super::{AppotaPay, Call, reference};
use crate::answer::{Acknowledgement, Body, Draft, Nothing, Outcome, Proof, Query, Reading, absent};
use crate::canonical::Evidence;
use crate::check::Whole;
use crate::error::{Error, Result};
use crate::http::{HttpRequest, read_query};
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{Json, Record, Value, parse};

pub(crate) const SERVICE: Service = Service {
    name: "payment",
    doc: "Payment gateway, version 2: queries, and what it sends. For other requests, which carry no signature, \
          auth.token makes the headers.",
    operations: &[
        Operation {
            name: "appotapay.payment.status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for one payment.",
            handler: &TypedCall(status),
        },
        Operation {
            name: "appotapay.payment.read_status",
            kind: Kind::ReadOutcome("appotapay.payment.status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to status, which is not signed.",
            handler: &Typed(read_status),
        },
        Operation {
            name: "appotapay.payment.list",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the payments of a period.",
            handler: &TypedCall(list),
        },
        Operation {
            name: "appotapay.payment.read_list",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to list, which is not signed.",
            handler: &Typed(read_list),
        },
        Operation {
            name: "appotapay.payment.refund_status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for one refund.",
            handler: &TypedCall(refund_status),
        },
        Operation {
            name: "appotapay.payment.read_refund_status",
            kind: Kind::ReadOutcome("appotapay.payment.refund_status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to refund_status, which is not signed.",
            handler: &Typed(read_refund_status),
        },
        Operation {
            name: "appotapay.payment.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the IPN of a payment, an instalment or a subscription, then opens it. Deliver only after \
                  outcome succeeded, when orderAmount equals the order's amount and the order is not yet done.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "appotapay.payment.read_redirect",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the query string with which the customer comes back. Its formula is that of the IPN; a + \
                  of the base64 text that arrives as a space is restored.",
            handler: &Typed(read_redirect),
        },
        Operation {
            name: "appotapay.payment.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "What to answer to the IPN: HTTP 200 and this body, both are needed. Otherwise AppotaPay tries up \
                  to three more times, about five minutes apart.",
            handler: &Typed(acknowledge),
        },
    ],
};

const MONEY: &[&str] = &[
    "amount",
    "orderAmount",
    "discountAmount",
    "paymentAmount",
    "payPerMonth",
    "feeUser",
    "feePartner",
    "customer_fee",
];

const REFUSALS: Refusals = Refusals {
    codes: &reference::PAYMENT,
    about_money: true,
    about_a_query: false,
};

/// Whose identifier is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReferenceType {
    /// AppotaPay's.
    TransactionId,
    /// Yours.
    PartnerOrderId,
}

impl ReferenceType {
    const fn name(self) -> &'static str {
        match self {
            ReferenceType::TransactionId => "TRANSACTION_ID",
            ReferenceType::PartnerOrderId => "PARTNER_ORDER_ID",
        }
    }
}

/// A payment to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Identifier of the payment or of the order.
    pub reference_id: String,
    /// `TRANSACTION_ID` (AppotaPay's) or `PARTNER_ORDER_ID` (yours). The values are those of the refund page.
    #[serde(rename = "type")]
    pub kind: Option<ReferenceType>,
}

pub(crate) fn status(client: &AppotaPay, input: &Status, call: &Call) -> Result<HttpRequest> {
    check_reference("referenceId", &input.reference_id, 100)?;
    let query = query_string([
        ("referenceId", Some(input.reference_id.as_str())),
        ("type", input.kind.map(ReferenceType::name)),
    ]);
    let url = format!("{}/api/v2/orders/transaction{query}", client.hosts.gateway);
    client.get_from(url, PAYMENT_V2, call)
}

/// A payment. Its members are not documented: those of the IPN are expected, all are in the record.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `succeeded`, `failed`, `pending` or `undetermined`; absent where there is no status.
    pub outcome: Option<Outcome>,
    /// The payment.
    pub transaction: Option<Transaction>,
    /// Your order.
    pub partner_reference: Option<PartnerReference>,
}

/// Answers of version 2 carry errorCode at the top level where they refuse, and none or 0 where they do not.
fn read_answer<T: serde::de::DeserializeOwned>(input: &Body, refusals: Refusals) -> Result<Reading<T>> {
    let members = parse_body(&input.body)?;
    if let Some(code) = members.printed("errorCode").filter(|code| code != "0") {
        return Err(refusals.error(&code, &members, "message", false));
    }
    let status = inner(&members, "transaction", "status").or_else(|| members.printed("status"));
    let result = outcome(status.as_deref());
    let mut draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    draft.outcome = result;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

pub(crate) fn read_status(_: &AppotaPay, input: &Body) -> Result<Reading<StatusAnswer>> {
    read_answer(input, REFUSALS.of_query())
}

/// Payments to list.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// Begin of the period, Unix seconds; needs endTime.
    pub start_time: Option<Whole>,
    /// End of the period, Unix seconds; needs startTime.
    pub end_time: Option<Whole>,
    /// State, e.g. `success`.
    pub status: Option<String>,
    /// `ATM`, `CC`, `EWALLET` and so on.
    pub payment_method: Option<String>,
    /// Payments per page, 1 to 50; the gateway's default is 15.
    pub limit: Option<Whole>,
    /// Page, from 1.
    pub page: Option<Whole>,
}

pub(crate) fn list(client: &AppotaPay, input: &List, call: &Call) -> Result<HttpRequest> {
    for (name, word) in [("status", &input.status), ("paymentMethod", &input.payment_method)] {
        word.as_ref().map(|word| check_reference(name, word, 50)).transpose()?;
    }
    match (input.start_time, input.end_time) {
        (Some(_), None) => return Err(Error::missing("endTime")),
        (None, Some(_)) => return Err(Error::missing("startTime")),
        _ => {}
    }
    let digits = |number: Option<Whole>| number.map(|number| number.0.to_string());
    let (start, end) = (digits(input.start_time), digits(input.end_time));
    let (limit, page) = (digits(input.limit), digits(input.page));
    let query = query_string([
        ("startTime", start.as_deref()),
        ("endTime", end.as_deref()),
        ("status", input.status.as_deref()),
        ("paymentMethod", input.payment_method.as_deref()),
        ("limit", limit.as_deref()),
        ("page", page.as_deref()),
    ]);
    let url = format!("{}/api/v2/orders/transactions{query}", client.hosts.gateway);
    client.get_from(url, PAYMENT_V2, call)
}

/// Payments of a period.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// One record per payment.
    pub transactions: Option<Vec<Transaction>>,
    /// Page of this answer: total, page, limit.
    pub pagination: Option<Json>,
}

pub(crate) fn read_list(_: &AppotaPay, input: &Body) -> Result<Reading<ListAnswer>> {
    let refusals = Refusals {
        about_money: false,
        ..REFUSALS
    };
    read_answer(input, refusals)
}

/// A refund to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundStatus {
    /// Identifier of the refund.
    pub refund_ref_id: String,
    /// `TRANSACTION_ID` (AppotaPay's, the gateway's default) or `PARTNER_ORDER_ID` (yours).
    #[serde(rename = "type")]
    pub kind: Option<ReferenceType>,
}

pub(crate) fn refund_status(client: &AppotaPay, input: &RefundStatus, call: &Call) -> Result<HttpRequest> {
    let reference = segment("refundRefId", &input.refund_ref_id)?;
    let query = query_string([("type", input.kind.map(ReferenceType::name))]);
    let url = format!("{}/api/v2/transaction/refund/{reference}{query}", client.hosts.gateway);
    client.get_from(url, PAYMENT_V2, call)
}

/// A refund.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundStatusAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `succeeded`, `failed`, `pending` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// AppotaPay's identifier of the refund.
    pub refund_id: Option<String>,
    /// AppotaPay's identifier of the payment.
    pub transaction_id: Option<String>,
    /// Your reference of the refund.
    pub partner_ref_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Currency.
    pub currency: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// State as printed, e.g. `success`.
    pub status: Option<String>,
    /// When it began, RFC 3339 as printed.
    pub created_at: Option<String>,
    /// When it was done, RFC 3339 as printed.
    pub refunded_at: Option<String>,
}

pub(crate) fn read_refund_status(_: &AppotaPay, input: &Body) -> Result<Reading<RefundStatusAnswer>> {
    read_answer(input, REFUSALS.of_query())
}

/// What became of a payment, an instalment or a subscription. The members of data stand at the top level.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackResult {
    /// `signed` where data has an amount, an identifier and a status; otherwise `partly_signed`.
    pub proof: Proof,
    /// `succeeded`, `failed`, `pending` or `undetermined`; absent where data has no status.
    pub outcome: Option<Outcome>,
    /// There and true where data lacks an amount, an identifier or a status: ask with status before anything else.
    #[serde(rename = "must_inquire")]
    pub must_inquire: Option<bool>,
    /// Which secret matched, where several were tried.
    pub matched: Option<String>,
    /// How well the formula is known.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for repeated deliveries.
    #[serde(rename = "idempotency_key")]
    pub idempotency_key: String,
    /// The payment: orderAmount, amount, status, transactionId and so on (payment and instalment).
    pub transaction: Option<Transaction>,
    /// Your order (payment).
    pub partner_reference: Option<PartnerReference>,
    /// JSON text about a stored card, as received.
    pub token_result: Option<String>,
    /// The same, read.
    #[serde(rename = "tokenResult_decoded")]
    pub token_result_decoded: Option<Json>,
    /// Kind of event, e.g. `subscription.cycle.succeeded` (subscription).
    pub event: Option<String>,
    /// Members that the signature does not cover: time.
    pub unverified: Option<Json>,
    /// The body or query string as received, with the text of data.
    pub raw: String,
}

/// The payment. Names differ between payment and instalment; all are in the record.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// AppotaPay's identifier in the IPN.
    pub transaction_id: Option<String>,
    /// AppotaPay's identifier in the redirect.
    pub appotapay_trans_id: Option<String>,
    /// Your code of the order, in the redirect.
    pub order_id: Option<String>,
    /// Your code of the order, in an instalment's callback.
    pub reference_id: Option<String>,
    /// `success`, `error`, `pending` or `processing`.
    pub status: Option<String>,
    /// Code of the result, as printed.
    pub error_code: Option<String>,
    /// Amount of your order in VND: compare it.
    pub order_amount: Option<u64>,
    /// Amount that the customer paid, in VND.
    pub amount: Option<u64>,
    /// Amount of an instalment plan in VND: compare it.
    pub payment_amount: Option<u64>,
    /// Currency.
    pub currency: Option<String>,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Bank, card or wallet.
    pub bank_code: Option<String>,
}

/// Your order.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartnerReference {
    /// Your order.
    pub order: Option<Order>,
}

/// Your order.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Your code of the order.
    pub id: Option<String>,
    /// Your text about the order.
    pub info: Option<String>,
    /// Your own text.
    pub extra_data: Option<String>,
}

/// Where data names what it is about: a payment, an instalment, the cycle of a subscription.
const IDS: &[&str] = &[
    "/transaction/transactionId",
    "/transaction/appotapayTransId",
    "/data/cycleId",
];
/// Where it names the order, or the plan of a subscription.
const ORDERS: &[&str] = &[
    "/partnerReference/order/id",
    "/transaction/orderId",
    "/transaction/referenceId",
    "/planId",
    "/planRefId",
];
const STATES: &[&str] = &["/transaction/status", "/data/status"];
/// A plan's state is none of a payment.
const PLAN_STATES: &[&str] = &["/status"];
const AMOUNTS: &[&str] = &[
    "/transaction/orderAmount",
    "/transaction/amount",
    "/transaction/paymentAmount",
    "/data/amount",
    "/amount",
];
/// The terminals' IPN has the same envelope, perhaps under the same secret; its members may also stand flat.
const OF_TERMINALS: &[&str] = &[
    "/transaction/transaction_id",
    "/transaction/partner_ref_id",
    "/transaction_id",
    "/partner_ref_id",
];

/// What data says about a payment.
fn facts(members: &Record<'_>) -> Result<Facts> {
    let first = |places: &[&str]| {
        let mut said = places
            .iter()
            .map(|place| said(at(members, place).and_then(Value::printed)));
        said.find_map(|text| text)
    };
    if first(OF_TERMINALS).is_some() {
        return Err(absent("transaction.transactionId"));
    }
    let (id, status) = (first(IDS), first(STATES));
    let has_id = id.is_some() || first(ORDERS).is_some();
    let has_state = status.is_some() || first(PLAN_STATES).is_some();
    Ok(Facts {
        are_complete: has_id && has_state && first(AMOUNTS).is_some(),
        id,
        status,
    })
}

fn read(
    client: &AppotaPay,
    mut envelope: Record<'static>,
    raw: &str,
    expected: Option<&Json>,
) -> Result<Reading<CallbackResult>> {
    let (data, signature) = (text_of(&envelope, "data")?, text_of(&envelope, "signature")?);
    let mut opened = open(client, &data, &signature)?;
    envelope.remove("data");
    envelope.remove("signature");
    let facts = facts(&opened.members)?;
    let decoded = match opened.members.get("tokenResult") {
        Some(Value::Text(text)) => parse(text).ok().map(Value::into_owned),
        _ => None,
    };
    if let Some(decoded @ Value::Record(_)) = decoded {
        opened.members.remove("tokenResult_decoded");
        opened.members.push("tokenResult_decoded", decoded);
    }
    let draft = opened.draft(envelope, MONEY, "appotapay.payment", &facts, raw);
    Ok(draft.expect(expected)?.finish())
}

pub(crate) fn read_callback(client: &AppotaPay, input: &Body) -> Result<Reading<CallbackResult>> {
    let envelope = parse_body(&input.body)?.into_owned();
    read(client, envelope, &input.body, input.expected.as_ref())
}

pub(crate) fn read_redirect(client: &AppotaPay, input: &Query) -> Result<Reading<CallbackResult>> {
    let mut envelope = read_query(&input.query)?.into_owned();
    for (name, value) in envelope.iter_mut() {
        if let ("data", Value::Text(data)) = (name, value) {
            // A + that was not percent-encoded reads as a space; base64 has no spaces.
            *data = data.replace(' ', "+").into();
        }
    }
    read(client, envelope, &input.query, input.expected.as_ref())
}

pub(crate) fn acknowledge(_: &AppotaPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, r#"{"status":"ok"}"#))
}
