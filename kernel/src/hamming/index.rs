//! The index: many read while one changes it, and merging goes on beside both.
//! It refuses a radius larger than it was made for, because its tables could not answer it.

use super::Code;
use super::answer::Near;
use super::build::{Entry, Shape, build};
use super::fitting::FITTED_TIMES;
use super::layout::PARTS;
use super::plan::Plan;
use super::search::{Ask, Structure, search, structure_for};
use super::segment::Segment;
use super::snapshot;
use super::state::{Frozen, Live, State};
use crate::errors::SnapshotError;
use crate::simd::Path as Instructions;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;

/// Entries in no segment from which on merging is worth its while.
pub const MERGE_ENTRIES_MIN: usize = 16_384;
/// Segments of fewer rows get no tables unless told otherwise.
pub const TABLES_ROWS_MIN: usize = 4_096;
/// A segment is merged with what is together a quarter as large, so that each entry is merged a few times only.
const MERGE_RATIO: usize = 4;
/// More segments than growing by that ratio leaves.
const SEGMENTS_MAX: usize = 12;
/// Changes made before readers get their turn.
const CHANGES_PER_TURN: usize = 64;
/// Queries answered before writers get their turn.
const QUERIES_PER_TURN: usize = 64;

/// A change broke off half-way; answers might be inexact, so there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable;

/// Why something larger than a search was not done.
#[derive(Debug)]
pub enum Failure {
    /// As said there.
    Unusable,
    /// No memory, or no disk.
    Io(io::Error),
}

impl From<Unusable> for Failure {
    fn from(_: Unusable) -> Self {
        Self::Unusable
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Exact search among entries with unique ids.
#[derive(Debug)]
pub struct Index {
    state: RwLock<State>,
    merging: Mutex<()>,
    shape: Shape,
    distance_bits_max: u32,
    plans: Vec<Plan>,
}

/// What a search may ask for beyond codes and radius.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Only the nearest so many.
    pub limit: Option<usize>,
    /// Only entries of these banks, ascending.
    pub banks: Option<&'a [u32]>,
    /// Where to look; the quicker one if it is not said.
    pub structure: Option<Structure>,
    /// At least one.
    pub threads: usize,
}

/// What an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    /// Entries, disabled ones too.
    pub entries: usize,
    /// Entries that are in no segment yet.
    pub pending: usize,
    /// Immutable parts.
    pub segments: usize,
    /// Bytes of memory.
    pub bytes: usize,
    /// Whether all segments are mapped from a snapshot.
    pub is_mapped: bool,
}

impl Index {
    /// An empty index for radii up to `distance_bits_max`.
    pub fn new(distance_bits_max: u32, tables_rows_min: usize) -> Self {
        let tables = PARTS.min(distance_bits_max as usize + 1);
        Self {
            state: RwLock::default(),
            merging: Mutex::new(()),
            shape: Shape { tables, tables_rows_min },
            distance_bits_max,
            plans: (0..=distance_bits_max).map(|radius| Plan::new(radius, tables)).collect(),
        }
    }

    /// The largest radius that may be asked for.
    pub fn distance_bits_max(&self) -> u32 {
        self.distance_bits_max
    }

    /// Adds entries, or replaces those with the same ids; readers may come in between.
    pub fn insert(&self, entries: &[Entry]) -> Result<(), Unusable> {
        for turn in entries.chunks(CHANGES_PER_TURN) {
            let mut state = self.write()?;
            turn.iter().for_each(|entry| state.insert(entry));
        }
        Ok(())
    }

    /// Takes an entry out; says whether it was there.
    pub fn remove(&self, id: u64) -> Result<bool, Unusable> {
        Ok(self.write()?.remove(id))
    }

    /// Lets an entry be found, or not; says whether it is there.
    pub fn set_enabled(&self, id: u64, enabled: bool) -> Result<bool, Unusable> {
        Ok(self.write()?.set_enabled(id, enabled))
    }

    /// Whether there is an entry with this id.
    pub fn contains(&self, id: u64) -> Result<bool, Unusable> {
        Ok(self.read()?.contains(id))
    }

    /// What it holds.
    pub fn describe(&self) -> Result<Description, Unusable> {
        let state = self.read()?;
        Ok(Description {
            entries: state.len(),
            pending: state.pending(),
            segments: state.segments.len(),
            bytes: state.bytes(),
            is_mapped: state.segments.iter().all(|live| live.segment.is_mapped()),
        })
    }

    /// Whether merging is worth its while.
    pub fn is_merge_due(&self) -> Result<bool, Unusable> {
        let state = self.read()?;
        let is_thin = |live: &Live| live.dead * MERGE_RATIO > live.segment.layout.entries();
        Ok(state.pending() >= MERGE_ENTRIES_MIN
            || state.segments.len() > SEGMENTS_MAX
            || state.segments.iter().any(is_thin))
    }

    /// For each query every entry within the radius, nearest first, equally near ones by id.
    pub fn search(
        &self,
        queries: &[Code],
        distance_bits_max: u32,
        options: &Options<'_>,
    ) -> Result<Vec<Vec<Near>>, Unusable> {
        let ask = self.ask(distance_bits_max, options);
        let turns = |queries: &[Code]| -> Result<Vec<Vec<Near>>, Unusable> {
            let mut found = Vec::with_capacity(queries.len());
            for turn in queries.chunks(QUERIES_PER_TURN) {
                found.extend(search(&*self.read()?, turn, &ask));
            }
            Ok(found)
        };
        let share = queries.len().div_ceil(options.threads.max(1)).max(1);
        if share >= queries.len() {
            return turns(queries);
        }
        thread::scope(|scope| {
            let turns = &turns;
            let workers: Vec<_> =
                queries.chunks(share).map(|share| scope.spawn(move || turns(share))).collect();
            let mut found = Vec::with_capacity(queries.len());
            for worker in workers {
                found.extend(worker.join().map_err(|_| Unusable)??);
            }
            Ok(found)
        })
    }

    /// Where a search of this radius would look, in the largest part of the index.
    pub fn structure(&self, distance_bits_max: u32) -> Result<Structure, Unusable> {
        let ask = self.ask(distance_bits_max, &Options::default());
        let state = self.read()?;
        Ok(match state.segments.first() {
            Some(live) if live.segment.layout.sizes.tables > 0 => {
                structure_for(live.segment.layout.tabled(), &ask)
            }
            _ => Structure::Scan,
        })
    }

    fn ask<'a>(&'a self, distance_bits_max: u32, options: &Options<'a>) -> Ask<'a> {
        let distance_bits_max = distance_bits_max.min(self.distance_bits_max);
        Ask {
            distance_bits_max,
            limit: options.limit,
            banks: options.banks,
            structure: options.structure,
            plan: &self.plans[distance_bits_max as usize],
            fitted_rows_min: self.shape.tables_rows_min.saturating_mul(FITTED_TIMES),
            path: Instructions::best(),
        }
    }

    /// Puts pending entries into a segment, together with segments that are not much larger; all of them if
    /// `into_one`. Readers and writers go on meanwhile. Says whether anything changed.
    pub fn merge(&self, into_one: bool, threads: usize) -> Result<bool, Failure> {
        let _one_at_a_time = self.lock_merging();
        let (sources, mut entries) = {
            let mut state = self.write()?;
            let pending = std::mem::take(&mut state.delta);
            match &mut state.frozen {
                // What an earlier merge left behind, when memory ran out under it.
                Some(frozen) => pending.entries().for_each(|entry| frozen.delta.push(&entry)),
                None => state.frozen = Some(Frozen { delta: pending, changed: Vec::new() }),
            }
            (choose(&state, into_one), Vec::new())
        };
        {
            let state = self.read()?;
            entries.extend(state.frozen.iter().flat_map(|frozen| frozen.delta.entries()));
        }
        if entries.is_empty() && sources.len() <= 1 && sources.iter().all(|live| live.dead == 0) {
            self.write()?.frozen = None;
            return Ok(false);
        }
        entries.extend(sources.iter().flat_map(Live::entries));
        let built = build(entries, self.shape, threads)?.into_iter();
        let mut built: Vec<Live> = built.map(|segment| Live::new(Arc::new(segment))).collect();
        // What changed in the meantime is much; what changes while that is carried over is little, and only for
        // this everybody waits.
        let sources = self.carry_sources(sources, &mut built)?;
        let former = self.swap(&sources, built)?;
        drop(former); // unmapping takes its time; nobody waits for it
        Ok(true)
    }

    /// Brings what changed in sources to what was built of them; returns them as they were then.
    fn carry_sources(&self, sources: Vec<Live>, built: &mut [Live]) -> Result<Vec<Live>, Unusable> {
        let segments = self.read()?.segments.clone();
        let now: Vec<Live> =
            segments.into_iter().filter(|live| same(&sources, live).is_some()).collect();
        carry_all(&sources, &now, built);
        Ok(now)
    }

    /// Puts new segments in the place of their sources, with what changed since in those.
    fn swap(
        &self,
        sources: &[Live],
        mut built: Vec<Live>,
    ) -> Result<(Vec<Live>, Frozen), Unusable> {
        let mut state = self.write()?;
        let (former, mut kept): (Vec<_>, Vec<_>) = std::mem::take(&mut state.segments)
            .into_iter()
            .partition(|live| same(sources, live).is_some());
        carry_all(sources, &former, &mut built);
        let frozen = state.frozen.take().unwrap_or_default();
        for id in &frozen.changed {
            let holder = frozen.delta.get(*id);
            carry(&mut built, *id, holder.is_some(), holder.is_some_and(|one| one.enabled));
        }
        kept.append(&mut built);
        kept.retain(|live| live.segment.layout.entries() > 0);
        kept.sort_by_key(|live| std::cmp::Reverse(live.segment.layout.entries()));
        state.segments = kept;
        Ok((former, frozen))
    }

    /// Writes everything and a cursor to `path`: whole, or not at all. Changes and searches go on meanwhile.
    pub fn write_snapshot(&self, path: &Path, cursor: u64) -> Result<(), Failure> {
        let (mut segments, pending) = {
            let state = self.read()?;
            let pending: Vec<Entry> = (state.frozen.iter().map(|frozen| &frozen.delta))
                .chain([&state.delta])
                .flat_map(|delta| delta.entries())
                .collect();
            (state.segments.clone(), pending)
        };
        if !pending.is_empty() {
            let built = build(pending, self.shape, 1)?.into_iter();
            segments.extend(built.map(|segment| Live::new(Arc::new(segment))));
        }
        Ok(snapshot::write(path, &segments, self.distance_bits_max, cursor)?)
    }

    /// Maps a snapshot that was written, after checking every byte of it.
    pub fn read_snapshot(path: &Path, threads: usize) -> Result<(Self, u64), SnapshotError> {
        let read = snapshot::read(path, threads)?;
        let index = Self::new(read.distance_bits_max, TABLES_ROWS_MIN);
        let segments: Vec<Arc<Segment>> = read.segments.into_iter().map(Arc::new).collect();
        index.write().map_err(|_| SnapshotError::BadChecksum)?.segments =
            segments.into_iter().map(Live::new).collect();
        Ok((index, read.cursor))
    }

    fn read(&self) -> Result<RwLockReadGuard<'_, State>, Unusable> {
        self.state.read().map_err(|_| Unusable)
    }

    fn write(&self) -> Result<RwLockWriteGuard<'_, State>, Unusable> {
        self.state.write().map_err(|_| Unusable)
    }

    fn lock_merging(&self) -> MutexGuard<'_, ()> {
        // It guards no data: a merge that broke off left the state as it was.
        self.merging.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The segments to merge with what is pending.
fn choose(state: &State, into_one: bool) -> Vec<Live> {
    let mut total = state.pending();
    let mut chosen = Vec::new();
    for live in state.segments.iter().rev() {
        let is_thin = live.dead * MERGE_RATIO > live.segment.layout.entries();
        let is_one_too_many =
            chosen.is_empty() && total == 0 && state.segments.len() > SEGMENTS_MAX;
        if into_one || is_thin || is_one_too_many || live.len() < total * MERGE_RATIO {
            total += live.len();
            chosen.push(live.clone());
        }
    }
    chosen
}

/// The same segment among others, with its marks as they were.
fn same<'a>(lives: &'a [Live], live: &Live) -> Option<&'a Live> {
    lives.iter().find(|one| Arc::ptr_eq(&one.segment, &live.segment))
}

/// Brings what happened to the entries of some segments from one time to another to where they are now.
fn carry_all(then: &[Live], now: &[Live], built: &mut [Live]) {
    for now in now {
        let Some(then) = same(then, now) else {
            continue;
        };
        let holders = now.segment.holders();
        for entry in then.visible.differing(&now.visible).chain(then.alive.differing(&now.alive)) {
            if then.alive.get(entry) {
                carry(built, holders.id(entry), now.alive.get(entry), now.visible.get(entry));
            }
        }
    }
}

/// Brings what happened to an entry while it was merged to where it is now.
fn carry(built: &mut [Live], id: u64, alive: bool, enabled: bool) {
    let is_there = |live: &mut Live| {
        if alive { live.set_enabled(id, enabled) } else { live.remove(id) }
    };
    let _ = built.iter_mut().any(is_there);
}
