//! The shape of the text: objects of two digits ID, two digits length and a value, and templates that hold objects.
//! Lengths count characters, the CRC covers bytes (EMVCo, NAPAS 1.0 section 5.1).

use crate::error::{Code, Error, Rule};

/// Longest text that is looked at, in characters.
const MAX_LENGTH: usize = 512;

/// Why a text is refused, or what a lenient reading accepts with a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    TooShort,
    Malformed,
    TagMalformed,
    LengthMalformed,
    LengthOverrun,
    ZeroLength,
    TrailingData,
    DuplicateTag,
    FieldTooLong,
    NotAscii,
    MissingMandatory,
    VersionNotFirst,
    UnsupportedVersion,
    UnsupportedCurrency,
    UnsupportedCountry,
    CrcMissing,
    CrcMalformed,
    CrcMismatch,
    NotVietqr,
    GuidNotFirst,
    UnknownService,
    BinMalformed,
    AccountEmpty,
    AccountTooLong,
    AccountMalformed,
    AmountMalformed,
    NotATransfer,
    Tip,
    AmountLimit,
    UnknownBin,
}

impl Reason {
    /// Stable name, English, Vietnamese.
    pub(super) const fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Reason::TooShort => (
                "too_short",
                "too short for a VietQR text",
                "quá ngắn, không phải mã VietQR",
            ),
            Reason::Malformed => (
                "malformed",
                "a value or a character that is not allowed",
                "giá trị hoặc ký tự không được phép",
            ),
            Reason::TagMalformed => (
                "tag_malformed",
                "an ID must be two digits",
                "mã trường phải là hai chữ số",
            ),
            Reason::LengthMalformed => (
                "length_malformed",
                "a length must be two digits",
                "độ dài phải là hai chữ số",
            ),
            Reason::LengthOverrun => (
                "length_overrun",
                "an object is longer than what holds it",
                "trường dài hơn phần chứa nó",
            ),
            Reason::ZeroLength => ("zero_length", "an object without a value", "trường không có giá trị"),
            Reason::TrailingData => ("trailing_data", "data left over", "còn dữ liệu thừa"),
            Reason::DuplicateTag => ("duplicate_tag", "an ID that occurs twice", "mã trường bị lặp lại"),
            Reason::FieldTooLong => (
                "field_too_long",
                "an object longer than the standard allows",
                "trường dài hơn tiêu chuẩn cho phép",
            ),
            Reason::NotAscii => (
                "not_ascii",
                "characters that the standard does not allow, such as diacritics",
                "có ký tự ngoài tiêu chuẩn, ví dụ chữ có dấu",
            ),
            Reason::MissingMandatory => (
                "missing_mandatory",
                "a mandatory object is absent",
                "thiếu trường bắt buộc",
            ),
            Reason::VersionNotFirst => (
                "version_not_first",
                "object 00 must come first",
                "trường 00 phải đứng đầu",
            ),
            Reason::UnsupportedVersion => ("unsupported_version", "the version must be 01", "phiên bản phải là 01"),
            Reason::UnsupportedCurrency => (
                "unsupported_currency",
                "the currency must be 704 (VND)",
                "đơn vị tiền phải là 704 (VND)",
            ),
            Reason::UnsupportedCountry => (
                "unsupported_country",
                "the country must be VN",
                "mã quốc gia phải là VN",
            ),
            Reason::CrcMissing => ("crc_missing", "the CRC is absent", "thiếu mã CRC"),
            Reason::CrcMalformed => (
                "crc_malformed",
                "the CRC must be four hexadecimal digits",
                "CRC phải là bốn chữ số thập lục phân",
            ),
            Reason::CrcMismatch => (
                "crc_mismatch",
                "the CRC does not belong to the text",
                "CRC không khớp với nội dung",
            ),
            Reason::NotVietqr => ("not_vietqr", "not a VietQR code", "không phải mã VietQR"),
            Reason::GuidNotFirst => (
                "guid_not_first",
                "object 00 must come first in its template",
                "trường 00 phải đứng đầu nhóm",
            ),
            Reason::UnknownService => (
                "unknown_service",
                "unknown service code",
                "mã dịch vụ không được hỗ trợ",
            ),
            Reason::BinMalformed => ("bin_malformed", "a BIN must be six digits", "BIN phải là sáu chữ số"),
            Reason::AccountEmpty => (
                "account_empty",
                "the account or card number is absent",
                "thiếu số tài khoản hoặc số thẻ",
            ),
            Reason::AccountTooLong => (
                "account_too_long",
                "an account or card number has at most 19 characters",
                "số tài khoản hoặc số thẻ có tối đa 19 ký tự",
            ),
            Reason::AccountMalformed => (
                "account_malformed",
                "an account number must be unaccented letters and digits",
                "số tài khoản chỉ được gồm chữ cái không dấu và chữ số",
            ),
            Reason::AmountMalformed => (
                "amount_malformed",
                "an amount must be whole dong above zero, digits only",
                "số tiền phải là số đồng nguyên lớn hơn 0, chỉ gồm chữ số",
            ),
            Reason::NotATransfer => (
                "not_a_transfer",
                "a NAPAS code, but not for a bank transfer",
                "mã NAPAS nhưng không phải mã chuyển khoản",
            ),
            Reason::Tip => (
                "tip",
                "the payer may be charged a tip or fee on top of the amount",
                "người trả có thể phải trả thêm tiền boa hoặc phí",
            ),
            Reason::UnknownBin => (
                "unknown_bin",
                "the BIN is not in the directory of banks",
                "BIN không có trong danh mục ngân hàng",
            ),
            Reason::AmountLimit => (
                "amount_limit",
                "a NAPAS247 transfer must be below 500 million dong",
                "chuyển khoản NAPAS247 phải dưới 500 triệu đồng",
            ),
        }
    }
}

/// A reason and the character where it was met, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(super) reason: Reason,
    pub(super) position: Option<usize>,
}

impl Fault {
    pub(super) const fn at(reason: Reason, position: usize) -> Self {
        Self {
            reason,
            position: Some(position),
        }
    }

    pub(super) const fn of(reason: Reason) -> Self {
        Self { reason, position: None }
    }

    /// The error for the field that holds the text.
    pub(crate) fn error(self, field: &str) -> Error {
        let (name, english, vietnamese) = self.reason.texts();
        let rule = match self.position {
            Some(position) => Rule::Position(english, vietnamese, position),
            None => Rule::Say(english, vietnamese),
        };
        Error::rule(Code::MalformedInput, rule)
            .field(field)
            .reason(name, self.position)
    }
}

/// An object, and the position of its value in the whole text.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) id: &'a str,
    pub(super) value: &'a str,
    pub(super) position: usize,
}

/// The objects of the text or of a template, in their order. Read to the last character, no ID twice.
pub(super) struct Level<'a> {
    /// IDs of the templates that lead here, with a dot behind each.
    pub(super) path: String,
    pub(super) objects: Vec<Object<'a>>,
}

impl<'a> Level<'a> {
    pub(super) fn get(&self, id: &str) -> Option<Object<'a>> {
        self.objects.iter().find(|object| object.id == id).copied()
    }

    pub(super) fn starts_with(&self, id: &str) -> bool {
        self.objects.first().is_some_and(|object| object.id == id)
    }

    /// Reads a template. Objects without a value are handed to `zero_length`.
    pub(super) fn template(
        object: Object<'a>,
        path: String,
        zero_length: &mut dyn FnMut(&str, usize) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let mut level = Level {
            path,
            objects: Vec::new(),
        };
        let (mut rest, mut position) = (object.value, object.position);
        while !rest.is_empty() {
            (rest, position) = level.next(rest, position, zero_length)?;
        }
        Ok(level)
    }

    /// Reads the whole text: 00 first, 63 last, nothing behind it.
    pub(super) fn root(
        text: &'a str,
        zero_length: &mut dyn FnMut(&str, usize) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let count = text.chars().count();
        if count < 4 {
            return Err(Fault::of(Reason::TooShort));
        }
        if count > MAX_LENGTH {
            return Err(Fault::at(Reason::Malformed, MAX_LENGTH.saturating_add(1)));
        }
        let mut level = Level {
            path: String::new(),
            objects: Vec::new(),
        };
        let (mut rest, mut position) = (text, 1_usize);
        loop {
            if rest.is_empty() {
                return Err(Fault::of(Reason::CrcMissing));
            }
            if let Some(crc) = rest.strip_prefix("63") {
                level.objects.push(crc_object(crc, position)?);
                break;
            }
            (rest, position) = level.next(rest, position, zero_length)?;
        }
        match level.get("00") {
            None => Err(Fault::of(Reason::MissingMandatory)),
            Some(version) if !level.starts_with("00") => Err(Fault::at(Reason::VersionNotFirst, version.position)),
            Some(version) if version.value != "01" => Err(Fault::at(Reason::UnsupportedVersion, version.position)),
            Some(_) => Ok(level),
        }
    }

    /// Whether four digits here may be the end of an amount or account whose length is too small: `54 03 100` `0000`.
    fn may_be_a_tail(&self) -> bool {
        let behind_amount = self.path.is_empty() && self.objects.last().is_some_and(|last| last.id == "54");
        behind_amount || self.path.starts_with("38.")
    }

    /// Reads one object. Gives what follows it, and where.
    fn next(
        &mut self,
        rest: &'a str,
        position: usize,
        zero_length: &mut dyn FnMut(&str, usize) -> Result<(), Fault>,
    ) -> Result<(&'a str, usize), Fault> {
        let fault = |reason| Fault::at(reason, position);
        let (id, rest) = take(rest, 2).ok_or_else(|| fault(Reason::TrailingData))?;
        let (length, rest) = take(rest, 2).ok_or_else(|| fault(Reason::TrailingData))?;
        if !is_digits(id) {
            return Err(fault(Reason::TagMalformed));
        }
        if !is_digits(length) {
            return Err(fault(Reason::LengthMalformed));
        }
        if self.get(id).is_some() {
            return Err(fault(Reason::DuplicateTag));
        }
        let length: usize = length.parse().map_err(|_| fault(Reason::LengthMalformed))?;
        if length == 0 {
            if self.may_be_a_tail() {
                return Err(fault(Reason::ZeroLength));
            }
            zero_length(&format!("{}{id}", self.path), position)?;
        }
        let (value, rest) = take(rest, length).ok_or_else(|| fault(Reason::LengthOverrun))?;
        let position = position.saturating_add(4);
        if value.chars().any(crate::check::is_control_like) {
            return Err(Fault::at(Reason::Malformed, position));
        }
        self.objects.push(Object { id, value, position });
        Ok((rest, position.saturating_add(length)))
    }
}

/// The last object, behind its ID.
fn crc_object(rest: &str, position: usize) -> Result<Object<'_>, Fault> {
    let fault = |reason| Fault::at(reason, position);
    let rest = rest.strip_prefix("04").ok_or_else(|| fault(Reason::CrcMalformed))?;
    let (value, rest) = take(rest, 4).ok_or_else(|| fault(Reason::CrcMissing))?;
    if !rest.is_empty() {
        return Err(Fault::at(Reason::TrailingData, position.saturating_add(8)));
    }
    if !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(fault(Reason::CrcMalformed));
    }
    Ok(Object {
        id: "63",
        value,
        position: position.saturating_add(4),
    })
}

/// The first `count` characters, and the rest.
fn take(text: &str, count: usize) -> Option<(&str, &str)> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    text.split_at_checked(ends.into_iter().nth(count)?)
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// CRC-16/CCITT-FALSE (IBM-3740): polynomial 1021, start FFFF, nothing reflected.
pub(super) fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc: u16, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 { shifted } else { shifted ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_values() {
        for (text, expected) in [
            ("123456789", 0x29b1),
            ("", 0xffff),
            ("01", 0x3ee8),
            ("6304", 0x6007),
            ("A", 0xb915),
            (
                "00020101021138540010A00000072701240006970436011000000000900208QRIBFTTA53037045802VN6304",
                0x006a,
            ),
        ] {
            assert_eq!(crc(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn characters_are_taken_whole() {
        assert_eq!(take("đơn", 2), Some(("đơ", "n")));
        assert_eq!(take("đơn", 3), Some(("đơn", "")));
        assert_eq!(take("đơn", 4), None);
        assert_eq!(take("", 0), Some(("", "")));
    }
}
