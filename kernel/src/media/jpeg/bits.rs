//! The bits of an entropy-coded segment.
//! It refuses to read past the end of the file; past a marker it reads zeros, as libjpeg does.

use super::huffman::{Entry, Huffman, LOOKUP_BITS};
use crate::errors::Refusal;

/// Reads bits, high ones first, taking out stuffed zeros and stopping at markers.
pub struct Bits<'a> {
    data: &'a [u8],
    /// Of the bytes that were not looked at yet.
    place: usize,
    marker: Option<u8>,
    is_starved: bool,
    /// Bytes without what was stuffed between them.
    clean: Box<Clean>,
    clean_end: usize,
    head: Head,
}

/// The place of reading; small, so that it stays in registers while a block is decoded.
#[derive(Clone, Copy, Default)]
pub struct Head {
    /// The next bits, from the highest on. Below `count` of them stand zeros or bits to come.
    buffer: u64,
    count: u32,
    /// Of the next clean byte.
    place: usize,
}

/// A power of two.
const CLEAN_BYTES: usize = 4096;

/// Eight bytes more, so that eight can be read at any place.
pub type Clean = [u8; CLEAN_BYTES + 8];

impl Head {
    /// Takes in as many clean bytes as there is room for; then at least 56 bits are at hand, if
    /// that many are clean.
    #[inline(always)]
    pub fn top_up(&mut self, clean: &Clean) {
        let place = self.place & (CLEAN_BYTES - 1);
        let Some(bytes) = clean[place..].first_chunk::<8>() else {
            return; // never: `Clean` has eight bytes more
        };
        self.buffer |= u64::from_be_bytes(*bytes) >> (self.count & 63);
        let taken = (63_u32.wrapping_sub(self.count) & 63) >> 3;
        self.place = place.wrapping_add(taken as usize);
        self.count = self.count.wrapping_add(taken << 3);
    }

    /// What the next bits mean.
    #[inline(always)]
    pub fn peek(&self, table: &Huffman) -> Entry {
        table.lookup[(self.buffer >> (64 - LOOKUP_BITS)) as usize]
    }

    /// The signed difference that a looked-up symbol ends with; nothing useful if it is bare.
    /// Source: T.81, F.2.2.1 (EXTEND).
    #[inline(always)]
    pub fn value_of(&self, entry: Entry) -> i32 {
        let bits = self.buffer << entry.code_bits();
        // A first bit of 0 says that the value is negative and its bits are turned round.
        let turn = !((bits as i64) >> 63);
        let size = ((bits ^ turn as u64) >> entry.value_shift()) as i32;
        (size ^ turn as i32).wrapping_sub(turn as i32)
    }

    /// Goes past bits that were looked at.
    #[inline(always)]
    pub fn consume(&mut self, bits: u32) {
        self.buffer <<= bits & 63;
        self.count = self.count.wrapping_sub(bits);
    }
}

impl<'a> Bits<'a> {
    /// Starts at byte `place`.
    pub fn new(data: &'a [u8], place: usize) -> Self {
        Self {
            data,
            place,
            marker: None,
            is_starved: false,
            clean: Box::new([0; CLEAN_BYTES + 8]),
            clean_end: 0,
            head: Head::default(),
        }
    }

    /// Where the bytes after the segment start: at a marker's second byte if one was met. The
    /// segment is over: bits that were not taken yet are lost.
    pub fn end(&self) -> (usize, Option<u8>) {
        (self.place, self.marker)
    }

    /// Whether zeros had to be made up since the last restart: libjpeg then leaves blocks empty.
    pub fn is_starved(&self) -> bool {
        self.is_starved
    }

    /// The place of reading and the clean bytes, once there are eight of them; `None` near the end
    /// of the segment, where bits have to be taken with care.
    #[inline(always)]
    pub fn ahead(&mut self) -> Option<(Head, &Clean)> {
        if self.clean_end.wrapping_sub(self.head.place) < FREE_BYTES && !self.clean_more() {
            return None;
        }
        Some((self.head, &self.clean))
    }

    /// Goes on from a place of reading that `ahead` gave.
    #[inline(always)]
    pub fn go_to(&mut self, head: Head) {
        self.head = head;
    }

    /// The next `n` bits, 0..=16.
    #[inline]
    pub fn take(&mut self, n: u32) -> Result<i32, Refusal> {
        if self.head.count < n {
            self.fill_for(n)?;
        }
        let value = ((self.head.buffer >> 1) >> (63 - n)) as i32;
        self.head.consume(n);
        Ok(value)
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
        if self.head.count < 16 {
            self.refill();
        }
        if self.head.count >= 16
            && let Some((symbol, length)) = table.symbol_in(self.head.buffer >> 48)
        {
            self.head.consume(length);
            return Ok(symbol);
        }
        self.long_symbol(table)
    }

    /// Forgets what is left of the segment and looks for the restart marker that is due.
    /// Source: T.81, F.2.1.3.1; libjpeg's way of finding its feet again.
    pub fn restart(&mut self, due: u8) -> Result<(), Refusal> {
        (self.head, self.clean_end) = (Head::default(), 0);
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

    /// A symbol bit by bit, when the bits may run out or there is no such code.
    #[cold]
    fn long_symbol(&mut self, table: &Huffman) -> Result<u8, Refusal> {
        let mut code = 0;
        for length in 1..=16 {
            code = code << 1 | self.take(1)?;
            if let Some(symbol) = table.symbol_of(code, length) {
                return Ok(symbol);
            }
        }
        self.take(1)?; // libjpeg notices after the seventeenth bit
        Ok(0)
    }

    #[cold]
    fn fill_for(&mut self, n: u32) -> Result<(), Refusal> {
        self.refill();
        if self.head.count < n {
            if self.marker.is_none() {
                return Err(Refusal::Malformed); // the file ends here
            }
            self.is_starved = true;
            self.head.count += 32; // the buffer has zeros there
        }
        Ok(())
    }

    fn refill(&mut self) {
        if self.clean_end - self.head.place < FREE_BYTES {
            self.clean_more();
        }
        while self.head.count <= 56 && self.head.place < self.clean_end {
            let byte = u64::from(self.clean[self.head.place]);
            self.head.buffer |= byte << (56 - self.head.count);
            self.head.count += 8;
            self.head.place += 1;
        }
    }

    /// Takes out stuffed zeros until the clean bytes fill their place or a marker comes; says
    /// whether at least `FREE_BYTES` are there now.
    #[inline(never)]
    fn clean_more(&mut self) -> bool {
        self.clean.copy_within(self.head.place..self.clean_end, 0);
        (self.clean_end, self.head.place) = (self.clean_end - self.head.place, 0);
        while self.marker.is_none() && self.clean_end < CLEAN_BYTES {
            let room = CLEAN_BYTES - self.clean_end;
            let rest = self.data.get(self.place..).unwrap_or_default();
            let rest = &rest[..rest.len().min(room)];
            if rest.is_empty() {
                break;
            }
            let plain = rest.iter().position(|byte| *byte == 0xff).unwrap_or(rest.len());
            self.clean[self.clean_end..][..plain].copy_from_slice(&rest[..plain]);
            self.clean_end += plain;
            self.place += plain;
            if plain < rest.len() {
                self.clean_special();
            }
        }
        self.clean_end >= FREE_BYTES
    }

    /// At a 0xff: a stuffed zero makes it a byte like others, anything else a marker.
    fn clean_special(&mut self) {
        let rest = &self.data[self.place..];
        let Some(fills) = rest.iter().position(|byte| *byte != 0xff) else {
            self.place = self.data.len(); // the file ends within a marker
            return;
        };
        self.place += fills + 1;
        if rest[fills] == 0 {
            self.clean[self.clean_end] = 0xff;
            self.clean_end += 1;
        } else {
            self.marker = Some(rest[fills]);
        }
    }
}

/// Clean bytes that must be ahead where bits are taken without care: a block of 64 symbols of 31
/// bits takes less.
const FREE_BYTES: usize = 256 + 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits of `data` as if there were all the time in the world.
    fn bits_of(data: &[u8]) -> Vec<u8> {
        let mut bits = Vec::new();
        let mut place = 0;
        while let Some(byte) = data.get(place).copied() {
            place += 1;
            if byte == 0xff {
                while data.get(place) == Some(&0xff) {
                    place += 1;
                }
                match data.get(place) {
                    Some(0) => place += 1,
                    _ => break,
                }
            }
            bits.extend((0..8).rev().map(|bit| byte >> bit & 1));
        }
        bits
    }

    #[test]
    fn bits_come_in_order_with_care_and_without_across_stuffed_bytes_and_pieces() {
        let mut state = 9_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let mut data = Vec::new();
        while data.len() < 3 * CLEAN_BYTES {
            match random() {
                byte @ 0..=250 => data.push(byte),
                251..=253 => data.extend([0xff, 0]),
                _ => data.extend([0xff, 0xff, 0xff, 0]),
            }
        }
        data.extend([0xff, 0xd9, 0x55]);
        let wanted = bits_of(&data);
        let mut bits = Bits::new(&data, 0);
        let mut place = 0;
        for turn in 0.. {
            let n = u32::from(random() % 17);
            if place + n as usize > wanted.len() {
                break;
            }
            let expected =
                wanted[place..][..n as usize].iter().fold(0, |v, bit| v << 1 | i32::from(*bit));
            let found = match bits.ahead() {
                Some((mut head, clean)) if turn % 3 != 0 => {
                    head.top_up(clean);
                    let value = ((head.buffer >> 1) >> (63 - n)) as i32;
                    head.consume(n);
                    bits.go_to(head);
                    value
                }
                _ => bits.take(n).unwrap_or(-1),
            };
            assert_eq!(found, expected, "bit {place}");
            place += n as usize;
        }
        assert_eq!(bits.end(), (data.len() - 1, Some(0xd9)));
        assert!(!bits.is_starved());
        for _ in 0..4 {
            assert!(bits.take(16).is_ok());
        }
        assert!(bits.is_starved());
    }
}
