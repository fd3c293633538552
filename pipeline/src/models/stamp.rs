//! What a mart's Parquet footer says of how it was built: the one place that knows its keys.

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, BufReader, Read},
};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use crate::{engine::literal, lake::Footer};

/// Raise it when the runner comes to build something else from the same SQL and data: every mart is then stale.
const RUNNER_VERSION: &str = "1";

/// The input that tells when a file said what it says once more.
const RESTATED: &str = "restated";

/// How a file of a mart was built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Stands for everything the file was computed from.
    pub fingerprint: String,
    /// The same by input, to be able to say which changed.
    pub inputs: BTreeMap<String, String>,
    /// The newest date of the data in it.
    pub logical_date: Option<NaiveDate>,
    /// The names and SQL types of its columns.
    pub columns: Vec<(String, String)>,
}

impl Stamp {
    /// A stamp for what is about to be built; its columns are known once it is.
    pub fn new(mut inputs: BTreeMap<String, String>, logical_date: Option<NaiveDate>) -> Self {
        inputs.insert("almanac".to_owned(), RUNNER_VERSION.to_owned());
        let fingerprint = hex(&Sha256::digest(serde_json::to_vec(&inputs).expect("a map of texts is JSON")));
        Self { fingerprint, inputs, logical_date, columns: Vec::new() }
    }

    /// The stamp of a file that says once more, on another date, what it said: another than it had.
    #[must_use]
    pub fn restated(mut self, on: NaiveDate) -> Self {
        self.inputs.insert(RESTATED.to_owned(), on.to_string());
        Self::new(self.inputs, self.logical_date)
    }

    /// Whether it is of a file that says it once more.
    pub fn is_restated(&self) -> bool {
        self.inputs.contains_key(RESTATED)
    }

    /// What a published file says of itself; a file that does not say is taken for one of unknown make.
    pub fn read(footer: &Footer) -> Self {
        let get = |key: &str| footer.get(&format!("almanac.{key}"));
        Self {
            fingerprint: get("fingerprint").unwrap_or_default().to_owned(),
            inputs: get("inputs").and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
            logical_date: get("logical_date").and_then(|date| date.parse().ok()),
            columns: get("columns").and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
        }
    }

    /// The footer as an option of `copy … to`.
    pub fn kv_metadata(&self, model: &str) -> String {
        let json = |value: serde_json::Result<String>| value.expect("texts are JSON");
        let mut entries = vec![
            ("model", model.to_owned()),
            ("fingerprint", self.fingerprint.clone()),
            ("inputs", json(serde_json::to_string(&self.inputs))),
            ("columns", json(serde_json::to_string(&self.columns))),
            ("software_version", env!("CARGO_PKG_VERSION").to_owned()),
        ];
        entries.extend(self.logical_date.map(|date| ("logical_date", date.to_string())));
        let entries: Vec<String> = entries.iter().map(|(key, value)| format!("'almanac.{key}': {}", literal(value))).collect();
        format!("kv_metadata {{{}}}", entries.join(", "))
    }
}

/// Stands for some texts, in their order: 64 bits, enough to tell versions of one input apart.
pub fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize()[..8])
}

/// Stands for the content of a file, however long.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of(content: impl Read) -> io::Result<String> {
    let (mut hash, mut content) = (Sha256::new(), BufReader::with_capacity(1 << 20, content));
    loop {
        let part = content.fill_buf()?;
        if part.is_empty() {
            return Ok(hex(&hash.finalize()[..8]));
        }
        hash.update(part);
        let length = part.len();
        content.consume(length);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_changes_with_any_input_and_with_nothing_else() {
        let of = |sql: &str| Stamp::new(BTreeMap::from([("sql".into(), digest([sql]))]), None).fingerprint;
        assert_eq!(of("select 1"), of("select 1"));
        assert_ne!(of("select 1"), of("select 2"));
        assert_ne!(digest(["a", "bc"]), digest(["ab", "c"]));
    }

    #[test]
    fn texts_with_quotes_survive_as_an_option_of_copy() {
        let stamp = Stamp { columns: vec![("it's".into(), "varchar".into())], ..Stamp::default() };
        assert!(stamp.kv_metadata("fct_x").contains(r#"'almanac.columns': '[["it''s","varchar"]]'"#));
    }
}
