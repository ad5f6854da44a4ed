//! The merchant's balance. End of support; `open_api.balance` succeeds it.

use super::HPay;
use super::answers::Unpublished;
use super::parameters::Parameters;
use super::signing::{ToSign, ready_or_signed, to_sign};
use crate::answer::{Body, Made, Proof, Reading};
use crate::canonical::{Evidence, Recipe, SecretName};
use crate::check;
use crate::error::{Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::Json;

pub(crate) const SERVICE: Service = Service {
    name: "account",
    doc: "The merchant's balance. End of support; see open_api for its successor.",
    operations: &[
        Operation {
            name: "hpay.account.balance",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Asks for the balance. The formula is inferred: HPay refuses a wrong one, and `recipes` replaces it.",
            handler: &Typed(balance),
        },
        Operation {
            name: "hpay.account.balance_to_sign",
            kind: Kind::Pure,
            evidence: Evidence::Inferred,
            doc: "The SHA-256 to sign for balance, for keys that stay in an HSM or a KMS. Pass the signature as \
                  ready_signature.",
            handler: &Typed(balance_to_sign),
        },
        Operation {
            name: "hpay.account.read_balance",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Unknown,
            doc: "Reads the balance. Its formula is not published: `not_checked` until one is configured.",
            handler: &Typed(read_balance),
        },
    ],
};

/// Inferred from the house style.
pub(crate) static BALANCE: Recipe = Recipe::rsa_pipes(
    &["requestId", "merchantId", "requestTime"],
    SecretName::Passcode,
    Evidence::Inferred,
);

/// A question for the balance.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    /// Identifier of the request, unique, at most 99 characters. No `|`.
    pub request_id: String,
    /// Date of the request, `YYYY-MM-DD` as in the document's only example, Vietnam time (UTC+7).
    pub request_time: String,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

pub(crate) fn balance(client: &HPay, input: &Balance) -> Result<HttpRequest> {
    let mut parameters = signed_part(client, &input.request_id, &input.request_time)?;
    let recipe = client.recipe("hpay.account.balance", &BALANCE);
    recipe.guard(parameters.values())?;
    let signature = ready_or_signed(client, recipe, parameters.values(), input.ready_signature.as_deref())?;
    parameters.put("signature", Some(&signature));
    let url = format!("{}/api/user/GetBalance", client.account_url);
    Ok(HttpRequest::post_json(url, parameters.json()).signature(signature.clone()))
}

fn signed_part<'a>(client: &'a HPay, request_id: &'a str, request_time: &'a str) -> Result<Parameters<'a>> {
    check::text("requestId", request_id, 1, 99)?;
    if check::date_time("requestTime", &format!("{request_time} 00:00:00")).is_err() {
        let rule = Rule::Say("must be a real date, YYYY-MM-DD", "phải là ngày có thật, YYYY-MM-DD");
        return Err(Error::invalid("requestTime", rule));
    }
    let mut parameters = Parameters::new();
    parameters.put("requestId", Some(request_id));
    parameters.put("merchantId", Some(&client.merchant_site_code));
    parameters.put("requestTime", Some(request_time));
    Ok(parameters)
}

/// What of the question is signed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BalanceToSign {
    /// Identifier of the request, unique, at most 99 characters. No `|`.
    pub request_id: String,
    /// Date of the request, `YYYY-MM-DD`, Vietnam time (UTC+7).
    pub request_time: String,
    /// Also gives the bytes themselves. They hold the passcode: never log them. Default false.
    #[serde(rename = "include_bytes")]
    pub include_bytes: Option<bool>,
}

pub(crate) fn balance_to_sign(client: &HPay, input: &BalanceToSign) -> Result<Made<ToSign>> {
    let parameters = signed_part(client, &input.request_id, &input.request_time)?;
    let recipe = client.recipe("hpay.account.balance", &BALANCE);
    recipe.guard(parameters.values())?;
    to_sign(client, recipe, parameters.values(), input.include_bytes)
}

/// The answer with the balance.
pub(super) static READ_BALANCE: Unpublished = Unpublished {
    operation: "hpay.account.read_balance",
    checksum: "signature",
    required: &["balance"],
    names_merchant: false,
    needed: &[&["requestId"], &["balance"]],
};

/// The balance. The document nests balance, signature and respone_time (so spelt) in its example and not in its
/// table: they stand where they came.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceAnswer {
    /// `not_checked`; with a configured formula `signed`, or `partly_signed` where it leaves request or balance out.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `0`.
    pub error_code: Option<String>,
    /// Identifier of the request.
    #[serde(rename = "requestId")]
    pub request_id: Option<String>,
    /// Address from which HPay was asked.
    pub client_ip: Option<String>,
    /// The balance, where it is nested.
    pub data: Option<BalanceData>,
    /// The balance in VND, where it is not nested.
    pub balance: Option<u64>,
    /// Time of the answer in Unix seconds, where it is not nested.
    pub respone_time: Option<String>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// The nested balance.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceData {
    /// The balance in VND; HPay prints it with commas.
    pub balance: Option<u64>,
    /// Signature of the answer.
    pub signature: Option<String>,
    /// Time of the answer in Unix seconds, as printed.
    pub respone_time: Option<String>,
}

pub(crate) fn read_balance(client: &HPay, input: &Body) -> Result<Reading<BalanceAnswer>> {
    let draft = READ_BALANCE.read(client, &input.body)?.grouped_money(&["balance"]);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}
