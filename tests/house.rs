//! The rules of the house, each as a test whose failure says what to mend.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use almanac_test_support::shared::root;

/// All files below a folder with this ending, relative to the root, without what git ignores.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entry.is_dir() && !name.starts_with('.') && name != "target" {
                walk(&entry, ending, found);
            } else if name.ends_with(ending) {
                found.push(entry);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found.sort();
    found.into_iter().map(|path| path.strip_prefix(root()).unwrap().to_owned()).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Whether code, not a comment, names a crate.
fn names(text: &str, krate: &str) -> bool {
    let code = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    code.into_iter().any(|line| line.contains(&format!("{krate}::")) || line.contains(&format!("use {krate}")))
}

#[test]
fn walls_stand() {
    // Who may name what, besides tests and benchmarks.
    let walls: [(&str, &[&str]); 7] = [
        ("object_store", &["pipeline/src/lake/"]),
        ("parquet", &["pipeline/src/lake/"]),
        ("polars", &["pipeline/src/lake/"]),
        ("duckdb", &["pipeline/src/engine.rs"]),
        ("octocrab", &["collectors/src/github/"]),
        ("reqwest", &["collectors/src/http/"]),
        ("almanac_simulator", &["pipeline/src/verbs/demo.rs", "tests/simulator/"]),
    ];
    let mut breaches = Vec::new();
    for file in files("pipeline/src", ".rs").into_iter().chain(files("collectors", ".rs")).chain(files("tests/simulator", ".rs")) {
        let (path, text) = (file.display().to_string(), read(&file));
        for (krate, allowed) in walls {
            if names(&text, krate) && !allowed.iter().any(|prefix| path.starts_with(prefix)) {
                breaches.push(format!("{path} names `{krate}`, which only {} may", allowed.join(" and ")));
            }
        }
    }
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn collectors_know_no_sibling_and_no_lake() {
    let manifest = read(Path::new("collectors/Cargo.toml"));
    for forbidden in ["almanac.workspace", "almanac-simulator", "parquet", "object_store", "duckdb", "polars"] {
        assert!(!manifest.contains(forbidden), "collectors/Cargo.toml depends on `{forbidden}`: collectors know only what they read");
    }
}

#[test]
fn the_top_level_is_fixed() {
    let allowed: BTreeSet<&str> = [
        "Cargo.toml",
        "Cargo.lock",
        "pipeline",
        "collectors",
        "sql",
        "notebooks",
        "scheduler",
        "tests",
        "README.md",
        "LICENSE",
        "CONTRIBUTING.md",
    ]
    .into();
    let extra: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && name != "target" && !allowed.contains(name.as_str()))
        .collect();
    assert!(extra.is_empty(), "at the top level there is no place for {extra:?}: put it into one of the rooms");
}

#[test]
fn every_table_is_listed_and_every_listed_table_has_a_file() {
    for source in ["catalog", "datadog", "github", "jira", "pagerduty"] {
        let folder = format!("collectors/src/{source}");
        let module = read(Path::new(&format!("{folder}/mod.rs")));
        let with_table: BTreeSet<String> = files(&folder, ".rs")
            .into_iter()
            .filter(|file| read(file).contains("pub const TABLE: Table"))
            .map(|file| file.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let lines: Vec<&str> = module.lines().map(str::trim).collect();
        let listed: Vec<String> =
            lines.iter().filter_map(|line| line.strip_prefix('&')?.strip_suffix("::TABLE,")).map(str::to_owned).collect();
        let declared: Vec<String> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
            .filter(|name| with_table.contains(*name))
            .map(str::to_owned)
            .collect();
        let wanted: Vec<String> = with_table.into_iter().collect();
        let mend = |what: &str| format!("{folder}/mod.rs: the {what} of tables must be, sorted:\n  {}", wanted.join("\n  "));
        assert_eq!(listed, wanted, "{}", mend("list `&x::TABLE,`"));
        assert_eq!(declared, wanted, "{}", mend("list `pub mod x;`"));
        for name in &wanted {
            let text = read(Path::new(&format!("{folder}/{name}.rs")));
            assert!(text.contains(&format!("name: \"{name}\"")), "{folder}/{name}.rs holds the table of that name");
            let head: String = text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
            for line in ["One row per ", "- grain: ", "- endpoint: ", "- permission: ", "- date: "] {
                assert!(head.contains(line), "{folder}/{name}.rs: its `//!` lacks `{line}…`");
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_stays_small() {
    let mut mends = Vec::new();
    for file in files("", ".rs") {
        let (path, text) = (file.display(), read(&file));
        if !text.starts_with("//!") {
            mends.push(format!("{path}: begins with a `//!` line that says what it is"));
        }
        if text.lines().count() > 600 {
            mends.push(format!("{path}: has more than 600 lines; split it by noun"));
        }
    }
    assert!(mends.is_empty(), "\n{}", mends.join("\n"));
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = read(Path::new("Cargo.toml"));
    let dependencies = manifest.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let silent: Vec<&str> =
        dependencies.lines().filter(|line| line.contains(" = ") && !line.contains("path = ") && !line.contains(" # ")).collect();
    assert!(silent.is_empty(), "these dependencies need their reason behind a `#`:\n{}", silent.join("\n"));
}

#[test]
fn settings_of_the_default_file_are_documented() {
    // Every key stands on a line of its own, in force or commented out, below a comment that says what it is for.
    let text = almanac::config::DEFAULT;
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let key = line.trim_start_matches("# ").split_once(" = ").map(|(key, _)| key);
        let is_key = key.is_some_and(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        if is_key && !line.contains("enabled") {
            assert!(index > 0 && lines[index - 1].starts_with('#'), "almanac.default.toml: `{line}` needs a comment above it");
        }
    }
}
