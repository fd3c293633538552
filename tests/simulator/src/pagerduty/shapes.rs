//! References to things, and things that others refer to.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::company::Company;
use crate::company::calling::NOBODYS;
use crate::company::random::mix;
use crate::company::services::{Service, pager};

/// What addresses begin with that it gives out.
const API: &str = "https://api.pagerduty.example";
/// Where web pages would be; nobody answers there.
const WEB: &str = "https://clockwork-lighthouse.pagerduty.example";

/// `2026-11-21T10:00:00Z`.
pub(super) fn time(at: i64) -> String {
    DateTime::from_timestamp(at, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A name of so many letters and digits behind this one, made up from a number.
pub(super) fn id(prefix: &str, kind: u64, number: u64, length: u64) -> String {
    const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let word = mix(mix(number) ^ kind << 48);
    let letters = (0..length).map(|place| LETTERS[(mix(word ^ place) % 36) as usize] as char);
    format!("{prefix}{}", letters.collect::<String>())
}

/// A reference.
pub(super) fn reference(kind: &str, path: &str, web: &str, id: &str, summary: &str) -> Value {
    json!({
        "id": id,
        "type": format!("{kind}_reference"),
        "summary": summary,
        "self": format!("{API}/{path}/{id}"),
        "html_url": format!("{WEB}/{web}/{id}"),
    })
}

/// The address of a thing.
pub(super) fn address(path: &str, id: &str) -> String {
    format!("{API}/{path}/{id}")
}

/// The address of its page.
pub(super) fn page(path: &str, id: &str) -> String {
    format!("{WEB}/{path}/{id}")
}

/// Number of a person.
pub(super) fn user_id(company: &Company, person: usize) -> String {
    id("P", 1, company.people[person].id, 6)
}

/// What a person is called; some left their name out.
pub(super) fn user_name(company: &Company, person: usize) -> &str {
    let person = &company.people[person];
    person.name.as_deref().unwrap_or(&person.login)
}

pub(super) fn user(company: &Company, person: usize) -> Value {
    reference("user", "users", "users", &user_id(company, person), user_name(company, person))
}

/// Everything about a person.
pub(super) fn whole_user(company: &Company, person: usize) -> Value {
    let mut user = user(company, person);
    user["type"] = json!("user");
    for (name, value) in [
        ("name", json!(user_name(company, person))),
        ("email", json!(company.people[person].email)),
        ("time_zone", json!("Europe/Oslo")),
        ("color", json!("dark-slate-grey")),
        ("role", json!("limited_user")),
        ("avatar_url", json!(format!("{WEB}/avatars/{}.png", company.people[person].login))),
        ("description", Value::Null),
        ("invitation_sent", json!(false)),
        ("job_title", json!("Keeper")),
        ("teams", json!([])),
    ] {
        user[name] = value;
    }
    user
}

pub(super) fn team(company: &Company, group: usize) -> Value {
    let group = &company.groups[group];
    reference("team", "teams", "teams", &id("P", 2, group.id, 6), &group.name)
}

/// The team with this slug, if there is one.
pub(super) fn teams(company: &Company, slug: Option<&str>) -> Vec<Value> {
    let group = slug.and_then(|slug| company.groups.iter().position(|group| group.slug == slug));
    group.map(|group| team(company, group)).into_iter().collect()
}

/// The number of a service.
pub(super) fn id_of(company: &Company, service: &Service) -> String {
    pager(&company.repositories[service.repository])
}

pub(super) fn service(company: &Company, service: &Service) -> Value {
    let name = service.paged_as.as_deref().unwrap_or(NOBODYS);
    reference("service", "services", "service-directory", &id_of(company, service), name)
}

pub(super) fn policy_id(company: &Company, policy: usize) -> String {
    let group = company.calls().calling.policies[policy].group;
    id("P", 3, company.groups[group].id, 6)
}

/// A policy; a company too small for any has none.
pub(super) fn policy(company: &Company, policy: usize) -> Value {
    match company.calls().calling.policies.get(policy) {
        Some(known) => {
            let id = policy_id(company, policy);
            reference("escalation_policy", "escalation_policies", "escalation_policies", &id, &known.name)
        }
        None => Value::Null,
    }
}

pub(super) fn schedule(company: &Company, schedule: usize) -> Value {
    let known = &company.calls().calling.schedules[schedule];
    reference("schedule", "schedules", "schedules", &id("P", 4, schedule as u64, 6), &known.name)
}
