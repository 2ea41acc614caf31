//! When a run stops, because the rest would fail as well.

/// Counts consecutive refusals.
#[derive(Debug)]
pub(super) struct Brakes {
    most: u32,
    code: String,
    in_a_row: u32,
}

impl Brakes {
    /// Brakes that stop the run after `most` refusals.
    pub(super) fn new(most: u32) -> Self {
        Self { most, code: String::new(), in_a_row: 0 }
    }

    /// Records a success.
    pub(super) fn release(&mut self) {
        self.in_a_row = 0;
    }

    /// Records a refusal; returns whether to stop the run.
    pub(super) fn press(&mut self, code: &str) -> bool {
        if self.code != code {
            (self.code, self.in_a_row) = (code.to_owned(), 0);
        }
        self.in_a_row += 1;
        self.in_a_row >= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_code_without_a_success_between_stops_a_run() {
        let mut brakes = Brakes::new(3);
        assert!(!brakes.press("a") && !brakes.press("a"));
        brakes.release();
        assert!(!brakes.press("a") && !brakes.press("a"));
        assert!(!brakes.press("b") && !brakes.press("b"));
        assert!(!brakes.press("a") && !brakes.press("a") && brakes.press("a"));
    }
}
