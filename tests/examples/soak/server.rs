//! The emulator of one lane: its record, its faults, its clock, and tokens that fit.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime},
};

use fastrand::Rng;
use graph_photo_client::{Operation, PermissionType};
use graph_photo_emulator::{AccessToken, Emulator, FaultError, Rule};
use tokio::time::sleep;

use crate::{
    faults::{Cost, KINDS, tag},
    plan::Upload,
    seen::{OWNER, Seen},
};

/// The role of a user administrator, by its template id.
const ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const HOUR: Duration = Duration::from_secs(60 * 60);
/// After so long without a request, none is under way.
const QUIET: Duration = Duration::from_millis(40);

/// An emulator, and what it saw since it was last asked.
pub(crate) struct Server {
    pub(crate) emulator: Emulator,
    record: Arc<Mutex<Vec<Seen>>>,
    /// How far its clock is ahead.
    ahead: Mutex<Duration>,
}

impl Server {
    pub(crate) fn start(seed: u64) -> io::Result<Self> {
        let record = Arc::new(Mutex::new(Vec::new()));
        let seen_by_hook = Arc::clone(&record);
        let emulator = Emulator::builder()
            .seed(seed)
            .record_limit(0)
            .on_request(move |request| lock(&seen_by_hook).push(Seen::new(request)))
            .start()?;
        Ok(Self { emulator, record, ahead: Mutex::default() })
    }

    /// Forgets all, and sets the faults of a batch, which hit an upload's requests by chance.
    pub(crate) fn begin(
        &self,
        chance: f64,
        echoes: impl IntoIterator<Item = Rule>,
    ) -> Result<(), FaultError> {
        let mut ahead = lock(&self.ahead);
        self.emulator.reset();
        *ahead = Duration::ZERO;
        drop(ahead);
        for rule in echoes {
            self.emulator.fail_with(rule);
        }
        for (number, kind) in KINDS.iter().enumerate() {
            let tag = tag(Some(number));
            self.emulator
                .fail_with(format!("target=*{tag}*;chance={chance};{}", kind.fault).parse()?);
            if kind.cost != Cost::Patience {
                let rule = format!("target=/me;chance=0.006;{}", kind.fault);
                self.emulator.fail_with(rule.parse()?);
            }
        }
        Ok(())
    }

    /// The time by the emulator's clock.
    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::now() + *lock(&self.ahead)
    }

    /// Moves the clock forwards at random, for ever; `before` is called before each jump.
    pub(crate) async fn jump(&self, mut random: Rng, mut before: impl FnMut(SystemTime)) {
        loop {
            sleep(Duration::from_millis(random.u64(50..1000))).await;
            let by = Duration::from_secs(random.u64(1..7200));
            before(self.now() + by);
            let mut ahead = lock(&self.ahead);
            self.emulator.advance(by);
            *ahead += by;
        }
    }

    /// All requests since the last call, once no more arrive.
    pub(crate) async fn take_requests(&self) -> Vec<Seen> {
        let mut count = usize::MAX;
        while lock(&self.record).len() != count {
            count = lock(&self.record).len();
            sleep(QUIET).await;
        }
        std::mem::take(&mut *lock(&self.record))
    }
}

/// A token of an upload, which no other has.
pub(crate) fn token(upload: &Upload, is_powerless: bool) -> AccessToken {
    let owner = format!("{OWNER}{}", upload.index);
    let is_application = upload.is_for_applications() && upload.index.is_multiple_of(3);
    let wanted =
        if is_application { PermissionType::Application } else { PermissionType::Delegated };
    let mut scopes = vec![owner.as_str()];
    if !is_powerless {
        let permissions = upload.operation.permissions().iter();
        let permissions = permissions.filter(|permission| permission.permission_type == wanted);
        scopes.extend(permissions.map(|permission| permission.scope));
    }
    if is_application {
        AccessToken::application(scopes)
    } else {
        AccessToken::delegated(scopes)
            .user(&upload.user, &upload.user)
            .directory_roles([ADMINISTRATOR])
    }
}

/// The token of an administrator, for all uploads of a run of `sync`.
pub(crate) fn administrator_token(user: &str, owner: &str) -> AccessToken {
    let owner = format!("{OWNER}{owner}");
    let permissions = Operation::ALL.iter().flat_map(|operation| operation.permissions());
    let scopes = permissions.map(|permission| permission.scope).chain([owner.as_str()]);
    AccessToken::delegated(scopes).user(user, user).directory_roles([ADMINISTRATOR])
}

/// A token that is valid for an hour from a time, or has expired for as long.
pub(crate) fn at(token: AccessToken, now: SystemTime, is_expired: bool) -> String {
    // Whoever looks at a token judges it by the machine's clock, which is behind.
    let token = token.not_before(SystemTime::now() - 2 * HOUR);
    token.expires_at(if is_expired { now - HOUR } else { now + HOUR }).encode()
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().expect("nothing panics while it holds this lock")
}
