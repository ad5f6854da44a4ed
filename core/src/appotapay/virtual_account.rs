//! Virtual accounts ("ebill", tài khoản thu hộ): open, look up, close, and the callback (IPN) for money that came in.

use std::borrow::Cow;

use super::answers::{Answers, Callbacks, Refusals, parse_body};
use super::requests::{check_reference, query_string, segment};
use super::signing::{Covered, Pairs, digest_bytes, guard, hmac, printed, respelled, values};
use super::{AppotaPay, Call, reference};
use crate::answer::{Acknowledgement, Body, Draft, Outcome, Proof, Reading, idempotency_key, join_matched};
use crate::canonical::{Evidence, KeyValueRecipe, signature_mismatch};
use crate::check::{self, Dong, Whole};
use crate::error::{Code, Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{Json, Record, Value, raw_member};

pub(crate) const SERVICE: Service = Service {
    name: "virtual_account",
    doc: "Virtual accounts: open, look up, close, and callbacks for money that came in.",
    operations: &[
        Operation {
            name: "appotapay.virtual_account.create",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request for a virtual account that belongs to a bill.",
            handler: &TypedCall(create),
        },
        Operation {
            name: "appotapay.virtual_account.read_create",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Verifies the answer to create. The signature covers billCode, errorCode and the JSON text of \
                  payment, whose spelling is not documented: the candidates are PHP's json_encode without and with \
                  its flags for Unicode and slashes, and the text as received.",
            handler: &Typed(read_create),
        },
        Operation {
            name: "appotapay.virtual_account.detail",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for a bill and its accounts.",
            handler: &TypedCall(detail),
        },
        Operation {
            name: "appotapay.virtual_account.read_detail",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Verifies the answer to detail.",
            handler: &Typed(read_detail),
        },
        Operation {
            name: "appotapay.virtual_account.transactions",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the transactions of a period.",
            handler: &TypedCall(transactions),
        },
        Operation {
            name: "appotapay.virtual_account.read_transactions",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to transactions, which is not signed.",
            handler: &Typed(read_transactions),
        },
        Operation {
            name: "appotapay.virtual_account.bill_transactions",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the transactions of one bill.",
            handler: &TypedCall(bill_transactions),
        },
        Operation {
            name: "appotapay.virtual_account.read_bill_transactions",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to bill_transactions, which is not signed.",
            handler: &Typed(read_bill_transactions),
        },
        Operation {
            name: "appotapay.virtual_account.close",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request to close a virtual account.",
            handler: &TypedCall(close),
        },
        Operation {
            name: "appotapay.virtual_account.read_close",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to close, which is not signed.",
            handler: &Typed(read_close),
        },
        Operation {
            name: "appotapay.virtual_account.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the IPN for money that came in. The payer types the memo: one that could pass as another \
                  member is refused as ambiguous, with transactionId, and the transactions must be asked.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "appotapay.virtual_account.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "What to answer to the IPN: HTTP 200 with statusCode and statusDetail. Without HTTP 200 AppotaPay \
                  tries up to three more times, five minutes apart.",
            handler: &Typed(acknowledge),
        },
    ],
};

pub(crate) const CREATE: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("bankCode", "/bankCode"),
        ("billCode", "/billCode"),
        ("billExpiryTime", "/billExpiryTime"),
        ("billInfo", "/billInfo"),
        ("customerName", "/customerName"),
        // The security page leaves it out, the page of the call and production code sign it where it is sent.
        ("extraData", "/extraData"),
        ("notifyUrl", "/notifyUrl"),
        ("paymentCondition", "/paymentCondition"),
        ("serviceCode", "/serviceCode"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CREATE_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("billCode", "/billCode"),
        ("errorCode", "/errorCode"),
        ("payment", "/payment"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const DETAIL_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("billCode", "/billCode"),
        ("billExpiryTime", "/billExpiryTime"),
        ("errorCode", "/errorCode"),
        ("paidAmount", "/paidAmount"),
        ("payment", "/payment"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CLOSE: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("accountNo", "/accountNo"),
        ("billCode", "/billCode"),
        ("partnerRefId", "/partnerRefId"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CALLBACK: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("apiKey", "/apiKey"),
        ("bankAccountName", "/bankAccountName"),
        ("bankAccountNumber", "/bankAccountNumber"),
        ("bankCode", "/bankCode"),
        ("billCode", "/billCode"),
        ("extraData", "/extraData"),
        ("memo", "/memo"),
        ("partnerCode", "/partnerCode"),
        ("requestTime", "/requestTime"),
        ("transactionId", "/transactionId"),
        ("transactionTime", "/transactionTime"),
        ("version", "/version"),
    ],
    evidence: Evidence::Official,
};

const MONEY: &[&str] = &["amount", "paidAmount"];
const TRANSACTIONS: &str = "appotapay.virtual_account.transactions";

/// Opening and closing an account moves no money.
const REFUSALS: Refusals = Refusals {
    codes: &reference::VIRTUAL_ACCOUNT,
    about_money: false,
    about_a_query: false,
};

const CREATE_ANSWERS: Answers = Answers {
    recipe: &CREATE_ANSWER,
    optional: &[],
    proof: Proof::PartlySigned,
    money: MONEY,
    refusals: REFUSALS,
};

const DETAIL_ANSWERS: Answers = Answers {
    recipe: &DETAIL_ANSWER,
    optional: &["billExpiryTime"],
    proof: Proof::Signed,
    ..CREATE_ANSWERS
};

/// Whether extraData comes at all when none was given is not documented.
const CALLBACKS: Callbacks = Callbacks {
    recipe: &CALLBACK,
    optional: &["extraData"],
    ask: ("transactionId", TRANSACTIONS),
};

/// What may be paid into an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentCondition {
    /// Exactly the amount.
    Eq,
    /// At most the amount.
    Lte,
    /// At least the amount.
    Gte,
    /// Any amount.
    No,
}

impl PaymentCondition {
    const fn name(self) -> &'static str {
        match self {
            PaymentCondition::Eq => "EQ",
            PaymentCondition::Lte => "LTE",
            PaymentCondition::Gte => "GTE",
            PaymentCondition::No => "NO",
        }
    }
}

/// A bill with a virtual account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Create {
    /// Your unique code of the bill, at most 50 characters.
    pub bill_code: String,
    /// What the bill is for.
    pub bill_info: String,
    /// When the account expires, Unix seconds. Support and default vary by bank.
    pub bill_expiry_time: Option<Whole>,
    /// Name of the account's owner in unaccented letters; the bank may put its prefix in front.
    pub customer_name: String,
    /// Code of your service.
    pub service_code: Option<String>,
    /// Amount in VND.
    pub amount: Dong,
    /// `EQ`, `LTE`, `GTE` or `NO`: what may be paid in.
    pub payment_condition: PaymentCondition,
    /// Code of the bank, e.g. `WOORIBANK`.
    pub bank_code: String,
    /// Where AppotaPay sends the IPN.
    pub notify_url: String,
    /// Your own text; the IPN brings it back.
    pub extra_data: Option<String>,
}

pub(crate) fn create(client: &AppotaPay, input: &Create, call: &Call) -> Result<HttpRequest> {
    check_reference("billCode", &input.bill_code, 50)?;
    check::text("billInfo", &input.bill_info, 1, 1000)?;
    check::ascii("customerName", &input.customer_name, 1, 100)?;
    check::amount("amount", input.amount, 1)?;
    check_reference("bankCode", &input.bank_code, 50)?;
    check::url("notifyUrl", &input.notify_url)?;
    let mut members = Record::from_iter([
        ("billCode", Value::text(&input.bill_code)),
        ("billInfo", Value::text(&input.bill_info)),
    ]);
    if let Some(time) = input.bill_expiry_time {
        members.push("billExpiryTime", Value::Integer(time.0));
    }
    members.push("customerName", Value::text(&input.customer_name));
    if let Some(service) = &input.service_code {
        check::ascii("serviceCode", service, 0, 100)?;
        members.push("serviceCode", Value::text(service));
    }
    members.push("amount", Value::Integer(input.amount.0));
    members.push("paymentCondition", Value::text(input.payment_condition.name()));
    members.push("bankCode", Value::text(&input.bank_code));
    members.push("notifyUrl", Value::text(&input.notify_url));
    if let Some(extra) = &input.extra_data {
        check::text("extraData", extra, 0, 1000)?;
        members.push("extraData", Value::text(extra));
    }
    client.post_signed("/api/v1/service/ebill/create", &CREATE, members, call)
}

/// A new virtual account. The amount is not covered.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAnswer {
    /// Always `partly_signed`: the amount is not covered.
    pub proof: Proof,
    /// Which spelling or secret matched, where several were tried: of `payment` `php_default`, `unescaped_unicode`,
    /// `unescaped_slashes`, `unescaped` or `as_received`.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// Your code of the bill.
    pub bill_code: String,
    /// Where to pay.
    pub payment: Payment,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

/// Where to pay.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The accounts.
    pub bank_accounts: Vec<BankAccount>,
}

/// A virtual account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BankAccount {
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// Name of the bank.
    pub bank_name: Option<String>,
    /// Number of the account, exactly as printed.
    pub account_no: Option<String>,
    /// Name of the account.
    pub account_name: Option<String>,
    /// Branch of the bank.
    pub bank_branch: Option<String>,
    /// `active`, `inactive` or `closed`; in the answer to detail only.
    pub status: Option<String>,
}

pub(crate) fn read_create(client: &AppotaPay, input: &Body) -> Result<Reading<CreateAnswer>> {
    Ok(read_account(client, &CREATE_ANSWERS, input)?.finish())
}

fn read_account<'a>(client: &AppotaPay, answers: &Answers, input: &'a Body) -> Result<Draft<'a>> {
    let received = raw_member(&input.body, "payment").unwrap_or_default();
    let draft = answers.read_with(&input.body, input.expected.as_ref(), |members, signature| {
        verify_payment(client, answers.recipe, members, received, signature)
    })?;
    // A text would be one that somebody could type, and it is not guarded.
    match draft.members().get("payment") {
        Some(Value::Record(_)) => Ok(draft),
        _ => Err(Error::rule(Code::MalformedInput, Rule::Expected("an object", "đối tượng")).field("payment")),
    }
}

/// Verifies a signature over members of which `payment` counts by its JSON text. That text is the gateway's own and the
/// last one that is signed, so it alone is not guarded.
fn verify_payment(
    client: &AppotaPay,
    recipe: &KeyValueRecipe,
    members: &Record<'_>,
    received: &str,
    signature: &str,
) -> Result<Covered> {
    let texts = spellings(members.get("payment"), received);
    let bytes = digest_bytes(signature)?;
    let mut tried: Vec<Pairs<'_>> = Vec::with_capacity(8);
    let mut found = None;
    for (spelling, text) in &texts {
        let mut values = values(recipe, members);
        for (_, value) in values.iter_mut().filter(|(name, _)| *name == "payment") {
            *value = Some(text);
        }
        for (numbers, pairs) in client.candidates(&values)? {
            if tried.contains(&pairs) {
                continue;
            }
            if found.is_none()
                && let Some(secret) = client.secret_behind(&bytes, |key| hmac(key, &pairs))
            {
                guard(&pairs, &[], Some("payment"))?;
                found = Some((*spelling, numbers, secret, respelled(&values, &pairs)));
            }
            tried.push(pairs);
        }
    }
    let (spelling, numbers, secret, respelled) = found.ok_or_else(signature_mismatch)?;
    let name = match numbers {
        "as_printed" => spelling.to_owned(),
        numbers => format!("{spelling}, {numbers}"),
    };
    Ok(Covered {
        matched: join_matched((tried.len() > 1).then_some(name.as_str()), secret),
        respelled,
    })
}

/// The JSON texts that may have been signed for `payment`, each once. PHP's defaults escape what is not ASCII and
/// every slash; the vendor's collection verifies with JavaScript, which escapes neither.
pub(super) fn spellings<'p>(payment: Option<&'p Value<'p>>, received: &'p str) -> Vec<(&'static str, Value<'p>)> {
    let payment = match payment {
        Some(value @ (Value::Record(_) | Value::List(_))) => value,
        // A refusal may lack it; a success may not: there is one way to sign it.
        Some(value) => return vec![("as_received", value.clone())],
        None => return vec![("as_received", Value::Null)],
    };
    let written = |unicode, slashes| Cow::Owned(json_encode(payment, unicode, slashes));
    let mut texts: Vec<(&'static str, Value<'p>)> = Vec::with_capacity(5);
    for (name, text) in [
        ("php_default", written(true, true)),
        ("unescaped_unicode", written(false, true)),
        ("unescaped_slashes", written(true, false)),
        ("unescaped", written(false, false)),
        ("as_received", Cow::Borrowed(received)),
    ] {
        let text = Value::Text(text);
        if texts.iter().all(|(_, known)| *known != text) {
            texts.push((name, text));
        }
    }
    texts
}

/// JSON text as PHP's `json_encode` writes it, with or without its escapes for Unicode and slashes. Without both it is
/// JavaScript's, which differs from PHP's in the two line separators.
fn json_encode(value: &Value<'_>, escape_unicode: bool, escape_slashes: bool) -> String {
    let plain = value.to_json();
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while let Some(c) = rest.chars().next() {
        // Our own text escapes quotes, backslashes and what is below a space; PHP has two more short names.
        let (written, read) = match c {
            '\\' if rest.starts_with("\\u0008") => (Cow::Borrowed("\\b"), 6),
            '\\' if rest.starts_with("\\u000c") => (Cow::Borrowed("\\f"), 6),
            '\\' => (Cow::Borrowed(rest.get(..2).unwrap_or_default()), 2),
            '/' if escape_slashes => (Cow::Borrowed("\\/"), 1),
            '\u{2028}' | '\u{2029}' if escape_slashes => (Cow::Owned(unicode_escape(c)), 3),
            c if !c.is_ascii() && escape_unicode => (Cow::Owned(unicode_escape(c)), c.len_utf8()),
            c => (
                Cow::Borrowed(rest.get(..c.len_utf8()).unwrap_or_default()),
                c.len_utf8(),
            ),
        };
        out.push_str(&written);
        rest = rest.get(read..).unwrap_or_default();
    }
    out
}

/// JSON text as PHP writes it by default.
pub(super) fn php_json(value: &Value<'_>) -> String {
    json_encode(value, true, true)
}

fn unicode_escape(c: char) -> String {
    let units = c.encode_utf16(&mut [0; 2]).to_vec();
    units.iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// A bill to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// Your code of the bill.
    pub bill_code: String,
}

pub(crate) fn detail(client: &AppotaPay, input: &Bill, call: &Call) -> Result<HttpRequest> {
    let bill = segment("billCode", &input.bill_code)?;
    client.get(&format!("/api/v1/service/ebill/detail/{bill}"), call)
}

/// A bill and its accounts.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DetailAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which spelling or secret matched, where several were tried; see create.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// Your code of the bill.
    pub bill_code: String,
    /// Amount of the bill in VND.
    pub amount: Option<u64>,
    /// What was paid in so far, in VND.
    pub paid_amount: Option<u64>,
    /// When the account expires, Unix seconds as printed.
    pub bill_expiry_time: Option<String>,
    /// The accounts with their status.
    pub payment: Payment,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

pub(crate) fn read_detail(client: &AppotaPay, input: &Body) -> Result<Reading<DetailAnswer>> {
    Ok(read_account(client, &DETAIL_ANSWERS, input)?.finish())
}

/// A period to list.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transactions {
    /// Begin of the period, Unix seconds.
    pub start_time: Whole,
    /// End of the period, Unix seconds.
    pub end_time: Whole,
    /// Your code of one bill.
    pub bill_code: Option<String>,
    /// Transactions per page; the gateway's default is 20.
    pub limit: Option<Whole>,
    /// Page, from 1.
    pub page: Option<Whole>,
}

pub(crate) fn transactions(client: &AppotaPay, input: &Transactions, call: &Call) -> Result<HttpRequest> {
    if let Some(bill) = &input.bill_code {
        check_reference("billCode", bill, 50)?;
    }
    let digits = |number: Option<Whole>| number.map(|number| number.0.to_string());
    let (start, end) = (input.start_time.0.to_string(), input.end_time.0.to_string());
    let (limit, page) = (digits(input.limit), digits(input.page));
    let query = query_string([
        ("startTime", Some(start.as_str())),
        ("endTime", Some(end.as_str())),
        ("billCode", input.bill_code.as_deref()),
        ("limit", limit.as_deref()),
        ("page", page.as_deref()),
    ]);
    client.get(&format!("/api/v1/service/ebill/transactions{query}"), call)
}

/// Transactions of a period.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TransactionsAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// Transactions in all, as printed.
    pub total: Option<String>,
    /// This page, as printed.
    pub page: Option<String>,
    /// One record per transaction.
    pub transactions: Option<Vec<Transaction>>,
}

/// Money that came in.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// AppotaPay's identifier.
    pub transaction_id: Option<String>,
    /// Your code of the bill.
    pub bill_code: Option<String>,
    /// Number of the virtual account.
    pub account_no: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// State as printed, e.g. `success`.
    pub status: Option<String>,
    /// Kind as printed, e.g. `VA`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// What the payer wrote.
    pub memo: Option<String>,
    /// Time as printed, `dd-mm-yyyy HH:MM:SS`.
    pub transaction_time: Option<String>,
}

pub(crate) fn read_transactions(_: &AppotaPay, input: &Body) -> Result<Reading<TransactionsAnswer>> {
    Ok(read_unsigned(input)?.finish())
}

fn read_unsigned(input: &Body) -> Result<Draft<'_>> {
    REFUSALS.read_unsigned(&input.body, MONEY, input.expected.as_ref())
}

pub(crate) fn bill_transactions(client: &AppotaPay, input: &Bill, call: &Call) -> Result<HttpRequest> {
    let bill = segment("billCode", &input.bill_code)?;
    client.get(&format!("/api/v1/service/ebill/{bill}/transactions"), call)
}

/// Transactions of one bill.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillTransactionsAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// Your code of the bill.
    pub bill_code: Option<String>,
    /// Amount of the bill in VND.
    pub amount: Option<u64>,
    /// What was paid in so far, in VND.
    pub paid_amount: Option<u64>,
    /// When the account expires, Unix seconds as printed.
    pub bill_expiry_time: Option<String>,
    /// One record per transaction.
    pub transactions: Option<Vec<Transaction>>,
}

pub(crate) fn read_bill_transactions(_: &AppotaPay, input: &Body) -> Result<Reading<BillTransactionsAnswer>> {
    Ok(read_unsigned(input)?.finish())
}

/// A virtual account to close.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Close {
    /// Number of the virtual account, at most 30 characters.
    pub account_no: String,
    /// Your code of the bill, at most 50 characters.
    pub bill_code: String,
    /// Your unique reference of this request, at most 16 characters.
    pub partner_ref_id: String,
}

pub(crate) fn close(client: &AppotaPay, input: &Close, call: &Call) -> Result<HttpRequest> {
    check::alphanumeric("accountNo", &input.account_no, 1, 30)?;
    check_reference("billCode", &input.bill_code, 50)?;
    check_reference("partnerRefId", &input.partner_ref_id, 16)?;
    let members = Record::from_iter([
        ("accountNo", Value::text(&input.account_no)),
        ("billCode", Value::text(&input.bill_code)),
        ("partnerRefId", Value::text(&input.partner_ref_id)),
    ]);
    client.post_signed("/api/v1/service/ebill/close", &CLOSE, members, call)
}

/// A success without further members of its own.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CloseAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// Text of the gateway.
    pub message: Option<String>,
}

pub(crate) fn read_close(_: &AppotaPay, input: &Body) -> Result<Reading<CloseAnswer>> {
    Ok(read_unsigned(input)?.finish())
}

/// Money that came in. Compare billCode and amount with your record, and take each transactionId once.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackResult {
    /// Always `signed`.
    pub proof: Proof,
    /// `succeeded`: AppotaPay sends it for money that came in.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// How well the formula is known.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for repeated deliveries.
    #[serde(rename = "idempotency_key")]
    pub idempotency_key: String,
    /// AppotaPay's identifier.
    pub transaction_id: String,
    /// Your code of the bill.
    pub bill_code: String,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// API_KEY: equal to the configured one.
    pub api_key: String,
    /// PARTNER_CODE: equal to the configured one.
    pub partner_code: String,
    /// Number of the virtual account.
    pub bank_account_number: Option<String>,
    /// Name of the virtual account.
    pub bank_account_name: Option<String>,
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// What the payer wrote: never trust it.
    pub memo: Option<String>,
    /// Your own text from create.
    pub extra_data: Option<String>,
    /// Time of this message, Unix seconds as printed.
    pub request_time: Option<String>,
    /// Time of the payment, Unix seconds as printed.
    pub transaction_time: Option<String>,
    /// Version of the message.
    pub version: Option<String>,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
    /// The body as received.
    pub raw: String,
}

pub(crate) fn read_callback(client: &AppotaPay, input: &Body) -> Result<Reading<CallbackResult>> {
    let mut members = parse_body(&input.body)?;
    let matched = CALLBACKS.verify(client, &mut members)?;
    client.check_identity(&members)?;
    let transaction = printed(&CALLBACK, &members, "transactionId");
    let key = idempotency_key("appotapay.virtual_account", [transaction.as_ref()]);
    let mut draft = Draft::split_by(Proof::Signed, members, CALLBACK.fields).money(MONEY);
    draft.outcome = Some(Outcome::Succeeded);
    draft.matched = matched;
    draft.evidence = Some(CALLBACK.evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(input.body.clone());
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// How the IPN was taken.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Acknowledge {
    /// `00` taken (default), `11` signature wrong, `15` transactionId already taken, `16` unknown error, `99` time-out.
    pub status_code: Option<String>,
}

pub(crate) fn acknowledge(_: &AppotaPay, input: &Acknowledge) -> Result<Acknowledgement> {
    let code = input.status_code.as_deref().unwrap_or("00");
    check::one_of("statusCode", code, &["00", "11", "15", "16", "99"])?;
    let detail = match code {
        "00" => "Success",
        "11" => "Signature not match",
        "15" => "Duplicate transactionId",
        "16" => "Unknown Error",
        _ => "Timeout",
    };
    // The page prints the code without quotes, which is no JSON, and types it String.
    let body = Value::Record(Record::from_iter([
        ("statusCode", Value::text(code)),
        ("statusDetail", Value::text(detail)),
    ]));
    Ok(Acknowledgement::json(200, &body.to_json()))
}
