//! An immutable part of the index: codes, who holds them, and tables to find them by.
//! It refuses changes: what was removed or disabled since is kept beside it.

use super::Code;
use super::columns::Look;
use super::layout::{ALIGNMENT, KEYS, Layout, PLACE_BYTES, STARTS, Section};
use crate::simd::hamming::Half;
use bytemuck::Pod;
use memmap2::{Mmap, MmapMut};
use std::io;
use std::ops::Range;
use std::sync::Arc;

#[cfg(not(target_endian = "little"))]
compile_error!("segments are little-endian, in memory as on disk");

/// Where the bytes of segments lie.
#[derive(Debug)]
pub enum Bytes {
    /// In this process alone.
    Private(Private),
    /// In a file, shared by all processes that map it.
    Mapped(Mmap),
}

impl Bytes {
    /// All of them.
    pub fn all(&self) -> &[u8] {
        match self {
            Self::Private(bytes) => &bytes.0,
            Self::Mapped(bytes) => bytes,
        }
    }
}

/// Zeroed memory of this process alone, in large pages where the system has them: look-ups jump about in it.
#[derive(Debug)]
pub struct Private(MmapMut);

impl Private {
    /// So many zeros.
    pub fn zeroed(length: usize) -> io::Result<Self> {
        let bytes = MmapMut::map_anon(length)?;
        #[cfg(target_os = "linux")]
        let _ = bytes.advise(memmap2::Advice::HugePage); // slower without, but no different
        Ok(Self(bytes))
    }

    /// All bytes, to fill them.
    pub fn all_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

/// Distinct codes and their holders.
#[derive(Debug)]
pub struct Segment {
    bytes: Arc<Bytes>,
    start: usize,
    /// Its sizes.
    pub layout: Layout,
}

/// One table: rows by the value of one part of their code.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// Where the run of each key starts; one more for the end.
    pub starts: &'a [u32; KEYS + 1],
    /// Where the dense rows of each key start; empty where it is not told.
    dense_starts: &'a [u32],
    /// The first dense row.
    ordinary: u32,
    /// The part that follows.
    pub following: usize,
    /// This part of each code.
    pub tags: &'a [u16],
    /// The row of each code: they ascend under each key, so that dense rows come last.
    pub places: &'a [[u8; PLACE_BYTES]],
}

/// Which of the rows that tables hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Ordinary and dense ones.
    All,
    /// Ordinary ones only.
    Ordinary,
    /// Dense ones only.
    Dense,
}

impl Table<'_> {
    /// Where the places of a key start and end that hold such rows. Where it is not told which are dense, others may be
    /// among them: who asks looks at the rows, too.
    pub fn run(&self, key: usize, which: Which) -> (u32, u32) {
        let (start, end) = (self.starts[key], self.starts[key + 1]);
        let told = self.dense_starts.get(key).copied();
        match which {
            Which::All => (start, end),
            Which::Ordinary if told.is_none() && !self.is_long(start, end) => (start, end),
            Which::Ordinary => (start, told.unwrap_or_else(|| self.dense_start(start, end))),
            Which::Dense => (told.unwrap_or(start), end),
        }
    }

    /// Whether where the dense rows start is worth finding out.
    fn is_long(&self, start: u32, end: u32) -> bool {
        let rows = self.tags.len();
        let length = end.saturating_sub(start) as usize;
        (self.ordinary as usize) < rows && length > RUN_MIN.max(rows / KEYS * RUN_TIMES)
    }

    /// Where the first dense row lies: behind few others.
    fn dense_start(&self, start: u32, end: u32) -> u32 {
        let places = self.places.get(start as usize..end as usize).unwrap_or_default();
        start + first_from(places, 0, |place| row_at(place) >= self.ordinary) as u32
    }
}

/// The row that a place holds.
pub fn row_at([a, b, c]: [u8; PLACE_BYTES]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// Where the dense rows of a key start is worth finding out in a run of more, and of so many times the average.
const RUN_MIN: usize = 64;
const RUN_TIMES: usize = 2;

impl Segment {
    /// The segment that starts at `start` of `bytes`; `None` if they are too short for it.
    pub fn new(bytes: Arc<Bytes>, start: usize, layout: Layout) -> Option<Self> {
        let end = start.checked_add(layout.bytes())?;
        (end <= bytes.all().len()).then_some(Self { bytes, start, layout })
    }

    /// Its bytes, as they are written to disk.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes.all()[self.start..self.start + self.layout.bytes()]
    }

    /// Whether other processes share its memory.
    pub fn is_mapped(&self) -> bool {
        matches!(*self.bytes, Bytes::Mapped(_))
    }

    /// One section, as numbers of one width.
    pub fn section<T: Pod>(&self, section: Section) -> &[T] {
        bytemuck::cast_slice(&self.bytes()[self.layout.range(section)])
    }

    /// The halves of all codes.
    pub fn halves(&self) -> (&[Half], &[Half]) {
        (self.section(Section::Heads), self.section(Section::Tails))
    }

    /// Such rows of those that tables hold.
    pub fn rows(&self, which: Which) -> Range<usize> {
        let (ordinary, tabled) = (self.layout.ordinary(), self.layout.tabled());
        match which {
            Which::All => 0..tabled,
            Which::Ordinary => 0..ordinary,
            Which::Dense => ordinary..tabled,
        }
    }

    /// The tables that it has.
    pub fn tables(&self) -> Vec<Table<'_>> {
        let rows = self.layout.tabled();
        let starts: &[u32] = self.section(Section::Starts);
        let dense_starts: &[u32] = self.section(Section::DenseStarts);
        let tags: &[u16] = self.section(Section::Tags);
        let places: &[u8] = self.section(Section::Places);
        let (tag_stride, place_stride) = (Layout::tag_stride(rows), Layout::place_stride(rows));
        let table = |i: usize| {
            Some(Table {
                starts: starts[i * STARTS..].first_chunk()?,
                dense_starts: dense_starts.get(i * STARTS..(i + 1) * STARTS).unwrap_or_default(),
                ordinary: self.layout.ordinary() as u32,
                following: usize::from(self.layout.sizes.following[i]),
                tags: &tags[i * tag_stride..i * tag_stride + rows],
                places: places[i * place_stride..(i + 1) * place_stride].as_chunks().0,
            })
        };
        (0..self.layout.sizes.tables).filter_map(table).collect()
    }

    /// The entry with this id, by its number.
    pub fn find(&self, id: u64) -> Option<usize> {
        let ids: &[u64] = self.section(Section::Ids);
        let (ordinary, dense) = ids[..self.layout.tabled()].split_at(self.layout.ordinary());
        if let Ok(row) = ordinary.binary_search(&id) {
            return Some(row);
        }
        if let Ok(row) = dense.binary_search(&id) {
            return Some(ordinary.len() + row);
        }
        let by_id: &[u32] = self.section(Section::CrowdedById);
        if let Ok(found) = by_id.binary_search_by_key(&id, |row| ids[*row as usize]) {
            return Some(by_id[found] as usize);
        }
        let by_id: &[u32] = self.section(Section::ExtrasById);
        let ids: &[u64] = self.section(Section::ExtraIds);
        let found = by_id.binary_search_by_key(&id, |extra| ids[*extra as usize]).ok()?;
        Some(self.layout.sizes.rows + by_id[found] as usize)
    }

    /// Its crowds.
    pub fn crowds(&self) -> Crowds<'_> {
        Crowds {
            starts: self.section(Section::CrowdStarts),
            reaches_bits: self.section(Section::CrowdReaches),
            pivots: (self.section(Section::PivotHeads), self.section(Section::PivotTails)),
            column_starts: self.section(Section::ColumnStarts),
            columns: self.section(Section::Columns),
        }
    }

    /// Who holds what.
    pub fn holders(&self) -> Holders<'_> {
        Holders {
            halves: self.halves(),
            ids: self.section(Section::Ids),
            banks: self.section(Section::Banks),
            extra_rows: self.section(Section::ExtraRows),
            extra_ids: self.section(Section::ExtraIds),
            extra_banks: self.section(Section::ExtraBanks),
        }
    }
}

/// Rows near one another, crowd by crowd.
#[derive(Debug, Clone, Copy)]
pub struct Crowds<'a> {
    /// Where the rows of each start; one more for the end.
    starts: &'a [u32],
    /// The greatest distance from the pivot of each.
    pub reaches_bits: &'a [u32],
    /// The halves of their pivots.
    pub pivots: (&'a [Half], &'a [Half]),
    column_starts: &'a [u32],
    columns: &'a [u64],
}

impl<'a> Crowds<'a> {
    /// The rows of one.
    pub fn rows(&self, crowd: usize) -> Range<usize> {
        self.starts[crowd] as usize..self.starts[crowd + 1] as usize
    }

    /// What is looked at of one for a query, if it is large.
    pub fn look(&self, crowd: usize, query: &Code) -> Option<Look<'a>> {
        let words = |i: usize| self.column_starts[i] as usize * (ALIGNMENT / size_of::<u64>());
        let columns = &self.columns[words(crowd)..words(crowd + 1)];
        Look::new(columns, &joined(&self.pivots.0[crowd], &self.pivots.1[crowd]), query)
    }
}

fn joined(head: &Half, tail: &Half) -> Code {
    std::array::from_fn(|i| if i < head.len() { head[i] } else { tail[i - head.len()] })
}

/// The entries of a segment by their numbers.
#[derive(Debug, Clone, Copy)]
pub struct Holders<'a> {
    halves: (&'a [Half], &'a [Half]),
    ids: &'a [u64],
    banks: &'a [u32],
    extra_rows: &'a [u32],
    extra_ids: &'a [u64],
    extra_banks: &'a [u32],
}

impl Holders<'_> {
    /// Those that hold a row's code, in the order of their ids. `cursor` is where the extras of an earlier row were
    /// found, or 0: in a crowd many rows are asked for in their order, and the next is not far.
    pub fn of(&self, row: u32, cursor: &mut usize) -> impl Iterator<Item = usize> {
        let is_before = cursor.checked_sub(1).is_none_or(|last| self.extra_rows[last] < row);
        let start =
            first_from(self.extra_rows, if is_before { *cursor } else { 0 }, |one| one >= row);
        let end = first_from(self.extra_rows, start, |one| one > row);
        *cursor = start;
        let rows = self.ids.len();
        std::iter::once(row as usize).chain((start..end).map(move |extra| rows + extra))
    }

    /// The holders of some rows but for the first of each, with their rows, in the order of these.
    pub fn others(
        &self,
        rows: Range<usize>,
    ) -> impl ExactSizeIterator<Item = (u32, usize)> + use<'_> {
        let place = |row: usize| self.extra_rows.partition_point(|one| (*one as usize) < row);
        let extras = place(rows.start)..place(rows.end);
        extras.map(|extra| (self.extra_rows[extra], self.ids.len() + extra))
    }

    /// Id of an entry.
    pub fn id(&self, entry: usize) -> u64 {
        match entry.checked_sub(self.ids.len()) {
            Some(extra) => self.extra_ids[extra],
            None => self.ids[entry],
        }
    }

    /// Bank of an entry.
    pub fn bank(&self, entry: usize) -> u32 {
        match entry.checked_sub(self.banks.len()) {
            Some(extra) => self.extra_banks[extra],
            None => self.banks[entry],
        }
    }

    /// Code of an entry.
    pub fn code(&self, entry: usize) -> Code {
        let row = match entry.checked_sub(self.ids.len()) {
            Some(extra) => self.extra_rows[extra] as usize,
            None => entry,
        };
        joined(&self.halves.0[row], &self.halves.1[row])
    }
}

/// The first place from `from` on where a condition holds that holds for all after; the length if there is none.
/// Quick when the place is near.
fn first_from<T: Copy>(items: &[T], from: usize, holds: impl Fn(T) -> bool) -> usize {
    if items.get(from).is_none_or(|item| holds(*item)) {
        return from;
    }
    let (mut start, mut step) = (from + 1, 1);
    loop {
        let end = (start + step).min(items.len());
        if end == start || holds(items[end - 1]) {
            return start + items[start..end].partition_point(|item| !holds(*item));
        }
        (start, step) = (end, step * 2);
    }
}

/// A bit an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits(pub Vec<u64>);

impl Bits {
    /// Whether a bit is set.
    pub fn get(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| (word >> (place % 64)) & 1 == 1)
    }

    /// Sets or clears a bit.
    pub fn set(&mut self, place: usize, value: bool) {
        if let Some(word) = self.0.get_mut(place / 64) {
            let bit = 1 << (place % 64);
            *word = if value { *word | bit } else { *word & !bit };
        }
    }

    /// Number of bits that are set.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Where two sets differ.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        let words = self.0.iter().zip(&other.0).enumerate();
        words.filter(|(_, (left, right))| left != right).flat_map(|(i, (left, right))| {
            let word = left ^ right;
            (0..64).filter(move |bit| (word >> bit) & 1 == 1).map(move |bit| i * 64 + bit)
        })
    }
}
