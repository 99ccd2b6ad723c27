//! What a corner looks like: its angle, and eighty comparisons around it as words.
//! It refuses places near an edge: the pattern reaches fourteen pixels out.

use super::scales::Scale;
use super::{PROBES, WORD_BITS, WORDS};
use std::sync::OnceLock;

/// Angles that are told apart.
pub const WAYS: u8 = 64;
const PAIRS: usize = WORDS * WORD_BITS as usize;

type Offset = (i32, i32);

/// The places that are compared, turned each way, and those that tell the angle.
pub struct Pattern {
    turned: Vec<[(Offset, Offset); PAIRS]>,
    disc: Vec<Offset>,
}

impl Pattern {
    /// The one pattern of all pictures.
    pub fn shared() -> &'static Self {
        static PATTERN: OnceLock<Pattern> = OnceLock::new();
        PATTERN.get_or_init(Self::turned_each_way)
    }

    fn turned_each_way() -> Self {
        let turned = (0..WAYS)
            .map(|way| {
                let (sine, cosine) =
                    (f32::from(way) * std::f32::consts::TAU / f32::from(WAYS)).sin_cos();
                let turn = |(x, y): (f32, f32)| {
                    ((cosine * x - sine * y).round() as i32, (sine * x + cosine * y).round() as i32)
                };
                PLACES.map(|places| {
                    let [x, y, other_x, other_y] = places.map(|tenths| f32::from(tenths) / 10.0);
                    (turn((x, y)), turn((other_x, other_y)))
                })
            })
            .collect();
        let steps = || (-4..=4).map(|step| step * 3);
        let disc = steps()
            .flat_map(|y| steps().map(move |x| (x, y)))
            .filter(|(x, y)| x * x + y * y <= 150);
        Self { turned, disc: disc.collect() }
    }

    /// The way in which it is brighter around a place, 0..`WAYS`.
    #[inline(always)]
    pub fn angle(&self, scale: &Scale, place: usize) -> u8 {
        let (mut across, mut down) = (0_i32, 0_i32);
        for offset in &self.disc {
            let value = i32::from(scale.smooth[at(scale, place, *offset)]);
            across += value * offset.0;
            down += value * offset.1;
        }
        let turn = (down as f32).atan2(across as f32) / std::f32::consts::TAU;
        ((turn + 1.0) * f32::from(WAYS)).round() as u32 as u8 % WAYS
    }

    /// The words of a corner at this angle; `across` of -1 sees it with left and right exchanged.
    #[inline(always)]
    pub fn words(
        &self,
        scale: &Scale,
        place: usize,
        angle: u8,
        across: i32,
    ) -> [[u32; PROBES]; WORDS] {
        let pairs = &self.turned[usize::from(angle)];
        let mut words = [[0; PROBES]; WORDS];
        for (kind, (probes, group)) in
            words.iter_mut().zip(pairs.chunks_exact(WORD_BITS as usize)).enumerate()
        {
            let mut word = (kind as u32) << WORD_BITS;
            let mut unsure = [(i32::MAX, 0_u32); PROBES - 1];
            for (bit, (one, other)) in group.iter().enumerate() {
                let value =
                    |(x, y): Offset| i32::from(scale.smooth[at(scale, place, (across * x, y))]);
                let difference = value(*one) - value(*other);
                word |= u32::from(difference > 0) << bit;
                let mut weaker = (difference.abs(), 1_u32 << bit);
                for known in &mut unsure {
                    if weaker.0 < known.0 {
                        std::mem::swap(known, &mut weaker);
                    }
                }
            }
            probes[0] = word;
            for (probe, (_, bit)) in probes[1..].iter_mut().zip(unsure) {
                *probe = word ^ bit;
            }
        }
        words
    }
}

#[inline(always)]
fn at(scale: &Scale, place: usize, (x, y): Offset) -> usize {
    place.wrapping_add_signed(y as isize * scale.width as isize + x as isize)
}

/// Places of the pairs, in tenths of a pixel: chosen so that each comparison goes either way as often, and says
/// little about the others.
const PLACES: [[i16; 4]; PAIRS] = [
    [-38, 44, -38, -70],
    [-80, 32, -74, -13],
    [109, 39, 64, -13],
    [-66, 112, -88, 78],
    [35, -36, 31, 29],
    [105, -40, 97, -81],
    [29, 67, 22, 21],
    [-41, -61, -29, 123],
    [-7, -35, 28, 45],
    [68, 72, 46, 34],
    [-71, 97, -60, 32],
    [73, -104, 79, -63],
    [29, 41, 64, 14],
    [-86, -96, 5, 53],
    [115, 2, 109, 57],
    [26, 81, 69, 105],
    [-42, 88, -79, -39],
    [42, -84, 12, -117],
    [-27, 109, 22, -89],
    [-117, 57, -95, -73],
    [79, 19, 112, -16],
    [-7, -97, -6, 95],
    [-98, 62, -125, 23],
    [49, 114, 73, 64],
    [-116, 59, -61, 47],
    [-26, -123, -65, -94],
    [-121, -23, -70, -31],
    [52, -56, 83, 19],
    [9, 121, 80, -85],
    [-102, -29, -128, 9],
    [23, 76, 45, -85],
    [-25, 25, -4, -57],
    [-2, -117, 40, -119],
    [16, 106, 13, -86],
    [-36, 100, -28, -123],
    [-17, -53, -2, 80],
    [23, 87, 36, 32],
    [43, 103, -4, 99],
    [-12, 45, 32, 60],
    [47, 37, 62, -68],
    [-2, 75, 5, 125],
    [63, -111, 25, -56],
    [73, 61, 94, 24],
    [-42, 104, 0, 96],
    [-33, -42, -47, -93],
    [-73, -34, -31, -59],
    [55, 112, 47, -110],
    [15, -61, -5, 83],
    [39, 108, -18, -71],
    [-70, -79, -71, 83],
    [84, -21, 40, -10],
    [-18, -103, -96, 78],
    [17, 94, 126, -4],
    [47, 71, 33, -55],
    [-86, -12, -63, 22],
    [-94, 26, -43, -66],
    [107, 60, 34, -114],
    [-69, 3, -32, 46],
    [111, 28, 104, -38],
    [102, -52, 62, -48],
    [-31, 67, -33, 25],
    [-80, -1, -104, -43],
    [-105, -23, -91, -84],
    [-15, -125, 87, 92],
    [91, -87, 51, -89],
    [52, -34, 13, -70],
    [5, -127, 6, 49],
    [-11, 103, -60, 40],
    [83, 74, 90, -73],
    [40, -11, 40, -64],
    [-106, -71, -47, -103],
    [-85, -2, -41, -5],
    [-6, 44, 52, -66],
    [-54, 72, -42, -31],
    [-16, -29, 22, 128],
    [113, -57, 52, 116],
    [-49, -92, -11, 87],
    [-53, -30, 7, -118],
    [-62, -53, -56, 3],
    [62, -22, 58, 33],
];
