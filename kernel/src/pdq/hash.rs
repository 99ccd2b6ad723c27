//! From the 64x64 luma picture to the hash: quality, 16x16 cosine transform, median, bits.
//! It refuses to round differently from the reference: sums run in f32 and in the same order.

use super::filter::Luma;
use super::{Decimated, HASH_BYTES, SIDE};
use crate::simd::Level;
use crate::simd::filter::{count_steps, waves_of_lines, waves_of_values};
use std::sync::LazyLock;

const KEPT: usize = 16;
type Coefficients = [[f32; KEPT]; KEPT];

/// A hash and how much there was to hash (0..=100; exchanges do not use hashes under 50).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdqHash {
    /// In the order whose lower-case hexadecimal form is the field's.
    pub bytes: [u8; HASH_BYTES],
    /// 0..=100.
    pub quality: u8,
}

/// The hashes of the eight ways to turn and mirror a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dihedral {
    /// As is, rotated by 90, 180, 270 degrees, mirrored in x, in y, in one diagonal, in the other.
    pub bytes: [[u8; HASH_BYTES]; 8],
    /// 0..=100, one for all eight.
    pub quality: u8,
}

/// The hash of a reduced picture; `None` if the reference's rounding may decide a bit of it.
pub fn hash(picture: &Decimated) -> Option<PdqHash> {
    match picture {
        Decimated::TooSmall => Some(PdqHash { bytes: [0; HASH_BYTES], quality: 0 }),
        Decimated::AsIs(values) => hash_values(values, 0.0),
        Decimated::Luma { values, rounding } => hash_values(values, *rounding),
    }
}

/// The eight hashes of a reduced picture, from one transform; `None` as above.
pub fn hash_dihedral(picture: &Decimated) -> Option<Dihedral> {
    let (values, rounding) = match picture {
        Decimated::TooSmall => return Some(Dihedral { bytes: [[0; HASH_BYTES]; 8], quality: 0 }),
        Decimated::AsIs(_) => return None, // here the reference filters 64x64 pixels too
        Decimated::Luma { values, rounding } => (values, *rounding),
    };
    let original = transform(values);
    let mut bytes = [[0; HASH_BYTES]; 8];
    for (bytes, orientation) in bytes.iter_mut().zip(ORIENTATIONS) {
        *bytes = to_bits(&turn(&original, orientation), rounding)?;
    }
    Some(Dihedral { bytes, quality: quality(values, rounding)? })
}

/// The hash of reduced values and that of the same with rows as columns, without doubt about them.
pub fn hash_both_ways(values: &Luma) -> Option<(PdqHash, PdqHash)> {
    let coefficients = transform(values);
    let swapped = std::array::from_fn(|i| std::array::from_fn(|j| coefficients[j][i]));
    let quality = quality(values, 0.0)?;
    let hash = |of: &Coefficients| to_bits(of, 0.0).map(|bytes| PdqHash { bytes, quality });
    Some((hash(&coefficients)?, hash(&swapped)?))
}

fn hash_values(values: &Luma, rounding: f32) -> Option<PdqHash> {
    Some(PdqHash {
        bytes: to_bits(&transform(values), rounding)?,
        quality: quality(values, rounding)?,
    })
}

/// How a turn changes the transform: which coefficients change sign, and whether axes swap.
#[derive(Clone, Copy)]
struct Orientation {
    swaps_axes: bool,
    negates: fn(usize, usize) -> bool,
}

/// Frequencies are counted from 1, so an even index is an odd frequency, which a mirror negates.
const ORIENTATIONS: [Orientation; 8] = [
    Orientation { swaps_axes: false, negates: |_, _| false },
    Orientation { swaps_axes: true, negates: |_, j| j % 2 == 0 },
    Orientation { swaps_axes: false, negates: |i, j| (i + j) % 2 == 1 },
    Orientation { swaps_axes: true, negates: |i, _| i % 2 == 0 },
    Orientation { swaps_axes: false, negates: |i, _| i % 2 == 0 },
    Orientation { swaps_axes: false, negates: |_, j| j % 2 == 0 },
    Orientation { swaps_axes: true, negates: |_, _| false },
    Orientation { swaps_axes: true, negates: |i, j| (i + j) % 2 == 1 },
];

fn turn(original: &Coefficients, orientation: Orientation) -> Coefficients {
    let mut turned = [[0.0; KEPT]; KEPT];
    for (i, row) in original.iter().enumerate() {
        for (j, value) in row.iter().enumerate() {
            let signed = if (orientation.negates)(i, j) { -value } else { *value };
            if orientation.swaps_axes {
                turned[j][i] = signed;
            } else {
                turned[i][j] = signed;
            }
        }
    }
    turned
}

/// Rounding of a pixel as a share of that of a coefficient, which sums many. Measured: 0.3.
const PIXEL_SHARE: f32 = 0.5;

/// Counts marked steps between neighbours; small ones round to nothing, as the reference does.
/// `None` if the count may differ so much that the quality does by more than one.
fn quality(luma: &Luma, rounding: f32) -> Option<u8> {
    // A step of 1 is 2.55 of luma, and two pixels move it; each by a third of what coefficients do.
    let rounding = rounding * PIXEL_SHARE * 2.0 * 100.0 / 255.0;
    let level = Level::best();
    let mut counts = [0.0_f32; 3];
    count_steps(level, luma, rounding, &mut counts);
    let [fewest, likely, most] = counts.map(|steps| (steps as i32 / 90).clamp(0, 100) as u8);
    (most - fewest <= 1).then_some(likely)
}

static COSINES: LazyLock<[[f32; SIDE]; KEPT]> = LazyLock::new(|| {
    let scale = f64::from((2.0_f64 / SIDE as f64).sqrt() as f32);
    let unit = std::f64::consts::PI / 2.0 / SIDE as f64;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| (scale * (unit * (i + 1) as f64 * (2 * j + 1) as f64).cos()) as f32)
    })
});

/// The same, place by place.
static COSINES_BY_PLACE: LazyLock<[[f32; KEPT]; SIDE]> =
    LazyLock::new(|| std::array::from_fn(|j| std::array::from_fn(|i| COSINES[i][j])));

/// Frequencies 1..=16 of both axes of the two-dimensional cosine transform.
fn transform(luma: &Luma) -> Coefficients {
    let level = Level::best();
    let mut half = [[0.0_f32; SIDE]; KEPT];
    waves_of_lines(level, &COSINES, luma, &mut half);
    let mut whole = [[0.0_f32; KEPT]; KEPT];
    waves_of_values(level, &half, &COSINES_BY_PLACE, &mut whole);
    whole
}

/// Bits of a hash that the reference's rounding may decide without it being worked out again.
const DOUBTS_MAX: usize = 2;

/// Bit k, counted from the last byte's lowest bit, says that coefficient k is above the median.
/// `None` if more than `DOUBTS_MAX` coefficients are too near to the median to tell.
fn to_bits(coefficients: &Coefficients, rounding: f32) -> Option<[u8; HASH_BYTES]> {
    let values = coefficients.as_flattened();
    let median = lower_median(values);
    let mut bytes = [0; HASH_BYTES];
    let mut near = 0;
    for (k, value) in values.iter().enumerate() {
        if *value > median {
            bytes[HASH_BYTES - 1 - k / 8] |= 1 << (k % 8);
        }
        near += usize::from((value - median).abs() < 2.0 * rounding); // both may move
    }
    (near <= 1 + DOUBTS_MAX).then_some(bytes) // the median is near itself
}

/// The 128th smallest of 256 values: what the reference's bisection (Torben's) arrives at.
fn lower_median(values: &[f32]) -> f32 {
    let mut sorted: Vec<f32> = values.to_vec();
    let middle = (sorted.len() - 1) / 2;
    *sorted.select_nth_unstable_by(middle, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luma(at: impl Fn(usize, usize) -> f32) -> Box<Luma> {
        Box::new(std::array::from_fn(|y| std::array::from_fn(|x| at(x, y))))
    }

    fn waves(x: usize, y: usize) -> f32 {
        let (x, y) = (x as f32, y as f32);
        128.0 + 50.0 * (x * 0.31).sin() + 40.0 * (y * 0.17 + x * 0.05).cos() + (x * y) % 7.0
    }

    #[test]
    fn turning_the_transform_is_hashing_the_turned_picture() {
        let turned = [
            luma(waves),
            luma(|x, y| waves(y, 63 - x)),
            luma(|x, y| waves(63 - x, 63 - y)),
            luma(|x, y| waves(63 - y, x)),
            luma(|x, y| waves(x, 63 - y)),
            luma(|x, y| waves(63 - x, y)),
            luma(|x, y| waves(y, x)),
            luma(|x, y| waves(63 - y, 63 - x)),
        ];
        let picture = Decimated::Luma { values: luma(waves), rounding: 0.0 };
        let dihedral = hash_dihedral(&picture).map(|hashes| hashes.bytes).unwrap_or_default();
        // Which turn each place stands for is settled by the reference table; here: all eight,
        // each once.
        for picture in turned {
            let hash = hash(&Decimated::AsIs(picture)).map(|hash| hash.bytes).unwrap_or_default();
            let differing = |other: &[u8; HASH_BYTES]| -> u32 {
                hash.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum()
            };
            assert_eq!(dihedral.iter().filter(|other| differing(other) <= 2).count(), 1);
        }
    }

    #[test]
    fn a_coefficient_near_the_median_is_in_doubt_unless_there_is_no_rounding() {
        let picture = |rounding| Decimated::Luma { values: luma(waves), rounding };
        assert!(hash(&picture(0.0)).is_some());
        assert!(hash(&picture(1000.0)).is_none());
    }

    #[test]
    fn a_picture_under_five_pixels_has_the_zero_hash_of_quality_zero() {
        let zero = PdqHash { bytes: [0; HASH_BYTES], quality: 0 };
        assert_eq!(hash(&Decimated::TooSmall), Some(zero));
    }
}
