//! The parameters of a request, in the order in which they are sent.

use std::borrow::Cow;
use std::cell::Cell;

use super::HPay;
use crate::canonical::Recipe;
use crate::check;
use crate::error::Result;
use crate::http::Encoder;
use crate::value::{Record, Text, Value, among, same};

/// The names under which HPay's pages speak of one and the same merchant code.
pub(super) const MERCHANT_CODE: &[&str] = &["merchant_site_code", "merchant_id", "merchantId", "MID"];

/// Names and checked values.
pub(super) struct Parameters<'a> {
    values: Vec<(&'static str, Cow<'a, str>)>,
    /// Behind the one that was asked for last: recipes ask in about the order in which values are put.
    next: Cell<usize>,
}

impl<'a> Parameters<'a> {
    pub(super) fn new() -> Self {
        Self {
            values: Vec::with_capacity(28),
            next: Cell::new(0),
        }
    }

    /// Adds a checked value, where there is one.
    pub(super) fn put(&mut self, name: &'static str, value: Option<&'a str>) {
        if let Some(value) = value {
            self.values.push((name, Cow::Borrowed(value)));
        }
    }

    /// Adds a value of our own making.
    pub(super) fn made(&mut self, name: &'static str, value: String) {
        self.values.push((name, Cow::Owned(value)));
    }

    /// Adds a value of our own making in front of those from `place` on.
    pub(super) fn insert(&mut self, place: usize, name: &'static str, value: String) {
        let place = place.min(self.values.len());
        self.values.insert(place, (name, Cow::Owned(value)));
    }

    /// Number of parameters so far.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Adds a free text.
    pub(super) fn text(&mut self, name: &'static str, value: Option<&'a str>) -> Result<()> {
        if let Some(value) = value {
            check::text(name, value, 0, 1000)?;
        }
        self.put(name, value);
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let of = |name: &str| {
            let (before, behind) = self.values.split_at_checked(self.next.get())?;
            let found = |(_, (other, _)): &(usize, &(&str, Cow<'a, str>))| same(other, name);
            let (at, (_, value)) = (self.next.get()..)
                .zip(behind)
                .find(found)
                .or_else(|| (0..).zip(before).find(found))?;
            self.next.set(at.saturating_add(1));
            Some(value.as_ref())
        };
        of(name).or_else(|| {
            let merchant_code = among(name, MERCHANT_CODE);
            MERCHANT_CODE.iter().filter(|_| merchant_code).find_map(|name| of(name))
        })
    }

    /// The values as a recipe asks for them.
    pub(super) fn values<'s>(&'s self) -> impl Fn(&str) -> Option<Text<'s>> + Copy {
        move |name| self.get(name).map(Cow::Borrowed)
    }

    /// Signs the values that the recipe names, adds the signature under its name and gives it.
    pub(super) fn sign(&mut self, client: &HPay, recipe: &Recipe, name: &'static str) -> Result<String> {
        self.sign_at(self.len(), client, recipe, name)
    }

    /// The same with the signature in front of those from `place` on, which a configured formula may name, too.
    pub(super) fn sign_at(
        &mut self,
        place: usize,
        client: &HPay,
        recipe: &Recipe,
        name: &'static str,
    ) -> Result<String> {
        recipe.guard(self.values())?;
        let signature = client.sign(recipe, self.values())?;
        self.insert(place, name, signature.clone());
        Ok(signature)
    }

    /// The same parameters in the order of these names.
    pub(super) fn ordered(mut self, names: &[&str]) -> Self {
        self.values
            .sort_by_key(|(name, _)| names.iter().position(|other| other == name));
        self
    }

    /// PHP's form encoding, for form bodies.
    pub(super) fn form(&self) -> String {
        Encoder::PhpForm.join(self.pairs())
    }

    /// The same as the query of an address.
    pub(super) fn address(&self, origin: &str, path: &str) -> String {
        Encoder::PhpForm.address(&[origin, path], self.pairs())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (*name, &**value))
    }

    /// A JSON object; every value is text, as in the document's examples.
    pub(super) fn json(&self) -> String {
        let members: Record<'_> = self
            .values
            .iter()
            .map(|(name, value)| (*name, Value::text(&**value)))
            .collect();
        Value::Record(members).to_json()
    }
}
