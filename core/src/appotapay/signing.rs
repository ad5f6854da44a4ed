//! Signatures: HMAC-SHA256 in hexadecimal over the sorted `name=value` text of a recipe's fields.

use std::borrow::Cow;

use super::php_numbers::php_number;
use super::{AbsentFields, AppotaPay};
use crate::answer::{absent, join_matched, mismatch};
use crate::canonical::{KeyValueRecipe, key_value_text, signature_mismatch, smuggles_pair};
use crate::check;
use crate::crypto::digest::HmacKey;
use crate::crypto::{compare, encoding};
use crate::error::{Code, Error, Result};
use crate::value::{Record, Text, Value, same};

impl AppotaPay {
    /// The text that is signed over the members of a request, and its HMAC. Values are used as they are written.
    pub(super) fn sign(&self, recipe: &KeyValueRecipe, members: &Record<'_>) -> Result<String> {
        let pairs = pairs(&values(recipe, members), self.absent_fields)?;
        let own_names: Vec<&str> = recipe.fields.iter().map(|(name, _)| *name).collect();
        guard(&pairs, &own_names, None)?;
        Ok(encoding::hex(&hmac(&self.key, &pairs)))
    }

    /// Verifies a received signature, then refuses signed values that could be read as further pairs: an error of
    /// another kind, about which the caller says more. `free` may hold such values, since the gateway makes it.
    pub(super) fn verify(
        &self,
        values: &Values<'_>,
        received: &str,
        free: Option<&str>,
        say_more: impl FnOnce(Error, &Pairs<'_>) -> Error,
    ) -> Result<Covered> {
        let candidates = self.candidates(values)?;
        let (signed, matched) = self.verify_any(&candidates, received)?;
        guard(signed, &[], free).map_err(|error| say_more(error, signed))?;
        Ok(Covered {
            matched,
            respelled: respelled(values, signed),
        })
    }

    /// What may have been signed: the spellings of number tokens and the two rules for absent fields, each text once.
    pub(super) fn candidates<'v>(&self, values: &Values<'v>) -> Result<Vec<Candidate<'v>>> {
        let other_rule = match self.absent_fields {
            AbsentFields::PresentOnly => AbsentFields::Listed,
            AbsentFields::Listed => AbsentFields::PresentOnly,
        };
        let as_printed = pairs(values, self.absent_fields)?;
        let php_numbers = pairs_as_php_prints(values, &as_printed);
        let mut candidates = Vec::with_capacity(3);
        candidates.push(("as_printed", as_printed));
        candidates.extend(php_numbers.into_iter().map(|pairs| ("php_numbers", pairs)));
        if values.iter().any(|(_, value)| value.is_none()) {
            candidates.push((other_rule.name(), pairs(values, other_rule)?));
        }
        // Of a message without any of its fields nothing can have been signed.
        candidates.retain(|(_, pairs)| !pairs.is_empty());
        Ok(candidates)
    }

    /// Compares a received signature with every candidate under every secret; gives the pairs that were signed.
    pub(super) fn verify_any<'c, 'v>(
        &self,
        candidates: &'c [Candidate<'v>],
        received: &str,
    ) -> Result<(&'c Pairs<'v>, Option<String>)> {
        let received = digest_bytes(received)?;
        for (name, pairs) in candidates {
            if let Some(secret) = self.secret_behind(&received, |key| hmac(key, pairs)) {
                let matched = join_matched((candidates.len() > 1).then_some(*name), secret);
                return Ok((pairs, matched));
            }
        }
        Err(signature_mismatch())
    }

    /// Verifies a signature over one text exactly as received.
    pub(super) fn verify_text(&self, text: &str, received: &str) -> Result<Option<String>> {
        let received = digest_bytes(received)?;
        let digest = |key: &HmacKey| key.sign(text.as_bytes());
        self.secret_behind(&received, digest).ok_or_else(signature_mismatch)
    }

    /// The secret that made a digest: its name where earlier ones are configured too.
    pub(super) fn secret_behind(
        &self,
        received: &[u8],
        digest: impl Fn(&HmacKey) -> [u8; 32],
    ) -> Option<Option<String>> {
        let keys = core::iter::once(&self.key).chain(&self.previous_keys).enumerate();
        for (index, key) in keys {
            if compare::equal(&digest(key), received) {
                let name = || match index.checked_sub(1) {
                    None => "secret_key".to_owned(),
                    Some(previous) => format!("previous_secrets/{previous}"),
                };
                return Some((!self.previous_keys.is_empty()).then(name));
            }
        }
        None
    }

    /// A message about another merchant's account is never taken, however it is signed.
    pub(super) fn check_identity(&self, members: &Record<'_>) -> Result<()> {
        for (name, own) in [
            ("partnerCode", self.partner_code.as_str()),
            ("apiKey", self.api_key.expose()),
        ] {
            let named = members.printed(name).ok_or_else(|| absent(name))?;
            if !compare::equal(named.as_bytes(), own.as_bytes()) {
                return Err(mismatch(name));
            }
        }
        Ok(())
    }
}

/// A name for what may have been signed, and the pairs.
type Candidate<'v> = (&'static str, Pairs<'v>);

/// What a signature was found to cover.
pub(super) struct Covered {
    /// The name of the candidate that matched, where there were several.
    pub(super) matched: Option<String>,
    /// Numbers that were signed in another spelling than the received one: name and signed text.
    pub(super) respelled: Vec<(String, String)>,
}

impl Covered {
    /// Puts the signed spelling into the members, so that whatever is derived from them follows what was signed. A
    /// message that is sent again with `5e4` for `50000` is still the same message, and digits that PHP drops are not
    /// covered. Gives the name of what matched.
    pub(super) fn put_into(self, members: &mut Record<'_>, recipe: &KeyValueRecipe) -> Option<String> {
        for (name, text) in self.respelled {
            let pointer = recipe.fields.iter().find(|(field, _)| *field == name);
            if let Some(place) = pointer.and_then(|(_, pointer)| place(members, pointer)) {
                *place = Value::Number(text.into());
            }
        }
        self.matched
    }
}

/// The numbers that were signed in another spelling than the received one.
pub(super) fn respelled(values: &Values<'_>, signed: &Pairs<'_>) -> Vec<(String, String)> {
    let number = |(name, value): &(&str, Option<&Value<'_>>)| {
        let Some(Value::Number(token)) = value else { return None };
        let text = signed_text(signed, name);
        (text != token.as_ref()).then(|| ((*name).to_owned(), text.to_owned()))
    };
    values.iter().filter_map(number).collect()
}

/// The text that was signed for a name; empty where there is none.
pub(super) fn signed_text<'p>(signed: &'p Pairs<'_>, name: &str) -> &'p str {
    let found = signed.iter().find(|(other, _)| *other == name);
    found.map(|(_, text)| text.as_ref()).unwrap_or_default()
}

/// The 32 bytes of a received signature.
pub(super) fn digest_bytes(received: &str) -> Result<[u8; 32]> {
    encoding::array_from_hex(received).ok_or_else(signature_mismatch)
}

pub(super) type Pairs<'v> = Vec<(&'v str, Text<'v>)>;

/// What a recipe names in one message, in its order: looked for once, since it is needed many times.
pub(super) type Values<'v> = Vec<(&'v str, Option<&'v Value<'v>>)>;

pub(super) fn values<'v>(recipe: &KeyValueRecipe, members: &'v Record<'_>) -> Values<'v> {
    let find = |(name, pointer): &(&'static str, &str)| {
        // Most stand at the top level, under the name that is signed.
        let is_top = pointer.strip_prefix('/').is_some_and(|rest| same(rest, name));
        let value = if is_top {
            members.get(name)
        } else {
            at(members, pointer)
        };
        (*name, value)
    };
    recipe.fields.iter().map(find).collect()
}

/// The text of the member that a recipe signs under a name; empty where there is none.
pub(super) fn printed<'v>(recipe: &KeyValueRecipe, members: &'v Record<'_>, name: &str) -> Text<'v> {
    let found = recipe.fields.iter().find(|(other, _)| same(other, name));
    found
        .and_then(|(_, pointer)| at(members, pointer)?.printed())
        .unwrap_or_default()
}

pub(super) fn at<'v, 'a>(members: &'v Record<'a>, pointer: &str) -> Option<&'v Value<'a>> {
    let mut record = members;
    let mut rest = pointer.strip_prefix('/')?;
    while let Some(slash) = rest.bytes().position(|byte| byte == b'/') {
        let (step, behind) = rest.split_at_checked(slash)?;
        record = record.get(step)?.as_record()?;
        rest = behind.strip_prefix('/')?;
    }
    record.get(rest)
}

/// The same place to write to.
fn place<'m, 'a>(members: &'m mut Record<'a>, pointer: &str) -> Option<&'m mut Value<'a>> {
    let rest = pointer.strip_prefix('/')?;
    let (step, behind) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    let (_, value) = members.iter_mut().find(|(name, _)| *name == step)?;
    match value {
        value if behind.is_empty() => Some(value),
        Value::Record(inner) => place(inner, behind),
        _ => None,
    }
}

/// The signed pairs of a message, numbers as printed. `null` counts as the empty text.
pub(super) fn pairs<'v>(values: &Values<'v>, absent_fields: AbsentFields) -> Result<Pairs<'v>> {
    let mut pairs = Vec::with_capacity(values.len());
    for (name, value) in values {
        let value = match value {
            Some(Value::Null) => Cow::Borrowed(""),
            Some(value) => value.printed().ok_or_else(|| {
                Error::say(
                    Code::MalformedInput,
                    "must be text or a number",
                    "phải là văn bản hoặc số",
                )
                .field(name)
            })?,
            None if absent_fields == AbsentFields::Listed => Cow::Borrowed(""),
            None => continue,
        };
        pairs.push((*name, value));
    }
    Ok(pairs)
}

/// Most texts that are tried where numbers lie so near the middle of two spellings that PHP may print either.
const MOST_ROUNDINGS: usize = 8;

/// The same pairs with every number token as PHP may print it, where it prints one of them differently.
fn pairs_as_php_prints<'v>(values: &Values<'v>, pairs: &Pairs<'v>) -> Vec<Pairs<'v>> {
    let mut texts: Vec<Pairs<'v>> = Vec::new();
    for (name, value) in values {
        let Some(Value::Number(token)) = value else {
            continue;
        };
        let (printed, other) = php_number(token);
        if printed == token.as_ref() && other.is_none() {
            continue;
        }
        if texts.is_empty() {
            texts.push(pairs.clone());
        }
        let rounded_otherwise = match other {
            Some(other) if texts.len() < MOST_ROUNDINGS => with_value(texts.clone(), name, &other),
            _ => Vec::new(),
        };
        texts = with_value(texts, name, &printed);
        texts.extend(rounded_otherwise);
    }
    texts.retain(|text| text != pairs);
    texts
}

/// All texts with this value for the name.
fn with_value<'v>(mut texts: Vec<Pairs<'v>>, name: &str, value: &str) -> Vec<Pairs<'v>> {
    let places = texts.iter_mut().flatten().filter(|(field, _)| *field == name);
    places.for_each(|(_, text)| *text = Cow::Owned(value.to_owned()));
    texts
}

/// The text is put together first: to give a digest some fifty pieces takes longer than the digest.
pub(super) fn hmac(key: &HmacKey, pairs: &Pairs<'_>) -> [u8; 32] {
    let mut text = Vec::with_capacity(512);
    let plain = pairs.iter().map(|(name, value)| (*name, value.as_ref()));
    key_value_text(plain, &mut |bytes| text.extend_from_slice(bytes));
    key.sign(&text)
}

/// Names that AppotaPay signs, in byte order: a value that holds `&name=` of one of them could pass as another message.
/// Those that only the list of orders has are not among them, since addresses hold them too: `?shop=1&page=2`.
const SIGNED_NAMES: &[&str] = &[
    "accountName",
    "accountNo",
    "accountType",
    "action",
    "amount",
    "apiKey",
    "appotapayTransId",
    "bankAccountName",
    "bankAccountNumber",
    "bankCode",
    "bankId",
    "billAmount",
    "billCode",
    "billDetail",
    "billExpiryTime",
    "billInfo",
    "card",
    "channel",
    "clientIp",
    "contractNumber",
    "currency",
    "customerName",
    "customerPhoneNumber",
    "errorCode",
    "extraData",
    "feeType",
    "memo",
    "message",
    "notifyUrl",
    "orderId",
    "orderInfo",
    "paidAmount",
    "partnerCode",
    "partnerRefId",
    "payment",
    "paymentCondition",
    "paymentMethod",
    "paymentType",
    "paymentUrl",
    "phoneNumber",
    "productCode",
    "quantity",
    "reason",
    "redirectUrl",
    "refundId",
    "refundOriginalId",
    "requestTime",
    "serviceCode",
    "status",
    "telco",
    "telcoServiceType",
    "time",
    "topupAmount",
    "transactionId",
    "transactionTime",
    "transactionTs",
    "transferAmount",
    "transferStatus",
    "verificationCode",
    "version",
];

/// Refuses a value that could be read as further pairs: of the names that AppotaPay signs, or of further ones. The value
/// of `free` may hold them.
pub(super) fn guard(pairs: &Pairs<'_>, further: &[&str], free: Option<&str>) -> Result<()> {
    let is_name = |name: &str| SIGNED_NAMES.binary_search(&name).is_ok() || further.contains(&name);
    let smuggles = |(name, value): &&(&str, Text<'_>)| free != Some(*name) && smuggles_pair(value, is_name);
    match pairs.iter().find(smuggles) {
        Some((name, _)) => Err(check::ambiguous(
            name,
            "must not contain & followed by a field name and =",
            "không được chứa & theo sau là tên trường và dấu =",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_names_can_be_searched() {
        assert!(SIGNED_NAMES.is_sorted());
    }
}
