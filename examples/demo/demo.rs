//! The main job of all three gateways on their published examples. Prints one line per step: step, tab, result.

use std::error::Error;
use std::path::Path;

use kyso::answer::Body;
use kyso::appotapay::{self, Call, firm_banking, signature};
use kyso::hpay::{self, checkout};
use kyso::tconnect::{self, auth, envelope};
use kyso::value::{Json, parse};
use kyso::{AppotaPay, Dong, Environment, HPay, TConnect};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).ok_or("usage: demo FOLDER_OF_MESSAGES")?;
    let message = |name: &str| std::fs::read_to_string(Path::new(&folder).join(name));
    let body = |name: &str| {
        Ok::<_, std::io::Error>(Body {
            body: message(name)?,
            ..Body::default()
        })
    };

    let key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    let client = TConnect::new(tconnect::Config {
        environment: Some(Environment::Sandbox),
        ..tconnect::Config::new("1111111", key)
    })?;
    let login = client.auth().login(&auth::Login {
        username: "demo@yourdomain.vn".into(),
        password: "Password#123".into(),
        client_id: "fMLgZltRRtetnsOHXgxsHQ".into(),
        client_secret: "hUFhGJIqz746zcxsYVtrwhkveDuEfcYd".into(),
        extra: None,
    })?;
    show("TConnect login goes to", &login.url);
    let sealed = login.body.unwrap_or_default();
    let data = parse(&sealed)?
        .pointer("/data")
        .and_then(|data| data.as_text().map(str::to_owned))
        .unwrap_or_default();
    show(
        "TConnect login opens to",
        client.envelope().open(&envelope::Open { data: data.into() })?.plaintext,
    );
    let ipn = client.ipn().read_callback(&body("tconnect_ipn.json")?)?;
    let order = ipn.order_id.as_deref().unwrap_or_default();
    show(
        "TConnect IPN",
        format!("order {order}, {} VND, {}", ipn.amount, proof(ipn.record())),
    );
    refused(
        "TConnect IPN, one bit changed",
        client.ipn().read_callback(&body("tconnect_ipn_tampered.json")?),
    );

    let client = HPay::new(hpay::Config {
        secure_pass: Some("test-pass-Aa1".into()),
        ..hpay::Config::new("65001", Environment::Sandbox)
    })?;
    let link = client.checkout().create_link(&checkout::CreateLink {
        return_url: "https://shop.example.com/return".into(),
        receiver: Some("merchant@example.com".into()),
        order_code: "PAY_1700000000000".into(),
        price: Dong(20_000),
        ..Default::default()
    })?;
    show("HPay V1 link, secure_code", link.signature.unwrap_or_default());
    let legacy = client.checkout().create_legacy_link(&checkout::CreateLegacyLink {
        return_url: "https://Shop.Example.com/Return/Path".into(),
        receiver: Some("merchant@example.com".into()),
        transaction_info: Some("tichhopthanhtoan".into()),
        order_code: "OM_1656422065".into(),
        price: Dong(20_000),
        lower_case_return_url: Some(true),
        ..Default::default()
    })?;
    show("HPay legacy link, secure_code", legacy.signature.unwrap_or_default());
    let callback = |name: &str| {
        Ok::<_, std::io::Error>(checkout::ReadCallback {
            query: message(name)?,
            link: Some(checkout::LinkKind::Legacy),
            ..Default::default()
        })
    };
    let paid = client.checkout().read_callback(&checkout::ReadCallback {
        expected: Some(Json::from_text(r#"{"order_code":"OM_1768202539","price":200000}"#)?),
        ..callback("hpay_return_url.txt")?
    })?;
    let outcome = paid.record().printed("outcome").unwrap_or_default().into_owned();
    show(
        "HPay return_url",
        format!(
            "order {}, {} VND, {}, {outcome}",
            paid.order_code,
            paid.price,
            proof(paid.record())
        ),
    );
    refused(
        "HPay return_url, price changed",
        client
            .checkout()
            .read_callback(&callback("hpay_return_url_tampered.txt")?),
    );

    let client = AppotaPay::new(appotapay::Config::new(
        "APPOTAPAY",
        "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8",
        "XAonJgy14YhtePEITXhyBS2unjfJLAV3",
        Environment::Sandbox,
    ))?;
    let transfer = firm_banking::Transfer {
        bank_code: "TPBANK".into(),
        account_no: "132100132400000".into(),
        account_type: firm_banking::AccountType::Account,
        account_name: "NGUYEN VAN A".into(),
        amount: Dong(50_000),
        fee_type: firm_banking::FeeType::Payer,
        partner_ref_id: "Partner9999".into(),
        message: Some("ck tien".into()),
        customer_phone_number: Some("0374720460".into()),
        contract_number: Some("1234567".into()),
        channel: Some("citad".into()),
        bank_id: Some("11223344".into()),
    };
    let request = client.firm_banking().transfer(&transfer, &Call::default())?;
    show("AppotaPay transfer, signature", request.signature.unwrap_or_default());
    let result = client.firm_banking().read_callback(&body("appotapay_callback.json")?)?;
    let reference = result.transaction.partner_ref_id.as_deref().unwrap_or_default();
    let amount = result.transaction.amount.unwrap_or_default();
    let outcome = result.record().printed("outcome").unwrap_or_default().into_owned();
    show(
        "AppotaPay callback",
        format!("{reference}, {amount} VND, {}, {outcome}", proof(result.record())),
    );
    let tampered = client
        .firm_banking()
        .read_callback(&body("appotapay_callback_tampered.json")?);
    refused("AppotaPay callback, amount changed", tampered);
    let golden = |name: &str| {
        let only = [
            "amount",
            "appotapayTransId",
            "errorCode",
            "phoneNumber",
            "time",
            "topupAmount",
        ];
        Ok::<_, std::io::Error>(signature::Verify {
            body: Some(message(name)?),
            only: Some(only.map(str::to_owned).to_vec()),
            signature: "c0bd34c43314165b1474c190c71fee22bca6bd0cf8273853bb9acb510d6063bf".into(),
            ..Default::default()
        })
    };
    let verified = client.signature().verify(&golden("appotapay_topup_status.json")?)?;
    let amount = verified
        .fields
        .0
        .printed("topupAmount")
        .unwrap_or_default()
        .into_owned();
    show("AppotaPay's printed topup digest", format!("{amount} VND, signed"));
    refused(
        "The same, amount changed",
        client
            .signature()
            .verify(&golden("appotapay_topup_status_tampered.json")?),
    );
    Ok(())
}

fn show(step: &str, result: impl std::fmt::Display) {
    println!("{step}\t{result}");
}

fn proof(record: &kyso::value::Record<'_>) -> String {
    record.printed("proof").unwrap_or_default().into_owned()
}

fn refused<T>(step: &str, result: kyso::Result<T>) {
    match result {
        Ok(_) => show(step, "ACCEPTED: this must not happen"),
        Err(error) => {
            let text = format!(
                "refused: {} {}",
                error.code().name(),
                error.field_name().unwrap_or_default()
            );
            show(step, text.trim_end());
        }
    }
}
