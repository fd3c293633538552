//! What a container uses in an hour: worked out from its numbers, its pod and the hour, and stored nowhere.

use crate::company::random::mix;

/// How a container goes about what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// More by day, less by night.
    Steady,
    /// In one hour of five three times as much CPU.
    Bursty,
    /// As much memory as it may, and now and then more, for which it is killed.
    Greedy,
}

/// A container of a workload: what it asks for, what it may and what it needs on average. A limit of 0 is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Container {
    pub(crate) name: &'static str,
    pub(crate) cpu_request: f64,
    pub(crate) cpu_limit: f64,
    pub(crate) cpu_usage: f64,
    pub(crate) ram_request: f64,
    pub(crate) ram_limit: f64,
    pub(crate) ram_usage: f64,
    pub(crate) gpus: f64,
    pub(crate) habit: Habit,
}

/// What it used in an hour: on average and at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    pub(crate) cpu: f64,
    pub(crate) cpu_max: f64,
    pub(crate) ram: f64,
    pub(crate) ram_max: f64,
}

/// How busy each hour of a day is, against the average.
const WAVE: [f64; 24] = [
    0.70, 0.68, 0.66, 0.66, 0.68, 0.74, 0.84, 0.98, 1.12, 1.22, 1.28, 1.30, 1.26, 1.26, 1.28, 1.26, 1.22, 1.16, 1.10, 1.04, 0.98, 0.90,
    0.82, 0.76,
];
/// No hour of any day is busier than that: the crest of the wave, and as much chance as there is.
const CPU_CREST: f64 = 1.30 * 1.15;
/// The same for memory, which hardly moves.
const RAM_CREST: f64 = 1.03 * 1.04;
/// How many times as much CPU a bursty container uses at times.
const BURST: f64 = 3.0;

impl Container {
    /// What it uses in an hour; `draw` tells its pod from others.
    pub(crate) fn used(&self, draw: u64, hour: i64) -> Used {
        let noise = mix(draw ^ (hour as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
        let chance = |place: u32| (noise >> (16 * place) & 0xffff) as f64 / 65_536.0;
        let wave = WAVE[hour.rem_euclid(24) as usize];
        let burst = if self.habit == Habit::Bursty && chance(2) < 0.2 { BURST } else { 1.0 };
        let cpu = limited(self.cpu_usage * wave * (0.85 + 0.30 * chance(0)) * burst, self.cpu_limit);
        let cpu_max = limited(cpu * (1.2 + 0.3 * chance(3)), self.cpu_limit);
        if self.habit == Habit::Greedy {
            let ram_max = if chance(2) < 0.125 { self.ram_limit } else { self.ram_limit * (0.95 + 0.03 * chance(3)) };
            return Used { cpu, cpu_max, ram: self.ram_limit * (0.86 + 0.08 * chance(1)), ram_max };
        }
        let ram = limited(self.ram_usage * (0.9 + 0.1 * wave) * (0.96 + 0.08 * chance(1)), self.ram_limit);
        Used { cpu, cpu_max, ram, ram_max: ram * (1.02 + 0.06 * chance(3)) }
    }

    /// The most CPU and memory that may ever be allocated to it: the greater of what it asks for and what it uses in its worst hour.
    pub(crate) fn most(&self) -> (f64, f64) {
        let burst = if self.habit == Habit::Bursty { BURST } else { 1.0 };
        let cpu = limited(self.cpu_usage * CPU_CREST * burst, self.cpu_limit);
        let ram = if self.habit == Habit::Greedy { self.ram_limit } else { limited(self.ram_usage * RAM_CREST, self.ram_limit) };
        (cpu.max(self.cpu_request), ram.max(self.ram_request))
    }
}

fn limited(value: f64, limit: f64) -> f64 {
    if limit > 0.0 { value.min(limit) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_uses_more_than_it_may_and_some_use_all_of_it() {
        let steady = Container {
            name: "main",
            cpu_request: 0.5,
            cpu_limit: 0.0,
            cpu_usage: 0.4,
            ram_request: 100.0,
            ram_limit: 200.0,
            ram_usage: 80.0,
            gpus: 0.0,
            habit: Habit::Steady,
        };
        let bursty = Container { cpu_limit: 1.2, habit: Habit::Bursty, ..steady };
        let greedy = Container { habit: Habit::Greedy, ..steady };
        for container in [steady, bursty, greedy] {
            let hours: Vec<Used> = (0..2_000).map(|hour| container.used(7, hour)).collect();
            let (cpu, ram) = container.most();
            assert!(hours.iter().all(|used| used.cpu <= cpu && used.ram <= ram && used.ram <= used.ram_max), "{container:?}");
            assert!(hours.iter().all(|used| used.cpu > 0.0 && used.cpu <= used.cpu_max && used.ram_max <= 200.0), "{container:?}");
            let full = hours.iter().filter(|used| used.ram_max == 200.0).count();
            assert_eq!((150..350).contains(&full), container.habit == Habit::Greedy, "{full}");
            let above = hours.iter().filter(|used| used.cpu > 0.75).count();
            assert_eq!((200..500).contains(&above), container.habit == Habit::Bursty, "{above}");
        }
    }
}
