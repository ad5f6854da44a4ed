//! Cargo sets no SONAME: without it programs would link against the file name, and a later major version would be
//! taken for this one.

fn main() {
    let os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if os == "linux" {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libkyso.so.0");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
