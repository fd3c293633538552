//! What something took in a time and what that cost, part by part; the costs of two times add up.

/// Quantities over a time and what they cost. Averages are kept as sums over hours, and so can be added.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Costs {
    /// The first moment.
    pub(crate) start: i64,
    /// The moment after the last.
    pub(crate) end: i64,
    /// How many seconds of that it was there.
    pub(crate) seconds: i64,
    /// Core-hours allocated.
    pub(crate) cpu_hours: f64,
    pub(crate) cpu_request: f64,
    pub(crate) cpu_limit: f64,
    pub(crate) cpu_usage: f64,
    /// The most cores at once.
    pub(crate) cpu_max: f64,
    pub(crate) cpu_cost: f64,
    pub(crate) cpu_adjustment: f64,
    /// Byte-hours allocated.
    pub(crate) ram_hours: f64,
    pub(crate) ram_request: f64,
    pub(crate) ram_limit: f64,
    pub(crate) ram_usage: f64,
    /// The most bytes at once.
    pub(crate) ram_max: f64,
    pub(crate) ram_cost: f64,
    pub(crate) ram_adjustment: f64,
    /// GPU-hours allocated.
    pub(crate) gpu_hours: f64,
    pub(crate) gpu_usage: f64,
    pub(crate) gpu_cost: f64,
    pub(crate) gpu_adjustment: f64,
    /// Bytes sent and received.
    pub(crate) sent: f64,
    pub(crate) received: f64,
    /// What it cost to send them to another zone, and to the world.
    pub(crate) zone_cost: f64,
    pub(crate) internet_cost: f64,
    /// Byte-hours of volumes.
    pub(crate) volume_hours: f64,
    pub(crate) volume_cost: f64,
    pub(crate) volume_adjustment: f64,
    pub(crate) balancer_cost: f64,
    pub(crate) balancer_adjustment: f64,
    /// What nobody in particular costs.
    pub(crate) shared_cost: f64,
}

impl Costs {
    /// Nothing yet, in this time.
    pub(crate) fn of(start: i64, end: i64) -> Costs {
        Costs { start, end, seconds: end - start, ..Costs::default() }
    }

    /// How many hours it was there.
    pub(crate) fn hours(&self) -> f64 {
        self.seconds as f64 / 3_600.0
    }

    /// Adds what the same thing took at another time, or what another thing took.
    pub(crate) fn add(&mut self, other: &Costs) {
        self.seconds += other.seconds;
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        self.cpu_max = self.cpu_max.max(other.cpu_max);
        self.ram_max = self.ram_max.max(other.ram_max);
        let mut other = *other;
        for (sum, more) in self.sums().into_iter().zip(other.sums()) {
            *sum += *more;
        }
    }

    /// The sum of the parts.
    pub(crate) fn total(&self) -> f64 {
        self.cpu_cost
            + self.cpu_adjustment
            + self.ram_cost
            + self.ram_adjustment
            + self.gpu_cost
            + self.gpu_adjustment
            + self.zone_cost
            + self.internet_cost
            + self.volume_cost
            + self.volume_adjustment
            + self.balancer_cost
            + self.balancer_adjustment
            + self.shared_cost
    }

    /// Whatever adds up.
    fn sums(&mut self) -> [&mut f64; 26] {
        [
            &mut self.cpu_hours,
            &mut self.cpu_request,
            &mut self.cpu_limit,
            &mut self.cpu_usage,
            &mut self.cpu_cost,
            &mut self.cpu_adjustment,
            &mut self.ram_hours,
            &mut self.ram_request,
            &mut self.ram_limit,
            &mut self.ram_usage,
            &mut self.ram_cost,
            &mut self.ram_adjustment,
            &mut self.gpu_hours,
            &mut self.gpu_usage,
            &mut self.gpu_cost,
            &mut self.gpu_adjustment,
            &mut self.sent,
            &mut self.received,
            &mut self.zone_cost,
            &mut self.internet_cost,
            &mut self.volume_hours,
            &mut self.volume_cost,
            &mut self.volume_adjustment,
            &mut self.balancer_cost,
            &mut self.balancer_adjustment,
            &mut self.shared_cost,
        ]
    }
}
