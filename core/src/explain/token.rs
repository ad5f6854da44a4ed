//! Why a JWT does not match: the algorithm, the writing, the key.

use super::{Explanation, unsigned};
use crate::answer::Made;
use crate::crypto::digest::{HmacKey, hmac_sha512};
use crate::crypto::{compare, encoding};
use crate::secret::Secret;
use crate::value::{Record, Value, parse_record};

/// Name, English, Vietnamese.
type Finding = (&'static str, &'static str, &'static str);

/// Explains a token of the other side. It is never said what the right one would be.
pub(crate) fn explain_jwt(operation: &str, token: &str, secret: &Secret) -> Made<Explanation> {
    let findings = findings(token.trim(), secret);
    let (english, vietnamese) = match findings.as_slice() {
        [] => (
            "The token is an HS256 JWT under this secret key.".to_owned(),
            "Token là JWT HS256 đúng với khóa bí mật này.".to_owned(),
        ),
        findings => {
            let join =
                |part: fn(&Finding) -> &'static str| findings.iter().map(part).collect::<Vec<_>>().join(", and ");
            let join_vi =
                |part: fn(&Finding) -> &'static str| findings.iter().map(part).collect::<Vec<_>>().join(", và ");
            (
                format!("The token is refused because {}.", join(|(_, english, _)| english)),
                format!("Token bị từ chối vì {}.", join_vi(|(_, _, vietnamese)| vietnamese)),
            )
        }
    };
    let mut explanation = unsigned(operation, &english, &vietnamese);
    let matches = Value::Bool(findings.is_empty());
    let mistakes = findings.iter().map(|(name, english, vietnamese)| {
        Value::Record(Record::from_iter([
            ("names", Value::List(vec![Value::text(*name)])),
            ("sentence", Value::text(*english)),
            ("sentence_vi", Value::text(*vietnamese)),
        ]))
    });
    let mistakes = Value::List(mistakes.collect());
    explanation.set("matches", matches);
    explanation.set("mistakes", mistakes);
    explanation
}

fn findings(token: &str, secret: &Secret) -> Vec<Finding> {
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        return vec![(
            "not_a_jwt",
            "it is no JWT: three parts joined with points",
            "không phải JWT: ba phần nối bằng dấu chấm",
        )];
    };
    let mut findings = Vec::new();
    let standard = |part: &str| part.contains(['=', '+', '/']);
    if [header, payload, signature].iter().any(|part| standard(part)) {
        findings.push((
            "standard_base64",
            "it is written in standard or padded base64 instead of base64url without padding",
            "viết bằng base64 thường hoặc có dấu = thay vì base64url không đệm",
        ));
    }
    let plain = |part: &str| part.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let algorithm = encoding::from_base64url(&plain(header))
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| Some(parse_record(&text).ok()?.printed("alg")?.into_owned()));
    if algorithm.as_deref() != Some("HS256") {
        findings.push((
            "other_algorithm",
            "its header does not say HS256",
            "phần đầu không ghi HS256",
        ));
    }
    let bytes = encoding::from_base64url(&plain(signature)).unwrap_or_default();
    let text = format!("{header}.{payload}");
    let key = secret.expose().as_bytes();
    let is_hs256 = |key: &[u8]| compare::equal(&HmacKey::new(key).sign(text.as_bytes()), &bytes);
    if is_hs256(key) {
        return findings;
    }
    let hs512 = hmac_sha512(key, text.as_bytes());
    findings.push(if hs512.is_some_and(|digest| compare::equal(&digest, &bytes)) {
        (
            "hmac_sha512",
            "it is signed with HS512 instead of HS256",
            "ký bằng HS512 thay vì HS256",
        )
    } else if encoding::from_hex(secret.expose()).is_some_and(|key| is_hs256(&key)) {
        (
            "key_from_hex",
            "the secret key was decoded from hexadecimal first",
            "khóa bí mật bị giải mã từ dạng thập lục phân trước khi dùng",
        )
    } else if encoding::from_base64(secret.expose()).is_some_and(|key| is_hs256(&key)) {
        (
            "key_from_base64",
            "the secret key was decoded from base64 first",
            "khóa bí mật bị giải mã từ base64 trước khi dùng",
        )
    } else {
        ("other_key", "it is signed with another key", "ký bằng khóa khác")
    });
    findings
}
