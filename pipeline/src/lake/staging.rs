//! One run of one table: from the rows of each parent to a published partition.
//!
//! Rows are staged in the lake, in sorted pieces, as they come. A killed run leaves them there, and the next run of the same date takes
//! up its id, its finished parents and its start, and ends with the rows of an undisturbed run. Publishing merges the pieces into one
//! file, puts it in place at once, and sweeps the staging. A snapshot that cannot be believed stays there, until somebody accepts it or the
//! table is read again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use almanac_collectors::{
    collect::{Outcome, Parent, Status},
    table::{Kind, Table, Timestamp},
};
use arrow::{array::RecordBatch, compute::concat_batches};
use bytes::Bytes;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use ulid::Ulid;

use super::{
    CONCURRENCY, Footer, Lake, LakeError, Object,
    file::{Writer, parquet_error},
    guard::Guard,
    layout, merge,
    merge::{Grain, Piece},
    reading::Reading,
    recent::Recent,
    standing::{self, Parents, Standing},
};

/// Rows of one parent that are held in memory before they are staged.
const PIECE_ROWS: usize = 8 << 10;
/// How far before the watermark changes are read again, lest one be lost that the vendor shows late.
const OVERLAP_MINUTES: i64 = 15;

const UNIT: &str = "almanac.unit";
const WATERMARKS: &str = "almanac.watermarks";
const PARTIAL: &str = "almanac.partial";
const ETAGS: &str = "almanac.etags";

/// One run of one table.
#[derive(Debug)]
pub struct TableRun {
    lake: Lake,
    table: &'static Table,
    date: NaiveDate,
    run: Ulid,
    guard: Guard,
    /// What a snapshot is held against: what it would replace, or the newest before it.
    before: Option<Object>,
    /// What earlier runs read, and until when.
    watermarks: Watermarks,
    /// Objects that may hold rows which this run reads again.
    overlapping: Vec<Object>,
    recent: OnceCell<Recent>,
    units: Mutex<HashMap<Parent, Unit>>,
}

impl std::fmt::Debug for Recent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recent")
    }
}

/// One parent's rows.
#[derive(Debug, Default)]
struct Unit {
    pieces: Vec<Piece>,
    /// Not staged yet.
    rows: Vec<RecordBatch>,
    held: usize,
    end: Option<End>,
    /// Taken over from an interrupted run.
    inherited: bool,
}

/// How a parent ended; it stands in the footer of its last piece, and so makes the parent whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct End {
    outcome: Outcome,
    within: Vec<(Parent, Outcome)>,
}

/// What the footer of a staged piece says.
#[derive(Serialize, Deserialize)]
struct UnitFooter {
    parent: Parent,
    piece: usize,
    first: String,
    end: Option<End>,
}

/// How a table's run ended.
#[derive(Debug)]
pub struct Published {
    /// The rows that were published; `None` when there was nothing to publish.
    pub rows: Option<usize>,
    /// Why nothing was published though it was read.
    pub held: Option<String>,
    /// How each parent ended.
    pub outcomes: Vec<(Parent, Outcome)>,
}

/// What earlier runs read, as it stands in the footer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Watermarks {
    /// Until when each parent was read whole.
    until: HashMap<String, Timestamp>,
    /// Parents of which rows were published, and some are missing: they are read again from their older watermark.
    partial: BTreeSet<String>,
    /// The ETag of each parent's newest page, where the vendor gives one: while it holds, there is nothing new to read.
    etags: BTreeMap<String, String>,
}

impl Watermarks {
    fn of(footer: &Footer) -> Self {
        let read = |key| footer.get(key).map(str::as_bytes).unwrap_or(b"null");
        let by_moment: Option<BTreeMap<DateTime<Utc>, Vec<String>>> = serde_json::from_slice(read(WATERMARKS)).ok();
        let pairs = by_moment.unwrap_or_default().into_iter();
        let until = pairs.flat_map(|(moment, parents)| parents.into_iter().map(move |id| (id, moment.into()))).collect();
        let partial = serde_json::from_slice(read(PARTIAL)).unwrap_or_default();
        Self { until, partial, etags: serde_json::from_slice(read(ETAGS)).unwrap_or_default() }
    }

    /// Takes in how parents ended in a run that began at this moment.
    fn advance(&mut self, started: DateTime<Utc>, ends: &[(Parent, End)]) {
        for (parent, end) in ends {
            let status = end.outcome.status;
            if status.is_whole() {
                self.until.insert(parent.id.clone(), started.into());
                self.partial.remove(&parent.id);
                if let Some(etag) = &end.outcome.etag {
                    self.etags.insert(parent.id.clone(), etag.clone());
                }
            } else if status.keeps_rows() {
                self.partial.insert(parent.id.clone());
            }
        }
    }

    fn write(&self, footer: &mut Footer) {
        let mut by_moment: BTreeMap<DateTime<Utc>, BTreeSet<&str>> = BTreeMap::new();
        for (id, moment) in &self.until {
            by_moment.entry(moment.to_utc()).or_default().insert(id);
        }
        footer.set(WATERMARKS, serde_json::to_string(&by_moment).unwrap_or_default());
        if !self.partial.is_empty() {
            footer.set(PARTIAL, serde_json::to_string(&self.partial).unwrap_or_default());
        }
        if !self.etags.is_empty() {
            footer.set(ETAGS, serde_json::to_string(&self.etags).unwrap_or_default());
        }
    }

    /// Since when a run may meet rows again that are published: from a little before the last run on, or from the beginning.
    fn overlap(&self) -> Option<DateTime<Utc>> {
        let newest = self.until.values().max().copied().map(before_overlap);
        if self.partial.is_empty() { newest } else { Some(DateTime::UNIX_EPOCH) }
    }
}

fn before_overlap(moment: Timestamp) -> DateTime<Utc> {
    moment.to_utc() - Duration::minutes(OVERLAP_MINUTES)
}

impl TableRun {
    /// Begins a run, or takes up the one that was interrupted on the same date, or held back if that is accepted now. `published` are the
    /// table's objects.
    ///
    /// # Errors
    /// When the lake cannot be read, or leftovers not be swept.
    pub async fn begin(
        lake: &Lake,
        table: &'static Table,
        date: NaiveDate,
        run: Ulid,
        published: &[Object],
        guard: Guard,
    ) -> Result<Self, LakeError> {
        let mut staged = lake.list(&layout::staging(table)).await?;
        let resumed = staged.iter().filter_map(|object| layout::staged_run(&object.key)).find(|(staged_date, staged_run)| {
            let over = match table.kind {
                // A run that was published before its staging was swept is over.
                Kind::Changes => published.iter().any(|object| object.key == layout::raw(table, date, *staged_run)),
                // What was read of a day before its end is not the day.
                Kind::Window => had_ended(date, run) && !had_ended(date, *staged_run),
                // What was held back is read again, unless it is accepted.
                Kind::Snapshot => {
                    let held_back = layout::held_back(table, date, *staged_run);
                    !guard.accepts && staged.iter().any(|object| object.key == held_back)
                }
            };
            *staged_date == date && !over
        });
        let run = resumed.map_or(run, |(_, staged_run)| staged_run);
        if table.kind == Kind::Window {
            // Windows are read from the oldest day on: what is there of later days is still to be taken up.
            staged.retain(|object| layout::staged_run(&object.key).is_none_or(|(staged_date, _)| staged_date <= date));
        }
        let (mut ours, stale): (Vec<_>, Vec<_>) =
            staged.into_iter().partition(|object| layout::staged_run(&object.key) == Some((date, run)));
        sweep(lake, stale.into_iter().map(|object| object.key)).await?;
        ours.retain(|object| object.key != layout::held_back(table, date, run));
        let before = published.iter().rfind(|object| table.kind == Kind::Snapshot && object.date.is_some_and(|earlier| earlier <= date));

        // Only a table of changes has runs in its keys, and watermarks to go on from.
        let mut by_run: Vec<(Ulid, &Object)> =
            published.iter().filter_map(|object| Some((layout::published_run(&object.key)?, object))).collect();
        by_run.sort_by_key(|(run, _)| *run);
        let watermarks = newest_watermarks(lake, &by_run).await?;
        let overlapping = overlapping(&by_run, watermarks.overlap());
        let units = inherit(lake, ours).await?;
        let (recent, units) = (OnceCell::new(), Mutex::new(units));
        Ok(Self { lake: lake.clone(), table, date, run, guard, before: before.cloned(), watermarks, overlapping, recent, units })
    }

    /// The table.
    pub const fn table(&self) -> &'static Table {
        self.table
    }

    fn units(&self) -> MutexGuard<'_, HashMap<Parent, Unit>> {
        self.units.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the interrupted run read this parent to its end.
    pub fn is_done(&self, parent: &Parent) -> bool {
        self.units().get(parent).is_some_and(|unit| unit.inherited)
    }

    /// From when on this parent's changes are to be read.
    pub fn since(&self, parent: &Parent) -> Option<Timestamp> {
        self.watermarks.until.get(&parent.id).map(|moment| before_overlap(*moment).into())
    }

    /// The ETag of this parent's newest page, from when it was last read whole.
    pub fn etag(&self, parent: &Parent) -> Option<String> {
        self.watermarks.etags.get(&parent.id).cloned()
    }

    /// Takes rows of a parent.
    ///
    /// # Errors
    /// When they cannot be staged.
    pub async fn rows(&self, parent: &Parent, rows: RecordBatch) -> Result<(), LakeError> {
        let rows = if self.overlapping.is_empty() {
            rows
        } else {
            let recent = self.recent.get_or_try_init(|| Recent::load(&self.lake, self.table, &self.overlapping)).await?;
            recent.only_new(&rows)?
        };
        if rows.num_rows() == 0 {
            return Ok(());
        }
        self.forget_inherited(parent).await?;
        let full = {
            let mut units = self.units();
            let unit = units.entry(parent.clone()).or_default();
            unit.held += rows.num_rows();
            unit.rows.push(rows);
            unit.held >= PIECE_ROWS
        };
        if full { self.stage(parent, None).await } else { Ok(()) }
    }

    /// Before a parent is read again, with a table that comes along: the new rows replace the inherited ones, piece by piece. Its last
    /// piece goes first, for that one makes it whole: a new first piece must never stand before an old last one.
    async fn forget_inherited(&self, parent: &Parent) -> Result<(), LakeError> {
        let inherited = match self.units().get_mut(parent) {
            Some(unit) if unit.inherited => mem::take(unit).pieces,
            _ => Vec::new(),
        };
        match inherited.last() {
            Some(last) => self.lake.delete(&last.key).await,
            None => Ok(()),
        }
    }

    /// Closes a parent.
    ///
    /// # Errors
    /// When its rows cannot be staged.
    pub async fn done(&self, parent: &Parent, outcome: Outcome, within: Vec<(Parent, Outcome)>) -> Result<(), LakeError> {
        let end = End { outcome, within };
        let (drop_rows, stage) = {
            let mut units = self.units();
            let unit = units.entry(parent.clone()).or_default();
            unit.end = Some(end.clone());
            let has_rows = !unit.pieces.is_empty() || !unit.rows.is_empty();
            // A parent of a snapshot is staged without rows too, for it may have cost many requests to learn that there are none.
            (!end.outcome.status.keeps_rows(), has_rows || self.table.kind != Kind::Changes)
        };
        if drop_rows {
            let pieces = {
                let mut units = self.units();
                let unit = units.entry(parent.clone()).or_default();
                (unit.rows, unit.held) = (Vec::new(), 0);
                mem::take(&mut unit.pieces)
            };
            sweep(&self.lake, pieces.into_iter().map(|piece| piece.key)).await
        } else if stage {
            self.stage(parent, Some(end)).await
        } else {
            Ok(())
        }
    }

    /// Writes the rows that a parent holds as its next piece.
    async fn stage(&self, parent: &Parent, end: Option<End>) -> Result<(), LakeError> {
        let (rows, piece) = {
            let mut units = self.units();
            let unit = units.entry(parent.clone()).or_default();
            unit.held = 0;
            (mem::take(&mut unit.rows), unit.pieces.len())
        };
        let rows = concat_batches(&self.table.schema(), &rows).map_err(parquet_error("stage", &self.table.full_name()))?;
        let (rows, first) = Grain::of(self.table)?.sort(&rows)?;
        let key = layout::staged(self.table, self.date, self.run, parent, piece);
        let mut footer = Footer::of_partition(self.table, self.date, self.run, rows.num_rows());
        let unit = UnitFooter { parent: parent.clone(), piece, first: super::hex(&first), end };
        footer.set(UNIT, serde_json::to_string(&unit).map_err(parquet_error("stage", &key))?);
        let mut writer = Writer::staged(&key, self.table)?;
        writer.write(&rows)?;
        let file = writer.finish(footer)?;
        self.lake.put_file(&key, file).await?;
        self.units().entry(parent.clone()).or_default().pieces.push(Piece { key, first });
        Ok(())
    }

    /// Publishes what was read, and sweeps the staging.
    ///
    /// A snapshot of which no parent could be read is not published: yesterday's stays the newest. Nor is one that cannot be believed: its
    /// staging stays, and its parents count as unread. A run of changes without a new row publishes nothing.
    ///
    /// # Errors
    /// When the lake does not take it; then the staging stays for the next run.
    pub async fn publish(self) -> Result<Published, LakeError> {
        let units = mem::take(&mut *self.units());
        let mut ordered: Vec<_> = units.into_iter().filter_map(|(parent, unit)| Some((parent, unit.end?, unit.pieces))).collect();
        ordered.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let status = |id: &str| ordered.iter().find(|(parent, ..)| parent.id == id).map(|(_, end, _)| end.outcome.status);
        let standing = match self.table.kind {
            Kind::Window => Standing::of(&self.lake, self.table, self.date).await?,
            Kind::Snapshot | Kind::Changes => None,
        };
        let kept = standing.as_ref().map(|standing| standing.kept(status)).unwrap_or_default();
        let counts = |parent: &Parent, end: &End| end.outcome.status.keeps_rows() && !kept.contains_key(&parent.id);
        let is_there_more = ordered.iter().any(|(parent, end, _)| counts(parent, end));
        let (mut ends, mut pieces) = (Vec::new(), Vec::new());
        for (parent, end, rows) in ordered {
            if counts(&parent, &end) {
                pieces.extend(rows);
            }
            ends.push((parent, end));
        }
        let worth_it = if self.table.kind == Kind::Changes { !pieces.is_empty() } else { is_there_more };
        let key = layout::raw(self.table, self.date, self.run);
        let rows = match worth_it {
            true => {
                if let Some(standing) = standing.filter(|_| !kept.is_empty()) {
                    let parent = Parent { id: "(kept)".to_owned(), name: String::new() };
                    let key = layout::staged(self.table, self.date, self.run, &parent, 0);
                    pieces.extend(standing.stage(&self.lake, self.table, &kept, &key).await?);
                }
                let (file, rows) = self.write(&key, pieces, &ends, kept).await?;
                if let Some(objection) = self.objection(&file, &ends).await? {
                    self.lake.put(&layout::held_back(self.table, self.date, self.run), Bytes::new()).await?;
                    return Ok(Published { rows: None, outcomes: unread(ends, &objection), held: Some(objection) });
                }
                self.lake.put_file(&key, file).await?;
                Some(rows)
            }
            false => None,
        };
        let staged = self.lake.list(&layout::staging(self.table)).await?;
        let ours = staged.into_iter().filter(|object| layout::staged_run(&object.key).is_none_or(|(date, _)| date == self.date));
        sweep(&self.lake, ours.map(|object| object.key)).await?;
        Ok(Published { rows, held: None, outcomes: outcomes(ends).collect() })
    }

    /// What keeps a snapshot from being published.
    async fn objection(&self, file: &File, ends: &[(Parent, End)]) -> Result<Option<String>, LakeError> {
        match &self.before {
            Some(before) => self.guard.objection(&self.lake, self.table, before, (file, &reading(ends))).await,
            None => Ok(None),
        }
    }

    /// Writes a partition, in which the rows of some parents are those of an earlier reading; gives the file and how many rows it has.
    async fn write(&self, key: &str, pieces: Vec<Piece>, ends: &[(Parent, End)], kept: Parents) -> Result<(File, usize), LakeError> {
        let mut writer = Writer::published(key, self.table)?;
        let rows = merge::merge(&self.lake, self.table, pieces, &mut writer).await?;
        let mut footer = Footer::of_partition(self.table, self.date, self.run, rows);
        if self.table.kind == Kind::Window {
            // What was read of a day before its end may be whole, and is not the day.
            let is_whole = |end: &End| end.outcome.status.is_whole() && had_ended(self.date, self.run);
            let read =
                ends.iter().filter(|(_, end)| end.outcome.status.keeps_rows()).map(|(parent, end)| (parent.id.clone(), is_whole(end)));
            let parents = read.chain(kept).collect();
            standing::write(&mut footer, &parents);
        }
        if self.table.kind == Kind::Snapshot {
            reading(ends).write(&mut footer);
        }
        if self.table.kind == Kind::Changes {
            // A parent that could not be read whole keeps its older watermark, and is read from there by the next run.
            let started: DateTime<Utc> = self.run.datetime().into();
            let mut watermarks = self.watermarks.clone();
            watermarks.advance(started, ends);
            footer.set("almanac.watermark", started.to_rfc3339());
            watermarks.write(&mut footer);
        }
        Ok((writer.finish(footer)?, rows))
    }
}

/// What was read for a snapshot.
fn reading(ends: &[(Parent, End)]) -> Reading {
    let own = ends.iter().map(|(parent, end)| (parent, &end.outcome));
    let within = ends.iter().flat_map(|(_, end)| end.within.iter().map(|(parent, outcome)| (parent, outcome)));
    Reading::of(own.chain(within))
}

/// How each parent ended, those that another told of among them.
fn outcomes(ends: Vec<(Parent, End)>) -> impl Iterator<Item = (Parent, Outcome)> {
    ends.into_iter().flat_map(|(parent, end)| std::iter::once((parent, end.outcome)).chain(end.within))
}

/// How each parent ended of what was held back: nobody may take what is not there for an answer.
fn unread(ends: Vec<(Parent, End)>, objection: &str) -> Vec<(Parent, Outcome)> {
    let unread = |(parent, outcome): (Parent, Outcome)| match outcome.status.is_gap() {
        true => (parent, outcome),
        false => (parent, Outcome { status: Status::Error, detail: Some(format!("held back: {objection}")), ..outcome }),
    };
    outcomes(ends).map(unread).collect()
}

/// Whether a day was over when a run began.
fn had_ended(date: NaiveDate, run: Ulid) -> bool {
    DateTime::<Utc>::from(run.datetime()).date_naive() > date
}

/// What the last run knew. Run ids sort by time, whatever date a run was filed under.
async fn newest_watermarks(lake: &Lake, by_run: &[(Ulid, &Object)]) -> Result<Watermarks, LakeError> {
    match by_run.last() {
        Some((_, object)) => Ok(lake.footers(&[(*object).clone()]).await?.first().map(Watermarks::of).unwrap_or_default()),
        None => Ok(Watermarks::default()),
    }
}

/// Objects that may hold rows which a walk back to this moment meets again: those of runs that began since then, and of the run before,
/// which may have lasted until then.
fn overlapping(by_run: &[(Ulid, &Object)], since: Option<DateTime<Utc>>) -> Vec<Object> {
    let Some(since) = since else { return Vec::new() };
    let first = by_run.partition_point(|(run, _)| DateTime::<Utc>::from(run.datetime()) < since);
    by_run[first.saturating_sub(1)..].iter().map(|(_, object)| (*object).clone()).collect()
}

/// The parents that an interrupted run read to their end; pieces of the others are overwritten when they are read again.
async fn inherit(lake: &Lake, staged: Vec<Object>) -> Result<HashMap<Parent, Unit>, LakeError> {
    let mut units: HashMap<Parent, Unit> = HashMap::new();
    let footers = lake.footers(&staged).await?;
    let read = |footer: &Footer| serde_json::from_str::<UnitFooter>(footer.get(UNIT)?).ok();
    let mut pieces: Vec<_> = staged.iter().zip(&footers).filter_map(|(object, footer)| Some((object, read(footer)?))).collect();
    pieces.sort_by_key(|(_, footer)| footer.piece);
    for (object, footer) in pieces {
        let unit = units.entry(footer.parent).or_default();
        unit.inherited = true;
        // What stands behind the last piece was left by an earlier reading that was longer.
        if unit.end.is_none() && footer.piece == unit.pieces.len() {
            unit.pieces.push(Piece { key: object.key.clone(), first: unhex(&footer.first) });
            unit.end = footer.end;
        }
    }
    units.retain(|_, unit| unit.end.is_some());
    Ok(units)
}

async fn sweep(lake: &Lake, keys: impl Iterator<Item = String>) -> Result<(), LakeError> {
    let keys: Vec<String> = keys.collect();
    stream::iter(keys).map(|key| async move { lake.delete(&key).await }).buffer_unordered(CONCURRENCY).try_collect().await
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).filter_map(|index| u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()).collect()
}
