//! Weighted sums of scan lines, for the reduction to 64x64.
//! It refuses to join multiplication and addition: the same sums at every level.

use super::color::ycc_luma;
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
    /// The same for the luma of a row of samples, which is kept nowhere.
    add_ycc(sums: &mut [f32], ycc: [&[u8]; 3], weight: f32) {
        let [y, cb, cr] = ycc;
        for (((sum, y), cb), cr) in sums.iter_mut().zip(y).zip(cb).zip(cr) {
            *sum += weight * ycc_luma(*y, *cb, *cr);
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

/// Values and the sums made of them, row by row.
type Sums<const N: usize> = [[f32; N]; 16];

for_every_level! {
    /// The products of sixteen waves with 64 lines, summed up in the order of the lines.
    waves_of_lines(waves: &[[f32; 64]; 16], lines: &[[f32; 64]; 64], sums: &mut Sums<64>) {
        for (sums, wave) in sums.iter_mut().zip(waves) {
            for (factor, line) in wave.iter().zip(lines) {
                for (sum, value) in sums.iter_mut().zip(line) {
                    *sum += factor * value;
                }
            }
        }
    }
}

for_every_level! {
    /// The products of the values of each row with sixteen waves, which come place by place, summed
    /// up in the order of the values.
    waves_of_values(rows: &Sums<64>, waves: &[[f32; 16]; 64], sums: &mut Sums<16>) {
        for (sums, row) in sums.iter_mut().zip(rows) {
            for (value, factors) in row.iter().zip(waves) {
                for (sum, factor) in sums.iter_mut().zip(factors) {
                    *sum += value * factor;
                }
            }
        }
    }
}

for_every_level! {
    /// Adds up how many whole hundredths of 255 lie between neighbours in both directions: at least,
    /// likely, at most, if each may be off by `rounding`, which is less than one. Sums are whole
    /// numbers well below what f32 holds.
    count_steps(luma: &[[f32; 64]; 64], rounding: f32, counts: &mut [f32; 3]) {
        let mut lanes = [[0.0_f32; 64]; 3];
        let mut add = |from: &[f32; 64], to: &[f32; 64]| {
            for lane in 0..64 {
                let step = ((from[lane] - to[lane]) * 100.0 / 255.0).abs();
                lanes[0][lane] += (step - rounding).max(0.0).trunc();
                lanes[1][lane] += step.trunc();
                lanes[2][lane] += (step + rounding).trunc();
            }
        };
        for (row, next) in luma.iter().zip(&luma[1..]) {
            add(row, next);
        }
        for row in luma {
            let mut beside = *row; // the last has no neighbour: itself, no step
            beside[..63].copy_from_slice(&row[1..]);
            add(row, &beside);
        }
        *counts = lanes.map(|lanes| lanes.iter().sum::<f32>());
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

/// Part of an axis, and where the weights of its places are.
#[derive(Clone, Copy)]
pub struct Window {
    /// The first place.
    pub start: usize,
    /// Places.
    pub length: usize,
    /// Of the weights, which windows may share.
    pub first_weight: usize,
}

impl Window {
    /// After the last place.
    pub fn end(&self) -> usize {
        self.start + self.length
    }
}

for_every_level! {
    /// For each window the sum of its values times its weights, in eight parts added up last. What is after a window is
    /// read up to a multiple of eight values, and has weights of zero.
    weigh(values: &[f32], windows: &[Window], weights: &[f32], sums: &mut [f32]) {
        for (sum, window) in sums.iter_mut().zip(windows) {
            let places = window.length.next_multiple_of(8);
            let (values, _) = values[window.start..][..places].as_chunks::<8>();
            let (weights, _) = weights[window.first_weight..][..places].as_chunks::<8>();
            let mut parts = [0.0_f32; 8];
            for (value, weight) in values.iter().zip(weights) {
                for ((part, value), weight) in parts.iter_mut().zip(value).zip(weight) {
                    *part += value * weight;
                }
            }
            let [a, b, c, d, e, f, g, h] = parts;
            *sum = ((a + e) + (c + g)) + ((b + f) + (d + h));
        }
    }
}
