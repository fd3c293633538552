//! Fields as they came, and what may stand in them. What cannot be is named and never made fit: a negative cost would make everything
//! around it look cheaper.

use std::ops::RangeInclusive;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::http::shape;

/// What a number may be.
pub(super) type Bounds = RangeInclusive<f64>;

/// Costs [USD]. No cluster costs a milliard in a day.
pub(super) const COST: Bounds = 0.0..=1e9;
/// What a bill adds to or takes from a cost [USD].
pub(super) const ADJUSTMENT: Bounds = -1e9..=1e9;
/// Cores, and GPUs likewise. The largest clusters have a million.
pub(super) const CORES: Bounds = 0.0..=1e7;
/// Bytes. More than nine exbibytes are in no cluster.
pub(super) const BYTES: Bounds = 0.0..=1e19;
/// Shares.
pub(super) const SHARE: Bounds = 0.0..=1.0;
/// How much longer than a step something may have run in it: Prometheus looks a little beyond both ends.
const BEYOND_A_STEP: f64 = 1.01;

/// So much over so many hours.
pub(super) fn over(hours: f64, bounds: &Bounds) -> Bounds {
    bounds.start() * hours * BEYOND_A_STEP..=bounds.end() * hours * BEYOND_A_STEP
}

/// The minutes that something can have been there within so many hours.
pub(super) fn minutes_of(hours: f64) -> Bounds {
    over(hours, &(0.0..=60.0))
}

/// What is wrong with a field, in words that go on from the name of its entry.
pub(super) type Fault = String;

/// A field as it came, if it did. It is looked into only when it is asked for, so that what is wrong can be told of that field alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given<'a>(Option<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Given<'a> {
    /// A null that is there is told from nothing.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
    }
}

impl<'a> From<&'a RawValue> for Given<'a> {
    fn from(raw: &'a RawValue) -> Self {
        Self(Some(raw))
    }
}

impl<'a> Given<'a> {
    /// A number that must be there.
    pub(super) fn needed(self, field: &str, bounds: &Bounds) -> Result<f64, Fault> {
        self.number(field, bounds)?.ok_or_else(|| missing(field))
    }

    /// A number that an older version does not have; where it is there, it is known.
    pub(super) fn number(self, field: &str, bounds: &Bounds) -> Result<Option<f64>, Fault> {
        self.0.map(|raw| number(raw.get(), bounds).map_err(|wrong| format!("{field} is {wrong}"))).transpose()
    }

    /// A number that may be null: it is not known then.
    pub(super) fn known(self, field: &str, bounds: &Bounds) -> Result<Option<f64>, Fault> {
        if self.is_null() { Ok(None) } else { self.number(field, bounds) }
    }

    /// What is no number, and unknown where it is null.
    pub(super) fn part<T: Deserialize<'a>>(self, field: &str) -> Result<Option<T>, Fault> {
        let read = |raw: &'a RawValue| {
            serde_json::from_str(raw.get()).map_err(|error| {
                let shape = shape(&error);
                let expected = shape.split_once(" at line").map_or(shape.as_str(), |(expected, _)| expected);
                format!("{field} is not of the documented shape ({expected})")
            })
        };
        self.0.filter(|_| !self.is_null()).map(read).transpose()
    }

    /// Likewise, where it must be there.
    pub(super) fn needed_part<T: Deserialize<'a>>(self, field: &str) -> Result<T, Fault> {
        self.part(field)?.ok_or_else(|| missing(field))
    }

    /// Its text, if it is there.
    pub(super) fn raw(self) -> Option<&'a str> {
        self.0.map(RawValue::get)
    }

    fn is_null(self) -> bool {
        self.raw() == Some("null")
    }
}

fn missing(field: &str) -> Fault {
    format!("{field} is missing")
}

/// A number within its bounds, or what it is instead.
fn number(raw: &str, bounds: &Bounds) -> Result<f64, String> {
    let told = || short(raw.trim_matches('"'));
    match raw.as_bytes() {
        b"null" => return Err("null".to_owned()),
        [b'"', word @ .., b'"'] if NO_NUMBERS.iter().any(|no_number| no_number.as_bytes() == word) => return Err(told()),
        // It may read as a number: whoever wrote it as text meant something else, or has not understood it either.
        [b'"', ..] => return Err(format!("text (`{}`)", told())),
        [b'-' | b'0'..=b'9', ..] => {}
        _ => return Err(format!("no number ({})", told())),
    }
    match raw.parse::<f64>() {
        Ok(value) if bounds.contains(&value) => Ok(value),
        Ok(value) if value < 0.0 && *bounds.start() >= 0.0 => Err(format!("negative ({})", told())),
        _ => Err(format!("beyond what can be ({})", told())),
    }
}

/// What programs write that are not held to JSON, or have no better word in it.
pub(super) const NO_NUMBERS: [&str; 8] = ["NaN", "Infinity", "-Infinity", "+Infinity", "Inf", "-Inf", "+Inf", "nan"];

/// A value or a name, cut to what a ledger can bear, and without addresses of people.
fn short(text: &str) -> String {
    cut(text, 24)
}

/// The beginning of a text.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        _ if text.contains('@') => "…".to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A name that stands for something: what has none is called by a word between double underscores, or not at all.
pub(super) fn named(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.is_empty() && special(name).is_none())
}

/// The word between double underscores: `idle` of `__idle__`.
pub(super) fn special(name: &str) -> Option<&str> {
    name.strip_prefix("__")?.strip_suffix("__").filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct One<'a> {
        #[serde(borrow)]
        cost: Given<'a>,
    }

    fn with<T>(json: &str, read: impl Fn(Given<'_>) -> T) -> T {
        read(serde_json::from_str::<One<'_>>(json).unwrap().cost)
    }

    #[test]
    fn a_number_is_taken_as_it_is_and_nothing_else_is_one() {
        let number = |text: &str| with(&format!("{{\"cost\": {text}}}"), |cost| cost.number("cost", &COST));
        for (text, value) in [("0", 0.0), ("-0.0", 0.0), ("3.25", 3.25), ("1e9", 1e9), ("2E-3", 0.002)] {
            assert_eq!(number(text), Ok(Some(value)), "{text}");
        }
        for (text, wrong) in [
            ("-3.2", "cost is negative (-3.2)"),
            ("1e300", "cost is beyond what can be (1e300)"),
            ("1e999", "cost is beyond what can be (1e999)"),
            ("-1e999", "cost is negative (-1e999)"),
            ("null", "cost is null"),
            ("\"NaN\"", "cost is NaN"),
            ("\"-Infinity\"", "cost is -Infinity"),
            ("\"3.25\"", "cost is text (`3.25`)"),
            ("\"ask ada@clockwork.example\"", "cost is text (`…`)"),
            ("\"a text that is far too long for a ledger\"", "cost is text (`a text that is far too l…`)"),
            ("true", "cost is no number (true)"),
            ("[1]", "cost is no number ([1])"),
            ("{}", "cost is no number ({})"),
        ] {
            assert_eq!(number(text), Err(wrong.to_owned()), "{text}");
        }
        assert_eq!(with(r#"{"cost": -5}"#, |cost| cost.number("cost", &ADJUSTMENT)), Ok(Some(-5.0)));
        assert_eq!(with(r#"{"cost": -5e9}"#, |cost| cost.number("cost", &ADJUSTMENT)), Err("cost is beyond what can be (-5e9)".to_owned()));
    }

    #[test]
    fn what_is_not_there_is_told_from_what_is_null() {
        assert_eq!(with("{}", |cost| cost.number("cost", &COST)), Ok(None), "an older version has no such part");
        assert_eq!(with("{}", |cost| cost.needed("cost", &COST)), Err("cost is missing".to_owned()));
        assert_eq!(with(r#"{"cost": null}"#, |cost| cost.needed("cost", &COST)), Err("cost is null".to_owned()));
        assert_eq!(with(r#"{"cost": null}"#, |cost| cost.known("cost", &COST)), Ok(None));
        assert!(with(r#"{"cost": "x"}"#, |cost| cost.known("cost", &COST)).is_err());
    }

    #[test]
    fn a_part_of_another_shape_is_named_without_what_stands_in_it() {
        let map = |json: &str| with(json, |part| part.part::<BTreeMap<String, String>>("labels"));
        assert_eq!(map(r#"{"cost": null}"#), Ok(None));
        assert_eq!(map(r#"{"cost": {"app": "pay"}}"#).unwrap().unwrap()["app"], "pay");
        assert_eq!(map(r#"{"cost": 5}"#), Err("labels is not of the documented shape (expected a map)".to_owned()));
        assert_eq!(map(r#"{"cost": {"app": 5}}"#), Err("labels is not of the documented shape (expected a string)".to_owned()));
        assert_eq!(with("{}", |part| part.needed_part::<String>("start")), Err("start is missing".to_owned()));
    }

    #[test]
    fn hours_bound_what_can_be_used_in_them() {
        assert!(minutes_of(1.0).contains(&60.5) && !minutes_of(1.0).contains(&61.0));
        assert!(over(24.0, &CORES).contains(&24e7) && !over(1.0, &CORES).contains(&24e7));
    }

    #[test]
    fn special_names_name_nothing() {
        assert_eq!(
            (special("__load_balancer__"), special("____"), special("__x"), special("pay")),
            (Some("load_balancer"), None, None, None)
        );
        let name = |text: &str| named(Some(text.to_owned()));
        assert_eq!((name("pay").as_deref(), name("__unallocated__"), name("")), (Some("pay"), None, None));
    }
}
