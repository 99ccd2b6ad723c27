//! From coefficients to scan lines: three rows of units in memory, upsampled and coloured.
//! It refuses to hold the whole picture.

use super::color::{self, Meaning};
use super::idct::{self, Block};
use super::segments::Frame;
use crate::media::{PixelSink, Pixels};

/// Rows of units kept: the one being written, the one being shown, and the one above it.
const KEPT: usize = 3;

/// Collects samples row of units by row of units, and shows the rows that are complete.
pub struct Rows<'a> {
    frame: &'a Frame,
    planes: Vec<Plane>,
    quantizers: Vec<[u16; 64]>,
    wide: Vec<Vec<u8>>,
    rgb: Vec<u8>,
    shown: usize,
}

/// One component's samples.
struct Plane {
    stride: usize,
    unit_rows: usize,
    samples: Vec<u8>,
}

impl Plane {
    fn place(&self, row: usize) -> usize {
        row % (KEPT * self.unit_rows) * self.stride
    }

    fn row(&self, row: usize, width: usize) -> &[u8] {
        &self.samples[self.place(row)..][..width]
    }
}

impl<'a> Rows<'a> {
    /// For a frame whose components have these quantizers.
    pub fn new(frame: &'a Frame, quantizers: Vec<[u16; 64]>) -> Self {
        let plane = |sampling: (usize, usize)| {
            let (stride, unit_rows) = (8 * sampling.0 * frame.units.0, 8 * sampling.1);
            Plane { stride, unit_rows, samples: vec![0; KEPT * unit_rows * stride] }
        };
        Self {
            frame,
            planes: frame.components.iter().map(|component| plane(component.sampling)).collect(),
            quantizers,
            wide: vec![Vec::new(); frame.components.len()],
            rgb: vec![0; 3 * frame.width],
            shown: 0,
        }
    }

    /// Puts one block of component `index` at its place, in blocks.
    #[inline]
    pub fn put(&mut self, index: usize, (x, y): (usize, usize), block: &Block) {
        let plane = &mut self.planes[index];
        let start = plane.place(8 * y) + 8 * x;
        idct::transform(block, &self.quantizers[index], &mut plane.samples[start..], plane.stride);
    }

    /// Shows what is ready once `done` rows of units are complete.
    pub fn show(&mut self, done: usize, sink: &mut impl PixelSink) {
        let rows_each = self.pixel_rows_each();
        // The last row of units done is held back: its lowest rows mix with the next one's.
        let until = if done >= self.frame.units.1 {
            self.frame.height
        } else {
            (done.saturating_sub(1) * rows_each).min(self.frame.height)
        };
        for y in self.shown..until {
            self.show_row(y, sink);
        }
        self.shown = self.shown.max(until);
    }

    fn pixel_rows_each(&self) -> usize {
        let component = &self.frame.components[0];
        8 * component.sampling.1 * component.rows_each
    }

    fn show_row(&mut self, y: usize, sink: &mut impl PixelSink) {
        for ((component, plane), wide) in
            self.frame.components.iter().zip(&self.planes).zip(&mut self.wide)
        {
            let near = y / component.rows_each;
            let is_upper = y.is_multiple_of(component.rows_each);
            let far = match (component.upsampling.mixes_rows(), is_upper) {
                (false, _) => near,
                (true, true) => near.saturating_sub(1),
                (true, false) => (near + 1).min(component.size.1 - 1),
            };
            let width = component.size.0;
            let (near, far) = (plane.row(near, width), plane.row(far, width));
            component.upsampling.row(near, far, is_upper, wide);
        }
        if self.frame.meaning == Meaning::Grey {
            sink.pixels(y, 0, 1, Pixels::Grey(&self.wide[0][..self.frame.width]));
        } else {
            color::to_rgb(self.frame.meaning, &self.wide, &mut self.rgb);
            sink.pixels(y, 0, 1, Pixels::Rgb(&self.rgb));
        }
    }
}
