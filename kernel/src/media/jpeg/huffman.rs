//! Huffman codes, looked up together with what follows them.
//! It refuses code lengths that leave no room for the codes.

use crate::errors::Refusal;

/// Bits looked up at once. Longer codes are rare, and tables should stay in the nearest cache.
pub const LOOKUP_BITS: u32 = 10;

/// What bits starting with a code mean. In bytes, lowest first: bits of code and value; bits of the
/// code; 64 less the bits of the value; coefficients of a block that are then behind.
#[derive(Clone, Copy)]
pub struct Entry(u32);

impl Entry {
    /// For bits that start with a longer code.
    const NONE: Self = Self(64 << 16);

    fn new(code_bits: u32, symbol: u8) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        let step = match (run, size) {
            (_, 1..) => run + 1,
            (15, 0) => 16,
            _ => 64, // nothing more in the block
        };
        Self((code_bits + size) | code_bits << 8 | (64 - size) << 16 | step << 24)
    }

    /// Whether the code is short enough to be found here.
    #[inline(always)]
    pub fn is_code(self) -> bool {
        self.bits() != 0
    }

    /// Whether no value follows, or the code was not found.
    #[inline(always)]
    pub fn is_bare(self) -> bool {
        self.0 & (64 << 16) != 0
    }

    /// Bits of code and value.
    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0 & 255
    }

    /// Bits of the code.
    #[inline(always)]
    pub fn code_bits(self) -> u32 {
        (self.0 >> 8) & 63
    }

    /// 64 less the bits of the value; 0 if there are none.
    #[inline(always)]
    pub fn value_shift(self) -> u32 {
        (self.0 >> 16) & 63
    }

    /// How many coefficients of a block are then behind.
    #[inline(always)]
    pub fn step(self) -> usize {
        (self.0 >> 24) as usize
    }
}

/// A Huffman table, ready for decoding.
#[derive(Clone)]
pub struct Huffman {
    /// What the next bits start with; not a code if it is longer.
    pub lookup: Box<[Entry; 1 << LOOKUP_BITS]>,
    /// Largest code of each length, -1 if there is none.
    code_max: [i32; 17],
    /// From a code of a length to its place among the values.
    value_offset: [i32; 17],
    values: Box<[u8; 256]>,
}

impl Huffman {
    /// From the number of codes of each length 1..=16, and their symbols. Source: T.81, annex C.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, Refusal> {
        let mut table = Self {
            lookup: Box::new([Entry::NONE; 1 << LOOKUP_BITS]),
            code_max: [-1; 17],
            value_offset: [0; 17],
            values: Box::new([0; 256]),
        };
        let (mut code, mut place) = (0_i32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            let next = code + i32::from(*count);
            if next > 1 << length {
                return Err(Refusal::Malformed); // more codes than there is room for
            }
            table.value_offset[length as usize] = place as i32 - code;
            for code in code..next {
                let symbol = *symbols.get(place).ok_or(Refusal::Malformed)?;
                *table.values.get_mut(place).ok_or(Refusal::Malformed)? = symbol;
                place += 1;
                if length <= LOOKUP_BITS {
                    let spare = LOOKUP_BITS - length;
                    let first = (code as usize) << spare;
                    table.lookup[first..first + (1 << spare)].fill(Entry::new(length, symbol));
                }
            }
            if *count > 0 {
                table.code_max[length as usize] = next - 1;
            }
            code = next << 1;
        }
        Ok(table)
    }

    /// The symbol of a code of that length, 1..=16, if it is one.
    pub fn symbol_of(&self, code: i32, length: usize) -> Option<u8> {
        let place = code + self.value_offset[length];
        (code <= self.code_max[length]).then(|| self.values[place as usize & 0xff])
    }

    /// The symbol of the code that sixteen bits start with, and its length, if it is one.
    pub fn symbol_in(&self, bits: u64) -> Option<(u8, u32)> {
        (1..=16_u32).find_map(|length| {
            let symbol = self.symbol_of((bits >> (16 - length)) as i32, length as usize);
            symbol.map(|symbol| (symbol, length))
        })
    }

    /// Whether no symbol is above `limit`.
    pub fn symbols_within(&self, limit: u8) -> bool {
        self.values.iter().all(|symbol| *symbol <= limit)
    }
}
