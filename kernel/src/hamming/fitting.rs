//! Dividing a radius among the tables for one query alone, by what lies under its own keys.
//! It refuses to guess where it can count: only what the tags let pass is judged from some of them.
//!
//! Any shares will do that sum to one more than the radius (see `plan`). Where codes are alike in some parts though far
//! from one another, a query like them finds thousands under its own key of such a part: so that part gets no share,
//! and others more, for which more keys are looked up but fewer codes.

use super::Code;
use super::layout::{KEYS, PARTS};
use super::plan::{Unit, ball, masks, units};
use super::probe::parts_of;
use super::segment::{Segment, Table};

/// Greatest share: beyond, there are too many keys to look up.
const SHARE_MAX: usize = 4;
/// Shares that a part may have.
const SHARES: usize = SHARE_MAX + 1;
/// Tags looked at in each table for each number of bits in which keys differ.
const SAMPLED: usize = 64;
/// Rows that are scanned while one key is looked up, a tag is looked at, and a code whose tag passed: many of each.
const ROWS_A_KEY: f64 = 20.0;
pub const ROWS_A_TAG: usize = 1;
pub const ROWS_A_CODE: usize = 24;
/// Of so many rows for each that a segment needs to have tables, scanning takes longer than dividing anew.
pub const FITTED_TIMES: usize = 128;

/// What to look up for a query, unless scanning the segment, or what is not divided so, is expected to be quicker.
pub fn fit(segment: &Segment, query: &Code, distance_bits_max: u32) -> Option<Vec<Unit>> {
    let tables: [Table<'_>; PARTS] = segment.tables().try_into().ok()?;
    let parts = parts_of(query);
    let costs: [Costs; PARTS] =
        std::array::from_fn(|i| costs(&tables[i], parts[i], parts[(i + 1) % PARTS]));
    let (shares, cost) = cheapest(&costs, distance_bits_max as usize + 1)?;
    (cost < segment.layout.ordinary() as f64).then(|| units(&shares))
}

/// What a table costs, in rows that are scanned meanwhile, by its share and that of the next.
type Costs = [[f64; SHARES]; SHARES];

fn costs(table: &Table<'_>, key: u16, tag: u16) -> Costs {
    let mut costs = [[0.0; SHARES]; SHARES];
    let mut spread = [Spread::default(); SHARE_MAX];
    for (ones, spread) in spread.iter_mut().enumerate() {
        *spread = Spread::of(table, key, tag, ones);
    }
    for (share, costs) in costs.iter_mut().enumerate().skip(1) {
        let tags: usize = spread[..share].iter().map(|one| one.tags).sum();
        let fixed = ball(share as u32 - 1) as f64 * ROWS_A_KEY + (tags * ROWS_A_TAG) as f64;
        for (next, cost) in costs.iter_mut().enumerate() {
            let passing = |(ones, one): (usize, &Spread)| one.below(share + next - ones);
            let passing: f64 = spread[..share].iter().enumerate().map(passing).sum();
            *cost = fixed + passing * ROWS_A_CODE as f64;
        }
    }
    costs
}

/// The tags under all keys that differ in so many bits.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    tags: usize,
    /// How many of some of them are how far.
    sampled: [u32; TAG_BITS + 1],
}

const TAG_BITS: usize = 16;

impl Spread {
    fn of(table: &Table<'_>, key: u16, tag: u16, ones: usize) -> Self {
        let from = ones.checked_sub(1).map_or(0, |fewer| ball(fewer as u32));
        let masks = &masks()[from..ball(ones as u32)];
        let runs = || {
            masks.iter().map(|(mask, _)| {
                let key = usize::from(key ^ mask);
                (table.starts[key] as usize, table.starts[key + 1] as usize)
            })
        };
        let tags = runs().map(|(start, end)| end.saturating_sub(start)).sum::<usize>();
        let step = tags.div_ceil(SAMPLED).max(1);
        let mut sampled = [0; TAG_BITS + 1];
        let (mut before, mut next) = (0, step / 2);
        for (start, end) in runs() {
            let length = end.saturating_sub(start);
            while next < before + length {
                let other = table.tags.get(start + next - before).copied().unwrap_or(tag);
                sampled[(other ^ tag).count_ones() as usize] += 1;
                next += step;
            }
            before += length;
        }
        Self { tags, sampled }
    }

    /// How many are nearer, about; as if one more, of random bits, had been looked at.
    fn below(&self, bits: usize) -> f64 {
        let nearer: u32 = self.sampled[..bits.min(TAG_BITS + 1)].iter().sum();
        let all: u32 = self.sampled.iter().sum();
        let chance = bits.checked_sub(1).map_or(0.0, |most| ball(most as u32) as f64 / KEYS as f64);
        self.tags as f64 * (f64::from(nearer) + chance) / f64::from(all + 1)
    }
}

/// The shares that sum to `total` and cost the least, and what they cost.
fn cheapest(costs: &[Costs; PARTS], total: usize) -> Option<([usize; PARTS], f64)> {
    (0..SHARES.min(total + 1))
        .filter_map(|first| cheapest_from(costs, total, first))
        .min_by(|left, right| left.1.total_cmp(&right.1))
}

/// The same, with a share given for the first part: part by part, for each sum and last share so far the least cost.
fn cheapest_from(
    costs: &[Costs; PARTS],
    total: usize,
    first: usize,
) -> Option<([usize; PARTS], f64)> {
    let none = vec![[f64::INFINITY; SHARES]; total + 1];
    let mut least = none.clone();
    least[first][first] = 0.0;
    let mut chosen = Vec::with_capacity(PARTS); // the share before, by sum and last share
    for cost in &costs[..PARTS - 1] {
        let (mut longer, mut before) = (none.clone(), vec![[0; SHARES]; total + 1]);
        for (sum, by_last) in least.iter().enumerate() {
            for (last, so_far) in by_last.iter().enumerate().filter(|one| one.1.is_finite()) {
                for next in 0..SHARES.min(total - sum + 1) {
                    let place = &mut longer[sum + next][next];
                    if so_far + cost[last][next] < *place {
                        *place = so_far + cost[last][next];
                        before[sum + next][next] = last;
                    }
                }
            }
        }
        least = longer;
        chosen.push(before);
    }
    let closed = |last: usize| least[total][last] + costs[PARTS - 1][last][first];
    let mut last = (0..SHARES).min_by(|left, right| closed(*left).total_cmp(&closed(*right)))?;
    let cost = closed(last);
    let (mut shares, mut sum) = ([first; PARTS], total);
    for part in (1..PARTS).rev() {
        shares[part] = last;
        let before = chosen[part - 1][sum][last];
        sum -= last;
        last = before;
    }
    cost.is_finite().then_some((shares, cost))
}

#[cfg(test)]
mod tests {
    use super::super::build::{Entry, Shape, build};
    use super::super::probe::{Bounds, Probe, Taker, probe};
    use super::*;
    use crate::simd::Path;
    use crate::simd::hamming::{Hit, scan};

    /// Takes everything.
    struct All(Vec<Hit>, u32);

    impl Taker for All {
        fn take(&mut self, _query: usize, hits: &[Hit]) {
            self.0.extend_from_slice(hits);
        }

        fn distance_bits_max(&self, _query: usize) -> u32 {
            self.1
        }
    }

    fn random(state: &mut u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *state >> 33
    }

    /// Codes that are alike in every second part, in some parts each, about 48 bits from one, or in nothing.
    fn alike_in_parts(state: &mut u64) -> Vec<Code> {
        let centre: Code = std::array::from_fn(|_| random(state) as u8);
        let alike = |kind: u64, i: usize, chance: u64| match kind {
            0 => (i / 2).is_multiple_of(2),
            1 => (chance >> (i / 2)).is_multiple_of(4),
            _ => false,
        };
        let code = |kind: u64| -> Code {
            let chance = random(state);
            std::array::from_fn(|i| match kind {
                2 => centre[i] ^ (random(state) & random(state) & random(state)) as u8,
                _ if alike(kind, i, chance) => centre[i],
                _ => random(state) as u8,
            })
        };
        (0..3_000).map(|i| i % 4).map(code).collect()
    }

    #[test]
    fn whatever_the_shares_everything_within_the_radius_is_found() {
        let mut state = 5;
        let codes = alike_in_parts(&mut state);
        let entry = |(id, code): (u64, &Code)| Entry { id, code: *code, bank: 0, enabled: true };
        let shape = Shape { tables: PARTS, tables_rows_min: 0 };
        let built = build((0..).zip(&codes).map(entry).collect(), shape, 1).expect("it fits");
        let segment = &built[0];
        let ordinary = segment.layout.ordinary();
        assert!(ordinary > 2_000);
        let (heads, tails) = segment.halves();
        for query in codes.iter().step_by(61) {
            let mut query = *query;
            (0..10).for_each(|_| query[random(&mut state) as usize % 32] ^= 1);
            for distance_bits_max in [0, 7, 31, 60] {
                let mut shares = [0; PARTS];
                for _ in 0..=distance_bits_max {
                    let part = random(&mut state) as usize % PARTS;
                    let free = (0..PARTS).map(|i| (part + i) % PARTS);
                    let part = free.into_iter().find(|i| shares[*i] < SHARE_MAX);
                    shares[part.expect("shares are left")] += 1;
                }
                let fitted = fit(segment, &query, distance_bits_max);
                for units in [Some(units(&shares)), fitted].into_iter().flatten() {
                    let bounds = Bounds::unbounded();
                    let (queries, path) = (std::slice::from_ref(&query), Path::best());
                    let mut found = All(Vec::new(), distance_bits_max);
                    let what = Probe { queries, units: &units, bounds, path };
                    assert!(probe(segment, &what, &mut found).is_empty());
                    found.0.sort_unstable_by_key(|hit| hit.place);
                    let mut expected = Vec::new();
                    let ordinary = (&heads[..ordinary], &tails[..ordinary]);
                    scan(path, ordinary, &query, distance_bits_max, &mut expected);
                    assert_eq!(found.0, expected, "{shares:?}");
                }
            }
        }
    }

    /// Costs that rise with the share, in some parts far more than in others.
    fn some_costs(seed: u64) -> [Costs; PARTS] {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f64
        };
        std::array::from_fn(|_| {
            let heavy = next() * next();
            std::array::from_fn(|share| {
                std::array::from_fn(|other| (heavy + next()) * share as f64 + other as f64)
            })
        })
    }

    fn cost_of(costs: &[Costs; PARTS], shares: &[usize; PARTS]) -> f64 {
        (0..PARTS).map(|i| costs[i][shares[i]][shares[(i + 1) % PARTS]]).sum()
    }

    #[test]
    fn no_exchange_of_shares_costs_less() {
        for seed in 1..20 {
            let costs = some_costs(seed);
            for total in [0, 1, 5, 16, 32, 50, 64] {
                let (shares, cost) = cheapest(&costs, total).expect("so much can be shared out");
                assert_eq!(shares.iter().sum::<usize>(), total);
                assert!((cost_of(&costs, &shares) - cost).abs() <= cost * 1e-9);
                for (from, to) in (0..PARTS).flat_map(|i| (0..PARTS).map(move |j| (i, j))) {
                    let mut other = shares;
                    if from != to && other[from] > 0 && other[to] < SHARE_MAX {
                        other[from] -= 1;
                        other[to] += 1;
                        assert!(cost_of(&costs, &other) >= cost * (1.0 - 1e-9));
                    }
                }
            }
            assert!(cheapest(&costs, PARTS * SHARE_MAX + 1).is_none());
        }
    }
}
