//! Clouds: their names and addresses, and the default.

use super::change::{Change, ChangeKind};
use super::list_diff::diff;
use crate::api::{Api, Cloud};
use crate::names::variant_name;

pub(super) fn compare(old: &Api, new: &Api) -> Vec<Change> {
    let clouds = diff(&old.clouds, &new.clouds, |cloud| &cloud.name);
    let variant = |cloud: &Cloud| format!("Cloud::{}", variant_name(&cloud.name));
    let address = |cloud: &Cloud| format!("`{}` (`{}`)", variant(cloud), cloud.base_url);
    let mut changes = clouds.changes(
        (ChangeKind::CloudRemoved, |cloud| format!("{} is gone", address(cloud))),
        (ChangeKind::CloudAdded, |cloud| format!("{} is new", address(cloud))),
    );
    for (old, new) in clouds.both.iter().filter(|(old, new)| old.base_url != new.base_url) {
        let (cloud, before, after) = (variant(new), &old.base_url, &new.base_url);
        let text = format!("`{cloud}` is at `{after}`, no longer at `{before}`");
        changes.push(Change::new(ChangeKind::CloudUrlChanged, text));
    }
    if let (Some(before), Some(after)) = (old.clouds.first(), new.clouds.first())
        && before.name != after.name
    {
        let (before, after) = (variant(before), variant(after));
        let text = format!("the default cloud is `{after}`, no longer `{before}`");
        let remedy = format!("name the cloud: `.cloud({before})`");
        changes.push(Change::new(ChangeKind::DefaultCloudChanged, text).with_remedy(remedy));
    }
    changes
}
