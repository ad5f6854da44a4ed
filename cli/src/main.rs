//! `kyso`: the operations on the command line. Secrets come from a file or the environment, never from arguments,
//! which every user of the machine can read.

mod bulk;
mod call;
mod io;
mod list;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Signed requests and verified callbacks of TConnect, HPay, AppotaPay and VietQR.
#[derive(Parser)]
#[command(name = "kyso", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Print results and errors as JSON, one line each.
    #[arg(long, global = true)]
    json: bool,
}

const EXIT_CODES: &str = "Exit status: 0 done; 1 refused (the error says why); 2 wrong usage; 3 a file could not be read \
                          or written.\nThe configuration is a JSON file (--config) or the environment variable KYSO_CONFIG \
                          with the JSON text.";

#[derive(Subcommand)]
enum Command {
    /// Run an operation on a JSON record.
    Call(call::Call),
    /// Open a TConnect payload: a body {"data": "…"} or its hexadecimal text.
    Open(call::Open),
    /// Say how the signature of a message is made up, and which common mistake explains another one.
    Explain(call::Explain),
    /// Draw a VietQR text.
    Qr(call::Qr),
    /// List the operations.
    Operations {
        /// Only those whose name holds this text.
        filter: Option<String>,
    },
    /// Run a folder of test vectors.
    Vectors {
        /// Folder with *.json files.
        folder: PathBuf,
    },
    /// Print a completion script.
    Completions {
        /// Shell to write it for.
        shell: clap_complete::Shell,
    },
}

/// Why a command did not do its work.
enum Failure {
    /// An operation refused.
    Refused(kyso::Error),
    /// A file could not be read or written: name and reason.
    Io(String),
    /// Some records were refused, or some vectors failed; the details are printed already.
    Reported,
}

impl From<kyso::Error> for Failure {
    fn from(error: kyso::Error) -> Self {
        Failure::Refused(error)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Call(call) => call.run(arguments.json),
        Command::Open(open) => open.run(arguments.json),
        Command::Explain(explain) => explain.run(arguments.json),
        Command::Qr(qr) => qr.run(arguments.json),
        Command::Operations { filter } => list::operations(filter.as_deref(), arguments.json),
        Command::Vectors { folder } => {
            if kyso_vectors::run_folder(&folder) {
                Ok(())
            } else {
                Err(Failure::Reported)
            }
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "kyso", &mut std::io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::from(1),
        Err(Failure::Refused(error)) => {
            io::print_error(&error, arguments.json);
            ExitCode::from(1)
        }
        Err(Failure::Io(message)) => {
            io::print_file_error(&message, arguments.json);
            ExitCode::from(3)
        }
    }
}
