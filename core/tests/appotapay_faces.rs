//! The typed face of AppotaPay: every reader's record fits what the gateway's pages show.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use kyso::answer::{Body, Nothing, Query};
use kyso::appotapay::testing::Members;
use kyso::appotapay::{ChargingCard, Config, bill, cards, payment, virtual_account};
use kyso::value::{AnyJson, Json, Value};
use kyso::{AppotaPay, Dong, Environment};

fn client() -> AppotaPay {
    let mut config = Config::new(
        "APPOTAPAY",
        "api-key-of-a-test",
        "kyso-test-secret-0001",
        Environment::Sandbox,
    );
    config.charging_card = Some(ChargingCard {
        partner_code: "P".into(),
        secret_key: "kyso-test-secret-0002".into(),
        service_name: "S".into(),
    });
    AppotaPay::new(config).unwrap()
}

fn body(text: &str) -> Body {
    Body {
        body: text.to_owned(),
        expected: None,
    }
}

fn members(text: &str) -> Members {
    let Ok(Value::Record(record)) = kyso::value::parse(text) else {
        panic!("no object");
    };
    Members {
        members: Json(record.into_owned()),
    }
}

#[test]
fn signed_answers() {
    let (client, testing) = (client(), client());
    let testing = testing.testing();
    let account = r#"{"errorCode":0,"message":"x","billCode":"B1","amount":50000,"paidAmount":0,"billExpiryTime":1616818154,
        "payment":{"bankAccounts":[{"bankCode":"BIDV","accountNo":902000225811,"bankBranch":"Hà Nội","status":"active"}]}}"#;
    let made = testing.virtual_account_create(&members(account)).unwrap();
    let read = client.virtual_account().read_create(&body(&made.body)).unwrap();
    assert_eq!(
        read.payment.bank_accounts[0].account_no.as_deref(),
        Some("902000225811")
    );
    assert_eq!(read.matched.as_deref(), Some("php_default"));
    let made = testing.virtual_account_detail(&members(account)).unwrap();
    assert_eq!(
        client.virtual_account().read_detail(&body(&made.body)).unwrap().amount,
        Some(50000)
    );

    let money = r#"{"errorCode":0,"message":"x","transaction":{"amount":100000,"billAmount":100000,"topupAmount":"100000","appotapayTransId":"A",
        "time":"t","phoneNumber":"0866123456","productCode":"p"},"account":{"balance":1}}"#;
    let made = testing.bill_pay(&members(money)).unwrap();
    assert_eq!(
        client
            .bill()
            .read_pay(&body(&made.body))
            .unwrap()
            .transaction
            .bill_amount,
        Some(100_000)
    );
    let made = testing.bill_status(&members(money)).unwrap();
    assert!(client.bill().read_status(&body(&made.body)).is_ok());
    let made = testing.topup_charge(&members(money)).unwrap();
    let read = client.topup().read_charge(&body(&made.body)).unwrap();
    assert_eq!(read.transaction.topup_amount, Some(100_000));
    let made = testing.topup_status(&members(money)).unwrap();
    assert!(client.topup().read_status(&body(&made.body)).is_ok());
    let made = testing.topup_charge_v1(&members(money)).unwrap();
    assert!(client.topup().read_charge_v1(&body(&made.body)).is_ok());

    let order = r#"{"errorCode":0,"message":"Thành công","orderId":"O","amount":10000,"paymentUrl":"https://a.example/?a=1&b=2",
        "apiKey":"api-key-of-a-test","partnerCode":"APPOTAPAY","appotapayTransId":"A","bankCode":"SHB","currency":"VND","extraData":"",
        "paymentMethod":"ATM","paymentType":"WEB","transactionTs":1599817433,
        "data":{"amount":1,"appotapayTransId":"A","reason":"r","refundId":"f","refundOriginalId":"g","status":"success","transactionTs":1},
        "transaction":{"amount":1,"appotapayTransId":"A","bankCode":"B","currency":"VND","extraData":null,"orderId":"O","paymentMethod":"ATM",
        "paymentType":"WEB","status":"success","transactionTs":1}}"#;
    let orders = client.orders();
    let made = testing.orders_create(&members(order)).unwrap();
    assert_eq!(
        orders.read_create(&body(&made.body)).unwrap().payment_url,
        "https://a.example/?a=1&b=2"
    );
    let made = testing.orders_create_v1_1(&members(order)).unwrap();
    assert!(orders.read_create_v1_1(&body(&made.body)).unwrap().unverified.is_some());
    let made = testing.orders_status(&members(order)).unwrap();
    assert_eq!(orders.read_status(&body(&made.body)).unwrap().amount, Some(10000));
    let made = testing.orders_status_v1_1(&members(order)).unwrap();
    assert_eq!(
        orders.read_status_v1_1(&body(&made.body)).unwrap().transaction.amount,
        Some(1)
    );
    let made = testing.orders_refund(&members(order)).unwrap();
    assert_eq!(
        orders.read_refund(&body(&made.body)).unwrap().data.refund_id.as_deref(),
        Some("f")
    );
    let made = testing.orders_callback(&members(order)).unwrap();
    assert_eq!(orders.read_callback(&body(&made.body)).unwrap().amount, Some(10000));
}

#[test]
fn callbacks() {
    let client = client();
    let data = r#"{"transaction":{"transactionId":"AP1","status":"success","errorCode":0,"orderAmount":10000,"amount":10000},
        "partnerReference":{"order":{"id":"O","info":"x","extraData":""}},"tokenResult":"{\"status\":0}"}"#;
    let made = client.testing().payment_callback(&members(data)).unwrap();
    let read = client.payment().read_callback(&body(&made.body)).unwrap();
    assert_eq!(read.transaction.as_ref().unwrap().order_amount, Some(10000));
    assert!(read.token_result_decoded.is_some() && read.unverified.is_some());
    let made = client.testing().payment_redirect(&members(data)).unwrap();
    let query = Query {
        query: made.query,
        expected: None,
    };
    assert!(client.payment().read_redirect(&query).is_ok());
    let terminal =
        r#"{"transaction":{"transaction_id":"1","partner_ref_id":"2","status":"void","amount":12000,"is_sett":true}}"#;
    let made = client.testing().pos_callback(&members(terminal)).unwrap();
    let read = client.pos().read_callback(&body(&made.body)).unwrap();
    assert_eq!(read.transaction.as_ref().unwrap().is_sett, Some(true));
    let acknowledged = client
        .virtual_account()
        .acknowledge(&virtual_account::Acknowledge::default());
    assert_eq!(
        acknowledged.unwrap().body,
        r#"{"statusCode":"00","statusDetail":"Success"}"#
    );
    let ours = client.payment().acknowledge(&Nothing {}).unwrap();
    assert_eq!((ours.status, ours.body.as_str()), (200, r#"{"status":"ok"}"#));
}

#[test]
fn unsigned_answers() {
    let client = client();
    let bought = r#"{"errorCode":0,"cards":[{"code":"c","value":100000}],"transaction":{"amount":1},"account":{"balance":"121000000"}}"#;
    let read = client.cards().read_buy(&body(bought)).unwrap();
    assert_eq!(read.cards.as_ref().unwrap()[0].value, Some(100_000));
    assert_eq!(read.account.as_ref().unwrap().balance, Some(121_000_000));
    let charged = r#"{"error_code":"00","data":{"amount":10000,"serial":"s","transaction_id":"1"}}"#;
    assert!(client.cards().read_charge(&body(charged)).unwrap().data.is_some());
    let tokens = r#"{"code":200,"data":{"access_token":"a","expiry_in":1659411793}}"#;
    assert_eq!(
        client
            .wallet()
            .read_access_token(&body(tokens))
            .unwrap()
            .data
            .access_token,
        "a"
    );
    let paid = r#"{"transaction":{"orderId":1,"status":"pending","amount":120000,"verificationMethod":"OTP"}}"#;
    assert!(client.wallet().read_pay(&body(paid)).unwrap().transaction.is_some());
    let list = r#"{"transactions":[{"amount":10000,"error_code":"00","is_sett":false}],"pagination":{"page":1}}"#;
    assert_eq!(client.pos().read_list(&body(list)).unwrap().transactions.len(), 1);
    let list = r#"{"pagination":{"total":1},"transactions":[{"errorCode":0,"amount":1}]}"#;
    assert!(client.payment().read_list(&body(list)).unwrap().pagination.is_some());
    let due = r#"{"errorCode":0,"billDetail":[{"amount":1,"isPartialPaymentAllowed":false}],"customerInfo":{}}"#;
    assert!(client.bill().read_check(&body(due)).unwrap().bill_detail.is_some());
    assert_eq!(client.reference().banks(&Nothing {}).unwrap().banks.len(), 87);
    let query = payment::Status {
        reference_id: "R".into(),
        kind: Some(payment::ReferenceType::PartnerOrderId),
    };
    let request = client.payment().status(&query, &Default::default()).unwrap();
    assert!(request.url.ends_with("?referenceId=R&type=PARTNER_ORDER_ID"));
}

#[test]
fn requests_with_values_of_any_type() {
    let client = client();
    let pay = bill::Pay {
        partner_ref_id: "R".into(),
        bill_code: "B".into(),
        service_code: "S".into(),
        amount: Dong(1000),
        bill_detail: AnyJson(kyso::value::parse(r#"[{"amount":1000.50}]"#).unwrap().into_owned()),
        bill_detail_form: bill::BillDetailForm::Array,
    };
    let request = client.bill().pay(&pay, &Default::default()).unwrap();
    assert!(request.body.unwrap().contains(r#""billDetail":[{"amount":1000.50}]"#));
    let code = cards::EncryptCode {
        code: "123456789001".into(),
        iv: None,
    };
    assert_eq!(client.cards().encrypt_code(&code).unwrap().code.len(), 44);
}
