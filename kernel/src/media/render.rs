//! Small pictures for people: clear, or veiled so that only broad shapes can be made out.
//! It refuses to enlarge a clear picture and to carry any metadata over.

use super::orientation::Orientation;
use super::{Limits, PixelSink, Pixels, decode, orientation_of};
use crate::errors::Refusal;
use crate::simd::color::from_ycc;
use png::{BitDepth, ColorType, Compression};

/// How much a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// In colour and sharp.
    Clear,
    /// Grey and blurred beyond recognition; what a reviewer sees before asking for more.
    Veiled,
}

/// Longest side that may be asked for.
pub const SIDE_PX_LIMIT: usize = 2048;

/// A veiled picture goes through this few pixels: no face or writing survives it.
const VEIL_SIDE_PX: usize = 24;

/// Renders `data` as a PNG whose longer side is at most `side_px_max`, turned upright.
pub fn render(
    data: &[u8],
    limits: &Limits,
    side_px_max: usize,
    style: Style,
) -> Result<Vec<u8>, Refusal> {
    let side_px = match style {
        Style::Clear => side_px_max,
        Style::Veiled => VEIL_SIDE_PX,
    };
    let (header, shrinker) =
        decode(data, limits, |header| Shrinker::new(header.width_px, header.height_px, side_px))?;
    limits.deadline.check()?;
    let upright = shrinker.finish().turned(orientation_of(data, header.format));
    let shown = match style {
        Style::Clear => upright,
        Style::Veiled => upright.grey().blurred().blurred().enlarged((side_px_max / 2).max(1)),
    };
    encode(&shown)
}

/// Averages scan lines into a smaller picture as they come.
struct Shrinker {
    columns: Vec<Share>,
    rows: Vec<Share>,
    width: usize,
    height: usize,
    sums: Vec<[f32; 3]>,
    line: Vec<[f32; 3]>,
}

/// One source place covers at most two target places.
#[derive(Clone, Copy)]
pub struct Share {
    /// The first of them.
    pub target: usize,
    /// How much of the target's mean the place makes up.
    pub weight: f32,
    /// The same for the target after it.
    pub next_weight: f32,
}

impl Shrinker {
    fn new(width_px: usize, height_px: usize, side_px_max: usize) -> Self {
        let longer = width_px.max(height_px);
        let side = |px: usize| {
            if longer <= side_px_max { px } else { (px * side_px_max / longer).max(1) }
        };
        let (width, height) = (side(width_px), side(height_px));
        Self {
            columns: shares(width_px, width),
            rows: shares(height_px, height),
            width,
            height,
            sums: vec![[0.0; 3]; width * height],
            line: vec![[0.0; 3]; width],
        }
    }

    fn finish(self) -> Small {
        Small { width: self.width, height: self.height, pixels: self.sums }
    }

    fn add_line(&mut self, y: usize, weight: f32) {
        if weight > 0.0 && y < self.height {
            let start = y * self.width;
            for (sum, pixel) in self.sums[start..start + self.width].iter_mut().zip(&self.line) {
                *sum = std::array::from_fn(|c| sum[c] + weight * pixel[c]);
            }
        }
    }
}

impl PixelSink for Shrinker {
    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        let Some(row) = self.rows.get(y).copied() else {
            return;
        };
        self.line.fill([0.0; 3]);
        let columns = self.columns.iter().skip(x_start).step_by(x_step);
        match pixels {
            Pixels::Rgb(bytes) => {
                for (share, rgb) in columns.zip(bytes.as_chunks::<3>().0) {
                    share.spread(rgb.map(f32::from), &mut self.line);
                }
            }
            Pixels::Grey(bytes) => {
                for (share, grey) in columns.zip(bytes) {
                    share.spread([f32::from(*grey); 3], &mut self.line);
                }
            }
            Pixels::Ycc([y, cb, cr]) => {
                for (((share, y), cb), cr) in columns.zip(y).zip(cb).zip(cr) {
                    share.spread(from_ycc(*y, *cb, *cr).map(f32::from), &mut self.line);
                }
            }
        }
        self.add_line(row.target, row.weight);
        self.add_line(row.target + 1, row.next_weight);
    }
}

impl Share {
    fn spread(self, rgb: [f32; 3], line: &mut [[f32; 3]]) {
        let sum = &mut line[self.target];
        *sum = std::array::from_fn(|c| sum[c] + self.weight * rgb[c]);
        if self.next_weight > 0.0
            && let Some(sum) = line.get_mut(self.target + 1)
        {
            *sum = std::array::from_fn(|c| sum[c] + self.next_weight * rgb[c]);
        }
    }
}

/// How each of `from` places is shared out among `to` places, `to <= from`.
pub fn shares(from: usize, to: usize) -> Vec<Share> {
    let scale = to as f64 / from as f64;
    (0..from)
        .map(|place| {
            // In whole numbers, so that no rounding moves a pixel: ends are in units of 1/from.
            let start = place * to;
            let target = start / from;
            let border = (target + 1) * from;
            let over = (start + to).saturating_sub(border);
            Share {
                target,
                weight: (scale * (to - over) as f64 / to as f64) as f32,
                next_weight: (scale * over as f64 / to as f64) as f32,
            }
        })
        .collect()
}

/// A picture small enough to be held whole, values 0..=255.
struct Small {
    width: usize,
    height: usize,
    pixels: Vec<[f32; 3]>,
}

impl Small {
    fn at(&self, x: usize, y: usize) -> [f32; 3] {
        self.pixels[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    fn drawn(width: usize, height: usize, at: impl Fn(usize, usize) -> [f32; 3]) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = places.map(|(x, y)| at(x, y)).collect();
        Self { width, height, pixels }
    }

    fn turned(self, orientation: Orientation) -> Self {
        let (width, height) = if orientation.transposes {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        Self::drawn(width, height, |x, y| {
            let x = if orientation.mirrors_x { width - 1 - x } else { x };
            let y = if orientation.mirrors_y { height - 1 - y } else { y };
            if orientation.transposes { self.at(y, x) } else { self.at(x, y) }
        })
    }

    fn grey(mut self) -> Self {
        for pixel in &mut self.pixels {
            let [r, g, b] = *pixel;
            *pixel = [0.299 * r + 0.587 * g + 0.114 * b; 3];
        }
        self
    }

    /// Binomial blur, 1-4-6-4-1 along each axis; edges repeat.
    fn blurred(self) -> Self {
        let taps = [1.0, 4.0, 6.0, 4.0, 1.0_f32].map(|tap| tap / 16.0);
        let along = |picture: &Self, step: fn(usize, usize, usize) -> (usize, usize)| {
            Self::drawn(picture.width, picture.height, |x, y| {
                let mut sum = [0.0; 3];
                for (k, tap) in taps.iter().enumerate() {
                    let (x, y) = step(x, y, k);
                    let pixel = picture.at(x, y);
                    sum = std::array::from_fn(|c| sum[c] + tap * pixel[c]);
                }
                sum
            })
        };
        let rows = along(&self, |x, y, k| ((x + k).saturating_sub(2), y));
        along(&rows, |x, y, k| (x, (y + k).saturating_sub(2)))
    }

    /// Smoothly enlarged until the longer side is `side_px`.
    fn enlarged(self, side_px: usize) -> Self {
        let longer = self.width.max(self.height);
        let side = |px: usize| (px * side_px / longer).max(1);
        let (width, height) = (side(self.width), side(self.height));
        let source = |place: usize, to: usize, from: usize| {
            let at = (place as f32 + 0.5) * from as f32 / to as f32 - 0.5;
            let whole = at.max(0.0).floor();
            (whole as usize, at.max(0.0) - whole)
        };
        Self::drawn(width, height, |x, y| {
            let (left, right_share) = source(x, width, self.width);
            let (top, bottom_share) = source(y, height, self.height);
            let mix = |a: [f32; 3], b: [f32; 3], share: f32| -> [f32; 3] {
                std::array::from_fn(|c| a[c] + share * (b[c] - a[c]))
            };
            let upper = mix(self.at(left, top), self.at(left + 1, top), right_share);
            let lower = mix(self.at(left, top + 1), self.at(left + 1, top + 1), right_share);
            mix(upper, lower, bottom_share)
        })
    }
}

fn encode(picture: &Small) -> Result<Vec<u8>, Refusal> {
    let bytes: Vec<u8> = picture
        .pixels
        .iter()
        .flat_map(|pixel| pixel.map(|value| value.round().clamp(0.0, 255.0) as u8))
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width as u32, picture.height as u32);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&bytes)?;
        writer.finish()
    });
    // Writing to memory cannot fail for a size that was just drawn; if it ever does, say so.
    written.map(|()| file).map_err(|_| Refusal::Unsupported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_place_is_shared_out_whole() {
        for (from, to) in [(1, 1), (7, 7), (7, 3), (1000, 24), (4097, 2048)] {
            let shares = shares(from, to);
            let mut received = vec![0.0_f32; to + 1];
            for share in &shares {
                received[share.target] += share.weight;
                received[share.target + 1] += share.next_weight;
            }
            assert!(received[..to].iter().all(|sum| (sum - 1.0).abs() < 1e-3), "{from} to {to}");
            assert!(received[to] == 0.0);
        }
    }
}
