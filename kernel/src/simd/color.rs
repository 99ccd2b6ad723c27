//! From luma and colour differences to what is hashed, and the way there from half resolution.
//! It refuses colour profiles: hashes are of the stored numbers.

use super::for_every_level;

/// Luma 0..=255 of red, green and blue. Source: ITU-R BT.601, in thousandths.
#[inline(always)]
pub fn luma(r: i32, g: i32, b: i32) -> f32 {
    let thousandths = r.wrapping_mul(299).wrapping_add(g.wrapping_mul(587));
    thousandths.wrapping_add(b.wrapping_mul(114)) as f32 * 0.001
}

for_every_level! {
    /// Luma of the RGB that libjpeg makes of one row of samples.
    ycc_to_luma(ycc: [&[u8]; 3], out: &mut [f32]) {
        let [y, cb, cr] = ycc;
        for (((out, y), cb), cr) in out.iter_mut().zip(y).zip(cb).zip(cr) {
            *out = ycc_luma(*y, *cb, *cr);
        }
    }
}

/// Luma of the RGB that libjpeg makes of a sample.
#[inline(always)]
pub fn ycc_luma(y: u8, cb: u8, cr: u8) -> f32 {
    let [r, g, b] = from_ycc(y, cb, cr).map(i32::from);
    luma(r, g, b)
}

/// Source: JFIF 1.02; factors in 16-bit fixed point, rounded as libjpeg rounds them.
#[inline(always)]
pub fn from_ycc(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) =
        (i32::from(y), i32::from(cb).wrapping_sub(128), i32::from(cr).wrapping_sub(128));
    let rounded = |products: i32| y.wrapping_add(products.wrapping_add(32768) >> 16);
    let r = rounded(cr.wrapping_mul(91881));
    let g = rounded(cb.wrapping_mul(-22554).wrapping_sub(cr.wrapping_mul(46802)));
    let b = rounded(cb.wrapping_mul(116130));
    [r, g, b].map(|value| value.clamp(0, 255) as u8)
}

for_every_level! {
    /// Twice as many samples along a row, three parts of the nearer and one of the other; the
    /// outermost are copied, as libjpeg does. `out` has two places for each of `row`.
    widen_row(row: &[u8], out: &mut [u8]) {
        let mix = |near: u8, far: u8, bias: u16| {
            (u16::from(near).wrapping_mul(3).wrapping_add(u16::from(far)).wrapping_add(bias) >> 2) as u8
        };
        if let ([first, ..], [.., last]) = (row, row)
            && let [start, inner @ .., end] = out
        {
            (*start, *end) = (*first, *last);
            let (inner, _) = inner.as_chunks_mut::<2>();
            for ((pair, left), right) in inner.iter_mut().zip(row).zip(&row[1..]) {
                *pair = [mix(*left, *right, 2), mix(*right, *left, 1)];
            }
        }
    }
}

for_every_level! {
    /// The same along and across two rows at once, rounded once.
    widen_mixed(near: &[u8], far: &[u8], out: &mut [u8]) {
        let down = |near: u8, far: u8| u16::from(near).wrapping_mul(3).wrapping_add(u16::from(far));
        let mix = |near: u16, far: u16, bias: u16| {
            (near.wrapping_mul(3).wrapping_add(far).wrapping_add(bias) >> 4) as u8
        };
        if let ([near_first, .., near_last], [far_first, .., far_last]) = (near, far)
            && let [start, inner @ .., end] = out
        {
            let (first, last) = (down(*near_first, *far_first), down(*near_last, *far_last));
            (*start, *end) = (mix(first, first, 8), mix(last, last, 7));
            let (inner, _) = inner.as_chunks_mut::<2>();
            let lefts = near.iter().zip(far);
            let rights = near[1..].iter().zip(&far[1..]);
            for ((pair, (a, b)), (c, d)) in inner.iter_mut().zip(lefts).zip(rights) {
                let (left, right) = (down(*a, *b), down(*c, *d));
                *pair = [mix(left, right, 7), mix(right, left, 8)];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Level;

    /// Rows of samples that hold every pair of colour differences with some luma.
    fn rows(y: u8) -> [Vec<u8>; 3] {
        let places = 0..256 * 256 + 5;
        let row = |at: fn(usize) -> usize| places.clone().map(|i| at(i) as u8).collect();
        [vec![y; places.len()], row(|i| i / 256), row(|i| i)]
    }

    #[test]
    fn every_level_gives_the_luma_of_the_plain_code_for_every_colour() {
        for luma_of_all in [0, 1, 17, 63, 128, 200, 254, 255] {
            let [y, cb, cr] = rows(luma_of_all);
            let mut wanted = vec![0.0; y.len()];
            ycc_to_luma(Level::Plain, [&y, &cb, &cr], &mut wanted);
            for level in Level::all() {
                let mut found = vec![0.0; y.len()];
                ycc_to_luma(level, [&y, &cb, &cr], &mut found);
                assert!(found == wanted, "{level:?}");
            }
        }
    }

    #[test]
    fn every_level_widens_rows_alike() {
        let row = |seed: usize| -> Vec<u8> { (0..333).map(|i| (i * i * seed) as u8).collect() };
        let (near, far) = (row(31), row(77));
        for length in [3, 4, 63, 64, 65, 333] {
            let widened = Level::all().map(|level| {
                let mut out = [vec![0; 2 * length], vec![0; 2 * length]];
                widen_row(level, &near[..length], &mut out[0]);
                widen_mixed(level, &near[..length], &far[..length], &mut out[1]);
                out
            });
            let widened: Vec<_> = widened.collect();
            assert!(widened.windows(2).all(|pair| pair[0] == pair[1]));
        }
    }
}
