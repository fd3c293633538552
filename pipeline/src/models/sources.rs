//! The lake's files as a database needs them: local paths, and the columns each has.

use std::{collections::BTreeMap, path::PathBuf};

use chrono::NaiveDate;

use super::{
    plan::{Marts, Published},
    stamp::Stamp,
};
use crate::lake::{Lake, LakeError, Listing, Object};

/// Local files, by the name SQL reads them under.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Files of raw tables.
    pub raw: BTreeMap<String, Vec<RawFile>>,
    /// Files of marts.
    pub marts: BTreeMap<String, Vec<MartFile>>,
}

/// A file of a raw table.
#[derive(Clone, Debug)]
pub struct RawFile {
    /// Where it is.
    pub path: PathBuf,
    /// The date of its partition.
    pub date: Option<NaiveDate>,
    /// How many of the table's columns it has: columns are only ever added at the end.
    pub columns: usize,
}

/// A file of a mart.
#[derive(Clone, Debug)]
pub struct MartFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its date, for a daily mart.
    pub date: Option<NaiveDate>,
    /// Its columns and their SQL types; the date of a daily mart stands in its path.
    pub columns: Vec<(String, String)>,
}

impl Sources {
    /// Brings objects of raw tables and files of marts within reach.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn fetch(
        lake: &Lake,
        raw: &BTreeMap<String, Vec<Object>>,
        marts: &BTreeMap<String, Vec<Published>>,
    ) -> Result<Self, LakeError> {
        let mut sources = Self::default();
        for (table, objects) in raw {
            let (paths, footers) = (lake.local(objects).await?, lake.footers(objects).await?);
            let columns = footers.iter().map(|footer| footer.get("almanac.schema_version").and_then(|version| version.parse().ok()));
            let files = paths.into_iter().zip(columns).zip(objects);
            let files = files.map(|((path, columns), object)| RawFile { path, date: object.date, columns: columns.unwrap_or(usize::MAX) });
            sources.raw.insert(table.clone(), files.collect());
        }
        for (mart, files) in marts {
            let objects: Vec<Object> = files.iter().map(|file| file.object.clone()).collect();
            let paths = lake.local(&objects).await?.into_iter().zip(files);
            let files = paths.map(|(path, file)| MartFile { path, date: file.object.date, columns: file.stamp.columns.clone() });
            sources.marts.insert(mart.clone(), files.collect());
        }
        Ok(sources)
    }

    /// What was there on a date.
    #[must_use]
    pub fn until(&self, date: NaiveDate) -> Self {
        let then = |of: Option<NaiveDate>| of.is_none_or(|of| of <= date);
        let raw = self.raw.iter().map(|(name, files)| (name.clone(), files.iter().filter(|file| then(file.date)).cloned().collect()));
        let marts = self.marts.iter().map(|(name, files)| (name.clone(), files.iter().filter(|file| then(file.date)).cloned().collect()));
        Self { raw: raw.collect(), marts: marts.collect() }
    }

    /// Every file there is.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        let raw = self.raw.values().flatten().map(|file| &file.path);
        raw.chain(self.marts.values().flatten().map(|file| &file.path))
    }
}

/// The published files of every mart of a listing, with what their footers say.
///
/// # Errors
/// When the lake cannot be read.
pub async fn published(lake: &Lake, listing: &Listing) -> Result<Marts, LakeError> {
    let objects: Vec<Object> = listing.marts.values().flatten().cloned().collect();
    let mut footers = lake.footers(&objects).await?.into_iter();
    let mut marts = Marts::new();
    for (model, objects) in &listing.marts {
        let files = objects
            .iter()
            .zip(footers.by_ref())
            .map(|(object, footer)| (object.date, Published { object: object.clone(), stamp: Stamp::read(&footer) }));
        marts.insert(model.clone(), files.collect());
    }
    Ok(marts)
}
