//! Tables of the document as look-ups: payment methods, banks and error codes.

use super::HPay;
use super::tables::{
    BANKS, CHECKOUT_ERRORS, FIRM_BANKING_ERRORS, METHOD_GROUPS, OLD_BANK_CODES, PAYMENT_METHODS, UNDETERMINED,
    VIRTUAL_ACCOUNT_ERRORS,
};
use crate::answer::{Made, Nothing};
use crate::canonical::Evidence;
use crate::check::Whole;
use crate::error::{Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "reference",
    doc: "Payment methods, banks and error codes of the API reference 1.0.0 (pages of 2024).",
    operations: &[
        Operation {
            name: "hpay.reference.bank",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "A bank of Table 3 by its code. Codes of HPay's 2022 sample form give the bank under its code of \
                  today.",
            handler: &Typed(bank),
        },
        Operation {
            name: "hpay.reference.banks",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "All rows of Table 3: 66 rows, 65 codes (HDB comes twice).",
            handler: &Typed(banks),
        },
        Operation {
            name: "hpay.reference.payment_method",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "A payment method of Table 1 by its id. Names are spelt in several ways: match on the id.",
            handler: &Typed(payment_method),
        },
        Operation {
            name: "hpay.reference.payment_methods",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "All 85 payment methods of Table 1.",
            handler: &Typed(payment_methods),
        },
        Operation {
            name: "hpay.reference.method_group",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "A group of payment methods of Table 2.",
            handler: &Typed(method_group),
        },
        Operation {
            name: "hpay.reference.method_groups",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "The four groups of Table 2. Table 1 marks virtual accounts unsupported, Table 2 supported.",
            handler: &Typed(method_groups),
        },
        Operation {
            name: "hpay.reference.error",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Meaning of an error code. The same code means different things in different services. English \
                  meanings paraphrase the document, Vietnamese ones are kyso's own.",
            handler: &Typed(error),
        },
    ],
};

/// Success as the services print it: "000", "00", "0" or 0.
pub(super) const SUCCESS: &[&str] = &["000", "00", "0"];

/// The document and its date.
const DOCUMENT: &str = "HPay API reference 1.0.0, pages of 2024";

/// Whether a code of firm banking says for certain that no money moved.
pub(super) fn firm_banking_failed(code: &str) -> bool {
    !UNDETERMINED.contains(&code) && FIRM_BANKING_ERRORS.iter().any(|(known, ..)| *known == code)
}

fn not_in_table(field: &str) -> Error {
    Error::invalid(field, Rule::Say("is not in the table", "không có trong bảng"))
}

/// A bank to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookUpBank {
    /// Code of Table 3, e.g. `VCB`; in transfers it is called bankName.
    pub code: String,
}

/// A bank.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bank {
    /// Code: bankName of a transfer.
    pub bank_name: String,
    /// Bank identification number (BIN), six digits. 15 of them do not begin with 9704.
    pub bin: String,
    /// Vietnamese name as the document prints it.
    pub name_vi: String,
}

fn bank_record((code, bin, name): &(&'static str, &'static str, &'static str)) -> Record<'static> {
    Record::from_iter([
        ("bank_name", Value::text(*code)),
        ("bin", Value::text(*bin)),
        ("name_vi", Value::text(*name)),
    ])
}

pub(crate) fn bank(_: &HPay, input: &LookUpBank) -> Result<Made<Bank>> {
    let by_code = |code: &str| BANKS.iter().find(|(known, ..)| *known == code);
    let old = || OLD_BANK_CODES.iter().find(|(old, _)| *old == input.code);
    let row = by_code(&input.code).or_else(|| by_code(old()?.1));
    row.map(|row| Made::new(bank_record(row)))
        .ok_or_else(|| not_in_table("code"))
}

/// All banks.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Banks {
    /// The rows in the order of the document.
    pub banks: Vec<Bank>,
    /// The document and its date.
    pub document: String,
}

/// A table as a record: its rows, and the document with its date.
fn table<T>(name: &'static str, rows: impl Iterator<Item = Record<'static>>) -> Made<T> {
    Made::new(Record::from_iter([
        (name, Value::List(rows.map(Value::Record).collect())),
        ("document", Value::text(DOCUMENT)),
    ]))
}

pub(crate) fn banks(_: &HPay, _: &Nothing) -> Result<Made<Banks>> {
    Ok(table("banks", BANKS.iter().map(bank_record)))
}

/// A payment method to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookUpPaymentMethod {
    /// Id of Table 1.
    pub payment_method_id: Whole,
}

/// A payment method.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentMethod {
    /// Id: payment_method_id of a link.
    pub payment_method_id: u64,
    /// `ATM`, `InternetBanking`, `Virtual Account`, `Visa`, `MasterCard` or `JCB`.
    pub method: String,
    /// Bank as the document spells it; absent for cards and virtual accounts.
    pub bank_name: Option<String>,
    /// Whether HPay supports it.
    pub supported: bool,
}

fn method_record((id, method, bank, supported): &(u64, &'static str, &'static str, bool)) -> Record<'static> {
    let mut record = Record::from_iter([
        ("payment_method_id", Value::Integer(*id)),
        ("method", Value::text(*method)),
    ]);
    if !bank.is_empty() {
        record.push("bank_name", Value::text(*bank));
    }
    record.push("supported", Value::Bool(*supported));
    record
}

pub(crate) fn payment_method(_: &HPay, input: &LookUpPaymentMethod) -> Result<Made<PaymentMethod>> {
    let wanted = input.payment_method_id.0;
    let row = PAYMENT_METHODS.iter().find(|(id, ..)| *id == wanted);
    row.map(|row| Made::new(method_record(row)))
        .ok_or_else(|| not_in_table("payment_method_id"))
}

/// All payment methods.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentMethods {
    /// The rows in the order of the document.
    pub payment_methods: Vec<PaymentMethod>,
    /// The document and its date.
    pub document: String,
}

pub(crate) fn payment_methods(_: &HPay, _: &Nothing) -> Result<Made<PaymentMethods>> {
    Ok(table("payment_methods", PAYMENT_METHODS.iter().map(method_record)))
}

/// A group to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookUpMethodGroup {
    /// `WALLET`, `BANK_ONLINE`, `VA` or `CREDIT_CARD`.
    pub method_group: String,
}

/// A group of payment methods.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MethodGroup {
    /// Code: method_group of a link.
    pub method_group: String,
    /// Vietnamese label of the document.
    pub label_vi: String,
    /// Whether HPay supports it.
    pub supported: bool,
}

fn group_record((group, label, supported): &(&'static str, &'static str, bool)) -> Record<'static> {
    Record::from_iter([
        ("method_group", Value::text(*group)),
        ("label_vi", Value::text(*label)),
        ("supported", Value::Bool(*supported)),
    ])
}

pub(crate) fn method_group(_: &HPay, input: &LookUpMethodGroup) -> Result<Made<MethodGroup>> {
    let row = METHOD_GROUPS.iter().find(|(group, ..)| *group == input.method_group);
    row.map(|row| Made::new(group_record(row)))
        .ok_or_else(|| not_in_table("method_group"))
}

/// All groups.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MethodGroups {
    /// The rows in the order of the document.
    pub method_groups: Vec<MethodGroup>,
    /// The document and its date.
    pub document: String,
}

pub(crate) fn method_groups(_: &HPay, _: &Nothing) -> Result<Made<MethodGroups>> {
    Ok(table("method_groups", METHOD_GROUPS.iter().map(group_record)))
}

/// The table of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorTable {
    /// Checkout, tokenization and order inquiry.
    Checkout,
    /// Virtual accounts.
    VirtualAccount,
    /// Firm banking.
    FirmBanking,
}

/// An error code to look up.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookUp {
    /// Which table.
    pub service: ErrorTable,
    /// Code as printed: `01` and `001` are two codes.
    pub code: String,
}

/// Meaning of an error code.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meaning {
    /// The code.
    pub code: String,
    /// Meaning in English, after the document.
    pub meaning: String,
    /// Meaning in Vietnamese: kyso's own words, not the document's.
    pub meaning_vi: String,
    /// `undetermined` for codes of firm banking after which nobody knows whether money moved: ask, never send again.
    pub outcome: Option<String>,
    /// The document and its date.
    pub document: String,
}

pub(crate) fn error(_: &HPay, input: &LookUp) -> Result<Made<Meaning>> {
    let rows = match input.service {
        ErrorTable::Checkout => CHECKOUT_ERRORS,
        ErrorTable::VirtualAccount => VIRTUAL_ACCOUNT_ERRORS,
        ErrorTable::FirmBanking => FIRM_BANKING_ERRORS,
    };
    let found = rows.iter().find(|(code, ..)| *code == input.code);
    let (code, english, vietnamese) = found.ok_or_else(|| not_in_table("code"))?;
    let mut record = Record::from_iter([
        ("code", Value::text(*code)),
        ("meaning", Value::text(*english)),
        ("meaning_vi", Value::text(*vietnamese)),
    ]);
    if input.service == ErrorTable::FirmBanking && UNDETERMINED.contains(code) {
        record.push("outcome", Value::text("undetermined"));
    }
    record.push("document", Value::text(DOCUMENT));
    Ok(Made::new(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn tables_are_whole() {
        let ids: BTreeSet<_> = PAYMENT_METHODS.iter().map(|row| row.0).collect();
        assert_eq!((PAYMENT_METHODS.len(), ids.len()), (85, 85));
        assert_eq!(PAYMENT_METHODS.iter().filter(|row| row.3).count(), 40 + 6 + 3);
        assert_eq!(METHOD_GROUPS.len(), 4);
        let codes: BTreeSet<_> = BANKS.iter().map(|row| row.0).collect();
        assert_eq!((BANKS.len(), codes.len()), (66, 65));
        assert_eq!(BANKS.iter().filter(|row| !row.1.starts_with("9704")).count(), 15);
        assert!(
            OLD_BANK_CODES
                .iter()
                .all(|(old, new)| !codes.contains(old) && codes.contains(new))
        );
        for (table, count) in [
            (CHECKOUT_ERRORS, 49),
            (VIRTUAL_ACCOUNT_ERRORS, 16),
            (FIRM_BANKING_ERRORS, 44),
        ] {
            let codes: BTreeSet<_> = table.iter().map(|row| row.0).collect();
            assert_eq!((table.len(), codes.len()), (count, count));
        }
    }

    #[test]
    fn undetermined_is_never_a_failure() {
        for code in ["99", "999", "050", "064", "100", "4711", ""] {
            assert!(!firm_banking_failed(code), "{code}");
        }
        for code in ["035", "129", "4", "01"] {
            assert!(firm_banking_failed(code), "{code}");
        }
    }
}
