//! Table of operations -> typed faces. Writes names, types and documentation, never conversions.
//!
//! `kyso-codegen` writes the files, `kyso-codegen --check` fails when a committed one is stale.

mod c;
mod doc;
mod docs;
mod model;
mod pages;
mod php;
mod python;
mod rust;
mod typescript;

use std::path::Path;
use std::process::ExitCode;

/// One generated file: its path from the root of the repository, and its content.
struct Output {
    path: String,
    content: String,
}

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let gateways = model::gateways();
    let mut outputs = Vec::new();
    outputs.extend(rust::faces(&gateways));
    outputs.extend(typescript::faces(&gateways));
    outputs.extend(python::faces(&gateways));
    outputs.extend(c::faces(&gateways));
    outputs.extend(php::faces(&gateways));
    outputs.extend(docs::pages(&root, &gateways));
    outputs.extend(pages::pages(&root, &gateways));
    let mut stale = 0;
    for output in &outputs {
        let path = root.join(&output.path);
        if std::fs::read_to_string(&path).is_ok_and(|current| current == output.content) {
            continue;
        }
        stale += 1;
        if check {
            eprintln!("stale: {}", output.path);
        } else if let Err(error) = write(&path, &output.content) {
            eprintln!("{}: {error}", output.path);
            return ExitCode::FAILURE;
        }
    }
    println!(
        "codegen: {} files, {stale} {}",
        outputs.len(),
        if check { "stale" } else { "written" }
    );
    if check && stale > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn write(path: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, content)
}
