//! The first frame of a GIF, line by line, on its canvas as Pillow's `convert("RGB")` shows it.
//! It refuses to look at later frames.

use super::clock::TimedReader;
use super::{Header, Limits, PixelSink, Pixels, palette};
use crate::errors::Refusal;
use gif::{ColorOutput, DecodeOptions, Frame, MemoryLimit};
use std::num::NonZeroU64;

/// Decodes `data` into the sink that `accept` gives for its size.
pub fn decode<S: PixelSink>(
    data: &[u8],
    limits: &Limits,
    accept: impl FnOnce(usize, usize) -> Result<(Header, S), Refusal>,
) -> Result<(Header, S), Refusal> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(MEMORY_BYTES_MAX));
    let reader = TimedReader::new(data, limits.deadline);
    let mut decoder = options.read_info(reader).map_err(|_| Refusal::Malformed)?;
    let screen = (usize::from(decoder.width()), usize::from(decoder.height()));
    let frame = decoder.next_frame_info().map_err(|_| Refusal::Malformed)?;
    let place = Place::of(frame.ok_or(Refusal::Malformed)?);
    let background = decoder.current_frame_info().and_then(|frame| frame.transparent);
    let palette = palette(decoder.palette().map_err(|_| Refusal::Malformed)?);

    // A frame may reach beyond the screen it announces; then the screen grows, as in Pillow.
    let width_px = screen.0.max(place.left + place.width);
    let height_px = screen.1.max(place.top + place.height);
    let (header, mut sink) = accept(width_px, height_px)?;

    let blank = palette[usize::from(background.unwrap_or(0))];
    let mut line: Vec<u8> = blank.repeat(width_px);
    let below = place.top + place.height;
    for y in (0..place.top).chain(below..height_px) {
        sink.pixels(y, 0, 1, Pixels::Rgb(&line));
    }
    let mut indices = vec![0_u8; place.width];
    for y in place.lines() {
        limits.deadline.check()?;
        if !decoder.fill_buffer(&mut indices).map_err(|_| Refusal::Malformed)? {
            return Err(Refusal::Malformed); // fewer pixels than announced
        }
        let pixels = line[3 * place.left..].chunks_exact_mut(3);
        for (pixel, index) in pixels.zip(&indices) {
            pixel.copy_from_slice(&palette[usize::from(*index)]);
        }
        sink.pixels(place.top + y, 0, 1, Pixels::Rgb(&line));
    }
    Ok((header, sink))
}

/// For tables: pixels go to the sink, not into memory.
const MEMORY_BYTES_MAX: NonZeroU64 = NonZeroU64::new(16 << 20).unwrap();

/// Where the frame lies on the screen.
struct Place {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    interlaced: bool,
}

impl Place {
    fn of(frame: &Frame<'_>) -> Self {
        Self {
            left: usize::from(frame.left),
            top: usize::from(frame.top),
            width: usize::from(frame.width),
            height: usize::from(frame.height),
            interlaced: frame.interlaced,
        }
    }

    /// The frame's lines in the order of the file.
    fn lines(&self) -> impl Iterator<Item = usize> {
        let height = self.height;
        let passes: &[(usize, usize)] =
            if self.interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
        passes.iter().flat_map(move |(start, step)| (*start..height).step_by(*step))
    }
}
