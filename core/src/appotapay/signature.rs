//! The signature over sorted `name=value` text for messages without an operation.

use std::borrow::Cow;

use super::answers::parse_body;
use super::signing::{Values, guard, hmac, pairs};
use super::{AbsentFields, AppotaPay};
use crate::answer::{Made, Proof};
use crate::canonical::{Evidence, key_value_text};
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "signature",
    doc: "HMAC-SHA256 over the sorted fields of any message.",
    operations: &[
        Operation {
            name: "appotapay.signature.sign",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Signs fields: sorted by name in byte order, name=value, joined with &, HMAC-SHA256 in hexadecimal.",
            handler: &Typed(sign),
        },
        Operation {
            name: "appotapay.signature.verify",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies a signature over fields and gives the fields that it covers.",
            handler: &Typed(verify),
        },
    ],
};

/// Fields to sign. Give exactly one of `fields` and `body`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sign {
    /// Values by name: texts, or whole numbers, signed exactly as they are written. Names are letters, digits, `_`, `.`
    /// and `-`, at most 64 of them; `signature` is left out.
    pub fields: Option<Json>,
    /// JSON text of the whole message; its member `signature` is left out, nested members count by their own name.
    pub body: Option<String>,
    /// Names to sign; default: all of `fields`, or all members of `body`.
    pub only: Option<Vec<String>>,
}

/// A signature and the text that was signed.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signature {
    /// HMAC-SHA256 in lower-case hexadecimal.
    pub signature: String,
    /// The canonical text. It does not hold the key.
    pub text: String,
}

pub(crate) fn sign(client: &AppotaPay, input: &Sign) -> Result<Made<Signature>> {
    let message = message(input.fields.as_ref(), input.body.as_deref())?;
    let selected = select(&message, input.only.as_deref(), client.absent_fields)?;
    for (name, value) in &selected {
        let plain = match value {
            None | Some(Value::Text(_)) => true,
            Some(Value::Number(number)) => crate::value::whole(number).is_some(),
            _ => false,
        };
        if !plain {
            let rule = Rule::Expected("text or a whole number", "văn bản hoặc số nguyên");
            let error = Error::rule(Code::WrongType, rule).field(name);
            return Err(if input.fields.is_some() {
                error.inside("fields")
            } else {
                error
            });
        }
    }
    let pairs = pairs(&selected, client.absent_fields)?;
    guard(&pairs, &names(&selected), None)?;
    let mut text = Vec::new();
    key_value_text(
        pairs.iter().map(|(name, value)| (*name, value.as_ref())),
        &mut |bytes| text.extend_from_slice(bytes),
    );
    let text = String::from_utf8(text).map_err(|_| Error::new(Code::NotUtf8))?;
    Ok(Made::new(Record::from_iter([
        ("signature", Value::text(encoding::hex(&hmac(&client.key, &pairs)))),
        ("text", Value::text(text)),
    ])))
}

/// Fields with a signature to verify. Give exactly one of `fields` and `body`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verify {
    /// Values by name, exactly as received; `signature` is left out.
    pub fields: Option<Json>,
    /// Raw JSON text of the message as received; nested members count by their own name.
    pub body: Option<String>,
    /// Names that are signed; default: all of `fields`, or all members of `body` except `signature`.
    pub only: Option<Vec<String>>,
    /// The received signature; hexadecimal in either letter case.
    pub signature: String,
}

/// What a signature covers.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verified {
    /// Always `signed`: genuine as far as the fields go.
    pub proof: Proof,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// The covered fields as they were signed.
    pub fields: Json,
}

pub(crate) fn verify(client: &AppotaPay, input: &Verify) -> Result<Made<Verified>> {
    let message = message(input.fields.as_ref(), input.body.as_deref())?;
    let selected = select(&message, input.only.as_deref(), client.absent_fields)?;
    let printable = |value: &Value<'_>| matches!(value, Value::Null) || value.printed().is_some();
    if let Some((name, _)) = selected.iter().find(|(_, value)| !value.is_none_or(printable)) {
        let rule = Rule::Expected("text or a number", "văn bản hoặc số");
        return Err(Error::rule(Code::WrongType, rule).field(name));
    }
    let candidates = client.candidates(&selected)?;
    let (signed, matched) = client.verify_any(&candidates, &input.signature)?;
    // After the digest: a stranger's message costs no more than that.
    guard(signed, &names(&selected), None)?;
    let mut record = Record::from_iter([("proof", Value::text("signed"))]);
    if let Some(matched) = matched {
        record.push("matched", Value::text(matched));
    }
    let fields = signed
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::text(value.clone().into_owned())));
    record.push("fields", Value::Record(fields.collect()));
    Ok(Made::new(record))
}

/// Most fields of one signature: far more than any message has.
const MAX_FIELDS: usize = 64;

/// The members to choose from. The signature itself is never one of them.
fn message<'m>(fields: Option<&'m Json>, body: Option<&'m str>) -> Result<Cow<'m, Record<'m>>> {
    match (fields, body) {
        (Some(Json(fields)), None) if fields.get(SIGNATURE).is_none() => Ok(Cow::Borrowed(fields)),
        (Some(Json(fields)), None) => Ok(Cow::Owned(without_signature(fields.clone()))),
        (None, Some(body)) => Ok(Cow::Owned(without_signature(parse_body(body)?))),
        (None, None) => Err(Error::missing("fields")),
        (Some(_), Some(_)) => {
            let rule = Rule::Say(
                "give exactly one of fields and body",
                "chỉ truyền một trong hai: fields hoặc body",
            );
            Err(Error::invalid("body", rule))
        }
    }
}

const SIGNATURE: &str = "signature";

fn without_signature(mut members: Record<'_>) -> Record<'_> {
    members.remove(SIGNATURE);
    members
}

/// The named members in byte order of their names; `None` for a listed one that is absent.
fn select<'m>(message: &'m Record<'m>, only: Option<&'m [String]>, absent_fields: AbsentFields) -> Result<Values<'m>> {
    check_count(only.map_or(message.len(), <[String]>::len))?;
    let mut selected: Values<'m> = match only {
        None => message.iter().map(|(name, value)| (name, Some(value))).collect(),
        Some(names) => {
            let leaves = names.iter().map(|name| Ok((name.as_str(), leaf(message, name)?)));
            leaves.collect::<Result<_>>()?
        }
    };
    selected.sort_unstable_by_key(|(name, _)| *name);
    let twice = selected
        .windows(2)
        .any(|pair| matches!(pair, [(left, _), (right, _)] if left == right));
    if twice {
        return Err(Error::invalid(
            "only",
            Rule::Say("must name each field once", "mỗi trường chỉ được nêu một lần"),
        ));
    }
    let is_empty = match absent_fields {
        AbsentFields::PresentOnly => selected.iter().all(|(_, value)| value.is_none()),
        AbsentFields::Listed => selected.is_empty(),
    };
    if is_empty || !selected.iter().all(|(name, _)| is_plain(name)) {
        let rule = Rule::Say(
            "must hold fields with plain names: letters, digits, _, . and -, at most 64, never signature",
            "phải có các trường với tên hợp lệ: chữ cái, chữ số, _, . và -, tối đa 64 ký tự, không phải signature",
        );
        return Err(Error::invalid("fields", rule));
    }
    Ok(selected)
}

fn check_count(fields: usize) -> Result<()> {
    if fields <= MAX_FIELDS {
        return Ok(());
    }
    let rule = Rule::Say("must be at most 64", "tối đa 64 trường");
    Err(Error::invalid("fields", rule))
}

/// A name as programs have them. Any text for a name would sign any text: one that is base64 is the `data` of an opaque
/// callback.
fn is_plain(name: &str) -> bool {
    let first = name.bytes().next();
    let starts_well = first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    starts_well && name.len() <= 64 && name.bytes().all(plain) && name != SIGNATURE
}

/// All names, absent ones too: a value could bring one of them in.
fn names<'v>(selected: &Values<'v>) -> Vec<&'v str> {
    selected.iter().map(|(name, _)| *name).collect()
}

/// The member of that name at any depth; two of one name are ambiguous.
fn leaf<'m>(record: &'m Record<'m>, name: &str) -> Result<Option<&'m Value<'m>>> {
    let mut found = None;
    let mut open = vec![record];
    while let Some(record) = open.pop() {
        for (member, value) in record.iter() {
            if member == name {
                if found.is_some() {
                    let error = Error::say(Code::Ambiguous, "is there more than once", "xuất hiện nhiều lần");
                    return Err(error.field(name));
                }
                found = Some(value);
            }
            if let Value::Record(inner) = value {
                open.push(inner);
            }
        }
    }
    Ok(found)
}
