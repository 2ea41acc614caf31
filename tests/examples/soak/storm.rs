//! The storm as a whole: its plan in batches, and the lanes that run them.

use std::{
    error::Error,
    ops::Range,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    time::Instant,
};

use tokio::task::JoinSet;

use crate::{
    library,
    plan::BATCH_OF_SYNC,
    resources::{Resources, check_growth, memory_kib},
    secrets::Secrets,
    sync,
    tally::{Promise, Tally},
};

/// One upload in so many goes through `sync`.
const SHARE_OF_SYNC: u64 = 20;

/// How many uploads through the library are checked together: all that the emulator records
/// of them is in memory, and forgotten afterwards.
const BATCH: u64 = 1000;
/// How many uploads one lane sends at the same time. While it waits for the last of a batch,
/// the others go on.
const AT_ONCE: usize = 16;

type Failure = Box<dyn Error + Send + Sync>;

/// What to run.
#[derive(Debug, Clone)]
pub(crate) struct Storm {
    pub(crate) seed: u64,
    pub(crate) uploads: u64,
    pub(crate) concurrency: usize,
    /// Without one, nothing goes through `sync`.
    pub(crate) program: Option<PathBuf>,
}

/// What a storm measured.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) tally: Tally,
    pub(crate) searched_kib: u64,
    pub(crate) warm_kib: u64,
    pub(crate) memory_kib: u64,
    pub(crate) peak_kib: u64,
    pub(crate) tasks: u64,
    pub(crate) handles: u64,
    pub(crate) seconds: u64,
}

/// The batches that are left, and what those before counted.
#[derive(Debug)]
struct Work {
    library: Vec<Range<u64>>,
    sync: Vec<Range<u64>>,
    done: usize,
    /// When memory is measured for the first time.
    warm_after: usize,
    warm_kib: Option<u64>,
    tally: Tally,
}

impl Work {
    fn new(storm: &Storm) -> Self {
        let lanes = storm.lanes();
        let is_synced = storm.program.is_some();
        let synced = if is_synced { storm.uploads / SHARE_OF_SYNC } else { 0 };
        let direct = storm.uploads - synced;
        let batches = |all: Range<u64>, size: u64| -> Vec<Range<u64>> {
            let count = (all.end - all.start).div_ceil(size);
            // The last is taken first.
            let starts = (0..count).rev().map(|number| all.start + number * size);
            starts.map(|start| start..(start + size).min(all.end)).collect()
        };
        let library = batches(0..direct, BATCH.min(direct.div_ceil(lanes)).max(1));
        // Aligned, so that each batch has one `/me`.
        let first = direct.next_multiple_of(BATCH_OF_SYNC);
        let sync = batches(first..first + synced, BATCH_OF_SYNC);
        let warm_after = (library.len() / 10).max(usize::try_from(lanes).unwrap_or_default());
        let (done, warm_kib, tally) = (0, None, Tally::default());
        Self { library, sync, done, warm_after, warm_kib, tally }
    }

    fn end(&mut self, tally: Tally) {
        self.tally.add(tally);
        self.done += 1;
        if self.done == self.warm_after {
            self.warm_kib = memory_kib("VmRSS");
        }
    }
}

impl Storm {
    fn lanes(&self) -> u64 {
        self.concurrency.div_ceil(AT_ONCE) as u64
    }

    /// Half as many as through the library: each starts a program.
    fn lanes_of_sync(&self) -> u64 {
        self.lanes().div_ceil(2)
    }

    /// Runs all of it, and looks at what is left behind.
    pub(crate) async fn run(&self) -> Result<Figures, Failure> {
        let started = Instant::now();
        let secrets = Secrets::default();
        // The storm of a test runs where another subscriber may be set already.
        let _ = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(secrets.clone())
            .try_init();
        let before = Resources::now();
        let work = Arc::new(Mutex::new(Work::new(self)));
        let mut lanes = JoinSet::new();
        for lane in 0..self.lanes() {
            let at_once = self.concurrency.min(AT_ONCE);
            let lane = library::Lane::new(self.seed ^ lane, at_once, secrets.clone())?;
            lanes.spawn(through_library(lane, self.seed, Arc::clone(&work)));
        }
        if let Some(program) = &self.program {
            for lane in 0..self.lanes_of_sync() {
                let seed = self.seed ^ (self.lanes() + lane);
                let lane = sync::Lane::new(seed, program.clone(), secrets.clone())?;
                lanes.spawn(through_sync(lane, self.seed, Arc::clone(&work)));
            }
        }
        while let Some(ended) = lanes.join_next().await {
            match ended {
                Ok(ended) => ended?,
                Err(error) => lock(&work).tally.violation(Promise::Panicked, error),
            }
        }
        let mut tally = std::mem::take(&mut lock(&work).tally);
        let warm_kib = lock(&work).warm_kib;
        let held = match before {
            Some(before) => before.check_returned(&mut tally).await,
            None => None,
        };
        let memory = memory_kib("VmRSS");
        check_growth(warm_kib, memory, &mut tally);
        for found in secrets.take() {
            tally.violation(Promise::Leaked, found);
        }
        let (tasks, handles) = held.map_or((0, 0), Resources::counts);
        Ok(Figures {
            tally,
            searched_kib: secrets.bytes() / 1024,
            warm_kib: warm_kib.unwrap_or_default(),
            memory_kib: memory.unwrap_or_default(),
            peak_kib: memory_kib("VmHWM").unwrap_or_default(),
            tasks,
            handles,
            seconds: started.elapsed().as_secs(),
        })
    }
}

async fn through_library(
    mut lane: library::Lane,
    seed: u64,
    work: Arc<Mutex<Work>>,
) -> Result<(), Failure> {
    loop {
        let Some(batch) = lock(&work).library.pop() else { return Ok(()) };
        let mut tally = Tally::default();
        lane.run(seed, batch, &mut tally).await?;
        lock(&work).end(tally);
    }
}

async fn through_sync(lane: sync::Lane, seed: u64, work: Arc<Mutex<Work>>) -> Result<(), Failure> {
    loop {
        let Some(batch) = lock(&work).sync.pop() else { return Ok(()) };
        let mut tally = Tally::default();
        lane.run(seed, batch, &mut tally).await?;
        lock(&work).end(tally);
    }
}

fn lock(work: &Mutex<Work>) -> MutexGuard<'_, Work> {
    work.lock().expect("nothing panics while it holds this lock")
}

#[cfg(test)]
mod tests {
    use super::Storm;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_small_storm_breaks_no_promise() {
        let storm = Storm { seed: 7, uploads: 300, concurrency: 100, program: None };
        let tally = storm.run().await.unwrap().tally;
        assert!(tally.is_clean(), "{:#?}", tally.described);
        assert_eq!(tally.uploads, 300);
        assert!(tally.faults > 30 && tally.stored > 100 && tally.refused > 5, "{tally:?}");
    }
}
