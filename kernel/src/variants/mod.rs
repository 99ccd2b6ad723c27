//! Hashes of a picture as edited copies would have it: trimmed, cut, mirrored, turned; all from one
//! decoding, over a small luma plane. It refuses to say which of them match anything.
//!
//! An upload may have grown bars, a frame or a surrounding: what is asked is its whole and every
//! upright rectangle that looks pasted in, each in eight orientations. An upload may have lost
//! parts or been turned a little: what is banked are cuts on a lattice and small turns, which only
//! the entry's own pixels can give.

mod ground;
mod plane;
mod seams;
mod window;

pub use plane::{Plane, PlaneSink};
pub use window::Window;

use crate::pdq::PdqHash;
use window::{hash_all_ways, hash_upright};

/// A hash of a part of a picture, and how that part was come by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variant {
    /// Why this part.
    pub part: Part,
    /// Which part, as shares of width and height (of the turned picture, if it was turned).
    pub window: Window,
    /// How the part was turned and mirrored before it was hashed.
    pub orientation: Orientation,
    /// By how much the whole picture was turned before, anticlockwise.
    pub degrees: f32,
    /// The hash of that part.
    pub hash: PdqHash,
}

/// Why a part was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is everything.
    Whole,
    /// What is left without bars of one colour, with or without writing.
    Trimmed,
    /// The same, with as much off every side: a bar laid over what was cut evenly leaves an even cut.
    Evened,
    /// A rectangle between straight seams, as of a picture pasted into another.
    Framed,
    /// A cut of the lattice.
    Cut,
    /// Everything, turned by a few degrees.
    Turned,
    /// The same on a canvas that grew to hold it.
    TurnedGrown,
    /// The same without its corners.
    TurnedCut,
}

/// One of the eight ways to lay a square: axes swapped, after mirroring left to right and top to
/// bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orientation {
    /// Rows become columns, after the mirroring.
    pub swaps_axes: bool,
    /// Left and right change places.
    pub mirrors_x: bool,
    /// Top and bottom change places.
    pub mirrors_y: bool,
}

impl Orientation {
    /// As it is.
    pub const AS_IS: Self = Self { swaps_axes: false, mirrors_x: false, mirrors_y: false };

    /// What was done to a picture that looks, in this orientation, as it did before.
    pub fn name(self) -> &'static str {
        match (self.swaps_axes, self.mirrors_x, self.mirrors_y) {
            (false, false, false) => "as_is",
            (false, true, false) => "mirrored",
            (false, false, true) => "upside_down_mirrored",
            (false, true, true) => "upside_down",
            (true, false, true) => "turned_left",
            (true, true, false) => "turned_right",
            (true, false, false) => "turned_left_mirrored",
            (true, true, true) => "turned_right_mirrored",
        }
    }
}

/// Rectangles between seams that are asked about.
const FRAMED_MAX: usize = 4;

/// Cuts in the middle, as the share that each side loses.
const CENTRED: Lattice = Lattice { step: 0.0075, count: 18 };

/// Cuts at one side or at a corner, as the share that a side loses.
const ONE_SIDED: Lattice = Lattice { step: 0.02, count: 12 };

/// Turns, to the left and to the right.
const TURNS_DEGREES: [f32; 6] = [1.5, -1.5, 3.0, -3.0, 4.0, -4.0];

/// The luma of the corners of a turned picture: black and white.
const CORNERS: [f32; 2] = [0.0, 255.0];

/// More than this off every side is beyond the lattice.
const EVENED_CUT_MAX: f32 = 0.14;

struct Lattice {
    step: f32,
    count: usize,
}

impl Lattice {
    fn shares(&self) -> impl Iterator<Item = f32> {
        let step = self.step;
        (1..=self.count).map(move |i| i as f32 * step)
    }
}

/// What to look up for an upload: its whole and what seems pasted in, in eight orientations.
pub fn asked(plane: &Plane) -> Vec<Variant> {
    let mut found = Vec::new();
    let parts = parts(plane);
    let evened = evened(&parts);
    for (part, window) in parts.into_iter().chain(evened) {
        for (orientation, hash) in hash_all_ways(plane, window) {
            found.push(Variant { part, window, orientation, degrees: 0.0, hash });
        }
    }
    found
}

/// What to bank of a picture: its whole, what seems pasted in, cuts, and small turns.
pub fn banked(plane: &Plane) -> Vec<Variant> {
    let mut found: Vec<Variant> = parts(plane)
        .into_iter()
        .chain(cuts().map(|window| (Part::Cut, window)))
        .filter_map(|(part, window)| upright(plane, part, window, 0.0))
        .collect();
    let quality_max = found.first().map_or(0, |whole| whole.hash.quality);
    found.extend(TURNS_DEGREES.into_iter().flat_map(|degrees| turns(plane, degrees, quality_max)));
    found
}

/// The picture turned: without corners, and with corners of each kind, on the spot and grown. Corners
/// are no structure: none of these counts as better than what is inside, or than `quality_max`.
fn turns(plane: &Plane, degrees: f32, quality_max: u8) -> Vec<Variant> {
    let inside = plane.inside_when_turned(degrees);
    let mut found: Vec<Variant> =
        upright(&plane.turned(degrees, 0.0), Part::TurnedCut, inside, degrees)
            .into_iter()
            .collect();
    for corners in CORNERS {
        let turned = plane.turned(degrees, corners);
        found.extend(upright(&turned, Part::Turned, Window::WHOLE, degrees));
        let (grown, window) = plane.turned_grown(degrees, corners);
        let whole = upright(&grown, Part::TurnedGrown, Window::WHOLE, degrees);
        found.extend(whole.map(|one| Variant { window, ..one }));
    }
    let quality_max = found.first().map_or(0, |inside| inside.hash.quality.min(quality_max));
    for one in &mut found {
        one.hash.quality = one.hash.quality.min(quality_max);
    }
    found
}

fn upright(plane: &Plane, part: Part, window: Window, degrees: f32) -> Option<Variant> {
    let hash = hash_upright(plane, window)?;
    Some(Variant { part, window, orientation: Orientation::AS_IS, degrees, hash })
}

/// The whole, without its ground, and rectangles between seams; none twice.
fn parts(plane: &Plane) -> Vec<(Part, Window)> {
    let mut found = vec![(Part::Whole, Window::WHOLE)];
    let transposed = plane.transposed();
    let trimmed = (Part::Trimmed, ground::trimmed(plane, &transposed));
    let framed = seams::rectangles(plane, &transposed, FRAMED_MAX)
        .into_iter()
        .map(|window| (Part::Framed, window));
    for (part, window) in std::iter::once(trimmed).chain(framed) {
        if !found.iter().any(|(_, other)| window.is_close_to(other)) {
            found.push((part, window));
        }
    }
    found
}

/// The trimmed part cut evenly, if that is still on the lattice and not the same.
fn evened(parts: &[(Part, Window)]) -> Option<(Part, Window)> {
    let (_, trimmed) = parts.iter().find(|(part, _)| *part == Part::Trimmed)?;
    let window = trimmed.evened();
    let is_new = !parts.iter().any(|(_, other)| window.is_close_to(other));
    (is_new && window.left <= EVENED_CUT_MAX).then_some((Part::Evened, window))
}

/// The lattice of cuts: in the middle, at each side, at each corner.
fn cuts() -> impl Iterator<Item = Window> {
    let centred = CENTRED.shares().map(|cut| Window::cut(cut, cut, cut, cut));
    let one_sided = ONE_SIDED.shares().flat_map(|cut| {
        [
            Window::cut(cut, 0.0, 0.0, 0.0),
            Window::cut(0.0, cut, 0.0, 0.0),
            Window::cut(0.0, 0.0, cut, 0.0),
            Window::cut(0.0, 0.0, 0.0, cut),
            Window::cut(cut, cut, 0.0, 0.0),
            Window::cut(0.0, cut, cut, 0.0),
            Window::cut(cut, 0.0, 0.0, cut),
            Window::cut(0.0, 0.0, cut, cut),
        ]
    });
    centred.chain(one_sided)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{PixelSink, Pixels};

    fn plane(width: usize, height: usize, at: impl Fn(usize, usize) -> u8) -> Plane {
        let mut sink = PlaneSink::new(width, height);
        for y in 0..height {
            let line: Vec<u8> = (0..width).map(|x| at(x, y)).collect();
            sink.pixels(y, 0, 1, Pixels::Grey(&line));
        }
        sink.finish()
    }

    /// Waves and blocks, so that there is something to hash at every place.
    fn scene(x: usize, y: usize) -> u8 {
        let waves = 40.0 * (x as f32 * 0.043 + y as f32 * 0.011).sin();
        let block = (x / 24 * 7 + y / 18 * 13) * 37 % 110;
        (70.0 + waves + block as f32).clamp(0.0, 255.0) as u8
    }

    fn distance(left: &Variant, right: &Variant) -> u32 {
        left.hash.bytes.iter().zip(right.hash.bytes).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    #[test]
    fn every_orientation_finds_the_picture_that_was_laid_so() {
        let (width, height) = (320, 240);
        let original = banked(&plane(width, height, scene))[0];
        let laid: [(&str, Plane); 8] = [
            ("as_is", plane(width, height, scene)),
            ("mirrored", plane(width, height, |x, y| scene(width - 1 - x, y))),
            ("upside_down_mirrored", plane(width, height, |x, y| scene(x, height - 1 - y))),
            ("upside_down", plane(width, height, |x, y| scene(width - 1 - x, height - 1 - y))),
            ("turned_left", plane(height, width, |x, y| scene(width - 1 - y, x))),
            ("turned_right", plane(height, width, |x, y| scene(y, height - 1 - x))),
            ("turned_left_mirrored", plane(height, width, |x, y| scene(y, x))),
            (
                "turned_right_mirrored",
                plane(height, width, |x, y| scene(width - 1 - y, height - 1 - x)),
            ),
        ];
        for (name, picture) in laid {
            let nearest = asked(&picture)
                .into_iter()
                .min_by_key(|one| distance(one, &original))
                .map(|one| (one.orientation.name(), distance(&one, &original)));
            assert!(
                matches!(nearest, Some((found, 0..=12)) if found == name),
                "{name}: {nearest:?}"
            );
        }
    }

    #[test]
    fn bars_and_frames_are_taken_off() {
        let original = banked(&plane(320, 240, scene))[0];
        let framed = plane(400, 360, |x, y| {
            if (40..360).contains(&x) && (60..300).contains(&y) {
                scene(x - 40, y - 60)
            } else {
                235
            }
        });
        let nearest = asked(&framed).iter().map(|one| distance(one, &original)).min();
        assert!(nearest.is_some_and(|bits| bits <= 16), "{nearest:?}");
    }

    #[test]
    fn a_cut_is_found_among_what_was_banked() {
        let banked = banked(&plane(640, 480, scene));
        let cut = asked(&plane(576, 432, |x, y| scene(x + 64, y + 48)))[0]; // its whole, as it is
        let nearest = banked.iter().map(|one| distance(one, &cut)).min();
        assert!(nearest.is_some_and(|bits| bits <= 24), "{nearest:?}");
    }

    #[test]
    fn pictures_of_any_size_and_of_one_colour_are_hashed_without_harm() {
        for (width, height) in [(1, 1), (5, 5), (7, 700), (700, 7), (64, 64), (1500, 9)] {
            let flat = plane(width, height, |_, _| 128);
            assert!(asked(&flat).iter().all(|one| one.hash.quality == 0));
            assert!(banked(&flat).iter().all(|one| one.hash.quality == 0));
            let busy = plane(width, height, |x, y| (x * 31 + y * 17) as u8);
            assert!(asked(&busy).len().is_multiple_of(8));
        }
    }

    #[test]
    fn the_number_of_variants_is_limited() {
        let noisy = plane(700, 500, |x, y| ((x / 50 * 7 + y / 50 * 13) * 37 % 256) as u8);
        assert!(asked(&noisy).len() <= 8 * (3 + FRAMED_MAX));
        assert!(banked(&noisy).len() <= 2 + FRAMED_MAX + cuts().count() + 5 * TURNS_DEGREES.len());
        assert!(cuts().count() + 5 * TURNS_DEGREES.len() + 2 + FRAMED_MAX <= 150);
    }
}
