//! Upright rectangles between straight seams: pictures that were pasted into something else.
//! It refuses seams that are no sharper than what lies around them, as in brickwork or grass.

use super::{Plane, Window};

/// A step in luma over one line, or the greater part of one over three (edges fall between pixels).
const STEP_MIN: f32 = 12.0;
const WIDE_STEP_SHARE: f32 = 0.7;

/// A step has to be so many times as large as those three and four lines away.
const STEP_OVER_AROUND: f32 = 2.0;

/// Share of a line that steps, over the share of lines three and four away.
const SEAM_MIN: f32 = 0.3;
const SEAMS_MAX: usize = 6;
const APART_MIN: usize = 5;

/// Lines at both ends in which no seam is looked for.
const EDGE: usize = 6;

/// Share of each side of a rectangle that steps.
const SIDE_MIN: f32 = 0.5;
const LENGTH_MIN: f32 = 0.25;
const AREA_MIN: f32 = 0.1;

/// At most `count_max` rectangles, the clearest first; `transposed` is the plane with rows as columns.
pub fn rectangles(plane: &Plane, transposed: &Plane, count_max: usize) -> Vec<Window> {
    let rows = Seams::new(plane);
    let columns = Seams::new(transposed);
    let (width, height) = (plane.width as f32, plane.height as f32);
    let mut found: Vec<(f32, Window)> = Vec::new();
    for (top, bottom) in pairs(&rows.at, LENGTH_MIN * height) {
        for (left, right) in pairs(&columns.at, LENGTH_MIN * width) {
            if ((right - left) * (bottom - top)) as f32 <= AREA_MIN * width * height {
                continue;
            }
            let sides = [
                rows.share(top, left, right),
                rows.share(bottom, left, right),
                columns.share(left, top, bottom),
                columns.share(right, top, bottom),
            ];
            let inner = sides.iter().flatten();
            if inner.clone().count() == 0 || inner.clone().any(|share| *share < SIDE_MIN) {
                continue;
            }
            let clearness = inner.map(|share| share - SIDE_MIN).sum();
            let window = Window {
                left: left as f32 / width,
                top: top as f32 / height,
                right: right as f32 / width,
                bottom: bottom as f32 / height,
            };
            found.push((clearness, window));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(count_max).map(|(_, window)| window).collect()
}

fn pairs(places: &[usize], apart_min: f32) -> impl Iterator<Item = (usize, usize)> {
    places.iter().enumerate().flat_map(move |(i, &from)| {
        places[i + 1..]
            .iter()
            .map(move |&to| (from, to))
            .filter(move |(from, to)| (to - from) as f32 >= apart_min)
    })
}

/// The seams between rows of a plane, its outer edges among them, and where along them there are steps.
struct Seams {
    at: Vec<usize>,
    height: usize,
    /// For the boundary above each row: how many of the first x pixels step.
    counts: Vec<u32>,
    stride: usize,
}

impl Seams {
    fn new(plane: &Plane) -> Self {
        let (height, stride) = (plane.height, plane.width + 1);
        let mut counts = vec![0; (height + 1) * stride];
        let mut shares = vec![0.0; height + 1];
        let steps = steps_down(plane);
        let mut marks = vec![false; plane.width];
        for y in EDGE..height.saturating_sub(EDGE - 1) {
            mark_steps(plane, &steps, y, &mut marks);
            let mut count = 0;
            for (sum, mark) in counts[y * stride + 1..].iter_mut().zip(&marks) {
                count += u32::from(*mark);
                *sum = count;
            }
            shares[y] = count as f32 / plane.width as f32;
        }
        let mut at = strongest(&shares);
        at.extend([0, height]);
        at.sort_unstable();
        Self { at, height, counts, stride }
    }

    /// Share of the boundary that steps between two columns; none for an outer edge.
    fn share(&self, y: usize, from: usize, to: usize) -> Option<f32> {
        if y == 0 || y == self.height {
            return None;
        }
        let count =
            |y: usize| self.counts[y * self.stride + to] - self.counts[y * self.stride + from];
        (y - 1..=y + 1).map(|y| count(y) as f32 / (to - from) as f32).reduce(f32::max)
    }
}

/// For each pixel, how far it is from the one above it; 0 in the first row.
fn steps_down(plane: &Plane) -> Vec<f32> {
    let mut steps = vec![0.0; plane.values.len()];
    let below = plane.values.get(plane.width..).unwrap_or_default();
    let out = steps.get_mut(plane.width..).unwrap_or_default();
    for ((step, from), to) in out.iter_mut().zip(&plane.values).zip(below) {
        *step = (to - from).abs();
    }
    steps
}

/// Marks the pixels of row `y` that step over the boundary above it.
fn mark_steps(plane: &Plane, steps: &[f32], y: usize, marks: &mut [bool]) {
    let width = marks.len();
    let over = |y: usize| &steps[y * width..][..width];
    let (here, before, after) = (over(y), [over(y - 4), over(y - 3)], [over(y + 3), over(y + 4)]);
    let (upper, lower) = (&plane.row(y - 2)[..width], &plane.row(y + 1)[..width]);
    for x in 0..width {
        let step = here[x].max((lower[x] - upper[x]).abs() * WIDE_STEP_SHARE);
        let around = before[0][x] + before[1][x] + after[0][x] + after[1][x];
        marks[x] = (step > STEP_MIN) & (step > STEP_OVER_AROUND / 4.0 * around);
    }
}

/// Boundaries that step more than those around them, none near another.
fn strongest(shares: &[f32]) -> Vec<usize> {
    let around = |y: usize| {
        let far = shares.len() - 1;
        let mut near =
            [y.saturating_sub(4), y.saturating_sub(3), (y + 3).min(far), (y + 4).min(far)]
                .map(|y| shares[y]);
        near.sort_unstable_by(f32::total_cmp);
        (near[1] + near[2]) / 2.0
    };
    let mut order: Vec<(f32, usize)> = (0..shares.len())
        .map(|y| (shares[y] - around(y), y))
        .filter(|(strength, _)| *strength >= SEAM_MIN)
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, y) in order {
        if chosen.len() < SEAMS_MAX && chosen.iter().all(|other| y.abs_diff(*other) >= APART_MIN) {
            chosen.push(y);
        }
    }
    chosen
}
