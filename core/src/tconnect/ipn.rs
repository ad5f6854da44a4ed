//! Instant payment notifications. They are encrypted, not signed: whoever captured one message can change the first
//! 16 bytes of it or replay it. So a notification is never more than `decrypted_only`, and a query confirms it.

use super::{MONEY, Needed, TConnect, envelope, read_answer};
use crate::answer::{Acknowledgement, Body, Draft, Nothing, Outcome, Proof, Reading, dong, idempotency_key, mismatch};
use crate::canonical::Evidence;
use crate::error::{Code, Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{AnyJson, Json, Record, Value, parse};

pub(crate) const SERVICE: Service = Service {
    name: "ipn",
    doc: "Instant payment notifications (IPN).",
    operations: &[
        Operation {
            name: "tconnect.ipn.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Decrypts a notification. Its proof is decrypted_only: AES-CBC has no authentication, so confirm it \
                  with ipn.confirm (or an IP allow-list) before goods of value leave. Answer every failure with the \
                  same status and body.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "tconnect.ipn.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "What to answer once the notification is durably stored, duplicates included: HTTP 200. The body is \
                  not specified.",
            handler: &Typed(acknowledge),
        },
        Operation {
            name: "tconnect.ipn.confirm",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Finds the notification's payment in the answer to a transactions query. Order (or, without one, the \
                  reference) and amount must be equal and exactly one row must match. Credit once for each \
                  idempotency_key of this result: that of the notification is not proven.",
            handler: &Typed(confirm),
        },
    ],
};

/// Nesting that a notification needs, and more.
const MAX_DEPTH: usize = 8;

/// Unix seconds here, a text of no stated format in the lists.
const DATE: &str = "original_transaction_date";

/// Texts of a notification that may be absent.
const OPTIONAL_TEXTS: [&str; 4] = ["order_id", "payment_type", "narrative", "acc_no"];

/// Names of the members that only a notification has, so a merchant's own recorded request is refused.
const REQUIRED: [&str; 3] = ["amount", "request_id", "retrieval_ref_no"];

/// A notification.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notification {
    /// Always `decrypted_only`.
    pub proof: Proof,
    /// Always true: confirm by a query.
    pub must_inquire: bool,
    /// Which key opened it, where `previous_secrets` are configured: `key` or `previous_secrets/0`.
    pub matched: Option<String>,
    /// How well the format is known.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for repeated deliveries of one payment.
    pub idempotency_key: String,
    /// Order of the merchant. May be absent for a static code.
    pub order_id: Option<String>,
    /// Amount in VND.
    pub amount: u64,
    /// Kind of payment, e.g. `QR`.
    pub payment_type: Option<String>,
    /// Reference of the bank.
    pub retrieval_ref_no: String,
    /// Identifier of this notification.
    pub request_id: String,
    /// Text typed by the payer.
    pub narrative: Option<String>,
    /// Account of the transaction, if available.
    pub acc_no: Option<String>,
    /// Time of the transaction in Unix seconds, as printed.
    pub original_transaction_date: Option<String>,
    /// The decrypted JSON text.
    pub raw: String,
}

pub(crate) fn read_callback(client: &TConnect, input: &Body) -> Result<Reading<Notification>> {
    let message = envelope::decode(&envelope::data_of(&input.body)?)?;
    let read = |index, mut text: zeroize::Zeroizing<String>| {
        let reading = notification(client, index, accepted(&text)?, input.expected.as_ref());
        Some(reading.map(|reading| reading.raw(core::mem::take(&mut *text))))
    };
    envelope::try_keys(client, message, read).ok_or_else(|| Error::new(Code::DecryptFailed))?
}

fn notification(
    client: &TConnect,
    index: usize,
    members: Record<'_>,
    expected: Option<&Json>,
) -> Result<Reading<Notification>> {
    let key = {
        let part = |name| members.printed(name).unwrap_or_default();
        idempotency_key(
            "tconnect.ipn",
            [part("request_id").as_ref(), part("retrieval_ref_no").as_ref()],
        )
    };
    // A member of an object inside is the merchant's own, and no order of this notification.
    let absent = |name: &&str| members.get(name).is_none();
    if let Some(name) = expected.and_then(|Json(expected)| expected.iter().map(|(name, _)| name).find(absent)) {
        return Err(mismatch(name));
    }
    let mut draft = Draft::flat(Proof::DecryptedOnly, members).own_money("amount");
    draft.must_inquire = true;
    draft.evidence = Some(Evidence::Official);
    draft.idempotency_key = Some(key);
    if !client.previous_keys.is_empty() {
        draft.matched = Some(match index.checked_sub(1) {
            None => "key".to_owned(),
            Some(previous) => format!("previous_secrets/{previous}"),
        });
    }
    Ok(draft.expect(expected)?.finish())
}

/// The members of a notification as it was received.
fn open(client: &TConnect, body: &str) -> Result<Record<'static>> {
    let message = envelope::decode(&envelope::data_of(body)?)?;
    let accept = |_, text: zeroize::Zeroizing<String>| Some(accepted(&text)?.into_owned());
    envelope::try_keys(client, message, accept).ok_or_else(|| Error::new(Code::DecryptFailed))
}

/// What a decrypted text must be: every fault of it has the one error of the padding.
fn accepted(text: &str) -> Option<Record<'_>> {
    let Ok(Value::Record(members)) = parse(text) else {
        return None;
    };
    let shallow = members.iter().all(|(_, value)| depth(value) < MAX_DEPTH);
    let [amount, request_id, reference] = REQUIRED.map(|name| members.get(name));
    let amount = dong(&amount?.printed()?).filter(|dong| *dong > 0);
    let named = [request_id, reference]
        .iter()
        .all(|value| value.and_then(Value::as_text).is_some_and(|text| !text.is_empty()));
    let texts = OPTIONAL_TEXTS
        .iter()
        .all(|name| matches!(members.get(name), None | Some(Value::Text(_) | Value::Null)));
    let date = matches!(
        members.get(DATE),
        None | Some(Value::Number(_) | Value::Text(_) | Value::Null)
    );
    let good = shallow && amount.is_some() && named && texts && date && !hides_order(&members);
    good.then_some(members)
}

/// Whether an unknown text could be the order under another name. The first 16 bytes can be rewritten by whoever has
/// captured a message, so a notification without order must not begin with one that was merely renamed.
fn hides_order(members: &Record<'_>) -> bool {
    let known = |name: &str| OPTIONAL_TEXTS.contains(&name) || REQUIRED.contains(&name) || name == DATE;
    let first = members.iter().next();
    let first_is_unknown = first.is_some_and(|(name, value)| matches!(value, Value::Text(_)) && !known(name));
    members.get("order_id").is_none() && first_is_unknown
}

fn depth(value: &Value<'_>) -> usize {
    let deepest = match value {
        Value::List(list) => list.iter().map(depth).max(),
        Value::Record(record) => record.iter().map(|(_, value)| depth(value)).max(),
        _ => return 0,
    };
    deepest.unwrap_or(0).saturating_add(1)
}

pub(crate) fn acknowledge(_: &TConnect, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, "{}"))
}

/// Which list a transactions answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// The answer to transactions.qr.
    Qr,
    /// The answer to transactions.card.
    Card,
    /// The answer to transactions.cash.
    Cash,
}

/// What the members of a list are called.
struct Columns {
    list: &'static str,
    amount: &'static str,
    reference: Option<&'static str>,
    time: &'static str,
}

impl ListKind {
    const fn columns(self) -> Columns {
        match self {
            ListKind::Qr => Columns {
                list: "tconnect.transactions.qr",
                amount: "amount",
                reference: Some("trn_ref_no"),
                time: "txn_init_dt",
            },
            ListKind::Card => Columns {
                list: "tconnect.transactions.card",
                amount: "request_amount",
                reference: Some("retrieval_ref_no"),
                time: DATE,
            },
            ListKind::Cash => Columns {
                list: "tconnect.transactions.cash",
                amount: "amount",
                reference: None,
                time: DATE,
            },
        }
    }
}

/// A notification and the answer that should list its payment.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirm {
    /// The result of ipn.read_callback, or the raw body of the notification.
    pub ipn: AnyJson,
    /// Which list `body` is.
    pub kind: ListKind,
    /// Raw body of the answer to the transactions query.
    pub body: String,
}

/// The row that confirms a notification, with the members of its list.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirmed {
    /// Always `confirmed_by_query`.
    pub proof: Proof,
    /// Always `succeeded`: TConnect lists payments that were.
    pub outcome: Outcome,
    /// Opaque key of the payment in the list: a unique index on it keeps it from being credited twice. That of the
    /// notification is not proven, so it does not.
    pub idempotency_key: String,
    /// Whether the bank references are equal. QR only, where the document does not say whether they are.
    pub reference_equal: Option<bool>,
    /// Order of the merchant.
    pub order_id: Option<String>,
    /// Amount in VND (QR and cash).
    pub amount: Option<u64>,
    /// Amount in VND (card).
    pub request_amount: Option<u64>,
    /// Reference of the bank (QR).
    pub trn_ref_no: Option<String>,
    /// Reference of the bank (card).
    pub retrieval_ref_no: Option<String>,
}

pub(crate) fn confirm(client: &TConnect, input: &Confirm) -> Result<Reading<Confirmed>> {
    let notified = match &input.ipn.0 {
        Value::Record(record) => record.clone(),
        Value::Text(body) => open(client, body).map_err(|error| error.inside("ipn"))?,
        _ => {
            let rule = Rule::Expected(
                "the result of read_callback or the raw body",
                "kết quả của read_callback hoặc nguyên văn body",
            );
            return Err(Error::rule(Code::WrongType, rule).field("ipn"));
        }
    };
    let paid = notified
        .printed("amount")
        .and_then(|amount| dong(&amount))
        .ok_or_else(|| mismatch("amount"))?;
    let answer = read_answer(&input.body, Needed::Rows)?;
    let Some(Value::List(rows)) = answer.get("data") else {
        return Err(Error::say(Code::MalformedInput, "must be a list", "phải là danh sách").field("data"));
    };
    let columns = input.kind.columns();
    let order = notified.printed("order_id").filter(|order| !order.is_empty());
    let reference = notified
        .printed("retrieval_ref_no")
        .filter(|reference| !reference.is_empty());
    let reference_equal = |row: &Record<'_>| {
        let found = columns.reference.and_then(|name| row.printed(name));
        reference.is_some() && found == reference
    };
    let mut matches = rows.iter().filter_map(Value::as_record).filter(|row| {
        let same_amount = row.printed(columns.amount).and_then(|amount| dong(&amount)) == Some(paid);
        let same_order = match &order {
            Some(order) => row.printed("order_id").as_ref() == Some(order),
            None => reference_equal(row),
        };
        let same_reference = input.kind != ListKind::Card || reference_equal(row);
        same_amount && same_order && same_reference
    });
    let Some(row) = matches.next() else {
        return Err(mismatch("data").detail("more_pages", Value::Bool(has_more_pages(&answer))));
    };
    if matches.next().is_some() {
        return Err(Error::say(
            Code::Ambiguous,
            "more than one row matches",
            "có nhiều hơn một dòng khớp",
        )
        .field("data"));
    }
    let mut draft = Draft::flat(Proof::ConfirmedByQuery, row.clone()).money(MONEY);
    draft.outcome = Some(Outcome::Succeeded);
    draft.idempotency_key = Some(key_of(row, &columns, paid));
    if input.kind == ListKind::Qr {
        draft.own("reference_equal", Value::Bool(reference_equal(row)));
    }
    Ok(draft.finish())
}

/// The notification's own identifiers are not proven, so the row names the payment: by its reference, else by its time.
fn key_of(row: &Record<'_>, columns: &Columns, amount: u64) -> String {
    let part = |name| row.printed(name).unwrap_or_default();
    let reference = columns.reference.map(part).filter(|reference| !reference.is_empty());
    let last = reference.unwrap_or_else(|| part(columns.time));
    idempotency_key(columns.list, [part("order_id").as_ref(), &amount.to_string(), &last])
}

fn has_more_pages(answer: &Record<'_>) -> bool {
    let number = |name| {
        answer
            .get("pagination")
            .and_then(Value::as_record)
            .and_then(|page| page.printed(name))
            .and_then(|text| text.parse::<u64>().ok())
    };
    match (number("page"), number("total_pages")) {
        (Some(page), Some(pages)) => page < pages,
        _ => false,
    }
}
