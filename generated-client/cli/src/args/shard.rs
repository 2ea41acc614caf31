//! The options that choose this machine's part of a run.

use std::{env, num::NonZeroU32};

use clap::Args;

use crate::{
    failure::Failure,
    shard::{Shard, choice::ShardChoice},
};

/// This machine's part of a run.
#[derive(Debug, Clone, Args)]
pub(crate) struct ShardArgs {
    /// Send only part I of N, at 1/N of the pace, as one of N machines, such as 1/4; auto
    /// takes the part that Slurm, AWS Batch or Kubernetes assigns to this machine
    #[arg(long, value_name = "I/N|auto")]
    pub(crate) shard: Option<ShardChoice>,
    /// The number of parts, which --shard auto cannot know in a Kubernetes Job
    #[arg(long, value_name = "N", requires = "shard")]
    pub(crate) shards: Option<NonZeroU32>,
}

impl ShardArgs {
    /// The part from the options and the environment; without `--shard`, the whole run.
    pub(crate) fn shard(&self) -> Result<Shard, Failure> {
        let Some(choice) = self.shard else { return Ok(Shard::WHOLE) };
        choice.resolve(self.shards, |name| env::var(name).ok()).map_err(Failure::arguments)
    }
}
