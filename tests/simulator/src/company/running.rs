//! Hands out what is wrong with how services run; the table in `flaws.rs` says how many have what.

use crate::company::clusters::Flaw;
use crate::company::clusters::profiles::Labels;
use crate::company::flaws::shuffled;

/// What is special about how one service runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    pub(crate) flaw: Option<Flaw>,
    pub(crate) labels: Labels,
    /// Whether the total that is told of it is not the sum of its parts.
    pub(crate) misreported: bool,
    /// Whether somebody is named in its annotations.
    pub(crate) names_person: bool,
    /// Whether an annotation holds everything that was applied.
    pub(crate) tells_applied: bool,
}

/// Hands out what is wrong with how services run. Each flaw has one service at least, as long as there are services.
pub(crate) fn assign(seed: u64, services: usize) -> Vec<Running> {
    let share = |thousandths: usize| ((services * thousandths + 500) / 1000).max(1);
    let plain = Running { flaw: None, labels: Labels::Recommended, misreported: false, names_person: false, tells_applied: false };
    let mut running = vec![plain; services];
    let flaws = [
        (Flaw::CostJump, 1),
        (Flaw::Gpu, 1),
        (Flaw::OverProvisioned, share(133)),
        (Flaw::OverProvisionedMemory, share(67)),
        (Flaw::Bursty, share(83)),
        (Flaw::MemoryLimit, share(50)),
        (Flaw::Autoscaled, share(100)),
        (Flaw::VpaManaged, share(50)),
        (Flaw::WithoutRequests, share(50)),
    ];
    let mut order = shuffled(seed, "running", 0..services);
    for (flaw, size) in flaws {
        for index in order.by_ref().take(size) {
            running[index].flaw = Some(flaw);
        }
    }
    // Whoever looks for one of the above must be able to tell whose it is.
    for index in order.take(share(83)) {
        running[index].labels = Labels::Nothing;
    }
    let told = shuffled(seed, "pod labels", 0..services).filter(|index| running[*index].labels != Labels::Nothing).collect::<Vec<_>>();
    let mut told = told.into_iter();
    for (labels, size) in [(Labels::App, share(133)), (Labels::Watched, share(100)), (Labels::Catalogued, share(150))] {
        for index in told.by_ref().take(size) {
            running[index].labels = labels;
        }
    }
    for index in shuffled(seed, "misreported", 0..services).take(share(100)) {
        running[index].misreported = true;
    }
    let mut annotated = shuffled(seed, "annotated", 0..services);
    for index in annotated.by_ref().take(share(50)) {
        running[index].names_person = true;
    }
    for index in annotated.take(share(50)) {
        running[index].tells_applied = true;
    }
    running
}
