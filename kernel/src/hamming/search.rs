//! Searching everything the index holds, for a few queries at a time.
//! It refuses to approximate: whatever the structure, the answer is that of comparing with every entry.

use super::Code;
use super::delta::Delta;
use super::plan::Plan;
use super::probe::{Probe, Taker, probe};
use super::state::{Live, State};
use crate::simd::Path;
use crate::simd::hamming::{Half, Hit, scan};

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
    let mut found = vec![Vec::new(); queries.len()];
    for live in &state.segments {
        search_segment(live, queries, ask, &mut found);
    }
    let deltas =
        state.frozen.as_ref().map(|frozen| &frozen.delta).into_iter().chain([&state.delta]);
    for delta in deltas.filter(|delta| !delta.is_empty()) {
        search_delta(delta, queries, ask, &mut found);
    }
    for near in &mut found {
        put_in_order(near, ask.limit);
    }
    found
}

/// The structure that a search would use on so many rows with tables.
pub fn structure_for(rows: usize, ask: &Ask<'_>) -> Structure {
    ask.structure.unwrap_or(if ask.plan.is_quicker_than_scan(rows) {
        Structure::Tables
    } else {
        Structure::Scan
    })
}

fn search_segment(live: &Live, queries: &[Code], ask: &Ask<'_>, found: &mut [Vec<Near>]) {
    let layout = &live.segment.layout;
    let mut gathering =
        Gathering { live, ask, starts: found.iter().map(Vec::len).collect(), found };
    let all: Vec<usize> = (0..queries.len()).collect();
    let to_scan = if layout.tables > 0 && structure_for(layout.rows, ask) == Structure::Tables {
        let (plan, path) = (ask.plan, ask.path);
        let what = Probe { queries, distance_bits_max: ask.distance_bits_max, plan, path };
        let mut given_up = probe(&live.segment, &what, &mut gathering);
        given_up.sort_unstable();
        given_up.dedup();
        given_up
    } else {
        all
    };
    for query in &to_scan {
        gathering.forget(*query);
    }
    scan_tiles(live.segment.halves(), queries, &to_scan, ask, |query, hits| {
        gathering.take(query, hits)
    });
}

fn search_delta(delta: &Delta, queries: &[Code], ask: &Ask<'_>, found: &mut [Vec<Near>]) {
    let all: Vec<usize> = (0..queries.len()).collect();
    scan_tiles(delta.halves(), queries, &all, ask, |query, hits| {
        for hit in hits {
            let holder = &delta.holders()[hit.place as usize];
            if holder.enabled && is_asked_for(ask, holder.bank) {
                found[query].push(Near { distance_bits: hit.distance_bits, id: holder.id });
            }
        }
    });
}

fn scan_tiles(
    (heads, tails): (&[Half], &[Half]),
    queries: &[Code],
    chosen: &[usize],
    ask: &Ask<'_>,
    mut take: impl FnMut(usize, &[Hit]),
) {
    if chosen.is_empty() {
        return;
    }
    let mut hits = Vec::new();
    for (tile, halves) in heads.chunks(TILE_CODES).zip(tails.chunks(TILE_CODES)).enumerate() {
        for query in chosen {
            hits.clear();
            scan(ask.path, halves, &queries[*query], ask.distance_bits_max, &mut hits);
            if !hits.is_empty() {
                hits.iter_mut().for_each(|hit| hit.place += (tile * TILE_CODES) as u32);
                take(*query, &hits);
            }
        }
    }
}

/// Turns codes of one segment into the entries that hold them.
struct Gathering<'a> {
    live: &'a Live,
    ask: &'a Ask<'a>,
    /// How much of each answer is from elsewhere.
    starts: Vec<usize>,
    found: &'a mut [Vec<Near>],
}

impl Gathering<'_> {
    fn forget(&mut self, query: usize) {
        self.found[query].truncate(self.starts[query]);
    }
}

impl Taker for Gathering<'_> {
    fn take(&mut self, query: usize, hits: &[Hit]) {
        for hit in hits {
            for entry in self.live.segment.holders(hit.place) {
                if !self.live.visible.get(entry) {
                    continue;
                }
                let (id, bank) = self.live.segment.entry(entry);
                if is_asked_for(self.ask, bank) {
                    self.found[query].push(Near { distance_bits: hit.distance_bits, id });
                }
            }
        }
    }

    fn has_enough(&self, query: usize, found_below: u32) -> bool {
        let Some(limit) = self.ask.limit else {
            return false;
        };
        let near = &self.found[query][self.starts[query]..];
        near.iter().filter(|one| one.distance_bits < found_below).take(limit).count() >= limit
    }
}

fn is_asked_for(ask: &Ask<'_>, bank: u32) -> bool {
    ask.banks.is_none_or(|banks| banks.binary_search(&bank).is_ok())
}

fn put_in_order(near: &mut Vec<Near>, limit: Option<usize>) {
    if let Some(limit) = limit.filter(|limit| *limit < near.len()) {
        if limit > 0 {
            near.select_nth_unstable(limit - 1);
        }
        near.truncate(limit);
    }
    near.sort_unstable();
}
