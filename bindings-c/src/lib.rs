//! libkyso: the C face of kyso. The rules of the interface stand at the top of `include/kyso.h`.
//!
//! Hand-written here: clients, results, parameters and the call by name. One function per operation is generated.

// Names as C writes them; the contract of every pointer is in the header's first comment.
#![allow(non_camel_case_types, clippy::missing_safety_doc)]

mod border;
pub mod client;
#[rustfmt::skip]
pub mod generated;
pub mod node;
pub mod params;
pub mod result;
pub mod version;
