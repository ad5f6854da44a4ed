//! The envelope of the payment gateway and of points of sale: `{data, signature, time}`, where data is the base64 of a
//! JSON text and the signature covers data as received.

use super::AppotaPay;
use super::answers::outcome;
use crate::answer::{Draft, Proof, absent, idempotency_key};
use crate::canonical::Evidence;
use crate::crypto::encoding;
use crate::error::{Code, Error, Result};
use crate::value::{Record, Text, Value, parse_record};

/// A verified and opened envelope.
pub(super) struct Opened {
    /// Members of data.
    pub(super) members: Record<'static>,
    /// The text of data.
    data: String,
    matched: Option<String>,
}

/// Verifies the signature over the text of data, then opens it.
pub(super) fn open(client: &AppotaPay, data: &str, signature: &str) -> Result<Opened> {
    let matched = client.verify_text(data, signature)?;
    let not_json = || {
        Error::say(
            Code::MalformedInput,
            "is not the base64 of a JSON object",
            "không phải base64 của một đối tượng JSON",
        )
        .field("data")
    };
    let text = encoding::from_base64(data)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(not_json)?;
    let members = parse_record(&text).map_err(|_| not_json())?.into_owned();
    Ok(Opened {
        members,
        data: data.to_owned(),
        matched,
    })
}

/// The text of a member of the envelope.
pub(super) fn text_of(envelope: &Record<'_>, name: &str) -> Result<String> {
    match envelope.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Ok(text.clone().into_owned()),
        _ => Err(absent(name)),
    }
}

/// What data says about a payment, as printed; empty texts say nothing.
pub(super) struct Facts {
    /// What it is known by: the idempotency key hangs on it.
    pub(super) id: Option<String>,
    /// Its state: the outcome hangs on it.
    pub(super) status: Option<String>,
    /// Whether data names an amount, an identifier and a state, so that the payment can be compared with a record.
    pub(super) are_complete: bool,
}

/// A text that says something.
pub(super) fn said(text: Option<Text<'_>>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(Text::into_owned)
}

impl Opened {
    /// The reading: members of data on top, the rest of the envelope under `unverified`.
    pub(super) fn draft(
        self,
        envelope: Record<'static>,
        money: &[&str],
        kind: &str,
        facts: &Facts,
        raw: &str,
    ) -> Draft<'static> {
        let identity = facts.id.as_deref().unwrap_or(&self.data);
        let status = facts.status.as_deref();
        let key = idempotency_key(kind, [identity, status.unwrap_or_default()]);
        let proof = match facts.are_complete {
            true => Proof::Signed,
            false => Proof::PartlySigned,
        };
        let mut draft = Draft::beside(proof, self.members, envelope).money(money);
        draft.must_inquire = !facts.are_complete;
        draft.outcome = outcome(status);
        draft.matched = self.matched;
        draft.evidence = Some(Evidence::Official);
        draft.idempotency_key = Some(key);
        draft.raw = Some(raw.to_owned());
        draft
    }
}
