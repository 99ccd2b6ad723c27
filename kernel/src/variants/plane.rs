//! The luma of a picture, averaged down to at most 384 pixels a side while it is decoded.
//! It refuses to enlarge: a smaller picture stays as it is.

use super::Window;
use crate::media::{PixelSink, Pixels, Share, Wanted, shares};
use crate::pdq::{fill_line, whole_luma};
use crate::simd::Level;
use crate::simd::filter::add_line;

/// Longest side of a plane: six pixels for each of the 64 places that are hashed.
const SIDE_PX_MAX: usize = 384;

/// Luma 0..=255, row by row, and how large the picture was.
#[derive(Debug, Clone)]
pub struct Plane {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Rows of pixels.
    pub values: Vec<f32>,
    /// Width of the picture itself.
    pub native_width: usize,
    /// Height of the picture itself.
    pub native_height: usize,
}

impl Plane {
    /// A row of pixels.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    /// The values rounded to whole numbers 0..=255.
    pub fn rounded(&self) -> Vec<u8> {
        self.values.iter().map(|value| (value + 0.5) as u8).collect()
    }

    /// Rows as columns.
    pub fn transposed(&self) -> Self {
        let places = (0..self.width).flat_map(|x| (0..self.height).map(move |y| (x, y)));
        Self {
            width: self.height,
            height: self.width,
            values: places.map(|(x, y)| self.values[y * self.width + x]).collect(),
            native_width: self.native_height,
            native_height: self.native_width,
        }
    }

    /// Turned on the spot by `degrees`, anticlockwise; what was outside has the luma `corners`.
    pub fn turned(&self, degrees: f32, corners: f32) -> Self {
        self.turned_onto(self.width, self.height, degrees, corners)
    }

    /// The same on a canvas that holds the whole, and where on the spot that canvas would lie.
    pub fn turned_grown(&self, degrees: f32, corners: f32) -> (Self, Window) {
        let (sine, cosine) = degrees.abs().to_radians().sin_cos();
        let (width, height) = (self.width as f32, self.height as f32);
        let grown_width = (width * cosine + height * sine).round();
        let grown_height = (width * sine + height * cosine).round();
        let turned =
            self.turned_onto(grown_width as usize, grown_height as usize, degrees, corners);
        let (x, y) = ((grown_width / width - 1.0) / 2.0, (grown_height / height - 1.0) / 2.0);
        (turned, Window::cut(-x, -y, -x, -y))
    }

    fn turned_onto(&self, width: usize, height: usize, degrees: f32, corners: f32) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let (middle_x, middle_y) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let from_y = y as f32 + 0.5 - height as f32 / 2.0;
            for x in 0..width {
                let from_x = x as f32 + 0.5 - width as f32 / 2.0;
                values.push(self.between(
                    cosine * from_x - sine * from_y + middle_x - 0.5,
                    sine * from_x + cosine * from_y + middle_y - 0.5,
                    corners,
                ));
            }
        }
        let native = |px: usize, now: usize, before: usize| (px * now / before).max(1);
        let native_width = native(self.native_width, width, self.width);
        let native_height = native(self.native_height, height, self.height);
        Self { width, height, values, native_width, native_height }
    }

    /// The largest upright rectangle of the same proportions without corners, once turned.
    pub fn inside_when_turned(&self, degrees: f32) -> Window {
        let (sine, cosine) = degrees.abs().to_radians().sin_cos();
        let (width, height) = (self.width as f32, self.height as f32);
        let share = (width / (width * cosine + height * sine))
            .min(height / (width * sine + height * cosine));
        let cut = (1.0 - share) / 2.0;
        Window::cut(cut, cut, cut, cut)
    }

    /// The value at a place between pixels, by its four neighbours; `outside` where there are none.
    fn between(&self, x: f32, y: f32, outside: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (share_x, share_y) = (x - left, y - top);
        let at = |x: f32, y: f32| {
            if x < 0.0 || y < 0.0 || x >= self.width as f32 || y >= self.height as f32 {
                outside
            } else {
                self.values[y as usize * self.width + x as usize]
            }
        };
        let upper = at(left, top) + share_x * (at(left + 1.0, top) - at(left, top));
        let lower =
            at(left, top + 1.0) + share_x * (at(left + 1.0, top + 1.0) - at(left, top + 1.0));
        upper + share_y * (lower - upper)
    }
}

/// Collects the plane of one picture of known size.
pub struct PlaneSink {
    level: Level,
    columns: Vec<Share>,
    rows: Vec<Share>,
    /// Lines added up for the plane's row `open`, and for the one after it.
    sums: Vec<f32>,
    next_sums: Vec<f32>,
    open: usize,
    luma: Vec<f32>,
    reduced: Vec<f32>,
    plane: Plane,
}

impl PlaneSink {
    /// Makes ready for a picture of `width_px` by `height_px`.
    pub fn new(width_px: usize, height_px: usize) -> Self {
        let longer = width_px.max(height_px);
        let side =
            |px: usize| if longer <= SIDE_PX_MAX { px } else { (px * SIDE_PX_MAX / longer).max(1) };
        let (width, height) = (side(width_px), side(height_px));
        Self {
            level: Level::best(),
            columns: shares(width_px, width),
            rows: shares(height_px, height),
            sums: vec![0.0; width_px],
            next_sums: vec![0.0; width_px],
            open: 0,
            luma: vec![0.0; width_px],
            reduced: vec![0.0; width + 1], // a pixel may reach over into one more, with weight 0
            plane: Plane {
                width,
                height,
                values: vec![0.0; width * height],
                native_width: width_px,
                native_height: height_px,
            },
        }
    }

    /// The luma of a line.
    pub fn add_line(&mut self, y: usize, line: &[f32]) {
        let Some(row) = self.rows.get(y).copied() else {
            return;
        };
        self.open_row(row.target);
        add_line(self.level, &mut self.sums, line, row.weight);
        if row.next_weight > 0.0 {
            add_line(self.level, &mut self.next_sums, line, row.next_weight);
        }
    }

    /// Ends the picture.
    pub fn finish(mut self) -> Plane {
        self.end_row();
        self.end_row();
        self.plane
    }

    /// Reduces the open row, and opens the one after it.
    fn end_row(&mut self) {
        if self.open < self.plane.height {
            self.reduced.fill(0.0);
            for (share, value) in self.columns.iter().zip(&self.sums) {
                self.reduced[share.target] += share.weight * value;
                self.reduced[share.target + 1] += share.next_weight * value;
            }
            let row = &mut self.plane.values[self.open * self.plane.width..][..self.plane.width];
            for (sum, value) in row.iter_mut().zip(&self.reduced) {
                *sum += value;
            }
        }
        self.open += 1;
        std::mem::swap(&mut self.sums, &mut self.next_sums);
        self.next_sums.fill(0.0);
    }

    /// Lets the plane's row `target` be open: the next one comes after this one, any other at its cost.
    fn open_row(&mut self, target: usize) {
        if target == self.open {
            return;
        }
        self.end_row();
        if target != self.open {
            self.end_row();
            self.open = target;
        }
    }
}

impl PixelSink for PlaneSink {
    const WANTED: Wanted = Wanted::Luma;

    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        let mut line = std::mem::take(&mut self.luma);
        if x_start == 0 && x_step == 1 {
            whole_luma(self.level, pixels, &mut line);
        } else {
            line.fill(0.0); // a part of a line: the others add theirs
            fill_line(&mut line, x_start, x_step, pixels);
        }
        self.add_line(y, &line);
        self.luma = line;
    }
}
