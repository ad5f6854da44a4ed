//! The e-wallet: link a customer's wallet by OAuth, then take payments from it. Only payments are signed.

use super::answers::{Refusals, inner, outcome, parse_body};
use super::requests::{EWALLET, check_reference, query_string};
use super::{AppotaPay, Call, reference};
use crate::answer::{Body, Draft, Outcome, Proof, Reading, absent};
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::check::{self, Dong};
use crate::error::{Code, Error, Result, Rule};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::secret::Secret;
use crate::value::{Record, Text, Value};

pub(crate) const SERVICE: Service = Service {
    name: "wallet",
    doc: "E-wallet: link a customer's wallet, then take payments from it.",
    operations: &[
        Operation {
            name: "appotapay.wallet.login_link",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the address where a customer links the wallet. Open it in the customer's browser; the \
                  redirect brings back code and state: compare state.",
            handler: &Typed(login_link),
        },
        Operation {
            name: "appotapay.wallet.access_token",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the exchange of the code from the redirect for tokens. It carries the SECRET_KEY itself: \
                  never log the body.",
            handler: &TypedCall(access_token),
        },
        Operation {
            name: "appotapay.wallet.read_access_token",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to access_token, which is not signed.",
            handler: &Typed(read_access_token),
        },
        Operation {
            name: "appotapay.wallet.refresh_token",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the exchange of a refresh token for new tokens; the old one stops working. It carries the \
                  SECRET_KEY itself: never log the body.",
            handler: &TypedCall(refresh_token),
        },
        Operation {
            name: "appotapay.wallet.read_refresh_token",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to refresh_token, which is not signed.",
            handler: &Typed(read_refresh_token),
        },
        Operation {
            name: "appotapay.wallet.unlink",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request that unlinks a wallet.",
            handler: &TypedCall(unlink),
        },
        Operation {
            name: "appotapay.wallet.read_unlink",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to unlink, which is not signed.",
            handler: &Typed(read_unlink),
        },
        Operation {
            name: "appotapay.wallet.pay",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a payment from a linked wallet. After a time-out or an undetermined answer call \
                  payment.status; never pay again under a new orderId.",
            handler: &TypedCall(pay),
        },
        Operation {
            name: "appotapay.wallet.read_pay",
            kind: Kind::ReadOutcome("appotapay.payment.status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to pay, which is not signed. With verificationMethod OTP the payment is pending \
                  until confirm.",
            handler: &Typed(read_pay),
        },
        Operation {
            name: "appotapay.wallet.confirm",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the confirmation of a payment with the customer's code.",
            handler: &TypedCall(confirm),
        },
        Operation {
            name: "appotapay.wallet.read_confirm",
            kind: Kind::ReadOutcome("appotapay.payment.status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to confirm, which is not signed.",
            handler: &Typed(read_confirm),
        },
        Operation {
            name: "appotapay.wallet.cancel",
            kind: Kind::Build,
            evidence: Evidence::Unknown,
            doc: "Builds the cancellation of a payment. The documentation contradicts itself about what is signed, so \
                  it must be chosen.",
            handler: &TypedCall(cancel),
        },
        Operation {
            name: "appotapay.wallet.read_cancel",
            kind: Kind::ReadOutcome("appotapay.payment.status"),
            evidence: Evidence::Official,
            doc: "Reads the answer to cancel, which is not signed.",
            handler: &Typed(read_cancel),
        },
    ],
};

pub(crate) const PAY: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/amount"),
        ("currency", "/currency"),
        ("extraData", "/extraData"),
        ("orderId", "/orderId"),
        ("orderInfo", "/orderInfo"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CONFIRM: KeyValueRecipe = KeyValueRecipe {
    fields: &[("orderId", "/orderId"), ("verificationCode", "/verificationCode")],
    evidence: Evidence::Official,
};

/// A cancellation by what its body holds.
pub(crate) const CANCEL: KeyValueRecipe = KeyValueRecipe {
    fields: &[("orderId", "/orderId")],
    evidence: Evidence::Unknown,
};

const MONEY: &[&str] = &["amount", "wallet_balance", "apoint_balance"];

const REFUSALS: Refusals = Refusals {
    codes: &reference::WALLET,
    about_money: true,
    about_a_query: false,
};

/// A link to open.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoginLink {
    /// What you may do, separated by commas: `user.info`, `user.apoint_payment`, `user.wallet_payment`. The page's own
    /// example uses `user.payment`, which its table does not have.
    pub scope: String,
    /// Where the customer comes back.
    pub redirect_uri: String,
    /// Random text of yours that ties the redirect to the customer's session.
    pub state: Option<String>,
}

pub(crate) fn login_link(client: &AppotaPay, input: &LoginLink) -> Result<HttpRequest> {
    check_reference("scope", &input.scope, 200)?;
    check::url("redirect_uri", &input.redirect_uri)?;
    if let Some(state) = &input.state {
        check::ascii("state", state, 1, 500)?;
    }
    let query = query_string([
        ("client_key", Some(client.api_key.expose())),
        ("scope", Some(input.scope.as_str())),
        ("response_type", Some("code")),
        ("redirect_uri", Some(input.redirect_uri.as_str())),
        ("state", input.state.as_deref()),
    ]);
    Ok(HttpRequest::get(format!("{}/oauth/login{query}", client.hosts.ewallet)))
}

/// A code to exchange.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessToken {
    /// The code from the redirect.
    pub code: Secret,
}

fn post_oauth(
    client: &AppotaPay,
    path: &str,
    own: (&'static str, &Secret),
    with_secret: bool,
    call: &Call,
) -> Result<HttpRequest> {
    let (name, value) = own;
    check::header(name, value.expose())?;
    let mut members = Record::from_iter([("client_key", Value::text(client.api_key.expose()))]);
    if with_secret {
        members.push("secret_key", Value::text(client.secret_key.expose()));
        // The page of both exchanges prints this one.
        members.push("grant_type", Value::text("authorization_code"));
    }
    members.push(name, Value::text(value.expose()));
    let body = Value::Record(members).to_json();
    let request = HttpRequest::post_json(format!("{}{path}", client.hosts.ewallet), body);
    client.with_optional_headers(request, EWALLET, call)
}

pub(crate) fn access_token(client: &AppotaPay, input: &AccessToken, call: &Call) -> Result<HttpRequest> {
    post_oauth(client, "/api/v1/oauth/access_token", ("code", &input.code), true, call)
}

/// Tokens of a customer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokensAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `200`.
    pub code: String,
    /// The tokens.
    pub data: Tokens,
}

/// Tokens of a customer.
#[derive(Clone, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tokens {
    /// The customer's token for pay and confirm.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: Option<String>,
    /// Token for refresh_token.
    pub refresh_token: Option<String>,
    /// When access_token expires, Unix seconds as printed.
    pub expiry_in: Option<String>,
    /// When refresh_token expires, Unix seconds as printed.
    pub refresh_token_expiry_in: Option<String>,
}

/// Tokens are in there: nothing is shown.
impl core::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Tokens")
    }
}

/// OAuth answers carry an HTTP-like code instead of errorCode.
fn read_oauth(input: &Body) -> Result<Draft<'_>> {
    let members = parse_body(&input.body)?;
    let code = members
        .printed("code")
        .or_else(|| members.printed("errorCode"))
        .ok_or_else(|| absent("code"))?;
    if code != "200" {
        let message = members.printed("message").map(Text::into_owned);
        return Err(Error::new(Code::GatewayRefused)
            .gateway(Some(code.into_owned()), message)
            .signed(false)
            .outcome("refused"));
    }
    Draft::flat(Proof::Unsigned, members)
        .money(MONEY)
        .expect(input.expected.as_ref())
}

pub(crate) fn read_access_token(_: &AppotaPay, input: &Body) -> Result<Reading<TokensAnswer>> {
    Ok(read_oauth(input)?.finish())
}

/// A refresh token to exchange.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefreshToken {
    /// The customer's refresh token.
    pub refresh_token: Secret,
}

pub(crate) fn refresh_token(client: &AppotaPay, input: &RefreshToken, call: &Call) -> Result<HttpRequest> {
    let own = ("refresh_token", &input.refresh_token);
    post_oauth(client, "/api/v1/oauth/refresh_token", own, true, call)
}

pub(crate) fn read_refresh_token(client: &AppotaPay, input: &Body) -> Result<Reading<TokensAnswer>> {
    read_access_token(client, input)
}

/// A wallet to unlink.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unlink {
    /// The customer's access token.
    pub access_token: Secret,
}

pub(crate) fn unlink(client: &AppotaPay, input: &Unlink, call: &Call) -> Result<HttpRequest> {
    let own = ("access_token", &input.access_token);
    post_oauth(client, "/api/v1/users/app/destroy", own, false, call)
}

/// A wallet was unlinked.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnlinkAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `200`.
    pub code: String,
    /// Whether it was done.
    pub success: Option<bool>,
}

pub(crate) fn read_unlink(_: &AppotaPay, input: &Body) -> Result<Reading<UnlinkAnswer>> {
    Ok(read_oauth(input)?.finish())
}

/// A payment from a linked wallet.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pay {
    /// The customer's access token.
    #[serde(rename = "access_token")]
    pub access_token: Secret,
    /// Your unique code of the order, at most 50 characters.
    pub order_id: String,
    /// Text about the order, at most 150 characters.
    pub order_info: String,
    /// Amount in VND, 1000 to 500000000.
    pub amount: Dong,
    /// `VND`, which is the default.
    pub currency: Option<String>,
    /// Your own text, at most 1000 characters; default: empty.
    pub extra_data: Option<String>,
}

fn post_wallet(
    client: &AppotaPay,
    path: &str,
    (members, signature): (Record<'_>, String),
    access_token: Option<&Secret>,
    call: &Call,
) -> Result<HttpRequest> {
    let url = format!("{}{path}", client.hosts.gateway);
    let request = client.post_with(signature, url, EWALLET, members, call)?;
    let Some(token) = access_token else {
        return Ok(request);
    };
    check::header("access_token", token.expose())?;
    Ok(request.header("Authorization", format!("Bearer {}", token.expose())))
}

pub(crate) fn pay(client: &AppotaPay, input: &Pay, call: &Call) -> Result<HttpRequest> {
    check_reference("orderId", &input.order_id, 50)?;
    check::text("orderInfo", &input.order_info, 1, 150)?;
    if !(1_000..=500_000_000).contains(&input.amount.0) {
        let rule = Rule::Say("must be 1000 to 500000000 dong", "phải từ 1000 đến 500000000 đồng");
        return Err(Error::invalid("amount", rule));
    }
    let currency = input.currency.as_deref().unwrap_or("VND");
    check::one_of("currency", currency, &["VND"])?;
    let extra = input.extra_data.as_deref().unwrap_or_default();
    check::text("extraData", extra, 0, 1000)?;
    let members = Record::from_iter([
        ("orderId", Value::text(&input.order_id)),
        ("orderInfo", Value::text(&input.order_info)),
        ("amount", Value::Integer(input.amount.0)),
        ("currency", Value::text(currency)),
        // The template of the page signs extraData in any case: sent empty, both rules for absent fields agree.
        ("extraData", Value::text(extra)),
    ]);
    let signature = client.sign(&PAY, &members)?;
    let signed = (members, signature);
    post_wallet(
        client,
        "/api/v2/ewallet/payment",
        signed,
        Some(&input.access_token),
        call,
    )
}

/// A payment from a wallet. Nothing is signed.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PayAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `succeeded`, `pending` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// The payment.
    pub transaction: Option<Transaction>,
}

/// A payment from a wallet.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Your code of the order.
    pub order_id: Option<String>,
    /// PARTNER_CODE.
    pub partner_code: Option<String>,
    /// AppotaPay's identifier.
    pub transaction_id: Option<String>,
    /// `pending`, `processing`, `success` or `error`.
    pub status: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Currency.
    pub currency: Option<String>,
    /// `OTP` where confirm must follow, else `NONE`.
    pub verification_method: Option<String>,
    /// Code of the result, as printed.
    pub error_code: Option<String>,
    /// Text of the result.
    pub error_message: Option<String>,
    /// When it began, RFC 3339 as printed.
    pub created_at: Option<String>,
    /// When it last changed, RFC 3339 as printed.
    pub updated_at: Option<String>,
}

pub(crate) fn read_pay(_: &AppotaPay, input: &Body) -> Result<Reading<PayAnswer>> {
    let members = read(input)?;
    let result = outcome(inner(&members, "transaction", "status").as_deref());
    if result == Some(Outcome::Failed) {
        let code = inner(&members, "transaction", "errorCode").unwrap_or_default();
        let transaction = members.get("transaction").and_then(Value::as_record);
        return Err(REFUSALS.error(&code, transaction.unwrap_or(&members), "errorMessage", false));
    }
    finish(members, result, input)
}

/// The members of an answer that is no refusal.
fn read(input: &Body) -> Result<Record<'_>> {
    let members = parse_body(&input.body)?;
    match members.printed("errorCode") {
        Some(code) if code != "0" => Err(REFUSALS.error(&code, &members, "message", false)),
        None if members.get("transaction").is_none() => Err(absent("transaction")),
        _ => Ok(members),
    }
}

fn finish<T: serde::de::DeserializeOwned>(
    members: Record<'_>,
    result: Option<Outcome>,
    input: &Body,
) -> Result<Reading<T>> {
    let mut draft = Draft::flat(Proof::Unsigned, members).money(MONEY);
    draft.outcome = result;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// How a payment is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum VerificationMethod {
    /// With a code that the customer got.
    Otp,
    /// Without.
    None,
}

/// A payment to confirm.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Confirm {
    /// The customer's access token.
    #[serde(rename = "access_token")]
    pub access_token: Secret,
    /// Your code of the order.
    pub order_id: String,
    /// `OTP` or `NONE`, as the answer to pay says.
    pub verification_method: VerificationMethod,
    /// The customer's code, 1 to 10 characters.
    pub verification_code: String,
}

pub(crate) fn confirm(client: &AppotaPay, input: &Confirm, call: &Call) -> Result<HttpRequest> {
    check_reference("orderId", &input.order_id, 50)?;
    check::alphanumeric("verificationCode", &input.verification_code, 1, 10)?;
    let method = match input.verification_method {
        VerificationMethod::Otp => "OTP",
        VerificationMethod::None => "NONE",
    };
    let members = Record::from_iter([
        ("orderId", Value::text(&input.order_id)),
        ("verificationMethod", Value::text(method)),
        ("verificationCode", Value::text(&input.verification_code)),
    ]);
    let signature = client.sign(&CONFIRM, &members)?;
    let signed = (members, signature);
    post_wallet(
        client,
        "/api/v2/ewallet/payment/confirm",
        signed,
        Some(&input.access_token),
        call,
    )
}

pub(crate) fn read_confirm(client: &AppotaPay, input: &Body) -> Result<Reading<PayAnswer>> {
    read_pay(client, input)
}

/// What is signed in a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CancelFields {
    /// `orderId`: what the body holds.
    OrderId,
    /// `orderId` and an empty `verificationCode`: the documented template to the letter.
    OrderIdAndCode,
}

/// A payment to cancel.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cancel {
    /// Your code of the order.
    pub order_id: String,
    /// `order_id` or `order_id_and_code`: never guessed.
    #[serde(rename = "signed_fields")]
    pub signed_fields: CancelFields,
}

pub(crate) fn cancel(client: &AppotaPay, input: &Cancel, call: &Call) -> Result<HttpRequest> {
    check_reference("orderId", &input.order_id, 50)?;
    let members = Record::from_iter([("orderId", Value::text(&input.order_id))]);
    let mut signed = members.clone();
    let recipe = match input.signed_fields {
        CancelFields::OrderId => &CANCEL,
        CancelFields::OrderIdAndCode => {
            signed.push("verificationCode", Value::text(""));
            &CONFIRM
        }
    };
    let signature = client.sign(recipe, &signed)?;
    let signed = (members, signature);
    post_wallet(client, "/api/v2/ewallet/transaction/cancel", signed, None, call)
}

/// A cancelled payment. Its members are not documented.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// The payment, where the answer has it.
    pub transaction: Option<Transaction>,
}

pub(crate) fn read_cancel(_: &AppotaPay, input: &Body) -> Result<Reading<CancelAnswer>> {
    finish(read(input)?, None, input)
}
