//! From the 64x64 luma picture to the hash: quality, 16x16 cosine transform, median, bits.
//! It refuses to round differently from the reference: sums run in f32 and in the same order.

use super::{Decimated, HASH_BYTES, SIDE};
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

/// The hash of a reduced picture.
pub fn hash(picture: &Decimated) -> PdqHash {
    match picture {
        Decimated::TooSmall => PdqHash { bytes: [0; HASH_BYTES], quality: 0 },
        Decimated::Luma(luma) => PdqHash {
            bytes: to_bits(&transform(luma)),
            quality: quality(luma),
        },
    }
}

/// The eight hashes of a reduced picture, from one transform.
pub fn hash_dihedral(picture: &Decimated) -> Dihedral {
    let Decimated::Luma(luma) = picture else {
        return Dihedral { bytes: [[0; HASH_BYTES]; 8], quality: 0 };
    };
    let original = transform(luma);
    Dihedral {
        bytes: ORIENTATIONS.map(|orientation| to_bits(&turn(&original, orientation))),
        quality: quality(luma),
    }
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

/// Counts marked steps between neighbours; small ones round to nothing, as the reference does.
fn quality(luma: &[[f32; SIDE]; SIDE]) -> u8 {
    let step = |from: f32, to: f32| ((from - to) * 100.0 / 255.0) as i32;
    let mut steps = 0_i32;
    for i in 0..SIDE - 1 {
        for j in 0..SIDE {
            steps += step(luma[i][j], luma[i + 1][j]).abs();
            steps += step(luma[j][i], luma[j][i + 1]).abs();
        }
    }
    u8::try_from((steps / 90).clamp(0, 100)).unwrap_or(100)
}

static COSINES: LazyLock<[[f32; SIDE]; KEPT]> = LazyLock::new(|| {
    let scale = f64::from((2.0_f64 / SIDE as f64).sqrt() as f32);
    let unit = std::f64::consts::PI / 2.0 / SIDE as f64;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| (scale * (unit * (i + 1) as f64 * (2 * j + 1) as f64).cos()) as f32)
    })
});

/// Frequencies 1..=16 of both axes of the two-dimensional cosine transform.
fn transform(luma: &[[f32; SIDE]; SIDE]) -> Coefficients {
    let cosines = &*COSINES;
    let mut half = [[0.0_f32; SIDE]; KEPT];
    for (half_row, cosine_row) in half.iter_mut().zip(cosines) {
        for (cosine, luma_row) in cosine_row.iter().zip(luma) {
            for (sum, value) in half_row.iter_mut().zip(luma_row) {
                *sum += cosine * value;
            }
        }
    }
    let mut whole = [[0.0_f32; KEPT]; KEPT];
    for (whole_row, half_row) in whole.iter_mut().zip(&half) {
        for (sum, cosine_row) in whole_row.iter_mut().zip(cosines) {
            for (value, cosine) in half_row.iter().zip(cosine_row) {
                *sum += value * cosine;
            }
        }
    }
    whole
}

/// Bit k, counted from the last byte's lowest bit, says that coefficient k is above the median.
fn to_bits(coefficients: &Coefficients) -> [u8; HASH_BYTES] {
    let values = coefficients.as_flattened();
    let median = lower_median(values);
    let mut bytes = [0; HASH_BYTES];
    for (k, value) in values.iter().enumerate() {
        if *value > median {
            bytes[HASH_BYTES - 1 - k / 8] |= 1 << (k % 8);
        }
    }
    bytes
}

/// The 128th smallest of 256 values: what the reference's bisection (Torben's) arrives at.
fn lower_median(values: &[f32]) -> f32 {
    let mut sorted: Vec<f32> = values.to_vec();
    let middle = (sorted.len() - 1) / 2;
    *sorted.select_nth_unstable_by(middle, f32::total_cmp).1
}
