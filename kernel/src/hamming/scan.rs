//! Scanning a plain buffer of codes for many queries at once, on any number of threads.
//! It refuses to return part of an answer: more pairs than the limit are an error.

use super::CODE_BYTES;
use crate::simd::Path;
use crate::simd::hamming::{Half, Hit, halves, scan, scan_whole};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Codes that are looked at by all queries before the next: they fit the nearest cache.
const TILE_CODES: usize = 512;
/// For so few queries codes are compared where they lie; for more it pays to part each tile into halves first, as
/// then only the first halves are looked at.
const QUERIES_IN_PLACE: usize = 3;

/// A code near a query, both by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Which query. First, so that the order is by query, then place.
    pub query: usize,
    /// Which code.
    pub place: usize,
    /// Number of bits that differ.
    pub distance_bits: u32,
}

/// What to look for, and how.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The codes that are looked for.
    pub queries: &'a [[u8; CODE_BYTES]],
    /// The radius.
    pub distance_bits_max: u32,
    /// At least one.
    pub threads: usize,
    /// More pairs than this are an error.
    pub limit: usize,
    /// The instructions to use.
    pub path: Path,
}

/// Every pair within the radius by (query, place); `None` if there are more than the limit.
pub fn pairs(codes: &[[u8; CODE_BYTES]], how: &Scan<'_>) -> Option<Vec<Pair>> {
    let found = AtomicUsize::new(0);
    let threads = how.threads.min(codes.len().div_ceil(TILE_CODES)).max(1);
    let share = codes.len().div_ceil(threads).next_multiple_of(TILE_CODES).max(TILE_CODES);
    let mut pairs = if threads == 1 {
        scan_share(codes, 0, how, &found)?
    } else {
        thread::scope(|scope| {
            let workers: Vec<_> = codes
                .chunks(share)
                .enumerate()
                .map(|(i, codes)| (codes, i * share))
                .map(|(codes, first)| {
                    let found = &found;
                    scope.spawn(move || scan_share(codes, first, how, found))
                })
                .collect();
            let shares = workers.into_iter().map(|one| one.join().ok().flatten());
            Some(shares.collect::<Option<Vec<_>>>()?.concat())
        })?
    };
    pairs.sort_unstable();
    Some(pairs)
}

fn scan_share(
    codes: &[[u8; CODE_BYTES]],
    first: usize,
    how: &Scan<'_>,
    found: &AtomicUsize,
) -> Option<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut hits: Vec<Hit> = Vec::new();
    let (mut heads, mut tails) = ([[0; 16]; TILE_CODES], [[0; 16]; TILE_CODES]);
    let in_place = how.queries.len() <= QUERIES_IN_PLACE;
    for (tile, codes) in codes.chunks(TILE_CODES).enumerate() {
        if !in_place {
            split(codes, &mut heads, &mut tails);
        }
        let start = first + tile * TILE_CODES;
        let halves = (&heads[..codes.len()], &tails[..codes.len()]);
        for (query, code) in how.queries.iter().enumerate() {
            if in_place {
                scan_whole(how.path, codes, code, how.distance_bits_max, &mut hits);
            } else {
                scan(how.path, halves, code, how.distance_bits_max, &mut hits);
            }
            if hits.is_empty() {
                continue;
            }
            if found.fetch_add(hits.len(), Ordering::Relaxed) + hits.len() > how.limit {
                return None;
            }
            pairs.extend(hits.drain(..).map(|hit| Pair {
                query,
                place: start + hit.place as usize,
                distance_bits: hit.distance_bits,
            }));
        }
        if found.load(Ordering::Relaxed) > how.limit {
            return None;
        }
    }
    Some(pairs)
}

/// Halves side by side, as the vector scan wants them.
fn split(codes: &[[u8; CODE_BYTES]], heads: &mut [Half], tails: &mut [Half]) {
    for (code, (head, tail)) in codes.iter().zip(heads.iter_mut().zip(tails)) {
        (*head, *tail) = halves(code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_hand(codes: &[[u8; 32]], queries: &[[u8; 32]], radius: u32) -> Vec<Pair> {
        let bits = |left: &[u8; 32], right: &[u8; 32]| {
            left.iter().zip(right).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>()
        };
        let all = queries.iter().enumerate().flat_map(|(query, one)| {
            codes.iter().enumerate().map(move |(place, other)| Pair {
                query,
                place,
                distance_bits: bits(one, other),
            })
        });
        all.filter(|pair| pair.distance_bits <= radius).collect()
    }

    #[test]
    fn threads_tiles_and_paths_change_nothing_and_the_limit_is_exact() {
        let code = |i: usize| std::array::from_fn(|byte| ((i >> (byte % 11)) & 1) as u8);
        for count in [0, 1, 511, 512, 513, 2000] {
            let codes: Vec<_> = (0..count).map(code).collect();
            let queries: Vec<_> = (0..20).map(|i| code(i * 97)).collect();
            for asked in [1, QUERIES_IN_PLACE, QUERIES_IN_PLACE + 1, 20] {
                let queries = &queries[..asked];
                let expected = by_hand(&codes, queries, 9);
                for path in Path::available() {
                    for threads in [1, 2, 3, 64] {
                        let limit = expected.len();
                        let how = Scan { queries, distance_bits_max: 9, threads, limit, path };
                        assert_eq!(pairs(&codes, &how).as_ref(), Some(&expected));
                        if limit > 0 {
                            assert_eq!(pairs(&codes, &Scan { limit: limit - 1, ..how }), None);
                        }
                    }
                }
            }
        }
    }
}
