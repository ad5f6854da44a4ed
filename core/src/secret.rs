//! Secrets: wiped on drop, redacted in `Debug`, never empty.

use core::fmt;

use zeroize::{Zeroizing, optimization_barrier};

use crate::error::{Code, Error, Result, Rule};

/// A secret text. The default is the empty one, which every rule refuses. It has no `Display`, no `Serialize`, and `Debug` shows nothing of it.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret over. Rules are checked when a client is made from it.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The rules for every secret text. `samples` are the gateway's printed examples, refused in production only.
    pub(crate) fn check(&self, field: &str, production: bool, samples: &[&str]) -> Result<()> {
        let refuse =
            |english, vietnamese| Err(Error::rule(Code::InvalidKey, Rule::Say(english, vietnamese)).field(field));
        let text = self.expose();
        if text.is_empty() {
            return refuse("must not be empty", "không được để trống");
        }
        if text.trim().is_empty() {
            return refuse("must not be blank", "không được chỉ gồm khoảng trắng");
        }
        if text.trim().len() != text.len() {
            return refuse(
                "must not begin or end with white space",
                "không được có khoảng trắng ở đầu hoặc cuối",
            );
        }
        if text.chars().any(char::is_control) {
            return refuse(
                "must not contain control characters",
                "không được chứa ký tự điều khiển",
            );
        }
        if text.len() > 4096 {
            return refuse("must not be longer than 4096 bytes", "không được dài quá 4096 byte");
        }
        if is_placeholder(text) {
            return refuse("is a placeholder, not a secret", "là chữ giữ chỗ, không phải mã bí mật");
        }
        if production && samples.contains(&text) {
            return refuse(
                "is a published sample secret, refused in production",
                "là mã bí mật mẫu đã công bố, không được dùng ở môi trường production",
            );
        }
        Ok(())
    }
}

/// Texts that stand for a secret in documents, in templates that nobody filled in and in unset variables.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "api_key",
        "changeme",
        "change_me",
        "client_secret",
        "none",
        "null",
        "object_object",
        "passcode",
        "password",
        "secret_key",
        "secure_pass",
        "undefined",
    ];
    let mut bytes = text.bytes();
    let first = bytes.next();
    let repeated = text.len() >= 4 && bytes.all(|byte| Some(byte) == first);
    let is_frame = |c: char| matches!(c, '<' | '>' | '{' | '}' | '[' | ']' | '$' | '%' | '"' | '\'');
    // Read letter by letter: a copy would have to be wiped.
    let plain = || {
        text.trim_matches(is_frame).chars().map(|c| match c {
            '-' | ' ' => '_',
            _ => c.to_ascii_lowercase(),
        })
    };
    let is_word = |word: &&str| plain().eq(word.chars());
    let template = ["<", "${", "{{"].iter().any(|frame| text.starts_with(frame)) && text.ends_with(['>', '}']);
    repeated || template || plain().take(5).eq("your_".chars()) || WORDS.iter().any(is_word)
}

/// Wipes a text and empties it, spare room included. zeroize's own way for texts takes a cycle for each byte, which is
/// longer than encrypting it; filling and then its barrier, without which the compiler may leave the filling out.
pub(crate) fn wipe(text: &mut String) {
    let mut bytes = core::mem::take(text).into_bytes();
    wipe_bytes(&mut bytes);
}

/// The same for bytes.
pub(crate) fn wipe_bytes(bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.resize(bytes.capacity(), 0);
    optimization_barrier(bytes.as_slice());
    bytes.clear();
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "x-kyso": "secret" })
    }
    fn inline_schema() -> bool {
        true
    }
}
