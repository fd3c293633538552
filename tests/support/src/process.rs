//! What a child process costs: the system's own account of its time and memory.

use std::{
    io,
    process::{Child, Command},
    time::{Duration, Instant},
};

/// How often a running child is asked for its peak memory.
const LOOK: Duration = Duration::from_millis(10);

/// What a process that has ended did cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Time on a processor in its own code [s].
    pub user_s: f64,
    /// Time on a processor in the kernel on its behalf [s].
    pub system_s: f64,
    /// The most memory it held at once [bytes].
    pub peak_bytes: u64,
    /// From start to end.
    pub wall: Duration,
}

impl Cost {
    /// Time on a processor in all [s].
    pub fn cpu_s(&self) -> f64 {
        self.user_s + self.system_s
    }
}

/// Runs a command to its end. What it reads and writes is up to the command: a pipe that nobody empties would block it.
///
/// The system counts among a child's memory what its parent held when it forked. Where that hides the child's own peak, the peak is the
/// highest of looks at it every few milliseconds.
///
/// # Errors
/// When the command does not start.
pub fn run(command: &mut Command) -> io::Result<Cost> {
    let begun = Instant::now();
    let child = command.spawn()?;
    let seen = watch(&child);
    let (status, usage) = wait(&child)?;
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let counted = u64::try_from(usage.ru_maxrss).unwrap_or(0) * if cfg!(target_os = "macos") { 1 } else { 1024 };
    let own = peak_of("self").unwrap_or(0);
    Ok(Cost {
        code: libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)),
        user_s: seconds(usage.ru_utime),
        system_s: seconds(usage.ru_stime),
        peak_bytes: if counted > own || seen == 0 { counted } else { seen },
        wall: begun.elapsed(),
    })
}

/// Looks at the child until it has ended; the system forgets its own count then.
fn watch(child: &Child) -> u64 {
    let process = child.id().to_string();
    let mut most = 0;
    // An ended child that nobody waited for still has an entry, without a peak.
    while let Some(peak) = peak_of(&process) {
        most = most.max(peak);
        std::thread::sleep(LOOK);
    }
    most
}

/// The peak memory of a process, where the system tells it while the process runs [bytes].
fn peak_of(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[allow(unsafe_code, reason = "the standard library does not tell what a child did cost")]
fn wait(child: &Child) -> io::Result<(i32, libc::rusage)> {
    let process = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    loop {
        // SAFETY: `rusage` is a plain struct for which zeroes are a value, and both pointers are to locals that outlive the call.
        // Nobody else waits for this child: `Child` does so only when asked to.
        let (ended, usage) = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            (libc::wait4(process, &raw mut status, 0, &raw mut usage), usage)
        };
        if ended == process {
            return Ok((status, usage));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_charged_for_what_it_does() {
        // This process holds more than the child does.
        let ours = vec![1_u8; 64 << 20];
        let script = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; exit 3";
        let cost = run(Command::new("sh").args(["-c", script])).expect("there is a shell");
        assert_eq!(cost.code, Some(3));
        assert!(cost.cpu_s() > 0.02 && cost.cpu_s() <= cost.wall.as_secs_f64() * 1.2, "{cost:?}");
        assert!(cost.peak_bytes > 100_000 && cost.peak_bytes < ours.len() as u64 / 2, "{cost:?}");
    }
}
