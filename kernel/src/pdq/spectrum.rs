//! Reduces JPEG pictures to PDQ's 64x64 values without ever computing their pixels.
//! It refuses to be exact: it does not round pixels, and cannot see where they would have been cut
//! off at black or white.
//!
//! The reduction is linear, and so is the transform from coefficients to pixels. So the weights are
//! transformed once for each axis, and coefficients are weighed as pixels would be.

use super::axis::AxisWeights;
use super::filter::Folding;
use super::{Decimated, Decimator};
use crate::media::{PixelSink, Pixels, Wanted};
use crate::simd::Level;
use crate::simd::filter::add_blocks;
use crate::simd::idct::Block;

/// Collects the coefficients of one picture of known size, or its pixels if there are none.
pub struct SpectralDecimator {
    width: usize,
    height: usize,
    pixels: Decimator,
    blocks: Option<Folding>,
}

/// Pictures with a shorter side are decoded in full, which costs little.
const BLOCKS_SIDE_PX_MIN: usize = 256;

impl SpectralDecimator {
    /// Makes ready for a picture of `width_px` by `height_px`.
    pub fn new(width_px: usize, height_px: usize) -> Self {
        let pixels = Decimator::new(width_px, height_px);
        Self { width: width_px, height: height_px, pixels, blocks: None }
    }

    /// Ends the picture. Its values are taken for what they are; those of blocks lack the 128 that
    /// pixels have on top, which no hash depends on.
    pub fn finish(self) -> Decimated {
        match self.blocks {
            Some(blocks) => Decimated::Luma { values: blocks.finish(), rounding: 0.0 },
            None => self.pixels.finish().taken_as_is(),
        }
    }
}

impl PixelSink for SpectralDecimator {
    const WANTED: Wanted = Wanted::Luma;

    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        self.pixels.pixels(y, x_start, x_step, pixels);
    }

    fn takes_blocks(&self) -> bool {
        self.width.min(self.height) >= BLOCKS_SIDE_PX_MIN
    }

    fn blocks(&mut self, y: usize, blocks: &[Block]) {
        let folding = self.blocks.get_or_insert_with(|| {
            let axes = (AxisWeights::spectral(self.width), AxisWeights::spectral(self.height));
            Folding::new(self.width.next_multiple_of(8), Level::best(), axes.0, axes.1)
        });
        folding.add(y..y + 8, |level, sums, weights| {
            if let Some(weights) = weights.first_chunk() {
                add_blocks(level, sums, blocks, weights);
            }
        });
    }
}
