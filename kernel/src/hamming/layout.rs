//! Where everything of a segment lies, in memory as on disk, so that a file can be mapped as it is.
//! It refuses sizes that no segment has.
//!
//! A segment holds distinct codes ("rows"): ordinary ones in the order of their smallest id, in the same order those
//! that are dense (see `dense`), then crowd by crowd those that are near one another. Entry `i` under the number of
//! rows is the first holder of row `i`, the others are "extras", ordered by row, then id. All numbers are little-endian;
//! every section starts at a multiple of 64 bytes.

use super::CODE_BYTES;
use super::plan::Following;
use std::ops::Range;

/// Parts of 16 bits that a code has, each of which may have a table.
pub const PARTS: usize = CODE_BYTES / 2;
/// Different values of a part.
pub const KEYS: usize = 1 << 16;
/// Most rows a segment may have: a place in a table is written in three bytes.
pub const ROWS_MAX: usize = 1 << 24;
/// Bytes of a place in a table.
pub const PLACE_BYTES: usize = 3;
/// Every section starts at a multiple of this.
pub const ALIGNMENT: usize = 64;
/// Numbers of a table's starts: one a key, the end, and padding.
pub const STARTS: usize = KEYS + ALIGNMENT / size_of::<u32>();

/// One section of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Section {
    /// The sizes: numbers of 64 bits.
    Header,
    /// A bit an entry: it was not removed.
    Alive,
    /// A bit an entry: it may be found.
    Visible,
    /// First halves of codes.
    Heads,
    /// Second halves.
    Tails,
    /// Ids of the first holders, 64 bits each; those of ordinary rows ascend, and those of dense ones.
    Ids,
    /// Banks of the first holders, 32 bits each.
    Banks,
    /// Rows of the extras, 32 bits each.
    ExtraRows,
    /// Ids of the extras.
    ExtraIds,
    /// Banks of the extras.
    ExtraBanks,
    /// Numbers of the extras in the order of their ids, 32 bits each.
    ExtrasById,
    /// Rows of the crowds in the order of their ids, 32 bits each.
    CrowdedById,
    /// For each crowd where its rows start, 32 bits each; one more for the end.
    CrowdStarts,
    /// For each crowd the greatest distance from its pivot, 32 bits each.
    CrowdReaches,
    /// First halves of the pivots.
    PivotHeads,
    /// Second halves.
    PivotTails,
    /// For each crowd where its columns start, in lines of 64 bytes, 32 bits each; one more for the end.
    ColumnStarts,
    /// Columns of large crowds: which rows differ from the pivot in a bit; see `columns`.
    Columns,
    /// For each table and key, where its run of rows starts; 32 bits each.
    Starts,
    /// For each table and key, where its dense rows start, if the layout has that; 32 bits each.
    DenseStarts,
    /// For each table and place, the part of the code that follows the table's in its ring; 16 bits each.
    Tags,
    /// For each table and place, the row; three bytes each. Under one key they ascend.
    Places,
}

const SECTIONS: usize = Section::Places as usize + 1;

/// Numbers that say everything about where the sections of a segment lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Distinct codes.
    pub rows: usize,
    /// Entries beyond the first of each row.
    pub extras: usize,
    /// Parts that have a table: 0..=16.
    pub tables: usize,
    /// Rows that are dense.
    pub dense: usize,
    /// Tables that say where the dense rows of each key start: all or none.
    pub dense_starts: usize,
    /// Rows that lie in crowds.
    pub crowded: usize,
    /// Crowds.
    pub crowds: usize,
    /// Lines of 64 bytes that their columns take.
    pub lines: usize,
    /// In which rings parts stand: which of them are the tags of which table.
    pub following: Following,
}

impl Sizes {
    /// Bytes of the header: the numbers, and the rings.
    pub const BYTES: usize = 80;

    /// As the header has them.
    pub fn to_words(self) -> [u64; Self::BYTES / 8] {
        let Self { rows, extras, tables, dense, dense_starts, crowded, crowds, lines, following } =
            self;
        let mut words = [0; Self::BYTES / 8];
        let (numbers, rings) = words.split_at_mut(8);
        let sizes = [rows, extras, tables, dense, dense_starts, crowded, crowds, lines];
        numbers.copy_from_slice(&sizes.map(|size| size as u64));
        rings.copy_from_slice(&bytemuck::cast::<Following, [u64; 2]>(following));
        words
    }

    /// From the header.
    pub fn from_words(words: [u64; Self::BYTES / 8]) -> Self {
        let [numbers @ .., first, second] = words;
        let [rows, extras, tables, dense, dense_starts, crowded, crowds, lines] =
            numbers.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        let following = bytemuck::cast([first, second]);
        Self { rows, extras, tables, dense, dense_starts, crowded, crowds, lines, following }
    }
}

/// The sizes of a segment and where its sections lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Its sizes.
    pub sizes: Sizes,
    starts: [usize; SECTIONS],
    lengths: [usize; SECTIONS],
}

impl Layout {
    /// The layout for these sizes; `None` if no segment has them.
    pub fn new(sizes: Sizes) -> Option<Self> {
        let Sizes {
            rows,
            extras,
            tables,
            dense,
            dense_starts,
            crowded,
            crowds,
            lines,
            mut following,
        } = sizes;
        let entries = rows.checked_add(extras)?;
        let tabled = rows.checked_sub(crowded)?;
        following.sort_unstable();
        if rows > ROWS_MAX
            || dense > tabled
            || extras > u32::MAX as usize / 2
            || tables > PARTS
            || (dense_starts != 0 && dense_starts != tables)
            || crowds > crowded
            || lines > u32::MAX as usize
            || following != std::array::from_fn(|part| part as u8)
        {
            return None;
        }
        let bits = entries.div_ceil(64) * 8;
        let lengths = [
            Sizes::BYTES,
            bits,
            bits,
            rows * 16,
            rows * 16,
            rows * 8,
            rows * 4,
            extras * 4,
            extras * 8,
            extras * 4,
            extras * 4,
            crowded * 4,
            (crowds + 1) * 4,
            crowds * 4,
            crowds * 16,
            crowds * 16,
            (crowds + 1) * 4,
            lines * ALIGNMENT,
            tables * STARTS * 4,
            dense_starts * STARTS * 4,
            tables * Self::tag_stride(tabled) * 2,
            tables * Self::place_stride(tabled),
        ];
        let mut starts = [0; SECTIONS];
        let mut next = 0;
        for (start, length) in starts.iter_mut().zip(lengths) {
            *start = next;
            next += length.next_multiple_of(ALIGNMENT);
        }
        Some(Self { sizes, starts, lengths })
    }

    /// Number of entries.
    pub fn entries(&self) -> usize {
        self.sizes.rows + self.sizes.extras
    }

    /// Number of rows that lie in no crowd: those before, which tables hold if there are any.
    pub fn tabled(&self) -> usize {
        self.sizes.rows - self.sizes.crowded
    }

    /// Number of those that are not dense: the first.
    pub fn ordinary(&self) -> usize {
        self.tabled() - self.sizes.dense
    }

    /// Where a section lies, in bytes.
    pub fn range(&self, section: Section) -> Range<usize> {
        let start = self.starts[section as usize];
        start..start + self.lengths[section as usize]
    }

    /// Length of the whole segment.
    pub fn bytes(&self) -> usize {
        self.range(Section::Places).end.next_multiple_of(ALIGNMENT)
    }

    /// Tags from one table to the next.
    pub fn tag_stride(rows: usize) -> usize {
        rows.next_multiple_of(ALIGNMENT / 2)
    }

    /// Bytes of places from one table to the next.
    pub fn place_stride(rows: usize) -> usize {
        (rows * PLACE_BYTES).next_multiple_of(ALIGNMENT)
    }
}
