//! Points of sale: card terminals and QR codes at the counter. Requests are signed over the bytes of their body.

use super::answers::{Refusals, inner, outcome, parse_body};
use super::envelope::{Facts, open, said, text_of};
use super::requests::{POS, check_reference, query_string, segment};
use super::{AppotaPay, Call, reference};
use crate::answer::{Acknowledgement, Body, Draft, Nothing, Outcome, Proof, Reading, absent};
use crate::canonical::Evidence;
use crate::check::{self, Alphabet, Dong, Whole};
use crate::crypto::encoding;
use crate::error::{Error, Result};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{Json, Record, Text, Value};

pub(crate) const SERVICE: Service = Service {
    name: "pos",
    doc: "Points of sale: card terminals and QR codes. Every request needs request_id.",
    operations: &[
        Operation {
            name: "appotapay.pos.create",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a payment at a terminal. X-Signature covers the bytes of the body: send it unchanged. After \
                  a time-out or an undetermined answer call detail.",
            handler: &TypedCall(create),
        },
        Operation {
            name: "appotapay.pos.read_create",
            kind: Kind::ReadOutcome("appotapay.pos.detail"),
            evidence: Evidence::Official,
            doc: "Reads the answer to create, which is not signed. A new payment is pending.",
            handler: &Typed(read_create),
        },
        Operation {
            name: "appotapay.pos.list",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for payments. It carries no X-Signature.",
            handler: &TypedCall(list),
        },
        Operation {
            name: "appotapay.pos.read_list",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to list, which is not signed.",
            handler: &Typed(read_list),
        },
        Operation {
            name: "appotapay.pos.detail",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for one payment. It carries no X-Signature.",
            handler: &TypedCall(detail),
        },
        Operation {
            name: "appotapay.pos.read_detail",
            kind: Kind::ReadOutcome("appotapay.pos.detail"),
            evidence: Evidence::Official,
            doc: "Reads the answer to detail, which is not signed. A failed payment is a record with outcome failed.",
            handler: &Typed(read_detail),
        },
        Operation {
            name: "appotapay.pos.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the IPN of a payment, then opens it. It comes for final states only: success, void, error.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "appotapay.pos.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "What to answer to the IPN.",
            handler: &Typed(acknowledge),
        },
    ],
};

const MONEY: &[&str] = &["amount"];

const REFUSALS: Refusals = Refusals {
    codes: &reference::POS,
    about_money: true,
    about_a_query: false,
};

/// How the customer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentMethod {
    /// With a card at the terminal.
    Pos,
    /// With a QR code.
    Qr,
}

impl PaymentMethod {
    const fn name(self) -> &'static str {
        match self {
            PaymentMethod::Pos => "POS",
            PaymentMethod::Qr => "QR",
        }
    }
}

/// A payment at a terminal.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Create {
    /// Your unique reference: at most 26 letters, digits, `_` and `-`.
    pub partner_ref_id: String,
    /// Text about the order, at most 100 characters.
    pub order_info: String,
    /// Identifier of the terminal, at most 20 characters; AppotaPay gives it out.
    pub terminal_id: String,
    /// `POS` or `QR`.
    pub payment_method: PaymentMethod,
    /// Amount in VND, at least 10000.
    pub amount: Dong,
    /// Telephone number of the customer, at most 20 characters.
    pub customer_phone_number: Option<String>,
}

pub(crate) fn create(client: &AppotaPay, input: &Create, call: &Call) -> Result<HttpRequest> {
    check_own_reference(&input.partner_ref_id)?;
    check::text("order_info", &input.order_info, 1, 100)?;
    check_reference("terminal_id", &input.terminal_id, 20)?;
    check::amount("amount", input.amount, 10_000)?;
    check_request_id(call)?;
    let mut members = Record::from_iter([
        ("partner_ref_id", Value::text(&input.partner_ref_id)),
        ("order_info", Value::text(&input.order_info)),
        ("terminal_id", Value::text(&input.terminal_id)),
        ("payment_method", Value::text(input.payment_method.name())),
        ("amount", Value::Integer(input.amount.0)),
    ]);
    if let Some(number) = &input.customer_phone_number {
        check::ascii("customer_phone_number", number, 0, 20)?;
        members.push("customer_phone_number", Value::text(number));
    }
    let body = Value::Record(members).to_json();
    let signature = encoding::hex(&client.key.sign(body.as_bytes()));
    let url = format!("{}/api/v2/partner/orders/payment/create", client.hosts.pos);
    let request = HttpRequest::post_json(url, body).header("X-Signature", signature.clone());
    Ok(client.with_headers(request, POS, call)?.signature(signature))
}

fn check_own_reference(reference: &str) -> Result<()> {
    let rule = (
        "must be unaccented letters, digits, _ and -",
        "chỉ được gồm chữ cái không dấu, chữ số, _ và -",
    );
    let allowed = Alphabet::ALPHANUMERIC.with("_-");
    check::charset("partner_ref_id", reference, (1, 26), allowed, rule)
}

fn check_request_id(call: &Call) -> Result<()> {
    match call.request_id {
        Some(_) => Ok(()),
        None => Err(Error::missing("request_id")),
    }
}

/// A payment at a terminal.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `pending` for a new payment.
    pub outcome: Option<Outcome>,
    /// The payment.
    pub transaction: Transaction,
    /// What to show for `QR`: qr_content, qr_url, qr_type.
    pub payment_info: Option<PaymentInfo>,
}

/// What to show to the customer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentInfo {
    /// Text of the QR code.
    pub qr_content: Option<String>,
    /// Address of its picture.
    pub qr_url: Option<String>,
    /// Kind, e.g. `VIETQR`.
    pub qr_type: Option<String>,
}

/// A payment at a terminal.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transaction {
    /// AppotaPay's identifier.
    pub transaction_id: Option<String>,
    /// Number of the order.
    pub order_id: Option<String>,
    /// Your reference.
    pub partner_ref_id: Option<String>,
    /// Text about the order.
    pub order_info: Option<String>,
    /// `pending`, `processing`, `success`, `error` or `void`.
    pub status: Option<String>,
    /// Whether it has been settled.
    pub is_sett: Option<bool>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Code of the result, as printed.
    pub error_code: Option<String>,
    /// Text of the result.
    pub error_message: Option<String>,
    /// `POS` or `QR`.
    pub payment_method: Option<String>,
    /// Bank of the card, or `APPOTA`.
    pub bank_code: Option<String>,
    /// When it began, ISO 8601 as printed.
    pub created_at: Option<String>,
    /// When it was paid, ISO 8601 as printed.
    pub paid_at: Option<String>,
    /// When it last changed, ISO 8601 as printed.
    pub updated_at: Option<String>,
}

/// The code of a refusal; none where it says success.
fn refusal<'m>(members: &'m Record<'_>) -> Option<Text<'m>> {
    let is_refusal = |code: &Text<'_>| !matches!(code.as_ref(), "" | "0" | "00");
    members.printed("error_code").filter(is_refusal)
}

/// Whether a member is there; `null` is not.
fn has(members: &Record<'_>, name: &str) -> bool {
    !matches!(members.get(name), None | Some(Value::Null))
}

/// An answer with a code is a refusal, whatever stands beside it. One without needs the member that every success has.
fn read<'a>(input: &'a Body, of_success: &str, refusals: Refusals) -> Result<Record<'a>> {
    let members = parse_body(&input.body)?;
    if let Some(code) = refusal(&members) {
        return Err(refusals.error(&code, &members, "error_message", false));
    }
    match has(&members, of_success) {
        true => Ok(members),
        false if has(&members, "error_code") => Err(absent(of_success)),
        false => Err(absent("error_code")),
    }
}

/// The answer to detail is the payment itself: beside a status the code is the payment's own.
fn read_payment(input: &Body) -> Result<Record<'_>> {
    let members = parse_body(&input.body)?;
    match said(members.printed("status")) {
        Some(_) => Ok(members),
        None => read(input, "status", REFUSALS.of_query()),
    }
}

pub(crate) fn read_create(_: &AppotaPay, input: &Body) -> Result<Reading<CreateAnswer>> {
    let members = read(input, "transaction", REFUSALS)?;
    let result = outcome(inner(&members, "transaction", "status").as_deref());
    if result == Some(Outcome::Failed) {
        let code = inner(&members, "transaction", "error_code").unwrap_or_default();
        let transaction = members.get("transaction").and_then(Value::as_record);
        return Err(REFUSALS.error(&code, transaction.unwrap_or(&members), "error_message", false));
    }
    let mut draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    draft.outcome = result;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// Payments to list.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct List {
    /// `POS` or `QR`; default: both.
    pub payment_method: Option<PaymentMethod>,
    /// Page, from 1.
    pub page: Whole,
    /// Payments per page.
    pub limit: Whole,
}

pub(crate) fn list(client: &AppotaPay, input: &List, call: &Call) -> Result<HttpRequest> {
    check_request_id(call)?;
    let (page, limit) = (input.page.0.to_string(), input.limit.0.to_string());
    let query = query_string([
        ("payment_method", input.payment_method.map(PaymentMethod::name)),
        ("page", Some(page.as_str())),
        ("limit", Some(limit.as_str())),
    ]);
    let url = format!("{}/api/v2/partner/orders/transactions{query}", client.hosts.pos);
    client.get_from(url, POS, call)
}

/// Payments at terminals.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// One record per payment.
    pub transactions: Vec<Transaction>,
    /// Page of this answer.
    pub pagination: Option<Pagination>,
}

/// Page of a list, numbers as printed.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pagination {
    /// This page.
    pub page: Option<String>,
    /// Payments per page.
    pub limit: Option<String>,
    /// Pages or payments in all: the page does not say which.
    pub total: Option<String>,
    /// Payments in all.
    pub total_items: Option<String>,
}

const REFUSALS_WITHOUT_MONEY: Refusals = Refusals {
    about_money: false,
    ..REFUSALS
};

pub(crate) fn read_list(_: &AppotaPay, input: &Body) -> Result<Reading<ListAnswer>> {
    let members = read(input, "transactions", REFUSALS_WITHOUT_MONEY)?;
    let draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A payment to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Detail {
    /// Your reference of the payment.
    pub partner_ref_id: String,
}

pub(crate) fn detail(client: &AppotaPay, input: &Detail, call: &Call) -> Result<HttpRequest> {
    check_own_reference(&input.partner_ref_id)?;
    check_request_id(call)?;
    let reference = segment("partner_ref_id", &input.partner_ref_id)?;
    let url = format!("{}/api/v2/partner/orders/transaction/{reference}", client.hosts.pos);
    client.get_from(url, POS, call)
}

/// A payment at a terminal.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DetailAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `succeeded`, `failed` (also after a void), `pending` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// AppotaPay's identifier.
    pub transaction_id: Option<String>,
    /// Number of the order.
    pub order_id: Option<String>,
    /// `pending`, `processing`, `success`, `error` or `void`.
    pub status: String,
    /// Whether it has been settled.
    pub is_sett: Option<bool>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Code of the result, as printed.
    pub error_code: Option<String>,
    /// Text of the result.
    pub error_message: Option<String>,
    /// `POS` or `QR`.
    pub payment_method: Option<String>,
    /// When it began, ISO 8601 as printed.
    pub created_at: Option<String>,
    /// When it was paid, ISO 8601 as printed.
    pub paid_at: Option<String>,
    /// When it last changed, ISO 8601 as printed.
    pub updated_at: Option<String>,
}

pub(crate) fn read_detail(_: &AppotaPay, input: &Body) -> Result<Reading<DetailAnswer>> {
    let members = read_payment(input)?;
    let result = match outcome(members.printed("status").as_deref()) {
        // A success with the code of a failure: nobody knows.
        Some(Outcome::Succeeded) if refusal(&members).is_some() => Some(Outcome::Undetermined),
        result => result,
    };
    let mut draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    draft.outcome = result;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// What became of a payment at a terminal. The members of data stand at the top level.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallbackResult {
    /// `signed` where data has an amount and a status; otherwise `partly_signed`.
    pub proof: Proof,
    /// `succeeded`, or `failed` (also after a void).
    pub outcome: Option<Outcome>,
    /// There and true where data lacks an amount or a status: ask with detail before anything else.
    pub must_inquire: Option<bool>,
    /// Which secret matched, where several were tried.
    pub matched: Option<String>,
    /// How well the formula is known.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for repeated deliveries.
    pub idempotency_key: String,
    /// The payment: compare partner_ref_id and amount.
    pub transaction: Option<Transaction>,
    /// Version of the message.
    pub version: Option<String>,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
    /// The body as received, with the text of data.
    pub raw: String,
}

pub(crate) fn read_callback(client: &AppotaPay, input: &Body) -> Result<Reading<CallbackResult>> {
    let mut envelope = parse_body(&input.body)?.into_owned();
    let (data, signature) = (text_of(&envelope, "data")?, text_of(&envelope, "signature")?);
    let opened = open(client, &data, &signature)?;
    envelope.remove("data");
    envelope.remove("signature");
    let member = |name| {
        let nested = inner(&opened.members, "transaction", name);
        said(nested).or_else(|| said(opened.members.printed(name)))
    };
    // The payment gateway's IPN has the same envelope, perhaps under the same secret.
    let id = member("transaction_id").or_else(|| member("partner_ref_id"));
    if id.is_none() {
        return Err(absent("transaction.transaction_id"));
    }
    let status = member("status");
    let facts = Facts {
        are_complete: status.is_some() && member("amount").is_some(),
        id,
        status,
    };
    let draft = opened.draft(envelope, MONEY, "appotapay.pos", &facts, &input.body);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

pub(crate) fn acknowledge(_: &AppotaPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, r#"{"status":"ok"}"#))
}
