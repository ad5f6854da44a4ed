//! Why does this signature not match? The canonical text with the secret masked, field by field, and the common
//! mistakes that reproduce the signature of the other side, tried systematically. No gateway is known here.

mod mistakes;
mod token;
mod unicode;

pub(crate) use token::explain_jwt;

use std::borrow::Cow;

use crate::answer::Made;
use crate::canonical::{Digest, DigestEncoding, Evidence, KeyValueRecipe, Recipe, SecretPosition};
use crate::error::{Code, Error, Result, Rule};
use crate::operations::Operation;
use crate::secret::Secret;
use crate::value::{AnyJson, Record, Value};

/// What stands for the secret in a shown text. Its length says nothing about the secret.
const MASK: &str = "***";
/// Longest message that is explained: some hundred texts of its length are tried.
const MAX_MESSAGE: usize = 64 * 1024;
/// Most further secrets that are tried.
const MAX_SECRETS: usize = 16;

/// A message to explain. Give exactly one of `input`, `body` and `query`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explain {
    /// Operation that builds or reads the message, e.g. `hpay.checkout.create_link`.
    pub operation: String,
    /// Message to be sent: the operation's input.
    pub input: Option<AnyJson>,
    /// Received message: the raw body.
    pub body: Option<String>,
    /// Received message: the raw query string.
    pub query: Option<String>,
    /// Signature that the other side has; for a received message default: the one in the message.
    pub signature: Option<String>,
    /// Further secrets to try, e.g. that of the other environment.
    pub other_secrets: Option<Vec<Secret>>,
}

/// How a signature is made up, and what explains another one.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The operation.
    pub operation: String,
    /// The finding in one sentence, in English.
    pub sentence: String,
    /// The finding in one sentence, in Vietnamese.
    pub sentence_vi: String,
    /// How well the formula is known.
    pub evidence: Option<Evidence>,
    /// The formula with field names, e.g. `MD5(merchant_site_code|receiver|price|secure_pass)`.
    pub formula: Option<String>,
    /// The exact text that is signed, with `***` for the secret.
    pub text: Option<String>,
    /// Every member: its value as used, and why it is in the text or not.
    pub fields: Vec<ExplainedField>,
    /// The right signature. Only for a message to be sent.
    pub signature: Option<String>,
    /// Whether the given signature is the right one; absent where none was given.
    pub matches: Option<bool>,
    /// The mistakes that reproduce the given signature, the simplest first.
    pub mistakes: Vec<Mistake>,
}

/// One member of a message.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedField {
    /// Name of the member.
    pub name: String,
    /// Value as it is used; absent for a secret and for an absent member.
    pub value: Option<String>,
    /// Whether it is part of the signed text.
    pub signed: bool,
    /// Why.
    pub why: String,
}

/// A mistake, or several together, that gives the signature of the other side.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mistake {
    /// Names of the deviations from the formula, e.g. `percent_encoded_php`.
    pub names: Vec<String>,
    /// What was done, in English.
    pub sentence: String,
    /// What was done, in Vietnamese.
    pub sentence_vi: String,
}

/// A formula in the form in which deviations from it are tried.
#[derive(Clone)]
pub(crate) struct Shape {
    pub(crate) prefix: String,
    pub(crate) separator: String,
    /// `name=value` instead of values alone.
    pub(crate) with_names: bool,
    /// Number of fields in front of the secret; `None` where the secret is a key and not in the text.
    pub(crate) secret_at: Option<usize>,
    pub(crate) digest: Digest,
    pub(crate) encoding: DigestEncoding,
}

/// A signed field: its name, and its value where the message has one.
pub(crate) type Field = (String, Option<String>);

/// Whether a signature belongs to a SHA-256.
pub(crate) type Verify<'s> = dyn Fn(&[u8], &str) -> bool + 's;

/// Everything that an explanation needs.
pub(crate) struct Subject<'s> {
    pub(crate) operation: &'s str,
    pub(crate) shape: Shape,
    pub(crate) fields: Vec<Field>,
    /// Members of the message that the formula leaves out.
    pub(crate) others: Vec<(String, String)>,
    /// Name and secret; the right one first.
    pub(crate) secrets: Vec<(String, &'s Secret)>,
    pub(crate) evidence: Evidence,
    /// Other known formulas of the gateway: operation, field names, shape.
    pub(crate) known: Vec<(&'static str, Vec<String>, Shape)>,
    /// For RSA: whether a signature belongs to a SHA-256.
    pub(crate) verify: Option<&'s Verify<'s>>,
    /// Absent fields are signed as empty ones.
    pub(crate) absent_as_empty: bool,
}

impl Shape {
    pub(crate) fn of_recipe(recipe: &Recipe) -> Self {
        let count = recipe.fields.iter().count();
        let secret_at = match recipe.secret_position {
            SecretPosition::First => 0,
            SecretPosition::Last => count,
            SecretPosition::After(fields) => fields,
        };
        Self {
            prefix: recipe.prefix.to_string(),
            separator: recipe.separator.to_string(),
            with_names: false,
            secret_at: (recipe.digest != Digest::HmacSha256).then_some(secret_at),
            digest: recipe.digest,
            encoding: recipe.encoding,
        }
    }

    /// `name=value&name=value`, HMAC-SHA256.
    pub(crate) fn key_value() -> Self {
        Self {
            prefix: String::new(),
            separator: "&".into(),
            with_names: true,
            secret_at: None,
            digest: Digest::HmacSha256,
            encoding: DigestEncoding::Hex,
        }
    }

    /// HMAC-SHA256 over one text.
    pub(crate) fn raw() -> Self {
        Self {
            with_names: false,
            separator: String::new(),
            ..Self::key_value()
        }
    }

    /// SHA-256 over that many values without anything between them, the secret last.
    pub(crate) fn concatenated(fields: usize) -> Self {
        Self {
            secret_at: Some(fields),
            digest: Digest::Sha256,
            ..Self::raw()
        }
    }

    /// The text over the fields, with `secret` at its place.
    pub(crate) fn render(&self, fields: &[Field], secret: &str) -> String {
        let mut out = self.prefix.clone();
        let mut first = true;
        let mut piece = |text: &str| {
            if !first {
                out.push_str(&self.separator);
            }
            first = false;
            out.push_str(text);
        };
        for (index, (name, value)) in fields.iter().enumerate() {
            if self.secret_at == Some(index) {
                piece(secret);
            }
            let value = value.as_deref().unwrap_or_default();
            if self.with_names {
                piece(&format!("{name}={value}"))
            } else {
                piece(value)
            }
        }
        if self.secret_at.is_some_and(|at| at >= fields.len()) {
            piece(secret);
        }
        out
    }

    fn digest_name(&self) -> &'static str {
        match self.digest {
            Digest::Md5 => "MD5",
            Digest::Sha256 => "SHA256",
            Digest::HmacSha256 => "HMAC_SHA256",
            Digest::RsaSha256 => "SHA256withRSA",
        }
    }

    /// The formula with names for values.
    fn formula(&self, names: &[String], secret: &str) -> String {
        let fields: Vec<Field> = names
            .iter()
            .map(|name| {
                (
                    name.clone(),
                    Some(if self.with_names {
                        format!("{{{name}}}")
                    } else {
                        name.clone()
                    }),
                )
            })
            .collect();
        let key = if self.secret_at.is_none() {
            format!(", {secret}")
        } else {
            String::new()
        };
        format!("{}({}{key})", self.digest_name(), self.render(&fields, secret))
    }
}

/// The fields of a joined recipe out of a message.
pub(crate) fn fields_of(recipe: &Recipe, value_of: impl Fn(&str) -> Option<String>) -> Vec<Field> {
    recipe
        .fields
        .iter()
        .map(|name| (name.to_owned(), value_of(name)))
        .collect()
}

/// The fields of a key-value recipe out of a message.
pub(crate) fn pairs_of(recipe: &KeyValueRecipe, value_of: impl Fn(&str) -> Option<String>) -> Vec<Field> {
    recipe
        .fields
        .iter()
        .map(|(name, pointer)| ((*name).to_owned(), value_of(pointer)))
        .collect()
}

/// What of a message is given.
pub(crate) enum Given<'e> {
    /// The input of a message to be sent.
    Input(&'e Value<'static>),
    /// The raw text of a received message.
    Body(&'e str),
    /// The raw query string of a received message.
    Query(&'e str),
}

/// Only a request is made of an input: a message that was received has no other text than its own.
pub(crate) fn is_request(operation: &Operation) -> Result<()> {
    if operation.kind.name() != "read" {
        return Ok(());
    }
    let rule = Rule::Say(
        "is for requests: give a received message as body or query",
        "dành cho yêu cầu: thông điệp nhận được phải đưa vào body hoặc query",
    );
    Err(Error::invalid("input", rule))
}

impl Explain {
    pub(crate) fn given(&self) -> Result<Given<'_>> {
        for (name, text) in [("body", &self.body), ("query", &self.query)] {
            if text.as_ref().is_some_and(|text| text.len() > MAX_MESSAGE) {
                let (english, vietnamese) = ("is longer than 65536 bytes", "dài quá 65536 byte");
                return Err(Error::say(Code::MalformedInput, english, vietnamese).field(name));
            }
        }
        if self
            .other_secrets
            .as_ref()
            .is_some_and(|secrets| secrets.len() > MAX_SECRETS)
        {
            let rule = Rule::Say("must be at most 16", "tối đa 16 mã");
            return Err(Error::invalid("other_secrets", rule));
        }
        match (&self.input, &self.body, &self.query) {
            (Some(AnyJson(input @ Value::Record(_))), None, None) => Ok(Given::Input(input)),
            (Some(_), None, None) => {
                Err(Error::rule(Code::WrongType, Rule::Expected("an object", "đối tượng")).field("input"))
            }
            (None, Some(body), None) => Ok(Given::Body(body)),
            (None, None, Some(query)) => Ok(Given::Query(query)),
            (None, None, None) => Err(Error::missing("input")),
            _ => Err(Error::invalid(
                "input",
                Rule::Say(
                    "give exactly one of input, body and query",
                    "chỉ truyền một trong ba: input, body, query",
                ),
            )),
        }
    }
}

/// A message that carries no signature.
pub(crate) fn unsigned(operation: &str, english: &str, vietnamese: &str) -> Made<Explanation> {
    Made::new(Record::from_iter([
        ("operation", Value::text(operation.to_owned())),
        ("sentence", Value::text(english.to_owned())),
        ("sentence_vi", Value::text(vietnamese.to_owned())),
        ("fields", Value::List(Vec::new())),
        ("mistakes", Value::List(Vec::new())),
    ]))
}

impl Subject<'_> {
    /// The fields that are in the text.
    fn present(&self) -> Vec<Field> {
        let keeps = |(_, value): &&Field| value.is_some() || self.absent_as_empty;
        self.fields.iter().filter(keeps).cloned().collect()
    }

    /// Explains. `right` is the right signature of a message to be sent; for a received one there is none to show.
    pub(crate) fn explain(&self, right: Option<&str>, given: Option<&str>) -> Made<Explanation> {
        let secret_name = self.secrets.first().map_or("secret", |(name, _)| name.as_str());
        let names: Vec<String> = self.fields.iter().map(|(name, _)| name.clone()).collect();
        let matches = given.map(|given| mistakes::is_right(self, given));
        let found = match (given, matches) {
            (Some(given), Some(false)) => mistakes::find(self, given),
            _ => Vec::new(),
        };
        let (english, vietnamese) = sentence(matches, &found);
        let mut record = Record::from_iter([
            ("operation", Value::text(self.operation.to_owned())),
            ("sentence", Value::text(english)),
            ("sentence_vi", Value::text(vietnamese)),
            ("evidence", Value::text(self.evidence.name())),
            ("formula", Value::text(self.shape.formula(&names, secret_name))),
            (
                "text",
                Value::text(self.masked(&self.shape.render(&self.present(), MASK))),
            ),
            ("fields", Value::List(self.explained_fields(secret_name))),
        ]);
        if let Some(right) = right {
            record.push("signature", Value::text(right.to_owned()));
        }
        if let Some(matches) = matches {
            record.push("matches", Value::Bool(matches));
        }
        let shown = found.iter().map(|mistake| Value::Record(mistake.to_record())).collect();
        record.push("mistakes", Value::List(shown));
        Made::new(record)
    }

    /// A text without the secrets: whoever makes the mistake of sending one wants to know why his signature is wrong.
    fn masked(&self, text: &str) -> String {
        let secrets = self.secrets.iter().map(|(_, secret)| secret.expose());
        secrets
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }

    fn explained_fields(&self, secret_name: &str) -> Vec<Value<'static>> {
        let row = |name: &str, value: Option<&str>, signed: bool, why: Cow<'static, str>| {
            let mut record = Record::from_iter([("name", Value::text(self.masked(name)))]);
            if let Some(value) = value {
                record.push("value", Value::text(self.masked(value)));
            }
            record.push("signed", Value::Bool(signed));
            record.push("why", Value::text(why));
            Value::Record(record)
        };
        let mut rows = Vec::new();
        for (index, (name, value)) in self.fields.iter().enumerate() {
            let place = index.saturating_add(1);
            rows.push(match value {
                Some(value) => row(name, Some(value), true, format!("field {place} of the formula").into()),
                None if self.absent_as_empty => row(name, None, true, "absent: signed as the empty text".into()),
                None => row(
                    name,
                    None,
                    false,
                    "a field of the formula, but absent from the message".into(),
                ),
            });
        }
        let role = if self.shape.secret_at.is_some() {
            "part of the text"
        } else {
            "the key, not part of the text"
        };
        rows.push(row(secret_name, None, true, role.into()));
        for (name, value) in &self.others {
            rows.push(row(
                name,
                Some(value),
                false,
                "not in the formula: the signature does not cover it".into(),
            ));
        }
        rows
    }
}

fn sentence(matches: Option<bool>, found: &[mistakes::Found]) -> (String, String) {
    match (matches, found.first()) {
        (None, _) => (
            "This is how the signature is made up.".into(),
            "Đây là cách tạo nên chữ ký.".into(),
        ),
        (Some(true), _) => ("The signature is right.".into(), "Chữ ký đúng.".into()),
        (Some(false), Some(mistake)) => (
            format!("The given signature comes out when {}.", mistake.english),
            format!("Chữ ký đã cho xuất hiện khi {}.", mistake.vietnamese),
        ),
        (Some(false), None) => (
            "The given signature is not right, and none of the common mistakes gives it: compare the values with those \
             that the other side used, and the secret."
                .into(),
            "Chữ ký đã cho không đúng, và không lỗi thường gặp nào tạo ra nó: hãy so từng giá trị với bên kia và kiểm \
             tra mã bí mật."
                .into(),
        ),
    }
}

/// The text members of a record, nested ones by their own names, except those of the formula and the signature.
pub(crate) fn other_members(record: &Record<'_>, fields: &[Field], signature: &str) -> Vec<(String, String)> {
    let mut others = Vec::new();
    for (name, value) in record.iter() {
        if name == signature || fields.iter().any(|(field, _)| field == name) {
            continue;
        }
        match value {
            Value::Record(inner) => others.extend(other_members(inner, fields, signature)),
            value => others.extend(value.printed().map(|value| (name.to_owned(), value.into_owned()))),
        }
    }
    others
}

/// The members that a built request carries: those of its JSON body, its form, or its query string.
pub(crate) fn sent_members(request: &Value<'_>) -> Result<Record<'static>> {
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_text);
    match text("/body") {
        Some(body) if body.starts_with('{') => Ok(crate::value::parse_record(body)?.into_owned()),
        Some(form) => crate::http::read_query(form).map(Record::into_owned),
        None => {
            let url = text("/url").and_then(|url| url.split_once('?'));
            let query = url.map_or("", |(_, query)| query);
            crate::http::read_query(query).map(Record::into_owned)
        }
    }
}
