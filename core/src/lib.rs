//! kyso ("ký số", to sign digitally) does everything a merchant's backend must do to talk to three Vietnamese payment
//! gateways, except the HTTP: it builds requests ready to send, and it reads and verifies every answer and callback.
//! No network, no clock but the one that tokens need, no global state, no `unsafe`, no panics, no floats.
//!
//! **TConnect**: an encrypted login, ready to send.
//!
//! ```
//! use kyso::tconnect::{Config, auth::Login};
//! use kyso::{Environment, TConnect};
//!
//! let key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
//! let tconnect = TConnect::new(Config { environment: Some(Environment::Sandbox), ..Config::new("1111111", key) })?;
//! let request = tconnect.auth().login(&Login {
//!     username: "demo@yourdomain.vn".into(),
//!     password: "Password#123".into(),
//!     client_id: "id".into(),
//!     client_secret: "secret".into(),
//!     extra: None,
//! })?;
//! assert_eq!(request.url, "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login");
//! # Ok::<(), kyso::Error>(())
//! ```
//!
//! **HPay**: a callback to return_url, verified and compared with the order.
//!
//! ```
//! use kyso::hpay::{Config, checkout::ReadCallback};
//! use kyso::value::Json;
//! use kyso::{Environment, HPay};
//!
//! let secret = Some("test-pass-Aa1".into());
//! let hpay = HPay::new(Config { secure_pass: secret, ..Config::new("65001", Environment::Sandbox) })?;
//! let query = "transaction_info=tichhopthanhtoan&order_code=OM_1768202539&price=200000&payment_id=96138500\
//!              &payment_type=1&error_text=&secure_code=f394854b9254765f88b3c62d9c37c35f&bank_code=BIDV";
//! let payment = hpay.checkout().read_callback(&ReadCallback {
//!     query: query.into(),
//!     expected: Some(Json::from_text(r#"{"order_code": "OM_1768202539", "price": 200000}"#)?),
//!     ..Default::default()
//! })?;
//! assert_eq!(payment.price, 200_000);
//! // Not covered by the digest, so not among the proven members.
//! assert!(payment.unverified.as_ref().is_some_and(|rest| rest.0.get("bank_code").is_some()));
//! # Ok::<(), kyso::Error>(())
//! ```
//!
//! **AppotaPay**: a signed transfer. A wrong input is refused by name, before anything is sent.
//!
//! ```
//! use kyso::appotapay::firm_banking::{AccountType, FeeType, Transfer};
//! use kyso::appotapay::{Call, Config};
//! use kyso::{AppotaPay, Code, Dong, Environment};
//!
//! let appotapay = AppotaPay::new(Config::new("PARTNER", "api-key-1", "secret-key-1", Environment::Production))?;
//! let mut transfer = Transfer {
//!     bank_code: "TPBANK".into(),
//!     account_no: "132100132400000".into(),
//!     account_type: AccountType::Account,
//!     account_name: "NGUYEN VAN A".into(),
//!     amount: Dong(50_000),
//!     fee_type: FeeType::Payer,
//!     partner_ref_id: "Partner9999".into(),
//!     message: None,
//!     customer_phone_number: None,
//!     contract_number: None,
//!     channel: None,
//!     bank_id: None,
//! };
//! let request = appotapay.firm_banking().transfer(&transfer, &Call::default())?;
//! assert!(request.signature.is_some());
//!
//! transfer.account_no = "1".into();
//! let error = appotapay.firm_banking().transfer(&transfer, &Call::default()).unwrap_err();
//! assert_eq!((error.code(), error.field_name()), (Code::InvalidValue, Some("accountNo")));
//! # Ok::<(), kyso::Error>(())
//! ```
//!
//! **VietQR**: a code read strictly.
//!
//! ```
//! use kyso::VietQR;
//! use kyso::vietqr::code::Read;
//!
//! let text = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F";
//! let code = VietQR.code().read(&Read { text: text.into(), ..Default::default() })?;
//! assert_eq!(code.account, "0011012345678");
//! # Ok::<(), kyso::Error>(())
//! ```

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
pub use canonical::{Digest, DigestEncoding, Evidence, Formula, RecipeConfig, SecretName};
pub use check::{Dong, Whole, is_control_like};
pub use error::{Code, Error, Result, Stage};
pub use hpay::HPay;
pub use http::{Headers, HttpRequest};
pub use secret::Secret;
pub use tconnect::TConnect;
pub use vietqr::VietQR;

/// The host's clock: Unix seconds.
pub type Clock = fn() -> u64;

/// Unix seconds of the operating system's clock.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn unix_time() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(not(target_arch = "wasm32"))]
fn system_clock() -> Option<Clock> {
    Some(unix_time)
}

/// Browsers and workers have none for Rust.
#[cfg(target_arch = "wasm32")]
fn system_clock() -> Option<Clock> {
    None
}

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
    TConnect(Box<TConnect>),
    /// HPay.
    HPay(Box<HPay>),
    /// AppotaPay.
    AppotaPay(Box<AppotaPay>),
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
