//! A scan line of values, laid so that vectors of them are read and written quickly.
//! It refuses to grow: it keeps the width that it was made with.

use super::axis::LANES;
use std::ops::{Deref, DerefMut};

/// What a cache line holds; vectors that lie across two of them take twice as long.
const ALIGNMENT: usize = 64;

/// Values of a line and, after them, as many zeros as let it be read vector by vector from any place.
pub struct Line {
    values: Vec<f32>,
    start: usize,
    length: usize,
}

impl Line {
    /// Zeros.
    pub fn new(width: usize) -> Self {
        let length = width + LANES - 1;
        let values = vec![0.0; length + ALIGNMENT / size_of::<f32>()];
        let start = values.as_ptr().align_offset(ALIGNMENT).min(values.len() - length);
        Self { values, start, length }
    }
}

impl Deref for Line {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.start..][..self.length]
    }
}

impl DerefMut for Line {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..][..self.length]
    }
}
