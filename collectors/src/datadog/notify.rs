//! Whom a monitor's message calls: its `@handles`, as kinds and targets.

use std::collections::BTreeSet;

use crate::privacy::Pseudonyms;

use super::person;

/// The word before the first dash of a handle that has a kind of its own; what follows names a service, a channel or a team.
const KINDS: [(&str, &str); 7] = [
    ("msteams", "teams"),
    ("opsgenie", "opsgenie"),
    ("pagerduty", "pagerduty"),
    ("slack", "slack"),
    ("team", "team"),
    ("teams", "teams"),
    ("webhook", "webhook"),
];

/// Likewise of what has no kind of its own. Whatever stands neither here nor above may be a person.
const OTHERS: [&str; 24] = [
    "all",
    "bigpanda",
    "case",
    "channel",
    "eventbridge",
    "everyone",
    "flowdock",
    "hangouts",
    "here",
    "hipchat",
    "incident",
    "jira",
    "lambda",
    "moogsoft",
    "oncall",
    "pushover",
    "servicenow",
    "sns",
    "sqs",
    "statuspage",
    "victorops",
    "workflow",
    "xmatters",
    "zendesk",
];

/// Somebody or something that is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// pagerduty, opsgenie, slack, teams, webhook, email, team, user or other.
    pub(super) kind: &'static str,
    /// Which; a pseudonym where it may be a person.
    pub(super) handle: String,
}

/// Whom a message calls, each once and in order.
pub(super) fn targets(pseudonyms: &Pseudonyms, message: &str) -> BTreeSet<Target> {
    let mut targets = BTreeSet::new();
    let mut told = 0;
    for (at, _) in message.match_indices('@') {
        if at < told || !may_begin(&message[..at]) {
            continue;
        }
        let handle = handle(&message[at + 1..]);
        told = at + 1 + handle.len();
        targets.extend(target(pseudonyms, handle));
    }
    targets
}

/// Whether a handle may begin after this text: not within a word, as in an address, and not within a variable.
fn may_begin(before: &str) -> bool {
    let opened = before.rfind("{{");
    if opened > before.rfind("}}") {
        return false;
    }
    if before.ends_with("}}") {
        // After a variable it is the rest of an address; after a condition it begins anew.
        return opened.is_none_or(|opened| is_condition(&before[opened + 2..]));
    }
    // Slack's own `<@name>` is none of Datadog's, nor is what stands in the address of a page.
    before.chars().next_back().is_none_or(|last| !last.is_alphanumeric() && !"._%+-@<\\/$&=#".contains(last))
}

/// Whether what begins behind two braces is no variable: `#is_alert`, `/is_alert`, `^is_alert`, `else`, a comment.
fn is_condition(inside: &str) -> bool {
    let inside = inside.trim_start();
    inside.starts_with(['#', '/', '^', '!']) || inside.starts_with("else")
}

/// The handle that this text begins with, its variables as they are written, without the punctuation behind it.
fn handle(text: &str) -> &str {
    let mut end = 0;
    while let Some(letter) = text[end..].chars().next() {
        if let Some(inside) = text[end..].strip_prefix("{{") {
            match inside.find("}}") {
                Some(length) if !is_condition(inside) => end += length + 4,
                _ => break,
            }
        } else if letter.is_whitespace() || "{},;()[]<>\"'`|*!?/\\".contains(letter) {
            break;
        } else {
            end += letter.len_utf8();
        }
    }
    text[..end].trim_end_matches(['.', ':', '…'])
}

fn target(pseudonyms: &Pseudonyms, handle: &str) -> Option<Target> {
    let fixed = without_variables(handle);
    // A colon stands in the facets of a query, such as `@http.status_code:500`.
    if handle.is_empty() || fixed.contains(':') {
        return None;
    }
    let (prefix, rest) = handle.split_once('-').unwrap_or((handle, ""));
    let prefix = prefix.to_ascii_lowercase();
    let kind = KINDS.iter().find_map(|&(word, kind)| (word == prefix).then_some(kind));
    let pseudonym = |kind| Some(Target { kind, handle: person(pseudonyms, Some(handle))?.to_string() });
    match (kind, fixed.find('@')) {
        // Somebody in a channel's stead: `@slack-clockwork-@ada`.
        (Some(kind), Some(at)) if fixed[..at].ends_with('-') => pseudonym(kind),
        (_, Some(_)) => pseudonym("email"),
        (Some(kind), None) => Some(Target { kind, handle: rest.to_owned() }),
        (None, None) if OTHERS.contains(&prefix.as_str()) || fixed.is_empty() => Some(Target { kind: "other", handle: handle.to_owned() }),
        (None, None) => pseudonym("user"),
    }
}

/// What of a handle does not depend on what the monitor finds.
fn without_variables(handle: &str) -> String {
    let mut fixed = String::new();
    let mut rest = handle;
    while let Some((before, variable)) = rest.split_once("{{") {
        fixed.push_str(before);
        rest = variable.split_once("}}").map_or("", |(_, after)| after);
    }
    fixed + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(message: &str) -> Vec<String> {
        targets(&Pseudonyms::new(&"key".into()), message).into_iter().map(|Target { kind, handle }| format!("{kind}:{handle}")).collect()
    }

    fn key(handle: &str) -> String {
        person(&Pseudonyms::new(&"key".into()), Some(handle)).unwrap().to_string()
    }

    #[test]
    fn every_kind_of_handle_is_told_apart() {
        for (message, kind) in [
            ("@pagerduty-Lamp_API", "pagerduty:Lamp_API"),
            ("@pagerduty", "pagerduty:"),
            ("@opsgenie-keepers", "opsgenie:keepers"),
            ("@slack-clockwork-lamp-alerts", "slack:clockwork-lamp-alerts"),
            ("@teams-keepers", "teams:keepers"),
            ("@msteams-keepers", "teams:keepers"),
            ("@webhook-tower", "webhook:tower"),
            ("@team-keepers", "team:keepers"),
            ("@oncall-keepers", "other:oncall-keepers"),
            ("@sns-topic", "other:sns-topic"),
            ("@workflow-Restart(lamp=\"1\")", "other:workflow-Restart"),
            ("@all", "other:all"),
        ] {
            assert_eq!(told(message), [kind], "{message}");
        }
    }

    #[test]
    fn people_and_addresses_are_pseudonyms() {
        assert_eq!(told("@ada@clockwork.example."), [format!("email:{}", key("ada@clockwork.example"))]);
        assert_eq!(told("@team-x@clockwork.example"), [format!("email:{}", key("team-x@clockwork.example"))], "a mailing list");
        assert_eq!(told("Notify @ada.lovelace"), [format!("user:{}", key("ada.lovelace"))]);
        assert_eq!(told("@anne-marie"), [format!("user:{}", key("anne-marie"))]);
        assert_eq!(told("@slack-clockwork-@ada"), [format!("slack:{}", key("slack-clockwork-@ada"))]);
        assert_eq!(told("@{{owner.name}}@clockwork.example"), [format!("email:{}", key("{{owner.name}}@clockwork.example"))]);
    }

    #[test]
    fn handles_are_found_among_words_conditions_and_variables() {
        let message =
            "{{#is_alert}}@pagerduty-Lamp{{/is_alert}} (see @slack-lamp, @slack-bell; @slack-lamp.)\n{{^is_alert}}\n@slack-quiet: hm\n";
        assert_eq!(told(message), ["pagerduty:Lamp", "slack:bell", "slack:lamp", "slack:quiet"]);
        assert_eq!(told("@slack-{{service.name}}!"), ["slack:{{service.name}}"]);
        assert_eq!(told("@slack-{{ service.name }}-alerts now"), ["slack:{{ service.name }}-alerts"]);
        assert_eq!(told("@slack-{{[@lamp.id].name}}"), ["slack:{{[@lamp.id].name}}"]);
        assert_eq!(told("@{{host.contact}}"), ["other:{{host.contact}}"]);
        assert_eq!(told("{{else}}@slack-bell"), ["slack:bell"]);
    }

    #[test]
    fn what_only_looks_like_a_handle_is_none() {
        for message in [
            "",
            "@",
            "@ slack",
            "ask ada@clockwork.example",
            "mail {{user.name}}@clockwork.example",
            "<@ada> in Slack",
            "logs with @http.status_code:500",
            "for {{[@lamp.id].name}}",
            "50 @{{#is_alert}}",
        ] {
            assert_eq!(told(message), [""; 0], "{message}");
        }
    }
}
