//! What the facts about cost take, from 60 million pod-hours: 90 days of two clusters.
//!
//! `cargo bench --profile dev --workspace --bench costs` writes the raw tables of a large company's clusters as they would stand in the lake,
//! and then times whole processes, each with the engine's own limits of memory and threads:
//!
//! - `almanac build --full` of the facts about cost;
//! - straight: DuckDB runs what `almanac sql --declare` printed, and then copies the SQL of each of these to a Parquet file;
//! - `almanac build` of them after one more day was collected.
//!
//! Aims: a full build within 1.05 times the straight SQL, and within 4 GiB; a day at most a fiftieth of the full build.
//! `-- small` after the command takes a fiftieth of the pods, for a look while SQL is written.
//!
//! The rows are made by DuckDB, not collected: to collect them would take longer than all that is measured here.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

mod measure;

use std::{
    fs,
    path::{Path, PathBuf},
};

use almanac::{
    config::EngineSettings,
    engine::{Clock, Engine, Script, identifier, literal},
};
use almanac_collectors::{
    catalog::services,
    opencost::{allocation_steps, allocations, assets},
    table::{Column, ColumnKind, Table},
};
use almanac_test_support::process::Cost;
use chrono::{Days, NaiveDate, Utc};
use measure::{almanac, empty_folder, mib, run, straight};

/// The first argument of the process that writes the raw tables.
const CLUSTERS: &str = "clusters";
/// Days of the full build; one more is the increment.
const DAYS: u64 = 90;
/// Pods of both clusters: 90 days of them are 60 million pod-hours.
const PODS: u64 = 27_778;
/// How many pods of a controller run side by side.
const REPLICAS: u64 = 10;
/// How many pods a node has.
const PODS_A_NODE: u64 = 30;

fn main() {
    let Some(args) = measure::role() else { return };
    match args.first().map(String::as_str) {
        Some(straight::ROLE) => straight::run(Path::new(&args[1])),
        Some(CLUSTERS) => write(Path::new(&args[1]), args[2].parse().expect("a number")),
        _ if args.iter().any(|arg| arg == "--bench") => compare(if args.iter().any(|arg| arg == "small") { PODS / 50 } else { PODS }),
        _ => {}
    }
}

fn compare(pods: u64) {
    let folder = empty_folder("costs");
    fs::write(folder.join("almanac.toml"), "[lake]\nurl = \"./lake\"\n").expect("the configuration is written");
    let made = run(measure::myself().arg(CLUSTERS).arg(&folder).arg(pods.to_string()), &[0]);
    println!("{} pod-hours in {DAYS} days, written in {:.0} s", pods * 24 * DAYS, made.wall.as_secs_f64());
    let newest = NewestDay::take_away(&folder);
    // The others, which know nothing of all this, are there before anything is measured.
    run(&mut almanac(&folder, &["build"]), &[0]);
    let script = straight::script(&folder, |model| FACTS.contains(&model), false);
    let select = FACTS.join(",");
    let plain = run(&mut straight::command(&script), &[0]);
    let full = run(&mut almanac(&folder, &["build", "--full", "--select", &select]), &[0]);
    newest.bring_back();
    let day = run(&mut almanac(&folder, &["build", "--select", &select]), &[0]);
    tell("almanac build --full", &full);
    tell("straight", &plain);
    tell("almanac build, one more day", &day);
    println!("  full build / straight: {:.3} of CPU, {:.3} of wall", full.cpu_s() / plain.cpu_s(), wall(&full) / wall(&plain));
    println!("  full build / one more day: {:.1} of CPU, {:.1} of wall", full.cpu_s() / day.cpu_s(), wall(&full) / wall(&day));
}

fn wall(cost: &Cost) -> f64 {
    cost.wall.as_secs_f64()
}

fn tell(what: &str, cost: &Cost) {
    println!("  {what:30} {:8.2} s CPU  {:8.2} s wall  peak {:6.0} MiB", cost.cpu_s(), wall(cost), mib(cost.peak_bytes));
}

/// The partitions of the newest day, which the full build does not know yet.
struct NewestDay(Vec<(PathBuf, PathBuf)>);

impl NewestDay {
    fn take_away(folder: &Path) -> Self {
        let (_, last) = period();
        let moves = TABLES.map(|table| {
            let there = partition(folder, table, last);
            let away = folder.join(format!("{}-{}", table.source, table.name));
            fs::rename(&there, &away).expect("it is moved");
            (there, away)
        });
        Self(moves.into())
    }

    fn bring_back(self) {
        self.0.iter().for_each(|(there, away)| fs::rename(away, there).expect("it is moved back"));
    }
}

/// The facts about cost.
const FACTS: [&str; 8] = [
    "fct_cluster_costs",
    "fct_container_usage",
    "fct_cost_coverage",
    "fct_cost_gaps",
    "fct_pod_costs",
    "fct_rightsizing",
    "fct_service_cost_parts",
    "fct_service_costs",
];

const TABLES: [&Table; 4] = [&allocations::TABLE, &allocation_steps::TABLE, &assets::TABLE, &services::TABLE];

/// The first and the last of the days.
fn period() -> (NaiveDate, NaiveDate) {
    let last = Utc::now().date_naive() - Days::new(1);
    (last - Days::new(DAYS), last)
}

fn partition(folder: &Path, table: &Table, date: NaiveDate) -> PathBuf {
    folder.join("lake/raw").join(table.source).join(table.name).join(format!("date={date}"))
}

/// Writes the raw tables: what a run in each of the days would have left.
fn write(folder: &Path, pods: u64) {
    let settings = EngineSettings { memory_limit: "4GB".to_owned(), ..EngineSettings::default() };
    let now = Utc::now();
    let engine = Engine::open(&settings, Clock { today: now.date_naive(), now }).expect("DuckDB opens");
    engine.declare("pods", &pods_of(pods)).expect("the pods are made");
    let (first, last) = period();
    for date in first.iter_days().take_while(|date| *date <= last) {
        for (table, columns, from) in [
            (&allocations::TABLE, ALLOCATION, format!("pods cross join {HOURS}")),
            (&allocation_steps::TABLE, STEP, format!("(select distinct cluster from pods) cross join {HOURS}")),
            (&assets::TABLE, ASSET, "nodes".to_owned()),
            (&services::TABLE, SERVICE, "(select distinct service from pods where service is not null)".to_owned()),
        ] {
            let path = partition(folder, table, date);
            fs::create_dir_all(&path).expect("a folder");
            let start = date.and_hms_opt(0, 0, 0).expect("midnight").and_utc().timestamp();
            let select = select(table, columns).replace("{start}", &start.to_string());
            let text = format!("select {select} from {from} order by {}", table.grain.join(", "));
            let footer = [
                ("almanac.table", table.full_name()),
                ("almanac.schema_version", table.columns.len().to_string()),
                ("almanac.logical_date", date.to_string()),
            ];
            let footer: Vec<String> = footer.iter().map(|(key, value)| format!("{}: {}", literal(key), literal(value))).collect();
            let after = format!(
                ") to {} (format parquet, compression zstd, row_group_size 65536, kv_metadata {{{}}})",
                literal(&path.join("data.parquet").to_string_lossy()),
                footer.join(", ")
            );
            engine.run("copy (", Script { name: table.name, text: &text }, &after).expect("the partition is written");
        }
    }
}

/// The select list of a table: what is said of some columns, and for the others nothing, or what stands for nothing.
fn select(table: &Table, said: &[(&str, &str)]) -> String {
    let value = |column: &Column| {
        let text = said.iter().find(|(name, _)| *name == column.name).map(|(_, text)| *text);
        let nothing = match column.kind {
            _ if column.nullable => "null",
            ColumnKind::Boolean => "false",
            ColumnKind::Integer | ColumnKind::Float => "0",
            ColumnKind::Text => "''",
            ColumnKind::Timestamp => "to_timestamp({start})",
            ColumnKind::TextList => "[]",
            ColumnKind::TextMap => "map {}",
        };
        let kind = column.kind.sql();
        format!("cast({} as {kind}) as {}", text.unwrap_or(nothing), identifier(column.name))
    };
    for (name, _) in said {
        assert!(table.columns.iter().any(|column| column.name == *name), "{} has no column {name}", table.name);
    }
    table.columns.iter().map(value).collect::<Vec<_>>().join(", ")
}

/// The pods and their nodes. Nine in ten have a service, by a label; one in five runs on arm64.
fn pods_of(pods: u64) -> String {
    format!(
        "create table pods as
         with numbered as (select range as pod_number, range // {REPLICAS} as controller_number from range({pods})),
         placed as (
             select *, controller_number % 2 as cluster_number, controller_number % 400 as service_number,
                 pod_number // {PODS_A_NODE} as node_number
             from numbered
         )
         select
             case cluster_number when 0 then 'east' else 'west' end as cluster,
             'node-' || node_number as node,
             'team-' || (service_number % 40) as namespace,
             'app-' || controller_number as controller,
             'app-' || controller_number || '-' || substr(md5(cast(pod_number as varchar)), 1, 10) as pod,
             case when service_number % 10 <> 0 then 'service-' || service_number end as service,
             case
                 when service_number % 10 = 0 then map {{'pod_template_hash': 'x' || controller_number}}
                 else map {{
                     'app_kubernetes_io_name': 'service-' || service_number,
                     'team': 'team-' || (service_number % 40),
                     'pod_template_hash': 'x' || controller_number
                 }}
             end as labels,
             0.1 + (controller_number % 20) * 0.1 as cpu_request,
             (128 + (controller_number % 30) * 64) * 1048576.0 as ram_request,
             pod_number
         from placed;
         create table nodes as
         select distinct cluster, node, case when cast(substr(node, 6) as bigint) % 5 = 0 then 'arm64' else 'amd64' end as architecture from pods;
         insert into pods
         select cluster, node, null, null, '__idle__', null, map {{}}, null, null, cast(substr(node, 6) as bigint) from nodes;"
    )
}

const HOURS: &str = "(select range as hour from range(24))";

const ALLOCATION: &[(&str, &str)] = &[
    ("cluster", "cluster"),
    ("step_started_at", "to_timestamp({start} + hour * 3600)"),
    ("step_ended_at", "to_timestamp({start} + hour * 3600 + 3600)"),
    ("name", "concat_ws('/', 'cluster-one', node, namespace, 'deployment', controller, pod, 'app')"),
    ("kind", "case when namespace is null then 'idle' else 'workload' end"),
    ("reported_cluster", "'cluster-one'"),
    ("node", "node"),
    ("namespace", "namespace"),
    ("controller_kind", "case when namespace is not null then 'deployment' end"),
    ("controller", "controller"),
    ("pod", "case when namespace is not null then pod end"),
    ("container", "case when namespace is not null then 'app' end"),
    ("labels", "labels"),
    ("started_at", "to_timestamp({start} + hour * 3600)"),
    ("ended_at", "to_timestamp({start} + hour * 3600 + 3600)"),
    ("hours", "1"),
    ("cpu_core_hours", "coalesce(cpu_request, 2)"),
    ("cpu_request_cores", "cpu_request"),
    ("cpu_usage_cores", "cpu_request * (0.1 + (hash(pod_number, hour, {start}) % 1000) / 1500.0)"),
    ("cpu_usage_max_cores", "cpu_request * (0.2 + (hash(hour, pod_number, {start}) % 1000) / 1200.0)"),
    ("cpu_cost", "0.03 * coalesce(cpu_request, 2)"),
    ("cpu_cost_adjustment", "-0.001 * coalesce(cpu_request, 2)"),
    ("ram_byte_hours", "coalesce(ram_request, 4e9)"),
    ("ram_request_bytes", "ram_request"),
    ("ram_limit_bytes", "ram_request * 2"),
    ("ram_usage_bytes", "ram_request * (0.3 + (hash(pod_number, {start}, hour) % 1000) / 2000.0)"),
    ("ram_usage_max_bytes", "ram_request * (0.4 + (hash({start}, pod_number, hour) % 1000) / 2000.0)"),
    ("ram_cost", "0.004 * coalesce(ram_request, 4e9) / 1e9"),
    ("ram_cost_adjustment", "0"),
    ("gpu_cost", "0"),
    ("volume_cost", "case when pod_number % 20 = 0 then 0.001 else 0 end"),
    ("network_cost", "(hash({start}, hour, pod_number) % 1000) / 1e6"),
    ("load_balancer_cost", "0"),
    ("shared_cost", "0"),
    ("external_cost", "0"),
    ("total_cost", "0.03 * coalesce(cpu_request, 2) + 0.004 * coalesce(ram_request, 4e9) / 1e9"),
];

const STEP: &[(&str, &str)] = &[
    ("cluster", "cluster"),
    ("step_started_at", "to_timestamp({start} + hour * 3600)"),
    ("step_ended_at", "to_timestamp({start} + hour * 3600 + 3600)"),
    ("state", "'ok'"),
];

const ASSET: &[(&str, &str)] = &[
    ("cluster", "cluster"),
    ("asset_id", "node"),
    ("asset_type", "'node'"),
    ("name", "node"),
    ("node_type", "case architecture when 'arm64' then 'm7g.8xlarge' else 'm7i.8xlarge' end"),
    ("architecture", "architecture"),
    ("is_spot", "false"),
    ("started_at", "to_timestamp({start})"),
    ("ended_at", "to_timestamp({start} + 86400)"),
    ("hours", "24"),
    ("cpu_cores", "32"),
    ("ram_bytes", "128 * 1073741824.0"),
    ("cpu_core_hours", "768"),
    ("ram_byte_hours", "24 * 128 * 1073741824.0"),
    ("total_cost", "36"),
    ("hourly_cost", "1.5"),
];

const SERVICE: &[(&str, &str)] = &[
    ("entity_ref", "'component:default/' || service"),
    ("namespace", "'default'"),
    ("name", "service"),
    ("component_type", "'service'"),
    ("owner_ref", "'group:default/team-' || (cast(substr(service, 9) as bigint) % 40)"),
];
