//! The Vietnamese letters that Unicode also writes decomposed (đ and Đ are not among them). Only for telling whether
//! two sides wrote the same text differently: what is signed is never normalised.

/// Letter, plain letter, combining marks in canonical order. From Python's `unicodedata`.
const LETTERS: &[(char, char, &str)] = &[
    ('à', 'a', "\u{300}"),
    ('á', 'a', "\u{301}"),
    ('ả', 'a', "\u{309}"),
    ('ã', 'a', "\u{303}"),
    ('ạ', 'a', "\u{323}"),
    ('ă', 'a', "\u{306}"),
    ('ằ', 'a', "\u{306}\u{300}"),
    ('ắ', 'a', "\u{306}\u{301}"),
    ('ẳ', 'a', "\u{306}\u{309}"),
    ('ẵ', 'a', "\u{306}\u{303}"),
    ('ặ', 'a', "\u{323}\u{306}"),
    ('â', 'a', "\u{302}"),
    ('ầ', 'a', "\u{302}\u{300}"),
    ('ấ', 'a', "\u{302}\u{301}"),
    ('ẩ', 'a', "\u{302}\u{309}"),
    ('ẫ', 'a', "\u{302}\u{303}"),
    ('ậ', 'a', "\u{323}\u{302}"),
    ('è', 'e', "\u{300}"),
    ('é', 'e', "\u{301}"),
    ('ẻ', 'e', "\u{309}"),
    ('ẽ', 'e', "\u{303}"),
    ('ẹ', 'e', "\u{323}"),
    ('ê', 'e', "\u{302}"),
    ('ề', 'e', "\u{302}\u{300}"),
    ('ế', 'e', "\u{302}\u{301}"),
    ('ể', 'e', "\u{302}\u{309}"),
    ('ễ', 'e', "\u{302}\u{303}"),
    ('ệ', 'e', "\u{323}\u{302}"),
    ('ì', 'i', "\u{300}"),
    ('í', 'i', "\u{301}"),
    ('ỉ', 'i', "\u{309}"),
    ('ĩ', 'i', "\u{303}"),
    ('ị', 'i', "\u{323}"),
    ('ò', 'o', "\u{300}"),
    ('ó', 'o', "\u{301}"),
    ('ỏ', 'o', "\u{309}"),
    ('õ', 'o', "\u{303}"),
    ('ọ', 'o', "\u{323}"),
    ('ô', 'o', "\u{302}"),
    ('ồ', 'o', "\u{302}\u{300}"),
    ('ố', 'o', "\u{302}\u{301}"),
    ('ổ', 'o', "\u{302}\u{309}"),
    ('ỗ', 'o', "\u{302}\u{303}"),
    ('ộ', 'o', "\u{323}\u{302}"),
    ('ơ', 'o', "\u{31b}"),
    ('ờ', 'o', "\u{31b}\u{300}"),
    ('ớ', 'o', "\u{31b}\u{301}"),
    ('ở', 'o', "\u{31b}\u{309}"),
    ('ỡ', 'o', "\u{31b}\u{303}"),
    ('ợ', 'o', "\u{31b}\u{323}"),
    ('ù', 'u', "\u{300}"),
    ('ú', 'u', "\u{301}"),
    ('ủ', 'u', "\u{309}"),
    ('ũ', 'u', "\u{303}"),
    ('ụ', 'u', "\u{323}"),
    ('ư', 'u', "\u{31b}"),
    ('ừ', 'u', "\u{31b}\u{300}"),
    ('ứ', 'u', "\u{31b}\u{301}"),
    ('ử', 'u', "\u{31b}\u{309}"),
    ('ữ', 'u', "\u{31b}\u{303}"),
    ('ự', 'u', "\u{31b}\u{323}"),
    ('ỳ', 'y', "\u{300}"),
    ('ý', 'y', "\u{301}"),
    ('ỷ', 'y', "\u{309}"),
    ('ỹ', 'y', "\u{303}"),
    ('ỵ', 'y', "\u{323}"),
    ('À', 'A', "\u{300}"),
    ('Á', 'A', "\u{301}"),
    ('Ả', 'A', "\u{309}"),
    ('Ã', 'A', "\u{303}"),
    ('Ạ', 'A', "\u{323}"),
    ('Ă', 'A', "\u{306}"),
    ('Ằ', 'A', "\u{306}\u{300}"),
    ('Ắ', 'A', "\u{306}\u{301}"),
    ('Ẳ', 'A', "\u{306}\u{309}"),
    ('Ẵ', 'A', "\u{306}\u{303}"),
    ('Ặ', 'A', "\u{323}\u{306}"),
    ('Â', 'A', "\u{302}"),
    ('Ầ', 'A', "\u{302}\u{300}"),
    ('Ấ', 'A', "\u{302}\u{301}"),
    ('Ẩ', 'A', "\u{302}\u{309}"),
    ('Ẫ', 'A', "\u{302}\u{303}"),
    ('Ậ', 'A', "\u{323}\u{302}"),
    ('È', 'E', "\u{300}"),
    ('É', 'E', "\u{301}"),
    ('Ẻ', 'E', "\u{309}"),
    ('Ẽ', 'E', "\u{303}"),
    ('Ẹ', 'E', "\u{323}"),
    ('Ê', 'E', "\u{302}"),
    ('Ề', 'E', "\u{302}\u{300}"),
    ('Ế', 'E', "\u{302}\u{301}"),
    ('Ể', 'E', "\u{302}\u{309}"),
    ('Ễ', 'E', "\u{302}\u{303}"),
    ('Ệ', 'E', "\u{323}\u{302}"),
    ('Ì', 'I', "\u{300}"),
    ('Í', 'I', "\u{301}"),
    ('Ỉ', 'I', "\u{309}"),
    ('Ĩ', 'I', "\u{303}"),
    ('Ị', 'I', "\u{323}"),
    ('Ò', 'O', "\u{300}"),
    ('Ó', 'O', "\u{301}"),
    ('Ỏ', 'O', "\u{309}"),
    ('Õ', 'O', "\u{303}"),
    ('Ọ', 'O', "\u{323}"),
    ('Ô', 'O', "\u{302}"),
    ('Ồ', 'O', "\u{302}\u{300}"),
    ('Ố', 'O', "\u{302}\u{301}"),
    ('Ổ', 'O', "\u{302}\u{309}"),
    ('Ỗ', 'O', "\u{302}\u{303}"),
    ('Ộ', 'O', "\u{323}\u{302}"),
    ('Ơ', 'O', "\u{31b}"),
    ('Ờ', 'O', "\u{31b}\u{300}"),
    ('Ớ', 'O', "\u{31b}\u{301}"),
    ('Ở', 'O', "\u{31b}\u{309}"),
    ('Ỡ', 'O', "\u{31b}\u{303}"),
    ('Ợ', 'O', "\u{31b}\u{323}"),
    ('Ù', 'U', "\u{300}"),
    ('Ú', 'U', "\u{301}"),
    ('Ủ', 'U', "\u{309}"),
    ('Ũ', 'U', "\u{303}"),
    ('Ụ', 'U', "\u{323}"),
    ('Ư', 'U', "\u{31b}"),
    ('Ừ', 'U', "\u{31b}\u{300}"),
    ('Ứ', 'U', "\u{31b}\u{301}"),
    ('Ử', 'U', "\u{31b}\u{309}"),
    ('Ữ', 'U', "\u{31b}\u{303}"),
    ('Ự', 'U', "\u{31b}\u{323}"),
    ('Ỳ', 'Y', "\u{300}"),
    ('Ý', 'Y', "\u{301}"),
    ('Ỷ', 'Y', "\u{309}"),
    ('Ỹ', 'Y', "\u{303}"),
    ('Ỵ', 'Y', "\u{323}"),
];

/// Vietnamese letters decomposed (NFD); everything else as it is.
pub(super) fn decompose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let found = LETTERS.iter().find(|(letter, ..)| !c.is_ascii() && *letter == c);
        match found {
            Some((_, plain, marks)) => {
                out.push(*plain);
                out.push_str(marks);
            }
            None => out.push(c),
        }
    }
    out
}

/// Vietnamese letters composed (NFC); everything else as it is.
pub(super) fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match composed(c, rest.as_str()) {
            Some((letter, behind)) => {
                out.push(letter);
                rest = behind.chars();
            }
            None => out.push(c),
        }
    }
    out
}

/// The letter that a plain letter and the marks behind it make, and what is behind them.
fn composed(plain: char, marked: &str) -> Option<(char, &str)> {
    // Almost no letter of a text has a mark behind it.
    if marked.starts_with(|next: char| next.is_ascii()) {
        return None;
    }
    // The longest: a letter with two marks begins with one of a single mark.
    LETTERS
        .iter()
        .filter(|(_, letter, _)| *letter == plain)
        .filter_map(|(letter, _, marks)| Some((*letter, marked.strip_prefix(marks)?)))
        .min_by_key(|(_, behind)| behind.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = "Cộng hòa xã hội chủ nghĩa Việt Nam, Đường Nguyễn Huệ; đặng ưỡn ơ ƯỚC ABC";
        assert_ne!(decompose(text), text);
        assert_eq!(compose(&decompose(text)), text);
        assert_eq!(decompose("Thế"), "The\u{302}\u{301}");
        assert_eq!(
            compose("e\u{302}\u{301}e\u{301}\u{302}e\u{302}x\u{301}"),
            "ếé\u{302}êx\u{301}"
        );
    }
}
