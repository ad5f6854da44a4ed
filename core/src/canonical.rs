//! Recipes for the text that is signed, as const data: ordered fields, separator, place of the secret, digest,
//! encoding and evidence. A correction is one line, and every formula can be printed.

mod notation;

pub use notation::Formula;

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::check;
use crate::crypto::digest::{Hasher, HmacKey, Output};
use crate::crypto::{encoding, stack};
use crate::error::{Code, Error, Result, Rule};
use crate::secret::Secret;
use crate::value::{AnyJson, Record, Text, Value, whole};

/// How well a formula or a format is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The gateway's document, sample, screenshot or published collection.
    Official,
    /// Third-party production code.
    Observed,
    /// Concluded from related formulas; a wrong guess is refused by the gateway.
    Inferred,
    /// No source.
    Unknown,
}

impl Evidence {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Evidence::Official => "official",
            Evidence::Observed => "observed",
            Evidence::Inferred => "inferred",
            Evidence::Unknown => "unknown",
        }
    }
}

/// What is computed over the joined text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// MD5, the secret inside the text.
    Md5,
    /// SHA-256, the secret inside the text.
    Sha256,
    /// HMAC-SHA256, the secret as key and not in the text.
    HmacSha256,
    /// RSA PKCS#1 v1.5 over SHA-256, the secret inside the text.
    RsaSha256,
}

/// How the digest is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DigestEncoding {
    /// Lower-case hexadecimal.
    Hex,
    /// Standard padded base64.
    Base64,
}

/// Where the secret stands among the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretPosition {
    First,
    Last,
    /// After that many fields.
    After(usize),
}

/// Which of the merchant's secrets a recipe uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecretName {
    /// The secret of the checkout service.
    SecurePass,
    /// The secret of virtual accounts, firm banking and the Open API.
    Passcode,
}

impl SecretName {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            SecretName::SecurePass => "secure_pass",
            SecretName::Passcode => "passcode",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Fields {
    Fixed(&'static [&'static str]),
    Configured(Vec<String>),
}

impl Fields {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let (fixed, configured): (&[&str], &[String]) = match self {
            Fields::Fixed(names) => (names, &[]),
            Fields::Configured(names) => (&[], names),
        };
        fixed.iter().copied().chain(configured.iter().map(String::as_str))
    }
}

/// A text of field values joined by a separator, with a secret among them.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) fields: Fields,
    pub(crate) separator: Cow<'static, str>,
    pub(crate) prefix: Cow<'static, str>,
    pub(crate) secret: SecretName,
    pub(crate) secret_position: SecretPosition,
    pub(crate) digest: Digest,
    pub(crate) encoding: DigestEncoding,
    pub(crate) evidence: Evidence,
}

impl Recipe {
    /// The house style: fields and the secret joined with `|`, MD5 in hexadecimal.
    pub(crate) const fn pipes(fields: &'static [&'static str], secret: SecretName, evidence: Evidence) -> Self {
        Self::joined("", "|", fields, secret, (Digest::Md5, DigestEncoding::Hex), evidence)
    }

    /// The same joined text, signed with RSA.
    pub(crate) const fn rsa_pipes(fields: &'static [&'static str], secret: SecretName, evidence: Evidence) -> Self {
        Self::joined(
            "",
            "|",
            fields,
            secret,
            (Digest::RsaSha256, DigestEncoding::Base64),
            evidence,
        )
    }

    /// Fields joined with single spaces, as the oldest formulas are.
    pub(crate) const fn spaces(
        prefix: &'static str,
        fields: &'static [&'static str],
        secret: SecretName,
        evidence: Evidence,
    ) -> Self {
        Self::joined(
            prefix,
            " ",
            fields,
            secret,
            (Digest::Md5, DigestEncoding::Hex),
            evidence,
        )
    }

    /// The same recipe with the secret behind that many fields.
    pub(crate) const fn secret_after(mut self, fields: usize) -> Self {
        self.secret_position = SecretPosition::After(fields);
        self
    }

    const fn joined(
        prefix: &'static str,
        separator: &'static str,
        fields: &'static [&'static str],
        secret: SecretName,
        (digest, encoding): (Digest, DigestEncoding),
        evidence: Evidence,
    ) -> Self {
        Self {
            fields: Fields::Fixed(fields),
            separator: Cow::Borrowed(separator),
            prefix: Cow::Borrowed(prefix),
            secret,
            secret_position: SecretPosition::Last,
            digest,
            encoding,
            evidence,
        }
    }

    /// Whether a field of that name is signed.
    pub(crate) fn covers(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field == name)
    }

    /// Whether it joins the same fields in the same way.
    pub(crate) fn joins_like(&self, other: &Recipe) -> bool {
        self.fields.iter().eq(other.fields.iter())
            && (&self.separator, &self.prefix) == (&other.separator, &other.prefix)
            && self.secret_position == other.secret_position
    }

    /// Refuses values that could be split differently: the separator or a control character inside a field.
    pub(crate) fn guard<'v>(&self, value_of: impl Fn(&str) -> Option<Text<'v>>) -> Result<()> {
        for name in self.fields.iter() {
            let Some(value) = value_of(name) else { continue };
            if self.could_move_a_boundary(&value) || check::has_control(&value) {
                return Err(check::ambiguous(
                    name,
                    "must not contain the separator of the signed text or control characters",
                    "không được chứa ký tự phân cách của chuỗi ký hoặc ký tự điều khiển",
                ));
            }
        }
        Ok(())
    }

    /// The separator inside a value, or its beginning at the end: `a|` before `||` reads as `a` before `||` and `|`.
    fn could_move_a_boundary(&self, value: &str) -> bool {
        // The usual separators are one character, for which a search for a text is slow.
        if let [separator] = self.separator.as_bytes() {
            return value.bytes().any(|byte| byte == *separator);
        }
        let beginnings = self.separator.char_indices().skip(1);
        value.contains(self.separator.as_ref())
            || beginnings
                .filter_map(|(length, _)| self.separator.get(..length))
                .any(|beginning| value.ends_with(beginning))
    }

    /// The raw digest (for RSA: the SHA-256 to sign) over the fields; the secret is streamed in.
    /// An absent field counts as the empty text.
    pub(crate) fn digest<'v>(&self, value_of: impl Fn(&str) -> Option<Text<'v>>, secret: &Secret) -> Output {
        let digest = self.hash(value_of, secret);
        stack::wipe::<{ stack::SCHEDULE }>();
        digest
    }

    /// The digests keep the last block, with the secret in it, on the stack: below this frame.
    #[inline(never)]
    fn hash<'v>(&self, value_of: impl Fn(&str) -> Option<Text<'v>>, secret: &Secret) -> Output {
        let (mut hasher, secret_in_text) = match self.digest {
            Digest::Md5 => (Hasher::md5(), true),
            Digest::Sha256 | Digest::RsaSha256 => (Hasher::sha256(), true),
            Digest::HmacSha256 => (HmacKey::new(secret.expose().as_bytes()).hasher(), false),
        };
        self.feed(value_of, secret_in_text.then(|| secret.expose()), &mut |bytes| {
            hasher.update(bytes)
        });
        hasher.finish()
    }

    /// The canonical text with the secret in it, for RSA.
    pub(crate) fn text<'v>(
        &self,
        value_of: impl Fn(&str) -> Option<Text<'v>> + Copy,
        secret: &Secret,
    ) -> Zeroizing<Vec<u8>> {
        let mut length = 0_usize;
        self.feed(value_of, Some(secret.expose()), &mut |piece| {
            length = length.saturating_add(piece.len());
        });
        // A text that grew would leave copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        self.feed(value_of, Some(secret.expose()), &mut |piece| {
            text.extend_from_slice(piece)
        });
        text
    }

    /// Gives the canonical text piece by piece to `sink`.
    pub(crate) fn feed<'v>(
        &self,
        value_of: impl Fn(&str) -> Option<Text<'v>>,
        secret: Option<&str>,
        sink: &mut dyn FnMut(&[u8]),
    ) {
        let count = self.fields.iter().count();
        let secret_at = match self.secret_position {
            SecretPosition::First => 0,
            SecretPosition::Last => count,
            SecretPosition::After(fields) => fields.min(count),
        };
        sink(self.prefix.as_bytes());
        let mut first = true;
        let mut piece = |bytes: &[u8]| {
            if !first {
                sink(self.separator.as_bytes());
            }
            first = false;
            sink(bytes);
        };
        for (index, name) in self.fields.iter().enumerate() {
            if index == secret_at {
                secret.map(str::as_bytes).into_iter().for_each(&mut piece);
            }
            piece(value_of(name).unwrap_or_default().as_bytes());
        }
        if secret_at == count {
            secret.map(str::as_bytes).into_iter().for_each(&mut piece);
        }
    }

    /// The digest as text.
    pub(crate) fn encode(&self, digest: &[u8]) -> String {
        match self.encoding {
            DigestEncoding::Hex => encoding::hex(digest),
            DigestEncoding::Base64 => encoding::base64(digest),
        }
    }

    /// The bytes of a received digest; `None` where it is not in this recipe's encoding.
    pub(crate) fn decode(&self, received: &str) -> Option<Vec<u8>> {
        match self.encoding {
            DigestEncoding::Hex => encoding::from_hex(received),
            DigestEncoding::Base64 => encoding::from_base64(received),
        }
    }
}

/// A recipe as a merchant configures it, or passes it to a generic signature operation.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecipeConfig {
    /// Names of the fields in the order in which they are joined, without the secret.
    pub fields: Vec<String>,
    /// Text between the fields, e.g. `|`. It cannot be empty.
    pub separator: String,
    /// Text in front of everything; default: nothing.
    pub prefix: Option<String>,
    /// `secure_pass` or `passcode`.
    pub secret: SecretName,
    /// `last` (default), `first`, or the number of fields in front of the secret.
    pub secret_position: Option<Position>,
    /// `md5` (default), `sha256`, `hmac_sha256` or `rsa_sha256`.
    pub digest: Option<Digest>,
    /// `hex` (default; for `rsa_sha256` it is always base64) or `base64`.
    pub encoding: Option<DigestEncoding>,
}

/// The place of a secret: a word or a number of fields, as number or text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position(pub String);

impl<'de> serde::Deserialize<'de> for Position {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let AnyJson(value) = serde::Deserialize::deserialize(deserializer)?;
        match value.printed() {
            Some(text) => Ok(Self(text.into_owned())),
            None => Err(serde::de::Error::invalid_type(
                serde::de::Unexpected::Other("a value"),
                &"a string",
            )),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Position {
    fn schema_name() -> Cow<'static, str> {
        "Position".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["integer", "string"], "x-kyso": "whole" })
    }
    fn inline_schema() -> bool {
        true
    }
}

impl RecipeConfig {
    pub(crate) fn build(&self) -> Result<Recipe> {
        if self.fields.is_empty() || self.fields.iter().any(String::is_empty) {
            return Err(Error::invalid(
                "fields",
                Rule::Say("must name at least one field", "phải có ít nhất một tên trường"),
            ));
        }
        let twice = self
            .fields
            .iter()
            .enumerate()
            .any(|(at, name)| self.fields.iter().take(at).any(|other| other == name));
        if twice || self.fields.len() > 64 {
            return Err(Error::invalid(
                "fields",
                Rule::Say(
                    "must name each field once, at most 64",
                    "mỗi trường chỉ được nêu một lần, tối đa 64",
                ),
            ));
        }
        if self.separator.is_empty() {
            return Err(Error::invalid(
                "separator",
                Rule::Say("must not be empty", "không được để trống"),
            ));
        }
        let secrets = [SecretName::SecurePass, SecretName::Passcode].map(SecretName::name);
        if self.fields.iter().any(|name| secrets.contains(&name.as_str())) {
            return Err(Error::invalid(
                "fields",
                Rule::Say(
                    "must not name the secret: its place is secret_position",
                    "không được nêu mã bí mật: vị trí của nó nằm ở secret_position",
                ),
            ));
        }
        let digest = self.digest.unwrap_or(Digest::Md5);
        let default_encoding = if digest == Digest::RsaSha256 {
            DigestEncoding::Base64
        } else {
            DigestEncoding::Hex
        };
        if digest == Digest::RsaSha256 && self.encoding == Some(DigestEncoding::Hex) {
            return Err(Error::invalid(
                "encoding",
                Rule::Say("is base64 for rsa_sha256", "phải là base64 với rsa_sha256"),
            ));
        }
        Ok(Recipe {
            fields: Fields::Configured(self.fields.clone()),
            separator: Cow::Owned(self.separator.clone()),
            prefix: Cow::Owned(self.prefix.clone().unwrap_or_default()),
            secret: self.secret,
            secret_position: self.position()?,
            digest,
            encoding: self.encoding.unwrap_or(default_encoding),
            evidence: Evidence::Official,
        })
    }

    fn position(&self) -> Result<SecretPosition> {
        match self.secret_position.as_ref().map(|Position(text)| text.as_str()) {
            None | Some("last") => Ok(SecretPosition::Last),
            Some("first") => Ok(SecretPosition::First),
            Some(text) => match whole(text).and_then(|after| usize::try_from(after).ok()) {
                Some(after) if after <= self.fields.len() => Ok(SecretPosition::After(after)),
                _ => Err(Error::invalid(
                    "secret_position",
                    Rule::Say(
                        "must be last, first or a number of fields",
                        "phải là last, first hoặc số trường đứng trước",
                    ),
                )),
            },
        }
    }
}

/// `name=value` pairs in byte order of the names, joined with `&`, HMAC-SHA256 in lower-case hexadecimal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyValueRecipe {
    /// Signed names in canonical order, each with the JSON Pointer of its value.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    pub(crate) evidence: Evidence,
}

/// Joins pairs as they are given: `name=value&name=value`.
pub(crate) fn key_value_text<'v>(pairs: impl IntoIterator<Item = (&'v str, &'v str)>, sink: &mut dyn FnMut(&[u8])) {
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        if index > 0 {
            sink(b"&");
        }
        sink(name.as_bytes());
        sink(b"=");
        sink(value.as_bytes());
    }
}

/// Whether a value could be read as further pairs: `&name=` inside it, of a name that is one. Each `&` is looked at once,
/// so a value full of them costs no more than its length.
pub(crate) fn smuggles_pair(value: &str, is_name: impl Fn(&str) -> bool) -> bool {
    let behind_ampersands = value.split('&').skip(1);
    behind_ampersands
        .filter_map(|piece| piece.split_once('='))
        .any(|(name, _)| is_name(name))
}

/// The printed value of a member by name, for recipes whose fields are top-level members.
pub(crate) fn member<'v>(record: &'v Record<'_>, name: &str) -> Option<Text<'v>> {
    record.get(name).and_then(Value::printed)
}

/// The mismatch of a received signature, the same for every cause.
pub(crate) fn signature_mismatch() -> Error {
    Error::new(Code::SignatureMismatch)
}
