//! A merchant that uses all three gateways over HTTP. Prints one line per step: step, tab, result.

use std::collections::HashMap;
use std::env::var;
use std::error::Error;
use std::fs::read_to_string;
use std::sync::{Arc, Mutex, PoisonError};

use kyso::answer::{Acknowledgement, Body, Nothing, Read};
use kyso::appotapay::{self, Call, firm_banking, virtual_account as bill};
use kyso::hpay::open_api::{self, Scope};
use kyso::hpay::virtual_account::{AccountType, Condition};
use kyso::hpay::{self, checkout};
use kyso::tconnect::{self, auth, ipn, qr, services, transactions, virtual_account};
use kyso::value::{AnyJson, Json, Value};
use kyso::{AppotaPay, Dong, Environment, HPay, HttpRequest, Secret, TConnect, Whole};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The merchant's own record: what each order or transfer should be worth.
const ORDERS: [(&str, u64); 7] = [
    ("DH-1001", 150_000),
    ("DH-1002", 200_000),
    ("DH-1003", 350_000),
    ("HD-1", 90_000),
    ("NAP-1", 120_000),
    ("RUT-2", 50_000),
    ("RUT-3", 70_000),
];
const INFO: &str = "Đơn hàng #2 & quà + 100%";

struct Merchant {
    tconnect: TConnect,
    hpay: HPay,
    appotapay: AppotaPay,
    calls: Mutex<HashMap<String, Calls>>,
}

/// What came to one address.
#[derive(Default)]
struct Calls {
    count: u32,
    stored: Vec<Payment>,
}

/// A payment as a callback told it.
struct Payment {
    /// For a unique index.
    key: String,
    text: String,
    raw: String,
}

fn main() -> Result<()> {
    let server = tiny_http::Server::http("127.0.0.1:0").map_err(|error| error.to_string())?;
    let port = server.server_addr().to_ip().ok_or("no port")?.port();
    let merchant = Arc::new(Merchant::new()?);
    let behind = Arc::clone(&merchant);
    std::thread::spawn(move || behind.serve(&server));
    let address = format!("http://127.0.0.1:{port}");
    merchant.pay_by_tconnect(&address)?;
    merchant.pay_by_hpay(&address)?;
    merchant.transfer_by_hpay()?;
    merchant.use_open_api(&address)?;
    merchant.transfer_by_appotapay(&address)?;
    merchant.be_paid_by_appotapay(&address)
}

impl Merchant {
    fn new() -> Result<Self> {
        let base_urls = hpay::BaseUrls {
            checkout: Some(var("HPAY_URL")?),
            account: Some(var("HPAY_URL")?),
            open_api: Some(var("HPAY_URL")?),
        };
        Ok(Self {
            tconnect: connect(&var("TCONNECT_KEY")?)?,
            hpay: HPay::new(hpay::Config {
                secure_pass: Some(var("HPAY_SECURE_PASS")?.into()),
                passcode: Some(var("HPAY_PASSCODE")?.into()),
                receiver: Some(var("HPAY_RECEIVER")?),
                private_key: Some(read_to_string(var("HPAY_PRIVATE_KEY")?)?.into()),
                hpay_certificate: Some(read_to_string(var("HPAY_CERTIFICATE")?)?),
                client_id: Some(var("HPAY_CLIENT_ID")?),
                client_secret: Some(var("HPAY_CLIENT_SECRET")?.into()),
                base_urls: Some(base_urls),
                ..hpay::Config::new(&var("HPAY_MERCHANT")?, Environment::Sandbox)
            })?,
            appotapay: AppotaPay::new(appotapay::Config {
                base_urls: Some(appotapay::BaseUrls {
                    gateway: Some(var("APPOTAPAY_URL")?),
                    ..Default::default()
                }),
                ..appotapay::Config::new(
                    &var("APPOTAPAY_PARTNER")?,
                    var("APPOTAPAY_API_KEY")?,
                    var("APPOTAPAY_SECRET_KEY")?,
                    Environment::Sandbox,
                )
            })?,
            calls: Mutex::default(),
        })
    }

    // Callbacks

    fn serve(&self, server: &tiny_http::Server) {
        for mut request in server.incoming_requests() {
            let mut body = String::new();
            let _ = request.as_reader().read_to_string(&mut body);
            let url = request.url().to_owned();
            let (path, query) = url.split_once('?').unwrap_or((&url, ""));
            let answer = self.called(path, query, body);
            let kind = format!("Content-Type: {}", answer.content_type);
            let response = tiny_http::Response::from_string(answer.body).with_status_code(answer.status as u16);
            let _ = match kind.parse::<tiny_http::Header>() {
                Ok(header) => request.respond(response.with_header(header)),
                Err(()) => request.respond(response),
            };
        }
    }

    /// Every message that is not genuine gets the same answer.
    fn called(&self, path: &str, query: &str, body: String) -> Acknowledgement {
        if path.ends_with("/return") {
            return self.return_page(path, query).unwrap_or(plain(400, "refused"));
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(path.to_owned()).or_default();
        calls.count += 1;
        if calls.count == 1 {
            return plain(503, "the database is down");
        }
        let Ok((payment, answer)) = self.read(path, query, body) else {
            return plain(400, "refused");
        };
        if !calls.has(&payment.key) {
            calls.stored.push(payment);
        }
        answer
    }

    fn read(&self, path: &str, query: &str, raw: String) -> Result<(Payment, Acknowledgement)> {
        match path {
            "/tconnect/ipn" => {
                let notice = self.tconnect.ipn().read_callback(&body(&raw))?;
                let order = notice.order_id.clone().unwrap_or_default();
                our_own(&order, notice.amount)?;
                let text = format!("order {order}, {} VND, {}", notice.amount, of(&notice, "proof"));
                let key = notice.idempotency_key.clone();
                Ok((
                    Payment { key, text, raw },
                    self.tconnect.ipn().acknowledge(&Nothing {})?,
                ))
            }
            "/appotapay/callback" => {
                let result = self.appotapay.firm_banking().read_callback(&body(&raw))?;
                let reference = result.transaction.partner_ref_id.clone().unwrap_or_default();
                let amount = result.transaction.amount.unwrap_or_default();
                our_own(&reference, amount)?;
                let (proof, outcome) = (of(&result, "proof"), of(&result, "outcome"));
                let text = format!("{reference}, {amount} VND, {proof}, {outcome}");
                let key = result.idempotency_key.clone();
                let answer = self.appotapay.firm_banking().acknowledge(&Nothing {})?;
                Ok((Payment { key, text, raw }, answer))
            }
            "/appotapay/bill" => {
                let paid = self.appotapay.virtual_account().read_callback(&body(&raw))?;
                let amount = paid.amount.unwrap_or_default();
                our_own(&paid.bill_code, amount)?;
                let (proof, outcome) = (of(&paid, "proof"), of(&paid, "outcome"));
                let text = format!("{}, {amount} VND, {proof}, {outcome}", paid.bill_code);
                let key = paid.idempotency_key.clone();
                let answer = self
                    .appotapay
                    .virtual_account()
                    .acknowledge(&bill::Acknowledge::default())?;
                Ok((Payment { key, text, raw }, answer))
            }
            "/hpay/webhook" => {
                let paid = self.hpay.open_api().read_callback(&open_api::ReadCallback {
                    query: query.to_owned(),
                    expected: None,
                    swapped_order: None,
                })?;
                let order = paid.client_request_id.clone().unwrap_or_default();
                let amount = paid.amount.unwrap_or_default();
                our_own(&order, amount)?;
                let text = format!("{order}, {amount} VND, {}", of(&paid, "proof"));
                let key = paid.idempotency_key.clone();
                let answer = self.hpay.open_api().acknowledge(&Nothing {})?;
                Ok((Payment { key, text, raw }, answer))
            }
            _ => {
                let payment = self.read_checkout(path, query)?;
                Ok((payment, self.hpay.checkout().acknowledge(&Nothing {})?))
            }
        }
    }

    fn read_checkout(&self, path: &str, query: &str) -> Result<Payment> {
        let legacy = path.starts_with("/hpay/legacy/");
        let paid = self.hpay.checkout().read_callback(&checkout::ReadCallback {
            query: query.to_owned(),
            link: Some(if legacy {
                checkout::LinkKind::Legacy
            } else {
                checkout::LinkKind::V1
            }),
            ..Default::default()
        })?;
        our_own(&paid.order_code, paid.price)?;
        if paid.transaction_info.as_deref() != Some(INFO) {
            return Err("transaction_info came back changed".into());
        }
        let (proof, outcome, evidence) = (of(&paid, "proof"), of(&paid, "outcome"), of(&paid, "evidence"));
        let text = format!(
            "order {}, {} VND, {proof}, {outcome}, {evidence}",
            paid.order_code, paid.price
        );
        let key = paid.idempotency_key.clone();
        Ok(Payment {
            key,
            text,
            raw: query.to_owned(),
        })
    }

    fn return_page(&self, path: &str, query: &str) -> Result<Acknowledgement> {
        let payment = self.read_checkout(path, query)?;
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let notified = calls.get(&path.replace("/return", "/notify"));
        let known = notified.is_some_and(|calls| calls.has(&payment.key));
        let known = if known { "stored before" } else { "not stored" };
        Ok(plain(200, &format!("{}, {known}", payment.text)))
    }

    /// What the gateway was answered, and what was stored.
    fn show_calls(&self, step: &str, path: &str, statuses: &str) {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let stored = calls.get(path).map(|calls| calls.stored.as_slice()).unwrap_or_default();
        let last = stored.last().map(|payment| payment.text.as_str()).unwrap_or_default();
        show(step, format!("{statuses}; stored {}: {last}", stored.len()));
    }

    fn last_message(&self, path: &str) -> Option<String> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        Some(calls.get(path)?.stored.last()?.raw.clone())
    }

    // TConnect

    fn pay_by_tconnect(&self, address: &str) -> Result<()> {
        let client = &self.tconnect;
        let credentials = auth::Login {
            username: var("TCONNECT_USERNAME")?.into(),
            password: var("TCONNECT_PASSWORD")?.into(),
            client_id: var("TCONNECT_CLIENT_ID")?.into(),
            client_secret: var("TCONNECT_CLIENT_SECRET")?.into(),
            extra: None,
        };
        let tokens = client
            .auth()
            .read_login(&body(&send(&client.auth().login(&credentials)?)?))?;
        let kind = tokens.token_type.as_deref().unwrap_or_default();
        let seconds = tokens.expires_in.as_deref().unwrap_or_default();
        show(
            "TConnect login",
            format!("{}, {kind}, {seconds} s", of(&tokens, "proof")),
        );
        let stranger = connect(&"0123456789abcdef".repeat(4))?;
        let answer = send(&stranger.auth().login(&credentials)?)?;
        refused("TConnect login, other key", client.auth().read_login(&body(&answer)));

        let refresh = auth::Refresh {
            refresh_token: tokens.refresh_token.clone().ok_or("no refresh token")?,
            extra: None,
        };
        let newer = client
            .auth()
            .read_refresh(&body(&send(&client.auth().refresh(&refresh)?)?))?;
        let changed = of(&newer, "access_token") != of(&tokens, "access_token");
        show(
            "TConnect refresh",
            format!("{}, new token: {}", of(&newer, "proof"), yes(changed)),
        );
        let answer = send(&client.auth().refresh(&refresh)?)?;
        refused(
            "TConnect refresh, used token",
            client.auth().read_refresh(&body(&answer)),
        );
        let access_token = newer.access_token.clone();

        let list = services::List {
            access_token: access_token.clone(),
            payment_method: Some("qr".into()),
            ..Default::default()
        };
        let list = client
            .services()
            .read_list(&body(&send(&client.services().list(&list)?)?))?;
        let service = list
            .data
            .iter()
            .find(|row| row.allowed_va_creation == Some(true))
            .ok_or("no service")?;
        show("TConnect services", format!("{} of {}", service.code, list.data.len()));

        let create = |access_token: Secret| virtual_account::Create {
            access_token,
            bank_code: "970454".into(),
            account_name: "NGUYEN VAN A".into(),
            ..Default::default()
        };
        let answer = send(&client.virtual_account().create(&create(access_token.clone()))?)?;
        let account = client.virtual_account().read_create(&body(&answer))?;
        let state = of(&account, "status");
        show("TConnect virtual account", format!("{}, {state}", account.va_number));
        let answer = send(&client.virtual_account().create(&create("no-such-token".into()))?)?;
        refused(
            "TConnect virtual account, bad token",
            client.virtual_account().read_create(&body(&answer)),
        );

        let code = qr::Create {
            access_token: access_token.clone(),
            account_number: account.va_number.clone(),
            amount: Some(Dong(150_000)),
            order_id: Some("DH-1001".into()),
            narrative: Some("Thanh toán đơn hàng".into()),
            extra_data: Some(Json::from_text(r#"{"table":"B12"}"#)?),
            service_code: Some(service.code.clone()),
            ..Default::default()
        };
        let answer = send(&client.qr().create(&code)?)?;
        let read = |amount: u64| {
            let requested = format!(r#"{{"accountNumber":"{}","amount":{amount}}}"#, account.va_number);
            Ok::<_, kyso::Error>(qr::ReadCreate {
                body: answer.clone(),
                requested: Some(Json::from_text(&requested)?),
                expected: None,
            })
        };
        let made = client.qr().read_create(&read(150_000)?)?;
        let said = &made.vietqr;
        let (amount, bill) = (
            said.amount.unwrap_or_default(),
            said.bill_number.as_deref().unwrap_or_default(),
        );
        let place = format!("{} {}", said.bin, said.account);
        show("TConnect QR", format!("{place}, {amount} VND, bill {bill}"));
        refused(
            "TConnect QR, other amount asked",
            client.qr().read_create(&read(15_000)?),
        );

        let url = var("TCONNECT_URL")?;
        post(
            &format!("{url}/portal/callback_url"),
            &format!("{address}/tconnect/ipn"),
        )?;
        let statuses = post(&format!("{url}/portal/pay"), &made.qr_string)?;
        self.show_calls("TConnect IPN", "/tconnect/ipn", &statuses);
        self.confirm(access_token)
    }

    /// The gateway lists one payment per page here; ours is on the second.
    fn confirm(&self, access_token: Secret) -> Result<()> {
        let client = &self.tconnect;
        let notice = self.last_message("/tconnect/ipn").ok_or("no notification")?;
        let page = |page: u64| {
            send(&client.transactions().qr(&transactions::Period {
                access_token: access_token.clone(),
                from_date: "2026-01-01 00:00:00".into(),
                to_date: "2099-12-31 23:59:59".into(),
                limit: Whole(1),
                page: Whole(page),
                extra: None,
            })?)
        };
        let first = page(1)?;
        let list = client.transactions().read_qr(&body(&first))?;
        let row = list.data.first().ok_or("no transaction")?;
        let pages = list.pagination.as_ref().and_then(|page| page.total_pages.clone());
        let (order, amount) = (
            row.order_id.as_deref().unwrap_or_default(),
            row.amount.unwrap_or_default(),
        );
        show(
            "TConnect transactions, page 1",
            format!("{order}, {amount} VND, of {} pages", pages.unwrap_or_default()),
        );
        let confirm = |body: String| {
            client.ipn().confirm(&ipn::Confirm {
                ipn: AnyJson(Value::text(notice.clone())),
                kind: ipn::ListKind::Qr,
                body,
            })
        };
        refused("TConnect confirm, page 1", confirm(first));
        let found = confirm(page(2)?)?;
        let (order, amount) = (
            found.order_id.as_deref().unwrap_or_default(),
            found.amount.unwrap_or_default(),
        );
        show(
            "TConnect confirm, page 2",
            format!(
                "{}, order {order}, {amount} VND, reference equal: {}",
                of(&found, "proof"),
                yes(found.reference_equal == Some(true))
            ),
        );
        Ok(())
    }

    // HPay

    fn pay_by_hpay(&self, address: &str) -> Result<()> {
        let link = self.hpay.checkout().create_link(&checkout::CreateLink {
            return_url: format!("{address}/hpay/v1/return"),
            notify_url: Some(format!("{address}/hpay/v1/notify")),
            transaction_info: Some(INFO.into()),
            order_code: "DH-1002".into(),
            price: Dong(200_000),
            order_description: Some("Áo dài cỡ M/L = 2 chiếc?".into()),
            buyer_info: Some("Trần Thị B".into()),
            lang: Some("vi".into()),
            ..Default::default()
        })?;
        self.open_link("V1", "/hpay/v1/notify", &link.url)?;
        let legacy = self.hpay.checkout().create_legacy_link(&checkout::CreateLegacyLink {
            return_url: format!("{address}/hpay/legacy/return"),
            notify_url: Some(format!("{address}/hpay/legacy/notify")),
            transaction_info: Some(INFO.into()),
            order_code: "DH-1003".into(),
            price: Dong(350_000),
            order_description: Some("Áo dài cỡ M/L = 2 chiếc?".into()),
            buyer_info: Some("Trần Thị B".into()),
            ..Default::default()
        })?;
        self.open_link("legacy", "/hpay/legacy/notify", &legacy.url)
    }

    /// What the buyer's browser does, first with a price of his own.
    fn open_link(&self, kind: &str, notify: &str, url: &str) -> Result<()> {
        show(
            &format!("HPay {kind} link, price changed"),
            browse(&url.replace("0000&currency", "000&currency"))?,
        );
        show(&format!("HPay {kind} link, return_url"), browse(url)?);
        let statuses = browse(&format!("{}/portal/deliveries", var("HPAY_URL")?))?;
        self.show_calls(&format!("HPay {kind} link, notify_url"), notify, &statuses);
        show(&format!("HPay {kind} link, opened again"), browse(url)?);
        Ok(())
    }

    fn transfer_by_hpay(&self) -> Result<()> {
        let banking = self.hpay.firm_banking();
        let transfer = |request_id: &str, account: &str| {
            send(&banking.transfer(&hpay::firm_banking::Transfer {
                request_id: request_id.into(),
                bank_name: "TCB".into(),
                bank_account_number: account.into(),
                bank_account_name: "NGUYEN VAN A".into(),
                amount: Dong(500_000),
                note: Some("hoan tien DH-1002".into()),
                ..Default::default()
            })?)
        };
        let read = |body: String, request_id: &str| {
            let expected = format!(r#"{{"data":{{"requestId":"{request_id}"}}}}"#);
            banking.read_transfer(&hpay::firm_banking::ReadTransfer {
                body,
                expected: Some(Json::from_text(&expected)?),
                ..Default::default()
            })
        };
        let answer = transfer("CK-1", "19036000123")?;
        let done = read(answer.clone(), "CK-1")?;
        let data = done.data.as_ref().ok_or("no data")?;
        let (account, cashout) = (
            data.bank_account_number.as_deref().unwrap_or_default(),
            data.omi_cashout_id.as_deref().unwrap_or_default(),
        );
        show(
            "HPay transfer",
            format!("{}, account {account}, cash-out {cashout}", of(&done, "proof")),
        );
        let other = answer.replace("19036000123", "19036000124");
        refused("HPay transfer, answer changed", read(other, "CK-1"));
        refused("HPay transfer, answer to another", read(answer, "CK-2"));
        refused("HPay transfer, unclear", read(transfer("CK-2", "19036000199")?, "CK-2"));
        refused(
            "HPay transfer, sent again",
            read(transfer("CK-1", "19036000123")?, "CK-1"),
        );
        for request_id in ["CK-1", "CK-2", "CK-3"] {
            let request = banking.inquire(&hpay::firm_banking::Inquire {
                request_id: request_id.into(),
                transaction_id: None,
            })?;
            let step = format!("HPay inquiry, {request_id}");
            match banking.read_inquire(&body(&send(&request)?)) {
                Ok(found) => show(&step, format!("{}, {}", of(&found, "proof"), of(&found, "outcome"))),
                refusal => refused(&step, refusal),
            }
        }
        Ok(())
    }

    fn use_open_api(&self, address: &str) -> Result<()> {
        let api = self.hpay.open_api();
        let token =
            |scope| -> Result<_> { Ok(api.read_token(&body(&send(&api.token(&open_api::Token { scope })?)?))?) };
        let va = token(Scope::Va)?;
        let kind = va.token_type.as_deref().unwrap_or_default();
        let seconds = va.expires_in.as_deref().unwrap_or_default();
        show(
            "HPay Open API token",
            format!("{}, {kind}, {seconds} s", of(&va, "proof")),
        );

        let create = api.create_va(&open_api::CreateVa {
            access_token: va.access_token.clone(),
            request_id: "NAP-1".into(),
            va_type: AccountType::OneTime,
            va_name: "NGUYEN VAN A".into(),
            va_condition: Condition::Fixed,
            va_amount: Some(Dong(120_000)),
            remark: Some("nap vi 1".into()),
            notify_url: Some(format!("{address}/hpay/webhook")),
            ..Default::default()
        })?;
        let account = api.read_create_va(&Body {
            body: send(&create)?,
            expected: Some(Json::from_text(r#"{"vaAmount":120000}"#)?),
        })?;
        let (number, amount) = (&account.va_account, account.va_amount.unwrap_or_default());
        show(
            "HPay Open API virtual account",
            format!("{}, {number}, {amount} VND", of(&account, "proof")),
        );
        let statuses = post(&format!("{}/portal/pay", var("HPAY_URL")?), number)?;
        self.show_calls("HPay Open API webhook", "/hpay/webhook", &statuses);

        let ibft = token(Scope::Ibft)?.access_token.clone();
        let transfer = |access_token: &str, amount| -> Result<_> {
            Ok(Body {
                body: send(&api.transfer(&open_api::Transfer {
                    access_token: access_token.to_owned(),
                    request_id: "CK-9".into(),
                    bank_name: "TCB".into(),
                    bank_account_number: "19036000123".into(),
                    bank_account_name: "NGUYEN VAN A".into(),
                    amount: Dong(amount),
                    ..Default::default()
                })?)?,
                ..Default::default()
            })
        };
        let done = api.read_transfer(&Body {
            expected: Some(Json::from_text(r#"{"requestId":"CK-9","amount":45000}"#)?),
            ..transfer(&ibft, 45_000)?
        })?;
        let (amount, cashout) = (done.amount.unwrap_or_default(), done.cashout_id.as_deref());
        show(
            "HPay Open API transfer",
            format!(
                "{}, {amount} VND, cash-out {}",
                of(&done, "proof"),
                cashout.unwrap_or_default()
            ),
        );
        let too_much = api.read_transfer(&transfer(&ibft, 20_000_000)?);
        refused("HPay Open API transfer, too much", too_much);
        let other_scope = api.read_transfer(&transfer(&va.access_token, 45_000)?);
        refused("HPay Open API transfer, other scope", other_scope);
        let request = api.balance(&open_api::Balance {
            access_token: token(Scope::Account)?.access_token.clone(),
            request_id: "SD-1".into(),
            ..Default::default()
        })?;
        let balance = api.read_balance(&body(&send(&request)?))?;
        let amount = balance.balance.unwrap_or_default();
        show(
            "HPay Open API balance",
            format!("{}, {amount} VND", of(&balance, "proof")),
        );
        Ok(())
    }

    // AppotaPay

    fn transfer_by_appotapay(&self, address: &str) -> Result<()> {
        let banking = self.appotapay.firm_banking();
        let call = Call::default();
        let info = banking.account_info(
            &firm_banking::AccountInfo {
                bank_code: "TPBANK".into(),
                account_no: "132100132400000".into(),
                account_type: firm_banking::AccountType::Account,
                partner_ref_id: "TEN-1".into(),
            },
            &call,
        )?;
        let owner = banking.read_account_info(&body(&send(&info)?))?;
        let name = owner.account_info.account_name.as_deref().unwrap_or_default();
        show("AppotaPay account", format!("{}, {name}", of(&owner, "proof")));

        let transfer = |reference: &str, account: &str, account_type, amount| {
            send(&banking.transfer(
                &firm_banking::Transfer {
                    bank_code: "TPBANK".into(),
                    account_no: account.into(),
                    account_type,
                    account_name: "NGUYEN VAN A".into(),
                    amount: Dong(amount),
                    fee_type: firm_banking::FeeType::Payer,
                    partner_ref_id: reference.into(),
                    message: Some("rut tien vi".into()),
                    customer_phone_number: None,
                    contract_number: None,
                    channel: None,
                    bank_id: None,
                },
                &call,
            )?)
        };
        let read = |text: String| banking.read_transfer(&body(&text));
        let account = firm_banking::AccountType::Account;
        let answer = transfer("RUT-1", "9704000000000018", firm_banking::AccountType::Card, 30_000)?;
        show_transfer("AppotaPay transfer", &read(answer)?);
        let pending = transfer("RUT-2", "132100132400001", account, 50_000)?;
        refused("AppotaPay transfer, pending", read(pending));
        let status = || {
            send(&banking.status(
                &firm_banking::Status {
                    partner_ref_id: "RUT-2".into(),
                },
                &call,
            )?)
        };
        refused("AppotaPay status, pending", banking.read_status(&body(&status()?)));

        let url = var("APPOTAPAY_URL")?;
        post(
            &format!("{url}/portal/callback_url"),
            &format!("{address}/appotapay/callback"),
        )?;
        let settle = format!("{url}/portal/settle");
        self.show_calls("AppotaPay callback", "/appotapay/callback", &post(&settle, "RUT-2")?);
        show_transfer("AppotaPay status", &banking.read_status(&body(&status()?))?);
        let again = transfer("RUT-2", "132100132400001", account, 50_000)?;
        refused("AppotaPay transfer, sent again", read(again));
        transfer("RUT-3", "132100132400000", account, 70_000)?;
        self.show_calls(
            "AppotaPay callback, bank refused",
            "/appotapay/callback",
            &post(&settle, "RUT-3")?,
        );
        let balance = banking.read_balance(&body(&send(&banking.balance(&Nothing {}, &call)?)?))?;
        show(
            "AppotaPay balance",
            format!(
                "{}, {} VND",
                of(&balance, "proof"),
                balance.account.balance.unwrap_or_default()
            ),
        );
        Ok(())
    }

    fn be_paid_by_appotapay(&self, address: &str) -> Result<()> {
        let accounts = self.appotapay.virtual_account();
        let create = bill::Create {
            bill_code: "HD-1".into(),
            bill_info: "Thanh toán hóa đơn".into(),
            bill_expiry_time: None,
            customer_name: "PHAM MINH TUAN".into(),
            service_code: None,
            amount: Dong(90_000),
            payment_condition: bill::PaymentCondition::Eq,
            bank_code: "WOORIBANK".into(),
            notify_url: format!("{address}/appotapay/bill"),
            extra_data: Some(String::new()),
        };
        let made = accounts.read_create(&Body {
            body: send(&accounts.create(&create, &Call::default())?)?,
            expected: Some(Json::from_text(r#"{"billCode":"HD-1"}"#)?),
        })?;
        let account = made.payment.bank_accounts.first().ok_or("no account")?;
        let (number, branch) = (
            account.account_no.as_deref().unwrap_or_default(),
            account.bank_branch.as_deref().unwrap_or_default(),
        );
        let (proof, matched) = (of(&made, "proof"), of(&made, "matched"));
        show(
            "AppotaPay virtual account",
            format!("{proof}, {number}, {branch}, {matched}"),
        );
        let statuses = post(&format!("{}/portal/pay", var("APPOTAPAY_URL")?), "HD-1")?;
        self.show_calls("AppotaPay virtual account, IPN", "/appotapay/bill", &statuses);
        Ok(())
    }
}

impl Calls {
    fn has(&self, key: &str) -> bool {
        self.stored.iter().any(|payment| payment.key == key)
    }
}

fn connect(key: &str) -> Result<TConnect> {
    Ok(TConnect::new(tconnect::Config {
        base_url: Some(var("TCONNECT_URL")?),
        ..tconnect::Config::new(&var("TCONNECT_PARTNER")?, key)
    })?)
}

fn our_own(order: &str, amount: u64) -> Result<()> {
    if ORDERS.contains(&(order, amount)) {
        return Ok(());
    }
    Err("not an order of ours".into())
}

// HTTP

/// Failures come with a body to read, so the status is not an error here.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into()
}

fn send(request: &HttpRequest) -> Result<String> {
    let mut http = ureq::http::Request::builder()
        .method(request.method.as_str())
        .uri(&request.url);
    for (name, value) in &request.headers.0 {
        http = http.header(name, value);
    }
    let mut answer = match &request.body {
        Some(body) => agent().run(http.body(body.as_str())?)?,
        None => agent().run(http.body(())?)?,
    };
    Ok(answer.body_mut().read_to_string()?)
}

fn post(url: &str, body: &str) -> Result<String> {
    Ok(agent().post(url).send(body)?.body_mut().read_to_string()?)
}

/// Opens a page and follows where it leads.
fn browse(url: &str) -> Result<String> {
    let mut page = agent().get(url).call()?;
    let text = page.body_mut().read_to_string()?;
    Ok(if page.status() == 200 {
        text
    } else {
        format!("{} {text}", page.status().as_u16())
    })
}

fn plain(status: u64, body: &str) -> Acknowledgement {
    Acknowledgement {
        status,
        content_type: "text/plain".into(),
        body: body.into(),
    }
}

// What is printed

fn body(text: &str) -> Body {
    Body {
        body: text.to_owned(),
        ..Default::default()
    }
}

fn of<T>(read: &Read<T>, member: &str) -> String {
    read.record().printed(member).unwrap_or_default().into_owned()
}

fn yes(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

fn show(step: &str, result: impl std::fmt::Display) {
    println!("{step}\t{result}");
}

fn show_transfer(step: &str, read: &Read<firm_banking::TransferAnswer>) {
    let amount = read.transaction.transfer_amount.unwrap_or_default();
    let number = read.transaction.appotapay_trans_id.as_deref().unwrap_or_default();
    show(
        step,
        format!("{}, {}, {amount} VND, {number}", of(read, "proof"), of(read, "outcome")),
    );
}

fn refused<T>(step: &str, result: kyso::Result<T>) {
    let Err(error) = result else {
        return show(step, "ACCEPTED: this must not happen");
    };
    let parts = [
        Some(error.code().name()),
        error.field_name(),
        error.gateway_code(),
        error.outcome_name(),
        error.next_operation(),
    ];
    let words: Vec<&str> = parts.into_iter().flatten().collect();
    show(step, format!("refused: {}", words.join(" ")));
}
