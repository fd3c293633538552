//! The whole walk, over files that are written here and rows of `github.repository_files` that are made here.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, PoisonError},
};

use arrow::record_batch::RecordBatch;
use chrono::{NaiveDate, Utc};
use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;
use serde_json::Value;

use super::*;
use crate::{
    collect::{Outcome, Parent, Sink, Status},
    privacy::Pseudonyms,
    sources::Sources,
    table::{Read, Timestamp, from_batch},
};

/// What came of a run: rows as JSON and outcomes, by table.
#[derive(Debug, Default)]
struct Told {
    published: Option<Vec<RecordBatch>>,
    rows: Mutex<BTreeMap<&'static str, Vec<Value>>>,
    outcomes: Mutex<BTreeMap<&'static str, Vec<(Parent, Outcome)>>>,
}

impl Sink for Told {
    fn wants(&self, _: &'static Table) -> bool {
        true
    }

    fn is_done(&self, _: &'static Table, _: &Parent) -> bool {
        false
    }

    fn since(&self, _: &'static Table, _: &Parent) -> Option<Timestamp> {
        None
    }

    fn etag(&self, _: &'static Table, _: &Parent) -> Option<String> {
        None
    }

    fn expect(&self, _: &'static Table, _: usize) {}

    fn rows<'a>(&'a self, table: &'static Table, _: &'a Parent, rows: RecordBatch) -> BoxFuture<'a, Result<(), CollectError>> {
        let rows: Vec<Value> = from_batch(&rows).unwrap();
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).entry(table.name).or_default().extend(rows);
        async { Ok(()) }.boxed()
    }

    fn published<'a>(&'a self, _: &'static Table) -> BoxFuture<'a, Result<Option<Vec<RecordBatch>>, CollectError>> {
        async { Ok(self.published.clone()) }.boxed()
    }

    fn done<'a>(
        &'a self,
        table: &'static Table,
        parent: &'a Parent,
        outcome: Outcome,
        within: Vec<(Parent, Outcome)>,
    ) -> BoxFuture<'a, Result<(), CollectError>> {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.entry(table.name).or_default().extend([(parent.clone(), outcome)].into_iter().chain(within));
        async { Ok(()) }.boxed()
    }
}

impl Told {
    fn rows_of(&self, table: &str) -> Vec<Value> {
        self.rows.lock().unwrap().get(table).cloned().unwrap_or_default()
    }

    fn texts(&self, table: &str, column: &str) -> Vec<String> {
        let text = |row: &Value| row[column].as_str().map_or_else(|| row[column].to_string(), str::to_owned);
        self.rows_of(table).iter().map(text).collect()
    }

    /// `name status rows`, and behind it what is said.
    fn outcomes_of(&self, table: &str) -> Vec<String> {
        let tell = |(parent, outcome): &(Parent, Outcome)| {
            let detail = outcome.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
            format!("{} {} {}{detail}", parent.name, outcome.status.as_str(), outcome.rows)
        };
        self.outcomes.lock().unwrap().get(table).into_iter().flatten().map(tell).collect()
    }

    fn errors(&self) -> usize {
        let outcomes = self.outcomes.lock().unwrap();
        outcomes.values().flatten().filter(|(_, outcome)| outcome.status == Status::Error).count()
    }
}

/// A row of `github.repository_files`.
#[derive(Clone, Serialize)]
struct RepositoryFile {
    repository_id: i64,
    full_name: &'static str,
    path: &'static str,
    kind: &'static str,
    content_state: &'static str,
    content: Option<String>,
}

fn batch(rows: &[RepositoryFile]) -> RecordBatch {
    let fields: Vec<_> = crate::github::repository_files::TABLE.schema().fields().iter().cloned().collect();
    let known = ["repository_id", "full_name", "path", "kind", "content_state", "content"];
    let fields: Vec<_> = fields.into_iter().filter(|field| known.contains(&field.name().as_str())).collect();
    serde_arrow::to_record_batch(&fields, &rows).unwrap()
}

/// Runs the walk over these files, and what GitHub is said to have.
async fn run(files: &[(&str, String)], github: Option<Option<&[RepositoryFile]>>) -> Told {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let told = Told { published: github.flatten().map(|rows| vec![batch(rows)]), ..Told::default() };
    let sources = Sources { catalog: Some(Catalog::new(&CatalogConfig::default(), root.path(), github.is_some())), ..Sources::default() };
    let pseudonyms = Pseudonyms::new(&"key".into());
    let context = Context { sources: &sources, now: Utc::now(), day: NaiveDate::default(), pseudonyms: &pseudonyms, sink: &told };
    let Read::By(collect) = services::TABLE.read else { panic!("the services have the walk") };
    collect(&context).await.unwrap();
    told
}

fn component(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  lifecycle: production\n{spec}"
    )
}

const OWNER: &str = "  owner: lamps\n";

#[tokio::test]
async fn the_example_is_read_without_an_error() {
    let told = run(&[("catalog/example.yaml", EXAMPLE.to_owned())], None).await;
    for (table, rows) in [("services", 1), ("teams", 1), ("systems", 1), ("dependencies", 4)] {
        assert_eq!(told.outcomes_of(table), [format!("catalog/example.yaml ok {rows}")], "{table}");
    }
    let service = &told.rows_of("services")[0];
    for (column, expected) in [
        ("entity_ref", "component:default/payment-api"),
        ("tier", "1"),
        ("owner_ref", "group:default/payments"),
        ("system_ref", "system:default/checkout"),
        ("github_slug", "your-organisation/payment-api"),
        ("pagerduty_service_id", "PDEF456"),
        ("datadog_service", "payment-api"),
        ("file", "catalog/example.yaml"),
    ] {
        assert_eq!(service[column], expected, "{column}");
    }
    assert_eq!(service["labels"]["pci-scope"], "in-scope");
    let team = &told.rows_of("teams")[0];
    assert_eq!((&team["pagerduty_id"], &team["slack_channel"]), (&"PABC123".into(), &"#team-payments".into()));
    assert_eq!(told.texts("dependencies", "is_described"), ["true", "true", "true", "false"], "only the database has no descriptor");
}

#[tokio::test]
async fn twelve_broken_descriptors_of_two_hundred_are_named_and_stop_nobody() {
    let documents = (0..200).map(|place| match place {
        place if place % 17 != 3 => component(&format!("service-{place}"), OWNER),
        place => match place / 17 % 6 {
            0 => component("x", ""),
            1 => component("x", OWNER).replace("  name", "\tname"),
            2 => component("x", "  owner: \"half a lamp\n"),
            3 => component("Not a name!", OWNER),
            4 => component("x", OWNER).replace("Component", "Microservice"),
            _ => component("service-0", OWNER),
        },
    });
    let text = documents.collect::<Vec<_>>().join("---\n");
    let told = run(&[("catalog/all.yaml", text)], None).await;
    assert_eq!((told.rows_of("services").len(), told.errors()), (188, 12));
    let outcomes = told.outcomes_of("services");
    let of_file = "catalog/all.yaml truncated 188: 12 of 200 documents are not valid: line 32: `spec.owner` is missing";
    assert!(outcomes[0].starts_with(of_file), "the first of them is told at once: {}", outcomes[0]);
    assert_eq!(outcomes[1], "catalog/all.yaml:28 error 0: line 32: `spec.owner` is missing; name the team, such as group:default/payments");
    assert!(
        outcomes[12].ends_with("`component:default/service-0` is described already, in `catalog/all.yaml` at line 1"),
        "{}",
        outcomes[12]
    );
    assert_eq!(told.outcomes_of("dependencies"), outcomes[..1]);
    assert_eq!(
        told.outcomes_of("teams"),
        ["catalog/all.yaml truncated 0: 2 of 200 documents are not valid: line 640: `kind` is none that Backstage knows; choose from \
         Component, API, Resource, System, Domain and Group; a service is a Component"],
        "nobody knows what those two were to be"
    );
}

#[tokio::test]
async fn a_broken_document_stands_with_the_table_of_its_kind() {
    let group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: lamps}\n";
    let told = run(&[("catalog/a.yaml", group.to_owned()), ("catalog/b.yaml", component("pay", OWNER))], None).await;
    assert_eq!(told.outcomes_of("services"), ["catalog/a.yaml empty 0", "catalog/b.yaml ok 1"]);
    let teams = [
        "catalog/a.yaml truncated 0: 1 of 1 documents is not valid: line 1: `spec` is missing",
        "catalog/a.yaml:1 error 0: line 1: `spec` is missing",
        "catalog/b.yaml empty 0",
    ];
    assert_eq!(told.outcomes_of("teams"), teams);
    assert_eq!(told.outcomes_of("systems"), ["catalog/a.yaml empty 0", "catalog/b.yaml empty 0"]);
    assert_eq!(told.outcomes_of("dependencies"), [teams[0], "catalog/b.yaml ok 1"]);
}

#[tokio::test]
async fn relations_are_told_once_and_mean_what_the_whole_catalog_says() {
    let head = |kind: &str, name: &str| format!("---\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\n");
    let text = [
        head("Group", "sea") + "spec: {type: department, children: [lamps, tides]}\n",
        head("Group", "lamps") + "spec: {type: team, parent: sea, members: [bob]}\n",
        head("User", "ada") + "spec: {profile: {email: ada@sea.example}}\n",
        head("Resource", "db") + "spec: {type: database, owner: lamps}\n",
        head("Domain", "lights") + "spec: {owner: ada, subdomainOf: all}\n",
        head("System", "docks") + "spec: {owner: bob, domain: lights}\n",
        head("API", "pay") + "spec: {type: openapi, lifecycle: production, owner: lamps, system: docks}\n",
        "---\n".to_owned()
            + &component("pay", "  owner: lamps\n  dependsOn: [db, mail, db]\n  providesApis: [pay]\n  subcomponentOf: all\n"),
        "---\n".to_owned() + &component("mail", "  owner: user:ada\n  dependencyOf: [component:pay]\n"),
    ];
    let told = run(&[("catalog/all.yaml", text.concat())], None).await;
    let pseudonyms = Pseudonyms::new(&"key".into());
    let short = |text: String| {
        text.replace(&pseudonyms.of("catalog", "ada").to_string(), "<ada>").replace(&pseudonyms.of("catalog", "bob").to_string(), "<bob>")
    };
    let tell = |row: &Value| {
        short(
            format!("{} {} {} {}", row["from_ref"], row["relation"], row["to_ref"], row["is_described"])
                .replace('"', "")
                .replace("default/", ""),
        )
    };
    let relations: Vec<String> = told.rows_of("dependencies").iter().map(tell).collect();
    let expected = [
        "group:lamps child_of group:sea true",
        "resource:db owned_by group:lamps true",
        "domain:lights owned_by user:<ada> false",
        "domain:lights part_of domain:all false",
        "system:docks owned_by user:<bob> false",
        "system:docks part_of domain:lights true",
        "api:pay owned_by group:lamps true",
        "api:pay part_of system:docks true",
        "component:pay owned_by group:lamps true",
        "component:pay part_of component:all false",
        "component:pay depends_on resource:db true",
        "component:pay depends_on component:mail true",
        "component:pay provides_api api:pay true",
        "component:mail owned_by user:<ada> false",
        "group:tides child_of group:sea true",
    ];
    assert_eq!(relations, expected);
    assert_eq!(told.texts("systems", "domain_ref"), ["domain:default/all", "domain:default/lights"]);
    assert_eq!(told.texts("teams", "child_refs"), [r#"["group:default/lamps","group:default/tides"]"#, "[]"]);
    let all = format!("{:?}{:?}", told.rows, told.outcomes);
    assert!(!all.contains("ada") && !all.contains("bob"), "{all}");
}

#[tokio::test]
async fn repositories_count_behind_files() {
    let ada = Pseudonyms::new(&"key".into()).of("github", "ada").to_string();
    let file = RepositoryFile {
        repository_id: 7,
        full_name: "sea/pay",
        path: "services/pay/catalog-info.yaml",
        kind: "catalog_info",
        content_state: "kept",
        content: Some(format!("\n\n{}---\n\n\n", component("pay", &format!("  owner: user:default/{ada}\n")))),
    };
    let again = RepositoryFile {
        repository_id: 3,
        full_name: "sea/b",
        path: "catalog-info.yaml",
        content: Some(component("mail", OWNER)),
        ..file.clone()
    };
    let large = RepositoryFile {
        repository_id: 4,
        full_name: "sea/large",
        path: "catalog-info.yaml",
        content_state: "too_large",
        content: None,
        ..file.clone()
    };
    let other = RepositoryFile { path: "go.mod", kind: "go_mod", ..file.clone() };
    let told = run(&[("catalog/a.yaml", component("mail", OWNER))], Some(Some(&[file, again, large, other]))).await;
    assert_eq!(
        told.outcomes_of("services"),
        [
            "catalog/a.yaml ok 1",
            "sea/b/catalog-info.yaml truncated 0: 1 of 1 documents is not valid: line 1: `component:default/mail` is described already, \
             in `catalog/a.yaml` at line 1",
            "sea/b/catalog-info.yaml:1 error 0: line 1: `component:default/mail` is described already, in `catalog/a.yaml` at line 1",
            "sea/large/catalog-info.yaml error 0: it is larger than `github.max_file_bytes`",
            "sea/pay/services/pay/catalog-info.yaml ok 1",
        ]
    );
    let pay = &told.rows_of("services")[1];
    assert_eq!((&pay["owner_ref"], &pay["line"]), (&format!("user:default/{ada}").into(), &3.into()));
    assert_eq!(
        (&pay["github_slug"], &pay["source_path"], &pay["repository"]),
        (&"sea/pay".into(), &"services/pay".into(), &"sea/pay".into())
    );
}

#[tokio::test]
async fn what_was_not_looked_for_is_a_gap_and_what_is_not_there_is_none() {
    let told = run(&[], Some(None)).await;
    let gap = "github.repository_files not_found 0: not collected for this day: collect `github.repository_files` as well";
    assert!(TABLES.iter().all(|table| told.outcomes_of(table.name) == [gap]));
    let told = run(&[], Some(Some(&[]))).await;
    assert_eq!(told.outcomes_of("services"), ["github.repository_files empty 0"]);
    let told = run(&[], None).await;
    assert!(told.outcomes_of("services").is_empty(), "nobody configured anything");
}
