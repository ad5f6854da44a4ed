//! The request that a host sends with its own HTTP client, strict query reading, and the named encoders.

use crate::check;
use crate::error::{Code, Error, Result, Rule};
use crate::value::{Record, Text, Value};

/// A request ready to send, byte for byte.
#[derive(Clone, PartialEq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HttpRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// Complete URL with its query string: send it unchanged.
    pub url: String,
    /// Header names and values.
    pub headers: Headers,
    /// Body text in UTF-8: send it unchanged. Absent where there is none.
    pub body: Option<String>,
    /// The digest or signature computed for this request, for logs. Absent where nothing is signed.
    pub signature: Option<String>,
}

/// Header names and values, in the order in which they are sent.
#[derive(Clone, Default, PartialEq)]
pub struct Headers(pub Vec<(String, String)>);

impl HttpRequest {
    fn new(method: &str, url: String, body: Option<String>) -> Self {
        Self {
            method: method.to_owned(),
            url,
            headers: Headers::default(),
            body,
            signature: None,
        }
    }

    pub(crate) fn get(url: String) -> Self {
        Self::new("GET", url, None)
    }

    pub(crate) fn post_json(url: String, body: String) -> Self {
        Self::new("POST", url, Some(body)).header("Content-Type", "application/json")
    }

    pub(crate) fn post_form(url: String, body: String) -> Self {
        Self::new("POST", url, Some(body)).header("Content-Type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.0.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn signature(mut self, signature: impl Into<String>) -> Self {
        self.signature = Some(signature.into());
        self
    }
}

/// Tokens are in there: only the names are shown.
impl core::fmt::Debug for Headers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Tokens, payloads and signatures are in there: only the method and the address are shown.
impl core::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let address = self.url.split('?').next().unwrap_or_default();
        write!(f, "HttpRequest({} {address})", self.method)
    }
}

impl From<HttpRequest> for Value<'static> {
    fn from(request: HttpRequest) -> Self {
        let mut record = Record::with_capacity(5);
        record.push("method", Value::text(request.method));
        record.push("url", Value::text(request.url));
        let headers = request
            .headers
            .0
            .into_iter()
            .map(|(name, value)| (name, Value::text(value)))
            .collect();
        record.push("headers", Value::Record(headers));
        if let Some(body) = request.body {
            record.push("body", Value::text(body));
        }
        if let Some(signature) = request.signature {
            record.push("signature", Value::text(signature));
        }
        Value::Record(record)
    }
}

impl<'de> serde::Deserialize<'de> for Headers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let crate::value::Json(record) = serde::Deserialize::deserialize(deserializer)?;
        Ok(Self(
            record
                .iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value.as_text()?.to_owned())))
                .collect(),
        ))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Headers {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Headers".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": { "type": "string" } })
    }
    fn inline_schema() -> bool {
        true
    }
}

/// A byte as it is written: the first `count` of these. Four, so that they are copied in one step.
#[derive(Clone, Copy)]
struct Encoded {
    bytes: [u8; 4],
    count: u8,
}

/// The table of an encoder that keeps letters, digits and the bytes of `kept`, and writes a space as `space`.
const fn table(kept: &[u8], space: &[u8]) -> [Encoded; 256] {
    let mut table = [Encoded {
        bytes: [0; 4],
        count: 1,
    }; 256];
    let mut left: &mut [Encoded] = &mut table;
    let mut byte = 0_u8;
    while let Some((place, others)) = left.split_first_mut() {
        *place = match (byte, space) {
            (b' ', [space]) => Encoded {
                bytes: [*space, 0, 0, 0],
                count: 1,
            },
            _ if byte.is_ascii_alphanumeric() || contains(kept, byte) => Encoded {
                bytes: [byte, 0, 0, 0],
                count: 1,
            },
            _ => Encoded {
                bytes: [b'%', digit(byte >> 4), digit(byte & 15), 0],
                count: 3,
            },
        };
        byte = byte.wrapping_add(1);
        left = others;
    }
    table
}

const fn contains(mut bytes: &[u8], wanted: u8) -> bool {
    while let Some((first, others)) = bytes.split_first() {
        if *first == wanted {
            return true;
        }
        bytes = others;
    }
    false
}

const fn digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0'.wrapping_add(nibble),
        _ => b'A'.wrapping_add(nibble).wrapping_sub(10),
    }
}

/// How a value is percent-encoded. The three differ on space, `~` and `*`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoder {
    /// RFC 3986: unreserved characters kept, space `%20`.
    Rfc3986,
    /// PHP's `urlencode`: space `+`, `~` `%7E`, `*` `%2A`.
    PhpForm,
    /// WHATWG `application/x-www-form-urlencoded`: space `+`, `~` `%7E`, `*` kept.
    WhatwgForm,
}

impl Encoder {
    /// What each byte is written as.
    const fn table(self) -> &'static [Encoded; 256] {
        const RFC3986: [Encoded; 256] = table(b"-._~", b"%20");
        const PHP_FORM: [Encoded; 256] = table(b"-._", b"+");
        const WHATWG_FORM: [Encoded; 256] = table(b"-._*", b"+");
        match self {
            Encoder::Rfc3986 => &RFC3986,
            Encoder::PhpForm => &PHP_FORM,
            Encoder::WhatwgForm => &WHATWG_FORM,
        }
    }

    /// Every byte takes the same few steps: to tell runs of plain ones apart takes longer, texts of Vietnamese change
    /// every few bytes.
    fn push(self, value: &str, out: &mut Vec<u8>) {
        let table = self.table();
        let start = out.len();
        // At most three bytes for each, and one more that is written beside the last.
        let room = value.len().saturating_mul(3).saturating_add(1);
        out.resize(start.saturating_add(room), 0);
        let mut length = start;
        for byte in value.bytes() {
            let Some(Encoded { bytes, count }) = table.get(usize::from(byte)) else {
                break;
            };
            if let Some(place) = out.get_mut(length..).and_then(|rest| rest.first_chunk_mut()) {
                *place = *bytes;
            }
            length = length.saturating_add(usize::from(*count));
        }
        out.truncate(length);
    }

    pub(crate) fn encode(self, value: &str) -> String {
        let mut out = Vec::with_capacity(value.len());
        self.push(value, &mut out);
        ascii(out)
    }

    /// `name=value` pairs joined with `&`; names are ours and need no encoding.
    pub(crate) fn join<'a>(self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut out = Vec::with_capacity(512);
        self.append(b"", pairs, &mut out);
        ascii(out)
    }

    /// An address in parts, `?` and the pairs.
    pub(crate) fn address<'a>(self, parts: &[&str], pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut out = Vec::with_capacity(1024);
        parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
        self.append(b"?", pairs, &mut out);
        ascii(out)
    }

    fn append<'a>(
        self,
        mut before: &'static [u8],
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        out: &mut Vec<u8>,
    ) {
        for (name, value) in pairs {
            out.extend_from_slice(before);
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            self.push(value, out);
            before = b"&";
        }
    }
}

/// Encoded text and checked addresses: they are all ASCII.
fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// Longest query string or body text that a reader looks at.
pub(crate) const MAX_QUERY: usize = 64 * 1024;
/// Most parameters in a query string; the longest callback has fewer than 20.
const MAX_PARAMETERS: usize = 64;

/// Reads a raw query string strictly: every parameter once (whatever its letter case), plain names, valid
/// percent-encoding, valid UTF-8, no control characters. Empty pairs (`&&`) are tolerated: HPay sends them.
pub(crate) fn read_query(query: &str) -> Result<Record<'_>> {
    let malformed = |english, vietnamese| Error::say(Code::MalformedInput, english, vietnamese).field("query");
    if query.len() > MAX_QUERY {
        return Err(malformed("is longer than 65536 bytes", "dài quá 65536 byte"));
    }
    let query = query.strip_prefix('?').unwrap_or(query);
    // Callbacks have some ten to twenty parameters.
    let mut record = Record::with_capacity(16);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name).filter(|name| is_plain_name(name)).ok_or_else(|| {
            malformed(
                "has a parameter with an unusable name; give only what stands behind the `?` of the address",
                "có tham số với tên không dùng được; chỉ truyền phần đứng sau dấu `?` của địa chỉ",
            )
        })?;
        let value = decode(value).ok_or_else(|| {
            Error::say(
                Code::MalformedInput,
                "is not validly percent-encoded UTF-8 text",
                "không phải văn bản UTF-8 được mã hóa phần trăm hợp lệ",
            )
            .field(&name)
        })?;
        if record
            .iter()
            .any(|(other, _): (&str, _)| other.eq_ignore_ascii_case(&name))
        {
            return Err(Error::say(Code::MalformedInput, "comes more than once", "xuất hiện nhiều lần").field(&name));
        }
        if record.len() >= MAX_PARAMETERS {
            return Err(malformed("has more than 64 parameters", "có hơn 64 tham số"));
        }
        record.push(name, Value::text(value));
    }
    Ok(record)
}

fn is_plain_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Form decoding of one value; `None` for a bad sequence, bad UTF-8 or a control character.
pub(crate) fn decode(text: &str) -> Option<Text<'_>> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'+' && byte != b'%')
    {
        return Some(Text::Borrowed(text));
    }
    let digit = |byte: &u8| {
        char::from(*byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        let length = rest.iter().take_while(|byte| !matches!(byte, b'+' | b'%')).count();
        let (plain, tail) = rest.split_at_checked(length).unwrap_or((rest, b""));
        out.extend_from_slice(plain);
        rest = match tail {
            [] => break,
            [b'%', high, low, behind @ ..] => {
                out.push((digit(high)? << 4) | digit(low)?);
                behind
            }
            [b'+', behind @ ..] => {
                out.push(b' ');
                behind
            }
            _ => return None,
        };
    }
    String::from_utf8(out)
        .ok()
        .filter(|text| !check::has_control_code(text))
        .map(Text::Owned)
}

/// Checks the origin (and path prefix) that requests go to: https, or http for this machine only.
/// The accepted alphabet is so small that every URL parser sees the same host.
pub(crate) fn check_base_url(field: &str, url: &str) -> Result<String> {
    let refuse = |english, vietnamese| Err(Error::invalid(field, Rule::Say(english, vietnamese)));
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return refuse("must begin with https://", "phải bắt đầu bằng https://"),
    };
    let (authority, path) = match rest.split_once('/') {
        Some((authority, path)) => (authority, path),
        None => (rest, ""),
    };
    let (host, port) = check::host_and_port(authority);
    if !check::is_plain_host(host) || !port.is_none_or(check::is_port) {
        return refuse(
            "must hold a plain host name, without user or password",
            "phải chứa tên máy chủ hợp lệ, không kèm tài khoản",
        );
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    if !path.bytes().all(plain) || path.split('/').any(|step| step == ".." || step == ".") {
        return refuse(
            "must be an origin with at most a plain path prefix",
            "chỉ được gồm địa chỉ gốc và tiền tố đường dẫn đơn giản",
        );
    }
    if !secure && !check::is_loopback_host(host) {
        return refuse(
            "must use https (http is for loopback hosts)",
            "phải dùng https (http chỉ dành cho máy cục bộ)",
        );
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// The same, and it must not be the documented host of the other environment: sandbox and production were mixed up.
pub(crate) fn check_base_url_but(other: &str, field: &str, url: &str) -> Result<String> {
    let checked = check_base_url(field, url)?;
    if !host_of(&checked).eq_ignore_ascii_case(host_of(other)) {
        return Ok(checked);
    }
    let rule = Rule::Say("is the host of the other environment", "là máy chủ của môi trường khác");
    Err(Error::invalid(field, rule))
}

/// Whether a checked base URL points to this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    check::is_loopback_host(host_of(url))
}

/// The host of a checked base URL.
fn host_of(url: &str) -> &str {
    let authority = url
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default();
    check::host_and_port(authority).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        for good in [
            "https://a.example",
            "https://a.example:8443/x/y",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://[::1]:9",
        ] {
            assert!(check_base_url("base_url", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a.example",
            "ftp://a.example",
            "http://a.example",
            "https://",
            "https:///x",
            "https://user@a.example",
            "https://good@evil",
            "https://a.example?x",
            "https://a.example#x",
            "https://a.example\\b",
            "https://a..b",
            "https://a.example:0",
            "https://a.example:99999",
            "https://a.example:+80",
            "https://a.example/../x",
            "javascript:alert(1)",
            "https://a.example/\n",
            "https://đ.example",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://[::2]",
        ] {
            assert!(check_base_url("base_url", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn queries_are_strict() {
        assert_eq!(read_query("?a=1&&b=%C4%91+x&").unwrap().printed("b").unwrap(), "đ x");
        for bad in [
            "a=%", "a=%zz", "a=%ff", "a=1&a=2", "a=1&A=2", "a[]=1", "a.b=1", "a%00=1", "a=%00", "=1", "%61%5b=1",
            "a%2561=1",
        ] {
            assert!(read_query(bad).is_err(), "{bad}");
        }
    }
}
