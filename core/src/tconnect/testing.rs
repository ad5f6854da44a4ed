//! Messages as TConnect would send them, for a merchant's own tests. Refused outside the sandbox.

use super::TConnect;
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::error::{Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "testing",
    doc: "Messages as TConnect would send them, for tests. Refused outside the sandbox.",
    operations: &[Operation {
        name: "tconnect.testing.ipn_callback",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "Makes an encrypted IPN body from its members.",
        handler: &Typed(ipn_callback),
    }],
};

/// Members of an IPN.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IpnCallback {
    /// Members by their wire names, encrypted as they are.
    pub members: Json,
}

/// A body as it would be received.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawBody {
    /// Raw body text.
    pub body: String,
}

pub(crate) fn ipn_callback(client: &TConnect, input: &IpnCallback) -> Result<Made<RawBody>> {
    if !client.sandbox {
        let rule = Rule::Say(
            "testing operations work in the sandbox only",
            "thao tác kiểm thử chỉ dùng được ở sandbox",
        );
        return Err(Error::invalid("environment", rule));
    }
    let members = Value::Record(input.members.0.clone()).to_json();
    let data = super::envelope::sealed(client, &members)?;
    let body = Value::Record(Record::from_iter([("data", Value::text(data))])).to_json();
    Ok(Made::new(Record::from_iter([("body", Value::text(body))])))
}
