//! Firm banking ("chi hộ"): account look-up, transfers to bank accounts, their state, and the callback for those that
//! were pending.

use super::answers::{Answers, Callbacks, Refusals, parse_body};
use super::requests::{check_reference, segment};
use super::signing::printed;
use super::{AppotaPay, Call, reference};
use crate::answer::{Acknowledgement, Body, Draft, Nothing, Outcome, Proof, Reading, idempotency_key};
use crate::canonical::{Evidence, KeyValueRecipe};
use crate::check::{self, Alphabet, Dong};
use crate::error::{Error, Result};
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed, TypedCall};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "firm_banking",
    doc: "Firm banking: transfers to bank accounts and cards.",
    operations: &[
        Operation {
            name: "appotapay.firm_banking.account_info",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the look-up of the owner of an account or a card.",
            handler: &TypedCall(account_info),
        },
        Operation {
            name: "appotapay.firm_banking.read_account_info",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Verifies the answer to account_info. Bank and type of the account are not covered.",
            handler: &Typed(read_account_info),
        },
        Operation {
            name: "appotapay.firm_banking.transfer",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a signed transfer. After a time-out or an undetermined answer call status with the same \
                  partnerRefId; never send again under a new one.",
            handler: &TypedCall(transfer),
        },
        Operation {
            name: "appotapay.firm_banking.read_transfer",
            kind: Kind::ReadOutcome(STATUS),
            evidence: Evidence::Official,
            doc: "Verifies the answer to transfer. Its signature does not cover partnerRefId. Code 35 and unknown \
                  codes are gateway_refused with outcome undetermined: money may have moved.",
            handler: &Typed(read_transfer),
        },
        Operation {
            name: "appotapay.firm_banking.status",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the state of a transfer.",
            handler: &TypedCall(status),
        },
        Operation {
            name: "appotapay.firm_banking.read_status",
            kind: Kind::ReadOutcome(STATUS),
            evidence: Evidence::Official,
            doc: "Verifies the answer to status. Account, owner and partnerRefId are not covered. A refused query is \
                  gateway_refused with outcome undetermined: it says nothing about the transfer.",
            handler: &Typed(read_status),
        },
        Operation {
            name: "appotapay.firm_banking.balance",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the query for the balance.",
            handler: &TypedCall(balance),
        },
        Operation {
            name: "appotapay.firm_banking.read_balance",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to balance, which is not signed.",
            handler: &Typed(read_balance),
        },
        Operation {
            name: "appotapay.firm_banking.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the callback for a transfer that was pending. A failed transfer is a record with outcome \
                  failed, not an error.",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "appotapay.firm_banking.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "What to answer to the callback: HTTP 200. Without it AppotaPay tries up to three more times, five \
                  minutes apart.",
            handler: &Typed(acknowledge),
        },
    ],
};

pub(crate) const ACCOUNT_INFO: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("accountNo", "/accountNo"),
        ("accountType", "/accountType"),
        ("bankCode", "/bankCode"),
        ("partnerRefId", "/partnerRefId"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const ACCOUNT_INFO_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("accountName", "/accountInfo/accountName"),
        ("accountNo", "/accountInfo/accountNo"),
        ("errorCode", "/errorCode"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const TRANSFER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("accountName", "/accountName"),
        ("accountNo", "/accountNo"),
        ("accountType", "/accountType"),
        ("amount", "/amount"),
        ("bankCode", "/bankCode"),
        ("bankId", "/bankId"),
        ("channel", "/channel"),
        ("contractNumber", "/contractNumber"),
        ("customerPhoneNumber", "/customerPhoneNumber"),
        ("feeType", "/feeType"),
        ("message", "/message"),
        ("partnerRefId", "/partnerRefId"),
    ],
    evidence: Evidence::Official,
};

/// The answers to transfer and to status sign the same five members.
pub(crate) const TRANSFER_ANSWER: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/transaction/amount"),
        ("appotapayTransId", "/transaction/appotapayTransId"),
        ("errorCode", "/errorCode"),
        ("time", "/transaction/time"),
        ("transferAmount", "/transaction/transferAmount"),
    ],
    evidence: Evidence::Official,
};

pub(crate) const CALLBACK: KeyValueRecipe = KeyValueRecipe {
    fields: &[
        ("amount", "/transaction/amount"),
        ("appotapayTransId", "/transaction/appotapayTransId"),
        ("errorCode", "/errorCode"),
        ("partnerRefId", "/transaction/partnerRefId"),
        ("time", "/transaction/time"),
        ("transferAmount", "/transaction/transferAmount"),
        ("transferStatus", "/transaction/transferStatus"),
    ],
    evidence: Evidence::Official,
};

const MONEY: &[&str] = &["amount", "transferAmount", "balance"];
const STATUS: &str = "appotapay.firm_banking.status";

/// After a code that is not certain (35, 91, 99, 500, unknown ones): ask before anything else.
const REFUSALS: Refusals = Refusals {
    codes: &reference::FIRM_BANKING,
    about_money: true,
    about_a_query: false,
};
const REFUSALS_WITHOUT_MONEY: Refusals = Refusals {
    about_money: false,
    ..REFUSALS
};

const TRANSFER_ANSWERS: Answers = Answers {
    recipe: &TRANSFER_ANSWER,
    optional: &[],
    proof: Proof::PartlySigned,
    money: MONEY,
    refusals: REFUSALS,
};

const STATUS_ANSWERS: Answers = Answers {
    refusals: REFUSALS.of_query(),
    ..TRANSFER_ANSWERS
};

const ACCOUNT_INFO_ANSWERS: Answers = Answers {
    recipe: &ACCOUNT_INFO_ANSWER,
    refusals: REFUSALS_WITHOUT_MONEY,
    ..TRANSFER_ANSWERS
};

const CALLBACKS: Callbacks = Callbacks {
    recipe: &CALLBACK,
    optional: &[],
    ask: ("appotapayTransId", STATUS),
};

/// What the number of a beneficiary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// A bank account.
    Account,
    /// A card.
    Card,
}

impl AccountType {
    const fn name(self) -> &'static str {
        match self {
            AccountType::Account => "account",
            AccountType::Card => "card",
        }
    }
}

/// An account or a card to look up.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccountInfo {
    /// Code of the bank.
    pub bank_code: String,
    /// Number of the account or card, 3 to 22 letters and digits.
    pub account_no: String,
    /// `account` or `card`.
    pub account_type: AccountType,
    /// Your reference of this request.
    pub partner_ref_id: String,
}

pub(crate) fn account_info(client: &AppotaPay, input: &AccountInfo, call: &Call) -> Result<HttpRequest> {
    check_bank(&input.bank_code)?;
    check_account(&input.account_no)?;
    check_reference("partnerRefId", &input.partner_ref_id, 100)?;
    let members = Record::from_iter([
        ("bankCode", Value::text(&input.bank_code)),
        ("accountNo", Value::text(&input.account_no)),
        ("accountType", Value::text(input.account_type.name())),
        ("partnerRefId", Value::text(&input.partner_ref_id)),
    ]);
    client.post_signed(
        "/api/v1/service/transfer/bank/account/info",
        &ACCOUNT_INFO,
        members,
        call,
    )
}

fn check_bank(code: &str) -> Result<()> {
    let rule = ("must be a bank code", "phải là mã ngân hàng");
    check::charset("bankCode", code, (1, 50), Alphabet::ALPHANUMERIC.with("_-"), rule)
}

/// 3 to 22 characters: the transfer page and error 160; the account page says from 4.
fn check_account(number: &str) -> Result<()> {
    check::alphanumeric("accountNo", number, 3, 22)
}

/// The owner of an account. Bank, type and message are not covered and stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccountInfoAnswer {
    /// Always `partly_signed`: bank and partnerRefId are not covered.
    pub proof: Proof,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `0`.
    pub error_code: String,
    /// What the signature covers.
    pub account_info: OwnerOfAccount,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
}

/// Account and owner.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnerOfAccount {
    /// Number of the account, exactly as printed.
    pub account_no: Option<String>,
    /// Name of the owner.
    pub account_name: Option<String>,
}

pub(crate) fn read_account_info(client: &AppotaPay, input: &Body) -> Result<Reading<AccountInfoAnswer>> {
    Ok(ACCOUNT_INFO_ANSWERS
        .read(client, &input.body, input.expected.as_ref())?
        .finish())
}

/// Who pays the fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeeType {
    /// The merchant.
    Payer,
    /// The beneficiary.
    Receiver,
}

/// A transfer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Code of the bank.
    pub bank_code: String,
    /// Number of the account or card, 3 to 22 letters and digits.
    pub account_no: String,
    /// `account` or `card`.
    pub account_type: AccountType,
    /// Name of the owner: unaccented letters, digits, spaces and `.-,_&`.
    pub account_name: String,
    /// Amount in VND.
    pub amount: Dong,
    /// Who pays the fee: `payer` or `receiver`.
    pub fee_type: FeeType,
    /// Your unique reference of the transfer: status asks with it.
    pub partner_ref_id: String,
    /// Text of the transfer: at most 100 unaccented letters, digits and spaces.
    pub message: Option<String>,
    /// Telephone number of your customer.
    pub customer_phone_number: Option<String>,
    /// Number of your contract.
    pub contract_number: Option<String>,
    /// `citad` for a transfer by CITAD; it needs bankId.
    pub channel: Option<String>,
    /// CITAD code of the branch (reference.citad).
    pub bank_id: Option<String>,
}

pub(crate) fn transfer(client: &AppotaPay, input: &Transfer, call: &Call) -> Result<HttpRequest> {
    check_bank(&input.bank_code)?;
    check_account(&input.account_no)?;
    let name_rule = (
        "must be unaccented letters, digits, spaces and .-,_&",
        "chỉ được gồm chữ không dấu, chữ số, khoảng trắng và .-,_&",
    );
    let in_name = Alphabet::ALPHANUMERIC.with(" .-,_&");
    check::charset("accountName", &input.account_name, (1, 100), in_name, name_rule)?;
    check::amount("amount", input.amount, 1)?;
    check_reference("partnerRefId", &input.partner_ref_id, 100)?;
    let message_rule = (
        "must be unaccented letters, digits and spaces",
        "chỉ được gồm chữ không dấu, chữ số và khoảng trắng",
    );
    let in_message = Alphabet::ALPHANUMERIC.with(" ");
    check::charset(
        "message",
        input.message.as_deref().unwrap_or(""),
        (0, 100),
        in_message,
        message_rule,
    )?;
    check::one_of("channel", input.channel.as_deref().unwrap_or(""), &["", "citad"])?;
    if input.channel.as_deref() == Some("citad") && input.bank_id.as_deref().unwrap_or("").is_empty() {
        return Err(Error::missing("bankId"));
    }
    let mut members = Record::from_iter([
        ("bankCode", Value::text(&input.bank_code)),
        ("accountNo", Value::text(&input.account_no)),
        ("accountType", Value::text(input.account_type.name())),
        ("accountName", Value::text(&input.account_name)),
        ("amount", Value::Integer(input.amount.0)),
        (
            "feeType",
            Value::text(match input.fee_type {
                FeeType::Payer => "payer",
                FeeType::Receiver => "receiver",
            }),
        ),
        ("partnerRefId", Value::text(&input.partner_ref_id)),
    ]);
    for (name, value) in [
        ("message", &input.message),
        ("customerPhoneNumber", &input.customer_phone_number),
        ("contractNumber", &input.contract_number),
        ("channel", &input.channel),
        ("bankId", &input.bank_id),
    ] {
        if let Some(value) = value {
            check::ascii(name, value, 0, 100)?;
            members.push(name, Value::text(value));
        }
    }
    client.post_signed("/api/v1/service/transfer/make", &TRANSFER, members, call)
}

/// A finished transfer. message, account and telephone number are not covered and stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TransferAnswer {
    /// Always `partly_signed`: partnerRefId is not covered, so compare amount and appotapayTransId with your record.
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

/// The covered members of a transfer.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Amount that was transferred, in VND.
    pub transfer_amount: Option<u64>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Time as printed: `dd-mm-yyyy HH:MM:SS` (Vietnam time, inferred) after transfer, Unix seconds after status.
    pub time: Option<String>,
}

pub(crate) fn read_transfer(client: &AppotaPay, input: &Body) -> Result<Reading<TransferAnswer>> {
    TRANSFER_ANSWERS.read_done(client, input)
}

/// A transfer to ask for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Your reference of the transfer.
    pub partner_ref_id: String,
}

pub(crate) fn status(client: &AppotaPay, input: &Status, call: &Call) -> Result<HttpRequest> {
    let reference = segment("partnerRefId", &input.partner_ref_id)?;
    client.get(&format!("/api/v1/service/transfer/transaction/{reference}"), call)
}

pub(crate) fn read_status(client: &AppotaPay, input: &Body) -> Result<Reading<TransferAnswer>> {
    STATUS_ANSWERS.read_done(client, input)
}

pub(crate) fn balance(client: &AppotaPay, _: &Nothing, call: &Call) -> Result<HttpRequest> {
    client.get("/api/v1/service/accounts/balance", call)
}

/// The balance.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BalanceAnswer {
    /// Always `unsigned`.
    pub proof: Proof,
    /// `0`.
    pub error_code: String,
    /// The account.
    pub account: Balance,
}

/// Balance of the account.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Balance {
    /// Balance in VND.
    pub balance: Option<u64>,
}

pub(crate) fn read_balance(_: &AppotaPay, input: &Body) -> Result<Reading<BalanceAnswer>> {
    Ok(REFUSALS_WITHOUT_MONEY
        .read_unsigned(&input.body, MONEY, input.expected.as_ref())?
        .finish())
}

/// The result of a transfer that was pending.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackResult {
    /// Always `signed`.
    pub proof: Proof,
    /// `succeeded`, `failed` or `undetermined`.
    pub outcome: Option<Outcome>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// How well the formula is known.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for repeated deliveries.
    #[serde(rename = "idempotency_key")]
    pub idempotency_key: String,
    /// Code of the result, as printed.
    pub error_code: String,
    /// What the signature covers.
    pub transaction: CallbackTransaction,
    /// Members that the signature does not cover.
    pub unverified: Option<Json>,
    /// The body as received.
    pub raw: String,
}

/// The covered members of a callback.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackTransaction {
    /// Amount in VND.
    pub amount: Option<u64>,
    /// Amount that was transferred, in VND.
    pub transfer_amount: Option<u64>,
    /// `success` or `error`.
    pub transfer_status: Option<String>,
    /// AppotaPay's identifier.
    pub appotapay_trans_id: Option<String>,
    /// Your reference of the transfer.
    pub partner_ref_id: Option<String>,
    /// Time as printed, `dd-mm-yyyy HH:MM:SS`.
    pub time: Option<String>,
}

pub(crate) fn read_callback(client: &AppotaPay, input: &Body) -> Result<Reading<CallbackResult>> {
    let mut members = parse_body(&input.body)?;
    let matched = CALLBACKS.verify(client, &mut members)?;
    let [transaction, transfer_status, code] =
        ["appotapayTransId", "transferStatus", "errorCode"].map(|name| printed(&CALLBACK, &members, name));
    let outcome = match (transfer_status.as_ref(), code.as_ref()) {
        ("success", "0") => Outcome::Succeeded,
        // A code that is not final, or not known, does not say that the money stayed.
        ("error", code) if reference::FIRM_BANKING.certainly_failed(code) => Outcome::Failed,
        _ => Outcome::Undetermined,
    };
    let key = idempotency_key(
        "appotapay.firm_banking",
        [transaction.as_ref(), transfer_status.as_ref()],
    );
    let mut draft = Draft::split_by(Proof::Signed, members, CALLBACK.fields).money(MONEY);
    draft.outcome = Some(outcome);
    draft.matched = matched;
    draft.evidence = Some(CALLBACK.evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(input.body.clone());
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

pub(crate) fn acknowledge(_: &AppotaPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(200, r#"{"status":"ok"}"#))
}
