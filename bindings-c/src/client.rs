//! Clients, and the call of an operation by name.

use std::ffi::c_char;

use kyso::operations::{self, Operation};
use kyso::value::Value;
use kyso::{Client, Code, Error, Result};

use crate::border::{guard, read_text, store};
use crate::node::{kyso_node, read_nodes};
use crate::params::kyso_params;
use crate::result::kyso_result;

/// A merchant's account at one gateway: configuration and expanded keys.
///
/// Immutable: threads may share it. Made by `kyso_client_new` or a gateway's own constructor, freed by
/// `kyso_client_free`.
pub struct kyso_client(Client);

/// Makes a client from the JSON text of its configuration.
///
/// @param gateway  Name of the gateway, the first part of its operations' names.
/// @param config   JSON text of an object; the members are documented at the gateway's own constructor.
/// @param client   Receives the client, or NULL when the configuration is refused.
/// @return A result without content; refused configurations have the stage `config`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_client_new(
    gateway: *const c_char,
    gateway_length: usize,
    config: *const c_char,
    config_length: usize,
    client: *mut *mut kyso_client,
) -> *mut kyso_result {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    let read = || unsafe {
        let gateway = read_text(gateway, gateway_length, "gateway")?;
        Ok((gateway, read_text(config, config_length, "config")?))
    };
    // SAFETY: as above.
    unsafe { new_client(client, || read().and_then(|(gateway, config)| make(gateway, config))) }
}

/// Makes a client from parameters instead of JSON text. The parameters are only read.
///
/// @param gateway  Name of the gateway, the first part of its operations' names.
/// @param config   The configuration.
/// @param client   Receives the client, or NULL when the configuration is refused.
/// @return A result without content; refused configurations have the stage `config`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_client_new_params(
    gateway: *const c_char,
    gateway_length: usize,
    config: *const kyso_params,
    client: *mut *mut kyso_client,
) -> *mut kyso_result {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    let read = || unsafe {
        let gateway = read_text(gateway, gateway_length, "gateway")?;
        let config = config.as_ref().ok_or_else(|| null("config"))?;
        let made = config.with_record(|config| operations::client_from(gateway, config, kyso::unix_time));
        made.map_err(|error| of_configuration(error, gateway))
    };
    // SAFETY: as above.
    unsafe { new_client(client, read) }
}

/// Makes a client from a flat list instead of JSON text.
///
/// @param gateway  Name of the gateway, the first part of its operations' names.
/// @param config   The configuration: an object and what follows.
/// @param count    Number of nodes.
/// @param client   Receives the client, or NULL when the configuration is refused.
/// @return A result without content; refused configurations have the stage `config`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_client_new_nodes(
    gateway: *const c_char,
    gateway_length: usize,
    config: *const kyso_node,
    count: usize,
    client: *mut *mut kyso_client,
) -> *mut kyso_result {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    let read = || unsafe {
        let gateway = read_text(gateway, gateway_length, "gateway")?;
        let config = read_nodes(config, count, "config");
        let made =
            config.and_then(|config| config.with(|config| operations::client_from(gateway, config, kyso::unix_time)));
        made.map_err(|error| of_configuration(error, gateway))
    };
    // SAFETY: as above.
    unsafe { new_client(client, read) }
}

fn of_configuration(error: Error, gateway: &str) -> Error {
    // A name that is no gateway's may be anything, and errors show no values.
    let known = operations::GATEWAYS.iter().find(|known| known.name == gateway);
    error
        .at(kyso::Stage::Config)
        .during(known.map_or("", |known| known.name))
}

/// Frees a client and wipes its keys. NULL is allowed. No call may be using it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_client_free(client: *mut kyso_client) {
    if !client.is_null() {
        // SAFETY: made by `new_client` with `Box::into_raw`, and not freed before, by the header's contract.
        guard(|| (), || unsafe { drop(Box::from_raw(client)) });
    }
}

/// Runs the operation of that name, for hosts that choose it at run time.
///
/// @param client     A client of the operation's gateway; NULL where operations need none.
/// @param operation  Full name, `gateway.service.operation`.
/// @param json       JSON text of the input, an object.
/// @return The result of the operation or its error. Never NULL; free it with `kyso_result_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_call(
    client: *const kyso_client,
    operation: *const c_char,
    operation_length: usize,
    json: *const c_char,
    json_length: usize,
) -> *mut kyso_result {
    kyso_result::of(|| {
        // SAFETY: the caller's pointers, passed on under the header's contract.
        let name = unsafe { read_text(operation, operation_length, "operation")? };
        // SAFETY: as above.
        unsafe { run(client, name, json, json_length) }
    })
}

/// Runs the operation of that name on parameters instead of JSON text. The parameters are only read.
///
/// @param client     A client of the operation's gateway; NULL where operations need none.
/// @param operation  Full name, `gateway.service.operation`.
/// @param params     The input.
/// @return The result of the operation or its error. Never NULL; free it with `kyso_result_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_call_params(
    client: *const kyso_client,
    operation: *const c_char,
    operation_length: usize,
    params: *const kyso_params,
) -> *mut kyso_result {
    kyso_result::of(|| {
        // SAFETY: the caller's pointers, passed on under the header's contract.
        let name = unsafe { read_text(operation, operation_length, "operation")? };
        // SAFETY: as above.
        let params = unsafe { params.as_ref() }.ok_or_else(|| null("params").during(name))?;
        let operation = find(name)?;
        // SAFETY: as above.
        let client = unsafe { client_for(client, operation)? };
        let result = params.with_record(|input| operation.run(client, input));
        result.map_err(|error| error.during(name))
    })
}

/// Runs the operation of that name on a flat list instead of JSON text. The list is only read.
///
/// @param client     A client of the operation's gateway; NULL where operations need none.
/// @param operation  Full name, `gateway.service.operation`.
/// @param input      The input: an object and what follows.
/// @param count      Number of nodes.
/// @return The result of the operation or its error. Never NULL; free it with `kyso_result_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_call_nodes(
    client: *const kyso_client,
    operation: *const c_char,
    operation_length: usize,
    input: *const kyso_node,
    count: usize,
) -> *mut kyso_result {
    kyso_result::of(|| {
        // SAFETY: the caller's pointers, passed on under the header's contract.
        let name = unsafe { read_text(operation, operation_length, "operation")? };
        let operation = find(name)?;
        // SAFETY: as above.
        let client = unsafe { client_for(client, operation)? };
        // SAFETY: as above.
        let input = unsafe { read_nodes(input, count, "input") };
        let result = input.and_then(|input| input.with(|input| operation.run(client, input)));
        result.map_err(|error| error.during(name))
    })
}

/// A generated function's body.
///
/// # Safety
/// The header's contract.
pub(crate) unsafe fn call(
    client: *const kyso_client,
    operation: &'static str,
    json: *const c_char,
    length: usize,
) -> *mut kyso_result {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    kyso_result::of(|| unsafe { run(client, operation, json, length) })
}

/// A generated constructor's body.
///
/// # Safety
/// The header's contract.
pub(crate) unsafe fn construct(
    gateway: &'static str,
    config: *const c_char,
    length: usize,
    client: *mut *mut kyso_client,
) -> *mut kyso_result {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { new_client(client, || make(gateway, read_text(config, length, "config")?)) }
}

unsafe fn run(client: *const kyso_client, name: &str, json: *const c_char, length: usize) -> Result<Value<'static>> {
    let named = |error: Error| error.during(name);
    let operation = find(name)?;
    // SAFETY: the caller's pointers, passed on under the header's contract.
    let (client, json) = unsafe {
        let client = client_for(client, operation).map_err(named)?;
        (client, read_text(json, length, "json").map_err(named)?)
    };
    operations::call(client, operation.name, json)
}

fn find(name: &str) -> Result<&'static Operation> {
    // The core's own refusal shows only the printable part of a name.
    operations::find(name).ok_or_else(|| match operations::call(None, name, "{}") {
        Err(error) => error,
        Ok(_) => Error::new(Code::Internal),
    })
}

unsafe fn client_for(client: *const kyso_client, operation: &Operation) -> Result<Option<&'static Client>> {
    // SAFETY: NULL or a live client by the header's contract; the borrow ends with the call.
    let client = unsafe { client.as_ref() }.map(|client| &client.0);
    if client.is_none() && needs_client(operation) {
        return Err(null("client").during(operation.name));
    }
    Ok(client)
}

fn needs_client(operation: &Operation) -> bool {
    let gateway = operation.name.split('.').next();
    operations::GATEWAYS
        .iter()
        .any(|known| Some(known.name) == gateway && known.has_client)
}

fn make(gateway: &str, config: &str) -> Result<Client> {
    operations::client(gateway, config, kyso::unix_time)
}

unsafe fn new_client(to: *mut *mut kyso_client, make: impl FnOnce() -> Result<Client>) -> *mut kyso_result {
    kyso_result::of(|| {
        if to.is_null() {
            return Err(null("client"));
        }
        // SAFETY: not null; a place for a pointer by the header's contract.
        unsafe { store(to, std::ptr::null_mut()) };
        let client = Box::new(kyso_client(make()?));
        // SAFETY: as above.
        unsafe { store(to, Box::into_raw(client)) };
        Ok(Value::Record(kyso::value::Record::new()))
    })
}

fn null(field: &str) -> Error {
    Error::new(Code::NullPointer).field(field)
}
