//! What is asked after the question mark of an address.

/// The parameters after the question mark.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Takes them apart.
    pub(crate) fn parse(text: &str) -> Query {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Query(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decoded(name), decoded(value))
                })
                .collect(),
        )
    }

    /// The value of one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The values of one that may be given many times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a comma-separated list names this value, or is not there at all.
    pub(crate) fn allows(&self, name: &str, value: &str) -> bool {
        self.get(name).is_none_or(|list| list.split(',').any(|one| one.trim() == value))
    }

    /// The same parameters but for one that is set, and some that are left out.
    pub(crate) fn with(&self, name: &str, value: &str, without: &[&str]) -> String {
        let kept = self.0.iter().filter(|(known, _)| known != name && !without.contains(&known.as_str()));
        let mut pairs: Vec<String> = kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        pairs.push(format!("{name}={}", encoded(value)));
        pairs.join("&")
    }
}

/// Text as it was before it was put into an address.
pub(crate) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let escaped = text.get(place + 1..place + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[place], escaped) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                place += 2;
            }
            (b'+', _) => plain.push(b' '),
            (byte, _) => plain.push(byte),
        }
        place += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b',' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_survive_the_way_into_a_link_and_back() {
        let query = Query::parse("state=open,fixed&after=Y3Vy%3D%3D&q=a+b");
        assert_eq!(query.get("after"), Some("Y3Vy=="));
        assert_eq!(query.get("q"), Some("a b"));
        assert!(query.allows("state", "fixed") && !query.allows("state", "dismissed") && query.allows("severity", "low"));
        assert_eq!(query.with("after", "x=", &["q"]), "state=open,fixed&after=x%3D");
    }
}
