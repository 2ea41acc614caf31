//! Chooses the shard from the command line and the environment.

use std::{num::NonZeroU32, str::FromStr};

use super::Shard;

/// The value of `--shard`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShardChoice {
    /// `I/N`.
    Part(Shard),
    /// `auto`: the part that the environment assigns.
    Auto,
}

impl FromStr for ShardChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::Part).map_err(|problem: String| format!("{problem}; or auto"))
    }
}

impl ShardChoice {
    /// The chosen shard.
    ///
    /// # Errors
    ///
    /// The missing or contradictory variable in the environment, and a remedy.
    pub(crate) fn resolve(
        self,
        shards: Option<NonZeroU32>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Shard, String> {
        match (self, shards) {
            (Self::Part(shard), None) => Ok(shard),
            (Self::Part(shard), Some(_)) => Err(format!(
                "--shard {shard} says how many shards there are; leave out --shards, or write \
                 --shard auto"
            )),
            (Self::Auto, shards) => of_environment(shards, &Environment(&variable)),
        }
    }
}

/// A system that runs one program on many numbered machines.
struct System {
    name: &'static str,
    /// The variable with the machine's number.
    index: &'static str,
    /// The variable with the lowest number; 0 without one.
    first: Option<&'static str>,
    /// The variable with the distance between numbers; 1 without one.
    step: Option<&'static str>,
    /// The variable with the count; `--shards` without one.
    count: Option<&'static str>,
}

/// As documented: Slurm's job arrays (sbatch(1)), AWS Batch's array jobs ("Job environment
/// variables") and Kubernetes' Jobs with `completionMode: Indexed`.
const SYSTEMS: [System; 3] = [
    System {
        name: "Slurm",
        index: "SLURM_ARRAY_TASK_ID",
        first: Some("SLURM_ARRAY_TASK_MIN"),
        step: Some("SLURM_ARRAY_TASK_STEP"),
        count: Some("SLURM_ARRAY_TASK_COUNT"),
    },
    System {
        name: "AWS Batch",
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: None,
        step: None,
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
    },
    System {
        name: "Kubernetes",
        index: "JOB_COMPLETION_INDEX",
        first: None,
        step: None,
        count: None,
    },
];

/// The variables of the process.
struct Environment<'e>(&'e dyn Fn(&str) -> Option<String>);

impl Environment<'_> {
    fn has(&self, name: &str) -> bool {
        (self.0)(name).is_some()
    }

    fn number(&self, name: &str) -> Result<u32, String> {
        let text = (self.0)(name).ok_or_else(|| format!("{name} is not set"))?;
        text.trim().parse().map_err(|_| format!("{name} is not a number"))
    }

    /// The number in a variable that may be missing.
    fn number_or(&self, default: u32, name: Option<&str>) -> Result<u32, String> {
        match name.filter(|name| self.has(name)) {
            Some(name) => self.number(name),
            None => Ok(default),
        }
    }
}

fn of_environment(shards: Option<NonZeroU32>, environment: &Environment) -> Result<Shard, String> {
    let systems: Vec<_> = SYSTEMS.iter().filter(|system| environment.has(system.index)).collect();
    match systems[..] {
        [system] => of_system(system, shards, environment)
            .map_err(|problem| format!("--shard auto, in {}: {problem}", system.name)),
        [] => {
            let names = SYSTEMS.map(|system| format!("{} ({})", system.index, system.name));
            Err(format!(
                "--shard auto finds none of {}; start it as an array job, or write --shard I/N",
                names.join(", ")
            ))
        }
        _ => {
            let names: Vec<_> = systems.iter().map(|system| system.index).collect();
            Err(format!(
                "--shard auto finds both {}, of different systems; write --shard I/N",
                names.join(" and ")
            ))
        }
    }
}

fn of_system(
    system: &System,
    shards: Option<NonZeroU32>,
    environment: &Environment,
) -> Result<Shard, String> {
    let count = count(system, shards, environment)?;
    let number = environment.number(system.index)?;
    let first = environment.number_or(0, system.first)?;
    let step = environment.number_or(1, system.step)?.max(1);
    let index = number.checked_sub(first).filter(|distance| distance % step == 0);
    let shard = index.and_then(|distance| Shard::new((distance / step).checked_add(1)?, count));
    shard.ok_or_else(|| {
        format!(
            "{} is {number}, which is none of {count} numbers from {first} on; number the array \
             without gaps, such as 0-{}",
            system.index,
            count.saturating_sub(1)
        )
    })
}

/// The number of shards; the system and `--shards` must agree.
fn count(
    system: &System,
    shards: Option<NonZeroU32>,
    environment: &Environment,
) -> Result<u32, String> {
    let shards = shards.map(NonZeroU32::get);
    let Some(variable) = system.count else {
        return shards.ok_or_else(|| {
            "it does not tell how many there are; add --shards N, the `completions` of the job"
                .to_owned()
        });
    };
    let count = environment.number(variable)?;
    match shards {
        Some(shards) if shards != count => {
            Err(format!("{variable} is {count}, but --shards {shards}; leave out --shards"))
        }
        _ => Ok(count),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::ShardChoice;

    fn auto(shards: u32, variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let shard = ShardChoice::Auto.resolve(NonZeroU32::new(shards), variable);
        shard.map(|shard| shard.to_string())
    }

    fn slurm(id: &str, min: &str, step: &str, count: &str) -> Result<String, String> {
        auto(
            0,
            &[
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_STEP", step),
                ("SLURM_ARRAY_TASK_COUNT", count),
            ],
        )
    }

    #[test]
    fn arrays_of_slurm_may_begin_anywhere() {
        let shard = |text: &str| Ok(text.to_owned());
        assert_eq!(slurm("0", "0", "1", "4"), shard("1/4"));
        assert_eq!(slurm("3", "0", "1", "4"), shard("4/4"));
        assert_eq!(slurm("10", "7", "1", "4"), shard("4/4"));
        assert_eq!(slurm("8", "2", "3", "4"), shard("3/4"));
    }

    #[test]
    fn an_array_of_slurm_with_gaps_is_refused() {
        for (id, min, step, count) in
            [("7", "1", "1", "3"), ("0", "1", "1", "3"), ("4", "2", "3", "2"), ("1", "1", "1", "0")]
        {
            let problem = slurm(id, min, step, count).unwrap_err();
            assert!(problem.contains("Slurm") && problem.contains("without gaps"), "{problem}");
        }
    }

    #[test]
    fn aws_batch_counts_from_0() {
        let batch = |index| {
            let size = ("AWS_BATCH_JOB_ARRAY_SIZE", "3");
            auto(0, &[("AWS_BATCH_JOB_ARRAY_INDEX", index), size])
        };
        assert_eq!(["0", "2"].map(batch), ["1/3", "3/3"].map(|text| Ok(text.to_owned())));
        assert!(batch("3").is_err());
    }

    #[test]
    fn kubernetes_needs_the_count() {
        let index = [("JOB_COMPLETION_INDEX", "4")];
        assert_eq!(auto(5, &index), Ok("5/5".to_owned()));
        assert!(auto(0, &index).unwrap_err().contains("add --shards N"));
        assert!(auto(4, &index).is_err());
    }

    #[test]
    fn one_system_has_to_be_there() {
        let none = auto(4, &[]).unwrap_err();
        for name in ["SLURM_ARRAY_TASK_ID", "AWS_BATCH_JOB_ARRAY_INDEX", "JOB_COMPLETION_INDEX"] {
            assert!(none.contains(name), "{none}");
        }
        let two = [("JOB_COMPLETION_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_INDEX", "0")];
        let two = auto(4, &two).unwrap_err();
        assert!(two.contains("AWS_BATCH_JOB_ARRAY_INDEX and JOB_COMPLETION_INDEX"), "{two}");
    }

    #[test]
    fn what_is_set_has_to_be_right() {
        for (shards, variables) in [
            (0, &[("SLURM_ARRAY_TASK_ID", "0")][..]),
            (0, &[("AWS_BATCH_JOB_ARRAY_INDEX", "x"), ("AWS_BATCH_JOB_ARRAY_SIZE", "2")]),
            (0, &[("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "-2")]),
            (3, &[("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "2")]),
        ] {
            assert!(auto(shards, variables).is_err(), "{variables:?}");
        }
    }

    #[test]
    fn a_shard_by_number_needs_no_environment() {
        let none = |_: &str| None;
        let part: ShardChoice = "2/3".parse().unwrap();
        assert_eq!(part.resolve(None, none).unwrap().to_string(), "2/3");
        assert!(part.resolve(NonZeroU32::new(3), none).is_err());
        assert_eq!("AUTO".parse(), Ok(ShardChoice::Auto));
        for text in ["0/3", "4/3", "automatic", ""] {
            let problem = text.parse::<ShardChoice>().unwrap_err();
            assert!(problem.ends_with("; or auto"), "{problem}");
        }
    }
}
