//! Reduces scan lines of any picture to PDQ's 64x64 luma picture, keeping no full-size plane.
//! It refuses nothing: shapes are checked where pictures are decoded.
//!
//! The reference blurs with two passes of a box filter per axis, then takes every n-th pixel. Both
//! are linear and separable, so each of the 64 places along an axis is a fixed weighted sum of a
//! few neighbouring pixels. Those weights are worked out once for the width and once for the
//! height; a scan line then costs about one multiplication per pixel, and lines may come in any
//! order (interlaced files need no buffer either).

use super::{SIDE, SIDE_PX_MIN};
use crate::media::{PixelSink, Pixels};

/// A picture reduced to 64x64 luma values, rows first, or too small to be hashed.
#[derive(Debug, Clone, PartialEq)]
pub enum Decimated {
    /// Width or height under 5 px.
    TooSmall,
    /// Luma 0..=255, row by row.
    Luma(Box<[[f32; SIDE]; SIDE]>),
}

/// Collects the pixels of one picture of known size.
pub struct Decimator {
    columns: AxisWeights,
    rows: AxisWeights,
    sums: Box<[[f64; SIDE]; SIDE]>,
    line: Vec<f32>,
    too_small: bool,
}

impl Decimator {
    /// Makes ready for a picture of `width_px` by `height_px`.
    pub fn new(width_px: usize, height_px: usize) -> Self {
        Self {
            columns: AxisWeights::new(width_px),
            rows: AxisWeights::new(height_px),
            sums: Box::new([[0.0; SIDE]; SIDE]),
            line: vec![0.0; width_px],
            too_small: width_px < SIDE_PX_MIN || height_px < SIDE_PX_MIN,
        }
    }

    /// Ends the picture.
    pub fn finish(self) -> Decimated {
        if self.too_small {
            return Decimated::TooSmall;
        }
        let mut luma = Box::new([[0.0_f32; SIDE]; SIDE]);
        for (out, sums) in luma.iter_mut().zip(self.sums.iter()) {
            for (value, sum) in out.iter_mut().zip(sums) {
                *value = *sum as f32;
            }
        }
        Decimated::Luma(luma)
    }
}

impl PixelSink for Decimator {
    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        if self.too_small {
            return;
        }
        let Some(touched) = self.rows.touched_by.get(y) else {
            return;
        };
        if touched.is_empty() {
            return; // between the windows: no output row looks at this line
        }
        fill_line(&mut self.line, x_start, x_step, pixels);
        let mut projected = [0.0_f64; SIDE];
        for (sum, window) in projected.iter_mut().zip(&self.columns.windows) {
            let end = window.start + window.weights.len();
            *sum = dot(&self.line[window.start..end], &window.weights);
        }
        for &(row, weight) in touched {
            for (sum, value) in self.sums[row].iter_mut().zip(&projected) {
                *sum += f64::from(weight) * value;
            }
        }
        if x_step > 1 {
            self.line.fill(0.0); // an interlaced line is partial: the next one must not see it
        }
    }
}

/// Luma of RGB as the reference computes it: in f64, then rounded to f32.
fn luma([r, g, b]: [u8; 3]) -> f32 {
    (f64::from(r) * 0.299 + f64::from(g) * 0.587 + f64::from(b) * 0.114) as f32
}

fn fill_line(line: &mut [f32], x_start: usize, x_step: usize, pixels: Pixels<'_>) {
    let places = line.iter_mut().skip(x_start).step_by(x_step);
    match pixels {
        Pixels::Rgb(bytes) => {
            let (triples, _) = bytes.as_chunks::<3>();
            if x_start == 0 && x_step == 1 {
                for (place, rgb) in line.iter_mut().zip(triples) {
                    *place = luma(*rgb);
                }
            } else {
                for (place, rgb) in places.zip(triples) {
                    *place = luma(*rgb);
                }
            }
        }
        Pixels::Grey(bytes) => {
            for (place, grey) in places.zip(bytes) {
                *place = f32::from(*grey);
            }
        }
    }
}

/// Sum of products in eight lanes, so that the compiler may use vectors.
fn dot(values: &[f32], weights: &[f32]) -> f64 {
    let (value_lanes, value_rest) = values.as_chunks::<8>();
    let (weight_lanes, weight_rest) = weights.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for (v, w) in value_lanes.iter().zip(weight_lanes) {
        for lane in 0..8 {
            sums[lane] += v[lane] * w[lane];
        }
    }
    let rest: f32 = value_rest.iter().zip(weight_rest).map(|(v, w)| v * w).sum();
    sums.iter().map(|sum| f64::from(*sum)).sum::<f64>() + f64::from(rest)
}

/// The weights of the 64 places along one axis.
struct AxisWeights {
    windows: Vec<Window>,
    /// For each source place, the output places that look at it and with what weight.
    touched_by: Vec<Vec<(usize, f32)>>,
}

struct Window {
    start: usize,
    weights: Vec<f32>,
}

impl AxisWeights {
    fn new(length: usize) -> Self {
        let windows: Vec<Window> = if length == 0 {
            Vec::new()
        } else {
            (0..SIDE)
                .map(|i| window_at(decimation_place(i, length), length))
                .collect()
        };
        let mut touched_by = vec![Vec::new(); length];
        for (out, window) in windows.iter().enumerate() {
            for (offset, weight) in window.weights.iter().enumerate() {
                touched_by[window.start + offset].push((out, *weight));
            }
        }
        Self { windows, touched_by }
    }
}

/// The source place that the reference takes for output `i`: floor((i + 1/2) * length / 64).
fn decimation_place(i: usize, length: usize) -> usize {
    (2 * i + 1) * length / (2 * SIDE)
}

/// One pass at `place` covers this range; it shrinks at both edges.
fn box_at(place: usize, length: usize) -> std::ops::Range<usize> {
    let full = length.div_ceil(2 * SIDE);
    let ahead = full.div_ceil(2) + usize::from(full % 2 == 0); // (full + 2) / 2
    let behind = full - ahead;
    place.saturating_sub(behind)..(place + ahead).min(length)
}

/// Two passes at `place`: the mean over the box of the means over its boxes.
fn window_at(place: usize, length: usize) -> Window {
    let outer = box_at(place, length);
    let start = box_at(outer.start, length).start;
    let end = box_at(outer.end - 1, length).end;
    let mut weights = vec![0.0_f64; end - start];
    let outer_share = 1.0 / outer.len() as f64;
    for middle in outer {
        let inner = box_at(middle, length);
        let share = outer_share / inner.len() as f64;
        for weight in &mut weights[inner.start - start..inner.end - start] {
            *weight += share;
        }
    }
    Window {
        start,
        weights: weights.into_iter().map(|weight| weight as f32).collect(),
    }
}
