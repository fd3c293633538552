//! What people write about their services: a catalog beside `almanac.toml`, with mistakes in it, and the one that `init` begins with.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::{Folder, stderr};

/// A descriptor of a service, broken in one of several ways where it is one of twelve.
fn descriptor(number: usize) -> String {
    let name = format!("service-{number}");
    let whole = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  labels:\n    tier: \"2\"\nspec:\n  type: service\n  \
         lifecycle: production\n  owner: group:default/keepers\n"
    );
    if number % 17 != 3 {
        return whole;
    }
    match number / 17 % 6 {
        0 => whole.replace("  owner: group:default/keepers\n", ""),
        1 => whole.replace("kind: Component", "kind: Componnent"),
        2 => whole.replace(&format!("name: {name}"), "name: \"not a name!\""),
        3 => whole.replace("spec:", "spec"),
        4 => whole.replace("backstage.io/v1alpha1", "example/v9"),
        _ => whole.replace("lifecycle: production", "lifecycle: [production"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_descriptors_are_named_and_stop_no_other() {
    let folder = Folder::new("[catalog]\n");
    let catalog = folder.path().join("catalog");
    std::fs::create_dir_all(&catalog).expect("a folder");
    // Half of them in one file, one document after the other.
    let together: Vec<String> = (0..100).map(descriptor).collect();
    std::fs::write(catalog.join("all.yaml"), together.join("---\n")).expect("a file");
    for number in 100..200 {
        std::fs::write(catalog.join(format!("{number}.yaml")), descriptor(number)).expect("a file");
    }
    let broken: BTreeSet<usize> = (0..200).filter(|number| number % 17 == 3).collect();
    assert_eq!(broken.len(), 12);
    let run = folder.run(&["collect", "--tables", "catalog.services"]).await;
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    let rows = folder.query("select name, file, line from catalog.services order by cast(split_part(name, '-', 2) as integer)").await;
    let whole: Vec<Value> = (0..200).filter(|number| !broken.contains(number)).map(|number| json!(format!("service-{number}"))).collect();
    assert_eq!(rows.iter().map(|row| row["name"].clone()).collect::<Vec<_>>(), whole);
    assert_eq!(rows[1], json!({"name": "service-1", "file": "catalog/all.yaml", "line": 12}), "each stands where it was found");

    let told = folder.query("select parent, detail from almanac.outcomes where status = 'error' order by parent").await;
    let places: BTreeSet<String> = told.iter().map(|row| row["parent"].as_str().expect("a place").to_owned()).collect();
    let lines_before = |number: usize| (0..number).map(|before| descriptor(before).lines().count() + 1).sum::<usize>();
    let place = |&number: &usize| match number {
        0..100 => format!("catalog/all.yaml:{}", lines_before(number) + 1),
        _ => format!("catalog/{number}.yaml:1"),
    };
    assert_eq!(places, broken.iter().map(place).collect(), "{told:#?}");
    let all: String = told.iter().map(|row| format!("{row}\n")).collect();
    for said in ["`spec.owner` is missing", "`kind` is none that Backstage knows; write Component", "`metadata.name`", "no YAML"] {
        assert!(all.contains(said), "nothing says `{said}`:\n{all}");
    }
    // What is there stays there when everything is broken the next day.
    std::fs::write(catalog.join("all.yaml"), "a: [").expect("a file");
    let again = folder.run(&["collect", "--tables", "catalog.services"]).await;
    assert_eq!(again.status.code(), Some(3), "{}", stderr(&again));
    assert_eq!(folder.query("select count(*) as n from catalog.services").await[0]["n"], 94);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_that_init_writes_works() {
    let folder = Folder::new("");
    std::fs::remove_file(folder.path().join("almanac.toml")).expect("it is there");
    let init = folder.run(&["init"]).await;
    assert!(init.status.success(), "{}", stderr(&init));
    let run = folder.run(&["collect", "--tables", "catalog.services,catalog.teams,catalog.systems,catalog.dependencies"]).await;
    // Repositories cannot be looked into: GitHub was not collected.
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    let gaps = folder.query("select distinct parent, status from almanac.outcomes where status not in ('ok', 'empty')").await;
    assert_eq!(gaps, [json!({"parent": "github.repository_files", "status": "not_found"})], "{gaps:#?}");
    for table in ["services", "teams", "systems", "dependencies"] {
        let rows = folder.query(&format!("select count(*) as n from catalog.{table}")).await;
        assert!(rows[0]["n"].as_u64() > Some(0), "catalog.{table} is empty");
    }
    let again = folder.run(&["init", "elsewhere"]).await;
    assert!(again.status.success() && stderr(&again).contains("catalog"), "{}", stderr(&again));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_matches_nothing_is_told() {
    let folder = Folder::new("[catalog]\nfiles = [\"teams/*.yaml\", \"../elsewhere/\"]\n");
    let run = folder.run(&["collect", "--tables", "catalog.services"]).await;
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    let told = folder.query("select parent, status from almanac.outcomes order by parent").await;
    assert_eq!(told, [json!({"parent": "../elsewhere", "status": "error"}), json!({"parent": "teams/*.yaml", "status": "not_found"})]);
}
