//! kyso ("ký số", to sign digitally) does everything a merchant's backend must do to talk to three Vietnamese payment
//! gateways, except the HTTP: it builds requests ready to send, and it reads and verifies every answer and callback.

pub mod answer;
pub mod appotapay;
mod canonical;
mod check;
mod crypto;
mod error;
pub mod explain;
// Codegen is built without the files that it writes, so that they cannot keep it from mending them.
#[cfg(not(kyso_codegen))]
#[rustfmt::skip]
pub mod faces;
pub mod hpay;
mod http;
pub mod operations;
mod secret;
pub mod tconnect;
pub mod value;
pub mod vietqr;

pub use appotapay::AppotaPay;
pub use canonical::{Digest, DigestEncoding, Evidence, RecipeConfig, SecretName};
pub use check::{Dong, Whole};
pub use error::{Code, Error, Result, Stage};
pub use hpay::HPay;
pub use http::{Headers, HttpRequest};
pub use secret::Secret;
pub use tconnect::TConnect;
pub use vietqr::VietQR;

/// The host's clock: Unix seconds.
pub type Clock = fn() -> u64;

/// Where requests go and which rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The gateway's test system. `testing.*` operations work here only.
    Sandbox,
    /// Real money. Published sample secrets are refused.
    Production,
}

/// A client of any gateway. Immutable, shared by threads.
pub enum Client {
    /// TConnect.
    TConnect(TConnect),
    /// HPay.
    HPay(HPay),
    /// AppotaPay.
    AppotaPay(AppotaPay),
}

const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Client>();
};

impl Client {
    /// Name of the gateway.
    #[must_use]
    pub fn gateway(&self) -> &'static str {
        match self {
            Client::TConnect(_) => tconnect::GATEWAY.name,
            Client::HPay(_) => hpay::GATEWAY.name,
            Client::AppotaPay(_) => appotapay::GATEWAY.name,
        }
    }
}

/// Secrets are in there: only the gateway is shown.
impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Client({})", self.gateway())
    }
}
