//! Making segments from entries: identical codes once, then a table a part.
//! It refuses nothing: more entries than fit one segment become several.

use super::Code;
use super::columns;
use super::crowds::{Crowd, crowds};
use super::dense::Dense;
use super::layout::{ALIGNMENT, KEYS, Layout, PLACE_BYTES, ROWS_MAX, STARTS, Section, Sizes};
use super::segment::{Bytes, Private, Segment};
use crate::simd::hamming::Half;
use bytemuck::Pod;
use std::io;
use std::sync::{Arc, Mutex};
use std::thread;

/// An entry on its way into a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Whose code; unique.
    pub id: u64,
    /// The code.
    pub code: Code,
    /// The bank it belongs to.
    pub bank: u32,
    /// Whether it may be found.
    pub enabled: bool,
}

/// How segments are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Parts that get a table: 1..=16.
    pub tables: usize,
    /// Segments of fewer rows get none: they are scanned.
    pub tables_rows_min: usize,
}

/// From so many rows on for each that a segment needs to have tables, and from such a share of dense ones, tables say
/// where those start: scanning them takes long, and half a byte a row is little.
const DENSE_TOLD_TIMES: usize = 1_024;
const DENSE_TOLD_SHARE: usize = 32;

impl Shape {
    fn tells_dense(self, dense: usize, rows: usize) -> bool {
        dense > rows / DENSE_TOLD_SHARE
            && rows >= self.tables_rows_min.saturating_mul(DENSE_TOLD_TIMES)
    }
}

/// Segments of all entries, whose ids are unique; an error when there is no memory for them.
pub fn build(mut entries: Vec<Entry>, shape: Shape, threads: usize) -> io::Result<Vec<Segment>> {
    if !entries.is_sorted_by_key(|entry| entry.id) {
        entries.sort_by_key(|entry| entry.id); // stable: quick on runs that are sorted already
    }
    entries.chunks(ROWS_MAX).map(|entries| build_one(entries, shape, threads)).collect()
}

fn build_one(entries: &[Entry], shape: Shape, threads: usize) -> io::Result<Segment> {
    let mut holders = Holders::of(entries);
    let rows = holders.firsts.len();
    let has_tables = |rows| rows >= shape.tables_rows_min.max(1);
    let crowds = if has_tables(rows) {
        crowds(rows, |row| &entries[holders.firsts[row] as usize].code)
    } else {
        Vec::new() // all rows are scanned
    };
    let tabled = outside(&crowds, rows);
    let dense = if has_tables(tabled.len()) {
        Dense::among(&tabled, |row| &entries[holders.firsts[row as usize] as usize].code)
    } else {
        Dense::none()
    };
    let sizes = Sizes {
        rows,
        extras: holders.extras.len(),
        tables: if has_tables(tabled.len()) { shape.tables } else { 0 },
        dense: dense.rows.len(),
        dense_starts: if shape.tells_dense(dense.rows.len(), tabled.len()) {
            shape.tables
        } else {
            0
        },
        crowded: rows - tabled.len(),
        crowds: crowds.len(),
        lines: crowds.iter().map(|crowd| columns::lines(crowd.members.len())).sum(),
        following: dense.following,
    };
    let layout = Layout::new(sizes).ok_or(io::ErrorKind::OutOfMemory)?;
    let mut bytes = Private::zeroed(layout.bytes())?;
    fill_crowds(bytes.all_mut(), &layout, |row| &entries[holders.firsts[row] as usize], &crowds);
    if !crowds.is_empty() || !dense.rows.is_empty() {
        holders.put_last(&tabled, &dense, &crowds);
    }
    fill(bytes.all_mut(), &layout, entries, &holders);
    fill_tables(bytes.all_mut(), &layout, threads);
    let segment = Segment::new(Arc::new(Bytes::Private(bytes)), 0, layout);
    segment.ok_or_else(|| io::ErrorKind::OutOfMemory.into())
}

/// Which entries share a code.
struct Holders {
    /// The first entry of each row.
    firsts: Vec<u32>,
    /// (row, entry) of the others, in this order.
    extras: Vec<(u32, u32)>,
}

impl Holders {
    fn of(entries: &[Entry]) -> Self {
        let mut order: Vec<(u64, u32)> =
            entries.iter().zip(0..).map(|(entry, i)| (fold(&entry.code), i)).collect();
        order.sort_unstable();
        let mut is_first = vec![true; entries.len()];
        let mut copies = Vec::new(); // (first entry, entry)
        for run in order.chunk_by_mut(|left, right| left.0 == right.0) {
            if run.len() == 1 {
                continue;
            }
            // Equal folds are nearly always equal codes, but only nearly.
            run.sort_unstable_by_key(|(_, i)| (entries[*i as usize].code, *i));
            let code = |one: &(u64, u32)| entries[one.1 as usize].code;
            for same in run.chunk_by(|left, right| code(left) == code(right)) {
                for (_, copy) in &same[1..] {
                    is_first[*copy as usize] = false;
                    copies.push((same[0].1, *copy));
                }
            }
        }
        copies.sort_unstable();
        let firsts = (0..).zip(&is_first).filter(|one| *one.1).map(|one| one.0).collect();
        Self { extras: with_rows(&is_first, &copies), firsts }
    }

    /// Moves dense ones of the rows outside crowds behind the others, and those of crowds behind all.
    fn put_last(&mut self, tabled: &[u32], dense: &Dense, crowds: &[Crowd]) {
        let mut is_dense = vec![false; self.firsts.len()];
        dense.rows.iter().for_each(|row| is_dense[*row as usize] = true);
        let ordinary = tabled.iter().filter(|row| !is_dense[**row as usize]);
        let members = crowds.iter().flat_map(|crowd| &crowd.members);
        let order: Vec<u32> = ordinary.chain(&dense.rows).chain(members).copied().collect();
        let mut moved_to = vec![0; order.len()];
        (0..).zip(&order).for_each(|(to, row)| moved_to[*row as usize] = to);
        self.firsts = order.iter().map(|row| self.firsts[*row as usize]).collect();
        self.extras.iter_mut().for_each(|(row, _)| *row = moved_to[*row as usize]);
        self.extras.sort_unstable();
    }
}

/// The rows that lie in no crowd, ascending.
fn outside(crowds: &[Crowd], rows: usize) -> Vec<u32> {
    let mut is_crowded = vec![false; rows];
    let members = crowds.iter().flat_map(|crowd| &crowd.members);
    members.for_each(|row| is_crowded[*row as usize] = true);
    (0..rows as u32).filter(|row| !is_crowded[*row as usize]).collect()
}

/// Turns the numbers of first entries, ascending, into rows.
fn with_rows(is_first: &[bool], copies: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let (mut row, mut seen) = (0, 0);
    let place = |(first, copy): &(u32, u32)| {
        row += is_first[seen..*first as usize].iter().filter(|one| **one).count();
        seen = *first as usize;
        (row as u32, *copy)
    };
    copies.iter().map(place).collect()
}

fn fold(code: &Code) -> u64 {
    let (words, _) = code.as_chunks::<8>();
    words.iter().fold(0, |sum: u64, word| {
        (sum.rotate_left(29) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    })
}

fn fill(bytes: &mut [u8], layout: &Layout, entries: &[Entry], holders: &Holders) {
    section_mut::<u64>(bytes, layout, Section::Header).copy_from_slice(&layout.sizes.to_words());
    let firsts = || holders.firsts.iter().map(|i| &entries[*i as usize]);
    let extras = || holders.extras.iter().map(|(_, i)| &entries[*i as usize]);

    set_bits(section_mut(bytes, layout, Section::Alive), firsts().chain(extras()).map(|_| true));
    let enabled = firsts().chain(extras()).map(|entry| entry.enabled);
    set_bits(section_mut(bytes, layout, Section::Visible), enabled);
    put(bytes, layout, Section::Heads, firsts().map(|one| half(&one.code, 0)));
    put(bytes, layout, Section::Tails, firsts().map(|one| half(&one.code, 16)));
    put(bytes, layout, Section::Ids, firsts().map(|one| one.id));
    put(bytes, layout, Section::Banks, firsts().map(|one| one.bank));
    put(bytes, layout, Section::ExtraRows, holders.extras.iter().map(|(row, _)| *row));
    put(bytes, layout, Section::ExtraIds, extras().map(|one| one.id));
    put(bytes, layout, Section::ExtraBanks, extras().map(|one| one.bank));
    let mut by_id: Vec<u32> = (0..layout.sizes.extras as u32).collect();
    by_id.sort_unstable_by_key(|extra| holders.extras[*extra as usize].1);
    put(bytes, layout, Section::ExtrasById, by_id.into_iter());
    let mut by_id: Vec<u32> = (layout.tabled() as u32..layout.sizes.rows as u32).collect();
    by_id.sort_unstable_by_key(|row| holders.firsts[*row as usize]);
    put(bytes, layout, Section::CrowdedById, by_id.into_iter());
}

/// What is told of crowds whose members are still where they were found; `row` gives one's first entry.
fn fill_crowds<'a>(
    bytes: &mut [u8],
    layout: &Layout,
    row: impl Fn(usize) -> &'a Entry,
    crowds: &[Crowd],
) {
    let mut next = layout.tabled() as u32;
    let ends = crowds.iter().map(|crowd| {
        next += crowd.members.len() as u32;
        next
    });
    let starts = std::iter::once(layout.tabled() as u32).chain(ends);
    put(bytes, layout, Section::CrowdStarts, starts);
    put(bytes, layout, Section::CrowdReaches, crowds.iter().map(|crowd| crowd.reach_bits));
    let pivots = || crowds.iter().map(|crowd| &row(crowd.pivot as usize).code);
    put(bytes, layout, Section::PivotHeads, pivots().map(|code| half(code, 0)));
    put(bytes, layout, Section::PivotTails, pivots().map(|code| half(code, 16)));
    let mut end = 0;
    let ends = crowds.iter().map(|crowd| {
        end += columns::lines(crowd.members.len()) as u32;
        end
    });
    put(bytes, layout, Section::ColumnStarts, std::iter::once(0).chain(ends));
    let mut left = section_mut::<u64>(bytes, layout, Section::Columns);
    for crowd in crowds {
        let words = columns::lines(crowd.members.len()) * (ALIGNMENT / size_of::<u64>());
        let columns;
        (columns, left) = left.split_at_mut(words);
        let members = crowd.members.iter().map(|member| &row(*member as usize).code);
        if words > 0 {
            columns::fill(columns, &row(crowd.pivot as usize).code, members);
        }
    }
}

fn section_mut<'a, T: Pod>(bytes: &'a mut [u8], layout: &Layout, section: Section) -> &'a mut [T] {
    bytemuck::cast_slice_mut(&mut bytes[layout.range(section)])
}

fn put<T: Pod>(
    bytes: &mut [u8],
    layout: &Layout,
    section: Section,
    items: impl Iterator<Item = T>,
) {
    let places = section_mut::<T>(bytes, layout, section);
    places.iter_mut().zip(items).for_each(|(place, item)| *place = item);
}

fn set_bits(words: &mut [u64], bits: impl Iterator<Item = bool>) {
    for (i, bit) in bits.enumerate() {
        words[i / 64] |= u64::from(bit) << (i % 64);
    }
}

fn half(code: &Code, start: usize) -> Half {
    std::array::from_fn(|i| code[start + i])
}

/// What one table is made of.
struct Work<'a> {
    part: usize,
    starts: &'a mut [u32],
    dense_starts: &'a mut [u32],
    tags: &'a mut [u16],
    places: &'a mut [u8],
}

fn fill_tables(bytes: &mut [u8], layout: &Layout, threads: usize) {
    if layout.sizes.tables == 0 {
        return;
    }
    let rows = layout.tabled();
    let (codes, tables) = bytes.split_at_mut(layout.range(Section::Starts).start);
    let mut left = tables;
    let [starts, dense_starts, tags, places] =
        [Section::Starts, Section::DenseStarts, Section::Tags, Section::Places].map(|section| {
            let length = layout.range(section).len().next_multiple_of(ALIGNMENT);
            left.split_off_mut(..length).unwrap_or_default()
        });
    let [heads, tails] = [Section::Heads, Section::Tails].map(|section| {
        let halves: &[Half] = bytemuck::cast_slice(&codes[layout.range(section)]);
        &halves[..rows]
    });
    let told = bytemuck::cast_slice_mut(dense_starts).chunks_exact_mut(STARTS);
    let works = bytemuck::cast_slice_mut(starts)
        .chunks_exact_mut(STARTS)
        .zip(told.chain(std::iter::repeat_with(Default::default)))
        .zip(bytemuck::cast_slice_mut(tags).chunks_exact_mut(Layout::tag_stride(rows)))
        .zip(places.chunks_exact_mut(Layout::place_stride(rows)))
        .enumerate()
        .map(|(part, (((starts, dense_starts), tags), places))| Work {
            part,
            starts,
            dense_starts,
            tags,
            places,
        });
    let works = Mutex::new(works.collect::<Vec<_>>());
    let next = || works.lock().ok().and_then(|mut works| works.pop());
    let work = || {
        while let Some(work) = next() {
            fill_table(work, layout, heads, tails);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

/// A counting sort of the rows by one part.
fn fill_table(work: Work<'_>, layout: &Layout, heads: &[Half], tails: &[Half]) {
    let Work { part, starts, dense_starts, tags, places } = work;
    let following = usize::from(layout.sizes.following[part]);
    let keys = || heads.iter().zip(tails).map(move |halves| part_of(halves, part));
    for key in keys() {
        starts[key as usize + 1] += 1;
    }
    for key in 0..KEYS {
        starts[key + 1] += starts[key];
    }
    if !dense_starts.is_empty() {
        dense_starts[..KEYS].copy_from_slice(&starts[1..=KEYS]);
        keys().skip(layout.ordinary()).for_each(|key| dense_starts[key as usize] -= 1);
    }
    let mut next = starts[..KEYS].to_vec();
    let (places, _) = places.as_chunks_mut::<PLACE_BYTES>();
    for (row, halves) in (0_u32..).zip(heads.iter().zip(tails)) {
        let place = &mut next[part_of(halves, part) as usize];
        tags[*place as usize] = part_of(halves, following);
        let [a, b, c, _] = row.to_le_bytes();
        places[*place as usize] = [a, b, c];
        *place += 1;
    }
}

const HALF_PARTS: usize = size_of::<Half>() / 2;

fn part_of((head, tail): (&Half, &Half), part: usize) -> u16 {
    let half = if part < HALF_PARTS { head } else { tail };
    let place = part % HALF_PARTS * 2;
    u16::from_le_bytes([half[place], half[place + 1]])
}
