//! The jobs by hand, as a merchant writes them with serde_json, base64 and form_urlencoded.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::inputs::Inputs;
use crate::peers::{Digests, Macs, Seals, Signs};

/// A request to send.
pub struct Request {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<String>,
    pub signature: Option<String>,
}

#[derive(Serialize)]
struct Login<'a> {
    username: &'a str,
    password: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
}

#[derive(Serialize)]
struct Envelope<'a> {
    data: &'a str,
}

pub fn login(inputs: &Inputs, by: &impl Seals) -> Request {
    let payload = Login {
        username: &inputs.login.username,
        password: &inputs.login.password,
        client_id: &inputs.login.client_id,
        client_secret: &inputs.login.client_secret,
    };
    let data = by.seal(&serde_json::to_vec(&payload).unwrap());
    Request {
        method: "POST",
        url: "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login".into(),
        headers: vec![
            ("Content-Type", "application/json".into()),
            ("Partner-Code", inputs.tconnect.partner_code.clone()),
        ],
        body: Some(serde_json::to_string(&Envelope { data: &data }).unwrap()),
        signature: None,
    }
}

#[derive(Deserialize)]
struct Sealed<'a> {
    data: &'a str,
}

#[derive(Deserialize)]
pub struct Ipn {
    pub order_id: Option<String>,
    pub amount: f64,
    pub payment_type: Option<String>,
    pub retrieval_ref_no: String,
    pub request_id: String,
    pub narrative: Option<String>,
    pub acc_no: Option<String>,
    pub original_transaction_date: Option<u64>,
}

pub fn read_ipn(body: &str, by: &impl Seals) -> Ipn {
    let envelope: Sealed<'_> = serde_json::from_str(body).unwrap();
    let ipn: Ipn = serde_json::from_str(&by.open(envelope.data)).unwrap();
    assert!(ipn.amount > 0.0 && ipn.amount.fract() == 0.0);
    ipn
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer<'a> {
    bank_code: &'a str,
    account_no: &'a str,
    account_type: &'a str,
    account_name: &'a str,
    amount: u64,
    fee_type: &'a str,
    partner_ref_id: &'a str,
    message: &'a str,
    customer_phone_number: &'a str,
    contract_number: &'a str,
    channel: &'a str,
    bank_id: &'a str,
    signature: &'a str,
}

pub fn transfer(inputs: &Inputs, by: &impl Macs, token: &str) -> Request {
    let one = &inputs.transfer;
    let text = format!(
        "accountName={}&accountNo={}&accountType={}&amount={}&bankCode={}&bankId={}&channel={}&contractNumber={}\
         &customerPhoneNumber={}&feeType={}&message={}&partnerRefId={}",
        one.account_name,
        one.account_no,
        one.account_type,
        one.amount,
        one.bank_code,
        one.bank_id,
        one.channel,
        one.contract_number,
        one.customer_phone_number,
        one.fee_type,
        one.message,
        one.partner_ref_id,
    );
    let signature = const_hex::encode(by.mac(text.as_bytes()));
    let body = Transfer {
        bank_code: &one.bank_code,
        account_no: &one.account_no,
        account_type: &one.account_type,
        account_name: &one.account_name,
        amount: one.amount,
        fee_type: &one.fee_type,
        partner_ref_id: &one.partner_ref_id,
        message: &one.message,
        customer_phone_number: &one.customer_phone_number,
        contract_number: &one.contract_number,
        channel: &one.channel,
        bank_id: &one.bank_id,
        signature: &signature,
    };
    Request {
        method: "POST",
        url: "https://gateway.dev.appotapay.com/api/v1/service/transfer/make".into(),
        headers: vec![
            ("Content-Type", "application/json".into()),
            ("X-APPOTAPAY-AUTH", format!("Bearer {token}")),
        ],
        body: Some(serde_json::to_string(&body).unwrap()),
        signature: Some(signature),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Callback {
    pub error_code: i64,
    pub transaction: CallbackTransaction,
    signature: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallbackTransaction {
    pub amount: u64,
    pub transfer_amount: u64,
    pub transfer_status: String,
    pub appotapay_trans_id: String,
    pub partner_ref_id: String,
    pub time: String,
}

pub fn read_callback(body: &str, by: &impl Macs) -> Callback {
    let callback: Callback = serde_json::from_str(body).unwrap();
    let one = &callback.transaction;
    let text = format!(
        "amount={}&appotapayTransId={}&errorCode={}&partnerRefId={}&time={}&transferAmount={}&transferStatus={}",
        one.amount,
        one.appotapay_trans_id,
        callback.error_code,
        one.partner_ref_id,
        one.time,
        one.transfer_amount,
        one.transfer_status,
    );
    let given: [u8; 32] = const_hex::decode_to_array(&callback.signature).unwrap();
    assert!(openssl::memcmp::eq(&given, &by.mac(text.as_bytes())));
    callback
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    jti: String,
    api_key: &'a str,
    exp: u64,
}

pub fn token(inputs: &Inputs, by: &impl Macs) -> String {
    let one = &inputs.appotapay;
    let claims = Claims {
        iss: &one.partner_code,
        jti: format!("{}-{}", one.api_key, inputs.issued_at),
        api_key: &one.api_key,
        exp: inputs.issued_at + 300,
    };
    // {"typ":"JWT","alg":"HS256","cty":"appotapay-api;v=1"}
    let mut text = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0.".to_owned();
    BASE64_URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(&claims).unwrap(), &mut text);
    let digest = by.mac(text.as_bytes());
    text.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(digest, &mut text);
    text
}

pub fn token_headers(inputs: &Inputs, by: &impl Macs) -> Vec<(&'static str, String)> {
    vec![("X-APPOTAPAY-AUTH", format!("Bearer {}", token(inputs, by)))]
}

pub fn link(inputs: &Inputs, by: &impl Digests) -> Request {
    let (one, merchant) = (&inputs.link, &inputs.hpay);
    let price = one.price.to_string();
    let text = format!(
        "{}|{}|{price}|vnd|{}|{}",
        merchant.merchant_site_code, merchant.receiver, one.order_code, merchant.secure_pass
    );
    let secure_code = const_hex::encode(by.md5(text.as_bytes()));
    let mut url = String::with_capacity(640);
    url.push_str("https://checkout-sandbox.hpay.com.vn/v1/checkout.php?");
    let start = url.len();
    let url = form_urlencoded::Serializer::for_suffix(url, start)
        .append_pair("merchant_site_code", &merchant.merchant_site_code)
        .append_pair("return_url", &one.return_url)
        .append_pair("receiver", &merchant.receiver)
        .append_pair("transaction_info", &one.transaction_info)
        .append_pair("order_code", &one.order_code)
        .append_pair("price", &price)
        .append_pair("currency", "vnd")
        .append_pair("buyer_info", &one.buyer_info)
        .append_pair("lang", &one.lang)
        .append_pair("secure_code", &secure_code)
        .append_pair("cancel_url", &one.cancel_url)
        .append_pair("notify_url", &one.notify_url)
        .append_pair("installment", "0")
        .finish();
    get(url, secure_code)
}

fn get(url: String, secure_code: String) -> Request {
    Request {
        method: "GET",
        url,
        headers: Vec::new(),
        body: None,
        signature: Some(secure_code),
    }
}

pub fn legacy_link(inputs: &Inputs, by: &impl Digests) -> Request {
    let (one, merchant) = (&inputs.legacy_link, &inputs.hpay);
    let [
        price,
        quantity,
        tax,
        discount,
        fee_cal,
        fee_shipping,
        installment,
        inpage,
        payment_method_id,
    ] = [
        one.price,
        one.quantity,
        one.tax,
        one.discount,
        one.fee_cal,
        one.fee_shipping,
        one.installment,
        one.inpage,
        one.payment_method_id,
    ]
    .map(|number| number.to_string());
    let fields = [
        ("merchant_site_code", merchant.merchant_site_code.as_str()),
        ("return_url", &one.return_url),
        ("receiver", &merchant.receiver),
        ("transaction_info", &one.transaction_info),
        ("order_code", &one.order_code),
        ("price", &price),
        ("currency", &one.currency),
        ("quantity", &quantity),
        ("tax", &tax),
        ("discount", &discount),
        ("fee_cal", &fee_cal),
        ("fee_shipping", &fee_shipping),
        ("order_description", &one.order_description),
        ("buyer_info", &one.buyer_info),
        ("affiliate_code", &one.affiliate_code),
        ("installment", &installment),
        ("inpage", &inpage),
        ("payment_method_id", &payment_method_id),
    ];
    let mut text = String::with_capacity(400);
    for (_, value) in &fields {
        text.push_str(value);
        text.push(' ');
    }
    text.push_str(&merchant.secure_pass);
    let secure_code = const_hex::encode(by.md5(text.as_bytes()));
    let mut url = String::with_capacity(800);
    url.push_str("https://checkout-sandbox.hpay.com.vn/checkout.php?");
    let start = url.len();
    let url = form_urlencoded::Serializer::for_suffix(url, start)
        .extend_pairs(&fields)
        .append_pair("secure_code", &secure_code)
        .append_pair("token", "")
        .append_pair("token_type", "")
        .finish();
    get(url, secure_code)
}

/// A verified payment.
#[derive(Default)]
pub struct Payment {
    pub transaction_info: String,
    pub order_code: String,
    pub price: String,
    pub payment_id: String,
    pub payment_type: String,
    pub error_text: String,
    pub bank_code: String,
    pub card_number: String,
    pub token_omipay: String,
}

pub fn read_return(inputs: &Inputs, by: &impl Digests) -> Payment {
    let mut payment = Payment::default();
    let mut secure_code = String::new();
    for (name, value) in form_urlencoded::parse(inputs.return_query.as_bytes()) {
        let member = match name.as_ref() {
            "transaction_info" => &mut payment.transaction_info,
            "order_code" => &mut payment.order_code,
            "price" => &mut payment.price,
            "payment_id" => &mut payment.payment_id,
            "payment_type" => &mut payment.payment_type,
            "error_text" => &mut payment.error_text,
            "bank_code" => &mut payment.bank_code,
            "card_number" => &mut payment.card_number,
            "token_omipay" => &mut payment.token_omipay,
            "secure_code" => &mut secure_code,
            _ => continue,
        };
        *member = value.into_owned();
    }
    let text = format!(
        " {} {} {} {} {} {} {} {}",
        payment.transaction_info,
        payment.order_code,
        payment.price,
        payment.payment_id,
        payment.payment_type,
        payment.error_text,
        inputs.hpay.merchant_site_code,
        inputs.hpay.secure_pass,
    );
    let given: [u8; 16] = const_hex::decode_to_array(&secure_code).unwrap();
    assert!(openssl::memcmp::eq(&given, &by.md5(text.as_bytes())));
    let expected = &inputs.expected;
    assert!(payment.order_code == expected.order_code && payment.price.parse() == Ok(expected.price));
    payment
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ibft<'a> {
    request_id: &'a str,
    merchant_id: &'a str,
    merchant_email: &'a str,
    bank_name: &'a str,
    bank_account_number: &'a str,
    bank_account_name: &'a str,
    amount: &'a str,
    note: &'a str,
    secure_chain: &'a str,
}

pub fn ibft(inputs: &Inputs, by: &impl Signs) -> Request {
    let (one, merchant) = (&inputs.ibft, &inputs.hpay);
    let amount = one.amount.to_string();
    let text = format!(
        "{}|{}|{amount}|{}|{}",
        one.request_id, merchant.merchant_site_code, one.bank_account_name, merchant.passcode
    );
    let secure_chain = BASE64_STANDARD.encode(by.sign(text.as_bytes()));
    let body = Ibft {
        request_id: &one.request_id,
        merchant_id: &merchant.merchant_site_code,
        merchant_email: &merchant.receiver,
        bank_name: &one.bank_name,
        bank_account_number: &one.bank_account_number,
        bank_account_name: &one.bank_account_name,
        amount: &amount,
        note: &one.note,
        secure_chain: &secure_chain,
    };
    Request {
        method: "POST",
        url: "https://account-sandbox.hpay.com.vn/api/ibft/create".into(),
        headers: vec![("Content-Type", "application/json".into())],
        body: Some(serde_json::to_string(&body).unwrap()),
        signature: Some(secure_chain),
    }
}

#[derive(Deserialize)]
pub struct IbftAnswer {
    pub error_code: String,
    pub status: String,
    pub data: IbftData,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IbftData {
    pub request_id: String,
    pub bank_account_number: String,
    pub omi_cashout_id: String,
    secure_chain: String,
}

pub fn read_ibft(inputs: &Inputs, by: &impl Signs) -> IbftAnswer {
    let answer: IbftAnswer = serde_json::from_str(&inputs.ibft_answer).unwrap();
    assert_eq!(answer.error_code, "000");
    let one = &answer.data;
    let text = format!(
        "{}|{}|{}|{}",
        one.request_id, one.bank_account_number, one.omi_cashout_id, inputs.hpay.passcode
    );
    assert!(by.verify(text.as_bytes(), &BASE64_STANDARD.decode(&one.secure_chain).unwrap()));
    answer
}
