//! What is left of a picture without bars of one colour at its sides, with writing on them or not.
//! It refuses to take more than 45 in 100 from a side.

use super::{Plane, Window};

/// How far a pixel may be from the ground's luma: noise of JPEG around writing stays within.
const TOLERANCE: f32 = 12.0;

/// A line belongs to the ground if so much of it has the ground's luma; the rest may be writing.
const SHARE_MIN: f32 = 0.5;

/// The outermost lines have to be this clear.
const SHARE_MIN_OUTSIDE: f32 = 0.9;
const LINES_OUTSIDE: usize = 3;

/// So many lines in a row without ground end it.
const MISSES_MAX: usize = 3;

const CUT_MAX: f32 = 0.45;
const LEFT_MIN: f32 = 0.3;
const LINES_MIN: usize = 16;

/// The window without its ground; the whole if there is none. `transposed` has rows as columns.
pub fn trimmed(plane: &Plane, transposed: &Plane) -> Window {
    let (mut x, mut y) = (0..plane.width, 0..plane.height);
    for _ in 0..2 {
        y = without_ground(plane, y, &x);
        x = without_ground(transposed, x, &y);
    }
    Window {
        left: x.start as f32 / plane.width as f32,
        top: y.start as f32 / plane.height as f32,
        right: x.end as f32 / plane.width as f32,
        bottom: y.end as f32 / plane.height as f32,
    }
}

type Span = std::ops::Range<usize>;

/// `lines` without those of ground at both ends; of each, only `along` is looked at.
fn without_ground(plane: &Plane, lines: Span, along: &Span) -> Span {
    if lines.len() < LINES_MIN {
        return lines;
    }
    let limit = (plane.height as f32 * CUT_MAX) as usize;
    let first = ground_lines(plane, lines.clone().take(limit), along);
    let last = ground_lines(plane, lines.clone().rev().take(limit), along);
    let kept = lines.start + first..lines.end.saturating_sub(last);
    if kept.len() as f32 >= plane.height as f32 * LEFT_MIN { kept } else { lines }
}

/// How many lines of ground there are from outside in.
fn ground_lines(plane: &Plane, lines: impl Iterator<Item = usize> + Clone, along: &Span) -> usize {
    let mut outermost: Vec<f32> =
        lines.clone().take(2).flat_map(|y| plane.row(y)[along.clone()].iter().copied()).collect();
    if outermost.is_empty() {
        return 0;
    }
    let middle = outermost.len() / 2;
    let ground = *outermost.select_nth_unstable_by(middle, f32::total_cmp).1;
    let (mut last, mut misses) = (0, 0);
    for (number, y) in lines.enumerate() {
        let row = &plane.row(y)[along.clone()];
        let of_ground = row.iter().filter(|value| (*value - ground).abs() <= TOLERANCE).count();
        let share = of_ground as f32 / row.len() as f32;
        if number < LINES_OUTSIDE && share < SHARE_MIN_OUTSIDE {
            return 0;
        }
        if share >= SHARE_MIN {
            (last, misses) = (number + 1, 0);
        } else {
            misses += 1;
            if misses == MISSES_MAX {
                break;
            }
        }
    }
    last
}
