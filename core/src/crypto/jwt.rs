//! JSON Web Tokens: HS256 is built, never verified; the expiry of a foreign token is read without any trust.

use super::digest::HmacKey;
use super::encoding::{base64url, from_base64url};
use crate::value::{Record, Value, parse_record, whole};

/// header.payload.signature, all base64url without padding. The header, always the same, is given encoded.
pub(crate) fn hs256(header: &str, claims: Record<'_>, key: &HmacKey) -> String {
    let claims = base64url(Value::Record(claims).to_json().as_bytes());
    // 32 bytes of signature are 43 digits.
    let mut token = String::with_capacity(header.len().saturating_add(claims.len()).saturating_add(45));
    for piece in [header, ".", &claims] {
        token.push_str(piece);
    }
    let signature = key.sign(token.as_bytes());
    token.push('.');
    token.push_str(&base64url(&signature));
    token
}

/// The `exp` claim of a token that nobody here can verify.
pub(crate) fn unverified_exp(token: &str) -> Option<u64> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let payload = String::from_utf8(from_base64url(payload)?).ok()?;
    let claims = parse_record(&payload).ok()?;
    // What every language's integers hold.
    whole(&claims.printed("exp")?).filter(|exp| *exp < 1 << 53)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.1: its header and claims have line ends, so the text to sign is given ready.
    #[test]
    fn the_signature_of_rfc_7515() {
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leG\
                    FtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = HmacKey::new(&from_base64url(key).unwrap()).sign(text.as_bytes());
        assert_eq!(base64url(&signature), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    /// A foreign token proves nothing: whatever stands in it is read as a number of seconds or not at all.
    #[test]
    fn expiry_of_foreign_tokens() {
        let token = |claims: &str| format!("e30.{}.", base64url(claims.as_bytes()));
        for (claims, expected) in [
            (r#"{"exp":0}"#, Some(0)),
            (r#"{"exp":9007199254740991}"#, Some(9_007_199_254_740_991)),
            (r#"{"exp":9007199254740992}"#, None),
            (r#"{"exp":18446744073709551616}"#, None),
            (r#"{"exp":"007"}"#, None),
            (r#"{"exp":-1}"#, None),
            (r#"{"exp":1.5}"#, None),
            (r#"{"exp":1e9}"#, None),
            (r#"{"exp":null}"#, None),
            (r#"{"exp":[1]}"#, None),
            (r#"{"exp":1,"exp":2}"#, None),
            (r#"{}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(unverified_exp(&token(claims)), expected, "{claims}");
        }
        for bad in ["", ".", "..", "a.b", "e30.e30", "e30.e30.x.x", "e30.!.x", "e30.e3==.x"] {
            assert_eq!(unverified_exp(bad), None, "{bad}");
        }
    }
}
