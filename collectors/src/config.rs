//! What the settings of all sources have in common.

/// Whether a setting is an address.
pub(crate) fn address(key: &str, text: &str) -> Result<(), String> {
    match url::Url::parse(text) {
        Ok(url) if url.has_host() => Ok(()),
        Ok(_) => Err(format!("`{key}` is not an address: no host in `{text}`")),
        Err(error) => Err(format!("`{key}` is not an address: {error}")),
    }
}

/// Whether a setting is more than nothing.
pub(crate) fn positive(key: &str, number: u64, good: u64) -> Result<(), String> {
    if number == 0 { Err(format!("`{key}` is 0; {good} is a good number")) } else { Ok(()) }
}
