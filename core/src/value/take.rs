//! Values into plain structs, as `de` reads them, but the texts of the record are moved, not copied: a result may hold
//! megabytes.

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::de::{Absent, Fault, Reader};
use super::{Record, Text, Value, same};
use crate::error::Result;

/// Reads a result into its typed form: unknown members are dropped.
///
/// # Errors
/// `malformed_input` where a member has another shape than documented.
pub(crate) fn from_own_output<T: DeserializeOwned>(record: Record<'static>) -> Result<T> {
    T::deserialize(Taker(&mut Value::Record(record))).map_err(|fault| fault.0)
}

/// A value that is emptied.
struct Taker<'v>(&'v mut Value<'static>);

impl<'v> Taker<'v> {
    fn reader(self) -> Reader<'v, 'static> {
        Reader::of_output(self.0)
    }
}

impl<'de> Deserializer<'de> for Taker<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        self.reader().deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        match self.0 {
            Value::Text(Text::Owned(text)) => visitor.visit_string(core::mem::take(text)),
            _ => self.reader().deserialize_string(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Fault> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        match self.0 {
            Value::Record(record) => visitor.visit_seq(Fields(in_order(record, fields).into_iter())),
            _ => self.reader().deserialize_struct(name, fields, visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        self.reader().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> std::result::Result<V::Value, Fault> {
        self.reader().deserialize_newtype_struct(name, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// Names of fields with the members that they have.
type Found<'v> = Vec<(&'static str, Option<&'v mut Value<'static>>)>;

fn in_order<'v>(record: &'v mut Record<'static>, fields: &'static [&'static str]) -> Found<'v> {
    let mut found: Found<'v> = fields.iter().map(|name| (*name, None)).collect();
    for (name, value) in record.iter_mut() {
        if let Some((_, place)) = found.iter_mut().find(|(field, _)| same(field, name)) {
            *place = Some(value);
        }
    }
    found
}

/// The members in the order of the struct's fields.
struct Fields<'v>(std::vec::IntoIter<(&'static str, Option<&'v mut Value<'static>>)>);

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> std::result::Result<Option<T::Value>, Fault> {
        let Some((name, member)) = self.0.next() else {
            return Ok(None);
        };
        match member {
            None => seed.deserialize(Absent(name)).map(Some),
            Some(value) => seed
                .deserialize(Taker(value))
                .map(Some)
                .map_err(|Fault(error)| Fault(error.inside(name))),
        }
    }
}
