//! The scan with 512 bits and population counts of 64 bits.

use super::{BLOCK, Half, Hit, Planes, Task, Whole, drive};
use std::arch::x86_64::*;

/// Codes in one register of sums.
const LANES: usize = 8;

/// How eight codes are read, four halves in each register.
pub trait Codes: super::Codes {
    /// Their first halves.
    ///
    /// # Safety
    /// There are eight codes at `place`, and the processor has these instructions.
    unsafe fn heads(self, place: usize) -> [__m512i; 2];
    /// Their second halves.
    ///
    /// # Safety
    /// As above.
    unsafe fn tails(self, place: usize) -> [__m512i; 2];
}

impl Codes for Planes<'_> {
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn heads(self, place: usize) -> [__m512i; 2] {
        // SAFETY: as the caller says.
        unsafe { lines(self.heads, place) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn tails(self, place: usize) -> [__m512i; 2] {
        // SAFETY: there are as many tails as heads.
        unsafe { lines(self.tails, place) }
    }
}

impl Codes for Whole<'_> {
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn heads(self, place: usize) -> [__m512i; 2] {
        // SAFETY: as the caller says.
        let [a, b, c, d] = unsafe { lines(self.0, place) };
        [_mm512_shuffle_i64x2::<0b10_00_10_00>(a, b), _mm512_shuffle_i64x2::<0b10_00_10_00>(c, d)]
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn tails(self, place: usize) -> [__m512i; 2] {
        // SAFETY: as the caller says.
        let [a, b, c, d] = unsafe { lines(self.0, place) };
        [_mm512_shuffle_i64x2::<0b11_01_11_01>(a, b), _mm512_shuffle_i64x2::<0b11_01_11_01>(c, d)]
    }
}

/// The registers that eight items fill.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn lines<T, const LINES: usize>(items: &[T], place: usize) -> [__m512i; LINES] {
    debug_assert!(LANES * size_of::<T>() == LINES * 64 && place + LANES <= items.len());
    let mut lines = [_mm512_setzero_si512(); LINES];
    for (i, line) in lines.iter_mut().enumerate() {
        // SAFETY: the caller has eight items at the place.
        *line = unsafe { _mm512_loadu_si512(items.as_ptr().add(place).cast::<__m512i>().add(i)) };
    }
    lines
}

/// Adds what is near to `hits`.
///
/// # Safety
/// The processor has these instructions.
#[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq,avx512bitalg,popcnt,bmi1")]
pub unsafe fn scan<C: Codes>(codes: C, task: &Task, hits: &mut Vec<Hit>) {
    let (head, tail) = (repeat(&task.query.0), repeat(&task.query.1));
    let limit = _mm512_set1_epi64(i64::from(task.distance_bits_max));
    let by_heads = |start| {
        // SAFETY: whole blocks are asked for.
        near(limit, |place| unsafe { distances(codes.heads(place), head) }, start)
    };
    let by_both = |start| {
        let both = |place| {
            // SAFETY: as above.
            let (heads, tails) = unsafe { (codes.heads(place), codes.tails(place)) };
            _mm512_add_epi64(distances(heads, head), distances(tails, tail))
        };
        near(limit, both, start)
    };
    drive(codes, task, by_heads, by_both, hits);
}

/// Which of a block are near: the lowest bit is the first.
#[inline]
#[target_feature(enable = "avx512f")]
fn near(limit: __m512i, distances: impl Fn(usize) -> __m512i, start: usize) -> u32 {
    let mut near = 0;
    for group in 0..BLOCK / LANES {
        let sums = distances(start + group * LANES);
        near |= u32::from(_mm512_cmple_epu64_mask(sums, limit)) << (group * LANES);
    }
    if near == 0 { 0 } else { in_order(near) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn repeat(half: &Half) -> __m512i {
    let value = u128::from_le_bytes(*half);
    let (low, high) = (value as i64, (value >> 64) as i64);
    _mm512_set_epi64(high, low, high, low, high, low, high, low)
}

/// Distances of eight halves, in the order 0, 4, 1, 5, 2, 6, 3, 7.
#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn distances([first, second]: [__m512i; 2], query: __m512i) -> __m512i {
    let first = _mm512_popcnt_epi64(_mm512_xor_si512(first, query));
    let second = _mm512_popcnt_epi64(_mm512_xor_si512(second, query));
    _mm512_add_epi64(_mm512_unpacklo_epi64(first, second), _mm512_unpackhi_epi64(first, second))
}

/// Puts the bits of each byte from that order into their own.
fn in_order(mut bits: u32) -> u32 {
    let turned = (bits ^ (bits >> 1)) & 0x2222_2222;
    bits ^= turned ^ (turned << 1);
    let turned = (bits ^ (bits >> 2)) & 0x0C0C_0C0C;
    bits ^ turned ^ (turned << 2)
}
