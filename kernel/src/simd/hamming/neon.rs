//! The scan with 128 bits of ARM, which counts the ones of bytes.

use super::{BLOCK, Half, Hit, Planes, Task, Whole, drive};
use std::arch::aarch64::*;

/// Codes in one register of sums.
const LANES: usize = 8;

/// How one code is read.
pub trait Codes: super::Codes {
    /// Its first half.
    ///
    /// # Safety
    /// There is a code at `place`.
    unsafe fn load_head(self, place: usize) -> uint8x16_t;
    /// Its second half.
    ///
    /// # Safety
    /// As above.
    unsafe fn load_tail(self, place: usize) -> uint8x16_t;
}

impl Codes for Planes<'_> {
    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn load_head(self, place: usize) -> uint8x16_t {
        debug_assert!(place < self.heads.len());
        // SAFETY: as the caller says.
        unsafe { vld1q_u8(self.heads.as_ptr().add(place).cast()) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn load_tail(self, place: usize) -> uint8x16_t {
        debug_assert!(place < self.tails.len());
        // SAFETY: there are as many tails as heads.
        unsafe { vld1q_u8(self.tails.as_ptr().add(place).cast()) }
    }
}

impl Codes for Whole<'_> {
    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn load_head(self, place: usize) -> uint8x16_t {
        debug_assert!(place < self.0.len());
        // SAFETY: as the caller says.
        unsafe { vld1q_u8(self.0.as_ptr().add(place).cast()) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn load_tail(self, place: usize) -> uint8x16_t {
        debug_assert!(place < self.0.len());
        // SAFETY: as the caller says; a half has 16 bytes.
        unsafe { vld1q_u8(self.0.as_ptr().add(place).cast::<u8>().add(size_of::<Half>())) }
    }
}

/// Adds what is near to `hits`.
///
/// # Safety
/// The processor has these instructions.
#[target_feature(enable = "neon")]
pub unsafe fn scan<C: Codes>(codes: C, task: &Task, hits: &mut Vec<Hit>) {
    let (head, tail) = (load(&task.query.0), load(&task.query.1));
    let limit = vdupq_n_u16(task.distance_bits_max as u16);
    let by_heads = |start| {
        // SAFETY: whole blocks are asked for.
        near(limit, |place| unsafe { count_ones(codes.load_head(place), head) }, start)
    };
    let by_both = |start| {
        let both = |place| {
            // SAFETY: as above.
            let (first, second) = unsafe { (codes.load_head(place), codes.load_tail(place)) };
            vaddq_u8(count_ones(first, head), count_ones(second, tail))
        };
        near(limit, both, start)
    };
    drive(codes, task, by_heads, by_both, hits);
}

/// Which of a block are near: the lowest bit is the first. `ones` counts those of each byte of a code.
#[inline]
#[target_feature(enable = "neon")]
fn near(limit: uint16x8_t, ones: impl Fn(usize) -> uint8x16_t, start: usize) -> u32 {
    let mut groups = [vdupq_n_u16(0); BLOCK / LANES];
    for (group, near) in groups.iter_mut().enumerate() {
        let place = start + group * LANES;
        let two = |first| vpaddq_u8(ones(place + first), ones(place + first + 1));
        // Sixteen bits a byte at most in each code, four bytes together here: at most 64.
        let (low, high) = (vpaddq_u8(two(0), two(2)), vpaddq_u8(two(4), two(6)));
        // Two bytes a code, at most 128 each; their sum needs more than a byte.
        *near = vcleq_u16(vpaddlq_u8(vpaddq_u8(low, high)), limit);
    }
    let any = groups.iter().fold(vdupq_n_u16(0), |any, near| vorrq_u16(any, *near));
    if vmaxvq_u16(any) == 0 {
        return 0;
    }
    let bits: [u8; LANES] = [1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: the array is as long as the register.
    let bits = unsafe { vld1_u8(bits.as_ptr()) };
    let byte = |near: &uint16x8_t| u32::from(vaddv_u8(vand_u8(vmovn_u16(*near), bits)));
    groups.iter().rev().fold(0, |all, near| all << LANES | byte(near))
}

#[inline]
#[target_feature(enable = "neon")]
fn load(half: &Half) -> uint8x16_t {
    // SAFETY: a half has the 16 bytes of a register.
    unsafe { vld1q_u8(half.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn count_ones(half: uint8x16_t, query: uint8x16_t) -> uint8x16_t {
    vcntq_u8(veorq_u8(half, query))
}
