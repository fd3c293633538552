//! The one walk that reads the catalog: every file is a parent, and every document that is no descriptor an outcome within it.

use tokio::task::spawn_blocking;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    table::{Row, Table},
};

use super::{
    assembly::{Assembly, Broken},
    catalog,
    dependencies::{self, Dependency},
    files, repositories, services,
    source::Source,
    systems, teams,
};

/// What this walk feeds.
const TABLES: [&Table; 4] = [&services::TABLE, &teams::TABLE, &systems::TABLE, &dependencies::TABLE];

/// Reads every descriptor before a row is written, for what one of them means the others tell.
pub(super) async fn collect(context: &Context<'_>) -> Result<(), CollectError> {
    let catalog = catalog(context)?;
    let (root, settings) = (catalog.root.clone(), catalog.settings.clone());
    let in_files = spawn_blocking(move || files::read(&root, &settings)).await;
    let mut sources = in_files.map_err(|error| CollectError::Source { what: "catalog.files".to_owned(), source: error.into() })?;
    if catalog.settings.repositories {
        sources.extend(repositories::read(context).await?);
    }
    let assembly = Assembly::of(&sources, context.pseudonyms);
    let relations = dependencies::rows(&assembly, &sources);
    for table in TABLES.into_iter().filter(|table| context.sink.wants(table)) {
        context.sink.expect(table, sources.len());
        for (place, (source, relations)) in sources.iter().zip(&relations).enumerate() {
            if !context.sink.is_done(table, &source.parent) {
                let rows = write(context, table, &assembly, place, source, relations).await?;
                let (outcome, within) = outcomes(table, &assembly, place, source, rows);
                context.sink.done(table, &source.parent, outcome, within).await?;
            }
        }
    }
    Ok(())
}

/// Hands over the rows that a table has of a file, and tells how many they are.
async fn write(
    context: &Context<'_>,
    table: &'static Table,
    assembly: &Assembly,
    place: usize,
    source: &Source,
    relations: &[Dependency],
) -> Result<usize, CollectError> {
    let found = || assembly.entities.iter().filter(move |found| found.source == place);
    if *table == services::TABLE {
        hand_over(context, table, source, &found().filter_map(|found| services::row(found, source)).collect::<Vec<_>>()).await
    } else if *table == systems::TABLE {
        hand_over(context, table, source, &found().filter_map(|found| systems::row(found, source)).collect::<Vec<_>>()).await
    } else if *table == teams::TABLE {
        hand_over(context, table, source, &found().filter_map(|found| teams::row(found, source)).collect::<Vec<_>>()).await
    } else {
        hand_over(context, table, source, relations).await
    }
}

async fn hand_over<R: Row + Sync>(
    context: &Context<'_>,
    table: &'static Table,
    source: &Source,
    rows: &[R],
) -> Result<usize, CollectError> {
    context.sink.write(table, &source.parent, rows).await?;
    Ok(rows.len())
}

/// How a file ended for a table. A broken document is told with the table of its kind; it leaves a gap in the relations as well, and in
/// every table if nobody can tell what it was to be.
fn outcomes(table: &'static Table, assembly: &Assembly, place: usize, source: &Source, rows: usize) -> (Outcome, Vec<(Parent, Outcome)>) {
    if let Err(unread) = &source.text {
        return (Tally::within(unread.status, unread.detail.clone(), 0), Vec::new());
    }
    let own = |broken: &Broken| *broken.kind.map_or(&services::TABLE, |kind| kind.table()) == *table;
    let in_file = assembly.broken.iter().filter(|broken| broken.source == place);
    let missing: Vec<&Broken> = in_file.filter(|broken| own(broken) || broken.kind.is_none() || *table == dependencies::TABLE).collect();
    let (status, detail) = match (missing.len(), rows) {
        (0, 0) => (Status::Empty, None),
        (0, _) => (Status::Ok, None),
        (invalid, _) => {
            let all = assembly.documents.get(place).copied().unwrap_or(invalid);
            let verb = if invalid == 1 { "is" } else { "are" };
            (Status::Truncated, Some(format!("{invalid} of {all} documents {verb} not valid: {}", missing[0].text)))
        }
    };
    let named = missing.into_iter().filter(|broken| own(broken));
    let within = named.map(|broken| {
        let of = |name: &str| format!("{name}:{}", broken.line);
        let parent = Parent { id: of(&source.parent.id), name: of(&source.parent.name) };
        (parent, Tally::within(Status::Error, Some(broken.text.clone()), 0))
    });
    (Tally::within(status, detail, rows as u64), within.collect())
}
