//! Firm banking (iBFT, "chi hộ"): transfers from the merchant's balance to bank accounts. End of support; the Open
//! API succeeds it.

use super::HPay;
use super::reference;
use crate::answer::{Draft, Made, Proof, Reading, absent, join_matched};
use crate::canonical::{Evidence, Recipe, SecretName, member};
use crate::check::{self, Dong};
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::http::{Encoder, HttpRequest};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value, parse_record};

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
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Verifies the answer to a transfer with HPay's certificate. Codes 99, 999, 050, 064, 100 and unknown \
                  ones leave the outcome undetermined: reconcile, never send again.",
            handler: &Typed(read_transfer),
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

pub(crate) fn transfer(client: &HPay, input: &Transfer) -> Result<HttpRequest> {
    let signed = SignedPart::check(client, &input.request_id, &input.bank_account_name, input.amount)?;
    let email = client.receiver("merchantEmail", input.merchant_email.as_deref())?;
    check::text("bankName", &input.bank_name, 1, 50)?;
    check::alphanumeric("bankAccountNumber", &input.bank_account_number, 1, 30)?;
    if let Some(note) = &input.note {
        check::ascii("note", note, 0, 100)?;
    }
    let recipe = client.recipe("hpay.firm_banking.transfer", &TRANSFER);
    let secure_chain = match &input.ready_signature {
        Some(ready) => check_ready_signature(client, recipe, &signed, ready)?,
        None => signed.sign(client, recipe)?,
    };
    let mut members = vec![
        ("requestId", input.request_id.as_str()),
        ("merchantId", client.merchant_site_code.as_str()),
        ("merchantEmail", email),
        ("bankName", &input.bank_name),
        ("bankAccountNumber", &input.bank_account_number),
        ("bankAccountName", &input.bank_account_name),
        ("amount", &signed.amount),
    ];
    members.extend(input.note.as_deref().map(|note| ("note", note)));
    members.push(("secureChain", &secure_chain));
    let json = || {
        Value::Record(
            members
                .iter()
                .map(|(name, value)| (*name, Value::text(*value)))
                .collect(),
        )
        .to_json()
    };
    let request = match input.variant.unwrap_or(Variant::Regular) {
        Variant::Regular => HttpRequest::post_json(format!("{}/api/ibft/create", client.account_url), json()),
        Variant::OpenApi => HttpRequest::post_json(format!("{}/v1/fb/create", client.open_api_url), json()),
        Variant::Form => {
            let form = Encoder::PhpForm.join(members.iter().copied());
            HttpRequest::post_form(format!("{}/api/ibft", client.account_url), form)
        }
    };
    Ok(request.signature(secure_chain.clone()))
}

/// The members of a transfer that are signed.
struct SignedPart<'a> {
    request_id: &'a str,
    merchant_id: &'a str,
    amount: String,
    bank_account_name: &'a str,
}

impl<'a> SignedPart<'a> {
    fn check(client: &'a HPay, request_id: &'a str, bank_account_name: &'a str, amount: Dong) -> Result<Self> {
        check::text("requestId", request_id, 1, 99)?;
        check::text("bankAccountName", bank_account_name, 1, 100)?;
        check::amount("amount", amount, 1)?;
        let part = Self {
            request_id,
            merchant_id: &client.merchant_site_code,
            amount: amount.0.to_string(),
            bank_account_name,
        };
        client
            .recipe("hpay.firm_banking.transfer", &TRANSFER)
            .guard(|name| part.value(name))?;
        Ok(part)
    }

    fn value(&self, name: &str) -> Option<crate::value::Text<'_>> {
        let value = match name {
            "requestId" => self.request_id,
            "merchantId" => self.merchant_id,
            "amount" => &self.amount,
            "bankAccountName" => self.bank_account_name,
            _ => return None,
        };
        Some(value.into())
    }

    fn sign(&self, client: &HPay, recipe: &Recipe) -> Result<String> {
        client.sign(recipe, |name| self.value(name))
    }
}

/// A signature made outside must be in form, and belong to the request where the merchant's certificate is known.
fn check_ready_signature(client: &HPay, recipe: &Recipe, signed: &SignedPart<'_>, ready: &str) -> Result<String> {
    let length = encoding::from_base64(ready).map(|bytes| bytes.len());
    if !length.is_some_and(|length| (256..=512).contains(&length)) {
        let rule = Rule::Say("must be an RSA signature in base64", "phải là chữ ký RSA dạng base64");
        return Err(Error::invalid("ready_signature", rule));
    }
    if let Some(certificate) = &client.merchant_certificate {
        let sha256 = recipe.digest(|name| signed.value(name), client.secret(recipe.secret)?);
        if !certificate.verify(&sha256, ready) {
            return Err(Error::new(Code::SignatureMismatch).field("ready_signature"));
        }
    }
    Ok(ready.to_owned())
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
    /// Not signed; taken so that the same record serves transfer.
    pub merchant_email: Option<String>,
    /// Not signed; taken so that the same record serves transfer.
    pub bank_name: Option<String>,
    /// Not signed; taken so that the same record serves transfer.
    pub bank_account_number: Option<String>,
    /// Not signed; taken so that the same record serves transfer.
    pub note: Option<String>,
    /// Also gives the bytes themselves. They hold the passcode: never log them. Default false.
    #[serde(rename = "include_bytes")]
    pub include_bytes: Option<bool>,
}

/// What to sign.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToSign {
    /// SHA-256 of the bytes in hexadecimal: sign it with RSA PKCS#1 v1.5 (DigestInfo of SHA-256).
    pub sha256: String,
    /// The bytes in base64, only with include_bytes. They hold the passcode.
    pub bytes: Option<String>,
}

pub(crate) fn transfer_to_sign(client: &HPay, input: &TransferToSign) -> Result<Made<ToSign>> {
    let signed = SignedPart::check(client, &input.request_id, &input.bank_account_name, input.amount)?;
    let recipe = client.recipe("hpay.firm_banking.transfer", &TRANSFER);
    to_sign(
        client,
        recipe,
        |name| signed.value(name),
        input.include_bytes == Some(true),
    )
}

/// The digest to sign, and the bytes on request.
pub(super) fn to_sign<'v>(
    client: &HPay,
    recipe: &Recipe,
    value_of: impl Fn(&str) -> Option<crate::value::Text<'v>> + Copy,
    include_bytes: bool,
) -> Result<Made<ToSign>> {
    let secret = client.secret(recipe.secret)?;
    let mut record = Record::from_iter([("sha256", Value::text(encoding::hex(&recipe.digest(value_of, secret))))]);
    if include_bytes {
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        recipe.feed(value_of, Some(secret.expose()), &mut |piece| {
            bytes.extend_from_slice(piece)
        });
        record.push("bytes", Value::text(encoding::base64(&bytes)));
    }
    Ok(Made::new(record))
}

/// The answer to a transfer.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadTransfer {
    /// Raw body as received: text or bytes, never a parsed object.
    pub body: String,
    /// Members that must be equal, by their wire names; the first that differs is named in a `mismatch` error.
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
    /// Always `partly_signed`: the amount is not covered.
    pub proof: Proof,
    /// Which formula or secret matched, where several were tried.
    pub matched: Option<String>,
    /// What the signature covers.
    pub data: TransferData,
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
    refuse_failure(&members, "error_code")?;
    let Some(Value::Record(mut data)) = members.remove("data") else {
        return Err(absent("data"));
    };
    let Some(Value::Text(secure_chain)) = data.remove("secureChain") else {
        return Err(absent("data.secureChain"));
    };
    let recipe = client.recipe("hpay.firm_banking.read_transfer", &TRANSFER_ANSWER);
    for name in recipe.fields.iter() {
        let field = format!("data.{name}");
        if member(&data, name).ok_or_else(|| absent(&field))?.is_empty() {
            return Err(Error::invalid(
                &field,
                Rule::Say("must not be empty", "không được để trống"),
            ));
        }
    }
    recipe.guard(|name| member(&data, name))?;
    let by_number = client.verify(recipe, |name| member(&data, name), &secure_chain);
    let name_given = input.bank_account_name.as_deref();
    let (spelling, secret, covered): (_, _, &[&str]) = match (by_number, name_given) {
        (Ok(secret), name) => (
            name.map(|_| "bankAccountNumber"),
            secret,
            &["/data/requestId", "/data/bankAccountNumber", "/data/omiCashoutId"],
        ),
        (Err(error), Some(name_given)) if error.code() == Code::SignatureMismatch => {
            let values = |name: &str| match name {
                "bankAccountName" => Some(name_given.into()),
                name => member(&data, name),
            };
            TRANSFER_ANSWER_BY_NAME.guard(values)?;
            let secret = client.verify(&TRANSFER_ANSWER_BY_NAME, values, &secure_chain)?;
            (
                Some("bankAccountName"),
                secret,
                &["/data/requestId", "/data/omiCashoutId"],
            )
        }
        (Err(error), _) => return Err(error),
    };
    members.push("data", Value::Record(data));
    let mut draft = Draft::split(Proof::PartlySigned, members, covered);
    draft.matched = join_matched(spelling, secret);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// Longest answer that is read.
const MAX_ANSWER: usize = 1024 * 1024;

/// Reads the JSON object of an answer.
pub(super) fn read_answer(body: &str) -> Result<Record<'_>> {
    if body.len() > MAX_ANSWER {
        return Err(Error::say(Code::MalformedInput, "is longer than 1 MiB", "dài quá 1 MiB").field("body"));
    }
    parse_record(body).map_err(|error| error.field("body"))
}

/// Turns a reported failure into the error `gateway_refused`. Money may have moved where the code is in the pending
/// table or in no table.
fn refuse_failure(members: &Record<'_>, name: &str) -> Result<()> {
    let code = members.printed(name).ok_or_else(|| absent(name))?;
    if reference::SUCCESS.contains(&code.as_ref()) {
        return Ok(());
    }
    let message = members.printed("status").or_else(|| members.printed("message"));
    let error = Error::new(Code::GatewayRefused)
        .gateway(Some(code.to_string()), message.map(Into::into))
        .signed(false);
    Err(if reference::firm_banking_failed(&code) {
        error.outcome("refused")
    } else {
        error.outcome("undetermined")
    })
}
