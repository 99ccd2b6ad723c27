//! Which keys many codes share: where they do, tables find too much.
//! It refuses to count every code: an even sample says it as well, and which rows are looked at where is no answer.

use super::Code;
use super::layout::{KEYS, PARTS};
use super::probe::parts_of;

/// So many codes, evenly taken, say which keys are frequent.
const SAMPLE_MAX: usize = 1 << 20;
/// A key is frequent if so many of the sample have it, and so many times the average.
const FREQUENT_MIN: usize = 64;
const FREQUENT_TIMES: usize = 4;

/// For each key and part how often it comes: 0 if it is not frequent, else how many digits the binary number has.
pub struct Frequent(Vec<[u8; PARTS]>);

impl Frequent {
    /// The frequent keys of `count` codes, of which `code` gives one by its place; `None` if there are none.
    pub fn among<'a>(count: usize, code: impl Fn(usize) -> &'a Code) -> Option<Self> {
        let step = count.div_ceil(SAMPLE_MAX).max(1);
        let mut seen = vec![[0_u32; PARTS]; KEYS];
        for place in (0..count).step_by(step) {
            for (part, key) in parts_of(code(place)).into_iter().enumerate() {
                seen[usize::from(key)][part] += 1;
            }
        }
        let frequent = FREQUENT_MIN.max(FREQUENT_TIMES * (count / step / KEYS)) as u32;
        let digits =
            |seen: u32| if seen >= frequent { (u32::BITS - seen.leading_zeros()) as u8 } else { 0 };
        let frequent: Vec<_> = seen.into_iter().map(|parts| parts.map(digits)).collect();
        frequent.iter().flatten().any(|digits| *digits > 0).then_some(Self(frequent))
    }

    /// How often the key of each part of a code comes.
    pub fn digits(&self, code: &Code) -> [u8; PARTS] {
        let keys = parts_of(code);
        std::array::from_fn(|part| self.0[usize::from(keys[part])][part])
    }
}
