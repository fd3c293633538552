//! Boards: pictures of how things are, some of one service, some of whatever somebody cared about once.

use crate::company::random::{self, chance, pick};
use crate::company::watch::hexadecimal;
use crate::company::{Company, DAY, words};

/// A dashboard.
#[derive(Clone, Debug)]
pub(crate) struct Dashboard {
    /// Its name among the vendor's.
    pub(crate) id: String,
    /// What stands above it.
    pub(crate) title: String,
    /// What somebody wrote beside it.
    pub(crate) description: Option<&'static str>,
    /// Whether only its author may change it.
    pub(crate) read_only: bool,
    /// Whether things lie where somebody put them, not in rows.
    pub(crate) free: bool,
    /// Index of the person who made it.
    pub(crate) author: usize,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When it was last changed.
    pub(crate) modified_at: i64,
}

/// Every dashboard: one for two services of three, and half as many that are about no service.
pub(super) fn dashboards(company: &Company) -> Vec<Dashboard> {
    let services = company.services();
    (0..services.len() * 4 / 3)
        .map(|index| {
            let mut rng = random::rng(company.seed, "board", &[index as u64]);
            let about = services.get(index).filter(|_| !chance(&mut rng, 0.33));
            let title = match (about, rng.u32(0..3)) {
                (Some(service), 0) => service.name.clone(),
                (Some(service), 1) => format!("{} | overview", service.watched_as),
                (Some(service), _) => format!("Service: {} (prod)", service.name),
                (None, _) => format!("{} {}", pick(&mut rng, words::DASHBOARDS.as_slice()), index),
            };
            let id = hexadecimal(company, "board id", index, 9);
            let created_at = company.period.start - rng.i64(0..1_000 * DAY);
            let author = match about {
                Some(service) => service.person(company, rng.u64(..)),
                None => rng.usize(..company.people.len().max(1)),
            };
            Dashboard {
                id: format!("{}-{}-{}", &id[..3], &id[3..6], &id[6..]),
                title,
                description: chance(&mut rng, 0.4).then(|| *pick(&mut rng, words::NOTES.as_slice())),
                read_only: chance(&mut rng, 0.2),
                free: chance(&mut rng, 0.2),
                author,
                created_at,
                modified_at: rng.i64(created_at..company.period.now),
            }
        })
        .collect()
}
