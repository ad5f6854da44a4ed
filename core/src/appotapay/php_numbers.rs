//! Numbers as PHP prints them: AppotaPay signs what its own programs have decoded, and not what it sends.

use crate::value::Text;

/// What PHP 8 prints for a JSON number: integers of 64 bits as they are, everything else rounded to 14 digits. PHP
/// rounds the double, which may lie on the other side of the middle than the text does: near it the neighbour is the
/// second spelling.
pub(super) fn php_number(token: &str) -> (Text<'_>, Option<String>) {
    let as_printed = (Text::Borrowed(token), None);
    if token.parse::<i64>().is_ok() {
        return as_printed;
    }
    let Some(number) = Decimal::parse(token) else {
        return as_printed;
    };
    let up = rounds_up(number.digits.as_bytes());
    let other = is_near_the_middle(&number.digits).then(|| number.printed(!up));
    (number.printed(up).into(), other)
}

/// A decimal number: `d.ddd` times ten to the power of `scale`. No digits are zero.
struct Decimal<'t> {
    sign: &'t str,
    digits: String,
    scale: i64,
}

impl<'t> Decimal<'t> {
    fn parse(token: &'t str) -> Option<Self> {
        let (sign, unsigned) = token.strip_prefix('-').map_or(("", token), |rest| ("-", rest));
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let exponent = exponent.parse::<i64>().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0').to_owned();
        let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
        let leading_zeros = length(&all).saturating_sub(length(&digits));
        let scale = length(whole)
            .saturating_sub(leading_zeros)
            .saturating_sub(1)
            .saturating_add(exponent);
        Some(Self { sign, digits, scale })
    }

    /// In PHP's spelling, rounded to 14 digits.
    fn printed(&self, up: bool) -> String {
        let sign = self.sign;
        if self.digits.is_empty() {
            return format!("{sign}0");
        }
        let (rounded, carried) = round_to_14(&self.digits, up);
        let scale = self.scale.saturating_add(i64::from(carried));
        let digits = rounded.trim_end_matches('0');
        if !(-4..14).contains(&scale) {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            let point = if rest.is_empty() { ".0" } else { "." };
            let mark = if scale < 0 { '-' } else { '+' };
            return format!("{sign}{first}{point}{rest}E{mark}{}", scale.unsigned_abs());
        }
        let places = usize::try_from(scale.unsigned_abs()).unwrap_or(0);
        if scale < 0 {
            return format!("{sign}0.{}{digits}", "0".repeat(places.saturating_sub(1)));
        }
        let whole_digits = places.saturating_add(1);
        match digits.split_at_checked(whole_digits) {
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => format!(
                "{sign}{digits}{}",
                "0".repeat(whole_digits.saturating_sub(digits.len()))
            ),
        }
    }
}

/// Whether 14 digits are rounded up: half to even.
fn rounds_up(digits: &[u8]) -> bool {
    let (kept, tail) = digits.split_at_checked(14).unwrap_or((digits, &[]));
    let is_tie = matches!(tail, [b'5', rest @ ..] if rest.iter().all(|digit| *digit == b'0'));
    let is_odd = kept.last().is_some_and(|digit| digit % 2 == 1);
    tail.first().is_some_and(|digit| *digit >= b'5') && (!is_tie || is_odd)
}

/// Whether what is behind 14 digits is so near one half that the double may lie on the other side: a double is off by
/// at most 2^-53 of the number, which is less than 0.012 of its 14th digit.
fn is_near_the_middle(digits: &str) -> bool {
    let tail = digits.get(14..).unwrap_or_default();
    let thousandths = [tail.get(..3).unwrap_or(tail), "00"].concat();
    let thousandths = thousandths.get(..3).unwrap_or_default().parse::<u16>();
    thousandths.is_ok_and(|thousandths| (488..=511).contains(&thousandths))
}

/// The first 14 digits, rounded up or down; and whether rounding added a digit in front.
fn round_to_14(digits: &str, up: bool) -> (String, bool) {
    let mut kept: Vec<u8> = digits.bytes().take(14).collect();
    if up {
        for digit in kept.iter_mut().rev() {
            if *digit < b'9' {
                *digit = digit.saturating_add(1);
                return (String::from_utf8(kept).unwrap_or_default(), false);
            }
            *digit = b'0';
        }
        kept.insert(0, b'1');
        kept.truncate(14);
    }
    (String::from_utf8(kept).unwrap_or_default(), up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn php_prints_numbers_like_this() {
        // Printed by PHP 8.2: `php -r 'echo json_decode("…");'`
        for (token, printed) in [
            ("13210013240000", "13210013240000"),
            ("50000.0", "50000"),
            ("50000.50", "50000.5"),
            ("1e3", "1000"),
            ("0.1", "0.1"),
            ("0.00001", "1.0E-5"),
            ("0.0001", "0.0001"),
            ("1234567890123456789012", "1.2345678901235E+21"),
            ("100000000000000000000", "1.0E+20"),
            ("123456789012345.6", "1.2345678901235E+14"),
            ("99999999999999.9", "1.0E+14"),
            ("12345678901234.5", "12345678901234"),
            // In the middle of two spellings: the even one.
            ("12345678901233.5", "12345678901234"),
            ("12345678901235.5", "12345678901236"),
            ("10000000000000.5", "10000000000000"),
            ("1.00000000000005", "1"),
            ("1.00000000000015", "1.0000000000002"),
            ("9.99999999999995", "10"),
            ("9223372036854775808", "9.2233720368548E+18"),
            ("1e14", "1.0E+14"),
            ("0.00012345", "0.00012345"),
            ("0.0", "0"),
            ("-5", "-5"),
        ] {
            assert_eq!(php_number(token).0, printed, "{token}");
        }
    }
    /// A double may lie on the other side of the middle than its text.
    #[test]
    fn near_the_middle_there_are_two_spellings() {
        for (token, other) in [
            ("1.00000000000005", Some("1.0000000000001")),
            ("1.0000000000000488", Some("1.0000000000001")),
            ("1.00000000000005119", Some("1")),
            ("1.0000000000000512", None),
            ("1.0000000000000487", None),
            ("1.5", None),
            ("12345678901234", None),
        ] {
            assert_eq!(php_number(token).1.as_deref(), other, "{token}");
        }
    }
}
