//! What the process holds: tasks, file handles and memory.

use std::{fs, time::Duration};

use tokio::{runtime::Handle, time::sleep};

use crate::tally::{Promise, Tally};

/// How much more memory may be resident at the end than when a tenth of the batches was done.
/// It does not grow with the number of uploads: in a run of a million, 64 bytes that each
/// upload leaves behind are too many.
const MAX_GROWTH_KIB: u64 = 64 * 1024;

/// How often to look again: what was closed last may still be in the hands of a task.
const LOOKS: u32 = 500;
const PAUSE: Duration = Duration::from_millis(10);

/// What was held at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resources {
    tasks: usize,
    /// Sockets among them.
    handles: usize,
}

impl Resources {
    /// What is held now; `None` where there is no `/proc`.
    pub(crate) fn now() -> Option<Self> {
        let handles = fs::read_dir("/proc/self/fd").ok()?.count();
        Some(Self { tasks: Handle::current().metrics().num_alive_tasks(), handles })
    }

    /// Tasks and handles, for a table.
    pub(crate) fn counts(self) -> (u64, u64) {
        (self.tasks as u64, self.handles as u64)
    }

    fn exceeds(self, before: Self) -> bool {
        self.tasks > before.tasks || self.handles > before.handles
    }

    /// Waits until no more is held than now, and counts what still is.
    pub(crate) async fn check_returned(self, tally: &mut Tally) -> Option<Self> {
        let mut held = Self::now()?;
        for _ in 0..LOOKS {
            if !held.exceeds(self) {
                return Some(held);
            }
            sleep(PAUSE).await;
            held = Self::now()?;
        }
        let what = format!("{held:?} are held at the end, and {self:?} were at the start");
        tally.violation(Promise::Leaked, what);
        Some(held)
    }
}

/// A figure of the process's memory, such as `VmRSS`, in KiB.
pub(crate) fn memory_kib(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Counts memory that grew between two times.
pub(crate) fn check_growth(before: Option<u64>, after: Option<u64>, tally: &mut Tally) {
    let (Some(before), Some(after)) = (before, after) else { return };
    if after > before + MAX_GROWTH_KIB {
        let what = format!("{after} KiB are resident at the end, and {before} KiB were before");
        tally.violation(Promise::Leaked, what);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_GROWTH_KIB, Resources, check_growth};
    use crate::tally::{Promise, Tally};

    #[tokio::test]
    async fn a_task_that_goes_on_is_counted() {
        let Some(before) = Resources::now() else { return };
        let task = tokio::spawn(std::future::pending::<()>());
        let held = Resources { handles: before.handles, ..Resources::now().unwrap() };
        assert!(held.exceeds(before));
        task.abort();
        let _ = task.await;
    }

    #[test]
    fn more_tasks_or_handles_than_before_are_a_leak() {
        let before = Resources { tasks: 1, handles: 9 };
        assert!(!before.exceeds(before));
        assert!(!Resources { tasks: 0, handles: 8 }.exceeds(before));
        assert!(Resources { tasks: 2, handles: 8 }.exceeds(before));
        assert!(Resources { tasks: 0, handles: 10 }.exceeds(before));
    }

    #[test]
    fn memory_that_grows_beyond_the_bound_is_a_leak() {
        for (growth, leaks) in [(MAX_GROWTH_KIB, 0), (MAX_GROWTH_KIB + 1, 1)] {
            let mut tally = Tally::default();
            check_growth(Some(1000), Some(1000 + growth), &mut tally);
            assert_eq!(tally.broken(Promise::Leaked), leaks);
        }
    }
}
