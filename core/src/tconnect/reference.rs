//! Status codes. The document lists them for one call only and does not show where they stand.

use super::TConnect;
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::error::{Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "reference",
    doc: "Meanings of status codes.",
    operations: &[Operation {
        name: "tconnect.reference.error",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "Meaning of a status code in English and Vietnamese (document of February 2026).",
        handler: &Typed(error),
    }],
};

/// Code, English, Vietnamese: as printed in the document.
const CODES: &[(&str, &str, &str)] = &[
    ("00", "Success", "Thành công"),
    ("01", "Authenticate error", "Lỗi xác thực"),
    (
        "02",
        "The requested URL was not found on the server",
        "URL yêu cầu không được tìm thấy trên máy chủ",
    ),
    ("03", "Unknown error", "Lỗi không xác định"),
];

/// Code of a call that succeeded.
pub(super) const SUCCESS: &str = "00";
/// Codes of a failed call.
pub(super) const FAILURES: &[&str] = &["01", "02", "03"];

/// A status code to look up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookUp {
    /// Code as printed, e.g. `01`.
    pub code: String,
}

/// Meaning of a status code.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meaning {
    /// The code.
    pub code: String,
    /// Meaning in English.
    pub meaning: String,
    /// Meaning in Vietnamese.
    pub meaning_vi: String,
}

pub(crate) fn error(_: &TConnect, input: &LookUp) -> Result<Made<Meaning>> {
    let Some((code, english, vietnamese)) = CODES.iter().find(|(code, ..)| *code == input.code) else {
        let rule = Rule::Say("is not in the table", "không có trong bảng");
        return Err(Error::invalid("code", rule));
    };
    Ok(Made::new(Record::from_iter([
        ("code", Value::text(*code)),
        ("meaning", Value::text(*english)),
        ("meaning_vi", Value::text(*vietnamese)),
    ])))
}
