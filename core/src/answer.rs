//! What a reader gives back: proven members at the top level, everything else under `unverified`, and what is proven.

use core::fmt::Write;
use core::marker::PhantomData;
use core::ops::Deref;

use serde::de::DeserializeOwned;

use crate::canonical::Evidence;
use crate::check::{MAX_DONG, has_control_code};
use crate::crypto::{digest, encoding};
use crate::error::{Code, Error, Result, Rule, Stage};
use crate::value::{Json, Record, Text, Value, among, from_output, from_own_output, known_name, names_of, same};

/// What has been proven about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Genuine, and tied to amount and order or request.
    Signed,
    /// Genuine, but amount or identity is not covered.
    PartlySigned,
    /// It could be decrypted, which proves nothing about who made it or whether it was changed.
    DecryptedOnly,
    /// The gateway does not sign it: trust rests on TLS.
    Unsigned,
    /// It carries a checksum whose formula is not published.
    NotChecked,
    /// A query to the gateway lists the payment.
    ConfirmedByQuery,
}

impl Proof {
    const fn name(self) -> &'static str {
        match self {
            Proof::Signed => "signed",
            Proof::PartlySigned => "partly_signed",
            Proof::DecryptedOnly => "decrypted_only",
            Proof::Unsigned => "unsigned",
            Proof::NotChecked => "not_checked",
            Proof::ConfirmedByQuery => "confirmed_by_query",
        }
    }
}

/// What became of a payment or transfer, as far as proven members say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Succeeded,
    /// Not done, for good.
    Failed,
    /// Paid, but held back by the gateway.
    Held,
    /// Under way.
    Pending,
    /// Nobody knows yet: query, never send again.
    Undetermined,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Outcome::Succeeded => "succeeded",
            Outcome::Failed => "failed",
            Outcome::Held => "held",
            Outcome::Pending => "pending",
            Outcome::Undetermined => "undetermined",
        }
    }
}

/// The raw text of an answer, and what it must say.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Body {
    /// Raw body as received: text or bytes, never a parsed object.
    pub body: String,
    /// Members that must be equal, one at least, by their wire names; the first that differs is named in a `mismatch`
    /// error. Those under `unverified` are never equal.
    pub expected: Option<Json>,
}

/// The raw query string of a callback, and what it must say.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Query {
    /// Raw query string as received, still percent-encoded; a leading `?` is allowed.
    pub query: String,
    /// Members that must be equal, one at least, by their wire names; the first that differs is named in a `mismatch`
    /// error. Those under `unverified` are never equal.
    pub expected: Option<Json>,
}

/// An input without fields.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Nothing {}

/// What to answer to a callback.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Acknowledgement {
    /// HTTP status code.
    pub status: u64,
    /// Value of the `Content-Type` header.
    pub content_type: String,
    /// Body text.
    pub body: String,
}

impl Acknowledgement {
    pub(crate) fn json(status: u64, body: &str) -> Self {
        Self {
            status,
            content_type: "application/json".into(),
            body: body.into(),
        }
    }
}

impl From<Acknowledgement> for Value<'static> {
    fn from(answer: Acknowledgement) -> Self {
        Value::Record(Record::from_iter([
            ("status", Value::Integer(answer.status)),
            ("content_type", Value::text(answer.content_type)),
            ("body", Value::text(answer.body)),
        ]))
    }
}

/// A result of kyso's own making, such as a signature or a table row.
pub struct Made<T>(pub(crate) Record<'static>, PhantomData<fn() -> T>);

impl<T> Made<T> {
    pub(crate) fn new(mut record: Record<'static>) -> Self {
        numbers_to_text(&mut record);
        Self(record, PhantomData)
    }
}

impl<T> Made<T> {
    /// Puts a member in the place of the one of that name, or at the end.
    pub(crate) fn set(&mut self, name: &'static str, value: Value<'static>) {
        self.0.remove(name);
        self.0.push(name, value);
    }
}

impl<T> From<Made<T>> for Value<'static> {
    fn from(made: Made<T>) -> Self {
        Value::Record(made.0)
    }
}

impl<T: DeserializeOwned> Made<T> {
    /// The typed record.
    ///
    /// # Errors
    /// `malformed_input`, where a member has another shape than documented.
    pub fn typed(self) -> Result<T> {
        from_own_output(self.0)
    }
}

/// A message that was read. `T` documents its members.
pub struct Reading<T> {
    record: Record<'static>,
    shape: PhantomData<fn() -> T>,
}

impl<T> From<Reading<T>> for Value<'static> {
    fn from(reading: Reading<T>) -> Self {
        Value::Record(reading.record)
    }
}

impl<T> Reading<T> {
    /// Adds the text that was read, at the end.
    pub(crate) fn raw(mut self, text: String) -> Self {
        self.record.push("raw", Value::text(text));
        self
    }
}

impl<T: DeserializeOwned> Reading<T> {
    /// The reading with its typed record.
    ///
    /// # Errors
    /// `malformed_input`, where a member has another shape than documented.
    pub fn typed(self) -> Result<Read<T>> {
        let typed = from_output(&self.record)?;
        Ok(Read {
            typed,
            record: self.record,
        })
    }
}

/// A message that was read: the typed members, and the whole record with those that have no field.
#[derive(Clone)]
pub struct Read<T> {
    typed: T,
    record: Record<'static>,
}

impl<T> Read<T> {
    /// Everything that was read, members without a field of their own included.
    #[must_use]
    pub fn record(&self) -> &Record<'static> {
        &self.record
    }
}

impl<T> Deref for Read<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.typed
    }
}

/// Names that only this library writes. A gateway's member of such a name goes under `unverified`.
fn is_own(name: &str) -> bool {
    matches!(
        name,
        "proof"
            | "outcome"
            | "must_inquire"
            | "matched"
            | "evidence"
            | "idempotency_key"
            | "unverified"
            | "raw"
            | "unverified_exp"
            | "reference_equal"
            | "vietqr"
    )
}

/// A reading under construction.
pub(crate) struct Draft<'a> {
    pub(crate) proof: Proof,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) must_inquire: bool,
    pub(crate) matched: Option<String>,
    pub(crate) evidence: Option<Evidence>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) raw: Option<String>,
    own: Vec<(&'static str, Value<'a>)>,
    /// Names that members inside others have: they need no copy.
    inner_names: &'static [(&'static str, &'static str)],
    members: Record<'a>,
    unverified: Record<'a>,
    fault: Option<Error>,
}

impl<'a> Draft<'a> {
    /// A message with one level of trust: all members at the top level.
    pub(crate) fn flat(proof: Proof, members: Record<'a>) -> Self {
        Self {
            proof,
            outcome: None,
            must_inquire: false,
            matched: None,
            evidence: None,
            idempotency_key: None,
            raw: None,
            own: Vec::new(),
            inner_names: &[],
            members,
            unverified: Record::new(),
            fault: None,
        }
    }

    /// A signed message: the members at `covered` (JSON Pointers) stay at the top level.
    pub(crate) fn split(proof: Proof, members: Record<'a>, covered: &[&str]) -> Self {
        let (members, unverified) = split(members, covered);
        Self::beside(proof, members, unverified)
    }

    /// The same for a recipe of names and pointers.
    pub(crate) fn split_by(proof: Proof, members: Record<'a>, fields: &'static [(&'static str, &'static str)]) -> Self {
        let covered: Vec<&str> = fields.iter().map(|(_, pointer)| *pointer).collect();
        Self {
            inner_names: fields,
            ..Self::split(proof, members, &covered)
        }
    }

    /// A signed message whose signature covers `members` and not `unverified`.
    pub(crate) fn beside(proof: Proof, members: Record<'a>, unverified: Record<'a>) -> Self {
        Self {
            unverified,
            ..Self::flat(proof, members)
        }
    }

    /// The members at the top level: in a signed message the covered ones.
    pub(crate) fn members(&self) -> &Record<'a> {
        &self.members
    }

    /// Adds the members of a signed payload at the top level. Those of the envelope keep their names.
    pub(crate) fn opened(mut self, payload: Record<'a>) -> Self {
        for (name, value) in payload {
            if self.members.get(&name).is_none() {
                self.members.push(name, value);
            }
        }
        self
    }

    /// A member of our own making.
    pub(crate) fn own(&mut self, name: &'static str, value: Value<'a>) {
        self.own.push((name, value));
    }

    /// Turns the members of these names into integers, wherever they stand. A member that should be an amount and is
    /// none is a fault of the message, reported by `expect`; an unverified one is left as printed, since anybody may
    /// have put it there.
    pub(crate) fn money(self, names: &[&str]) -> Self {
        self.money_as(Money { names, read: dong })
    }

    /// The same for a gateway that prints thousands with commas.
    pub(crate) fn grouped_money(self, names: &[&str]) -> Self {
        self.money_as(Money {
            names,
            read: grouped_dong,
        })
    }

    fn money_as(mut self, money: Money<'_>) -> Self {
        self.fault = self.fault.or(turn_into_money(&mut self.members, money).err());
        let _ = turn_into_money(&mut self.unverified, money);
        self
    }

    /// The same for one member at the top level alone: what stands deeper belongs to the merchant.
    pub(crate) fn own_money(mut self, name: &str) -> Self {
        let money = Money { names: &[], read: dong };
        for (_, value) in self.members.iter_mut().filter(|(member, _)| *member == name) {
            let turned = turn_value(value, true, money).map_err(|error| error.field(name));
            self.fault = self.fault.take().or(turned.err());
        }
        self
    }

    /// Decodes a base64 text (UTF-8 inside) beside the raw one, wherever it stands. A `+` that came as a space in a
    /// query string is put back.
    pub(crate) fn decoded(mut self, raw: &str, beside: &'static str) -> Self {
        for record in [&mut self.members, &mut self.unverified] {
            decode_beside(record, raw, beside);
        }
        self
    }

    /// Compares with what the caller expects; see [`Body::expected`].
    pub(crate) fn expect(self, expected: Option<&Json>) -> Result<Self> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let Some(Json(expected)) = expected else {
            return Ok(self);
        };
        // An empty one compares nothing, and looks as if it did.
        if expected.is_empty() {
            let rule = Rule::Say(
                "names no member: give the order and the amount, or leave it out",
                "không nêu trường nào: hãy đưa mã đơn hàng và số tiền, hoặc bỏ hẳn",
            );
            return Err(Error::invalid("expected", rule).at(Stage::Input));
        }
        for (name, wanted) in expected.iter() {
            compare(&self.members, name, wanted).map_err(|error| self.why(name, error))?;
        }
        Ok(self)
    }

    /// Tells a member that nothing proves, or that is not there, from one that differs.
    fn why(&self, name: &str, error: Error) -> Error {
        if find(&self.members, name).is_some() {
            return error;
        }
        let (english, vietnamese) = match find(&self.unverified, name) {
            Some(_) => (
                "is not covered by the signature, so it cannot be compared",
                "không được chữ ký bao phủ nên không thể so sánh",
            ),
            None => (
                "is not in the message, or in more than one object of it",
                "không có trong thông điệp, hoặc có ở nhiều hơn một đối tượng",
            ),
        };
        Error::say(Code::Mismatch, english, vietnamese).field(name)
    }

    pub(crate) fn finish<T: DeserializeOwned>(self) -> Reading<T> {
        Reading {
            record: self.into_record(names_of::<T>()),
            shape: PhantomData,
        }
    }

    /// The result; names among the known ones need no copy.
    fn into_record(self, known: &'static [&'static str]) -> Record<'static> {
        let mut record = Record::with_capacity(self.members.len().saturating_add(self.own.len()).saturating_add(8));
        let mut put = |name: &'static str, value: Option<Value<'static>>| {
            if let Some(value) = value {
                record.push(name, value);
            }
        };
        put("proof", Some(Value::text(self.proof.name())));
        put("outcome", self.outcome.map(|outcome| Value::text(outcome.name())));
        put("must_inquire", self.must_inquire.then_some(Value::Bool(true)));
        put("matched", self.matched.map(Value::text));
        put("evidence", self.evidence.map(|evidence| Value::text(evidence.name())));
        put("idempotency_key", self.idempotency_key.map(Value::text));
        for (name, value) in self.own {
            record.push(name, value.into_owned());
        }
        let mut unverified = self.unverified;
        for (name, value) in self.members {
            if is_own(&name) {
                unverified.push(name, value);
            } else {
                record.push(known_name(name, known), owned(value, self.inner_names));
            }
        }
        if !unverified.is_empty() {
            record.push("unverified", Value::Record(unverified).into_owned());
        }
        if let Some(raw) = self.raw {
            record.push("raw", Value::text(raw));
        }
        numbers_to_text(&mut record);
        record
    }
}

/// The same value, owning its texts, but for the names that are among these.
fn owned(value: Value<'_>, names: &'static [(&'static str, &'static str)]) -> Value<'static> {
    let Value::Record(members) = value else {
        return value.into_owned();
    };
    let name_of = |name: Text<'_>| match names.iter().find(|(known, _)| same(known, &name)) {
        Some((known, _)) => Text::Borrowed(*known),
        None => Text::Owned(name.into_owned()),
    };
    let members = members.into_iter();
    Value::Record(
        members
            .map(|(name, value)| (name_of(name), owned(value, names)))
            .collect(),
    )
}

fn split<'a>(members: Record<'a>, covered: &[&str]) -> (Record<'a>, Record<'a>) {
    let (mut proven, mut rest) = (Record::with_capacity(members.len()), Record::new());
    for (name, value) in members {
        let mut tails = covered.iter().filter_map(|pointer| behind(pointer, &name));
        let first = tails.next();
        if first.into_iter().chain(tails.clone()).any(str::is_empty) {
            proven.push(name, value);
            continue;
        }
        match (value, first) {
            (Value::Record(record), Some(first)) => {
                let mut inner = Vec::with_capacity(covered.len());
                inner.push(first);
                inner.extend(tails);
                let (inner_proven, inner_rest) = split(record, &inner);
                if !inner_proven.is_empty() {
                    proven.push(name.clone(), Value::Record(inner_proven));
                }
                if !inner_rest.is_empty() {
                    rest.push(name, Value::Record(inner_rest));
                }
            }
            (value, _) => rest.push(name, value),
        }
    }
    (proven, rest)
}

/// What a pointer has behind its first step, where that is `name`: nothing, or a pointer into the member. A member
/// whose own name holds a slash is nowhere that a pointer leads: `data/amount` is not `amount` in `data`.
fn behind<'p>(pointer: &'p str, name: &str) -> Option<&'p str> {
    let end = name.len().saturating_add(1);
    // The length tells most others apart.
    if !matches!(pointer.as_bytes().get(end), None | Some(b'/')) {
        return None;
    }
    let (step, tail) = pointer.split_at_checked(end)?;
    let step = step.strip_prefix('/')?;
    (same(step, name) && !step.bytes().any(|byte| byte == b'/')).then_some(tail)
}

/// Which members are amounts, and how they are printed.
#[derive(Clone, Copy)]
struct Money<'n> {
    names: &'n [&'n str],
    read: fn(&str) -> Option<u64>,
}

/// Turns every amount that can be read; gives the first that cannot.
fn turn_into_money(record: &mut Record<'_>, money: Money<'_>) -> Result<()> {
    let mut result = Ok(());
    for (name, value) in record.iter_mut() {
        let is_money = among(name, money.names);
        let turned = turn_value(value, is_money, money).map_err(|error| error.inside(name));
        result = result.and(turned);
    }
    result
}

fn turn_value(value: &mut Value<'_>, is_money: bool, money: Money<'_>) -> Result<()> {
    match value {
        Value::Record(inner) => turn_into_money(inner, money),
        Value::List(list) => {
            let mut result = Ok(());
            for item in list {
                result = result.and(turn_value(item, is_money, money));
            }
            result
        }
        Value::Text(text) if is_money && text.is_empty() => {
            *value = Value::Null;
            Ok(())
        }
        Value::Text(text) | Value::Number(text) if is_money => {
            *value = Value::Integer((money.read)(text).ok_or_else(no_amount)?);
            Ok(())
        }
        Value::Bool(_) if is_money => Err(no_amount()),
        _ => Ok(()),
    }
}

fn no_amount() -> Error {
    Error::say(
        Code::MalformedInput,
        "is no amount in whole dong",
        "không phải số tiền đồng nguyên",
    )
}

/// Numbers that were read become text exactly as printed, so that no language rounds them.
fn numbers_to_text(record: &mut Record<'_>) {
    for (_, value) in record.iter_mut() {
        number_to_text(value);
    }
}

fn number_to_text(value: &mut Value<'_>) {
    match value {
        Value::Number(token) => *value = Value::Text(core::mem::take(token)),
        Value::List(list) => list.iter_mut().for_each(number_to_text),
        Value::Record(record) => numbers_to_text(record),
        _ => {}
    }
}

fn decode_beside(record: &mut Record<'_>, raw: &str, beside: &'static str) {
    let decoded = record.get(raw).and_then(Value::as_text).and_then(|text| {
        let bytes = encoding::from_base64(&text.replace(' ', "+"))?;
        // A text that was never encoded can be base64 by chance; what comes out is hardly ever readable.
        String::from_utf8(bytes).ok().filter(|text| !has_control_code(text))
    });
    // A received member of our name would be taken for the decoded text.
    record.remove(beside);
    if let Some(text) = decoded {
        record.push(beside, Value::text(text));
    }
    for (_, value) in record.iter_mut() {
        match value {
            Value::Record(inner) => decode_beside(inner, raw, beside),
            Value::List(list) => {
                for item in list {
                    if let Value::Record(inner) = item {
                        decode_beside(inner, raw, beside);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whole dong of an amount as printed: digits, then at most a point and zeros.
pub(crate) fn dong(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_plain = (1..=19).contains(&whole.len()) && whole.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain || !fraction.bytes().all(|digit| digit == b'0') {
        return None;
    }
    whole.parse().ok().filter(|dong| *dong <= MAX_DONG)
}

/// The same, or with a comma before every three digits.
fn grouped_dong(text: &str) -> Option<u64> {
    match text.split_once('.') {
        _ if !text.contains(',') => dong(text),
        Some((whole, fraction)) => dong(&format!("{}.{fraction}", ungroup(whole)?)),
        None => dong(&ungroup(text)?),
    }
}

/// `101,747,939` without its commas, where they stand every three digits.
fn ungroup(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next().filter(|group| (1..=3).contains(&group.len()))?;
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        plain.push_str(group);
    }
    Some(plain)
}

/// A member that the message must have.
pub(crate) fn absent(name: &str) -> Error {
    Error::say(
        Code::MalformedInput,
        "is absent from the message",
        "không có trong thông điệp",
    )
    .field(name)
}

/// Looks among the proven members alone: under `unverified` anybody may have put what the caller expects.
fn compare(proven: &Record<'_>, name: &str, wanted: &Value<'_>) -> Result<()> {
    match (find(proven, name), wanted) {
        (Some(Value::Record(found)), Value::Record(wanted)) => {
            for (member, wanted) in wanted.iter() {
                if !found.get(member).is_some_and(|found| equal(found, wanted)) {
                    return Err(mismatch(&format!("{name}.{member}")));
                }
            }
            Ok(())
        }
        (Some(found), wanted) if equal(found, wanted) => Ok(()),
        _ => Err(mismatch(name)),
    }
}

fn find<'r, 'a>(record: &'r Record<'a>, name: &str) -> Option<&'r Value<'a>> {
    record.get(name).or_else(|| only_nested(record, name))
}

/// A member one level down, where just one object has it: `amount` stands for `transaction.amount`.
fn only_nested<'r, 'a>(record: &'r Record<'a>, name: &str) -> Option<&'r Value<'a>> {
    let mut found = record.iter().filter_map(|(_, value)| value.as_record()?.get(name));
    let first = found.next()?;
    if found.next().is_some() { None } else { Some(first) }
}

/// A member that differs from what the caller expects.
pub(crate) fn mismatch(name: &str) -> Error {
    Error::new(Code::Mismatch).field(name)
}

fn equal(found: &Value<'_>, wanted: &Value<'_>) -> bool {
    match (found, wanted) {
        (Value::Integer(found), wanted) => wanted.printed().and_then(|wanted| grouped_dong(&wanted)) == Some(*found),
        (Value::Bool(found), Value::Bool(wanted)) => found == wanted,
        (Value::Null, Value::Null) => true,
        (Value::List(found), Value::List(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| equal(found, wanted))
        }
        (Value::Record(found), Value::Record(wanted)) => {
            let mut wanted = wanted.iter();
            wanted.all(|(name, wanted)| found.get(name).is_some_and(|found| equal(found, wanted)))
        }
        (found, wanted) => match (found.printed(), wanted.printed()) {
            (Some(found), Some(wanted)) => found == wanted,
            _ => false,
        },
    }
}

/// Joins the names of what matched, where several candidates were tried.
pub(crate) fn join_matched(spelling: Option<&str>, secret: Option<String>) -> Option<String> {
    match (spelling, secret) {
        (Some(spelling), Some(secret)) => Some(format!("{spelling}, {secret}")),
        (Some(spelling), None) => Some(spelling.to_owned()),
        (None, secret) => secret,
    }
}

/// An opaque key for a unique index: SHA-256 over the operation and the proven parts that name one payment.
pub(crate) fn idempotency_key<'p>(kind: &str, parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut text = String::with_capacity(128);
    text.push_str(kind);
    for part in parts {
        // The length in front keeps two lists of parts from having one text.
        // Writing to a text does not fail.
        let _ = write!(text, "\n{}:{part}", part.len());
    }
    encoding::hex(&digest::sha256(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_printed() {
        for (text, expected) in [
            ("2000", Some(2000)),
            ("2000.0", Some(2000)),
            ("50000.", Some(50000)),
            ("0", Some(0)),
            ("1000000000000000", Some(MAX_DONG)),
        ] {
            assert_eq!(dong(text), expected, "{text}");
        }
        for text in [
            "",
            ".",
            "-1",
            "+1",
            "1.5",
            "1e3",
            "101,747,939",
            "1 000",
            "٣",
            "1000000000000001",
            "0x10",
        ] {
            assert_eq!(dong(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_with_commas() {
        for (text, expected) in [
            ("101,747,939", Some(101_747_939)),
            ("1,000.00", Some(1000)),
            ("2000", Some(2000)),
            ("1,00", None),
            ("1000,000", None),
            (",100", None),
            ("1,000,", None),
            ("1.000,000", None),
        ] {
            assert_eq!(grouped_dong(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_come_out_as_printed_text() {
        let members = crate::value::parse(r#"{"code":0,"rows":[{"id":9007199254740993,"rate":1.50}],"amount":2000.0}"#);
        let Ok(Value::Record(members)) = members else { panic!() };
        let reading = Draft::flat(Proof::Unsigned, members)
            .money(&["amount"])
            .finish::<Nothing>();
        let json = Value::Record(reading.record).to_json();
        let expected =
            r#"{"proof":"unsigned","code":"0","rows":[{"id":"9007199254740993","rate":"1.50"}],"amount":2000}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn a_member_named_like_a_pointer_is_not_covered() {
        let members = crate::value::parse(r#"{"a":{"b":"1","c":"2"},"a/b":"3","ab":"4","a/":"5"}"#);
        let Ok(Value::Record(members)) = members else { panic!() };
        let reading = Draft::split(Proof::Signed, members, &["/a/b"]).finish::<Nothing>();
        let json = Value::Record(reading.record).to_json();
        let expected = r#"{"proof":"signed","a":{"b":"1"},"unverified":{"a":{"c":"2"},"a/b":"3","ab":"4","a/":"5"}}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn an_expectation_that_nothing_proves_is_told_from_one_that_differs() {
        let expect = |expected: &str| {
            let members = crate::value::parse(r#"{"id":"1","order":{"price":"5"},"note":"a"}"#).unwrap();
            let Value::Record(members) = members else { panic!() };
            let draft = Draft::split(Proof::Signed, members, &["/id", "/order/price"]);
            let read = draft.expect(Some(&Json::from_text(expected).unwrap()));
            read.map(drop).map_err(|error| error.to_string())
        };
        assert!(expect(r#"{"id":"1","price":"5"}"#).is_ok());
        let unproven = expect(r#"{"note":"a"}"#).unwrap_err();
        assert!(
            unproven.contains("note") && unproven.contains("not covered by the signature"),
            "{unproven}"
        );
        let absent = expect(r#"{"absent":"1"}"#).unwrap_err();
        assert!(absent.contains("not in the message"), "{absent}");
        for differs in [r#"{"id":"2"}"#, r#"{"price":"6"}"#] {
            let message = expect(differs).unwrap_err();
            assert!(message.contains("differs from what was expected"), "{message}");
        }
    }

    #[test]
    fn expected_values_are_compared_whatever_they_are() {
        let expect = |expected: &str| {
            let members =
                crate::value::parse(r#"{"paid":true,"order":{"price":5,"rows":[{"id":"1"},{"id":"2"}]},"none":null}"#);
            let Value::Record(members) = members.unwrap() else {
                panic!()
            };
            let read = Draft::flat(Proof::Unsigned, members).expect(Some(&Json::from_text(expected).unwrap()));
            read.map(drop)
                .map_err(|error| error.field_name().unwrap_or_default().to_owned())
        };
        for equal in [
            r#"{"paid":true}"#,
            r#"{"order":{"price":5}}"#,
            r#"{"order":{"rows":[{"id":"1"},{"id":"2"}]}}"#,
            r#"{"none":null,"price":"5"}"#,
        ] {
            assert_eq!(expect(equal), Ok(()), "{equal}");
        }
        for (other, field) in [
            (r#"{"paid":false}"#, "paid"),
            (r#"{"paid":"true"}"#, "paid"),
            (r#"{"order":{"price":6}}"#, "order.price"),
            (r#"{"order":{"price":5,"more":1}}"#, "order.more"),
            (r#"{"order":{"rows":[{"id":"1"}]}}"#, "order.rows"),
            (r#"{"order":{"rows":[{"id":"1"},{"id":"3"}]}}"#, "order.rows"),
            (r#"{"order":[5]}"#, "order"),
            (r#"{"none":""}"#, "none"),
        ] {
            assert_eq!(expect(other), Err(field.to_owned()), "{other}");
        }
    }

    #[test]
    fn a_gateway_member_cannot_pose_as_ours() {
        let members = Record::from_iter([("proof", Value::text("signed")), ("a", Value::text("1"))]);
        let reading = Draft::flat(Proof::Unsigned, members).finish::<Nothing>();
        assert_eq!(reading.record.printed("proof").unwrap(), "unsigned");
        assert_eq!(reading.record.iter().filter(|(name, _)| *name == "proof").count(), 1);
    }
}
