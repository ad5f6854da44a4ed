//! Messages as HPay would send them, for a merchant's own tests. Refused in production. RSA answers are signed with
//! this client's private_key, so a second client plays HPay.

use super::HPay;
use super::checkout::CALLBACK;
use super::firm_banking::TRANSFER_ANSWER;
use crate::answer::Made;
use crate::canonical::{Evidence, Recipe, member};
use crate::error::{Error, Result, Rule};
use crate::http::Encoder;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

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
    let recipe = client.recipe("hpay.checkout.read_callback", &CALLBACK);
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
    Ok(Made::new(Record::from_iter([(
        "body",
        Value::text(Value::Record(answer).to_json()),
    )])))
}
