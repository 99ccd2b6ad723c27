//! How a radius is divided among the tables, and what it would cost to look there or to scan.
//! It refuses no radius: any can be divided so that nothing within it is missed.
//!
//! A code has 16 parts of 16 bits, which stand in one ring or in several. Let `x[i]` be the number of bits in which
//! part `i` of the query and of a code differ, and let every part get a share `a[i]` so that the shares sum to one more
//! than the radius. If the code is within the radius, the differences `x[i] - a[i]` sum to less than zero, so they do
//! in at least one ring, and then (the cycle lemma) there is a part in it from which on, around the ring, all partial
//! sums are below zero. So it is enough to look at the codes with `x[i] < a[i]` and `x[i] + x[j] < a[i] + a[j]`, where
//! `j` follows `i`. The first says which keys of table `i` to look up; the second is checked on the tag beside each
//! place, which is part `j`, before the code itself is touched, and lets few others pass.
//! Source: Qin and Xiao, "Pigeonring", PVLDB 12(2), 2018; Norouzi et al., "Fast exact search in Hamming space with
//! multi-index hashing", TPAMI 36(6), 2014.

use super::layout::{KEYS, PARTS};
use crate::simd::hamming::HEAD_BITS_MAX;
use std::sync::OnceLock;

/// Keys looked up together.
pub const KEYS_AT_ONCE: usize = 32;

/// For each part, one more than the number of bits in which the keys looked up differ; none for 0.
pub type Shares = [u8; PARTS];

/// For each part the one that follows it in its ring.
pub type Following = [u8; PARTS];

/// All parts in one ring.
pub const ONE_RING: Following = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0];

/// Some keys of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Which table.
    pub table: usize,
    /// First mask, by its number in `masks()`.
    pub from: usize,
    /// Mask after the last.
    pub to: usize,
    /// When this and all units before it were looked at, every code nearer than this was found.
    pub found_below: u32,
}

/// What to look up for one radius.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How it is divided.
    pub shares: Shares,
    /// What is looked up, in that order.
    pub units: Vec<Unit>,
    /// What looking there costs: a fixed part and a part for each row, in nanoseconds.
    cost_ns: (f64, f64),
    /// What scanning costs for each row.
    scan_ns: f64,
}

impl Plan {
    /// For a radius that the tables can answer: `tables` is at least 1.
    pub fn new(distance_bits_max: u32, tables: usize) -> Self {
        let total = distance_bits_max as usize + 1;
        let share =
            |i| if i < tables { total / tables + usize::from(i < total % tables) } else { 0 };
        let shares: Shares = std::array::from_fn(|i| share(i) as u8);
        let (mut keys, mut passing) = (0.0, 0.0);
        for table in (0..tables).filter(|table| shares[*table] > 0) {
            let (share, next) = (u32::from(shares[table]), shares[(table + 1) % PARTS]);
            keys += ball(share - 1) as f64;
            passing += chance_of_passing(share, share + u32::from(next));
        }
        let each_row = keys / KEYS as f64 * TAG_NS + passing * CODE_NS;
        let scan_ns = if distance_bits_max > HEAD_BITS_MAX { 2.0 * SCAN_NS } else { SCAN_NS };
        Self { shares, units: units(&shares), cost_ns: (keys * KEY_NS, each_row), scan_ns }
    }

    /// Whether looking into tables of so many rows is expected to be quicker than scanning them.
    pub fn is_quicker_than_scan(&self, rows: usize) -> bool {
        let (fixed, each_row) = self.cost_ns;
        fixed + each_row * (rows as f64) < self.scan_ns * rows as f64
    }
}

/// What to look up for shares: the greatest distance that they find is one less than their sum.
pub fn units(shares: &Shares) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut found_below = 0;
    for table in (0..PARTS).filter(|table| shares[*table] > 0) {
        let end = ball(u32::from(shares[table]) - 1);
        for from in (0..end).step_by(KEYS_AT_ONCE) {
            let to = (from + KEYS_AT_ONCE).min(end);
            if to == end {
                found_below += u32::from(shares[table]);
            }
            units.push(Unit { table, from, to, found_below });
        }
    }
    units
}

// Measured, one thread; see docs/decisions/0006-exact-search.md.
/// Looking up a key.
const KEY_NS: f64 = 20.0;
/// Looking at a tag.
const TAG_NS: f64 = 0.6;
/// Looking at a code whose tag passed.
const CODE_NS: f64 = 70.0;
/// Scanning the first half of a code.
const SCAN_NS: f64 = 0.25;

/// Masks by their number of ones, and that number: what a key is combined with to look at its neighbours.
pub fn masks() -> &'static [(u16, u8)] {
    static MASKS: OnceLock<Vec<(u16, u8)>> = OnceLock::new();
    MASKS.get_or_init(|| {
        let mut masks: Vec<u16> = (0..=u16::MAX).collect();
        masks.sort_by_key(|mask| mask.count_ones());
        masks.into_iter().map(|mask| (mask, mask.count_ones() as u8)).collect()
    })
}

/// Number of masks with at most so many ones.
pub fn ball(ones: u32) -> usize {
    (0..=ones.min(16)).map(choose).sum()
}

fn choose(ones: u32) -> usize {
    (0..ones as usize).fold(1, |count, i| count * (16 - i) / (i + 1))
}

/// The chance that a code of random bits passes at one table.
fn chance_of_passing(key_below: u32, both_below: u32) -> f64 {
    let keys = KEYS as f64;
    let pass = |ones: u32| ball(both_below - 1 - ones) as f64 / keys;
    (0..key_below).map(|ones| choose(ones) as f64 / keys * pass(ones)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a plan looks at, worked out from the differences of the parts alone.
    fn finds(shares: &Shares, following: &Following, differences: &[u32; PARTS]) -> bool {
        units(shares).iter().any(|unit| {
            let ones = differences[unit.table];
            let (first, last) = (masks()[unit.from].1, masks()[unit.to - 1].1);
            let is_key = (u32::from(first)..=u32::from(last)).contains(&ones);
            let next = usize::from(following[unit.table]);
            let both_below = u32::from(shares[unit.table]) + u32::from(shares[next]);
            is_key && ones + differences[next] < both_below
        })
    }

    #[test]
    fn no_way_to_spread_the_differing_bits_escapes() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below) as usize
        };
        for radius in 0..=64 {
            let plan = Plan::new(radius, PARTS.min(radius as usize + 1));
            for round in 0..3000 {
                let mut differences = [0; PARTS];
                for _ in 0..radius {
                    // Anywhere, on a few parts, or as the shares are.
                    let part = match round % 3 {
                        0 => next(16),
                        1 => (round / 3 + next(4)) % 16,
                        _ => (differences.iter().sum::<u32>() as usize + round) % 16,
                    };
                    if differences[part] < 16 {
                        differences[part] += 1;
                    }
                }
                // In one ring, or in any rings.
                let mut following = ONE_RING;
                if round % 4 > 0 {
                    (0..PARTS).for_each(|part| following.swap(part, next(16)));
                }
                let is_found = finds(&plan.shares, &following, &differences);
                assert!(is_found, "radius {radius}: {differences:?}, {following:?}");
                // Nor if the shares are any others of the same sum.
                let mut shares = [0; PARTS];
                for _ in 0..=radius {
                    shares[if round % 2 == 0 { next(16) } else { next(8) * 2 }] += 1;
                }
                if round % 50 < 2 && shares.iter().all(|share| *share <= 17) {
                    let is_found = finds(&shares, &following, &differences);
                    assert!(is_found, "{shares:?}: {differences:?}, {following:?}");
                }
            }
        }
    }

    #[test]
    fn shares_sum_to_one_more_than_the_radius() {
        for radius in 0..=64 {
            for tables in 4..=16 {
                let plan = Plan::new(radius, tables);
                let last = plan.units.last().expect("every radius has a unit");
                assert_eq!(last.found_below, radius + 1);
            }
        }
    }

    #[test]
    fn masks_come_by_their_ones() {
        assert_eq!(
            [ball(0), ball(1), ball(2), ball(3), ball(4), ball(16)],
            [1, 17, 137, 697, 2517, 65536]
        );
        assert!(
            masks()[..ball(3)]
                .iter()
                .all(|(mask, ones)| mask.count_ones() == u32::from(*ones) && *ones <= 3)
        );
    }
}
