//! Messages as HPay would send them, for a merchant's own tests. Refused in production. RSA answers are signed with
//! this client's private_key, so a second client plays HPay.

use super::answers::{Unpublished, required_recipe, value_of};
use super::firm_banking::TRANSFER_ANSWER;
use super::open_api::{ANSWER, CALLBACK};
use super::{HPay, account, checkout, firm_banking, orders, virtual_account};
use crate::answer::Made;
use crate::canonical::{Evidence, Recipe, member};
use crate::crypto::encoding;
use crate::error::{Error, Result, Rule};
use crate::http::Encoder;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value, parse_record};

pub(crate) const SERVICE: Service = Service {
    name: "testing",
    doc: "Messages as HPay would send them, for tests. Refused in production.",
    operations: &[
        Operation {
            name: "hpay.testing.checkout_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed query string of a return_url or notify_url call.",
            handler: &Typed(checkout_callback),
        },
        Operation {
            name: "hpay.testing.firm_banking_transfer",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.transfer.",
            handler: &Typed(firm_banking_transfer),
        },
        Operation {
            name: "hpay.testing.tokenization_callback",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed query string of a revocation's callback, by the configured formula.",
            handler: &Typed(tokenization_callback),
        },
        Operation {
            name: "hpay.testing.orders_inquire",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed answer to orders.inquire, by the configured formula.",
            handler: &Typed(orders_inquire),
        },
        Operation {
            name: "hpay.testing.account_balance",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed answer to account.balance, by the configured formula.",
            handler: &Typed(account_balance),
        },
        Operation {
            name: "hpay.testing.virtual_account_create",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed answer to virtual_account.create, by the configured formula.",
            handler: &Typed(virtual_account_create),
        },
        Operation {
            name: "hpay.testing.virtual_account_revoke",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed answer to virtual_account.revoke, by the configured formula.",
            handler: &Typed(virtual_account_revoke),
        },
        Operation {
            name: "hpay.testing.virtual_account_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed query string of a virtual account's callback, by the configured formula.",
            handler: &Typed(virtual_account_callback),
        },
        Operation {
            name: "hpay.testing.firm_banking_account",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed answer to firm_banking.account, by the configured formula.",
            handler: &Typed(firm_banking_account),
        },
        Operation {
            name: "hpay.testing.firm_banking_inquire",
            kind: Kind::Pure,
            evidence: Evidence::Unknown,
            doc: "Makes the signed answer to firm_banking.inquire, by the configured formula.",
            handler: &Typed(firm_banking_inquire),
        },
        Operation {
            name: "hpay.testing.open_api",
            kind: Kind::Pure,
            evidence: Evidence::Observed,
            doc: "Makes the signed answer to any call of the Open API.",
            handler: &Typed(open_api),
        },
        Operation {
            name: "hpay.testing.open_api_callback",
            kind: Kind::Pure,
            evidence: Evidence::Observed,
            doc: "Makes the signed query string of the Open API's webhook.",
            handler: &Typed(open_api_callback),
        },
    ],
};

/// Members of a message, without its signature.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Members {
    /// Members by their wire names.
    pub members: Json,
}

/// A query string as it would be received.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawQuery {
    /// Raw query string.
    pub query: String,
}

/// A body as it would be received.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawBody {
    /// Raw body text.
    pub body: String,
}

/// Testing operations never run with real money.
pub(super) fn sandbox_only(client: &HPay) -> Result<()> {
    if client.may_test() {
        return Ok(());
    }
    let rule = Rule::Say(
        "testing operations work in the sandbox only",
        "thao tác kiểm thử chỉ dùng được ở sandbox",
    );
    Err(Error::invalid("environment", rule))
}

pub(crate) fn checkout_callback(client: &HPay, input: &Members) -> Result<Made<RawQuery>> {
    sandbox_only(client)?;
    let recipe = client.recipe("hpay.checkout.read_callback", &checkout::CALLBACK);
    let members = &input.members.0;
    let signature = client.sign(recipe, |name| match name {
        "merchant_site_code" => Some(client.merchant_site_code.as_str().into()),
        name => member(members, name),
    })?;
    Ok(query(members, "secure_code", &signature))
}

/// The members and their signature as a query string.
pub(super) fn query(members: &Record<'_>, signature_name: &str, signature: &str) -> Made<RawQuery> {
    let printed: Vec<_> = members
        .iter()
        .map(|(name, value)| (name, value.printed().unwrap_or_default()))
        .collect();
    let pairs = printed.iter().map(|(name, value)| (*name, value.as_ref()));
    let query = Encoder::PhpForm.join(pairs.chain([(signature_name, signature)]));
    Made::new(Record::from_iter([("query", Value::text(query))]))
}

pub(crate) fn firm_banking_transfer(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    sandbox_only(client)?;
    let recipe = client.recipe("hpay.firm_banking.read_transfer", &TRANSFER_ANSWER);
    sign_data(client, recipe, &input.members.0, "secureChain")
}

/// Signs the members of `data` and puts the signature among them.
fn sign_data(client: &HPay, recipe: &Recipe, members: &Record<'static>, name: &'static str) -> Result<Made<RawBody>> {
    let data = members
        .get("data")
        .and_then(Value::as_record)
        .ok_or_else(|| Error::missing("members.data"))?;
    let signature = client.sign(recipe, |field| member(data, field))?;
    let mut answer = members.clone();
    for (member_name, value) in answer.iter_mut() {
        if let ("data", Value::Record(data)) = (member_name, value) {
            data.push(name, Value::text(signature.clone()));
        }
    }
    Ok(body(answer))
}

/// The signed query string of a callback whose formula stands in the configuration only.
fn configured_callback(client: &HPay, operation: &str, members: &Record<'_>) -> Result<Made<RawQuery>> {
    sandbox_only(client)?;
    let recipe = required_recipe(client, operation)?;
    let signature = client.sign(recipe, |name| value_of(client, members, name))?;
    Ok(query(members, "secure_code", &signature))
}

/// The signed answer whose formula stands in the configuration only.
fn configured_answer(client: &HPay, answer: &Unpublished, members: &Record<'static>) -> Result<Made<RawBody>> {
    sandbox_only(client)?;
    let recipe = required_recipe(client, answer.operation)?;
    let signature = client.sign(recipe, |name| value_of(client, members, name))?;
    let mut members = members.clone();
    members.push(answer.checksum, Value::text(signature));
    Ok(body(members))
}

fn body(members: Record<'static>) -> Made<RawBody> {
    Made::new(Record::from_iter([(
        "body",
        Value::text(Value::Record(members).to_json()),
    )]))
}

pub(crate) fn tokenization_callback(client: &HPay, input: &Members) -> Result<Made<RawQuery>> {
    configured_callback(client, "hpay.tokenization.read_callback", &input.members.0)
}

pub(crate) fn orders_inquire(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    configured_answer(client, &orders::READ_INQUIRE, &input.members.0)
}

pub(crate) fn account_balance(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    configured_answer(client, &account::READ_BALANCE, &input.members.0)
}

pub(crate) fn virtual_account_create(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    configured_answer(client, &virtual_account::READ_CREATE, &input.members.0)
}

pub(crate) fn virtual_account_revoke(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    configured_answer(client, &virtual_account::READ_REVOKE, &input.members.0)
}

pub(crate) fn virtual_account_callback(client: &HPay, input: &Members) -> Result<Made<RawQuery>> {
    configured_callback(client, "hpay.virtual_account.read_callback", &input.members.0)
}

pub(crate) fn firm_banking_account(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    configured_answer(client, &firm_banking::READ_ACCOUNT, &input.members.0)
}

pub(crate) fn firm_banking_inquire(client: &HPay, input: &Members) -> Result<Made<RawBody>> {
    configured_answer(client, &firm_banking::READ_INQUIRE, &input.members.0)
}

/// An answer of the Open API.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenApi {
    /// Text of the JSON object inside.
    pub payload: String,
    /// Code; default `00`, success.
    #[serde(rename = "errorCode")]
    pub error_code: Option<String>,
    /// Message for people; default `Success`.
    #[serde(rename = "errorMessage")]
    pub error_message: Option<String>,
}

pub(crate) fn open_api(client: &HPay, input: &OpenApi) -> Result<Made<RawBody>> {
    sandbox_only(client)?;
    parse_record(&input.payload).map_err(|error| error.field("payload"))?;
    let code = input.error_code.clone().unwrap_or_else(|| "00".into());
    let message = input.error_message.clone().unwrap_or_else(|| "Success".into());
    let data = encoding::base64(input.payload.as_bytes());
    let mut members = Record::from_iter([
        ("errorCode", Value::text(code)),
        ("errorMessage", Value::text(message)),
        ("data", Value::text(data)),
    ]);
    let signature = client.sign(&ANSWER, |name| member(&members, name))?;
    members.push("signature", Value::text(signature));
    Ok(body(members))
}

pub(crate) fn open_api_callback(client: &HPay, input: &Members) -> Result<Made<RawQuery>> {
    sandbox_only(client)?;
    let recipe = client.recipe("hpay.open_api.read_callback", &CALLBACK);
    let mut members = input.members.0.clone();
    if members.get("merchant_id").is_none() {
        members.push("merchant_id", Value::text(client.merchant_site_code.clone()));
    }
    let signature = client.sign(recipe, |name| member(&members, name))?;
    Ok(query(&members, "secure_code", &signature))
}
