//! From a component's own resolution to the picture's: libjpeg's "fancy" triangle filters.
//! It refuses fractional ratios, as libjpeg does.

use crate::errors::Refusal;

/// How a component's rows become rows of full width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsampling {
    /// Same resolution.
    None,
    /// Half the width: triangle filter along the row.
    Wide,
    /// Half the height: triangle filter across two rows.
    Tall,
    /// Half of both: triangle filter along both.
    Both,
    /// Any other whole ratio: samples repeat, this many times along the row.
    Repeat(usize),
}

impl Upsampling {
    /// For a component `width` samples wide whose samples each cover `across` by `down` pixels.
    pub fn new(
        across: (usize, usize),
        down: (usize, usize),
        width: usize,
    ) -> Result<Self, Refusal> {
        let ((across, a_rest), (down, d_rest)) = (across, down);
        if a_rest != 0 || d_rest != 0 {
            return Err(Refusal::Unsupported);
        }
        Ok(match (across, down) {
            (1, 1) => Self::None,
            (2, 1) if width > 2 => Self::Wide,
            (1, 2) => Self::Tall,
            (2, 2) if width > 2 => Self::Both,
            _ => Self::Repeat(across),
        })
    }

    /// Whether the row above or below takes part.
    pub fn mixes_rows(self) -> bool {
        matches!(self, Self::Tall | Self::Both)
    }

    /// Writes a row of full width. `near` is the row the pixels lie in; `far` the one above
    /// (`is_upper`: they lie in the upper half of `near`) or below.
    pub fn row(self, near: &[u8], far: &[u8], is_upper: bool, out: &mut Vec<u8>) {
        out.clear();
        match self {
            Self::None => out.extend_from_slice(near),
            Self::Repeat(times) => {
                out.extend(near.iter().flat_map(|sample| std::iter::repeat_n(*sample, times)));
            }
            Self::Tall => {
                let bias = if is_upper { 1 } else { 2 };
                let mix = |(near, far): (&u8, &u8)| {
                    ((3 * u16::from(*near) + u16::from(*far) + bias) >> 2) as u8
                };
                out.extend(near.iter().zip(far).map(mix));
            }
            Self::Wide => {
                let value = |i: usize| u16::from(near[i]);
                widen(near.len(), value, 4, [1, 2], 2, out);
            }
            Self::Both => {
                let value = |i: usize| 3 * u16::from(near[i]) + u16::from(far[i]);
                widen(near.len(), value, 4, [8, 7], 4, out);
            }
        }
    }
}

/// Two pixels for each of `count` values, three parts of it and one of the neighbour on that side.
/// At the ends the missing neighbour is the value itself.
#[inline]
fn widen(
    count: usize,
    value: impl Fn(usize) -> u16,
    parts: u16,
    bias: [u16; 2],
    bits: u32,
    out: &mut Vec<u8>,
) {
    let near = parts - 1;
    out.resize(2 * count, 0);
    let last = count - 1;
    // libjpeg copies the outermost samples of `Wide` and rounds those of `Both` so:
    out[0] = ((parts * value(0) + if bits == 2 { 0 } else { bias[0] }) >> bits) as u8;
    out[2 * last + 1] = ((parts * value(last) + if bits == 2 { 0 } else { bias[1] }) >> bits) as u8;
    for i in 0..last {
        let (left, right) = (value(i), value(i + 1));
        out[2 * i + 1] = ((near * left + right + bias[1]) >> bits) as u8;
        out[2 * i + 2] = ((near * right + left + bias[0]) >> bits) as u8;
    }
}
