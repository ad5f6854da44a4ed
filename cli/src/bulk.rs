//! Many records: nightly work over archives of callbacks and exports. Order is kept, nothing is lost.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use kyso::value::{Record, Value};
use kyso::{Client, Error, operations};
use rayon::prelude::*;

use crate::{Failure, io};

/// Lines that are in memory at a time.
const BATCH: usize = 8192;

/// Where records come from and go to.
pub(crate) struct Files {
    pub(crate) input: PathBuf,
    pub(crate) output: Option<PathBuf>,
    pub(crate) refused: PathBuf,
}

impl Files {
    /// A file that is read and written at the same time would be lost.
    fn check(&self) -> Result<(), Failure> {
        let written = self.output.iter().chain([&self.refused]);
        let all: Vec<PathBuf> = [&self.input]
            .into_iter()
            .chain(written)
            .map(|path| place(path))
            .collect();
        let twice = |(at, path): (usize, &PathBuf)| all.iter().skip(at + 1).any(|other| other == path);
        match all.iter().enumerate().any(twice) {
            true => Err(Failure::Io(
                "input, output and refused must be different files".to_owned(),
            )),
            false => Ok(()),
        }
    }
}

/// Where a file is or will be, links followed.
fn place(path: &Path) -> PathBuf {
    let folder = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize()
        .ok()
        .or_else(folder)
        .unwrap_or_else(|| path.to_owned())
}

/// Runs the operation on every line. Results and refused records keep the order of the input; each non-empty line
/// ends up in just one of the two files.
pub(crate) fn run(client: Option<&Client>, operation: &str, files: &Files) -> Result<(), Failure> {
    files.check()?;
    let mut input = io::open(&files.input)?;
    let mut refused = io::create(Some(&files.refused))?;
    let mut output = io::create(files.output.as_deref())?;
    let progress = progress();
    let (mut line_number, mut done, mut failed) = (0_u64, 0_u64, 0_u64);
    loop {
        let batch = read_batch(&mut input, &mut line_number)?;
        if batch.is_empty() {
            break;
        }
        let results: Vec<_> = batch.par_iter().map(|(_, line)| one(client, operation, line)).collect();
        for ((number, line), result) in batch.iter().zip(results) {
            let written = match result {
                Ok(result) => {
                    done += 1;
                    writeln!(output, "{}", result.to_json())
                }
                Err(error) => {
                    failed += 1;
                    writeln!(refused, "{}", report(*number, line, &error))
                }
            };
            written.map_err(|error| Failure::Io(error.to_string()))?;
        }
        progress.set_position(done + failed);
    }
    for out in [&mut output, &mut refused] {
        out.flush().map_err(|error| Failure::Io(error.to_string()))?;
    }
    progress.finish_and_clear();
    eprintln!("{done} done, {failed} refused");
    if failed > 0 { Err(Failure::Reported) } else { Ok(()) }
}

/// A line that is not UTF-8 is a refused record like any other.
fn one(client: Option<&Client>, operation: &str, line: &[u8]) -> Result<Value<'static>, Error> {
    let text = std::str::from_utf8(line).map_err(|_| Error::new(kyso::Code::NotUtf8).during(operation))?;
    operations::call(client, operation, text)
}

/// The next lines with their numbers, without line ends; blank lines are no records.
fn read_batch(input: &mut dyn BufRead, line_number: &mut u64) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH {
        let mut line = Vec::new();
        let read = input
            .read_until(b'\n', &mut line)
            .map_err(|error| Failure::Io(error.to_string()))?;
        if read == 0 {
            break;
        }
        *line_number += 1;
        if *line_number == 1 && line.starts_with(io::BYTE_ORDER_MARK.as_bytes()) {
            line.drain(..io::BYTE_ORDER_MARK.len());
        }
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            batch.push((*line_number, line));
        }
    }
    Ok(batch)
}

/// A refused record: where it stood, why, and the record itself.
fn report(number: u64, line: &[u8], error: &Error) -> String {
    use base64ct::{Base64, Encoding};
    let kept = match std::str::from_utf8(line) {
        Ok(text) => ("record", Value::text(text)),
        Err(_) => ("record_base64", Value::text(Base64::encode_string(line))),
    };
    let record = Record::from_iter([
        ("line", Value::Integer(number)),
        ("error", Value::Record(error.to_record())),
        kept,
    ]);
    Value::Record(record).to_json()
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} records, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    bar
}
