//! Orders of the older payment gateway, versions 1 and 1.1, which merchants still use.

use super::answers::{Answers, Callbacks, Refusals, inner, outcome, parse_body};
use super::requests::{V1, check_reference, query_string};
use super::signing::{printed, values};
use super::{AppotaPay, Call, reference};
use crate::answer::{
    Acknowledgement, Body, Draft, Nothing, Outcome, Proof, Query, Reading, idempotency_key, join_matched,
};
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::check::{self, Dong, Whole};
use crate::error::{Code, Error, Result};
use crate::http::{HttpRequest, read_query};
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "orders",
    doc: "Orders of the older payment gateway, versions 1 and 1.1.",
    operations: &[
        Operation {
            name: "appotapay.orders.create",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds an order (version 1). Optional members that are not given are sent and signed as empty texts.",
            handler: &TypedCall(create),
        },
        Operation {
            name: "appotapay.orders.read_create",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Verifies the answer to create: send the customer to paymentUrl.",
            handler: &Typed(read_create),
        },
        Operation {
            name: "appotapay.orders.create_v1_1",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds an order (version 1.1): one with action, and card where given.",
            handler: &TypedCall(create_v1_1),
        },
        Operation {
            name: "appotapay.orders.read_create_v1_1",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Verifies the answer to create_v1_1. The published collection verifies errorCode and message only, \
                  although the saved answer holds more: a signature over all members, as in version 1, is taken too, \
                  and proof and matched say which it was.",
            handler: &Typed(read_create_v1_1),
        },
        Operation {
            name: "appotapay.orders.status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for an order (version 1).",
            handler: &TypedCall(status),
        },
        Operation {
            name: "appotapay.orders.read_status",
            kind: Kind::ReadOutcome(STATUS_OPERATION),
            evidence: Evidence::Official,
            doc: "Verifies the answer to status.",
            handler: &Typed(read_status),
        },
        Operation {
            name: "appotapay.orders.status_v1_1",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for an order (version 1.1).",
            handler: &TypedCall(status_v1_1),
        },
        Operation {
            name: "appotapay.orders.read_status_v1_1",
            kind: Kind::ReadOutcome("appotapay.orders.status_v1_1"),
            evidence: Evidence::Official,
            doc: "Verifies the answer to status_v1_1.",
            handler: &Typed(read_status_v1_1),
        },
        Operation {
            name: "appotapay.orders.refund",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a refund. After a time-out or an undetermined answer ask before you refund again.",
            handler: &TypedCall(refund),
        },
        Operation {
            name: "appotapay.orders.read_refund",
            kind: Kind::ReadOutcome(STATUS_OPERATION),
            evidence: Evidence::Observed,
            doc: "Verifies the answer to refund. Its signed members are known from production code.",
            handler: &Typed(read_refund),
        },
        Operation {
            name: "appotapay.orders.list",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for orders (version 1.1), signed in its query string.",
            handler: &TypedCall(list),
        },
        Operation {
            name: "appotapay.orders.read_list",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to list, which is not signed. Its members are not documented.",
            handler: &Typed(read_list),
        },
        Operation {
            name: "appotapay.orders.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the IPN of an order. Deliver only after outcome succeeded, when amount equals the order's \
                  amount and the order is not yet done.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "appotapay.orders.read_redirect",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the query string with which the customer comes back, or an IPN that comes as GET.",
            handler: &Typed(read_redirect),
        },
        Operation {
            name: "appotapay.orders.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "What to answer to the IPN.",
            handler: &Typed(acknowledge),
        },
    ],
};

pub(crate) const CREATE: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("bankCode", "/bankCode"),
        ("clientIp", "/clientIp"),
        ("extraData", "/extraData"),
        ("notifyUrl", "/notifyUrl"),
        ("orderId", "/orderId"),
        ("orderInfo", "/orderInfo"),
        ("paymentMethod", "/paymentMethod"),
        ("redirectUrl", "/redirectUrl"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CREATE_V1_1: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("action", "/action"),
        ("amount", "/amount"),
        ("bankCode", "/bankCode"),
        ("clientIp", "/clientIp"),
        ("extraData", "/extraData"),
        ("notifyUrl", "/notifyUrl"),
        ("orderId", "/orderId"),
        ("orderInfo", "/orderInfo"),
        ("paymentMethod", "/paymentMethod"),
        ("redirectUrl", "/redirectUrl"),
    ],
    evidence: Evidence::Official,
};

/// The same with a card, which the vendor's collection signs where it is sent.
pub(crate) const CREATE_V1_1_WITH_CARD: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("action", "/action"),
        ("amount", "/amount"),
        ("bankCode", "/bankCode"),
        ("card", "/card"),
        ("clientIp", "/clientIp"),
        ("extraData", "/extraData"),
        ("notifyUrl", "/notifyUrl"),
        ("orderId", "/orderId"),
        ("orderInfo", "/orderInfo"),
        ("paymentMethod", "/paymentMethod"),
        ("redirectUrl", "/redirectUrl"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CREATE_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("errorCode", "/errorCode"),
        ("message", "/message"),
        ("orderId", "/orderId"),
        ("paymentUrl", "/paymentUrl"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CREATE_V1_1_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[("errorCode", "/errorCode"), ("message", "/message")],
    evidence: Evidence::Official,
};

pub(crate) const STATUS: KeyValueRecipe = KeyValueRecipe {
    fields: &[("orderId", "/orderId")],
    evidence: Evidence::Official,
};

/// The answer to status, the IPN and the redirect sign the same thirteen members.
pub(crate) const CALLBACK: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("apiKey", "/apiKey"),
        ("appotapayTransId", "/appotapayTransId"),
        ("bankCode", "/bankCode"),
        ("currency", "/currency"),
        ("errorCode", "/errorCode"),
        ("extraData", "/extraData"),
        ("message", "/message"),
        ("orderId", "/orderId"),
        ("partnerCode", "/partnerCode"),
        ("paymentMethod", "/paymentMethod"),
        ("paymentType", "/paymentType"),
        ("transactionTs", "/transactionTs"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const STATUS_V1_1_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/transaction/amount"),
        ("apiKey", "/apiKey"),
        ("appotapayTransId", "/transaction/appotapayTransId"),
        ("bankCode", "/transaction/bankCode"),
        ("currency", "/transaction/currency"),
        ("errorCode", "/errorCode"),
        ("extraData", "/transaction/extraData"),
        ("message", "/message"),
        ("orderId", "/transaction/orderId"),
        ("partnerCode", "/partnerCode"),
        ("paymentMethod", "/transaction/paymentMethod"),
        ("paymentType", "/transaction/paymentType"),
        ("status", "/transaction/status"),
        ("transactionTs", "/transaction/transactionTs"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const REFUND: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("appotapayTransId", "/appotapayTransId"),
        ("reason", "/reason"),
        ("refundId", "/refundId"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const REFUND_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/data/amount"),
        ("appotapayTransId", "/data/appotapayTransId"),
        ("errorCode", "/errorCode"),
        ("reason", "/data/reason"),
        ("refundId", "/data/refundId"),
        ("refundOriginalId", "/data/refundOriginalId"),
        ("status", "/data/status"),
        ("transactionTs", "/data/transactionTs"),
    ],
    evidence: Evidence::Observed,
};

pub(crate) const LIST: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("endTime", "/endTime"),
        ("limit", "/limit"),
        ("page", "/page"),
        ("paymentMethod", "/paymentMethod"),
        ("startTime", "/startTime"),
        ("status", "/status"),
    ],
    evidence: Evidence::Official,
};

const MONEY: &[&str] = &["amount"];
/// paymentUrl is made by the gateway and signed last, and & with such names is at home in it.
const FREE: Option<&str> = Some("paymentUrl");
/// Members that may not be there where there is nothing to say.
const OPTIONAL: &[&str] = &["bankCode", "extraData"];
const STATUS_OPERATION: &str = "appotapay.orders.status";

/// Opening an order moves no money.
const REFUSALS: Refusals = Refusals {
    codes: &reference::PAYMENT,
    about_money: false,
    about_a_query: false,
};

const CREATE_ANSWERS: Answers = Answers {
    recipe: &CREATE_ANSWER,
    optional: &[],
    proof: Proof::Signed,
    money: MONEY,
    refusals: REFUSALS,
};

const CREATE_V1_1_ANSWERS: Answers = Answers {
    recipe: &CREATE_V1_1_ANSWER,
    proof: Proof::PartlySigned,
    ..CREATE_ANSWERS
};

const STATUS_ANSWERS: Answers = Answers {
    recipe: &CALLBACK,
    optional: OPTIONAL,
    refusals: Refusals {
        about_money: true,
        ..REFUSALS.of_query()
    },
    ..CREATE_ANSWERS
};

const STATUS_V1_1_ANSWERS: Answers = Answers {
    recipe: &STATUS_V1_1_ANSWER,
    ..STATUS_ANSWERS
};

const REFUND_ANSWERS: Answers = Answers {
    recipe: &REFUND_ANSWER,
    optional: &["reason"],
    refusals: Refusals {
        about_money: true,
        ..REFUSALS
    },
    ..STATUS_ANSWERS
};

const CALLBACKS: Callbacks = Callbacks {
    recipe: &CALLBACK,
    optional: OPTIONAL,
    ask: ("appotapayTransId", STATUS_OPERATION),
};

/// An order.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Create {
    /// Your unique code of the order, at most 50 characters.
    pub order_id: String,
    /// Text about the order, at most 150 characters.
    pub order_info: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Bank, card or wallet; default: empty, the customer chooses.
    pub bank_code: Option<String>,
    /// `ATM`, `CC`, `EWALLET` and so on; default: empty, the customer chooses.
    pub payment_method: Option<String>,
    /// IP address of the customer.
    pub client_ip: String,
    /// Your own text, at most 1000 characters; default: empty. The IPN brings it back.
    pub extra_data: Option<String>,
    /// Where AppotaPay sends the IPN.
    pub notify_url: String,
    /// Where the customer comes back.
    pub redirect_url: String,
}

impl Create {
    fn members(&self) -> Result<Record<'_>> {
        let empty_or = |value: &Option<String>| Value::text(value.clone().unwrap_or_default());
        check_reference("orderId", &self.order_id, 50)?;
        check::text("orderInfo", &self.order_info, 1, 150)?;
        check::amount("amount", self.amount, 1)?;
        check::ascii("bankCode", self.bank_code.as_deref().unwrap_or_default(), 0, 50)?;
        check::ascii(
            "paymentMethod",
            self.payment_method.as_deref().unwrap_or_default(),
            0,
            50,
        )?;
        check_reference("clientIp", &self.client_ip, 45)?;
        check::text("extraData", self.extra_data.as_deref().unwrap_or_default(), 0, 1000)?;
        check::url("notifyUrl", &self.notify_url)?;
        check::url("redirectUrl", &self.redirect_url)?;
        Ok(Record::from_iter([
            ("orderId", Value::text(&self.order_id)),
            ("orderInfo", Value::text(&self.order_info)),
            ("amount", Value::Integer(self.amount.0)),
            ("bankCode", empty_or(&self.bank_code)),
            ("paymentMethod", empty_or(&self.payment_method)),
            ("clientIp", Value::text(&self.client_ip)),
            ("extraData", empty_or(&self.extra_data)),
            ("notifyUrl", Value::text(&self.notify_url)),
            ("redirectUrl", Value::text(&self.redirect_url)),
        ]))
    }
}

fn post(
    client: &AppotaPay,
    path: &str,
    recipe: &KeyValueRecipe,
    members: Record<'_>,
    call: &Call,
) -> Result<HttpRequest> {
    let signature = client.sign(recipe, &members)?;
    client.post_with(signature, format!("{}{path}", client.hosts.payment), V1, members, call)
}

pub(crate) fn create(client: &AppotaPay, input: &Create, call: &Call) -> Result<HttpRequest> {
    post(client, "/api/v1/orders/payment/bank", &CREATE, input.members()?, call)
}

/// A new order.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// Text of the gateway.
    pub message: String,
    /// Your code of the order.
    pub order_id: String,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Where to send the customer.
    pub payment_url: String,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

pub(crate) fn read_create(client: &AppotaPay, input: &Body) -> Result<Reading<CreateAnswer>> {
    let draft = CREATE_ANSWERS.read_but(client, FREE, &input.body, input.expected.as_ref())?;
    Ok(draft.finish())
}

/// An order of version 1.1.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateV11 {
    /// Your unique code of the order, at most 50 characters.
    pub order_id: String,
    /// Text about the order, at most 150 characters.
    pub order_info: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Bank, card or wallet; default: empty, the customer chooses.
    pub bank_code: Option<String>,
    /// `ATM`, `CC`, `EWALLET` and so on; default: empty, the customer chooses.
    pub payment_method: Option<String>,
    /// IP address of the customer.
    pub client_ip: String,
    /// Your own text, at most 1000 characters; default: empty. The IPN brings it back.
    pub extra_data: Option<String>,
    /// Where AppotaPay sends the IPN.
    pub notify_url: String,
    /// Where the customer comes back.
    pub redirect_url: String,
    /// `PAY` (default), `PAY_WITH_RETURN_TOKEN` or `PAY_WITH_TOKEN`.
    pub action: Option<String>,
    /// JSON text about the card: sent and signed as it is.
    pub card: Option<String>,
}

pub(crate) fn create_v1_1(client: &AppotaPay, input: &CreateV11, call: &Call) -> Result<HttpRequest> {
    let order = Create {
        order_id: input.order_id.clone(),
        order_info: input.order_info.clone(),
        amount: input.amount,
        bank_code: input.bank_code.clone(),
        payment_method: input.payment_method.clone(),
        client_ip: input.client_ip.clone(),
        extra_data: input.extra_data.clone(),
        notify_url: input.notify_url.clone(),
        redirect_url: input.redirect_url.clone(),
    };
    let mut members = order.members()?;
    let action = input.action.as_deref().unwrap_or("PAY");
    check::one_of("action", action, &["PAY", "PAY_WITH_RETURN_TOKEN", "PAY_WITH_TOKEN"])?;
    members.push("action", Value::text(action));
    let recipe = match &input.card {
        None => &CREATE_V1_1,
        Some(card) => {
            check::text("card", card, 1, 4096)?;
            members.push("card", Value::text(card));
            &CREATE_V1_1_WITH_CARD
        }
    };
    post(client, "/api/v1.1/orders/payment/bank", recipe, members, call)
}

/// A new order of version 1.1. What the signature does not cover stands under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateV11Answer {
    /// `partly_signed` where errorCode and message are covered, `signed` where all members are.
    pub proof: Proof,
    /// `error_code_and_message` or `all_members`; then the secret, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// Text of the gateway.
    pub message: String,
    /// Your code of the order, where it is covered.
    pub order_id: Option<String>,
    /// Amount in VND, where it is covered.
    pub amount: Option<u64>,
    /// Where to send the customer, where it is covered.
    pub payment_url: Option<String>,
    /// orderId, amount and paymentUrl, where they are not covered.
    pub unverified: Option<Json>,
}

pub(crate) fn read_create_v1_1(client: &AppotaPay, input: &Body) -> Result<Reading<CreateV11Answer>> {
    let read = |answers: &Answers, name: &'static str| {
        let mut draft = answers.read_but(client, FREE, &input.body, input.expected.as_ref())?;
        draft.matched = join_matched(Some(name), draft.matched);
        Ok::<Draft<'_>, Error>(draft)
    };
    let members = parse_body(&input.body)?;
    // The members of both formulas alone are also all that an answer of version 1 without its order would sign.
    let has_all = values(&CREATE_ANSWER, &members)
        .iter()
        .all(|(_, value)| value.is_some());
    let all_members = has_all.then(|| read(&CREATE_ANSWERS, "all_members"));
    let draft = match all_members {
        Some(Err(error)) if error.code() != Code::SignatureMismatch => Err(error),
        Some(Ok(draft)) => Ok(draft),
        _ => read(&CREATE_V1_1_ANSWERS, "error_code_and_message"),
    };
    Ok(draft?.finish())
}

/// An order to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Your code of the order.
    pub order_id: String,
}

fn ask(client: &AppotaPay, path: &str, input: &Status, call: &Call) -> Result<HttpRequest> {
    check_reference("orderId", &input.order_id, 50)?;
    let members = Record::from_iter([("orderId", Value::text(&input.order_id))]);
    post(client, path, &STATUS, members, call)
}

pub(crate) fn status(client: &AppotaPay, input: &Status, call: &Call) -> Result<HttpRequest> {
    ask(client, "/api/v1/orders/transaction/bank/status", input, call)
}

/// An order.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// `succeeded`.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// Text of the gateway.
    pub message: Option<String>,
    /// Your code of the order.
    pub order_id: String,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Currency.
    pub currency: Option<String>,
    /// Bank, card or wallet.
    pub bank_code: Option<String>,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Where it was paid, e.g. `WEB`.
    pub payment_type: Option<String>,
    /// Time of the payment, Unix seconds as printed.
    pub transaction_ts: Option<String>,
    /// Your own text.
    pub extra_data: Option<String>,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

pub(crate) fn read_status(client: &AppotaPay, input: &Body) -> Result<Reading<StatusAnswer>> {
    let mut draft = STATUS_ANSWERS.read(client, &input.body, input.expected.as_ref())?;
    client.check_identity(draft.members())?;
    draft.outcome = Some(Outcome::Succeeded);
    Ok(draft.finish())
}

pub(crate) fn status_v1_1(client: &AppotaPay, input: &Status, call: &Call) -> Result<HttpRequest> {
    ask(client, "/api/v1.1/orders/transaction/bank/status", input, call)
}

/// An order of version 1.1.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatusV11Answer {
    /// Always `signed`.
    pub proof: Proof,
    /// By the covered status: `succeeded`, `failed`, `pending` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// Text of the gateway.
    pub message: Option<String>,
    /// The payment.
    pub transaction: Transaction,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

/// A payment.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Your code of the order.
    pub order_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// `success`, `error`, `pending` or `processing`.
    pub status: Option<String>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Currency.
    pub currency: Option<String>,
    /// Bank, card or wallet.
    pub bank_code: Option<String>,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Where it was paid, e.g. `WEB`.
    pub payment_type: Option<String>,
    /// Time of the payment, Unix seconds as printed.
    pub transaction_ts: Option<String>,
    /// Your own text.
    pub extra_data: Option<String>,
}

pub(crate) fn read_status_v1_1(client: &AppotaPay, input: &Body) -> Result<Reading<StatusV11Answer>> {
    let mut draft = STATUS_V1_1_ANSWERS.read(client, &input.body, input.expected.as_ref())?;
    client.check_identity(draft.members())?;
    let outcome = outcome(inner(draft.members(), "transaction", "status").as_deref());
    draft.outcome = outcome;
    Ok(draft.finish())
}

/// A refund.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// AppotaPay's identifier of the payment.
    pub appotapay_trans_id: String,
    /// Your unique reference of the refund.
    pub refund_id: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Why.
    pub reason: String,
}

pub(crate) fn refund(client: &AppotaPay, input: &Refund, call: &Call) -> Result<HttpRequest> {
    check_reference("appotapayTransId", &input.appotapay_trans_id, 100)?;
    check_reference("refundId", &input.refund_id, 100)?;
    check::amount("amount", input.amount, 1)?;
    check::text("reason", &input.reason, 1, 500)?;
    let members = Record::from_iter([
        ("appotapayTransId", Value::text(&input.appotapay_trans_id)),
        ("refundId", Value::text(&input.refund_id)),
        ("amount", Value::Integer(input.amount.0)),
        ("reason", Value::text(&input.reason)),
    ]);
    post(client, "/api/v1/transaction/refund", &REFUND, members, call)
}

/// A refund.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// By the covered status: `succeeded`, `failed`, `pending` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// The refund.
    pub data: Refunded,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

/// A refund.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Refunded {
    /// AppotaPay's identifier of the payment.
    pub appotapay_trans_id: Option<String>,
    /// Your reference of the refund.
    pub refund_id: Option<String>,
    /// Identifier of the original payment.
    pub refund_original_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Why.
    pub reason: Option<String>,
    /// State as printed, e.g. `success`.
    pub status: Option<String>,
    /// Time of the refund, Unix seconds as printed.
    pub transaction_ts: Option<String>,
}

pub(crate) fn read_refund(client: &AppotaPay, input: &Body) -> Result<Reading<RefundAnswer>> {
    let mut draft = REFUND_ANSWERS.read(client, &input.body, input.expected.as_ref())?;
    let outcome = outcome(inner(draft.members(), "data", "status").as_deref());
    draft.outcome = outcome;
    Ok(draft.finish())
}

/// Orders to list.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// Begin of the period, Unix seconds.
    pub start_time: Option<Whole>,
    /// End of the period, Unix seconds.
    pub end_time: Option<Whole>,
    /// State, e.g. `success`.
    pub status: Option<String>,
    /// `ATM`, `CC`, `EWALLET` and so on.
    pub payment_method: Option<String>,
    /// Orders per page.
    pub limit: Option<Whole>,
    /// Page, from 1.
    pub page: Option<Whole>,
}

pub(crate) fn list(client: &AppotaPay, input: &List, call: &Call) -> Result<HttpRequest> {
    let mut members = Record::new();
    for (name, number) in [
        ("startTime", input.start_time),
        ("endTime", input.end_time),
        ("limit", input.limit),
        ("page", input.page),
    ] {
        if let Some(number) = number {
            members.push(name, Value::text(number.0.to_string()));
        }
    }
    for (name, word) in [("status", &input.status), ("paymentMethod", &input.payment_method)] {
        if let Some(word) = word {
            check_reference(name, word, 50)?;
            members.push(name, Value::text(word));
        }
    }
    let signature = client.sign(&LIST, &members)?;
    members.push("signature", Value::text(signature.clone()));
    let query = query_string(members.iter().map(|(name, value)| (name, value.as_text())));
    let url = format!("{}/api/v1.1/orders/transactions{query}", client.hosts.payment);
    Ok(client.get_from(url, V1, call)?.signature(signature))
}

/// Orders. All members are in the record; only these are certain.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`, where the answer has it.
    pub error_code: Option<String>,
}

pub(crate) fn read_list(_: &AppotaPay, input: &Body) -> Result<Reading<ListAnswer>> {
    let members = parse_body(&input.body)?;
    if let Some(code) = members.printed("errorCode").filter(|code| code != "0") {
        return Err(REFUSALS.error(&code, &members, "message", false));
    }
    let draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// What became of an order.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackResult {
    /// Always `signed`.
    pub proof: Proof,
    /// `succeeded`, `failed`, `pending` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// How well the formula is known.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for repeated deliveries.
    #[serde(rename = "idempotency_key")]
    pub idempotency_key: String,
    /// Code of the result, as printed.
    pub error_code: String,
    /// Text of the gateway.
    pub message: Option<String>,
    /// Your code of the order.
    pub order_id: String,
    /// Amount in VND: compare it.
    pub amount: Option<u64>,
    /// Currency.
    pub currency: Option<String>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: String,
    /// API_KEY: equal to the configured one.
    pub api_key: String,
    /// PARTNER_CODE: equal to the configured one.
    pub partner_code: String,
    /// Bank, card or wallet.
    pub bank_code: Option<String>,
    /// How it was paid.
    pub payment_method: Option<String>,
    /// Where it was paid, e.g. `WEB`.
    pub payment_type: Option<String>,
    /// Time of the payment, Unix seconds as printed.
    pub transaction_ts: Option<String>,
    /// Your own text.
    pub extra_data: Option<String>,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
    /// The body or query string as received.
    pub raw: String,
}

fn read(
    client: &AppotaPay,
    mut members: Record<'_>,
    raw: &str,
    expected: Option<&Json>,
) -> Result<Reading<CallbackResult>> {
    let matched = CALLBACKS.verify(client, &mut members)?;
    client.check_identity(&members)?;
    let [transaction, code] = ["appotapayTransId", "errorCode"].map(|name| printed(&CALLBACK, &members, name));
    let outcome = match code.as_ref() {
        "0" => Outcome::Succeeded,
        "34" | "35" => Outcome::Pending,
        code if reference::PAYMENT.certainly_failed(code) => Outcome::Failed,
        _ => Outcome::Undetermined,
    };
    let key = idempotency_key("appotapay.orders", [transaction.as_ref(), code.as_ref()]);
    let mut draft = Draft::split_by(Proof::Signed, members, CALLBACK.fields).money(MONEY);
    draft.outcome = Some(outcome);
    draft.matched = matched;
    draft.evidence = Some(CALLBACK.evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(raw.to_owned());
    Ok(draft.expect(expected)?.finish())
}

pub(crate) fn read_callback(client: &AppotaPay, input: &Body) -> Result<Reading<CallbackResult>> {
    let members = parse_body(&input.body)?;
    read(client, members, &input.body, input.expected.as_ref())
}

pub(crate) fn read_redirect(client: &AppotaPay, input: &Query) -> Result<Reading<CallbackResult>> {
    let members = read_query(&input.query)?;
    read(client, members, &input.query, input.expected.as_ref())
}

pub(crate) fn acknowledge(_: &AppotaPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, r#"{"status":"ok"}"#))
}
