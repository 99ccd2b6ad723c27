//! From bits to coefficients: one block of one scan at a time.
//! It refuses nothing that libjpeg decodes with a warning, so that hashes agree on damaged files.

use super::bits::{Bits, Clean, Head};
use super::huffman::Huffman;
use super::segments::{NATURAL, Scan};
use crate::errors::Refusal;
use crate::simd::idct::Block;

/// What blocks of a scan hand on to the next block.
#[derive(Default)]
pub struct Running {
    /// The last DC value of each component of the scan.
    dc: [i32; 4],
    /// Blocks to come that add nothing to this band.
    empty_blocks: u32,
}

/// How a scan codes its blocks. Source: T.81, F.2.2 and G.1.2.
#[derive(Debug, Clone, Copy)]
pub enum Coding {
    /// All 64 coefficients.
    Sequential,
    /// The highest bits of the first coefficient.
    DcFirst,
    /// One more bit of it.
    DcRefine,
    /// The highest bits of a band of others.
    AcFirst,
    /// One more bit of them.
    AcRefine,
}

impl Coding {
    /// Of a scan.
    pub fn of(scan: &Scan, is_progressive: bool) -> Self {
        match (is_progressive, scan.band.0, scan.high) {
            (false, _, _) => Self::Sequential,
            (true, 0, 0) => Self::DcFirst,
            (true, 0, _) => Self::DcRefine,
            (true, _, 0) => Self::AcFirst,
            (true, _, _) => Self::AcRefine,
        }
    }

    /// Whether blocks need the DC table.
    pub fn needs_dc(self) -> bool {
        matches!(self, Self::Sequential | Self::DcFirst)
    }

    /// Whether blocks need the AC table.
    pub fn needs_ac(self) -> bool {
        matches!(self, Self::Sequential | Self::AcFirst | Self::AcRefine)
    }
}

/// For each coefficient in the file's order, the step between its values in the low half and its
/// place in the high half, so that one look finds both. Further ones belong at the end.
#[derive(Clone)]
pub struct Steps([u32; 128]);

impl Steps {
    /// All steps are 1.
    pub const ONE: Self = Self::new(&[1; 64]);

    /// From steps in natural order. Sixteen bits are kept of what they multiply, as in
    /// libjpeg-turbo's vector code.
    pub const fn new(natural: &[u16; 64]) -> Self {
        let mut steps = [0; 128];
        let mut k = 0_usize;
        while k < 128 {
            let place = NATURAL[k];
            steps[k] = (place as u32) << 16 | natural[place as usize] as u32;
            k += 1;
        }
        Self(steps)
    }

    /// Puts the k-th coefficient in its place.
    #[inline(always)]
    fn put(&self, block: &mut Block, k: usize, value: i32) {
        let step = self.0[k & 127];
        block[(step >> 16) as usize & 63] = value.wrapping_mul(step as i32) as i16;
    }

    /// Puts the coefficients of a block times their steps; says whether there is more than the
    /// first.
    pub fn scale(&self, block: &Block, scaled: &mut Block) -> bool {
        for step in &self.0[..64] {
            let place = (step >> 16) as usize & 63;
            scaled[place] = block[place].wrapping_mul(*step as i16);
        }
        block[1..].iter().any(|coefficient| *coefficient != 0)
    }
}

/// The block's coefficient place, never beyond the last.
#[inline(always)]
fn natural(k: usize) -> usize {
    usize::from(NATURAL[k & 127] & 63)
}

/// Goes past a block without keeping its coefficients.
#[inline(always)]
pub fn pass_over(bits: &mut Bits<'_>, (dc, ac): (&Huffman, &Huffman)) -> Result<(), Refusal> {
    let mut k = 0_usize;
    if let Some((mut head, clean)) = bits.ahead() {
        head.top_up(clean);
        let entry = head.peek(dc);
        if entry.is_code() {
            head.consume(entry.bits());
            k = 1;
        }
        'block: while (1..64).contains(&k) {
            head.top_up(clean);
            // Two looked-up symbols fit into what a top-up leaves at hand.
            for _ in 0..2 {
                let entry = head.peek(ac);
                if !entry.is_code() {
                    break 'block;
                }
                head.consume(entry.bits());
                k = k.wrapping_add(entry.step());
                if k >= 64 {
                    break 'block;
                }
            }
        }
        bits.go_to(head);
    }
    if k == 0 {
        difference(bits, dc)?;
        k = 1;
    }
    if k < 64 {
        with_care(bits, k, ac, &Steps::ONE, &mut [0; 64])?;
    }
    Ok(())
}

/// Where in a block decoding goes on.
struct Start {
    difference: Option<i32>,
    /// The next coefficient in the file's order; at least 64 when the block is done.
    k: usize,
    has_more: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self { difference: None, k: 1, has_more: false }
    }
}

/// Decodes until the block is done or a code is longer than what is looked up. `clean` must hold
/// all that a block can take.
#[inline(always)]
fn without_care(
    mut head: Head,
    clean: &Clean,
    (dc, ac): (&Huffman, &Huffman),
    steps: &Steps,
    block: &mut Block,
) -> (Head, Start) {
    let mut start = Start::default();
    head.top_up(clean);
    let entry = head.peek(dc);
    if !entry.is_code() {
        return (head, start);
    }
    start.difference = Some(if entry.is_bare() { 0 } else { head.value_of(entry) });
    head.consume(entry.bits());
    let mut k = 1_usize;
    let mut has_more = false;
    'block: while k < 64 {
        head.top_up(clean);
        for _ in 0..2 {
            // Two looked-up symbols fit into what a top-up leaves at hand.
            let entry = head.peek(ac);
            if entry.is_bare() {
                if !entry.is_code() {
                    break 'block; // a long code
                }
                head.consume(entry.bits());
                k = k.wrapping_add(entry.step());
                continue 'block;
            }
            let value = head.value_of(entry);
            head.consume(entry.bits());
            k = k.wrapping_add(entry.step());
            steps.put(block, k.wrapping_sub(1), value);
            has_more = true;
            if k >= 64 {
                break 'block;
            }
        }
    }
    start.k = k;
    start.has_more = has_more;
    (head, start)
}

/// Decodes from coefficient `k` to the end of the block, looking out for the end of the data.
#[cold]
fn with_care(
    bits: &mut Bits<'_>,
    mut k: usize,
    ac: &Huffman,
    steps: &Steps,
    block: &mut Block,
) -> Result<bool, Refusal> {
    let mut has_more = false;
    while k < 64 {
        let symbol = bits.symbol(ac)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if size != 0 {
            k += run;
            steps.put(block, k, bits.take_signed(size)?);
            has_more = true;
            k += 1;
        } else if run == 15 {
            k += 16;
        } else {
            break;
        }
    }
    Ok(has_more)
}

/// By how much the first coefficient differs from the last block's.
fn difference(bits: &mut Bits<'_>, dc: &Huffman) -> Result<i32, Refusal> {
    let size = bits.symbol(dc)?;
    bits.take_signed(u32::from(size & 15))
}

impl Running {
    /// All coefficients of a block that was zero, times their steps. Says whether there is more
    /// than the first.
    #[inline(always)]
    pub fn sequential(
        &mut self,
        bits: &mut Bits<'_>,
        part: usize,
        tables: (&Huffman, &Huffman),
        steps: &Steps,
        block: &mut Block,
    ) -> Result<bool, Refusal> {
        let mut start = Start::default();
        if let Some((head, clean)) = bits.ahead() {
            let (head, next) = without_care(head, clean, tables, steps, block);
            bits.go_to(head);
            start = next;
        }
        let difference = match start.difference {
            Some(difference) => difference,
            None => difference(bits, tables.0)?,
        };
        self.dc[part] = self.dc[part].wrapping_add(difference);
        steps.put(block, 0, self.dc[part]);
        if start.k < 64 {
            start.has_more |= with_care(bits, start.k, tables.1, steps, block)?;
        }
        Ok(start.has_more)
    }

    /// The highest bits of the first coefficient.
    pub fn dc_first(
        &mut self,
        bits: &mut Bits<'_>,
        part: usize,
        dc: &Huffman,
        low: u32,
        block: &mut Block,
    ) -> Result<(), Refusal> {
        let difference = difference(bits, dc)?;
        self.dc[part] = self.dc[part].wrapping_add(difference);
        block[0] = self.dc[part].wrapping_shl(low) as i16;
        Ok(())
    }

    /// One more bit of the first coefficient.
    pub fn dc_refine(
        &mut self,
        bits: &mut Bits<'_>,
        low: u32,
        block: &mut Block,
    ) -> Result<(), Refusal> {
        if bits.take(1)? == 1 {
            block[0] |= 1 << low;
        }
        Ok(())
    }

    /// The highest bits of a band.
    pub fn ac_first(
        &mut self,
        bits: &mut Bits<'_>,
        ac: &Huffman,
        (first, last): (usize, usize),
        low: u32,
        block: &mut Block,
    ) -> Result<(), Refusal> {
        if self.empty_blocks > 0 {
            self.empty_blocks -= 1;
            return Ok(());
        }
        let mut k = first;
        while k <= last {
            let symbol = bits.symbol(ac)?;
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            if size != 0 {
                k += run as usize;
                block[natural(k)] = bits.take_signed(size)?.wrapping_shl(low) as i16;
                k += 1;
            } else if run == 15 {
                k += 16;
            } else {
                self.empty_blocks = (1 << run) + bits.take(run)? as u32 - 1;
                break;
            }
        }
        Ok(())
    }

    /// One more bit of a band.
    pub fn ac_refine(
        &mut self,
        bits: &mut Bits<'_>,
        ac: &Huffman,
        (first, last): (usize, usize),
        low: u32,
        block: &mut Block,
    ) -> Result<(), Refusal> {
        let mut k = first;
        while k <= last && self.empty_blocks == 0 {
            let symbol = bits.symbol(ac)?;
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            let mut zeros_to_skip = run;
            let mut fresh = 0_i16;
            if size != 0 {
                fresh = if bits.take(1)? == 1 { 1 << low } else { -1 << low };
            } else if run != 15 {
                self.empty_blocks = (1 << run) + bits.take(run)? as u32;
                break;
            }
            while k <= last {
                let coefficient = &mut block[natural(k)];
                if *coefficient != 0 {
                    refine(coefficient, bits, low)?;
                } else if zeros_to_skip == 0 {
                    break;
                } else {
                    zeros_to_skip -= 1;
                }
                k += 1;
            }
            if fresh != 0 {
                block[natural(k)] = fresh;
            }
            k += 1;
        }
        if self.empty_blocks > 0 {
            for k in k..=last {
                let coefficient = &mut block[natural(k)];
                if *coefficient != 0 {
                    refine(coefficient, bits, low)?;
                }
            }
            self.empty_blocks -= 1;
        }
        Ok(())
    }
}

/// Adds the next bit to a coefficient that is not zero.
fn refine(coefficient: &mut i16, bits: &mut Bits<'_>, low: u32) -> Result<(), Refusal> {
    if bits.take(1)? == 1 && *coefficient & (1 << low) == 0 {
        let step = 1 << low;
        *coefficient = coefficient.wrapping_add(if *coefficient >= 0 { step } else { -step });
    }
    Ok(())
}
