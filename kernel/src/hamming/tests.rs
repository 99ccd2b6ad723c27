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
