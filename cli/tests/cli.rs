//! The command line as a user meets it: results, errors, exit status, bulk work.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TCONNECT: &str = r#"{"partner_code":"1111111","environment":"sandbox",
    "key":"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"}"#;
const HPAY: &str = r#"{"merchant_site_code":"65001","secure_pass":"test-pass-Aa1","environment":"sandbox"}"#;

fn kyso(config: Option<&str>, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kyso"));
    command.args(arguments).env_remove("KYSO_CONFIG");
    if let Some(config) = config {
        command.env("KYSO_CONFIG", config);
    }
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    // A command that is refused does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn message(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/demo/messages")
        .join(name)
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("kyso-cli-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_payload_is_opened_and_a_damaged_one_refused() {
    let ipn = message("tconnect_ipn.json");
    let opened = kyso(Some(TCONNECT), &["open", ipn.to_str().unwrap()], "");
    assert!(opened.status.success());
    assert!(text(&opened.stdout).starts_with(r#"{"order_id":"0106002530","amount":2000.0"#));
    let damaged = message("tconnect_ipn_tampered.json");
    let refused = kyso(Some(TCONNECT), &["--json", "open", damaged.to_str().unwrap()], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    assert!(text(&refused.stderr).contains(r#""code":"decrypt_failed""#));
}

#[test]
fn a_call_takes_its_input_from_standard_input() {
    let input = r#"{"return_url":"https://shop.example.com/r","receiver":"merchant@example.com",
        "order_code":"PAY_1700000000000","price":20000}"#;
    let called = kyso(Some(HPAY), &["--json", "call", "hpay.checkout.create_link"], input);
    assert!(text(&called.stdout).contains(r#""signature":"bba1622a1c1974b0247d79b0de8be38b""#));
    let wrong = kyso(
        Some(HPAY),
        &["call", "hpay.checkout.create_link"],
        &input.replace("20000", "20000.5"),
    );
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).starts_with("kyso: wrong_type: hpay.checkout.create_link: price: "));
}

#[test]
fn exit_status_tells_usage_from_files() {
    assert_eq!(kyso(None, &["call"], "").status.code(), Some(2));
    assert_eq!(
        kyso(None, &["call", "hpay.checkout.create_link"], "{}").status.code(),
        Some(3)
    );
    let missing = ["call", "hpay.checkout.create_link", "--config", "no-such-file.json"];
    assert_eq!(kyso(None, &missing, "{}").status.code(), Some(3));
}

#[test]
fn a_signature_is_explained() {
    let folder = folder("explain");
    let input = folder.join("link.json");
    std::fs::write(
        &input,
        r#"{"return_url":"https://shop.example.com/Return","receiver":"merchant@example.com",
        "transaction_info":"Ghi chú đơn hàng","order_code":"OM_1","price":20000}"#,
    )
    .unwrap();
    let arguments = [
        "explain",
        "hpay.checkout.create_legacy_link",
        "--input",
        input.to_str().unwrap(),
        "--signature",
        "096f02d67c01f1d88c973161fce40260",
    ];
    let explained = text(&kyso(Some(HPAY), &arguments, "").stdout);
    assert!(
        explained.contains("The given signature comes out when addresses are lower-cased."),
        "{explained}"
    );
    assert!(!explained.contains("test-pass"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn bulk_work_keeps_the_order_and_loses_nothing() {
    let folder = folder("bulk");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let record = |name: &str| {
        let body = std::fs::read_to_string(message(name)).unwrap().replace('"', "\\\"");
        format!(r#"{{"body":"{body}"}}"#)
    };
    let (good, bad) = (record("tconnect_ipn.json"), record("tconnect_ipn_tampered.json"));
    let mut lines = Vec::new();
    for number in 1..=20_000 {
        match number % 5 {
            0 => lines.extend_from_slice(bad.as_bytes()),
            1 => lines.extend_from_slice(b"\xff not text"),
            2 => {}
            _ => lines.extend_from_slice(good.as_bytes()),
        }
        lines.push(b'\n');
    }
    std::fs::write(file("in"), lines).unwrap();
    let (input, output, refused) = (file("in"), file("out"), file("refused"));
    let arguments = [
        "call",
        "tconnect.ipn.read_callback",
        "--jsonl",
        "--input",
        &input,
        "--output",
        &output,
        "--refused",
        &refused,
    ];
    let ran = kyso(Some(TCONNECT), &arguments, "");
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(text(&ran.stderr), "8000 done, 8000 refused\n");
    assert_eq!(std::fs::read_to_string(&output).unwrap().lines().count(), 8000);
    let refused = std::fs::read_to_string(&refused).unwrap();
    let numbers: Vec<u64> = refused
        .lines()
        .map(|line| {
            line.trim_start_matches(r#"{"line":"#)
                .split(',')
                .next()
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    assert_eq!(numbers.len(), 8000);
    assert!(numbers.is_sorted() && numbers.iter().all(|number| number % 5 < 2));
    assert!(refused.contains(r#""code":"not_utf8""#) && refused.contains("record_base64"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn operations_completions_and_pictures() {
    let listed = text(&kyso(None, &["operations", "firm_banking.transfer"], "").stdout);
    assert!(listed.contains("hpay.firm_banking.transfer") && listed.contains("appotapay.firm_banking.transfer"));
    assert!(text(&kyso(None, &["completions", "bash"], "").stdout).contains("_kyso"));
    let code = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F";
    let drawn = kyso(None, &["qr", "--format", "png", code], "");
    assert!(drawn.stdout.starts_with(b"\x89PNG"));
    assert!(text(&kyso(None, &["qr", "--format", "svg", code], "").stdout).starts_with("<svg"));
    let file = folder("pictures").join("code.json");
    let written = kyso(
        None,
        &[
            "--json",
            "qr",
            "--format",
            "svg",
            "--output",
            file.to_str().unwrap(),
            code,
        ],
        "",
    );
    assert!(written.status.success() && written.stdout.is_empty());
    assert!(std::fs::read_to_string(file).unwrap().starts_with(r#"{"svg":"<svg"#));
}

#[test]
fn bulk_work_does_not_write_over_its_input() {
    let folder = folder("bulk-same");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let line = r#"{"text":"Đường Nguyễn Huệ"}"#;
    std::fs::write(file("in.jsonl"), line).unwrap();
    for (output, refused) in [
        ("in.jsonl", "refused.jsonl"),
        ("out.jsonl", "in.jsonl"),
        ("out.jsonl", "./out.jsonl"),
    ] {
        let arguments = [
            "call",
            "vietqr.text.strip_diacritics",
            "--jsonl",
            "--input",
            &file("in.jsonl"),
        ];
        let files = ["--output", &file(output), "--refused", &file(refused)];
        let run = kyso(None, &[&arguments[..], &files[..]].concat(), "");
        assert_eq!(run.status.code(), Some(3), "{output} {refused}");
        assert_eq!(std::fs::read_to_string(file("in.jsonl")).unwrap(), line);
    }
}

#[test]
fn a_file_that_is_not_there() {
    let arguments = [
        "--json",
        "call",
        "vietqr.text.strip_diacritics",
        "--input",
        "/no/such/file",
    ];
    let failed = kyso(None, &arguments, "");
    assert_eq!(failed.status.code(), Some(3));
    assert!(text(&failed.stderr).starts_with(r#"{"code":"file","message":"/no/such/file: "#));
    assert!(text(&kyso(None, &arguments[1..], "").stderr).starts_with("kyso: /no/such/file: "));
}
