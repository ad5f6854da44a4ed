//! Mobile top-up: charge a telephone number, the state of a charge, and lists of products.

use super::answers::{Answers, Refusals};
use super::requests::{check_reference, query_string, segment};
use super::{AppotaPay, Call, reference};
use crate::answer::{Body, Nothing, Outcome, Proof, Reading};
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::check::{self, Dong, Whole};
use crate::error::Result;
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "topup",
    doc: "Mobile top-up.",
    operations: &[
        Operation {
            name: "appotapay.topup.charge",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a top-up (version 2). After a time-out or an undetermined answer call status; never charge \
                  again under a new partnerRefId.",
            handler: &TypedCall(charge),
        },
        Operation {
            name: "appotapay.topup.read_charge",
            kind: Kind::ReadOutcome("appotapay.topup.status"),
            evidence: Evidence::Official,
            doc: "Verifies the answer to charge. Its signature does not cover partnerRefId.",
            handler: &Typed(read_charge),
        },
        Operation {
            name: "appotapay.topup.charge_v1",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a top-up in the older version with an amount instead of a product. Known from the published \
                  collection only.",
            handler: &TypedCall(charge_v1),
        },
        Operation {
            name: "appotapay.topup.read_charge_v1",
            kind: Kind::ReadOutcome("appotapay.topup.status"),
            evidence: Evidence::Official,
            doc: "Verifies the answer to charge_v1, which signs the same members as status.",
            handler: &Typed(read_charge_v1),
        },
        Operation {
            name: "appotapay.topup.status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the state of a top-up.",
            handler: &TypedCall(status),
        },
        Operation {
            name: "appotapay.topup.read_status",
            kind: Kind::ReadOutcome("appotapay.topup.status"),
            evidence: Evidence::Official,
            doc: "Verifies the answer to status. The one formula that a digest printed by AppotaPay confirms.",
            handler: &Typed(read_status),
        },
        Operation {
            name: "appotapay.topup.product_codes",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for all product codes.",
            handler: &TypedCall(product_codes),
        },
        Operation {
            name: "appotapay.topup.read_product_codes",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to product_codes, which is not signed.",
            handler: &Typed(read_product_codes),
        },
        Operation {
            name: "appotapay.topup.products",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the data packages of a telephone number.",
            handler: &TypedCall(products),
        },
        Operation {
            name: "appotapay.topup.read_products",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to products, which is not signed.",
            handler: &Typed(read_products),
        },
        Operation {
            name: "appotapay.topup.info",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the network of a telephone number.",
            handler: &TypedCall(info),
        },
        Operation {
            name: "appotapay.topup.read_info",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to info, which is not signed.",
            handler: &Typed(read_info),
        },
    ],
};

pub(crate) const CHARGE: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("partnerRefId", "/partnerRefId"),
        ("phoneNumber", "/phoneNumber"),
        ("productCode", "/productCode"),
        ("telco", "/telco"),
        ("telcoServiceType", "/telcoServiceType"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CHARGE_V1: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("partnerRefId", "/partnerRefId"),
        ("phoneNumber", "/phoneNumber"),
        ("telco", "/telco"),
        ("telcoServiceType", "/telcoServiceType"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CHARGE_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/transaction/amount"),
        ("appotapayTransId", "/transaction/appotapayTransId"),
        ("errorCode", "/errorCode"),
        ("phoneNumber", "/transaction/phoneNumber"),
        ("productCode", "/transaction/productCode"),
        ("time", "/transaction/time"),
        ("topupAmount", "/transaction/topupAmount"),
    ],
    evidence: Evidence::Official,
};

/// The answers to status and to charge_v1 do not sign productCode.
pub(crate) const STATUS_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/transaction/amount"),
        ("appotapayTransId", "/transaction/appotapayTransId"),
        ("errorCode", "/errorCode"),
        ("phoneNumber", "/transaction/phoneNumber"),
        ("time", "/transaction/time"),
        ("topupAmount", "/transaction/topupAmount"),
    ],
    evidence: Evidence::Official,
};

const MONEY: &[&str] = &["amount", "topupAmount", "balance"];

const REFUSALS: Refusals = Refusals {
    codes: &reference::TOPUP,
    about_money: true,
    about_a_query: false,
};
const REFUSALS_WITHOUT_MONEY: Refusals = Refusals {
    about_money: false,
    ..REFUSALS
};

const CHARGE_ANSWERS: Answers = Answers {
    recipe: &CHARGE_ANSWER,
    optional: &[],
    proof: Proof::PartlySigned,
    money: MONEY,
    refusals: REFUSALS,
};

const CHARGE_V1_ANSWERS: Answers = Answers {
    recipe: &STATUS_ANSWER,
    ..CHARGE_ANSWERS
};

const STATUS_ANSWERS: Answers = Answers {
    refusals: REFUSALS.of_query(),
    ..CHARGE_V1_ANSWERS
};

/// How a telephone number is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TelcoServiceType {
    /// In advance.
    Prepaid,
    /// Afterwards.
    Postpaid,
}

impl TelcoServiceType {
    const fn name(self) -> &'static str {
        match self {
            TelcoServiceType::Prepaid => "prepaid",
            TelcoServiceType::Postpaid => "postpaid",
        }
    }
}

/// A top-up.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// Your unique reference, at most 50 characters: status asks with it.
    pub partner_ref_id: String,
    /// Network, e.g. `viettel`; AppotaPay finds it out itself.
    pub telco: Option<String>,
    /// `prepaid` or `postpaid`.
    pub telco_service_type: TelcoServiceType,
    /// Telephone number, e.g. `0866123456`.
    pub phone_number: String,
    /// Code of the product, from product_codes or products.
    pub product_code: String,
}

fn check_phone(field: &str, number: &str) -> Result<()> {
    check::digits(field, number, 8, 15)
}

pub(crate) fn charge(client: &AppotaPay, input: &Charge, call: &Call) -> Result<HttpRequest> {
    check_reference("partnerRefId", &input.partner_ref_id, 50)?;
    check_phone("phoneNumber", &input.phone_number)?;
    check_reference("productCode", &input.product_code, 100)?;
    let mut members = Record::from_iter([("partnerRefId", Value::text(&input.partner_ref_id))]);
    if let Some(telco) = &input.telco {
        check::ascii("telco", telco, 0, 50)?;
        members.push("telco", Value::text(telco));
    }
    members.push("telcoServiceType", Value::text(input.telco_service_type.name()));
    members.push("phoneNumber", Value::text(&input.phone_number));
    members.push("productCode", Value::text(&input.product_code));
    client.post_signed("/api/v2/service/topup/charging", &CHARGE, members, call)
}

/// A finished top-up. partnerRefId, network and balance are not covered.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TopupAnswer {
    /// Always `partly_signed`: partnerRefId is not covered, so compare the covered members with your record.
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

/// The covered members of a top-up.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Telephone number.
    pub phone_number: Option<String>,
    /// Amount that you pay, in VND.
    pub amount: Option<u64>,
    /// Amount that arrives, in VND.
    pub topup_amount: Option<u64>,
    /// Code of the product; covered in the answer to charge only.
    pub product_code: Option<String>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Time as printed: RFC 3339 on one page, `dd-mm-yyyy HH:MM:SS` on another.
    pub time: Option<String>,
}

pub(crate) fn read_charge(client: &AppotaPay, input: &Body) -> Result<Reading<TopupAnswer>> {
    CHARGE_ANSWERS.read_done(client, input)
}

/// A top-up in the older version.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChargeV1 {
    /// Your unique reference, at most 50 characters: status asks with it.
    pub partner_ref_id: String,
    /// Network, e.g. `viettel`.
    pub telco: String,
    /// `prepaid` or `postpaid`.
    pub telco_service_type: TelcoServiceType,
    /// Telephone number, e.g. `0866123456`.
    pub phone_number: String,
    /// Amount in VND.
    pub amount: Dong,
}

pub(crate) fn charge_v1(client: &AppotaPay, input: &ChargeV1, call: &Call) -> Result<HttpRequest> {
    check_reference("partnerRefId", &input.partner_ref_id, 50)?;
    check_reference("telco", &input.telco, 50)?;
    check_phone("phoneNumber", &input.phone_number)?;
    check::amount("amount", input.amount, 1)?;
    let members = Record::from_iter([
        ("partnerRefId", Value::text(&input.partner_ref_id)),
        ("telco", Value::text(&input.telco)),
        ("telcoServiceType", Value::text(input.telco_service_type.name())),
        ("phoneNumber", Value::text(&input.phone_number)),
        ("amount", Value::Integer(input.amount.0)),
    ]);
    client.post_signed("/api/v1/service/topup/charging", &CHARGE_V1, members, call)
}

pub(crate) fn read_charge_v1(client: &AppotaPay, input: &Body) -> Result<Reading<TopupAnswer>> {
    CHARGE_V1_ANSWERS.read_done(client, input)
}

/// A top-up to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Your reference of the top-up.
    pub partner_ref_id: String,
}

pub(crate) fn status(client: &AppotaPay, input: &Status, call: &Call) -> Result<HttpRequest> {
    let reference = segment("partnerRefId", &input.partner_ref_id)?;
    client.get(&format!("/api/v1/service/topup/transaction/{reference}"), call)
}

pub(crate) fn read_status(client: &AppotaPay, input: &Body) -> Result<Reading<TopupAnswer>> {
    STATUS_ANSWERS.read_done(client, input)
}

pub(crate) fn product_codes(client: &AppotaPay, _: &Nothing, call: &Call) -> Result<HttpRequest> {
    client.get("/api/v2/service/topup/productCodes", call)
}

/// Products of every network.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProductCodesAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// One record per network; `common` holds the products for all.
    pub data: Vec<Network>,
}

/// Products of a network.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Network, or `common`.
    pub telco: Option<String>,
    /// Text for people.
    pub description: Option<String>,
    /// Its products.
    pub products: Option<Vec<Product>>,
}

/// A product.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Number of the product, as printed.
    pub id: Option<String>,
    /// Code of the product.
    pub product_code: Option<String>,
    /// Price in VND.
    pub amount: Option<u64>,
    /// Kind, e.g. `topup_data`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Network.
    pub telco: Option<String>,
    /// Text for people.
    pub description: Option<String>,
}

pub(crate) fn read_product_codes(_: &AppotaPay, input: &Body) -> Result<Reading<ProductCodesAnswer>> {
    Ok(REFUSALS_WITHOUT_MONEY
        .read_unsigned(&input.body, MONEY, input.expected.as_ref())?
        .finish())
}

/// Data packages to list.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Products {
    /// Telephone number, e.g. `0912345678`.
    pub phone_number: String,
    /// `prepaid` or `postpaid`.
    pub telco_service_type: TelcoServiceType,
    /// Price in VND, e.g. 10000.
    pub value: Option<Whole>,
}

pub(crate) fn products(client: &AppotaPay, input: &Products, call: &Call) -> Result<HttpRequest> {
    check_phone("phone_number", &input.phone_number)?;
    let value = input.value.map(|value| value.0.to_string());
    let query = query_string([
        ("telco_service_type", Some(input.telco_service_type.name())),
        ("value", value.as_deref()),
    ]);
    let path = format!("/api/v1/service/topup/{}/products{query}", input.phone_number);
    client.get(&path, call)
}

/// Data packages.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProductsAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// One record per package.
    pub data: Vec<Product>,
}

pub(crate) fn read_products(_: &AppotaPay, input: &Body) -> Result<Reading<ProductsAnswer>> {
    Ok(REFUSALS_WITHOUT_MONEY
        .read_unsigned(&input.body, MONEY, input.expected.as_ref())?
        .finish())
}

/// A telephone number.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Telephone number, e.g. `0912345678`.
    pub phone_number: String,
}

pub(crate) fn info(client: &AppotaPay, input: &Info, call: &Call) -> Result<HttpRequest> {
    check_phone("phoneNumber", &input.phone_number)?;
    client.get(&format!("/api/v1/service/topup/{}/info", input.phone_number), call)
}

/// Network of a telephone number.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InfoAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// The number and its network.
    pub data: Subscriber,
}

/// A telephone number and its network.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subscriber {
    /// Telephone number.
    pub phone_number: Option<String>,
    /// Network.
    pub telco: Option<String>,
}

pub(crate) fn read_info(_: &AppotaPay, input: &Body) -> Result<Reading<InfoAnswer>> {
    Ok(REFUSALS_WITHOUT_MONEY
        .read_unsigned(&input.body, MONEY, input.expected.as_ref())?
        .finish())
}
