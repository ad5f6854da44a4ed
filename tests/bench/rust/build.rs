//! Tells the program which versions it is built with.

use std::process::Command;

fn main() {
    let rustc = Command::new(std::env::var("RUSTC").expect("cargo sets it"))
        .arg("--version")
        .output();
    let rustc = String::from_utf8(rustc.expect("rustc").stdout).expect("text");
    println!(
        "cargo::rustc-env=KYSO_BENCH_RUSTC={}",
        rustc.split(' ').nth(1).unwrap_or("unknown")
    );
    let lock = std::fs::read_to_string("Cargo.lock").expect("Cargo.lock");
    for (name, variable) in [("ring", "RING"), ("aws-lc-rs", "AWS_LC_RS")] {
        let version = lock.split(&format!("name = \"{name}\"\nversion = \"")).nth(1);
        let version = version.and_then(|rest| rest.split('"').next()).unwrap_or("unknown");
        println!("cargo::rustc-env=KYSO_BENCH_{variable}={version}");
    }
    println!("cargo::rerun-if-changed=Cargo.lock");
}
