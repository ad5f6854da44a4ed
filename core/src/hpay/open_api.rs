//! The Open API (`/service/…`), the live successor of accounts, virtual accounts and firm banking. No official text on
//! it is available: everything here is observed in production code.

use super::answers::{covered_values, empty, own_merchant, read_answer, take_text};
use super::parameters::MERCHANT_CODE;
use super::reference::SUCCESS;
use super::signing::{self, ToSign, ready_or_signed};
use super::virtual_account::{AccountType, Condition};
use super::{HPay, check_note, check_remark};
use crate::answer::{
    Acknowledgement, Body, Draft, Made, Nothing, Outcome, Proof, Reading, absent, idempotency_key, join_matched,
};
use crate::canonical::{Evidence, Recipe, SecretName, member};
use crate::check::{self, Dong, Whole};
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::http::{Encoder, HttpRequest, read_query};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Text, Value, from_input, parse, parse_record};

pub(crate) const SERVICE: Service = Service {
    name: "open_api",
    doc: "The Open API (`/service/…`), the live successor of account, virtual_account and firm_banking.",
    operations: &[
        Operation {
            name: "hpay.open_api.token",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Asks for an access token. Keep it per scope and renew it 30 to 60 seconds early.",
            handler: &Typed(token),
        },
        Operation {
            name: "hpay.open_api.read_token",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Reads an access token. HPay does not sign this answer.",
            handler: &Typed(read_token),
        },
        Operation {
            name: "hpay.open_api.create_va",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Opens a virtual account (scope `va`).",
            handler: &Typed(create_va),
        },
        Operation {
            name: "hpay.open_api.read_create_va",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer with the new account.",
            handler: &Typed(read_create_va),
        },
        Operation {
            name: "hpay.open_api.update_va",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Renames a virtual account (scope `va`).",
            handler: &Typed(update_va),
        },
        Operation {
            name: "hpay.open_api.read_update_va",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer to update_va. What it holds is not known.",
            handler: &Typed(read_update_va),
        },
        Operation {
            name: "hpay.open_api.revoke_va",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Closes a virtual account (scope `va`).",
            handler: &Typed(revoke_va),
        },
        Operation {
            name: "hpay.open_api.read_revoke_va",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer to revoke_va. What it holds is not known.",
            handler: &Typed(read_revoke_va),
        },
        Operation {
            name: "hpay.open_api.inquire_va",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Asks for the payments to a virtual account (scope `va`).",
            handler: &Typed(inquire_va),
        },
        Operation {
            name: "hpay.open_api.read_inquire_va",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer with the payments.",
            handler: &Typed(read_inquire_va),
        },
        Operation {
            name: "hpay.open_api.transfer",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Builds a transfer to a bank account (scope `ibft`). Keep requestId: after a time-out or an \
                  undetermined answer ask with it, never send again.",
            handler: &Typed(transfer),
        },
        Operation {
            name: "hpay.open_api.read_transfer",
            kind: Kind::ReadOutcome("hpay.open_api.inquire_transfer"),
            evidence: Evidence::Observed,
            doc: "Verifies the answer to a transfer. No table of its codes is published: any failure but 214404 (a \
                  business refusal) leaves the outcome undetermined. Reconcile with open_api.inquire_transfer, never \
                  send again.",
            handler: &Typed(read_transfer),
        },
        Operation {
            name: "hpay.open_api.account_name",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Asks for the owner's name of a bank account (scope `ibft`).",
            handler: &Typed(account_name),
        },
        Operation {
            name: "hpay.open_api.read_account_name",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer with the owner's name.",
            handler: &Typed(read_account_name),
        },
        Operation {
            name: "hpay.open_api.inquire_transfer",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Asks what became of a transfer, by its requestId (scope `ibft`).",
            handler: &Typed(inquire_transfer),
        },
        Operation {
            name: "hpay.open_api.read_inquire_transfer",
            kind: Kind::ReadOutcome("hpay.open_api.inquire_transfer"),
            evidence: Evidence::Observed,
            doc: "Verifies what became of a transfer. What it holds is not known; a failed inquiry says nothing about \
                  the transfer.",
            handler: &Typed(read_inquire_transfer),
        },
        Operation {
            name: "hpay.open_api.balance",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Asks for the merchant's balance (scope `account`).",
            handler: &Typed(balance),
        },
        Operation {
            name: "hpay.open_api.read_balance",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer with the balance.",
            handler: &Typed(read_balance),
        },
        Operation {
            name: "hpay.open_api.request",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Builds any other call: the payload is sent and signed exactly as given.",
            handler: &Typed(request),
        },
        Operation {
            name: "hpay.open_api.read",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Observed,
            doc: "Verifies the answer to any other call.",
            handler: &Typed(read),
        },
        Operation {
            name: "hpay.open_api.to_sign",
            kind: Kind::Pure,
            evidence: Evidence::Observed,
            doc: "The SHA-256 to sign for a call, for keys that stay in an HSM or a KMS. Pass the signature as \
                  ready_signature.",
            handler: &Typed(to_sign),
        },
        Operation {
            name: "hpay.open_api.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Observed,
            doc: "Verifies the webhook of a payment to a virtual account. It covers amount, account, identifiers and \
                  the merchant's code. Compare amount and client_request_id with your own record (`expected`).",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "hpay.open_api.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Observed,
            doc: "What to answer to the webhook. HPay repeats it up to three times otherwise.",
            handler: &Typed(acknowledge),
        },
    ],
};

/// Row 9: `data` is the base64 text of the payload.
pub(crate) static REQUEST: Recipe = Recipe::rsa_pipes(&["data"], SecretName::Passcode, Evidence::Observed);

/// Row 10.
pub(crate) static ANSWER: Recipe = Recipe::rsa_pipes(&["errorCode", "data"], SecretName::Passcode, Evidence::Observed);

/// Row 11: the passcode stands behind the fourth field.
pub(crate) static CALLBACK: Recipe = Recipe::pipes(
    &[
        "va_account",
        "amount",
        "cashin_id",
        "transaction_id",
        "client_request_id",
        "merchant_id",
    ],
    SecretName::Passcode,
    Evidence::Observed,
)
.secret_after(4);

/// Row 11 as one handler in production also accepts it.
pub(crate) static CALLBACK_SWAPPED: Recipe = Recipe::pipes(
    &[
        "va_account",
        "amount",
        "cashin_id",
        "transaction_id",
        "merchant_id",
        "client_request_id",
    ],
    SecretName::Passcode,
    Evidence::Observed,
)
.secret_after(4);

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Virtual accounts.
    Va,
    /// Checkout transactions.
    Transaction,
    /// Transfers.
    Ibft,
    /// Balance.
    Account,
    /// Transfers under `/service/firm`, as one client in production calls them.
    Firm,
}

impl Scope {
    const fn name(self) -> &'static str {
        match self {
            Scope::Va => "va",
            Scope::Transaction => "transaction",
            Scope::Ibft => "ibft",
            Scope::Account => "account",
            Scope::Firm => "firm",
        }
    }
}

/// A token to ask for.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Token {
    /// What it is for.
    pub scope: Scope,
}

pub(crate) fn token(client: &HPay, input: &Token) -> Result<HttpRequest> {
    let id = client.client_id.as_deref().ok_or_else(|| Error::missing("client_id"))?;
    let secret = client
        .client_secret
        .as_ref()
        .ok_or_else(|| Error::missing("client_secret"))?;
    let scope = input.scope.name();
    let form = Encoder::WhatwgForm.join([
        ("client_id", id),
        ("client_secret", secret.expose()),
        ("grant_type", "client_credentials"),
        ("scope", scope),
    ]);
    let url = format!("{}/service/{scope}/v1/oauth2/token", client.open_api_url);
    Ok(HttpRequest::post_form(url, form))
}

/// An access token.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// The token: access_token of the calls of its scope.
    pub access_token: String,
    /// Kind of the token.
    pub token_type: Option<String>,
    /// Life of the token in seconds, as printed.
    pub expires_in: Option<String>,
}

pub(crate) fn read_token(_: &HPay, input: &Body) -> Result<Reading<TokenAnswer>> {
    let members = read_answer(&input.body)?;
    refuse_token_error(&members)?;
    let token = members.get("access_token").and_then(Value::as_text);
    token
        .filter(|token| !token.is_empty())
        .ok_or_else(|| absent("access_token"))?;
    let draft = Draft::flat(Proof::Unsigned, members);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// Failures of the token service, which also meet calls with a token that has run out: OAuth's own form.
fn refuse_token_error(members: &Record<'_>) -> Result<()> {
    let Some(error) = members.printed("error") else {
        return Ok(());
    };
    let message = members.printed("error_description").map(Into::into);
    Err(Error::new(Code::GatewayRefused)
        .gateway(Some(error.into()), message)
        .signed(false))
}

/// What every call has besides its payload.
struct Call<'i> {
    operation: &'static str,
    path: &'static str,
    access_token: &'i str,
    ready_signature: Option<&'i str>,
}

impl Call<'_> {
    fn build(&self, client: &HPay, payload: Record<'_>) -> Result<HttpRequest> {
        let payload = Value::Record(payload).to_json();
        let recipe = client.recipe(self.operation, &REQUEST);
        sealed(
            client,
            recipe,
            self.path,
            self.access_token,
            &payload,
            self.ready_signature,
        )
    }
}

/// The envelope `{"data": base64(JSON), "signature": …}` with its headers.
fn sealed(
    client: &HPay,
    recipe: &Recipe,
    path: &str,
    access_token: &str,
    payload: &str,
    ready: Option<&str>,
) -> Result<HttpRequest> {
    check::header("access_token", access_token)?;
    let data = encoding::base64(payload.as_bytes());
    let signature = ready_or_signed(client, recipe, only_data(&data), ready)?;
    let body = Record::from_iter([
        ("data", Value::text(data.as_str())),
        ("signature", Value::text(signature.as_str())),
    ]);
    let url = format!("{}{path}", client.open_api_url);
    Ok(HttpRequest::post_json(url, Value::Record(body).to_json())
        .header("Authorization", format!("Bearer {access_token}"))
        .header("x-api-mid", client.merchant_site_code.as_str())
        .signature(signature))
}

fn only_data<'d>(data: &'d str) -> impl Fn(&str) -> Option<Text<'d>> + Copy {
    move |name| (name == "data").then_some(Text::Borrowed(data))
}

/// A payload under construction.
struct Payload<'a>(Record<'a>);

impl<'a> Payload<'a> {
    fn new(client: &'a HPay, request_id: &'a str, longest: usize) -> Result<Self> {
        check::text("requestId", request_id, 1, longest)?;
        Ok(Self(Record::from_iter([
            ("requestId", Value::text(request_id)),
            ("merchantId", Value::text(client.merchant_site_code.as_str())),
        ])))
    }

    fn text(&mut self, name: &'static str, value: &'a str, longest: usize) -> Result<()> {
        check::text(name, value, 1, longest)?;
        self.0.push(name, Value::text(value));
        Ok(())
    }

    fn account_number(&mut self, number: &'a str) -> Result<()> {
        check::alphanumeric("bankAccountNumber", number, 1, 30)?;
        self.0.push("bankAccountNumber", Value::text(number));
        Ok(())
    }

    fn optional(&mut self, name: &'static str, value: Option<&'a str>) {
        if let Some(value) = value {
            self.0.push(name, Value::text(value));
        }
    }

    /// Further members, sent as they are. None may take the place of ours, or hold the secret as a vendor's sample
    /// does.
    fn finish(mut self, extra: Option<&'a Json>) -> Result<Record<'a>> {
        let Some(Json(extra)) = extra else { return Ok(self.0) };
        for (name, value) in extra.iter() {
            if self.0.get(name).is_some() || is_secret_name(name) {
                let rule = Rule::Say("is not free for further members", "không được dùng làm trường bổ sung");
                return Err(Error::invalid(name, rule).inside("extra"));
            }
            self.0.push(name, value.clone());
        }
        Ok(self.0)
    }
}

fn is_secret_name(name: &str) -> bool {
    ["passcode", "secure_pass", "HPayKey"]
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// A virtual account to open.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateVa {
    /// Token of scope `va`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Identifier of the request, unique, at most 20 characters; client_request_id of the webhook.
    pub request_id: String,
    /// `1` for one payment, `2` for many. `BIDV` is used with `1`.
    pub va_type: AccountType,
    /// Name of the account, at most 50 characters.
    pub va_name: String,
    /// `1` takes the named amount only, `2` any amount.
    pub va_condition: Condition,
    /// Amount in VND.
    pub va_amount: Option<Dong>,
    /// Text of the payment: at most 50 letters, digits and spaces. Production code strips accents and the words HPAY
    /// and HTP.
    pub remark: Option<String>,
    /// Last moment to pay in Unix seconds.
    pub va_expiration_time: Option<Whole>,
    /// Bank of the account; `MSB`, `KLB` and `BIDV` are used in production.
    pub bank_code: Option<String>,
    /// Address for the webhook, where it is not the registered one.
    pub notify_url: Option<String>,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl CreateVa {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        let mut payload = Payload::new(client, &self.request_id, 20)?;
        payload.optional("vaType", Some(self.va_type.name()));
        payload.text("vaName", &self.va_name, 50)?;
        payload.optional("vaCondition", Some(self.va_condition.name()));
        if let Some(amount) = self.va_amount {
            check::amount("vaAmount", amount, 0)?;
            payload.0.push("vaAmount", Value::text(amount.0.to_string()));
        }
        check_remark("remark", self.remark.as_deref())?;
        payload.optional("remark", self.remark.as_deref());
        if let Some(time) = self.va_expiration_time {
            payload.0.push("vaExpirationTime", Value::Integer(time.0));
        }
        if let Some(bank) = &self.bank_code {
            payload.text("bankCode", bank, 50)?;
        }
        if let Some(url) = &self.notify_url {
            check::url("notifyUrl", url)?;
        }
        payload.optional("notifyUrl", self.notify_url.as_deref());
        payload.finish(self.extra.as_ref())
    }
}

pub(crate) fn create_va(client: &HPay, input: &CreateVa) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.create_va",
        path: "/service/va/v1/create",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// Verifies an answer and opens its data. `required` members tell it from the answers to other calls.
fn open<'a>(client: &HPay, operation: &str, body: &'a str, required: &[&str]) -> Result<Draft<'a>> {
    let mut members = read_answer(body)?;
    if members.get("errorCode").is_none() {
        refuse_token_error(&members)?;
    }
    let code = members
        .printed("errorCode")
        .map(|code| code.to_string())
        .ok_or_else(|| absent("errorCode"))?;
    let succeeded = SUCCESS.contains(&code.as_str());
    let refused = |signed: bool| {
        let message = members.printed("errorMessage").map(Into::into);
        Error::new(Code::GatewayRefused)
            .gateway(Some(code.clone()), message)
            .signed(signed)
    };
    let signature = members
        .get("signature")
        .and_then(Value::as_text)
        .filter(|signature| !signature.is_empty());
    let Some(signature) = signature else {
        // Failures may come unsigned; a success never counts without a signature.
        return Err(if succeeded { absent("signature") } else { refused(false) });
    };
    let recipe = client.recipe(operation, &ANSWER);
    for name in recipe.fields.iter() {
        let optional = name == "data" && !succeeded;
        if !optional && members.printed(name).is_none() {
            return Err(absent(name));
        }
    }
    let values = |name: &str| member(&members, name);
    recipe.guard(values)?;
    let matched = client.verify(recipe, values, signature)?;
    if !succeeded {
        return Err(refused(true));
    }
    members.remove("signature");
    let covered: Vec<String> = recipe.fields.iter().map(|name| format!("/{name}")).collect();
    let covered: Vec<&str> = covered.iter().map(String::as_str).collect();
    let opened = match members.get("data").and_then(Value::as_text) {
        Some(data) if covered.contains(&"/data") => opened(data)?,
        _ => return Err(absent("data")),
    };
    own_merchant(client, &opened)?;
    for name in required {
        opened.get(name).ok_or_else(|| absent(name))?;
    }
    let mut draft = Draft::split(Proof::Signed, members, &covered);
    draft.matched = matched;
    Ok(draft.opened(opened))
}

/// The payload of an answer.
fn opened(data: &str) -> Result<Record<'static>> {
    let not_payload = || {
        Error::say(
            Code::MalformedInput,
            "is not the base64 text of a JSON object",
            "không phải chuỗi base64 của một đối tượng JSON",
        )
        .field("data")
    };
    let bytes = encoding::from_base64(data).ok_or_else(not_payload)?;
    let text = String::from_utf8(bytes).map_err(|_| not_payload())?;
    match parse(&text) {
        Ok(Value::Record(record)) => Ok(record.into_owned()),
        _ => Err(not_payload()),
    }
}

/// A new virtual account. Members that the signature does not cover (errorMessage) stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateVaAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: String,
    /// The signed text: the members below in base64.
    pub data: String,
    /// Account number to pay to.
    pub va_account: String,
    /// Name of the account.
    pub va_name: Option<String>,
    /// Bank of the account.
    pub va_bank: Option<String>,
    /// `1` for one payment, `2` for many.
    pub va_type: Option<String>,
    /// `1` takes the named amount only, `2` any amount.
    pub va_condition: Option<String>,
    /// Amount in VND.
    pub va_amount: Option<u64>,
    /// Status, as printed.
    pub va_status: Option<String>,
    /// Last moment to pay in Unix seconds.
    pub expired_time: Option<String>,
    /// EMVCo text of the QR code.
    pub qr_code: Option<String>,
    /// Address of HPay's page with the QR code.
    pub quick_link: Option<String>,
    /// Text of the payment.
    pub remark: Option<String>,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

pub(crate) fn read_create_va(client: &HPay, input: &Body) -> Result<Reading<CreateVaAnswer>> {
    let draft = open(client, "hpay.open_api.read_create_va", &input.body, &["vaAccount"])?;
    Ok(draft
        .grouped_money(&["vaAmount"])
        .expect(input.expected.as_ref())?
        .finish())
}

/// A virtual account to rename.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateVa {
    /// Token of scope `va`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Identifier of the request, unique, at most 20 characters.
    pub request_id: String,
    /// Account number.
    pub va_account: String,
    /// Name of the account, at most 50 characters.
    pub va_name: String,
    /// Text of the payment: at most 50 letters, digits and spaces.
    pub remark: Option<String>,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl UpdateVa {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        let mut payload = Payload::new(client, &self.request_id, 20)?;
        payload.text("vaAccount", &self.va_account, 50)?;
        payload.text("vaName", &self.va_name, 50)?;
        check_remark("remark", self.remark.as_deref())?;
        payload.optional("remark", self.remark.as_deref());
        payload.finish(self.extra.as_ref())
    }
}

pub(crate) fn update_va(client: &HPay, input: &UpdateVa) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.update_va",
        path: "/service/va/v1/update",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// A verified answer. The members of the signed payload stand at the top level.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: String,
    /// The signed text: the further members in base64.
    pub data: String,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

pub(crate) fn read_update_va(client: &HPay, input: &Body) -> Result<Reading<Answer>> {
    let draft = open(client, "hpay.open_api.read_update_va", &input.body, &[])?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A virtual account to close or to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VaAccount {
    /// Token of scope `va`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Identifier of the request, unique, at most 20 characters.
    pub request_id: String,
    /// Account number.
    pub va_account: String,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl VaAccount {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        let mut payload = Payload::new(client, &self.request_id, 20)?;
        payload.text("vaAccount", &self.va_account, 50)?;
        payload.finish(self.extra.as_ref())
    }
}

pub(crate) fn revoke_va(client: &HPay, input: &VaAccount) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.revoke_va",
        path: "/service/va/v1/revoke",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

pub(crate) fn read_revoke_va(client: &HPay, input: &Body) -> Result<Reading<Answer>> {
    let draft = open(client, "hpay.open_api.read_revoke_va", &input.body, &[])?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

pub(crate) fn inquire_va(client: &HPay, input: &VaAccount) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.inquire_va",
        path: "/service/va/v1/inquiry",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// The payments to a virtual account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InquireVaAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: String,
    /// The signed text: the members below in base64.
    pub data: String,
    /// Account number.
    pub va_account: String,
    /// Name of the account.
    pub va_name: Option<String>,
    /// Bank of the account.
    pub va_bank: Option<String>,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// The payments.
    pub transactions: Vec<VaTransaction>,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// A payment to a virtual account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VaTransaction {
    /// Identifier of the transaction.
    pub trans_id: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Time of the payment in Unix seconds.
    pub time_paid: Option<String>,
    /// HPay's identifier of the money received.
    pub cashin_id: Option<String>,
    /// Text of the payment.
    pub remark: Option<String>,
    /// The same text, where it was base64.
    #[serde(rename = "remark_decoded")]
    pub remark_decoded: Option<String>,
}

pub(crate) fn read_inquire_va(client: &HPay, input: &Body) -> Result<Reading<InquireVaAnswer>> {
    let required = ["vaAccount", "transactions"];
    let draft = open(client, "hpay.open_api.read_inquire_va", &input.body, &required)?;
    let draft = draft.grouped_money(&["amount"]).decoded("remark", "remark_decoded");
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A transfer.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Token of scope `ibft`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Identifier of the request, unique, at most 99 characters.
    pub request_id: String,
    /// Code of the bank (Table 3).
    pub bank_name: String,
    /// Account number: letters and digits.
    pub bank_account_number: String,
    /// Name of the account's owner.
    pub bank_account_name: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Text of the transfer: at most 100 unaccented characters.
    pub note: Option<String>,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl Transfer {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        let mut payload = Payload::new(client, &self.request_id, 99)?;
        payload.text("bankName", &self.bank_name, 50)?;
        payload.account_number(&self.bank_account_number)?;
        payload.text("bankAccountName", &self.bank_account_name, 100)?;
        check::amount("amount", self.amount, 1)?;
        payload.0.push("amount", Value::text(self.amount.0.to_string()));
        check_note(self.note.as_deref())?;
        payload.optional("note", self.note.as_deref());
        payload.finish(self.extra.as_ref())
    }
}

pub(crate) fn transfer(client: &HPay, input: &Transfer) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.transfer",
        path: "/service/ibft/v1/transfer",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// An accepted transfer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TransferAnswer {
    /// `signed`, or `partly_signed` where the payload names no amount.
    pub proof: Proof,
    /// Always `undetermined`: the signature does not cover whether the transfer was accepted, nor does the answer say
    /// what became of it. Ask with open_api.inquire_transfer.
    pub outcome: Outcome,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`: accepted. What became of it tells inquire_transfer.
    pub error_code: String,
    /// The signed text: the members below in base64.
    pub data: String,
    /// Identifier of the request.
    pub request_id: String,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// Account number.
    pub bank_account_number: Option<String>,
    /// Code of the bank.
    pub bank_name: Option<String>,
    /// Name of the account's owner.
    pub bank_account_name: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Text of the transfer.
    pub note: Option<String>,
    /// HPay's identifier of the cash-out.
    pub cashout_id: Option<String>,
    /// HPay's identifier of the transaction.
    pub transaction_id: Option<String>,
    /// Time of the transaction, as printed.
    pub transaction_time: Option<String>,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// The only failure code of transfers with a known meaning: refused for business reasons.
const BUSINESS_REFUSAL: &str = "214404";

pub(crate) fn read_transfer(client: &HPay, input: &Body) -> Result<Reading<TransferAnswer>> {
    let opened = open(client, "hpay.open_api.read_transfer", &input.body, &["requestId"]);
    let mut draft = opened.map_err(|error| match error.gateway_code() {
        Some(BUSINESS_REFUSAL) => error.outcome("refused"),
        _ => error,
    })?;
    if draft.members().get("amount").is_none() {
        draft.proof = Proof::PartlySigned;
    }
    draft.outcome = Some(Outcome::Undetermined);
    Ok(draft
        .grouped_money(&["amount"])
        .expect(input.expected.as_ref())?
        .finish())
}

/// A bank account to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccountName {
    /// Token of scope `ibft`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Identifier of the request, unique, at most 99 characters.
    pub request_id: String,
    /// Code of the bank (Table 3).
    pub bank_name: String,
    /// Account number: letters and digits.
    pub bank_account_number: String,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl AccountName {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        let mut payload = Payload::new(client, &self.request_id, 99)?;
        payload.text("bankName", &self.bank_name, 50)?;
        payload.account_number(&self.bank_account_number)?;
        payload.finish(self.extra.as_ref())
    }
}

pub(crate) fn account_name(client: &HPay, input: &AccountName) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.account_name",
        path: "/service/ibft/v1/get-name",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// The owner of a bank account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccountNameAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: String,
    /// The signed text: the members below in base64.
    pub data: String,
    /// Identifier of the request.
    pub request_id: Option<String>,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// Code of the bank.
    pub bank_name: Option<String>,
    /// Account number.
    pub bank_account_number: Option<String>,
    /// Name of the account's owner.
    pub bank_account_name: String,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

pub(crate) fn read_account_name(client: &HPay, input: &Body) -> Result<Reading<AccountNameAnswer>> {
    let required = ["bankAccountName"];
    let draft = open(client, "hpay.open_api.read_account_name", &input.body, &required)?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A transfer to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InquireTransfer {
    /// Token of scope `ibft`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// requestId of the transfer.
    pub request_id: String,
    /// transactionId of the transfer's answer, where there was one.
    pub transaction_id: Option<String>,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl InquireTransfer {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        let mut payload = Payload::new(client, &self.request_id, 99)?;
        if let Some(id) = &self.transaction_id {
            payload.text("transactionId", id, 99)?;
        }
        payload.finish(self.extra.as_ref())
    }
}

pub(crate) fn inquire_transfer(client: &HPay, input: &InquireTransfer) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.inquire_transfer",
        path: "/service/ibft/v1/inquiry",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// What became of a transfer: the members of the signed payload, none of which is documented.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InquireTransferAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Always `undetermined`: which members and values mean that the money arrived is not documented. Ask HPay, and read
    /// them yourself.
    pub outcome: Outcome,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code of the inquiry, `00`.
    pub error_code: String,
    /// The signed text: the further members in base64.
    pub data: String,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

pub(crate) fn read_inquire_transfer(client: &HPay, input: &Body) -> Result<Reading<InquireTransferAnswer>> {
    let mut draft = open(client, "hpay.open_api.read_inquire_transfer", &input.body, &[])?;
    draft.outcome = Some(Outcome::Undetermined);
    Ok(draft
        .grouped_money(&["amount"])
        .expect(input.expected.as_ref())?
        .finish())
}

/// A question for the balance.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    /// Token of scope `account`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Identifier of the request, unique, at most 99 characters.
    pub request_id: String,
    /// Further members of the payload, sent as they are.
    pub extra: Option<Json>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

impl Balance {
    fn payload<'a>(&'a self, client: &'a HPay) -> Result<Record<'a>> {
        Payload::new(client, &self.request_id, 99)?.finish(self.extra.as_ref())
    }
}

pub(crate) fn balance(client: &HPay, input: &Balance) -> Result<HttpRequest> {
    let call = Call {
        operation: "hpay.open_api.balance",
        path: "/service/account/v1/get-balance",
        access_token: &input.access_token,
        ready_signature: input.ready_signature.as_deref(),
    };
    call.build(client, input.payload(client)?)
}

/// The merchant's balance.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BalanceAnswer {
    /// Always `signed`.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: String,
    /// The signed text: the members below in base64.
    pub data: String,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// E-mail of the merchant's account.
    pub merchant_email: Option<String>,
    /// The balance in VND; HPay prints it with commas.
    pub balance: Option<u64>,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

pub(crate) fn read_balance(client: &HPay, input: &Body) -> Result<Reading<BalanceAnswer>> {
    let draft = open(client, "hpay.open_api.read_balance", &input.body, &["balance"])?;
    Ok(draft
        .grouped_money(&["balance"])
        .expect(input.expected.as_ref())?
        .finish())
}

/// Any other call.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Request {
    /// Token of the path's scope.
    pub access_token: String,
    /// Path from `/service/` on, e.g. `/service/va/v1/create`.
    pub path: String,
    /// Text of the JSON object to send, byte for byte. It must not hold the passcode; a merchantId in it must be the
    /// configured merchant's.
    pub payload: String,
    /// Signature made outside (base64), instead of a configured private_key.
    pub ready_signature: Option<String>,
}

pub(crate) fn request(client: &HPay, input: &Request) -> Result<HttpRequest> {
    check_path(&input.path)?;
    check_payload(client, &input.payload)?;
    let recipe = client.recipe("hpay.open_api.request", &REQUEST);
    let ready = input.ready_signature.as_deref();
    sealed(client, recipe, &input.path, &input.access_token, &input.payload, ready)
}

/// A plain path: it goes into the address as it is.
fn check_path(path: &str) -> Result<()> {
    let plain = path.starts_with("/service/")
        && path.len() <= 200
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte))
        && !path.split('/').any(|step| step == "." || step == "..");
    if plain {
        return Ok(());
    }
    let rule = Rule::Say(
        "must be a plain path that begins with /service/",
        "phải là đường dẫn đơn giản bắt đầu bằng /service/",
    );
    Err(Error::invalid("path", rule))
}

fn check_payload(client: &HPay, payload: &str) -> Result<()> {
    let members = parse_record(payload).map_err(|error| error.field("payload"))?;
    if let Some((name, _)) = members.iter().find(|(name, _)| is_secret_name(name)) {
        let rule = Rule::Say("must never be sent", "tuyệt đối không được gửi đi");
        return Err(Error::invalid(name, rule).inside("payload"));
    }
    for name in MERCHANT_CODE {
        if members
            .printed(name)
            .is_some_and(|code| code != client.merchant_site_code)
        {
            let rule = Rule::Say("differs from the configured merchant", "khác với merchant đã cấu hình");
            return Err(Error::invalid(name, rule).inside("payload"));
        }
    }
    Ok(())
}

pub(crate) fn read(client: &HPay, input: &Body) -> Result<Reading<Answer>> {
    let draft = open(client, "hpay.open_api.read", &input.body, &[])?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A call with a typed operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallName {
    /// create_va
    CreateVa,
    /// update_va
    UpdateVa,
    /// revoke_va
    RevokeVa,
    /// inquire_va
    InquireVa,
    /// transfer
    Transfer,
    /// account_name
    AccountName,
    /// inquire_transfer
    InquireTransfer,
    /// balance
    Balance,
}

/// A call to sign: `payload`, or `operation` with `input`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallToSign {
    /// Text of the JSON object, for open_api.request.
    pub payload: Option<String>,
    /// The call to sign for.
    pub operation: Option<CallName>,
    /// The very input that this call will be given, ready_signature left out.
    pub input: Option<Json>,
    /// Also gives the bytes themselves. They hold the passcode: never log them. Default false.
    pub include_bytes: Option<bool>,
}

pub(crate) fn to_sign(client: &HPay, input: &CallToSign) -> Result<Made<ToSign>> {
    let (operation, payload) = match (&input.payload, input.operation, &input.input) {
        (Some(payload), None, None) => {
            check_payload(client, payload)?;
            ("hpay.open_api.request", payload.clone())
        }
        (None, Some(operation), Some(Json(input))) => {
            let input = Value::Record(input.clone());
            payload_of(client, operation, &input).map_err(|error| match error.field_name() {
                Some(_) => error.inside("input"),
                None => error,
            })?
        }
        (None, None, _) => return Err(Error::missing("payload")),
        (None, Some(_), None) => return Err(Error::missing("input")),
        (Some(_), ..) => {
            let rule = Rule::Say(
                "stands for itself: leave operation and input out",
                "đã đủ: hãy bỏ operation và input",
            );
            return Err(Error::invalid("payload", rule));
        }
    };
    let data = encoding::base64(payload.as_bytes());
    let recipe = client.recipe(operation, &REQUEST);
    signing::to_sign(client, recipe, only_data(&data), input.include_bytes)
}

/// The payload that a typed call sends.
fn payload_of(client: &HPay, operation: CallName, input: &Value<'_>) -> Result<(&'static str, String)> {
    let json = |payload: Record<'_>| Value::Record(payload).to_json();
    Ok(match operation {
        CallName::CreateVa => {
            let input: CreateVa = from_input(input)?;
            ("hpay.open_api.create_va", json(input.payload(client)?))
        }
        CallName::UpdateVa => {
            let input: UpdateVa = from_input(input)?;
            ("hpay.open_api.update_va", json(input.payload(client)?))
        }
        CallName::RevokeVa => {
            let input: VaAccount = from_input(input)?;
            ("hpay.open_api.revoke_va", json(input.payload(client)?))
        }
        CallName::InquireVa => {
            let input: VaAccount = from_input(input)?;
            ("hpay.open_api.inquire_va", json(input.payload(client)?))
        }
        CallName::Transfer => {
            let input: Transfer = from_input(input)?;
            ("hpay.open_api.transfer", json(input.payload(client)?))
        }
        CallName::AccountName => {
            let input: AccountName = from_input(input)?;
            ("hpay.open_api.account_name", json(input.payload(client)?))
        }
        CallName::InquireTransfer => {
            let input: InquireTransfer = from_input(input)?;
            ("hpay.open_api.inquire_transfer", json(input.payload(client)?))
        }
        CallName::Balance => {
            let input: Balance = from_input(input)?;
            ("hpay.open_api.balance", json(input.payload(client)?))
        }
    })
}

/// The webhook of a payment to a virtual account.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadCallback {
    /// Raw query string as received, still percent-encoded; a leading `?` is allowed.
    pub query: String,
    /// Members that must be equal, one at least, e.g. amount and client_request_id; the first that differs is named in a
    /// `mismatch` error.
    pub expected: Option<Json>,
    /// Also tries merchant_id in front of client_request_id, as one handler in production does. Default false.
    pub swapped_order: Option<bool>,
}

/// A payment to a virtual account. The webhook announces money received; it has no status.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Callback {
    /// `signed`; `partly_signed` where a configured formula leaves amount or identifiers out.
    pub proof: Proof,
    /// Always `succeeded`: the webhook is sent for money received.
    pub outcome: Outcome,
    /// True where a configured formula does not cover the amount.
    pub must_inquire: Option<bool>,
    /// Which order of the fields or which secret matched, where several were tried.
    pub matched: Option<String>,
    /// Evidence of the formula.
    pub evidence: Evidence,
    /// Opaque text for a unique index, from transaction_id.
    pub idempotency_key: String,
    /// Account number, as received.
    pub va_account: Option<String>,
    /// Amount in VND. The signature covers it as printed, see `raw`.
    pub amount: Option<u64>,
    /// HPay's identifier of the money received.
    pub cashin_id: Option<String>,
    /// Identifier of the transaction.
    pub transaction_id: Option<String>,
    /// requestId of create_va.
    pub client_request_id: Option<String>,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// Members that the signature does not cover (va_account_name, va_account_addr, va_bank_name, transfer_content
    /// with transfer_content_decoded, mc_fee, time_paid, order_id): anybody may have changed them.
    pub unverified: Option<Json>,
    /// The query string as received.
    pub raw: String,
}

pub(crate) fn read_callback(client: &HPay, input: &ReadCallback) -> Result<Reading<Callback>> {
    let mut members = read_query(&input.query)?;
    let secure_code = take_text(&mut members, "secure_code")?;
    // The secret is not last: what stands behind it could be prolonged, were it not compared.
    own_merchant(client, &members)?;
    let check = |recipe: &Recipe| {
        for name in recipe.fields.iter() {
            let value = members.printed(name).ok_or_else(|| absent(name))?;
            // An account opened in the portal has no request of the merchant's.
            if value.is_empty() && name != "client_request_id" {
                return Err(empty(name));
            }
        }
        let values = |name: &str| member(&members, name);
        recipe.guard(values)?;
        client.verify(recipe, values, &secure_code)
    };
    let configured = client.recipe("hpay.open_api.read_callback", &CALLBACK);
    let swapped = input.swapped_order == Some(true);
    let (recipe, matched) = match check(configured) {
        Ok(secret) => (
            configured,
            join_matched(swapped.then_some("client_request_id, merchant_id"), secret),
        ),
        Err(error) if swapped && error.code() == Code::SignatureMismatch => {
            let secret = check(&CALLBACK_SWAPPED)?;
            (
                &CALLBACK_SWAPPED,
                join_matched(Some("merchant_id, client_request_id"), secret),
            )
        }
        Err(error) => return Err(error),
    };
    let transaction = members.printed("transaction_id");
    let key = match &transaction {
        Some(id) if recipe.covers("transaction_id") => vec![id.clone()],
        _ => covered_values(recipe, &members),
    };
    let key = idempotency_key("hpay.open_api", key.iter().map(AsRef::as_ref));
    let covered: Vec<String> = recipe.fields.iter().map(|name| format!("/{name}")).collect();
    let covered: Vec<&str> = covered.iter().map(String::as_str).collect();
    let whole = ["/amount", "/transaction_id"].iter().all(|name| covered.contains(name));
    let proof = if whole { Proof::Signed } else { Proof::PartlySigned };
    let draft = Draft::split(proof, members, &covered);
    let mut draft = draft
        .grouped_money(&["amount"])
        .decoded("transfer_content", "transfer_content_decoded");
    draft.outcome = Some(Outcome::Succeeded);
    draft.must_inquire = draft.members().get("amount").is_none();
    draft.matched = matched;
    draft.evidence = Some(recipe.evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(input.query.clone());
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

pub(crate) fn acknowledge(_: &HPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, r#"{"error":"00","message":"Success"}"#))
}
