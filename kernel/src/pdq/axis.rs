//! The weights by which the places along one axis make up PDQ's 64 values.
//! It refuses nothing: lengths are checked where pictures are decoded.
//!
//! The reference blurs with two passes of a box filter, then takes every n-th place. That is linear,
//! so each of the 64 values is a fixed weighted sum of a few neighbouring places.

use super::SIDE;
use super::line::Line;
use crate::simd::Level;
use crate::simd::filter::{Window, weigh};
use std::sync::LazyLock;

/// Places transformed at once in a JPEG.
const BLOCK: usize = 8;
/// Values weighed at once.
pub const LANES: usize = 8;

/// What each coefficient of a transform adds to its eight places. Source: ITU-T T.81, A.3.3.
static WAVES: LazyLock<[[f32; BLOCK]; BLOCK]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        let scale = if k == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 } / 2.0;
        let turn = k as f64 * std::f64::consts::PI / 16.0;
        std::array::from_fn(|place| (scale * ((2 * place + 1) as f64 * turn).cos()) as f32)
    })
});

/// The weights of the 64 places along one axis.
pub struct AxisWeights {
    pub windows: Vec<Window>,
    /// Those of all windows, each with zeros to a multiple of `LANES`; windows away from the edges share theirs.
    weights: Vec<f32>,
}

impl AxisWeights {
    /// For an axis of `length` places.
    pub fn new(length: usize) -> Self {
        let mut axis = Self { windows: Vec::with_capacity(SIDE), weights: Vec::new() };
        let (full, ahead) = box_size(length);
        let mut inner: Option<Window> = None;
        for i in if length == 0 { 0..0 } else { 0..SIDE } {
            let place = decimation_place(i, length);
            let is_inner = place >= 2 * (full - ahead) && place + 2 * ahead <= length + 1;
            if is_inner && let Some(window) = inner {
                let start = place - 2 * (full - ahead);
                axis.windows.push(Window { start, ..window });
                continue;
            }
            let (start, weights) = window_at(place, length);
            let window = Window { start, length: weights.len(), first_weight: axis.weights.len() };
            axis.weights.extend(weights);
            axis.weights.resize(axis.weights.len().next_multiple_of(LANES), 0.0);
            axis.windows.push(window);
            inner = inner.or(is_inner.then_some(window));
        }
        axis
    }

    /// For an axis whose places come eight by eight as the cosine transforms of their values: the
    /// weights, transformed alike. Windows begin and end between transforms.
    pub fn spectral(length: usize) -> Self {
        let axis = Self::new(length);
        let mut spectral = Self { windows: Vec::with_capacity(SIDE), weights: Vec::new() };
        for window in &axis.windows {
            let start = window.start / BLOCK * BLOCK;
            let end = window.end().next_multiple_of(BLOCK);
            let first_weight = spectral.weights.len();
            for block in (start..end).step_by(BLOCK) {
                for wave in &*WAVES {
                    let at = |place: usize| wave[place - block];
                    let from = window.start.max(block);
                    let weights = &axis.weights(window)[from - window.start..];
                    let places = from..window.end().min(block + BLOCK);
                    let weight =
                        places.zip(weights).map(|(place, weight)| weight * at(place)).sum();
                    spectral.weights.push(weight);
                }
            }
            spectral.windows.push(Window { start, length: end - start, first_weight });
        }
        spectral
    }

    /// One for each place of a window.
    pub fn weights(&self, window: &Window) -> &[f32] {
        &self.weights[window.first_weight..][..window.length]
    }

    /// The weighted sums of a line.
    pub fn projected(&self, level: Level, line: &Line) -> [f32; SIDE] {
        let mut sums = [0.0; SIDE];
        weigh(level, line, &self.windows, &self.weights, &mut sums);
        sums
    }

    /// For each place the outputs whose windows hold it, from the first to before the second. Windows are in order of
    /// both their ends.
    pub fn lookers(&self) -> Vec<[u8; 2]> {
        let reach = self.windows.last().map_or(0, Window::end);
        let mut lookers = [0, 0];
        let at = |place: usize| {
            let [first, end] = &mut lookers;
            while self.windows[*first].end() <= place {
                *first += 1;
            }
            while self.windows.get(*end).is_some_and(|window| window.start <= place) {
                *end += 1;
            }
            lookers.map(|output| output as u8)
        };
        (0..reach).map(at).collect()
    }
}

/// The source place that the reference takes for output `i`: floor((i + 1/2) * length / 64).
pub fn decimation_place(i: usize, length: usize) -> usize {
    (2 * i + 1) * length / (2 * SIDE)
}

/// The box for an axis of `length`: its size, and how much of it lies at or after its place.
pub fn box_size(length: usize) -> (usize, usize) {
    let full = length.div_ceil(2 * SIDE);
    (full, (full + 2) / 2)
}

/// How far right of a cell's middle the reference looks on average, in cells of `length` / 64.
pub fn cell_shift(length: usize) -> f32 {
    let (full, ahead) = box_size(length);
    let cell = length as f32 / SIDE as f32;
    let box_shift = (2 * ahead) as f32 - full as f32 - 1.0; // of both passes
    let places: f32 =
        (0..SIDE).map(|i| decimation_place(i, length) as f32 + 0.5 - (i as f32 + 0.5) * cell).sum();
    (places / SIDE as f32 + box_shift) / cell
}

/// One pass at `place` covers this range; it shrinks at both edges.
fn box_at(place: usize, length: usize) -> std::ops::Range<usize> {
    let (full, ahead) = box_size(length);
    place.saturating_sub(full - ahead)..(place + ahead).min(length)
}

/// Two passes at `place`: the mean over the box of the means over its boxes.
fn window_at(place: usize, length: usize) -> (usize, Vec<f32>) {
    let outer = box_at(place, length);
    let start = box_at(outer.start, length).start;
    let end = box_at(outer.end - 1, length).end;
    // Each inner box adds a step up and a step down; summed up, the steps are the weights. (Adding
    // box by box would take the square of the time, which very long lines would feel.)
    let mut steps = vec![0.0_f64; end - start + 1];
    let outer_share = 1.0 / outer.len() as f64;
    for middle in outer {
        let inner = box_at(middle, length);
        let share = outer_share / inner.len() as f64;
        steps[inner.start - start] += share;
        steps[inner.end - start] -= share;
    }
    let mut weight = 0.0;
    let weights = steps[..end - start].iter().map(|step| {
        weight += step;
        weight as f32
    });
    (start, weights.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_that_share_weights_have_those_of_their_own_place() {
        for length in 1..700 {
            let axis = AxisWeights::new(length);
            for (i, window) in axis.windows.iter().enumerate() {
                let (start, weights) = window_at(decimation_place(i, length), length);
                assert_eq!(window.start, start, "length {length}");
                for (shared, own) in axis.weights(window).iter().zip(&weights) {
                    assert!((shared - own).abs() < 1e-6, "length {length}");
                }
                assert_eq!(window.length, weights.len(), "length {length}");
            }
        }
    }

    #[test]
    fn weights_of_every_place_sum_to_one() {
        for length in 1..700 {
            let axis = AxisWeights::new(length);
            for window in &axis.windows {
                let sum: f32 = axis.weights(window).iter().sum();
                assert!((sum - 1.0).abs() < 1e-5, "length {length}");
            }
        }
    }

    #[test]
    fn weighing_transforms_is_weighing_what_they_stand_for() {
        for length in [8, 64, 100, 256, 513, 1280, 3000] {
            let (axis, spectral) = (AxisWeights::new(length), AxisWeights::spectral(length));
            let padded = length.next_multiple_of(BLOCK);
            let transforms: Vec<f32> =
                (0..padded).map(|i| (i * 7919 % 251) as f32 - 125.0).collect();
            let mut values = Line::new(padded);
            for (i, coefficient) in transforms.iter().enumerate() {
                for (value, wave) in values[i / BLOCK * BLOCK..].iter_mut().zip(WAVES[i % BLOCK]) {
                    *value += coefficient * wave;
                }
            }
            let plain = axis.projected(Level::Plain, &values);
            values[..padded].copy_from_slice(&transforms);
            let found = spectral.projected(Level::Plain, &values);
            for (plain, found) in plain.iter().zip(found) {
                assert!((plain - found).abs() < 1e-2, "length {length}: {plain} {found}");
            }
        }
    }
}
