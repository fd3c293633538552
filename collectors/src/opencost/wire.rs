//! Answers as they came: taken apart where they stand, since an hour of a large cluster has tens of thousands of entries.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use http::StatusCode;
use serde::{Deserialize, de::Error};
use serde_json::value::RawValue;

use crate::http::Unread;

use super::values::{Given, NO_NUMBERS};

/// What an answer brought.
#[derive(Debug)]
pub(super) struct Answer {
    text: String,
    /// Where each part stands in it; nothing where the data is null.
    parts: Option<Vec<Range<usize>>>,
}

/// What data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// A list, one part a step.
    Steps,
    /// One part, or a list of them.
    Parts,
}

/// What is around the data. Kubecost has a status as well, which says the same as the code.
#[derive(Deserialize)]
struct Envelope<'a> {
    code: Option<u16>,
    #[serde(borrow, default)]
    data: Given<'a>,
    #[serde(borrow, default)]
    message: Given<'a>,
}

/// An entry's key: where it belongs, with slashes between.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The entries of a part by key; of two with the same key the last counts.
pub(super) type Entries<'a> = BTreeMap<Key<'a>, &'a RawValue>;

/// What a part of an answer is.
#[derive(Debug)]
pub(super) enum Part<'a> {
    Null,
    Entries(Entries<'a>),
    /// Not of the documented shape.
    Other,
}

impl Answer {
    /// Takes up an answer. Numbers that are none and stand in it as bare words make it no JSON: only then it is mended and read once more.
    ///
    /// # Errors
    /// When it is no JSON, of another shape, or says inside that it is a refusal.
    pub(super) fn read(text: String, data: Data) -> Result<Self, Unread> {
        let parts = match parts(&text, data) {
            Err(Unread::Json(error)) if error.is_syntax() => {
                let Some(mended) = quoted(&text) else { return Err(error.into()) };
                let parts = parts(&mended, data)?;
                return Ok(Self { text: mended, parts });
            }
            parts => parts?,
        };
        Ok(Self { text, parts })
    }

    /// Its parts, one after the other; nothing where the data is null.
    pub(super) fn parts(&self) -> Option<impl Iterator<Item = Part<'_>>> {
        let part = |at: &Range<usize>| match &self.text[at.clone()] {
            "null" => Part::Null,
            text => serde_json::from_str(text).map_or(Part::Other, Part::Entries),
        };
        Some(self.parts.as_ref()?.iter().map(part))
    }
}

/// Where the parts stand in an answer.
fn parts(text: &str, data: Data) -> Result<Option<Vec<Range<usize>>>, Unread> {
    let envelope: Envelope<'_> = serde_json::from_str(text)?;
    if let Some(status) = envelope.code.filter(|code| *code >= 400).and_then(|code| StatusCode::from_u16(code).ok()) {
        let message = envelope.message.raw().unwrap_or("null");
        return Err(Unread::Refused(status, format!("{{\"message\":{message}}}")));
    }
    let parts: Vec<&str> = match envelope.data.raw() {
        None => return Err(serde_json::Error::missing_field("data").into()),
        Some("null") => return Ok(None),
        Some(map) if data == Data::Parts && map.starts_with('{') => vec![map],
        Some(list) => serde_json::from_str::<Vec<&RawValue>>(list)?.into_iter().map(RawValue::get).collect(),
    };
    let at = |part: &str| {
        let start = part.as_ptr().addr() - text.as_ptr().addr();
        start..start + part.len()
    };
    Ok(Some(parts.into_iter().map(at).collect()))
}

/// The text with every bare word that stands for no number in quotes; nothing where there is none.
fn quoted(text: &str) -> Option<String> {
    let mut mended = String::new();
    let (mut told, mut at, mut is_string) = (0, 0, false);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if is_string => at += 1,
            b'"' => is_string = !is_string,
            b'N' | b'I' | b'-' | b'+' | b'n' if !is_string => {
                // The longest of them: there are words that begin with another one.
                let word = NO_NUMBERS.iter().filter(|word| bytes[at..].starts_with(word.as_bytes())).max_by_key(|word| word.len());
                if let Some(word) = word {
                    mended.push_str(&text[told..at]);
                    mended.extend(["\"", word, "\""]);
                    told = at + word.len();
                    at = told - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    (told > 0).then(|| mended + &text[told..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the parts of an answer are, in words.
    fn told(text: &str, data: Data) -> Result<Option<Vec<String>>, String> {
        let answer = Answer::read(text.to_owned(), data).map_err(|unread| match unread {
            Unread::Json(error) => format!("{:?}", error.classify()),
            Unread::Refused(status, body) => format!("{}: {body}", status.as_u16()),
        })?;
        let word = |part| match part {
            Part::Null => "null".to_owned(),
            Part::Other => "other".to_owned(),
            Part::Entries(entries) => entries.iter().map(|(key, raw)| format!("{}={}", key.0, raw.get())).collect::<Vec<_>>().join(" "),
        };
        Ok(answer.parts().map(|parts| parts.map(word).collect()))
    }

    fn some(parts: &[&str]) -> Result<Option<Vec<String>>, String> {
        Ok(Some(parts.iter().map(|&part| part.to_owned()).collect()))
    }

    #[test]
    fn an_answer_is_taken_apart_where_it_stands() {
        let text = r#" {"code": 200, "status": "success", "data": [{"b/\"c\"": 1, "a": {"x": [2]}}, null, {}, 7]} "#;
        assert_eq!(told(text, Data::Steps), some(&["a={\"x\": [2]} b/\"c\"=1", "null", "", "other"]));
        assert_eq!(told(r#"{"data": []}"#, Data::Steps), some(&[]));
        assert_eq!(told(r#"{"code": 200, "data": null}"#, Data::Steps), Ok(None), "nothing is known, which is not nothing");
        assert_eq!(told(r#"{"data": {"a": 1}}"#, Data::Parts), some(&["a=1"]));
        assert_eq!(told(r#"{"data": [{"a": 1}, {"b": 2}]}"#, Data::Parts), some(&["a=1", "b=2"]));
    }

    #[test]
    fn what_is_no_answer_is_not_taken_for_an_empty_one() {
        for (text, wrong) in [
            (r#"{"code": 200}"#, "Data"),
            (r#"{"data": {"a": 1}}"#, "Data"),
            (r#"{"data": "none"}"#, "Data"),
            ("[]", "Data"),
            ("<html>sign in</html>", "Syntax"),
            ("", "Eof"),
            (r#"{"data": [{"a": NaN}"#, "Eof"),
            (r#"{"data": [{"a": Nan}]}"#, "Syntax"),
        ] {
            assert_eq!(told(text, Data::Steps), Err(wrong.to_owned()), "{text}");
        }
        assert_eq!(
            told(r#"{"code":400,"message":"bad window","data":null}"#, Data::Steps),
            Err(r#"400: {"message":"bad window"}"#.to_owned())
        );
        assert_eq!(told(r#"{"code":500}"#, Data::Parts), Err(r#"500: {"message":null}"#.to_owned()));
    }

    #[test]
    fn numbers_that_are_none_cost_only_their_entry() {
        let text = r#"{"data":[{"NaN":{"x":NaN,"y":-Infinity,"z":"is \"NaN, or Infinity"},"b":[Infinity,-1,+Inf,null]}]}"#;
        let mended = r#"NaN={"x":"NaN","y":"-Infinity","z":"is \"NaN, or Infinity"} b=["Infinity",-1,"+Inf",null]"#;
        assert_eq!(told(text, Data::Steps), some(&[mended]));
        assert_eq!(quoted(r#"{"a": "NaN", "b": -1, "c": null}"#), None);
    }
}
