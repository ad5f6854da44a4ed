//! build/bench/inputs.json.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Inputs {
    pub tconnect: TConnect,
    pub appotapay: AppotaPay,
    pub hpay: HPay,
    pub login: Login,
    pub ipn: String,
    pub line: String,
    pub transfer: Transfer,
    pub issued_at: u64,
    pub callback: String,
    pub link: Link,
    pub legacy_link: LegacyLink,
    pub return_query: String,
    pub expected: Expected,
    pub ibft: Ibft,
    pub ibft_answer: String,
}

#[derive(Deserialize)]
pub struct TConnect {
    pub partner_code: String,
    pub key: String,
}

#[derive(Deserialize)]
pub struct AppotaPay {
    pub partner_code: String,
    pub api_key: String,
    pub secret_key: String,
}

#[derive(Deserialize)]
pub struct HPay {
    pub merchant_site_code: String,
    pub secure_pass: String,
    pub passcode: String,
    pub receiver: String,
    pub private_key: String,
    pub hpay_certificate: String,
}

#[derive(Deserialize)]
pub struct Login {
    pub username: String,
    pub password: String,
    pub client_id: String,
    pub client_secret: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    pub bank_code: String,
    pub account_no: String,
    pub account_type: String,
    pub account_name: String,
    pub amount: u64,
    pub fee_type: String,
    pub partner_ref_id: String,
    pub message: String,
    pub customer_phone_number: String,
    pub contract_number: String,
    pub channel: String,
    pub bank_id: String,
}

#[derive(Deserialize)]
pub struct Link {
    pub return_url: String,
    pub transaction_info: String,
    pub order_code: String,
    pub price: u64,
    pub buyer_info: String,
    pub lang: String,
    pub cancel_url: String,
    pub notify_url: String,
}

#[derive(Deserialize)]
pub struct LegacyLink {
    pub return_url: String,
    pub transaction_info: String,
    pub order_code: String,
    pub price: u64,
    pub currency: String,
    pub quantity: u64,
    pub tax: u64,
    pub discount: u64,
    pub fee_cal: u64,
    pub fee_shipping: u64,
    pub order_description: String,
    pub buyer_info: String,
    pub affiliate_code: String,
    pub installment: u64,
    pub inpage: u64,
    pub payment_method_id: u64,
}

#[derive(Deserialize)]
pub struct Expected {
    pub order_code: String,
    pub price: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ibft {
    pub request_id: String,
    pub bank_name: String,
    pub bank_account_number: String,
    pub bank_account_name: String,
    pub amount: u64,
    pub note: String,
}

impl Inputs {
    /// Reads the file. It lives as long as the program.
    pub fn read(path: &str) -> &'static Self {
        let text = std::fs::read_to_string(path).expect("inputs: run scripts/bench");
        Box::leak(Box::new(serde_json::from_str(&text).expect("inputs")))
    }

    /// A text of so many bytes.
    pub fn large(&self, size: usize) -> String {
        self.line.repeat(size / self.line.len() + 1)[..size].to_owned()
    }
}
