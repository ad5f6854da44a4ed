//! One operation on one record.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kyso::operations;
use kyso::value::{Record, Value};

use crate::{Failure, bulk, io};

/// Run an operation on a JSON record, or on one record per line.
#[derive(Args)]
pub(crate) struct Call {
    /// Full name, e.g. hpay.checkout.read_callback.
    operation: String,
    /// Configuration of the client, a JSON file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Input record, a JSON file; `-` for standard input.
    #[arg(long, default_value = "-")]
    input: PathBuf,
    /// One record per line in, one result per line out, on all cores, in order.
    #[arg(long)]
    jsonl: bool,
    /// With --jsonl: where results go; default: standard output.
    #[arg(long, requires = "jsonl")]
    output: Option<PathBuf>,
    /// With --jsonl: where refused records go, each with its line number and the error. Required: nothing is lost.
    #[arg(long, requires = "jsonl", required_if_eq("jsonl", "true"))]
    refused: Option<PathBuf>,
}

impl Call {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        let client = io::client_for(&self.operation, self.config.as_deref())?;
        if let Some(refused) = self.refused {
            let files = bulk::Files {
                input: self.input,
                output: self.output,
                refused,
            };
            return bulk::run(client.as_ref(), &self.operation, &files);
        }
        let input = io::read(&self.input)?;
        io::print(&operations::call(client.as_ref(), &self.operation, &input)?, json)
    }
}

/// Open a TConnect payload.
#[derive(Args)]
pub(crate) struct Open {
    /// Configuration of the client, a JSON file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Body {"data": "…"} or hexadecimal text; `-` for standard input.
    #[arg(default_value = "-")]
    input: PathBuf,
}

impl Open {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        const OPERATION: &str = "tconnect.envelope.open";
        let client = io::client_for(OPERATION, self.config.as_deref())?;
        let text = io::read(&self.input)?;
        let input = if text.trim_start().starts_with('{') {
            text
        } else {
            Value::Record(Record::from_iter([("data", Value::text(text.as_str()))]))
                .to_json()
                .into()
        };
        let opened = operations::call(client.as_ref(), OPERATION, &input)?;
        if json {
            return io::print(&opened, true);
        }
        let plaintext = opened.pointer("/plaintext").and_then(Value::as_text);
        io::say(&[plaintext.unwrap_or_default(), "\n"].concat())
    }
}

/// Explain a signature.
#[derive(Args)]
pub(crate) struct Explain {
    /// Operation that builds or reads the message, e.g. hpay.checkout.read_callback.
    operation: String,
    /// Configuration of the client, a JSON file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Input record of a message to send, a JSON file.
    #[arg(long, group = "message")]
    input: Option<PathBuf>,
    /// Raw body of a received message.
    #[arg(long, group = "message")]
    body: Option<PathBuf>,
    /// Raw query string of a received message.
    #[arg(long, group = "message")]
    query: Option<PathBuf>,
    /// The signature that the other side has.
    #[arg(long)]
    signature: Option<String>,
}

impl Explain {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        let gateway = self.operation.split('.').next().unwrap_or_default().to_owned();
        let client = io::client_for(&self.operation, self.config.as_deref())?;
        let mut record = Record::from_iter([("operation", Value::text(self.operation.clone()))]);
        if let Some(path) = &self.input {
            let text = io::read(path)?;
            record.push("input", kyso::value::parse(&text)?.into_owned());
        }
        for (name, path) in [("body", &self.body), ("query", &self.query)] {
            if let Some(path) = path {
                record.push(name, Value::text(io::read(path)?.to_string()));
            }
        }
        if let Some(signature) = self.signature {
            record.push("signature", Value::text(signature));
        }
        let input = Value::Record(record).to_json();
        let explained = operations::call(client.as_ref(), &format!("{gateway}.explain.signature"), &input)?;
        io::print(&explained, json)
    }
}

/// Draw a VietQR text.
#[derive(Args)]
pub(crate) struct Qr {
    /// The text to draw; `-` for standard input.
    text: String,
    /// Kind of picture.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Where the picture goes, or the result with --json; default: standard output.
    #[arg(long)]
    output: Option<PathBuf>,
    /// SVG only: bank and amount below the picture.
    #[arg(long)]
    caption: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Svg,
    Png,
    Terminal,
}

impl Qr {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        let text = match self.text.as_str() {
            "-" => io::read(&PathBuf::from("-"))?.to_string(),
            text => text.to_owned(),
        };
        let format = match self.format {
            Format::Svg => "svg",
            Format::Png => "png",
            Format::Terminal => "terminal",
        };
        let mut record = Record::from_iter([("text", Value::text(text)), ("format", Value::text(format))]);
        if self.caption {
            record.push("caption", Value::Bool(true));
        }
        let drawn = operations::call(None, "vietqr.code.draw", &Value::Record(record).to_json())?;
        let member = |name: &str| {
            drawn
                .pointer(name)
                .and_then(Value::as_text)
                .unwrap_or_default()
                .to_owned()
        };
        let picture = match self.format {
            _ if json => (drawn.to_json() + "\n").into_bytes(),
            Format::Svg => member("/svg").into_bytes(),
            Format::Terminal => member("/text").into_bytes(),
            Format::Png => decode_base64(&member("/png_base64")),
        };
        let mut out = io::create(self.output.as_deref())?;
        out.write_all(&picture)
            .and_then(|()| out.flush())
            .map_err(|error| Failure::Io(error.to_string()))
    }
}

/// The bytes of base64 text that kyso itself made.
fn decode_base64(text: &str) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    Base64::decode_vec(text).unwrap_or_default()
}
