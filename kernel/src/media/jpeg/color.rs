//! From a JPEG's components to RGB, as libjpeg and Pillow's `convert("RGB")` do it.
//! It refuses colour profiles: hashes are of the stored numbers.

use crate::simd::color::from_ycc;

/// What the components mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// One component.
    Grey,
    /// Luma and two colour differences.
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Ink amounts, stored inverted as Adobe does.
    Cmyk,
    /// The same, the first three as luma and colour differences.
    Ycck,
}

impl Meaning {
    /// As libjpeg guesses it. `adobe` is the transform an APP14 segment names.
    pub fn guess(ids: &[u8], is_jfif: bool, adobe: Option<u8>) -> Option<Self> {
        match (ids, adobe) {
            ([_], _) => Some(Self::Grey),
            ([_, _, _], _) if is_jfif => Some(Self::YCbCr),
            ([_, _, _], Some(0)) => Some(Self::Rgb),
            ([_, _, _], Some(_)) => Some(Self::YCbCr),
            ([b'R', b'G', b'B'], None) => Some(Self::Rgb),
            ([_, _, _], None) => Some(Self::YCbCr),
            ([_, _, _, _], None | Some(0)) => Some(Self::Cmyk),
            ([_, _, _, _], Some(_)) => Some(Self::Ycck),
            _ => None,
        }
    }
}

/// Writes one row of RGB from rows of samples, one a component.
pub fn to_rgb(meaning: Meaning, [a, b, c, d]: [&[u8]; 4], out: &mut [u8]) {
    let (pixels, _) = out.as_chunks_mut::<3>();
    let triples = pixels.iter_mut().zip(a).zip(b).zip(c);
    match meaning {
        Meaning::YCbCr => {
            for (((pixel, y), cb), cr) in triples {
                *pixel = from_ycc(*y, *cb, *cr);
            }
        }
        Meaning::Rgb => {
            for (((pixel, r), g), b) in triples {
                *pixel = [*r, *g, *b];
            }
        }
        Meaning::Cmyk => {
            for ((((pixel, c), m), y), k) in triples.zip(d) {
                *pixel = without_ink([*c, *m, *y].map(|stored| 255 - stored), *k);
            }
        }
        Meaning::Ycck => {
            for ((((pixel, y), cb), cr), k) in triples.zip(d) {
                // libjpeg turns YCC into inverted RGB and calls it ink; Pillow inverts it back.
                *pixel = without_ink(from_ycc(*y, *cb, *cr), *k);
            }
        }
        Meaning::Grey => {}
    }
}

/// Paper under ink, as Pillow works it out: `light` is what black lets through.
fn without_ink(ink: [u8; 3], light: u8) -> [u8; 3] {
    ink.map(|ink| {
        let product = u32::from(ink) * u32::from(light) + 128;
        light.saturating_sub((((product >> 8) + product) >> 8) as u8)
    })
}
