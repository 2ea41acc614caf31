//! `graph-photo sync`: sets the photos of many, and can be ended and run again at any time.

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
use serde_json::json;

use self::{
    brakes::Brakes,
    display::Display,
    item::{Item, Status},
    line_writer::LineWriter,
    pace::Pace,
    plan::Plan,
    planning::absolute,
    run::{End, Run},
    source::STANDARD_INPUT,
    summary::{Course, Summary},
    throttle::{Limits, Throttle},
    upload::Uploader,
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
    let sync = Sync::new(args, connection, output)?;
    let ready = tokio::select! {
        biased;
        signal = Signal::next() => return Err(signal.map_or_else(
            |cause| Failure::System("failed to listen for interrupts".to_owned(), cause),
            Failure::Interrupted,
        )),
        ready = sync.plan() => ready?,
    };
    match sync.obstacle(&ready.plan) {
        Some(exit) => sync.end_before_sending(&ready, exit).await,
        None => sync.send(ready).await,
    }
}

/// A run, as the command line has it.
struct Sync<'a> {
    args: &'a SyncArgs,
    connection: &'a ConnectionArgs,
    output: Output,
    shard: Shard,
    journal: Option<PathBuf>,
    fix: Option<FitOptions>,
    /// `fix` as the journal has it.
    fix_line: Option<String>,
}

/// A plan that has been told, and what it is carried out with.
struct Ready {
    plan: Plan,
    binding: Binding,
    known: Arc<HashMap<String, Known>>,
    /// None in a dry run without a token.
    client: Option<GraphPhotoClient>,
    lock: Option<Lock>,
}

impl<'a> Sync<'a> {
    fn new(
        args: &'a SyncArgs,
        connection: &'a ConnectionArgs,
        output: Output,
    ) -> Result<Self, Failure> {
        let shard = args.selection.shard.shard()?;
        let is_standard_input = args.source == Path::new(STANDARD_INPUT);
        let beside = || journal::beside(&args.source, shard).filter(|_| !is_standard_input);
        let journal = args.plan.journal.clone().or_else(beside);
        if journal.is_none() && !args.plan.dry_run {
            let source = output::printable(&args.source);
            let problem = format!("`{source}` requires --journal FILE, which says what was sent");
            return Err(Failure::arguments(problem));
        }
        let fix = args.fix.then(|| FitOptions::from(&args.fit));
        let fix_line = fix.map(|fix| fix.to_string());
        Ok(Self { args, connection, output, shard, journal, fix, fix_line })
    }

    /// Makes the plan and tells it.
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
        if let Some(client) = &client {
            self.check_token(&mut plan, client).await?;
        }
        if let Some(tokens) = tokens {
            resolve::join_own(&mut plan.items, &tokens.user_ids());
            binding.tenant = tokens.tenant_id();
        }
        binding.check(&contents.meta)?;
        if let Some(limit) = self.args.selection.limit {
            plan.limit(limit);
        }
        self.tell(&plan).await?;
        Ok(Ready { plan, binding, known, client, lock })
    }

    /// The client, and where its tokens come from; none in a dry run without a token.
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

    /// The sole use of the journal.
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

    /// Refuses what the token does not allow. A dry run has nothing to lose by a token that has
    /// expired.
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

    /// Tells a plan: to people as a whole, to programs what of it is final.
    async fn tell(&self, plan: &Plan) -> Result<(), Failure> {
        if !self.output.is_json() {
            return self.output.text(plan.text()).await;
        }
        let is_over = self.obstacle(plan).is_some();
        let items = plan.items.iter().filter(|item| is_over || !item.is_due());
        let items = items.map(|item| line::of_item(item, self.fix_line.as_deref()).to_string());
        let left_out = plan.left_out.iter().map(|left_out| line::of_left_out(left_out).to_string());
        self.lines(items.chain(left_out).collect()).await
    }

    async fn lines(&self, lines: Vec<String>) -> Result<(), Failure> {
        if lines.is_empty() { Ok(()) } else { self.output.text(lines.join("\n")).await }
    }

    /// How the run ends if nothing is sent.
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
        let json = json!({ "version": line::VERSION, "summary": &summary });
        self.output.result(&json, || summary.text()).await
    }

    /// Carries out a plan.
    async fn send(&self, ready: Ready) -> Result<Exit, Failure> {
        let Ready { mut plan, binding, known, client, lock } = ready;
        let (Some(path), Some(lock), Some(client)) = (&self.journal, lock, client) else {
            return Ok(Exit::Done);
        };
        let planned = self.planned(&plan, &known);
        let journal = Journal::open(path, lock, &binding, planned.into_iter())?;
        drop(known);
        let uploader = Arc::new(Uploader {
            client,
            journal,
            pace: Pace::new(Throttle::new(self.limits(), Instant::now().into())),
            photos: plan.photos.clone(),
            fix: self.fix,
            max_retries: self.connection.retry_policy().max_retries,
        });
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

    /// What the journal is to say before anything is sent.
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

    /// Whether what Graph has is now made from another file, or in another way.
    fn is_respelled(&self, item: &Item, known: &Known) -> bool {
        item.content != known.content || self.fix_line != known.fit
    }

    /// A part of a run has a part of its pace.
    fn limits(&self) -> Limits {
        let (pace, parts) = (&self.args.pace, self.shard.count());
        Limits::new(pace.transfers, pace.rate).divided(parts)
    }

    /// Tells how a run went, and how the program ends.
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
            // If nobody reads it, the program ends all the same.
            let _ = tokio::time::timeout(REPORT_TIMEOUT, told).await;
        } else {
            told.await?;
        }
        Ok(exit)
    }

    fn exit(plan: &Plan, course: &Course) -> Exit {
        let tally = &course.tally;
        if tally.failed > 0 && !tally.was_answered {
            // That is the network's failure, not that of some photos.
            Exit::Failed
        } else if tally.failed > 0 || plan.refused() > 0 {
            Exit::Incomplete
        } else {
            Exit::Done
        }
    }
}
