//! The one error type: a stable code, the operation, the field and the rule, never a value.

use core::fmt;

use crate::check::is_control_like;
use crate::value::{Record, Value};

/// Result of every operation.
pub type Result<T> = core::result::Result<T, Error>;

/// Stable error codes. Numbers and names are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
#[non_exhaustive]
pub enum Code {
    /// The text is not what it should be: not JSON, a bad query string, bad hex, an impossible length.
    MalformedInput = 1,
    /// A required field or credential is absent.
    MissingField = 2,
    /// A field that the operation does not know.
    UnknownField = 3,
    /// A field of the wrong JSON type.
    WrongType = 4,
    /// A field whose value breaks a documented rule.
    InvalidValue = 5,
    /// A secret, key or certificate that cannot be used.
    InvalidKey = 10,
    /// The gateway publishes no formula for this message: configure one under `recipes`.
    RecipeRequired = 11,
    /// No gateway of that name.
    UnknownGateway = 12,
    /// No operation of that name for this client.
    UnknownOperation = 13,
    /// The signature does not belong to the message.
    SignatureMismatch = 20,
    /// The single answer for everything that fails after decryption has begun.
    DecryptFailed = 21,
    /// A member differs from what the caller expected.
    Mismatch = 22,
    /// Another message would have the same canonical string.
    Ambiguous = 23,
    /// The gateway answered with a failure.
    GatewayRefused = 24,
    /// The operating system gave no random bytes.
    NoRandomness = 30,
    /// A defect of this library.
    Internal = 31,
    /// A null pointer was passed (C).
    NullPointer = 32,
    /// Bytes that are not UTF-8.
    NotUtf8 = 33,
}

impl Code {
    /// Every code, in numerical order.
    pub const ALL: &'static [Code] = &[
        Code::MalformedInput,
        Code::MissingField,
        Code::UnknownField,
        Code::WrongType,
        Code::InvalidValue,
        Code::InvalidKey,
        Code::RecipeRequired,
        Code::UnknownGateway,
        Code::UnknownOperation,
        Code::SignatureMismatch,
        Code::DecryptFailed,
        Code::Mismatch,
        Code::Ambiguous,
        Code::GatewayRefused,
        Code::NoRandomness,
        Code::Internal,
        Code::NullPointer,
        Code::NotUtf8,
    ];

    /// The stable number.
    #[must_use]
    #[allow(clippy::as_conversions)] // A fieldless enum's own discriminant.
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The stable name, as bindings show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Code::MalformedInput => "malformed_input",
            Code::MissingField => "missing_field",
            Code::UnknownField => "unknown_field",
            Code::WrongType => "wrong_type",
            Code::InvalidValue => "invalid_value",
            Code::InvalidKey => "invalid_key",
            Code::RecipeRequired => "recipe_required",
            Code::UnknownGateway => "unknown_gateway",
            Code::UnknownOperation => "unknown_operation",
            Code::SignatureMismatch => "signature_mismatch",
            Code::DecryptFailed => "decrypt_failed",
            Code::Mismatch => "mismatch",
            Code::Ambiguous => "ambiguous",
            Code::GatewayRefused => "gateway_refused",
            Code::NoRandomness => "no_randomness",
            Code::Internal => "internal",
            Code::NullPointer => "null_pointer",
            Code::NotUtf8 => "not_utf8",
        }
    }

    /// What the code means, in English and Vietnamese.
    #[must_use]
    pub const fn meaning(self) -> (&'static str, &'static str) {
        match self {
            Code::MalformedInput => ("malformed text", "nội dung sai định dạng"),
            Code::MissingField => ("required, but absent", "bắt buộc nhưng bị thiếu"),
            Code::UnknownField => ("unknown field", "trường không được hỗ trợ"),
            Code::WrongType => ("wrong type", "sai kiểu dữ liệu"),
            Code::InvalidValue => ("invalid value", "giá trị không hợp lệ"),
            Code::InvalidKey => ("unusable key or secret", "khóa hoặc mã bí mật không dùng được"),
            Code::RecipeRequired => (
                "the gateway publishes no formula for this message; configure one under `recipes`",
                "cổng thanh toán không công bố công thức cho thông điệp này; hãy khai báo trong `recipes`",
            ),
            Code::UnknownGateway => ("unknown gateway", "không có cổng thanh toán này"),
            Code::UnknownOperation => ("unknown operation for this client", "client này không có thao tác đó"),
            Code::SignatureMismatch => (
                "the signature does not match the message",
                "sai chữ ký: chữ ký không khớp với nội dung",
            ),
            Code::DecryptFailed => ("decryption failed", "giải mã thất bại"),
            Code::Mismatch => ("differs from what was expected", "khác với giá trị mong đợi"),
            Code::Ambiguous => (
                "another message would have the same canonical string",
                "có thể hiểu thành thông điệp khác với cùng chuỗi ký",
            ),
            Code::GatewayRefused => ("the gateway reported a failure", "cổng thanh toán báo lỗi"),
            Code::NoRandomness => (
                "the operating system gave no random bytes",
                "hệ điều hành không cấp được số ngẫu nhiên",
            ),
            Code::Internal => ("internal error of kyso", "lỗi nội bộ của kyso"),
            Code::NullPointer => ("null pointer", "con trỏ rỗng"),
            Code::NotUtf8 => ("not valid UTF-8", "không phải UTF-8 hợp lệ"),
        }
    }
}

/// Where the fault lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The configuration of a client.
    Config,
    /// What the caller passed in was refused; where it was for a request, nothing was sent.
    Input,
    /// The gateway's answer: the payment may have happened.
    Response,
    /// A message that claims to come from the gateway.
    Callback,
}

impl Stage {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Config => "config",
            Stage::Input => "input",
            Stage::Response => "response",
            Stage::Callback => "callback",
        }
    }
}

/// The rule that was broken, in both languages. Holds limits and names, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The code's own meaning says all.
    OfCode,
    /// A fixed sentence: English, Vietnamese.
    Say(&'static str, &'static str),
    /// Number of characters from..=to.
    Length(usize, usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A JSON type that was expected: English, Vietnamese.
    Expected(&'static str, &'static str),
    /// A count that is wrong: what was expected, how many there were.
    Count(&'static str, &'static str, usize),
    /// A character that is not allowed, by its 1-based position.
    Position(&'static str, &'static str, usize),
}

impl Rule {
    fn english(&self, code: Code) -> String {
        match self {
            Rule::OfCode => code.meaning().0.to_owned(),
            Rule::Say(english, _) => (*english).to_owned(),
            Rule::Length(from, to) if from == to => format!("must have {from} characters"),
            Rule::Length(from, to) => format!("must have {from} to {to} characters"),
            Rule::OneOf(words) => format!("must be one of: {}", words.join(", ")),
            Rule::Expected(english, _) => format!("must be {english}"),
            Rule::Count(english, _, count) => format!("expected {english}, got {count}"),
            Rule::Position(english, _, position) => format!("{english} at position {position}"),
        }
    }

    fn vietnamese(&self, code: Code) -> String {
        match self {
            Rule::OfCode => code.meaning().1.to_owned(),
            Rule::Say(_, vietnamese) => (*vietnamese).to_owned(),
            Rule::Length(from, to) if from == to => format!("phải có {from} ký tự"),
            Rule::Length(from, to) => format!("phải có từ {from} đến {to} ký tự"),
            Rule::OneOf(words) => format!("phải là một trong: {}", words.join(", ")),
            Rule::Expected(_, vietnamese) => format!("phải là {vietnamese}"),
            Rule::Count(_, vietnamese, count) => format!("cần {vietnamese}, nhận được {count}"),
            Rule::Position(_, vietnamese, position) => format!("{vietnamese} ở vị trí {position}"),
        }
    }
}

/// What went wrong: a stable code, the operation, the field and the rule. Never a value, never a secret.
#[derive(Clone, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    code: Code,
    operation: String,
    field: Option<String>,
    stage: Option<Stage>,
    rule: Rule,
    gateway_code: Option<String>,
    gateway_message: Option<String>,
    signed: Option<bool>,
    outcome: Option<&'static str>,
    next_operation: Option<&'static str>,
    reason: Option<&'static str>,
    position: Option<usize>,
    detail: Option<(&'static str, Value<'static>)>,
}

impl Error {
    /// An error with the code's own text, for bindings.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self::rule(code, Rule::OfCode)
    }

    pub(crate) fn rule(code: Code, rule: Rule) -> Self {
        Self(Box::new(Inner {
            code,
            operation: String::new(),
            field: None,
            stage: None,
            rule,
            gateway_code: None,
            gateway_message: None,
            signed: None,
            outcome: None,
            next_operation: None,
            reason: None,
            position: None,
            detail: None,
        }))
    }

    /// An error with a fixed sentence, English and Vietnamese.
    #[must_use]
    pub fn say(code: Code, english: &'static str, vietnamese: &'static str) -> Self {
        Self::rule(code, Rule::Say(english, vietnamese))
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(Code::MissingField).field(field)
    }

    pub(crate) fn invalid(field: &str, rule: Rule) -> Self {
        Self::rule(Code::InvalidValue, rule).field(field)
    }

    /// Names the field, unless a more exact name is already there.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        if self.0.field.is_none() {
            self.0.field = Some(field.to_owned());
        }
        self
    }

    /// Puts the name of the surrounding member in front of the field.
    #[must_use]
    pub fn inside(mut self, parent: &str) -> Self {
        self.0.field = Some(match self.0.field.take() {
            Some(field) => format!("{parent}.{field}"),
            None => parent.to_owned(),
        });
        self
    }

    /// Says where the fault lies, unless it is already said.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        if self.0.stage.is_none() {
            self.0.stage = Some(stage);
        }
        self
    }

    /// An error of an operation that another one ran on a part of its own input.
    pub(crate) fn retold(mut self, operation: &str, part: &str) -> Self {
        operation.clone_into(&mut self.0.operation);
        self.inside(part)
    }

    /// Names the operation, unless it is already named.
    #[must_use]
    pub fn during(mut self, operation: &str) -> Self {
        if self.0.operation.is_empty() {
            operation.clone_into(&mut self.0.operation);
        }
        self
    }

    pub(crate) fn gateway(mut self, code: Option<String>, message: Option<String>) -> Self {
        self.0.gateway_code = code;
        self.0.gateway_message = message;
        self
    }

    pub(crate) fn signed(mut self, signed: bool) -> Self {
        self.0.signed = Some(signed);
        self
    }

    pub(crate) fn outcome(mut self, outcome: &'static str) -> Self {
        self.0.outcome = Some(outcome);
        self
    }

    pub(crate) fn next(mut self, operation: &'static str) -> Self {
        self.0.next_operation = Some(operation);
        self
    }

    pub(crate) fn reason(mut self, reason: &'static str, position: Option<usize>) -> Self {
        self.0.reason = Some(reason);
        self.0.position = position;
        self
    }

    /// One more member for the host, e.g. the identifier to query with.
    pub(crate) fn detail(mut self, name: &'static str, value: Value<'static>) -> Self {
        self.0.detail = Some((name, value));
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The operation, `gateway.service.operation`; empty where none was reached.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// The field at fault, with dots between nested names.
    #[must_use]
    pub fn field_name(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Where the fault lies.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.0.stage.unwrap_or(Stage::Input)
    }

    /// The gateway's own code, as printed.
    #[must_use]
    pub fn gateway_code(&self) -> Option<&str> {
        self.0.gateway_code.as_deref()
    }

    /// `undetermined` where money may have moved, and where an answer about money could not be read; `refused` where none
    /// has moved.
    #[must_use]
    pub fn outcome_name(&self) -> Option<&str> {
        self.0.outcome
    }

    /// The operation to call next, e.g. the status query after an undetermined transfer.
    #[must_use]
    pub fn next_operation(&self) -> Option<&str> {
        self.0.next_operation
    }

    /// The sentence for people, in English.
    #[must_use]
    pub fn message(&self) -> String {
        self.sentence(self.0.rule.english(self.0.code))
    }

    /// The sentence for people, in Vietnamese.
    #[must_use]
    pub fn message_vi(&self) -> String {
        self.sentence(self.0.rule.vietnamese(self.0.code))
    }

    fn sentence(&self, rule: String) -> String {
        // Anybody may have written the name of a member or the gateway's code, and sentences go into logs: on one line.
        let on_one_line = |text: &str, most| {
            text.chars()
                .filter(|c| !is_control_like(*c))
                .take(most)
                .collect::<String>()
        };
        let mut sentence = String::new();
        for part in [Some(self.0.operation.as_str()), self.0.field.as_deref()] {
            if let Some(part) = part.filter(|part| !part.is_empty()) {
                sentence.push_str(&on_one_line(part, 256));
                sentence.push_str(": ");
            }
        }
        sentence.push_str(&rule);
        if let Some(code) = &self.0.gateway_code {
            sentence.push_str(" (");
            sentence.push_str(&on_one_line(code, 64));
            sentence.push(')');
        }
        sentence
    }

    /// The error as a record, the form that every binding shows.
    #[must_use]
    pub fn to_record(&self) -> Record<'static> {
        let inner = &self.0;
        let mut record = Record::new();
        record.push("code", Value::text(inner.code.name()));
        record.push("operation", Value::text(inner.operation.clone()));
        let mut put = |name: &'static str, value: Option<Value<'static>>| {
            if let Some(value) = value {
                record.push(name, value);
            }
        };
        put("field", inner.field.clone().map(Value::text));
        put("stage", Some(Value::text(self.stage().name())));
        put("message", Some(Value::text(self.message())));
        put("message_vi", Some(Value::text(self.message_vi())));
        put("gateway_code", inner.gateway_code.clone().map(Value::text));
        put("gateway_message", inner.gateway_message.clone().map(Value::text));
        put("signed", inner.signed.map(Value::Bool));
        put("outcome", inner.outcome.map(Value::text));
        put("next_operation", inner.next_operation.map(Value::text));
        put("reason", inner.reason.map(Value::text));
        put(
            "position",
            inner.position.and_then(|at| u64::try_from(at).ok()).map(Value::Integer),
        );
        if let Some((name, value)) = &inner.detail {
            put(name, Some(value.clone()));
        }
        record
    }

    /// The error as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Record(self.to_record()).to_json()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {})", self.0.code.name(), self.message())
    }
}

impl core::error::Error for Error {}
