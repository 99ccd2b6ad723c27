//! The index in memory: codes side by side, their ids beside them, and a map for exact copies.
//! It refuses two codes for one id: the later one replaces the earlier.

use super::CODE_BYTES;
use std::collections::{BTreeSet, HashMap};

/// 256 bits, as four words so that the distance is four exclusive-ors and population counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(align(32))]
pub struct Code([u64; 4]);

impl Code {
    /// From the bytes of a hash.
    pub fn from_bytes(bytes: &[u8; CODE_BYTES]) -> Self {
        let (words, _) = bytes.as_chunks::<8>();
        Self(std::array::from_fn(|i| u64::from_le_bytes(words[i])))
    }

    /// Back to the bytes of a hash.
    pub fn to_bytes(self) -> [u8; CODE_BYTES] {
        let mut bytes = [0; CODE_BYTES];
        for (chunk, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *chunk = word.to_le_bytes();
        }
        bytes
    }

    fn distance_bits(&self, other: &Self) -> u32 {
        let differing = |i: usize| (self.0[i] ^ other.0[i]).count_ones();
        differing(0) + differing(1) + differing(2) + differing(3)
    }
}

/// An entry within the radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Number of bits that differ. First, so that the order is by distance, then id.
    pub distance_bits: u32,
    /// Whose code.
    pub id: u64,
}

/// Codes with unique ids.
#[derive(Debug, Clone, Default)]
pub struct Index {
    codes: Vec<Code>,
    ids: Vec<u64>,
    place_of: HashMap<u64, usize>,
    ids_by_code: HashMap<Code, Holders>,
}

/// Who has one code. Most codes have one holder; a popular picture may have thousands.
#[derive(Debug, Clone)]
enum Holders {
    One(u64),
    Many(BTreeSet<u64>),
}

impl Index {
    /// Builds an index from codes and as many ids; `None` if an id comes twice.
    pub fn from_parts(codes: Vec<Code>, ids: Vec<u64>) -> Option<Self> {
        let mut index = Self {
            place_of: HashMap::with_capacity(ids.len()),
            ids_by_code: HashMap::with_capacity(ids.len()),
            ..Self::default()
        };
        for (place, (code, id)) in codes.iter().zip(&ids).enumerate() {
            if index.place_of.insert(*id, place).is_some() {
                return None;
            }
            index.hold(*code, *id);
        }
        index.codes = codes;
        index.ids = ids;
        Some(index)
    }

    /// All codes and, in the same order, all ids.
    pub fn parts(&self) -> (&[Code], &[u64]) {
        (&self.codes, &self.ids)
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is an entry with this id.
    pub fn contains(&self, id: u64) -> bool {
        self.place_of.contains_key(&id)
    }

    /// Adds an entry, or replaces the code of the one with the same id.
    pub fn insert(&mut self, code: Code, id: u64) {
        if let Some(place) = self.place_of.get(&id).copied() {
            let former = std::mem::replace(&mut self.codes[place], code);
            self.let_go(former, id);
        } else {
            self.place_of.insert(id, self.ids.len());
            self.codes.push(code);
            self.ids.push(id);
        }
        self.hold(code, id);
    }

    /// Takes an entry out; says whether it was there.
    pub fn remove(&mut self, id: u64) -> bool {
        let Some(place) = self.place_of.remove(&id) else {
            return false;
        };
        let code = self.codes.swap_remove(place);
        self.ids.swap_remove(place);
        if let Some(moved) = self.ids.get(place) {
            self.place_of.insert(*moved, place);
        }
        self.let_go(code, id);
        true
    }

    /// Every entry within the radius, nearest first, equally near ones by id.
    pub fn search(&self, code: &Code, distance_bits_max: u32) -> Vec<Near> {
        if distance_bits_max == 0 {
            return self.copies(code);
        }
        let mut found: Vec<Near> = self
            .codes
            .iter()
            .zip(&self.ids)
            .filter_map(|(candidate, id)| {
                let distance_bits = candidate.distance_bits(code);
                (distance_bits <= distance_bits_max).then_some(Near { distance_bits, id: *id })
            })
            .collect();
        found.sort_unstable();
        found
    }

    fn copies(&self, code: &Code) -> Vec<Near> {
        let near = |id: &u64| Near { distance_bits: 0, id: *id };
        match self.ids_by_code.get(code) {
            None => Vec::new(),
            Some(Holders::One(id)) => vec![near(id)],
            Some(Holders::Many(ids)) => ids.iter().map(near).collect(),
        }
    }

    fn hold(&mut self, code: Code, id: u64) {
        match self.ids_by_code.get_mut(&code) {
            None => {
                self.ids_by_code.insert(code, Holders::One(id));
            }
            Some(Holders::Many(ids)) => {
                ids.insert(id);
            }
            Some(one @ Holders::One(_)) => {
                if let Holders::One(first) = *one {
                    *one = Holders::Many(BTreeSet::from([first, id]));
                }
            }
        }
    }

    fn let_go(&mut self, code: Code, id: u64) {
        let is_last = match self.ids_by_code.get_mut(&code) {
            None => false,
            Some(Holders::One(only)) => *only == id,
            Some(Holders::Many(ids)) => {
                ids.remove(&id);
                ids.is_empty()
            }
        };
        if is_last {
            self.ids_by_code.remove(&code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bits: &[u32]) -> Code {
        let mut words = [0_u64; 4];
        for bit in bits {
            words[(bit / 64) as usize] |= 1 << (bit % 64);
        }
        Code(words)
    }

    fn found(index: &Index, code: &Code, radius: u32) -> Vec<(u64, u32)> {
        index.search(code, radius).iter().map(|near| (near.id, near.distance_bits)).collect()
    }

    #[test]
    fn results_come_by_distance_then_id_and_include_the_radius() {
        let mut index = Index::default();
        index.insert(code(&[1, 2]), 5);
        index.insert(code(&[200]), 9);
        index.insert(code(&[]), 7);
        index.insert(code(&[]), 2);
        assert_eq!(found(&index, &code(&[]), 1), [(2, 0), (7, 0), (9, 1)]);
        assert_eq!(found(&index, &code(&[]), 2), [(2, 0), (7, 0), (9, 1), (5, 2)]);
        assert_eq!(found(&index, &code(&[]), 0), [(2, 0), (7, 0)]);
    }

    #[test]
    fn replacing_and_removing_leave_nothing_behind() {
        let mut index = Index::default();
        for id in 0..10 {
            index.insert(code(&[0]), id);
        }
        index.insert(code(&[1]), 4);
        assert_eq!(index.len(), 10);
        assert_eq!(found(&index, &code(&[1]), 0), [(4, 0)]);
        for id in 0..10 {
            assert!(index.remove(id));
            assert!(!index.remove(id));
        }
        assert_eq!((index.len(), index.ids_by_code.len(), index.place_of.len()), (0, 0, 0));
    }

    #[test]
    fn ids_that_come_twice_are_refused() {
        assert!(Index::from_parts(vec![code(&[]), code(&[1])], vec![3, 3]).is_none());
    }

    #[test]
    fn bytes_come_back_as_they_went_in() {
        let bytes = std::array::from_fn(|i| i as u8);
        assert_eq!(Code::from_bytes(&bytes).to_bytes(), bytes);
    }
}
