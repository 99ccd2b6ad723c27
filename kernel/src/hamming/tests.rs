//! The index beside a plain list, in Rust; the long sequences are in Python, with Hypothesis.

use super::{Entry, Index, Options, Structure};

fn entry(id: u64, code: [u8; 32]) -> Entry {
    Entry { id, code, bank: (id % 3) as u32, enabled: true }
}

/// Codes around a few centres and anywhere.
fn codes(count: usize) -> Vec<[u8; 32]> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let centres: Vec<[u8; 32]> = (0..4).map(|_| std::array::from_fn(|_| next() as u8)).collect();
    (0..count)
        .map(|i| {
            let mut code = centres[i % 4];
            let flips = if i % 5 == 0 { 200 } else { next() % 40 };
            for _ in 0..flips {
                let bit = (next() % 256) as usize;
                code[bit / 8] ^= 1 << (bit % 8);
            }
            code
        })
        .collect()
}

fn by_list(
    entries: &[Entry],
    query: &[u8; 32],
    radius: u32,
    banks: Option<&[u32]>,
) -> Vec<(u32, u64)> {
    let bits =
        |code: &[u8; 32]| code.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
    let mut near: Vec<_> = entries
        .iter()
        .filter(|one| one.enabled && banks.is_none_or(|banks| banks.contains(&one.bank)))
        .map(|one| (bits(&one.code), one.id))
        .filter(|one| one.0 <= radius)
        .collect();
    near.sort_unstable();
    near
}

#[test]
fn both_structures_answer_as_a_list_at_every_radius() {
    let entries: Vec<_> =
        codes(3000).into_iter().zip(1..).map(|(code, id)| entry(id * 7, code)).collect();
    let index = Index::new(64, 0);
    index.insert(&entries).expect("it is usable");
    assert!(index.merge(false, 2).expect("it is usable"));
    let queries: Vec<_> = codes(70).into_iter().chain([[0; 32], [0xFF; 32]]).collect();
    for radius in 0..=64 {
        for structure in [Structure::Tables, Structure::Scan] {
            for (banks, limit) in [(None, None), (Some(&[1, 2][..]), None), (None, Some(5))] {
                let options = Options { limit, banks, structure: Some(structure), threads: 2 };
                let found = index.search(&queries, radius, &options).expect("it is usable");
                for (query, near) in queries.iter().zip(found) {
                    let mut expected = by_list(&entries, query, radius, banks);
                    expected.truncate(limit.unwrap_or(usize::MAX));
                    let near: Vec<_> = near.iter().map(|one| (one.distance_bits, one.id)).collect();
                    assert_eq!(near, expected, "radius {radius}, {structure:?}");
                }
            }
        }
    }
}

#[test]
fn what_changes_while_a_merge_is_made_is_carried_over() {
    let all = codes(2000);
    let index = Index::new(31, 0);
    let entries: Vec<_> = all.iter().zip(0..).map(|(code, id)| entry(id, *code)).collect();
    index.insert(&entries[..1000]).expect("it is usable");
    index.merge(false, 1).expect("it is usable");
    index.insert(&entries[1000..]).expect("it is usable");
    std::thread::scope(|scope| {
        let merging = scope.spawn(|| index.merge(true, 1).expect("it is usable"));
        for id in (0..2000).step_by(2) {
            assert!(index.remove(id).expect("it is usable"));
        }
        for id in (1..2000).step_by(4) {
            assert!(index.set_enabled(id, false).expect("it is usable"));
        }
        merging.join().expect("the merge ends");
    });
    index.merge(true, 1).expect("it is usable");
    let description = index.describe().expect("it is usable");
    assert_eq!((description.entries, description.pending, description.segments), (1000, 0, 1));
    let expected: Vec<_> = entries.iter().copied().filter(|one| one.id % 4 == 3).collect();
    for query in &all[..50] {
        let found = index.search(&[*query], 31, &Options::default()).expect("it is usable");
        let near: Vec<_> = found[0].iter().map(|one| (one.distance_bits, one.id)).collect();
        assert_eq!(near, by_list(&expected, query, 31, None));
    }
}

/// 8,000 entries within 20 bits of one code, every fifth with a code that another has, among 2,000 others; bank 7 has
/// one in 64 of them, bank 9 the last tenth.
fn crowded() -> Vec<Entry> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut entries: Vec<Entry> = Vec::new();
    for i in 0..10_000_u64 {
        let mut code = [0x5A; 32];
        let flips = if i % 5 == 1 { 300 } else { 4 + i % 17 };
        for _ in 0..flips {
            let bit = next(256) as usize;
            code[bit / 8] ^= 1 << (bit % 8);
        }
        if i > 50 && i % 5 == 0 {
            code = entries[next(i) as usize].code;
        }
        let bank = if next(64) == 0 { 7 } else { 2 + 7 * u32::from(i >= 9_000) };
        entries.push(Entry { id: i * 3, code, bank, enabled: true });
    }
    entries
}

#[test]
fn in_a_crowd_whose_most_may_not_be_found_the_others_are() {
    let mut entries = crowded();
    let index = Index::new(64, 0);
    index.insert(&entries).expect("it is usable");
    index.merge(true, 2).expect("it is usable");
    // What is disabled comes in stretches and one by one.
    for stretch in [0..0, 1_500..6_000, 6_000..10_000] {
        for entry in &mut entries[stretch] {
            entry.enabled = entry.id % 39 == 0;
            index.set_enabled(entry.id, entry.enabled).expect("it is usable");
        }
        let mut far = [0x5A; 32];
        far[..2].fill(0xFF);
        for query in [[0x5A; 32], far, entries[9_998].code, entries[1].code] {
            for (banks, limit) in
                [None, Some(&[7][..]), Some(&[9]), Some(&[5, 71])].into_iter().flat_map(|banks| {
                    [None, Some(1), Some(40), Some(2_000)].map(|limit| (banks, limit))
                })
            {
                for radius in [6, 31, 64] {
                    let options = Options { limit, banks, ..Options::default() };
                    let found = index.search(&[query], radius, &options).expect("it is usable");
                    let mut expected = by_list(&entries, &query, radius, banks);
                    expected.truncate(limit.unwrap_or(usize::MAX));
                    let near: Vec<_> =
                        found[0].iter().map(|one| (one.distance_bits, one.id)).collect();
                    assert!(near == expected, "radius {radius}, limit {limit:?}, {banks:?}");
                }
            }
        }
    }
}

#[test]
fn of_a_crowd_that_is_all_equally_near_the_first_ids_are_found() {
    let single = |i: u64| {
        let mut code = [0_u8; 32];
        code[(i % 32) as usize] ^= 1 << (i / 32 % 8);
        code[(i * 7 % 32) as usize] ^= 1 << (i / 256 % 8);
        code[(i * 11 % 31 + 1) as usize] ^= 1 << (i / 2_048 % 8);
        code
    };
    let entries: Vec<_> = (0..9_000).map(|i| entry(90_000 - i * 7, single(i))).collect();
    let index = Index::new(64, 0);
    index.insert(&entries).expect("it is usable");
    index.merge(true, 1).expect("it is usable");
    for limit in [1, 2, 1_000, 5_000] {
        let options = Options { limit: Some(limit), ..Options::default() };
        let found = index.search(&[[0; 32]], 31, &options).expect("it is usable");
        let expected = &by_list(&entries, &[0; 32], 31, None)[..limit];
        let near: Vec<_> = found[0].iter().map(|one| (one.distance_bits, one.id)).collect();
        assert_eq!(near, expected);
    }
}
