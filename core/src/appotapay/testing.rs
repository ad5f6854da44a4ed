//! Messages as AppotaPay would send them, for a merchant's own tests. Refused in production.

use super::{AppotaPay, firm_banking};
use crate::answer::Made;
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::error::{Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "testing",
    doc: "Messages as AppotaPay would send them, for tests. Refused in production.",
    operations: &[
        Operation {
            name: "appotapay.testing.firm_banking_account_info",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.account_info.",
            handler: &Typed(firm_banking_account_info),
        },
        Operation {
            name: "appotapay.testing.firm_banking_transfer",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.transfer.",
            handler: &Typed(firm_banking_transfer),
        },
        Operation {
            name: "appotapay.testing.firm_banking_status",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed answer to firm_banking.status.",
            handler: &Typed(firm_banking_status),
        },
        Operation {
            name: "appotapay.testing.firm_banking_callback",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Makes the signed callback for a transfer that was pending.",
            handler: &Typed(firm_banking_callback),
        },
    ],
};

/// Members of a message, without its signature.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Members {
    /// Members by their wire names and nesting.
    pub members: Json,
}

/// A body as it would be received.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawBody {
    /// Raw body text.
    pub body: String,
}

pub(crate) fn firm_banking_account_info(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::ACCOUNT_INFO_ANSWER, input)
}

pub(crate) fn firm_banking_transfer(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::TRANSFER_ANSWER, input)
}

pub(crate) fn firm_banking_status(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::TRANSFER_ANSWER, input)
}

pub(crate) fn firm_banking_callback(client: &AppotaPay, input: &Members) -> Result<Made<RawBody>> {
    signed_body(client, &firm_banking::CALLBACK, input)
}

/// The members with the signature that the gateway would add.
pub(super) fn signed_body(client: &AppotaPay, recipe: &KeyValueRecipe, input: &Members) -> Result<Made<RawBody>> {
    if !client.may_test() {
        let rule = Rule::Say(
            "testing operations work in the sandbox only",
            "thao tác kiểm thử chỉ dùng được ở sandbox",
        );
        return Err(Error::invalid("environment", rule));
    }
    let signature = client.sign(recipe, &input.members.0)?;
    let mut members = input.members.0.clone();
    members.remove("signature");
    members.push("signature", Value::text(signature));
    let body = Value::Record(members).to_json();
    Ok(Made::new(Record::from_iter([("body", Value::text(body))])))
}
