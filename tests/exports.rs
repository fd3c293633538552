//! What other tools read: files of cost in FOCUS's columns, from days of two clusters that are put into the lake by hand.

use almanac::{
    config::EngineSettings,
    engine::{Clock, Engine, Script},
    ledger::all_tables,
    models::declare,
    output,
};
use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};

use crate::common::{Folder, stderr, stdout};

/// The columns that FOCUS 1.3 wants in every row.
const NEVER_NULL: [&str; 25] = [
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "ServiceProviderName",
    "SkuId",
    "SkuPriceId",
];

/// Two days of `east`, of which half of the second is missing, and one of `west`, of which nothing is known but a pod.
const ALLOCATIONS: &str = "
    select * from (values
        ('east', 20, 24, 'a/n1/pay/checkout-1', 'workload', 'n1', 'pay', 'checkout-1', 12.0, 2.4, -0.4, 1.0, 0.25, 0.0),
        ('east', 20, 24, 'a/n1/__idle__', 'idle', 'n1', null, null, 36.0, 7.2, -1.2, 3.0, 0.0, 0.0),
        ('east', 20, 24, 'a/__unmounted__', 'unmounted', null, 'pay', null, 0.0, 0.0, 0.0, 0.0, 0.75, 0.0),
        ('east', 20, 24, 'a/__load_balancer__', 'load_balancer', null, null, null, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5),
        ('east', 21, 12, 'a/n1/pay/checkout-1', 'workload', 'n1', 'pay', 'checkout-1', 6.0, 1.25, 0.0, 0.5, 0.125, 0.0),
        ('west', 20, 24, 'a/n9/pay/refund-1', 'workload', 'n9', 'pay', 'refund-1', 1.0, 0.1, 0.0, 0.0000001, 0.0, 0.0)
    ) as entries (
        cluster, day, hours, name, kind, node, namespace, pod,
        cpu_core_hours, cpu_cost, cpu_cost_adjustment, ram_cost, volume_cost, load_balancer_cost
    )";

fn engine() -> Engine {
    Engine::open(&EngineSettings::default(), Clock { today: NaiveDate::default(), now: DateTime::default() }).expect("the engine opens")
}

/// Puts what a query gives into the lake as a day of a table, as a run would have left it.
fn publish(folder: &Folder, name: &str, day: u32, query: &str) {
    let table = all_tables().into_iter().find(|table| table.full_name() == name).expect("there is such a table");
    let path = folder.path().join(format!("lake/raw/{}/{}/date=2026-11-{day}", table.source, table.name));
    std::fs::create_dir_all(&path).expect("a folder");
    let view = declare::raw_view(table, &[]);
    let rows = format!("create table given as select * exclude (date) from {name} limit 0; insert into given by name {query};");
    let copy = format!("copy given to '{}' (format parquet)", path.join("data.parquet").display());
    engine().declare(name, &format!("{view}{rows}{copy}")).expect("the rows fit");
}

/// A lake of these days, before any fact is built.
fn collected() -> Folder {
    let folder = Folder::new("[lake]\nurl = \"./lake\"\n");
    for day in [20, 21] {
        let start = format!("timestamp '2026-11-{day} 00:00:00'");
        let entries = format!(
            "select *, {start} as step_started_at, {start} + to_hours(hours) as step_ended_at \
             from ({ALLOCATIONS}) as entries where day = {day}"
        );
        let allocations =
            format!("select * exclude (day), step_started_at as started_at, step_ended_at as ended_at from ({entries}) as entries");
        publish(&folder, "opencost.allocations", day, &allocations);
        let steps = format!(
            "select cluster, step_started_at, step_ended_at, 'ok' as state, count(*) as entries, 0 as rejected \
             from ({entries}) as entries group by all"
        );
        publish(&folder, "opencost.allocation_steps", day, &steps);
        let assets = format!(
            "select 'east' as cluster, 'node n1' as asset_id, 'node' as asset_type, 'n1' as name, 'aws:///eu-west-1a/i-1' as provider_id, \
             'AWS' as provider, '123456789012' as account, 'eu-west-1' as region, 'eu-west-1a' as zone, 'm6g.large' as node_type, \
             'arm64' as architecture, true as is_spot, {start} as started_at, {start} + to_hours(24) as ended_at, 24 as hours, \
             12.25 as total_cost"
        );
        publish(&folder, "opencost.assets", day, &assets);
    }
    folder
}

async fn built() -> Folder {
    let folder = collected();
    let build = folder.run(&["build", "--select", "+fct_cluster_costs"]).await;
    assert!(build.status.success(), "{}", stderr(&build));
    folder
}

/// What a query gives of a file that was written.
fn rows(folder: &Folder, file: &str, query: &str) -> Vec<Value> {
    let path = folder.path().join(file).display().to_string();
    let from = if file.ends_with("parquet") { format!("read_parquet('{path}')") } else { format!("read_csv('{path}', header = true)") };
    // The engine has no time zones: a moment becomes a day by way of a plain time.
    let text = query.replace("FILE", &from).replace("DAY", "cast(cast(ChargePeriodStart as timestamp) as date)");
    let rows = engine().query(Script { name: file, text: &text }).unwrap_or_else(|error| panic!("{text}\n{error:?}"));
    serde_json::from_str(&output::json(&rows).expect("JSON")).expect("rows")
}

#[tokio::test]
async fn focus_holds_every_dollar_of_every_cluster_and_day_in_both_files() {
    let folder = built().await;
    let run = folder.run(&["export", "focus", "--output", "out/of"]).await;
    assert!(run.status.success(), "{}", stderr(&run));
    let files = ["out/of/focus-2026-11-20-2026-11-21.parquet", "out/of/focus-2026-11-20-2026-11-21.csv"];
    assert_eq!(stdout(&run), format!("{}\n", files.join("\n")), "stdout has the paths and nothing else");
    let told = stderr(&run);
    assert!(told.contains("2026-11-20 to 2026-11-21, of which 2 days are there"), "{told}");
    assert!(told.contains("east: 2 of 2 days, 75.0 % of their hours known") && told.contains("west: 1 of 2 days, 100.0 %"), "{told}");

    let spent = "select cluster, date, round(total_cost_usd, 9) as cost, round(distributed_cost_usd, 9) as distributed \
        from fct_cluster_costs order by all";
    let spent = folder.query(spent).await;
    assert_eq!((spent.len(), &spent[0]["cost"]), (3, &json!(13.5)), "{spent:#?}");
    for file in files {
        let sums = "select x_Cluster as cluster, DAY as date, round(cast(sum(BilledCost) as double), 9) as cost, \
            round(cast(sum(x_DistributedCost) as double), 9) as distributed from FILE group by all order by all";
        assert_eq!(rows(&folder, file, sums), spent, "{file}");
        let nulls: Vec<String> = NEVER_NULL.iter().map(|column| format!("{column} is null")).collect();
        let nulls = format!("select ChargeDescription from FILE where {}", nulls.join(" or "));
        assert_eq!(rows(&folder, file, &nulls), [] as [Value; 0]);
        let products = "select ChargeDescription from FILE where abs(ListUnitPrice * PricingQuantity - ListCost) > 1e-9";
        assert_eq!(rows(&folder, file, products), [] as [Value; 0], "a price by its quantity is a cost");
    }
    let lines = std::fs::read_to_string(folder.path().join(files[1])).expect("the file is there");
    assert!(lines.contains(",2026-11-20T00:00:00Z,") && lines.contains(",0.000000100000000,"), "dates in UTC, numbers without exponents");

    // The shares of a node add up to it, and only what a pod has is allocated.
    let shares = "select x_Component as part, \
        round(sum(cast(json_extract(AllocatedMethodDetails, '$.Elements[0].AllocatedRatio') as double)), 9) as share \
        from FILE where ResourceName = 'n1' and DAY = date '2026-11-20' group by all order by all";
    let share = |part: &str| json!({"part": part, "share": 1.0});
    assert_eq!(rows(&folder, files[0], shares), [share("cpu"), share("memory")]);
    let kinds = "select distinct x_Kind as kind, AllocatedMethodId is not null as is_split, AllocatedResourceId is not null as is_pod \
        from FILE order by all";
    let kind = |kind: &str, is_split: bool, is_pod: bool| json!({"kind": kind, "is_split": is_split, "is_pod": is_pod});
    assert_eq!(
        rows(&folder, files[0], kinds),
        [kind("idle", true, false), kind("shared", false, false), kind("unmounted", false, false), kind("workload", true, true)]
    );

    // What the snapshot tells of the node, and its stand-in where it does not.
    let told = "select concat_ws(' ', ResourceId, ServiceProviderName, SubAccountId, RegionId, PricingCategory, PricingUnit, SkuPriceId) \
        as told from FILE where x_Component = 'cpu' and x_Kind = 'workload' and DAY = date '2026-11-20' order by x_Cluster";
    assert_eq!(
        rows(&folder, files[0], told),
        [
            json!({"told": "aws:///eu-west-1a/i-1 AWS 123456789012 eu-west-1 Dynamic vCPU-Hours kubernetes/cpu/m6g.large/spot"}),
            json!({"told": "west/n9 west Standard vCPU-Hours kubernetes/cpu"}),
        ]
    );
}

#[tokio::test]
async fn a_period_is_written_alone_and_replaces_only_its_own_files() {
    let folder = built().await;
    for _ in 0..2 {
        let run = folder.run(&["export", "focus", "--from", "2026-11-21", "--to", "2026-11-30"]).await;
        assert!(run.status.success(), "{}", stderr(&run));
        assert!(stderr(&run).contains("of which 1 days are there"), "{}", stderr(&run));
        let days = "select distinct DAY as day, cast(BillingPeriodEnd as timestamp) as month_end from FILE";
        let found = rows(&folder, "focus-2026-11-21-2026-11-30.parquet", days);
        assert_eq!(found, [json!({"day": "2026-11-21", "month_end": "2026-12-01T00:00:00Z"})]);
    }
    let files = std::fs::read_dir(folder.path()).expect("the folder").flatten().filter(|file| file.path().is_file()).count();
    assert_eq!(files, 3, "two files beside almanac.toml, and no draft");
}

#[tokio::test]
async fn an_export_says_what_to_do_where_there_is_nothing_to_write() {
    let told = async |folder: &Folder, args: &[&str]| {
        let run = folder.run(args).await;
        assert!(!run.status.success() && stdout(&run).is_empty(), "{}", stdout(&run));
        stderr(&run)
    };
    let empty = Folder::new("");
    let report = told(&empty, &["export", "focus"]).await;
    assert!(report.contains("nothing has been collected for `focus`") && report.contains("`[opencost]`"), "{report}");
    let report = told(&empty, &["export", "focsu"]).await;
    assert!(report.contains("there is no export `focsu`") && report.contains("did you mean `focus`?"), "{report}");

    let report = told(&collected(), &["export", "focus"]).await;
    assert!(report.contains("has not been built") && report.contains("run `almanac build`"), "{report}");
    let report = told(&built().await, &["export", "focus", "--from", "2026-12-01", "--to", "2026-12-31"]).await;
    assert!(report.contains("nothing to write from 2026-12-01") && report.contains("begin with 2026-11-20"), "{report}");
}

#[tokio::test]
async fn a_users_export_joins_by_being_there() {
    let folder = built().await;
    std::fs::create_dir(folder.path().join("exports")).expect("a folder");
    let text = "-- title: Clusters\n-- purpose: For our ledger.\n-- owner: us\n-- columns:\n\
        --   Cluster    cluster\n--   Cost       cost [USD]\n\
        select cluster as \"Cluster\", sum(total_cost_usd) as \"Cost\" from fct_cluster_costs\n\
        where date between getvariable('from') and getvariable('to') group by cluster";
    std::fs::write(folder.path().join("exports/ledger.sql"), text).expect("the file is written");
    let list = stdout(&folder.run(&["export"]).await);
    assert!(list.contains("focus") && list.contains("For our ledger."), "{list}");
    let run = folder.run(&["export", "ledger", "--from", "2026-11-20", "--to", "2026-11-20"]).await;
    assert!(run.status.success(), "{}", stderr(&run));
    let found = rows(&folder, "ledger-2026-11-20-2026-11-20.csv", "select Cluster, Cost from FILE where Cluster = 'east'");
    assert_eq!(found[0]["Cluster"], "east");
    let described = stdout(&folder.run(&["tables", "ledger"]).await);
    assert!(described.contains("export") && described.contains("USD"), "{described}");
}

/// The bill of two clusters, as a list of days and as a file of a provider, says how far the cost can be believed.
#[tokio::test]
async fn a_bill_beside_the_configuration_reconciles_the_cost() {
    let folder = collected();
    std::fs::create_dir(folder.path().join("reference")).expect("a folder");
    let bill = "date,cluster,billed_cost_usd,is_final\n2026-11-20,east,13.5,true\n2026-11-21,east,2,false\n";
    std::fs::write(folder.path().join("reference/billed_costs.csv"), bill).expect("the bill is written");
    let charges = folder.path().join("reference/billed_charges.parquet");
    let copy = format!(
        "copy (select timestamptz '2026-11-20 00:00:00+00' as \"ChargePeriodStart\", \
         timestamptz '2026-11-21 00:00:00+00' as \"ChargePeriodEnd\", cast(0.2 as decimal(18, 6)) as \"BilledCost\", \
         'Usage' as \"ChargeCategory\", map {{'aws:eks:cluster-name': 'west'}} as \"Tags\", 'one of dozens' as \"ServiceName\") \
         to '{}' (format parquet)",
        charges.display()
    );
    engine().declare("a bill", &copy).expect("the bill is written");
    let build = folder.run(&["build", "--select", "+fct_cluster_costs"]).await;
    assert!(build.status.success(), "{}", stderr(&build));
    let found = folder
        .query("select cluster, date, round(reconciliation_ratio, 4) as ratio, is_reconciled from fct_cluster_costs order by all")
        .await;
    assert_eq!(
        found,
        [
            json!({"cluster": "east", "date": "2026-11-20", "ratio": 1.0, "is_reconciled": true}),
            json!({"cluster": "east", "date": "2026-11-21", "ratio": 0.9375, "is_reconciled": null}),
            json!({"cluster": "west", "date": "2026-11-20", "ratio": 0.5, "is_reconciled": false}),
        ]
    );
}
