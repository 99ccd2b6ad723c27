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
