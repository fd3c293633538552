//! `build`: write what is stale in a private database, audit it, and only then publish.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ModelError,
    audit::{self, Finding, Verdict},
    catalog::{Assertion, Catalog, Model},
    declared,
    graph::Inputs,
    header::Severity,
    past::Past,
    plan::{self, ALWAYS, Files, Marts, Planned, Published, Window, Wish},
    reads::Reads,
    sources::{self, Sources},
    workbench::{Built, Columns, Workbench},
};
use crate::{
    config::Config,
    engine::{Clock, Engine},
    exit::{Exit, one_line},
    lake::{Lake, Listing, Object},
    ledger::{self, Ledger, Step, StepStatus as Status},
    progress::Talk,
};

/// What to build, and when it is.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// These models, as `fct_x`, `+fct_x`, `fct_x+`, with commas between them; all when not given.
    pub select: Option<String>,
    /// Daily models from this date on, stale or not.
    pub from: Option<NaiveDate>,
    /// Daily models to this date, stale or not.
    pub to: Option<NaiveDate>,
    /// Everything, stale or not.
    pub full: bool,
    /// Say what would be built and why, and build nothing.
    pub explain: bool,
    /// The date the run works for.
    pub logical_date: NaiveDate,
    /// The moment it began.
    pub now: DateTime<Utc>,
}

impl BuildOptions {
    /// Whatever is stale, as of a date.
    pub fn of(logical_date: NaiveDate, now: DateTime<Utc>) -> Self {
        Self { select: None, from: None, to: None, full: false, explain: false, logical_date, now }
    }
}

/// What a build did, or would do.
#[derive(Debug)]
pub struct BuildReport {
    /// Each stored model that was selected, in the order of building.
    pub models: Vec<ModelReport>,
    /// Each assertion that was put to the test.
    pub findings: Vec<Finding>,
}

/// What became of one model.
#[derive(Debug)]
pub struct ModelReport {
    /// Its name.
    pub model: String,
    /// How it stands now.
    pub state: State,
    /// What changed since it was built, or why it was not built.
    pub why: Vec<String>,
    /// The dates that were or would be built, of a daily model.
    pub dates: Vec<NaiveDate>,
    /// The rows written.
    pub rows: Option<usize>,
    /// How long it took.
    pub took: Duration,
    /// Why its SQL failed.
    pub error: Option<ModelError>,
}

/// How a model stands after a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing it is computed from has changed.
    Fresh,
    /// Something has; nobody built it yet.
    Stale,
    /// Built and published.
    Published,
    /// Built, and held back by an assertion, of this model or another.
    HeldBack,
    /// Its SQL failed.
    Failed,
    /// Something it reads failed or is missing.
    Skipped,
}

impl State {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Published => "published",
            Self::HeldBack => "held back",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl BuildReport {
    /// The exit code it comes to.
    pub fn exit(&self) -> Exit {
        let any = |state| self.models.iter().any(|model| model.state == state);
        if any(State::HeldBack) {
            Exit::Audit
        } else if any(State::Failed) || any(State::Skipped) {
            Exit::Failed
        } else if self.findings.iter().any(|finding| finding.verdict != Verdict::Passed && finding.severity == Severity::Error) {
            Exit::Partial
        } else {
            Exit::Done
        }
    }

    /// How many models are in a state.
    pub fn count(&self, state: State) -> usize {
        self.models.iter().filter(|model| model.state == state).count()
    }
}

/// Builds exactly what is stale.
///
/// # Errors
/// When the catalog is wrong, or the lake cannot be read or written. A model whose SQL fails and an assertion that does not hold are no
/// errors of the build: they stand in its report.
pub async fn build(lake: &Lake, config: &Config, options: BuildOptions, ledger: &Ledger, talk: &Talk) -> Result<BuildReport, ModelError> {
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    build_catalog(&catalog, lake, config, options, ledger, talk).await
}

/// As [`build`], with a catalog at hand.
///
/// # Errors
/// As [`build`].
pub async fn build_catalog(
    catalog: &Catalog,
    lake: &Lake,
    config: &Config,
    options: BuildOptions,
    ledger: &Ledger,
    talk: &Talk,
) -> Result<BuildReport, ModelError> {
    let listing = lake.listing().await?;
    let marts = sources::published(lake, &listing).await?;
    let mut select = options.select.as_deref().map(|selection| catalog.select(selection)).transpose()?;
    if let Some(selected) = select.as_mut().filter(|_| options.from.is_some() || options.to.is_some()) {
        catalog.add_snapshots(selected);
    }
    let wish = Wish { select, from: options.from, to: options.to, full: options.full, today: options.logical_date };
    let plan = plan::plan(catalog, &listing, &marts, &wish);
    if options.explain {
        return Ok(BuildReport { models: plan.iter().map(ModelReport::planned).collect(), findings: Vec::new() });
    }
    let newest = |table: &str| listing.raw.get(table).and_then(|objects| objects.iter().filter_map(|object| object.date).max());
    let mut findings: Vec<Finding> = plan
        .iter()
        .filter_map(|planned| audit::freshness(catalog, &catalog.models[&planned.model], newest, options.logical_date))
        .filter(|finding| finding.verdict != Verdict::Passed)
        .inspect(|finding| record_finding(ledger, finding, Utc::now()))
        .collect();
    if plan.iter().all(|planned| planned.stale.is_empty()) {
        record(ledger, "build", Status::Ok, Some("nothing is stale".to_owned()), None, Utc::now());
        return Ok(BuildReport { models: plan.iter().map(ModelReport::planned).collect(), findings });
    }

    let needs = Needs::of(catalog, &plan, &listing, &marts);
    let pinned = lake.pinned();
    let sources = Sources::fetch(&pinned, &needs.raw, &needs.marts).await?;
    let clock = Clock { today: options.logical_date, now: options.now };
    let engine = Engine::open(&config.engine, clock)?;
    let past = Past::fetch(catalog, &config.engine, clock, &pinned, (&listing, &marts), &plan).await?;
    let mut run = Run {
        catalog,
        engine: &engine,
        bench: Workbench::new(&engine, catalog, &sources),
        past: &past,
        listing: &listing,
        unusable: BTreeMap::new(),
        views: BTreeMap::new(),
        built: BTreeMap::new(),
    };
    let (raw, references) = (needs.inputs.raw.keys().copied().collect(), needs.inputs.references.keys().copied().collect());
    run.bench.declare_inputs(&raw, &references)?;
    let mut report = run.write(&plan, &needs, ledger, talk);
    findings.append(&mut run.audit(ledger));
    report.findings = findings;
    publish(lake, &mut report, &run.built, ledger).await?;
    Ok(report)
}

/// The inputs a build must have at hand: those of stale models, and of the assertions about them.
struct Needs<'c> {
    inputs: Inputs<'c>,
    raw: BTreeMap<String, Vec<Object>>,
    marts: BTreeMap<String, Vec<Published>>,
}

impl<'c> Needs<'c> {
    fn of(catalog: &'c Catalog, plan: &[Planned], listing: &Listing, marts: &Marts) -> Self {
        let mut needs = Self { inputs: Inputs::default(), raw: BTreeMap::new(), marts: BTreeMap::new() };
        let mut windows: BTreeMap<&str, Window> = BTreeMap::new();
        let stale: BTreeMap<&str, &Files> =
            plan.iter().filter(|plan| !plan.stale.is_empty()).map(|plan| (plan.model.as_str(), &plan.stale)).collect();
        for (name, files) in &stale {
            let model = &catalog.models[*name];
            for date in files.keys() {
                needs.add(catalog, &model.reads, &plan::window(model.header.kind, *date), &mut windows);
            }
        }
        for assertion in catalog.assertions.values() {
            let files = stale.get(assertion.model.as_str());
            if files.is_some() || needs.inputs.views.contains_key(assertion.model.as_str()) {
                // What a daily model was on other dates was put to the test when those were built.
                let mut dates = files.into_iter().flat_map(|files| files.keys().flatten());
                let window = dates.next().map_or(ALWAYS, |first| *first..=*dates.next_back().unwrap_or(first));
                needs.add(catalog, &assertion.reads, &window, &mut windows);
            }
        }
        let is_replaced = |name: &str, date: &Option<NaiveDate>| stale.get(name).is_some_and(|files| files.contains_key(date));
        let within =
            |name: &str, date: Option<NaiveDate>| windows.get(name).is_some_and(|window| date.is_none_or(|date| window.contains(&date)));
        for (table, objects) in &listing.raw {
            let objects: Vec<Object> = objects.iter().filter(|object| within(table, object.date)).cloned().collect();
            needs.raw.insert(table.clone(), objects);
        }
        for (mart, files) in marts {
            let files = files.iter().filter(|(date, _)| within(mart, **date) && !is_replaced(mart, date));
            needs.marts.insert(mart.clone(), files.map(|(_, file)| file.clone()).collect());
        }
        let has_file = |mart: &Model| needs.marts.get(&mart.name).is_some_and(|files| !files.is_empty());
        needs.inputs.look_through(catalog, |mart| !stale.contains_key(mart.name.as_str()) && !has_file(mart));
        needs
    }

    /// Adds what a query reads within a window.
    fn add(&mut self, catalog: &'c Catalog, reads: &'c Reads, window: &Window, windows: &mut BTreeMap<&'c str, Window>) {
        let inputs = catalog.inputs(reads);
        for name in inputs.raw.keys().chain(inputs.marts.keys()) {
            let known = windows.entry(name).or_insert_with(|| window.clone());
            *known = *known.start().min(window.start())..=*known.end().max(window.end());
        }
        self.inputs.merge(inputs);
    }
}

/// A build under way.
struct Run<'r> {
    catalog: &'r Catalog,
    engine: &'r Engine,
    bench: Workbench<'r>,
    /// For the dates of snapshot models that are gone.
    past: &'r Past<'r>,
    listing: &'r Listing,
    /// Models that cannot be read in this build, and why.
    unusable: BTreeMap<String, String>,
    /// The views that were declared, with their columns.
    views: BTreeMap<String, Columns>,
    /// What was built.
    built: BTreeMap<String, Built>,
}

impl Run<'_> {
    /// Declares views and builds stale models, each after those it reads. A model that fails takes along those that read it, and no others.
    fn write(&mut self, plan: &[Planned], needs: &Needs<'_>, ledger: &Ledger, talk: &Talk) -> BuildReport {
        let planned: BTreeMap<&str, &Planned> = plan.iter().map(|planned| (planned.model.as_str(), planned)).collect();
        let bar = talk.bar("build", Some(plan.iter().filter(|planned| !planned.stale.is_empty()).count() as u64));
        let mut reports: Vec<ModelReport> = Vec::new();
        for name in &self.catalog.order {
            let model = &self.catalog.models[name];
            let planned = planned.get(name.as_str()).copied();
            match planned {
                Some(planned) if !planned.stale.is_empty() => {
                    let report = self.write_model(model, planned, ledger, talk);
                    reports.push(report);
                    bar.inc(1);
                }
                _ => {
                    reports.extend(planned.map(ModelReport::planned));
                    let needed = needs.inputs.views.contains_key(name.as_str()) || needs.inputs.marts.contains_key(name.as_str());
                    // Of a check that cannot be asked its own answer says so.
                    if needed && (model.name == declared::ANSWERS || self.check_inputs(model).is_ok()) {
                        self.declare(model, talk);
                    }
                }
            }
        }
        bar.finish();
        BuildReport { models: reports, findings: Vec::new() }
    }

    fn write_model(&mut self, model: &Model, planned: &Planned, ledger: &Ledger, talk: &Talk) -> ModelReport {
        let (started, clock) = (Utc::now(), Instant::now());
        let mut report = ModelReport::planned(planned);
        let blocked = planned.blocked_by.as_ref().map(|mart| format!("{mart} has never been built: select +{}", model.name));
        if let Err(reason) = blocked.map_or_else(|| self.check_inputs(model), Err) {
            self.unusable.insert(model.name.clone(), "was skipped".to_owned());
            record(ledger, &format!("build {}", model.name), Status::Skipped, Some(reason.clone()), None, started);
            (report.state, report.why) = (State::Skipped, vec![reason]);
            return report;
        }
        let built = self
            .compute(model, planned)
            .and_then(|built| self.bench.declare_mart(model, &built.files).map_or_else(|error| Err(error.into()), |()| Ok(built)));
        report.took = clock.elapsed();
        match built {
            Ok(built) => {
                for (check, reason) in &built.failed_checks {
                    record(ledger, &format!("check {check}"), Status::Failed, Some(reason.clone()), None, started);
                    talk.line(format!("the check {check} failed: {reason}"));
                }
                let rows = i64::try_from(built.rows).ok();
                record(ledger, &format!("build {}", model.name), Status::Ok, Some(planned.why.join("; ")), rows, started);
                (report.state, report.rows) = (State::Published, Some(built.rows));
                self.built.insert(model.name.clone(), built);
            }
            Err(error) => {
                record(ledger, &format!("build {}", model.name), Status::Failed, Some(one_line(&error)), None, started);
                talk.line(format!("{} failed: {}", model.name, one_line(&error)));
                self.unusable.insert(model.name.clone(), "failed".to_owned());
                (report.state, report.error) = (State::Failed, Some(error));
            }
        }
        report
    }

    /// Computes the stale files of a model: those of dates that are gone from the lake as it stood then.
    fn compute(&self, model: &Model, planned: &Planned) -> Result<Built, ModelError> {
        let mut computed = Built::default();
        for date in &planned.past {
            let stamp = &planned.stale[&Some(*date)];
            computed.append(self.past.build(model, (*date, stamp), &self.built, self.engine)?);
        }
        let is_past = |date: &Option<NaiveDate>| date.is_some_and(|date| planned.past.contains(&date));
        let stale: Files = planned.stale.iter().filter(|(date, _)| !is_past(date)).map(|(date, stamp)| (*date, stamp.clone())).collect();
        let all_dates = plan::dates(self.catalog, model, self.listing);
        computed.append(self.bench.build(model, &stale, &all_dates)?);
        Ok(computed)
    }

    /// Declares a view, or a stored model that stays as it is.
    fn declare(&mut self, model: &Model, talk: &Talk) {
        let declared = match model.is_view() {
            true => self.bench.prepare_view(model).map(|columns| drop(self.views.insert(model.name.clone(), columns))),
            false => self.bench.declare_mart(model, &[]),
        };
        if let Err(error) = declared {
            talk.line(format!("{} failed: {}", model.name, one_line(&error)));
            self.unusable.insert(model.name.clone(), format!("failed: {}", one_line(&error)));
        }
    }

    /// Whether everything a model reads is there; if not, why.
    fn check_inputs(&mut self, model: &Model) -> Result<(), String> {
        let broken = model.reads.tables.iter().find_map(|name| self.unusable.get(name).map(|reason| (name, reason)));
        let Some((name, reason)) = broken else { return Ok(()) };
        let reason = format!("it reads {name}, which {reason}");
        self.unusable.insert(model.name.clone(), format!("was skipped: {reason}"));
        Err(reason)
    }

    /// Puts the assertions about a model to the test; those about a daily one on the dates that were built, for on the others they held.
    fn put_to_the_test(&self, name: &str, built: Option<&Built>) -> Vec<Finding> {
        let assertions: Vec<&Assertion> = self.catalog.assertions.values().filter(|assertion| assertion.model == name).collect();
        let dates: BTreeSet<NaiveDate> = built.into_iter().flat_map(|built| &built.files).filter_map(|file| file.date).collect();
        let read: BTreeSet<&String> = assertions.iter().flat_map(|assertion| &assertion.reads.tables).collect();
        let models = read.into_iter().filter_map(|name| self.catalog.models.get(name));
        let daily: Vec<&Model> = models.filter(|model| !dates.is_empty() && model.header.kind.is_dated()).collect();
        let files = |model: &Model| self.built.get(&model.name).map_or(&[][..], |built| &built.files);
        let declare = |dates| daily.iter().try_for_each(|model| self.bench.declare_dates(model, files(model), dates));
        let findings = match declare(Some(&dates)) {
            Ok(()) => assertions.iter().map(|assertion| audit::assertion(self.engine, assertion)).collect(),
            Err(error) => assertions.iter().map(|assertion| audit::could_not_run(assertion, &error)).collect(),
        };
        // Whoever comes next sees all dates again; what could be declared before can be declared once more.
        let _ = declare(None);
        findings
    }

    /// Puts everything that was built to the test, and the views it was built from.
    fn audit(&self, ledger: &Ledger) -> Vec<Finding> {
        let mut findings = Vec::new();
        let views = self.views.iter().map(|(name, columns)| (name, columns, None));
        for (name, columns, built) in views.chain(self.built.iter().map(|(name, built)| (name, &built.columns, Some(built)))) {
            let model = &self.catalog.models[name];
            let started = Utc::now();
            let listed = audit::columns(model, columns);
            let grain = built.filter(|_| listed.verdict == Verdict::Passed).map(|built| audit::grain(self.engine, model, built));
            for finding in [listed].into_iter().chain(grain.into_iter().flatten()).chain(self.put_to_the_test(name, built)) {
                record_finding(ledger, &finding, started);
                findings.push(finding);
            }
        }
        findings
    }
}

/// Publishes what was built, upstream first; all of it or, when an assertion stops it, nothing.
async fn publish(lake: &Lake, report: &mut BuildReport, built: &BTreeMap<String, Built>, ledger: &Ledger) -> Result<(), ModelError> {
    let stopped = report.findings.iter().any(Finding::stops);
    for model in report.models.iter_mut().filter(|model| model.state == State::Published) {
        let started = Utc::now();
        if stopped {
            model.state = State::HeldBack;
            record(ledger, &format!("publish {}", model.model), Status::Skipped, Some("an assertion stopped it".to_owned()), None, started);
            continue;
        }
        for file in &built[&model.model].files {
            lake.publish_mart(&model.model, file.date, &file.path).await?;
        }
        record(
            ledger,
            &format!("publish {}", model.model),
            Status::Ok,
            None,
            model.rows.and_then(|rows| i64::try_from(rows).ok()),
            started,
        );
    }
    Ok(())
}

impl ModelReport {
    fn planned(planned: &Planned) -> Self {
        Self {
            model: planned.model.clone(),
            state: if planned.stale.is_empty() { State::Fresh } else { State::Stale },
            why: planned.why.clone(),
            dates: planned.stale.keys().flatten().copied().collect(),
            rows: None,
            took: Duration::ZERO,
            error: None,
        }
    }
}

fn record_finding(ledger: &Ledger, finding: &Finding, started_at: DateTime<Utc>) {
    let status = match (finding.verdict, finding.severity) {
        (Verdict::Passed, _) => Status::Ok,
        (_, Severity::Warn | Severity::Error) => Status::Partial,
        (_, Severity::Fail) => Status::Failed,
    };
    let offending = i64::try_from(finding.offending).ok();
    record(ledger, &format!("assert {}", finding.name), status, finding.detail.clone(), offending, started_at);
}

fn record(ledger: &Ledger, step: &str, status: Status, detail: Option<String>, rows: Option<i64>, started_at: DateTime<Utc>) {
    ledger.step(Step { step: step.to_owned(), status, detail, rows, cost: None, started_at, finished_at: Utc::now() });
}
