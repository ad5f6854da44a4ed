//! Virtual accounts (VA).

use super::{Needed, TConnect, payload, read_answer, unsigned};
use crate::answer::{Body, Proof, Reading};
use crate::canonical::Evidence;
use crate::check;
use crate::error::Result;
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "virtual_account",
    doc: "Virtual accounts (VA) that receive bank transfers.",
    operations: &[
        Operation {
            name: "tconnect.virtual_account.create",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request that creates a virtual account.",
            handler: &Typed(create),
        },
        Operation {
            name: "tconnect.virtual_account.read_create",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to create: the number of the new virtual account.",
            handler: &Typed(read_create),
        },
    ],
};

/// A virtual account to create.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Create {
    /// Access token of the last login.
    pub access_token: Secret,
    /// BIN of the issuing bank, e.g. `970454`.
    pub bank_code: String,
    /// Name shown on the account.
    pub account_name: String,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn create(client: &TConnect, input: &Create) -> Result<HttpRequest> {
    check::alphanumeric("bank_code", &input.bank_code, 1, 20)?;
    check::text("account_name", &input.account_name, 1, 100)?;
    let members = Record::from_iter([
        ("bank_code", Value::text(&input.bank_code)),
        ("account_name", Value::text(&input.account_name)),
    ]);
    let payload = payload::<Create>(members, input.extra.as_ref())?;
    client.post(
        "/openapi/v1/va/va-account/create",
        Some(input.access_token.expose()),
        &payload,
    )
}

/// A virtual account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Always `unsigned`.
    pub proof: Proof,
    /// Number of the virtual account, letters and digits.
    pub va_number: String,
    /// BIN of the issuing bank.
    pub bank_code: Option<String>,
    /// Name shown on the account.
    pub account_name: Option<String>,
    /// State, e.g. `active`.
    pub status: Option<String>,
}

pub(crate) fn read_create(_: &TConnect, input: &Body) -> Result<Reading<Account>> {
    let record = read_answer(&input.body, Needed::Text("va_number"))?;
    Ok(unsigned(record).expect(input.expected.as_ref())?.finish())
}
