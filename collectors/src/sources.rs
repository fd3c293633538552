//! The sources that are configured, each as one run sees it.

use crate::{catalog::Catalog, datadog::Datadog, github::Github, jira::Jira, opencost::OpenCost, pagerduty::PagerDuty};

/// What a run reads from; a source that is not configured is not there.
#[derive(Debug, Default)]
pub struct Sources {
    /// The service catalog.
    pub catalog: Option<Catalog>,
    /// Datadog.
    pub datadog: Option<Datadog>,
    /// GitHub.
    pub github: Option<Github>,
    /// Jira.
    pub jira: Option<Jira>,
    /// OpenCost's clusters.
    pub opencost: Option<OpenCost>,
    /// PagerDuty.
    pub pagerduty: Option<PagerDuty>,
}
