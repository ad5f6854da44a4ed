//! Virtual accounts (VA). End of support; the Open API succeeds them.

use super::answers::{Unpublished, covered_values, empty, own_merchant, required_recipe, take_text, verified};
use super::parameters::Parameters;
use super::{HPay, check_remark};
use crate::answer::{Acknowledgement, Body, Nothing, Outcome, Proof, Query, Reading, idempotency_key};
use crate::canonical::{Evidence, Recipe, SecretName};
use crate::check::{self, Dong, Whole};
use crate::error::{Code, Error, Result, Rule};
use crate::http::{HttpRequest, read_query};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record};

pub(crate) const SERVICE: Service = Service {
    name: "virtual_account",
    doc: "Virtual accounts (VA). End of support; see open_api for its successor.",
    operations: &[
        Operation {
            name: "hpay.virtual_account.create",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Opens a virtual account. The digest covers merchantId and condition only.",
            handler: &Typed(create),
        },
        Operation {
            name: "hpay.virtual_account.read_create",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Unknown,
            doc: "Reads the new account. Its formula is not published: `not_checked` until one is configured.",
            handler: &Typed(read_create),
        },
        Operation {
            name: "hpay.virtual_account.update_name",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Renames an account. The formula is inferred: HPay refuses a wrong one, and `recipes` replaces it.",
            handler: &Typed(update_name),
        },
        Operation {
            name: "hpay.virtual_account.read_update_name",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the renamed account. HPay does not sign this answer.",
            handler: &Typed(read_update_name),
        },
        Operation {
            name: "hpay.virtual_account.revoke",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Closes an account, or opens it again. The formula is inferred: HPay refuses a wrong one, and \
                  `recipes` replaces it.",
            handler: &Typed(revoke),
        },
        Operation {
            name: "hpay.virtual_account.read_revoke",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Unknown,
            doc: "Reads the closed or opened account. Its formula is not published: `not_checked` until one is \
                  configured.",
            handler: &Typed(read_revoke),
        },
        Operation {
            name: "hpay.virtual_account.transactions",
            kind: Kind::Build,
            evidence: Evidence::Inferred,
            doc: "Asks for the payments of yesterday and today to an account: the way to confirm a callback. The \
                  formula is inferred: HPay refuses a wrong one, and `recipes` replaces it.",
            handler: &Typed(transactions),
        },
        Operation {
            name: "hpay.virtual_account.read_transactions",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Unknown,
            doc: "Reads the payments to an account. Its formula is not published: `not_checked`.",
            handler: &Typed(read_transactions),
        },
        Operation {
            name: "hpay.virtual_account.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the callback of a payment to an account. HPay names the fields (cashin, order_id, passcode) \
                  but not the separator: `recipe_required` until the formula is configured. The amount is not \
                  signed: confirm it with virtual_account.transactions.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "hpay.virtual_account.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Inferred,
            doc: "What to answer to the callback. HPay documents no reply; this is that of its Open API.",
            handler: &Typed(acknowledge),
        },
    ],
};

/// Row 5: official screenshot.
pub(crate) static CREATE: Recipe =
    Recipe::pipes(&["merchantId", "condition"], SecretName::Passcode, Evidence::Official);

/// Inferred from the house style.
pub(crate) static UPDATE_NAME: Recipe = Recipe::pipes(
    &["merchant_id", "va_account", "va_name"],
    SecretName::Passcode,
    Evidence::Inferred,
);

/// Inferred from the house style.
pub(crate) static REVOKE: Recipe = Recipe::pipes(
    &["merchant_id", "account_va", "flag"],
    SecretName::Passcode,
    Evidence::Inferred,
);

/// Inferred from the house style.
pub(crate) static TRANSACTIONS: Recipe =
    Recipe::pipes(&["merchant_id", "va_account"], SecretName::Passcode, Evidence::Inferred);

/// One payment, or many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccountType {
    /// For one payment.
    #[serde(rename = "1")]
    #[default]
    OneTime,
    /// For many payments.
    #[serde(rename = "2")]
    Multiple,
}

impl AccountType {
    pub(super) const fn name(self) -> &'static str {
        match self {
            AccountType::OneTime => "1",
            AccountType::Multiple => "2",
        }
    }
}

/// Which amounts an account takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Condition {
    /// The named amount only.
    #[serde(rename = "1")]
    #[default]
    Fixed,
    /// Any amount.
    #[serde(rename = "2")]
    Flexible,
}

impl Condition {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Condition::Fixed => "1",
            Condition::Flexible => "2",
        }
    }
}

/// Longest life of an account, from now.
const SEVEN_DAYS: u64 = 7 * 24 * 60 * 60;

/// HPay's error 049: at most seven days ahead.
fn check_time_limit(client: &HPay, field: &str, limit: Option<Whole>, now: Option<Whole>) -> Result<()> {
    let now = now.map(|now| now.0).or_else(|| client.clock.map(|clock| clock()));
    let (Some(limit), Some(now)) = (limit, now) else {
        return Ok(());
    };
    if limit.0 <= now.saturating_add(SEVEN_DAYS) {
        return Ok(());
    }
    let rule = Rule::Say(
        "must be at most seven days from now, in Unix seconds",
        "tối đa 7 ngày kể từ hiện tại, tính bằng giây Unix",
    );
    Err(Error::invalid(field, rule))
}

/// A new account.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Create {
    /// `1` for one payment, `2` for many.
    pub account_va_type: AccountType,
    /// Name of the account, at most 100 characters.
    pub account_va_name: String,
    /// Amount in VND; may be 0 with condition `2`. Not covered by the digest.
    pub amount: Dong,
    /// Text of the payment: at most 50 letters, digits and spaces.
    pub remark: Option<String>,
    /// Last moment to pay in Unix seconds, at most seven days from now; HPay's default is 24 hours.
    pub time_limit: Option<Whole>,
    /// `1` takes the named amount only, `2` any amount.
    pub condition: Condition,
    /// The time now in Unix seconds, for the check of timeLimit; default: the host's clock.
    pub now: Option<Whole>,
}

pub(crate) fn create(client: &HPay, input: &Create) -> Result<HttpRequest> {
    check::text("accountVaName", &input.account_va_name, 1, 100)?;
    let least = if input.condition == Condition::Fixed { 1 } else { 0 };
    check::amount("amount", input.amount, least)?;
    check_remark("remark", input.remark.as_deref())?;
    check_time_limit(client, "timeLimit", input.time_limit, input.now)?;
    let mut parameters = Parameters::new();
    parameters.put("merchantId", Some(&client.merchant_site_code));
    parameters.put("accountVaType", Some(input.account_va_type.name()));
    parameters.put("accountVaName", Some(&input.account_va_name));
    parameters.made("amount", input.amount.0.to_string());
    parameters.put("remark", input.remark.as_deref());
    if let Some(limit) = input.time_limit {
        parameters.made("timeLimit", limit.0.to_string());
    }
    parameters.put("condition", Some(input.condition.name()));
    let recipe = client.recipe("hpay.virtual_account.create", &CREATE);
    let secure_code = parameters.sign(client, recipe, "secure_code")?;
    let url = format!("{}/api/va/create", client.account_url);
    Ok(HttpRequest::post_form(url, parameters.form()).signature(secure_code))
}

/// The answer with the new account.
pub(super) static READ_CREATE: Unpublished = Unpublished {
    operation: "hpay.virtual_account.read_create",
    checksum: "checksum",
    required: &["va_account"],
    names_merchant: true,
    needed: &[&["va_account"], &["va_amount"]],
};

/// The new account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateAnswer {
    /// `not_checked`; with a configured formula `signed`, or `partly_signed` where it leaves account or amount out.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `0` or `00`.
    pub error_code: Option<String>,
    /// The account.
    pub data: Option<CreateData>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// A virtual account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateData {
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// E-mail of the merchant's account.
    pub merchant_email: Option<String>,
    /// Account number to pay to.
    pub va_account: Option<String>,
    /// Name of the account.
    pub va_name: Option<String>,
    /// `1` made in the portal, `2` by this API.
    pub va_method: Option<String>,
    /// `1` for one payment, `2` for many.
    pub va_type: Option<String>,
    /// `1` takes the named amount only, `2` any amount (one table of the document says 0 or 1).
    pub va_condition: Option<String>,
    /// Bank of the account.
    pub va_bank: Option<String>,
    /// `1` unpaid, `2` paid, `3` and `4` expired.
    pub va_status: Option<String>,
    /// Amount in VND.
    pub va_amount: Option<u64>,
    /// Text of the payment.
    pub remark: Option<String>,
    /// Last moment to pay in Unix seconds.
    pub va_timelimit: Option<String>,
    /// Address of HPay's page with the QR code.
    #[serde(rename = "qrCommonURL")]
    pub qr_common_url: Option<String>,
    /// Address of the QR code's data.
    #[serde(rename = "qrDataURL")]
    pub qr_data_url: Option<String>,
    /// Picture of the QR code.
    #[serde(rename = "qrImage")]
    pub qr_image: Option<String>,
    /// EMVCo text of the QR code.
    #[serde(rename = "qrCode")]
    pub qr_code: Option<String>,
}

pub(crate) fn read_create(client: &HPay, input: &Body) -> Result<Reading<CreateAnswer>> {
    let draft = READ_CREATE.read(client, &input.body)?.grouped_money(&["va_amount"]);
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A new name.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateName {
    /// Account number. No `|`.
    pub va_account: String,
    /// Name of the account, at most 100 characters. No `|`.
    pub va_name: String,
    /// Text of the payment: at most 50 letters, digits and spaces.
    pub remark: Option<String>,
}

pub(crate) fn update_name(client: &HPay, input: &UpdateName) -> Result<HttpRequest> {
    check::text("va_account", &input.va_account, 1, 50)?;
    check::text("va_name", &input.va_name, 1, 100)?;
    check_remark("remark", input.remark.as_deref())?;
    let mut parameters = Parameters::new();
    parameters.put("merchant_id", Some(&client.merchant_site_code));
    parameters.put("va_account", Some(&input.va_account));
    parameters.put("va_name", Some(&input.va_name));
    parameters.put("remark", input.remark.as_deref());
    let recipe = client.recipe("hpay.virtual_account.update_name", &UPDATE_NAME);
    let secure_code = parameters.sign(client, recipe, "secure_code")?;
    let url = format!("{}/api/va/updateVaName", client.account_url);
    Ok(HttpRequest::post_json(url, parameters.json()).signature(secure_code))
}

/// The answer with the renamed account; no checksum in the document.
pub(super) static READ_UPDATE_NAME: Unpublished = Unpublished {
    operation: "hpay.virtual_account.read_update_name",
    checksum: "",
    required: &["va_account", "va_name"],
    names_merchant: true,
    needed: &[],
};

/// The renamed account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateNameAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// Success code, `00`.
    pub error_code: Option<String>,
    /// Message for people.
    pub message: Option<String>,
    /// The account.
    pub data: Option<UpdateNameData>,
}

/// The renamed account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateNameData {
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// Account number.
    pub va_account: Option<String>,
    /// Name of the account.
    pub va_name: Option<String>,
    /// Text of the payment.
    pub remark: Option<String>,
}

pub(crate) fn read_update_name(client: &HPay, input: &Body) -> Result<Reading<UpdateNameAnswer>> {
    let draft = READ_UPDATE_NAME.read(client, &input.body)?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// Whether to close or to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Flag {
    /// Close the account.
    #[serde(rename = "0")]
    Close,
    /// Open it again.
    #[serde(rename = "1")]
    Open,
}

/// An account to close or to open.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoke {
    /// Account number. No `|`.
    pub account_va: String,
    /// `0` closes, `1` opens.
    pub flag: Flag,
    /// Last moment to pay in Unix seconds, at most seven days from now.
    pub time_limit: Option<Whole>,
    /// The time now in Unix seconds, for the check of time_limit; default: the host's clock.
    pub now: Option<Whole>,
}

pub(crate) fn revoke(client: &HPay, input: &Revoke) -> Result<HttpRequest> {
    check::text("account_va", &input.account_va, 1, 50)?;
    check_time_limit(client, "time_limit", input.time_limit, input.now)?;
    let flag = match input.flag {
        Flag::Close => "0",
        Flag::Open => "1",
    };
    let mut parameters = Parameters::new();
    parameters.put("merchant_id", Some(&client.merchant_site_code));
    parameters.put("account_va", Some(&input.account_va));
    parameters.put("flag", Some(flag));
    if let Some(limit) = input.time_limit {
        parameters.made("time_limit", limit.0.to_string());
    }
    let recipe = client.recipe("hpay.virtual_account.revoke", &REVOKE);
    let secure_code = parameters.sign(client, recipe, "secure_code")?;
    let url = format!("{}/api/va/revoke", client.account_url);
    Ok(HttpRequest::post_form(url, parameters.form()).signature(secure_code))
}

/// The answer with the closed or opened account.
pub(super) static READ_REVOKE: Unpublished = Unpublished {
    operation: "hpay.virtual_account.read_revoke",
    checksum: "checksum",
    required: &["account_va"],
    names_merchant: true,
    needed: &[&["account_va"], &["va_status"]],
};

/// The closed or opened account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevokeAnswer {
    /// `not_checked`; with a configured formula `signed`, or `partly_signed` where it leaves account or status out.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: Option<String>,
    /// The account.
    pub data: Option<RevokeData>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// The closed or opened account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevokeData {
    /// The merchant's code.
    pub merchant_id: Option<String>,
    /// Account number.
    pub account_va: Option<String>,
    /// `1` unpaid, `2` paid, `3` and `4` expired.
    pub va_status: Option<String>,
}

pub(crate) fn read_revoke(client: &HPay, input: &Body) -> Result<Reading<RevokeAnswer>> {
    let draft = READ_REVOKE.read(client, &input.body)?;
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// An account to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transactions {
    /// Account number. No `|`.
    pub va_account: String,
}

pub(crate) fn transactions(client: &HPay, input: &Transactions) -> Result<HttpRequest> {
    check::text("va_account", &input.va_account, 1, 50)?;
    let mut parameters = Parameters::new();
    parameters.put("merchant_id", Some(&client.merchant_site_code));
    parameters.put("va_account", Some(&input.va_account));
    let recipe = client.recipe("hpay.virtual_account.transactions", &TRANSACTIONS);
    let secure_code = parameters.sign(client, recipe, "secure_code")?;
    let url = format!("{}/v1/account/inquiry", client.open_api_url);
    Ok(HttpRequest::post_json(url, parameters.json()).signature(secure_code))
}

/// The answer with the payments.
pub(super) static READ_TRANSACTIONS: Unpublished = Unpublished {
    operation: "hpay.virtual_account.read_transactions",
    checksum: "secure_code",
    required: &[],
    names_merchant: false,
    needed: &[&["transaction_id"], &["amount"]],
};

/// The payments of yesterday and today to an account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionsAnswer {
    /// `not_checked`.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Success code, `00`.
    pub error_code: Option<String>,
    /// Message for people.
    pub message: Option<String>,
    /// The payments.
    pub data: Option<Vec<Transaction>>,
    /// Members that a configured formula does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
}

/// A payment to an account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transaction {
    /// Identifier of the transaction.
    pub transaction_id: Option<String>,
    /// Full account number.
    pub full_account_number: Option<String>,
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Time of the payment in Unix seconds.
    pub time_paid: Option<String>,
    /// HPay's identifier of the money received.
    pub cashin: Option<String>,
    /// Text of the payment, base64.
    pub remark: Option<String>,
    /// The same text, decoded.
    pub remark_decoded: Option<String>,
    /// Bank of the account.
    pub va_bank_name: Option<String>,
}

pub(crate) fn read_transactions(client: &HPay, input: &Body) -> Result<Reading<TransactionsAnswer>> {
    let draft = READ_TRANSACTIONS.read(client, &input.body)?.grouped_money(&["amount"]);
    let draft = draft.decoded("remark", "remark_decoded");
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// A payment to an account. The published fields of the formula are cashin and order_id: amount, account, text and
/// time stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Callback {
    /// `partly_signed`: the amount is not covered. `signed` only where a configured formula covers it.
    pub proof: Proof,
    /// After error_code, where a configured formula covers it.
    pub outcome: Option<Outcome>,
    /// True where the amount is not covered: confirm it with virtual_account.transactions before you credit it.
    pub must_inquire: Option<bool>,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// Evidence of the formula: a configured one counts as `official`.
    pub evidence: Evidence,
    /// Opaque text for a unique index, from cashin and order_id.
    pub idempotency_key: String,
    /// HPay's identifier of the money received.
    pub cashin: Option<String>,
    /// HPay's identifier of the order.
    pub order_id: Option<String>,
    /// Amount in VND, where a configured formula covers it.
    pub amount: Option<u64>,
    /// Members that the formula does not cover (va_account, fullAccountNumber, va_bankName, remark with
    /// remark_decoded, amount, order_code, time_paid, transactionId, error_code): anybody may have changed them.
    pub unverified: Option<Json>,
    /// The query string as received.
    pub raw: String,
}

pub(crate) fn read_callback(client: &HPay, input: &Query) -> Result<Reading<Callback>> {
    let recipe = required_recipe(client, "hpay.virtual_account.read_callback")?;
    let mut members = read_query(&input.query)?;
    let secure_code = take_text(&mut members, "secure_code")?;
    own_merchant(client, &members)?;
    if members.printed("cashin").is_some_and(|cashin| cashin.is_empty()) {
        return Err(empty("cashin"));
    }
    refuse_own_digest(client, &members)?;
    let key = match (members.printed("cashin"), members.printed("order_id")) {
        (Some(cashin), Some(order)) if recipe.covers("cashin") && recipe.covers("order_id") => vec![cashin, order],
        _ => covered_values(recipe, &members),
    };
    let key = idempotency_key("hpay.virtual_account", key.iter().map(AsRef::as_ref));
    let needed: &[&[&str]] = &[&["cashin", "order_id", "transactionId"], &["amount"]];
    let draft = verified(client, recipe, members, &secure_code, needed)?;
    let mut draft = draft.grouped_money(&["amount"]).decoded("remark", "remark_decoded");
    draft.outcome = draft.members().printed("error_code").map(|code| match code.as_ref() {
        "0" | "00" | "000" => Outcome::Succeeded,
        _ => Outcome::Undetermined,
    });
    draft.must_inquire = draft.members().get("amount").is_none();
    draft.evidence = Some(recipe.evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(input.query.clone());
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// The merchant's own requests are joined in the same way (`merchantId|condition|passcode`): their digests would pass
/// for a callback whose cashin or order_id is the merchant's code.
fn refuse_own_digest(client: &HPay, members: &Record<'_>) -> Result<()> {
    for name in ["cashin", "order_id"] {
        if members
            .printed(name)
            .is_some_and(|value| value == client.merchant_site_code)
        {
            return Err(Error::new(Code::Ambiguous)
                .field(name)
                .next("hpay.virtual_account.transactions"));
        }
    }
    Ok(())
}

pub(crate) fn acknowledge(_: &HPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, r#"{"error":"00","message":"Success"}"#))
}
