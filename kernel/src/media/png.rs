//! PNG by rows: every colour type and depth, interlaced or not, as Pillow's `convert("RGB")`.
//! It refuses to decompress text, colour profiles or a second frame.

use super::clock::TimedReader;
use super::{Header, Limits, PixelSink, Pixels, palette};
use crate::errors::Refusal;
use png::{BitDepth, ColorType, DecodingError};

/// Decodes `data` into the sink that `accept` gives for its size.
pub fn decode<S: PixelSink>(
    data: &[u8],
    limits: &Limits,
    accept: impl FnOnce(usize, usize) -> Result<(Header, S), Refusal>,
) -> Result<(Header, S), Refusal> {
    let reader = TimedReader::new(data, limits.deadline);
    let mut decoder =
        png::Decoder::new_with_limits(reader, png::Limits { bytes: MEMORY_BYTES_MAX });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let info = decoder.read_header_info().map_err(refusal)?;
    let (width_px, height_px) = (info.width as usize, info.height as usize);
    let (header, mut sink) = accept(width_px, height_px)?;

    let mut reader = decoder.read_info().map_err(refusal)?;
    let info = reader.info();
    let unpacker = Unpacker {
        color: info.color_type,
        depth: info.bit_depth,
        palette: palette(info.palette.as_deref().unwrap_or_default()),
    };
    let passes: &[Pass] = if info.interlaced { &ADAM7 } else { &[PLAIN] };
    let mut rgb = Vec::with_capacity(3 * width_px);
    for pass in passes {
        if pass.x_start >= width_px {
            continue; // narrower than the pass: the file has no rows for it
        }
        let count = (width_px - pass.x_start).div_ceil(pass.x_step);
        for y in (pass.y_start..height_px).step_by(pass.y_step) {
            limits.deadline.check()?;
            let row = reader.next_interlaced_row().map_err(refusal)?;
            let row = row.ok_or(Refusal::Malformed)?;
            let pixels = unpacker.unpack(row.data(), count, &mut rgb);
            sink.pixels(y, pass.x_start, pass.x_step, pixels);
        }
    }
    Ok((header, sink))
}

/// For tables and rows: pixels go to the sink, not into memory.
const MEMORY_BYTES_MAX: usize = 64 << 20;

fn refusal(error: DecodingError) -> Refusal {
    match error {
        DecodingError::LimitsExceeded => Refusal::TooManyPixels,
        _ => Refusal::Malformed,
    }
}

/// Which pixels a pass over the picture carries.
struct Pass {
    x_start: usize,
    x_step: usize,
    y_start: usize,
    y_step: usize,
}

const fn pass(x_start: usize, x_step: usize, y_start: usize, y_step: usize) -> Pass {
    Pass { x_start, x_step, y_start, y_step }
}

const PLAIN: Pass = pass(0, 1, 0, 1);

/// Source: PNG specification, 8.1.
const ADAM7: [Pass; 7] = [
    pass(0, 8, 0, 8),
    pass(4, 8, 0, 8),
    pass(0, 4, 4, 8),
    pass(2, 4, 0, 4),
    pass(0, 2, 2, 4),
    pass(1, 2, 0, 2),
    pass(0, 1, 1, 2),
];

struct Unpacker {
    color: ColorType,
    depth: BitDepth,
    palette: Vec<[u8; 3]>,
}

impl Unpacker {
    /// Samples of `count` pixels as 8-bit grey or RGB in `out`; the high byte of 16-bit ones.
    fn unpack<'a>(&self, row: &[u8], count: usize, out: &'a mut Vec<u8>) -> Pixels<'a> {
        out.clear();
        match self.color {
            ColorType::Grayscale | ColorType::GrayscaleAlpha => {
                out.extend(self.samples(row, self.color.samples()).take(count));
                Pixels::Grey(out)
            }
            ColorType::Indexed => {
                for index in self.indices(row).take(count) {
                    out.extend_from_slice(&self.palette[usize::from(index)]);
                }
                Pixels::Rgb(out)
            }
            ColorType::Rgb | ColorType::Rgba => {
                let sample_bytes = if self.depth == BitDepth::Sixteen { 2 } else { 1 };
                for pixel in row.chunks_exact(self.color.samples() * sample_bytes).take(count) {
                    out.extend_from_slice(&[
                        pixel[0],
                        pixel[sample_bytes],
                        pixel[2 * sample_bytes],
                    ]);
                }
                Pixels::Rgb(out)
            }
        }
    }

    /// Grey values scaled to 0..=255.
    fn samples<'a>(&self, row: &'a [u8], stride: usize) -> Box<dyn Iterator<Item = u8> + 'a> {
        match self.depth {
            BitDepth::Sixteen => Box::new(row.iter().step_by(2 * stride).copied()),
            BitDepth::Eight => Box::new(row.iter().step_by(stride).copied()),
            BitDepth::Four => Box::new(self.indices(row).map(|v| v * 17)),
            BitDepth::Two => Box::new(self.indices(row).map(|v| v * 85)),
            BitDepth::One => Box::new(self.indices(row).map(|v| v * 255)),
        }
    }

    /// Packed values, highest bits first.
    fn indices<'a>(&self, row: &'a [u8]) -> Box<dyn Iterator<Item = u8> + 'a> {
        let bits = match self.depth {
            BitDepth::One => 1_u8,
            BitDepth::Two => 2,
            BitDepth::Four => 4,
            BitDepth::Eight | BitDepth::Sixteen => return Box::new(row.iter().copied()),
        };
        let mask = (1_u8 << bits) - 1;
        Box::new(
            row.iter()
                .flat_map(move |byte| (1..=8 / bits).map(move |i| (byte >> (8 - i * bits)) & mask)),
        )
    }
}
