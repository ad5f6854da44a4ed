//! The table of operations and the schemas of its records, in a form that is easy to print.

use std::collections::BTreeMap;

use kyso::operations::{self, Kind};
use serde_json::{Map, Value};

/// A gateway with its configuration and services.
pub(crate) struct Gateway {
    /// Name in operation names, e.g. `tconnect`.
    pub(crate) name: &'static str,
    /// Class name, e.g. `TConnect`.
    pub(crate) class: &'static str,
    pub(crate) doc: &'static str,
    /// Absent where operations need no client.
    pub(crate) config: Option<Record>,
    pub(crate) services: Vec<Service>,
    /// Every record that its operations use, by type name; inputs, results and nested records alike.
    pub(crate) records: BTreeMap<String, Record>,
}

/// A service with its operations.
pub(crate) struct Service {
    /// Name in operation names, e.g. `virtual_account`.
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) operations: Vec<Operation>,
}

/// One operation.
pub(crate) struct Operation {
    /// Full name, e.g. `tconnect.auth.read_login`.
    pub(crate) name: &'static str,
    /// Last part of the name, e.g. `read_login`.
    pub(crate) method: &'static str,
    pub(crate) kind: Kind,
    /// `official`, `observed`, `inferred` or `unknown`.
    pub(crate) evidence: &'static str,
    pub(crate) doc: &'static str,
    /// Name of the input record in [`Gateway::records`]; call options are among its fields.
    pub(crate) input: String,
    /// Name of the result record in [`Gateway::records`].
    pub(crate) output: String,
    /// Path of the Rust input type.
    pub(crate) rust_input: String,
    /// Path of the Rust type of the call options.
    pub(crate) rust_options: Option<String>,
    /// Path of the Rust output type, with what it is wrapped in.
    pub(crate) rust_output: String,
}

impl Operation {
    /// Whether the input has no required field.
    pub(crate) fn input_is_optional(&self, gateway: &Gateway) -> bool {
        gateway
            .records
            .get(&self.input)
            .is_none_or(|record| record.fields.iter().all(|field| !field.required))
    }
}

/// A record: a plain struct of the core.
#[derive(Clone, PartialEq)]
pub(crate) struct Record {
    /// Type name, unique within its gateway.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
}

/// A field of a record.
#[derive(Clone, PartialEq)]
pub(crate) struct Field {
    /// Wire name.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) required: bool,
    pub(crate) kind: Type,
}

/// Type of a field.
#[derive(Clone, PartialEq)]
pub(crate) enum Type {
    Text,
    /// Text that is a secret.
    Secret,
    /// Whole number in an input: integer or canonical decimal text.
    Whole,
    /// Amount in VND in an input: integer or canonical decimal text.
    Dong,
    /// Integer in a result.
    Integer,
    Bool,
    /// One of these words, each with its documentation.
    Words(Vec<(String, String)>),
    /// Another record of the gateway, by type name.
    Record(String),
    List(Box<Type>),
    /// Object of any names with values of one type.
    Map(Box<Type>),
    /// Object of any members.
    Json,
    /// Object or text.
    Any,
}

impl Type {
    /// The record that it is, or that its items are.
    pub(crate) fn record(&self) -> Option<&str> {
        match self {
            Type::Record(name) => Some(name),
            Type::List(item) | Type::Map(item) => item.record(),
            _ => None,
        }
    }
}

/// Reads the whole table.
pub(crate) fn gateways() -> Vec<Gateway> {
    operations::GATEWAYS.iter().map(gateway).collect()
}

fn gateway(source: &'static operations::Gateway) -> Gateway {
    let mut records = BTreeMap::new();
    let config = operations::config_schema(source.name).map(|schema| {
        let mut reader = Reader {
            records: BTreeMap::new(),
            prefix: String::new(),
            schema: schema.as_value().clone(),
        };
        let config = reader.record("Config", &schema.as_value().clone());
        records.append(&mut reader.records);
        config
    });
    let mut services = Vec::new();
    for service in source.services {
        let operations = service
            .operations
            .iter()
            .map(|operation| read_operation(service.name, operation, &mut records));
        services.push(Service {
            name: service.name,
            doc: service.doc,
            operations: operations.collect(),
        });
    }
    Gateway {
        name: source.name,
        class: source.class,
        doc: source.doc,
        config,
        services,
        records,
    }
}

fn read_operation(
    service: &str,
    source: &'static operations::Operation,
    records: &mut BTreeMap<String, Record>,
) -> Operation {
    let schemas = source.schemas();
    let mut input = schemas.input.as_value().clone();
    if let Some((_, options)) = &schemas.options {
        merge(&mut input, options.as_value());
    }
    let method = source.name.rsplit('.').next().unwrap_or_default();
    let mut add = |path: &str, schema: &Value| {
        let mut prefix = prefix(path, service);
        let mut short = last(path).to_owned();
        // An input without fields of its own is shared; together with call options it is not.
        if short == "Nothing" && schemas.options.is_some() {
            (prefix, short) = (pascal(service), pascal(method) + "Call");
        }
        let mut reader = Reader {
            records: BTreeMap::new(),
            prefix,
            schema: schema.clone(),
        };
        let name = reader.name(&short);
        let record = reader.record(&short, schema);
        reader.records.insert(name.clone(), record);
        for (name, record) in reader.records {
            if let Some(other) = records.get(&name) {
                assert!(*other == record, "{}: two records are called {name}", source.name);
            }
            records.insert(name, record);
        }
        name
    };
    let input_name = add(schemas.input_type, &input);
    let output_name = add(inner(schemas.output_type), schemas.output.as_value());
    Operation {
        name: source.name,
        method,
        kind: source.kind,
        evidence: source.evidence.name(),
        doc: source.doc,
        input: input_name,
        output: output_name,
        rust_input: schemas.input_type.to_owned(),
        rust_options: schemas.options.map(|(path, _)| path.to_owned()),
        rust_output: schemas.output_type.to_owned(),
    }
}

/// Adds the members of the call options to an input.
fn merge(input: &mut Value, options: &Value) {
    for part in ["properties", "$defs"] {
        let Some(more) = options.get(part).and_then(Value::as_object) else {
            continue;
        };
        let Some(object) = input.as_object_mut() else { continue };
        let target = object.entry(part).or_insert_with(|| Value::Object(Map::new()));
        if let Some(target) = target.as_object_mut() {
            target.extend(more.clone());
        }
    }
}

/// `kyso::answer::Reading<kyso::a::B>` -> `kyso::a::B`.
fn inner(path: &str) -> &str {
    match path.split_once('<') {
        Some((_, rest)) => rest.trim_end_matches('>'),
        None => path,
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Records of a service carry its name, shared ones do not.
fn prefix(path: &str, service: &str) -> String {
    let shared = ["kyso::answer::", "kyso::http::"]
        .iter()
        .any(|module| path.starts_with(module));
    if shared { String::new() } else { pascal(service) }
}

/// `virtual_account` -> `VirtualAccount`.
pub(crate) fn pascal(name: &str) -> String {
    let mut out = String::new();
    for part in name.split('_') {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// `virtual_account` -> `virtualAccount`; digits stay: `create_v1_1` -> `createV1_1`.
pub(crate) fn camel(name: &str) -> String {
    let mut out = String::new();
    for (index, part) in name.split('_').enumerate() {
        let digits = part.chars().next().is_some_and(|c| c.is_ascii_digit());
        if index > 0 && digits {
            out.push('_');
        }
        let mut chars = part.chars();
        match chars.next() {
            Some(first) if index > 0 => out.push(first.to_ascii_uppercase()),
            Some(first) => out.push(first),
            None => {}
        }
        out.push_str(chars.as_str());
    }
    out
}

struct Reader {
    records: BTreeMap<String, Record>,
    prefix: String,
    schema: Value,
}

impl Reader {
    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn record(&mut self, name: &str, schema: &Value) -> Record {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let mut fields = Vec::new();
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (field, property) in properties {
                fields.push(Field {
                    name: field.clone(),
                    doc: doc(property),
                    required: required.contains(&field.as_str()),
                    kind: self.kind(property),
                });
            }
        }
        Record {
            name: self.name(name),
            doc: doc(schema),
            fields,
        }
    }

    fn kind(&mut self, schema: &Value) -> Type {
        match schema.get("x-kyso").and_then(Value::as_str) {
            Some("secret") => return Type::Secret,
            Some("whole") => return Type::Whole,
            Some("dong") => return Type::Dong,
            Some("any") => return Type::Any,
            _ => {}
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(reference);
        }
        if let Some(choices) = schema
            .get("anyOf")
            .or_else(|| schema.get("oneOf"))
            .and_then(Value::as_array)
        {
            let real: Vec<&Value> = choices
                .iter()
                .filter(|choice| choice.get("type").and_then(Value::as_str) != Some("null"))
                .collect();
            if let [only] = real.as_slice() {
                return self.kind(only);
            }
            return Type::Words(words(schema));
        }
        if schema.get("enum").is_some() || schema.get("const").is_some() {
            return Type::Words(words(schema));
        }
        let kinds: Vec<&str> = match schema.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds
                .iter()
                .filter_map(Value::as_str)
                .filter(|kind| *kind != "null")
                .collect(),
            _ => Vec::new(),
        };
        match kinds.as_slice() {
            ["string"] => Type::Text,
            ["integer"] => Type::Integer,
            ["boolean"] => Type::Bool,
            ["array"] => Type::List(Box::new(self.kind(schema.get("items").unwrap_or(&Value::Null)))),
            ["object"] => match schema.get("additionalProperties") {
                Some(Value::Object(values)) if !values.is_empty() => {
                    Type::Map(Box::new(self.kind(&Value::Object(values.clone()))))
                }
                _ => Type::Json,
            },
            other => panic!("no face for a field of type {other:?}: {schema}"),
        }
    }

    fn reference(&mut self, reference: &str) -> Type {
        let name = reference.rsplit('/').next().unwrap_or_default();
        let target = self
            .schema
            .pointer(&format!("/$defs/{name}"))
            .cloned()
            .unwrap_or_default();
        if target.get("properties").is_none() {
            return self.kind(&target);
        }
        let full = self.name(name);
        if !self.records.contains_key(&full) {
            let record = self.record(name, &target);
            self.records.insert(full.clone(), record);
        }
        Type::Record(full)
    }
}

fn doc(schema: &Value) -> String {
    schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn words(schema: &Value) -> Vec<(String, String)> {
    if let Some(plain) = schema.get("enum").and_then(Value::as_array) {
        return plain
            .iter()
            .filter_map(Value::as_str)
            .map(|word| (word.to_owned(), String::new()))
            .collect();
    }
    if let Some(word) = schema.get("const").and_then(Value::as_str) {
        return vec![(word.to_owned(), doc(schema))];
    }
    let choices = schema
        .get("oneOf")
        .or_else(|| schema.get("anyOf"))
        .and_then(Value::as_array);
    choices.into_iter().flatten().flat_map(words).collect()
}
