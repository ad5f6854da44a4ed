//! The directory of banks: one table, keyed by BIN, with each gateway's own codes.
//!
//! A line of `banks.txt`: BIN | source of the BIN | short name | Vietnamese name | English name | SWIFT | HPay code |
//! AppotaPay code (firm banking) | former and other names | closed banks merged into it | other BIN of the same bank.
//! TConnect has no codes of its own: its bank_code and binCode are the BIN. AppotaPay publishes codes and names without
//! BINs. A bank renamed after the source's date stands under its new name, the listed one is among the former names.

use super::VietQR;
use super::text::strip;
use crate::answer::{Made, Nothing};
use crate::canonical::Evidence;
use crate::check;
use crate::error::{Code, Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "bank",
    doc: "The directory of banks, wallets and finance companies that take NAPAS247 transfers.",
    operations: &[
        Operation {
            name: "vietqr.bank.find",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Finds a bank by its BIN, by a gateway's own code or by its name. Short codes differ between gateways: \
                BVB is one bank here and another there. A list of BINs ages: a BIN that is not in it may be good.",
            handler: &Typed(find),
        },
        Operation {
            name: "vietqr.bank.list",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Lists all banks of the directory.",
            handler: &Typed(list),
        },
    ],
};

const TABLE: &str = include_str!("banks.txt");

/// Other codes of a gateway: TConnect's service codes, and AppotaPay's payment codes where they differ.
const OTHER_CODES: &[(GatewayName, &str, &str)] = &[
    (GatewayName::Tconnect, "vccb-qr", "970454"),
    (GatewayName::Tconnect, "bidv-qr", "970418"),
    (GatewayName::Appotapay, "NAMA", "970428"),
    (GatewayName::Appotapay, "SHINHANBANK", "970424"),
];

/// Where a BIN is listed: mark in the table, source, its date where known.
const SOURCES: &[(&str, &str, Option<&str>)] = &[
    (
        "S",
        "State Bank of Vietnam, BINs granted up to 2023-12-31 (letter CV 1589)",
        Some("2024-03-11"),
    ),
    ("H", "HPay API reference v1.0.0, Table 3", None),
    ("P", "npm vietnam-qr-pay 1.5.1", Some("2026-07-14")),
];

/// Whose code it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GatewayName {
    /// TConnect: a BIN, or a service code such as `vccb-qr`.
    Tconnect,
    /// HPay: Table 3 of its API reference.
    Hpay,
    /// AppotaPay: firm banking; payment codes where they differ.
    Appotapay,
}

/// What to look for: exactly one of `bin`, `name`, and `gateway` with `code`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Find {
    /// BIN, 6 digits.
    pub bin: Option<String>,
    /// Gateway whose code `code` is.
    pub gateway: Option<GatewayName>,
    /// The gateway's own code, e.g. `VCB`. Never read without its gateway.
    pub code: Option<String>,
    /// Short, Vietnamese, English or former name, or whole words out of it, with or without diacritics. Several banks
    /// of such a name are an `ambiguous` error with their BINs in `candidates`.
    pub name: Option<String>,
}

/// Codes of a bank, each for its gateway only.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Codes {
    /// For TConnect: the BIN.
    pub tconnect: String,
    /// For HPay. Absent where HPay does not list the bank.
    pub hpay: Option<String>,
    /// For AppotaPay's firm banking. Absent where AppotaPay does not list the bank.
    pub appotapay: Option<String>,
}

/// A bank, wallet or finance company.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bank {
    /// BIN, 6 digits.
    pub bin: String,
    /// Name that people use, e.g. `Vietcombank`.
    pub short_name: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// SWIFT code (BIC), where known.
    pub swift: Option<String>,
    /// Codes by gateway.
    pub codes: Codes,
    /// Former and other names.
    pub former_names: Vec<String>,
    /// Closed banks that were merged into this one.
    pub merged_banks: Vec<String>,
    /// Another BIN of the same bank: follow the gateway's own table.
    pub other_bin: Option<String>,
    /// Where the BIN is listed.
    pub source: String,
    /// Date of the source, where known.
    pub source_date: Option<String>,
}

/// All banks.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Banks {
    /// One record per BIN, in the order of the BINs.
    pub banks: Vec<Bank>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Row {
    bin: &'static str,
    source: &'static str,
    pub(super) short_name: &'static str,
    name_vi: &'static str,
    name_en: &'static str,
    swift: &'static str,
    hpay: &'static str,
    appotapay: &'static str,
    former: &'static str,
    merged: &'static str,
    other_bin: &'static str,
}

impl Row {
    fn read(line: &'static str) -> Self {
        let mut columns = line.split('|');
        let mut next = || columns.next().unwrap_or_default();
        Self {
            bin: next(),
            source: next(),
            short_name: next(),
            name_vi: next(),
            name_en: next(),
            swift: next(),
            hpay: next(),
            appotapay: next(),
            former: next(),
            merged: next(),
            other_bin: next(),
        }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.short_name, self.name_vi, self.name_en]
            .into_iter()
            .chain(names(self.former))
            .chain(names(self.merged))
    }

    fn has_code(&self, gateway: GatewayName, code: &str) -> bool {
        let own = match gateway {
            GatewayName::Tconnect => self.bin,
            GatewayName::Hpay => self.hpay,
            GatewayName::Appotapay => self.appotapay,
        };
        own == code || OTHER_CODES.contains(&(gateway, code, self.bin))
    }

    fn record(&self) -> Record<'static> {
        let mut codes = Record::from_iter([("tconnect", Value::text(self.bin))]);
        for (gateway, code) in [("hpay", self.hpay), ("appotapay", self.appotapay)] {
            if !code.is_empty() {
                codes.push(gateway, Value::text(code));
            }
        }
        let list = |joined| Value::List(names(joined).map(Value::text).collect());
        let source = SOURCES.iter().find(|(mark, ..)| *mark == self.source);
        let (_, source, date) = source.copied().unwrap_or_default();
        let mut record = Record::from_iter([
            ("bin", Value::text(self.bin)),
            ("short_name", Value::text(self.short_name)),
            ("name_vi", Value::text(self.name_vi)),
            ("name_en", Value::text(self.name_en)),
        ]);
        if !self.swift.is_empty() {
            record.push("swift", Value::text(self.swift));
        }
        record.push("codes", Value::Record(codes));
        record.push("former_names", list(self.former));
        record.push("merged_banks", list(self.merged));
        if !self.other_bin.is_empty() {
            record.push("other_bin", Value::text(self.other_bin));
        }
        record.push("source", Value::text(source));
        if let Some(date) = date {
            record.push("source_date", Value::text(date));
        }
        record
    }
}

fn names(joined: &'static str) -> impl Iterator<Item = &'static str> {
    joined.split(';').filter(|name| !name.is_empty())
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().map(Row::read)
}

/// The bank of a BIN.
pub(super) fn of_bin(bin: &str) -> Option<Row> {
    rows().find(|row| row.bin == bin)
}

pub(crate) fn find(_: &VietQR, input: &Find) -> Result<Made<Bank>> {
    let row = match input {
        Find {
            bin: Some(bin),
            gateway: None,
            code: None,
            name: None,
        } => {
            check::digits("bin", bin, 6, 6)?;
            of_bin(bin).ok_or_else(|| unknown("bin"))?
        }
        Find {
            bin: None,
            gateway: Some(gateway),
            code: Some(code),
            name: None,
        } => {
            check::text("code", code, 1, 50)?;
            rows()
                .find(|row| row.has_code(*gateway, code))
                .ok_or_else(|| unknown("code"))?
        }
        Find {
            bin: None,
            gateway: None,
            code: None,
            name: Some(name),
        } => by_name(name)?,
        other => return Err(not_one(other)),
    };
    Ok(Made::new(row.record()))
}

pub(crate) fn list(_: &VietQR, _: &Nothing) -> Result<Made<Banks>> {
    let banks = rows().map(|row| Value::Record(row.record())).collect();
    Ok(Made::new(Record::from_iter([("banks", Value::List(banks))])))
}

fn not_one(input: &Find) -> Error {
    match (input.gateway, &input.code, &input.bin, &input.name) {
        (Some(_), None, None, None) => Error::missing("code"),
        (None, Some(_), None, None) => Error::missing("gateway"),
        (None, None, None, None) => Error::missing("bin"),
        _ => {
            let rule = Rule::Say(
                "give exactly one of bin, name, and gateway with code",
                "chỉ dùng một trong ba cách: bin, name, hoặc gateway cùng code",
            );
            Error::invalid(if input.bin.is_some() { "bin" } else { "name" }, rule)
        }
    }
}

fn unknown(field: &str) -> Error {
    Error::invalid(field, Rule::Say("is not in the table", "không có trong bảng"))
}

/// The whole name first, then the name without "bank" words, then whole words out of a name.
fn by_name(name: &str) -> Result<Row> {
    check::text("name", name, 1, 200)?;
    let wanted = Name::of(name);
    if wanted.squashed.is_empty() {
        return Err(unknown("name"));
    }
    let steps: [fn(&Name, &Name) -> bool; 3] = [
        |name, wanted| name.squashed == wanted.squashed,
        |name, wanted| !wanted.core.is_empty() && name.core == wanted.core,
        |name, wanted| !wanted.core.is_empty() && format!(" {} ", name.core).contains(&format!(" {} ", wanted.core)),
    ];
    for step in steps {
        let mut found: Vec<Row> = rows()
            .filter(|row| row.names().any(|name| step(&Name::of(name), &wanted)))
            .collect();
        // Of two BINs of one bank, the one that a gateway lists.
        if let [one, other] = found.as_slice()
            && one.other_bin == other.bin
        {
            found.retain(|row| !row.hpay.is_empty());
        }
        match found.as_slice() {
            [] => {}
            [only] => return Ok(*only),
            several => return Err(ambiguous(several)),
        }
    }
    Err(unknown("name"))
}

fn ambiguous(rows: &[Row]) -> Error {
    let bins = rows.iter().map(|row| Value::text(row.bin)).collect();
    Error::say(
        Code::Ambiguous,
        "is the name of several banks",
        "là tên của nhiều ngân hàng",
    )
    .field("name")
    .detail("candidates", Value::List(bins))
}

/// A name for comparison: lower case, no diacritics, no punctuation.
struct Name {
    /// Without spaces.
    squashed: String,
    /// Words, without those that every Vietnamese bank name begins with.
    core: String,
}

const COMMON_WORDS: &[&str] = &["ngan", "hang", "tmcp", "tnhh", "mtv", "mot", "thanh", "vien"];

impl Name {
    fn of(name: &str) -> Self {
        let plain = strip(name).to_ascii_lowercase();
        let words: Vec<&str> = plain
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let core: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !COMMON_WORDS.contains(word))
            .collect();
        Self {
            squashed: words.concat(),
            core: core.join(" "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin_of(name: &str) -> Result<&'static str> {
        by_name(name).map(|row| row.bin)
    }

    #[test]
    fn the_table_is_whole() {
        let all: Vec<Row> = rows().collect();
        assert_eq!(all.len(), 72);
        assert!(all.is_sorted_by(|one, other| one.bin < other.bin));
        for (line, row) in TABLE.lines().zip(&all) {
            assert_eq!(line.matches('|').count(), 10, "{}", row.bin);
            assert!(row.bin.len() == 6 && row.bin.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(SOURCES.iter().any(|(mark, ..)| *mark == row.source), "{}", row.bin);
            assert!(row.swift.is_empty() || (row.swift.len() == 8 && row.swift.get(4..6) == Some("VN")));
            assert!(row.other_bin.is_empty() || of_bin(row.other_bin).is_some_and(|other| other.other_bin == row.bin));
            for name in [row.short_name, row.name_vi, row.name_en] {
                assert!(!name.is_empty() && name.trim() == name, "{}", row.bin);
            }
            for other in &all {
                assert!(row.bin == other.bin || row.hpay.is_empty() || row.hpay != other.hpay);
                assert!(row.bin == other.bin || row.appotapay.is_empty() || row.appotapay != other.appotapay);
            }
        }
    }

    #[test]
    fn every_bank_is_found_by_its_names() {
        for row in rows() {
            for name in row.names() {
                let found = bin_of(name).unwrap();
                assert!(found == row.bin || found == row.other_bin, "{name}");
                assert_eq!(bin_of(&strip(name).to_uppercase()).unwrap(), found, "{name}");
            }
        }
    }

    #[test]
    fn names_as_people_write_them() {
        for (name, bin) in [
            ("vietcombank", "970436"),
            ("Viet Com Bank", "970436"),
            ("Ngân hàng Ngoại thương", "970436"),
            ("ngan hang quan doi", "970422"),
            ("Việt Á", "970427"),
            ("Nam Á", "970428"),
            ("Đông Nam Á", "970440"),
            ("DONGA BANK", "970406"),
            ("Oceanbank", "970414"),
            ("CIMB", "422589"),
            ("Ngân hàng TMCP Sài Gòn", "970429"),
            ("Đại Á", "970437"),
        ] {
            assert_eq!(bin_of(name).unwrap(), bin, "{name}");
        }
    }

    #[test]
    fn what_is_not_one_bank_is_refused() {
        assert_eq!(bin_of("Hàn Quốc").unwrap_err().code(), Code::Ambiguous);
        for name in ["BVB", "bank of nowhere", "Ngân hàng", "-", "việt"] {
            assert!(bin_of(name).is_err(), "{name}");
        }
    }
}
