//! Checks on our own input. Each names the field and the rule, never the value.

use crate::error::{Code, Error, Result, Rule};

/// Largest amount that is accepted anywhere: a thousand times a billion dong.
pub(crate) const MAX_DONG: u64 = 1_000_000_000_000_000;

/// A whole number: an integer, or its canonical decimal text. At most 10^15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole(pub u64);

/// An amount in whole dong (VND): an integer, or its canonical decimal text. At most 10^15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dong(pub u64);

struct ReadWhole;

impl serde::de::Visitor<'_> for ReadWhole {
    type Value = u64;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(crate::value::WHOLE)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> core::result::Result<u64, E> {
        if number > MAX_DONG {
            return Err(E::invalid_value(
                serde::de::Unexpected::Other("a number"),
                &crate::value::WHOLE,
            ));
        }
        Ok(number)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> core::result::Result<u64, E> {
        match crate::value::whole(text) {
            Some(number) => self.visit_u64(number),
            None => Err(E::invalid_value(
                serde::de::Unexpected::Other("a text"),
                &crate::value::WHOLE,
            )),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Whole {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_any(ReadWhole).map(Whole)
    }
}

impl<'de> serde::Deserialize<'de> for Dong {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_any(ReadWhole).map(Dong)
    }
}

/// A number for a space-joined text, where white space is named for what it would do.
struct WithoutWhiteSpace(u64);

impl<'de> serde::Deserialize<'de> for WithoutWhiteSpace {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_any(ReadWithoutWhiteSpace).map(Self)
    }
}

struct ReadWithoutWhiteSpace;

impl serde::de::Visitor<'_> for ReadWithoutWhiteSpace {
    type Value = u64;
    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        ReadWhole.expecting(f)
    }
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> core::result::Result<u64, E> {
        ReadWhole.visit_u64(number)
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> core::result::Result<u64, E> {
        if has_white_space(text) {
            return Err(E::custom(crate::value::WHITE_SPACE));
        }
        ReadWhole.visit_str(text)
    }
}

/// An amount for a space-joined text.
pub(crate) fn dong_without_white_space<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> core::result::Result<Dong, D::Error> {
    let WithoutWhiteSpace(number) = serde::Deserialize::deserialize(deserializer)?;
    Ok(Dong(number))
}

/// A whole number for such a text, where it is given.
pub(crate) fn whole_without_white_space<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> core::result::Result<Option<Whole>, D::Error> {
    let number: Option<WithoutWhiteSpace> = serde::Deserialize::deserialize(deserializer)?;
    Ok(number.map(|WithoutWhiteSpace(number)| Whole(number)))
}

impl From<u64> for Whole {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<u64> for Dong {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{Dong, Whole};

    impl schemars::JsonSchema for Whole {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Whole".into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({ "type": ["integer", "string"], "x-kyso": "whole" })
        }
        fn inline_schema() -> bool {
            true
        }
    }

    impl schemars::JsonSchema for Dong {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Dong".into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({ "type": ["integer", "string"], "x-kyso": "dong" })
        }
        fn inline_schema() -> bool {
            true
        }
    }
}

/// An amount within its documented bounds.
pub(crate) fn amount(field: &str, amount: Dong, least: u64) -> Result<()> {
    if amount.0 < least || amount.0 > MAX_DONG {
        return Err(Error::invalid(
            field,
            Rule::Say(
                "must be whole dong within the documented limits, at most 10^15",
                "phải là số tiền đồng nguyên trong giới hạn tài liệu nêu, tối đa 10^15",
            ),
        ));
    }
    Ok(())
}

/// Free text: a number of characters, no control or direction characters.
pub(crate) fn text(field: &str, value: &str, least: usize, most: usize) -> Result<()> {
    if is_printable_ascii(value) && (least..=most).contains(&value.len()) {
        return Ok(());
    }
    length(field, value, least, most)?;
    if has_control(value) {
        return Err(Error::invalid(
            field,
            Rule::Say(
                "must not contain control or direction characters",
                "không được chứa ký tự điều khiển hoặc ký tự đổi hướng chữ",
            ),
        ));
    }
    Ok(())
}

pub(crate) fn length(field: &str, value: &str, least: usize, most: usize) -> Result<()> {
    let count = if value.is_ascii() {
        value.len()
    } else {
        value.chars().count()
    };
    if count < least || count > most {
        return Err(Error::invalid(field, Rule::Length(least, most)));
    }
    Ok(())
}

/// Whether a text holds a control character or one of its kind. Printable ASCII, the usual case, is told at a glance.
pub(crate) fn has_control(value: &str) -> bool {
    !is_printable_ascii(value) && value.chars().any(is_control_like)
}

/// Whether a text holds white space.
pub(crate) fn has_white_space(value: &str) -> bool {
    let may_be = |byte: u8| byte <= b' ' || !byte.is_ascii();
    value.bytes().any(may_be) && value.chars().any(char::is_whitespace)
}

/// Whether a text holds a control character proper.
pub(crate) fn has_control_code(value: &str) -> bool {
    !is_printable_ascii(value) && value.chars().any(char::is_control)
}

fn is_printable_ascii(value: &str) -> bool {
    value
        .bytes()
        .fold(true, |plain, byte| plain & (0x20..0x7f).contains(&byte))
}

/// C0, C1, line separators and the characters that reorder text on a screen.
#[must_use]
pub fn is_control_like(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}' | '\u{2029}')
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// A set of ASCII characters: a bit for each, the first 64 and the others.
#[derive(Clone, Copy)]
pub(crate) struct Alphabet(u64, u64);

impl Alphabet {
    pub(crate) const DIGITS: Self = Self(0x03ff_0000_0000_0000, 0);
    pub(crate) const ALPHANUMERIC: Self = Self(0x03ff_0000_0000_0000, 0x07ff_fffe_07ff_fffe);
    /// Everything from `!` to `~`.
    pub(crate) const VISIBLE: Self = Self(0xffff_fffe_0000_0000, 0x7fff_ffff_ffff_ffff);

    /// The same set and these ASCII characters.
    pub(crate) const fn with(self, others: &str) -> Self {
        let mut set = self;
        let mut left = others.as_bytes();
        while let Some((byte, others)) = left.split_first() {
            // `as` is not allowed, `from` is not const: the number of places to shift by is the byte's lowest six bits.
            let bit = 1_u64.wrapping_shl(u32::from_le_bytes([*byte, 0, 0, 0]));
            if *byte < 64 {
                set.0 |= bit;
            } else {
                set.1 |= bit;
            }
            left = others;
        }
        set
    }

    pub(crate) fn has(self, byte: u8) -> bool {
        let half = if byte < 64 { self.0 } else { self.1 };
        byte.is_ascii() && half.wrapping_shr(u32::from(byte)) & 1 == 1
    }

    pub(crate) fn has_all(self, text: &str) -> bool {
        text.bytes().all(|byte| self.has(byte))
    }
}

/// Text of allowed ASCII characters.
pub(crate) fn charset(
    field: &str,
    value: &str,
    (least, most): (usize, usize),
    allowed: Alphabet,
    (english, vietnamese): (&'static str, &'static str),
) -> Result<()> {
    length(field, value, least, most)?;
    if !allowed.has_all(value) {
        return Err(Error::invalid(field, Rule::Say(english, vietnamese)));
    }
    Ok(())
}

pub(crate) fn digits(field: &str, value: &str, least: usize, most: usize) -> Result<()> {
    charset(
        field,
        value,
        (least, most),
        Alphabet::DIGITS,
        ("must be digits", "chỉ được gồm chữ số"),
    )
}

pub(crate) fn alphanumeric(field: &str, value: &str, least: usize, most: usize) -> Result<()> {
    let rule = (
        "must be unaccented letters and digits",
        "chỉ được gồm chữ cái không dấu và chữ số",
    );
    charset(field, value, (least, most), Alphabet::ALPHANUMERIC, rule)
}

/// Unaccented printable text.
pub(crate) fn ascii(field: &str, value: &str, least: usize, most: usize) -> Result<()> {
    let rule = (
        "must be unaccented printable characters",
        "chỉ được gồm ký tự in được không dấu",
    );
    charset(field, value, (least, most), Alphabet::VISIBLE.with(" "), rule)
}

/// A value that goes into an HTTP header: visible ASCII, so nothing can be injected.
pub(crate) fn header(field: &str, value: &str) -> Result<()> {
    length(field, value, 1, 8192)?;
    // Tokens are long: every byte is looked at without a branch.
    if value
        .bytes()
        .fold(true, |visible, byte| visible & byte.is_ascii_graphic())
    {
        return Ok(());
    }
    Err(Error::invalid(
        field,
        Rule::Say(
            "must be visible ASCII without spaces",
            "chỉ được gồm ký tự ASCII nhìn thấy được, không khoảng trắng",
        ),
    ))
}

/// One of the documented words.
pub(crate) fn one_of(field: &str, value: &str, words: &'static [&'static str]) -> Result<()> {
    if words.contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(field, Rule::OneOf(words)))
}

/// The address of a page of the merchant: http or https, a host, no user, no control characters or white space. The
/// alphabet of hosts is so small that every URL parser sees the same one; other scripts are written in Punycode.
/// Where it points is the merchant's affair; open redirects stay with the host.
pub(crate) fn url(field: &str, value: &str) -> Result<()> {
    let refuse = |english, vietnamese| Err(Error::invalid(field, Rule::Say(english, vietnamese)));
    length(field, value, 1, 2048)?;
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let forbidden = |c| is_control_like(c) || c.is_whitespace() || c == '\\';
    if !plain && value.chars().any(forbidden) {
        return refuse(
            "must not contain white space, control characters or a backslash",
            "không được chứa khoảng trắng, ký tự điều khiển hoặc dấu gạch chéo ngược",
        );
    }
    let scheme = value.split_at_checked(length_before(value, b":"));
    let Some((scheme, Some(rest))) = scheme.map(|(scheme, rest)| (scheme, rest.strip_prefix("://"))) else {
        return refuse("must begin with https://", "phải bắt đầu bằng https://");
    };
    let authority = rest.get(..length_before(rest, b"/?#")).unwrap_or_default();
    let (host, port) = host_and_port(authority);
    if !is_plain_host(host) || !port.is_none_or(is_port) {
        return refuse(
            "must hold a plain host name, without user or password",
            "phải có tên máy chủ thông thường, không kèm tài khoản",
        );
    }
    if scheme.eq_ignore_ascii_case("https") || (is_loopback_host(host) && scheme.eq_ignore_ascii_case("http")) {
        return Ok(());
    }
    refuse(
        "must use https (http is for loopback hosts)",
        "phải dùng https (http chỉ dành cho máy cục bộ)",
    )
}

/// Number of bytes in front of the first of these, or of all. Addresses are short: a search for a text, or with wide
/// registers, takes longer.
fn length_before(text: &str, ends: &[u8]) -> usize {
    let end = text.bytes().position(|byte| ends.contains(&byte));
    end.unwrap_or(text.len())
}

/// Host and port of `host`, `host:port`, `[address]` or `[address]:port`.
pub(crate) fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    let end = match length_before(authority, b"]") {
        bracket if bracket < authority.len() => bracket.saturating_add(1),
        _ => length_before(authority, b":"),
    };
    match authority.split_at_checked(end) {
        Some((host, "")) => (host, None),
        // What follows a bracket without a colon is no port.
        Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or("-"))),
        None => ("", None),
    }
}

/// Whether a host is this machine: nothing that is sent to it leaves it.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]")
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A name of letters, digits, `-`, `.` and `_` without empty parts, or an IPv6 address in brackets.
pub(crate) fn is_plain_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    const PLAIN: Alphabet = Alphabet::ALPHANUMERIC.with("-_");
    let mut before = b'.';
    let plain = host.bytes().all(|byte| {
        let part_is_empty = before == b'.';
        before = byte;
        if byte == b'.' { !part_is_empty } else { PLAIN.has(byte) }
    });
    plain && before != b'.' && host.len() <= 253 && !is_unusual_address(host)
}

/// Whether URL parsers would take a name for an IPv4 address in another notation than four numbers: `0x7f.1`, `127.1`.
fn is_unusual_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    is_number && host.parse::<std::net::Ipv4Addr>().is_err()
}

/// 1 to 65535, in digits.
pub(crate) fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|number| number > 0)
}

/// `YYYY-MM-DD HH:MM:SS`, a real calendar date. Gives a number that orders as the times do.
pub(crate) fn date_time(field: &str, value: &str) -> Result<u64> {
    let refuse = || {
        Error::invalid(
            field,
            Rule::Say(
                "must be a real date, YYYY-MM-DD HH:MM:SS",
                "phải là thời điểm có thật, YYYY-MM-DD HH:MM:SS",
            ),
        )
    };
    let shape = value.len() == 19
        && value.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            10 => byte == b' ',
            13 | 16 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().map_err(|_| refuse())?;
    let (date, time) = (number / 1_000_000, number % 1_000_000);
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100);
    let real = (1..=days_in(year, month)).contains(&day) && year > 0 && hour < 24 && minute < 60 && second < 60;
    if shape && real { Ok(number) } else { Err(refuse()) }
}

/// Days of a month; 0 for a month that does not exist.
pub(crate) fn days_in(year: u64, month: u64) -> u64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// An error for white space or a separator where a joined text would become ambiguous.
pub(crate) fn ambiguous(field: &str, english: &'static str, vietnamese: &'static str) -> Error {
    Error::say(Code::Ambiguous, english, vietnamese).field(field)
}
