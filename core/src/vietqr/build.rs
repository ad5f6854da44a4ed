//! The builder: the numeric order of the objects, and nothing that the standard does not allow.

use super::code::{Beneficiary, Build};
use super::object::crc;
use super::read::{GUID, MAX_ACCOUNT, is_consumer_data};
use crate::check;
use crate::error::{Error, Result, Rule};

/// Largest amount of 13 digits.
const MAX_AMOUNT: u64 = 9_999_999_999_999;
/// Longest text in the additional data (NAPAS 1.0, table 8).
const MAX_TEXT: usize = 25;
/// Longest value of an object.
const MAX_VALUE: usize = 99;

pub(super) fn build(input: &Build) -> Result<String> {
    check::digits("bin", &input.bin, 6, 6)?;
    let service = match input.service.unwrap_or(Beneficiary::Account) {
        Beneficiary::Account => {
            check::alphanumeric("account", &input.account, 1, MAX_ACCOUNT)?;
            "QRIBFTTA"
        }
        Beneficiary::Card => {
            check::digits("account", &input.account, 1, MAX_ACCOUNT)?;
            "QRIBFTTC"
        }
    };
    let beneficiary = object("00", &input.bin) + &object("01", &input.account);
    let transfer = object("00", GUID) + &object("01", &beneficiary) + &object("02", service);
    let additional = additional(input)?;
    let mut text = object("00", "01");
    text += &object("01", if input.amount.is_some() { "12" } else { "11" });
    text += &object("38", &transfer);
    text += &object("53", "704");
    if let Some(amount) = input.amount {
        if !(1..=MAX_AMOUNT).contains(&amount.0) {
            let rule = Rule::Say("must be 1 to 9999999999999 dong", "phải từ 1 đến 9999999999999 đồng");
            return Err(Error::invalid("amount", rule));
        }
        text += &object("54", &amount.0.to_string());
    }
    text += &object("58", "VN");
    if !additional.is_empty() {
        text += &object("62", &additional);
    }
    text += "6304";
    let crc = crc(text.as_bytes());
    Ok(format!("{text}{crc:04X}"))
}

/// Template 62.
fn additional(input: &Build) -> Result<String> {
    let long = input.long_purpose.unwrap_or(false);
    let mut value = String::new();
    for (field, id, text) in [
        ("bill_number", "01", &input.bill_number),
        ("mobile", "02", &input.mobile),
        ("store", "03", &input.store),
        ("loyalty", "04", &input.loyalty),
        ("reference", "05", &input.reference),
        ("customer", "06", &input.customer),
        ("terminal", "07", &input.terminal),
        ("purpose", "08", &input.purpose),
        ("consumer_data", "09", &input.consumer_data),
    ] {
        let Some(text) = text else { continue };
        let most = if long && field == "purpose" {
            MAX_VALUE
        } else {
            MAX_TEXT
        };
        check_text(field, text, most)?;
        value += &object(id, text);
        // Never cut: a text that names an order would lose its tail.
        if value.len() > MAX_VALUE {
            let rule = Rule::Say(
                "does not fit: all additional data together have at most 99 characters",
                "không đủ chỗ: toàn bộ thông tin bổ sung có tối đa 99 ký tự",
            );
            return Err(Error::invalid(field, rule));
        }
    }
    Ok(value)
}

fn check_text(field: &str, text: &str, most: usize) -> Result<()> {
    if field == "consumer_data" && !is_consumer_data(text) {
        let rule = Rule::Say(
            "must be letters out of A, M, E, each once",
            "chỉ được gồm các chữ A, M, E, mỗi chữ một lần",
        );
        return Err(Error::invalid(field, rule));
    }
    if !text.is_ascii() {
        let rule = Rule::Say(
            "must be unaccented; text.strip_diacritics removes Vietnamese diacritics",
            "phải là chữ không dấu; text.strip_diacritics bỏ dấu tiếng Việt",
        );
        return Err(Error::invalid(field, rule));
    }
    check::ascii(field, text, 1, most)
}

/// Values here are ASCII of at most 99 characters.
fn object(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.len())
}
