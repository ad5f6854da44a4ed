//! Every workload with its contenders, kyso first.

use std::borrow::Cow;
use std::rc::Rc;

use kyso::answer::{Body, Read};
use kyso::appotapay::{self, Call, firm_banking as transfers};
use kyso::hpay::{self, checkout, firm_banking};
use kyso::tconnect::{self, auth, envelope};
use kyso::value::Json;
use kyso::{AppotaPay, Dong, Environment, HPay, HttpRequest, TConnect, Whole};
use serde_json::{Value, json};

use crate::hand::{self, Request};
use crate::inputs::Inputs;
use crate::peers::{AwsLc, OneShotHmac, OpenSsl, Ring, Seals};
use crate::{Contender, contender};

pub const NAMES: &[&str] = &[
    "login",
    "ipn",
    "seal_64k",
    "open_64k",
    "seal_1m",
    "open_1m",
    "transfer",
    "transfer_token",
    "callback",
    "token",
    "link",
    "legacy_link",
    "return",
    "rsa_sign",
    "rsa_verify",
];

const OPENSSL: &str = "OpenSSL, reused";
const ONE_SHOT: &str = "OpenSSL, HMAC()";
const RING: &str = "ring";
const AWS_LC: &str = "aws-lc-rs";

/// The contenders of a workload.
pub fn contenders(name: &str, inputs: &'static Inputs) -> Vec<Contender> {
    match name {
        "login" => login(inputs),
        "ipn" => ipn(inputs),
        "seal_64k" => seal(inputs, 64 * 1024),
        "open_64k" => open(inputs, 64 * 1024),
        "seal_1m" => seal(inputs, 1024 * 1024),
        "open_1m" => open(inputs, 1024 * 1024),
        "transfer" => transfer(inputs),
        "transfer_token" => transfer_token(inputs),
        "callback" => callback(inputs),
        "token" => token(inputs),
        "link" => link(inputs),
        "legacy_link" => legacy_link(inputs),
        "return" => read_return(inputs),
        "rsa_sign" => rsa_sign(inputs),
        "rsa_verify" => rsa_verify(inputs),
        _ => panic!("unknown workload"),
    }
}

pub fn tconnect(inputs: &Inputs) -> TConnect {
    TConnect::new(tconnect::Config {
        environment: Some(Environment::Sandbox),
        ..tconnect::Config::new(&inputs.tconnect.partner_code, inputs.tconnect.key.as_str())
    })
    .unwrap()
}

pub fn appotapay(inputs: &Inputs) -> AppotaPay {
    let one = &inputs.appotapay;
    let config = appotapay::Config::new(
        &one.partner_code,
        one.api_key.as_str(),
        one.secret_key.as_str(),
        Environment::Sandbox,
    );
    AppotaPay::new(config).unwrap()
}

/// With or without the keys of RSA, which take long to check.
pub fn hpay(inputs: &Inputs, keys: bool) -> HPay {
    let one = &inputs.hpay;
    HPay::new(hpay::Config {
        secure_pass: Some(one.secure_pass.as_str().into()),
        passcode: Some(one.passcode.as_str().into()),
        receiver: Some(one.receiver.clone()),
        private_key: keys.then(|| one.private_key.as_str().into()),
        hpay_certificate: keys.then(|| one.hpay_certificate.clone()),
        ..hpay::Config::new(&one.merchant_site_code, Environment::Sandbox)
    })
    .unwrap()
}

// What must be equal.

fn ours(request: HttpRequest) -> Value {
    let headers = request.headers.0;
    shown(request.url, headers, request.body, request.signature)
}

fn theirs(request: Request) -> Value {
    let headers = request
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    shown(request.url, headers.collect(), request.body, request.signature)
}

fn shown(url: String, mut headers: Vec<(String, String)>, body: Option<String>, signature: Option<String>) -> Value {
    headers.sort();
    let (address, query) = url.split_once('?').unwrap_or((&url, ""));
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(query.as_bytes()).collect();
    let body = body.map(|body| serde_json::from_str::<Value>(&body).unwrap());
    json!([address, pairs, headers, body, signature])
}

/// The same with the envelope of the body opened.
fn opened(by: Rc<OpenSsl>, shown: impl Fn(HttpRequest) -> Value) -> impl Fn(HttpRequest) -> Value {
    move |request| open_body(&by, shown(request))
}

fn open_body(by: &OpenSsl, mut shown: Value) -> Value {
    let text = by.open(shown[3]["data"].as_str().unwrap());
    shown[3] = serde_json::from_str(&text).unwrap();
    shown
}

fn login(inputs: &'static Inputs) -> Vec<Contender> {
    let client = tconnect(inputs);
    let record = &inputs.login;
    let (openssl, aws_lc) = (Rc::new(OpenSsl::new(inputs)), AwsLc::new(inputs));
    let [first, second] = [openssl.clone(), openssl.clone()];
    let kyso = move || {
        client
            .auth()
            .login(&auth::Login {
                username: record.username.as_str().into(),
                password: record.password.as_str().into(),
                client_id: record.client_id.as_str().into(),
                client_secret: record.client_secret.as_str().into(),
                extra: None,
            })
            .unwrap()
    };
    vec![
        contender("kyso", kyso, opened(openssl.clone(), ours)),
        contender(
            OPENSSL,
            move || hand::login(inputs, &*first),
            move |it| open_body(&openssl, theirs(it)),
        ),
        contender(
            AWS_LC,
            move || hand::login(inputs, &aws_lc),
            move |it| open_body(&second, theirs(it)),
        ),
    ]
}

fn ipn(inputs: &'static Inputs) -> Vec<Contender> {
    let client = tconnect(inputs);
    let body = Body {
        body: inputs.ipn.clone(),
        expected: None,
    };
    let (openssl, aws_lc) = (OpenSsl::new(inputs), AwsLc::new(inputs));
    let ours = |ipn: Read<kyso::tconnect::ipn::Notification>| {
        json!([
            ipn.order_id,
            ipn.amount,
            ipn.payment_type,
            ipn.retrieval_ref_no,
            ipn.request_id,
            ipn.narrative
        ])
    };
    let theirs = |ipn: hand::Ipn| {
        let amount = ipn.amount as u64;
        json!([
            ipn.order_id,
            amount,
            ipn.payment_type,
            ipn.retrieval_ref_no,
            ipn.request_id,
            ipn.narrative
        ])
    };
    vec![
        contender("kyso", move || client.ipn().read_callback(&body).unwrap(), ours),
        contender(OPENSSL, move || hand::read_ipn(&inputs.ipn, &openssl), theirs),
        contender(AWS_LC, move || hand::read_ipn(&inputs.ipn, &aws_lc), theirs),
    ]
}

fn seal(inputs: &'static Inputs, size: usize) -> Vec<Contender> {
    let client = tconnect(inputs);
    let text: &'static str = inputs.large(size).leak();
    let record = envelope::Seal {
        plaintext: text.into(),
    };
    let (openssl, aws_lc) = (Rc::new(OpenSsl::new(inputs)), AwsLc::new(inputs));
    let same = |by: &Rc<OpenSsl>| {
        let by = by.clone();
        move |data: String| json!(by.open(&data) == text)
    };
    let (first, second, third) = (same(&openssl), same(&openssl), same(&openssl));
    vec![
        contender("kyso", move || client.envelope().seal(&record).unwrap().data, first),
        contender(OPENSSL, move || openssl.seal(text.as_bytes()), second),
        contender(AWS_LC, move || aws_lc.seal(text.as_bytes()), third),
    ]
}

fn open(inputs: &'static Inputs, size: usize) -> Vec<Contender> {
    let client = tconnect(inputs);
    let text: &'static str = inputs.large(size).leak();
    let (openssl, aws_lc) = (OpenSsl::new(inputs), AwsLc::new(inputs));
    let data: &'static str = openssl.seal(text.as_bytes()).leak();
    let record = envelope::Open { data: data.into() };
    let same = move |opened: String| json!(opened == text);
    vec![
        contender("kyso", move || client.envelope().open(&record).unwrap().plaintext, same),
        contender(OPENSSL, move || openssl.open(data), same),
        contender(AWS_LC, move || aws_lc.open(data), same),
    ]
}

fn transfer_record(inputs: &Inputs) -> transfers::Transfer {
    let one = &inputs.transfer;
    transfers::Transfer {
        bank_code: one.bank_code.clone(),
        account_no: one.account_no.clone(),
        account_type: transfers::AccountType::Account,
        account_name: one.account_name.clone(),
        amount: Dong(one.amount),
        fee_type: transfers::FeeType::Payer,
        partner_ref_id: one.partner_ref_id.clone(),
        message: Some(one.message.clone()),
        customer_phone_number: Some(one.customer_phone_number.clone()),
        contract_number: Some(one.contract_number.clone()),
        channel: Some(one.channel.clone()),
        bank_id: Some(one.bank_id.clone()),
    }
}

fn one_shot(inputs: &Inputs) -> OneShotHmac {
    OneShotHmac(inputs.appotapay.secret_key.clone().into_bytes())
}

fn transfer(inputs: &'static Inputs) -> Vec<Contender> {
    let client = appotapay(inputs);
    let (openssl, ring, aws_lc) = (OpenSsl::new(inputs), Ring::new(inputs), AwsLc::new(inputs));
    let token: &'static str = hand::token(inputs, &openssl).leak();
    let call = Call {
        token: Some(token.into()),
        ..Call::default()
    };
    let hmac = one_shot(inputs);
    vec![
        contender(
            "kyso",
            move || client.firm_banking().transfer(&transfer_record(inputs), &call).unwrap(),
            ours,
        ),
        contender(OPENSSL, move || hand::transfer(inputs, &openssl, token), theirs),
        contender(ONE_SHOT, move || hand::transfer(inputs, &hmac, token), theirs),
        contender(RING, move || hand::transfer(inputs, &ring, token), theirs),
        contender(AWS_LC, move || hand::transfer(inputs, &aws_lc, token), theirs),
    ]
}

fn transfer_token(inputs: &'static Inputs) -> Vec<Contender> {
    let client = appotapay(inputs);
    let (openssl, ring, aws_lc) = (OpenSsl::new(inputs), Ring::new(inputs), AwsLc::new(inputs));
    let call = Call {
        issued_at: Some(Whole(inputs.issued_at)),
        ..Call::default()
    };
    vec![
        contender(
            "kyso",
            move || client.firm_banking().transfer(&transfer_record(inputs), &call).unwrap(),
            ours,
        ),
        contender(
            OPENSSL,
            move || hand::transfer(inputs, &openssl, &hand::token(inputs, &openssl)),
            theirs,
        ),
        contender(
            RING,
            move || hand::transfer(inputs, &ring, &hand::token(inputs, &ring)),
            theirs,
        ),
        contender(
            AWS_LC,
            move || hand::transfer(inputs, &aws_lc, &hand::token(inputs, &aws_lc)),
            theirs,
        ),
    ]
}

fn callback(inputs: &'static Inputs) -> Vec<Contender> {
    let client = appotapay(inputs);
    let (openssl, ring, aws_lc) = (OpenSsl::new(inputs), Ring::new(inputs), AwsLc::new(inputs));
    let hmac = one_shot(inputs);
    let body = Body {
        body: inputs.callback.clone(),
        expected: None,
    };
    let ours = |read: Read<transfers::CallbackResult>| {
        let one = &read.transaction;
        json!([
            one.amount,
            one.transfer_status,
            one.appotapay_trans_id,
            one.partner_ref_id,
            one.time
        ])
    };
    let theirs = |read: hand::Callback| {
        let one = &read.transaction;
        json!([
            one.amount,
            one.transfer_status,
            one.appotapay_trans_id,
            one.partner_ref_id,
            one.time
        ])
    };
    vec![
        contender(
            "kyso",
            move || client.firm_banking().read_callback(&body).unwrap(),
            ours,
        ),
        contender(OPENSSL, move || hand::read_callback(&inputs.callback, &openssl), theirs),
        contender(ONE_SHOT, move || hand::read_callback(&inputs.callback, &hmac), theirs),
        contender(RING, move || hand::read_callback(&inputs.callback, &ring), theirs),
        contender(AWS_LC, move || hand::read_callback(&inputs.callback, &aws_lc), theirs),
    ]
}

fn token(inputs: &'static Inputs) -> Vec<Contender> {
    let client = appotapay(inputs);
    let (openssl, ring, aws_lc) = (OpenSsl::new(inputs), Ring::new(inputs), AwsLc::new(inputs));
    let hmac = one_shot(inputs);
    let record = appotapay::auth::Token {
        issued_at: Some(Whole(inputs.issued_at)),
        ..Default::default()
    };
    let theirs = |headers: Vec<(&'static str, String)>| json!(headers);
    vec![
        contender(
            "kyso",
            move || client.auth().token(&record).unwrap(),
            |it| json!(it.headers.0),
        ),
        contender(OPENSSL, move || hand::token_headers(inputs, &openssl), theirs),
        contender(ONE_SHOT, move || hand::token_headers(inputs, &hmac), theirs),
        contender(RING, move || hand::token_headers(inputs, &ring), theirs),
        contender(AWS_LC, move || hand::token_headers(inputs, &aws_lc), theirs),
    ]
}

fn link(inputs: &'static Inputs) -> Vec<Contender> {
    let client = hpay(inputs, false);
    let one = &inputs.link;
    let openssl = OpenSsl::new(inputs);
    let kyso = move || {
        client
            .checkout()
            .create_link(&checkout::CreateLink {
                return_url: one.return_url.clone(),
                transaction_info: Some(one.transaction_info.clone()),
                order_code: one.order_code.clone(),
                price: Dong(one.price),
                buyer_info: Some(one.buyer_info.clone()),
                lang: Some(one.lang.clone()),
                cancel_url: Some(one.cancel_url.clone()),
                notify_url: Some(one.notify_url.clone()),
                ..Default::default()
            })
            .unwrap()
    };
    vec![
        contender("kyso", kyso, ours),
        contender(OPENSSL, move || hand::link(inputs, &openssl), theirs),
    ]
}

fn legacy_link(inputs: &'static Inputs) -> Vec<Contender> {
    let client = hpay(inputs, false);
    let one = &inputs.legacy_link;
    let openssl = OpenSsl::new(inputs);
    let kyso = move || {
        client
            .checkout()
            .create_legacy_link(&checkout::CreateLegacyLink {
                return_url: one.return_url.clone(),
                transaction_info: Some(one.transaction_info.clone()),
                order_code: one.order_code.clone(),
                price: Dong(one.price),
                currency: Some(one.currency.clone()),
                quantity: Some(Whole(one.quantity)),
                tax: Some(Whole(one.tax)),
                discount: Some(Whole(one.discount)),
                fee_cal: Some(Whole(one.fee_cal)),
                fee_shipping: Some(Whole(one.fee_shipping)),
                order_description: Some(one.order_description.clone()),
                buyer_info: Some(one.buyer_info.clone()),
                affiliate_code: Some(one.affiliate_code.clone()),
                installment: Some(Whole(one.installment)),
                inpage: Some(Whole(one.inpage)),
                payment_method_id: Some(Whole(one.payment_method_id)),
                ..Default::default()
            })
            .unwrap()
    };
    vec![
        contender("kyso", kyso, ours),
        contender(OPENSSL, move || hand::legacy_link(inputs, &openssl), theirs),
    ]
}

fn read_return(inputs: &'static Inputs) -> Vec<Contender> {
    let client = hpay(inputs, false);
    let openssl = OpenSsl::new(inputs);
    let expected = json!({ "order_code": inputs.expected.order_code, "price": inputs.expected.price });
    let record = checkout::ReadCallback {
        query: inputs.return_query.clone(),
        expected: Some(Json::from_text(&expected.to_string()).unwrap()),
        link: Some(checkout::LinkKind::Legacy),
        ..Default::default()
    };
    vec![
        contender(
            "kyso",
            move || client.checkout().read_callback(&record).unwrap(),
            |it| {
                json!([
                    it.transaction_info,
                    it.order_code,
                    it.price.to_string(),
                    it.payment_id,
                    it.payment_type
                ])
            },
        ),
        contender(
            OPENSSL,
            move || hand::read_return(inputs, &openssl),
            |it| {
                json!([
                    it.transaction_info,
                    it.order_code,
                    it.price,
                    it.payment_id,
                    it.payment_type
                ])
            },
        ),
    ]
}

fn rsa_sign(inputs: &'static Inputs) -> Vec<Contender> {
    let client = hpay(inputs, true);
    let one = &inputs.ibft;
    let (openssl, ring, aws_lc) = (OpenSsl::new(inputs), Ring::new(inputs), AwsLc::new(inputs));
    let kyso = move || {
        client
            .firm_banking()
            .transfer(&firm_banking::Transfer {
                request_id: one.request_id.clone(),
                bank_name: one.bank_name.clone(),
                bank_account_number: one.bank_account_number.clone(),
                bank_account_name: one.bank_account_name.clone(),
                amount: Dong(one.amount),
                note: Some(one.note.clone()),
                ..Default::default()
            })
            .unwrap()
    };
    vec![
        contender("kyso", kyso, ours),
        contender(OPENSSL, move || hand::ibft(inputs, &openssl), theirs),
        contender(RING, move || hand::ibft(inputs, &ring), theirs),
        contender(AWS_LC, move || hand::ibft(inputs, &aws_lc), theirs),
    ]
}

fn rsa_verify(inputs: &'static Inputs) -> Vec<Contender> {
    let client = hpay(inputs, true);
    let record = firm_banking::ReadTransfer {
        body: inputs.ibft_answer.clone(),
        ..Default::default()
    };
    let (openssl, ring, aws_lc) = (OpenSsl::new(inputs), Ring::new(inputs), AwsLc::new(inputs));
    let ours = |it: Read<firm_banking::TransferAnswer>| {
        let data = it.data.as_ref().unwrap();
        json!([data.request_id, data.bank_account_number, data.omi_cashout_id])
    };
    let theirs =
        |it: hand::IbftAnswer| json!([it.data.request_id, it.data.bank_account_number, it.data.omi_cashout_id]);
    vec![
        contender(
            "kyso",
            move || client.firm_banking().read_transfer(&record).unwrap(),
            ours,
        ),
        contender(OPENSSL, move || hand::read_ibft(inputs, &openssl), theirs),
        contender(RING, move || hand::read_ibft(inputs, &ring), theirs),
        contender(AWS_LC, move || hand::read_ibft(inputs, &aws_lc), theirs),
    ]
}
