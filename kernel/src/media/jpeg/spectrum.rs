//! Luma as coefficients, for sinks that need no pixels; colour is passed over.
//! It refuses pictures whose luma has not the full resolution.

use super::color::Meaning;
use super::entropy::Steps;
use super::scan::{BlockOfUnit, ScanDecoder};
use super::segments::{Frame, Scan};
use super::upsample::Upsampling;
use super::{Coefficients, File, steps};
use crate::errors::Refusal;
use crate::media::{Limits, PixelSink};
use crate::simd::idct::{Block, mean_sample};
use crate::simd::{Level, Work, run_at};

/// Whether the first component alone says how light each pixel is.
pub fn has_luma(frame: &Frame) -> bool {
    matches!(frame.meaning, Meaning::Grey | Meaning::YCbCr)
        && frame.components[0].upsampling == Upsampling::None
        && frame.components[0].rows_each == 1
}

/// One scan carries everything: rows of blocks are given as they come.
pub fn decode_single(
    file: &File<'_>,
    frame: &Frame,
    scan: &Scan,
    limits: &Limits,
    sink: &mut impl PixelSink,
) -> Result<(), Refusal> {
    let luma = &frame.components[0];
    let steps = steps(&file.tables, luma)?;
    let mut decoder = ScanDecoder::new(file, frame, scan)?;
    let (across, down) = decoder.units;
    let unit = decoder.unit(frame);
    let rows_each = unit.iter().filter(|block| block.index == 0).map(|block| block.y + 1).max();
    let stride = luma.sampling.0 * frame.units.0;
    let mut rows = vec![vec![[0; 64]; stride]; rows_each.unwrap_or(1)];
    for unit_y in 0..down {
        limits.deadline.check()?;
        let work =
            UnitRow { decoder: &mut decoder, unit: &unit, rows: &mut rows, steps: &steps, across };
        run_at(Level::best(), work)?;
        for (row, y) in rows.iter_mut().zip(rows_each.unwrap_or(1) * unit_y..luma.blocks.1) {
            sink.blocks(8 * y, &row[..luma.blocks.0]);
            row.fill([0; 64]);
        }
    }
    Ok(())
}

/// Decoding one row of units of a sequential scan.
struct UnitRow<'a, 'b> {
    decoder: &'a mut ScanDecoder<'b>,
    unit: &'a [BlockOfUnit],
    rows: &'a mut [Vec<Block>],
    steps: &'a Steps,
    across: usize,
}

impl Work for UnitRow<'_, '_> {
    type Outcome = Result<(), Refusal>;

    #[inline(always)]
    fn run(self) -> Self::Outcome {
        for unit_x in 0..self.across {
            self.decoder.start_unit()?;
            for place in self.unit {
                if place.index == 0 {
                    let block = &mut self.rows[place.y][place.across.0 * unit_x + place.x];
                    if !self.decoder.sequential(place.part, self.steps, block)? {
                        round_mean(block);
                    }
                } else {
                    self.decoder.pass_over(place.part)?;
                }
            }
        }
        Ok(())
    }
}

/// Where all samples of a block are the same, so is their rounding: it can be had for nothing.
#[inline(always)]
fn round_mean(block: &mut Block) {
    block[0] = (i16::from(mean_sample(block[0])) - 128) * 8;
}

/// Gives the blocks of a plane that several scans made up.
pub fn show_plane(
    frame: &Frame,
    plane: &Coefficients,
    steps: &Steps,
    limits: &Limits,
    sink: &mut impl PixelSink,
) -> Result<(), Refusal> {
    let (across, down) = frame.components[0].blocks;
    let mut row = vec![[0; 64]; across];
    for y in 0..down {
        limits.deadline.check()?;
        for (scaled, block) in row.iter_mut().zip(&plane.blocks[y * plane.stride..]) {
            if !steps.scale(block, scaled) {
                round_mean(scaled);
            }
        }
        sink.blocks(8 * y, &row);
    }
    Ok(())
}
