//! The lake as it stood on a date: what a snapshot model of a date that is gone is computed from.
//!
//! Raw tables have their partitions up to the date, and so have marts that are split by date. The other marts are computed again from these, in
//! a database of their own: nothing that was collected later can be seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use chrono::NaiveDate;

use super::{
    ModelError,
    catalog::{Catalog, Model},
    graph::Inputs,
    plan::{Files, Marts, Planned},
    sources::{MartFile, Sources},
    stamp::Stamp,
    workbench::{Built, Workbench},
};
use crate::{
    config::EngineSettings,
    engine::{Clock, Engine},
    lake::{Lake, Listing, Object},
};

/// What dates that are gone are computed from.
pub struct Past<'c> {
    catalog: &'c Catalog,
    settings: &'c EngineSettings,
    clock: Clock,
    /// Everything up to the last of these dates.
    sources: Sources,
}

impl<'c> Past<'c> {
    /// Brings within reach what the dates that are gone of a plan need; nothing when there is none.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn fetch(
        catalog: &'c Catalog,
        settings: &'c EngineSettings,
        clock: Clock,
        lake: &Lake,
        (listing, marts): (&Listing, &Marts),
        plan: &[Planned],
    ) -> Result<Self, ModelError> {
        let (mut raw, mut files) = (BTreeMap::new(), BTreeMap::new());
        let last = plan.iter().filter_map(|planned| planned.past.last().copied()).max();
        for planned in plan.iter().filter(|planned| !planned.past.is_empty()) {
            let model = &catalog.models[&planned.model];
            let behind = behind(catalog, model);
            for name in behind.raw.keys() {
                let objects = listing.raw.get(*name).into_iter().flatten().filter(|object| object.date <= last);
                raw.insert((*name).to_owned(), objects.cloned().collect::<Vec<Object>>());
            }
            for name in
                behind.marts.iter().filter(|(_, mart)| mart.header.kind.is_dated()).map(|(name, _)| *name).chain([model.name.as_str()])
            {
                let standing = marts.get(name).into_iter().flatten().filter(|(date, _)| **date <= last);
                files.insert(name.to_owned(), standing.map(|(_, file)| file.clone()).collect());
            }
        }
        Ok(Self { catalog, settings, clock, sources: Sources::fetch(lake, &raw, &files).await? })
    }

    /// Computes one date of a snapshot model. `built` are the marts that this run has built so far. The file lies in `folder`.
    ///
    /// # Errors
    /// When its SQL, or that of something it reads, fails.
    pub fn build(
        &self,
        model: &Model,
        (date, stamp): (NaiveDate, &Stamp),
        built: &BTreeMap<String, Built>,
        folder: &Engine,
    ) -> Result<Built, ModelError> {
        let mut sources = self.sources.until(date);
        for (name, built) in built {
            let files = sources.marts.entry(name.clone()).or_default();
            for file in built.files.iter().filter(|file| file.date.is_some_and(|of| of <= date)) {
                files.retain(|standing| standing.date != file.date);
                files.push(file.clone());
            }
        }
        let engine = Engine::open(self.settings, self.clock)?;
        engine.set_dates(date, date)?;
        let bench = Workbench::new(&engine, self.catalog, &sources);
        let behind = behind(self.catalog, model);
        bench.declare_inputs(&behind.raw.keys().copied().collect(), &behind.references.keys().copied().collect())?;
        for read in self.catalog.order.iter().map(|name| &self.catalog.models[name]) {
            let name = read.name.as_str();
            if behind.views.contains_key(name) {
                bench.prepare_view(read)?;
            } else if behind.marts.contains_key(name) && read.header.kind.is_dated() {
                bench.declare_mart(read, &[])?;
            } else if behind.marts.contains_key(name) {
                let computed = bench.build(read, &Files::from([(None, Stamp::default())]), &BTreeSet::new())?;
                bench.declare_mart(read, &computed.files)?;
            }
        }
        let mut built = bench.build(model, &Files::from([(Some(date), stamp.clone())]), &BTreeSet::new())?;
        for file in &mut built.files {
            *file = keep(file, &engine, folder)?;
        }
        Ok(built)
    }
}

/// Moves a file out of a database that is about to vanish into the folder of another.
fn keep(file: &MartFile, from: &Engine, to: &Engine) -> Result<MartFile, ModelError> {
    let path = to.folder().join(file.path.strip_prefix(from.folder()).unwrap_or(&file.path));
    let moved = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(&file.path, &path));
    moved.map_err(|source| super::files::FileError::new(path.clone(), source))?;
    Ok(MartFile { path, ..file.clone() })
}

/// What a model is computed from when only what is split by date is taken as it stands.
fn behind<'c>(catalog: &'c Catalog, model: &'c Model) -> Inputs<'c> {
    let mut inputs = catalog.inputs(&model.reads);
    inputs.look_through(catalog, |mart| !mart.header.kind.is_dated());
    inputs
}
