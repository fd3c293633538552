//! The lake opened for questions: raw tables, staging views and published marts by their names, in a database that can do nothing else.

use chrono::NaiveDate;

use super::{
    ModelError,
    catalog::{Catalog, Model},
    declare,
    plan::{self, Marts},
    reads::Reads,
    sources::{self, Sources},
    workbench::Workbench,
};
use crate::{
    config::Config,
    engine::{self, Clock, Engine, Script},
    lake::{Lake, Listing, Object},
};

/// A locked database in which the lake can be read.
pub struct Reader {
    /// The database.
    pub engine: Engine,
    /// What the lake held when it was opened.
    pub listing: Listing,
    /// The files of the marts that can be read.
    pub marts: Marts,
    /// Keeps the files as they are while they are read.
    _pinned: Lake,
}

/// What must be readable.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// What a query reads; a mart among it that has never been built is an error.
    Reads(&'a Reads),
    /// Whatever there is.
    Everything,
}

impl Reader {
    /// Opens the lake; only files that are wanted are brought within reach.
    ///
    /// # Errors
    /// When the lake cannot be read, or a wanted mart has never been built.
    pub async fn open(catalog: &Catalog, lake: &Lake, config: &Config, clock: Clock, wanted: Wanted<'_>) -> Result<Self, ModelError> {
        let listing = lake.listing().await?;
        let everything = Reads { tables: catalog.names().map(str::to_owned).collect(), ..Reads::default() };
        let (reads, strict) = match wanted {
            Wanted::Reads(reads) => (reads, true),
            Wanted::Everything => (&everything, false),
        };
        let mut inputs = catalog.inputs(reads);
        let has_no_file = |mart: &Model| !listing.marts.contains_key(&mart.name);
        let has_no_date = |mart: &Model| mart.header.kind.is_dated() && plan::dates(catalog, mart, &listing).is_empty();
        let is_absent = |mart: &Model| has_no_file(mart) && !has_no_date(mart);
        if let Some(mart) = inputs.marts.values().find(|mart| strict && is_absent(mart)) {
            return Err(ModelError::NeverBuilt { name: mart.name.clone() });
        }
        inputs.marts.retain(|_, mart| !is_absent(mart));
        // For the others nothing was collected.
        inputs.look_through(catalog, has_no_file);

        let wanted_listing = Listing {
            raw: listing.raw.iter().filter(|(name, _)| inputs.raw.contains_key(name.as_str())).map(owned).collect(),
            marts: listing.marts.iter().filter(|(name, _)| inputs.marts.contains_key(name.as_str())).map(owned).collect(),
        };
        let pinned = lake.pinned();
        let (marts, sources) = fetch(&pinned, &wanted_listing).await?;
        let engine = Engine::open(&config.engine, clock)?;
        engine.set_dates(first_date(&listing).unwrap_or(clock.today), clock.today)?;
        let bench = Workbench::new(&engine, catalog, &sources);
        bench.declare_inputs(&inputs.raw.keys().copied().collect(), &inputs.references.keys().copied().collect())?;
        for model in catalog.order.iter().map(|name| &catalog.models[name]) {
            if inputs.views.contains_key(model.name.as_str()) {
                // With everything wanted, a view of the user's that reads a mart not yet built is left out, not an error.
                match bench.declare_view(model) {
                    Err(error) if strict => return Err(error.into()),
                    _ => {}
                }
            } else if inputs.marts.contains_key(model.name.as_str()) {
                bench.declare_mart(model, &[])?;
            }
        }
        engine.lock(sources.paths().chain(inputs.references.values().filter_map(|table| table.file())))?;
        Ok(Self { engine, listing, marts, _pinned: pinned })
    }
}

/// A script that declares the whole lake, for a DuckDB shell: after it, every file under `sql/` runs as it stands. A stored model that has
/// not been built is declared as a view of its SQL.
///
/// # Errors
/// When the lake cannot be read.
pub async fn script(catalog: &Catalog, lake: &Lake, clock: Clock) -> Result<String, ModelError> {
    let listing = lake.listing().await?;
    let (_, sources) = fetch(lake, &listing).await?;
    let mut script =
        format!("-- The lake {} as of {}: read this, and every file under sql/ runs in the DuckDB shell.\n", lake.url(), clock.today);
    script.push_str("-- Made by `almanac sql --declare`; make it again when partitions have been added.\nset timezone = 'UTC';\n");
    script.push_str(&engine::clock_macros(clock));
    script.push_str(&engine::set_dates(first_date(&listing).unwrap_or(clock.today), clock.today));
    let none = Vec::new();
    for (name, table) in &catalog.raw {
        script.push_str(&declare::raw_view(table, sources.raw.get(name).unwrap_or(&none)));
    }
    for (name, table) in &catalog.references {
        let declared = declare::reference(name, table);
        script.push_str(&declared.map_err(|source| ModelError::Reference { file: table.path().to_owned(), source })?);
    }
    for model in catalog.order.iter().map(|name| &catalog.models[name]) {
        match sources.marts.get(&model.name) {
            Some(files) if !model.is_view() => script.push_str(&declare::mart_view(&model.name, files)),
            _ => script.push_str(&format!("{}\n{}\n;\n", declare::view(model), model.file.statement())),
        }
    }
    Ok(script)
}

/// The columns of a query and their types, from the catalog alone: no file of the lake is opened.
///
/// # Errors
/// When the query, or a model it reads, does not hold.
pub fn describe(catalog: &Catalog, config: &Config, clock: Clock, script: Script<'_>) -> Result<Vec<(String, String)>, ModelError> {
    let sources = Sources::default();
    let engine = Engine::open(&config.engine, clock)?;
    engine.set_dates(clock.today, clock.today)?;
    let bench = Workbench::new(&engine, catalog, &sources);
    bench.declare_inputs(&catalog.raw.keys().map(String::as_str).collect(), &catalog.references.keys().map(String::as_str).collect())?;
    for model in catalog.order.iter().map(|name| &catalog.models[name]) {
        match model.is_view() {
            true => drop(bench.declare_view(model)?),
            false => bench.declare_nothing(model)?,
        }
    }
    Ok(engine.describe(script)?)
}

async fn fetch(lake: &Lake, listing: &Listing) -> Result<(Marts, Sources), ModelError> {
    let marts = sources::published(lake, listing).await?;
    let files = marts.iter().map(|(mart, files)| (mart.clone(), files.values().cloned().collect())).collect();
    let sources = Sources::fetch(lake, &listing.raw, &files).await?;
    Ok((marts, sources))
}

fn first_date(listing: &Listing) -> Option<NaiveDate> {
    listing.raw.values().flatten().filter_map(|object| object.date).min()
}

fn owned((name, objects): (&String, &Vec<Object>)) -> (String, Vec<Object>) {
    (name.clone(), objects.clone())
}
