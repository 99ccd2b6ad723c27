//! From coefficients to scan lines: three rows of units in memory, upsampled and coloured.
//! It refuses to hold the whole picture.

use super::color::{self, Meaning};
use super::entropy::Steps;
use super::segments::Frame;
use super::upsample::Upsampling;
use crate::media::{PixelSink, Pixels, Wanted};
use crate::simd::Level;
use crate::simd::idct::{BLOCKS, Block, Samples, mean_sample, transform};

/// Rows of units kept: the one being written, the one being shown, and the one above it.
const KEPT: usize = 3;

/// Collects samples row of units by row of units, and shows the rows that are complete.
pub struct Rows<'a> {
    frame: &'a Frame,
    level: Level,
    planes: Vec<Plane>,
    waiting: Waiting,
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

/// Blocks that wait until there are enough of them to be transformed at once.
struct Waiting {
    blocks: [Block; BLOCKS],
    places: [Place; BLOCKS],
    count: usize,
}

/// Where a block's samples go: which component, and the first one's place in its plane.
#[derive(Clone, Copy, Default)]
pub struct Place {
    /// The component.
    pub index: usize,
    /// From the plane's start.
    pub start: usize,
}

impl Plane {
    fn place(&self, row: usize) -> usize {
        row % (KEPT * self.unit_rows) * self.stride
    }

    fn row(&self, row: usize, width: usize) -> &[u8] {
        &self.samples[self.place(row)..][..width]
    }

    #[inline]
    fn put(&mut self, start: usize, samples: &Samples) {
        let rows = self.samples[start..].chunks_mut(self.stride);
        for (row, samples) in rows.zip(samples) {
            if let Some(place) = row.first_chunk_mut() {
                *place = *samples;
            }
        }
    }
}

impl<'a> Rows<'a> {
    /// For the components of a frame.
    pub fn new(frame: &'a Frame, level: Level) -> Self {
        let plane = |sampling: (usize, usize)| {
            let (stride, unit_rows) = (8 * sampling.0 * frame.units.0, 8 * sampling.1);
            Plane { stride, unit_rows, samples: vec![0; KEPT * unit_rows * stride] }
        };
        Self {
            frame,
            level,
            planes: frame.components.iter().map(|component| plane(component.sampling)).collect(),
            waiting: Waiting {
                blocks: [[0; 64]; BLOCKS],
                places: [Place::default(); BLOCKS],
                count: 0,
            },
            wide: vec![Vec::new(); frame.components.len()],
            rgb: vec![0; 3 * frame.width],
            shown: 0,
        }
    }

    /// The place of a component's block, in blocks.
    pub fn place(&self, index: usize, (x, y): (usize, usize)) -> Place {
        Place { index, start: self.planes[index].place(8 * y) + 8 * x }
    }

    /// A block of zeros, to be filled in and put.
    #[inline(always)]
    pub fn block(&mut self) -> &mut Block {
        &mut self.waiting.blocks[self.waiting.count]
    }

    /// Puts the block that was filled in at its place. `has_more` than its first coefficient?
    #[inline(always)]
    pub fn put(&mut self, place: Place, has_more: bool) {
        let Waiting { blocks, places, count } = &mut self.waiting;
        if has_more {
            places[*count] = place;
            *count += 1;
            if *count == BLOCKS {
                self.transform();
            }
        } else {
            let mean = mean_sample(blocks[*count][0]);
            blocks[*count][0] = 0;
            self.planes[place.index].put(place.start, &[[mean; 8]; 8]);
        }
    }

    /// Puts a block whose coefficients are not yet multiplied by their steps.
    pub fn put_unscaled(&mut self, place: Place, block: &Block, steps: &Steps) {
        let has_more = steps.scale(block, self.block());
        self.put(place, has_more);
    }

    #[inline(never)]
    fn transform(&mut self) {
        let Waiting { blocks, places, count } = &mut self.waiting;
        let samples = transform(self.level, blocks);
        for (place, samples) in places[..*count].iter().zip(&samples) {
            self.planes[place.index].put(place.start, samples);
        }
        *blocks = [[0; 64]; BLOCKS];
        *count = 0;
    }

    /// Shows what is ready once `done` rows of units are complete.
    pub fn show<S: PixelSink>(&mut self, done: usize, sink: &mut S) {
        self.transform();
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

    fn show_row<S: PixelSink>(&mut self, y: usize, sink: &mut S) {
        let Self { frame, level, planes, wide, .. } = self;
        for ((component, plane), wide) in frame.components.iter().zip(&*planes).zip(&mut *wide) {
            let near = y / component.rows_each;
            let is_upper = y.is_multiple_of(component.rows_each);
            let far = match (component.upsampling.mixes_rows(), is_upper) {
                (false, _) => near,
                (true, true) => near.saturating_sub(1),
                (true, false) => (near + 1).min(component.size.1 - 1),
            };
            if component.upsampling != Upsampling::None {
                let width = component.size.0;
                let (near, far) = (plane.row(near, width), plane.row(far, width));
                component.upsampling.row(*level, near, far, is_upper, wide);
            }
        }
        let full = |index: usize| match frame.components[index].upsampling {
            Upsampling::None => planes[index].row(y, frame.width),
            _ => &wide[index][..frame.width],
        };
        match (frame.meaning, S::WANTED) {
            (Meaning::Grey, _) => sink.pixels(y, 0, 1, Pixels::Grey(full(0))),
            (Meaning::YCbCr, Wanted::Luma) => {
                sink.pixels(y, 0, 1, Pixels::Ycc([full(0), full(1), full(2)]));
            }
            _ => {
                let rows: [&[u8]; 4] =
                    std::array::from_fn(|i| if i < planes.len() { full(i) } else { &[] });
                color::to_rgb(frame.meaning, rows, &mut self.rgb);
                sink.pixels(y, 0, 1, Pixels::Rgb(&self.rgb));
            }
        }
    }
}
