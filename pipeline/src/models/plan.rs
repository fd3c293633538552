//! What is stale, and why: a function of the catalog, the listing of the lake and the footers of its marts.
//!
//! A file of a mart is fresh when its footer holds the fingerprint it would be built with now. The fingerprint of a `full` model stands for
//! all its inputs, that of one date of a `daily` model for those within its lookback. A `snapshot` model says of a date what was known on it:
//! only its newest date can be stale, what was said on the others stands until somebody asks for them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use almanac_collectors::table::{Kind, Read};
use chrono::{Days, NaiveDate};

use super::{
    catalog::{Catalog, Model},
    graph::Inputs,
    header::{Lookback, ModelKind},
    stamp::{Stamp, digest},
};
use crate::lake::{Listing, Object};

/// The dates of an input that count.
pub type Window = RangeInclusive<NaiveDate>;

/// Every date there is.
pub const ALWAYS: Window = NaiveDate::MIN..=NaiveDate::MAX;

/// A published file of a mart.
#[derive(Clone, Debug)]
pub struct Published {
    /// The object.
    pub object: Object,
    /// How it was built.
    pub stamp: Stamp,
}

/// The files of one mart, built or to be built, by date; a mart that is not daily has one, without a date.
pub type Files = BTreeMap<Option<NaiveDate>, Stamp>;

/// The published files of each mart.
pub type Marts = BTreeMap<String, BTreeMap<Option<NaiveDate>, Published>>;

/// What is asked to be built.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// These models and no others.
    pub select: Option<BTreeSet<String>>,
    /// Daily models from this date on, whether stale or not.
    pub from: Option<NaiveDate>,
    /// Daily models to this date, whether stale or not.
    pub to: Option<NaiveDate>,
    /// Everything, whether stale or not.
    pub full: bool,
    /// The logical date of the run.
    pub today: NaiveDate,
}

/// What is to be done about one stored model.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its name.
    pub model: String,
    /// The files to build, and the stamps they will carry.
    pub stale: Files,
    /// Of these, the dates of a snapshot model that are gone.
    pub past: BTreeSet<NaiveDate>,
    /// How many files stay as they are.
    pub fresh: usize,
    /// What changed.
    pub why: Vec<String>,
    /// A stored model it reads that has never been built and is not going to be.
    pub blocked_by: Option<String>,
}

/// Finds what is stale among the wished for, each model after those it reads.
pub fn plan(catalog: &Catalog, listing: &Listing, marts: &Marts, wish: &Wish) -> Vec<Planned> {
    let mut planner = Planner { catalog, listing, raw: raw_digests(listing), marts, wish, standing: BTreeMap::new() };
    catalog.marts().filter_map(|model| planner.consider(model)).collect()
}

/// The dates of an input that a date of a model reads; all of them for a model that is not daily.
pub fn window(kind: ModelKind, date: Option<NaiveDate>) -> Window {
    match (kind, date) {
        (ModelKind::Daily(Lookback::Days(days)), Some(date)) => {
            date.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)..=date
        }
        (ModelKind::Daily(Lookback::All) | ModelKind::Snapshot, Some(date)) => NaiveDate::MIN..=date,
        _ => ALWAYS,
    }
}

/// The dates a daily model has a file for, going by what it reads: those of the snapshots, windows and daily models it reads; of changes only when it reads nothing
/// else, since changes go into every date after them. A snapshot model has one for each date of the snapshots that it stands on in the end.
pub fn dates(catalog: &Catalog, model: &Model, listing: &Listing) -> BTreeSet<NaiveDate> {
    if model.header.kind == ModelKind::Snapshot {
        let behind = catalog.raw_behind(&model.reads).into_iter().filter(|(_, table)| table.kind == Kind::Snapshot);
        return behind.filter_map(|(name, _)| listing.raw.get(name)).flatten().filter_map(|object| object.date).collect();
    }
    let inputs = catalog.inputs(&model.reads);
    let partitions = |changes: bool| {
        let tables = inputs.raw.iter().filter(move |(_, table)| (table.kind == Kind::Changes) == changes);
        tables.filter_map(|(name, _)| listing.raw.get(*name)).flatten().filter_map(|object| object.date)
    };
    let mut found: BTreeSet<NaiveDate> = partitions(false).collect();
    for mart in inputs.marts.values().filter(|mart| mart.header.kind.is_dated()) {
        found.append(&mut dates(catalog, mart, listing));
    }
    if found.is_empty() { partitions(true).collect() } else { found }
}

struct Planner<'p> {
    catalog: &'p Catalog,
    listing: &'p Listing,
    /// For each raw table, what stands for the objects of each date.
    raw: BTreeMap<&'p str, BTreeMap<NaiveDate, String>>,
    marts: &'p Marts,
    wish: &'p Wish,
    /// For each model considered so far, the files that will stand once the plan is carried out.
    standing: BTreeMap<&'p str, Files>,
}

impl<'p> Planner<'p> {
    fn consider(&mut self, model: &'p Model) -> Option<Planned> {
        let published = self.marts.get(&model.name);
        let mut standing: Files = published.into_iter().flatten().map(|(date, file)| (*date, file.stamp.clone())).collect();
        let mut planned = None;
        if self.wish.select.as_ref().is_none_or(|selected| selected.contains(&model.name)) {
            let plan = self.compare(model);
            standing.extend(plan.stale.clone());
            planned = Some(plan);
        }
        self.standing.insert(&model.name, standing);
        planned
    }

    /// Holds the fingerprints a model would be built with against those it was built with.
    fn compare(&self, model: &Model) -> Planned {
        let inputs = self.catalog.inputs(&model.reads);
        let blocked_by = inputs.marts.values().find(|mart| self.is_missing(mart)).map(|mart| mart.name.clone());
        let mut planned =
            Planned { model: model.name.clone(), stale: BTreeMap::new(), past: BTreeSet::new(), fresh: 0, why: Vec::new(), blocked_by };
        let mut why = BTreeSet::new();
        let files = self.files(model);
        let past = self.past(model);
        for date in files {
            let built = self.marts.get(&model.name).and_then(|files| files.get(&date)).map(|file| &file.stamp);
            let is_past = date.is_some_and(|date| past.contains(&date));
            if is_past && built.is_some() && !self.is_asked_for(date) {
                planned.fresh += 1;
                continue;
            }
            let mut stamp = self.stamp(model, &inputs, date);
            if is_past && built.is_some() {
                stamp = stamp.restated(self.wish.today);
            }
            if built.is_some_and(|built| built.fingerprint == stamp.fingerprint) && !self.is_forced(date) {
                planned.fresh += 1;
                continue;
            }
            why.extend(match built {
                None => vec!["never built".to_owned()],
                Some(_) if is_past => vec!["asked for, under today's rules".to_owned()],
                Some(built) if built.fingerprint == stamp.fingerprint => vec!["asked for".to_owned()],
                Some(built) => self.changes(&inputs, &built.inputs, &stamp.inputs, &window(model.header.kind, date)),
            });
            planned.past.extend(date.filter(|_| is_past));
            planned.stale.insert(date, stamp);
        }
        planned.why = why.into_iter().collect();
        planned
    }

    /// The files of a model that the wish is about.
    fn files(&self, model: &Model) -> Vec<Option<NaiveDate>> {
        if !model.header.kind.is_dated() {
            return vec![None];
        }
        let wanted = |date: &NaiveDate| self.wish.from.is_none_or(|from| from <= *date) && self.wish.to.is_none_or(|to| *date <= to);
        dates(self.catalog, model, self.listing).into_iter().filter(wanted).map(Some).collect()
    }

    /// The dates of a snapshot model that are gone.
    fn past(&self, model: &Model) -> BTreeSet<NaiveDate> {
        let mut past = match model.header.kind {
            ModelKind::Snapshot => dates(self.catalog, model, self.listing),
            _ => BTreeSet::new(),
        };
        past.pop_last();
        past
    }

    fn is_forced(&self, date: Option<NaiveDate>) -> bool {
        self.wish.full || self.is_asked_for(date)
    }

    fn is_asked_for(&self, date: Option<NaiveDate>) -> bool {
        date.is_some() && (self.wish.from.is_some() || self.wish.to.is_some())
    }

    /// Whether a stored model has no file and is not going to have one, though it could.
    fn is_missing(&self, mart: &Model) -> bool {
        self.standing.get(mart.name.as_str()).is_none_or(BTreeMap::is_empty)
            && (!mart.header.kind.is_dated() || !dates(self.catalog, mart, self.listing).is_empty())
    }

    fn stamp(&self, model: &Model, inputs: &Inputs<'_>, date: Option<NaiveDate>) -> Stamp {
        let window = window(model.header.kind, date);
        let mut hashes = BTreeMap::from([("sql".to_owned(), digest([&*model.file.text]))]);
        let mut newest = date;
        hashes.extend(inputs.views.iter().map(|(name, view)| ((*name).to_owned(), digest([&*view.file.text]))));
        hashes.extend(inputs.references.iter().map(|(name, table)| ((*name).to_owned(), table.digest())));
        // A snapshot is of its own date, whenever it is taken.
        if inputs.clock && model.header.kind != ModelKind::Snapshot {
            hashes.insert("today()".to_owned(), self.wish.today.to_string());
        }
        for (name, table) in &inputs.raw {
            let (last, hash) = self.raw_hash(name, &window);
            // The ledger tells how reading went; a run that read nothing makes no data newer.
            if date.is_none() && !matches!(table.read, Read::Itself) {
                newest = newest.max(last);
            }
            hashes.insert((*name).to_owned(), format!("{} {hash}", last.map_or("none".to_owned(), |last| last.to_string())));
        }
        for name in inputs.marts.keys() {
            let files = self.standing.get(name).into_iter().flatten().filter(|(date, _)| date.is_none_or(|date| window.contains(&date)));
            let mut texts = Vec::new();
            for (file, stamp) in files {
                if date.is_none() {
                    newest = newest.max(stamp.logical_date);
                }
                texts.extend([file.map(|date| date.to_string()).unwrap_or_default(), stamp.fingerprint.clone()]);
            }
            hashes.insert((*name).to_owned(), digest(texts.iter().map(String::as_str)));
        }
        Stamp::new(hashes, newest)
    }

    /// The newest date of a raw table within a window, and what stands for its objects there.
    fn raw_hash(&self, table: &str, window: &Window) -> (Option<NaiveDate>, String) {
        let Some(dates) = self.raw.get(table).filter(|_| window.start() <= window.end()) else { return (None, digest([])) };
        let within = dates.range(window.clone());
        (within.clone().next_back().map(|(date, _)| *date), digest(within.map(|(_, hash)| hash.as_str())))
    }

    /// What differs between the inputs a file was built from and those there are now.
    fn changes(
        &self,
        inputs: &Inputs<'_>,
        then: &BTreeMap<String, String>,
        now: &BTreeMap<String, String>,
        window: &Window,
    ) -> Vec<String> {
        let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        let mut changes = Vec::new();
        for name in names {
            changes.push(match (then.get(name), now.get(name)) {
                (then, now) if then == now => continue,
                (None, _) => format!("now reads {name}"),
                (_, None) => format!("no longer reads {name}"),
                (Some(then), Some(_)) if inputs.raw.contains_key(name.as_str()) => self.raw_change(name, then, window),
                _ if name == "sql" => "its SQL changed".to_owned(),
                _ if name == "almanac" => "almanac builds it differently".to_owned(),
                _ if name == "today()" => format!("it asks for the date, now {}", self.wish.today),
                _ if inputs.marts.contains_key(name.as_str()) => format!("{name} changed upstream"),
                _ => format!("{name} changed"),
            });
        }
        changes
    }

    /// Whether a raw table only grew, or what was there before is another.
    fn raw_change(&self, table: &str, then: &str, window: &Window) -> String {
        let (newest, _) = self.raw_hash(table, window);
        let before = then.split_once(' ').and_then(|(last, hash)| Some((last.parse::<NaiveDate>().ok()?, hash)));
        match (before, newest) {
            (None, Some(newest)) => format!("first partition of {table}, {newest}"),
            (Some((last, hash)), Some(newest)) if newest > last && self.raw_hash(table, &(*window.start()..=last)).1 == hash => {
                format!("new partition of {table}, {newest}")
            }
            (Some((last, _)), _) => format!("{table} replaced or extended up to {last}"),
            (None, None) => format!("{table} changed"),
        }
    }
}

fn raw_digests(listing: &Listing) -> BTreeMap<&str, BTreeMap<NaiveDate, String>> {
    let mut tables = BTreeMap::new();
    for (table, objects) in &listing.raw {
        let mut dates: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
        for object in objects {
            if let Some(date) = object.date {
                dates.entry(date).or_default().extend([object.key.as_str(), object.version.as_str()]);
            }
        }
        tables.insert(table.as_str(), dates.into_iter().map(|(date, texts)| (date, digest(texts))).collect());
    }
    tables
}
