//! RSA keys that never enter the process (HSM, KMS, a host's own key object): the digest to sign goes out, the ready
//! signature comes in.

use super::HPay;
use crate::answer::Made;
use crate::canonical::{Digest, Recipe};
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::value::{Record, Text, Value};

/// What to sign.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToSign {
    /// SHA-256 of the bytes in hexadecimal: sign it with RSA PKCS#1 v1.5 (DigestInfo of SHA-256).
    pub sha256: String,
    /// The bytes in base64, only with include_bytes. They hold the passcode.
    pub bytes: Option<String>,
}

/// The digest to sign, and the bytes on request.
pub(super) fn to_sign<'v>(
    client: &HPay,
    recipe: &Recipe,
    value_of: impl Fn(&str) -> Option<Text<'v>> + Copy,
    include_bytes: Option<bool>,
) -> Result<Made<ToSign>> {
    if recipe.digest != Digest::RsaSha256 {
        let rule = Rule::Say(
            "names a formula without an RSA signature",
            "khai báo công thức không dùng chữ ký RSA",
        );
        return Err(Error::invalid("recipes", rule));
    }
    let secret = client.secret(recipe.secret)?;
    let mut record = Record::from_iter([("sha256", Value::text(encoding::hex(&recipe.digest(value_of, secret))))]);
    if include_bytes == Some(true) {
        record.push("bytes", Value::text(encoding::base64(&recipe.text(value_of, secret))));
    }
    Ok(Made::new(record))
}

/// The signature of a request: the ready one, else one by the configured key.
pub(super) fn ready_or_signed<'v>(
    client: &HPay,
    recipe: &Recipe,
    value_of: impl Fn(&str) -> Option<Text<'v>> + Copy,
    ready: Option<&str>,
) -> Result<String> {
    let Some(ready) = ready else {
        return client.sign(recipe, value_of);
    };
    let length = encoding::from_base64(ready).map(|bytes| bytes.len());
    if !length.is_some_and(|length| (256..=512).contains(&length)) {
        let rule = Rule::Say("must be an RSA signature in base64", "phải là chữ ký RSA dạng base64");
        return Err(Error::invalid("ready_signature", rule));
    }
    if let Some(certificate) = &client.merchant_certificate {
        let text = recipe.text(value_of, client.secret(recipe.secret)?);
        if !certificate.verify(&text, ready) {
            return Err(Error::new(Code::SignatureMismatch).field("ready_signature"));
        }
    }
    Ok(ready.to_owned())
}
