//! Clouds: their names and addresses, and which is the default.

use super::{
    change::{Change, Kind},
    pairing::Paired,
};
use crate::{
    api::{Api, Cloud},
    names::variant_name,
};

pub(super) fn compare(old: &Api, new: &Api) -> Vec<Change> {
    let mut paired = Paired::new(&old.clouds, &new.clouds, |old, new| old.name == new.name);
    let renamed = paired.pair_rest(|old, new| old.base_url == new.base_url);
    let mut changes: Vec<Change> = renamed.iter().map(|(old, new)| rename(old, new)).collect();
    changes.extend(paired.removed.iter().map(|cloud| removed(cloud)));
    changes.extend(paired.added.iter().map(|cloud| added(cloud)));
    for (_, new) in paired.both.iter().filter(|(old, new)| old.description != new.description) {
        let text = format!("the description of `{}` reads differently", variant(new));
        changes.push(Change::new(Kind::TextChanged, text));
    }
    for (old, new) in paired.both.iter().filter(|(old, new)| old.base_url != new.base_url) {
        let (cloud, before, after) = (variant(new), &old.base_url, &new.base_url);
        let text = format!("`{cloud}` is at `{after}`, no longer at `{before}`");
        changes.push(Change::new(Kind::CloudUrlChanged, text));
    }
    let both = || paired.both.iter().chain(&renamed);
    if let (Some(before), Some(after)) = (old.clouds.first(), new.clouds.first())
        && !both().any(|(old, new)| *old == before && *new == after)
    {
        let (before, after) = (variant(before), variant(after));
        let text = format!("the default cloud is `{after}`, no longer `{before}`");
        let remedy = format!("name the cloud: `.cloud({before})`");
        changes.push(Change::new(Kind::DefaultCloudChanged, text).with_remedy(remedy));
    }
    changes
}

fn variant(cloud: &Cloud) -> String {
    format!("Cloud::{}", variant_name(&cloud.name))
}

fn removed(cloud: &Cloud) -> Change {
    let text = format!("`{}` (`{}`) is gone", variant(cloud), cloud.base_url);
    let remedy = format!("name the address instead: `.base_url(\"{}\")`", cloud.base_url);
    Change::new(Kind::CloudRemoved, text).with_remedy(remedy)
}

fn added(cloud: &Cloud) -> Change {
    let text = format!("there is `{}` (`{}`)", variant(cloud), cloud.base_url);
    Change::new(Kind::CloudAdded, text)
}

fn rename(old: &Cloud, new: &Cloud) -> Change {
    let text = format!("`{}` is called `{}`: `{}`", variant(old), variant(new), new.base_url);
    let remedy = format!(
        "write `{}` for `{}`, and `{}` for `{}` where it is text",
        variant(new),
        variant(old),
        new.name,
        old.name
    );
    Change::new(Kind::CloudRenamed, text).with_remedy(remedy)
}
