//! Why an AppotaPay signature, or token, does not match.

use super::signing::{at, values};
use super::{AppotaPay, bill, cards, firm_banking, orders, topup, virtual_account, wallet};
use crate::answer::Made;
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::error::{Code, Error, Result};
use crate::explain::{
    Explain, Explanation, Given, Shape, Subject, explain_jwt, is_request, other_members, pairs_of, sent_members,
};
use crate::http::read_query;
use crate::operations::{self, AnyClient, Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Record, Value, parse_record, raw_member};

pub(crate) const SERVICE: Service = Service {
    name: "explain",
    doc: "Why a signature does not match.",
    operations: &[Operation {
        name: "appotapay.explain.signature",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "The canonical text of a message, field by field, and the common mistakes that reproduce the signature of \
              the other side. For appotapay.auth.token the given signature is the other side's token. The right digest \
              is shown for messages to be sent only.",
        handler: &Typed(signature),
    }],
};

/// Signed messages: the operation and its formula.
const MESSAGES: &[(&str, &KeyValueRecipe)] = &[
    ("appotapay.firm_banking.account_info", &firm_banking::ACCOUNT_INFO),
    (
        "appotapay.firm_banking.read_account_info",
        &firm_banking::ACCOUNT_INFO_ANSWER,
    ),
    ("appotapay.firm_banking.transfer", &firm_banking::TRANSFER),
    ("appotapay.firm_banking.read_transfer", &firm_banking::TRANSFER_ANSWER),
    ("appotapay.firm_banking.read_status", &firm_banking::TRANSFER_ANSWER),
    ("appotapay.firm_banking.read_callback", &firm_banking::CALLBACK),
    ("appotapay.virtual_account.create", &virtual_account::CREATE),
    ("appotapay.virtual_account.read_create", &virtual_account::CREATE_ANSWER),
    ("appotapay.virtual_account.read_detail", &virtual_account::DETAIL_ANSWER),
    ("appotapay.virtual_account.close", &virtual_account::CLOSE),
    ("appotapay.virtual_account.read_callback", &virtual_account::CALLBACK),
    ("appotapay.bill.check", &bill::CHECK),
    ("appotapay.bill.pay", &bill::PAY),
    ("appotapay.bill.read_pay", &bill::PAY_ANSWER),
    ("appotapay.bill.read_status", &bill::PAY_ANSWER),
    ("appotapay.cards.buy", &cards::BUY),
    ("appotapay.topup.charge", &topup::CHARGE),
    ("appotapay.topup.charge_v1", &topup::CHARGE_V1),
    ("appotapay.topup.read_charge", &topup::CHARGE_ANSWER),
    ("appotapay.topup.read_charge_v1", &topup::STATUS_ANSWER),
    ("appotapay.topup.read_status", &topup::STATUS_ANSWER),
    ("appotapay.wallet.pay", &wallet::PAY),
    ("appotapay.wallet.confirm", &wallet::CONFIRM),
    ("appotapay.wallet.cancel", &wallet::CANCEL),
    ("appotapay.orders.create", &orders::CREATE),
    ("appotapay.orders.read_create", &orders::CREATE_ANSWER),
    ("appotapay.orders.create_v1_1", &orders::CREATE_V1_1),
    ("appotapay.orders.read_create_v1_1", &orders::CREATE_V1_1_ANSWER),
    ("appotapay.orders.status", &orders::STATUS),
    ("appotapay.orders.read_status", &orders::CALLBACK),
    ("appotapay.orders.status_v1_1", &orders::STATUS),
    ("appotapay.orders.read_status_v1_1", &orders::STATUS_V1_1_ANSWER),
    ("appotapay.orders.refund", &orders::REFUND),
    ("appotapay.orders.read_refund", &orders::REFUND_ANSWER),
    ("appotapay.orders.read_callback", &orders::CALLBACK),
    ("appotapay.orders.read_redirect", &orders::CALLBACK),
    ("appotapay.orders.list", &orders::LIST),
];

/// Messages with a second formula, which is the right one where the signature is made by it.
const SECOND_FORMULAS: &[(&str, &KeyValueRecipe)] = &[
    ("appotapay.orders.create_v1_1", &orders::CREATE_V1_1_WITH_CARD),
    ("appotapay.orders.read_create_v1_1", &orders::CREATE_ANSWER),
    ("appotapay.wallet.cancel", &wallet::CONFIRM),
];

/// Messages of card charging, with the names of the values that SHA-256 covers.
const CONCATENATED: &[(&str, &[&str])] = &[
    ("appotapay.cards.charge", cards::CHARGE_PARTS),
    ("appotapay.cards.charge_status", cards::CHARGE_STATUS_PARTS),
];

/// Messages whose signature covers the base64 text `data` as received.
const OPAQUE: &[&str] = &[
    "appotapay.payment.read_callback",
    "appotapay.payment.read_redirect",
    "appotapay.pos.read_callback",
];

pub(crate) fn signature(client: &AppotaPay, input: &Explain) -> Result<Made<Explanation>> {
    if input.operation == "appotapay.auth.token" {
        let token = input.signature.as_deref().ok_or_else(|| Error::missing("signature"))?;
        return Ok(explain_jwt(&input.operation, token, &client.secret_key));
    }
    let given = input.given()?;
    let (mut members, right) = match given {
        Given::Input(value) => {
            let operation = operations::find(&input.operation).ok_or_else(unknown)?;
            is_request(operation)?;
            let request = operation
                .run_with(AnyClient::AppotaPay(client), value)
                .map_err(|error| error.retold("appotapay.explain.signature", "input"))?;
            let right = request
                .pointer("/signature")
                .and_then(Value::as_text)
                .map(str::to_owned);
            let body = request.pointer("/body").and_then(Value::as_text).unwrap_or_default();
            if input.operation == "appotapay.pos.create" {
                return Ok(raw(client, input, ("body", body), right.as_deref(), None));
            }
            (sent_members(&request)?, right)
        }
        Given::Body(body) => (parse_record(body)?.into_owned(), None),
        Given::Query(query) => (read_query(query)?.into_owned(), None),
    };
    if OPAQUE.contains(&input.operation.as_str()) {
        let data = members.printed("data").unwrap_or_default().into_owned();
        let data = if matches!(given, Given::Query(_)) {
            data.replace(' ', "+")
        } else {
            data
        };
        let received = members.printed("signature").map(Into::into);
        return Ok(raw(client, input, ("data", &data), None, received));
    }
    if let Some((_, parts)) = CONCATENATED.iter().find(|(operation, _)| *operation == input.operation) {
        return concatenated(client, input, parts, &mut members, right.as_deref());
    }
    let recipe = formula(client, input, &mut members, right.as_deref()).ok_or_else(unknown)?;
    Ok(pairs(client, input, recipe, &members, right.as_deref()))
}

/// The formula of a message, and in `members` the values as they count in it.
fn formula(
    client: &AppotaPay,
    input: &Explain,
    members: &mut Record<'static>,
    right: Option<&str>,
) -> Option<&'static KeyValueRecipe> {
    let of = |table: &[(&str, &'static KeyValueRecipe)]| {
        let row = table.iter().find(|(operation, _)| *operation == input.operation);
        row.map(|(_, recipe)| *recipe)
    };
    let first = of(MESSAGES)?;
    let received = members.printed("signature").map(|text| text.into_owned());
    let signature = right.or(input.signature.as_deref()).or(received.as_deref());
    let fits = |recipe: &KeyValueRecipe, members: &Record<'_>| {
        signature.is_some_and(|signature| fits(client, recipe, members, signature))
    };
    if let Some(Value::List(_)) = members.get("billDetail") {
        // PHP's text of a list.
        replace(members, "billDetail", Value::text("Array"));
    }
    spell_payment(input, members, |members| fits(first, members));
    let second = of(SECOND_FORMULAS).filter(|second| !fits(first, members) && fits(second, members));
    if second.is_some() && input.operation == "appotapay.wallet.cancel" {
        // The documented template has it, the body does not.
        replace(members, "verificationCode", Value::text(""));
    }
    Some(second.unwrap_or(first))
}

/// Puts the JSON text of `payment` in its place: in the spelling that was signed, or else in PHP's own.
fn spell_payment(input: &Explain, members: &mut Record<'static>, fits: impl Fn(&Record<'_>) -> bool) {
    let Some(payment @ Value::Record(_)) = members.get("payment").cloned() else {
        return;
    };
    let raw = input.body.as_deref().and_then(|body| raw_member(body, "payment"));
    let texts = virtual_account::spellings(Some(&payment), raw.unwrap_or_default());
    // The default comes first and last: it stays where none fits.
    for (_, text) in texts.iter().chain(texts.first()) {
        replace(members, "payment", text.clone().into_owned());
        if fits(members) {
            return;
        }
    }
}

/// Whether a signature is that of a formula over the members.
fn fits(client: &AppotaPay, recipe: &KeyValueRecipe, members: &Record<'_>, signature: &str) -> bool {
    let candidates = client.candidates(&values(recipe, members));
    candidates.is_ok_and(|candidates| client.verify_any(&candidates, signature).is_ok())
}

fn replace(members: &mut Record<'static>, name: &'static str, value: Value<'static>) {
    members.remove(name);
    members.push(name, value);
}

fn unknown() -> Error {
    Error::new(Code::UnknownOperation).field("operation")
}

/// The secrets to try, the right one first.
fn secrets<'s>(client: &'s AppotaPay, input: &'s Explain) -> Vec<(String, &'s Secret)> {
    let mut secrets = vec![
        ("secret_key".to_owned(), &client.secret_key),
        ("api_key".to_owned(), &client.api_key),
    ];
    let previous = client.previous_secrets.iter().enumerate();
    secrets.extend(previous.map(|(index, secret)| (format!("previous_secrets/{index}"), secret)));
    let others = input.other_secrets.iter().flatten().enumerate();
    secrets.extend(others.map(|(index, secret)| (format!("other_secrets/{index}"), secret)));
    secrets
}

fn pairs(
    client: &AppotaPay,
    input: &Explain,
    recipe: &KeyValueRecipe,
    members: &Record<'static>,
    right: Option<&str>,
) -> Made<Explanation> {
    let printed = |value: &Value<'static>| match value {
        Value::Null => Some(String::new()),
        value => value.printed().map(Into::into),
    };
    let fields = pairs_of(recipe, |pointer| at(members, pointer).and_then(printed));
    let received = members.printed("signature").map(|text| text.into_owned());
    let given = input
        .signature
        .clone()
        .or(if right.is_none() { received } else { None });
    let known = MESSAGES.iter().map(|(operation, recipe)| {
        let names = recipe.fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        (*operation, names, Shape::key_value())
    });
    let subject = Subject {
        operation: &input.operation,
        shape: Shape::key_value(),
        others: other_members(members, &fields, "signature"),
        fields,
        secrets: secrets(client, input),
        evidence: recipe.evidence,
        known: known.collect(),
        verify: None,
        absent_as_empty: client.absent_fields == super::AbsentFields::Listed,
    };
    subject.explain(right, given.as_deref())
}

/// SHA-256 over values of card charging, which has a secret of its own.
fn concatenated(
    client: &AppotaPay,
    input: &Explain,
    parts: &[&str],
    members: &mut Record<'static>,
    right: Option<&str>,
) -> Result<Made<Explanation>> {
    let mut all = secrets(client, input);
    all.insert(
        0,
        ("charging_card.secret_key".to_owned(), client.charging()?.secret_key()),
    );
    // It stands in the address, and is a secret.
    members.remove("api_key");
    let received = members.printed("signature").map(|text| text.into_owned());
    let field = |name: &&str| ((*name).to_owned(), members.printed(name).map(|text| text.into_owned()));
    let fields: Vec<_> = parts.iter().map(field).collect();
    let known = CONCATENATED.iter().map(|(operation, parts)| {
        let names = parts.iter().map(|name| (*name).to_owned()).collect();
        (*operation, names, Shape::concatenated(parts.len()))
    });
    let subject = Subject {
        operation: &input.operation,
        shape: Shape::concatenated(parts.len()),
        others: other_members(members, &fields, "signature"),
        fields,
        secrets: all,
        evidence: Evidence::Official,
        known: known.collect(),
        verify: None,
        absent_as_empty: true,
    };
    let received = if right.is_none() { received } else { None };
    let given = input.signature.clone().or(received);
    Ok(subject.explain(right, given.as_deref()))
}

/// An HMAC over one text exactly as it is sent or received.
fn raw(
    client: &AppotaPay,
    input: &Explain,
    (name, text): (&str, &str),
    right: Option<&str>,
    received: Option<String>,
) -> Made<Explanation> {
    let subject = Subject {
        operation: &input.operation,
        shape: Shape::raw(),
        fields: vec![(name.to_owned(), Some(text.to_owned()))],
        others: Vec::new(),
        secrets: secrets(client, input),
        evidence: Evidence::Official,
        known: Vec::new(),
        verify: None,
        absent_as_empty: false,
    };
    subject.explain(right, input.signature.clone().or(received).as_deref())
}
