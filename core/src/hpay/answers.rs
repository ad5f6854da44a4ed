//! What the readers of answers and callbacks share: failures, the merchant's own code, and messages whose formula
//! stands in the configuration only.

use super::HPay;
use super::parameters::MERCHANT_CODE;
use super::reference::SUCCESS;
use crate::answer::{Draft, Proof, absent, mismatch};
use crate::canonical::Recipe;
use crate::error::{Code, Error, Result, Rule};
use crate::value::{Record, Text, Value, parse_record};

/// Longest answer that is read.
const MAX_ANSWER: usize = 1024 * 1024;

/// Reads the JSON object of an answer.
pub(super) fn read_answer(body: &str) -> Result<Record<'_>> {
    if body.len() > MAX_ANSWER {
        return Err(Error::say(Code::MalformedInput, "is longer than 1 MiB", "dài quá 1 MiB").field("body"));
    }
    parse_record(body).map_err(|error| error.field("body"))
}

/// Takes a text that a callback must have.
pub(super) fn take_text(members: &mut Record<'_>, name: &'static str) -> Result<String> {
    match members.remove(name) {
        Some(Value::Text(text)) => Ok(text.into_owned()),
        _ => Err(absent(name)),
    }
}

/// Turns a reported failure into the error `gateway_refused`. Failures carry no signature.
pub(super) fn refuse_failure(members: &Record<'_>, name: &str) -> Result<()> {
    let code = members.printed(name).ok_or_else(|| absent(name))?;
    if SUCCESS.contains(&code.as_ref()) {
        return Ok(());
    }
    let message = members.printed("message").or_else(|| members.printed("status"));
    Err(Error::new(Code::GatewayRefused)
        .gateway(Some(code.to_string()), message.map(Into::into))
        .signed(false))
}

/// An answer with a checksum, or without one, whose formula HPay does not publish.
pub(super) struct Unpublished {
    /// The reader, under whose name `recipes` may hold the formula.
    pub(super) operation: &'static str,
    /// Name of the checksum; empty where the document has none.
    pub(super) checksum: &'static str,
    /// Members without which it is the answer to something else.
    pub(super) required: &'static [&'static str],
    /// Whether the message names the merchant; where it does not, a formula takes the merchant's own code.
    pub(super) names_merchant: bool,
    /// What must be covered for `signed`: one name of each group.
    pub(super) needed: &'static [&'static [&'static str]],
}

impl Unpublished {
    /// Reads a successful answer: `not_checked` (or `unsigned`) as long as nobody has configured the formula.
    pub(super) fn read<'a>(&self, client: &HPay, body: &'a str) -> Result<Draft<'a>> {
        let mut members = read_answer(body)?;
        refuse_failure(&members, "error_code")?;
        own_merchant(client, &members)?;
        for name in self.required {
            find(&members, name).ok_or_else(|| absent(&format!("data.{name}")))?;
        }
        let Some(recipe) = client.recipes.get(self.operation) else {
            let proof = if self.checksum.is_empty() {
                Proof::Unsigned
            } else {
                Proof::NotChecked
            };
            return Ok(Draft::flat(proof, members));
        };
        let signature = take_checksum(&mut members, self.checksum)?;
        if self.names_merchant {
            merchant_is_named(recipe, &members)?;
        }
        verified(client, recipe, members, &signature, self.needed)
    }
}

/// A formula's merchant code must be in the message that has one by the document.
pub(super) fn merchant_is_named(recipe: &Recipe, members: &Record<'_>) -> Result<()> {
    let mut covered = recipe.fields.iter().filter(|name| MERCHANT_CODE.contains(name));
    match covered.find(|name| find(members, name).is_none()) {
        Some(name) => Err(absent(name)),
        None => Ok(()),
    }
}

/// Takes the checksum out; it stands at the top level or among `data`.
pub(super) fn take_checksum(members: &mut Record<'_>, checksum: &str) -> Result<String> {
    let mut found = members.remove(checksum);
    for (name, value) in members.iter_mut() {
        if let ("data", None, Value::Record(data)) = (name, &found, value) {
            found = data.remove(checksum);
        }
    }
    match found {
        Some(Value::Text(text)) => Ok(text.into_owned()),
        _ => Err(absent(checksum)),
    }
}

/// A value that a formula names: from the message, or the merchant's own code.
pub(super) fn value_of<'v>(client: &'v HPay, members: &'v Record<'_>, name: &str) -> Option<Text<'v>> {
    match find(members, name) {
        Some((_, value)) => Some(value),
        None => MERCHANT_CODE
            .contains(&name)
            .then(|| client.merchant_site_code.as_str().into()),
    }
}

/// Verifies a message by a configured formula. Fields are looked for in `data`, then at the top level.
pub(super) fn verified<'a>(
    client: &HPay,
    recipe: &Recipe,
    members: Record<'a>,
    signature: &str,
    needed: &[&[&str]],
) -> Result<Draft<'a>> {
    let mut covered = Vec::new();
    for name in recipe.fields.iter() {
        match find(&members, name) {
            Some((pointer, _)) => covered.push(pointer),
            None if MERCHANT_CODE.contains(&name) => {}
            None => return Err(absent(name)),
        }
    }
    let values = |name: &str| value_of(client, &members, name);
    recipe.guard(values)?;
    let matched = client.verify(recipe, values, signature)?;
    let tied = needed.iter().all(|group| group.iter().any(|name| recipe.covers(name)));
    let proof = if tied { Proof::Signed } else { Proof::PartlySigned };
    let covered: Vec<&str> = covered.iter().map(String::as_str).collect();
    let mut draft = Draft::split(proof, members, &covered);
    draft.matched = matched;
    Ok(draft)
}

/// A text or number by name, with its JSON Pointer.
fn find<'v>(members: &'v Record<'_>, name: &str) -> Option<(String, Text<'v>)> {
    let data = members.get("data").and_then(Value::as_record);
    if let Some(value) = data.and_then(|data| data.printed(name)) {
        return Some((format!("/data/{name}"), value));
    }
    Some((format!("/{name}"), members.printed(name)?))
}

/// A genuine message for another merchant is none for this one.
pub(super) fn own_merchant(client: &HPay, members: &Record<'_>) -> Result<()> {
    for (name, value) in members.iter() {
        match value {
            Value::Record(data) if name == "data" => own_merchant_in(client, data)?,
            Value::List(rows) if name == "data" => {
                for row in rows.iter().filter_map(Value::as_record) {
                    own_merchant_in(client, row)?;
                }
            }
            _ => {}
        }
    }
    own_merchant_in(client, members)
}

fn own_merchant_in(client: &HPay, members: &Record<'_>) -> Result<()> {
    for name in MERCHANT_CODE {
        if members
            .printed(name)
            .is_some_and(|code| code != client.merchant_site_code)
        {
            return Err(mismatch(name));
        }
    }
    Ok(())
}

/// The formula that a callback without a built-in one needs.
pub(super) fn required_recipe<'c>(client: &'c HPay, operation: &str) -> Result<&'c Recipe> {
    client.recipes.get(operation).ok_or_else(|| {
        Error::say(
            Code::RecipeRequired,
            "HPay's document has lost this formula: configure it under `recipes`, as HPay's notice box or support \
             names it",
            "tài liệu HPay không còn công thức này: hãy khai báo trong `recipes` theo khung thông báo hoặc hỗ trợ của \
             HPay",
        )
        .field("recipes")
    })
}

/// A member that is there, but says nothing.
pub(super) fn empty(name: &str) -> Error {
    Error::invalid(name, Rule::Say("must not be empty", "không được để trống"))
}

/// What names one message for an idempotency key: the covered values, the merchant's own code aside.
pub(super) fn covered_values<'v>(recipe: &Recipe, members: &'v Record<'_>) -> Vec<Text<'v>> {
    let names = recipe.fields.iter().filter(|name| !MERCHANT_CODE.contains(name));
    names.filter_map(|name| members.printed(name)).collect()
}
