//! Formulas as gateways print them, e.g. `MD5(a + '|' + b + '|' + passcode)`, read into recipe parts.
//!
//! ```text
//! formula := [ name "=" ] call
//! call    := "MD5" list | "SHA256" list | "sign" list | "base64" "(" "sign" list ")"
//! list    := "(" piece { "+" piece } ")"
//! piece   := name | quoted text
//! ```
//! Function names in any letter case. `sign` is RSA with SHA-256, always in base64. Names are those of the message's
//! fields, exactly one of them `passcode` or `secure_pass`. Every two names have one and the same separator between
//! them, a quoted text that is not empty; one more quoted text may stand in front of everything.

use super::{Digest, Position, RecipeConfig, SecretName};
use crate::error::{Code, Error, Result, Rule};

/// A formula: its parts, or the text in which the gateway prints it.
#[derive(Clone, Debug)]
pub enum Formula {
    /// The parts.
    Parts(RecipeConfig),
    /// Text such as `MD5(order_code + '|' + secure_pass)` or `sign(requestId + '|' + merchantId + '|' + passcode)`.
    Text(String),
}

impl Formula {
    pub(crate) fn build(&self) -> Result<super::Recipe> {
        match self {
            Formula::Parts(parts) => parts.build(),
            Formula::Text(text) => read(text)?.build(),
        }
    }
}

impl From<RecipeConfig> for Formula {
    fn from(parts: RecipeConfig) -> Self {
        Formula::Parts(parts)
    }
}

impl From<&str> for Formula {
    fn from(text: &str) -> Self {
        Formula::Text(text.to_owned())
    }
}

impl<'de> serde::Deserialize<'de> for Formula {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct Read;
        impl<'de> serde::de::Visitor<'de> for Read {
            type Value = Formula;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> core::result::Result<Formula, E> {
                Ok(Formula::Text(text.to_owned()))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> core::result::Result<Formula, A::Error> {
                let parts = serde::de::value::MapAccessDeserializer::new(map);
                serde::Deserialize::deserialize(parts).map(Formula::Parts)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Formula {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Formula".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["object", "string"], "x-kyso": "any" })
    }
    fn inline_schema() -> bool {
        true
    }
}

/// Longest formula that is read.
const MAX_TEXT: usize = 4096;

#[derive(Clone, Debug, PartialEq)]
enum Token<'t> {
    Name(&'t str),
    Quoted(&'t str),
    Mark(char),
}

/// Reads the text of a formula.
fn read(text: &str) -> Result<RecipeConfig> {
    let tokens = tokens(text)?;
    let tokens = match tokens.as_slice() {
        [Token::Name(_), Token::Mark('='), rest @ ..] => rest,
        all => all,
    };
    let (function, pieces) = call(tokens).ok_or_else(unreadable)?;
    match function.to_ascii_lowercase().as_str() {
        "md5" => parts(pieces, Digest::Md5),
        "sha256" => parts(pieces, Digest::Sha256),
        "sign" => parts(pieces, Digest::RsaSha256),
        "base64" => match call(pieces) {
            Some((inner, pieces)) if inner.eq_ignore_ascii_case("sign") => parts(pieces, Digest::RsaSha256),
            _ => Err(unreadable()),
        },
        _ => Err(unreadable()),
    }
}

/// `function(…)` and nothing behind it.
fn call<'s, 't>(tokens: &'s [Token<'t>]) -> Option<(&'t str, &'s [Token<'t>])> {
    match tokens {
        [Token::Name(function), Token::Mark('('), inside @ .., Token::Mark(')')] => Some((function, inside)),
        _ => None,
    }
}

/// Names and separators in turn, joined with `+`.
fn parts(tokens: &[Token<'_>], digest: Digest) -> Result<RecipeConfig> {
    let pieces = pieces(tokens).ok_or_else(unreadable)?;
    let (prefix, pieces) = match pieces.as_slice() {
        [Token::Quoted(prefix), rest @ ..] => (Some(*prefix), rest),
        all => (None, all),
    };
    let mut names = Vec::new();
    let mut separators = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Token::Name(name) if index % 2 == 0 => names.push(*name),
            Token::Quoted(separator) if index % 2 == 1 => separators.push(*separator),
            _ => return Err(unreadable()),
        }
    }
    // A text at the end would leave one separator too many.
    let one = separators.first().copied().filter(|first| {
        let last_is_name = separators.len().checked_add(1) == Some(names.len());
        last_is_name && !first.is_empty() && separators.iter().all(|other| other == first)
    });
    let separator = one.ok_or_else(unreadable)?;
    let secret_at = |secret: SecretName| names.iter().position(|name| *name == secret.name());
    let (secret, at) = match (secret_at(SecretName::Passcode), secret_at(SecretName::SecurePass)) {
        (Some(at), None) => (SecretName::Passcode, at),
        (None, Some(at)) => (SecretName::SecurePass, at),
        _ => return Err(no_secret()),
    };
    names.remove(at);
    if names.contains(&secret.name()) {
        return Err(no_secret());
    }
    Ok(RecipeConfig {
        fields: names.into_iter().map(str::to_owned).collect(),
        separator: separator.to_owned(),
        prefix: prefix.map(str::to_owned),
        secret,
        secret_position: Some(Position(at.to_string())),
        digest: Some(digest),
        encoding: None,
    })
}

/// The pieces between the `+` marks; `None` where two stand side by side or one is lacking.
fn pieces<'t>(tokens: &[Token<'t>]) -> Option<Vec<Token<'t>>> {
    let mut pieces = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match (index % 2, token) {
            (1, Token::Mark('+')) => {}
            (0, Token::Name(_) | Token::Quoted(_)) => pieces.push(token.clone()),
            _ => return None,
        }
    }
    (tokens.len() % 2 == 1).then_some(pieces)
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    if text.len() > MAX_TEXT {
        return Err(unreadable());
    }
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let tail = rest.get(first.len_utf8()..).unwrap_or_default();
        let (token, after) = match first {
            '(' | ')' | '+' | '=' => (Token::Mark(first), tail),
            '\'' | '"' | '‘' | '“' => {
                let close = match first {
                    '‘' => '’',
                    '“' => '”',
                    straight => straight,
                };
                let (inside, after) = tail.split_once(close).ok_or_else(unreadable)?;
                (Token::Quoted(inside), after)
            }
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let end = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                let (name, after) = rest.split_at_checked(end).ok_or_else(unreadable)?;
                (Token::Name(name), after)
            }
            _ => return Err(unreadable()),
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn unreadable() -> Error {
    Error::rule(
        Code::InvalidValue,
        Rule::Say(
            "must read like MD5(a + '|' + b + '|' + passcode) or sign(a + '|' + passcode), with one separator",
            "phải có dạng MD5(a + '|' + b + '|' + passcode) hoặc sign(a + '|' + passcode), với một ký tự phân cách",
        ),
    )
}

fn no_secret() -> Error {
    Error::rule(
        Code::InvalidValue,
        Rule::Say(
            "must name passcode or secure_pass exactly once",
            "phải nêu passcode hoặc secure_pass đúng một lần",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{DigestEncoding, Recipe};

    fn recipe(text: &str) -> Recipe {
        Formula::from(text).build().unwrap()
    }

    fn joined(recipe: &Recipe) -> String {
        let mut out = Vec::new();
        recipe.feed(|name| Some(format!("<{name}>").into()), Some("SECRET"), &mut |piece| {
            out.extend_from_slice(piece)
        });
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_of_notice_boxes() {
        for (text, expected) in [
            ("MD5(a + '|' + b + '|' + passcode)", "<a>|<b>|SECRET"),
            (" md5( a+'|'+b+'|'+passcode ) ", "<a>|<b>|SECRET"),
            (
                "secure_code = MD5(merchantId + \"|\" + condition + \"|\" + passcode)",
                "<merchantId>|<condition>|SECRET",
            ),
            ("MD5(secure_pass + ‘|’ + a)", "SECRET|<a>"),
            ("MD5(a + “ ” + passcode + “ ” + b)", "<a> SECRET <b>"),
            ("MD5(' ' + a + ' ' + b + ' ' + secure_pass)", " <a> <b> SECRET"),
            ("SHA256(a + '||' + passcode)", "<a>||SECRET"),
            ("sign(a + '|' + passcode)", "<a>|SECRET"),
            ("secureChain = base64(sign(a + '|' + passcode))", "<a>|SECRET"),
        ] {
            assert_eq!(joined(&recipe(text)), expected, "{text}");
        }
        let signed = recipe("Base64(Sign(a + '|' + passcode))");
        assert_eq!(
            (signed.digest, signed.encoding),
            (Digest::RsaSha256, DigestEncoding::Base64)
        );
        assert_eq!(recipe("MD5(a + '|' + passcode)").digest, Digest::Md5);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "MD5",
            "MD5()",
            "MD5(passcode)",
            "MD5(a + passcode)",
            "MD5(a + '' + passcode)",
            "MD5(a + '|' + b)",
            "MD5(a + '|' + passcode",
            "MD5(a + '|' + passcode))",
            "MD5(a + '|' + passcode) + x",
            "MD5(a + '|' + passcode + '|')",
            "MD5(a + '|' b + '|' + passcode)",
            "MD5(a + + passcode)",
            "MD5(a + '|' + b + ',' + passcode)",
            "MD5(a '|' passcode)",
            "MD5(a, b, passcode)",
            "MD5(a + '|' + passcode + '|' + passcode)",
            "MD5(a + '|' + passcode + '|' + secure_pass)",
            "MD5(a + '|' + a + '|' + passcode)",
            "MD5(a + '|' + passcode)\0",
            "MD5(a + '| + passcode)",
            "MD5('x' + '|' + a + '|' + passcode)",
            "MD5(đơn + '|' + passcode)",
            "SHA1(a + '|' + passcode)",
            "base64(MD5(a + '|' + passcode))",
            "sign(MD5(a + '|' + passcode))",
            "a = b = MD5(a + '|' + passcode)",
            "MD5(a + '|' + HPayKey)",
        ] {
            let error = Formula::from(text).build().unwrap_err();
            assert_eq!(error.code(), Code::InvalidValue, "{text}");
        }
        let long = format!("MD5({}passcode)", "a + '|' + ".repeat(1000));
        assert!(Formula::from(long.as_str()).build().is_err());
    }
}
