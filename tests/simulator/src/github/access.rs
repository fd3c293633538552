//! Tokens, and what each may do.

use crate::company::identity::Identity;
use crate::company::present::{Moment, Present};
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
    /// To read files, and releases.
    Contents,
    /// To read workflow runs.
    Actions,
    /// To read deployments.
    Deployments,
}

impl Permission {
    /// The vendor's word for it where a repository gives it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Permission::DependabotAlerts => "vulnerability_alerts",
            Permission::CustomProperties => "repository_custom_properties",
            Permission::PullRequests => "pull_requests",
            Permission::Administration => "administration",
            Permission::CodeScanningAlerts => "security_events",
            Permission::SecretScanningAlerts => "secret_scanning_alerts",
            Permission::Members => "members",
            Permission::Contents => "contents",
            Permission::Actions => "actions",
            Permission::Deployments => "deployments",
        }
    }

    /// The vendor's word for it where the organisation gives it.
    pub(crate) fn name_of_organization(self) -> &'static str {
        match self {
            Permission::CustomProperties => "organization_custom_properties",
            Permission::Administration => "organization_administration",
            other => other.name(),
        }
    }
}

/// A token's letters follow from its place here: new ones come last.
pub(crate) const ALL: [Permission; 10] = [
    Permission::DependabotAlerts,
    Permission::CustomProperties,
    Permission::PullRequests,
    Permission::Administration,
    Permission::CodeScanningAlerts,
    Permission::SecretScanningAlerts,
    Permission::Members,
    Permission::Contents,
    Permission::Actions,
    Permission::Deployments,
];

/// What kind of token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person's.
    Personal,
    /// What an App signed to say who it is.
    App,
    /// What an App got for one of its installations.
    Installation,
}

/// A token that was sent, known to be valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearer {
    /// Which token it is: people's first, then the App's own, then those of its installations as they were made.
    pub(crate) place: usize,
    /// What kind of token it is.
    pub(crate) kind: Kind,
    lacks: Option<Permission>,
    /// Whose installation it is of; a person sees every organisation.
    installation: Option<&'static Identity>,
}

/// What an allowance is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Allowance {
    /// The token at this place.
    Token(usize),
    /// All tokens of the installation in the organisation with this number.
    Installation(u64),
}

/// The place of what the App signs.
const OF_APP: usize = 1 + ALL.len();
/// The first place of the installations' tokens.
const OF_INSTALLATION: usize = OF_APP + 1;

impl Bearer {
    /// Whether it may do this.
    pub(crate) fn may(self, permission: Permission) -> bool {
        self.lacks != Some(permission)
    }

    /// What the App signed.
    pub(crate) fn of_app() -> Bearer {
        Bearer { place: OF_APP, kind: Kind::App, lacks: None, installation: None }
    }

    /// The token that was made as the `nth`, for the installation in this organisation.
    pub(crate) fn of_installation(nth: usize, identity: &'static Identity) -> Bearer {
        Bearer { place: OF_INSTALLATION + nth, kind: Kind::Installation, lacks: None, installation: Some(identity) }
    }

    /// Whose allowance it takes from: each token of a person has its own, those of an installation share one.
    pub(crate) fn allowance(self) -> Allowance {
        self.installation.map_or(Allowance::Token(self.place), |identity| Allowance::Installation(identity.id))
    }

    /// The organisations that it sees: all of them, or the one of its installation.
    pub(crate) fn organizations(self, moment: &Moment) -> impl Iterator<Item = &Present> {
        moment.companies().filter(move |present| self.installation.is_none_or(|own| own == present.company.identity))
    }

    /// The organisation of this login, if it sees it.
    pub(crate) fn organization<'a>(self, moment: &'a Moment, login: &str) -> Option<&'a Present> {
        self.organizations(moment).find(|present| present.company.identity.login.eq_ignore_ascii_case(login))
    }

    /// The first organisation that it sees: that of its installation, if it has one.
    pub(crate) fn home(self, moment: &Moment) -> &Present {
        self.organizations(moment).next().unwrap_or(moment.first())
    }

    /// What the vendor says to one that may not.
    pub(crate) fn refusal(self) -> &'static str {
        match self.kind {
            Kind::Personal => "Resource not accessible by personal access token",
            Kind::App | Kind::Installation => "Resource not accessible by integration",
        }
    }

    /// The scopes of a classic token; other kinds have permissions instead.
    pub(crate) fn scopes(self) -> Option<String> {
        let lost = match self.lacks {
            None => "",
            Some(Permission::Members) => "read:org",
            Some(Permission::DependabotAlerts | Permission::CodeScanningAlerts | Permission::SecretScanningAlerts) => "security_events",
            Some(_) => "repo",
        };
        let kept = SCOPES.into_iter().filter(|scope| *scope != lost).collect::<Vec<_>>();
        (self.kind == Kind::Personal).then(|| kept.join(", "))
    }
}

/// The scopes of a token that may do everything.
const SCOPES: [&str; 4] = ["repo", "read:org", "security_events", "read:user"];

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
            .map(|(place, lacks)| (letters("ghp_", seed, place as u64), lacks))
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

    /// Which of a person's tokens this is.
    pub(crate) fn bearer(&self, sent: &str) -> Option<Bearer> {
        let place = self.tokens.iter().position(|(token, _)| token == sent)?;
        Some(Bearer { place, kind: Kind::Personal, lacks: self.tokens[place].1, installation: None })
    }
}

/// What an `Authorization` header holds, in either of the two spellings GitHub accepts.
pub(crate) fn sent(authorization: &str) -> Option<&str> {
    let (scheme, sent) = authorization.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")).then_some(sent.trim())
}

/// A token that begins with this.
pub(crate) fn letters(prefix: &str, seed: u64, place: u64) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letters = (0..36).map(|letter| LETTERS[(mix(mix(seed ^ place << 32) ^ letter) % 62) as usize] as char);
    format!("{prefix}{}", letters.collect::<String>())
}
