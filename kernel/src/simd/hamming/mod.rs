//! The vector scan: which of many 256-bit codes are near one, looking at their first halves first.
//! It refuses nothing and misses nothing: where the first half leaves doubt, it counts the second.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(test)]
mod tests;

use super::Path;

/// 256 bits.
type Bits = [u8; 32];
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
    query: &Bits,
    distance_bits_max: u32,
    hits: &mut Vec<Hit>,
) {
    let count = heads.len().min(tails.len());
    let planes = Planes { heads: &heads[..count], tails: &tails[..count] };
    scan_codes(path, planes, &Task::new(query, distance_bits_max), hits);
}

/// As `scan`, for codes that lie whole one after the other: reads all of their bytes, once.
pub fn scan_whole(
    path: Path,
    codes: &[Bits],
    query: &Bits,
    distance_bits_max: u32,
    hits: &mut Vec<Hit>,
) {
    scan_codes(path, Whole(codes), &Task::new(query, distance_bits_max), hits);
}

fn scan_codes<C: OnEveryPath>(path: Path, codes: C, task: &Task, hits: &mut Vec<Hit>) {
    match path {
        // SAFETY: a path exists only where its instructions do.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => unsafe { avx512::scan(codes, task, hits) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2::scan(codes, task, hits) },
        // SAFETY: every 64-bit ARM has NEON.
        #[cfg(target_arch = "aarch64")]
        Path::Neon => unsafe { neon::scan(codes, task, hits) },
        Path::Plain => plain(codes, task, 0, hits),
    }
}

/// As `scan`, for the codes at some places only, in the order of `places`; those that do not exist are left out.
pub fn pick(
    path: Path,
    (heads, tails): (&[Half], &[Half]),
    places: &[u32],
    query: &Bits,
    distance_bits_max: u32,
    hits: &mut Vec<Hit>,
) {
    let (planes, task) = (Planes { heads, tails }, Task::new(query, distance_bits_max));
    match path {
        // SAFETY: both vector paths are found only beside population counts.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 | Path::Avx2 => unsafe { pick_counting(planes, &task, places, hits) },
        _ => pick_plain(planes, &task, places, hits),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
unsafe fn pick_counting(planes: Planes<'_>, task: &Task, places: &[u32], hits: &mut Vec<Hit>) {
    pick_plain(planes, task, places, hits);
}

#[inline(always)]
fn pick_plain(planes: Planes<'_>, task: &Task, places: &[u32], hits: &mut Vec<Hit>) {
    for place in places {
        let Some(head) = planes.heads.get(*place as usize) else { continue };
        let head_bits = half_distance_bits(head, &task.query.0);
        if head_bits <= task.distance_bits_max {
            let Some(tail) = planes.tails.get(*place as usize) else { continue };
            let distance_bits = head_bits + half_distance_bits(tail, &task.query.1);
            if distance_bits <= task.distance_bits_max {
                hits.push(Hit { place: *place, distance_bits });
            }
        }
    }
}

/// Splits a code.
pub fn halves(code: &Bits) -> (Half, Half) {
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

/// What is looked for.
struct Task {
    query: (Half, Half),
    distance_bits_max: u32,
}

impl Task {
    fn new(query: &Bits, distance_bits_max: u32) -> Self {
        Self { query: halves(query), distance_bits_max: distance_bits_max.min(256) }
    }
}

/// Codes in memory.
trait Codes: Copy {
    /// How many.
    fn count(self) -> usize;
    /// The first half of the one at a place.
    fn head(self, place: usize) -> Half;
    /// The second half.
    fn tail(self, place: usize) -> Half;
}

/// First halves side by side, and second halves: as many of each.
#[derive(Clone, Copy)]
struct Planes<'a> {
    heads: &'a [Half],
    tails: &'a [Half],
}

impl Codes for Planes<'_> {
    #[inline(always)]
    fn count(self) -> usize {
        self.heads.len().min(self.tails.len())
    }

    #[inline(always)]
    fn head(self, place: usize) -> Half {
        self.heads[place]
    }

    #[inline(always)]
    fn tail(self, place: usize) -> Half {
        self.tails[place]
    }
}

/// Codes side by side.
#[derive(Clone, Copy)]
struct Whole<'a>(&'a [Bits]);

impl Codes for Whole<'_> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn head(self, place: usize) -> Half {
        halves(&self.0[place]).0
    }

    #[inline(always)]
    fn tail(self, place: usize) -> Half {
        halves(&self.0[place]).1
    }
}

/// What every set of instructions can read.
#[cfg(target_arch = "x86_64")]
trait OnEveryPath: avx512::Codes + avx2::Codes {}
#[cfg(target_arch = "x86_64")]
impl<C: avx512::Codes + avx2::Codes> OnEveryPath for C {}
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use Codes as OnEveryPath;
#[cfg(target_arch = "aarch64")]
use neon::Codes as OnEveryPath;

/// Codes that are looked at before one branch.
const BLOCK: usize = 32;
/// When so many of a block are near by their first halves, a crowd lies there: both halves are counted at once, in
/// this block and some that follow.
const CROWDED: u32 = 2;
const CROWD_BLOCKS: u32 = 64;

/// Goes through all codes by blocks, of which `by_heads` and `by_both` say which may be near (the lowest bit is the
/// first code): by their first halves, and by both. Has to be inlined where their instructions may be used.
#[inline(always)]
fn drive<C: Codes>(
    codes: C,
    task: &Task,
    by_heads: impl Fn(usize) -> u32,
    by_both: impl Fn(usize) -> u32,
    hits: &mut Vec<Hit>,
) {
    let whole = codes.count() / BLOCK * BLOCK;
    let mut by_both_for = if task.distance_bits_max <= HEAD_BITS_MAX { 0 } else { u32::MAX };
    let mut start = 0;
    while start < whole {
        let mut near = if by_both_for == 0 { by_heads(start) } else { by_both(start) };
        if by_both_for != 0 {
            by_both_for -= 1;
        } else if near.count_ones() >= CROWDED {
            near = by_both(start);
            by_both_for = CROWD_BLOCKS;
        }
        while near != 0 {
            look_at(codes, task, start + near.trailing_zeros() as usize, hits);
            near &= near - 1;
        }
        start += BLOCK;
    }
    plain(codes, task, whole, hits);
}

/// The reference, from `start` on; the others leave their remainders to it.
#[inline(always)]
fn plain<C: Codes>(codes: C, task: &Task, start: usize, hits: &mut Vec<Hit>) {
    (start..codes.count()).for_each(|place| look_at(codes, task, place, hits));
}

#[inline(always)]
fn look_at<C: Codes>(codes: C, task: &Task, place: usize, hits: &mut Vec<Hit>) {
    let head_bits = half_distance_bits(&codes.head(place), &task.query.0);
    if head_bits <= task.distance_bits_max {
        let distance_bits = head_bits + half_distance_bits(&codes.tail(place), &task.query.1);
        if distance_bits <= task.distance_bits_max {
            hits.push(Hit { place: place as u32, distance_bits });
        }
    }
}
