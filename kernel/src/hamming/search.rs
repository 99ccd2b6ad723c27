//! Searching everything the index holds, for a few queries at a time.
//! It refuses to approximate: whatever the structure, the answer is that of comparing with every entry.

use super::delta::Delta;
use super::plan::Plan;
use super::probe::{Probe, Taker, probe};
use super::segment::{Holders, Segment};
use super::state::{Live, State};
use super::{Code, DISTANCE_BITS_LIMIT};
use crate::simd::Path;
use crate::simd::hamming::{Half, Hit, scan};
use std::ops::Range;

/// Codes that are scanned for all queries before the next.
const TILE_CODES: usize = 1024;

/// An entry within the radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Number of bits that differ. First, so that the order is by distance, then id.
    pub distance_bits: u32,
    /// Whose code.
    pub id: u64,
}

/// How a search finds what is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// By tables of parts.
    Tables,
    /// By comparing with every code.
    Scan,
}

/// What to ask of the index.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The radius.
    pub distance_bits_max: u32,
    /// Only the nearest so many.
    pub limit: Option<usize>,
    /// Only entries of these banks, ascending.
    pub banks: Option<&'a [u32]>,
    /// Where to look; the quicker one if it is not said.
    pub structure: Option<Structure>,
    /// The plan for the radius.
    pub plan: &'a Plan,
    /// The instructions to use.
    pub path: Path,
}

/// For each query every entry within the radius, nearest first, equally near ones by id.
pub fn search(state: &State, queries: &[Code], ask: &Ask<'_>) -> Vec<Vec<Near>> {
    let mut answers: Vec<Answer> = queries.iter().map(|_| Answer::new(ask)).collect();
    if ask.limit != Some(0) {
        for live in &state.segments {
            search_segment(live, queries, ask, &mut answers);
        }
        let frozen = state.frozen.iter().map(|frozen| &frozen.delta);
        for delta in frozen.chain([&state.delta]) {
            search_delta(delta, queries, ask, &mut answers);
        }
    }
    answers.into_iter().map(|answer| answer.in_order(ask.limit)).collect()
}

/// The structure that a search would use on so many rows with tables.
pub fn structure_for(rows: usize, ask: &Ask<'_>) -> Structure {
    ask.structure.unwrap_or(if ask.plan.is_quicker_than_scan(rows) {
        Structure::Tables
    } else {
        Structure::Scan
    })
}

fn search_segment(live: &Live, queries: &[Code], ask: &Ask<'_>, answers: &mut [Answer]) {
    let layout = &live.segment.layout;
    let ordinary = layout.ordinary();
    let holders = live.segment.holders();
    let found = vec![Vec::new(); queries.len()];
    let mut gathering = Gathering { live, holders, ask, found, answers };
    let to_scan = if layout.sizes.tables > 0 && structure_for(ordinary, ask) == Structure::Tables {
        let what = Probe { queries, plan: ask.plan, path: ask.path };
        let given_up = probe(&live.segment, &what, &mut gathering);
        given_up.iter().for_each(|query| gathering.forget(*query));
        given_up
    } else {
        (0..queries.len()).collect()
    };
    let halves = Placed::of(live.segment.halves(), 0..ordinary);
    scan_tiles(halves, queries, &to_scan, ask.path, &mut gathering);
    scan_crowds(&live.segment, queries, ask, &mut gathering);
    gathering.name_all();
}

/// Looks into those crowds only whose pivot is near enough, the nearest first.
fn scan_crowds(segment: &Segment, queries: &[Code], ask: &Ask<'_>, taker: &mut impl Taker) {
    let crowds = segment.crowds();
    let Some(reach_max) = crowds.reaches_bits.iter().max() else {
        return;
    };
    let mut pivots = Vec::new();
    for query in 0..queries.len() {
        pivots.clear();
        let within = taker.distance_bits_max(query) + reach_max;
        scan(ask.path, crowds.pivots, &queries[query], within, &mut pivots);
        pivots.sort_unstable_by_key(|pivot| (pivot.distance_bits, pivot.place));
        for pivot in &pivots {
            let crowd = pivot.place as usize;
            let within = taker.distance_bits_max(query) + crowds.reaches_bits[crowd];
            if pivot.distance_bits <= within {
                let rows = crowds.starts[crowd] as usize..crowds.starts[crowd + 1] as usize;
                let halves = Placed::of(segment.halves(), rows);
                scan_tiles(halves, queries, &[query], ask.path, taker);
            }
        }
    }
}

fn search_delta(delta: &Delta, queries: &[Code], ask: &Ask<'_>, answers: &mut [Answer]) {
    let all: Vec<usize> = (0..queries.len()).collect();
    let mut gathering = GatheringDelta { delta, ask, answers };
    let halves = Placed::of(delta.halves(), 0..delta.len());
    scan_tiles(halves, queries, &all, ask.path, &mut gathering);
}

/// Halves of some codes, and the place of the first.
#[derive(Debug, Clone, Copy)]
struct Placed<'a> {
    heads: &'a [Half],
    tails: &'a [Half],
    first: usize,
}

impl<'a> Placed<'a> {
    fn of((heads, tails): (&'a [Half], &'a [Half]), places: Range<usize>) -> Self {
        Self { heads: &heads[places.clone()], tails: &tails[places.clone()], first: places.start }
    }
}

fn scan_tiles(
    Placed { heads, tails, first }: Placed<'_>,
    queries: &[Code],
    chosen: &[usize],
    path: Path,
    taker: &mut impl Taker,
) {
    if chosen.is_empty() {
        return;
    }
    let mut hits = Vec::new();
    for (tile, halves) in heads.chunks(TILE_CODES).zip(tails.chunks(TILE_CODES)).enumerate() {
        for query in chosen {
            hits.clear();
            scan(path, halves, &queries[*query], taker.distance_bits_max(*query), &mut hits);
            if !hits.is_empty() {
                hits.iter_mut().for_each(|hit| hit.place += (first + tile * TILE_CODES) as u32);
                taker.take(*query, &hits);
            }
        }
    }
}

/// Turns codes of one segment into the entries that hold them.
struct Gathering<'a> {
    live: &'a Live,
    holders: Holders<'a>,
    ask: &'a Ask<'a>,
    /// (distance, entry) for each query. Whose they are is looked up at the end, when many are not needed any more.
    found: Vec<Vec<(u32, usize)>>,
    answers: &'a mut [Answer],
}

impl Gathering<'_> {
    fn forget(&mut self, query: usize) {
        let found = std::mem::take(&mut self.found[query]);
        self.answers[query]
            .uncount(found.into_iter().map(|(distance_bits, _)| distance_bits), self.ask);
    }

    fn name_all(self) {
        for (found, answer) in self.found.into_iter().zip(self.answers) {
            let needed = found.into_iter().filter(|one| one.0 <= answer.distance_bits_max);
            let named = needed
                .map(|(distance_bits, entry)| Near { distance_bits, id: self.holders.id(entry) });
            answer.near.extend(named);
        }
    }
}

impl Taker for Gathering<'_> {
    fn take(&mut self, query: usize, hits: &[Hit]) {
        let (answer, found) = (&mut self.answers[query], &mut self.found[query]);
        let may_be_found = |entry: &usize| {
            let any_bank = self.ask.banks.is_none();
            self.live.visible.get(*entry)
                && (any_bank || is_asked_for(self.ask, self.holders.bank(*entry)))
        };
        let mut cursor = 0;
        for hit in hits {
            // Equally near ones come by id, so of the many holders of one code no more than the limit are needed.
            let holders = self.holders.of(hit.place, &mut cursor).filter(may_be_found);
            for entry in holders.take(self.ask.limit.unwrap_or(usize::MAX)) {
                if answer.count(hit.distance_bits, self.ask.limit) {
                    found.push((hit.distance_bits, entry));
                }
            }
        }
    }

    fn distance_bits_max(&self, query: usize) -> u32 {
        self.answers[query].distance_bits_max
    }
}

/// Turns places of new entries into those entries.
struct GatheringDelta<'a> {
    delta: &'a Delta,
    ask: &'a Ask<'a>,
    answers: &'a mut [Answer],
}

impl Taker for GatheringDelta<'_> {
    fn take(&mut self, query: usize, hits: &[Hit]) {
        for hit in hits {
            let holder = &self.delta.holders()[hit.place as usize];
            let answer = &mut self.answers[query];
            if holder.enabled
                && is_asked_for(self.ask, holder.bank)
                && answer.count(hit.distance_bits, self.ask.limit)
            {
                answer.near.push(Near { distance_bits: hit.distance_bits, id: holder.id });
            }
        }
    }

    fn distance_bits_max(&self, query: usize) -> u32 {
        self.answers[query].distance_bits_max
    }
}

fn is_asked_for(ask: &Ask<'_>, bank: u32) -> bool {
    ask.banks.is_none_or(|banks| banks.binary_search(&bank).is_ok())
}

/// What was found for one query so far.
#[derive(Debug)]
struct Answer {
    near: Vec<Near>,
    /// What is farther is not needed: the radius, or less once the limit was reached.
    distance_bits_max: u32,
    /// How many were found at each distance, and within `distance_bits_max`; counted only for a limit.
    counts: [u32; DISTANCES],
    within: usize,
}

const DISTANCES: usize = DISTANCE_BITS_LIMIT as usize + 1;

impl Answer {
    fn new(ask: &Ask<'_>) -> Self {
        let distance_bits_max = ask.distance_bits_max;
        Self { near: Vec::new(), distance_bits_max, counts: [0; DISTANCES], within: 0 }
    }

    /// Counts what was found at a distance; says whether it is needed.
    fn count(&mut self, distance_bits: u32, limit: Option<usize>) -> bool {
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

    /// As if these had not been found.
    fn uncount(&mut self, distances_bits: impl Iterator<Item = u32>, ask: &Ask<'_>) {
        if ask.limit.is_some() {
            distances_bits.for_each(|distance_bits| self.counts[distance_bits as usize] -= 1);
        }
        self.distance_bits_max = ask.distance_bits_max;
        self.within = self.counts.iter().sum::<u32>() as usize;
    }

    fn in_order(self, limit: Option<usize>) -> Vec<Near> {
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
