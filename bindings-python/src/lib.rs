//! The door between Python and kyso's operations: makes a client, runs an operation by name. Knows no gateway; names,
//! types and documentation stand in the generated Python classes.

mod convert;

use std::panic::{AssertUnwindSafe, catch_unwind};

use kyso::{Code, Error, operations};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// From this much text on, other threads may run meanwhile (releasing the lock costs as much as a kilobyte's work).
const LONG_TEXT: usize = 64 * 1024;
/// Only RSA keys and certificates are this long in a configuration, and RSA takes milliseconds.
const RSA_KEY_TEXT: usize = 256;

/// A gateway's client. Holds secrets: shows nothing, is neither copied nor pickled.
#[pyclass(frozen, module = "kyso._native")]
struct Client {
    client: kyso::Client,
    has_rsa_key: bool,
}

#[pymethods]
impl Client {
    #[new]
    fn new<'py>(gateway: &str, config: &Bound<'py, PyDict>, optional: &Bound<'py, PyDict>) -> PyResult<Self> {
        guard(config.py(), || {
            let arena = convert::Arena::new();
            let input = convert::record(&arena, config, optional)
                .map_err(|error| error.at(kyso::Stage::Config).during(gateway))?;
            Ok(Self {
                client: operations::client_from(gateway, &input.value, kyso::unix_time)?,
                has_rsa_key: input.longest_text > RSA_KEY_TEXT,
            })
        })
    }

    fn __repr__(&self) -> &'static str {
        "<kyso client>"
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a client holds secrets: it cannot be copied or pickled",
        ))
    }
}

/// Runs an operation. `optional` holds the names for which `None` means "not given".
#[pyfunction]
fn call<'py>(
    py: Python<'py>,
    client: Option<&Bound<'py, Client>>,
    operation: &str,
    fields: &Bound<'py, PyDict>,
    optional: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(py, || {
        let found = operations::find(operation).ok_or_else(|| Error::new(Code::UnknownOperation).during(operation))?;
        let arena = convert::Arena::new();
        let input = convert::record(&arena, fields, optional).map_err(|error| error.during(operation))?;
        let client = client.map(Bound::get);
        let run = || found.run(client.map(|client| &client.client), &input.value);
        let long = input.longest_text > LONG_TEXT || client.is_some_and(|client| client.has_rsa_key);
        let output = if long { py.detach(run) } else { run() }?;
        Ok(convert::to_python(py, &output)?)
    })
}

/// What stops a call: an error of ours, or one of Python (such as a lack of memory).
enum Failure {
    Kyso(Error),
    Python(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Kyso(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Failure::Python(error)
    }
}

/// Every call goes through here: a panic becomes `internal`, since Python's `except Exception` would miss it.
fn guard<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Failure>) -> PyResult<T> {
    let work = || {
        #[cfg(kyso_fault)]
        fault();
        work()
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(Failure::Kyso(error))) => Err(exception(py, &error)),
        Ok(Err(Failure::Python(error))) => Err(error),
        Err(_) => Err(exception(py, &Error::new(Code::Internal))),
    }
}

/// Panics while the environment says so: the test of what callers see then. Never part of a package.
#[cfg(kyso_fault)]
fn fault() {
    if std::env::var_os("KYSO_FAULT").is_some() {
        panic!("planted");
    }
}

/// The Python exception of an error. Its classes are written in Python, and looked up each time: every interpreter of a
/// process (mod_wsgi has several) has classes of its own, and catches no others.
fn exception(py: Python<'_>, error: &Error) -> PyErr {
    let make = || {
        let record = convert::to_python(py, &kyso::value::Value::Record(error.to_record()))?;
        py.import("kyso._errors")?.getattr("from_record")?.call1((record,))
    };
    make().map_or_else(|failure| failure, PyErr::from_value)
}

#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    #[pymodule_export]
    use super::Client;
    #[pymodule_export]
    use super::call;
}
