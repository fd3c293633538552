//! The `[opencost]` section of `almanac.toml`.

use serde::Deserialize;

/// The clusters whose cost is read. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpenCostConfig {
    /// The clusters, each with an installation of OpenCost or Kubecost.
    pub clusters: Vec<ClusterConfig>,
    /// How finely cost is read: rightsizing needs hours.
    pub step: Step,
    /// The most hours asked for at once; halved by itself where an answer does not come [hours].
    pub hours_per_request: u32,
    /// How far back the first reading goes [days].
    pub history_days: u32,
    /// How many days that are over each run reads again, for data that comes late [days].
    pub late_days: u32,
    /// How long one request may take [s].
    pub timeout_s: u64,
    /// The longest wait for a rate limit; beyond it the rest is recorded as `rate_limited` [s].
    pub max_wait_s: u64,
}

/// One cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterConfig {
    /// What it is called here: two installations may both call themselves `cluster-one`.
    pub name: String,
    /// Where its installation answers: `http://opencost.opencost:9003`.
    pub url: String,
    /// Whose interface it has.
    #[serde(default)]
    pub edition: Edition,
    /// Environment variable that holds a bearer token, where something in front of it asks for one.
    pub token_env: Option<String>,
}

/// The two programs that tell what a cluster costs; they differ in paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// OpenCost itself.
    #[default]
    Opencost,
    /// Kubecost, which is made from it.
    Kubecost,
}

impl Edition {
    /// Where allocations are asked for, below the cluster's address.
    pub(super) const fn allocations(self) -> &'static str {
        match self {
            Self::Opencost => "/allocation/compute",
            Self::Kubecost => "/model/allocation",
        }
    }

    /// A small request, below the cluster's address, that is answered as soon as Prometheus is reached.
    pub(super) const fn greeting(self) -> &'static str {
        match self {
            Self::Opencost => "/allocation/compute?window=1h&aggregate=cluster",
            Self::Kubecost => "/model/allocation?window=1h&aggregate=cluster",
        }
    }

    /// Where assets are asked for, below the cluster's address.
    pub(super) const fn assets(self) -> &'static str {
        match self {
            Self::Opencost => "/assets",
            Self::Kubecost => "/model/assets",
        }
    }
}

/// How finely cost is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// By the hour.
    #[default]
    Hour,
    /// By the day.
    Day,
}

impl Default for OpenCostConfig {
    fn default() -> Self {
        Self {
            clusters: Vec::new(),
            step: Step::Hour,
            hours_per_request: 6,
            history_days: 14,
            late_days: 3,
            timeout_s: 300,
            max_wait_s: 900,
        }
    }
}

impl OpenCostConfig {
    /// What contradicts itself, with the key to correct.
    ///
    /// # Errors
    /// With the first of it.
    pub fn check(&self) -> Result<(), String> {
        if self.clusters.is_empty() {
            return Err("`opencost.clusters` is empty; name at least one cluster and its address".to_owned());
        }
        for (place, cluster) in self.clusters.iter().enumerate() {
            let name = cluster.name.trim();
            if name.is_empty() {
                return Err(format!("`opencost.clusters` has no name for number {}", place + 1));
            }
            // Outcomes are told apart by names without regard to case.
            if self.clusters[..place].iter().any(|other| other.name.trim().to_lowercase() == name.to_lowercase()) {
                return Err(format!("`opencost.clusters` names `{name}` twice: give number {} another name", place + 1));
            }
            crate::config::address(&format!("opencost.clusters.{name}.url"), &cluster.url)?;
        }
        // Nothing would be read.
        crate::config::positive("opencost.hours_per_request", self.hours_per_request.into(), 6)?;
        crate::config::positive("opencost.history_days", self.history_days.into(), 14)?;
        crate::config::positive("opencost.late_days", self.late_days.into(), 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_have_names_that_are_told_apart() {
        let cluster = |name: &str| ClusterConfig {
            name: name.to_owned(),
            url: "http://opencost.example:9003".to_owned(),
            edition: Edition::Opencost,
            token_env: None,
        };
        let check = |names: [&str; 2]| OpenCostConfig { clusters: names.map(cluster).into(), ..OpenCostConfig::default() }.check();
        assert_eq!(check(["east", "west"]), Ok(()));
        assert_eq!(check(["east", " "]), Err("`opencost.clusters` has no name for number 2".to_owned()));
        for other in ["east", "East", "east "] {
            assert!(check(["east", other]).is_err_and(|told| told.ends_with("give number 2 another name")), "{other}");
        }
    }
}
