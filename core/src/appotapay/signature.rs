//! The signature over sorted `name=value` text for messages without an operation.

use std::borrow::Cow;

use super::{AbsentFields, AppotaPay, Pairs, guard, hmac, php_number};
use crate::answer::{Made, Proof};
use crate::canonical::{Evidence, key_value_text};
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value, parse_record};

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
    /// Values by name: texts, or whole numbers, signed exactly as they are written.
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
    let pairs = printed(&selected, false)?;
    guard(&pairs)?;
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
    /// Values by name, exactly as received.
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
    let as_printed = printed(&selected, false)?;
    let as_php = printed(&selected, true)?;
    guard(&as_printed)?;
    let mut candidates = vec![("as_printed", as_printed)];
    if candidates.iter().all(|(_, known)| *known != as_php) {
        candidates.push(("php_numbers", as_php));
    }
    let (signed, matched) = client.verify_any(&candidates, &input.signature)?;
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

/// The members to choose from.
fn message<'m>(fields: Option<&'m Json>, body: Option<&'m str>) -> Result<Cow<'m, Record<'m>>> {
    match (fields, body) {
        (Some(Json(fields)), None) => Ok(Cow::Borrowed(fields)),
        (None, Some(body)) => {
            let mut record = parse_record(body).map_err(|error| error.field("body"))?;
            record.remove("signature");
            Ok(Cow::Owned(record))
        }
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

type Selected<'m> = Vec<(&'m str, Option<&'m Value<'m>>)>;

/// The named members in byte order of their names; `None` for a listed one that is absent.
fn select<'m>(
    message: &'m Record<'m>,
    only: Option<&'m [String]>,
    absent_fields: AbsentFields,
) -> Result<Selected<'m>> {
    let mut selected: Selected<'m> = match only {
        None => message.iter().map(|(name, value)| (name, Some(value))).collect(),
        Some(names) => {
            let mut selected = Vec::with_capacity(names.len());
            for name in names {
                match leaf(message, name)? {
                    None if absent_fields == AbsentFields::PresentOnly => {}
                    value => selected.push((name.as_str(), value)),
                }
            }
            selected
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
    let unusable = |name: &str| name.is_empty() || name.contains(['&', '=']) || name.chars().any(char::is_control);
    if selected.is_empty() || selected.iter().any(|(name, _)| unusable(name)) {
        let rule = Rule::Say("must hold fields with plain names", "phải có các trường với tên hợp lệ");
        return Err(Error::invalid("fields", rule));
    }
    Ok(selected)
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

/// The pairs as they are joined; `null` and absent count as the empty text.
fn printed<'m>(selected: &Selected<'m>, as_php: bool) -> Result<Pairs<'m>> {
    let mut pairs = Vec::with_capacity(selected.len());
    for (name, value) in selected {
        let text = match value {
            None | Some(Value::Null) => Cow::Borrowed(""),
            Some(Value::Number(token)) if as_php => Cow::Owned(php_number(token)),
            Some(value) => value.printed().ok_or_else(|| {
                let rule = Rule::Expected("text or a number", "văn bản hoặc số");
                Error::rule(Code::WrongType, rule).field(name)
            })?,
        };
        pairs.push((*name, text));
    }
    Ok(pairs)
}
