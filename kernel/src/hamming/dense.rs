//! Dense rows: those that share frequent keys with many others and lie in no crowd, as far from one another as any.
//! It refuses to find fewer for being exact: rows may be dense or not, every answer is the same.
//!
//! Where codes are alike in some of their parts, a look-up nearby finds thousands of places under some keys. They are
//! the dense rows, which lie behind the ordinary ones in a segment and so come last under every key of its tables. What
//! the tables give up is looked up among ordinary rows alone, of which few lie under any key, and dense rows are
//! scanned. And if most are alike in the same parts, those stand in a ring of their own: the tags of the others, which
//! tell codes apart, are then parts that do so too.

use super::Code;
use super::frequent::Frequent;
use super::layout::PARTS;
use super::plan::{Following, ONE_RING};

/// Only the densest so many of all rows are dense, unless more are equally so: they are scanned when tables give up.
const DENSE_SHARE: usize = 8;
/// In rings of fewer parts a tag says too little.
const RING_MIN: usize = 2;

/// Rows that are dense, and how parts follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dense {
    /// Ascending.
    pub rows: Vec<u32>,
    /// The rings.
    pub following: Following,
}

impl Dense {
    /// None are.
    pub fn none() -> Self {
        Self { rows: Vec::new(), following: ONE_RING }
    }

    /// The dense ones of these rows, which ascend; `code` gives the code of one.
    pub fn among<'a>(rows: &[u32], code: impl Fn(u32) -> &'a Code) -> Self {
        let Some(frequent) = Frequent::among(rows.len(), |place| code(rows[place])) else {
            return Self::none();
        };
        let digits = |row: &u32| frequent.digits(code(*row));
        let most: Vec<u8> =
            rows.iter().map(|row| digits(row).into_iter().max().unwrap_or(0)).collect();
        let least = least_digits(&most);
        let is_dense = |one: &(&u32, &u8)| *one.1 >= least;
        let dense: Vec<u32> = rows.iter().zip(&most).filter(is_dense).map(|one| *one.0).collect();
        let mut alike = [0; PARTS];
        for row in &dense {
            let digits = digits(row);
            alike
                .iter_mut()
                .zip(digits)
                .for_each(|(alike, one)| *alike += usize::from(one >= least));
        }
        Self { following: rings(alike.map(|alike| alike > dense.len() / 2)), rows: dense }
    }
}

/// How often the most frequent key of a row has to come for the row to be dense.
fn least_digits(most: &[u8]) -> u8 {
    let mut rows = [0_usize; u32::BITS as usize + 1];
    most.iter().for_each(|digits| rows[usize::from(*digits)] += 1);
    let mut dense = 0;
    let is_enough = |digits: &u8| {
        let before = dense;
        dense += rows[usize::from(*digits)];
        before > 0 && dense > most.len() / DENSE_SHARE
    };
    (1..=u32::BITS as u8).rev().find(is_enough).map_or(1, |digits| digits + 1)
}

/// One ring of the parts that are alike and one of the others, or one of all.
fn rings(is_alike: [bool; PARTS]) -> Following {
    let of_kind = |kind: bool| (0..PARTS).filter(|part| is_alike[*part] == kind).collect();
    let rings: [Vec<usize>; 2] = [true, false].map(of_kind);
    let mut following = ONE_RING;
    if rings.iter().all(|ring| ring.len() >= RING_MIN) {
        for ring in &rings {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).for_each(|(part, next)| following[*part] = *next as u8);
        }
    }
    following
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 12,000 codes anywhere, of which those that `alike` chooses have a common value in the parts that it gives.
    fn codes(alike: impl Fn(usize) -> Vec<usize>) -> Vec<Code> {
        let mut state = 5_u64;
        let mut codes: Vec<Code> = Vec::new();
        for place in 0..12_000 {
            let mut code: Code = std::array::from_fn(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 40) as u8
            });
            alike(place).into_iter().for_each(|part| code[part * 2..part * 2 + 2].fill(7));
            codes.push(code);
        }
        codes
    }

    fn dense(codes: &[Code]) -> Dense {
        // Not all rows: as if some lay in crowds.
        let rows: Vec<u32> = (0..codes.len() as u32).filter(|row| row % 5 > 0).collect();
        Dense::among(&rows, |row| &codes[row as usize])
    }

    #[test]
    fn rows_that_share_keys_are_dense_and_no_others() {
        let found = dense(&codes(|place| if place % 3 == 0 { vec![place % 4] } else { vec![] }));
        let expected: Vec<u32> = (0..12_000).filter(|row| row % 5 > 0 && row % 3 == 0).collect();
        assert_eq!(found, Dense { rows: expected, following: ONE_RING });
        assert_eq!(dense(&codes(|_| vec![])), Dense::none());
        assert_eq!(dense(&[]), Dense::none());
    }

    #[test]
    fn of_many_that_are_dense_the_densest_are_taken() {
        let found = dense(&codes(|place| match place % 10 {
            0..2 => vec![3],
            2..9 => vec![4 + place / 10 % 12],
            _ => vec![],
        }));
        let expected: Vec<u32> = (0..12_000).filter(|row| row % 5 > 0 && row % 10 < 2).collect();
        assert_eq!(found.rows, expected);
    }

    #[test]
    fn parts_that_are_alike_follow_one_another_and_so_do_the_others() {
        let evens: Vec<usize> = (0..PARTS).step_by(2).collect();
        let found = dense(&codes(|place| if place % 3 == 0 { evens.clone() } else { vec![] }));
        let expected: Following = std::array::from_fn(|part| (part as u8 + 2) % 16);
        assert_eq!(found.following, expected);
        let found = dense(&codes(|place| if place % 3 == 0 { vec![9] } else { vec![] }));
        assert_eq!(found.following, ONE_RING); // a tag beside the key itself would say nothing
    }
}
