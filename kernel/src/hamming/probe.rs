//! Looking into the tables of a segment for many queries, each step's memory asked for some steps before.
//! It refuses to work longer on a query than scanning would take, and says so instead.

use super::fitting;
use super::layout::PARTS;
use super::plan::{KEYS_AT_ONCE, Shares, Unit, masks};
use super::segment::{Segment, Table, Which, row_at};
use super::{CODE_BYTES, Code};
use crate::simd::Path;
use crate::simd::hamming::{Hit, pick};
use crate::simd::tags::{Run, pass, prefetch};
use std::ops::Range;

/// Units between looking a key up and looking at its tags.
const AHEAD: usize = 3;
/// Slots for the units under way.
const SLOTS: usize = AHEAD + 1;
/// Places that passed before their codes are looked at.
const PASSED_MAX: usize = 512;
/// Up to so many rows are sorted to find the same one twice; of more, those that are near are marked.
const SORTED_MAX: usize = 128;
/// Rows of the segment for each tag, each tag of one unit, and each code looked at, before scanning is quicker.
const ROWS_A_TAG: usize = 2;
const ROWS_A_TAG_AT_ONCE: usize = 256;
const ROWS_A_CODE: usize = 64;
/// What can be divided anew is given up so many times sooner; where there are dense rows to blame, so many.
const SOONER: usize = 8;
const SOONER_WITH_DENSE: usize = 64;
/// So many are looked at in any case.
const WORK_MIN: usize = 1024;

/// Who takes what is found.
pub trait Taker {
    /// Takes codes within the radius of a query.
    fn take(&mut self, query: usize, hits: &[Hit]);
    /// What is farther from the query is not needed: the radius, or less after much was taken.
    fn distance_bits_max(&self, query: usize) -> u32;
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    /// The codes that are looked for.
    pub queries: &'a [Code],
    /// How the radius is divided.
    pub shares: &'a Shares,
    /// What to look up for that.
    pub units: &'a [Unit],
    /// What is looked for.
    pub which: Which,
    /// What a query may cost.
    pub bounds: Bounds,
    /// The instructions to use.
    pub path: Path,
}

/// A query that asks for more than this is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    tags: usize,
    tags_at_once: usize,
    codes: usize,
}

impl Bounds {
    /// Where what is given up of so many rows is scanned for.
    pub fn or_scan(rows: usize) -> Self {
        Self {
            tags: (rows / ROWS_A_TAG).max(WORK_MIN),
            tags_at_once: (rows / ROWS_A_TAG_AT_ONCE).max(WORK_MIN),
            codes: (rows / ROWS_A_CODE).max(WORK_MIN),
        }
    }

    /// Where it is divided anew first, with or without dense rows among them.
    pub fn or_fit(rows: usize, has_dense: bool) -> Self {
        let Self { tags_at_once, .. } = Self::or_scan(rows);
        let sooner = if has_dense { SOONER_WITH_DENSE } else { SOONER };
        Self { tags_at_once, ..Self::or_scan(rows / sooner) }
    }

    /// Nothing is given up.
    #[cfg(test)]
    pub fn unbounded() -> Self {
        Self { tags: usize::MAX, tags_at_once: usize::MAX, codes: usize::MAX }
    }

    /// Where it was divided so: that much lies under some keys is known.
    pub fn fitted(rows: usize) -> Self {
        Self {
            tags: rows / fitting::QUICKER_TIMES / fitting::ROWS_A_TAG,
            tags_at_once: usize::MAX,
            codes: rows / fitting::QUICKER_TIMES / fitting::ROWS_A_CODE,
        }
    }
}

/// Finds everything near the queries; returns those that were given up and have to be scanned for.
pub fn probe(segment: &Segment, what: &Probe<'_>, taker: &mut impl Taker) -> Vec<usize> {
    let mut work = Work::new(segment, what);
    let units = what.units;
    let (mut ahead, mut middle, mut behind) = (Step::default(), Step::default(), Step::default());
    for round in 0..what.queries.len() * units.len() + AHEAD + 1 {
        if ahead.query < what.queries.len() {
            work.ask_for_starts(ahead);
            ahead.advance(units.len());
        }
        if round > 0 && middle.query < what.queries.len() {
            work.ask_for_tags(middle, round % SLOTS);
            middle.advance(units.len());
        }
        if round > AHEAD {
            work.look_at_tags(behind, (round - AHEAD) % SLOTS, taker);
            behind.advance(units.len());
        }
    }
    work.given_up
}

/// A query and a unit of the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Step {
    query: usize,
    unit: usize,
}

impl Step {
    fn advance(&mut self, units: usize) {
        self.unit += 1;
        if self.unit == units {
            *self = Self { query: self.query + 1, unit: 0 };
        }
    }
}

/// The runs of tags of one unit.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    runs: [Run; KEYS_AT_ONCE],
    count: usize,
}

struct Work<'a> {
    segment: &'a Segment,
    tables: Vec<Table<'a>>,
    what: &'a Probe<'a>,
    /// What is looked for.
    rows: Range<usize>,
    parts: Vec<[u16; PARTS]>,
    slots: [Slot; SLOTS],
    /// Of the query under way: places that passed, by table; what was looked at.
    passed: Vec<(usize, u32)>,
    seen: Seen,
    codes_seen: usize,
    /// The last query that needs no more.
    done: Option<usize>,
    /// Of the query whose keys are looked up.
    tags_asked: usize,
    scratch: (Vec<u32>, Vec<u32>, Vec<Hit>),
    given_up: Vec<usize>,
}

impl<'a> Work<'a> {
    fn new(segment: &'a Segment, what: &'a Probe<'a>) -> Self {
        Self {
            segment,
            tables: segment.tables(),
            what,
            rows: segment.rows(what.which),
            parts: what.queries.iter().map(parts_of).collect(),
            slots: [Slot::default(); SLOTS],
            passed: Vec::with_capacity(PASSED_MAX),
            seen: Seen::default(),
            codes_seen: 0,
            done: None,
            tags_asked: 0,
            scratch: (Vec::with_capacity(PASSED_MAX), Vec::new(), Vec::new()),
            given_up: Vec::new(),
        }
    }

    fn ask_for_starts(&self, step: Step) {
        let unit = &self.what.units[step.unit];
        let key = self.parts[step.query][unit.table];
        let starts = self.tables[unit.table].starts;
        for (mask, _) in &masks()[unit.from..unit.to] {
            prefetch(starts, usize::from(key ^ mask));
        }
    }

    fn ask_for_tags(&mut self, step: Step, slot: usize) {
        if step.unit == 0 {
            self.tags_asked = 0;
        }
        let slot = &mut self.slots[slot];
        slot.count = 0;
        if self.done == Some(step.query) {
            return;
        }
        let unit = &self.what.units[step.unit];
        let key = self.parts[step.query][unit.table];
        let table = self.tables[unit.table];
        let both: u32 =
            [unit.table, table.following].iter().map(|i| u32::from(self.what.shares[*i])).sum();
        let mut at_once = 0;
        for (mask, ones) in &masks()[unit.from..unit.to] {
            let key = usize::from(key ^ mask);
            let (start, end) = table.run(key, self.what.which);
            let length = end.saturating_sub(start);
            at_once += length as usize;
            let distance_bits_max = both.saturating_sub(1 + u32::from(*ones)) as u16;
            slot.runs[slot.count] = Run { start, end, distance_bits_max };
            // Without a branch: which keys are empty nobody can foresee.
            slot.count += usize::from(length > 0);
            prefetch(table.tags, start as usize);
            prefetch(table.tags, (start + length.saturating_sub(1)) as usize);
            if length > 2 * TAGS_A_LINE {
                // Longer runs are read in order, and the processor sees that after a few lines.
                let asked = start + length.min(TAGS_ASKED);
                for place in (start + TAGS_A_LINE..asked).step_by(TAGS_A_LINE as usize) {
                    prefetch(table.tags, place as usize);
                }
            }
        }
        self.tags_asked += at_once;
        let bounds = &self.what.bounds;
        if self.tags_asked > bounds.tags || at_once > bounds.tags_at_once {
            self.give_up(step.query);
        }
    }

    fn look_at_tags(&mut self, step: Step, slot: usize, taker: &mut impl Taker) {
        if step.unit == 0 {
            self.codes_seen = 0;
            self.seen.forget();
        }
        let unit = &self.what.units[step.unit];
        if self.given_up.contains(&step.query) {
            self.done = Some(step.query);
        }
        if self.done != Some(step.query) {
            let table = self.tables[unit.table];
            let tag = self.parts[step.query][table.following];
            let slot = &self.slots[slot];
            let places = &mut self.scratch.0;
            places.clear();
            pass(self.what.path, table.tags, &slot.runs[..slot.count], tag, places);
            for place in places.iter() {
                prefetch(table.places, *place as usize);
                self.passed.push((unit.table, *place));
            }
        }
        let is_last = step.unit + 1 == self.what.units.len();
        if (is_last || self.passed.len() >= PASSED_MAX) && !self.passed.is_empty() {
            self.look_at_codes(step, unit.found_below, is_last, taker);
        }
    }

    fn look_at_codes(
        &mut self,
        step: Step,
        found_below: u32,
        is_last: bool,
        taker: &mut impl Taker,
    ) {
        if self.done == Some(step.query) {
            self.passed.clear();
            return;
        }
        self.codes_seen += self.passed.len();
        if self.codes_seen > self.what.bounds.codes {
            self.give_up(step.query);
            self.done = Some(step.query);
            self.passed.clear();
            return;
        }
        let (_, rows, hits) = &mut self.scratch;
        rows.clear();
        hits.clear();
        rows.extend(
            self.passed
                .drain(..)
                .map(|(table, place)| row_at(self.tables[table].places[place as usize])),
        );
        if self.what.which != Which::All {
            rows.retain(|row| self.rows.contains(&(*row as usize)));
        }
        let is_only = is_last && self.seen.is_empty() && rows.len() <= SORTED_MAX;
        if is_only {
            rows.sort_unstable();
            rows.dedup();
        }
        let halves = self.segment.halves();
        for row in rows.iter() {
            prefetch(halves.0, *row as usize);
        }
        if rows.len() > SORTED_MAX {
            // Of so many not a few are near by their first half.
            rows.iter().for_each(|row| prefetch(halves.1, *row as usize));
        }
        let query = &self.what.queries[step.query];
        pick(self.what.path, halves, rows, query, taker.distance_bits_max(step.query), hits);
        if !is_only {
            self.seen.keep_new(hits, self.rows.end);
        }
        taker.take(step.query, hits);
        if found_below > taker.distance_bits_max(step.query) {
            self.done = Some(step.query);
        }
    }

    fn give_up(&mut self, query: usize) {
        if !self.given_up.contains(&query) {
            self.given_up.push(query);
        }
    }
}

const TAGS_A_LINE: u32 = 32;
const TAGS_ASKED: u32 = 8 * TAGS_A_LINE;

/// The parts of a code.
pub fn parts_of(code: &Code) -> [u16; PARTS] {
    let (parts, _): (&[[u8; CODE_BYTES / PARTS]], _) = code.as_chunks();
    std::array::from_fn(|i| u16::from_le_bytes(parts[i]))
}

/// Rows of one query that were found already: one row may be near at several tables.
#[derive(Debug, Default)]
struct Seen {
    marks: Vec<u64>,
    marked: Vec<u32>,
}

impl Seen {
    fn is_empty(&self) -> bool {
        self.marked.is_empty()
    }

    /// Leaves only rows that were not seen, once each.
    fn keep_new(&mut self, hits: &mut Vec<Hit>, rows: usize) {
        if self.marks.is_empty() && !hits.is_empty() {
            self.marks = vec![0; rows.div_ceil(64)]; // the system gives zeros when they are read
        }
        hits.retain(|hit| {
            let (word, bit) = (hit.place as usize / 64, 1_u64 << (hit.place % 64));
            let is_new = self.marks.get(word).is_some_and(|marks| marks & bit == 0);
            if is_new {
                self.marks[word] |= bit;
                self.marked.push(hit.place);
            }
            is_new
        });
    }

    fn forget(&mut self) {
        for row in self.marked.drain(..) {
            self.marks[row as usize / 64] = 0;
        }
    }
}
