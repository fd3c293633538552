//! What is declared in words and becomes rows: checks by their headers, and the user's `waivers.toml` and `campaigns.toml`.
//!
//! Each is a table of constants that any SQL can join: `reference.checks`, `reference.waivers`, `reference.campaigns`,
//! `reference.campaign_checks` and `reference.campaign_targets`. Without waivers or campaigns theirs hold no row.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use serde::{Deserialize, de::DeserializeOwned};
use toml::Spanned;

use crate::engine::literal;

use super::{
    catalog::Check,
    files::{FileError, Reference, SqlFile},
    header::HeaderError,
    nearest,
};

/// The table of what checks say of themselves.
pub const CHECKS: &str = "reference.checks";
/// The view of all checks, one below the other.
pub const ANSWERS: &str = "int_check_answers";
/// The view of whom checks are asked of.
pub const SUBJECTS: &str = "int_check_subjects";
/// The columns that a check returns.
pub const CHECK_COLUMNS: [&str; 4] = ["subject_id", "status", "reason", "evidence"];

const WAIVERS: &str = "waivers.toml";
const CAMPAIGNS: &str = "campaigns.toml";

/// Why a file of waivers or campaigns does not count.
#[derive(Debug, thiserror::Error)]
pub enum DeclaredError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A line of it is wrong.
    #[error(transparent)]
    Line(#[from] HeaderError),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waivers {
    #[serde(default)]
    waiver: Vec<Spanned<Waiver>>,
}

/// Somebody lets a subject off a check until a day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    check: String,
    subject: String,
    reason: String,
    approver: String,
    ticket: String,
    expires: toml::value::Datetime,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Campaigns {
    #[serde(default)]
    campaign: Vec<Spanned<Campaign>>,
}

/// Some checks that some subjects are to pass by a day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Campaign {
    id: String,
    title: String,
    checks: Vec<String>,
    owner: String,
    starts: toml::value::Datetime,
    deadline: toml::value::Datetime,
    #[serde(default)]
    target: Target,
}

/// Whom a campaign is about: within a key any of the values, and all of the keys.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    team: Option<Vec<String>>,
    tier: Option<Vec<String>>,
    subject: Option<Vec<String>>,
    pci: Option<bool>,
}

/// `reference.checks`: what the headers say, and what stands for the rule that each follows.
pub fn checks(checks: &[Check], rule: impl Fn(&Check) -> String) -> Reference {
    let mut table =
        Csv::of("reference/checks", "check_id,title,question,area,subject_type,severity,level,applies_to,remedy,owner,version,rule_digest");
    for check @ Check { name, header, .. } in checks {
        let (version, rule) = (header.version.to_string(), rule(check));
        table.row(&[
            name,
            &header.title,
            &header.question,
            &header.area,
            &header.subject,
            &header.weight,
            &header.level,
            &header.applies_to,
            &header.remedy,
            &header.owner,
            &version,
            &rule,
        ]);
    }
    table.reference()
}

/// The view of all checks as SQL: a failure of one is the failure of all, so the runner fills a table of this shape check by check instead.
pub fn answers(checks: &[Check]) -> SqlFile {
    let mut text =
        "-- One row per check and subject, as the checks under sql/checks and the user's answer for the newest date that is built.\n\
                    -- grain: check_id, subject_id\n-- kind: view\n-- owner: platform\n-- columns:\n\
                    --   check_id      the check\n--   subject_id    service, or full name of the repository\n\
                    --   status        pass, fail, not_applicable or unknown; error where the check itself failed\n\
                    --   reason        why\n--   evidence      what was concluded from (JSON text)\n"
            .to_owned();
    let selects: Vec<String> = checks.iter().map(|check| select(check, check.file.statement())).collect();
    text.push_str(&selects.join("\nunion all\n"));
    SqlFile { path: format!("{ANSWERS}.sql"), text: text.into() }
}

/// The answers of one check, its SQL beginning on the second line.
fn select(check: &Check, statement: &str) -> String {
    let (before, after) = around(check);
    format!("{before}\n{statement}\n{after}")
}

/// What stands before and after a check's SQL to make it answers.
pub fn around(check: &Check) -> (String, &'static str) {
    let columns = CHECK_COLUMNS.map(|column| format!("cast({column} as varchar) as {column}"));
    (format!("select cast({} as varchar) as check_id, {} from (", literal(&check.name), columns.join(", ")), ") as answers")
}

/// The tables of waivers and campaigns, from the files beside `almanac.toml` in `root`.
///
/// # Errors
/// When a file is no TOML, lacks a key, names a check that is not there, or says a thing twice.
pub fn policies(root: &Path, checks: &[Check]) -> Result<Vec<Reference>, DeclaredError> {
    let mut references = vec![waivers(root, checks)?];
    references.extend(campaigns(root, checks)?);
    Ok(references)
}

fn waivers(root: &Path, checks: &[Check]) -> Result<Reference, DeclaredError> {
    let file = Declared::<Waivers>::read(root, WAIVERS)?;
    let mut table = Csv::of("reference/waivers", "waiver_id,check_id,subject,reason,approver,ticket,expires,file,line");
    let mut known = BTreeSet::new();
    for spanned in &file.content.waiver {
        let (line, waiver) = (file.line(spanned), spanned.as_ref());
        file.know(line, &waiver.check, checks)?;
        for (key, value) in
            [("subject", &waiver.subject), ("reason", &waiver.reason), ("approver", &waiver.approver), ("ticket", &waiver.ticket)]
        {
            file.filled(line, key, value)?;
        }
        let id = format!("{}:{}", waiver.check, waiver.subject);
        if !known.insert(id.clone()) {
            return Err(file.error(
                line,
                format!("the check `{}` is waived twice for `{}`", waiver.check, waiver.subject),
                "keep one of the two",
            ));
        }
        let expires = file.date(line, "expires", waiver.expires)?;
        table.row(&[
            &id,
            &waiver.check,
            &waiver.subject,
            &waiver.reason,
            &waiver.approver,
            &waiver.ticket,
            &expires.to_string(),
            WAIVERS,
            &line.to_string(),
        ]);
    }
    Ok(table.reference())
}

fn campaigns(root: &Path, checks: &[Check]) -> Result<[Reference; 3], DeclaredError> {
    let file = Declared::<Campaigns>::read(root, CAMPAIGNS)?;
    let mut table = Csv::of("reference/campaigns", "campaign_id,title,owner,starts,deadline,file,line");
    let mut asked = Csv::of("reference/campaign_checks", "campaign_id,check_id");
    let mut targets = Csv::of("reference/campaign_targets", "campaign_id,field,value");
    let mut known = BTreeSet::new();
    for spanned in &file.content.campaign {
        let (line, campaign) = (file.line(spanned), spanned.as_ref());
        for (key, value) in [("id", &campaign.id), ("title", &campaign.title), ("owner", &campaign.owner)] {
            file.filled(line, key, value)?;
        }
        if !known.insert(campaign.id.as_str()) {
            return Err(file.error(line, format!("the campaign `{}` stands twice", campaign.id), "give one of the two another id"));
        }
        let (starts, deadline) = (file.date(line, "starts", campaign.starts)?, file.date(line, "deadline", campaign.deadline)?);
        if deadline < starts {
            return Err(file.error(line, format!("`{}` ends before it starts", campaign.id), "write a `deadline` after `starts`"));
        }
        if campaign.checks.is_empty() {
            return Err(file.error(line, format!("`{}` asks for no check", campaign.id), "name one at least in `checks`"));
        }
        table.row(&[
            &campaign.id,
            &campaign.title,
            &campaign.owner,
            &starts.to_string(),
            &deadline.to_string(),
            CAMPAIGNS,
            &line.to_string(),
        ]);
        for check in &campaign.checks.iter().collect::<BTreeSet<_>>() {
            file.know(line, check, checks)?;
            asked.row(&[&campaign.id, check]);
        }
        let Target { team, tier, subject, pci } = &campaign.target;
        for (field, values) in [("team", team), ("tier", tier), ("subject", subject)] {
            let Some(values) = values else { continue };
            if values.is_empty() {
                return Err(file.error(
                    line,
                    format!("the target `{field}` of `{}` is empty", campaign.id),
                    "name one at least, or leave it out",
                ));
            }
            for value in values {
                file.filled(line, field, value)?;
                targets.row(&[&campaign.id, field, value]);
            }
        }
        if let Some(pci) = pci {
            targets.row(&[&campaign.id, "pci", &pci.to_string()]);
        }
    }
    Ok([table.reference(), asked.reference(), targets.reference()])
}

/// A TOML file of the user's; one that is not there declares nothing.
struct Declared<T> {
    name: &'static str,
    text: String,
    content: T,
}

impl<T: DeserializeOwned + Default> Declared<T> {
    fn read(root: &Path, name: &'static str) -> Result<Self, DeclaredError> {
        let path: PathBuf = root.join(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(FileError::new(path, source).into()),
        };
        let mut file = Self { name, text, content: T::default() };
        file.content = toml::from_str(&file.text).map_err(|error| {
            let line = error.span().map_or(1, |span| file.line_of(span.start));
            file.error(line, error.message().lines().collect::<Vec<_>>().join(" "), "the README shows every key")
        })?;
        Ok(file)
    }

    fn line_of(&self, position: usize) -> usize {
        1 + self.text.bytes().take(position).filter(|byte| *byte == b'\n').count()
    }

    fn line<V>(&self, spanned: &Spanned<V>) -> usize {
        self.line_of(spanned.span().start)
    }

    fn error(&self, line: usize, problem: String, remedy: &str) -> DeclaredError {
        HeaderError { file: self.name.to_owned(), line, problem, remedy: remedy.to_owned() }.into()
    }

    /// Refuses a check that is not there: what was meant to be waived or worked for would silently not be.
    fn know(&self, line: usize, name: &str, checks: &[Check]) -> Result<(), DeclaredError> {
        if checks.iter().any(|check| check.name == name) {
            return Ok(());
        }
        let near = nearest(name, checks.iter().map(|check| check.name.as_str()));
        let remedy = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`almanac tables` lists the checks".to_owned(),
        };
        Err(self.error(line, format!("there is no check `{name}`"), &remedy))
    }

    fn filled(&self, line: usize, key: &str, value: &str) -> Result<(), DeclaredError> {
        match value.trim().is_empty() {
            true => Err(self.error(line, format!("`{key}` is empty"), &format!("write who or what it is: `{key}` is asked for later"))),
            false => Ok(()),
        }
    }

    fn date(&self, line: usize, key: &str, value: toml::value::Datetime) -> Result<NaiveDate, DeclaredError> {
        let date = value.date.filter(|_| value.time.is_none());
        let date = date.and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
        date.ok_or_else(|| self.error(line, format!("`{key}` is not a date"), &format!("write `{key} = 2026-12-31`, without quotes")))
    }
}

/// Constants in the making.
struct Csv {
    path: String,
    text: String,
}

impl Csv {
    fn of(name: &str, heading: &str) -> Self {
        Self { path: format!("{name}.csv"), text: format!("{heading}\n") }
    }

    fn row(&mut self, values: &[&str]) {
        let quoted: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
        self.text.push_str(&quoted.join(","));
        self.text.push('\n');
    }

    fn reference(self) -> Reference {
        Reference::Constants(SqlFile { path: self.path, text: self.text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::CheckHeader;
    use super::*;

    fn check(name: &str) -> Check {
        let text = "-- title: T\n-- question: Q?\n-- area: ensure\n-- subject: service\n-- weight: high\n-- level: gold\n\
                    -- applies_to: all\n-- remedy: mend \"it\", now\n-- owner: us\n-- version: 2\nselect 1";
        let file = SqlFile { path: format!("checks/{name}.sql"), text: text.into() };
        Check { name: name.to_owned(), header: CheckHeader::parse(&file.path, text).unwrap(), reads: Default::default(), file }
    }

    fn text(reference: &Reference) -> &str {
        match reference {
            Reference::Constants(file) => &file.text,
            Reference::Data(_) => panic!("they are constants"),
        }
    }

    const WAIVER: &str = "\n[[waiver]]\ncheck = \"owned\"\nsubject = \"lamp-*\"\nreason = \"moving\"\napprover = \"harbour\"\nticket = \"LAMP-1\"\nexpires = 2026-12-31\n";
    const CAMPAIGN: &str = "[[campaign]]\nid = \"own\"\ntitle = \"Own it\"\nchecks = [\"owned\"]\nowner = \"platform\"\nstarts = 2026-11-01\ndeadline = 2026-12-31\n\
                            target = { tier = [\"1\"], pci = true }\n";

    #[test]
    fn what_is_declared_becomes_rows_and_nothing_becomes_none() {
        let root = tempfile::tempdir().unwrap();
        let checks = [check("owned")];
        let empty = policies(root.path(), &checks).unwrap();
        assert!(empty.iter().all(|table| text(table).lines().count() == 1));
        assert_eq!(empty.iter().map(Reference::path).next(), Some("reference/waivers.csv"));

        fs::write(root.path().join(WAIVERS), WAIVER).unwrap();
        fs::write(root.path().join(CAMPAIGNS), CAMPAIGN).unwrap();
        let tables = policies(root.path(), &checks).unwrap();
        let rows: Vec<Option<&str>> = tables.iter().map(|table| text(table).lines().nth(1)).collect();
        assert_eq!(rows[0], Some(r#""owned:lamp-*","owned","lamp-*","moving","harbour","LAMP-1","2026-12-31","waivers.toml","2""#));
        assert_eq!(rows[1], Some(r#""own","Own it","platform","2026-11-01","2026-12-31","campaigns.toml","1""#));
        assert_eq!(rows[2], Some(r#""own","owned""#));
        assert_eq!(text(&tables[3]).lines().skip(1).collect::<Vec<_>>(), [r#""own","tier","1""#, r#""own","pci","true""#]);
        let declared = super::checks(&checks, |check| format!("of {}", check.name));
        assert!(text(&declared).ends_with("\"mend \"\"it\"\", now\",\"us\",\"2\",\"of owned\"\n"));
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_file_and_line() {
        let root = tempfile::tempdir().unwrap();
        let told = |file: &str, content: String| {
            fs::write(root.path().join(file), content).unwrap();
            let error = policies(root.path(), &[check("owned")]).err().unwrap();
            fs::remove_file(root.path().join(file)).unwrap();
            error.to_string()
        };
        for (from, to, problem) in [
            ("\"owned\"", "\"owner\"", "`waivers.toml`, line 2: there is no check `owner`"),
            ("\"LAMP-1\"", "\" \"", "`waivers.toml`, line 2: `ticket` is empty"),
            ("2026-12-31", "2026-12-31T10:00:00Z", "`waivers.toml`, line 2: `expires` is not a date"),
            ("2026-12-31", "\"soon\"", "`waivers.toml`, line 8: invalid type: string \"soon\", expected a TOML datetime"),
            (
                "ticket",
                "tickets",
                "`waivers.toml`, line 7: unknown field `tickets`, expected one of `check`, `subject`, `reason`, `approver`, `ticket`, `expires`",
            ),
        ] {
            assert_eq!(told(WAIVERS, WAIVER.replace(from, to)), problem);
        }
        assert_eq!(told(WAIVERS, format!("{WAIVER}{WAIVER}")), "`waivers.toml`, line 10: the check `owned` is waived twice for `lamp-*`");
        for (from, to, problem) in [
            ("deadline = 2026-12", "deadline = 2026-10", "`campaigns.toml`, line 1: `own` ends before it starts"),
            ("[\"owned\"]", "[]", "`campaigns.toml`, line 1: `own` asks for no check"),
            ("[\"1\"]", "[]", "`campaigns.toml`, line 1: the target `tier` of `own` is empty"),
            ("[\"1\"]", "[\" \"]", "`campaigns.toml`, line 1: `tier` is empty"),
            ("[\"owned\"]", "[\"x\"]", "`campaigns.toml`, line 1: there is no check `x`"),
        ] {
            assert_eq!(told(CAMPAIGNS, CAMPAIGN.replace(from, to)), problem);
        }
    }
}
