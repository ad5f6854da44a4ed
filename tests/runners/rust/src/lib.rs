//! Runs every vector file of a folder through the Rust crate.
//!
//! The file format is that of `tests/vectors`. The last line is `rust: N passed, M failed`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Members that are opaque or meant for people.
const NEVER_COMPARED: [&str; 3] = ["idempotency_key", "message", "message_vi"];

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// Config and input stay raw, so that numbers reach the crate exactly as they are written.
#[derive(Deserialize)]
struct Case {
    id: String,
    operation: String,
    config: Option<Box<RawValue>>,
    input: Box<RawValue>,
    output: Option<Value>,
    error: Option<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    code: Option<String>,
    field: Option<String>,
}

/// Runs a folder, prints each failing case and the closing line. Whether all passed and there were any.
#[must_use]
pub fn run_folder(folder: &Path) -> bool {
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for path in files(folder) {
        match read(&path) {
            Ok(cases) => {
                for case in cases {
                    match run(&case) {
                        Ok(()) => passed += 1,
                        Err(difference) => {
                            failed += 1;
                            println!("{}: {} ({}): {difference}", path.display(), case.id, case.operation);
                        }
                    }
                }
            }
            Err(error) => {
                failed += 1;
                println!("{}: {error}", path.display());
            }
        }
    }
    println!("rust: {passed} passed, {failed} failed");
    failed == 0 && passed > 0
}

/// Every `.json` file under a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file: File = serde_json::from_str(&text).map_err(|error| format!("no vector file: {error}"))?;
    Ok(file.cases)
}

fn run(case: &Case) -> Result<(), String> {
    let mut client = None;
    let result = make_client(case)
        .and_then(|made| {
            client = made;
            kyso::operations::call(client.as_ref(), &case.operation, case.input.get())
        })
        .map(|value| value.to_json());
    match (result, &case.output, &case.error) {
        (Ok(json), Some(output), None) => {
            let found = serde_json::from_str(&json).map_err(|error| format!("result is no JSON: {error}"))?;
            compare_output(client.as_ref(), &found, output)
        }
        (Err(error), None, Some(expected)) => compare_error(&error, expected),
        (Ok(_), _, Some(_)) => Err("an error was expected".to_owned()),
        (Err(error), Some(_), _) => Err(format!("{error:?}")),
        (_, None, None) => Err("the case expects nothing".to_owned()),
    }
}

/// The client of the operation's gateway; a case without `config` has none.
fn make_client(case: &Case) -> kyso::Result<Option<kyso::Client>> {
    let gateway = case.operation.split('.').next().unwrap_or_default();
    let config = case.config.as_ref().map(|config| config.get());
    config
        .map(|config| kyso::operations::client(gateway, config, now))
        .transpose()
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

fn compare_error(error: &kyso::Error, expected: &Expected) -> Result<(), String> {
    if expected.code.as_ref().is_some_and(|code| code != error.code().name()) {
        return Err(format!("code: {error:?}"));
    }
    if expected.field.is_some() && expected.field.as_deref() != error.field_name() {
        return Err(format!("field: {error:?}"));
    }
    Ok(())
}

fn compare_output(client: Option<&kyso::Client>, found: &Value, output: &Value) -> Result<(), String> {
    let mut output = output.clone();
    let opened = output.as_object_mut().and_then(|output| output.remove("opened"));
    if let Some(Value::String(expected)) = opened {
        let text = open(client, found)?;
        let as_value = |text: &str| serde_json::from_str::<Value>(text).ok();
        if text != expected && (as_value(&text).is_none() || as_value(&text) != as_value(&expected)) {
            return Err(format!("opened: {text}"));
        }
    }
    compare("", found, &output)
}

/// What `body.data` of a sealed request opens to.
fn open(client: Option<&kyso::Client>, found: &Value) -> Result<String, String> {
    let body = found["body"].as_str().ok_or("opened: the result has no body")?;
    let opened =
        kyso::operations::call(client, "tconnect.envelope.open", body).map_err(|error| format!("{error:?}"))?;
    let text = opened.pointer("/plaintext").and_then(kyso::value::Value::as_text);
    text.map(str::to_owned).ok_or_else(|| "opened: no plaintext".to_owned())
}

/// Every key that is expected must be there and equal; further keys are free.
fn compare(at: &str, found: &Value, expected: &Value) -> Result<(), String> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for (name, expected) in expected {
                if NEVER_COMPARED.contains(&name.as_str()) {
                    continue;
                }
                let at = format!("{at}/{name}");
                let found = found.get(name).ok_or_else(|| format!("{at}: absent"))?;
                compare(&at, found, expected)?;
            }
            Ok(())
        }
        (Value::Array(found), Value::Array(expected)) => {
            if found.len() != expected.len() {
                return Err(format!("{at}: {} elements instead of {}", found.len(), expected.len()));
            }
            let mut pairs = found.iter().zip(expected).enumerate();
            pairs.try_for_each(|(index, (found, expected))| compare(&format!("{at}/{index}"), found, expected))
        }
        (Value::Number(found), Value::Number(expected)) if found.as_f64() == expected.as_f64() => Ok(()),
        (found, expected) if found == expected => Ok(()),
        _ => Err(format!("{at}: {found} instead of {expected}")),
    }
}
