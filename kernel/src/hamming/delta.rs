//! What came since the last merge: a few entries, changed in place and scanned.
//! It refuses two entries with one id: the later one replaces the earlier.

use super::build::Entry;
use super::{CODE_BYTES, Code};
use crate::simd::hamming::{Half, halves};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Entries in no order.
#[derive(Debug, Default)]
pub struct Delta {
    heads: Vec<Half>,
    tails: Vec<Half>,
    holders: Vec<Holder>,
    place_of: HashMap<u64, u32, BuildHasherDefault<Spread>>,
}

/// Spreads ids, which are counted up by the database and come from nobody outside.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Who holds the code at the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The entry's id.
    pub id: u64,
    /// Its bank.
    pub bank: u32,
    /// Whether it may be found.
    pub enabled: bool,
}

impl Delta {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.holders.len()
    }

    /// Bytes it takes, roughly.
    pub fn bytes(&self) -> usize {
        self.holders.capacity() * (CODE_BYTES + size_of::<Holder>())
            + self.place_of.capacity() * (size_of::<(u64, u32)>() + 1)
    }

    /// Adds an entry whose id is not there.
    pub fn push(&mut self, entry: &Entry) {
        let (head, tail) = halves(&entry.code);
        self.place_of.insert(entry.id, self.holders.len() as u32);
        self.heads.push(head);
        self.tails.push(tail);
        self.holders.push(Holder { id: entry.id, bank: entry.bank, enabled: entry.enabled });
    }

    /// Takes an entry out; says whether it was there.
    pub fn remove(&mut self, id: u64) -> bool {
        let Some(place) = self.place_of.remove(&id) else {
            return false;
        };
        let at = place as usize;
        self.heads.swap_remove(at);
        self.tails.swap_remove(at);
        self.holders.swap_remove(at);
        if let Some(moved) = self.holders.get(at) {
            self.place_of.insert(moved.id, place);
        }
        true
    }

    /// Lets an entry be found, or not; says whether it is there.
    pub fn set_enabled(&mut self, id: u64, enabled: bool) -> bool {
        let Some(place) = self.place_of.get(&id) else {
            return false;
        };
        self.holders[*place as usize].enabled = enabled;
        true
    }

    /// The holder with this id.
    pub fn get(&self, id: u64) -> Option<&Holder> {
        self.place_of.get(&id).map(|place| &self.holders[*place as usize])
    }

    /// The halves of all codes, in the order of `holders`.
    pub fn halves(&self) -> (&[Half], &[Half]) {
        (&self.heads, &self.tails)
    }

    /// All holders.
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let codes = self.heads.iter().zip(&self.tails);
        codes.zip(&self.holders).map(|((head, tail), holder)| {
            let mut code: Code = [0; CODE_BYTES];
            code[..16].copy_from_slice(head);
            code[16..].copy_from_slice(tail);
            Entry { id: holder.id, code, bank: holder.bank, enabled: holder.enabled }
        })
    }
}
