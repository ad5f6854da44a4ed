//! Python objects to kyso's values and back. Types are looked at exactly, values never: what a field may hold is the
//! core's business.

use std::borrow::Cow;

use kyso::value::{MAX_DEPTH, Record, Text, Value};
use kyso::{Code, Error, Result};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMemoryView, PyString, PyTuple, PyType,
};

/// Most values in one input: shared lists could otherwise unfold without end.
const MAX_VALUES: usize = 100_000;

/// Keeps alive the Python objects whose texts a value borrows.
pub(crate) type Arena<'py> = typed_arena::Arena<Bound<'py, PyAny>>;

/// What came from Python.
pub(crate) struct Input<'a> {
    pub(crate) value: Value<'a>,
    /// In bytes.
    pub(crate) longest_text: usize,
}

/// Reads keyword arguments. `None` for one of the `optional` names means that it is not given.
pub(crate) fn record<'a, 'py>(
    arena: &'a Arena<'py>,
    fields: &Bound<'py, PyDict>,
    optional: &Bound<'py, PyDict>,
) -> Result<Input<'a>> {
    let mut reader = Reader {
        arena,
        values_left: MAX_VALUES,
        longest_text: 0,
    };
    let value = reader.record(fields, MAX_DEPTH, |name, value| {
        value.is_none() && optional.contains(name).unwrap_or(false)
    })?;
    Ok(Input {
        value,
        longest_text: reader.longest_text,
    })
}

struct Reader<'a, 'py> {
    arena: &'a Arena<'py>,
    values_left: usize,
    longest_text: usize,
}

impl<'a, 'py> Reader<'a, 'py> {
    fn value(&mut self, object: Bound<'py, PyAny>, depth: usize) -> Result<Value<'a>> {
        if object.is_instance_of::<PyString>() {
            return self.text(object).map(Value::text);
        }
        if object.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(flag) = object.cast::<PyBool>() {
            return Ok(Value::Bool(flag.is_true()));
        }
        if let Ok(number) = object.cast::<PyInt>() {
            return digits(number).map(|digits| Value::Number(digits.into()));
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.record(dict, deeper(depth)?, |_, _| false);
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.list(list.iter(), deeper(depth)?);
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.list(tuple.iter(), deeper(depth)?);
        }
        self.bytes(object)
    }

    fn record(
        &mut self,
        dict: &Bound<'py, PyDict>,
        depth: usize,
        is_left_out: impl Fn(&Bound<'py, PyAny>, &Bound<'py, PyAny>) -> bool,
    ) -> Result<Value<'a>> {
        let mut record = Record::new();
        for (name, value) in dict {
            if is_left_out(&name, &value) {
                continue;
            }
            self.count()?;
            let name = self.text(name)?;
            let value = self.value(value, depth).map_err(|error| error.inside(&shown(name)))?;
            record.push(name, value);
        }
        Ok(Value::Record(record))
    }

    fn list(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>, depth: usize) -> Result<Value<'a>> {
        let mut list = Vec::new();
        for (index, item) in items.enumerate() {
            self.count()?;
            let value = self.value(item, depth);
            list.push(value.map_err(|error| error.inside(&index.to_string()))?);
        }
        Ok(Value::List(list))
    }

    /// A text, or the name of a member; one with lone surrogates has no UTF-8 form.
    fn text(&mut self, object: Bound<'py, PyAny>) -> Result<&'a str> {
        let kept: &'a Bound<'py, PyAny> = self.arena.alloc(object);
        let text = kept.cast::<PyString>().map_err(|_| names_are_text())?;
        Ok(self.measured(text.to_str().map_err(|_| Error::new(Code::NotUtf8))?))
    }

    /// Bytes of a message as a web framework gives them. Those that may change meanwhile are copied.
    fn bytes(&mut self, object: Bound<'py, PyAny>) -> Result<Value<'a>> {
        let frozen = if object.is_instance_of::<PyBytes>() {
            object
        } else if let Ok(bytes) = object.cast::<PyByteArray>() {
            PyBytes::new(object.py(), &bytes.to_vec()).into_any()
        } else if object.is_instance_of::<PyMemoryView>() {
            let bytes = object.call_method0(intern!(object.py(), "tobytes"));
            bytes.map_err(|_| not_supported(&object))?
        } else {
            return Err(not_supported(&object));
        };
        let kept: &'a Bound<'py, PyAny> = self.arena.alloc(frozen);
        let bytes = kept.cast::<PyBytes>().map_err(|_| not_supported(kept))?.as_bytes();
        let text = std::str::from_utf8(bytes).map_err(|_| Error::new(Code::NotUtf8))?;
        Ok(Value::text(self.measured(text)))
    }

    fn measured(&mut self, text: &'a str) -> &'a str {
        self.longest_text = self.longest_text.max(text.len());
        text
    }

    fn count(&mut self) -> Result<()> {
        self.values_left = self.values_left.checked_sub(1).ok_or_else(|| {
            Error::say(
                Code::MalformedInput,
                "holds more than 100000 values",
                "chứa hơn 100000 giá trị",
            )
        })?;
        Ok(())
    }
}

fn deeper(depth: usize) -> Result<usize> {
    depth.checked_sub(1).ok_or_else(|| {
        Error::say(
            Code::MalformedInput,
            "is nested more than 32 levels deep",
            "lồng nhau quá 32 cấp",
        )
    })
}

/// The decimal digits of an integer, whatever a subclass says about itself.
fn digits(number: &Bound<'_, PyInt>) -> Result<String> {
    if let Ok(small) = number.extract::<i64>() {
        return Ok(small.to_string());
    }
    // Python itself refuses more than 4300 digits.
    let int = PyType::new::<PyInt>(number.py());
    int.call_method1(intern!(number.py(), "__repr__"), (number,))
        .and_then(|digits| digits.extract::<String>())
        .map_err(|_| Error::say(Code::InvalidValue, "has too many digits", "có quá nhiều chữ số"))
}

fn names_are_text() -> Error {
    Error::say(Code::WrongType, "names must be text", "tên phải là văn bản")
}

fn not_supported(object: &Bound<'_, PyAny>) -> Error {
    if object.is_instance_of::<PyFloat>() {
        return Error::say(
            Code::WrongType,
            "must not be a float: pass an integer or its decimal text",
            "không nhận số thực: hãy truyền số nguyên hoặc chuỗi chữ số",
        );
    }
    Error::say(
        Code::WrongType,
        "must be text, bytes, an integer, a boolean, a list or a dict",
        "phải là văn bản, bytes, số nguyên, giá trị đúng/sai, list hoặc dict",
    )
}

/// A member's name as an error shows it: short and printable, since it may be anything.
fn shown(name: &str) -> String {
    let plain: String = name.chars().take(64).filter(char::is_ascii_graphic).collect();
    if plain.is_empty() { "?".to_owned() } else { plain }
}

/// The plain Python object of a value: amounts are `int`, numbers as printed are `str`.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value<'static>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::Integer(number) => number.into_pyobject(py)?.into_any(),
        Value::Number(text) | Value::Text(text) => to_text(py, text).into_any(),
        Value::List(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(to_python(py, item)?)?;
            }
            list.into_any()
        }
        Value::Record(record) => {
            let dict = PyDict::new(py);
            for (name, member) in record.members() {
                dict.set_item(to_text(py, name), to_python(py, member)?)?;
            }
            dict.into_any()
        }
    })
}

/// Names of members are the library's own texts, nearly all: Python's text of such a one is made once.
fn to_text<'py>(py: Python<'py>, text: &Text<'static>) -> Bound<'py, PyString> {
    match text {
        Cow::Borrowed(text) => of_ours(py, text),
        Cow::Owned(text) => PyString::new(py, text),
    }
}

/// As many as make collisions rare among the names of all results.
const KEPT: usize = 1024;

/// A text of the library's, and Python's. The library's never moves: where it lies says which one it is.
struct Kept {
    ours: &'static str,
    text: Py<PyString>,
}

fn of_ours<'py>(py: Python<'py>, ours: &'static str) -> Bound<'py, PyString> {
    static ALL: [PyOnceLock<Kept>; KEPT] = [const { PyOnceLock::new() }; KEPT];
    let kept = ALL[place(ours)].get_or_init(py, || Kept {
        ours,
        text: PyString::intern(py, ours).unbind(),
    });
    if std::ptr::eq(kept.ours, ours) {
        return kept.text.bind(py).clone();
    }
    PyString::new(py, ours)
}

/// Fibonacci hashing (Knuth, volume 3, 6.4): the product's upper bits depend on every bit of the address.
fn place(ours: &str) -> usize {
    let address = ours.as_ptr().addr() as u64;
    (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KEPT.ilog2())) as usize
}
