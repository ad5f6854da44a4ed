//! Texts without Vietnamese diacritics: the standard allows none in a code.

use super::VietQR;
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::error::Result;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "text",
    doc: "Texts for codes.",
    operations: &[Operation {
        name: "vietqr.text.strip_diacritics",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "Removes Vietnamese diacritics, composed or decomposed (NFC or NFD). Everything else stays as it is.",
        handler: &Typed(strip_diacritics),
    }],
};

/// A Vietnamese text.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StripDiacritics {
    /// Text, with or without diacritics.
    pub text: String,
}

/// A text.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plain {
    /// The text without Vietnamese diacritics.
    pub text: String,
}

pub(crate) fn strip_diacritics(_: &VietQR, input: &StripDiacritics) -> Result<Made<Plain>> {
    let text = Value::text(strip(&input.text));
    Ok(Made::new(Record::from_iter([("text", text)])))
}

/// Plain letters, and the letters that become them: with the plain ones, the whole Vietnamese alphabet that has marks.
const LETTERS: &[(char, &str)] = &[
    ('a', "àáảãạăằắẳẵặâầấẩẫậ"),
    ('e', "èéẻẽẹêềếểễệ"),
    ('i', "ìíỉĩị"),
    ('o', "òóỏõọôồốổỗộơờớởỡợ"),
    ('u', "ùúủũụưừứửữự"),
    ('y', "ỳýỷỹỵ"),
    ('d', "đ"),
    ('A', "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ"),
    ('E', "ÈÉẺẼẸÊỀẾỂỄỆ"),
    ('I', "ÌÍỈĨỊ"),
    ('O', "ÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ"),
    ('U', "ÙÚỦŨỤƯỪỨỬỮỰ"),
    ('Y', "ỲÝỶỸỴ"),
    ('D', "Đ"),
];

/// Text without Vietnamese diacritics.
pub(crate) fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_vowel = false;
    for c in text.chars() {
        if after_vowel && is_mark(c) {
            continue;
        }
        let plain = plain(c);
        after_vowel = matches!(plain.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        out.push(plain);
    }
    out
}

fn plain(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let found = LETTERS.iter().find(|(_, marked)| marked.contains(c));
    found.map_or(c, |(plain, _)| *plain)
}

/// Text in lower case: ASCII and Vietnamese letters. Unicode's full tables would be a thirtieth of the wasm module.
pub(crate) fn lower_case(text: &str) -> String {
    text.chars().map(|c| lower(c).unwrap_or(c)).collect()
}

/// Text in upper case: ASCII and Vietnamese letters.
pub(crate) fn upper_case(text: &str) -> String {
    text.chars().map(|c| upper(c).unwrap_or(c)).collect()
}

fn lower(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    other_case(c, |plain| plain.to_ascii_lowercase())
}

fn upper(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_uppercase());
    }
    other_case(c, |plain| plain.to_ascii_uppercase())
}

/// The letter at the same place of the row of the other plain letter.
fn other_case(c: char, turn: fn(&char) -> char) -> Option<char> {
    let row = |wanted: char| {
        LETTERS
            .iter()
            .find(|(plain, _)| *plain == wanted)
            .map(|(_, marked)| *marked)
    };
    let (plain, marked) = LETTERS.iter().find(|(_, marked)| marked.contains(c))?;
    let place = marked.chars().position(|other| other == c)?;
    row(turn(plain))?.chars().nth(place)
}

/// Combining grave, acute, circumflex, tilde, breve, hook above, horn, dot below; and two old spellings of the first.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{303}' | '\u{306}' | '\u{309}' | '\u{31b}' | '\u{323}' | '\u{340}' | '\u{341}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter() {
        let marked: String = LETTERS.iter().map(|(_, marked)| *marked).collect();
        assert_eq!(marked.chars().count(), 134);
        for (plain, marked) in LETTERS {
            assert!(strip(marked).chars().all(|c| c == *plain), "{plain}");
        }
    }

    #[test]
    fn case_of_every_vietnamese_letter_is_that_of_unicode() {
        let all: String = LETTERS
            .iter()
            .map(|(plain, marked)| format!("{plain}{marked}"))
            .collect();
        assert_eq!(lower_case(&all), all.to_lowercase());
        assert_eq!(upper_case(&all), all.to_uppercase());
        assert_eq!(upper_case("Vie\u{302}\u{323}t 1ñ!"), "VIE\u{302}\u{323}T 1ñ!");
    }

    #[test]
    fn composed_and_decomposed() {
        let composed = "Cộng hòa xã hội chủ nghĩa Việt Nam, Đường Nguyễn Huệ; đặng ưỡn ơ";
        let decomposed = "Co\u{323}\u{302}ng ho\u{300}a xa\u{303} ho\u{323}\u{302}i chu\u{309} nghi\u{303}a \
            Vie\u{323}\u{302}t Nam, Đu\u{31b}o\u{31b}\u{300}ng Nguye\u{302}\u{303}n Hue\u{323}\u{302}; \
            đa\u{323}\u{306}ng u\u{31b}o\u{31b}\u{303}n o\u{31b}";
        let plain = "Cong hoa xa hoi chu nghia Viet Nam, Duong Nguyen Hue; dang uon o";
        assert_eq!(strip(composed), plain);
        assert_eq!(strip(decomposed), plain);
        // Half composed, as some keyboards type it.
        assert_eq!(strip("Vi\u{ea}\u{323}t"), "Viet");
    }

    #[test]
    fn other_letters_stay() {
        for text in ["ñ", "n\u{303}", "ü", "u\u{308}", "ç", "日本", "💳", "plain ASCII ~!"] {
            assert_eq!(strip(text), text);
        }
    }
}
