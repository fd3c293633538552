//! Which tables a query reads, as DuckDB's own parser sees them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::engine::{Engine, EngineError, Script};

/// What a query reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Names as SQL writes them, in lower case: `github.pull_requests`, `fct_pull_requests`.
    pub tables: BTreeSet<String>,
    /// Whether the date or the time of the run is asked for, so that the answer changes from day to day.
    pub clock: bool,
    /// Whether it asks what tables there are, so that all of them should be.
    pub names_tables: bool,
}

impl Reads {
    /// Finds what `script` reads; `None` for a statement that is not a query.
    ///
    /// # Errors
    /// When the text is not SQL.
    pub fn of(parser: &Engine, script: Script<'_>) -> Result<Option<Self>, EngineError> {
        Ok(parser.syntax(script)?.map(|tree| {
            let mut reads = Self::default();
            reads.walk(&tree, &mut Vec::new());
            reads
        }))
    }

    /// Collects the tables below a node; `scope` holds the names that common table expressions have taken.
    fn walk(&mut self, node: &Value, scope: &mut Vec<String>) {
        match node {
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, scope)),
            Value::Object(fields) => {
                let outside = scope.len();
                match fields.get("type").and_then(Value::as_str) {
                    Some("BASE_TABLE") => self.add_table(node, scope),
                    Some("SHOW_REF") => self.names_tables |= fields["query"].is_null(),
                    Some("RECURSIVE_CTE_NODE") => scope.push(text(node, "cte_name")),
                    Some("COLUMN_REF") => {
                        self.clock |= fields["column_names"].as_array().is_some_and(|names| names.len() == 1 && is_clock(&names[0]))
                    }
                    Some("FUNCTION") => self.clock |= is_clock(&fields["function_name"]),
                    _ => {}
                }
                // An expression sees those before it, and the query sees them all.
                for entry in node["cte_map"]["map"].as_array().into_iter().flatten() {
                    self.walk(&entry["value"], scope);
                    scope.push(text(entry, "key"));
                }
                fields.iter().filter(|(key, _)| *key != "cte_map").for_each(|(_, child)| self.walk(child, scope));
                scope.truncate(outside);
            }
            _ => {}
        }
    }

    fn add_table(&mut self, node: &Value, scope: &[String]) {
        let (schema, table) = (text(node, "schema_name"), text(node, "table_name"));
        self.names_tables |= schema == "information_schema";
        if !schema.is_empty() {
            self.tables.insert(format!("{schema}.{table}"));
        } else if !scope.contains(&table) {
            self.tables.insert(table);
        }
    }
}

fn text(node: &Value, key: &str) -> String {
    node[key].as_str().unwrap_or_default().to_lowercase()
}

fn is_clock(name: &Value) -> bool {
    let name = name.as_str().unwrap_or_default().to_lowercase();
    ["current_date", "today", "current_localtimestamp", "current_timestamp", "localtimestamp", "now"].contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::parser;

    fn reads(sql: &str) -> Option<Reads> {
        Reads::of(&parser().unwrap(), Script { name: "x.sql", text: sql }).unwrap()
    }

    fn tables(sql: &str) -> Vec<String> {
        reads(sql).unwrap().tables.into_iter().collect()
    }

    #[test]
    fn tables_are_found_wherever_they_stand() {
        assert_eq!(tables("select * from github.Pull_Requests p join b using (i)"), ["b", "github.pull_requests"]);
        assert_eq!(
            tables("select (select max(i) from c) from a where i in (select i from b) and exists (select 1 from d)"),
            ["a", "b", "c", "d"]
        );
        assert_eq!(tables("from a union all from b except from c"), ["a", "b", "c"]);
        assert_eq!(tables("select * from (values (1)) v(i), lateral (select * from e) l"), ["e"]);
    }

    #[test]
    fn a_common_table_expression_hides_a_table_only_where_it_can_be_seen() {
        assert_eq!(tables("with a as (select * from x.a), b as (select * from a) select * from b"), ["x.a"]);
        assert_eq!(tables("with fct_x as (select * from fct_x) select * from fct_x"), ["fct_x"]);
        assert_eq!(tables("select * from (with a as (select 1) select * from a), a"), ["a"]);
        assert_eq!(
            tables("with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select * from r"),
            [] as [&str; 0]
        );
    }

    #[test]
    fn asking_for_the_time_is_noticed() {
        assert!(reads("select current_date").unwrap().clock);
        assert!(reads("select 1 where today() > date '2026-01-01'").unwrap().clock);
        assert!(!reads("select a.today from a").unwrap().clock);
    }

    #[test]
    fn asking_what_tables_there_are_is_noticed() {
        assert!(reads("show tables").unwrap().names_tables);
        assert!(reads("select * from information_schema.tables").unwrap().names_tables);
        assert!(!reads("describe github.repositories").unwrap().names_tables);
    }

    #[test]
    fn what_is_not_a_query_and_what_is_not_sql_are_told_apart() {
        assert_eq!(reads("create table t (i int)"), None);
        let error = Reads::of(&parser().unwrap(), Script { name: "x.sql", text: "-- c\nselect 1\nfrom a b c" }).unwrap_err();
        assert_eq!(error.to_string(), "could not run `x.sql`, line 3");
    }
}
