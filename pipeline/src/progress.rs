//! Talk to the person at the terminal, on stderr: progress bars there, plain lines anywhere else.
#![allow(clippy::print_stderr, reason = "this is the one place that talks")]

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long something may take before a bar appears.
const PATIENCE: Duration = Duration::from_secs(1);

/// Talks to the user.
#[derive(Clone, Debug)]
pub struct Talk {
    bars: MultiProgress,
    quiet: bool,
}

impl Talk {
    /// Talks on stderr.
    pub fn stderr() -> Self {
        let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bars: MultiProgress::with_draw_target(target), quiet: false }
    }

    /// Says nothing, for tests and benchmarks.
    pub fn silent() -> Self {
        Self { bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()), quiet: true }
    }

    /// Says a line.
    pub fn line(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.bars.suspend(|| eprintln!("{}", text.as_ref()));
        }
    }

    /// A bar for something that may take longer than a second; without a total it only counts.
    pub fn bar(&self, label: impl Into<String>, total: Option<u64>) -> Bar {
        let bar = ProgressBar::hidden().with_message(label.into());
        bar.set_style(style(total.is_some()));
        if let Some(total) = total {
            bar.set_length(total);
        }
        Bar { bars: self.bars.clone(), bar, since: Instant::now(), shown: std::sync::OnceLock::new() }
    }
}

fn style(known: bool) -> ProgressStyle {
    let template = if known {
        "{msg:32} {bar:24} {human_pos}/{human_len}  {per_sec}  {eta} left"
    } else {
        "{msg:32} {spinner} {human_pos}  {per_sec}  {elapsed}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Shows how far something is, with rate and remaining time, once it takes long enough to be worth it.
#[derive(Debug)]
pub struct Bar {
    bars: MultiProgress,
    bar: ProgressBar,
    since: Instant,
    shown: std::sync::OnceLock<()>,
}

impl Bar {
    /// So many more are done.
    pub fn inc(&self, count: u64) {
        self.bar.inc(count);
        self.show();
    }

    /// There are so many in all.
    pub fn set_len(&self, total: u64) {
        self.bar.set_style(style(true));
        self.bar.set_length(total);
        self.show();
    }

    /// It is over.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self) {
        if self.since.elapsed() > PATIENCE {
            self.shown.get_or_init(|| {
                self.bars.add(self.bar.clone());
            });
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}
