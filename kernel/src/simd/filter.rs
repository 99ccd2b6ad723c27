//! Weighted sums of scan lines, for the reduction to 64x64.
//! It refuses to join multiplication and addition: the same sums at every level.

use super::for_every_level;
use super::idct::Block;

for_every_level! {
    /// Adds `weight` times each value of `line` to the sum at its place.
    add_line(sums: &mut [f32], line: &[f32], weight: f32) {
        for (sum, value) in sums.iter_mut().zip(line) {
            *sum += weight * value;
        }
    }
}

for_every_level! {
    /// Adds the coefficients of a row of blocks, each row of them times its weight, to the sums at
    /// the blocks' places.
    add_blocks(sums: &mut [f32], blocks: &[Block], weights: &[f32; 8]) {
        let (places, _) = sums.as_chunks_mut::<8>();
        for (place, block) in places.iter_mut().zip(blocks) {
            let mut sum = *place;
            for (row, weight) in block.as_chunks::<8>().0.iter().zip(weights) {
                for (sum, coefficient) in sum.iter_mut().zip(row) {
                    *sum += weight * f32::from(*coefficient);
                }
            }
            *place = sum;
        }
    }
}

for_every_level! {
    /// Luma of grey pixels.
    grey_to_luma(pixels: &[u8], out: &mut [f32]) {
        for (luma, grey) in out.iter_mut().zip(pixels) {
            *luma = f32::from(*grey);
        }
    }
}

for_every_level! {
    /// Luma of RGB as the reference weighs it, but for the last bit of its rounding.
    rgb_to_luma(pixels: &[u8], out: &mut [f32]) {
        let (pixels, _) = pixels.as_chunks::<3>();
        for (luma, [r, g, b]) in out.iter_mut().zip(pixels) {
            *luma = super::color::luma(i32::from(*r), i32::from(*g), i32::from(*b));
        }
    }
}

for_every_level! {
    /// The sum of `values` times `weights`, in sixteen parts that are added up last.
    weigh(values: &[f32], weights: &[f32], sum: &mut f32) {
        let (value_lanes, value_rest) = values.as_chunks::<16>();
        let (weight_lanes, weight_rest) = weights.as_chunks::<16>();
        let mut parts = [0.0_f32; 16];
        for (value, weight) in value_lanes.iter().zip(weight_lanes) {
            for ((part, value), weight) in parts.iter_mut().zip(value).zip(weight) {
                *part += value * weight;
            }
        }
        for ((part, value), weight) in parts.iter_mut().zip(value_rest).zip(weight_rest) {
            *part += value * weight;
        }
        let mut halves = parts;
        for width in [8, 4, 2, 1] {
            let (lower, upper) = halves.split_at_mut(width);
            for (low, high) in lower.iter_mut().zip(upper) {
                *low += *high;
            }
        }
        *sum = halves[0];
    }
}
