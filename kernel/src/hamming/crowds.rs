//! Finding crowds: many codes near one another, which lie together in a segment and have no tables.
//! It refuses to look long: a crowd that is missed is searched by the tables, slower and as exactly.
//!
//! Where thousands of codes are alike, so are their parts; a look-up nearby would find thousands of places under
//! every key. A crowd has a pivot, one of its own codes, and a reach, the greatest distance from it. What is within
//! a radius of a query lies only in crowds whose pivot is within radius plus reach (the triangle inequality); those
//! few are scanned from end to end, all others are left alone. What is alike in some parts only is left to `dense`.

use super::Code;
use super::frequent::Frequent;
use super::layout::{KEYS, PARTS};
use super::probe::parts_of;
use crate::simd::hamming::{half_distance_bits, halves};

/// Fewer alike are left to the tables.
const MEMBERS_MIN: usize = 256;
/// A code joins a crowd up to this distance from its pivot. With a radius of 31 a code of random bits is all but
/// never near enough to have to look into the crowd.
pub const REACH_BITS_MAX: u32 = 64;
/// Up to so many that may be in crowds, any pivot will do: a query may have to look into all of their crowds, which their
/// columns make quick.
const ANYWHERE_MAX: usize = 1 << 20;
/// Of more, a pivot has to be in the middle: of those that share keys with it and are not so far, so many times as many
/// are near enough as are not.
const FAR_BITS: u32 = 96;
const NEARER_TIMES: usize = 3;
/// So many are asked for that, and if it holds for them then so many.
const ASKED: [usize; 2] = [64, 256];
/// In so many parts a code has to have a frequent key before a crowd is looked for around it.
const FREQUENT_PARTS: usize = 4;
/// Looking for crowds ends when it has compared so many codes for each that may be in one, with pivots anywhere and in
/// the middle.
const LOOKS_A_CODE: [usize; 2] = [64, 8];

/// Codes by their places among those that were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crowd {
    /// One of them, in the middle or not.
    pub pivot: u32,
    /// The greatest distance of one of them from the pivot.
    pub reach_bits: u32,
    /// All of them, ascending.
    pub members: Vec<u32>,
}

/// The crowds among codes; none share a member. `code` gives one of `count` by its place.
pub fn crowds<'a>(count: usize, code: impl Fn(usize) -> &'a Code) -> Vec<Crowd> {
    crowds_around(ANYWHERE_MAX, count, code)
}

fn crowds_around<'a>(
    anywhere_max: usize,
    count: usize,
    code: impl Fn(usize) -> &'a Code,
) -> Vec<Crowd> {
    if count < MEMBERS_MIN {
        return Vec::new();
    }
    let candidates = candidates(count, &code);
    if candidates.len() < MEMBERS_MIN {
        return Vec::new();
    }
    let codes: Vec<Code> = candidates.iter().map(|place| *code(*place as usize)).collect();
    let mut search = Search::new(&codes, codes.len() > anywhere_max);
    let mut found = Vec::new();
    for pivot in 0..codes.len() as u32 {
        if search.looks_left == 0 {
            break;
        }
        if let Some(crowd) = search.around(pivot) {
            let members = crowd.members.iter().map(|one| candidates[*one as usize]).collect();
            found.push(Crowd { pivot: candidates[pivot as usize], members, ..crowd });
        }
    }
    found
}

/// Codes that share frequent keys with others, ascending.
fn candidates<'a>(count: usize, code: &impl Fn(usize) -> &'a Code) -> Vec<u32> {
    let Some(frequent) = Frequent::among(count, code) else {
        return Vec::new();
    };
    let frequent_parts = |place: &u32| {
        let digits = frequent.digits(code(*place as usize));
        digits.into_iter().filter(|digits| *digits > 0).count()
    };
    (0..count as u32).filter(|place| frequent_parts(place) >= FREQUENT_PARTS).collect()
}

/// Codes by their keys, from which those go that are taken.
struct Search<'a> {
    codes: &'a [Code],
    /// For each part: where the places of each key start, and how many are left of them.
    runs: Vec<Vec<(u32, u32)>>,
    places: Vec<Vec<u32>>,
    is_taken: Vec<bool>,
    /// Whether pivots have to be in the middle.
    is_strict: bool,
    looks_left: usize,
}

impl<'a> Search<'a> {
    fn new(codes: &'a [Code], is_strict: bool) -> Self {
        let (mut runs, mut places) = (Vec::new(), Vec::new());
        for part in 0..PARTS {
            let (runs_of_part, places_of_part) = by_key(codes, part);
            runs.push(runs_of_part);
            places.push(places_of_part);
        }
        let is_taken = vec![false; codes.len()];
        let looks_left = codes.len() * LOOKS_A_CODE[usize::from(is_strict)];
        Self { codes, runs, places, is_taken, is_strict, looks_left }
    }

    /// The codes near this one that share a key with it, unless they are few; either way they are taken.
    fn around(&mut self, pivot: u32) -> Option<Crowd> {
        let is_taken = self.is_taken[pivot as usize];
        if is_taken || self.is_strict && !ASKED.iter().all(|n| self.is_in_the_middle(pivot, *n)) {
            return None;
        }
        let code = &self.codes[pivot as usize];
        let (mut members, mut reach_bits) = (Vec::new(), 0);
        for (part, key) in parts_of(code).into_iter().enumerate() {
            let (start, left) = &mut self.runs[part][usize::from(key)];
            let run = &mut self.places[part][*start as usize..(*start + *left) as usize];
            let mut kept = 0;
            for look in 0..run.len() {
                let other = run[look];
                if self.is_taken[other as usize] {
                    continue;
                }
                self.looks_left = self.looks_left.saturating_sub(1);
                let distance_bits = distance_bits(code, &self.codes[other as usize]);
                if distance_bits <= REACH_BITS_MAX {
                    self.is_taken[other as usize] = true;
                    reach_bits = reach_bits.max(distance_bits);
                    members.push(other);
                } else {
                    run[kept] = other;
                    kept += 1;
                }
            }
            *left = kept as u32;
        }
        members.sort_unstable();
        (members.len() >= MEMBERS_MIN).then_some(Crowd { pivot, reach_bits, members })
    }

    /// Whether of the codes that share keys with this one most are near enough for a crowd, judged from some of them.
    fn is_in_the_middle(&mut self, pivot: u32, asked: usize) -> bool {
        let code = &self.codes[pivot as usize];
        let runs: [&[u32]; PARTS] = std::array::from_fn(|part| {
            let (start, left) = self.runs[part][usize::from(parts_of(code)[part])];
            &self.places[part][start as usize..(start + left) as usize]
        });
        let step = runs.iter().map(|run| run.len()).sum::<usize>().div_ceil(asked);
        let (mut nearer, mut farther, mut next) = (0, 0, 0);
        for run in runs {
            while let Some(other) = run.get(next) {
                self.looks_left = self.looks_left.saturating_sub(1);
                let distance_bits = distance_bits(code, &self.codes[*other as usize]);
                if !self.is_taken[*other as usize] && distance_bits < FAR_BITS {
                    let side =
                        if distance_bits <= REACH_BITS_MAX { &mut nearer } else { &mut farther };
                    *side += 1;
                }
                next += step;
            }
            next -= run.len();
        }
        nearer > farther * NEARER_TIMES
    }
}

/// Places by the value of one part, with where each value's start and how many there are.
fn by_key(codes: &[Code], part: usize) -> (Vec<(u32, u32)>, Vec<u32>) {
    let keys = || codes.iter().map(|code| usize::from(parts_of(code)[part]));
    let mut runs = vec![(0_u32, 0_u32); KEYS];
    keys().for_each(|key| runs[key].1 += 1);
    let mut next = 0;
    for (start, count) in &mut runs {
        *start = next;
        next += std::mem::take(count);
    }
    let mut places = vec![0; codes.len()];
    for (place, key) in (0..).zip(keys()) {
        let (start, count) = &mut runs[key];
        places[(*start + *count) as usize] = place;
        *count += 1;
    }
    (runs, places)
}

fn distance_bits(left: &Code, right: &Code) -> u32 {
    let (left, right) = (halves(left), halves(right));
    half_distance_bits(&left.0, &right.0) + half_distance_bits(&left.1, &right.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(centre: &Code, flips: usize, state: &mut u64) -> Code {
        let mut code = *centre;
        for _ in 0..flips {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let bit = (*state >> 40) as usize % 256;
            code[bit / 8] ^= 1 << (bit % 8);
        }
        code
    }

    #[test]
    fn crowds_are_found_among_others_and_hold_what_they_say() {
        let mut state = 7;
        let centres: [Code; 3] = [[0; 32], [0xFF; 32], [0x5A; 32]];
        let codes: Vec<Code> = (0..6000)
            .map(|i| match i % 6 {
                alike @ 0..3 => near(&centres[alike], i % 20, &mut state),
                _ => near(&centres[0], 400, &mut state),
            })
            .collect();
        let found = crowds(codes.len(), |place| &codes[place]);
        let members: usize = found.iter().map(|crowd| crowd.members.len()).sum();
        assert!(members > 2900, "{members}");
        let mut is_member = vec![false; codes.len()];
        for crowd in &found {
            assert!(crowd.members.len() >= MEMBERS_MIN && crowd.members.is_sorted());
            assert!(crowd.members.contains(&crowd.pivot));
            let pivot = &codes[crowd.pivot as usize];
            let far = |place: &u32| distance_bits(pivot, &codes[*place as usize]);
            assert_eq!(crowd.members.iter().map(far).max(), Some(crowd.reach_bits));
            for place in &crowd.members {
                assert!(!std::mem::replace(&mut is_member[*place as usize], true));
            }
        }
    }

    #[test]
    fn what_is_alike_in_some_parts_only_is_no_crowd() {
        let mut state = 7;
        let codes: Vec<Code> = (0..3000)
            .map(|_| {
                let mut code = near(&[0; 32], 400, &mut state);
                code[..10].fill(0);
                code
            })
            .collect();
        assert_eq!(crowds(codes.len(), |place| &codes[place]), []);
        // Half of them are near any other, and half are not: no crowd would have a middle.
        let codes: Vec<Code> = (0..3000)
            .map(|_| {
                let mut code = near(&[0; 32], 400, &mut state);
                code.chunks_exact_mut(4).for_each(|four| four[..2].fill(0));
                code
            })
            .collect();
        assert_eq!(crowds_around(0, codes.len(), |place| &codes[place]), []);
        // Few enough are kept apart all the same.
        let found = crowds(codes.len(), |place| &codes[place]);
        assert!(found.iter().map(|crowd| crowd.members.len()).sum::<usize>() > 2000);
        assert_eq!(crowds(0, |place| &codes[place]), []);
    }
}
