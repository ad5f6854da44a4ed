//! Asking for a checkout order.

use super::HPay;
use super::answers::Unpublished;
use super::parameters::Parameters;
use crate::answer::{Body, Outcome, Proof, Reading};
use crate::canonical::{Evidence, Recipe, SecretName};
use crate::check::{self, Whole};
use crate::error::{Code, Error, Result};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::Json;

pub(crate) const SERVICE: Service = Service {
    name: "orders",
    doc: "Asking for a checkout order of the last seven days.",
    operations: &[
        Operation {
            name: "hpay.orders.inquire",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Asks for an order by its order_code or transaction_id. The formula is inferred from the gateway's \
                  predecessor; by transaction_id alone there is none: `recipe_required` until one is configured.",
            handler: &Typed(inquire),
        },
        Operation {
            name: "hpay.orders.read_inquire",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Unknown,
            doc: "Reads the answer with the order. Its formula is not published: `not_checked` until one is \
                  configured.",
            handler: &Typed(read_inquire),
        },
    ],
};

/// Row 12: NganLuong, the gateway from which this protocol descends, has the same call.
pub(crate) static INQUIRE: Recipe = Recipe::pipes(&["order_code"], SecretName::SecurePass, Evidence::Inferred);

/// An order to ask for: at least one of the two.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inquire {
    /// Order of the merchant. No `|`.
    pub order_code: Option<String>,
    /// HPay's identifier of the transaction.
    pub transaction_id: Option<Whole>,
}

pub(crate) fn inquire(client: &HPay, input: &Inquire) -> Result<HttpRequest> {
    if input.order_code.is_none() && input.transaction_id.is_none() {
        return Err(Error::missing("order_code"));
    }
    if let Some(code) = &input.order_code {
        check::text("order_code", code, 1, 100)?;
    }
    let mut parameters = Parameters::new();
    parameters.put("merchant_id", Some(&client.merchant_site_code));
    parameters.put("order_code", input.order_code.as_deref());
    if let Some(id) = input.transaction_id {
        parameters.made("transaction_id", id.0.to_string());
    }
    let recipe = client.recipe("hpay.orders.inquire", &INQUIRE);
    let names_order = |name: &str| matches!(name, "order_code" | "transaction_id") && parameters.get(name).is_some();
    if !recipe.fields.iter().any(names_order) {
        return Err(Error::new(Code::RecipeRequired).field("recipes"));
    }
    let checksum = parameters.sign(client, recipe, "checksum")?;
    let url = format!("{}/api/transaction/GetTransactionDetail", client.checkout_url);
    Ok(HttpRequest::post_form(url, parameters.form()).signature(checksum))
}

/// The answer with the order.
pub(super) static READ_INQUIRE: Unpublished = Unpublished {
    operation: "hpay.orders.read_inquire",
    checksum: "checksum",
    required: &["transaction_status", "total_amount"],
    names_merchant: false,
    needed: &[&["order_code", "transaction_id"], &["total_amount"]],
};

/// An order as HPay knows it.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InquireAnswer {
    /// `not_checked`; with a configured formula `signed`, or `partly_signed` where it leaves order or amount out.
    pub proof: Proof,
    /// After transaction_status, whose values HPay does not document but for `00`, paid; the others are taken from
    /// the table of error codes: 81, 82 and 114 `pending`, 83 and 115 `failed`, anything else `undetermined`. Absent
    /// where a configured formula leaves transaction_status out.
    pub outcome: Option<Outcome>,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: Option<String>,
    /// The order.
    pub data: Option<Order>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// An order.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Order {
    /// Token of the order.
    pub token: Option<String>,
    /// `00` for paid; other values are not documented.
    pub transaction_status: Option<String>,
    /// E-mail of the merchant's account.
    pub receiver_email: Option<String>,
    /// Order of the merchant.
    pub order_code: Option<String>,
    /// Total amount.
    pub total_amount: Option<u64>,
    /// Bank of the buyer.
    pub bank_code: Option<String>,
    /// Description of the order.
    pub order_description: Option<String>,
    /// Tax.
    pub tax_amount: Option<u64>,
    /// Discount.
    pub discount_amount: Option<u64>,
    /// Cost of shipping.
    pub fee_shipping: Option<u64>,
    /// Page to return to.
    pub return_url: Option<String>,
    /// Page for a cancelled payment.
    pub cancel_url: Option<String>,
    /// Name of the buyer.
    pub buyer_fullname: Option<String>,
    /// E-mail of the buyer.
    pub buyer_email: Option<String>,
    /// Telephone of the buyer.
    pub buyer_mobile: Option<String>,
    /// Address of the buyer.
    pub buyer_address: Option<String>,
    /// Code of an affiliate.
    pub affiliate_code: Option<String>,
    /// HPay's identifier of the transaction, as printed.
    pub transaction_id: Option<String>,
}

pub(crate) fn read_inquire(client: &HPay, input: &Body) -> Result<Reading<InquireAnswer>> {
    let money = ["total_amount", "tax_amount", "discount_amount", "fee_shipping"];
    let mut draft = READ_INQUIRE.read(client, &input.body)?.grouped_money(&money);
    let data = draft.members().get("data").and_then(|data| data.as_record());
    let status = data.and_then(|data| data.printed("transaction_status"));
    draft.outcome = status.map(|status| match status.as_ref() {
        "00" => Outcome::Succeeded,
        "81" | "82" | "114" => Outcome::Pending,
        "83" | "115" => Outcome::Failed,
        _ => Outcome::Undetermined,
    });
    Ok(draft.expect(input.expected.as_ref())?.finish())
}
