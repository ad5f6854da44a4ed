//! The list of services that the merchant may use. The only call whose parameters are not encrypted.

use super::{Needed, TConnect, bearer, read_answer, unsigned};
use crate::answer::{Body, Proof, Reading};
use crate::canonical::Evidence;
use crate::check::{self, Whole};
use crate::error::{Error, Result};
use crate::http::{Encoder, HttpRequest};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;

pub(crate) const SERVICE: Service = Service {
    name: "services",
    doc: "The list of services that the merchant may use.",
    operations: &[
        Operation {
            name: "tconnect.services.list",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the services of this merchant. A service's code is the service_code of qr.create.",
            handler: &Typed(list),
        },
        Operation {
            name: "tconnect.services.read_list",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to list.",
            handler: &Typed(read_list),
        },
    ],
};

/// Filter and page of the list.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct List {
    /// Access token of the last login.
    pub access_token: Secret,
    /// Type of service, e.g. `finance`.
    pub service_type: Option<String>,
    /// Payment method, e.g. `qr` or `card`.
    pub payment_method: Option<String>,
    /// Code of one service.
    pub code: Option<String>,
    /// Records per page; default 10.
    pub limit: Option<Whole>,
    /// Page, from 1; default 1.
    pub page: Option<Whole>,
}

/// Checks a page or a limit: from 1.
pub(super) fn from_one(field: &str, Whole(number): Whole) -> Result<u64> {
    if number == 0 {
        let rule = crate::error::Rule::Say("must be at least 1", "phải từ 1 trở lên");
        return Err(Error::invalid(field, rule));
    }
    Ok(number)
}

pub(crate) fn list(client: &TConnect, input: &List) -> Result<HttpRequest> {
    let limit = from_one("limit", input.limit.unwrap_or(Whole(10)))?.to_string();
    let page = from_one("page", input.page.unwrap_or(Whole(1)))?.to_string();
    let mut pairs = Vec::with_capacity(5);
    for (name, value) in [
        ("service_type", &input.service_type),
        ("payment_method", &input.payment_method),
        ("code", &input.code),
    ] {
        if let Some(value) = value {
            check::text(name, value, 1, 100)?;
            pairs.push((name, value.as_str()));
        }
    }
    // Marked required in the document although its samples leave them out: always sent.
    pairs.push(("limit", &limit));
    pairs.push(("page", &page));
    let url = Encoder::Rfc3986.address(&[&client.base_url, "/openapi/v1/services"], pairs);
    let request = HttpRequest::get(url).header("Partner-Code", client.partner_code.clone());
    bearer(request, Some(input.access_token.expose()))
}

/// Services of the merchant.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Services {
    /// Always `unsigned`.
    pub proof: Proof,
    /// One record per service.
    pub data: Vec<ServiceRow>,
    /// Page of this answer.
    pub pagination: Option<Pagination>,
}

/// One service.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceRow {
    /// Number of the service, as printed.
    pub id: Option<String>,
    /// Code of the service, e.g. `bidv-qr`: the header `x-service-code` of other calls.
    pub code: String,
    /// Name for people.
    pub name: Option<String>,
    /// Type of service.
    pub service_type: Option<String>,
    /// Payment method.
    pub payment_method: Option<String>,
    /// Whether virtual_account.create may be called for it.
    pub allowed_va_creation: Option<bool>,
    /// Who provides it.
    pub provider: Option<Provider>,
}

/// Provider of a service.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provider {
    /// Code of the provider.
    pub provider_code: Option<String>,
    /// Name of the provider.
    pub provider_name: Option<String>,
}

/// Page of a list, numbers as printed.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pagination {
    /// This page, from 1.
    pub page: Option<String>,
    /// Records per page.
    pub limit: Option<String>,
    /// Records in all.
    pub total_items: Option<String>,
    /// Pages in all.
    pub total_pages: Option<String>,
}

pub(crate) fn read_list(_: &TConnect, input: &Body) -> Result<Reading<Services>> {
    let record = read_answer(&input.body, Needed::Rows)?;
    Ok(unsigned(record).expect(input.expected.as_ref())?.finish())
}
