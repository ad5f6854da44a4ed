//! The catalogue of mistakes, from what real code gets wrong, and the search through their combinations: every value
//! change × every change of the text × every digest × every secret. Bounded: some ten thousand digests.

use std::collections::HashSet;

use super::{Field, Shape, Subject};
use crate::canonical::{Digest, DigestEncoding};
use crate::crypto::digest::{HmacKey, hmac_md5, hmac_sha512, md5, sha256, sha512};
use crate::crypto::{compare, encoding};
use crate::http::{Encoder, decode};
use crate::secret::Secret;
use crate::value::{Record, Text, Value};
use crate::vietqr::text::{lower_case, upper_case};

/// Most explanations that are given.
const MOST: usize = 5;
/// Most RSA verifications: each costs a hundred times a digest.
const MOST_RSA: usize = 2_000;

/// Deviations that give the signature of the other side.
pub(super) struct Found {
    names: Vec<&'static str>,
    pub(super) english: String,
    pub(super) vietnamese: String,
}

impl Found {
    pub(super) fn to_record(&self) -> Record<'static> {
        let names = self.names.iter().map(|name| Value::text(*name)).collect();
        Record::from_iter([
            ("names", Value::List(names)),
            ("sentence", Value::text(self.english.clone())),
            ("sentence_vi", Value::text(self.vietnamese.clone())),
        ])
    }
}

/// Name, English, Vietnamese. The sentences complete "… comes out when".
type Named = (&'static str, &'static str, &'static str);

const AS_IT_SHOULD_BE: Named = ("", "", "");

/// A change of every value.
type ValueChange = (Named, fn(&str, &str) -> String);

const VALUES: &[ValueChange] = &[
    (AS_IT_SHOULD_BE, |_, value| value.to_owned()),
    (
        (
            "percent_encoded_php",
            "values are percent-encoded as by http_build_query or urlencode (space as +) before signing",
            "giá trị bị mã hóa phần trăm kiểu http_build_query/urlencode (khoảng trắng thành +) trước khi ký",
        ),
        |_, value| Encoder::PhpForm.encode(value),
    ),
    (
        (
            "percent_encoded",
            "values are percent-encoded (encodeURIComponent, rawurlencode) before signing",
            "giá trị bị mã hóa phần trăm (encodeURIComponent, rawurlencode) trước khi ký",
        ),
        |_, value| Encoder::Rfc3986.encode(value),
    ),
    (
        (
            "percent_encoded_form",
            "values are encoded as by URLSearchParams before signing",
            "giá trị bị mã hóa kiểu URLSearchParams trước khi ký",
        ),
        |_, value| Encoder::WhatwgForm.encode(value),
    ),
    (
        (
            "decoded_twice",
            "values are percent-decoded once more than they should be",
            "giá trị bị giải mã phần trăm thừa một lần",
        ),
        |_, value| decode(value).map_or_else(|| value.to_owned(), Text::into_owned),
    ),
    (
        (
            "trimmed",
            "white space at the ends of values is removed",
            "khoảng trắng ở đầu và cuối giá trị bị cắt bỏ",
        ),
        |_, value| value.trim().to_owned(),
    ),
    (
        (
            "lower_case_url",
            "addresses are lower-cased",
            "địa chỉ URL bị đổi thành chữ thường",
        ),
        |name, value| {
            if name.contains("rl") || value.contains("://") {
                value.to_ascii_lowercase()
            } else {
                value.to_owned()
            }
        },
    ),
    (
        (
            "lower_case",
            "values are lower-cased",
            "giá trị bị đổi thành chữ thường",
        ),
        |_, value| lower_case(value),
    ),
    (
        ("upper_case", "values are upper-cased", "giá trị bị đổi thành chữ hoa"),
        |_, value| upper_case(value),
    ),
    (
        (
            "without_accents",
            "Vietnamese accents are removed",
            "dấu tiếng Việt bị bỏ",
        ),
        |_, value| crate::vietqr::text::strip(value),
    ),
    (
        (
            "nfd",
            "Vietnamese letters are decomposed (Unicode NFD)",
            "chữ tiếng Việt ở dạng tổ hợp (Unicode NFD)",
        ),
        |_, value| super::unicode::decompose(value),
    ),
    (
        (
            "nfc",
            "Vietnamese letters are composed (Unicode NFC)",
            "chữ tiếng Việt ở dạng dựng sẵn (Unicode NFC)",
        ),
        |_, value| super::unicode::compose(value),
    ),
    (
        (
            "json_escaped",
            "letters outside ASCII are written as \\u escapes (json_encode, json.dumps)",
            "chữ ngoài ASCII bị viết thành \\u (json_encode, json.dumps)",
        ),
        |_, value| json_escaped(value),
    ),
    (
        (
            "number_with_fraction",
            "numbers are written with .0",
            "số bị viết kèm .0",
        ),
        |_, value| {
            if is_number(value) {
                format!("{value}.0")
            } else {
                value.to_owned()
            }
        },
    ),
    (
        (
            "number_with_two_decimals",
            "numbers are written with two decimals",
            "số bị viết với hai chữ số thập phân",
        ),
        |_, value| {
            if is_number(value) {
                format!("{value}.00")
            } else {
                value.to_owned()
            }
        },
    ),
    (
        (
            "number_without_fraction",
            "a number's fraction of zeros is dropped",
            "phần thập phân bằng 0 của số bị bỏ",
        ),
        |_, value| {
            value
                .split_once('.')
                .filter(|(whole, rest)| is_number(whole) && rest.bytes().all(|b| b == b'0'))
                .map_or_else(|| value.to_owned(), |(whole, _)| whole.to_owned())
        },
    ),
    (
        (
            "number_grouped_by_commas",
            "amounts are written with commas",
            "số tiền bị viết có dấu phẩy ngăn cách",
        ),
        |_, value| grouped(value, ','),
    ),
    (
        (
            "number_grouped_by_points",
            "amounts are written with points",
            "số tiền bị viết có dấu chấm ngăn cách",
        ),
        |_, value| grouped(value, '.'),
    ),
    (
        (
            "json_written_again",
            "the body is parsed and written again (JSON.stringify) instead of signed as it is",
            "body bị phân tích rồi viết lại (JSON.stringify) thay vì ký nguyên văn",
        ),
        |_, value| rewritten(value),
    ),
    (
        (
            "base64_decoded",
            "the decoded content is signed instead of the base64 text",
            "ký nội dung đã giải mã thay vì chuỗi base64",
        ),
        |_, value| unwrapped(value),
    ),
    (
        (
            "quoted",
            "values stand in quotation marks (JSON.stringify of each value)",
            "giá trị bị đặt trong dấu ngoặc kép (JSON.stringify từng giá trị)",
        ),
        |_, value| Value::text(value).to_json(),
    ),
];

/// JSON as another program would write it after parsing it.
fn rewritten(value: &str) -> String {
    match crate::value::parse(value) {
        Ok(parsed @ (Value::Record(_) | Value::List(_))) => parsed.to_json(),
        _ => value.to_owned(),
    }
}

/// What base64 text stands for.
fn unwrapped(value: &str) -> String {
    let text = encoding::from_base64(value).and_then(|bytes| String::from_utf8(bytes).ok());
    text.unwrap_or_else(|| value.to_owned())
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.len() <= 15 && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn grouped(value: &str, mark: char) -> String {
    if !is_number(value) {
        return value.to_owned();
    }
    let mut out = String::new();
    for (index, digit) in value.chars().enumerate() {
        let left = value.len().saturating_sub(index);
        if index > 0 && left % 3 == 0 {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

fn json_escaped(value: &str) -> String {
    let mut out = String::new();
    for unit in value.encode_utf16() {
        match char::from_u32(u32::from(unit)).filter(char::is_ascii) {
            Some('/') => out.push_str("\\/"),
            Some(plain) => out.push(plain),
            None => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out
}

/// A change of the text's make-up: fields and shape; `None` where it does not apply.
type TextChange = (
    Named,
    fn(&Subject<'_>, Vec<Field>, Shape) -> Option<(Vec<Field>, Shape)>,
);

const TEXTS: &[TextChange] = &[
    (AS_IT_SHOULD_BE, |_, fields, shape| Some((fields, shape))),
    (
        (
            "absent_fields_as_empty",
            "absent fields are signed as empty ones (name=)",
            "trường vắng mặt vẫn được ký như rỗng (name=)",
        ),
        |subject, fields, shape| {
            (!subject.absent_as_empty).then(|| {
                let value = |name: &str| {
                    fields
                        .iter()
                        .find(|(field, _)| field == name)
                        .and_then(|(_, value)| value.clone())
                };
                let all = subject
                    .fields
                    .iter()
                    .map(|(name, _)| (name.clone(), Some(value(name).unwrap_or_default())));
                (all.collect(), shape)
            })
        },
    ),
    (
        (
            "empty_fields_dropped",
            "empty fields are left out",
            "trường rỗng bị bỏ khỏi chuỗi ký",
        ),
        |_, fields, shape| Some((kept(fields, |value| !value.is_empty()), shape)),
    ),
    (
        (
            "zero_and_empty_dropped",
            "empty fields and zeros are left out (pickBy, array_filter)",
            "trường rỗng và số 0 bị bỏ (pickBy, array_filter)",
        ),
        |_, fields, shape| Some((kept(fields, |value| !value.is_empty() && value != "0"), shape)),
    ),
    (
        (
            "sorted_by_name",
            "fields are sorted by name",
            "các trường bị sắp xếp theo tên",
        ),
        |_, mut fields, shape| {
            fields.sort();
            Some((fields, shape))
        },
    ),
    (
        (
            "reverse_order",
            "fields are joined in reverse order",
            "các trường bị nối theo thứ tự ngược",
        ),
        |_, mut fields, shape| {
            fields.reverse();
            Some((fields, shape))
        },
    ),
    (
        (
            "all_members",
            "members that the formula leaves out are signed too (sorted by name)",
            "ký cả những trường không thuộc công thức (sắp xếp theo tên)",
        ),
        |subject, mut fields, shape| {
            fields.extend(
                subject
                    .others
                    .iter()
                    .map(|(name, value)| (name.clone(), Some(value.clone()))),
            );
            fields.sort();
            Some((fields, shape))
        },
    ),
    (
        (
            "values_without_names",
            "values are joined without their names",
            "chỉ nối giá trị, thiếu tên trường",
        ),
        |_, fields, shape| {
            shape.with_names.then_some((
                fields,
                Shape {
                    with_names: false,
                    ..shape
                },
            ))
        },
    ),
    (
        (
            "values_without_names_and_separator",
            "values are joined without names and without a separator",
            "chỉ nối giá trị, thiếu tên trường và ký tự phân cách",
        ),
        |_, fields, shape| {
            shape.with_names.then_some((
                fields,
                Shape {
                    with_names: false,
                    separator: String::new(),
                    ..shape
                },
            ))
        },
    ),
    (
        (
            "names_and_values",
            "names are signed together with values (name=value&…)",
            "ký cả tên trường cùng giá trị (name=value&…)",
        ),
        |_, fields, shape| {
            (!shape.with_names).then(|| {
                (
                    fields,
                    Shape {
                        with_names: true,
                        separator: "&".into(),
                        ..shape
                    },
                )
            })
        },
    ),
    (
        ("separator_pipe", "fields are joined with |", "các trường bị nối bằng |"),
        |_, fields, shape| separated(fields, shape, "|"),
    ),
    (
        (
            "separator_space",
            "fields are joined with spaces",
            "các trường bị nối bằng khoảng trắng",
        ),
        |_, fields, shape| separated(fields, shape, " "),
    ),
    (
        (
            "separator_none",
            "fields are joined without a separator",
            "các trường bị nối liền, không có ký tự phân cách",
        ),
        |_, fields, shape| separated(fields, shape, ""),
    ),
    (
        (
            "separator_comma",
            "fields are joined with commas",
            "các trường bị nối bằng dấu phẩy",
        ),
        |_, fields, shape| separated(fields, shape, ","),
    ),
    (
        (
            "separator_ampersand",
            "fields are joined with &",
            "các trường bị nối bằng &",
        ),
        |_, fields, shape| separated(fields, shape, "&"),
    ),
    (
        (
            "leading_space_missing",
            "the space in front of the text is missing",
            "thiếu khoảng trắng ở đầu chuỗi ký",
        ),
        |_, fields, shape| {
            (!shape.prefix.is_empty()).then(|| {
                (
                    fields,
                    Shape {
                        prefix: String::new(),
                        ..shape
                    },
                )
            })
        },
    ),
    (
        (
            "leading_space",
            "there is a space too many in front of the text",
            "thừa khoảng trắng ở đầu chuỗi ký",
        ),
        |_, fields, shape| {
            shape.prefix.is_empty().then(|| {
                (
                    fields,
                    Shape {
                        prefix: " ".into(),
                        ..shape
                    },
                )
            })
        },
    ),
    (
        ("secret_first", "the secret stands in front", "mã bí mật bị đặt ở đầu"),
        |_, fields, shape| {
            shape.secret_at.filter(|at| *at > 0).map(|_| {
                (
                    fields,
                    Shape {
                        secret_at: Some(0),
                        ..shape
                    },
                )
            })
        },
    ),
    (
        ("secret_last", "the secret stands at the end", "mã bí mật bị đặt ở cuối"),
        |_, fields, shape| {
            let end = fields.len();
            (shape.secret_at != Some(end)).then_some((
                fields,
                Shape {
                    secret_at: Some(end),
                    ..shape
                },
            ))
        },
    ),
    (
        ("secret_missing", "the secret is missing", "thiếu mã bí mật"),
        |_, fields, shape| {
            shape.secret_at.map(|_| {
                (
                    fields,
                    Shape {
                        secret_at: None,
                        ..shape
                    },
                )
            })
        },
    ),
    (
        (
            "buyer_info_emptied",
            "buyer_info is emptied, as HPay's PHP sample does",
            "buyer_info bị để rỗng như mã mẫu PHP của HPay",
        ),
        |_, fields, shape| {
            let known = fields
                .iter()
                .any(|(name, value)| name == "buyer_info" && value.as_deref() != Some(""));
            known.then(|| {
                let emptied = fields.into_iter().map(|(name, value)| {
                    let value = if name == "buyer_info" {
                        Some(String::new())
                    } else {
                        value
                    };
                    (name, value)
                });
                (emptied.collect(), shape)
            })
        },
    ),
];

fn kept(fields: Vec<Field>, keep: fn(&str) -> bool) -> Vec<Field> {
    fields
        .into_iter()
        .filter(|(_, value)| keep(value.as_deref().unwrap_or_default()))
        .collect()
}

fn separated(fields: Vec<Field>, shape: Shape, separator: &str) -> Option<(Vec<Field>, Shape)> {
    (shape.separator != separator).then(|| {
        (
            fields,
            Shape {
                separator: separator.into(),
                ..shape
            },
        )
    })
}

/// A digest over the text, and the formulas for which it would be the right one.
type DigestChange = (Named, Option<Digest>, fn(&str, &str) -> Vec<u8>);

const DIGESTS: &[DigestChange] = &[
    (
        ("md5", "the digest is MD5", "hàm băm là MD5"),
        Some(Digest::Md5),
        |text, _| md5(text.as_bytes()).to_vec(),
    ),
    (
        (
            "sha256",
            "the digest is plain SHA-256 instead of the documented one",
            "hàm băm là SHA-256 thường thay vì hàm trong tài liệu",
        ),
        Some(Digest::Sha256),
        |text, _| sha256(text.as_bytes()).to_vec(),
    ),
    (
        (
            "hmac_sha256",
            "HMAC-SHA256 is used instead of the documented digest",
            "dùng HMAC-SHA256 thay vì hàm trong tài liệu",
        ),
        Some(Digest::HmacSha256),
        |text, secret| hmac_sha256(secret.as_bytes(), text),
    ),
    (
        (
            "hmac_sha512",
            "HMAC-SHA512 (HS512) is used instead of HMAC-SHA256",
            "dùng HMAC-SHA512 (HS512) thay vì HMAC-SHA256",
        ),
        None,
        |text, secret| hmac_sha512(secret.as_bytes(), text.as_bytes()).unwrap_or_default(),
    ),
    (
        ("hmac_md5", "HMAC-MD5 is used", "dùng HMAC-MD5"),
        None,
        |text, secret| hmac_md5(secret.as_bytes(), text.as_bytes()).unwrap_or_default(),
    ),
    (
        ("sha512", "the digest is SHA-512", "hàm băm là SHA-512"),
        None,
        |text, _| sha512(text.as_bytes()).to_vec(),
    ),
    (
        (
            "sha256_text_then_secret",
            "SHA-256 over text and secret is used instead of HMAC-SHA256",
            "dùng SHA-256 của chuỗi nối mã bí mật thay vì HMAC-SHA256",
        ),
        None,
        |text, secret| sha256(format!("{text}{secret}").as_bytes()).to_vec(),
    ),
    (
        (
            "sha256_secret_then_text",
            "SHA-256 over secret and text is used instead of HMAC-SHA256",
            "dùng SHA-256 của mã bí mật nối chuỗi thay vì HMAC-SHA256",
        ),
        None,
        |text, secret| sha256(format!("{secret}{text}").as_bytes()).to_vec(),
    ),
    (
        (
            "md5_text_then_secret",
            "MD5 over text and secret is used",
            "dùng MD5 của chuỗi nối mã bí mật",
        ),
        None,
        |text, secret| md5(format!("{text}{secret}").as_bytes()).to_vec(),
    ),
    (
        (
            "key_from_hex",
            "the secret key is decoded from hexadecimal first",
            "khóa bí mật bị giải mã từ dạng thập lục phân trước khi dùng",
        ),
        None,
        |text, secret| match encoding::from_hex(secret) {
            Some(key) => hmac_sha256(&key, text),
            None => Vec::new(),
        },
    ),
    (
        ("digest_twice", "the digest is taken twice", "băm hai lần"),
        None,
        |text, _| md5(encoding::hex(&md5(text.as_bytes())).as_bytes()).to_vec(),
    ),
];

fn hmac_sha256(key: &[u8], text: &str) -> Vec<u8> {
    HmacKey::new(key).sign(text.as_bytes()).to_vec()
}

/// The bytes that a given signature may stand for, with the name of the writing where it is not the right one.
fn readings(given: &str, shape: &Shape) -> Vec<(Option<Named>, Vec<u8>)> {
    let mut readings = Vec::new();
    let given_trimmed = given.trim();
    let in_hex = encoding::from_hex(given_trimmed);
    let padded = given_trimmed.replace('-', "+").replace('_', "/");
    let padded = format!("{}{}", padded.trim_end_matches('='), "=".repeat(padding(&padded)));
    let in_base64 = encoding::from_base64(&padded);
    let space_name = (
        "white_space_around_signature",
        "white space stands around the signature",
        "có khoảng trắng quanh chữ ký",
    );
    let plain = (given_trimmed.len() != given.len()).then_some(space_name);
    let hex_name = (
        "hex_for_base64",
        "the signature is written in hexadecimal instead of base64",
        "chữ ký viết dạng thập lục phân thay vì base64",
    );
    let base64_name = (
        "base64_for_hex",
        "the signature is written in base64 instead of hexadecimal",
        "chữ ký viết dạng base64 thay vì thập lục phân",
    );
    match shape.encoding {
        DigestEncoding::Hex => {
            readings.extend(in_hex.map(|bytes| (plain, bytes)));
            readings.extend(in_base64.map(|bytes| (Some(base64_name), bytes)));
        }
        DigestEncoding::Base64 => {
            readings.extend(in_base64.map(|bytes| (plain, bytes)));
            readings.extend(in_hex.map(|bytes| (Some(hex_name), bytes)));
        }
    }
    readings
}

fn padding(text: &str) -> usize {
    let digits = text.trim_end_matches('=').len();
    (4_usize.saturating_sub(digits % 4)) % 4
}

/// The digest that the formula asks for.
fn right_digest(shape: &Shape, text: &str, secret: &str) -> Vec<u8> {
    let wanted = if shape.digest == Digest::RsaSha256 {
        Digest::Sha256
    } else {
        shape.digest
    };
    let found = DIGESTS.iter().find(|(_, digest, _)| *digest == Some(wanted));
    found.map(|(_, _, make)| make(text, secret)).unwrap_or_default()
}

/// Whether the given signature is the right one.
pub(super) fn is_right(subject: &Subject<'_>, given: &str) -> bool {
    let Some((_, secret)) = subject.secrets.first() else {
        return false;
    };
    let text = subject.shape.render(&subject.present(), secret.expose());
    let digest = right_digest(&subject.shape, &text, secret.expose());
    match subject.verify {
        Some(verify) => verify(&digest, given),
        None => {
            let bytes = match subject.shape.encoding {
                DigestEncoding::Hex => encoding::from_hex(given),
                DigestEncoding::Base64 => encoding::from_base64(given),
            };
            bytes.is_some_and(|bytes| compare::equal(&bytes, &digest))
        }
    }
}

/// The deviations that give the signature, the simplest first.
pub(super) fn find(subject: &Subject<'_>, given: &str) -> Vec<Found> {
    let mut search = Search {
        subject,
        given,
        readings: readings(given, &subject.shape),
        seen: HashSet::new(),
        found: Vec::new(),
        rsa_left: MOST_RSA,
    };
    search.token_for_signature();
    search.own_formula();
    search.known_formulas();
    search.found.sort_by_key(|found| found.names.len());
    search.found.truncate(MOST);
    search.found
}

struct Search<'s> {
    subject: &'s Subject<'s>,
    given: &'s str,
    readings: Vec<(Option<Named>, Vec<u8>)>,
    /// Texts that were tried under a digest: the same text is one mistake, however it came about.
    seen: HashSet<Vec<u8>>,
    found: Vec<Found>,
    rsa_left: usize,
}

impl Search<'_> {
    /// The JWT of the header put in the place of the signature.
    fn token_for_signature(&mut self) {
        let mut parts = self.given.split('.');
        let header = parts.next().and_then(encoding::from_base64url).unwrap_or_default();
        if parts.count() == 2 && header.starts_with(b"{") {
            let named = (
                "token_as_signature",
                "the token (JWT) of the header stands in the place of the signature",
                "token (JWT) của header bị đặt vào chỗ của chữ ký",
            );
            self.add(&[named], None, None, None);
        }
    }

    fn own_formula(&mut self) {
        let subject = self.subject;
        for (secret_index, (secret_name, secret)) in subject.secrets.iter().enumerate() {
            let which = (secret_index > 0).then_some(secret_name.as_str());
            for (text_name, change_text) in TEXTS {
                let Some((fields, shape)) = change_text(subject, subject.present(), subject.shape.clone()) else {
                    continue;
                };
                for (value_name, change_value) in VALUES {
                    let changed: Vec<Field> = fields
                        .iter()
                        .map(|(name, value)| (name.clone(), value.as_deref().map(|value| change_value(name, value))))
                        .collect();
                    self.try_text(&changed, &shape, secret, &[*value_name, *text_name], which);
                }
                self.one_value_changed(&fields, &shape, secret, *text_name, which);
            }
        }
    }

    /// The same changes on a single field: a merchant seldom treats all of them alike.
    fn one_value_changed(
        &mut self,
        fields: &[Field],
        shape: &Shape,
        secret: &Secret,
        text_name: Named,
        which: Option<&str>,
    ) {
        if text_name != AS_IT_SHOULD_BE {
            return;
        }
        for index in 0..fields.len() {
            for (value_name, change_value) in VALUES {
                let mut changed = fields.to_vec();
                if let Some((name, Some(value))) = changed.get_mut(index) {
                    *value = change_value(name, value);
                }
                self.try_text(&changed, shape, secret, &[*value_name], which);
            }
        }
    }

    /// Formulas of the gateway's other messages over the same members.
    fn known_formulas(&mut self) {
        let subject = self.subject;
        let value = |name: &str| {
            let own = subject
                .fields
                .iter()
                .find(|(field, _)| field == name)
                .and_then(|(_, value)| value.clone());
            own.or_else(|| {
                subject
                    .others
                    .iter()
                    .find(|(other, _)| other == name)
                    .map(|(_, value)| value.clone())
            })
        };
        for (operation, names, shape) in &subject.known {
            let fields: Vec<Field> = names.iter().map(|name| (name.clone(), value(name))).collect();
            if *operation == subject.operation || fields.iter().all(|(_, value)| value.is_none()) {
                continue;
            }
            let named = (
                "formula_of_another_message",
                "the formula of another message of this gateway is used",
                "dùng công thức của thông điệp khác cùng cổng",
            );
            for (secret_index, (secret_name, secret)) in subject.secrets.iter().enumerate() {
                let which = (secret_index > 0).then_some(secret_name.as_str());
                let before = self.found.len();
                self.try_text(&fields, shape, secret, &[named], which);
                for found in self.found.iter_mut().skip(before) {
                    found.english.push_str(&format!(" ({operation})"));
                    found.vietnamese.push_str(&format!(" ({operation})"));
                }
            }
        }
    }

    fn try_text(&mut self, fields: &[Field], shape: &Shape, secret: &Secret, names: &[Named], which: Option<&str>) {
        let text = shape.render(fields, secret.expose());
        let mut key = secret.expose().as_bytes().to_vec();
        key.push(0);
        key.extend_from_slice(text.as_bytes());
        key.push(u8::from(shape.secret_at.is_some()));
        if self.found.len() >= 4 * MOST || !self.seen.insert(sha256(&key).to_vec()) {
            return;
        }
        if let Some(verify) = self.subject.verify {
            let Some(left) = self.rsa_left.checked_sub(1) else {
                return;
            };
            self.rsa_left = left;
            if verify(&right_digest(shape, &text, secret.expose()), self.given) {
                self.add(names, None, None, which);
            }
            return;
        }
        for (digest_name, right_for, make) in DIGESTS {
            let digest = make(&text, secret.expose());
            let hit = self
                .readings
                .iter()
                .find(|(_, bytes)| !digest.is_empty() && compare::equal(bytes, &digest));
            if let Some((writing, _)) = hit {
                let writing = *writing;
                let other_digest = (*right_for != Some(self.subject.shape.digest)).then_some(*digest_name);
                self.add(names, other_digest, writing, which);
            }
        }
    }

    fn add(&mut self, names: &[Named], digest: Option<Named>, writing: Option<Named>, which: Option<&str>) {
        // A secret that is the key of an HMAC is not in the text; that needs no saying of its own.
        let as_key = digest.is_some_and(|(name, ..)| name.starts_with("hmac"));
        let says = |name: &Named| *name != AS_IT_SHOULD_BE && !(as_key && name.0 == "secret_missing");
        let mut parts: Vec<Named> = names.iter().copied().filter(says).collect();
        parts.extend(digest);
        parts.extend(writing);
        let mut english: Vec<String> = parts.iter().map(|(_, english, _)| (*english).to_owned()).collect();
        let mut vietnamese: Vec<String> = parts
            .iter()
            .map(|(_, _, vietnamese)| (*vietnamese).to_owned())
            .collect();
        let mut names: Vec<&'static str> = parts.iter().map(|(name, _, _)| *name).collect();
        if let Some(which) = which {
            names.push("other_secret");
            english.push(format!("another secret is used ({which})"));
            vietnamese.push(format!("dùng mã bí mật khác ({which})"));
        }
        if names.is_empty() {
            return;
        }
        self.found.push(Found {
            names,
            english: english.join(", and "),
            vietnamese: vietnamese.join(", và "),
        });
    }
}
