//! Turns hostile bytes into pixels, one scan line at a time, within limits on bytes, pixels, time.
//! It refuses everything but JPEG, PNG, WebP and GIF, keeps no metadata, and only looks at the
//! first frame.

mod clock;
mod gif;
mod jpeg;
mod orientation;
mod png;
mod render;
mod webp;

pub use clock::Deadline;
pub use render::{SIDE_PX_LIMIT, Share, Style, render, shares};

use crate::errors::Refusal;
use crate::simd::idct::Block;
use orientation::Orientation;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What one picture may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest file.
    pub bytes_max: usize,
    /// Most pixels, as announced by the header.
    pub pixels_max: u64,
    /// When to give up.
    pub deadline: Deadline,
}

/// The formats that are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// ITU-T T.81, baseline, extended and progressive, 8 bits.
    Jpeg,
    /// W3C PNG, all colour types.
    Png,
    /// RFC 9649, lossy, lossless, animated.
    WebP,
    /// GIF87a and GIF89a.
    Gif,
}

impl Format {
    /// The name in Python.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
        }
    }

    fn of(data: &[u8]) -> Option<Self> {
        if data.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if data.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if data.len() >= 12 && data.starts_with(b"RIFF") && &data[8..12] == b"WEBP" {
            Some(Self::WebP)
        } else if data.starts_with(b"GIF87a") || data.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else {
            None
        }
    }
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Which decoder.
    pub format: Format,
    /// At least 1.
    pub width_px: usize,
    /// At least 1.
    pub height_px: usize,
}

/// Pixels of one scan line, alpha dropped.
#[derive(Debug, Clone, Copy)]
pub enum Pixels<'a> {
    /// Three bytes a pixel.
    Rgb(&'a [u8]),
    /// One byte a pixel.
    Grey(&'a [u8]),
    /// Luma and two colour differences, one byte each a pixel, as JFIF has them.
    Ycc([&'a [u8]; 3]),
}

/// What a sink makes of coloured pixels. Decoders may then give less, never other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Red, green and blue.
    Colour,
    /// Luma, which is quicker made of the samples of a JPEG than of colours.
    Luma,
}

/// Takes the pixels of a picture as they are decoded.
pub trait PixelSink {
    /// What it makes of colours.
    const WANTED: Wanted = Wanted::Colour;

    /// Pixels of line `y` at columns `x_start`, `x_start + x_step`, ... Interlaced files deliver
    /// lines in parts and out of order; every pixel comes exactly once.
    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>);

    /// Whether it would rather have the luma of a JPEG as coefficients. It then gets all of the
    /// picture through `blocks`, or nothing of it.
    fn takes_blocks(&self) -> bool {
        false
    }

    /// The blocks of luma from line `y`, a multiple of eight, to the next seven, in order;
    /// coefficients times their steps. They may reach beyond the picture's last line and column.
    fn blocks(&mut self, _y: usize, _blocks: &[Block]) {}
}

/// Decodes a picture into the sink that `start` makes once the header is known and accepted.
pub fn decode<S: PixelSink>(
    data: &[u8],
    limits: &Limits,
    start: impl FnOnce(Header) -> S,
) -> Result<(Header, S), Refusal> {
    if data.is_empty() {
        return Err(Refusal::Empty);
    }
    if data.len() > limits.bytes_max {
        return Err(Refusal::TooManyBytes);
    }
    let format = Format::of(data).ok_or(Refusal::UnknownFormat)?;
    let accept = |width_px: usize, height_px: usize| {
        let header = Header { format, width_px, height_px };
        accepted(header, limits).map(|()| (header, start(header)))
    };
    // Codecs are other people's code fed by strangers: a panic is that file's fault, not ours.
    let outcome = catch_unwind(AssertUnwindSafe(|| match format {
        Format::Jpeg => jpeg::decode(data, limits, accept),
        Format::Png => png::decode(data, limits, accept),
        Format::WebP => webp::decode(data, limits, accept),
        Format::Gif => gif::decode(data, limits, accept),
    }));
    match outcome.unwrap_or(Err(Refusal::Malformed)) {
        // A reader past its deadline fails like a short file; time is the truer answer.
        Err(Refusal::Malformed | Refusal::Unsupported) if limits.deadline.is_past() => {
            Err(Refusal::TimedOut)
        }
        other => other,
    }
}

/// How the picture is to be turned when people look at it; upright when it does not say.
pub fn orientation_of(data: &[u8], format: Format) -> Orientation {
    orientation::find(data, format)
}

/// One line must fit in memory many times over. No format but PNG can say more than 65,535.
const SIDE_PX_MAX: usize = 1 << 20;

fn accepted(header: Header, limits: &Limits) -> Result<(), Refusal> {
    limits.deadline.check()?;
    if header.width_px == 0 || header.height_px == 0 {
        return Err(Refusal::Malformed);
    }
    let pixels = (header.width_px as u64).checked_mul(header.height_px as u64);
    let is_long = header.width_px.max(header.height_px) > SIDE_PX_MAX;
    match pixels {
        Some(pixels) if pixels <= limits.pixels_max && !is_long => Ok(()),
        _ => Err(Refusal::TooManyPixels),
    }
}

/// 256 colours; those the file does not give are black, as in Pillow.
fn palette(given: &[u8]) -> Vec<[u8; 3]> {
    let mut colours = given.as_chunks::<3>().0.to_vec();
    colours.resize(256, [0; 3]);
    colours
}
