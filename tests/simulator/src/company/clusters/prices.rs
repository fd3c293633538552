//! What machines, disks and the rest cost an hour, and how the price of a machine is split between its parts.

/// A binary gigabyte.
pub(crate) const GIB: f64 = 1_073_741_824.0;
/// Hours of a month, as those who sell disks count them.
const MONTH: f64 = 730.0;

/// A kind of machine that can be rented.
#[derive(Debug, PartialEq)]
pub(crate) struct Machine {
    /// What the cloud calls it.
    pub(crate) name: &'static str,
    /// What its processor understands.
    pub(crate) architecture: &'static str,
    /// Cores.
    pub(crate) cores: f64,
    /// Bytes of memory.
    pub(crate) ram: f64,
    /// GPUs.
    pub(crate) gpus: f64,
    /// List price of an hour.
    pub(crate) hourly: f64,
    /// Price of an hour where it may be taken away at any time.
    pub(crate) spot: f64,
}

/// Most machines.
pub(crate) static AMD64: Machine =
    Machine { name: "m6i.2xlarge", architecture: "amd64", cores: 8.0, ram: 32.0 * GIB, gpus: 0.0, hourly: 0.384, spot: 0.146 };
/// As large, of the other architecture, and a fifth cheaper.
pub(crate) static ARM64: Machine =
    Machine { name: "m6g.2xlarge", architecture: "arm64", cores: 8.0, ram: 32.0 * GIB, gpus: 0.0, hourly: 0.308, spot: 0.122 };
/// With a GPU.
pub(crate) static GPU: Machine =
    Machine { name: "g4dn.xlarge", architecture: "amd64", cores: 4.0, ram: 16.0 * GIB, gpus: 1.0, hourly: 0.526, spot: 0.21 };

/// An hour of a load balancer.
pub(crate) const LOAD_BALANCER: f64 = 0.0225;
/// An hour of a cluster's management.
pub(crate) const MANAGEMENT: f64 = 0.1;
/// An hour of a byte on a disk.
pub(crate) const DISK: f64 = 0.08 / MONTH / GIB;
/// A byte to another zone.
pub(crate) const TO_ZONE: f64 = 0.01 / GIB;
/// A byte to the world.
pub(crate) const TO_INTERNET: f64 = 0.09 / GIB;

/// What a core, a byte of memory and a GPU cost an hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) cpu: f64,
    pub(crate) ram: f64,
    pub(crate) gpu: f64,
}

/// In this ratio; the numbers are the default prices that the vendor publishes.
const RATIO: Rates = Rates { cpu: 0.031_611, ram: 0.004_237 / GIB, gpu: 0.95 };

impl Machine {
    /// The rates at which all parts together cost this much an hour.
    pub(crate) fn rates(&self, hourly: f64) -> Rates {
        let scale = hourly / (self.cores * RATIO.cpu + self.ram * RATIO.ram + self.gpus * RATIO.gpu);
        Rates { cpu: RATIO.cpu * scale, ram: RATIO.ram * scale, gpu: RATIO.gpu * scale }
    }
}

/// Dollars, rounded to the millionth, which is as fine as the vendor writes them.
pub(crate) fn rounded(dollars: f64) -> f64 {
    (dollars * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_machine_cost_what_it_costs() {
        for machine in [&AMD64, &ARM64, &GPU] {
            let rates = machine.rates(machine.hourly);
            let whole = machine.cores * rates.cpu + machine.ram * rates.ram + machine.gpus * rates.gpu;
            assert!((whole - machine.hourly).abs() < 1e-12, "{machine:?}");
            // As many times dearer is a core than a gigabyte.
            assert!((rates.cpu / (rates.ram * GIB) - 0.031_611 / 0.004_237).abs() < 1e-9);
        }
        assert!((ARM64.hourly / AMD64.hourly - 0.8).abs() < 0.005);
    }
}
