//! Several organisations in one run: each is read with its own credential, nothing of the one gets into the other, and what one of them
//! does not show is a gap of that one.

use std::collections::BTreeSet;

use almanac_simulator::{Options, Permission};
use serde_json::Value;

use crate::common::{Setting, assert_same, output, stderr};

impl Setting {
    /// Reads these organisations with these credentials.
    fn organizations(&self, names: &[&str], credentials: &str) {
        let text = format!(
            "[lake]\nurl = \"./lake\"\n[github]\norganizations = {names:?}\napi_url = \"{}\"\n{credentials}\n",
            self.simulator.github_api_url()
        );
        std::fs::write(self.path().join("almanac.toml"), text).expect("the configuration is written");
    }

    /// Collects with these variables set; every row, and every outcome by organisation.
    async fn rows_with(&self, variables: &[(&str, &str)]) -> (Vec<Value>, Vec<Value>) {
        let mut command = self.command(&["collect"]);
        command.envs(variables.iter().copied());
        let run = output(&mut command).await;
        assert!(matches!(run.status.code(), Some(0 | 3)), "{}", stderr(&run));
        let outcomes = "select split_part(lower(parent), '/', 1) as organization, table_name, status, count(*) as n from almanac.outcomes
                        group by all order by all";
        let left = (self.everything().await, self.query(outcomes).await);
        std::fs::remove_dir_all(self.lake()).expect("the lake is emptied");
        left
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organizations_are_read_side_by_side() {
    let options = Options { repositories: 20, history_days: 10, second_organization: true, ..Options::default() };
    let setting = Setting::with(options).await;
    let (first, second) = (setting.simulator.organization(), setting.simulator.second_organization().expect("there are two"));
    let alone = "token_env = \"GITHUB_TOKEN\"";
    setting.organizations(&[first], alone);
    let of_first = setting.rows_with(&[]).await;
    setting.organizations(&[second], alone);
    let of_second = setting.rows_with(&[]).await;
    let by_cells = |row: &Value| row.to_string();
    let merged = |one: &[Value], other: &[Value]| {
        let mut all = [one, other].concat();
        all.sort_by_cached_key(by_cells);
        all
    };
    let both = (merged(&of_first.0, &of_second.0), merged(&of_first.1, &of_second.1));
    assert!(!of_second.0.is_empty() && of_first.0.iter().all(|row| !of_second.0.contains(row)), "rows of the one are not the other's");
    let told = |(rows, outcomes): (Vec<Value>, Vec<Value>)| (merged(&rows, &[]), merged(&outcomes, &[]));

    // One credential for both, and one for each.
    setting.organizations(&[first, second], alone);
    let found = told(setting.rows_with(&[]).await);
    assert_same(&found.0, &both.0, "one credential");
    assert_same(&found.1, &both.1, "one credential");
    let each = format!(
        "[[github.credentials]]\ntoken_env = \"ONE\"\norganizations = [\"{first}\"]\n\
         [[github.credentials]]\ntoken_env = \"TWO\"\norganizations = [\"{second}\"]"
    );
    setting.organizations(&[first, second], &each);
    setting.simulator.reset_requests();
    let other = setting.simulator.token_without(Permission::CustomProperties);
    let found = told(setting.rows_with(&[("ONE", setting.simulator.token()), ("TWO", &other)]).await);
    let without = |rows: &[Value]| -> Vec<Value> { rows.iter().filter(|row| row["name"] != "repository_properties").cloned().collect() };
    assert_same(&without(&found.0), &without(&both.0), "a credential each");
    let lists = |organization: &str| -> BTreeSet<Option<usize>> {
        let path = format!("/orgs/{organization}/");
        setting.simulator.requests().iter().filter(|request| request.path.contains(&path)).map(|request| request.bearer).collect()
    };
    let (one, two) = (lists(first), lists(second));
    assert!(one.len() == 1 && two.len() == 1 && one != two, "each organisation is read with its own: {one:?} {two:?}");

    // One that is refused, and an organisation that nobody may see, are gaps of their own.
    let found = setting.rows_with(&[("ONE", setting.simulator.token()), ("TWO", "ghp_notAToken")]).await;
    assert_same(&told((found.0, Vec::new())).0, &merged(&of_first.0, &[]), "the second credential is refused");
    assert_gaps(&found.1, second, "forbidden");
    setting.organizations(&[first, "nobody-knows-them"], alone);
    let found = setting.rows_with(&[]).await;
    assert_same(&told((found.0, Vec::new())).0, &merged(&of_first.0, &[]), "the second is not to be seen");
    assert_gaps(&found.1, "nobody-knows-them", "not_found");
}

/// Every table has a gap of this kind for the organisation, and nothing else.
fn assert_gaps(outcomes: &[Value], organization: &str, status: &str) {
    let of_it: Vec<&Value> = outcomes.iter().filter(|row| row["organization"] == organization).collect();
    assert!(of_it.iter().all(|row| row["status"] == status), "{of_it:#?}");
    let tables: BTreeSet<&str> = of_it.iter().filter_map(|row| row["table_name"].as_str()).collect();
    let expected: BTreeSet<&str> = almanac_collectors::github::TABLES.iter().map(|table| table.name).collect();
    assert_eq!(tables, expected);
}
