//! Queries of successful QR and card transactions and of recorded cash transactions: one request, three lists.

use super::services::{Pagination, from_one};
use super::{Needed, TConnect, payload, read_answer, unsigned};
use crate::answer::{Body, Proof, Reading};
use crate::canonical::Evidence;
use crate::check::{self, Whole};
use crate::error::{Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "transactions",
    doc: "Transaction queries. Only successful transactions are listed (cash: recorded ones).",
    operations: &[
        Operation {
            name: "tconnect.transactions.qr",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for QR transactions of a period.",
            handler: &Typed(qr),
        },
        Operation {
            name: "tconnect.transactions.read_qr",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to qr.",
            handler: &Typed(read_qr),
        },
        Operation {
            name: "tconnect.transactions.card",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for card transactions of a period.",
            handler: &Typed(card),
        },
        Operation {
            name: "tconnect.transactions.read_card",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to card.",
            handler: &Typed(read_card),
        },
        Operation {
            name: "tconnect.transactions.cash",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for cash transactions of a period.",
            handler: &Typed(cash),
        },
        Operation {
            name: "tconnect.transactions.read_cash",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to cash.",
            handler: &Typed(read_cash),
        },
    ],
};

/// Period and page of a query. Times are texts `YYYY-MM-DD HH:MM:SS`; the document states no time zone, Vietnam time
/// (UTC+7) is inferred. Nothing is converted.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Period {
    /// Access token of the last login.
    pub access_token: Secret,
    /// First second, e.g. `2026-01-07 00:00:00`.
    pub from_date: String,
    /// Last second, e.g. `2026-01-07 23:59:59`; not before `from_date`.
    pub to_date: String,
    /// Records per page, from 1.
    pub limit: Whole,
    /// Page, from 1.
    pub page: Whole,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn qr(client: &TConnect, input: &Period) -> Result<HttpRequest> {
    query(client, "/openapi/v1/transaction/qr", input)
}

pub(crate) fn card(client: &TConnect, input: &Period) -> Result<HttpRequest> {
    query(client, "/openapi/v1/transaction/card", input)
}

pub(crate) fn cash(client: &TConnect, input: &Period) -> Result<HttpRequest> {
    query(client, "/openapi/v1/transaction/cash", input)
}

fn query(client: &TConnect, path: &str, input: &Period) -> Result<HttpRequest> {
    let from = check::date_time("from_date", &input.from_date)?;
    let to = check::date_time("to_date", &input.to_date)?;
    if to < from {
        let rule = Rule::Say("must not be before from_date", "không được sớm hơn from_date");
        return Err(Error::invalid("to_date", rule));
    }
    let members = Record::from_iter([
        ("from_date", Value::text(&input.from_date)),
        ("to_date", Value::text(&input.to_date)),
        ("limit", Value::Integer(from_one("limit", input.limit)?)),
        ("page", Value::Integer(from_one("page", input.page)?)),
    ]);
    let payload = payload::<Period>(members, input.extra.as_ref())?;
    client.post(path, Some(input.access_token.expose()), &payload)
}

/// QR transactions.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QrTransactions {
    /// Always `unsigned`.
    pub proof: Proof,
    /// One record per transaction.
    pub data: Vec<QrTransaction>,
    /// Page of this answer.
    pub pagination: Option<Pagination>,
}

/// One QR transaction.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QrTransaction {
    /// Order of the merchant.
    pub order_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Reference of the bank. Whether it equals the IPN's `retrieval_ref_no` is not documented.
    pub trn_ref_no: Option<String>,
    /// Text of the transfer.
    pub narrative: Option<String>,
    /// Time, `YYYY-MM-DD HH:mm:ss`.
    pub txn_init_dt: Option<String>,
}

/// Card transactions.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CardTransactions {
    /// Always `unsigned`.
    pub proof: Proof,
    /// One record per transaction.
    pub data: Vec<CardTransaction>,
    /// Page of this answer.
    pub pagination: Option<Pagination>,
}

/// One card transaction.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CardTransaction {
    /// Order of the merchant.
    pub order_id: Option<String>,
    /// Masked card number, e.g. `1234****5678`.
    pub card_no: Option<String>,
    /// Amount in VND.
    pub request_amount: Option<u64>,
    /// Card scheme, e.g. `VISA` or `NAPAS`.
    pub card_type: Option<String>,
    /// Type of transaction.
    pub payment_type: Option<String>,
    /// Reference of the transaction.
    pub retrieval_ref_no: Option<String>,
    /// Time as printed; the document gives no format.
    pub original_transaction_date: Option<String>,
}

/// Cash transactions.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CashTransactions {
    /// Always `unsigned`.
    pub proof: Proof,
    /// One record per transaction.
    pub data: Vec<CashTransaction>,
    /// Page of this answer.
    pub pagination: Option<Pagination>,
}

/// One cash transaction.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CashTransaction {
    /// Order of the merchant.
    pub order_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Time as printed; the document gives no format.
    pub original_transaction_date: Option<String>,
}

pub(crate) fn read_qr(_: &TConnect, input: &Body) -> Result<Reading<QrTransactions>> {
    read(input)
}

pub(crate) fn read_card(_: &TConnect, input: &Body) -> Result<Reading<CardTransactions>> {
    read(input)
}

pub(crate) fn read_cash(_: &TConnect, input: &Body) -> Result<Reading<CashTransactions>> {
    read(input)
}

fn read<T: serde::de::DeserializeOwned>(input: &Body) -> Result<Reading<T>> {
    let record = read_answer(&input.body, Needed::Rows)?;
    Ok(unsigned(record).expect(input.expected.as_ref())?.finish())
}
