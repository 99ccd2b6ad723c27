//! From a component's own resolution to the picture's: libjpeg's "fancy" triangle filters.
//! It refuses fractional ratios, as libjpeg does.

use crate::errors::Refusal;
use crate::simd::Level;
use crate::simd::color::{widen_mixed, widen_row};

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
    pub fn row(self, level: Level, near: &[u8], far: &[u8], is_upper: bool, out: &mut Vec<u8>) {
        match self {
            Self::None => {
                out.clear();
                out.extend_from_slice(near);
            }
            Self::Repeat(times) => {
                out.clear();
                out.extend(near.iter().flat_map(|sample| std::iter::repeat_n(*sample, times)));
            }
            Self::Tall => {
                let bias = if is_upper { 1 } else { 2 };
                let mix = |(near, far): (&u8, &u8)| {
                    ((3 * u16::from(*near) + u16::from(*far) + bias) >> 2) as u8
                };
                out.clear();
                out.extend(near.iter().zip(far).map(mix));
            }
            Self::Wide => {
                out.resize(2 * near.len(), 0);
                widen_row(level, near, out);
            }
            Self::Both => {
                out.resize(2 * near.len(), 0);
                widen_mixed(level, near, far, out);
            }
        }
    }
}
