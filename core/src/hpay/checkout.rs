//! Checkout links (V1 and legacy) and the callback to return_url and notify_url.

use std::borrow::Cow;

use super::HPay;
use super::answers::{covered_values, empty, own_merchant, take_text};
use super::parameters::{MERCHANT_CODE, Parameters};
use crate::answer::{Acknowledgement, Draft, Nothing, Outcome, Proof, Reading, absent, idempotency_key, join_matched};
use crate::canonical::{Evidence, Recipe, SecretName, member};
use crate::check::{self, Dong, Whole};
use crate::error::{Code, Error, Result, Rule};
use crate::http::{HttpRequest, read_query};
use crate::operations::{Kind, Operation, Service, Typed};
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "checkout",
    doc: "Checkout links and the callback to return_url and notify_url.",
    operations: &[
        Operation {
            name: "hpay.checkout.create_link",
            kind: Kind::Build,
            evidence: Evidence::Observed,
            doc: "Builds a V1 checkout link to redirect the buyer to. The digest covers merchant_site_code, receiver, \
                  price, currency and order_code only: every other parameter can be changed by the buyer.",
            handler: &Typed(create_link),
        },
        Operation {
            name: "hpay.checkout.create_legacy_link",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds a link to /checkout.php, the documented path of installment (`installment` 1), iframe \
                  (`inpage` 1 with payment_method_id) and ATM tokenization (`token_type` 1 or 2). Texts that would \
                  let the buyer re-split the signed text into another price or order are refused as ambiguous.",
            handler: &Typed(create_legacy_link),
        },
        Operation {
            name: "hpay.checkout.read_callback",
            kind: Kind::ReadCallback,
            evidence: Evidence::Official,
            doc: "Verifies the query string that came to return_url or notify_url. The formula is official for \
                  legacy links and inferred for V1 links. Compare order_code and price with your own record \
                  (`expected`).",
            handler: &Typed(read_callback),
        },
        Operation {
            name: "hpay.checkout.acknowledge",
            kind: Kind::Pure,
            evidence: Evidence::Observed,
            doc: "What to answer to notify_url. HPay documents no reply; this one is used in production.",
            handler: &Typed(acknowledge),
        },
    ],
};

/// Row 1 of the formula table.
pub(crate) static LINK: Recipe = Recipe::pipes(
    &["merchant_site_code", "receiver", "price", "currency", "order_code"],
    SecretName::SecurePass,
    Evidence::Observed,
);

/// Row 2: HPay's PHP and Python samples.
pub(crate) static LEGACY_LINK: Recipe = Recipe::spaces(
    "",
    &[
        "merchant_site_code",
        "return_url",
        "receiver",
        "transaction_info",
        "order_code",
        "price",
        "currency",
        "quantity",
        "tax",
        "discount",
        "fee_cal",
        "fee_shipping",
        "order_description",
        "buyer_info",
        "affiliate_code",
        "installment",
        "inpage",
        "payment_method_id",
    ],
    SecretName::SecurePass,
    Evidence::Official,
);

/// Row 4: a leading space, then the fields and the secret.
pub(crate) static CALLBACK: Recipe = Recipe::spaces(
    " ",
    &[
        "transaction_info",
        "order_code",
        "price",
        "payment_id",
        "payment_type",
        "error_text",
        "merchant_site_code",
    ],
    SecretName::SecurePass,
    Evidence::Official,
);

/// Currency of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Currency {
    /// Vietnamese dong.
    Vnd,
    /// US dollar; HPay documents no decimal rule, so whole dollars only.
    Usd,
}

impl Currency {
    const fn name(self) -> &'static str {
        match self {
            Currency::Vnd => "vnd",
            Currency::Usd => "usd",
        }
    }
}

/// A V1 checkout link.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateLink {
    /// Page to return to after payment. Not covered by the digest.
    pub return_url: String,
    /// E-mail of the merchant's account; left out when configured.
    pub receiver: Option<String>,
    /// Free text that comes back in the callback.
    pub transaction_info: Option<String>,
    /// Order of the merchant. No `|`.
    pub order_code: String,
    /// Amount in whole units of `currency`.
    pub price: Dong,
    /// Default `vnd`.
    pub currency: Option<Currency>,
    /// Description of the order.
    pub order_description: Option<String>,
    /// Shown to the buyer instead of order_code.
    pub sub_order: Option<String>,
    /// Name of the buyer.
    pub buyer_info: Option<String>,
    /// Language of the page: `vi` or `en`.
    pub lang: Option<String>,
    /// Page for a cancelled payment. Not covered by the digest.
    pub cancel_url: Option<String>,
    /// Address for the server's callback. Not covered by the digest.
    pub notify_url: Option<String>,
    /// Last moment to pay, `dd/mm/yyyy,hh:ii`, 24-hour clock, Vietnam time (UTC+7).
    pub time_limit: Option<String>,
    /// 1 for installment payment; default 0.
    pub installment: Option<Whole>,
    /// 1 to show the page in an iframe; it needs payment_method_id.
    pub inpage: Option<Whole>,
    /// ATM card token, required with token_type 2.
    pub token: Option<String>,
    /// `1` pay and create a token, `2` pay with a token, empty for none.
    pub token_type: Option<String>,
    /// Token of an international card.
    pub cyber_token: Option<String>,
    /// Payment method of Table 1 (reference.payment_methods); required with inpage 1.
    pub payment_method_id: Option<Whole>,
    /// Group of Table 2: `WALLET`, `BANK_ONLINE`, `VA` or `CREDIT_CARD`.
    pub method_group: Option<String>,
}

pub(crate) fn create_link(client: &HPay, input: &CreateLink) -> Result<HttpRequest> {
    let receiver = client.receiver("receiver", input.receiver.as_deref())?;
    check::url("return_url", &input.return_url)?;
    check::text("order_code", &input.order_code, 1, 100)?;
    check::amount("price", input.price, 1)?;
    let installment = switch("installment", input.installment)?;
    let inpage = input.inpage.map(|inpage| switch("inpage", Some(inpage))).transpose()?;
    check_token(input.token.as_deref(), input.token_type.as_deref())?;
    check_payment_method(inpage, input.payment_method_id)?;
    check_time_limit(input.time_limit.as_deref())?;
    check_choices(input.lang.as_deref(), input.method_group.as_deref())?;
    check_pages(input.notify_url.as_deref(), input.cancel_url.as_deref())?;
    let price = input.price.0.to_string();
    let method = input.payment_method_id.map(|id| id.0.to_string());
    let mut link = Parameters::new();
    link.put("merchant_site_code", Some(&client.merchant_site_code));
    link.put("return_url", Some(&input.return_url));
    link.put("receiver", Some(receiver));
    link.text("transaction_info", input.transaction_info.as_deref())?;
    link.put("order_code", Some(&input.order_code));
    link.put("price", Some(&price));
    link.put("currency", Some(input.currency.unwrap_or(Currency::Vnd).name()));
    link.text("order_description", input.order_description.as_deref())?;
    link.text("sub_order", input.sub_order.as_deref())?;
    link.text("buyer_info", input.buyer_info.as_deref())?;
    link.put("lang", input.lang.as_deref());
    let place = link.len();
    link.put("cancel_url", input.cancel_url.as_deref());
    link.put("notify_url", input.notify_url.as_deref());
    link.put("time_limit", input.time_limit.as_deref());
    link.put("installment", Some(installment));
    link.put("inpage", inpage);
    link.text("token", input.token.as_deref())?;
    link.put("token_type", input.token_type.as_deref());
    link.text("cyber_token", input.cyber_token.as_deref())?;
    link.put("payment_method_id", method.as_deref());
    link.put("method_group", input.method_group.as_deref());
    let recipe = client.recipe("hpay.checkout.create_link", &LINK);
    let secure_code = link.sign_at(place, client, recipe, "secure_code")?;
    let url = link.address(&client.checkout_url, "/v1/checkout.php");
    Ok(HttpRequest::get(url).signature(secure_code))
}

/// A legacy checkout link.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateLegacyLink {
    /// Page to return to after payment.
    pub return_url: String,
    /// E-mail of the merchant's account; left out when configured.
    pub receiver: Option<String>,
    /// Free text that comes back in the callback.
    pub transaction_info: Option<String>,
    /// Order of the merchant. No white space.
    pub order_code: String,
    /// Amount in whole units of `currency`.
    #[serde(deserialize_with = "check::dong_without_white_space")]
    pub price: Dong,
    /// `vnd` (default) or `usd`.
    pub currency: Option<String>,
    /// Default 1.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub quantity: Option<Whole>,
    /// Default 0.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub tax: Option<Whole>,
    /// Default 0.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub discount: Option<Whole>,
    /// 0 (default) or 1.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub fee_cal: Option<Whole>,
    /// Default 0.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub fee_shipping: Option<Whole>,
    /// Description of the order.
    pub order_description: Option<String>,
    /// Buyer; the PHP sample always sends it empty.
    pub buyer_info: Option<String>,
    /// Code of an affiliate. No white space.
    pub affiliate_code: Option<String>,
    /// 1 for installment payment; default 0.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub installment: Option<Whole>,
    /// 1 to show the page in an iframe; it needs payment_method_id. Default 0.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub inpage: Option<Whole>,
    /// Payment method of Table 1 (reference.payment_methods); required with inpage 1. Default 0.
    #[serde(deserialize_with = "check::whole_without_white_space", default)]
    pub payment_method_id: Option<Whole>,
    /// ATM card token, required with token_type 2. Not covered by the digest.
    pub token: Option<String>,
    /// `1` pay and create a token, `2` pay with a token, empty for none. Not covered by the digest.
    pub token_type: Option<String>,
    /// Language of the page: `vi` or `en`. Not covered by the digest.
    pub lang: Option<String>,
    /// Group of Table 2: `WALLET`, `BANK_ONLINE`, `VA` or `CREDIT_CARD`. Not covered by the digest.
    pub method_group: Option<String>,
    /// Address for the server's callback. Not covered by the digest.
    pub notify_url: Option<String>,
    /// Page for a cancelled payment. Not covered by the digest.
    pub cancel_url: Option<String>,
    /// Last moment to pay, `dd/mm/yyyy,hh:ii`, 24-hour clock, Vietnam time (UTC+7). Not covered by the digest.
    pub time_limit: Option<String>,
    /// Shown to the buyer instead of order_code. Not covered by the digest.
    pub sub_order: Option<String>,
    /// Token of an international card. Not covered by the digest.
    pub cyber_token: Option<String>,
    /// Lower-cases the ASCII letters of return_url in digest and link, as HPay's PHP sample does. It breaks paths
    /// that depend on letter case; default false.
    pub lower_case_return_url: Option<bool>,
}

pub(crate) fn create_legacy_link(client: &HPay, input: &CreateLegacyLink) -> Result<HttpRequest> {
    let receiver = client.receiver("receiver", input.receiver.as_deref())?;
    let codes = [
        ("return_url", Some(input.return_url.as_str())),
        ("receiver", Some(receiver)),
        ("order_code", Some(input.order_code.as_str())),
        ("currency", input.currency.as_deref()),
        ("affiliate_code", input.affiliate_code.as_deref()),
    ];
    for (name, value) in codes {
        if value.is_some_and(check::has_white_space) {
            return Err(check::ambiguous(
                name,
                crate::value::WHITE_SPACE,
                "không được chứa khoảng trắng",
            ));
        }
    }
    check::url("return_url", &input.return_url)?;
    check::text("order_code", &input.order_code, 1, 100)?;
    check::amount("price", input.price, 1)?;
    let currency = input.currency.as_deref().unwrap_or("vnd");
    check::one_of("currency", currency, &["vnd", "usd"])?;
    let inpage = switch("inpage", input.inpage)?;
    check_token(input.token.as_deref(), input.token_type.as_deref())?;
    check_payment_method(Some(inpage), input.payment_method_id)?;
    check_time_limit(input.time_limit.as_deref())?;
    check_choices(input.lang.as_deref(), input.method_group.as_deref())?;
    check_pages(input.notify_url.as_deref(), input.cancel_url.as_deref())?;
    let return_url = match input.lower_case_return_url {
        Some(true) => input.return_url.to_ascii_lowercase(),
        _ => input.return_url.clone(),
    };
    let number = |value: Option<Whole>, default: &'static str| match value {
        Some(value) => Cow::Owned(value.0.to_string()),
        None => Cow::Borrowed(default),
    };
    let price = input.price.0.to_string();
    let (quantity, tax) = (number(input.quantity, "1"), number(input.tax, "0"));
    let (discount, fee_shipping) = (number(input.discount, "0"), number(input.fee_shipping, "0"));
    let method = number(input.payment_method_id, "0");
    let mut link = Parameters::new();
    link.put("merchant_site_code", Some(&client.merchant_site_code));
    link.put("return_url", Some(&return_url));
    link.put("receiver", Some(receiver));
    link.text(
        "transaction_info",
        Some(input.transaction_info.as_deref().unwrap_or("")),
    )?;
    link.put("order_code", Some(&input.order_code));
    link.put("price", Some(&price));
    link.put("currency", Some(currency));
    link.put("quantity", Some(&quantity));
    link.put("tax", Some(&tax));
    link.put("discount", Some(&discount));
    link.put("fee_cal", Some(switch("fee_cal", input.fee_cal)?));
    link.put("fee_shipping", Some(&fee_shipping));
    link.text(
        "order_description",
        Some(input.order_description.as_deref().unwrap_or("")),
    )?;
    link.text("buyer_info", Some(input.buyer_info.as_deref().unwrap_or("")))?;
    link.text("affiliate_code", Some(input.affiliate_code.as_deref().unwrap_or("")))?;
    link.put("installment", Some(switch("installment", input.installment)?));
    link.put("inpage", Some(inpage));
    link.put("payment_method_id", Some(&method));
    let place = link.len();
    link.text("token", Some(input.token.as_deref().unwrap_or("")))?;
    link.put("token_type", Some(input.token_type.as_deref().unwrap_or("")));
    link.put("lang", input.lang.as_deref());
    link.put("method_group", input.method_group.as_deref());
    link.put("notify_url", input.notify_url.as_deref());
    link.put("cancel_url", input.cancel_url.as_deref());
    link.put("time_limit", input.time_limit.as_deref());
    link.text("sub_order", input.sub_order.as_deref())?;
    link.text("cyber_token", input.cyber_token.as_deref())?;
    let recipe = client.recipe("hpay.checkout.create_legacy_link", &LEGACY_LINK);
    // The search for other readings knows this layout alone.
    if recipe.joins_like(&LEGACY_LINK) {
        guard_legacy_link(&link)?;
    } else {
        recipe.guard(link.values())?;
    }
    let secure_code = client.sign(recipe, link.values())?;
    link.insert(place, "secure_code", secure_code.clone());
    let url = link.address(&client.checkout_url, "/checkout.php");
    Ok(HttpRequest::get(url).signature(secure_code))
}

/// 0 or 1 as the text that is signed and sent.
fn switch(field: &str, value: Option<Whole>) -> Result<&'static str> {
    match value.map_or(0, |value| value.0) {
        0 => Ok("0"),
        1 => Ok("1"),
        _ => Err(Error::invalid(field, Rule::OneOf(&["0", "1"]))),
    }
}

fn check_token(token: Option<&str>, token_type: Option<&str>) -> Result<()> {
    let token_type = token_type.unwrap_or("");
    check::one_of("token_type", token_type, &["", "1", "2"])?;
    if token_type == "2" && token.unwrap_or("").is_empty() {
        return Err(Error::missing("token"));
    }
    Ok(())
}

fn check_payment_method(inpage: Option<&str>, method: Option<Whole>) -> Result<()> {
    if inpage == Some("1") && method.is_none_or(|method| method.0 == 0) {
        return Err(Error::missing("payment_method_id"));
    }
    Ok(())
}

fn check_choices(lang: Option<&str>, method_group: Option<&str>) -> Result<()> {
    check::one_of("lang", lang.unwrap_or(""), &["", "vi", "en"])?;
    check::one_of(
        "method_group",
        method_group.unwrap_or(""),
        &["", "WALLET", "BANK_ONLINE", "VA", "CREDIT_CARD"],
    )
}

fn check_pages(notify_url: Option<&str>, cancel_url: Option<&str>) -> Result<()> {
    for (name, url) in [("notify_url", notify_url), ("cancel_url", cancel_url)] {
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            check::url(name, url)?;
        }
    }
    Ok(())
}

/// `dd/mm/yyyy,hh:ii`. No example exists; the form is the document's, the 24-hour clock that of the older gateway.
fn check_time_limit(value: Option<&str>) -> Result<()> {
    let Some(value) = value else { return Ok(()) };
    let number = |range: core::ops::Range<usize>| {
        value
            .get(range)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse::<u64>().ok())
    };
    let marks = [(2, "/"), (5, "/"), (10, ","), (13, ":")]
        .iter()
        .all(|(at, mark)| value.get(*at..).is_some_and(|rest| rest.starts_with(mark)));
    let real = match (
        number(0..2),
        number(3..5),
        number(6..10),
        number(11..13),
        number(14..16),
    ) {
        (Some(day), Some(month), Some(year), Some(hour), Some(minute)) => {
            (1..=check::days_in(year, month)).contains(&day) && hour < 24 && minute < 60
        }
        _ => false,
    };
    if value.len() == 16 && marks && real {
        return Ok(());
    }
    Err(Error::invalid(
        "time_limit",
        Rule::Say(
            "must be a real time, dd/mm/yyyy,hh:ii",
            "phải là thời điểm có thật, dd/mm/yyyy,hh:ii",
        ),
    ))
}

/// Number of fields in the block that must not move: order_code to fee_shipping.
const BLOCK: usize = 8;

/// Refuses texts that let the buyer re-split the signed text. He holds the whole link and may move the boundaries of
/// the fields; the digest stays right as long as the joined text does. Everything but the free texts has no space in
/// it, so another reading must find eight neighbouring words that look like order_code, price, currency and the five
/// numbers somewhere else. Words are judged generously: what the gateway's own parser accepts is not known.
fn guard_legacy_link(link: &Parameters<'_>) -> Result<()> {
    let value = |name| link.get(name).unwrap_or_default();
    let mut words = Vec::with_capacity(64);
    words.extend(value("transaction_info").split(' '));
    let info_words = words.len();
    let block = [
        "order_code",
        "price",
        "currency",
        "quantity",
        "tax",
        "discount",
        "fee_cal",
        "fee_shipping",
    ];
    words.extend(block.map(value));
    for name in ["order_description", "buyer_info", "affiliate_code"] {
        words.extend(value(name).split(' '));
    }
    let real = words.get(info_words..info_words.saturating_add(BLOCK));
    for (at, block) in words.windows(BLOCK).enumerate() {
        // One word at least is left for transaction_info, and three for the texts behind.
        let fits = at >= 1 && at.saturating_add(BLOCK + 3) <= words.len();
        if fits && at != info_words && looks_like_block(block) && Some(block) != real {
            let field = if at < info_words {
                "transaction_info"
            } else {
                "order_description"
            };
            return Err(check::ambiguous(
                field,
                "holds words that could pass as another order, price and currency",
                "chứa các từ có thể bị hiểu thành mã đơn, giá và loại tiền khác",
            ));
        }
    }
    Ok(())
}

fn looks_like_block(block: &[&str]) -> bool {
    let number = |word: &str| {
        let marks = word.chars().all(|c| c.is_numeric() || ".,+-_eExX".contains(c));
        marks && word.chars().any(char::is_numeric)
    };
    let numeric = |word: &str| word.is_empty() || number(word);
    match block {
        [order, price, currency, numbers @ ..] => {
            let currency = ["vnd", "usd"].iter().any(|name| currency.eq_ignore_ascii_case(name));
            currency && !order.is_empty() && number(price) && numbers.iter().all(|word| numeric(word))
        }
        _ => false,
    }
}

/// Which link a callback belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A link of create_link.
    V1,
    /// A link of create_legacy_link.
    Legacy,
}

/// A callback to return_url or notify_url.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadCallback {
    /// Raw query string as received, still percent-encoded; a leading `?` is allowed.
    pub query: String,
    /// Members that must be equal, one at least, e.g. order_code and price; the first that differs is named in a `mismatch`
    /// error.
    pub expected: Option<Json>,
    /// Which link it belongs to. It only changes `evidence` in the result: `official` for `legacy`, `inferred` for
    /// `v1` and where it is not given.
    pub link: Option<LinkKind>,
    /// Also tries transaction_info decoded a second time, as HPay's PHP sample does. Default false.
    pub transaction_info_decoded_twice: Option<bool>,
}

/// A verified callback. Members that the digest does not cover (bank_code, card_number, token_omipay, tokenization,
/// token_cyber, card_type) stand under `unverified`.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Payment {
    /// Always `signed`.
    pub proof: Proof,
    /// `succeeded` (paid), `held` (payment_type 2) or `failed` (error_text not empty); `undetermined` where a
    /// configured formula leaves payment_type or error_text out.
    pub outcome: Option<Outcome>,
    /// True where a configured formula leaves payment_type or error_text out: ask with orders.inquire.
    pub must_inquire: Option<bool>,
    /// Which spelling or secret matched, where several were tried.
    pub matched: Option<String>,
    /// `official` for legacy links, `inferred` otherwise.
    pub evidence: Evidence,
    /// Opaque text for a unique index: equal for return_url and notify_url of one payment.
    pub idempotency_key: String,
    /// Free text of the link. Like the next but order_code and price, under `unverified` where a configured formula
    /// leaves it out.
    pub transaction_info: Option<String>,
    /// Order of the merchant.
    pub order_code: String,
    /// Total amount.
    pub price: u64,
    /// Identifier of the payment, as printed.
    pub payment_id: Option<String>,
    /// `1` paid now, `2` held or paid later.
    pub payment_type: Option<String>,
    /// Empty for success.
    pub error_text: Option<String>,
    /// Members that the digest does not cover: anybody may have changed them.
    pub unverified: Option<Json>,
    /// The query string as received.
    pub raw: String,
}

/// The members of the built-in formula.
const COVERED: &[&str] = &[
    "/transaction_info",
    "/order_code",
    "/price",
    "/payment_id",
    "/payment_type",
    "/error_text",
];

/// The reader, under whose name `recipes` may hold another formula.
pub(super) const READ_CALLBACK: &str = "hpay.checkout.read_callback";

/// A formula that leaves out the order or the price proves no payment.
pub(super) fn must_cover_payment(recipe: &Recipe) -> Result<()> {
    if recipe.covers("order_code") && recipe.covers("price") {
        return Ok(());
    }
    let rule = Rule::Say("must hold order_code and price", "phải có order_code và price");
    Err(Error::invalid("fields", rule))
}

pub(crate) fn read_callback(client: &HPay, input: &ReadCallback) -> Result<Reading<Payment>> {
    let mut members = read_query(&input.query)?;
    let secure_code = take_text(&mut members, "secure_code")?;
    for name in ["transaction_info", "error_text"] {
        // An absent parameter counts as the empty text, in the sample as in the digest.
        if members.get(name).is_none() {
            members.push(name, Value::text(""));
        }
    }
    check_codes(&members, input.expected.as_ref())?;
    let configured = client.recipes.get(READ_CALLBACK);
    let recipe = configured.unwrap_or(&CALLBACK);
    // Of the built-in formula every field but one is a code; what else is joined with spaces must hold none.
    if !recipe.joins_like(&CALLBACK) {
        recipe.guard(|name| member(&members, name))?;
    }
    let (spelling, secret) = verify(
        client,
        recipe,
        &mut members,
        &secure_code,
        input.transaction_info_decoded_twice,
    )?;
    own_merchant(client, &members)?;
    let printed = |name| members.printed(name).unwrap_or_default();
    let failed = !printed("error_text").is_empty();
    // What a configured formula leaves out anybody may have written.
    let says_outcome = recipe.covers("payment_type") && recipe.covers("error_text");
    let outcome = match printed("payment_type").as_ref() {
        _ if !says_outcome => Outcome::Undetermined,
        _ if failed => Outcome::Failed,
        "1" => Outcome::Succeeded,
        "2" => Outcome::Held,
        _ => Outcome::Undetermined,
    };
    let parts = if says_outcome && recipe.covers("payment_id") {
        let failed = if failed { "failed" } else { "" };
        vec![printed("payment_id"), printed("payment_type"), failed.into()]
    } else {
        covered_values(recipe, &members)
    };
    let key = idempotency_key("hpay.checkout", parts.iter().map(AsRef::as_ref));
    let evidence = match (configured, input.link) {
        (Some(recipe), _) => recipe.evidence,
        (None, Some(LinkKind::Legacy)) => Evidence::Official,
        (None, _) => Evidence::Inferred,
    };
    let names: Vec<String> = configured.map_or_else(Vec::new, |recipe| {
        recipe.fields.iter().map(|name| format!("/{name}")).collect()
    });
    let covered = match configured {
        Some(_) => names.iter().map(String::as_str).collect(),
        None => COVERED.to_vec(),
    };
    let mut draft = Draft::split(Proof::Signed, members, &covered).money(&["price"]);
    draft.outcome = Some(outcome);
    draft.must_inquire = !says_outcome;
    draft.matched = join_matched(spelling, secret);
    draft.evidence = Some(evidence);
    draft.idempotency_key = Some(key);
    draft.raw = Some(input.query.clone());
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

/// The text is joined with spaces: anything but digits, or white space in the order, could be another split.
fn check_codes(members: &Record<'_>, expected: Option<&Json>) -> Result<()> {
    for name in ["order_code", "price", "payment_id", "payment_type"] {
        if members.printed(name).ok_or_else(|| absent(name))?.is_empty() {
            return Err(empty(name));
        }
    }
    for name in ["price", "payment_id", "payment_type"] {
        let value = members.printed(name).unwrap_or_default();
        if value.len() > 30 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(check::ambiguous(
                name,
                "must be digits only, at most 30, or it could be split differently",
                "chỉ được gồm chữ số, tối đa 30, nếu không có thể bị tách khác đi",
            ));
        }
    }
    let order = members.printed("order_code").unwrap_or_default();
    let pinned = expected.and_then(|Json(expected)| expected.get("order_code")).is_some();
    if order.chars().any(char::is_whitespace) && !pinned {
        return Err(check::ambiguous(
            "order_code",
            "contains white space: pass expected.order_code",
            "chứa khoảng trắng: hãy truyền expected.order_code",
        ));
    }
    Ok(())
}

/// Which spelling and which secret matched; `transaction_info` becomes the text that was hashed.
fn verify(
    client: &HPay,
    recipe: &Recipe,
    members: &mut Record<'_>,
    secure_code: &str,
    decoded_twice: Option<bool>,
) -> Result<(Option<&'static str>, Option<String>)> {
    let check = |members: &Record<'_>| {
        let code = client.merchant_site_code.as_str();
        let values = |name: &str| match name {
            name if MERCHANT_CODE.contains(&name) => Some(Cow::Borrowed(code)),
            _ => member(members, name),
        };
        client.verify(recipe, values, secure_code)
    };
    let several = decoded_twice == Some(true);
    match check(members) {
        Ok(secret) => return Ok((several.then_some("transaction_info"), secret)),
        Err(error) if error.code() != Code::SignatureMismatch => return Err(error),
        Err(_) => {}
    }
    if several {
        let info = members.printed("transaction_info").unwrap_or_default();
        if let Some(again) = php_urldecode(&info) {
            let mut changed = members.clone();
            for (name, value) in changed.iter_mut() {
                if name == "transaction_info" {
                    *value = Value::text(again.clone());
                }
            }
            if let Ok(secret) = check(&changed) {
                *members = changed;
                return Ok((Some("transaction_info_decoded_twice"), secret));
            }
        }
    }
    Err(Error::say(
        Code::SignatureMismatch,
        "the signature does not match the message. After a V1 link the formula is inferred: if HPay names another, \
         configure it under `recipes`",
        "sai chữ ký: chữ ký không khớp với nội dung. Với liên kết V1, công thức chỉ là suy luận: nếu HPay đưa công \
         thức khác, hãy khai báo trong `recipes`",
    ))
}

/// PHP's `urldecode`: bad sequences stay as they are. `None` where the bytes are no UTF-8 text.
fn php_urldecode(text: &str) -> Option<String> {
    let digit = |byte: Option<&u8>| {
        char::from(*byte?)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0_usize;
    while let Some(byte) = bytes.get(at) {
        let pair = (
            digit(bytes.get(at.saturating_add(1))),
            digit(bytes.get(at.saturating_add(2))),
        );
        let (decoded, step) = match (byte, pair) {
            (b'+', _) => (b' ', 1),
            (b'%', (Some(high), Some(low))) => ((high << 4) | low, 3),
            (other, _) => (*other, 1),
        };
        out.push(decoded);
        at = at.saturating_add(step);
    }
    String::from_utf8(out).ok()
}

pub(crate) fn acknowledge(_: &HPay, _: &Nothing) -> Result<Acknowledgement> {
    Ok(Acknowledgement::json(
        200,
        r#"{"error_code":"000","message":"Success"}"#,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Encoder;

    /// PHP 8.2's own tables.
    #[test]
    fn php_encodes_and_decodes_like_this() {
        let kept = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
        assert_eq!(Encoder::PhpForm.encode(kept), kept);
        let changed = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~\t\né\u{110}₫😀";
        let encoded = "+%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%7E%09%0A\
                       %C3%A9%C4%90%E2%82%AB%F0%9F%98%80";
        assert_eq!(Encoder::PhpForm.encode(changed), encoded);
        for (text, decoded) in [
            ("a+b", "a b"),
            ("a%20b", "a b"),
            ("100% off %zz", "100% off %zz"),
            ("%C4%91", "đ"),
            ("%c4%91%2", "đ%2"),
            ("x%2By", "x+y"),
            ("", ""),
        ] {
            assert_eq!(php_urldecode(text).as_deref(), Some(decoded), "{text}");
        }
        assert_eq!(php_urldecode("%ff"), None);
    }

    /// The six-field link of HPay's PHP sample, which no document names: return_url is encoded, then lower-cased.
    #[test]
    fn basic_link_of_the_php_sample() {
        let recipe = Recipe::spaces(
            "",
            &[
                "merchant_site_code",
                "return_url",
                "receiver",
                "transaction_info",
                "order_code",
                "price",
            ],
            SecretName::SecurePass,
            Evidence::Official,
        );
        let return_url = Encoder::PhpForm
            .encode("https://Shop.Example.com/Return?X=Y&Z=Á")
            .to_ascii_lowercase();
        let values = |name: &str| {
            Some(Cow::Borrowed(match name {
                "merchant_site_code" => "65001",
                "return_url" => return_url.as_str(),
                "receiver" => "merchant@example.com",
                "transaction_info" => "tichhopthanhtoan",
                "order_code" => "OM_1",
                _ => "20000",
            }))
        };
        let digest = recipe.digest(values, &crate::Secret::new("test-pass-Aa1"));
        assert_eq!(recipe.encode(&digest), "c886126ae3b65c3b23189e9673e4ef6c");
    }
}
