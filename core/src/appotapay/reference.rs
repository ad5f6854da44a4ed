//! Tables of the published documentation: banks, CITAD branches and error codes.

mod tables;

use super::AppotaPay;
use crate::answer::{Made, Nothing};
use crate::canonical::Evidence;
use crate::error::{Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(super) use tables::{BILL, CARDS, CHARGING_CARD, FIRM_BANKING, PAYMENT, POS, TOPUP, VIRTUAL_ACCOUNT, WALLET};

pub(crate) const SERVICE: Service = Service {
    name: "reference",
    doc: "Banks, CITAD branches and the meanings of error codes.",
    operations: &[
        Operation {
            name: "appotapay.reference.bank",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "A bank of firm banking by its code. Other services spell some codes differently (NAMA and \
                  SHINHANBANK in payment).",
            handler: &Typed(bank),
        },
        Operation {
            name: "appotapay.reference.banks",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "All 87 banks of firm banking.",
            handler: &Typed(banks),
        },
        Operation {
            name: "appotapay.reference.error",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Meaning of an error code of one service in English and Vietnamese. The wording is kyso's own.",
            handler: &Typed(error),
        },
        Operation {
            name: "appotapay.reference.citad",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Bank and province of a CITAD branch code (bankId), as far as known. The published list covers nine \
                  provinces, so a code that is not in it is not wrong.",
            handler: &Typed(citad),
        },
    ],
};

/// Error codes of a service.
pub(crate) struct Codes {
    service: &'static str,
    /// Codes after which nobody knows yet what became of the money.
    uncertain: &'static [&'static str],
    /// Codes that may refuse a query itself: to a query they say nothing about what it asks for.
    of_queries: &'static [&'static str],
    /// Code, English, Vietnamese.
    rows: &'static [(&'static str, &'static str, &'static str)],
}

const SERVICES: &[&Codes] = &[
    &FIRM_BANKING,
    &VIRTUAL_ACCOUNT,
    &BILL,
    &TOPUP,
    &CARDS,
    &CHARGING_CARD,
    &WALLET,
    &PAYMENT,
    &tables::INSTALLMENT,
    &POS,
];

impl Codes {
    /// Whether a code says for certain that nothing was done. One that the table does not know never does.
    pub(crate) fn certainly_failed(&self, code: &str) -> bool {
        self.outcome(code) == "refused" && self.rows.iter().any(|(known, ..)| *known == code)
    }

    /// Whether a code may mean the query and not what it asks for.
    pub(crate) fn may_refuse_a_query(&self, code: &str) -> bool {
        self.of_queries.contains(&code)
    }

    fn outcome(&self, code: &str) -> &'static str {
        match code {
            "0" | "00" => "succeeded",
            _ if self.uncertain.contains(&code) => "undetermined",
            _ => "refused",
        }
    }
}

/// One row of the bank table.
pub(crate) struct Bank {
    code: &'static str,
    name: &'static str,
    bin: Option<&'static str>,
}

/// A bank code to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BankLookUp {
    /// Code of the bank in firm banking, e.g. `VCB`.
    pub code: String,
}

/// A bank.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BankRow {
    /// Code of the bank in firm banking.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Six-digit BIN for VietQR, where code and name match the State Bank's list of 31/12/2023 beyond doubt.
    pub bin: Option<String>,
}

/// The banks.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BankRows {
    /// One record per bank.
    pub banks: Vec<BankRow>,
}

impl Bank {
    fn record(&self) -> Record<'static> {
        let mut record = Record::from_iter([("code", Value::text(self.code)), ("name", Value::text(self.name))]);
        if let Some(bin) = self.bin {
            record.push("bin", Value::text(bin));
        }
        record
    }
}

fn not_in_the_table(field: &str) -> Error {
    Error::invalid(field, Rule::Say("is not in the table", "không có trong bảng"))
}

pub(crate) fn bank(_: &AppotaPay, input: &BankLookUp) -> Result<Made<BankRow>> {
    let bank = tables::BANKS.iter().find(|bank| bank.code == input.code);
    bank.map(|bank| Made::new(bank.record()))
        .ok_or_else(|| not_in_the_table("code"))
}

pub(crate) fn banks(_: &AppotaPay, _: &Nothing) -> Result<Made<BankRows>> {
    let rows = tables::BANKS.iter().map(|bank| Value::Record(bank.record())).collect();
    Ok(Made::new(Record::from_iter([("banks", Value::List(rows))])))
}

/// An error code to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorLookUp {
    /// `firm_banking`, `virtual_account`, `bill`, `topup`, `cards` (bought cards), `charging_card`, `wallet`,
    /// `payment` (gateway and legacy orders), `installment` or `pos`.
    pub service: String,
    /// Code as printed, e.g. `35`; two characters for charging_card.
    pub code: String,
}

/// Meaning of an error code.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meaning {
    /// The service.
    pub service: String,
    /// The code.
    pub code: String,
    /// Meaning in English, in kyso's words.
    pub meaning: String,
    /// Meaning in Vietnamese, in kyso's words.
    pub meaning_vi: String,
    /// `kyso`: the wording is not the gateway's.
    pub wording: String,
    /// `succeeded`, `refused`, or `undetermined` where money may have moved all the same.
    pub outcome: String,
}

pub(crate) fn error(_: &AppotaPay, input: &ErrorLookUp) -> Result<Made<Meaning>> {
    let Some(codes) = SERVICES.iter().find(|codes| codes.service == input.service) else {
        return Err(not_in_the_table("service"));
    };
    let Some((code, english, vietnamese)) = codes.rows.iter().find(|(code, ..)| *code == input.code) else {
        return Err(not_in_the_table("code"));
    };
    Ok(Made::new(Record::from_iter([
        ("service", Value::text(codes.service)),
        ("code", Value::text(*code)),
        ("meaning", Value::text(*english)),
        ("meaning_vi", Value::text(*vietnamese)),
        ("wording", Value::text("kyso")),
        ("outcome", Value::text(codes.outcome(code))),
    ])))
}

/// A CITAD code to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CitadLookUp {
    /// CITAD code of a branch (bankId), usually 7 or 8 digits.
    pub code: String,
}

/// What is known about a CITAD code.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CitadRow {
    /// The code as given.
    pub code: String,
    /// Whether the published list has it. The list is incomplete: `false` does not mean that the code is wrong.
    pub known: bool,
    /// Whether it has the usual shape: province (1 or 2 digits), bank (3), branch (3).
    pub usual_shape: bool,
    /// Code of the bank as the CITAD page spells it, which differs from firm banking for some banks.
    pub bank: Option<String>,
    /// Province, in unaccented letters.
    pub province: Option<String>,
}

pub(crate) fn citad(_: &AppotaPay, input: &CitadLookUp) -> Result<Made<CitadRow>> {
    let code = input.code.as_str();
    let usual = matches!(code.len(), 7 | 8) && code.bytes().all(|byte| byte.is_ascii_digit());
    let bank = tables::CITAD
        .iter()
        .find(|(_, codes)| codes.split_ascii_whitespace().any(|known| known == code));
    let number_of_province = if usual {
        code.len().checked_sub(6).and_then(|end| code.get(..end))
    } else {
        None
    };
    let province = tables::PROVINCES
        .iter()
        .find(|(number, _)| Some(*number) == number_of_province);
    let mut record = Record::from_iter([
        ("code", Value::text(code.to_owned())),
        ("known", Value::Bool(bank.is_some())),
        ("usual_shape", Value::Bool(usual)),
    ]);
    if let Some((bank, _)) = bank {
        record.push("bank", Value::text(*bank));
    }
    if let Some((_, province)) = province {
        record.push("province", Value::text(*province));
    }
    Ok(Made::new(record))
}
