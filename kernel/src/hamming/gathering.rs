//! From codes that are near to the entries that hold them, if those may be found.
//! It refuses entries that were removed or disabled, and those of banks that were not asked for.

use super::answer::{Answer, Near, Nearest};
use super::delta::Delta;
use super::layout::Section;
use super::probe::Taker;
use super::search::Ask;
use super::segment::Holders;
use super::state::Live;
use crate::simd::hamming::Hit;
use std::ops::Range;

/// Turns codes of one segment into the entries that hold them.
pub struct Gathering<'a> {
    live: &'a Live,
    holders: Holders<'a>,
    ask: &'a Ask<'a>,
    /// (distance, entry) for each query. Whose they are is looked up at the end, when many are not needed any more.
    found: Vec<Vec<(u32, usize)>>,
    /// For each query what was found in the run of rows that is scanned, whose ids ascend; empty while rows come in
    /// another order.
    runs: Vec<Nearest>,
    answers: &'a mut [Answer],
}

impl<'a> Gathering<'a> {
    /// For as many queries as there are answers; rows may come in any order.
    pub fn new(live: &'a Live, ask: &'a Ask<'a>, answers: &'a mut [Answer]) -> Self {
        let (holders, found) = (live.segment.holders(), vec![Vec::new(); answers.len()]);
        Self { live, holders, ask, found, runs: Vec::new(), answers }
    }

    /// How many were found for a query.
    pub fn found(&self, query: usize) -> usize {
        self.found[query].len()
    }

    /// As if nothing had been found for a query but the first so many.
    pub fn forget(&mut self, query: usize, but: usize) {
        let found = self.found[query].split_off(but);
        self.answers[query]
            .uncount(found.into_iter().map(|(distance_bits, _)| distance_bits), self.ask);
    }

    /// From here on the ids of the rows that come for a query ascend, for all of them until told again for one.
    pub fn begin_runs(&mut self) {
        self.runs = vec![Nearest::of_run(self.ask); self.answers.len()];
    }

    /// For this query they begin anew.
    pub fn begin_run(&mut self, query: usize) {
        self.runs[query] = Nearest::of_run(self.ask);
    }

    /// Takes codes within the radius; returns how many of them nobody holds who may be found.
    pub fn sift(&mut self, query: usize, hits: &[Hit]) -> usize {
        let (answer, found) = (&mut self.answers[query], &mut self.found[query]);
        let mut run = self.runs.get_mut(query);
        let may_be_found = |entry: &usize| {
            self.live.visible.get(*entry) && is_asked_for(self.ask, || self.holders.bank(*entry))
        };
        let (mut cursor, mut refused) = (0, 0);
        for hit in hits {
            if run.as_ref().is_some_and(|run| hit.distance_bits > run.before_last()) {
                continue;
            }
            // Equally near ones come by id, so of the many holders of one code no more than the limit are needed.
            let holders = self.holders.of(hit.place, &mut cursor).filter(may_be_found);
            let mut taken = 0;
            for entry in holders.take(self.ask.limit.unwrap_or(usize::MAX)) {
                taken += 1;
                if answer.all.count(hit.distance_bits, self.ask.limit) {
                    found.push((hit.distance_bits, entry));
                }
                if let Some(run) = &mut run
                    && entry == hit.place as usize
                {
                    run.count(hit.distance_bits, self.ask.limit);
                }
            }
            refused += usize::from(taken == 0);
        }
        refused
    }

    /// Adds the rows, ascending, that somebody may hold who may be found: all that are held so, and a few others.
    pub fn held(&self, rows: Range<usize>, held: &mut Vec<u32>) {
        let bit = |bank: u32| 1_u64 << (bank % 64);
        let any = self.ask.banks.is_none_or(|banks| banks.len() >= 64);
        let asked = self.ask.banks.unwrap_or_default().iter().fold(0, |all, one| all | bit(*one));
        let asked = if any { u64::MAX } else { asked };
        let banks: &[u32] = &self.live.segment.section(Section::Banks)[rows.clone()];
        let is_held =
            |entry: usize, bank: u32| asked & bit(bank) != 0 && self.live.visible.get(entry);
        let firsts = (rows.start..).zip(banks).filter(|(row, bank)| is_held(*row, **bank));
        held.extend(firsts.map(|(row, _)| row as u32));
        let others = self.holders.others(rows);
        if others.len() > 0 {
            let others = others.filter(|(_, entry)| is_held(*entry, self.holders.bank(*entry)));
            held.extend(others.map(|(row, _)| row));
            held.sort_unstable();
            held.dedup();
        }
    }

    /// Puts what is still needed into the answers.
    pub fn name_all(self) {
        for (found, answer) in self.found.into_iter().zip(self.answers) {
            let needed = found.into_iter().filter(|one| one.0 <= answer.all.distance_bits_max);
            let named = needed
                .map(|(distance_bits, entry)| Near { distance_bits, id: self.holders.id(entry) });
            answer.near.extend(named);
        }
    }
}

impl Taker for Gathering<'_> {
    fn take(&mut self, query: usize, hits: &[Hit]) {
        self.sift(query, hits);
    }

    fn distance_bits_max(&self, query: usize) -> u32 {
        let in_run = self.runs.get(query).map_or(u32::MAX, Nearest::before_last);
        self.answers[query].all.distance_bits_max.min(in_run)
    }
}

/// Turns places of new entries into those entries.
pub struct GatheringDelta<'a> {
    /// The new entries.
    pub delta: &'a Delta,
    /// What is asked.
    pub ask: &'a Ask<'a>,
    /// One for each query.
    pub answers: &'a mut [Answer],
}

impl Taker for GatheringDelta<'_> {
    fn take(&mut self, query: usize, hits: &[Hit]) {
        for hit in hits {
            let holder = &self.delta.holders()[hit.place as usize];
            let answer = &mut self.answers[query];
            if holder.enabled
                && is_asked_for(self.ask, || holder.bank)
                && answer.all.count(hit.distance_bits, self.ask.limit)
            {
                answer.near.push(Near { distance_bits: hit.distance_bits, id: holder.id });
            }
        }
    }

    fn distance_bits_max(&self, query: usize) -> u32 {
        self.answers[query].all.distance_bits_max
    }
}

fn is_asked_for(ask: &Ask<'_>, bank: impl Fn() -> u32) -> bool {
    ask.banks.is_none_or(|banks| banks.binary_search(&bank()).is_ok())
}
