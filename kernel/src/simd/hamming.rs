//! The vector scan: which of many 256-bit codes are near one, looking at their first halves first.
//! It refuses nothing and misses nothing: where the first half leaves doubt, it counts the second.

use super::Path;

/// Half a code.
pub type Half = [u8; 16];

/// A code within the radius, by its place among those that were scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Which one.
    pub place: u32,
    /// Number of bits that differ.
    pub distance_bits: u32,
}

/// Adds every code within the radius of the query to `hits`, in order of place.
///
/// `heads` and `tails` are the halves of as many codes (the shorter one counts), at most 2**32.
pub fn scan(
    path: Path,
    (heads, tails): (&[Half], &[Half]),
    query: &[u8; 32],
    distance_bits_max: u32,
    hits: &mut Vec<Hit>,
) {
    let count = heads.len().min(tails.len());
    let (heads, tails) = (&heads[..count], &tails[..count]);
    let task = Task { heads, tails, query: halves(query), distance_bits_max };
    match path {
        // SAFETY: a path exists only where its instructions do.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => unsafe { avx512::scan(&task, hits) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2::scan(&task, hits) },
        // SAFETY: every 64-bit ARM has NEON.
        #[cfg(target_arch = "aarch64")]
        Path::Neon => unsafe { neon::scan(&task, hits) },
        Path::Plain => plain(&task, 0, hits),
    }
}

/// As `scan`, for the codes at some places only, in the order of `places`; those that do not exist are left out.
pub fn pick(
    path: Path,
    (heads, tails): (&[Half], &[Half]),
    places: &[u32],
    query: &[u8; 32],
    distance_bits_max: u32,
    hits: &mut Vec<Hit>,
) {
    let task = Task { heads, tails, query: halves(query), distance_bits_max };
    match path {
        // SAFETY: both vector paths are found only beside population counts.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 | Path::Avx2 => unsafe { pick_counting(&task, places, hits) },
        _ => pick_plain(&task, places, hits),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
unsafe fn pick_counting(task: &Task<'_>, places: &[u32], hits: &mut Vec<Hit>) {
    pick_plain(task, places, hits);
}

#[inline(always)]
fn pick_plain(task: &Task<'_>, places: &[u32], hits: &mut Vec<Hit>) {
    for place in places {
        let Some(head) = task.heads.get(*place as usize) else { continue };
        let head_bits = half_distance_bits(head, &task.query.0);
        if head_bits <= task.distance_bits_max {
            let Some(tail) = task.tails.get(*place as usize) else { continue };
            let distance_bits = head_bits + half_distance_bits(tail, &task.query.1);
            if distance_bits <= task.distance_bits_max {
                hits.push(Hit { place: *place, distance_bits });
            }
        }
    }
}

/// Splits a code.
pub fn halves(code: &[u8; 32]) -> (Half, Half) {
    let mut halves = ([0; 16], [0; 16]);
    halves.0.copy_from_slice(&code[..16]);
    halves.1.copy_from_slice(&code[16..]);
    halves
}

/// Number of bits in which two halves differ.
#[inline(always)]
pub fn half_distance_bits(left: &Half, right: &Half) -> u32 {
    (u128::from_le_bytes(*left) ^ u128::from_le_bytes(*right)).count_ones()
}

/// Up to this radius few codes of random bits are near by their first half alone; beyond, both are counted at once.
pub const HEAD_BITS_MAX: u32 = 44;

struct Task<'a> {
    heads: &'a [Half],
    tails: &'a [Half],
    query: (Half, Half),
    distance_bits_max: u32,
}

/// The reference, from `start` on; the others leave their remainders to it.
#[inline(always)]
fn plain(task: &Task<'_>, start: usize, hits: &mut Vec<Hit>) {
    for (place, head) in task.heads.iter().enumerate().skip(start) {
        let head_bits = half_distance_bits(head, &task.query.0);
        if head_bits <= task.distance_bits_max {
            let distance_bits = head_bits + half_distance_bits(&task.tails[place], &task.query.1);
            if distance_bits <= task.distance_bits_max {
                hits.push(Hit { place: place as u32, distance_bits });
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use super::super::tags::prefetch;
    use super::{HEAD_BITS_MAX, Half, Hit, Task, plain};
    use std::arch::x86_64::*;

    /// Codes in one register of sums.
    const LANES: usize = 8;
    /// Registers looked at before one branch.
    const GROUPS: usize = 4;
    /// Registers that may wait for their second halves.
    const WAITING: usize = 32;

    #[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq,avx512bitalg,popcnt")]
    pub unsafe fn scan(task: &Task<'_>, hits: &mut Vec<Hit>) {
        let head = repeat(&task.query.0);
        let tail = repeat(&task.query.1);
        let limit = _mm512_set1_epi64(i64::from(task.distance_bits_max));
        let both = task.distance_bits_max > HEAD_BITS_MAX;
        let whole = task.heads.len() / (LANES * GROUPS) * (LANES * GROUPS);
        // Groups that are near by their first halves, while their second halves are on their way.
        let mut waiting = [0; WAITING];
        let mut count = 0;
        for start in (0..whole).step_by(LANES * GROUPS) {
            let mut near = 0;
            for group in 0..GROUPS {
                // SAFETY: `whole` bounds all groups.
                let mut sum = unsafe { distances(&task.heads[start..whole], group, head) };
                if both {
                    // SAFETY: there are as many tails as heads.
                    let rest = unsafe { distances(&task.tails[start..whole], group, tail) };
                    sum = _mm512_add_epi64(sum, rest);
                }
                near |= u32::from(_mm512_cmple_epu64_mask(sum, limit)) << (group * LANES);
            }
            if near == 0 {
                continue;
            }
            for group in (0..GROUPS).filter(|group| (near >> (group * LANES)) & 0xFF != 0) {
                let place = start + group * LANES;
                prefetch(task.tails, place);
                prefetch(task.tails, place + LANES - 1);
                waiting[count] = place;
                count += 1;
            }
            if count > WAITING - GROUPS {
                // SAFETY: only groups before `whole` wait.
                unsafe { end_waiting(task, &waiting[..count], (head, tail, limit), hits) };
                count = 0;
            }
        }
        // SAFETY: as above.
        unsafe { end_waiting(task, &waiting[..count], (head, tail, limit), hits) };
        plain(task, whole, hits);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq")]
    unsafe fn end_waiting(
        task: &Task<'_>,
        waiting: &[usize],
        (head, tail, limit): (__m512i, __m512i, __m512i),
        hits: &mut Vec<Hit>,
    ) {
        for place in waiting {
            // SAFETY: the caller has eight codes at each place.
            let sum = unsafe {
                _mm512_add_epi64(
                    distances(&task.heads[*place..], 0, head),
                    distances(&task.tails[*place..], 0, tail),
                )
            };
            keep(sum, _mm512_cmple_epu64_mask(sum, limit), *place, hits);
        }
    }

    #[target_feature(enable = "avx512f")]
    fn repeat(half: &Half) -> __m512i {
        let value = u128::from_le_bytes(*half);
        let (low, high) = (value as i64, (value >> 64) as i64);
        _mm512_set_epi64(high, low, high, low, high, low, high, low)
    }

    /// Distances of eight halves, in the order 0, 4, 1, 5, 2, 6, 3, 7 of their group.
    #[target_feature(enable = "avx512f,avx512vpopcntdq")]
    unsafe fn distances(from: &[Half], group: usize, query: __m512i) -> __m512i {
        debug_assert!((group + 1) * LANES <= from.len());
        // SAFETY: the caller has eight halves of 16 bytes there.
        let (first, second) = unsafe {
            let at = from.as_ptr().add(group * LANES).cast::<__m512i>();
            (_mm512_loadu_si512(at), _mm512_loadu_si512(at.add(1)))
        };
        let first = _mm512_popcnt_epi64(_mm512_xor_si512(first, query));
        let second = _mm512_popcnt_epi64(_mm512_xor_si512(second, query));
        let low = _mm512_unpacklo_epi64(first, second);
        let high = _mm512_unpackhi_epi64(first, second);
        _mm512_add_epi64(low, high)
    }

    #[target_feature(enable = "avx512f")]
    fn keep(sums: __m512i, near: u8, start: usize, hits: &mut Vec<Hit>) {
        if near == 0 {
            return;
        }
        let mut distances = [0_u64; LANES];
        // SAFETY: the array is as long as the register.
        unsafe { _mm512_storeu_si512(distances.as_mut_ptr().cast(), sums) };
        for place in 0..LANES {
            let lane = (place % 4) * 2 + place / 4;
            if (near >> lane) & 1 == 1 {
                let distance_bits = distances[lane] as u32;
                hits.push(Hit { place: (start + place) as u32, distance_bits });
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{HEAD_BITS_MAX, Half, Hit, Task, plain};
    use std::arch::x86_64::*;

    /// Codes in one register of sums.
    const LANES: usize = 4;

    #[target_feature(enable = "avx2,popcnt")]
    pub unsafe fn scan(task: &Task<'_>, hits: &mut Vec<Hit>) {
        let head = repeat(&task.query.0);
        let tail = repeat(&task.query.1);
        let limit = _mm256_set1_epi64x(i64::from(task.distance_bits_max));
        let whole = task.heads.len() / LANES * LANES;
        for start in (0..whole).step_by(LANES) {
            // SAFETY: `whole` bounds the four halves.
            let sum = unsafe { distances(&task.heads[start..whole], head) };
            if task.distance_bits_max > HEAD_BITS_MAX || is_any_near(sum, limit) {
                // SAFETY: there are as many tails as heads.
                let rest = unsafe { distances(&task.tails[start..whole], tail) };
                let sum = _mm256_add_epi64(sum, rest);
                if is_any_near(sum, limit) {
                    keep(sum, task.distance_bits_max, start, hits);
                }
            }
        }
        plain(task, whole, hits);
    }

    #[target_feature(enable = "avx2")]
    fn repeat(half: &Half) -> __m256i {
        let value = u128::from_le_bytes(*half);
        let (low, high) = (value as i64, (value >> 64) as i64);
        _mm256_set_epi64x(high, low, high, low)
    }

    #[target_feature(enable = "avx2")]
    fn is_any_near(sums: __m256i, limit: __m256i) -> bool {
        _mm256_movemask_epi8(_mm256_cmpgt_epi64(sums, limit)) != -1
    }

    /// Distances of four halves, in the order 0, 2, 1, 3.
    #[target_feature(enable = "avx2")]
    unsafe fn distances(from: &[Half], query: __m256i) -> __m256i {
        debug_assert!(LANES <= from.len());
        // SAFETY: the caller has four halves of 16 bytes there.
        let (first, second) = unsafe {
            let at = from.as_ptr().cast::<__m256i>();
            (_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1)))
        };
        let first = count_ones(_mm256_xor_si256(first, query));
        let second = count_ones(_mm256_xor_si256(second, query));
        _mm256_add_epi64(_mm256_unpacklo_epi64(first, second), _mm256_unpackhi_epi64(first, second))
    }

    /// Ones of each 64 bits: a table look-up for every four bits, then the sum of the bytes.
    #[target_feature(enable = "avx2")]
    pub fn count_ones(bits: __m256i) -> __m256i {
        let ones = _mm256_setr_epi8(
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2,
            3, 3, 4,
        );
        let nibble = _mm256_set1_epi8(0x0F);
        let low = _mm256_shuffle_epi8(ones, _mm256_and_si256(bits, nibble));
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bits), nibble);
        let bytes = _mm256_add_epi8(low, _mm256_shuffle_epi8(ones, high));
        _mm256_sad_epu8(bytes, _mm256_setzero_si256())
    }

    #[target_feature(enable = "avx2")]
    fn keep(sums: __m256i, distance_bits_max: u32, start: usize, hits: &mut Vec<Hit>) {
        let mut distances = [0_u64; LANES];
        // SAFETY: the array is as long as the register.
        unsafe { _mm256_storeu_si256(distances.as_mut_ptr().cast(), sums) };
        for (place, lane) in [0, 2, 1, 3].into_iter().enumerate() {
            let distance_bits = distances[lane] as u32;
            if distance_bits <= distance_bits_max {
                hits.push(Hit { place: (start + place) as u32, distance_bits });
            }
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod neon {
    use super::{Half, Hit, Task};
    use std::arch::aarch64::*;

    #[target_feature(enable = "neon")]
    pub unsafe fn scan(task: &Task<'_>, hits: &mut Vec<Hit>) {
        let (head, tail) = (load(&task.query.0), load(&task.query.1));
        for (place, (first, second)) in task.heads.iter().zip(task.tails).enumerate() {
            let head_bits = distance_bits(first, head);
            if head_bits <= task.distance_bits_max {
                let distance_bits = head_bits + distance_bits(second, tail);
                if distance_bits <= task.distance_bits_max {
                    hits.push(Hit { place: place as u32, distance_bits });
                }
            }
        }
    }

    #[target_feature(enable = "neon")]
    fn load(half: &Half) -> uint8x16_t {
        // SAFETY: a half has the 16 bytes of a register.
        unsafe { vld1q_u8(half.as_ptr()) }
    }

    #[target_feature(enable = "neon")]
    fn distance_bits(half: &Half, query: uint8x16_t) -> u32 {
        u32::from(vaddlvq_u8(vcntq_u8(veorq_u8(load(half), query))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Halves around a few centres, so that every distance occurs.
    fn codes(count: usize) -> (Vec<Half>, Vec<Half>) {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut half = |place: usize| {
            let random = u128::from(next()) << 64 | u128::from(next());
            let sparse = random & (u128::from(next()) << 64 | u128::from(next()));
            let value = match place % 4 {
                0 => random,
                1 => sparse & (sparse >> 1),
                2 => 0,
                _ => u128::MAX >> (next() % 128),
            };
            value.to_le_bytes()
        };
        (0..count).map(|place| (half(place), half(place / 2))).unzip()
    }

    #[test]
    fn every_path_finds_what_the_plain_one_finds() {
        for count in [0, 1, 3, 4, 7, 8, 31, 32, 33, 63, 65, 1000] {
            let (heads, tails) = codes(count);
            for query in [[0; 32], [0xFF; 32], [0x5A; 32], std::array::from_fn(|i| i as u8)] {
                for radius in [0, 1, 5, 31, 40, 64, 128, 200, 256] {
                    let mut expected = Vec::new();
                    scan(Path::Plain, (&heads, &tails), &query, radius, &mut expected);
                    for path in Path::available() {
                        let mut found = Vec::new();
                        scan(path, (&heads, &tails), &query, radius, &mut found);
                        assert_eq!(found, expected, "{path:?}, {count} codes, radius {radius}");
                    }
                }
            }
        }
    }

    #[test]
    fn picking_all_places_is_scanning() {
        let (heads, tails) = codes(500);
        let places: Vec<u32> = (0..510).collect();
        for path in Path::available() {
            let (mut scanned, mut picked) = (Vec::new(), Vec::new());
            scan(path, (&heads, &tails), &[0x5A; 32], 120, &mut scanned);
            pick(path, (&heads, &tails), &places, &[0x5A; 32], 120, &mut picked);
            assert!(!scanned.is_empty());
            assert_eq!(picked, scanned);
        }
    }

    #[test]
    fn a_code_is_found_at_its_distance_and_not_below() {
        for bit in 0..256 {
            let mut code = [0_u8; 32];
            code[bit / 8] |= 1 << (bit % 8);
            let (head, tail) = halves(&code);
            let (heads, tails) = (vec![head; 40], vec![tail; 40]);
            for path in Path::available() {
                let mut found = Vec::new();
                scan(path, (&heads, &tails), &[0; 32], 0, &mut found);
                assert_eq!(found, []);
                scan(path, (&heads, &tails), &[0; 32], 1, &mut found);
                assert_eq!(found.len(), 40);
                assert!(found.iter().all(|hit| hit.distance_bits == 1));
            }
        }
    }
}
