//! Looking at a large crowd bit by bit: a column says in which rows one bit differs from the pivot's.
//! It refuses to be told of codes farther from the pivot than a crowd reaches.
//!
//! Let a query differ from the pivot in `n` bits, a row in `s`, and both of them in `t` of the same. Then the row is
//! `n + s - 2 t` bits from the query. So of 256 columns only the `n` matter in which the query differs, and seven more
//! that hold `s` as a binary number; they are added up for 64 rows in each word, without touching the codes.

use super::crowds::REACH_BITS_MAX;
use super::{CODE_BYTES, Code};
use crate::simd::{Level, Work, run_at};
use std::ops::Range;

/// Crowds of fewer rows have no columns: comparing their codes is quick enough.
const ROWS_MIN: usize = 4_096;
/// Digits of a number up to the greatest reach, and of a sum that may be less than nothing or twice as much.
const DIGITS: usize = 7;
const SUM_DIGITS: usize = DIGITS + 2;
const _: () = assert!(REACH_BITS_MAX < 1 << DIGITS);
const BITS: usize = CODE_BYTES * 8;
const COLUMNS: usize = BITS + DIGITS;
/// Words in which rows are looked at together.
const LANES: usize = 4;
/// Words of each column that are added up at once: what comes of it stays in the nearest cache.
const BLOCK_WORDS: usize = 128;
/// Columns are as long as whole lines of the cache.
const LINE_WORDS: usize = 8;
const WORD_BITS: usize = u64::BITS as usize;

type Word = [u64; LANES];

/// Lines of 64 bytes that the columns of a crowd take.
pub fn lines(rows: usize) -> usize {
    if rows < ROWS_MIN { 0 } else { rows.div_ceil(LINE_WORDS * WORD_BITS) * COLUMNS }
}

/// Fills the columns of a crowd, which are zero, with its rows.
pub fn fill<'a>(columns: &mut [u64], pivot: &Code, rows: impl Iterator<Item = &'a Code>) {
    let stride = columns.len() / COLUMNS;
    for (row, code) in rows.enumerate() {
        let (word, bit) = (row / WORD_BITS, 1_u64 << (row % WORD_BITS));
        let mut reach_bits = 0_usize;
        for column in differing(pivot, code) {
            columns[column * stride + word] |= bit;
            reach_bits += 1;
        }
        for digit in (0..DIGITS).filter(|digit| reach_bits >> digit & 1 == 1) {
            columns[(BITS + digit) * stride + word] |= bit;
        }
    }
}

/// The columns of a crowd that matter for a query.
pub struct Look<'a> {
    /// Those of bits in which the query differs from the pivot.
    differing: Vec<&'a [u64]>,
    /// Those that say in how many bits each row does.
    reaches: [&'a [u64]; DIGITS],
    /// In how many of the same bits each row of one block does, and where the block starts.
    both: Vec<[Word; DIGITS]>,
    block: Option<usize>,
}

impl<'a> Look<'a> {
    /// Columns as they were filled; `None` if the crowd has none.
    pub fn new(columns: &'a [u64], pivot: &Code, query: &Code) -> Option<Self> {
        let stride = columns.len() / COLUMNS;
        let column = |i: usize| &columns[i * stride..(i + 1) * stride];
        (stride > 0).then(|| Self {
            differing: differing(pivot, query).map(column).collect(),
            reaches: std::array::from_fn(|digit| column(BITS + digit)),
            both: vec![[[0; LANES]; DIGITS]; BLOCK_WORDS / LANES],
            block: None,
        })
    }

    /// Adds the rows within a distance of the query, ascending. The first of `rows` is a multiple of 1024, and there are
    /// no more of them; `from` is added to each.
    pub fn near(&mut self, rows: Range<usize>, within: u32, from: usize, near: &mut Vec<u32>) {
        self.near_at(Level::best(), rows, within, from, near);
    }

    fn near_at(
        &mut self,
        level: Level,
        rows: Range<usize>,
        within: u32,
        from: usize,
        near: &mut Vec<u32>,
    ) {
        let words = rows.start / WORD_BITS..rows.end.div_ceil(WORD_BITS);
        let block = words.start / BLOCK_WORDS * BLOCK_WORDS;
        if self.block.replace(block) != Some(block) {
            run_at(level, AddUp { differing: &self.differing, block, both: &mut self.both });
        }
        for start in words.step_by(LANES) {
            let found = self.near_bits(start, &self.both[(start - block) / LANES], within);
            for (word, mut bits) in (start..).zip(found) {
                while bits != 0 {
                    let row = word * WORD_BITS + bits.trailing_zeros() as usize;
                    if row < rows.end {
                        near.push((from + row) as u32);
                    }
                    bits &= bits - 1;
                }
            }
        }
    }

    fn near_bits(&self, start: usize, both: &[Word; DIGITS], within: u32) -> Word {
        // Within, if twice that, less what the row differs in, is no less than what the query differs in beyond.
        let beyond = (self.differing.len() as i64 - i64::from(within)).clamp(-127, 127);
        let mut sum: [Word; SUM_DIGITS] = std::array::from_fn(|i| match i.checked_sub(1) {
            Some(digit) if digit < DIGITS => both[digit],
            _ => [0; LANES],
        });
        subtract(&mut sum, |digit| {
            self.reaches.get(digit).map_or([0; LANES], |one| read(one, start))
        });
        subtract(&mut sum, |digit| [0_u64.wrapping_sub((beyond >> digit & 1) as u64); LANES]);
        sum[SUM_DIGITS - 1].map(|is_less| !is_less)
    }
}

/// Adding up the columns of one block, a few at a time from end to end, as memory is read the quickest.
struct AddUp<'a, 'b> {
    differing: &'b [&'a [u64]],
    block: usize,
    both: &'b mut [[Word; DIGITS]],
}

impl Work for AddUp<'_, '_> {
    type Outcome = ();

    #[inline(always)]
    fn run(self) {
        self.both.fill([[0; LANES]; DIGITS]);
        let (sevens, rest) = self.differing.as_chunks::<7>();
        for seven in sevens {
            for (both, start) in self.both.iter_mut().zip((self.block..).step_by(LANES)) {
                let [a, b, c, d, e, f, g] = seven.each_ref().map(|column| read(column, start));
                let (ones, twos) = add(a, b, c);
                let (ones, more_twos) = add(ones, d, e);
                let (ones, most_twos) = add(ones, f, g);
                let (twos, fours) = add(twos, more_twos, most_twos);
                add_to(both, [ones, twos, fours]);
            }
        }
        for one in rest {
            for (both, start) in self.both.iter_mut().zip((self.block..).step_by(LANES)) {
                add_to(both, [read(one, start)]);
            }
        }
    }
}

/// Some words of a column; beyond its end, zeros.
#[inline(always)]
fn read(column: &[u64], start: usize) -> Word {
    column.get(start..).and_then(|words| words.first_chunk()).copied().unwrap_or_default()
}

/// The places of the bits in which two codes differ, ascending.
fn differing(left: &Code, right: &Code) -> impl Iterator<Item = usize> {
    let bytes: Code = std::array::from_fn(|i| left[i] ^ right[i]);
    bytes.into_iter().enumerate().flat_map(|(i, byte)| {
        (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| i * 8 + bit)
    })
}

/// The sum of three, in two digits.
#[inline(always)]
fn add(a: Word, b: Word, c: Word) -> (Word, Word) {
    let differ: Word = std::array::from_fn(|i| a[i] ^ b[i]);
    let ones = std::array::from_fn(|i| differ[i] ^ c[i]);
    (ones, std::array::from_fn(|i| (a[i] & b[i]) | (differ[i] & c[i])))
}

/// Adds a number of a few digits, the last first.
#[inline(always)]
fn add_to<const N: usize>(sum: &mut [Word; DIGITS], number: [Word; N]) {
    let mut carry = [0; LANES];
    for digit in 0..DIGITS {
        let other = if digit < N { number[digit] } else { [0; LANES] };
        (sum[digit], carry) = add(sum[digit], other, carry);
    }
}

/// Subtracts a number; the last digit of a result below zero is one.
#[inline(always)]
fn subtract(sum: &mut [Word; SUM_DIGITS], digit_of: impl Fn(usize) -> Word) {
    let mut carry = [u64::MAX; LANES];
    for (digit, place) in sum.iter_mut().enumerate() {
        (*place, carry) = add(*place, digit_of(digit).map(|bits| !bits), carry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::hamming::{half_distance_bits, halves};

    #[test]
    fn columns_find_what_comparing_codes_finds() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut flipped = |code: &Code, flips: usize| {
            let mut code = *code;
            for _ in 0..flips {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let bit = (state >> 40) as usize % BITS;
                code[bit / 8] ^= 1 << (bit % 8);
            }
            code
        };
        let pivot: Code = std::array::from_fn(|i| (i * 37) as u8);
        let codes: Vec<Code> =
            (0..5_000).map(|i| flipped(&pivot, i % (REACH_BITS_MAX as usize + 1))).collect();
        let mut columns = vec![0; lines(codes.len()) * LINE_WORDS];
        fill(&mut columns, &pivot, codes.iter());
        let distance_bits = |left: &Code, right: &Code| {
            let (left, right) = (halves(left), halves(right));
            half_distance_bits(&left.0, &right.0) + half_distance_bits(&left.1, &right.1)
        };
        for flips in [0, 1, 6, 7, 8, 20, 31, 64, 100, 128, 300] {
            let query = flipped(&pivot, flips);
            let mut look = Look::new(&columns, &pivot, &query).expect("the crowd is large");
            for within in [0, 1, 17, 31, 64] {
                let is_near = |row: &u32| distance_bits(&codes[*row as usize], &query) <= within;
                let expected: Vec<u32> =
                    (0..codes.len() as u32).filter(is_near).map(|row| row + 9).collect();
                for level in Level::all() {
                    look.block = None;
                    let mut near = Vec::new();
                    for start in (0..codes.len()).step_by(1_024) {
                        let rows = start..codes.len().min(start + 1_024);
                        look.near_at(level, rows, within, 9, &mut near);
                    }
                    assert_eq!(near, expected, "{level:?}, {flips} flips, within {within}");
                }
            }
        }
        assert!(Look::new(&[], &pivot, &pivot).is_none());
    }
}
