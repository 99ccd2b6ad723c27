//! Filtering runs of 16-bit tags by distance, and asking for memory before it is needed.
//! It refuses to read beyond a slice, whatever the runs say.

use super::Path;

/// A run of tags to look at, and how far a tag may be from the one that is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    /// First place.
    pub start: u32,
    /// Place after the last.
    pub end: u32,
    /// The largest distance that passes.
    pub distance_bits_max: u16,
}

/// Adds the places of all tags that pass to `passed`, run by run, in order of place.
pub fn pass(path: Path, tags: &[u16], runs: &[Run], tag: u16, passed: &mut Vec<u32>) {
    match path {
        // SAFETY: a path exists only where its instructions do.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => unsafe { avx512::pass(tags, runs, tag, passed) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2::pass(tags, runs, tag, passed) },
        _ => runs.iter().for_each(|run| plain(tags, *run, tag, passed)),
    }
}

/// Asks for the memory of an item, which will be read soon; does nothing where that cannot be asked.
#[inline(always)]
pub fn prefetch<T>(items: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint reads nothing; the address need not be valid.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(items.as_ptr().wrapping_add(place).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, place);
}

fn bounded(tags: &[u16], run: Run) -> (usize, usize) {
    let end = (run.end as usize).min(tags.len());
    ((run.start as usize).min(end), end)
}

/// The reference.
fn plain(tags: &[u16], run: Run, tag: u16, passed: &mut Vec<u32>) {
    let (start, end) = bounded(tags, run);
    for (place, other) in tags[start..end].iter().enumerate() {
        if (other ^ tag).count_ones() <= u32::from(run.distance_bits_max) {
            passed.push((start + place) as u32);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use super::{Run, bounded};
    use std::arch::x86_64::*;

    const LANES: usize = 32;

    #[target_feature(enable = "avx512f,avx512bw,avx512bitalg,bmi1")]
    pub unsafe fn pass(tags: &[u16], runs: &[Run], tag: u16, passed: &mut Vec<u32>) {
        let query = _mm512_set1_epi16(tag as i16);
        for run in runs {
            let (mut start, end) = bounded(tags, *run);
            let limit = _mm512_set1_epi16(run.distance_bits_max as i16);
            while start < end {
                let count = (end - start).min(LANES);
                let lanes = u32::MAX >> (LANES - count);
                // SAFETY: only the lanes before `end` are read.
                let found = unsafe {
                    _mm512_maskz_loadu_epi16(lanes, tags.as_ptr().add(start).cast::<i16>())
                };
                let distances = _mm512_popcnt_epi16(_mm512_xor_si512(found, query));
                let mut near = _mm512_mask_cmple_epu16_mask(lanes, distances, limit);
                while near != 0 {
                    passed.push(start as u32 + near.trailing_zeros());
                    near &= near - 1;
                }
                start += count;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Run, bounded, plain};
    use std::arch::x86_64::*;

    const LANES: usize = 16;

    #[target_feature(enable = "avx2,popcnt,bmi1")]
    pub unsafe fn pass(tags: &[u16], runs: &[Run], tag: u16, passed: &mut Vec<u32>) {
        let query = _mm256_set1_epi16(tag as i16);
        for run in runs {
            let (mut start, end) = bounded(tags, *run);
            let limit = _mm256_set1_epi16(run.distance_bits_max as i16);
            while start + LANES <= end {
                // SAFETY: sixteen tags lie before `end`.
                let found = unsafe { _mm256_loadu_si256(tags.as_ptr().add(start).cast()) };
                let distances = count_ones(_mm256_xor_si256(found, query));
                let far = _mm256_cmpgt_epi16(distances, limit);
                // Two bits a lane.
                let mut near = !(_mm256_movemask_epi8(far) as u32) & 0x5555_5555;
                while near != 0 {
                    passed.push(start as u32 + near.trailing_zeros() / 2);
                    near &= near - 1;
                }
                start += LANES;
            }
            plain(tags, Run { start: start as u32, ..*run }, tag, passed);
        }
    }

    /// Ones of each 16 bits: a table look-up for every four bits, then both bytes together.
    #[target_feature(enable = "avx2")]
    fn count_ones(bits: __m256i) -> __m256i {
        let ones = _mm256_setr_epi8(
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2,
            3, 3, 4,
        );
        let nibble = _mm256_set1_epi8(0x0F);
        let low = _mm256_shuffle_epi8(ones, _mm256_and_si256(bits, nibble));
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bits), nibble);
        let bytes = _mm256_add_epi8(low, _mm256_shuffle_epi8(ones, high));
        let byte = _mm256_set1_epi16(0xFF);
        _mm256_add_epi16(_mm256_and_si256(bytes, byte), _mm256_srli_epi16::<8>(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_passes_what_the_plain_one_passes() {
        let tags: Vec<u16> = (0..1000_u32).map(|i| (i.wrapping_mul(40_503) >> 3) as u16).collect();
        let run = |start, end, distance_bits_max| Run { start, end, distance_bits_max };
        let runs = [
            run(0, 0, 16),
            run(0, 1, 16),
            run(3, 40, 4),
            run(40, 72, 7),
            run(72, 1000, 5),
            run(990, 2000, 16), // longer than there are tags
            run(5000, 6000, 16),
            run(7, 3, 16),
        ];
        for tag in [0, 0xFFFF, 0x5A5A, 77] {
            let mut expected = Vec::new();
            pass(Path::Plain, &tags, &runs, tag, &mut expected);
            assert!(expected.len() > 20);
            for path in Path::available() {
                let mut passed = Vec::new();
                pass(path, &tags, &runs, tag, &mut passed);
                assert_eq!(passed, expected, "{path:?}");
            }
        }
    }
}
