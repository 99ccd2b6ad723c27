//! From a JPEG's components to RGB, as libjpeg and Pillow's `convert("RGB")` do it.
//! It refuses colour profiles: hashes are of the stored numbers.

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
pub fn to_rgb(meaning: Meaning, rows: &[Vec<u8>], out: &mut [u8]) {
    let (pixels, _) = out.as_chunks_mut::<3>();
    match (meaning, rows) {
        (Meaning::YCbCr, [y, cb, cr]) => {
            for (((pixel, y), cb), cr) in pixels.iter_mut().zip(y).zip(cb).zip(cr) {
                *pixel = from_ycc(*y, *cb, *cr);
            }
        }
        (Meaning::Rgb, [r, g, b]) => {
            for (((pixel, r), g), b) in pixels.iter_mut().zip(r).zip(g).zip(b) {
                *pixel = [*r, *g, *b];
            }
        }
        (Meaning::Cmyk, [c, m, y, k]) => {
            for ((((pixel, c), m), y), k) in pixels.iter_mut().zip(c).zip(m).zip(y).zip(k) {
                *pixel = without_ink([*c, *m, *y].map(|stored| 255 - stored), *k);
            }
        }
        (Meaning::Ycck, [y, cb, cr, k]) => {
            for ((((pixel, y), cb), cr), k) in pixels.iter_mut().zip(y).zip(cb).zip(cr).zip(k) {
                // libjpeg turns YCC into inverted RGB and calls it ink; Pillow inverts it back.
                *pixel = without_ink(from_ycc(*y, *cb, *cr), *k);
            }
        }
        _ => {}
    }
}

/// Source: JFIF 1.02; factors in 16-bit fixed point, rounded as libjpeg rounds them.
#[inline]
fn from_ycc(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let r = y + ((91881 * cr + 32768) >> 16);
    let g = y + ((-22554 * cb - 46802 * cr + 32768) >> 16);
    let b = y + ((116130 * cb + 32768) >> 16);
    [r, g, b].map(|value| value.clamp(0, 255) as u8)
}

/// Paper under ink, as Pillow works it out: `light` is what black lets through.
fn without_ink(ink: [u8; 3], light: u8) -> [u8; 3] {
    ink.map(|ink| {
        let product = u32::from(ink) * u32::from(light) + 128;
        light.saturating_sub((((product >> 8) + product) >> 8) as u8)
    })
}
