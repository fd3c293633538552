//! Tokens, and what each may do.

use crate::company::random::mix;

/// Something that a token may be made without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Permission {
    /// To read Dependabot alerts, of the organisation and of repositories.
    DependabotAlerts,
    /// To read the values of custom properties.
    CustomProperties,
    /// To read pull requests.
    PullRequests,
    /// To read branch protection, who may bypass rulesets, and a repository's security settings.
    Administration,
    /// To read code scanning alerts, of the organisation and of repositories.
    CodeScanningAlerts,
    /// To read secret scanning alerts, of the organisation and of repositories.
    SecretScanningAlerts,
    /// To read the organisation's teams and who is in them.
    Members,
    /// To read files.
    Contents,
}

/// A token's letters follow from its place here: new ones come last.
const ALL: [Permission; 8] = [
    Permission::DependabotAlerts,
    Permission::CustomProperties,
    Permission::PullRequests,
    Permission::Administration,
    Permission::CodeScanningAlerts,
    Permission::SecretScanningAlerts,
    Permission::Members,
    Permission::Contents,
];

/// A token that was sent, known to be valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearer {
    /// Which token it is; each has an allowance of its own.
    pub(crate) place: usize,
    lacks: Option<Permission>,
}

impl Bearer {
    /// Whether it may do this.
    pub(crate) fn may(self, permission: Permission) -> bool {
        self.lacks != Some(permission)
    }
}

/// Every valid token: one that may do everything, and one without each permission.
pub(crate) struct Access {
    tokens: Vec<(String, Option<Permission>)>,
}

impl Access {
    /// Makes the tokens up.
    pub(crate) fn new(seed: u64) -> Access {
        let tokens = std::iter::once(None)
            .chain(ALL.into_iter().map(Some))
            .enumerate()
            .map(|(place, lacks)| (token(seed, place as u64), lacks))
            .collect();
        Access { tokens }
    }

    /// The one that may do everything.
    pub(crate) fn token(&self) -> &str {
        &self.tokens[0].0
    }

    /// The one that may do everything else.
    pub(crate) fn token_without(&self, permission: Permission) -> &str {
        self.tokens.iter().find(|(_, lacks)| *lacks == Some(permission)).map_or(self.token(), |(token, _)| token)
    }

    /// All of them.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|(token, _)| token.as_str())
    }

    /// Whose token an `Authorization` header holds, in either of the two spellings GitHub accepts.
    pub(crate) fn bearer(&self, authorization: Option<&str>) -> Option<Bearer> {
        let (scheme, sent) = authorization?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") && !scheme.eq_ignore_ascii_case("token") {
            return None;
        }
        self.tokens.iter().position(|(token, _)| token == sent.trim()).map(|place| Bearer { place, lacks: self.tokens[place].1 })
    }
}

fn token(seed: u64, place: u64) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letters = (0..36).map(|letter| LETTERS[(mix(mix(seed ^ place << 32) ^ letter) % 62) as usize] as char);
    format!("ghp_{}", letters.collect::<String>())
}
