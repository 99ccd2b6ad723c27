//! Searching everything the index holds, for a few queries at a time.
//! It refuses to approximate: whatever the structure, the answer is that of comparing with every entry.

use super::Code;
use super::answer::{Answer, Near};
use super::delta::Delta;
use super::fitting::fit;
use super::gathering::{Gathering, GatheringDelta};
use super::plan::{Plan, Shares, Unit, units};
use super::probe::{Bounds, Probe, Taker, probe};
use super::segment::{Segment, Which};
use super::state::{Live, State};
use crate::simd::Path;
use crate::simd::hamming::{Half, Hit, pick, scan};
use std::ops::Range;

/// Codes that are scanned for all queries before the next.
const TILE_CODES: usize = 1024;
/// When so many of a tile are near and nobody may be found who holds them, in some tiles that follow those are chosen
/// first that are held by others.
const REFUSED: usize = TILE_CODES / 4;
const CHOSEN_TILES: usize = 64;
/// A part of a segment is scanned at once, instead of dividing the radius anew, if it is so much smaller than a segment
/// has to be for that: by then something was spent already.
const SCANNED_SHARE: usize = 4;

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
    /// From so many rows on the radius is divided anew for a query that the plan does not suit.
    pub fitted_rows_min: usize,
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
    let segment = &live.segment;
    let mut gathering = Gathering::new(live, ask, answers);
    let has_tables = segment.layout.sizes.tables > 0;
    let left = if has_tables && structure_for(segment.layout.tabled(), ask) == Structure::Tables {
        search_tables(segment, queries, ask, &mut gathering)
    } else {
        Left { ordinary: (0..queries.len()).collect(), dense: (0..queries.len()).collect() }
    };
    for (which, to_scan) in [(Which::Ordinary, left.ordinary), (Which::Dense, left.dense)] {
        gathering.begin_runs();
        let halves = Placed::of(segment.halves(), segment.rows(which));
        scan_tiles(halves, queries, &to_scan, ask.path, &mut gathering);
    }
    scan_crowds(segment, queries, ask, &mut gathering);
    gathering.name_all();
}

/// The queries for which rows have to be scanned, ordinary ones or dense ones.
#[derive(Debug, Default)]
struct Left {
    ordinary: Vec<usize>,
    dense: Vec<usize>,
}

/// Looks into the tables; returns what is left to scan.
fn search_tables(
    segment: &Segment,
    queries: &[Code],
    ask: &Ask<'_>,
    gathering: &mut Gathering<'_>,
) -> Left {
    let rows = segment.layout.tabled();
    let is_fitted = rows >= ask.fitted_rows_min;
    let Plan { shares, units, .. } = ask.plan;
    let has_dense = segment.layout.sizes.dense > 0;
    let bounds = if is_fitted { Bounds::or_fit(rows, has_dense) } else { Bounds::or_scan(rows) };
    let what = Probe { queries, shares, units, which: Which::All, bounds, path: ask.path };
    let given_up = probe(segment, &what, gathering);
    given_up.iter().for_each(|query| gathering.forget(*query, 0));
    if !is_fitted {
        return Left { dense: given_up.clone(), ordinary: given_up };
    }
    let mut left = Left::default();
    for query in given_up {
        let mut one = One { segment, gathering, query, code: &queries[query], ask };
        let is_found = one.finds_ordinary() || one.finds_fitted(Which::Ordinary);
        left.ordinary.extend((!is_found).then_some(query));
        let is_found = one.finds_fitted(Which::Dense);
        left.dense.extend((!is_found).then_some(query));
    }
    left
}

/// A query that was given up.
struct One<'a, 'b> {
    segment: &'a Segment,
    gathering: &'a mut Gathering<'b>,
    query: usize,
    code: &'a Code,
    ask: &'a Ask<'a>,
}

impl One<'_, '_> {
    /// Looks among ordinary rows as among all before, if that may help; says whether everything there was found.
    fn finds_ordinary(&mut self) -> bool {
        let Plan { shares, units, .. } = self.ask.plan;
        let bounds = Bounds::or_fit(self.segment.layout.ordinary(), false);
        self.segment.layout.sizes.dense > 0 && self.finds(shares, units, Which::Ordinary, bounds)
    }

    /// Divides the radius anew for some rows; says whether everything there was found.
    fn finds_fitted(&mut self, which: Which) -> bool {
        let rows = self.segment.rows(which).len();
        let is_fitted = rows >= self.ask.fitted_rows_min / SCANNED_SHARE;
        rows == 0
            || is_fitted
                && fit(self.segment, self.code, self.distance_bits_max(0), which).is_some_and(
                    |shares| self.finds(&shares, &units(&shares), which, Bounds::fitted(rows)),
                )
    }

    fn finds(&mut self, shares: &Shares, units: &[Unit], which: Which, bounds: Bounds) -> bool {
        let queries = std::slice::from_ref(self.code);
        let what = Probe { queries, shares, units, which, bounds, path: self.ask.path };
        let found = self.gathering.found(self.query);
        let is_given_up = !probe(self.segment, &what, self).is_empty();
        if is_given_up {
            self.gathering.forget(self.query, found);
        }
        !is_given_up
    }
}

impl Taker for One<'_, '_> {
    fn take(&mut self, _only: usize, hits: &[Hit]) {
        self.gathering.take(self.query, hits);
    }

    fn distance_bits_max(&self, _only: usize) -> u32 {
        self.gathering.distance_bits_max(self.query)
    }
}

/// Looks into those crowds only whose pivot is near enough, the nearest first.
fn scan_crowds(segment: &Segment, queries: &[Code], ask: &Ask<'_>, gathering: &mut Gathering<'_>) {
    let crowds = segment.crowds();
    let Some(reach_max) = crowds.reaches_bits.iter().max() else {
        return;
    };
    let mut pivots = Vec::new();
    for (query, code) in queries.iter().enumerate() {
        pivots.clear();
        gathering.begin_run(query);
        let within = gathering.distance_bits_max(query) + reach_max;
        scan(ask.path, crowds.pivots, code, within, &mut pivots);
        pivots.sort_unstable_by_key(|pivot| (pivot.distance_bits, pivot.place));
        for pivot in &pivots {
            let crowd = pivot.place as usize;
            gathering.begin_run(query);
            let within = gathering.distance_bits_max(query) + crowds.reaches_bits[crowd];
            if pivot.distance_bits <= within {
                scan_crowd(segment, crowd, (query, code), ask.path, gathering);
            }
        }
    }
}

fn scan_crowd(
    segment: &Segment,
    crowd: usize,
    (query, code): (usize, &Code),
    path: Path,
    gathering: &mut Gathering<'_>,
) {
    let (heads, tails) = segment.halves();
    let (rows, mut look) = (segment.crowds().rows(crowd), segment.crowds().look(crowd, code));
    let (mut hits, mut chosen, mut chosen_for) = (Vec::new(), Vec::new(), 0_usize);
    for start in rows.clone().step_by(TILE_CODES) {
        let tile = start..rows.end.min(start + TILE_CODES);
        let within = gathering.distance_bits_max(query);
        hits.clear();
        chosen.clear();
        if chosen_for > 0 {
            chosen_for -= 1;
            gathering.held(tile, &mut chosen);
            pick(path, (heads, tails), &chosen, code, within, &mut hits);
        } else if let Some(look) = &mut look {
            let places = start - rows.start..tile.end - rows.start;
            look.near(places, within, rows.start, &mut chosen);
            pick(path, (heads, tails), &chosen, code, within, &mut hits);
        } else {
            let halves = (&heads[tile.clone()], &tails[tile]);
            scan(path, halves, code, within, &mut hits);
            hits.iter_mut().for_each(|hit| hit.place += start as u32);
        }
        if gathering.sift(query, &hits) >= REFUSED {
            chosen_for = CHOSEN_TILES;
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
