//! Random signed messages of every reader that verifies something, and what their signatures cover.
#![allow(dead_code)]

use kyso::Client;
use serde_json::{Value, json};

use super::common::{Random, appotapay, call, client, hpay_config};

fn key(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A signed message: how it is read and what the signature covers.
pub struct Signed {
    pub client: Client,
    pub reader: &'static str,
    /// `body`, `query`, or `fields` for the readers of single fields.
    pub input: &'static str,
    pub message: Value,
    pub covered: &'static [&'static str],
    pub signature: &'static str,
    /// Further inputs of the reader.
    pub besides: Value,
}

impl Signed {
    /// Whether the signature is RSA's: a hundred times the cost.
    pub fn is_rsa(&self) -> bool {
        self.message.pointer(self.signature).unwrap().as_str().unwrap().len() > 128
    }

    pub fn text(&self) -> String {
        text_of(self.input, &self.message)
    }

    pub fn read(&self, message: &Value) -> Result<Value, kyso::Error> {
        if self.input != "fields" {
            return self.read_text(&text_of(self.input, message));
        }
        let mut input = self.besides.clone();
        let mut fields = message.clone();
        input["signature"] = fields.as_object_mut().unwrap().remove("signature").unwrap_or_default();
        input["fields"] = fields;
        call(&self.client, self.reader, &input)
    }

    pub fn read_text(&self, text: &str) -> Result<Value, kyso::Error> {
        call(&self.client, self.reader, &json!({ self.input: text }))
    }

    pub fn is_covered(&self, pointer: &str) -> bool {
        self.covered
            .iter()
            .any(|covered| pointer == *covered || pointer.starts_with(&format!("{covered}/")))
    }

    /// The members that nothing proves.
    pub fn free(&self) -> Vec<String> {
        let all = leaves(&self.message);
        all.into_iter()
            .filter(|pointer| pointer != self.signature && !self.is_covered(pointer))
            .collect()
    }

    pub fn covered_leaves(&self) -> Vec<String> {
        let all = leaves(&self.message);
        all.into_iter().filter(|pointer| self.is_covered(pointer)).collect()
    }

    /// What the signature proves, by the names that `expected` takes: the members at the top level, and those in one
    /// object below it. A signed payload in base64 is opened.
    pub fn proven_members(&self) -> Vec<(String, Value)> {
        let mut found = Vec::<(String, Value)>::new();
        for pointer in self.covered_leaves() {
            let value = self.message.pointer(&pointer).unwrap();
            match payload(value) {
                Some(payload) => {
                    let inner = leaves(&payload).into_iter();
                    found.extend(inner.map(|pointer| (pointer.clone(), payload.pointer(&pointer).unwrap().clone())));
                }
                None => found.push((pointer, value.clone())),
            }
        }
        by_expected_name(found)
    }
}

/// The JSON object in a base64 text.
fn payload(value: &Value) -> Option<Value> {
    use base64ct::Encoding;
    let bytes = base64ct::Base64::decode_vec(value.as_str()?).ok()?;
    let payload: Value = serde_json::from_slice(&bytes).ok()?;
    payload.is_object().then_some(payload)
}

/// A name alone means a member at the top level, or else the only one of that name one object deep.
fn by_expected_name(members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let steps = |pointer: &str| -> Vec<String> { pointer.split('/').skip(1).map(str::to_owned).collect() };
    let names: Vec<Vec<String>> = members.iter().map(|(pointer, _)| steps(pointer)).collect();
    let named = |steps: &[String], depth| steps.len() == depth && steps.iter().all(|step| step.parse::<u8>().is_err());
    let only = |name: &String| {
        let same = names
            .iter()
            .filter(|other| other.len() <= 2 && other.last() == Some(name));
        same.count() == 1
    };
    let mut found = Vec::new();
    for ((_, value), steps) in members.iter().zip(&names) {
        let name = steps.last().unwrap();
        if named(steps, 1) || named(steps, 2) && only(name) {
            found.push((name.clone(), value.clone()));
        }
    }
    found
}

/// What a result proves: everything but the members that say of themselves that they are not proven.
pub fn proven(mut result: Value) -> Value {
    for name in ["unverified", "raw"] {
        result.as_object_mut().unwrap().remove(name);
    }
    result
}

/// JSON Pointers of all members that hold no others.
pub fn leaves(value: &Value) -> Vec<String> {
    let inner = |name: &str, value: &Value| -> Vec<String> {
        let below = leaves(value);
        below.iter().map(|pointer| format!("/{name}{pointer}")).collect()
    };
    match value {
        Value::Object(members) => members.iter().flat_map(|(name, value)| inner(name, value)).collect(),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.flat_map(|(at, item)| inner(&at.to_string(), item)).collect()
        }
        _ => vec![String::new()],
    }
}

pub fn text_of(input: &str, message: &Value) -> String {
    if input == "body" {
        return message.to_string();
    }
    let pairs = message.as_object().unwrap().iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("{name}={encoded}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The members that `testing.*` signed.
fn made(client: &Client, operation: &str, input: &Value) -> Value {
    let made = call(client, operation, input).unwrap_or_else(|error| panic!("{operation}: {error:?}"));
    match made.get("query") {
        Some(query) => parse_query(query.as_str().unwrap()),
        None => serde_json::from_str(made["body"].as_str().unwrap()).unwrap(),
    }
}

fn parse_query(query: &str) -> Value {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            let digit = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap() as u8;
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => digit(rest.next()) << 4 | digit(rest.next()),
                other => other,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    Value::Object(
        pairs
            .map(|(name, value)| (name.to_owned(), Value::from(decode(value))))
            .collect(),
    )
}

struct Fill<'r>(&'r mut Random);

impl Fill<'_> {
    fn number(&mut self) -> u64 {
        let most = 10_usize.pow(3 + u32::try_from(self.0.below(8)).unwrap());
        u64::try_from(self.0.below(most)).unwrap() + 1
    }

    fn amount(&mut self) -> String {
        self.number().to_string()
    }

    /// A number that does not come twice.
    fn unique(&mut self) -> String {
        format!("{:012}", self.0.next() % 1_000_000_000_000)
    }

    fn id(&mut self) -> String {
        const DIGITS: &[&str] = &["A", "b", "C", "d", "0", "1", "2", "3", "7", "9", "Z", "x"];
        (0..12 + self.0.below(8)).map(|_| self.0.pick(DIGITS)).collect()
    }

    /// A text as people type it; no word of it could be a price.
    fn text(&mut self) -> String {
        const WORDS: &[&str] = &[
            "đơn", "hàng", "Nguyễn", "Thị", "THANH", "toan", "a&b", "50%", "x=y", "\"q\"", "cảm", "ơn", "\\", "#4",
            "ĐH_12",
        ];
        let words: Vec<&str> = (0..1 + self.0.below(6)).map(|_| self.0.pick(WORDS)).collect();
        words.join(" ")
    }

    fn name(&mut self) -> String {
        const WORDS: &[&str] = &["NGUYEN", "VAN", "THI", "TRAN", "A", "BE", "HOANG"];
        let words: Vec<&str> = (0..2 + self.0.below(3)).map(|_| self.0.pick(WORDS)).collect();
        words.join(" ")
    }

    fn status(&mut self) -> &'static str {
        self.0.pick(&["success", "processing", "error", "pending"])
    }
}

const TRANSACTION: &[&str] = &[
    "/transaction/amount",
    "/transaction/transferAmount",
    "/transaction/appotapayTransId",
    "/transaction/time",
    "/errorCode",
];
const TOPUP: &[&str] = &[
    "/errorCode",
    "/transaction/amount",
    "/transaction/topupAmount",
    "/transaction/phoneNumber",
    "/transaction/appotapayTransId",
    "/transaction/time",
];
const BILL: &[&str] = &[
    "/errorCode",
    "/transaction/amount",
    "/transaction/billAmount",
    "/transaction/appotapayTransId",
    "/transaction/time",
];
const ORDER: &[&str] = &[
    "/amount",
    "/apiKey",
    "/appotapayTransId",
    "/bankCode",
    "/currency",
    "/errorCode",
    "/extraData",
    "/message",
    "/orderId",
    "/partnerCode",
    "/paymentMethod",
    "/paymentType",
    "/transactionTs",
];

/// One random message of every reader that verifies a signature.
pub fn messages(random: &mut Random) -> Vec<Signed> {
    let mut all = digest_messages(random);
    all.extend(rsa_messages(&mut Fill(random)));
    all
}

/// Those with MD5, SHA-256 and HMAC, which cost little.
pub fn digest_messages(random: &mut Random) -> Vec<Signed> {
    let mut all = appotapay_messages(&mut Fill(random));
    all.extend(hpay_messages(&mut Fill(random)));
    all
}

fn appotapay_messages(fill: &mut Fill<'_>) -> Vec<Signed> {
    let mut all = Vec::new();
    let mut add = |reader: &'static str, input: &'static str, members: Value, covered| {
        let testing = reader
            .replacen("appotapay.", "appotapay.testing.", 1)
            .replace(".read_", "_");
        all.push(Signed {
            message: made(&appotapay(), &testing, &json!({ "members": members })),
            client: appotapay(),
            reader,
            input,
            covered,
            signature: "/signature",
            besides: json!({}),
        });
    };
    let balance = json!({"balance": fill.number()});
    let mut transaction = |name: &str| json!({"amount": fill.number(), name: fill.number(), "appotapayTransId": fill.id(), "time": "27-10-2021 10:03:59"});
    let (transfer, bill, topup) = (
        transaction("transferAmount"),
        transaction("billAmount"),
        transaction("topupAmount"),
    );
    let answer = |transaction: &Value| json!({"errorCode": 0, "message": "Thành công", "transaction": transaction, "account": balance});

    let mut member = answer(&transfer);
    add(
        "appotapay.firm_banking.read_transfer",
        "body",
        member.clone(),
        TRANSACTION,
    );
    member["transaction"]["accountNo"] = Value::from(fill.id());
    add(
        "appotapay.firm_banking.read_status",
        "body",
        member.clone(),
        TRANSACTION,
    );
    member["transaction"]["partnerRefId"] = Value::from(fill.id());
    member["transaction"]["transferStatus"] = Value::from(fill.status());
    const CALLBACK: &[&str] = &[
        "/transaction/amount",
        "/transaction/transferAmount",
        "/transaction/appotapayTransId",
        "/transaction/time",
        "/errorCode",
        "/transaction/partnerRefId",
        "/transaction/transferStatus",
    ];
    add("appotapay.firm_banking.read_callback", "body", member, CALLBACK);
    let info = json!({"errorCode": 0, "message": "ok", "accountInfo": {"accountNo": fill.amount(), "accountName": fill.name(), "bankCode": "VCB"}});
    const INFO: &[&str] = &["/accountInfo/accountNo", "/accountInfo/accountName", "/errorCode"];
    add("appotapay.firm_banking.read_account_info", "body", info, INFO);

    let mut member = answer(&topup);
    member["transaction"]["phoneNumber"] = Value::from(format!("0{}", fill.amount()));
    member["transaction"]["productCode"] = Value::from(fill.id());
    add("appotapay.topup.read_status", "body", member.clone(), TOPUP);
    add("appotapay.topup.read_charge_v1", "body", member.clone(), TOPUP);
    const CHARGE: &[&str] = &[
        "/errorCode",
        "/transaction/amount",
        "/transaction/topupAmount",
        "/transaction/phoneNumber",
        "/transaction/productCode",
        "/transaction/appotapayTransId",
        "/transaction/time",
    ];
    add("appotapay.topup.read_charge", "body", member, CHARGE);
    add("appotapay.bill.read_pay", "body", answer(&bill), BILL);
    add("appotapay.bill.read_status", "body", answer(&bill), BILL);

    let accounts =
        json!({"bankAccounts": [{"bankCode": "WOORIBANK", "accountNo": fill.amount(), "accountName": fill.name()}]});
    let member = json!({"errorCode": 0, "message": "ok", "billCode": fill.id(), "payment": accounts});
    add(
        "appotapay.virtual_account.read_create",
        "body",
        member,
        &["/errorCode", "/billCode", "/payment"],
    );
    let member = json!({"errorCode": 0, "message": "ok", "billCode": fill.id(), "amount": fill.number(), "paidAmount": fill.number(),
        "billExpiryTime": fill.number(), "payment": accounts});
    const DETAIL: &[&str] = &[
        "/errorCode",
        "/billCode",
        "/amount",
        "/paidAmount",
        "/billExpiryTime",
        "/payment",
    ];
    add("appotapay.virtual_account.read_detail", "body", member, DETAIL);
    let member = json!({"amount": fill.number(), "apiKey": "test-api-key", "bankAccountName": fill.name(), "bankAccountNumber": fill.amount(),
        "bankCode": "WOORIBANK", "billCode": fill.id(), "extraData": fill.text(), "memo": fill.text(), "partnerCode": "KYSO",
        "requestTime": fill.amount(), "transactionId": fill.id(), "transactionTime": "2021-03-27", "version": "1.0", "more": fill.text()});
    const ACCOUNT: &[&str] = &[
        "/amount",
        "/apiKey",
        "/bankAccountName",
        "/bankAccountNumber",
        "/bankCode",
        "/billCode",
        "/extraData",
        "/memo",
        "/partnerCode",
        "/requestTime",
        "/transactionId",
        "/transactionTime",
        "/version",
    ];
    add("appotapay.virtual_account.read_callback", "body", member, ACCOUNT);

    let mut order = json!({"amount": fill.number(), "apiKey": "test-api-key", "appotapayTransId": fill.id(), "bankCode": "SHB",
        "currency": "VND", "errorCode": 0, "extraData": fill.text(), "message": fill.text(), "orderId": fill.id(),
        "partnerCode": "KYSO", "paymentMethod": "ATM", "paymentType": "WEB", "transactionTs": fill.number()});
    add("appotapay.orders.read_callback", "body", order.clone(), ORDER);
    add("appotapay.orders.read_status", "body", order.clone(), ORDER);
    add("appotapay.orders.read_redirect", "query", order.clone(), ORDER);
    let members = order.as_object_mut().unwrap();
    let mut outer = json!({});
    for name in ["apiKey", "errorCode", "message", "partnerCode"] {
        outer[name] = members.remove(name).unwrap();
    }
    order["status"] = Value::from(fill.status());
    outer["transaction"] = order;
    const STATUS: &[&str] = &["/apiKey", "/errorCode", "/message", "/partnerCode", "/transaction"];
    add("appotapay.orders.read_status_v1_1", "body", outer, STATUS);
    let member = json!({"amount": fill.number(), "errorCode": 0, "message": fill.text(), "orderId": fill.id(),
        "paymentUrl": format!("https://payment.example/?a={}&b=1", fill.id())});
    const CREATE: &[&str] = &["/amount", "/errorCode", "/message", "/orderId", "/paymentUrl"];
    add("appotapay.orders.read_create", "body", member.clone(), CREATE);
    add(
        "appotapay.orders.read_create_v1_1",
        "body",
        member,
        &["/errorCode", "/message"],
    );
    let member = json!({"errorCode": 0, "message": fill.text(), "data": {"amount": fill.number(), "appotapayTransId": fill.id(),
        "reason": fill.text(), "refundId": fill.id(), "refundOriginalId": fill.id(), "status": fill.status(), "transactionTs": fill.amount()}});
    add("appotapay.orders.read_refund", "body", member, &["/errorCode", "/data"]);

    let transaction = json!({"transaction": {"transactionId": fill.id(), "partnerCode": "KYSO", "status": fill.status(), "errorCode": 0,
        "orderAmount": fill.number(), "amount": fill.number(), "currency": "VND"},
        "partnerReference": {"order": {"id": fill.id(), "info": fill.text()}}});
    add(
        "appotapay.payment.read_callback",
        "body",
        transaction.clone(),
        &["/data"],
    );
    add("appotapay.payment.read_redirect", "query", transaction, &["/data"]);
    let terminal = json!({"transaction": {"transaction_id": fill.id(), "partner_ref_id": fill.id(), "status": fill.status(),
        "amount": fill.number(), "error_code": "0"}, "version": "1.0"});
    add("appotapay.pos.read_callback", "body", terminal, &["/data"]);

    let fields = json!({"amount": fill.amount(), "orderId": fill.id(), "memo": fill.name()});
    let signature = call(&appotapay(), "appotapay.signature.sign", &json!({ "fields": fields })).unwrap();
    let mut message = fields;
    message["signature"] = signature["signature"].clone();
    all.push(Signed {
        client: appotapay(),
        reader: "appotapay.signature.verify",
        input: "fields",
        message,
        covered: &["/amount", "/orderId", "/memo"],
        signature: "/signature",
        besides: json!({}),
    });
    all
}

/// A client for a configured formula.
fn configured(reader: &str, formula: &str) -> Client {
    let mut config = hpay_config();
    config["recipes"] = json!({ reader: formula });
    client("hpay", &config)
}

fn hpay_messages(fill: &mut Fill<'_>) -> Vec<Signed> {
    let mut all = Vec::new();
    let mut add = |(reader, formula): (&'static str, &str), input: &'static str, members: Value, covered, signature| {
        let client = || match formula {
            "" => client("hpay", &hpay_config()),
            formula => configured(reader, formula),
        };
        let testing = reader.replacen("hpay.", "hpay.testing.", 1).replace(".read_", "_");
        all.push(Signed {
            message: made(&client(), &testing, &json!({ "members": members })),
            client: client(),
            reader,
            input,
            covered,
            signature,
            besides: json!({}),
        });
    };
    let words = |fill: &mut Fill<'_>| fill.text().replace(|c: char| c.is_ascii_digit(), "x");
    let member = json!({"transaction_info": words(fill), "order_code": fill.id(), "price": fill.amount(),
        "payment_id": fill.unique(), "payment_type": "1", "error_text": "lỗi", "bank_code": "BIDV", "token_omipay": fill.id()});
    const CHECKOUT: &[&str] = &[
        "/transaction_info",
        "/order_code",
        "/price",
        "/payment_id",
        "/payment_type",
        "/error_text",
    ];
    add(
        ("hpay.checkout.read_callback", ""),
        "query",
        member,
        CHECKOUT,
        "/secure_code",
    );
    let member = json!({"va_account": fill.amount(), "amount": fill.amount(), "cashin_id": fill.amount(), "transaction_id": fill.unique(),
        "client_request_id": fill.id(), "merchant_id": "65001", "mc_fee": "0", "order_id": fill.amount()});
    const WEBHOOK: &[&str] = &[
        "/va_account",
        "/amount",
        "/cashin_id",
        "/transaction_id",
        "/client_request_id",
        "/merchant_id",
    ];
    add(
        ("hpay.open_api.read_callback", ""),
        "query",
        member,
        WEBHOOK,
        "/secure_code",
    );
    let member = json!({"va_account": fill.amount(), "remark": fill.text(), "amount": fill.amount(), "order_id": fill.amount(),
        "cashin": fill.unique(), "time_paid": fill.amount(), "error_code": "0"});
    let formula = "MD5(cashin + '|' + order_id + '|' + passcode)";
    add(
        ("hpay.virtual_account.read_callback", formula),
        "query",
        member,
        &["/cashin", "/order_id"],
        "/secure_code",
    );
    let member = json!({"merchant_id": "65001", "receiver": "m@example.com", "bank_code": "BIDV", "bank_token": fill.id(),
        "error_text": fill.id(), "status": "00", "revoke_token_status": "true"});
    let formula = "MD5(merchant_id + '|' + bank_token + '|' + revoke_token_status + '|' + secure_pass)";
    const REVOCATION: &[&str] = &["/merchant_id", "/bank_token", "/revoke_token_status"];
    add(
        ("hpay.tokenization.read_callback", formula),
        "query",
        member,
        REVOCATION,
        "/secure_code",
    );
    let member = json!({"error_code": "00", "data": {"transaction_status": "00", "order_code": fill.id(), "total_amount": fill.amount(),
        "bank_code": "BIDV", "transaction_id": fill.number()}});
    let formula = "MD5(order_code + '|' + total_amount + '|' + transaction_status + '|' + secure_pass)";
    const INQUIRE: &[&str] = &["/data/order_code", "/data/total_amount", "/data/transaction_status"];
    add(
        ("hpay.orders.read_inquire", formula),
        "body",
        member,
        INQUIRE,
        "/checksum",
    );
    let member = json!({"error_code": 0, "requestId": fill.id(), "data": {"balance": "101,747,939", "respone_time": fill.number()}});
    let formula = "SHA256(requestId + '|' + balance + '|' + passcode)";
    add(
        ("hpay.account.read_balance", formula),
        "body",
        member,
        &["/requestId", "/data/balance"],
        "/signature",
    );
    let member = json!({"error_code": "0", "data": {"merchant_id": "65001", "va_account": fill.amount(), "va_name": fill.name(),
        "va_amount": fill.amount(), "remark": fill.text()}});
    let formula = "MD5(va_account + '|' + va_amount + '|' + passcode)";
    add(
        ("hpay.virtual_account.read_create", formula),
        "body",
        member,
        &["/data/va_account", "/data/va_amount"],
        "/checksum",
    );
    let member = json!({"error_code": "00", "data": {"merchant_id": "65001", "account_va": fill.amount(), "va_status": 3, "more": fill.text()}});
    let formula = "MD5(merchant_id + '|' + account_va + '|' + va_status + '|' + passcode)";
    const REVOKED: &[&str] = &["/data/merchant_id", "/data/account_va", "/data/va_status"];
    add(
        ("hpay.virtual_account.read_revoke", formula),
        "body",
        member,
        REVOKED,
        "/checksum",
    );
    let member = json!({"error_code": "000", "data": {"request_id": fill.number(), "merchant_id": 65001, "bank_name": "BIDV",
        "bank_account_number": fill.amount(), "bank_account_name": fill.name()}});
    let formula = "MD5(bank_account_number + '|' + bank_account_name + '|' + passcode)";
    const OWNER: &[&str] = &["/data/bank_account_number", "/data/bank_account_name"];
    add(
        ("hpay.firm_banking.read_account", formula),
        "body",
        member,
        OWNER,
        "/checksum",
    );
    let member = json!({"error_code": "000", "data": {"note": fill.text(), "amount": fill.number(), "transaction_status": 4,
        "merchant_id": 65001, "request_id": fill.id(), "bankAccount_number": fill.amount()}});
    let formula = "MD5(request_id + '|' + amount + '|' + transaction_status + '|' + passcode)";
    const TRANSFER: &[&str] = &["/data/request_id", "/data/amount", "/data/transaction_status"];
    add(
        ("hpay.firm_banking.read_inquire", formula),
        "body",
        member,
        TRANSFER,
        "/secure_chain",
    );

    let recipe = json!({"fields": ["amount", "name"], "separator": "|", "secret": "passcode"});
    let mut message = json!({"amount": fill.amount(), "name": fill.name()});
    let hpay = client("hpay", &hpay_config());
    let signature = call(
        &hpay,
        "hpay.signature.build",
        &json!({"recipe": recipe, "fields": message}),
    )
    .unwrap();
    message["signature"] = signature["signature"].clone();
    all.push(Signed {
        client: hpay,
        reader: "hpay.signature.verify",
        input: "fields",
        message,
        covered: &["/amount", "/name"],
        signature: "/signature",
        besides: json!({ "recipe": recipe }),
    });
    all
}

/// What HPay signs with RSA: an HPay of our own has the private key, the merchant its certificate.
fn rsa_messages(fill: &mut Fill<'_>) -> Vec<Signed> {
    let with = |field: &str, file: &str| {
        let mut config = hpay_config();
        config[field] = Value::from(key(file));
        client("hpay", &config)
    };
    let merchant = || with("hpay_certificate", "cert.pem");
    let gateway = with("private_key", "rsa2048.pem");
    let members = json!({"error_code": "000", "status": "ok", "data": {"requestId": fill.id(), "bankAccountNumber": fill.amount(),
        "omiCashoutId": fill.amount(), "omiTransactionId": fill.amount()}});
    let mut all = vec![Signed {
        client: merchant(),
        reader: "hpay.firm_banking.read_transfer",
        input: "body",
        message: made(
            &gateway,
            "hpay.testing.firm_banking_transfer",
            &json!({ "members": members }),
        ),
        covered: &["/data/requestId", "/data/bankAccountNumber", "/data/omiCashoutId"],
        signature: "/data/secureChain",
        besides: json!({}),
    }];
    let account = json!({"vaAccount": fill.amount(), "vaStatus": 1, "vaAmount": "0", "merchantId": "65001",
        "transactions": [{"transId": 1, "amount": fill.amount()}]});
    let transfer = json!({"requestId": fill.id(), "merchantId": "65001", "bankAccountNumber": fill.amount(), "amount": fill.amount(),
        "cashoutId": fill.number(), "transactionId": fill.number()});
    let name = json!({"requestId": fill.id(), "bankName": "BIDV", "bankAccountNumber": fill.amount(), "bankAccountName": fill.name()});
    let balance = json!({"merchantId": "65001", "balance": "101,747,939"});
    for (reader, payload) in [
        ("hpay.open_api.read", &account),
        ("hpay.open_api.read_create_va", &account),
        ("hpay.open_api.read_update_va", &account),
        ("hpay.open_api.read_revoke_va", &account),
        ("hpay.open_api.read_inquire_va", &account),
        ("hpay.open_api.read_transfer", &transfer),
        ("hpay.open_api.read_account_name", &name),
        ("hpay.open_api.read_inquire_transfer", &transfer),
        ("hpay.open_api.read_balance", &balance),
    ] {
        all.push(Signed {
            client: merchant(),
            reader,
            input: "body",
            message: made(
                &gateway,
                "hpay.testing.open_api",
                &json!({"payload": payload.to_string()}),
            ),
            covered: &["/errorCode", "/data"],
            signature: "/signature",
            besides: json!({}),
        });
    }
    all
}

/// Good answers of the vectors for the readers of messages that nobody signs: reader, client, input.
pub fn unsigned_messages() -> Vec<(String, Client, Value)> {
    let mut found: Vec<(String, Client, Value)> = Vec::new();
    let vectors = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors"));
    for gateway in ["tconnect", "hpay", "appotapay"] {
        for entry in std::fs::read_dir(vectors.join(gateway)).unwrap() {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
            for case in file["cases"].as_array().unwrap() {
                let name = case["operation"].as_str().unwrap();
                let reads = kyso::operations::find(name).is_some_and(|operation| operation.kind.name() == "read");
                if !reads || case.get("output").is_none() || case.get("config").is_none() {
                    continue;
                }
                let client = client(gateway, &case["config"]);
                let input = case["input"].clone();
                let Ok(result) = call(&client, name, &input) else {
                    continue;
                };
                let trusted = ["unsigned", "not_checked"];
                if trusted.iter().any(|proof| result["proof"] == *proof) {
                    found.push((name.to_owned(), client, input));
                }
            }
        }
    }
    // Answers whose members are not documented, so that the vectors have none.
    for name in ["appotapay.wallet.read_cancel", "appotapay.orders.read_list"] {
        let body = json!({"errorCode": 0, "message": "ok", "proof": "signed", "data": [{"orderId": "1", "amount": 1}]});
        found.push((name.to_owned(), appotapay(), json!({"body": body.to_string()})));
    }
    found
}
