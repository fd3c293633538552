//! Who reads whom: the order to build in, what stands behind a query, and which models a selection means.

use std::collections::{BTreeMap, BTreeSet};

use almanac_collectors::table::Table;

use super::{
    ModelError,
    catalog::{Catalog, Model, Named},
    files::Reference,
    header::ModelKind,
    nearest,
    reads::Reads,
};

/// What a query is computed from: the views it reads are looked through, the stored models are not.
#[derive(Clone, Debug, Default)]
pub struct Inputs<'c> {
    /// The tables of the lake.
    pub raw: BTreeMap<&'c str, &'static Table>,
    /// The reference tables.
    pub references: BTreeMap<&'c str, &'c Reference>,
    /// The views on the way.
    pub views: BTreeMap<&'c str, &'c Model>,
    /// The stored models.
    pub marts: BTreeMap<&'c str, &'c Model>,
    /// Whether the run's date matters.
    pub clock: bool,
}

impl Catalog {
    /// What a query is computed from.
    pub fn inputs<'c>(&'c self, reads: &'c Reads) -> Inputs<'c> {
        let mut inputs = Inputs::default();
        inputs.add(self, reads);
        inputs
    }

    /// The raw tables a query's answer comes from in the end, through views and stored models.
    pub fn raw_behind<'c>(&'c self, reads: &'c Reads) -> BTreeMap<&'c str, &'static Table> {
        let mut inputs = self.inputs(reads);
        let mut raw = std::mem::take(&mut inputs.raw);
        for mart in inputs.marts.values() {
            raw.append(&mut self.raw_behind(&mart.reads));
        }
        raw
    }

    /// The models named by `fct_x`, `+fct_x` (and what it reads), `fct_x+` (and what reads it), and lists of these with commas.
    ///
    /// # Errors
    /// When a name is not a model's.
    pub fn select(&self, selection: &str) -> Result<BTreeSet<String>, ModelError> {
        let mut selected = BTreeSet::new();
        for item in selection.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let name = item.trim_start_matches('+').trim_end_matches('+');
            let Some(model) = self.models.get(name) else {
                return Err(ModelError::Unknown {
                    what: "model",
                    name: name.to_owned(),
                    near: nearest(name, self.models.keys().map(String::as_str)),
                });
            };
            selected.insert(model.name.clone());
            if item.starts_with('+') {
                self.upstream(model, &mut selected);
            }
            if item.ends_with('+') {
                self.downstream(name, &mut selected);
            }
        }
        Ok(selected)
    }

    /// Adds what dates of these models are computed anew with: the snapshot models behind them, and the dated ones in between.
    pub fn add_snapshots(&self, selected: &mut BTreeSet<String>) {
        for name in selected.clone() {
            self.leads_to_snapshot(&self.models[&name], selected);
        }
    }

    fn leads_to_snapshot(&self, model: &Model, found: &mut BTreeSet<String>) -> bool {
        let mut leads = model.header.kind == ModelKind::Snapshot;
        if model.header.kind.is_dated() {
            for read in model.reads.tables.iter().filter_map(|name| self.models.get(name)) {
                leads |= self.leads_to_snapshot(read, found);
            }
        }
        if leads {
            found.insert(model.name.clone());
        }
        leads
    }

    fn upstream(&self, model: &Model, found: &mut BTreeSet<String>) {
        for read in model.reads.tables.iter().filter_map(|name| self.models.get(name)) {
            found.insert(read.name.clone());
            self.upstream(read, found);
        }
    }

    fn downstream(&self, name: &str, found: &mut BTreeSet<String>) {
        for reader in self.models.values().filter(|model| model.reads.tables.contains(name)) {
            found.insert(reader.name.clone());
            self.downstream(&reader.name, found);
        }
    }
}

impl<'c> Inputs<'c> {
    fn add(&mut self, catalog: &'c Catalog, reads: &'c Reads) {
        self.clock |= reads.clock;
        for name in &reads.tables {
            match catalog.resolve(name) {
                Some(Named::Raw(table)) => drop(self.raw.insert(name, table)),
                Some(Named::Reference(table)) => drop(self.references.insert(name, table)),
                Some(Named::Model(model)) if !model.is_view() => drop(self.marts.insert(name, model)),
                Some(Named::Model(view)) if self.views.insert(name, view).is_none() => self.add(catalog, &view.reads),
                Some(Named::Model(_)) | None => {}
            }
        }
    }

    /// Looks through stored models that have no file as well: they are declared from their SQL, and hold no row.
    pub fn look_through(&mut self, catalog: &'c Catalog, has_no_file: impl Fn(&Model) -> bool) {
        let mut left: Vec<&'c Model> = self.marts.values().copied().collect();
        while let Some(mart) = left.pop() {
            if has_no_file(mart) {
                let behind = catalog.inputs(&mart.reads);
                left.extend(behind.marts.values().filter(|mart| !self.marts.contains_key(mart.name.as_str())));
                self.merge(behind);
            }
        }
    }

    /// Adds the inputs of another query.
    pub fn merge(&mut self, other: Self) {
        self.raw.extend(other.raw);
        self.references.extend(other.references);
        self.views.extend(other.views);
        self.marts.extend(other.marts);
        self.clock |= other.clock;
    }
}

/// The models in an order in which each stands after those it reads; alphabetical where that leaves a choice.
pub(super) fn order(models: &BTreeMap<String, Model>) -> Result<Vec<String>, ModelError> {
    let mut order = Vec::new();
    let mut path = Vec::new();
    for name in models.keys() {
        visit(models, name, &mut path, &mut order)?;
    }
    Ok(order)
}

fn visit(models: &BTreeMap<String, Model>, name: &str, path: &mut Vec<String>, order: &mut Vec<String>) -> Result<(), ModelError> {
    if order.iter().any(|done| done == name) {
        return Ok(());
    }
    let repeated = path.iter().position(|open| open == name);
    path.push(name.to_owned());
    if let Some(start) = repeated {
        return Err(ModelError::Cycle { path: path[start..].join(" → ") });
    }
    for read in models[name].reads.tables.iter().filter(|read| models.contains_key(*read)) {
        visit(models, read, path, order)?;
    }
    path.pop();
    order.push(name.to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{
        files::SqlFile,
        fixtures::{catalog, model},
    };
    use super::*;

    fn small() -> Catalog {
        catalog(&[
            model("stg_shop__orders", "view", "select id from shop.orders"),
            model("dim_orders", "full", "select id from stg_shop__orders"),
            model("fct_a", "full", "select id from dim_orders"),
            model("fct_b", "full", "select id from fct_a join stg_shop__orders using (id)"),
        ])
        .unwrap()
    }

    #[test]
    fn a_model_stands_after_those_it_reads() {
        assert_eq!(small().order, ["stg_shop__orders", "dim_orders", "fct_a", "fct_b"]);
    }

    #[test]
    fn views_are_looked_through_and_stored_models_are_not() {
        let catalog = small();
        let inputs = catalog.inputs(&catalog.models["fct_b"].reads);
        assert_eq!(inputs.marts.keys().collect::<Vec<_>>(), [&"fct_a"]);
        assert_eq!(inputs.raw.keys().collect::<Vec<_>>(), [&"shop.orders"]);
        assert_eq!(catalog.raw_behind(&catalog.models["fct_a"].reads).keys().collect::<Vec<_>>(), [&"shop.orders"]);
    }

    #[test]
    fn a_selection_reaches_up_and_down() {
        let select = |selection: &str| small().select(selection).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(select("fct_a"), ["fct_a"]);
        assert_eq!(select("fct_a+"), ["fct_a", "fct_b"]);
        assert_eq!(select("+dim_orders, fct_b"), ["dim_orders", "fct_b", "stg_shop__orders"]);
        let error = small().select("fct_aa").unwrap_err();
        assert!(error.hint().unwrap().contains("`fct_a`"), "{error:?}");
    }

    #[test]
    fn what_cannot_be_resolved_is_refused_with_its_file() {
        let told = |models: &[SqlFile]| catalog(models).unwrap_err().to_string();
        assert_eq!(told(&[model("fct_a", "full", "select 1 as id from fct_c")]), "`sql/marts/fct_a.sql` reads `fct_c`, which is not there");
        assert_eq!(
            told(&[model("fct_a", "full", "select id from shop.orders")]),
            "`sql/marts/fct_a.sql` reads the raw table `shop.orders`"
        );
        assert_eq!(
            told(&[model("fct_a", "full", "select id from fct_b"), model("fct_b", "view", "select id from fct_a")]),
            "the models read each other in a circle: fct_a → fct_b → fct_a"
        );
        let twice = [model("fct_a", "full", "select 1 as id"), model("fct_a", "full", "select 2 as id")];
        assert_eq!(told(&twice), "`sql/marts/fct_a.sql` and `sql/marts/fct_a.sql` have the same name");
    }
}
