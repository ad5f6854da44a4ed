//! `kyso-vectors FOLDER`: runs the vectors of a folder through the Rust crate.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: kyso-vectors FOLDER");
        return ExitCode::FAILURE;
    };
    if kyso_vectors::run_folder(Path::new(&folder)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
