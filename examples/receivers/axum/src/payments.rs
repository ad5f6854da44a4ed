//! What every receiver does with a message, in the order in which it must be done. No framework in here.
//!
//! ```text
//! raw text -> genuine? -> which order? -> the right amount? -> store once -> acknowledge
//! ```

use std::env::var;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kyso::answer::{Acknowledgement, Body, Nothing, Outcome};
use kyso::hpay::checkout::ReadCallback;
use kyso::value::Json;
use kyso::{AppotaPay, Environment, HPay, TConnect, appotapay, hpay, tconnect};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

#[derive(Clone, Copy, Debug)]
pub enum Gateway {
    TConnect,
    HPay,
    AppotaPay,
}

pub struct Payments {
    tconnect: TConnect,
    hpay: HPay,
    appotapay: AppotaPay,
    db: Mutex<Connection>,
}

/// What is needed of a genuine message.
struct Message {
    idempotency_key: String,
    order: Option<String>,
    state: &'static str,
}

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Payments {
    pub fn from_env() -> Result<Self, Failure> {
        let db = Connection::open(var("DATABASE")?)?;
        db.busy_timeout(Duration::from_secs(5))?;
        Ok(Self {
            tconnect: TConnect::new(tconnect::Config {
                environment: Some(Environment::Sandbox),
                ..tconnect::Config::new(&var("TCONNECT_PARTNER")?, var("TCONNECT_KEY")?)
            })?,
            hpay: HPay::new(hpay::Config {
                secure_pass: Some(var("HPAY_SECURE_PASS")?.into()),
                ..hpay::Config::new(&var("HPAY_MERCHANT")?, Environment::Sandbox)
            })?,
            appotapay: AppotaPay::new(appotapay::Config::new(
                &var("APPOTAPAY_PARTNER")?,
                var("APPOTAPAY_API_KEY")?,
                var("APPOTAPAY_SECRET_KEY")?,
                Environment::Sandbox,
            ))?,
            db: Mutex::new(db),
        })
    }

    /// Takes the raw text of a message; gives the status, content type and body to answer with.
    ///
    /// # Errors
    /// A failing database: answer 500, and the gateway sends the message again.
    pub fn receive(&self, gateway: Gateway, raw: Vec<u8>) -> Result<Acknowledgement, Failure> {
        let Ok(raw) = String::from_utf8(raw) else {
            return Ok(refused());
        };
        let message = match self.read(gateway, &raw, None) {
            Ok(message) => message,
            Err(error) => return Ok(logged(&error)),
        };
        let Some((order, amount)) = self.order(message.order.as_deref())? else {
            eprintln!("refused: {gateway:?} names no order of ours");
            return Ok(refused());
        };
        // The amount is compared with our own record, never taken from the message.
        if let Err(error) = self.read(gateway, &raw, Some(amount)) {
            return Ok(logged(&error));
        }
        self.store(gateway, &order, amount, &message, &raw)?;
        Ok(match gateway {
            Gateway::TConnect => self.tconnect.ipn().acknowledge(&Nothing {})?,
            Gateway::HPay => self.hpay.checkout().acknowledge(&Nothing {})?,
            Gateway::AppotaPay => self.appotapay.payment().acknowledge(&Nothing {})?,
        })
    }

    /// Fails unless the message is genuine and, with an amount, tells of that amount.
    fn read(&self, gateway: Gateway, raw: &str, amount: Option<i64>) -> kyso::Result<Message> {
        let expected = |text: &str| {
            let filled = amount.map(|amount| text.replace('?', &amount.to_string()));
            filled.map(|text| Json::from_text(&text)).transpose()
        };
        let body = |expected| Body { body: raw.into(), expected };
        Ok(match gateway {
            Gateway::TConnect => {
                let ipn = self.tconnect.ipn().read_callback(&body(expected(r#"{"amount": ?}"#)?))?;
                Message {
                    idempotency_key: ipn.idempotency_key.clone(),
                    order: ipn.order_id.clone(),
                    // It is encrypted, not signed: it waits for ipn.confirm.
                    state: "to_confirm",
                }
            }
            Gateway::HPay => {
                let payment = self.hpay.checkout().read_callback(&ReadCallback {
                    query: raw.into(),
                    expected: expected(r#"{"price": ?}"#)?,
                    ..Default::default()
                })?;
                Message {
                    idempotency_key: payment.idempotency_key.clone(),
                    order: Some(payment.order_code.clone()),
                    state: state(payment.outcome),
                }
            }
            Gateway::AppotaPay => {
                let expected = expected(r#"{"transaction": {"orderAmount": ?}}"#)?;
                let result = self.appotapay.payment().read_callback(&body(expected))?;
                let order = result.partner_reference.as_ref().and_then(|reference| reference.order.as_ref());
                Message {
                    idempotency_key: result.idempotency_key.clone(),
                    order: order.and_then(|order| order.id.clone()),
                    state: state(result.outcome),
                }
            }
        })
    }

    fn order(&self, code: Option<&str>) -> rusqlite::Result<Option<(String, i64)>> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let found = db.query_row("SELECT code, amount FROM orders WHERE code = ?", [code], |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
        found.optional()
    }

    /// Stores and credits in one transaction. The second delivery of a payment finds its key taken and changes nothing.
    fn store(&self, gateway: Gateway, order: &str, amount: i64, message: &Message, raw: &str) -> rusqlite::Result<()> {
        let name = format!("{gateway:?}").to_lowercase();
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let new = transaction.execute(
            "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING",
            params![message.idempotency_key, name, order, amount, message.state, raw],
        )?;
        if new == 1 && message.state == "succeeded" {
            let credit = "UPDATE orders SET credited = credited + ? WHERE code = ?";
            transaction.execute(credit, params![amount, order])?;
        }
        transaction.commit()
    }
}

/// "Genuine" is not yet "paid".
fn state(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Succeeded) => "succeeded",
        Some(Outcome::Failed) => "failed",
        Some(Outcome::Held) => "held",
        Some(Outcome::Pending) => "pending",
        Some(Outcome::Undetermined) | None => "undetermined",
    }
}

/// Names of operation and field only: a kyso error never holds a value or a secret.
fn logged(error: &kyso::Error) -> Acknowledgement {
    let (code, field) = (error.code().name(), error.field_name().unwrap_or_default());
    eprintln!("refused: {} {code} {field}", error.operation());
    refused()
}

/// One answer for everything that is refused: a sender who tries things out learns nothing from it.
fn refused() -> Acknowledgement {
    Acknowledgement { status: 400, content_type: "text/plain".into(), body: "refused".into() }
}
