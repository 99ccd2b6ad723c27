//! WebP, lossy and lossless; of an animation the first frame on its canvas.
//! It refuses to decode alpha, which is dropped anyway, and to read any metadata.

use super::clock::TimedReader;
use super::{Header, Limits, PixelSink, Pixels};
use crate::errors::Refusal;
use image_webp::{DecodingError, WebPDecoder};
use std::ops::Range;

/// Decodes `data` into the sink that `accept` gives for its size.
pub fn decode<S: PixelSink>(
    data: &[u8],
    limits: &Limits,
    accept: impl FnOnce(usize, usize) -> Result<(Header, S), Refusal>,
) -> Result<(Header, S), Refusal> {
    let still = first_frame(data).ok_or(Refusal::Malformed)?;
    let canvas = still.canvas.unwrap_or((still.width, still.height));
    if still.left + still.width > canvas.0 || still.top + still.height > canvas.1 {
        return Err(Refusal::Malformed);
    }
    let (header, mut sink) = accept(canvas.0, canvas.1)?;
    limits.deadline.check_work((still.width * still.height / PIXELS_PER_MS) as u64)?;

    let file = still.as_file(data);
    let reader = TimedReader::new(&file, limits.deadline);
    let mut decoder = WebPDecoder::new(reader).map_err(refusal)?;
    let size = decoder.dimensions();
    if (size.0 as usize, size.1 as usize) != (still.width, still.height) {
        return Err(Refusal::Malformed);
    }
    let pixel_bytes = if decoder.has_alpha() { 4 } else { 3 };
    let mut pixels = vec![0; still.width * still.height * pixel_bytes];
    decoder.read_image(&mut pixels).map_err(refusal)?;
    limits.deadline.check()?;

    let mut line = vec![0_u8; 3 * canvas.0]; // the canvas beyond the frame is transparent black
    let below = still.top + still.height;
    for y in (0..still.top).chain(below..canvas.1) {
        sink.pixels(y, 0, 1, Pixels::Rgb(&line));
    }
    for (y, row) in pixels.chunks_exact(still.width * pixel_bytes).enumerate() {
        let places = line[3 * still.left..].chunks_exact_mut(3);
        for (place, pixel) in places.zip(row.chunks_exact(pixel_bytes)) {
            place.copy_from_slice(&pixel[..3]);
        }
        sink.pixels(still.top + y, 0, 1, Pixels::Rgb(&line));
        if y % 64 == 0 {
            limits.deadline.check()?;
        }
    }
    Ok((header, sink))
}

/// This decoder cannot be stopped half-way, so a picture that a quick machine could not decode in
/// the time left is not begun. Measured: 25,000 to 50,000 a millisecond.
const PIXELS_PER_MS: usize = 25_000;

fn refusal(error: DecodingError) -> Refusal {
    match error {
        DecodingError::UnsupportedFeature(_) => Refusal::Unsupported,
        DecodingError::MemoryLimitExceeded | DecodingError::ImageTooLarge => Refusal::TooManyPixels,
        _ => Refusal::Malformed,
    }
}

/// The coded picture inside the container, and where it lies on the canvas.
struct Still {
    coding: Coding,
    payload: Range<usize>,
    canvas: Option<(usize, usize)>,
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

#[derive(Clone, Copy)]
enum Coding {
    Lossy,
    Lossless,
}

impl Still {
    /// The same picture as the simplest WebP file. Decoding that needs neither the animation
    /// canvas nor the alpha plane, which would triple the memory.
    fn as_file(&self, data: &[u8]) -> Vec<u8> {
        let payload = &data[self.payload.clone()];
        let mut file = Vec::with_capacity(payload.len() + 21);
        let padding = payload.len() % 2;
        file.extend_from_slice(b"RIFF");
        file.extend_from_slice(&((payload.len() + padding + 12) as u32).to_le_bytes());
        file.extend_from_slice(match self.coding {
            Coding::Lossy => b"WEBPVP8 ",
            Coding::Lossless => b"WEBPVP8L",
        });
        file.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        let start = file.len();
        file.extend_from_slice(payload);
        file.resize(file.len() + padding, 0);
        if matches!(self.coding, Coding::Lossless) {
            file[start + 4] |= 0x10; // "has alpha": decodes in place, without a second copy
        }
        file
    }
}

/// Finds the first coded picture. Source: RFC 9649, section 2.
fn first_frame(data: &[u8]) -> Option<Still> {
    let mut canvas = None;
    for (name, payload) in chunks(data, 12..data.len()) {
        match name {
            b"VP8 " | b"VP8L" => return still(data, name, payload, canvas, (0, 0)),
            b"VP8X" => {
                let header = data.get(payload)?.get(..10)?;
                canvas = Some((u24(header, 4)? + 1, u24(header, 7)? + 1));
            }
            b"ANMF" => {
                let header = data.get(payload.clone())?.get(..16)?;
                let corner = (2 * u24(header, 0)?, 2 * u24(header, 3)?);
                let size = (u24(header, 6)? + 1, u24(header, 9)? + 1);
                let (name, payload) = chunks(data, payload.start + 16..payload.end)
                    .find(|(name, _)| matches!(*name, b"VP8 " | b"VP8L"))?;
                let found = still(data, name, payload, canvas, corner)?;
                return ((found.width, found.height) == size).then_some(found);
            }
            _ => {}
        }
    }
    None
}

fn still(
    data: &[u8],
    name: &[u8; 4],
    payload: Range<usize>,
    canvas: Option<(usize, usize)>,
    (left, top): (usize, usize),
) -> Option<Still> {
    let bytes = data.get(payload.clone())?;
    let (coding, width, height) = if name == b"VP8L" {
        let size = u32::from_le_bytes(bytes.get(1..5)?.try_into().ok()?);
        (Coding::Lossless, (size & 0x3fff) + 1, ((size >> 14) & 0x3fff) + 1)
    } else {
        let size = u32::from_le_bytes(bytes.get(6..10)?.try_into().ok()?);
        (Coding::Lossy, size & 0x3fff, (size >> 16) & 0x3fff)
    };
    let (width, height) = (width as usize, height as usize);
    Some(Still { coding, payload, canvas, left, top, width, height })
}

/// The chunks within a range of the file: name and payload, ending at the first that is cut off.
pub(super) fn chunks(
    data: &[u8],
    range: Range<usize>,
) -> impl Iterator<Item = (&[u8; 4], Range<usize>)> {
    let mut place = range.start;
    std::iter::from_fn(move || {
        let header = data.get(place..range.end)?.first_chunk::<8>()?;
        let (name, length) = header.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let start = place + 8;
        let end = start.checked_add(length).filter(|end| *end <= range.end)?;
        place = end + length % 2;
        Some((name, start..end))
    })
}

fn u24(bytes: &[u8], at: usize) -> Option<usize> {
    let [a, b, c] = *bytes.get(at..)?.first_chunk::<3>()?;
    Some(usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16)
}
