//! What pods, volumes and machines are called: made up from who they are, and stored nowhere.

use crate::company::Company;
use crate::company::clusters::Cluster;
use crate::company::clusters::workloads::{Kind, Workload};
use crate::company::random::mix;
use crate::company::services::SYSTEMS;

/// Kubernetes leaves out whatever could make a word.
const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// How many of the namespaces that services run in are labelled with a team.
const LABELLED: usize = 5;

/// So many letters, made up from a number.
fn letters(draw: u64, count: u64) -> String {
    (0..count).map(|place| char::from(LETTERS[(mix(draw ^ place << 8) % 27) as usize])).collect()
}

impl Cluster {
    /// The pod that had a place.
    pub(crate) fn pod_name(&self, place: usize, generation: u32, life: u32) -> String {
        let pod = &self.places[place];
        let workload = &self.workloads[pod.workload];
        let version = mix(workload.draw ^ u64::from(generation) << 1);
        // A pod that moves to another machine is another pod.
        let own = mix(pod.draw ^ mix(version ^ u64::from(life) << 32));
        match workload.kind {
            Kind::Deployment => format!("{}-{}-{}", workload.name, letters(version, 10), letters(own, 5)),
            Kind::StatefulSet => format!("{}-{}", workload.name, pod.ordinal),
            Kind::DaemonSet => format!("{}-{}", workload.name, letters(own, 5)),
            Kind::CronJob => format!("{}-{generation}-{}", workload.name, letters(own, 5)),
            Kind::Job => format!("{}-{}", workload.name, letters(own, 5)),
            Kind::Naked => workload.name.clone(),
        }
    }

    /// What has a place.
    pub(crate) fn workload(&self, place: usize) -> &Workload {
        &self.workloads[self.places[place].workload]
    }

    /// The team that a pod's labels name: that which looked after its service when the pod was made.
    pub(crate) fn team(&self, company: &Company, place: usize, generation: u32) -> Option<&'static str> {
        let workload = self.workload(place);
        let made_at = match generation.checked_sub(1) {
            Some(roll) if workload.kind == Kind::Deployment => workload.rolls[roll as usize],
            _ => self.period.start,
        };
        let service = workload.service.filter(|_| workload.names_team)?;
        company.services()[service].team(company, made_at)
    }

    /// The team that a namespace's labels name, if they do.
    pub(crate) fn team_of_namespace(&self, company: &Company, namespace: &str) -> Option<&'static str> {
        SYSTEMS.iter().take(LABELLED).find(|system| **system == namespace)?;
        let first = company.services().iter().find(|service| service.system == namespace)?;
        first.team(company, self.period.start)
    }

    /// The version of a workload that a pod is of, as its labels tell it.
    pub(crate) fn version(&self, place: usize, generation: u32) -> String {
        letters(mix(self.workloads[self.places[place].workload].draw ^ u64::from(generation) << 1), 10)
    }

    /// The volume of a pod's place.
    pub(crate) fn volume_name(&self, place: usize) -> String {
        uuid("pvc-", self.places[place].draw)
    }

    /// A volume that no pod has.
    pub(crate) fn loose_name(&self, place: usize) -> String {
        uuid("pvc-", mix(self.seed ^ (self.index as u64) << 8 ^ place as u64))
    }
}

fn uuid(prefix: &str, draw: u64) -> String {
    let (one, two) = (mix(draw ^ 1), mix(draw ^ 2));
    format!("{prefix}{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", one >> 32, one >> 16 & 0xffff, one & 0xfff, two >> 52, two & 0xffff_ffff_ffff)
}
