//! wasm-bindgen's command line in a few lines, so that its version comes from `Cargo.lock` with everything else's.
//!
//! `kyso-wasm-glue kyso_wasm.wasm FOLDER` writes `FOLDER/kyso_bg.wasm` and `FOLDER/kyso_bg.js`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder] = arguments.as_slice() else {
        eprintln!("usage: kyso-wasm-glue WASM FOLDER");
        return ExitCode::FAILURE;
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(input).out_name("kyso").typescript(false);
    let written = bindgen.bundler(true).and_then(|bindgen| bindgen.generate(folder));
    if let Err(error) = written {
        eprintln!("{error:?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
