//! The scan with 256 bits, counting by a table look-up for every four bits.

use super::{BLOCK, Half, Hit, Planes, Task, Whole, drive};
use std::arch::x86_64::*;

/// Codes in one register of sums.
const LANES: usize = 8;

/// How two codes are read.
pub trait Codes: super::Codes {
    /// Their first halves.
    ///
    /// # Safety
    /// There are two codes at `place`, and the processor has these instructions.
    unsafe fn heads(self, place: usize) -> __m256i;
    /// Their second halves.
    ///
    /// # Safety
    /// As above.
    unsafe fn tails(self, place: usize) -> __m256i;
}

impl Codes for Planes<'_> {
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn heads(self, place: usize) -> __m256i {
        // SAFETY: as the caller says.
        unsafe { two(self.heads, place) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn tails(self, place: usize) -> __m256i {
        // SAFETY: there are as many tails as heads.
        unsafe { two(self.tails, place) }
    }
}

impl Codes for Whole<'_> {
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn heads(self, place: usize) -> __m256i {
        // SAFETY: as the caller says.
        let (first, second) = unsafe { (one(self.0, place), one(self.0, place + 1)) };
        _mm256_permute2x128_si256::<0x20>(first, second)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn tails(self, place: usize) -> __m256i {
        // SAFETY: as the caller says.
        let (first, second) = unsafe { (one(self.0, place), one(self.0, place + 1)) };
        _mm256_permute2x128_si256::<0x31>(first, second)
    }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn two(halves: &[Half], place: usize) -> __m256i {
    debug_assert!(place + 2 <= halves.len());
    // SAFETY: the caller has two halves of 16 bytes there.
    unsafe { _mm256_loadu_si256(halves.as_ptr().add(place).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn one(codes: &[super::Bits], place: usize) -> __m256i {
    debug_assert!(place < codes.len());
    // SAFETY: the caller has a code of 32 bytes there.
    unsafe { _mm256_loadu_si256(codes.as_ptr().add(place).cast()) }
}

/// Adds what is near to `hits`.
///
/// # Safety
/// The processor has these instructions.
#[target_feature(enable = "avx2,popcnt,bmi1")]
pub unsafe fn scan<C: Codes>(codes: C, task: &Task, hits: &mut Vec<Hit>) {
    let query = Query {
        head: repeat(&task.query.0),
        tail: repeat(&task.query.1),
        limit: _mm256_set1_epi32(task.distance_bits_max as i32),
    };
    // SAFETY: whole blocks are asked for.
    let by_heads = |start| unsafe { near::<C, false>(codes, &query, start) };
    // SAFETY: as above.
    let by_both = |start| unsafe { near::<C, true>(codes, &query, start) };
    drive(codes, task, by_heads, by_both, hits);
}

/// What is looked for, twice side by side, and how far it may be.
struct Query {
    head: __m256i,
    tail: __m256i,
    limit: __m256i,
}

/// Which of a block are near, by both halves or the first: the lowest bit is the first code.
///
/// # Safety
/// There is a block at `start`, and the processor has these instructions.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn near<C: Codes, const BOTH: bool>(codes: C, query: &Query, start: usize) -> u32 {
    let mut far = 0;
    for group in 0..BLOCK / LANES {
        let place = start + group * LANES;
        // SAFETY: as the caller says.
        let (first, second) = unsafe {
            (four::<C, BOTH>(codes, query, place), four::<C, BOTH>(codes, query, place + 4))
        };
        // Eight distances, in the order 0, 2, 4, 6, 1, 3, 5, 7.
        let sums = _mm256_add_epi32(
            _mm256_unpacklo_epi64(first, second),
            _mm256_unpackhi_epi64(first, second),
        );
        let lanes = _mm256_cmpgt_epi32(sums, query.limit);
        far |= (_mm256_movemask_ps(_mm256_castsi256_ps(lanes)) as u32) << (group * LANES);
    }
    if far == u32::MAX { 0 } else { in_order(!far) }
}

/// Distances of four codes, each in two parts.
///
/// # Safety
/// There are four codes at `place`, and the processor has these instructions.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn four<C: Codes, const BOTH: bool>(codes: C, query: &Query, place: usize) -> __m256i {
    // SAFETY: as the caller says.
    let (low, high) = unsafe {
        (two_of::<C, BOTH>(codes, query, place), two_of::<C, BOTH>(codes, query, place + 2))
    };
    _mm256_or_si256(low, _mm256_slli_epi64::<32>(high))
}

/// Distances of two codes, each in two parts.
///
/// # Safety
/// There are two codes at `place`, and the processor has these instructions.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn two_of<C: Codes, const BOTH: bool>(codes: C, query: &Query, place: usize) -> __m256i {
    // SAFETY: as the caller says.
    let heads = unsafe { codes.heads(place) };
    let mut ones = count_ones(_mm256_xor_si256(heads, query.head));
    if BOTH {
        // SAFETY: as above.
        let tails = unsafe { codes.tails(place) };
        ones = _mm256_add_epi8(ones, count_ones(_mm256_xor_si256(tails, query.tail)));
    }
    sum(ones)
}

#[inline]
#[target_feature(enable = "avx2")]
fn repeat(half: &Half) -> __m256i {
    let value = u128::from_le_bytes(*half);
    let (low, high) = (value as i64, (value >> 64) as i64);
    _mm256_set_epi64x(high, low, high, low)
}

/// Ones of each byte: a table look-up for every four bits.
#[inline]
#[target_feature(enable = "avx2")]
fn count_ones(bits: __m256i) -> __m256i {
    let ones = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3,
        3, 4,
    );
    let nibble = _mm256_set1_epi8(0x0F);
    let low = _mm256_shuffle_epi8(ones, _mm256_and_si256(bits, nibble));
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bits), nibble);
    _mm256_add_epi8(low, _mm256_shuffle_epi8(ones, high))
}

/// Sums of each eight bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn sum(bytes: __m256i) -> __m256i {
    _mm256_sad_epu8(bytes, _mm256_setzero_si256())
}

/// Puts the bits of each byte from that order into their own.
fn in_order(mut bits: u32) -> u32 {
    let turned = (bits ^ (bits >> 2)) & 0x0C0C_0C0C;
    bits ^= turned ^ (turned << 2);
    let turned = (bits ^ (bits >> 1)) & 0x2222_2222;
    bits ^ turned ^ (turned << 1)
}
