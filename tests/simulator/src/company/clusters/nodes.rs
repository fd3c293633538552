//! The machines of a cluster: in groups that grow and shrink, each replaced by another sooner or later.

use crate::company::DAY;
use crate::company::clusters::HOUR;
use crate::company::clusters::prices::{AMD64, ARM64, GPU, Machine, Rates};
use crate::company::random::mix;

/// A group of like machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pool {
    /// Where most runs.
    General,
    /// Of the other architecture.
    Arm,
    /// Cheap, and taken away every few days.
    Spot,
    /// With GPUs.
    Gpu,
    /// There by day only.
    Daytime,
    /// There only while one service costs more than it should.
    Surge,
    /// There for nobody.
    Spare,
}

impl Pool {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Pool::General => "general",
            Pool::Arm => "general-arm64",
            Pool::Spot => "spot",
            Pool::Gpu => "gpu",
            Pool::Daytime => "daytime",
            Pool::Surge => "surge",
            Pool::Spare => "spare",
        }
    }

    /// What it is made of.
    pub(crate) fn machine(self) -> &'static Machine {
        match self {
            Pool::Arm => &ARM64,
            Pool::Gpu => &GPU,
            _ => &AMD64,
        }
    }

    /// Whether its machines may be taken away at any time.
    pub(crate) fn is_spot(self) -> bool {
        self == Pool::Spot
    }
}

/// Days after which a machine is replaced.
const REPLACED_AFTER: i64 = 30;
/// Days after which a cheap one is taken away.
const TAKEN_AFTER: i64 = 3;
/// The hours of a day at which groups are larger.
const BUSY: std::ops::Range<i64> = 7..19;

/// The place of a machine: which one stands there changes.
pub(crate) struct Node {
    /// Its place in the cluster's list.
    pub(crate) index: usize,
    /// The group it belongs to.
    pub(crate) pool: Pool,
    /// What is taken off the price of CPU and memory.
    pub(crate) discount: f64,
    /// What its parts cost an hour, before that.
    pub(crate) rates: Rates,
    /// The availability zone, from 0.
    pub(crate) zone: usize,
    /// What names and times are drawn from.
    pub(crate) draw: u64,
    /// The hours at which surges are there.
    pub(crate) surge: (i64, i64),
    /// Its pods, as places in the cluster's list of them.
    pub(crate) pods: std::ops::Range<usize>,
}

impl Node {
    /// The machine.
    pub(crate) fn machine(&self) -> &'static Machine {
        self.pool.machine()
    }

    /// The number of the machine that stands here in an hour, if one does.
    pub(crate) fn life(&self, hour: i64) -> Option<u32> {
        let after = |days: i64| ((hour + (self.draw % (days * 24) as u64) as i64) / (days * 24)) as u32;
        match self.pool {
            Pool::General | Pool::Arm | Pool::Gpu | Pool::Spare => Some(after(REPLACED_AFTER)),
            Pool::Spot => Some(after(TAKEN_AFTER)),
            Pool::Daytime => BUSY.contains(&hour.rem_euclid(24)).then_some((hour * HOUR / DAY) as u32),
            Pool::Surge => (self.surge.0..self.surge.1).contains(&hour).then_some(0),
        }
    }

    /// What CPU, memory and GPUs cost for an hour, discount taken off: the cloud gives none on GPUs.
    pub(crate) fn paid(&self) -> Rates {
        let left = 1.0 - self.discount;
        Rates { cpu: self.rates.cpu * left, ram: self.rates.ram * left, gpu: self.rates.gpu }
    }

    /// The machine's name.
    pub(crate) fn name(&self, life: u32) -> String {
        format!("ip-10-{}-{}-{}.eu-north-1.compute.internal", 64 + life % 64, self.index / 200, 10 + self.index % 200)
    }

    /// What the cloud calls it.
    pub(crate) fn provider_id(&self, life: u32) -> String {
        format!("aws:///{}/i-0{:016x}", self.zone_name(), mix(self.draw ^ mix(u64::from(life))))
    }

    /// The availability zone.
    pub(crate) fn zone_name(&self) -> String {
        format!("{}{}", Node::REGION, char::from(b'a' + self.zone as u8))
    }

    /// Where all of them are.
    pub(crate) const REGION: &'static str = "eu-north-1";
}
