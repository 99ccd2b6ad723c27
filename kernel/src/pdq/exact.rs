//! The reference's reduction to 64x64, with its very rounding: running sums in f32, in its order.
//! It refuses to be fast; it is for pictures whose hash the fast one leaves in doubt.
//!
//! Still no full-size plane: each pass over columns keeps as many lines as its box is high. Lines
//! that come early (interlaced files) wait for their turn.

use super::axis::{box_size, decimation_place};
use super::filter::{Decimated, Luma, fill_line};
use super::{SIDE, SIDE_PX_MIN};
use crate::media::{PixelSink, Pixels};
use std::collections::BTreeMap;

/// Collects the pixels of one picture of known size.
pub struct ExactDecimator {
    width: usize,
    height: usize,
    first: ColumnBox,
    second: ColumnBox,
    waiting: BTreeMap<usize, WaitingLine>,
    next_line: usize,
    rows_done: usize,
    luma: Box<Luma>,
}

/// A line that is not complete, or whose turn has not come.
struct WaitingLine {
    values: Vec<f32>,
    missing: usize,
}

impl ExactDecimator {
    /// Makes ready for a picture of `width_px` by `height_px`.
    pub fn new(width_px: usize, height_px: usize) -> Self {
        Self {
            width: width_px,
            height: height_px,
            first: ColumnBox::new(width_px, height_px),
            second: ColumnBox::new(width_px, height_px),
            waiting: BTreeMap::new(),
            next_line: 0,
            rows_done: 0,
            luma: Box::new([[0.0; SIDE]; SIDE]),
        }
    }

    /// Ends the picture.
    pub fn finish(mut self) -> Decimated {
        if self.width < SIDE_PX_MIN || self.height < SIDE_PX_MIN {
            return Decimated::TooSmall;
        }
        while let Some(line) = self.first.drain() {
            self.second_pass(&line);
        }
        while let Some(line) = self.second.drain() {
            self.take_row(&line);
        }
        Decimated::Luma { values: self.luma, rounding: 0.0 }
    }

    fn first_pass(&mut self, line: &[f32]) {
        if let Some(line) = self.first.push(&box_along(line)) {
            self.second_pass(&line);
        }
    }

    fn second_pass(&mut self, line: &[f32]) {
        if let Some(line) = self.second.push(&box_along(line)) {
            self.take_row(&line);
        }
    }

    fn take_row(&mut self, line: &[f32]) {
        for (i, row) in self.luma.iter_mut().enumerate() {
            if decimation_place(i, self.height) == self.rows_done {
                *row = std::array::from_fn(|j| line[decimation_place(j, self.width)]);
            }
        }
        self.rows_done += 1;
    }
}

impl PixelSink for ExactDecimator {
    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        let width = self.width;
        let line = self
            .waiting
            .entry(y)
            .or_insert_with(|| WaitingLine { values: vec![0.0; width], missing: width });
        fill_line(&mut line.values, x_start, x_step, pixels);
        line.missing = line.missing.saturating_sub(width.saturating_sub(x_start).div_ceil(x_step));
        while let Some(entry) = self.waiting.first_entry()
            && *entry.key() == self.next_line
            && entry.get().missing == 0
        {
            let line = entry.remove();
            self.next_line += 1;
            self.first_pass(&line.values);
        }
    }
}

/// One pass along a line.
fn box_along(line: &[f32]) -> Vec<f32> {
    let (full, ahead) = box_size(line.len());
    let mut means = Vec::with_capacity(line.len());
    let (mut sum, mut count) = (0.0_f32, 0_usize);
    for (i, value) in line.iter().enumerate() {
        sum += value;
        if i >= full {
            sum -= line[i - full];
        } else {
            count += 1;
        }
        if i + 1 >= ahead {
            means.push(sum / count as f32);
        }
    }
    for value in &line[line.len() - full..][..ahead - 1] {
        sum -= value;
        count -= 1;
        means.push(sum / count as f32);
    }
    means
}

/// One pass across lines, which come one after the other.
struct ColumnBox {
    full: usize,
    ahead: usize,
    sums: Vec<f32>,
    /// The last `full` lines, each at its number modulo `full`.
    lines: Vec<Vec<f32>>,
    pushed: usize,
    count: usize,
}

impl ColumnBox {
    fn new(width: usize, height: usize) -> Self {
        let (full, ahead) = box_size(height);
        let lines = vec![vec![0.0; width]; full];
        Self { full, ahead, sums: vec![0.0; width], lines, pushed: 0, count: 0 }
    }

    /// Takes the next line; gives the means of an earlier place once its box is complete.
    fn push(&mut self, line: &[f32]) -> Option<Vec<f32>> {
        let oldest = &mut self.lines[self.pushed % self.full];
        for (sum, value) in self.sums.iter_mut().zip(line) {
            *sum += value;
        }
        if self.pushed >= self.full {
            for (sum, value) in self.sums.iter_mut().zip(oldest.iter()) {
                *sum -= value;
            }
        } else {
            self.count += 1;
        }
        oldest.copy_from_slice(line);
        self.pushed += 1;
        (self.pushed >= self.ahead).then(|| self.means())
    }

    /// After the last line: the means of the places left, whose boxes shrink.
    fn drain(&mut self) -> Option<Vec<f32>> {
        if self.count == 0 || self.count <= self.full + 1 - self.ahead {
            return None;
        }
        let oldest = &self.lines[(self.pushed + self.full - self.count) % self.full];
        for (sum, value) in self.sums.iter_mut().zip(oldest) {
            *sum -= value;
        }
        self.count -= 1;
        Some(self.means())
    }

    fn means(&self) -> Vec<f32> {
        self.sums.iter().map(|sum| sum / self.count as f32).collect()
    }
}
