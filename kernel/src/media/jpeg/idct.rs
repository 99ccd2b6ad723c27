//! From coefficients to samples: libjpeg's accurate integer transform, bit for bit.
//! It refuses floating point and shortcuts: other roundings change hashes of clipped pictures.
//!
//! Source: Loeffler, Ligtenberg and Moschytz (1989), in 13-bit fixed point, two passes.

/// Coefficients of 8x8 samples, in natural order.
pub type Block = [i16; 64];

const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;

/// Dequantizes and transforms `block` into 8 rows of `out`, each `stride` after the last.
pub fn transform(block: &Block, quantizer: &[u16; 64], out: &mut [u8], stride: usize) {
    if block[1..].iter().all(|coefficient| *coefficient == 0) {
        // As both passes would round it.
        let mean = i32::from(block[0]).wrapping_mul(i32::from(quantizer[0])) << PASS1_BITS;
        let sample = to_sample(round_off(mean, PASS1_BITS + 3));
        for row in out.chunks_mut(stride).take(8) {
            row[..8].fill(sample);
        }
        return;
    }
    let mut rows: [[i32; 8]; 8] = std::array::from_fn(|y| {
        std::array::from_fn(|x| {
            i32::from(block[8 * y + x]).wrapping_mul(i32::from(quantizer[8 * y + x]))
        })
    });
    pass(&mut rows, CONST_BITS - PASS1_BITS);
    let mut columns = transposed(&rows);
    pass(&mut columns, CONST_BITS + PASS1_BITS + 3);
    let samples = transposed(&columns);
    for (row, samples) in out.chunks_mut(stride).zip(&samples) {
        for (place, sample) in row.iter_mut().zip(samples) {
            *place = to_sample(*sample);
        }
    }
}

fn to_sample(value: i32) -> u8 {
    value.saturating_add(128).clamp(0, 255) as u8
}

fn round_off(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

fn transposed(rows: &[[i32; 8]; 8]) -> [[i32; 8]; 8] {
    std::array::from_fn(|y| std::array::from_fn(|x| rows[x][y]))
}

type Lane = [i32; 8];

fn add(a: Lane, b: Lane) -> Lane {
    std::array::from_fn(|i| a[i].wrapping_add(b[i]))
}

fn sub(a: Lane, b: Lane) -> Lane {
    std::array::from_fn(|i| a[i].wrapping_sub(b[i]))
}

/// By a constant in 13-bit fixed point.
fn mul(a: Lane, factor: i32) -> Lane {
    a.map(|value| value.wrapping_mul(factor))
}

fn shifted(a: Lane) -> Lane {
    a.map(|value| value.wrapping_shl(CONST_BITS))
}

/// One-dimensional transform of all eight columns at once.
fn pass(rows: &mut [Lane; 8], bits: u32) {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = *rows;

    let z1 = mul(add(r2, r6), 4433);
    let t2 = add(z1, mul(r6, -15137));
    let t3 = add(z1, mul(r2, 6270));
    let t0 = shifted(add(r0, r4));
    let t1 = shifted(sub(r0, r4));
    let even = [add(t0, t3), add(t1, t2), sub(t1, t2), sub(t0, t3)];

    let z5 = mul(add(add(r7, r3), add(r5, r1)), 9633);
    let z1 = mul(add(r7, r1), -7373);
    let z2 = mul(add(r5, r3), -20995);
    let z3 = add(mul(add(r7, r3), -16069), z5);
    let z4 = add(mul(add(r5, r1), -3196), z5);
    let odd = [
        add(mul(r1, 12299), add(z1, z4)),
        add(mul(r3, 25172), add(z2, z3)),
        add(mul(r5, 16819), add(z2, z4)),
        add(mul(r7, 2446), add(z1, z3)),
    ];

    for i in 0..4 {
        rows[i] = add(even[i], odd[i]).map(|value| round_off(value, bits));
        rows[7 - i] = sub(even[i], odd[i]).map(|value| round_off(value, bits));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T.81, A.3.3, in floating point.
    fn reference(block: &Block, x: usize, y: usize) -> f64 {
        let scale = |k: usize| if k == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
        let wave = |k: usize, at: usize| {
            ((2 * at + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos()
        };
        let term = |(k, c): (usize, &i16)| {
            let (u, v) = (k % 8, k / 8);
            scale(u) * scale(v) * f64::from(*c) * wave(u, x) * wave(v, y)
        };
        block.iter().enumerate().map(term).sum::<f64>() / 4.0 + 128.0
    }

    #[test]
    fn samples_are_within_one_of_the_true_transform() {
        let mut state = 1_u32;
        let mut random = |range: i32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as i32 % range - range / 2
        };
        for _ in 0..200 {
            let mut block: Block = [0; 64];
            for coefficient in block.iter_mut().take(20) {
                *coefficient = random(120) as i16;
            }
            let mut out = [0; 64];
            transform(&block, &[1; 64], &mut out, 8);
            for (place, sample) in out.iter().enumerate() {
                let truth = reference(&block, place % 8, place / 8).clamp(0.0, 255.0);
                assert!((f64::from(*sample) - truth).abs() <= 1.0);
            }
        }
    }

    #[test]
    fn a_block_with_only_a_mean_is_what_the_full_transform_makes_of_it() {
        for mean in [-2000, -1024, -9, -4, -1, 0, 1, 3, 4, 5, 77, 1016, 2000] {
            let mut block: Block = [0; 64];
            block[0] = mean;
            let (mut short, mut full) = ([0; 64], [0; 64]);
            transform(&block, &[1; 64], &mut short, 8);
            block[63] = 1; // too little to show, enough to take the long way
            let mut quantizer = [1; 64];
            quantizer[63] = 0;
            transform(&block, &quantizer, &mut full, 8);
            assert_eq!(short, full);
        }
    }
}
