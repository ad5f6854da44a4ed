//! Firm banking (iBFT, "chi hộ"): transfers from the merchant's balance to bank accounts. End of support; the Open
//! API succeeds it.

use super::answers::{
    Unpublished, empty, own_merchant, read_answer, refuse_failure, take_checksum, value_of, verified,
};
use super::parameters::Parameters;
use super::reference::firm_banking_failed;
use super::signing::{ToSign, ready_or_signed, to_sign};
use super::{HPay, check_note};
use crate::answer::{Body, Draft, Made, Outcome, Proof, Reading, absent, join_matched};
use crate::canonical::{Evidence, Recipe, SecretName, member};
use crate::check::{self, Dong};
use crate::error::{Code, Result};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{AnyJson, Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "firm_banking",
    doc: "Firm banking (iBFT): transfers to bank accounts. End of support; see open_api for its successor.",
    operations: &[
        Operation {
            name: "hpay.firm_banking.transfer",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a signed transfer. The signature does not cover bankAccountNumber, bankName and note. Keep \
                  requestId: after a time-out or an undetermined answer ask with it, never send again.",
            handler: &Typed(transfer),
        },
        Operation {
            name: "hpay.firm_banking.transfer_to_sign",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "The SHA-256 to sign for a transfer, for keys that stay in an HSM or a KMS. Pass the signature as \
                  ready_signature.",
            handler: &Typed(transfer_to_sign),
        },
        Operation {
            name: "hpay.firm_banking.read_transfer",
            kind: Kind::ReadOutcome(INQUIRE_NAME),
            evidence: Evidence::Official,
            doc: "Verifies the answer to a transfer with HPay's certificate. Codes 99, 999, 050, 064, 100 and unknown \
                  ones leave the outcome undetermined: reconcile with firm_banking.inquire, never send again.",
            handler: &Typed(read_transfer),
        },
        Operation {
            name: "hpay.firm_banking.account",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Asks for the owner's name of a bank account. HPay charges for it.",
            handler: &Typed(account),
        },
        Operation {
            name: "hpay.firm_banking.read_account",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Unknown,
            doc: "Reads the answer with the owner's name. Its formula is not published: `not_checked` until one is \
                  configured.",
            handler: &Typed(read_account),
        },
        Operation {
            name: INQUIRE_NAME,
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Asks what became of a transfer, by its requestId.",
            handler: &Typed(inquire),
        },
        Operation {
            name: "hpay.firm_banking.read_inquire",
            kind: Kind::ReadOutcome(INQUIRE_NAME),
            evidence: Evidence::Unknown,
            doc: "Reads what became of a transfer. Its formula is not published: `not_checked` until one is \
                  configured. A failed inquiry says nothing about the transfer.",
            handler: &Typed(read_inquire),
        },
    ],
};

/// Row 7: HPay's Java sample.
pub(crate) static TRANSFER: Recipe = Recipe::rsa_pipes(
    &["requestId", "merchantId", "amount", "bankAccountName"],
    SecretName::Passcode,
    Evidence::Official,
);

/// Row 8 as the official screenshot has it.
pub(crate) static TRANSFER_ANSWER: Recipe = Recipe::rsa_pipes(
    &["requestId", "bankAccountNumber", "omiCashoutId"],
    SecretName::Passcode,
    Evidence::Official,
);

/// Row 8 as HPay's Java sample has it; tried only when the caller gives the name of his own request.
pub(crate) static TRANSFER_ANSWER_BY_NAME: Recipe = Recipe::rsa_pipes(
    &["requestId", "bankAccountName", "omiCashoutId"],
    SecretName::Passcode,
    Evidence::Official,
);

/// Inferred from the house style; HPay's error codes check the fields in this order.
pub(crate) static ACCOUNT: Recipe = Recipe::pipes(
    &["merchant_id", "bank_name", "bank_account_number"],
    SecretName::Passcode,
    Evidence::Inferred,
);

/// Inferred from the house style. The document's examples carry one digest with and without transactionId.
pub(crate) static INQUIRE: Recipe =
    Recipe::pipes(&["requestId", "merchantId"], SecretName::Passcode, Evidence::Inferred);

/// Where a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// JSON to the account host: the way of regular merchants.
    Regular,
    /// JSON to the Open API host, for selected merchants.
    OpenApi,
    /// A form to the account host; deprecated by HPay.
    Form,
}

/// A transfer.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Identifier of the request, unique, at most 99 characters. No `|`.
    pub request_id: String,
    /// E-mail of the merchant's account; left out when `receiver` is configured.
    pub merchant_email: Option<String>,
    /// Code of the bank (Table 3). Not covered by the signature.
    pub bank_name: String,
    /// Account number: letters and digits. Not covered by the signature.
    pub bank_account_number: String,
    /// Name of the account's owner. No `|`.
    pub bank_account_name: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Text of the transfer: at most 100 unaccented characters. Not covered by the signature.
    pub note: Option<String>,
    /// Where it goes; default `regular`.
    pub variant: Option<Variant>,
    /// Signature made outside (base64), instead of a configured private_key.
    #[serde(rename = "ready_signature")]
    pub ready_signature: Option<String>,
}

/// The name under which `recipes` may hold the formula of a transfer.
const TRANSFER_NAME: &str = "hpay.firm_banking.transfer";
/// The operation that tells what became of a transfer.
const INQUIRE_NAME: &str = "hpay.firm_banking.inquire";

pub(crate) fn transfer(client: &HPay, input: &Transfer) -> Result<HttpRequest> {
    let email = client.receiver("merchantEmail", input.merchant_email.as_deref())?;
    check::text("bankName", &input.bank_name, 1, 50)?;
    check::alphanumeric("bankAccountNumber", &input.bank_account_number, 1, 30)?;
    check_note(input.note.as_deref())?;
    let mut parameters = signed_part(client, &input.request_id, &input.bank_account_name, input.amount)?;
    parameters.put("merchantEmail", Some(email));
    parameters.put("bankName", Some(&input.bank_name));
    parameters.put("bankAccountNumber", Some(&input.bank_account_number));
    parameters.put("note", input.note.as_deref());
    let recipe = client.recipe(TRANSFER_NAME, &TRANSFER);
    recipe.guard(parameters.values())?;
    let secure_chain = ready_or_signed(client, recipe, parameters.values(), input.ready_signature.as_deref())?;
    parameters.put("secureChain", Some(&secure_chain));
    let parameters = parameters.ordered(&[
        "requestId",
        "merchantId",
        "merchantEmail",
        "bankName",
        "bankAccountNumber",
        "bankAccountName",
        "amount",
        "note",
        "secureChain",
    ]);
    let request = match input.variant.unwrap_or(Variant::Regular) {
        Variant::Regular => {
            HttpRequest::post_json(format!("{}/api/ibft/create", client.account_url), parameters.json())
        }
        Variant::OpenApi => HttpRequest::post_json(format!("{}/v1/fb/create", client.open_api_url), parameters.json()),
        Variant::Form => HttpRequest::post_form(format!("{}/api/ibft", client.account_url), parameters.form()),
    };
    Ok(request.signature(secure_chain.clone()))
}

/// The members of a transfer that the built-in formula covers.
fn signed_part<'a>(
    client: &'a HPay,
    request_id: &'a str,
    bank_account_name: &'a str,
    amount: Dong,
) -> Result<Parameters<'a>> {
    check::text("requestId", request_id, 1, 99)?;
    check::text("bankAccountName", bank_account_name, 1, 100)?;
    check::amount("amount", amount, 1)?;
    let mut parameters = Parameters::new();
    parameters.put("requestId", Some(request_id));
    parameters.put("merchantId", Some(&client.merchant_site_code));
    parameters.put("bankAccountName", Some(bank_account_name));
    parameters.made("amount", amount.0.to_string());
    Ok(parameters)
}

/// What of a transfer is signed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TransferToSign {
    /// Identifier of the request, unique, at most 99 characters. No `|`.
    pub request_id: String,
    /// Name of the account's owner. No `|`.
    pub bank_account_name: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Not signed by the built-in formula; taken so that the same record serves transfer.
    pub merchant_email: Option<String>,
    /// As merchantEmail.
    pub bank_name: Option<String>,
    /// As merchantEmail.
    pub bank_account_number: Option<String>,
    /// As merchantEmail.
    pub note: Option<String>,
    /// Also gives the bytes themselves. They hold the passcode: never log them. Default false.
    #[serde(rename = "include_bytes")]
    pub include_bytes: Option<bool>,
}

pub(crate) fn transfer_to_sign(client: &HPay, input: &TransferToSign) -> Result<Made<ToSign>> {
    let mut parameters = signed_part(client, &input.request_id, &input.bank_account_name, input.amount)?;
    parameters.put(
        "merchantEmail",
        input.merchant_email.as_deref().or(client.receiver.as_deref()),
    );
    parameters.put("bankName", input.bank_name.as_deref());
    parameters.put("bankAccountNumber", input.bank_account_number.as_deref());
    parameters.put("note", input.note.as_deref());
    let recipe = client.recipe(TRANSFER_NAME, &TRANSFER);
    recipe.guard(parameters.values())?;
    to_sign(client, recipe, parameters.values(), input.include_bytes)
}

/// The answer to a transfer.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadTransfer {
    /// Raw body as received: text or bytes, never a parsed object.
    pub body: String,
    /// Members that must be equal, one at least, by their wire names; the first that differs is named in a `mismatch`
    /// error. Those under `unverified` are never equal.
    pub expected: Option<Json>,
    /// Name of the account's owner in your own request: also tries the formula of HPay's Java sample, which signs it
    /// in place of the account number.
    #[serde(rename = "bankAccountName")]
    pub bank_account_name: Option<String>,
}

/// An accepted transfer. error_code and status are not covered by the signature and stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransferAnswer {
    /// `partly_signed`: the amount is not covered, unless a configured formula says so.
    pub proof: Proof,
    /// Always `undetermined`: the signature does not cover whether the transfer was accepted, nor does the answer say
    /// what became of it. Ask with firm_banking.inquire.
    pub outcome: Outcome,
    /// Which formula or secret matched, where several were tried.
    pub matched: Option<String>,
    /// What the signature covers.
    pub data: Option<TransferData>,
    /// Members that the signature does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// The covered members of a transfer's answer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransferData {
    /// Identifier of the request.
    #[serde(rename = "requestId")]
    pub request_id: Option<String>,
    /// Account number.
    #[serde(rename = "bankAccountNumber")]
    pub bank_account_number: Option<String>,
    /// HPay's identifier, exactly as printed.
    #[serde(rename = "omiCashoutId")]
    pub omi_cashout_id: Option<String>,
}

pub(crate) fn read_transfer(client: &HPay, input: &ReadTransfer) -> Result<Reading<TransferAnswer>> {
    let mut members = read_answer(&input.body)?;
    refuse_transfer(&members)?;
    own_merchant(client, &members)?;
    let secure_chain = take_checksum(&mut members, "secureChain")?;
    let recipe = client.recipe("hpay.firm_banking.read_transfer", &TRANSFER_ANSWER);
    let name = input.bank_account_name.as_deref();
    let needed: &[&[&str]] = &[&["requestId"], &["amount"]];
    for name in recipe.fields.iter() {
        let field = format!("data.{name}");
        let value = value_of(client, &members, name).ok_or_else(|| absent(&field))?;
        if value.is_empty() {
            return Err(empty(&field));
        }
    }
    let mut draft = match (verified(client, recipe, members.clone(), &secure_chain, needed), name) {
        (Ok(mut draft), name) => {
            draft.matched = join_matched(name.map(|_| "bankAccountNumber"), draft.matched);
            draft
        }
        (Err(error), Some(name)) if error.code() == Code::SignatureMismatch => {
            read_by_name(client, members, name, &secure_chain)?
        }
        (Err(error), _) => return Err(error),
    };
    draft.outcome = Some(Outcome::Undetermined);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// The formula of HPay's Java sample: the answer has no bankAccountName, so the sample takes that of its own request.
fn read_by_name<'a>(client: &HPay, members: Record<'a>, name: &str, secure_chain: &str) -> Result<Draft<'a>> {
    let data = members.get("data").and_then(Value::as_record);
    let data = data.ok_or_else(|| absent("data"))?;
    let values = |field: &str| match field {
        "bankAccountName" => Some(name.into()),
        field => member(data, field),
    };
    TRANSFER_ANSWER_BY_NAME.guard(values)?;
    let secret = client.verify(&TRANSFER_ANSWER_BY_NAME, values, secure_chain)?;
    let covered = ["/data/requestId", "/data/omiCashoutId"];
    let mut draft = Draft::split(Proof::PartlySigned, members, &covered);
    draft.matched = join_matched(Some("bankAccountName"), secret);
    Ok(draft)
}

/// A refused transfer. Money may have moved where the code is in the pending table or in no table.
fn refuse_transfer(members: &Record<'_>) -> Result<()> {
    refuse_failure(members, "error_code").map_err(|error| match error.gateway_code() {
        Some(code) if firm_banking_failed(code) => error.outcome("refused"),
        _ => error,
    })
}

/// A bank account to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Code of the bank (Table 3). No `|`.
    pub bank_name: String,
    /// Account number: letters and digits.
    pub bank_account_number: String,
}

pub(crate) fn account(client: &HPay, input: &Account) -> Result<HttpRequest> {
    check::text("bank_name", &input.bank_name, 1, 50)?;
    check::alphanumeric("bank_account_number", &input.bank_account_number, 1, 30)?;
    let mut parameters = Parameters::new();
    parameters.put("merchant_id", Some(&client.merchant_site_code));
    parameters.put("bank_name", Some(&input.bank_name));
    parameters.put("bank_account_number", Some(&input.bank_account_number));
    let recipe = client.recipe("hpay.firm_banking.account", &ACCOUNT);
    let secure_code = parameters.sign(client, recipe, "secure_code")?;
    let url = parameters.address(&client.account_url, "/api/ibft/CheckUserBank");
    Ok(HttpRequest::get(url).signature(secure_code))
}

/// The answer with the owner's name.
pub(super) static READ_ACCOUNT: Unpublished = Unpublished {
    operation: "hpay.firm_banking.read_account",
    checksum: "checksum",
    required: &["bank_account_name"],
    names_merchant: true,
    needed: &[&["bank_account_number"], &["bank_account_name"]],
};

/// The owner of a bank account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountAnswer {
    /// `not_checked`; with a configured formula `signed`, or `partly_signed` where it leaves the account or its owner
    /// out.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `000`.
    pub error_code: Option<String>,
    /// The account.
    pub data: Option<AccountData>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// A bank account and its owner.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountData {
    /// Identifier of the inquiry.
    pub request_id: Option<String>,
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// Account number.
    pub bank_account_number: Option<String>,
    /// Code of the bank.
    pub bank_name: Option<String>,
    /// Name of the owner.
    pub bank_account_name: Option<String>,
}

pub(crate) fn read_account(client: &HPay, input: &Body) -> Result<Reading<AccountAnswer>> {
    let draft = READ_ACCOUNT.read(client, &input.body)?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A transfer to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Inquire {
    /// requestId of the transfer. No `|`.
    pub request_id: String,
    /// omiTransactionId of the transfer's answer, where there was one.
    pub transaction_id: Option<String>,
}

pub(crate) fn inquire(client: &HPay, input: &Inquire) -> Result<HttpRequest> {
    check::text("requestId", &input.request_id, 1, 99)?;
    if let Some(id) = &input.transaction_id {
        check::text("transactionId", id, 1, 99)?;
    }
    let mut parameters = Parameters::new();
    parameters.put("requestId", Some(&input.request_id));
    parameters.put("merchantId", Some(&client.merchant_site_code));
    parameters.put("transactionId", input.transaction_id.as_deref());
    let recipe = client.recipe(INQUIRE_NAME, &INQUIRE);
    let secure_chain = parameters.sign(client, recipe, "secureChain")?;
    let url = parameters.address(&client.account_url, "/api/ibft/inquiry");
    Ok(HttpRequest::get(url).signature(secure_chain))
}

/// What became of a transfer.
pub(super) static READ_INQUIRE: Unpublished = Unpublished {
    operation: "hpay.firm_banking.read_inquire",
    checksum: "secure_chain",
    required: &[],
    names_merchant: true,
    needed: &[&["request_id", "transaction_id"], &["amount"]],
};

/// What became of a transfer, or of several.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InquireAnswer {
    /// `not_checked`; with a configured formula `signed`, or `partly_signed` where it leaves request or amount out.
    pub proof: Proof,
    /// `succeeded`, `failed`, `pending` or `undetermined`, after transaction_status and cashout_status; `undetermined`
    /// too where the answer has neither, or a configured formula leaves transaction_status out. Absent where the answer
    /// lists several transfers.
    pub outcome: Option<Outcome>,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `000`.
    pub error_code: Option<String>,
    /// An object for one transfer, a list for several: time_tranfer (so spelt), note, amount in VND, request_id,
    /// merchant_id, bankAccount_name, bankAccount_number, transaction_id (in the list), transaction_status (1 and 2
    /// under way, 3 failed, 4 success), cashout_status (1 and 2 under way, 3 success, 4 failed), refund_status (1 not
    /// refundable, 2 full refund).
    pub data: Option<AnyJson>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

pub(crate) fn read_inquire(client: &HPay, input: &Body) -> Result<Reading<InquireAnswer>> {
    let mut draft = READ_INQUIRE.read(client, &input.body)?.grouped_money(&["amount"]);
    draft.outcome = match draft.members().get("data") {
        Some(Value::Record(transfer)) => Some(outcome_of(transfer)),
        Some(Value::List(transfers)) => match transfers.as_slice() {
            [Value::Record(transfer)] => Some(outcome_of(transfer)),
            [_, _, ..] => None,
            _ => Some(Outcome::Undetermined),
        },
        _ => Some(Outcome::Undetermined),
    };
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// The two columns count differently: 3 is a failed transaction, but a successful cash-out.
fn outcome_of(transfer: &Record<'_>) -> Outcome {
    let transaction = transfer.printed("transaction_status").unwrap_or_default();
    let cashout = transfer.printed("cashout_status").unwrap_or_default();
    // The money came back, whatever the rest says.
    if transfer.printed("refund_status").as_deref() == Some("2") {
        return Outcome::Undetermined;
    }
    match (transaction.as_ref(), cashout.as_ref()) {
        ("4", "3" | "") => Outcome::Succeeded,
        ("3", "4" | "") => Outcome::Failed,
        ("1" | "2", "1" | "2" | "") => Outcome::Pending,
        _ => Outcome::Undetermined,
    }
}
