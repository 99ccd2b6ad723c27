//! Hashes of a part of a plane in several orientations, as PDQ would hash the part alone.
//! It refuses to be bit-exact: a few bits differ from the hash of a file that holds only the part.

use super::{Orientation, Plane};
use crate::pdq::{self, Luma, PdqHash, SIDE};
use crate::simd::Level;
use crate::simd::filter::add_line;

/// A part of a picture: where it begins and ends, as shares of width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// 0 is the left edge.
    pub left: f32,
    /// 0 is the upper edge.
    pub top: f32,
    /// 1 is the right edge.
    pub right: f32,
    /// 1 is the lower edge.
    pub bottom: f32,
}

/// Windows whose edges are nearer than this hash alike.
const CLOSE: f32 = 0.012;

impl Window {
    /// Everything.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    /// What is left when each side loses a share.
    pub fn cut(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self { left, top, right: 1.0 - right, bottom: 1.0 - bottom }
    }

    /// What is left when each side loses as much as the side that lost most.
    pub fn evened(&self) -> Self {
        let cut = self.left.max(self.top).max(1.0 - self.right).max(1.0 - self.bottom);
        Self::cut(cut, cut, cut, cut)
    }

    /// Whether no edge lies far from the other's.
    pub fn is_close_to(&self, other: &Self) -> bool {
        let [a, b] = [self, other].map(|one| [one.left, one.top, one.right, one.bottom]);
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < CLOSE)
    }
}

/// The hash of a part as it is.
pub fn hash_upright(plane: &Plane, window: Window) -> Option<PdqHash> {
    let (rows, columns) = axes(plane, window);
    let lines = weigh_rows(plane, &rows.places(false));
    Some(pdq::hash_both_ways(&weigh_columns(&lines, &columns.places(false)))?.1)
}

/// The hashes of a part laid in all eight ways.
pub fn hash_all_ways(plane: &Plane, window: Window) -> Vec<(Orientation, PdqHash)> {
    let (rows, columns) = axes(plane, window);
    let mut hashes = Vec::with_capacity(8);
    for mirrors_y in [false, true] {
        let lines = weigh_rows(plane, &rows.places(mirrors_y));
        for mirrors_x in [false, true] {
            let luma = weigh_columns(&lines, &columns.places(mirrors_x));
            // No rounding is in doubt here, so there are always hashes.
            if let Some((swapped, upright)) = pdq::hash_both_ways(&luma) {
                let laid = |swaps_axes| Orientation { swaps_axes, mirrors_x, mirrors_y };
                hashes.extend([(laid(false), upright), (laid(true), swapped)]);
            }
        }
    }
    hashes
}

fn axes(plane: &Plane, window: Window) -> (Axis, Axis) {
    (
        Axis::new(plane.height, plane.native_height, window.top, window.bottom),
        Axis::new(plane.width, plane.native_width, window.left, window.right),
    )
}

/// One axis of a window: where it starts in the plane, how long each of its 64 cells is, and by how
/// much of a cell PDQ looks to the right of each cell's middle.
struct Axis {
    length: usize,
    start: f32,
    span: f32,
    shift: f32,
}

/// The pixels that one of the 64 places looks at.
struct Place {
    first: usize,
    weights: Vec<f32>,
}

impl Axis {
    fn new(length: usize, native: usize, from: f32, to: f32) -> Self {
        let native_span = ((to - from) * native as f32).round().max(1.0) as usize;
        Self {
            length,
            start: from * length as f32,
            span: (to - from) * length as f32,
            shift: pdq::cell_shift(native_span),
        }
    }

    /// PDQ's two box filters make a triangle half a cell wide on each side.
    fn places(&self, is_mirrored: bool) -> Vec<Place> {
        let cell = self.span / SIDE as f32;
        let reach = (cell * 0.5).max(0.75);
        (0..SIDE)
            .map(|i| {
                let along = (i as f32 + 0.5 + self.shift) * cell;
                let middle =
                    if is_mirrored { self.start + self.span - along } else { self.start + along };
                self.place(middle, reach)
            })
            .collect()
    }

    fn place(&self, middle: f32, reach: f32) -> Place {
        let last = self.length - 1;
        let first = ((middle - reach).floor().max(0.0) as usize).min(last);
        let end = ((middle + reach).ceil().max(0.0) as usize).clamp(first + 1, self.length);
        let edge = |x: usize| triangle_area((x as f32 - middle) / reach);
        let mut weights: Vec<f32> = (first..end).map(|x| edge(x + 1) - edge(x)).collect();
        let sum: f32 = weights.iter().sum();
        if sum > 0.0 {
            weights.iter_mut().for_each(|weight| *weight /= sum);
        } else {
            weights.fill(1.0 / (end - first) as f32);
        }
        Place { first, weights }
    }
}

/// The area of the triangle from -1 over 1 at 0 to 1, up to `x`.
fn triangle_area(x: f32) -> f32 {
    let x = x.clamp(-1.0, 1.0);
    if x < 0.0 { (1.0 + x) * (1.0 + x) / 2.0 } else { 1.0 - (1.0 - x) * (1.0 - x) / 2.0 }
}

/// For each column of the plane, the values of the 64 places along it.
fn weigh_rows(plane: &Plane, places: &[Place]) -> Vec<[f32; SIDE]> {
    let level = Level::best();
    let mut columns = vec![[0.0; SIDE]; plane.width];
    let mut line = vec![0.0; plane.width];
    for (i, place) in places.iter().enumerate() {
        line.fill(0.0);
        for (y, weight) in (place.first..).zip(&place.weights) {
            add_line(level, &mut line, plane.row(y), *weight);
        }
        for (column, value) in columns.iter_mut().zip(&line) {
            column[i] = *value;
        }
    }
    columns
}

/// The reduced picture with rows as columns.
fn weigh_columns(columns: &[[f32; SIDE]], places: &[Place]) -> Box<Luma> {
    let mut luma = Box::new([[0.0; SIDE]; SIDE]);
    for (out, place) in luma.iter_mut().zip(places) {
        for (column, weight) in columns[place.first..].iter().zip(&place.weights) {
            for (sum, value) in out.iter_mut().zip(column) {
                *sum += weight * value;
            }
        }
    }
    luma
}
