//! Doc comments that list the fields of records, for languages without types of their own for them.

use std::fmt::Write;

use crate::model::{Field, Gateway, Operation, Record, Type};

/// Widest line.
const WIDTH: usize = 120;

/// A doc comment in the making.
pub(crate) struct Doc {
    pub(crate) text: String,
    /// What stands in front of each line.
    start: &'static str,
}

impl Doc {
    pub(crate) fn new(start: &'static str) -> Self {
        let text = String::new();
        Self { text, start }
    }

    pub(crate) fn line(&mut self, line: &str) {
        writeln!(self.text, "{}", format!("{}{line}", self.start).trim_end()).unwrap();
    }

    /// What an operation takes and gives, field by field.
    pub(crate) fn input_and_result(&mut self, gateway: &Gateway, operation: &Operation) {
        for (title, name) in [("Input:", &operation.input), ("Result:", &operation.output)] {
            if let Some(record) = gateway.records.get(name).filter(|record| !record.fields.is_empty()) {
                self.record(title, gateway, record);
            }
        }
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.line("");
        }
        self.wrapped("", "", text);
    }

    /// A text broken into lines: `first` in front of the first one, `rest` in front of the others.
    fn wrapped(&mut self, first: &str, rest: &str, text: &str) {
        let mut line = String::from(first);
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH - self.start.len() {
                self.line(&line);
                line = String::from(rest);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.line(&line);
    }

    pub(crate) fn record(&mut self, title: &str, gateway: &Gateway, record: &Record) {
        self.paragraph(title);
        self.fields(gateway, &record.fields, &mut vec![record.name.as_str()]);
    }

    /// The fields of a record and of the records inside it. `around` keeps a record from listing itself.
    fn fields<'g>(&mut self, gateway: &'g Gateway, fields: &'g [Field], around: &mut Vec<&'g str>) {
        let indent = "  ".repeat(around.len() - 1);
        for field in fields {
            let must = if field.required { ", required" } else { "" };
            let text = format!("`{}` ({}{must}): {}", field.name, kind(&field.kind), field.doc);
            self.wrapped(&format!("{indent}- "), &format!("{indent}  "), &text);
            let Some(inner) = field.kind.record().and_then(|name| gateway.records.get(name)) else {
                continue;
            };
            if !around.contains(&inner.name.as_str()) {
                around.push(&inner.name);
                self.fields(gateway, &inner.fields, around);
                around.pop();
            }
        }
    }
}

/// The JSON type of a field in words.
fn kind(kind: &Type) -> String {
    match kind {
        Type::Text => "text".into(),
        Type::Secret => "text, secret".into(),
        Type::Whole => "integer or its digits as text".into(),
        Type::Dong => "VND, integer or its digits as text".into(),
        Type::Integer => "integer".into(),
        Type::Bool => "boolean".into(),
        Type::Words(words) => {
            let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            format!("text: {}", words.join(", "))
        }
        Type::Record(_) | Type::Json => "object".into(),
        Type::List(inner) => format!("list: {}", self::kind(inner)),
        Type::Map(inner) => format!("object, each member: {}", self::kind(inner)),
        Type::Any => "object or text".into(),
    }
}
