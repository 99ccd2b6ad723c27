//! Corners of a small luma plane as words: what two pictures have in common though no hash is near.
//! It refuses to say that anything matches: an alignment has to bear out what the words propose.
//!
//! A corner is where a smoothed picture is strongest curved both ways, at one of six sizes. Its code is
//! eighty comparisons of smoothed values around it, turned by the way in which it is brighter; twenty of
//! them are a word. Corners that look alike have some of their four words in common.

mod pattern;
mod scales;
mod votes;

pub use votes::WordIndex;

use crate::simd::{Level, Work, run_at};
use pattern::{Pattern, WAYS};
use scales::{SCALES, Scale};

/// Words of a corner.
pub const WORDS: usize = 4;
/// Bits of a word.
pub const WORD_BITS: u32 = 20;
const WORD_MASK: u32 = (1 << (WORD_BITS + 2)) - 1;
/// Corners of a picture, the strongest of each size.
pub const CORNERS_MAX: usize = 200;
/// Words of a kind that a picture is asked by: the word, and it with its least certain bit changed.
pub const PROBES: usize = 2;

/// Bytes of a corner as it is banked: where it lies, then its words.
pub const BANKED_BYTES: usize = size_of::<u32>() * (1 + WORDS);

/// Where a corner lies in the plane, how large it is and how it is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Pixels of the plane from the left.
    pub x: u16,
    /// And from above.
    pub y: u16,
    /// Which of the six sizes, the finest first.
    pub scale: u8,
    /// 0..64 of a turn.
    pub angle: u8,
}

impl Spot {
    fn packed(self) -> u32 {
        let (scale, angle) = (u32::from(self.scale), u32::from(self.angle));
        u32::from(self.x) | u32::from(self.y) << 10 | scale << 20 | angle << 24
    }

    fn unpacked(packed: u32) -> Self {
        let bits = |from: u32, count: u32| packed >> from & ((1 << count) - 1);
        let (x, y) = (bits(0, 10) as u16, bits(10, 10) as u16);
        Self { x, y, scale: bits(20, 4) as u8 % SCALES as u8, angle: bits(24, 8) as u8 % WAYS }
    }
}

/// A corner of a picture that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CornerWords {
    /// Where it lies.
    pub spot: Spot,
    /// By kind, the word itself and then its probes.
    pub words: [[u32; PROBES]; WORDS],
}

/// A corner of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Banked {
    /// Where it lies.
    pub spot: Spot,
    /// One of each kind.
    pub words: [u32; WORDS],
}

impl Banked {
    /// The corner of an entry as it is stored.
    pub fn parse(stored: &[u8; BANKED_BYTES]) -> Self {
        let (numbers, _) = stored.as_chunks::<4>();
        let number = |at: usize| u32::from_le_bytes(numbers[at]);
        let words = std::array::from_fn(|kind| number(kind + 1) & WORD_MASK);
        Self { spot: Spot::unpacked(number(0)), words }
    }

    /// As it is stored.
    pub fn write(&self) -> [u8; BANKED_BYTES] {
        let mut stored = [0; BANKED_BYTES];
        let (numbers, _) = stored.as_chunks_mut::<4>();
        numbers[0] = self.spot.packed().to_le_bytes();
        for (number, word) in numbers[1..].iter_mut().zip(self.words) {
            *number = word.to_le_bytes();
        }
        stored
    }
}

impl From<&CornerWords> for Banked {
    fn from(corner: &CornerWords) -> Self {
        Self { spot: corner.spot, words: corner.words.map(|probes| probes[0]) }
    }
}

/// The corners of a picture as it is, and as they would be with left and right exchanged.
pub struct Corners {
    /// As it is.
    pub as_it_is: Vec<CornerWords>,
    /// Mirrored.
    pub mirrored: Vec<CornerWords>,
}

/// The corners of a plane of `width` by `height` values, at most `CORNERS_MAX`.
pub fn corners_of(values: &[u8], width: usize, height: usize) -> Corners {
    run_at(Level::best(), Seeking { values, width, height })
}

struct Seeking<'a> {
    values: &'a [u8],
    width: usize,
    height: usize,
}

impl Work for Seeking<'_> {
    type Outcome = Corners;

    #[inline(always)]
    fn run(self) -> Corners {
        let pattern = Pattern::shared();
        let scales = scales::of(self.values, self.width, self.height);
        let total: usize = scales.iter().map(Scale::weight).sum();
        let mut found = Corners { as_it_is: Vec::new(), mirrored: Vec::new() };
        for scale in &scales {
            let most = (CORNERS_MAX * scale.weight()).div_ceil(total.max(1));
            for place in scale.strongest(most) {
                if found.as_it_is.len() == CORNERS_MAX {
                    break;
                }
                let (x, y) = scale.in_plane(place);
                let spot = Spot { x, y, scale: scale.number, angle: pattern.angle(scale, place) };
                let mirrored = Spot {
                    x: (self.width as u16).saturating_sub(x + 1),
                    angle: (WAYS + WAYS / 2 - spot.angle) % WAYS,
                    ..spot
                };
                let words = pattern.words(scale, place, spot.angle, 1);
                found.as_it_is.push(CornerWords { spot, words });
                let words = pattern.words(scale, place, mirrored.angle, -1);
                found.mirrored.push(CornerWords { spot: mirrored, words });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// Shapes of one seed, turned to no side.
    fn scene(seed: usize, width: usize, height: usize) -> Vec<u8> {
        let spots: Vec<(usize, usize, usize, u8)> = (0..90)
            .map(|at: usize| {
                let mixed =
                    (at + 1).wrapping_mul(2_654_435_761).wrapping_add(seed * 40_503) % 1_000_003;
                (mixed % width, mixed / 7 % height, 4 + mixed % 13, (mixed / 11 % 256) as u8)
            })
            .collect();
        let mut values = vec![128; width * height];
        for (x, y, size, luma) in spots {
            for row in y..(y + size).min(height) {
                values[row * width + x..row * width + (x + size * 2).min(width)].fill(luma);
            }
        }
        values
    }

    fn cut(values: &[u8], width: usize, x: usize, y: usize, across: usize, down: usize) -> Vec<u8> {
        (y..y + down).flat_map(|row| values[row * width + x..][..across].to_vec()).collect()
    }

    fn banked(values: &[u8], width: usize, height: usize) -> Vec<Banked> {
        corners_of(values, width, height).as_it_is.iter().map(Banked::from).collect()
    }

    #[test]
    fn a_part_of_a_picture_shares_most_corners_with_it() {
        let entries: Vec<_> = (0..8).map(|seed| banked(&scene(seed, 384, 288), 384, 288)).collect();
        let index = WordIndex::of(&entries);
        let part = cut(&scene(5, 384, 288), 384, 60, 30, 260, 220);
        let asked = corners_of(&part, 260, 220);
        let found = index.shared(&asked.as_it_is, 8, 32);
        assert_eq!(found[0].entry, 5);
        assert!(found[0].votes > 2 * found.get(1).map_or(0, |next| next.votes), "{found:?}");
        let mirrored: Vec<u8> =
            part.chunks(260).flat_map(|row| row.iter().rev().copied()).collect();
        let asked = corners_of(&mirrored, 260, 220);
        let (straight, turned) =
            [&asked.as_it_is, &asked.mirrored].map(|way| index.shared(way, 1, 32)[0]).into();
        assert_eq!(turned.entry, 5);
        assert!(turned.votes > 2 * straight.votes, "{turned:?} {straight:?}");
    }

    #[test]
    fn corners_are_written_and_read_again() {
        for corner in banked(&scene(1, 384, 288), 384, 288) {
            assert_eq!(Banked::parse(&corner.write()), corner);
        }
    }

    #[test]
    fn planes_of_any_size_have_no_more_corners_than_the_limit() {
        for (width, height) in [(1, 1), (34, 34), (35, 35), (384, 1), (7, 384), (384, 384)] {
            let busy: Vec<u8> =
                (0..width * height).map(|at| ((at * 2_654_435_761) >> 7) as u8).collect();
            assert!(corners_of(&busy, width, height).as_it_is.len() <= CORNERS_MAX);
            assert!(corners_of(&vec![77; width * height], width, height).mirrored.is_empty());
        }
    }

    #[test]
    fn every_level_and_every_machine_gives_the_same_corners() {
        let values = scene(3, 384, 288);
        let at = |level| run_at(level, Seeking { values: &values, width: 384, height: 288 });
        let plain = at(Level::Plain);
        for level in Level::all() {
            assert!(at(level).as_it_is == plain.as_it_is);
        }
        let written: Vec<_> = plain.as_it_is.iter().map(|one| Banked::from(one).write()).collect();
        let digest = Sha256::digest(written.as_flattened());
        assert_eq!(digest[..8], [145, 102, 36, 140, 149, 133, 164, 223]);
    }
}
