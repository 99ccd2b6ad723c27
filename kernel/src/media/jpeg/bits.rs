//! The bits of an entropy-coded segment, and Huffman codes.
//! It refuses to read past the end of the file; past a marker it reads zeros, as libjpeg does.

use crate::errors::Refusal;

/// Reads bits, high ones first, taking out stuffed zeros and stopping at markers.
pub struct Bits<'a> {
    data: &'a [u8],
    place: usize,
    buffer: u64,
    count: u32,
    marker: Option<u8>,
    is_starved: bool,
}

impl<'a> Bits<'a> {
    /// Starts at byte `place`.
    pub fn new(data: &'a [u8], place: usize) -> Self {
        Self { data, place, buffer: 0, count: 0, marker: None, is_starved: false }
    }

    /// Where the bytes after the segment start: at a marker's second byte if one was met.
    pub fn end(&self) -> (usize, Option<u8>) {
        (self.place, self.marker)
    }

    /// Whether zeros had to be made up since the last restart: libjpeg then leaves blocks empty.
    pub fn is_starved(&self) -> bool {
        self.is_starved
    }

    /// The next `n` bits, 0..=16.
    #[inline]
    pub fn take(&mut self, n: u32) -> Result<i32, Refusal> {
        if self.count < n {
            self.fill_for(n)?;
        }
        self.count -= n;
        Ok(((self.buffer >> self.count) & ((1 << n) - 1)) as i32)
    }

    /// The next `n` bits as a signed difference. Source: T.81, F.2.2.1 (EXTEND).
    #[inline]
    pub fn take_signed(&mut self, n: u32) -> Result<i32, Refusal> {
        if n == 0 {
            return Ok(0);
        }
        let value = self.take(n)?;
        Ok(if value < 1 << (n - 1) { value + 1 - (1 << n) } else { value })
    }

    /// The next symbol; an impossible code counts as symbol 0.
    #[inline]
    pub fn symbol(&mut self, table: &Huffman) -> Result<u8, Refusal> {
        if self.count < 16 {
            self.fill();
        }
        if self.count >= LOOKUP_BITS {
            let next = (self.buffer >> (self.count - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1);
            let found = table.lookup[next as usize];
            if found != 0 {
                self.count -= u32::from(found >> 8);
                return Ok(found as u8);
            }
        }
        self.long_symbol(table)
    }

    /// Forgets what is left of the segment and looks for the restart marker that is due.
    /// Source: T.81, F.2.1.3.1; libjpeg's way of finding its feet again.
    pub fn restart(&mut self, due: u8) -> Result<(), Refusal> {
        (self.buffer, self.count) = (0, 0);
        let mut marker = self.marker.take().map_or_else(|| self.next_marker(), Ok)?;
        loop {
            let ahead = marker.wrapping_sub(0xd0).wrapping_sub(due) & 7;
            match marker {
                0xd0..=0xd7 if matches!(ahead, 1 | 2) => self.marker = Some(marker), // ours is lost
                0xd0..=0xd7 if !matches!(ahead, 6 | 7) => self.is_starved = false,
                0xc0.. if !matches!(marker, 0xd0..=0xd7) => self.marker = Some(marker),
                _ => {
                    marker = self.next_marker()?; // an earlier one, or no marker at all
                    continue;
                }
            }
            return Ok(());
        }
    }

    /// Skips to the next marker and past it.
    pub fn next_marker(&mut self) -> Result<u8, Refusal> {
        loop {
            let rest = self.data.get(self.place..).ok_or(Refusal::Malformed)?;
            let skipped = rest.iter().position(|byte| *byte == 0xff).ok_or(Refusal::Malformed)?;
            let after = &rest[skipped..];
            let fills = after.iter().position(|byte| *byte != 0xff).ok_or(Refusal::Malformed)?;
            self.place += skipped + fills + 1;
            if after[fills] != 0 {
                return Ok(after[fills]);
            }
        }
    }

    fn long_symbol(&mut self, table: &Huffman) -> Result<u8, Refusal> {
        let mut code = 0;
        for length in 1..=16 {
            code = code << 1 | self.take(1)?;
            if code <= table.code_max[length] {
                let place = code + table.value_offset[length];
                return Ok(table.values[place as usize & 0xff]);
            }
        }
        self.take(1)?; // libjpeg notices after the seventeenth bit
        Ok(0)
    }

    fn fill_for(&mut self, n: u32) -> Result<(), Refusal> {
        self.fill();
        if self.count < n {
            if self.marker.is_none() {
                return Err(Refusal::Malformed); // the file ends here
            }
            self.is_starved = true;
            self.buffer <<= 32;
            self.count += 32;
        }
        Ok(())
    }

    #[inline]
    fn fill(&mut self) {
        if let Some(bytes) = self.data.get(self.place..).and_then(<[u8]>::first_chunk::<8>)
            && self.count <= 32
        {
            let word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            let has_ff = (!word).wrapping_sub(0x0101_0101) & word & 0x8080_8080 != 0;
            if !has_ff && self.marker.is_none() {
                self.buffer = self.buffer << 32 | u64::from(word);
                self.count += 32;
                self.place += 4;
                return;
            }
        }
        self.fill_bytewise();
    }

    fn fill_bytewise(&mut self) {
        while self.count <= 48 && self.marker.is_none() {
            let Some(byte) = self.data.get(self.place).copied() else {
                return;
            };
            self.place += 1;
            if byte == 0xff {
                let rest = &self.data[self.place..];
                let Some(fills) = rest.iter().position(|byte| *byte != 0xff) else {
                    self.place = self.data.len();
                    return;
                };
                self.place += fills + 1;
                if rest[fills] != 0 {
                    self.marker = Some(rest[fills]);
                    return;
                }
            }
            self.buffer = self.buffer << 8 | u64::from(byte);
            self.count += 8;
        }
    }
}

const LOOKUP_BITS: u32 = 9;

/// A Huffman table, ready for decoding.
#[derive(Clone)]
pub struct Huffman {
    /// Length and symbol of the code that the next bits start with; 0 if it is longer.
    lookup: Box<[u16; 1 << LOOKUP_BITS]>,
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
            lookup: Box::new([0; 1 << LOOKUP_BITS]),
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
                    let entry = (length as u16) << 8 | u16::from(symbol);
                    table.lookup[first..first + (1 << spare)].fill(entry);
                }
            }
            if *count > 0 {
                table.code_max[length as usize] = next - 1;
            }
            code = next << 1;
        }
        Ok(table)
    }

    /// Whether no symbol is above `limit`.
    pub fn symbols_within(&self, limit: u8) -> bool {
        self.values.iter().all(|symbol| *symbol <= limit)
    }
}
