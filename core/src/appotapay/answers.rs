//! What the readers of answers and callbacks share: refusals, signed and unsigned successes, members that must be there.

use serde::de::DeserializeOwned;

use super::AppotaPay;
use super::reference::Codes;
use super::signing::{Covered, Values, signed_text, values};
use crate::answer::{Body, Draft, Outcome, Proof, Reading, absent};
use crate::canonical::{KeyValueRecipe, signature_mismatch};
use crate::error::{Code, Error, Result};
use crate::value::{Json, Record, Text, Value, parse_record};

/// Longest answer or callback that is read.
const MAX_BODY: usize = 1024 * 1024;

pub(super) fn parse_body(body: &str) -> Result<Record<'_>> {
    if body.len() > MAX_BODY {
        return Err(Error::say(Code::MalformedInput, "is longer than 1 MiB", "dài quá 1 MiB").field("body"));
    }
    parse_record(body).map_err(|error| error.field("body"))
}

/// A member of an object inside, as printed.
pub(super) fn inner<'m>(members: &'m Record<'_>, object: &str, name: &str) -> Option<Text<'m>> {
    members
        .get(object)
        .and_then(Value::as_record)
        .and_then(|inner| inner.printed(name))
}

/// What the state of a payment means.
pub(super) fn outcome(status: Option<&str>) -> Option<Outcome> {
    Some(match status?.to_ascii_lowercase().as_str() {
        "success" | "succeeded" => Outcome::Succeeded,
        "error" | "failed" | "void" | "cancelled" => Outcome::Failed,
        "pending" | "processing" | "retrying" | "scheduled" => Outcome::Pending,
        _ => Outcome::Undetermined,
    })
}

/// How a service answers.
pub(super) struct Answers {
    /// Signed members.
    pub(super) recipe: &'static KeyValueRecipe,
    /// Signed names that a success may lack.
    pub(super) optional: &'static [&'static str],
    /// What the signature proves.
    pub(super) proof: Proof,
    /// Members that hold an amount in dong.
    pub(super) money: &'static [&'static str],
    /// What the error codes say about money.
    pub(super) refusals: Refusals,
}

/// What a refused answer says.
#[derive(Clone, Copy)]
pub(super) struct Refusals {
    /// Error codes of the service.
    pub(super) codes: &'static Codes,
    /// Whether the request may have moved money, or asked about one that may have.
    pub(super) about_money: bool,
    /// Whether the answer is one to a query: where the query itself was refused, it says nothing about the money.
    pub(super) about_a_query: bool,
}

/// The error code of an answer, as printed.
fn error_code<'v>(members: &'v Record<'_>) -> Result<Text<'v>> {
    members.printed("errorCode").ok_or_else(|| absent("errorCode"))
}

impl Answers {
    /// Reads a signed answer: a refusal becomes an error, a success must verify.
    pub(super) fn read<'a>(&self, client: &AppotaPay, body: &'a str, expected: Option<&Json>) -> Result<Draft<'a>> {
        self.read_but(client, None, body, expected)
    }

    /// Reads a signed answer whose success says that it is done.
    pub(super) fn read_done<T: DeserializeOwned>(&self, client: &AppotaPay, input: &Body) -> Result<Reading<T>> {
        let mut draft = self.read(client, &input.body, input.expected.as_ref())?;
        draft.outcome = Some(Outcome::Succeeded);
        Ok(draft.finish())
    }

    /// The same as `read`, where one signed member may hold what could be read as further pairs.
    pub(super) fn read_but<'a>(
        &self,
        client: &AppotaPay,
        free: Option<&str>,
        body: &'a str,
        expected: Option<&Json>,
    ) -> Result<Draft<'a>> {
        self.read_with(body, expected, |members, signature| {
            client.verify(&values(self.recipe, members), signature, free, |error, _| error)
        })
    }

    /// The same with another way to verify.
    pub(super) fn read_with<'a>(
        &self,
        body: &'a str,
        expected: Option<&Json>,
        verify: impl Fn(&Record<'a>, &str) -> Result<Covered>,
    ) -> Result<Draft<'a>> {
        let mut members = parse_body(body)?;
        let signature = members.remove("signature");
        let verified = match &signature {
            Some(Value::Text(signature)) if !signature.is_empty() => {
                let covered = verify(&members, signature)?;
                Some(covered.put_into(&mut members, self.recipe))
            }
            None | Some(Value::Null | Value::Text(_)) => None,
            Some(_) => return Err(signature_mismatch().field("signature")),
        };
        let code = error_code(&members)?;
        if code != "0" {
            return Err(self.refusals.error(&code, &members, "message", verified.is_some()));
        }
        // A success that should be signed and is not proves nothing.
        let matched = verified.ok_or_else(|| signature_mismatch().field("signature"))?;
        require(&values(self.recipe, &members), self.optional)?;
        let mut draft = Draft::split_by(self.proof, members, self.recipe.fields).money(self.money);
        draft.matched = matched;
        draft.expect(expected)
    }
}

/// How a service calls back.
pub(super) struct Callbacks {
    /// Signed members.
    pub(super) recipe: &'static KeyValueRecipe,
    /// Signed names that a callback may lack.
    pub(super) optional: &'static [&'static str],
    /// The name that identifies the payment, and the operation that asks for it, where a callback is ambiguous.
    pub(super) ask: (&'static str, &'static str),
}

impl Callbacks {
    /// Verifies a callback and leaves its members as they were signed, without the signature. Gives the name of what
    /// matched.
    pub(super) fn verify(&self, client: &AppotaPay, members: &mut Record<'_>) -> Result<Option<String>> {
        let Some(Value::Text(signature)) = members.remove("signature") else {
            return Err(absent("signature"));
        };
        let values = values(self.recipe, members);
        require(&values, self.optional)?;
        let (name, operation) = self.ask;
        let covered = client.verify(&values, &signature, None, |error, signed| {
            let identity = Value::text(signed_text(signed, name).to_owned());
            error.outcome("undetermined").next(operation).detail(name, identity)
        })?;
        Ok(covered.put_into(members, self.recipe))
    }
}

/// Signed members that may be empty: they describe, and neither money nor identity hangs on them. A payer may leave
/// the memo empty.
const MAY_BE_EMPTY: &[&str] = &[
    "bankAccountName",
    "bankCode",
    "billExpiryTime",
    "currency",
    "extraData",
    "memo",
    "message",
    "paymentMethod",
    "paymentType",
    "reason",
];

/// A message that lacks signed members could be one of another operation; an empty one says no more than an absent one.
fn require(values: &Values<'_>, optional: &[&str]) -> Result<()> {
    let missing = |(name, value): &&(&str, Option<&Value<'_>>)| {
        let is_empty = match value {
            None => return !optional.contains(name),
            Some(Value::Null) => true,
            Some(Value::Text(text)) => text.is_empty(),
            Some(_) => false,
        };
        is_empty && !optional.contains(name) && !MAY_BE_EMPTY.contains(name)
    };
    match values.iter().find(missing) {
        Some((name, _)) => Err(absent_or_empty(name)),
        None => Ok(()),
    }
}

fn absent_or_empty(name: &str) -> Error {
    Error::say(
        Code::MalformedInput,
        "is absent from the message or empty",
        "không có trong thông điệp hoặc để trống",
    )
    .field(name)
}

impl Refusals {
    /// The same for the answer to a query about an earlier request.
    pub(super) const fn of_query(self) -> Self {
        Self {
            about_a_query: true,
            ..self
        }
    }

    /// Whether a code says for certain that no money moved.
    fn is_final(&self, code: &str) -> bool {
        self.codes.certainly_failed(code) && !(self.about_a_query && self.codes.may_refuse_a_query(code))
    }

    /// Money may have moved unless the code is in the table of certain failures: the kind of the operation says so.
    pub(super) fn error(&self, code: &str, members: &Record<'_>, message: &str, signed: bool) -> Error {
        let message = members.printed(message).map(Text::into_owned);
        let error = Error::new(Code::GatewayRefused)
            .gateway(Some(code.to_owned()), message)
            .signed(signed);
        match self.about_money && !self.is_final(code) {
            true => error,
            false => error.outcome("refused"),
        }
    }

    /// Reads an answer that the gateway does not sign.
    pub(super) fn read_unsigned<'a>(
        &self,
        body: &'a str,
        money: &[&str],
        expected: Option<&Json>,
    ) -> Result<Draft<'a>> {
        let members = parse_body(body)?;
        let code = error_code(&members)?;
        if code != "0" {
            return Err(self.error(&code, &members, "message", false));
        }
        Draft::flat(Proof::Unsigned, members).money(money).expect(expected)
    }
}
