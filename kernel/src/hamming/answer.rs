//! What a search found for one query, and what it still needs.
//! It refuses to forget: what it says is not needed cannot come into the answer.

use super::DISTANCE_BITS_LIMIT;
use super::search::Ask;

/// An entry within the radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Number of bits that differ. First, so that the order is by distance, then id.
    pub distance_bits: u32,
    /// Whose code.
    pub id: u64,
}

/// What was found for one query so far.
#[derive(Debug)]
pub struct Answer {
    /// In no order.
    pub near: Vec<Near>,
    /// How near they are.
    pub all: Nearest,
}

impl Answer {
    /// Nothing.
    pub fn new(ask: &Ask<'_>) -> Self {
        Self { near: Vec::new(), all: Nearest::new(ask.distance_bits_max) }
    }

    /// As if these had not been found.
    pub fn uncount(&mut self, distances_bits: impl Iterator<Item = u32>, ask: &Ask<'_>) {
        if ask.limit.is_some() {
            distances_bits.for_each(|distance_bits| self.all.counts[distance_bits as usize] -= 1);
        }
        self.all.distance_bits_max = ask.distance_bits_max;
        self.all.within = self.all.counts.iter().sum::<u32>() as usize;
    }

    /// The nearest, in order.
    pub fn in_order(self, limit: Option<usize>) -> Vec<Near> {
        let mut near = self.near;
        if let Some(limit) = limit.filter(|limit| *limit < near.len()) {
            if limit > 0 {
                near.select_nth_unstable(limit - 1);
            }
            near.truncate(limit);
        }
        near.sort_unstable();
        near
    }
}

/// How near the nearest are that were found.
#[derive(Debug, Clone)]
pub struct Nearest {
    /// What is farther is not needed: the radius, or less once the limit was reached.
    pub distance_bits_max: u32,
    /// How many were found at each distance, and within `distance_bits_max`; counted only for a limit.
    counts: [u32; DISTANCES],
    within: usize,
}

/// Up to one more than any radius.
const DISTANCES: usize = DISTANCE_BITS_LIMIT as usize + 2;

impl Nearest {
    fn new(distance_bits_max: u32) -> Self {
        Self { distance_bits_max, counts: [0; DISTANCES], within: 0 }
    }

    /// Of rows that come by their ids: see `before_last`.
    pub fn of_run(ask: &Ask<'_>) -> Self {
        Self::new(ask.distance_bits_max + 1)
    }

    /// Counts what was found at a distance; says whether it is needed.
    pub fn count(&mut self, distance_bits: u32, limit: Option<usize>) -> bool {
        if distance_bits > self.distance_bits_max {
            return false;
        }
        let Some(limit) = limit else {
            return true;
        };
        self.counts[distance_bits as usize] += 1;
        self.within += 1;
        // Those at the last distance are still needed: which of them come first, their ids say.
        while self.distance_bits_max > 0 {
            let farthest = self.counts[self.distance_bits_max as usize] as usize;
            if self.within - farthest < limit {
                break;
            }
            self.within -= farthest;
            self.distance_bits_max -= 1;
        }
        true
    }

    /// What is farther is not needed of rows whose ids are greater than all that were counted: of those at the last
    /// distance there are enough already that come first.
    pub fn before_last(&self) -> u32 {
        self.distance_bits_max.saturating_sub(1)
    }
}
