//! Bills of electricity, water, telephone and so on: look up, pay, and the state of a payment.

use super::answers::{Answers, Refusals};
use super::requests::{V1, check_reference, segment};
use super::{AppotaPay, Call, reference};
use crate::answer::{Body, Outcome, Proof, Reading};
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::check::{self, Dong};
use crate::error::{Code, Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{AnyJson, Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "bill",
    doc: "Bills: look up and pay.",
    operations: &[
        Operation {
            name: "appotapay.bill.check",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the look-up of a bill. pay repeats its partnerRefId.",
            handler: &TypedCall(check),
        },
        Operation {
            name: "appotapay.bill.read_check",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to check, which is not signed.",
            handler: &Typed(read_check),
        },
        Operation {
            name: "appotapay.bill.pay",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the payment of a bill. The documentation contradicts itself about billDetail, so its form \
                  must be chosen. After a time-out or an undetermined answer call status; never pay again under a \
                  new partnerRefId.",
            handler: &TypedCall(pay),
        },
        Operation {
            name: "appotapay.bill.read_pay",
            kind: Kind::ReadOutcome("appotapay.bill.status"),
            evidence: Evidence::Official,
            doc: "Verifies the answer to pay. Its signature does not cover partnerRefId and billCode.",
            handler: &Typed(read_pay),
        },
        Operation {
            name: "appotapay.bill.status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the state of a payment.",
            handler: &TypedCall(status),
        },
        Operation {
            name: "appotapay.bill.read_status",
            kind: Kind::ReadOutcome("appotapay.bill.status"),
            evidence: Evidence::Official,
            doc: "Verifies the answer to status, which signs the same members as pay.",
            handler: &Typed(read_status),
        },
    ],
};

pub(crate) const CHECK: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("billCode", "/billCode"),
        ("partnerRefId", "/partnerRefId"),
        ("serviceCode", "/serviceCode"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const PAY: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("billCode", "/billCode"),
        ("billDetail", "/billDetail"),
        ("partnerRefId", "/partnerRefId"),
        ("serviceCode", "/serviceCode"),
    ],
    evidence: Evidence::Official,
};

/// The answers to pay and to status sign the same five members.
pub(crate) const PAY_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/transaction/amount"),
        ("appotapayTransId", "/transaction/appotapayTransId"),
        ("billAmount", "/transaction/billAmount"),
        ("errorCode", "/errorCode"),
        ("time", "/transaction/time"),
    ],
    evidence: Evidence::Official,
};

const MONEY: &[&str] = &["amount", "billAmount", "balance"];

const REFUSALS: Refusals = Refusals {
    codes: &reference::BILL,
    about_money: true,
    about_a_query: false,
};

const PAY_ANSWERS: Answers = Answers {
    recipe: &PAY_ANSWER,
    optional: &[],
    proof: Proof::PartlySigned,
    money: MONEY,
    refusals: REFUSALS,
};

const STATUS_ANSWERS: Answers = Answers {
    refusals: REFUSALS.of_query(),
    ..PAY_ANSWERS
};

/// A bill to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Your unique reference: pay repeats it.
    pub partner_ref_id: String,
    /// Code of the bill or of the customer at the provider.
    pub bill_code: String,
    /// Code of the provider's service, e.g. `EVNHN`.
    pub service_code: String,
}

fn check_bill(reference: &str, bill: &str, service: &str) -> Result<()> {
    check_reference("partnerRefId", reference, 100)?;
    check::ascii("billCode", bill, 1, 100)?;
    check_reference("serviceCode", service, 50)
}

pub(crate) fn check(client: &AppotaPay, input: &Check, call: &Call) -> Result<HttpRequest> {
    check_bill(&input.partner_ref_id, &input.bill_code, &input.service_code)?;
    let members = Record::from_iter([
        ("partnerRefId", Value::text(&input.partner_ref_id)),
        ("billCode", Value::text(&input.bill_code)),
        ("serviceCode", Value::text(&input.service_code)),
    ]);
    client.post_signed("/api/v1/service/bill/check", &CHECK, members, call)
}

/// A bill and its customer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// What is due. pay sends it back unchanged: take it from the body that you received.
    pub bill_detail: Option<Vec<BillDetail>>,
    /// The customer.
    pub customer_info: Option<Json>,
}

/// One item that is due.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillDetail {
    /// Number of the item.
    pub bill_number: Option<String>,
    /// Period, e.g. `4/2020`.
    pub period: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// When it was made out.
    pub bill_created: Option<String>,
    /// When it is due.
    pub bill_expiry: Option<String>,
    /// Kind of item.
    pub bill_type: Option<String>,
    /// Other information.
    pub bill_other_info: Option<String>,
    /// Whether a part may be paid.
    pub is_partial_payment_allowed: Option<bool>,
    /// Further information.
    pub extra_info: Option<String>,
}

pub(crate) fn read_check(_: &AppotaPay, input: &Body) -> Result<Reading<CheckAnswer>> {
    // A look-up moves no money.
    let refusals = Refusals {
        about_money: false,
        ..REFUSALS
    };
    Ok(refusals
        .read_unsigned(&input.body, MONEY, input.expected.as_ref())?
        .finish())
}

/// How `billDetail` is sent and signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BillDetailForm {
    /// Sent as a JSON array, signed as the word `Array` (security page): its content is not protected.
    Array,
    /// Sent as a text that holds the JSON array, and signed as that text (published collection).
    Text,
}

/// Payment of a bill.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pay {
    /// Reference of the look-up.
    pub partner_ref_id: String,
    /// Code of the bill.
    pub bill_code: String,
    /// Code of the provider's service.
    pub service_code: String,
    /// Amount in VND.
    pub amount: Dong,
    /// What the look-up gave: a list (or its JSON text) for form `array`, its JSON text for form `text`.
    pub bill_detail: AnyJson,
    /// `array` or `text`: never guessed.
    #[serde(rename = "bill_detail_form")]
    pub bill_detail_form: BillDetailForm,
}

pub(crate) fn pay(client: &AppotaPay, input: &Pay, call: &Call) -> Result<HttpRequest> {
    check_bill(&input.partner_ref_id, &input.bill_code, &input.service_code)?;
    check::amount("amount", input.amount, 1)?;
    let (sent, signed) = bill_detail(input)?;
    let mut members = Record::from_iter([
        ("amount", Value::Integer(input.amount.0)),
        ("billDetail", signed),
        ("partnerRefId", Value::text(&input.partner_ref_id)),
        ("billCode", Value::text(&input.bill_code)),
        ("serviceCode", Value::text(&input.service_code)),
    ]);
    let signature = client.sign(&PAY, &members)?;
    for (name, value) in members.iter_mut() {
        if name == "billDetail" {
            value.clone_from(&sent);
        }
    }
    let url = format!("{}/api/v1/service/bill/pay", client.hosts.gateway);
    client.post_with(signature, url, V1, members, call)
}

/// What is sent and what is signed.
fn bill_detail(input: &Pay) -> Result<(Value<'_>, Value<'_>)> {
    let parsed = |text: &str| match crate::value::parse(text) {
        Ok(list @ Value::List(_)) => Ok(list.into_owned()),
        _ => {
            let rule = Rule::Say("must hold a JSON array", "phải chứa một mảng JSON");
            Err(Error::invalid("billDetail", rule))
        }
    };
    match (input.bill_detail_form, &input.bill_detail.0) {
        (BillDetailForm::Array, list @ Value::List(_)) => Ok((list.clone(), Value::text("Array"))),
        (BillDetailForm::Array, Value::Text(text)) => Ok((parsed(text)?, Value::text("Array"))),
        (BillDetailForm::Text, text @ Value::Text(json)) => {
            parsed(json)?;
            Ok((text.clone(), text.clone()))
        }
        (BillDetailForm::Text, _) => {
            let rule = Rule::Expected("the JSON text of a list", "chuỗi JSON chứa một danh sách");
            Err(Error::rule(Code::WrongType, rule).field("billDetail"))
        }
        (BillDetailForm::Array, _) => {
            let rule = Rule::Expected("a list", "danh sách");
            Err(Error::rule(Code::WrongType, rule).field("billDetail"))
        }
    }
}

/// A paid bill. partnerRefId, billCode and billDetail are not covered.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PayAnswer {
    /// Always `partly_signed`: partnerRefId is not covered, so compare amount and appotapayTransId with your record.
    pub proof: Proof,
    /// `succeeded`.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// What the signature covers.
    pub transaction: Transaction,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

/// The covered members of a payment.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Amount of the bill in VND.
    pub bill_amount: Option<u64>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Time as printed, `dd-mm-yyyy HH:MM:SS`.
    pub time: Option<String>,
}

pub(crate) fn read_pay(client: &AppotaPay, input: &Body) -> Result<Reading<PayAnswer>> {
    PAY_ANSWERS.read_done(client, input)
}

/// A payment to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Your reference of the payment.
    pub partner_ref_id: String,
}

pub(crate) fn status(client: &AppotaPay, input: &Status, call: &Call) -> Result<HttpRequest> {
    let reference = segment("partnerRefId", &input.partner_ref_id)?;
    client.get(&format!("/api/v1/service/bill/transaction/{reference}"), call)
}

pub(crate) fn read_status(client: &AppotaPay, input: &Body) -> Result<Reading<PayAnswer>> {
    STATUS_ANSWERS.read_done(client, input)
}
