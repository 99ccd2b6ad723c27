//! From dequantized coefficients to samples: libjpeg-turbo's accurate integer transform, bit for
//! bit, several blocks at once. It refuses floating point: other roundings change hashes.
//!
//! Source: Loeffler, Ligtenberg and Moschytz (1989) in 13-bit fixed point, two passes; each output
//! is written out as one sum of products, which in whole numbers is the same sum. Values between
//! the passes have 16 bits and saturate, as in libjpeg-turbo's vector code.

use super::Level;

/// Coefficients of 8x8 samples, in natural order.
pub type Block = [i16; 64];

/// 8x8 samples, row by row.
pub type Samples = [[u8; 8]; 8];

/// Blocks transformed at once.
pub const BLOCKS: usize = 4;

const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;
const FIRST_SHIFT: u32 = CONST_BITS - PASS1_BITS;
const SECOND_SHIFT: u32 = CONST_BITS + PASS1_BITS + 3;

/// Factors of inputs 0, 4, 2, 6 in the even half of outputs 0, 1, 2, 3 (outputs 7..4 have the same).
const EVEN: [[i16; 4]; 4] = [
    [8192, 8192, 10703, 4433],
    [8192, -8192, 4433, -10704],
    [8192, -8192, -4433, 10704],
    [8192, 8192, -10703, -4433],
];

/// Factors of inputs 1, 3, 5, 7 in the odd half, which outputs 7..4 take away.
const ODD: [[i16; 4]; 4] = [
    [11363, 9633, 6437, 2260],
    [9633, -2259, -11362, -6436],
    [6437, -11362, 2261, 9633],
    [2260, -6436, 9633, -11363],
];

/// Transforms four blocks.
pub fn transform(level: Level, blocks: &[Block; BLOCKS]) -> [Samples; BLOCKS] {
    match level {
        // SAFETY: `Level::best` found these instructions before it gave these levels.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { x86::transform_avx2(blocks) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { x86::transform_avx512(blocks) },
        _ => blocks.map(|block| plain(&block)),
    }
}

/// The sample that fills a block with only a first coefficient.
pub fn mean_sample(dc: i16) -> u8 {
    let between = (i32::from(dc) << PASS1_BITS).clamp(-32768, 32767);
    (((between + (1 << (PASS1_BITS + 2))) >> (PASS1_BITS + 3)) + 128).clamp(0, 255) as u8
}

fn plain(block: &Block) -> Samples {
    let rows: [[i16; 8]; 8] = std::array::from_fn(|y| std::array::from_fn(|x| block[8 * y + x]));
    let columns = transposed(&pass(&rows, FIRST_SHIFT));
    let samples = transposed(&pass(&columns, SECOND_SHIFT));
    samples.map(|row| row.map(|sample| (i32::from(sample) + 128).clamp(0, 255) as u8))
}

fn transposed(rows: &[[i16; 8]; 8]) -> [[i16; 8]; 8] {
    std::array::from_fn(|y| std::array::from_fn(|x| rows[x][y]))
}

/// One-dimensional transform of all eight columns.
fn pass(rows: &[[i16; 8]; 8], shift: u32) -> [[i16; 8]; 8] {
    let sum = |factors: &[i16; 4], inputs: [usize; 4]| -> [i32; 8] {
        std::array::from_fn(|x| {
            factors.iter().zip(inputs).fold(0_i32, |sum, (factor, input)| {
                sum.wrapping_add(i32::from(*factor).wrapping_mul(i32::from(rows[input][x])))
            })
        })
    };
    let done = |value: i32| {
        let rounded = value.wrapping_add(1 << (shift - 1)) >> shift;
        rounded.clamp(-32768, 32767) as i16
    };
    let mut out = [[0; 8]; 8];
    for i in 0..4 {
        let even = sum(&EVEN[i], [0, 4, 2, 6]);
        let odd = sum(&ODD[i], [1, 3, 5, 7]);
        out[i] = std::array::from_fn(|x| done(even[x].wrapping_add(odd[x])));
        out[7 - i] = std::array::from_fn(|x| done(even[x].wrapping_sub(odd[x])));
    }
    out
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{BLOCKS, Block, EVEN, FIRST_SHIFT, ODD, SECOND_SHIFT, Samples};
    use std::arch::x86_64::*;
    use std::mem::transmute;

    /// Two factors for neighbouring words, as `madd` takes them.
    const fn pair(first: i16, second: i16) -> i32 {
        (second as i32) << 16 | (first as i32 & 0xffff)
    }

    /// The transform of as many blocks as the vector has 128-bit lanes; every instruction used
    /// works within lanes.
    macro_rules! lanes {
        ($name:ident, $features:literal, $vector:ty, $lanes:literal, $set1:ident, $set1_8:ident,
         $lo16:ident, $hi16:ident, $lo32:ident, $hi32:ident, $lo64:ident, $hi64:ident,
         $lo8:ident, $hi8:ident, $madd:ident, $add:ident, $sub:ident, $sra:ident, $pack32:ident,
         $pack16:ident, $xor:ident) => {
            #[target_feature(enable = $features)]
            fn $name(blocks: &[Block; $lanes]) -> [Samples; $lanes] {
                #[inline]
                #[target_feature(enable = $features)]
                fn pass<const SHIFT: u32>(r: [$vector; 8]) -> [$vector; 8] {
                    let round = $set1(1 << (SHIFT - 1));
                    let (even_lo, even_hi) = ($lo16(r[0], r[4]), $hi16(r[0], r[4]));
                    let (side_lo, side_hi) = ($lo16(r[2], r[6]), $hi16(r[2], r[6]));
                    let (odd_lo, odd_hi) = ($lo16(r[1], r[3]), $hi16(r[1], r[3]));
                    let (far_lo, far_hi) = ($lo16(r[5], r[7]), $hi16(r[5], r[7]));
                    let mut out = r;
                    // Outputs 2 and 3 have the sums of 1 and 0 with the second part turned round.
                    for i in 0..2 {
                        let first = $set1(pair(EVEN[i][0], EVEN[i][1]));
                        let second = $set1(pair(EVEN[i][2], EVEN[i][3]));
                        let (first_lo, first_hi) = (
                            $add($madd(even_lo, first), round),
                            $add($madd(even_hi, first), round),
                        );
                        let (second_lo, second_hi) =
                            ($madd(side_lo, second), $madd(side_hi, second));
                        let halves = [
                            (i, $add(first_lo, second_lo), $add(first_hi, second_hi)),
                            (3 - i, $sub(first_lo, second_lo), $sub(first_hi, second_hi)),
                        ];
                        for (j, lo, hi) in halves {
                            let near = $set1(pair(ODD[j][0], ODD[j][1]));
                            let far = $set1(pair(ODD[j][2], ODD[j][3]));
                            let odd_lo = $add($madd(odd_lo, near), $madd(far_lo, far));
                            let odd_hi = $add($madd(odd_hi, near), $madd(far_hi, far));
                            out[j] = $pack32(
                                $sra::<SHIFT>($add(lo, odd_lo)),
                                $sra::<SHIFT>($add(hi, odd_hi)),
                            );
                            out[7 - j] = $pack32(
                                $sra::<SHIFT>($sub(lo, odd_lo)),
                                $sra::<SHIFT>($sub(hi, odd_hi)),
                            );
                        }
                    }
                    out
                }

                #[inline]
                #[target_feature(enable = $features)]
                fn transposed(r: [$vector; 8]) -> [$vector; 8] {
                    let a = [
                        $lo16(r[0], r[1]),
                        $hi16(r[0], r[1]),
                        $lo16(r[2], r[3]),
                        $hi16(r[2], r[3]),
                        $lo16(r[4], r[5]),
                        $hi16(r[4], r[5]),
                        $lo16(r[6], r[7]),
                        $hi16(r[6], r[7]),
                    ];
                    let b = [
                        $lo32(a[0], a[2]),
                        $hi32(a[0], a[2]),
                        $lo32(a[1], a[3]),
                        $hi32(a[1], a[3]),
                        $lo32(a[4], a[6]),
                        $hi32(a[4], a[6]),
                        $lo32(a[5], a[7]),
                        $hi32(a[5], a[7]),
                    ];
                    [
                        $lo64(b[0], b[4]),
                        $hi64(b[0], b[4]),
                        $lo64(b[1], b[5]),
                        $hi64(b[1], b[5]),
                        $lo64(b[2], b[6]),
                        $hi64(b[2], b[6]),
                        $lo64(b[3], b[7]),
                        $hi64(b[3], b[7]),
                    ]
                }

                let rows: [$vector; 8] = std::array::from_fn(|y| {
                    let row: [[i16; 8]; $lanes] =
                        std::array::from_fn(|lane| blocks[lane].as_chunks::<8>().0[y]);
                    // SAFETY: both types are as many plain bytes.
                    unsafe { transmute::<[[i16; 8]; $lanes], $vector>(row) }
                });
                let columns = transposed(pass::<FIRST_SHIFT>(rows));
                let c = pass::<SECOND_SHIFT>(columns);

                // Bytes are turned back into rows while they are packed.
                let x = [
                    $pack16(c[0], c[4]),
                    $pack16(c[1], c[5]),
                    $pack16(c[2], c[6]),
                    $pack16(c[3], c[7]),
                ];
                let (a, a_far) = ($lo8(x[0], x[2]), $hi8(x[0], x[2]));
                let (b, b_far) = ($lo8(x[1], x[3]), $hi8(x[1], x[3]));
                let (e, e_low) = ($lo8(a, b), $hi8(a, b));
                let (f, f_low) = ($lo8(a_far, b_far), $hi8(a_far, b_far));
                let rows = [$lo32(e, f), $hi32(e, f), $lo32(e_low, f_low), $hi32(e_low, f_low)];
                let unsigned = $set1_8(-128);
                let rows = rows.map(|rows| {
                    // SAFETY: both types are as many plain bytes.
                    unsafe { transmute::<$vector, [[[u8; 8]; 2]; $lanes]>($xor(rows, unsigned)) }
                });
                std::array::from_fn(|lane| std::array::from_fn(|y| rows[y / 2][lane][y % 2]))
            }
        };
    }
    lanes!(
        two_blocks,
        "avx2",
        __m256i,
        2,
        _mm256_set1_epi32,
        _mm256_set1_epi8,
        _mm256_unpacklo_epi16,
        _mm256_unpackhi_epi16,
        _mm256_unpacklo_epi32,
        _mm256_unpackhi_epi32,
        _mm256_unpacklo_epi64,
        _mm256_unpackhi_epi64,
        _mm256_unpacklo_epi8,
        _mm256_unpackhi_epi8,
        _mm256_madd_epi16,
        _mm256_add_epi32,
        _mm256_sub_epi32,
        sra_256,
        _mm256_packs_epi32,
        _mm256_packs_epi16,
        _mm256_xor_si256
    );
    lanes!(
        four_blocks,
        "avx2,avx512f,avx512bw",
        __m512i,
        4,
        _mm512_set1_epi32,
        _mm512_set1_epi8,
        _mm512_unpacklo_epi16,
        _mm512_unpackhi_epi16,
        _mm512_unpacklo_epi32,
        _mm512_unpackhi_epi32,
        _mm512_unpacklo_epi64,
        _mm512_unpackhi_epi64,
        _mm512_unpacklo_epi8,
        _mm512_unpackhi_epi8,
        _mm512_madd_epi16,
        _mm512_add_epi32,
        _mm512_sub_epi32,
        sra_512,
        _mm512_packs_epi32,
        _mm512_packs_epi16,
        _mm512_xor_si512
    );

    #[inline]
    #[target_feature(enable = "avx2")]
    fn sra_256<const SHIFT: u32>(value: __m256i) -> __m256i {
        match SHIFT {
            FIRST_SHIFT => _mm256_srai_epi32::<{ FIRST_SHIFT as i32 }>(value),
            _ => _mm256_srai_epi32::<{ SECOND_SHIFT as i32 }>(value),
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn sra_512<const SHIFT: u32>(value: __m512i) -> __m512i {
        _mm512_srai_epi32::<SHIFT>(value)
    }

    #[target_feature(enable = "avx2")]
    pub fn transform_avx2(blocks: &[Block; BLOCKS]) -> [Samples; BLOCKS] {
        let (pairs, _) = blocks.as_chunks::<2>();
        let [a, b] = two_blocks(&pairs[0]);
        let [c, d] = two_blocks(&pairs[1]);
        [a, b, c, d]
    }

    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512dq")]
    pub fn transform_avx512(blocks: &[Block; BLOCKS]) -> [Samples; BLOCKS] {
        four_blocks(blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without structure.
    pub fn random(state: &mut u32, range: i32) -> i16 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((*state >> 8) as i32 % range - range / 2) as i16
    }

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

    /// The transform as Loeffler, Ligtenberg and Moschytz share its products out, in 32 bits.
    fn shared_products(r: [i32; 8], shift: u32) -> [i32; 8] {
        let z1 = (r[2] + r[6]) * 4433;
        let (t2, t3) = (z1 - r[6] * 15137, z1 + r[2] * 6270);
        let (t0, t1) = ((r[0] + r[4]) << 13, (r[0] - r[4]) << 13);
        let even = [t0 + t3, t1 + t2, t1 - t2, t0 - t3];
        let z5 = (r[7] + r[3] + r[5] + r[1]) * 9633;
        let (z1, z2) = ((r[7] + r[1]) * -7373, (r[5] + r[3]) * -20995);
        let (z3, z4) = ((r[7] + r[3]) * -16069 + z5, (r[5] + r[1]) * -3196 + z5);
        let odd = [
            r[1] * 12299 + z1 + z4,
            r[3] * 25172 + z2 + z3,
            r[5] * 16819 + z2 + z4,
            r[7] * 2446 + z1 + z3,
        ];
        let done = |value: i32| (value + (1 << (shift - 1))) >> shift;
        std::array::from_fn(|i| {
            if i < 4 { done(even[i] + odd[i]) } else { done(even[7 - i] - odd[7 - i]) }
        })
    }

    #[test]
    fn samples_are_within_one_of_the_true_transform() {
        let mut state = 1;
        for _ in 0..200 {
            let mut block: Block = [0; 64];
            block[..20].fill_with(|| random(&mut state, 120));
            for (y, row) in plain(&block).iter().enumerate() {
                for (x, sample) in row.iter().enumerate() {
                    let truth = reference(&block, x, y).clamp(0.0, 255.0);
                    assert!((f64::from(*sample) - truth).abs() <= 1.0);
                }
            }
        }
    }

    #[test]
    fn samples_are_those_of_the_transform_with_shared_products() {
        let mut state = 2;
        for _ in 0..500 {
            let block: Block = std::array::from_fn(|_| random(&mut state, 300));
            let column = |x: usize| {
                shared_products(std::array::from_fn(|y| i32::from(block[8 * y + x])), 11)
            };
            let columns: [[i32; 8]; 8] = std::array::from_fn(column);
            let wanted: Samples = std::array::from_fn(|y| {
                shared_products(std::array::from_fn(|x| columns[x][y]), 18)
                    .map(|sample| (sample + 128).clamp(0, 255) as u8)
            });
            assert_eq!(plain(&block), wanted);
        }
    }

    #[test]
    fn every_level_gives_the_samples_of_the_plain_code_even_of_wild_coefficients() {
        let mut state = 3;
        for range in [40, 1000, 65_535] {
            for _ in 0..300 {
                let blocks: [Block; BLOCKS] =
                    std::array::from_fn(|_| std::array::from_fn(|_| random(&mut state, range)));
                for level in Level::all() {
                    let wanted = blocks.map(|block| plain(&block));
                    assert_eq!(transform(level, &blocks), wanted, "{level:?}");
                }
            }
        }
    }

    #[test]
    fn a_block_with_only_a_mean_is_what_the_full_transform_makes_of_it() {
        for mean in i16::MIN..=i16::MAX {
            let mut block: Block = [0; 64];
            block[0] = mean;
            assert_eq!(plain(&block), [[mean_sample(mean); 8]; 8]);
        }
    }
}
