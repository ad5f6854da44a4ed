//! The table of operations and the one door to them. Services declare their entries beside their code.

use zeroize::Zeroize;

use crate::answer::{Acknowledgement, Made, Reading};
use crate::canonical::Evidence;
use crate::crypto::stack;
use crate::error::{Code, Error, Result, Stage};
use crate::http::HttpRequest;
use crate::value::{Others, Value, from_input, from_part, parse};
#[cfg(test)]
use crate::value::{Record, from_output};
use crate::{Client, appotapay, hpay, tconnect, vietqr};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Parameters in, a request to send out. Failing means that nothing was sent.
    Build,
    /// Reads the answer to a request.
    ReadAnswer,
    /// The same where the request may have moved money, or asked whether one did: unless an error says that it was
    /// refused, the outcome is undetermined, and this operation asks for it.
    ReadOutcome(&'static str),
    /// Reads a message that claims to come from the gateway.
    ReadCallback,
    /// A record in, a record out.
    Pure,
}

impl Kind {
    /// The stable name: `build`, `read` or `pure`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Build => "build",
            Kind::ReadAnswer | Kind::ReadOutcome(_) | Kind::ReadCallback => "read",
            Kind::Pure => "pure",
        }
    }

    const fn stage(self) -> Stage {
        match self {
            Kind::Build | Kind::Pure => Stage::Input,
            Kind::ReadAnswer | Kind::ReadOutcome(_) => Stage::Response,
            Kind::ReadCallback => Stage::Callback,
        }
    }

    /// An error of an operation of this kind, with what it means for money.
    fn error(self, error: Error) -> Error {
        match self {
            Kind::ReadOutcome(ask) if error.outcome_name().is_none() => error.outcome("undetermined").next(ask),
            _ => error,
        }
    }
}

/// One operation.
pub struct Operation {
    /// `gateway.service.operation`.
    pub name: &'static str,
    /// What it does.
    pub kind: Kind,
    /// How well its formula or format is known.
    pub evidence: Evidence,
    /// What it is for, in any language's documentation.
    pub doc: &'static str,
    pub(crate) handler: &'static dyn Handler,
}

/// The operations of one service, in the order in which data flows.
pub struct Service {
    /// Name within the gateway.
    pub name: &'static str,
    /// What the service is.
    pub doc: &'static str,
    /// Its operations.
    pub operations: &'static [Operation],
}

/// A gateway with its services.
pub struct Gateway {
    /// Name in operation names.
    pub name: &'static str,
    /// Name of its class in every language.
    pub class: &'static str,
    /// What the gateway is.
    pub doc: &'static str,
    /// Its services.
    pub services: &'static [Service],
    /// Whether its operations need a client.
    pub has_client: bool,
}

/// All gateways.
pub const GATEWAYS: &[Gateway] = &[tconnect::GATEWAY, hpay::GATEWAY, appotapay::GATEWAY, vietqr::GATEWAY];

impl Operation {
    /// Runs the operation on an input record.
    ///
    /// # Errors
    /// Every code that concerns the input or the message, with this operation's name.
    pub fn run(&self, client: Option<&Client>, input: &Value<'_>) -> Result<Value<'static>> {
        self.run_with(client.into(), input)
    }

    pub(crate) fn run_with(&self, client: AnyClient<'_>, input: &Value<'_>) -> Result<Value<'static>> {
        self.handler
            .call(client, input, self.kind.stage())
            .map_err(|error| self.error(error))
    }

    fn error(&self, error: Error) -> Error {
        self.kind.error(error).during(self.name)
    }

    /// The schemas of input and output, and the names of their types.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn schemas(&self) -> Schemas {
        self.handler.schemas()
    }
}

/// Finds an operation by its full name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Operation> {
    let (gateway, rest) = GATEWAYS
        .iter()
        .find_map(|gateway| Some((gateway, behind(name, gateway.name)?)))?;
    let service = gateway
        .services
        .iter()
        .find(|service| behind(rest, service.name).is_some())?;
    service.operations.iter().find(|candidate| candidate.name == name)
}

/// What stands behind the first part of a name, where it is this one.
fn behind<'n>(name: &'n str, part: &str) -> Option<&'n str> {
    name.strip_prefix(part)?.strip_prefix('.')
}

/// Runs an operation by name on the JSON text of its input. `client` is `None` for operations that need none.
///
/// # Errors
/// `unknown_operation`, `malformed_input`, and what the operation itself refuses.
pub fn call(client: Option<&Client>, operation: &str, input: &str) -> Result<Value<'static>> {
    let Some(found) = find(operation) else {
        return Err(Error::new(Code::UnknownOperation).during(shown(operation)));
    };
    let mut value = match parse(input) {
        Ok(value @ Value::Record(_)) => value,
        Ok(_) => return Err(found.error(not_a_record())),
        Err(error) => return Err(found.error(error.at(Stage::Input))),
    };
    let result = found.run(client, &value);
    value.zeroize();
    result
}

fn not_a_record() -> Error {
    Error::say(
        Code::WrongType,
        "the input must be an object",
        "đầu vào phải là một đối tượng",
    )
}

/// A name as errors show it, where it could be one: a caller who mixed up his arguments may have passed a secret.
fn shown(operation: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
    let known = GATEWAYS.iter().any(|gateway| operation.starts_with(gateway.name));
    let names = known && operation.len() <= 64 && operation.bytes().all(plain);
    if names { operation } else { "" }
}

/// Runs one typed function on untyped input.
pub(crate) trait Handler: Sync {
    fn call(&self, client: AnyClient<'_>, input: &Value<'_>, stage: Stage) -> Result<Value<'static>>;
    /// Whether a result can be read as the plain struct that documents it.
    #[cfg(test)]
    fn fits(&self, output: &Record<'_>) -> Result<()>;
    #[cfg(feature = "schema")]
    fn schemas(&self) -> Schemas;
}

/// A typed function as a table entry.
pub(crate) struct Typed<C, I, O>(pub(crate) fn(&C, &I) -> Result<O>);

/// A type of input that borrows its texts from the value that it is read from: for texts of megabytes.
pub(crate) trait Borrowing {
    type Of<'a>: Borrowed<'a>;
}

#[cfg(feature = "schema")]
pub(crate) trait Borrowed<'a>: serde::Deserialize<'a> + schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<'a, T: serde::Deserialize<'a> + schemars::JsonSchema> Borrowed<'a> for T {}
#[cfg(not(feature = "schema"))]
pub(crate) trait Borrowed<'a>: serde::Deserialize<'a> {}
#[cfg(not(feature = "schema"))]
impl<'a, T: serde::Deserialize<'a>> Borrowed<'a> for T {}

/// A typed function on such an input as a table entry.
pub(crate) struct TypedText<C, I: Borrowing, O>(pub(crate) fn(&C, &I::Of<'_>) -> Result<O>);

/// Members that many operations of a gateway take besides their own, kept in a record of their own.
pub(crate) trait CallOptions: Plain {
    /// Wire names of the members.
    const NAMES: &'static [&'static str];
}

/// A typed function with call options as a table entry: the members of the options stand among those of the input.
pub(crate) struct TypedCall<C, I, A, O>(pub(crate) fn(&C, &I, &A) -> Result<O>);

/// What codegen reads of an operation.
#[cfg(feature = "schema")]
pub struct Schemas {
    /// Path of the input type.
    pub input_type: &'static str,
    /// Path of the call options' type, and their schema.
    pub options: Option<(&'static str, schemars::Schema)>,
    /// Schema of the input.
    pub input: schemars::Schema,
    /// Path of the output type.
    pub output_type: &'static str,
    /// Schema of the output.
    pub output: schemars::Schema,
}

/// A plain struct: readable from a value and, for codegen, with a schema.
#[cfg(feature = "schema")]
pub(crate) trait Plain: serde::de::DeserializeOwned + schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: serde::de::DeserializeOwned + schemars::JsonSchema> Plain for T {}
#[cfg(not(feature = "schema"))]
pub(crate) trait Plain: serde::de::DeserializeOwned {}
#[cfg(not(feature = "schema"))]
impl<T: serde::de::DeserializeOwned> Plain for T {}

/// What an operation gives, and the plain struct that documents it.
pub(crate) trait Output: Into<Value<'static>> {
    type Shape: Plain;
}

impl Output for HttpRequest {
    type Shape = Self;
}
impl Output for Acknowledgement {
    type Shape = Self;
}
impl<T: Plain> Output for Reading<T> {
    type Shape = T;
}
impl<T: Plain> Output for Made<T> {
    type Shape = T;
}

/// Names operation and stage in the error of a typed call.
#[cfg(not(kyso_codegen))]
pub(crate) fn named<T>(operation: &'static str, kind: Kind, result: Result<T>) -> Result<T> {
    result.map_err(|error| kind.error(error.at(kind.stage())).during(operation))
}

/// The schema of a gateway's configuration.
#[cfg(feature = "schema")]
#[must_use]
pub fn config_schema(gateway: &str) -> Option<schemars::Schema> {
    match gateway {
        "tconnect" => Some(schemars::schema_for!(tconnect::Config)),
        "hpay" => Some(schemars::schema_for!(hpay::Config)),
        "appotapay" => Some(schemars::schema_for!(appotapay::Config)),
        _ => None,
    }
}

/// A client of some gateway, or none.
#[derive(Clone, Copy)]
pub(crate) enum AnyClient<'c> {
    None,
    TConnect(&'c tconnect::TConnect),
    HPay(&'c hpay::HPay),
    AppotaPay(&'c appotapay::AppotaPay),
}

impl<'c> From<Option<&'c Client>> for AnyClient<'c> {
    fn from(client: Option<&'c Client>) -> Self {
        match client {
            None => AnyClient::None,
            Some(Client::TConnect(client)) => AnyClient::TConnect(client),
            Some(Client::HPay(client)) => AnyClient::HPay(client),
            Some(Client::AppotaPay(client)) => AnyClient::AppotaPay(client),
        }
    }
}

/// A gateway's own client among those of all gateways.
pub(crate) trait OfGateway {
    fn of(client: AnyClient<'_>) -> Option<&Self>;
}

/// A client of another gateway does not have this operation.
fn own_client<C: OfGateway>(client: AnyClient<'_>) -> Result<&C> {
    C::of(client).ok_or_else(|| Error::new(Code::UnknownOperation).at(Stage::Input))
}

impl<C: OfGateway, I: Plain, O: Output> Handler for Typed<C, I, O> {
    fn call(&self, client: AnyClient<'_>, input: &Value<'_>, stage: Stage) -> Result<Value<'static>> {
        let client = own_client::<C>(client)?;
        let input: I = from_input(input).map_err(|error| error.at(Stage::Input))?;
        let output = (self.0)(client, &input).map_err(|error| error.at(stage))?;
        Ok(output.into())
    }

    #[cfg(test)]
    fn fits(&self, output: &Record<'_>) -> Result<()> {
        from_output::<O::Shape>(output).map(drop)
    }

    #[cfg(feature = "schema")]
    fn schemas(&self) -> Schemas {
        Schemas {
            input_type: std::any::type_name::<I>(),
            options: None,
            input: schemars::schema_for!(I),
            output_type: std::any::type_name::<O>(),
            output: schemars::schema_for!(O::Shape),
        }
    }
}

impl<C: OfGateway, I: Borrowing, O: Output> Handler for TypedText<C, I, O> {
    fn call(&self, client: AnyClient<'_>, input: &Value<'_>, stage: Stage) -> Result<Value<'static>> {
        let client = own_client::<C>(client)?;
        let input = from_input::<I::Of<'_>>(input).map_err(|error| error.at(Stage::Input))?;
        let output = (self.0)(client, &input).map_err(|error| error.at(stage))?;
        Ok(output.into())
    }

    #[cfg(test)]
    fn fits(&self, output: &Record<'_>) -> Result<()> {
        from_output::<O::Shape>(output).map(drop)
    }

    #[cfg(feature = "schema")]
    fn schemas(&self) -> Schemas {
        Schemas {
            input_type: without_lifetime(std::any::type_name::<I::Of<'static>>()),
            options: None,
            input: schemars::schema_for!(I::Of<'static>),
            output_type: std::any::type_name::<O>(),
            output: schemars::schema_for!(O::Shape),
        }
    }
}

/// The path of a type in front of its lifetime.
#[cfg(feature = "schema")]
fn without_lifetime(path: &'static str) -> &'static str {
    path.split('<').next().unwrap_or(path)
}

impl<C: OfGateway, I: Plain, A: CallOptions, O: Output> Handler for TypedCall<C, I, A, O> {
    fn call(&self, client: AnyClient<'_>, input: &Value<'_>, stage: Stage) -> Result<Value<'static>> {
        let client = own_client::<C>(client)?;
        let read = || -> Result<(I, A)> {
            let Value::Record(members) = input else {
                return Err(not_a_record());
            };
            let input = from_part(members, Others::named(A::NAMES))?;
            Ok((input, from_part(members, Others::LEFT)?))
        };
        let (input, options) = read().map_err(|error| error.at(Stage::Input))?;
        let output = (self.0)(client, &input, &options).map_err(|error| error.at(stage))?;
        Ok(output.into())
    }

    #[cfg(test)]
    fn fits(&self, output: &Record<'_>) -> Result<()> {
        from_output::<O::Shape>(output).map(drop)
    }

    #[cfg(feature = "schema")]
    fn schemas(&self) -> Schemas {
        Schemas {
            input_type: std::any::type_name::<I>(),
            options: Some((std::any::type_name::<A>(), schemars::schema_for!(A))),
            input: schemars::schema_for!(I),
            output_type: std::any::type_name::<O>(),
            output: schemars::schema_for!(O::Shape),
        }
    }
}

/// Makes a gateway's client from the JSON text of its configuration.
///
/// # Errors
/// `unknown_gateway`, and every rule on configuration and secrets, with stage `config`.
pub fn client(gateway: &str, config: &str, clock: crate::Clock) -> Result<Client> {
    let mut config = parse(config).map_err(|error| error.at(Stage::Config).during(shown(gateway)))?;
    let client = client_from(gateway, &config, clock);
    config.zeroize();
    stack::wipe::<{ stack::CLIENT }>();
    client
}

/// Makes a gateway's client from a configuration that is already a value. The caller wipes it.
///
/// # Errors
/// The same as [`client`].
pub fn client_from(gateway: &str, config: &Value<'_>, clock: crate::Clock) -> Result<Client> {
    let make = || -> Result<Client> {
        if !matches!(config, Value::Record(_)) {
            return Err(not_a_record());
        }
        match gateway {
            "tconnect" => from_input(config)
                .and_then(tconnect::TConnect::new)
                .map(|client| Client::TConnect(Box::new(client))),
            "hpay" => from_input(config)
                .and_then(hpay::HPay::new)
                .map(|client| Client::HPay(Box::new(client.with_clock(clock)))),
            "appotapay" => from_input(config)
                .and_then(appotapay::AppotaPay::new)
                .map(|client| Client::AppotaPay(Box::new(client.with_clock(clock)))),
            _ => Err(Error::new(Code::UnknownGateway)),
        }
    };
    make().map_err(|error| error.at(Stage::Config).during(shown(gateway)))
}

/// Every operation of every gateway.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    GATEWAYS
        .iter()
        .flat_map(|gateway| gateway.services)
        .flat_map(|service| service.operations)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector files of all services.
    fn vector_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(vector_files(&path));
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
        files
    }

    #[test]
    fn every_result_of_the_vectors_fits_the_struct_that_documents_it() {
        let mut fitting = 0;
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
        for path in vector_files(&folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            let file = parse(&text).unwrap();
            let Some(Value::List(cases)) = file.pointer("/cases") else {
                continue;
            };
            for case in cases.iter().filter(|case| case.pointer("/output").is_some()) {
                let name = case.pointer("/operation").unwrap().as_text().unwrap();
                let gateway = name.split('.').next().unwrap();
                let client = case
                    .pointer("/config")
                    .map(|config| client(gateway, &config.to_json(), || 0).unwrap());
                let operation = find(name).unwrap();
                let output = operation.run(client.as_ref(), case.pointer("/input").unwrap());
                let Ok(Value::Record(output)) = output else { continue };
                let fits = operation.handler.fits(&output);
                assert!(fits.is_ok(), "{name} in {}: {:?}", path.display(), fits);
                fitting += 1;
            }
        }
        assert!(fitting > 0, "no vectors were found");
    }

    #[test]
    fn what_is_no_object_is_refused_at_its_own_stage() {
        let refused = client("hpay", "[]", || 0).unwrap_err();
        assert_eq!((refused.code(), refused.stage()), (Code::WrongType, Stage::Config));
        let refused = call(None, "vietqr.code.read", "[]").unwrap_err();
        assert_eq!((refused.code(), refused.stage()), (Code::WrongType, Stage::Input));
    }

    #[test]
    fn names_are_unique_and_belong_to_their_service() {
        let mut seen = std::collections::HashSet::new();
        for gateway in GATEWAYS {
            for service in gateway.services {
                for operation in service.operations {
                    assert!(
                        operation
                            .name
                            .starts_with(&format!("{}.{}.", gateway.name, service.name)),
                        "{}",
                        operation.name
                    );
                    assert!(seen.insert(operation.name), "{} twice", operation.name);
                    assert!(!operation.doc.is_empty(), "{}", operation.name);
                    assert!(find(operation.name).is_some());
                }
            }
        }
    }
}
