//! Tokens of ATM cards: revoking one. Tokens are made and used by checkout links (`token_type`, `token`).

use super::HPay;
use super::answers::{covered_values, merchant_is_named, own_merchant, required_recipe, take_text, verified};
use super::parameters::Parameters;
use crate::answer::{Proof, Query, Reading, idempotency_key};
use crate::canonical::{Evidence, Recipe, SecretName};
use crate::check;
use crate::error::Result;
use crate::http::{HttpRequest, read_query};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::Json;

pub(crate) const SERVICE: Service = Service {
    name: "tokenization",
    doc: "Revoking tokens of ATM cards. Checkout links make and use them (`token_type`, `token`).",
    operations: &[
        Operation {
            name: "hpay.tokenization.revoke",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Builds the link that revokes a card token; redirect the buyer to it. The formula is inferred: HPay \
                  refuses a wrong one, and `recipes` replaces it.",
            handler: &Typed(revoke),
        },
        Operation {
            name: "hpay.tokenization.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Unknown,
            doc: "Verifies the query string that came to return_url or notify_url of a revocation. HPay publishes no \
                  formula: `recipe_required` until one is configured.",
            handler: &Typed(read_callback),
        },
    ],
};

/// Inferred from the house style.
pub(crate) static REVOKE: Recipe = Recipe::pipes(
    &["merchant_id", "receive_email", "bank_code", "bank_token"],
    SecretName::SecurePass,
    Evidence::Inferred,
);

/// A token to revoke.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoke {
    /// E-mail of the merchant's account; left out when `receiver` is configured.
    pub receive_email: Option<String>,
    /// bank_code of the payment's callback. No `|`.
    pub bank_code: String,
    /// Token of the payment's callback (tokenization). No `|`.
    pub bank_token: String,
    /// Page to return to.
    pub return_url: String,
    /// Address for the server's callback.
    pub notify_url: Option<String>,
}

pub(crate) fn revoke(client: &HPay, input: &Revoke) -> Result<HttpRequest> {
    let email = client.receiver("receive_email", input.receive_email.as_deref())?;
    check::text("bank_code", &input.bank_code, 1, 100)?;
    check::text("bank_token", &input.bank_token, 1, 500)?;
    check::url("return_url", &input.return_url)?;
    if let Some(url) = &input.notify_url {
        check::url("notify_url", url)?;
    }
    let mut parameters = Parameters::new();
    parameters.put("merchant_id", Some(&client.merchant_site_code));
    parameters.put("receive_email", Some(email));
    parameters.put("bank_code", Some(&input.bank_code));
    parameters.put("bank_token", Some(&input.bank_token));
    parameters.put("return_url", Some(&input.return_url));
    let place = parameters.len();
    parameters.put("notify_url", input.notify_url.as_deref());
    let recipe = client.recipe("hpay.tokenization.revoke", &REVOKE);
    let secure_code = parameters.sign_at(place, client, recipe, "secure_code")?;
    let url = parameters.address(&client.checkout_url, "/revoke_token.php");
    Ok(HttpRequest::get(url).signature(secure_code))
}

/// What became of a revocation. Members that the configured formula leaves out stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revocation {
    /// `signed` where the configured formula covers bank_token and revoke_token_status, else `partly_signed`.
    pub proof: Proof,
    /// True where the formula does not cover revoke_token_status: ask HPay before relying on it.
    pub must_inquire: Option<bool>,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Evidence of the formula: a configured one counts as `official`.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for return_url and notify_url of one revocation.
    pub idempotency_key: String,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// E-mail of the merchant's account.
    pub receiver: Option<String>,
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// The token.
    pub bank_token: Option<String>,
    /// Text of a failure.
    pub error_text: Option<String>,
    /// `00` for success.
    pub status: Option<String>,
    /// `true` removed, `false` not.
    pub revoke_token_status: Option<String>,
    /// Members that the formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
    /// The query string as received.
    pub raw: String,
}

pub(crate) fn read_callback(client: &HPay, input: &Query) -> Result<Reading<Revocation>> {
    let recipe = required_recipe(client, "hpay.tokenization.read_callback")?;
    let mut members = read_query(&input.query)?;
    let secure_code = take_text(&mut members, "secure_code")?;
    own_merchant(client, &members)?;
    merchant_is_named(recipe, &members)?;
    let key = covered_values(recipe, &members);
    let key = idempotency_key("hpay.tokenization", key.iter().map(AsRef::as_ref));
    let needed: &[&[&str]] = &[&["bank_token"], &["revoke_token_status"]];
    let mut draft = verified(client, recipe, members, &secure_code, needed)?;
    draft.must_inquire = draft.members().get("revoke_token_status").is_none();
    draft.evidence = Some(recipe.evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(input.query.clone());
    Ok(draft.expect(input.expected.as_ref())?.finish())
}
