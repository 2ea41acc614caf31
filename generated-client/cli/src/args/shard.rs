//! The options that say which part of a run this machine does.

use std::num::NonZeroU32;

use clap::Args;

use crate::shard::choice::ShardChoice;

/// Which part of a run this machine does.
#[derive(Debug, Clone, Args)]
pub(crate) struct ShardArgs {
    /// Do only part I of N, as one of N machines; auto asks Slurm, AWS Batch or Kubernetes which
    #[arg(long, value_name = "I/N", help_heading = "Shards")]
    pub(crate) shard: Option<ShardChoice>,
    /// How many parts there are, if --shard auto cannot know it: in a Kubernetes Job
    #[arg(long, value_name = "N", requires = "shard", help_heading = "Shards")]
    pub(crate) shards: Option<NonZeroU32>,
}
