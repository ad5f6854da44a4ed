//! The strict reader. What it accepts, strictly and leniently: the table "Strict or lenient" of the specification.

use super::bank;
use super::code::{Payload, ServiceCode, Warning};
use super::object::{Fault, Level, Object, Reason, crc, is_digits};

/// Application identifier of NAPAS in object 38.
pub(super) const GUID: &str = "A000000727";
/// Longest account or card number.
pub(super) const MAX_ACCOUNT: usize = 19;
/// A NAPAS247 transfer is below this many dong (NAPAS 1.0, 8.1.1).
const TRANSFER_LIMIT: u64 = 500_000_000;

/// Objects of the root that have a key of their own.
const ROOT: &[&str] = &["00", "01", "38", "53", "54", "58", "59", "60", "62", "63"];
/// Objects of template 62 that have a key of their own.
const ADDITIONAL: &[&str] = &["01", "02", "03", "04", "05", "06", "07", "08", "09"];

/// Reads a VietQR text.
pub(crate) fn read(text: &str, lenient: bool) -> Result<Payload, Fault> {
    let mut reader = Reader {
        lenient,
        payload: Payload::default(),
    };
    reader.text(text)?;
    Ok(reader.payload)
}

struct Reader {
    lenient: bool,
    payload: Payload,
}

impl Reader {
    fn text(&mut self, text: &str) -> Result<(), Fault> {
        let root = Level::root(text, &mut |object, position| {
            self.tolerate(Reason::ZeroLength, object, position)
        })?;
        check_crc(text, &root)?;
        self.merchant_account(&root)?;
        self.initiation(&root)?;
        self.payload.currency = mandatory(&root, "53", "704", Reason::UnsupportedCurrency)?;
        self.payload.country = mandatory(&root, "58", "VN", Reason::UnsupportedCountry)?;
        if let Some(object) = root.get("54") {
            self.amount(object)?;
        }
        self.payload.merchant_name = self.printable(&root, "59", 25)?;
        self.payload.merchant_city = self.printable(&root, "60", 15)?;
        if let Some(object) = filled(&root, "62") {
            self.additional(object)?;
        }
        self.category(&root)?;
        self.tip(&root)?;
        self.limited(&root, "61", 10)?;
        for object in &root.objects {
            // Accounts of other schemes: templates as well.
            if ("26"..="51").contains(&object.id) {
                self.template(*object, "")?;
            }
        }
        if let Some(object) = root.get("64") {
            self.other_language(object)?;
        }
        self.keep_unknown(&root, ROOT);
        Ok(())
    }

    /// The merchant's category has four digits.
    fn category(&mut self, root: &Level<'_>) -> Result<(), Fault> {
        match filled(root, "52") {
            Some(object) if object.value.len() != 4 || !is_digits(object.value) => {
                self.tolerate(Reason::Malformed, "52", object.position)
            }
            _ => Ok(()),
        }
    }

    /// 55 says whether the payer is asked for a tip (01), or which other object holds it: 56 a fee (02), 57 a
    /// percentage (03).
    fn tip(&mut self, root: &Level<'_>) -> Result<(), Fault> {
        let [indicator, fee, percentage] = ["55", "56", "57"].map(|id| filled(root, id));
        for object in [indicator, fee, percentage].into_iter().flatten() {
            self.warn(Reason::Tip, object.id);
        }
        let fits = match (indicator.map(|object| object.value), fee, percentage) {
            (None | Some("01"), None, None) => true,
            (Some("02"), Some(fee), None) => fee.value.len() <= 13 && is_decimal(fee.value),
            (Some("03"), None, Some(percentage)) => is_percentage(percentage.value),
            _ => false,
        };
        let first = [indicator, fee, percentage].into_iter().flatten().next();
        match first {
            Some(object) if !fits => self.tolerate(Reason::Malformed, object.id, object.position),
            _ => Ok(()),
        }
    }

    /// Language, name and city in it.
    fn other_language(&mut self, object: Object<'_>) -> Result<(), Fault> {
        let level = self.template(object, "")?;
        match filled(&level, "00") {
            Some(language) if language.value.len() == 2 => {}
            _ => self.tolerate(Reason::Malformed, "64.00", object.position)?,
        }
        self.limited(&level, "01", 25)?;
        self.limited(&level, "02", 15)
    }

    fn limited(&mut self, level: &Level<'_>, id: &str, most: usize) -> Result<(), Fault> {
        match filled(level, id) {
            Some(object) if object.value.chars().count() > most => {
                self.tolerate(Reason::FieldTooLong, &format!("{}{id}", level.path), object.position)
            }
            _ => Ok(()),
        }
    }

    fn merchant_account(&mut self, root: &Level<'_>) -> Result<(), Fault> {
        let Some(object) = filled(root, "38") else {
            let other = root.objects.iter().find(|object| ("02"..="51").contains(&object.id));
            return Err(match other {
                Some(other) => Fault::at(Reason::NotVietqr, other.position),
                None => Fault::of(Reason::MissingMandatory),
            });
        };
        let level = self.template(object, "")?;
        let missing = || Fault::at(Reason::MissingMandatory, object.position);
        let guid = level.get("00").ok_or_else(missing)?;
        if guid.value != GUID {
            return Err(Fault::at(Reason::NotVietqr, guid.position));
        }
        if !level.starts_with("00") {
            self.tolerate(Reason::GuidNotFirst, "38.00", guid.position)?;
        }
        self.beneficiary(level.get("01").ok_or_else(missing)?)?;
        match level.get("02") {
            Some(service) => self.service(service)?,
            None => self.tolerate(Reason::UnknownService, "38.02", object.position)?,
        }
        self.keep_unknown(&level, &["00", "01", "02"]);
        Ok(())
    }

    fn beneficiary(&mut self, object: Object<'_>) -> Result<(), Fault> {
        let level = self.template(object, "38.")?;
        let missing = |reason| Fault::at(reason, object.position);
        let bin = level.get("00").ok_or_else(|| missing(Reason::MissingMandatory))?;
        if bin.value.len() != 6 || !is_digits(bin.value) {
            return Err(Fault::at(Reason::BinMalformed, bin.position));
        }
        if bank::of_bin(bin.value).is_none() {
            self.warn(Reason::UnknownBin, "38.01.00");
        }
        let account = level.get("01").ok_or_else(|| missing(Reason::AccountEmpty))?;
        self.account(account)?;
        bin.value.clone_into(&mut self.payload.bin);
        account.value.clone_into(&mut self.payload.account);
        self.keep_unknown(&level, &["00", "01"]);
        Ok(())
    }

    fn account(&mut self, object: Object<'_>) -> Result<(), Fault> {
        let fault = |reason| Err(Fault::at(reason, object.position));
        if object.value.is_empty() {
            return fault(Reason::AccountEmpty);
        }
        if object.value.chars().count() > MAX_ACCOUNT {
            return fault(Reason::AccountTooLong);
        }
        if object.value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(());
        }
        // Whether banks use other marks is not known.
        if object.value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return self.tolerate(Reason::AccountMalformed, "38.01.01", object.position);
        }
        fault(Reason::AccountMalformed)
    }

    fn service(&mut self, object: Object<'_>) -> Result<(), Fault> {
        let service = ServiceCode::of(object.value).ok_or(Fault::at(Reason::UnknownService, object.position))?;
        if !matches!(service, ServiceCode::Account | ServiceCode::Card) {
            self.warn(Reason::NotATransfer, "38.02");
        }
        self.payload.service = Some(service);
        Ok(())
    }

    fn initiation(&mut self, root: &Level<'_>) -> Result<(), Fault> {
        let Some(object) = filled(root, "01") else {
            return self.tolerate(Reason::MissingMandatory, "01", 1);
        };
        if !matches!(object.value, "11" | "12") {
            return Err(Fault::at(Reason::Malformed, object.position));
        }
        self.payload.initiation = Some(object.value.to_owned());
        Ok(())
    }

    fn amount(&mut self, object: Object<'_>) -> Result<(), Fault> {
        let malformed = Fault::at(Reason::AmountMalformed, object.position);
        let (whole, decimals) = match object.value.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (object.value, None),
        };
        let zeros = decimals.unwrap_or_default().bytes().all(|byte| byte == b'0');
        if !is_digits(whole) || !zeros || object.value.len() > 13 {
            return Err(malformed);
        }
        let amount: u64 = whole.parse().map_err(|_| malformed)?;
        if amount == 0 {
            return Err(malformed);
        }
        if decimals.is_some() || whole.starts_with('0') {
            self.tolerate(Reason::AmountMalformed, "54", object.position)?;
        }
        if amount >= TRANSFER_LIMIT {
            self.warn(Reason::AmountLimit, "54");
        }
        self.payload.amount = Some(amount);
        Ok(())
    }

    fn additional(&mut self, object: Object<'_>) -> Result<(), Fault> {
        let level = self.template(object, "")?;
        for object in &level.objects {
            if object.id >= "50" {
                self.template(*object, "62.")?;
            } else if object.id >= "10" {
                self.limited(&level, object.id, 25)?;
            }
        }
        self.payload.bill_number = self.printable(&level, "01", 25)?;
        self.payload.mobile = self.printable(&level, "02", 25)?;
        self.payload.store = self.printable(&level, "03", 25)?;
        self.payload.loyalty = self.printable(&level, "04", 25)?;
        self.payload.reference = self.printable(&level, "05", 25)?;
        self.payload.customer = self.printable(&level, "06", 25)?;
        self.payload.terminal = self.printable(&level, "07", 25)?;
        self.payload.purpose = self.printable(&level, "08", 25)?;
        if let Some(object) = filled(&level, "09") {
            if !is_consumer_data(object.value) {
                return Err(Fault::at(Reason::Malformed, object.position));
            }
            self.payload.consumer_data = Some(object.value.to_owned());
        }
        self.keep_unknown(&level, ADDITIONAL);
        Ok(())
    }

    /// Text for people: unaccented and of limited length by the standard, not always in the wild.
    fn printable(&mut self, level: &Level<'_>, id: &str, most: usize) -> Result<Option<String>, Fault> {
        let Some(object) = filled(level, id) else {
            return Ok(None);
        };
        let path = format!("{}{id}", level.path);
        self.limited(level, id, most)?;
        if !object.value.is_ascii() {
            self.tolerate(Reason::NotAscii, &path, object.position)?;
        }
        Ok(Some(object.value.to_owned()))
    }

    /// Reads a template to its last character.
    fn template<'a>(&mut self, object: Object<'a>, parent: &str) -> Result<Level<'a>, Fault> {
        let path = format!("{parent}{}.", object.id);
        Level::template(object, path, &mut |object, position| {
            self.tolerate(Reason::ZeroLength, object, position)
        })
    }

    fn keep_unknown(&mut self, level: &Level<'_>, known: &[&str]) {
        let unknown = level.objects.iter().filter(|object| !known.contains(&object.id));
        for object in unknown {
            let path = format!("{}{}", level.path, object.id);
            self.payload.unknown.insert(path, object.value.to_owned());
        }
    }

    /// What the lenient reading accepts with a warning.
    fn tolerate(&mut self, reason: Reason, object: &str, position: usize) -> Result<(), Fault> {
        if !self.lenient {
            return Err(Fault::at(reason, position));
        }
        self.warn(reason, object);
        Ok(())
    }

    fn warn(&mut self, reason: Reason, object: &str) {
        let (reason, message, message_vi) = reason.texts();
        self.payload.warnings.push(Warning {
            reason: reason.to_owned(),
            object: object.to_owned(),
            message: message.to_owned(),
            message_vi: message_vi.to_owned(),
        });
    }
}

/// An object that has a value.
fn filled<'a>(level: &Level<'a>, id: &str) -> Option<Object<'a>> {
    level.get(id).filter(|object| !object.value.is_empty())
}

/// A mandatory object that has one possible value.
fn mandatory(root: &Level<'_>, id: &str, only: &str, reason: Reason) -> Result<String, Fault> {
    let object = filled(root, id).ok_or(Fault::of(Reason::MissingMandatory))?;
    if object.value != only {
        return Err(Fault::at(reason, object.position));
    }
    Ok(only.to_owned())
}

/// Digits, or digits around one point.
fn is_decimal(value: &str) -> bool {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, "0"));
    is_digits(whole) && is_digits(decimals)
}

/// 00.01 to 99.99.
fn is_percentage(value: &str) -> bool {
    let whole = value.split('.').next().unwrap_or_default();
    let is_zero = value.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    is_decimal(value) && !is_zero && whole.len() <= 2 && value.len() <= 5
}

/// The letters A (address), M (mobile), E (e-mail), each at most once.
pub(super) fn is_consumer_data(value: &str) -> bool {
    let once = |letter: char| value.chars().filter(|c| *c == letter).count() <= 1;
    !value.is_empty() && value.chars().all(|c| matches!(c, 'A' | 'M' | 'E')) && ['A', 'M', 'E'].into_iter().all(once)
}

/// The CRC covers everything in front of its four digits.
fn check_crc(text: &str, root: &Level<'_>) -> Result<(), Fault> {
    let Some(object) = root.get("63") else {
        return Err(Fault::of(Reason::CrcMissing));
    };
    let covered = text.strip_suffix(object.value).unwrap_or_default();
    if u16::from_str_radix(object.value, 16) != Ok(crc(covered.as_bytes())) {
        return Err(Fault::at(Reason::CrcMismatch, object.position));
    }
    Ok(())
}
