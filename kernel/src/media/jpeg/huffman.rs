//! Huffman codes, looked up together with what follows them.
//! It refuses code lengths that leave no room for the codes.

use crate::errors::Refusal;

/// Bits looked up at once. Longer codes are rare, and tables should stay in the nearest cache.
pub const LOOKUP_BITS: u32 = 10;

/// What bits starting with a code mean: the code's length, run and size, and where it all ends.
#[derive(Clone, Copy, Default)]
pub struct Entry(u32);

impl Entry {
    fn new(code_bits: u32, symbol: u8) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        Self(code_bits | size << 5 | run << 9 | (code_bits + size) << 13)
    }

    /// Whether the code is short enough to be found here.
    #[inline(always)]
    pub fn is_code(self) -> bool {
        self.0 != 0
    }

    /// Bits of the code.
    #[inline(always)]
    pub fn code_bits(self) -> u32 {
        self.0 & 31
    }

    /// Bits of the value after it.
    #[inline(always)]
    pub fn size(self) -> u32 {
        (self.0 >> 5) & 15
    }

    /// Zeros before the value.
    #[inline(always)]
    pub fn run(self) -> usize {
        ((self.0 >> 9) & 15) as usize
    }

    /// Bits of code and value.
    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0 >> 13
    }

    /// Run and size in one byte, as the file has them.
    pub fn symbol(self) -> u8 {
        ((self.0 >> 9) as u8 & 15) << 4 | (self.0 >> 5) as u8 & 15
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
            lookup: Box::new([Entry::default(); 1 << LOOKUP_BITS]),
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

    /// Whether no symbol is above `limit`.
    pub fn symbols_within(&self, limit: u8) -> bool {
        self.values.iter().all(|symbol| *symbol <= limit)
    }
}
