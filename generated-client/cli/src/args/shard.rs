//! The options that say which part of a run this machine does.

use std::{env, num::NonZeroU32};

use clap::Args;

use crate::{
    failure::Failure,
    shard::{Shard, choice::ShardChoice},
};

/// Which part of a run this machine does.
#[derive(Debug, Clone, Args)]
pub(crate) struct ShardArgs {
    /// Only the I-th of N parts, with an N-th of the pace, as one of N machines, such as 1/4; auto
    /// takes the part that Slurm, AWS Batch or Kubernetes gives this machine
    #[arg(long, value_name = "I/N|auto")]
    pub(crate) shard: Option<ShardChoice>,
    /// How many parts there are, which --shard auto cannot know in a Kubernetes Job
    #[arg(long, value_name = "N", requires = "shard")]
    pub(crate) shards: Option<NonZeroU32>,
}

impl ShardArgs {
    /// The part, by the options and the environment; without `--shard`, all of the run.
    pub(crate) fn shard(&self) -> Result<Shard, Failure> {
        let Some(choice) = self.shard else { return Ok(Shard::WHOLE) };
        choice.resolve(self.shards, |name| env::var(name).ok()).map_err(Failure::arguments)
    }
}
