//! `graph-photo sync`: sets many photos, and can be stopped and run again at any time.

mod brakes;
mod display;
mod examine;
mod item;
mod line;
mod line_writer;
mod locate;
mod pace;
mod plan;
mod planning;
mod prepare;
mod queue;
mod resolve;
mod run;
mod select;
mod size;
mod source;
mod summary;
mod tally;
mod throttle;
mod upload;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use graph_photo_client::{Cloud, GraphPhotoClient, RetryPolicy};
use tokio::sync::Semaphore;

use self::{
    brakes::Brakes,
    display::Display,
    examine::reads_at_once,
    item::{Item, Status},
    line_writer::LineWriter,
    pace::Pace,
    plan::Plan,
    planning::absolute,
    run::{End, Run},
    source::STANDARD_INPUT,
    summary::{Course, Summary},
    throttle::{Limits, Throttle},
    upload::{UnderWay, Uploader},
};
use crate::{
    args::{ConnectionArgs, sync::SyncArgs},
    exit::Exit,
    failure::{Failure, Subject},
    fit::FitOptions,
    journal::{self, Binding, Journal, Known, Lock, Planned, State},
    output::{self, Output},
    shard::Shard,
    signal::{REPORT_TIMEOUT, Signal},
    token::{self, SharedToken},
};

pub(crate) async fn run(
    args: &SyncArgs,
    connection: &ConnectionArgs,
    output: Output,
) -> Result<Exit, Failure> {
    let give_up = async |plan, failure| give_up(args, output, plan, failure).await;
    let sync = match Sync::new(args, connection, output) {
        Ok(sync) => sync,
        Err(failure) => return give_up(&Plan::default(), failure).await,
    };
    let mut ready = match sync.plan_until_interrupted().await {
        Ok(ready) => ready,
        Err(failure) => return give_up(&Plan::default(), failure).await,
    };
    if let Some(failure) = ready.no_token.take() {
        return give_up(&ready.plan, failure).await;
    }
    match sync.obstacle(&ready.plan) {
        Some(exit) => sync.end_before_sending(&ready, exit).await,
        None => sync.send(ready).await,
    }
}

/// Ends a run before anything is sent. Programs read a summary even then.
async fn give_up(
    args: &SyncArgs,
    output: Output,
    plan: &Plan,
    failure: Failure,
) -> Result<Exit, Failure> {
    if !output.is_json() {
        return Err(failure);
    }
    let exit = failure.exit();
    let stopped = Some(failure.to_string());
    let course = Course { stopped, is_dry: args.plan.dry_run, ..Course::default() };
    let summary = line::of_summary(&Summary::new(plan, &course, None, exit.code())).to_string();
    let told = tokio::task::spawn_blocking(move || {
        output.failure(&failure, &Subject::default());
        output::write(&summary)
    });
    // If this fails, standard error still says why.
    if let Exit::Interrupted(_) = exit {
        let _ = tokio::time::timeout(REPORT_TIMEOUT, told).await;
    } else {
        let _ = told.await;
    }
    Ok(exit)
}

/// A run, as the command line describes it.
struct Sync<'a> {
    args: &'a SyncArgs,
    connection: &'a ConnectionArgs,
    output: Output,
    shard: Shard,
    journal: Option<PathBuf>,
    fix: Option<FitOptions>,
    /// `fix` as the journal stores it.
    fix_line: Option<String>,
}

/// A plan that has been shown, with everything needed to carry it out.
struct Ready {
    plan: Plan,
    binding: Binding,
    known: Arc<HashMap<String, Known>>,
    /// None in a dry run without a token.
    client: Option<GraphPhotoClient>,
    lock: Option<Lock>,
    /// Why no token can be used, whatever it is for.
    no_token: Option<Failure>,
}

/// The journal of a run; none in a dry run of a source without a name.
fn journal_of(args: &SyncArgs, shard: Shard) -> Result<Option<PathBuf>, Failure> {
    let is_standard_input = args.source == Path::new(STANDARD_INPUT);
    let beside = || journal::beside(&args.source, shard).filter(|_| !is_standard_input);
    let journal = args.plan.journal.clone().or_else(beside);
    match &journal {
        None if !args.plan.dry_run => Err(Failure::arguments(format!(
            "`{}` requires --journal FILE, which records what was sent",
            output::printable(&args.source)
        ))),
        Some(path) if path.is_dir() => Err(Failure::arguments(format!(
            "failed to use the journal `{}`: it is a folder; name a file with --journal",
            output::printable(path)
        ))),
        _ => Ok(journal),
    }
}

impl<'a> Sync<'a> {
    fn new(
        args: &'a SyncArgs,
        connection: &'a ConnectionArgs,
        output: Output,
    ) -> Result<Self, Failure> {
        let shard = args.selection.shard.shard()?;
        let journal = journal_of(args, shard)?;
        let fix = args.fix.then(|| FitOptions::from(&args.fit));
        let fix_line = fix.map(|fix| fix.to_string());
        Ok(Self { args, connection, output, shard, journal, fix, fix_line })
    }

    async fn plan_until_interrupted(&self) -> Result<Ready, Failure> {
        tokio::select! {
            biased;
            signal = Signal::next() => Err(Failure::interrupted(signal)),
            ready = self.plan() => ready,
        }
    }

    /// Makes the plan and shows it.
    async fn plan(&self) -> Result<Ready, Failure> {
        let (mut plan, cloud) = planning::read(self.args, self.connection).await?;
        let (client, tokens) = self.client(cloud).await?.unzip();
        let lock = self.lock()?;
        let contents = self.journal.as_deref().map(journal::read).transpose()?.unwrap_or_default();
        let mut binding = self.binding(&plan, cloud);
        binding.check(&contents.meta)?;
        let known = Arc::new(contents.known);
        let (line, is_json) = (self.fix_line.clone(), self.output.is_json());
        planning::examine(&mut plan, self.fix, line, Arc::clone(&known), is_json).await?;
        if self.args.plan.force {
            plan.force();
        }
        let no_token = match &client {
            Some(client) => self.check_token(&mut plan, client).await.err(),
            None => None,
        };
        if let Some(tokens) = tokens {
            resolve::join_own(&mut plan.items, &tokens.user_ids());
            binding.tenant = tokens.tenant_id();
        }
        binding.check(&contents.meta)?;
        if let Some(limit) = self.args.selection.limit {
            plan.limit(limit);
        }
        self.tell(&plan, no_token.is_some() || self.obstacle(&plan).is_some()).await?;
        Ok(Ready { plan, binding, known, client, lock, no_token })
    }

    /// The client and the source of its tokens; none in a dry run without a token.
    async fn client(
        &self,
        cloud: Cloud,
    ) -> Result<Option<(GraphPhotoClient, SharedToken)>, Failure> {
        if self.args.plan.dry_run && !token::is_given(self.connection) {
            return Ok(None);
        }
        let tokens = token::shared(self.connection, cloud).await?;
        let builder = self.connection.builder(cloud).token_provider(tokens.clone());
        // The run paces itself.
        let builder = builder.retry_policy(RetryPolicy::never()).low_priority(true);
        Ok(Some((builder.build()?, tokens)))
    }

    /// Locks the journal for this run; a dry run needs no lock.
    fn lock(&self) -> Result<Option<Lock>, Failure> {
        let Some(journal) = self.journal.as_deref().filter(|_| !self.args.plan.dry_run) else {
            return Ok(None);
        };
        if journal::is_on_network(journal) {
            output::warning(
                "the journal is on a network file system, whose locks cannot be trusted; keep it \
                 on a local disk with --journal",
            );
        }
        Lock::take(journal).map(Some)
    }

    fn binding(&self, plan: &Plan, cloud: Cloud) -> Binding {
        let is_standard_input = self.args.source == Path::new(STANDARD_INPUT);
        let source = &self.args.source;
        Binding {
            base_url: self.connection.base_url(cloud).to_owned(),
            tenant: None,
            source: if is_standard_input { "-".to_owned() } else { absolute(source) },
            photos: absolute(&plan.photos),
            shard: self.shard.to_string(),
        }
    }

    /// Refuses photos that the token does not allow. In a dry run, an expired token only
    /// gives a warning.
    async fn check_token(&self, plan: &mut Plan, client: &GraphPhotoClient) -> Result<(), Failure> {
        match planning::check_permissions(plan, client).await {
            Err(failure) if self.args.plan.dry_run => {
                output::warning(format_args!(
                    "the token was not compared with the plan: {failure}"
                ));
                Ok(())
            }
            checked => checked,
        }
    }

    /// Shows a plan: to people all of it, to programs its final parts.
    async fn tell(&self, plan: &Plan, is_over: bool) -> Result<(), Failure> {
        if !self.output.is_json() {
            return self.output.text(plan.text()).await;
        }
        let items = self.item_lines(plan, |item| is_over || !item.is_due());
        let left_out = plan.left_out.iter().map(|left_out| line::of_left_out(left_out).to_string());
        self.lines(items.chain(left_out).collect()).await
    }

    /// Tells programs of the photos that were to be sent.
    async fn tell_unsent(&self, plan: &Plan) -> Result<(), Failure> {
        if !self.output.is_json() {
            return Ok(());
        }
        self.lines(self.item_lines(plan, Item::is_due).collect()).await
    }

    fn item_lines<'p>(
        &'p self,
        plan: &'p Plan,
        is_told: impl Fn(&Item) -> bool + 'p,
    ) -> impl Iterator<Item = String> + 'p {
        let items = plan.items.iter().filter(move |item| is_told(item));
        items.map(|item| line::of_item(item, self.fix_line.as_deref()).to_string())
    }

    async fn lines(&self, lines: Vec<String>) -> Result<(), Failure> {
        if lines.is_empty() { Ok(()) } else { self.output.text(lines.join("\n")).await }
    }

    /// The exit of a run that sends nothing.
    fn obstacle(&self, plan: &Plan) -> Option<Exit> {
        let is_refused = plan.refused() > 0;
        match (is_refused, self.args.plan.dry_run, self.args.plan.skip_invalid) {
            (true, true, _) | (true, _, false) => Some(Exit::Refused),
            (false, true, _) => Some(Exit::Done),
            _ => None,
        }
    }

    async fn end_before_sending(&self, ready: &Ready, exit: Exit) -> Result<Exit, Failure> {
        let plan = &ready.plan;
        if exit == Exit::Refused {
            let (refused, all) = (plan.refused(), plan.items.len());
            output::error(format_args!(
                "{refused} of {all} photos are refused, so nothing was sent; correct them, or \
                 leave them out with --skip-invalid"
            ));
        }
        let course = Course { is_dry: self.args.plan.dry_run, ..Course::default() };
        if self.output.is_json() {
            self.summarize(plan, &course, exit).await?;
        }
        Ok(exit)
    }

    async fn summarize(&self, plan: &Plan, course: &Course, exit: Exit) -> Result<(), Failure> {
        let journal = self.journal.as_deref().filter(|_| !course.is_dry);
        let summary = Summary::new(plan, course, journal, exit.code());
        self.output.result(&line::of_summary(&summary), || summary.text()).await
    }

    /// Sends what a plan has to send, once the journal says so.
    async fn send(&self, ready: Ready) -> Result<Exit, Failure> {
        let Ready { plan, binding, known, client, lock, .. } = ready;
        let (Some(path), Some(lock), Some(client)) = (&self.journal, lock, client) else {
            return Ok(Exit::Done);
        };
        let planned = self.planned(&plan, &known);
        let journal = match Journal::open(path, lock, &binding, planned.into_iter()) {
            Ok(journal) => journal,
            Err(failure) => {
                self.tell_unsent(&plan).await?;
                return give_up(self.args, self.output, &plan, failure).await;
            }
        };
        drop(known);
        self.carry_out(plan, client, journal).await
    }

    async fn carry_out(
        &self,
        mut plan: Plan,
        client: GraphPhotoClient,
        journal: Journal,
    ) -> Result<Exit, Failure> {
        let uploader = Arc::new(self.uploader(&plan, client, journal));
        let (due, is_json) = (plan.due(), self.output.is_json());
        let items = Arc::new(std::mem::take(&mut plan.items));
        let run = Run {
            uploader: Arc::clone(&uploader),
            items: Arc::clone(&items),
            lines: is_json.then(LineWriter::start).transpose()?,
            fit: self.fix_line.as_deref(),
            transfers: self.limits().transfers,
            brakes: Brakes::new(self.args.pace.max_errors),
            display: Display::new("sent", due, is_json),
            told: vec![false; items.len()],
        };
        let (course, end) = run.run().await;
        plan.items = Arc::into_inner(items).expect("all tasks have ended");
        Arc::into_inner(uploader).expect("all tasks have ended").journal.close();
        self.conclude(&plan, course, end).await
    }

    fn uploader(&self, plan: &Plan, client: GraphPhotoClient, journal: Journal) -> Uploader {
        Uploader {
            client,
            journal,
            pace: Pace::new(Throttle::new(self.limits(), Instant::now().into())),
            photos: plan.photos.clone(),
            fix: self.fix,
            max_retries: self.connection.retry_policy().max_retries,
            under_way: UnderWay::default(),
            reading: Semaphore::new(reads_at_once()),
        }
    }

    /// The rows that the journal must have before anything is sent.
    fn planned<'p>(&'p self, plan: &'p Plan, known: &HashMap<String, Known>) -> Vec<Planned<'p>> {
        let planned = plan.items.iter().filter_map(|item| {
            let target = item.target()?;
            let known = known.get(&target.key);
            let state = match &item.status {
                Status::New | Status::Changed | Status::Forced => State::Planned,
                Status::Refused(_) => State::Refused,
                Status::Unchanged if self.is_respelled(item, known?) => State::Stored,
                _ => return None,
            };
            Some(Planned {
                key: &target.key,
                target: &target.path,
                file: item.file.as_deref().map_or("".into(), Path::to_string_lossy),
                state,
                content: item.content.as_ref(),
                fit: self.fix_line.as_deref(),
                reason: item.refusal(),
            })
        });
        planned.collect()
    }

    /// Whether the stored photo now comes from another file or other options.
    fn is_respelled(&self, item: &Item, known: &Known) -> bool {
        item.content != known.content || self.fix_line != known.fit
    }

    /// The limits of this part of the run: an equal part of the pace.
    fn limits(&self) -> Limits {
        let (pace, parts) = (&self.args.pace, self.shard.count());
        let limits = Limits::new(pace.transfers, pace.rate).divided(parts);
        let is_patient = self.connection.retry_policy().max_retries > 0;
        if is_patient { limits } else { limits.impatient() }
    }

    /// Reports the results of a run, and returns the program's exit.
    async fn conclude(&self, plan: &Plan, mut course: Course, end: End) -> Result<Exit, Failure> {
        let exit = match end {
            End::Complete => Self::exit(plan, &course),
            End::Stopped(reason) => {
                output::error(format_args!("stopped: {reason}"));
                course.stopped = Some(reason);
                Exit::Failed
            }
            End::Failed(failure) => {
                self.output.failure(&failure, &Subject::default());
                course.stopped = Some(failure.to_string());
                failure.exit()
            }
            End::Interrupted(signal) => {
                output::error(signal.word);
                course.stopped = Some(signal.word.to_owned());
                Exit::Interrupted(signal)
            }
        };
        let told = self.summarize(plan, &course, exit);
        if let Exit::Interrupted(_) = exit {
            // The program ends even if nobody reads it.
            let _ = tokio::time::timeout(REPORT_TIMEOUT, told).await;
        } else {
            told.await?;
        }
        Ok(exit)
    }

    fn exit(plan: &Plan, course: &Course) -> Exit {
        let tally = &course.tally;
        if tally.failed > 0 && !tally.was_answered {
            // The network failed, not some photos.
            Exit::Failed
        } else if tally.failed > 0 || plan.refused() > 0 {
            Exit::Incomplete
        } else {
            Exit::Done
        }
    }
}
