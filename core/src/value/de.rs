//! Values into plain structs. Unknown, missing and mistyped fields are told apart and named; texts of serde,
//! which quote values, never leave this file.

use std::cell::Cell;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Record, Value, among};
use crate::error::{Code, Error, Result, Rule};

/// Reads our own input: unknown fields are refused by name, before anything else.
///
/// # Errors
/// `unknown_field`, `missing_field`, `wrong_type` or `invalid_value`, with the field's name.
pub(crate) fn from_input<'v, T: Deserialize<'v>>(value: &'v Value<'_>) -> Result<T> {
    T::deserialize(Reader { value, strict: true }).map_err(|fault| fault.0)
}

/// Reads a part of our own input; what is done with the members of other parts says `others`.
///
/// # Errors
/// Those of [`from_input`].
pub(crate) fn from_part<T: DeserializeOwned>(record: &Record<'_>, others: Others) -> Result<T> {
    let members = Members {
        record,
        strict: true,
        others,
    };
    T::deserialize(members).map_err(|fault| fault.0)
}

/// What is done with members that a struct does not have. Two members, not an enum: the compiler reads an
/// enum's content before its tag, which memcheck reports.
#[derive(Clone, Copy)]
pub(crate) struct Others {
    left: bool,
    named: &'static [&'static str],
}

impl Others {
    /// They are refused.
    const REFUSED: Self = Self::named(&[]);
    /// They are left aside.
    pub(crate) const LEFT: Self = Self { left: true, named: &[] };

    /// Those of these names are left to another part of the input; the rest is refused.
    pub(crate) const fn named(named: &'static [&'static str]) -> Self {
        Self { left: false, named }
    }

    fn allow(self, name: &str) -> bool {
        self.left || among(name, self.named)
    }
}

/// Reads a result into its typed form: unknown members are left aside.
///
/// # Errors
/// `malformed_input` where a member has another shape than documented.
pub(crate) fn from_output<T: DeserializeOwned>(record: &Record<'_>) -> Result<T> {
    let members = Members {
        record,
        strict: false,
        others: Others::LEFT,
    };
    T::deserialize(members).map_err(|fault| fault.0)
}

/// Names of the members that a plain struct has.
pub(crate) fn names_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &[&str] = &[];
    // It stops at the names: there is nothing to read.
    let _ = T::deserialize(Names(&mut names));
    names
}

struct Names<'n>(&'n mut &'static [&'static str]);

/// What ends a reading of names alone.
#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Stop {}

impl serde::de::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> std::result::Result<V::Value, Stop> {
        Err(Stop)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Stop> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Name under which [`Json`] and [`AnyJson`] ask for a value as it was written.
const RAW: &str = "kyso::Json";

/// An object of any members: kept as it was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Json(pub Record<'static>);

/// Any JSON value: kept as it was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnyJson(pub Value<'static>);

impl Json {
    /// Reads the text of a JSON object.
    ///
    /// # Errors
    /// `malformed_input` where the text is not strict JSON or not an object.
    pub fn from_text(text: &str) -> Result<Self> {
        super::parse_record(text).map(|record| Self(record.into_owned()))
    }
}

/// Takes a value as [`Reader::give`] gives it.
struct ReadRaw;

impl<'de> Visitor<'de> for ReadRaw {
    type Value = Value<'static>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> std::result::Result<Value<'static>, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value<'static>, E> {
        Ok(Value::Bool(value))
    }
    fn visit_str<E>(self, text: &str) -> std::result::Result<Value<'static>, E> {
        Ok(Value::text(text.to_owned()))
    }
    /// The digits of a number: as text they would become a text.
    fn visit_bytes<E: serde::de::Error>(self, digits: &[u8]) -> std::result::Result<Value<'static>, E> {
        let digits = str::from_utf8(digits).map_err(E::custom)?;
        Ok(Value::Number(digits.to_owned().into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value<'static>, A::Error> {
        let mut list = Vec::new();
        while let Some(AnyJson(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<Value<'static>, A::Error> {
        let mut record = Record::with_capacity(members.size_hint().unwrap_or(0));
        while let Some((name, AnyJson(value))) = members.next_entry::<String, AnyJson>()? {
            record.push(name, value);
        }
        Ok(Value::Record(record))
    }
}

impl<'de> serde::Deserialize<'de> for AnyJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, ReadRaw).map(AnyJson)
    }
}

impl<'de> serde::Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        match AnyJson::deserialize(deserializer)?.0 {
            Value::Record(record) => Ok(Json(record)),
            _ => Err(serde::de::Error::invalid_type(
                serde::de::Unexpected::Other("a value"),
                &"an object",
            )),
        }
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{AnyJson, Json};

    impl schemars::JsonSchema for Json {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Json".into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({ "type": "object", "additionalProperties": true })
        }
        fn inline_schema() -> bool {
            true
        }
    }

    impl schemars::JsonSchema for AnyJson {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "AnyJson".into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({ "type": ["object", "string"], "x-kyso": "any" })
        }
        fn inline_schema() -> bool {
            true
        }
    }
}

/// serde's error, holding ours.
#[derive(Debug)]
pub(super) struct Fault(pub(super) Error);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    /// The only texts that get here are fixed rules of our own types.
    fn custom<T: fmt::Display>(rule: T) -> Self {
        if rule.to_string() == WHITE_SPACE {
            return Fault(Error::say(Code::Ambiguous, WHITE_SPACE, "không được chứa khoảng trắng"));
        }
        Fault(Error::new(Code::InvalidValue))
    }
    fn invalid_type(_: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Fault(expectation(Code::WrongType, expected))
    }
    fn invalid_value(_: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Fault(expectation(Code::InvalidValue, expected))
    }
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Fault(Error::rule(Code::InvalidValue, Rule::OneOf(expected)))
    }
    fn unknown_field(name: &str, _: &'static [&'static str]) -> Self {
        Fault(Error::new(Code::UnknownField).field(&shown(name)))
    }
    fn missing_field(field: &'static str) -> Self {
        Fault(Error::missing(field))
    }
    fn duplicate_field(field: &'static str) -> Self {
        Fault(Error::new(Code::MalformedInput).field(field))
    }
}

/// The sentence for what a type expects. serde gives it as English text; these are the ones that occur.
fn expectation(code: Code, expected: &dyn serde::de::Expected) -> Error {
    let text = expected.to_string();
    let (english, vietnamese) = match text.as_str() {
        "a string" => ("text", "văn bản"),
        "a boolean" => ("true or false", "true hoặc false"),
        WHOLE => (WHOLE, "số nguyên không âm, không dấu phẩy hay dấu chấm"),
        "an object" => ("an object", "đối tượng"),
        "a sequence" => ("a list", "danh sách"),
        _ => ("of the documented type", "đúng kiểu đã nêu trong tài liệu"),
    };
    Error::rule(code, Rule::Expected(english, vietnamese))
}

/// What an amount and every other whole number may look like.
pub(crate) const WHOLE: &str = "a whole number without sign, leading zero, point or exponent";

/// Refusal of white space in a field of a space-joined text.
pub(crate) const WHITE_SPACE: &str = "must not contain white space";

#[derive(Clone, Copy)]
pub(super) struct Reader<'v, 'a> {
    value: &'v Value<'a>,
    strict: bool,
}

impl<'v, 'a> Reader<'v, 'a> {
    /// Reads a result: null is an absent option, unknown members are left aside.
    pub(super) const fn of_output(value: &'v Value<'a>) -> Self {
        Self { value, strict: false }
    }

    /// The value as it was written; the digits of a number as bytes.
    fn give<V: Visitor<'v>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        match self.value {
            Value::Number(digits) => visitor.visit_bytes(digits.as_bytes()),
            Value::Integer(number) => visitor.visit_bytes(number.to_string().as_bytes()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn wrong_type(self, expected: (&'static str, &'static str)) -> Fault {
        Fault(Error::rule(Code::WrongType, Rule::Expected(expected.0, expected.1)))
    }
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(number) => visitor.visit_u64(*number),
            Value::Number(text) => match whole(text) {
                Some(number) => visitor.visit_u64(number),
                None => Err(self.wrong_type((WHOLE, "số nguyên không âm, không dấu phẩy hay dấu chấm"))),
            },
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(list) => visitor.visit_seq(Items {
                list,
                strict: self.strict,
                index: 0,
            }),
            Value::Record(record) => visitor.visit_map(Entries::new(record, self.strict)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        match self.value {
            Value::Null if !self.strict => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        match self.value {
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Record(_) | Value::List(_) => Err(self.wrong_type((
                "text: pass the raw text, not a parsed object",
                "văn bản: hãy truyền nguyên văn nhận được, không truyền đối tượng đã phân tích",
            ))),
            _ => Err(self.wrong_type(("text", "văn bản"))),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        let Value::Record(record) = self.value else {
            return Err(self.wrong_type(("an object", "đối tượng")));
        };
        let others = if self.strict { Others::REFUSED } else { Others::LEFT };
        Members {
            record,
            strict: self.strict,
            others,
        }
        .read(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        match self.value {
            Value::Text(text) => visitor.visit_enum(Variant(text)),
            Value::Number(text) => visitor.visit_enum(Variant(text)),
            _ => Err(self.wrong_type(("text", "văn bản"))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        if name != RAW {
            return visitor.visit_newtype_struct(self);
        }
        self.give(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// Digits without sign, leading zero, point or exponent.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    // More digits than a number can hold are out of every range.
    Some(text.parse().unwrap_or(u64::MAX))
}

struct Members<'v, 'a> {
    record: &'v Record<'a>,
    strict: bool,
    others: Others,
}

impl<'v> Members<'v, '_> {
    fn read<V: Visitor<'v>>(self, fields: &'static [&'static str], visitor: V) -> std::result::Result<V::Value, Fault> {
        let found = Cell::new(0);
        let result = visitor.visit_seq(Fields {
            record: self.record,
            strict: self.strict,
            names: fields.iter(),
            next: 0,
            found: &found,
        });
        // Where every member has found its field, none is unknown.
        if result.is_err() || found.get() != self.record.len() {
            self.known(fields)?;
        }
        result
    }

    /// Unknown first: a misspelt name explains the missing one.
    fn known(&self, fields: &[&str]) -> std::result::Result<(), Fault> {
        let known = |name: &str| among(name, fields) || self.others.allow(name);
        match self.record.iter().find(|(name, _)| !known(name)) {
            Some((name, _)) => Err(Fault(Error::new(Code::UnknownField).field(&shown(name)))),
            None => Ok(()),
        }
    }
}

/// An unknown field's name as an error shows it: short and printable, since it may be anything.
fn shown(name: &str) -> String {
    let plain: String = name.chars().take(64).filter(|c| c.is_ascii_graphic()).collect();
    if plain.is_empty() { "?".to_owned() } else { plain }
}

impl<'de> Deserializer<'de> for Members<'de, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        visitor.visit_map(Entries::new(self.record, self.strict))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        self.read(fields, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        if name != RAW {
            return visitor.visit_newtype_struct(self);
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The members in the order of the struct's fields: a struct read as a sequence costs a third of the code of one that
/// is read by names, and there are some two hundred of them.
struct Fields<'f, 'v, 'a> {
    record: &'v Record<'a>,
    strict: bool,
    names: core::slice::Iter<'static, &'static str>,
    /// Behind the member that was found last: most records are written in the order of the fields.
    next: usize,
    found: &'f Cell<usize>,
}

impl<'de> SeqAccess<'de> for Fields<'_, 'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> std::result::Result<Option<T::Value>, Fault> {
        let Some(name) = self.names.next() else {
            return Ok(None);
        };
        let Some((next, value)) = self.record.get_from(self.next, name) else {
            return seed.deserialize(Absent(name)).map(Some);
        };
        self.next = next;
        self.found.set(self.found.get().saturating_add(1));
        seed.deserialize(Reader {
            value,
            strict: self.strict,
        })
        .map(Some)
        .map_err(|Fault(error)| Fault(error.inside(name)))
    }
}

/// A member that is not there: nothing to an optional field, an error to a required one.
pub(super) struct Absent(pub(super) &'static str);

impl<'de> Deserializer<'de> for Absent {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> std::result::Result<V::Value, Fault> {
        Err(Fault(Error::missing(self.0)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The members of a map, whose names are data.
struct Entries<'v, 'a> {
    record: &'v Record<'a>,
    strict: bool,
    next: usize,
}

impl<'v, 'a> Entries<'v, 'a> {
    fn new(record: &'v Record<'a>, strict: bool) -> Self {
        Self {
            record,
            strict,
            next: 0,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> std::result::Result<Option<K::Value>, Fault> {
        let Some((name, _)) = self.record.0.get(self.next) else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::<Fault>::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> std::result::Result<V::Value, Fault> {
        let Some((name, value)) = self.record.0.get(self.next) else {
            return Err(Fault(Error::new(Code::Internal)));
        };
        self.next = self.next.saturating_add(1);
        seed.deserialize(Reader {
            value,
            strict: self.strict,
        })
        .map_err(|Fault(error)| Fault(error.inside(name)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.record.len())
    }
}

struct Items<'v, 'a> {
    list: &'v [Value<'a>],
    strict: bool,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> std::result::Result<Option<T::Value>, Fault> {
        let Some(value) = self.list.get(self.index) else {
            return Ok(None);
        };
        let index = self.index;
        self.index = self.index.saturating_add(1);
        seed.deserialize(Reader {
            value,
            strict: self.strict,
        })
        .map(Some)
        .map_err(|Fault(error)| Fault(error.inside(&index.to_string())))
    }
}

struct Variant<'v>(&'v str);

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Fault;
    type Variant = UnitOnly;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> std::result::Result<(V::Value, UnitOnly), Fault> {
        let variant = seed.deserialize(StrDeserializer::<Fault>::new(self.0))?;
        Ok((variant, UnitOnly))
    }
}

struct UnitOnly;

impl<'de> serde::de::VariantAccess<'de> for UnitOnly {
    type Error = Fault;

    fn unit_variant(self) -> std::result::Result<(), Fault> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> std::result::Result<T::Value, Fault> {
        Err(Fault(Error::new(Code::Internal)))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> std::result::Result<V::Value, Fault> {
        Err(Fault(Error::new(Code::Internal)))
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> std::result::Result<V::Value, Fault> {
        Err(Fault(Error::new(Code::Internal)))
    }
}
