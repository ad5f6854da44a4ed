//! Why an HPay signature does not match.

use super::parameters::MERCHANT_CODE;
use super::{HPay, account, checkout, firm_banking, open_api, orders, tokenization, virtual_account};
use crate::answer::Made;
use crate::canonical::{Digest, Evidence, Recipe};
use crate::crypto::rsa::PrivateKey;
use crate::error::{Code, Error, Result};
use crate::explain::{Explain, Explanation, Given, Shape, Subject, fields_of, is_request, other_members, sent_members};
use crate::http::read_query;
use crate::operations::{self, AnyClient, Kind, Operation, Service, Typed};
use crate::value::{Record, Value, parse_record};

pub(crate) const SERVICE: Service = Service {
    name: "explain",
    doc: "Why a signature does not match.",
    operations: &[Operation {
        name: "hpay.explain.signature",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "The canonical text of a message with the secret masked, field by field, and the common mistakes that \
              reproduce the signature of the other side. The right digest is shown for messages to be sent only.",
        handler: &Typed(signature),
    }],
};

/// A signed message: its operation, its formula, where its fields stand, and the name of its signature.
struct Signed {
    operation: &'static str,
    recipe: &'static Recipe,
    /// Name of the object that holds the fields; empty for the message itself.
    inside: &'static str,
    signature: &'static str,
}

const fn signed(
    operation: &'static str,
    recipe: &'static Recipe,
    inside: &'static str,
    signature: &'static str,
) -> Signed {
    Signed {
        operation,
        recipe,
        inside,
        signature,
    }
}

static MESSAGES: &[Signed] = &[
    signed("hpay.checkout.create_link", &checkout::LINK, "", "secure_code"),
    signed(
        "hpay.checkout.create_legacy_link",
        &checkout::LEGACY_LINK,
        "",
        "secure_code",
    ),
    signed("hpay.checkout.read_callback", &checkout::CALLBACK, "", "secure_code"),
    signed("hpay.tokenization.revoke", &tokenization::REVOKE, "", "secure_code"),
    signed("hpay.orders.inquire", &orders::INQUIRE, "", "checksum"),
    signed("hpay.account.balance", &account::BALANCE, "", "signature"),
    signed(
        "hpay.virtual_account.create",
        &virtual_account::CREATE,
        "",
        "secure_code",
    ),
    signed(
        "hpay.virtual_account.update_name",
        &virtual_account::UPDATE_NAME,
        "",
        "secure_code",
    ),
    signed(
        "hpay.virtual_account.revoke",
        &virtual_account::REVOKE,
        "",
        "secure_code",
    ),
    signed(
        "hpay.virtual_account.transactions",
        &virtual_account::TRANSACTIONS,
        "",
        "secure_code",
    ),
    signed("hpay.firm_banking.transfer", &firm_banking::TRANSFER, "", "secureChain"),
    signed(
        "hpay.firm_banking.read_transfer",
        &firm_banking::TRANSFER_ANSWER,
        "data",
        "secureChain",
    ),
    signed("hpay.firm_banking.account", &firm_banking::ACCOUNT, "", "secure_code"),
    signed("hpay.firm_banking.inquire", &firm_banking::INQUIRE, "", "secureChain"),
    signed("hpay.open_api.create_va", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_create_va", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.update_va", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_update_va", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.revoke_va", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_revoke_va", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.inquire_va", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_inquire_va", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.transfer", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_transfer", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.account_name", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_account_name", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.inquire_transfer", &open_api::REQUEST, "", "signature"),
    signed(
        "hpay.open_api.read_inquire_transfer",
        &open_api::ANSWER,
        "",
        "signature",
    ),
    signed("hpay.open_api.balance", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read_balance", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.request", &open_api::REQUEST, "", "signature"),
    signed("hpay.open_api.read", &open_api::ANSWER, "", "signature"),
    signed("hpay.open_api.read_callback", &open_api::CALLBACK, "", "secure_code"),
];

/// Names that signatures have in HPay's messages.
const SIGNATURES: &[&str] = &["secure_code", "checksum", "secureChain", "secure_chain", "signature"];

/// The formula of an operation, where its fields stand, and the names that its signature may have: built in, or
/// configured for a message whose formula HPay does not publish.
fn formula<'c>(client: &'c HPay, operation: &str) -> Result<(&'c Recipe, &'static str, &'static [&'static str])> {
    let configured = client.recipes.get(operation);
    match (
        MESSAGES.iter().find(|message| message.operation == operation),
        configured,
    ) {
        (Some(message), configured) => Ok((
            configured.unwrap_or(message.recipe),
            message.inside,
            core::slice::from_ref(&message.signature),
        )),
        (None, Some(recipe)) => Ok((recipe, "data", SIGNATURES)),
        (None, None) if operations::find(operation).is_some() => Err(Error::new(Code::RecipeRequired)),
        (None, None) => Err(Error::new(Code::UnknownOperation).field("operation")),
    }
}

pub(crate) fn signature(client: &HPay, input: &Explain) -> Result<Made<Explanation>> {
    let (recipe, inside, signatures) = formula(client, &input.operation)?;
    let (mut members, right) = match input.given()? {
        Given::Input(value) => {
            let operation = operations::find(&input.operation).ok_or_else(|| Error::new(Code::Internal))?;
            is_request(operation)?;
            let request = operation
                .run_with(AnyClient::HPay(client), value)
                .map_err(|error| error.retold("hpay.explain.signature", "input"))?;
            let right = request
                .pointer("/signature")
                .and_then(Value::as_text)
                .map(str::to_owned);
            (sent_members(&request)?, right)
        }
        Given::Body(body) => (parse_record(body)?.into_owned(), None),
        Given::Query(query) => (read_query(query)?.into_owned(), None),
    };
    if let Some(Value::Record(inner)) = members.get(inside) {
        let mut inner = inner.clone();
        for (name, value) in members {
            if name != inside {
                inner.push(name, value);
            }
        }
        members = inner;
    }
    explain(client, input, recipe, signatures, &members, right.as_deref())
}

fn explain(
    client: &HPay,
    input: &Explain,
    recipe: &Recipe,
    signatures: &[&'static str],
    members: &Record<'static>,
    right: Option<&str>,
) -> Result<Made<Explanation>> {
    let signature = signatures
        .iter()
        .copied()
        .find(|name| members.get(name).is_some())
        .unwrap_or("signature");
    let value_of = |name: &str| match members.printed(name) {
        Some(value) => Some(value.into_owned()),
        None if MERCHANT_CODE.contains(&name) => Some(client.merchant_site_code.clone()),
        // An absent parameter of a callback counts as the empty text.
        None if right.is_none() && recipe.digest == Digest::Md5 => Some(String::new()),
        None => None,
    };
    let fields = fields_of(recipe, value_of);
    let mut secrets = vec![(recipe.secret.name().to_owned(), client.secret(recipe.secret)?)];
    let more = [("secure_pass", &client.secure_pass), ("passcode", &client.passcode)];
    secrets.extend(
        more.iter()
            .filter(|(name, _)| *name != recipe.secret.name())
            .filter_map(|(name, secret)| secret.as_ref().map(|secret| ((*name).to_owned(), secret))),
    );
    secrets.extend(
        client
            .previous_secrets
            .iter()
            .enumerate()
            .map(|(at, secret)| (format!("previous_secrets/{at}"), secret)),
    );
    let others = input.other_secrets.iter().flatten().enumerate();
    secrets.extend(others.map(|(at, secret)| (format!("other_secrets/{at}"), secret)));
    let received = members.printed(signature).filter(|_| right.is_none());
    let given = input.signature.clone().or(received.map(|text| text.into_owned()));
    let is_rsa = recipe.digest == Digest::RsaSha256;
    let own = client.private_key.as_ref().filter(|_| is_rsa && right.is_some());
    let own = own.and_then(PrivateKey::public_key);
    let key = match right {
        Some(_) => client.merchant_certificate.as_ref().or(own.as_ref()),
        None => client.hpay_certificate.as_ref(),
    };
    if is_rsa && given.is_some() && key.is_none() {
        let field = if right.is_some() {
            "private_key"
        } else {
            "hpay_certificate"
        };
        return Err(Error::missing(field));
    }
    let verify = |sha256: &[u8], signature: &str| key.is_some_and(|key| key.verify_digest(sha256, signature));
    let subject = Subject {
        operation: &input.operation,
        shape: Shape::of_recipe(recipe),
        others: other_members(members, &fields, signature),
        fields,
        secrets,
        evidence: recipe.evidence,
        known: MESSAGES
            .iter()
            .filter(|other| other.recipe.digest == recipe.digest)
            .map(|other| {
                let names = other.recipe.fields.iter().map(str::to_owned).collect();
                (other.operation, names, Shape::of_recipe(other.recipe))
            })
            .collect(),
        verify: is_rsa.then_some(&verify),
        absent_as_empty: true,
    };
    Ok(subject.explain(right, given.as_deref()))
}
