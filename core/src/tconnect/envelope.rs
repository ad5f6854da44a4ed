//! The encrypted envelope: `{"data": hex(IV ‖ AES-256-CBC(PKCS#7(text)))}`. CBC has no authentication: what opens is
//! not proven to be genuine, whole or fresh.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::{TConnect, bearer};
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::check;
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::http::{self, HttpRequest};
use crate::operations::{Borrowing, Kind, Operation, Service, Typed, TypedText};
use crate::secret::{Secret, wipe_bytes};
use crate::value::{Record, Text, Value, parse, parse_record};

pub(crate) const SERVICE: Service = Service {
    name: "envelope",
    doc: "The encrypted envelope of TConnect messages, for calls that have no operation of their own.",
    operations: &[
        Operation {
            name: "tconnect.envelope.seal",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Encrypts a text under a fresh IV.",
            handler: &TypedText::<_, Seal<'static>, _>(seal),
        },
        Operation {
            name: "tconnect.envelope.open",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Decrypts `data`. Everything that fails after the length check gives the one error decrypt_failed. \
                  What opens is not proven to be genuine.",
            handler: &TypedText::<_, Open<'static>, _>(open),
        },
        Operation {
            name: "tconnect.envelope.request",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds an encrypted request to any path.",
            handler: &Typed(request),
        },
    ],
};

/// Most hexadecimal digits that are decrypted: 8 MiB.
const MAX_HEX: usize = 8 * 1024 * 1024;
/// Longest text whose ciphertext is not longer than that.
const MAX_PLAINTEXT: usize = MAX_HEX / 2 - 32;
/// Hexadecimal digits of the IV.
const IV_HEX: usize = 32;

/// A text to encrypt.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Seal<'a> {
    /// Any text; encrypted as UTF-8.
    // Written out: serde borrows where it reads the word `Cow`.
    #[serde(borrow)]
    pub plaintext: Cow<'a, str>,
}

impl Borrowing for Seal<'_> {
    type Of<'a> = Seal<'a>;
}

/// A ciphertext.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sealed {
    /// Lower-case hexadecimal text of IV and ciphertext.
    pub data: String,
}

pub(crate) fn seal(client: &TConnect, input: &Seal<'_>) -> Result<Made<Sealed>> {
    if input.plaintext.len() > MAX_PLAINTEXT {
        return Err(Error::invalid("plaintext", Rule::Say("is too long", "quá dài")));
    }
    let data = sealed(client, &input.plaintext)?;
    Ok(Made::new(Record::from_iter([("data", Value::text(data))])))
}

/// Lower-case hexadecimal text of IV and ciphertext.
pub(super) fn sealed(client: &TConnect, plaintext: &str) -> Result<String> {
    // IV and padding are at most 32 bytes; C puts its NUL into the room that is left.
    let mut data = String::with_capacity(plaintext.len().saturating_add(32).saturating_mul(2).saturating_add(1));
    client
        .key
        .seal(plaintext.as_bytes(), |piece| encoding::push_hex(piece, &mut data))?;
    Ok(data)
}

/// A ciphertext to decrypt.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Open<'a> {
    /// Hexadecimal text of IV and ciphertext, in either letter case.
    #[serde(borrow)]
    pub data: Cow<'a, str>,
}

impl Borrowing for Open<'_> {
    type Of<'a> = Open<'a>;
}

/// What was encrypted.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Opened {
    /// The text, JSON or not.
    pub plaintext: String,
}

pub(crate) fn open(client: &TConnect, input: &Open<'_>) -> Result<Made<Opened>> {
    let message = decode(&input.data)?;
    let plaintext = try_keys(client, message, |_, mut text| Some(core::mem::take(&mut *text)))
        .ok_or_else(|| Error::new(Code::DecryptFailed))?;
    Ok(Made::new(Record::from_iter([("plaintext", Value::text(plaintext))])))
}

/// A message in bytes.
pub(super) struct Message {
    iv: [u8; 16],
    body: Vec<u8>,
}

/// Bytes of `data`. Hexadecimal and length faults may be told apart: the sender knows them anyway.
pub(super) fn decode(data: &str) -> Result<Message> {
    let malformed = |english, vietnamese| Error::say(Code::MalformedInput, english, vietnamese).field("data");
    if data.len() > MAX_HEX {
        return Err(malformed("has more than 8388608 digits", "có hơn 8388608 chữ số"));
    }
    if data.is_empty() {
        return Err(malformed("is empty", "rỗng"));
    }
    let (iv, body) = data.split_at_checked(IV_HEX).unwrap_or((data, ""));
    let (Some(iv), Some(body)) = (encoding::from_hex(iv), encoding::from_hex(body)) else {
        return Err(malformed("is not hexadecimal text", "không phải chuỗi thập lục phân"));
    };
    match <[u8; 16]>::try_from(iv) {
        Ok(iv) if !body.is_empty() && body.len().is_multiple_of(16) => Ok(Message { iv, body }),
        _ => Err(malformed(
            "is no IV followed by whole blocks of 16 bytes",
            "không gồm IV và các khối đủ 16 byte",
        )),
    }
}

/// Tries the keys, the current one first; gives what `accept` makes of a key's index and the plaintext.
pub(super) fn try_keys<T>(
    client: &TConnect,
    message: Message,
    accept: impl Fn(usize, Zeroizing<String>) -> Option<T>,
) -> Option<T> {
    let Message { iv, mut body } = message;
    let last = client.previous_keys.len();
    client.keys().enumerate().find_map(|(index, key)| {
        // The last one may decrypt in place.
        let body = if index == last {
            core::mem::take(&mut body)
        } else {
            body.clone()
        };
        let mut plaintext = key.open(&iv, body)?;
        match String::from_utf8(core::mem::take(&mut *plaintext)) {
            Ok(text) => accept(index, Zeroizing::new(text)),
            Err(fault) => {
                wipe_bytes(&mut fault.into_bytes());
                None
            }
        }
    })
}

/// The member `data` of a received envelope.
pub(super) fn data_of(body: &str) -> Result<Text<'_>> {
    if body.len() > MAX_HEX.saturating_add(1024) {
        return Err(Error::say(Code::MalformedInput, "is too long", "quá dài").field("body"));
    }
    let mut record = parse_record(body).map_err(|error| error.field("body"))?;
    match record.remove("data") {
        Some(Value::Text(data)) => Ok(data),
        Some(_) => Err(Error::say(Code::MalformedInput, "must be text", "phải là văn bản").field("data")),
        None => Err(crate::answer::absent("data")),
    }
}

/// A call of any path.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Request {
    /// HTTP method of the call.
    pub method: Method,
    /// Path from the origin, e.g. `/openapi/v1/qr`, without a query string.
    pub path: String,
    /// Access token of the last login; left out for calls without one.
    pub access_token: Option<Secret>,
    /// JSON text to encrypt, sent as it is.
    pub payload: String,
}

/// Methods with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Method {
    /// POST
    #[serde(rename = "POST")]
    Post,
    /// PUT
    #[serde(rename = "PUT")]
    Put,
    /// PATCH
    #[serde(rename = "PATCH")]
    Patch,
    /// DELETE
    #[serde(rename = "DELETE")]
    Delete,
}

/// From the origin, without dot segments, which a URL parser would follow, and with whole escapes of visible characters.
fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%:".contains(&byte);
    let dots = |path: &str| path.split('/').any(|step| matches!(step, "." | ".."));
    let whole = http::decode(path).is_some_and(|decoded| !dots(&decoded));
    path.starts_with('/') && !path.starts_with("//") && path.bytes().all(plain) && whole
}

pub(crate) fn request(client: &TConnect, input: &Request) -> Result<HttpRequest> {
    let rule = Rule::Say(
        "must begin with / and hold plain path characters",
        "phải bắt đầu bằng / và chỉ gồm ký tự đường dẫn thông thường",
    );
    check::length("path", &input.path, 1, 512)?;
    if !is_plain_path(&input.path) {
        return Err(Error::invalid("path", rule));
    }
    if input.payload.len() > MAX_PLAINTEXT {
        return Err(Error::invalid("payload", Rule::Say("is too long", "quá dài")));
    }
    parse(&input.payload).map_err(|_| {
        Error::invalid(
            "payload",
            Rule::Say("must be the text of one JSON value", "phải là chuỗi JSON hợp lệ"),
        )
    })?;
    let payload = Zeroizing::new(input.payload.clone());
    let mut request = client.post(&input.path, None, &payload)?;
    request.method = match input.method {
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
    .into();
    bearer(request, input.access_token.as_ref().map(Secret::expose))
}
