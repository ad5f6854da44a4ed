//! Files, standard input, and how results and errors are printed.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use kyso::value::{Record, Value};
use kyso::{Client, Error, is_control_like, operations};
use zeroize::Zeroizing;

use crate::Failure;

/// Name of the environment variable that may hold the configuration's JSON text.
const CONFIG_VARIABLE: &str = "KYSO_CONFIG";

/// Editors on Windows begin a file with it.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Opens a file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(BufReader::new(file))),
        Err(error) => Err(Failure::Io(format!("{}: {error}", path.display()))),
    }
}

/// Reads a whole file as UTF-8 text; line breaks at its end, which editors add, are not part of a message.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    let fault = |error: std::io::Error| Failure::Io(format!("{}: {error}", path.display()));
    open(path)?.read_to_string(&mut text).map_err(fault)?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len());
    }
    while text.ends_with('\n') || text.ends_with('\r') {
        text.pop();
    }
    Ok(text)
}

/// Creates a file, or takes standard output.
pub(crate) fn create(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    match path {
        None => Ok(Box::new(std::io::stdout())),
        Some(path) => match File::create(path) {
            Ok(file) => Ok(Box::new(std::io::BufWriter::new(file))),
            Err(error) => Err(Failure::Io(format!("{}: {error}", path.display()))),
        },
    }
}

/// The client that an operation needs; `None` for operations without one.
pub(crate) fn client_for(operation: &str, config: Option<&Path>) -> Result<Option<Client>, Failure> {
    if operations::find(operation).is_none() {
        // It says so without a client.
        return Ok(None);
    }
    let gateway = operation.split('.').next().unwrap_or_default();
    let known = operations::GATEWAYS.iter().find(|known| known.name == gateway);
    if known.is_some_and(|known| !known.has_client) {
        return Ok(None);
    }
    let text = match (config, std::env::var(CONFIG_VARIABLE)) {
        (Some(path), _) => read(path)?,
        (None, Ok(text)) => Zeroizing::new(text),
        (None, Err(_)) => {
            return Err(Failure::Io(format!(
                "no configuration: give --config FILE or set {CONFIG_VARIABLE}"
            )));
        }
    };
    Ok(Some(operations::client(gateway, &text, kyso::unix_time)?))
}

/// Prints a result: JSON on one line, or a line per member for people.
pub(crate) fn print(value: &Value<'_>, json: bool) -> Result<(), Failure> {
    say(&if json { value.to_json() + "\n" } else { lines(value, "") })
}

/// Prints a text. Whoever reads only its beginning has closed the pipe, and that is no failure.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Io(error.to_string())),
        _ => Ok(()),
    }
}

/// `name: value` lines, nested names joined with dots.
fn lines(value: &Value<'_>, name: &str) -> String {
    let join = |part: &str| {
        if name.is_empty() {
            part.to_owned()
        } else {
            format!("{name}.{part}")
        }
    };
    match value {
        Value::Record(record) => record.iter().map(|(part, value)| lines(value, &join(part))).collect(),
        Value::List(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| lines(value, &join(&index.to_string())))
            .collect(),
        other => {
            let shown = other.printed().map_or_else(|| other.to_json(), Into::into);
            format!("{}: {}\n", on_one_line(name), on_one_line(&shown))
        }
    }
}

/// Whoever sends a message may write line ends and control sequences into it: they must not look like lines of ours.
fn on_one_line(text: &str) -> String {
    text.chars()
        .map(|c| match is_control_like(c) {
            true => c.escape_default().to_string(),
            false => c.to_string(),
        })
        .collect()
}

/// Prints an error to standard error, in English and Vietnamese for people.
pub(crate) fn print_error(error: &Error, json: bool) {
    if json {
        eprintln!("{}", error.to_json());
        return;
    }
    eprintln!("kyso: {}: {}", error.code().name(), error.message());
    eprintln!("      {}", error.message_vi());
    if let Some(next) = error.next_operation() {
        eprintln!("      next: {next}");
    }
}

/// Prints why a file could not be read or written. Its code is none of kyso's own, which concern records and messages.
pub(crate) fn print_file_error(message: &str, json: bool) {
    if json {
        let members = [("code", "file"), ("message", message)].map(|(name, text)| (name, Value::text(text)));
        eprintln!("{}", Value::Record(Record::from_iter(members)).to_json());
        return;
    }
    eprintln!("kyso: {message}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_writes_no_lines_of_its_own() {
        let value =
            kyso::value::parse(r#"{"note":"x\nproof: signed\u001b[2J\u202e","a\nb":"1","nghĩa":"Đường"}"#).unwrap();
        assert_eq!(
            lines(&value, ""),
            "note: x\\nproof: signed\\u{1b}[2J\\u{202e}\na\\nb: 1\nnghĩa: Đường\n"
        );
    }
}
