//! Dividing a radius among the tables for one query alone, by what lies under its own keys.
//! It refuses to guess where it can count: only what the tags let pass is judged from some of them.
//!
//! Any shares will do that sum to one more than the radius (see `plan`). Where codes are alike in some parts though far
//! from one another, a query like them finds thousands under its own key of such a part: so that part gets no share,
//! and others more, for which more keys are looked up but fewer codes.

use super::Code;
use super::layout::{KEYS, PARTS};
use super::plan::{Following, Shares, ball, masks};
use super::probe::parts_of;
use super::segment::{Segment, Table, Which};
use crate::simd::tags::prefetch;

/// Greatest share: beyond, there are too many keys to look up.
const SHARE_MAX: usize = 4;
/// Shares that a part may have.
const SHARES: usize = SHARE_MAX + 1;
/// Tags looked at in each table for each number of bits in which keys differ.
const SAMPLED: usize = 32;
/// Rows that are scanned while one key is looked up, a tag is looked at, and a code whose tag passed: many of each.
const ROWS_A_KEY: f64 = 20.0;
pub const ROWS_A_TAG: usize = 1;
pub const ROWS_A_CODE: usize = 24;
/// So many times as quick as scanning it has to be expected, since what is expected may be wrong; and what takes longer
/// is given up.
pub const QUICKER_TIMES: usize = 2;
/// Of so many rows for each that a segment needs to have tables, scanning takes longer than dividing anew.
pub const FITTED_TIMES: usize = 128;

/// How to divide the radius for a query and some rows, unless scanning those may well be quicker.
pub fn fit(
    segment: &Segment,
    query: &Code,
    distance_bits_max: u32,
    which: Which,
) -> Option<Shares> {
    let tables: [Table<'_>; PARTS] = segment.tables().try_into().ok()?;
    let parts = parts_of(query);
    let total = distance_bits_max as usize + 1;
    let cost_max = segment.rows(which).len() / QUICKER_TIMES;
    if tags_at_least(&tables, &parts, which, total) * ROWS_A_TAG >= cost_max {
        return None;
    }
    let costs: [Costs; PARTS] = std::array::from_fn(|part| {
        costs(&tables[part], parts[part], parts[tables[part].following], which)
    });
    let following = &segment.layout.sizes.following;
    let way = cheapest(&costs, following, total)?;
    (way.cost < cost_max as f64).then_some(way.shares)
}

/// So many tags are looked at however `total` is shared out: of one part all under its own key, with more than one share
/// also those under the keys that differ in a bit. It takes a fortieth of the time that counting all takes.
fn tags_at_least(
    tables: &[Table<'_>; PARTS],
    parts: &[u16; PARTS],
    which: Which,
    total: usize,
) -> usize {
    let under = |table: &Table<'_>, key: u16| {
        let (start, end) = table.run(usize::from(key), which);
        end.saturating_sub(start) as usize
    };
    // What `SHARE_MAX` shares cost at least, and each of them its part of that.
    let mut least: [usize; PARTS] = std::array::from_fn(|part| {
        let own = under(&tables[part], parts[part]);
        let one_bit = (0..u16::BITS).map(|bit| under(&tables[part], parts[part] ^ 1 << bit));
        (own * SHARE_MAX).min(own + one_bit.sum::<usize>())
    });
    least.sort_unstable();
    least[..(total / SHARE_MAX).min(PARTS)].iter().sum()
}

/// What a table costs, in rows that are scanned meanwhile, by its share and that of the next.
type Costs = [[f64; SHARES]; SHARES];

fn costs(table: &Table<'_>, key: u16, tag: u16, which: Which) -> Costs {
    let mut costs = [[0.0; SHARES]; SHARES];
    let mut spread = [Spread::default(); SHARE_MAX];
    let mut sampled = Vec::with_capacity(SHARE_MAX * (SAMPLED + 1));
    for (ones, spread) in spread.iter_mut().enumerate() {
        spread.tags = sample(table, key, ones, which, &mut sampled);
    }
    for (ones, place) in sampled {
        let other = table.tags.get(place).copied().unwrap_or(tag);
        spread[ones].sampled[(other ^ tag).count_ones() as usize] += 1;
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

/// Adds places of some tags under all keys that differ in so many bits, and asks for their memory; returns how many tags
/// there are.
fn sample(
    table: &Table<'_>,
    key: u16,
    ones: usize,
    which: Which,
    sampled: &mut Vec<(usize, usize)>,
) -> usize {
    let from = ones.checked_sub(1).map_or(0, |fewer| ball(fewer as u32));
    let masks = &masks()[from..ball(ones as u32)];
    let runs = || {
        masks.iter().map(|(mask, _)| {
            let (start, end) = table.run(usize::from(key ^ mask), which);
            start as usize..end as usize
        })
    };
    let tags = runs().map(|run| run.len()).sum::<usize>();
    let step = tags.div_ceil(SAMPLED).max(1);
    let mut next = step / 2;
    for run in runs() {
        while next < run.len() {
            prefetch(table.tags, run.start + next);
            sampled.push((ones, run.start + next));
            next += step;
        }
        next -= run.len();
    }
    tags
}

impl Spread {
    /// How many are nearer, about; as if one more, of random bits, had been looked at.
    fn below(&self, bits: usize) -> f64 {
        let nearer: u32 = self.sampled[..bits.min(TAG_BITS + 1)].iter().sum();
        let all: u32 = self.sampled.iter().sum();
        let chance = bits.checked_sub(1).map_or(0.0, |most| ball(most as u32) as f64 / KEYS as f64);
        self.tags as f64 * (f64::from(nearer) + chance) / f64::from(all + 1)
    }
}

/// Shares of some parts, and what they cost.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: f64,
    shares: Shares,
}

/// The cheapest of all ways to share out `total`.
fn cheapest(costs: &[Costs; PARTS], following: &Following, total: usize) -> Option<Way> {
    let mut ways = vec![Way { cost: f64::INFINITY, shares: [0; PARTS] }; total + 1]; // by sum
    ways[0].cost = 0.0;
    for ring in rings(following) {
        ways = with_ring(&ways, &ring, costs);
    }
    ways.pop().filter(|way| way.cost.is_finite())
}

/// The cheapest ways, by sum, with shares for the parts of a ring too.
fn with_ring(ways: &[Way], ring: &[usize], costs: &[Costs; PARTS]) -> Vec<Way> {
    let mut all = vec![Way { cost: f64::INFINITY, shares: [0; PARTS] }; ways.len()];
    for first in 0..SHARES {
        // The least cost part by part, by sum and last share; that of the last part comes when the ring is closed.
        let mut least = vec![vec![[f64::INFINITY; SHARES]; ways.len()]; ring.len()];
        for (sum, way) in (first..).zip(&ways[..ways.len().saturating_sub(first)]) {
            least[0][sum][first] = way.cost;
        }
        for (step, part) in ring[1..].iter().zip(ring).map(|one| one.1).enumerate() {
            for sum in 0..ways.len() {
                let so_far = least[step][sum];
                for next in 0..SHARES.min(ways.len() - sum) {
                    least[step + 1][sum + next][next] = best(&so_far, &costs[*part], next).1;
                }
            }
        }
        for (sum, all) in all.iter_mut().enumerate() {
            let end = ring.len() - 1;
            let (mut last, cost) = best(&least[end][sum], &costs[ring[end]], first);
            if cost < all.cost {
                let (mut shares, mut left) = ([0; PARTS], sum);
                for step in (1..ring.len()).rev() {
                    shares[ring[step]] = last as u8;
                    left -= last;
                    last = best(&least[step - 1][left], &costs[ring[step - 1]], last).0;
                }
                shares[ring[0]] = first as u8;
                let before = &ways[left - first].shares;
                *all =
                    Way { cost, shares: std::array::from_fn(|part| shares[part] + before[part]) };
            }
        }
    }
    all
}

/// The share of a part before which it is the cheapest, and the cost, if the next has a share.
fn best(so_far: &[f64; SHARES], costs: &Costs, next: usize) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for last in 0..SHARES {
        let cost = so_far[last] + costs[last][next];
        if cost < best.1 {
            best = (last, cost);
        }
    }
    best
}

/// The parts of each ring, in their order.
fn rings(following: &Following) -> Vec<Vec<usize>> {
    let mut is_seen = [false; PARTS];
    let mut rings = Vec::new();
    for first in 0..PARTS {
        let (mut ring, mut part) = (Vec::new(), first);
        while !std::mem::replace(&mut is_seen[part], true) {
            ring.push(part);
            part = usize::from(following[part]);
        }
        rings.extend((!ring.is_empty()).then_some(ring));
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::super::build::{Entry, Shape, build};
    use super::super::plan::{ONE_RING, units};
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
        assert!(segment.layout.ordinary() > 500 && segment.layout.sizes.dense > 1_000);
        for query in codes.iter().step_by(61) {
            let mut query = *query;
            (0..10).for_each(|_| query[random(&mut state) as usize % 32] ^= 1);
            for distance_bits_max in [0, 7, 31, 60] {
                let mut shares: Shares = [0; PARTS];
                for _ in 0..=distance_bits_max {
                    let part = random(&mut state) as usize % PARTS;
                    let free = (0..PARTS).map(|i| (part + i) % PARTS);
                    let part = free.into_iter().find(|i| usize::from(shares[*i]) < SHARE_MAX);
                    shares[part.expect("shares are left")] += 1;
                }
                for which in [Which::All, Which::Ordinary, Which::Dense] {
                    let fitted = fit(segment, &query, distance_bits_max, which);
                    for shares in [Some(shares), fitted].into_iter().flatten() {
                        let found = found(segment, &query, distance_bits_max, &shares, which);
                        assert_eq!(found, expected(segment, &query, distance_bits_max, which));
                    }
                }
            }
        }
    }

    fn found(
        segment: &Segment,
        query: &Code,
        distance_bits_max: u32,
        shares: &Shares,
        which: Which,
    ) -> Vec<Hit> {
        let (queries, path) = (std::slice::from_ref(query), Path::best());
        let (units, bounds) = (&units(shares)[..], Bounds::unbounded());
        let mut found = All(Vec::new(), distance_bits_max);
        let what = Probe { queries, shares, units, which, bounds, path };
        assert!(probe(segment, &what, &mut found).is_empty());
        found.0.sort_unstable_by_key(|hit| hit.place);
        found.0
    }

    /// By scanning.
    fn expected(segment: &Segment, query: &Code, distance_bits_max: u32, which: Which) -> Vec<Hit> {
        let ((heads, tails), rows) = (segment.halves(), segment.rows(which));
        let halves = (&heads[rows.clone()], &tails[rows.clone()]);
        let mut expected = Vec::new();
        scan(Path::best(), halves, query, distance_bits_max, &mut expected);
        expected.iter_mut().for_each(|hit| hit.place += rows.start as u32);
        expected
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

    fn cost_of(costs: &[Costs; PARTS], following: &Following, shares: &Shares) -> f64 {
        let share = |part: usize| usize::from(shares[part]);
        (0..PARTS).map(|i| costs[i][share(i)][share(usize::from(following[i]))]).sum()
    }

    #[test]
    fn no_exchange_of_shares_costs_less() {
        let mut evens_and_odds = ONE_RING;
        (0..PARTS).for_each(|part| evens_and_odds[part] = (part as u8 + 2) % 16);
        let mut alone = ONE_RING;
        alone.swap(4, 15);
        alone.swap(7, 8);
        for (seed, following) in
            (1..12).flat_map(|seed| [ONE_RING, evens_and_odds, alone].map(|ring| (seed, ring)))
        {
            let costs = some_costs(seed);
            for total in [0, 1, 5, 16, 32, 50, 64] {
                let Way { shares, cost } =
                    cheapest(&costs, &following, total).expect("so much can be shared out");
                assert_eq!(shares.iter().map(|share| usize::from(*share)).sum::<usize>(), total);
                let told = cost_of(&costs, &following, &shares);
                assert!((told - cost).abs() <= cost * 1e-9);
                for (from, to) in (0..PARTS).flat_map(|i| (0..PARTS).map(move |j| (i, j))) {
                    let mut other = shares;
                    if from != to && other[from] > 0 && usize::from(other[to]) < SHARE_MAX {
                        other[from] -= 1;
                        other[to] += 1;
                        assert!(cost_of(&costs, &following, &other) >= cost * (1.0 - 1e-9));
                    }
                }
            }
            assert!(cheapest(&costs, &following, PARTS * SHARE_MAX + 1).is_none());
        }
    }
}
