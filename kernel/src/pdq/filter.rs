//! Reduces scan lines of any picture to PDQ's 64x64 luma picture, keeping no full-size plane.
//! It refuses nothing: shapes are checked where pictures are decoded.
//!
//! The reference blurs with two passes of a box filter per axis, then takes every n-th pixel. Both
//! are linear and separable, so each of the 64 places along an axis is a fixed weighted sum of a
//! few neighbouring pixels. Those weights are worked out once for the width and once for the
//! height. Lines that come in order are added up, times their weight, until the window of an
//! output row ends; only those sums are then weighed along the row. A pixel costs about one
//! multiplication. Lines that come in parts or out of order (interlaced files) are weighed along
//! the row at once, which costs more and needs no buffer either.

use super::axis::AxisWeights;
use super::line::Line;
use super::{SIDE, SIDE_PX_MIN};
use crate::media::{PixelSink, Pixels, Wanted};
use crate::simd::Level;
use crate::simd::color::{from_ycc, ycc_to_luma};
use crate::simd::filter::{add_line, add_ycc, grey_to_luma, rgb_to_luma};
use std::collections::VecDeque;
use std::ops::Range;

/// A picture reduced to 64x64 luma values, or too small to be hashed.
#[derive(Debug, Clone, PartialEq)]
pub enum Decimated {
    /// Width or height under 5 px.
    TooSmall,
    /// Luma 0..=255, row by row.
    Luma {
        /// The values.
        values: Box<Luma>,
        /// By how much the reference's rounding may move them; 0 if they are its very values.
        rounding: f32,
    },
    /// The picture had 64x64 pixels, which the reference hashes as they are.
    AsIs(Box<Luma>),
}

impl Decimated {
    /// The same values without doubt about their rounding.
    pub fn taken_as_is(self) -> Self {
        match self {
            Self::Luma { values, .. } => Self::Luma { values, rounding: 0.0 },
            other => other,
        }
    }
}

/// Rows of columns.
pub type Luma = [[f32; SIDE]; SIDE];

/// The reference's running sums drift with the length of a line. Measured on 156 pictures of 64 to
/// 4032 px: at most 1.5e-4 times the square root of the longer side in any coefficient.
const ROUNDING_PER_ROOT_PX: f32 = 2e-4;

/// Weighted sums of lines, row by row of the output.
pub(super) struct Folding {
    width: usize,
    level: Level,
    columns: AxisWeights,
    rows: AxisWeights,
    /// For each line the output rows that look at it.
    lookers: Vec<[u8; 2]>,
    sums: Box<[[f64; SIDE]; SIDE]>,
    /// Output rows whose windows hold the last line, with their sums so far.
    open: VecDeque<OpenRow>,
    spare: Vec<Line>,
}

/// An output row and the weighted sum of the lines of its window so far.
struct OpenRow {
    row: usize,
    sums: Line,
}

impl Folding {
    /// For lines of `width` values and these weights.
    pub fn new(width: usize, level: Level, columns: AxisWeights, rows: AxisWeights) -> Self {
        let sums = Box::new([[0.0; SIDE]; SIDE]);
        let (lookers, open, spare) = (rows.lookers(), VecDeque::new(), Vec::new());
        Self { width, level, columns, rows, lookers, sums, open, spare }
    }

    /// The output rows whose windows hold a line.
    fn looking_at(&self, y: usize) -> Range<usize> {
        let [first, end] = self.lookers.get(y).map_or([0, 0], |rows| rows.map(usize::from));
        first..end
    }

    fn zeros(&mut self) -> Line {
        let line = self.spare.pop().map(|mut line| {
            line.fill(0.0);
            line
        });
        line.unwrap_or_else(|| Line::new(self.width))
    }

    /// Lines in their turn: `add` puts them, times their weights, to the sums of each output row
    /// that looks at them; rows that they complete are ended.
    pub fn add(&mut self, lines: Range<usize>, add: impl Fn(Level, &mut [f32], &[f32])) {
        for row in self.looking_at(lines.start) {
            if self.open.back().is_none_or(|open| open.row < row) {
                let sums = self.zeros();
                self.open.push_back(OpenRow { row, sums });
            }
            let window = &self.rows.windows[row];
            if let Some(open) = self.open.iter_mut().find(|open| open.row == row) {
                let weights = &self.rows.weights(window)[lines.start - window.start..];
                add(self.level, &mut open.sums, &weights[..lines.len()]);
            }
        }
        while let Some(open) = self.open.front()
            && self.rows.windows[open.row].end() <= lines.end
        {
            self.end_row();
        }
    }

    /// Weighs the sums of the first open row along it.
    fn end_row(&mut self) {
        if let Some(open) = self.open.pop_front() {
            let projected = self.columns.projected(self.level, &open.sums);
            for (sum, value) in self.sums[open.row].iter_mut().zip(projected) {
                *sum += f64::from(value);
            }
            self.spare.push(open.sums);
        }
    }

    /// A line, or part of one, at any time: weighs it along the row, then adds it.
    fn add_alone(&mut self, y: usize, line: &[f32]) {
        let mut padded = self.zeros();
        padded[..line.len()].copy_from_slice(line);
        let projected = self.columns.projected(self.level, &padded);
        self.spare.push(padded);
        for row in self.looking_at(y) {
            let window = &self.rows.windows[row];
            let weight = f64::from(self.rows.weights(window)[y - window.start]);
            for (sum, value) in self.sums[row].iter_mut().zip(&projected) {
                *sum += weight * f64::from(*value);
            }
        }
    }

    /// The values, once all lines were added.
    pub fn finish(mut self) -> Box<Luma> {
        while !self.open.is_empty() {
            self.end_row();
        }
        let mut luma = Box::new([[0.0_f32; SIDE]; SIDE]);
        for (out, sums) in luma.iter_mut().zip(self.sums.iter()) {
            for (value, sum) in out.iter_mut().zip(sums) {
                *value = *sum as f32;
            }
        }
        luma
    }
}

/// Collects the pixels of one picture of known size.
pub struct Decimator {
    width: usize,
    height: usize,
    folding: Folding,
    line: Vec<f32>,
    next_line: usize,
}

/// Rows open at once when lines are added up. Very low pictures, whose windows all hold the same
/// few lines, would need more; theirs are weighed one by one.
const OPEN_ROWS_MAX: usize = 3;

impl Decimator {
    /// Makes ready for a picture of `width_px` by `height_px`.
    pub fn new(width_px: usize, height_px: usize) -> Self {
        Self::at_level(width_px, height_px, Level::best())
    }

    fn at_level(width: usize, height: usize, level: Level) -> Self {
        let (columns, rows) = (AxisWeights::new(width), AxisWeights::new(height));
        let folding = Folding::new(width, level, columns, rows);
        Self { width, height, folding, line: vec![0.0; width], next_line: 0 }
    }

    /// The luma of a whole line, but for the last bit of its rounding.
    pub fn add_line(&mut self, y: usize, line: &[f32]) {
        let is_next = y == self.next_line;
        self.next_line += usize::from(is_next);
        if is_next && self.folding.looking_at(y).len() <= OPEN_ROWS_MAX {
            self.folding
                .add(y..y + 1, |level, sums, weights| add_line(level, sums, line, weights[0]));
        } else {
            self.folding.add_alone(y, line);
        }
    }

    /// The reference hashes a picture of 64x64 pixels as they are, to the last bit.
    fn is_rounded_later(&self) -> bool {
        (self.width, self.height) != (SIDE, SIDE)
    }

    /// Ends the picture.
    pub fn finish(self) -> Decimated {
        if self.width < SIDE_PX_MIN || self.height < SIDE_PX_MIN {
            return Decimated::TooSmall;
        }
        let is_rounded_later = self.is_rounded_later();
        let values = self.folding.finish();
        if !is_rounded_later {
            return Decimated::AsIs(values);
        }
        let root = (self.width.max(self.height) as f32).sqrt();
        Decimated::Luma { values, rounding: ROUNDING_PER_ROOT_PX * root }
    }
}

impl PixelSink for Decimator {
    const WANTED: Wanted = Wanted::Luma;

    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        let is_whole = x_start == 0 && x_step == 1;
        let rows = self.folding.looking_at(y);
        if let Pixels::Ycc(ycc) = pixels
            && is_whole
            && y == self.next_line
            && rows.len() <= 1
            && self.is_rounded_later()
        {
            self.next_line += 1;
            self.folding
                .add(y..y + 1, |level, sums, weights| add_ycc(level, sums, ycc, weights[0]));
            return;
        }
        if rows.is_empty() {
            self.next_line += usize::from(is_whole && y == self.next_line);
            return; // between the windows
        }
        let mut line = std::mem::take(&mut self.line);
        if is_whole && self.is_rounded_later() {
            whole_luma(self.folding.level, pixels, &mut line);
        } else {
            line.fill(0.0); // perhaps only a part of it comes
            fill_line(&mut line, x_start, x_step, pixels);
        }
        if is_whole {
            self.add_line(y, &line);
        } else {
            self.folding.add_alone(y, &line);
        }
        self.line = line;
    }
}

/// Luma of all pixels of a line, but for the last bit of the reference's rounding.
pub fn whole_luma(level: Level, pixels: Pixels<'_>, line: &mut [f32]) {
    match pixels {
        Pixels::Grey(bytes) => grey_to_luma(level, bytes, line),
        Pixels::Rgb(bytes) => rgb_to_luma(level, bytes, line),
        Pixels::Ycc(ycc) => ycc_to_luma(level, ycc, line),
    }
}

/// Luma of RGB as the reference computes it: in f64, then rounded to f32.
fn luma([r, g, b]: [u8; 3]) -> f32 {
    (f64::from(r) * 0.299 + f64::from(g) * 0.587 + f64::from(b) * 0.114) as f32
}

/// Puts the luma of some pixels of a line at their places.
pub fn fill_line(line: &mut [f32], x_start: usize, x_step: usize, pixels: Pixels<'_>) {
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
        Pixels::Ycc([y, cb, cr]) => {
            for (((place, y), cb), cr) in places.zip(y).zip(cb).zip(cr) {
                *place = luma(from_ycc(*y, *cb, *cr));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ExactDecimator;
    use super::*;

    /// A picture without structure: line `y` of width `width`.
    fn line(y: usize, width: usize) -> Vec<u8> {
        let value = |x: usize| (x * 7919 + y * 104_729 + x * y * 31) as u32;
        (0..width).map(|x| (value(x).wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    }

    fn values(picture: Decimated) -> (Box<Luma>, f32) {
        match picture {
            Decimated::Luma { values, rounding } => (values, rounding),
            Decimated::AsIs(values) => (values, 0.01),
            Decimated::TooSmall => panic!("the picture is not small"),
        }
    }

    const SIZES: [(usize, usize); 9] = [
        (5, 5),
        (5, 400),
        (63, 64),
        (64, 64),
        (65, 127),
        (128, 129),
        (255, 256),
        (1000, 6),
        (701, 333),
    ];

    #[test]
    fn the_fast_reduction_differs_from_the_reference_by_rounding_only() {
        for (width, height) in SIZES {
            let mut fast = Decimator::new(width, height);
            let mut exact = ExactDecimator::new(width, height);
            for y in 0..height {
                let line = line(y, width);
                fast.pixels(y, 0, 1, Pixels::Grey(&line));
                exact.pixels(y, 0, 1, Pixels::Grey(&line));
            }
            let ((fast, rounding), (exact, _)) = (values(fast.finish()), values(exact.finish()));
            for (fast, exact) in fast.as_flattened().iter().zip(exact.as_flattened()) {
                assert!((fast - exact).abs() <= rounding / 2.0, "{width}x{height}");
            }
        }
    }

    #[test]
    fn every_level_gives_the_same_values() {
        for (width, height) in SIZES {
            let reduced = Level::all().map(|level| {
                let mut picture = Decimator::at_level(width, height, level);
                for y in 0..height {
                    picture.pixels(y, 0, 1, Pixels::Grey(&line(y, width)));
                }
                values(picture.finish()).0
            });
            let reduced: Vec<_> = reduced.collect();
            assert!(reduced.windows(2).all(|pair| pair[0] == pair[1]), "{width}x{height}");
        }
    }

    #[test]
    fn samples_of_a_jpeg_give_what_their_luma_gives() {
        for (width, height) in SIZES.into_iter().filter(|size| *size != (SIDE, SIDE)) {
            for level in Level::all() {
                let mut samples = Decimator::at_level(width, height, level);
                let mut lines = Decimator::at_level(width, height, level);
                for y in 0..height {
                    let ycc = [0, 1000, 2000].map(|more| line(y + more, width));
                    let ycc = Pixels::Ycc([&ycc[0], &ycc[1], &ycc[2]]);
                    samples.pixels(y, 0, 1, ycc);
                    let mut luma = vec![0.0; width];
                    whole_luma(Level::Plain, ycc, &mut luma);
                    lines.add_line(y, &luma);
                }
                assert_eq!(values(samples.finish()), values(lines.finish()), "{width}x{height}");
            }
        }
    }

    #[test]
    fn lines_may_come_in_parts_and_in_any_order() {
        let (width, height) = (131, 77);
        let mut fast = [Decimator::new(width, height), Decimator::new(width, height)];
        let mut exact = [ExactDecimator::new(width, height), ExactDecimator::new(width, height)];
        for y in 0..height {
            fast[0].pixels(y, 0, 1, Pixels::Grey(&line(y, width)));
            exact[0].pixels(y, 0, 1, Pixels::Grey(&line(y, width)));
        }
        for y in (0..height).rev() {
            for start in 0..3 {
                let part: Vec<u8> = line(y, width).into_iter().skip(start).step_by(3).collect();
                fast[1].pixels(y, start, 3, Pixels::Grey(&part));
                exact[1].pixels(y, start, 3, Pixels::Grey(&part));
            }
        }
        let [plain, mixed] = exact.map(|picture| values(picture.finish()).0);
        assert_eq!(plain, mixed);
        let [plain, mixed] = fast.map(|picture| values(picture.finish()).0);
        for (plain, mixed) in plain.as_flattened().iter().zip(mixed.as_flattened()) {
            assert!((plain - mixed).abs() < 1e-3);
        }
    }
}
