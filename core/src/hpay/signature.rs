//! Any formula over joined fields: for messages without an operation, and for formulas that HPay names to a merchant.

use super::HPay;
use crate::answer::{Made, Proof};
use crate::canonical::{Evidence, Formula, member};
use crate::error::{Error, Result};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "signature",
    doc: "Signatures by a formula of your own, e.g. one that HPay's notice box names.",
    operations: &[
        Operation {
            name: "hpay.signature.build",
            kind: Kind::Pure,
            evidence: Evidence::Official,
            doc: "Signs fields by a recipe. Fields that hold the separator are refused as ambiguous.",
            handler: &Typed(build),
        },
        Operation {
            name: "hpay.signature.verify",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies a signature by a recipe and gives the fields that it covers.",
            handler: &Typed(verify),
        },
    ],
};

/// Fields to sign.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Build {
    /// The formula: an object of the parts (fields, separator, prefix, secret, secret_position, digest,
    /// encoding) or the text of HPay's notice box, e.g. `MD5(order_code + '|' + secure_pass)`.
    pub recipe: Formula,
    /// Values by name: texts, or whole numbers. Every field of the recipe must be there.
    pub fields: Json,
}

/// A signature.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signature {
    /// Digest or signature in the encoding of the recipe.
    pub signature: String,
}

pub(crate) fn build(client: &HPay, input: &Build) -> Result<Made<Signature>> {
    let recipe = input.recipe.build().map_err(|error| error.inside("recipe"))?;
    let fields = checked(&recipe, &input.fields.0)?;
    let signature = client.sign(&recipe, |name| member(fields, name))?;
    Ok(Made::new(Record::from_iter([("signature", Value::text(signature))])))
}

/// Fields with a signature to verify.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verify {
    /// The formula: an object of the parts (fields, separator, prefix, secret, secret_position, digest,
    /// encoding) or the text of HPay's notice box, e.g. `MD5(order_code + '|' + secure_pass)`.
    /// For `rsa_sha256` and `sign(…)` the configured hpay_certificate verifies.
    pub recipe: Formula,
    /// Values by name, exactly as received.
    pub fields: Json,
    /// The received signature; hexadecimal in either letter case.
    pub signature: String,
}

/// What a signature covers.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verified {
    /// Always `signed`: genuine as far as the recipe goes.
    pub proof: Proof,
    /// Which secret matched, where previous_secrets are configured.
    pub matched: Option<String>,
    /// The covered fields.
    pub fields: Json,
    /// Fields that the recipe does not cover.
    pub unverified: Option<Json>,
}

pub(crate) fn verify(client: &HPay, input: &Verify) -> Result<Made<Verified>> {
    let recipe = input.recipe.build().map_err(|error| error.inside("recipe"))?;
    let fields = checked(&recipe, &input.fields.0)?;
    let matched = client.verify(&recipe, |name| member(fields, name), &input.signature)?;
    let pick = |covered: bool| -> Record<'static> {
        let wanted = fields.iter().filter(|(name, _)| recipe.covers(name) == covered);
        wanted.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    };
    let mut record = Record::from_iter([("proof", Value::text("signed"))]);
    if let Some(matched) = matched {
        record.push("matched", Value::text(matched));
    }
    record.push("fields", Value::Record(pick(true)));
    let rest = pick(false);
    if !rest.is_empty() {
        record.push("unverified", Value::Record(rest));
    }
    Ok(Made::new(record))
}

/// Every field of the recipe as text or whole number, with nothing in it that could be split differently.
fn checked<'f>(recipe: &crate::canonical::Recipe, fields: &'f Record<'static>) -> Result<&'f Record<'static>> {
    for name in recipe.fields.iter() {
        let value = fields.get(name).ok_or_else(|| Error::missing(name).inside("fields"))?;
        let plain = match value {
            Value::Text(_) => true,
            Value::Number(number) => crate::value::whole(number).is_some(),
            _ => false,
        };
        if !plain {
            let rule = crate::error::Rule::Expected("text or a whole number", "văn bản hoặc số nguyên");
            return Err(Error::rule(crate::error::Code::WrongType, rule)
                .field(name)
                .inside("fields"));
        }
    }
    recipe
        .guard(|name| member(fields, name))
        .map_err(|error| error.inside("fields"))?;
    Ok(fields)
}
