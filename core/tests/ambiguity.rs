//! Joined texts must not be splittable into another message: HPay's space-joined link, pipes, AppotaPay's pairs.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)] // A test may fail loudly.

mod common;
#[path = "common/messages.rs"]
mod messages;

use std::collections::{BTreeMap, BTreeSet};

use common::{Random, appotapay, call, client, hpay_config, scale};
use kyso::Client;
use messages::leaves;
use serde_json::{Value, json};

fn hpay() -> Client {
    client("hpay", &hpay_config())
}

fn legacy(client: &Client, changed: Value) -> Result<Value, kyso::Error> {
    let mut input = json!({"return_url": "https://shop.example/cb", "receiver": "m@example.com", "transaction_info": "tichhopthanhtoan",
        "order_code": "OM_1", "price": 20_000_000, "order_description": "giay the thao"});
    for (name, value) in changed.as_object().unwrap() {
        input[name] = value.clone();
    }
    call(client, "hpay.checkout.create_legacy_link", &input)
}

/// The attack: a note that lets the buyer move the boundaries of the fields, so that 20,000,000 dong become 1,000 under
/// the same digest.
#[test]
fn hpay_price_tampering_link_is_refused() {
    let client = hpay();
    let note = "giao gio hanh chinh OM_1 1000 vnd 1 0 0 0 0 cam on";
    for field in ["order_description", "buyer_info", "transaction_info"] {
        let error = legacy(&client, json!({ field: note })).unwrap_err();
        assert_eq!(error.code().name(), "ambiguous", "{field}");
    }
    // Other letter cases, numbers and currencies that a lenient parser could take.
    for note in [
        "x OM_2 1 VND 1 0 0 0 0 y",
        "x OM_2 1 usd 1 0 0 0 0 y z",
        "a b OM_1 20000001 vnd 9 9 9 9 9 y",
        "x OM_1 1.000 vnd 1 0 0 0 0 y",
        "x OM_1 1000 vnd 1     y z",
        "x OM_1 +5 vnd 1 0 0 0 0 y",
    ] {
        let error = legacy(&client, json!({"transaction_info": note})).unwrap_err();
        assert_eq!(error.code().name(), "ambiguous", "{note}");
    }
}

/// White space of any kind has no place in the fields that are codes.
#[test]
fn code_like_fields_of_the_space_joined_link_hold_no_white_space() {
    let client = hpay();
    for space in [' ', '\t', '\n', '\r', '\u{a0}', '\u{2003}', '\u{3000}', '\u{b}'] {
        for field in [
            "return_url",
            "receiver",
            "order_code",
            "affiliate_code",
            "currency",
            "price",
        ] {
            for value in [format!("{space}a"), format!("a{space}"), format!("a{space}b")] {
                let error = legacy(&client, json!({ field: value })).unwrap_err();
                assert_eq!(
                    (error.code().name(), error.field_name()),
                    ("ambiguous", Some(field)),
                    "{space:?}"
                );
            }
        }
    }
}

/// What customers and shops write.
const WORDS: &[&str] = &[
    "thanh",
    "toán",
    "đơn",
    "hàng",
    "giao",
    "sau",
    "17h",
    "gọi",
    "trước",
    "0912345678",
    "quận",
    "1",
    "số",
    "12/3",
    "đường",
    "Lê",
    "Lợi",
    "2",
    "cái",
    "áo",
    "size",
    "XL",
    "giá",
    "1000",
    "250000",
    "vnd",
    "VND",
    "đ",
    "usd",
    "50",
    "0",
    "0",
    "5",
    "kg",
    "-",
    "&",
    "cảm",
    "ơn",
    "shop",
    "mã",
    "OM_1",
    "ĐH123",
    "ngày",
    "20/11/2026",
    "10%",
    "giảm",
    "phí",
    "ship",
    "30.000",
    "1,5",
    "ưu",
    "đãi",
    "3",
    "4",
    "tặng",
    "kèm",
];

/// A text as people write it: a number of words, now and then a run of numbers.
fn ordinary(random: &mut Random) -> String {
    let mut words = Vec::new();
    for _ in 0..random.below(14) {
        words.push(random.pick(WORDS).to_owned());
        // People put at most a few bare numbers in a row.
        while words.len() >= 3
            && words
                .iter()
                .rev()
                .take(3)
                .all(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        {
            words.push("và".to_owned());
        }
    }
    let mut text = words.join(" ");
    if random.below(20) == 0 {
        // A slip of the finger.
        text = text.replacen(' ', "  ", 1);
    }
    text
}

/// No ordinary Vietnamese text is refused.
#[test]
fn ordinary_texts_pass() {
    let client = hpay();
    let mut random = Random::new(3);
    let mut refused = Vec::new();
    // Three texts each: in full size 100,000 and more.
    for _ in 0..scale(3_000, 34_000) {
        let input = json!({"transaction_info": ordinary(&mut random), "order_description": ordinary(&mut random), "buyer_info": ordinary(&mut random)});
        if let Err(error) = legacy(&client, input.clone()) {
            refused.push(format!("{input}: {error:?}"));
        }
    }
    assert_eq!(refused.len(), 0, "{:?}", refused.first());
}

/// One reading of a signed text.
#[derive(PartialEq, Eq, Clone, Debug)]
struct Reading {
    order: String,
    price: String,
    currency: String,
}

/// All readings of info, block and rest that the gateway's grammar allows, found by trying every position.
fn readings(words: &[&str]) -> Vec<Reading> {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut found = Vec::new();
    // Behind the block come three texts, of one word at least, and three numbers.
    for at in 1..words.len().saturating_sub(13) {
        let block = &words[at..at + 8];
        let plain = !block[0].is_empty() && is_number(block[1]) && ["vnd", "usd"].contains(&block[2]);
        if plain && block[3..].iter().all(|word| is_number(word)) {
            found.push(Reading {
                order: block[0].to_owned(),
                price: block[1].to_owned(),
                currency: block[2].to_owned(),
            });
        }
    }
    found
}

/// Texts of an attacker: words of the grammar in any order. What the guard accepts has one reading; without the guard
/// the generator finds thousands that have several.
#[test]
fn accepted_links_have_one_reading_and_the_generator_can_find_others() {
    const GRAMMAR: &[&str] = &[
        "OM_1", "OM_2", "1000", "1", "0", "0", "0", "vnd", "vnd", "usd", "giao", "VND", "20000000", "",
    ];
    let client = hpay();
    let mut random = Random::new(4);
    let (mut accepted, mut violations, mut without_guard) = (0, 0, 0);
    let mut attempts = 0;
    while accepted < scale(5_000, 100_000) || without_guard < 1_000 {
        attempts += 1;
        assert!(attempts < 2_000_000, "{accepted} accepted, {without_guard} found");
        let text = |random: &mut Random| {
            if random.below(3) == 0 {
                let order = random.pick(&["OM_1", "OM_9"]);
                return format!("x {order} {} vnd 1 0 0 0 0 y", random.below(2000) + 1);
            }
            (0..random.below(12))
                .map(|_| random.pick(GRAMMAR))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (info, description, buyer) = (text(&mut random), text(&mut random), text(&mut random));
        let joined = format!("{info} OM_1 20000000 vnd 1 0 0 0 0 {description} {buyer}  0 0 0");
        let words: Vec<&str> = joined.split(' ').collect();
        let real = Reading {
            order: "OM_1".into(),
            price: "20000000".into(),
            currency: "vnd".into(),
        };
        let dangerous = readings(&words).into_iter().any(|reading| reading != real);
        without_guard += usize::from(dangerous);
        let input = json!({"transaction_info": info, "order_description": description, "buyer_info": buyer});
        match legacy(&client, input) {
            Ok(_) => {
                accepted += 1;
                violations += usize::from(dangerous);
            }
            Err(error) => assert_eq!(error.code().name(), "ambiguous"),
        }
    }
    assert_eq!(violations, 0);
}

/// `100|000` + `NGUYEN` would be `100` + `000|NGUYEN`; a control character could hide the same.
#[test]
fn pipes_and_control_characters_are_refused_in_pipe_recipes() {
    let client = hpay();
    let recipe = json!({"fields": ["amount", "name"], "separator": "|", "secret": "passcode"});
    let build = |fields: Value| {
        call(
            &client,
            "hpay.signature.build",
            &json!({"recipe": recipe, "fields": fields}),
        )
    };
    for bad in ["100|000", "|", "a\u{0}b", "a\nb", "a\u{202e}b", "a\u{85}b"] {
        for fields in [
            json!({"amount": bad, "name": "NGUYEN"}),
            json!({"amount": "100", "name": bad}),
        ] {
            assert_eq!(build(fields).unwrap_err().code().name(), "ambiguous", "{bad:?}");
        }
    }
    let link = |order: &str| {
        let input = json!({"return_url": "https://a.example/", "receiver": "m@example.com", "order_code": order, "price": 1000});
        call(&client, "hpay.checkout.create_link", &input)
    };
    // The digest of this order would be that of a 1,000 dong order of another e-mail.
    assert_eq!(
        link("64916|a@b.vn|1000|vnd|OM_1").unwrap_err().code().name(),
        "ambiguous"
    );
    assert!(link("ĐH 1/2 & #3+4").is_ok());
}

/// Different accepted fields never give one signature, whatever the separator.
#[test]
fn accepted_fields_of_any_recipe_have_texts_of_their_own() {
    let client = hpay();
    let mut random = Random::new(5);
    let pieces = ["a", "b", "|", "||", ";", "1", "0", "", " ", "a;", ";b", "ă"];
    for separator in ["|", "||", ";", " ", "a"] {
        let recipe = json!({"fields": ["x", "y", "z"], "separator": separator, "secret": "passcode"});
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..scale(2_000, 40_000) {
            let text = |random: &mut Random| (0..random.below(4)).map(|_| random.pick(&pieces)).collect::<String>();
            let fields = json!({"x": text(&mut random), "y": text(&mut random), "z": text(&mut random)});
            let Ok(built) = call(
                &client,
                "hpay.signature.build",
                &json!({"recipe": recipe, "fields": fields}),
            ) else {
                continue;
            };
            let signature = built["signature"].as_str().unwrap().to_owned();
            let other = seen.entry(signature).or_insert_with(|| fields.clone());
            assert_eq!(*other, fields, "separator {separator:?}");
        }
        assert!(seen.len() > 20, "{separator:?}: {}", seen.len());
    }
}

/// Two bodies, one canonical text: `&name=` inside a value.
#[test]
fn appotapay_collisions_are_ambiguous_when_signed_and_when_verified() {
    let client = appotapay();
    let sign = |fields: &Value| call(&client, "appotapay.signature.sign", &json!({ "fields": fields }));
    for fields in [
        json!({"accountName": "X&accountNo=1", "accountNo": "2"}),
        json!({"accountName": "X", "accountNo": "1&accountNo=2"}),
        json!({"bankCode": "TPBANK&bankId=01201001&channel=citad"}),
        json!({"memo": "&amount=1"}),
        json!({"custom": "x&custom=y"}),
    ] {
        assert_eq!(sign(&fields).unwrap_err().code().name(), "ambiguous", "{fields}");
    }
    for fields in [
        json!({"memo": "A & B"}),
        json!({"memo": "a=b&c"}),
        json!({"url": "https://a.example/?x=1&y=2"}),
        json!({"memo": "&&=="}),
    ] {
        assert!(sign(&fields).is_ok(), "{fields}");
    }
}

#[test]
fn accepted_appotapay_fields_have_texts_of_their_own() {
    let client = appotapay();
    let mut random = Random::new(6);
    let names = ["memo", "amount", "accountNo", "accountName"];
    let pieces = [
        "&",
        "=",
        "memo",
        "amount",
        "accountNo=",
        "&accountNo=",
        "&free=",
        "x",
        "1",
        "free",
        "&amount",
    ];
    let mut seen = std::collections::BTreeMap::new();
    let mut ambiguous = 0;
    for _ in 0..scale(10_000, 150_000) {
        let mut fields = serde_json::Map::new();
        for name in names {
            if random.below(3) > 0 {
                let value: String = (0..random.below(4)).map(|_| random.pick(&pieces)).collect();
                fields.insert(name.to_owned(), Value::from(value));
            }
        }
        if fields.is_empty() {
            continue;
        }
        let fields = Value::from(fields);
        match call(&client, "appotapay.signature.sign", &json!({ "fields": fields })) {
            Ok(signed) => {
                let other = seen
                    .entry(signed["signature"].to_string())
                    .or_insert_with(|| fields.clone());
                assert_eq!(*other, fields);
            }
            Err(error) => {
                assert_eq!(error.code().name(), "ambiguous");
                ambiguous += 1;
            }
        }
    }
    assert!(ambiguous > 1_000 && seen.len() > 1_000);
}

/// One secret for everything: what one formula signs must not be what another signs.
fn one_secret(gateway: &str) -> Client {
    let config = match gateway {
        "hpay" => json!({"merchant_site_code": "65001", "environment": "sandbox", "secure_pass": "test-pass-Aa1",
            "passcode": "test-pass-Aa1", "client_id": "id", "client_secret": "test-secret-1"}),
        _ => json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-01",
            "environment": "sandbox"}),
    };
    client(gateway, &config)
}

/// A request that a formula with a digest signs, and a good input of it.
struct Signing {
    name: &'static str,
    client: Client,
    good: Value,
}

impl Signing {
    fn sign(&self, input: &Value) -> Option<String> {
        let request = call(&self.client, self.name, input).ok()?;
        Some(request["signature"].as_str()?.to_owned())
    }
}

fn with(input: &Value, pointer: &str, value: &Value) -> Value {
    let mut changed = input.clone();
    *changed.pointer_mut(pointer).unwrap() = value.clone();
    changed
}

/// Every operation that signs with a digest, with the vectors' input of the most members; RSA signs the same kind of
/// joined text.
fn signing_operations() -> Vec<Signing> {
    let mut found = BTreeMap::<&'static str, Signing>::new();
    let vectors = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors"));
    for gateway in ["hpay", "appotapay"] {
        for entry in std::fs::read_dir(vectors.join(gateway)).unwrap() {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
            for case in file["cases"].as_array().unwrap() {
                let Some(operation) = kyso::operations::find(case["operation"].as_str().unwrap()) else {
                    continue;
                };
                if operation.kind.name() != "build" || case.get("output").is_none() || case.get("config").is_none() {
                    continue;
                }
                let mut good = case["input"].clone();
                if good.get("amount").is_some_and(|amount| amount == "0") {
                    // Nothing is an amount in one case only; more can vary beside another.
                    good["amount"] = json!(50_000);
                }
                let signing = Signing {
                    name: operation.name,
                    client: one_secret(gateway),
                    good,
                };
                let longest = found
                    .get(operation.name)
                    .map_or(0, |longest| leaves(&longest.good).len());
                let digest = signing
                    .sign(&signing.good)
                    .is_some_and(|signature| signature.len() <= 64);
                if digest && leaves(&signing.good).len() > longest {
                    found.insert(operation.name, signing);
                }
            }
        }
    }
    found.into_values().collect()
}

/// Texts that an attacker would choose to move a boundary.
const PIECES: &[&str] = &[
    "1",
    "0",
    "10",
    "a",
    "b",
    "65001",
    "vnd",
    "OM_1",
    "1000",
    "|",
    "||",
    "1|0",
    "a|",
    "|a",
    "a b",
    " ",
    "&",
    "=",
    "&amount=1",
    "&orderId=1",
    "a&b",
    "m@example.com",
    "m@example.com|1000",
    "1000|vnd|OM_1",
    "65001|m@example.com",
    "ă",
    "\u{300}",
];

/// A text with a few slips: another digit for a digit, another letter for a letter, one more, one less.
fn slipped(random: &mut Random, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        if letters.is_empty() {
            break;
        }
        let at = random.below(letters.len());
        match random.below(6) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at]),
            _ => {
                let others: &[&str] = match letters[at] {
                    '0'..='9' => &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
                    'a'..='z' => &["a", "b", "x"],
                    'A'..='Z' => &["A", "B", "X"],
                    _ => continue,
                };
                letters[at] = random.pick(others).chars().next().unwrap();
            }
        }
    }
    letters.into_iter().collect()
}

/// A value of the same kind, so that the rules of its field often take it.
fn of_its_kind(random: &mut Random, value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::String(text) => json!(slipped(random, text)),
        // A number may also come as its text.
        Value::Number(number) => match slipped(random, &number.to_string()) {
            text if random.below(8) == 0 => json!(text),
            text => text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number)),
        },
        other => other.clone(),
    }
}

/// One or two pieces of an attacker.
fn hostile(random: &mut Random) -> Value {
    json!(
        (0..1 + random.below(2))
            .map(|_| random.pick(PIECES))
            .collect::<String>()
    )
}

/// A member of an input, and values of it that are accepted where everything else is good.
struct Field {
    pointer: String,
    values: Vec<Value>,
    /// Another value gives another signature.
    signed: bool,
}

impl Field {
    fn new(random: &mut Random, signing: &Signing, pointer: String, common: &[Value]) -> Self {
        let good = signing.good.pointer(&pointer).unwrap();
        let original = signing.sign(&signing.good).unwrap();
        let mut field = Field {
            values: vec![good.clone()],
            pointer,
            signed: false,
        };
        for _ in 0..scale(15, 400) {
            let candidate = match random.below(4) {
                0 => hostile(random),
                _ => common[random.below(common.len())].clone(),
            };
            field.take(signing, &original, candidate);
            // What was accepted leads to more.
            let known = &field.values[random.below(field.values.len())];
            let candidate = of_its_kind(random, known);
            field.take(signing, &original, candidate);
        }
        field
    }

    fn take(&mut self, signing: &Signing, original: &str, value: Value) {
        if let Some(signature) = signing.sign(&with(&signing.good, &self.pointer, &value)) {
            self.signed |= signature != original;
            self.values.push(value);
        }
    }

    fn value(&self, random: &mut Random) -> Value {
        let value = &self.values[random.below(self.values.len())];
        match random.below(16) {
            0 => of_its_kind(random, value),
            _ => value.clone(),
        }
    }
}

/// As it is printed into a signed text: an amount may be given as a number or as a text.
fn printed(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How many different signatures the accepted inputs must have at least: where one field is signed, or another of two
/// values beside it, there are fewer.
fn least_signatures(name: &str) -> usize {
    match name {
        // HPay signs the condition alone, which is one of two.
        "hpay.virtual_account.create" => 2,
        "appotapay.orders.status"
        | "appotapay.orders.status_v1_1"
        | "appotapay.wallet.cancel"
        | "hpay.firm_banking.inquire"
        | "hpay.orders.inquire"
        | "hpay.virtual_account.revoke"
        | "hpay.virtual_account.transactions" => scale(20, 2_000),
        _ => scale(60, 15_000),
    }
}

/// Two accepted inputs with one signature agree in everything that is signed; no two operations sign one text.
#[test]
fn accepted_inputs_of_all_formulas_have_signatures_of_their_own() {
    let operations = signing_operations();
    assert_eq!(operations.len(), 28);
    // Codes of banks, methods and the like: what one operation has, another may take.
    let mut common = BTreeSet::new();
    for signing in &operations {
        let texts = leaves(&signing.good)
            .into_iter()
            .map(|pointer| signing.good.pointer(&pointer).unwrap());
        common.extend(texts.filter(|value| value.is_string()).map(printed));
    }
    let common: Vec<Value> = common.into_iter().map(Value::from).collect();
    let mut random = Random::new(11);
    let mut owners = BTreeMap::<String, &str>::new();
    let mut shared = BTreeSet::new();
    for signing in &operations {
        let name = signing.name;
        let pointers = leaves(&signing.good).into_iter();
        let fields: Vec<Field> = pointers
            .map(|pointer| Field::new(&mut random, signing, pointer, &common))
            .collect();
        let mut seen = BTreeMap::<String, Vec<String>>::new();
        let (wanted, mut accepted) = (scale(200, 100_000), 0);
        for _ in 0..wanted * 4 {
            let mut input = signing.good.clone();
            let attack = random.below(2) == 0;
            for field in &fields {
                if random.below(2) == 0 {
                    *input.pointer_mut(&field.pointer).unwrap() = match attack {
                        true => hostile(&mut random),
                        false => field.value(&mut random),
                    };
                }
            }
            let Some(signature) = signing.sign(&input) else {
                continue;
            };
            let signed = fields.iter().filter(|field| field.signed);
            let protected: Vec<String> = signed
                .map(|field| printed(input.pointer(&field.pointer).unwrap()))
                .collect();
            let first = seen.entry(signature.clone()).or_insert_with(|| protected.clone());
            assert_eq!(*first, protected, "{name}: two messages, one signature");
            let owner = *owners.entry(signature).or_insert(name);
            if owner != name {
                shared.insert((owner, name));
            }
            accepted += 1;
            if accepted >= wanted {
                break;
            }
        }
        assert!(accepted >= wanted, "{name}: {accepted} accepted");
        assert!(
            seen.len() >= least_signatures(name),
            "{name}: {} signatures",
            seen.len()
        );
    }
    // These formulas join as many fields of as free a kind: HPay's and AppotaPay's own making, which no rule on values
    // can mend. None of them moves money, and each goes to an address of its own.
    const ALIKE: &[&[&str]] = &[
        &[
            "appotapay.orders.status",
            "appotapay.orders.status_v1_1",
            "appotapay.wallet.cancel",
        ],
        &[
            "hpay.virtual_account.create",
            "hpay.virtual_account.transactions",
            "hpay.firm_banking.inquire",
        ],
        &[
            "hpay.virtual_account.revoke",
            "hpay.virtual_account.update_name",
            "hpay.firm_banking.account",
        ],
    ];
    shared.retain(|(one, other)| !ALIKE.iter().any(|group| group.contains(one) && group.contains(other)));
    assert!(shared.is_empty(), "one signature for two operations: {shared:?}");
}

/// The control for pipes: without the guard the same generator finds a thousand pairs.
#[test]
fn joined_without_a_guard_many_fields_share_a_text() {
    let mut random = Random::new(12);
    let mut seen = BTreeMap::<String, [String; 3]>::new();
    let mut found = 0;
    for _ in 0..50_000 {
        let mut text = || {
            (0..1 + random.below(2))
                .map(|_| random.pick(&["1", "0", "|", "1|0", "a|", "|a"]))
                .collect::<String>()
        };
        let fields = [text(), text(), text()];
        let first = seen.entry(fields.join("|")).or_insert_with(|| fields.clone());
        found += usize::from(*first != fields);
    }
    assert!(found >= 1_000, "{found}");
}
