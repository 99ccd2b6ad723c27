//! Every set of instructions beside the plain code.

use super::*;

/// Halves around a few centres, so that every distance occurs.
fn codes(count: usize) -> (Vec<Half>, Vec<Half>) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut half = |place: usize| {
        let random = u128::from(next()) << 64 | u128::from(next());
        let sparse = random & (u128::from(next()) << 64 | u128::from(next()));
        let value = match place % 4 {
            0 => random,
            1 => sparse & (sparse >> 1),
            2 => 0,
            _ => u128::MAX >> (next() % 128),
        };
        value.to_le_bytes()
    };
    (0..count).map(|place| (half(place), half(place / 2))).unzip()
}

fn joined(heads: &[Half], tails: &[Half]) -> Vec<[u8; 32]> {
    let whole = |(head, tail): (&Half, &Half)| {
        std::array::from_fn(|i| if i < 16 { head[i] } else { tail[i - 16] })
    };
    heads.iter().zip(tails).map(whole).collect()
}

fn by_hand(codes: &[[u8; 32]], query: &[u8; 32], radius: u32) -> Vec<Hit> {
    let bits = |code: &[u8; 32]| code.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum();
    let all = codes.iter().zip(0..).map(|(code, place)| Hit { place, distance_bits: bits(code) });
    all.filter(|hit| hit.distance_bits <= radius).collect()
}

#[test]
fn every_path_finds_what_counting_by_hand_finds() {
    for count in [0, 1, 3, 4, 7, 8, 31, 32, 33, 63, 64, 65, 95, 1000] {
        let (heads, tails) = codes(count);
        let whole = joined(&heads, &tails);
        for query in [[0; 32], [0xFF; 32], [0x5A; 32], std::array::from_fn(|i| i as u8)] {
            for radius in [0, 1, 5, 31, 40, 44, 45, 64, 128, 200, 255, 256, u32::MAX] {
                let expected = by_hand(&whole, &query, radius);
                for path in Path::available() {
                    let mut found = Vec::new();
                    scan(path, (&heads, &tails), &query, radius, &mut found);
                    assert_eq!(found, expected, "{path:?}, {count} halves, radius {radius}");
                    found.clear();
                    scan_whole(path, &whole, &query, radius, &mut found);
                    assert_eq!(found, expected, "{path:?}, {count} codes, radius {radius}");
                }
            }
        }
    }
}

#[test]
fn codes_are_read_where_they_lie_at_any_address() {
    let (heads, tails) = codes(200);
    let whole = joined(&heads, &tails);
    let expected = by_hand(&whole, &[0x5A; 32], 125);
    assert!(!expected.is_empty());
    for offset in 0..64 {
        let mut bytes = vec![0xA5; offset];
        bytes.extend_from_slice(whole.as_flattened());
        let (moved, rest) = bytes[offset..].as_chunks();
        assert!(rest.is_empty());
        for path in Path::available() {
            let mut found = Vec::new();
            scan_whole(path, moved, &[0x5A; 32], 125, &mut found);
            assert_eq!(found, expected, "{path:?}, {offset} bytes on");
        }
    }
}

#[test]
fn every_distance_is_within_itself_and_not_within_one_less() {
    // Bits in an order that spreads them, so that each distance occurs with other bits.
    let order: Vec<usize> = (0..256).map(|i| i * 89 % 256).collect();
    let far = |distance: usize| {
        let mut code = [0_u8; 32];
        order[..distance].iter().for_each(|bit| code[bit / 8] |= 1 << (bit % 8));
        code
    };
    let whole: Vec<[u8; 32]> = (0..=256).map(far).collect();
    let (heads, tails): (Vec<Half>, Vec<Half>) = whole.iter().map(halves).unzip();
    for radius in 0..=256_u32 {
        let expected: Vec<Hit> =
            (0..=radius).map(|place| Hit { place, distance_bits: place }).collect();
        for path in Path::available() {
            let (mut found, mut found_whole) = (Vec::new(), Vec::new());
            scan(path, (&heads, &tails), &[0; 32], radius, &mut found);
            scan_whole(path, &whole, &[0; 32], radius, &mut found_whole);
            assert_eq!((&found, &found_whole), (&expected, &expected), "{path:?}, {radius}");
        }
    }
}

#[test]
fn picking_all_places_is_scanning() {
    let (heads, tails) = codes(500);
    let places: Vec<u32> = (0..510).collect();
    for path in Path::available() {
        let (mut scanned, mut picked) = (Vec::new(), Vec::new());
        scan(path, (&heads, &tails), &[0x5A; 32], 120, &mut scanned);
        pick(path, (&heads, &tails), &places, &[0x5A; 32], 120, &mut picked);
        assert!(!scanned.is_empty());
        assert_eq!(picked, scanned);
    }
}

#[test]
fn a_code_is_found_at_its_distance_and_not_below() {
    for bit in 0..256 {
        let mut code = [0_u8; 32];
        code[bit / 8] |= 1 << (bit % 8);
        let (head, tail) = halves(&code);
        let (heads, tails) = (vec![head; 40], vec![tail; 40]);
        for path in Path::available() {
            let mut found = Vec::new();
            scan(path, (&heads, &tails), &[0; 32], 0, &mut found);
            assert_eq!(found, []);
            scan(path, (&heads, &tails), &[0; 32], 1, &mut found);
            assert_eq!(found.len(), 40);
            assert!(found.iter().all(|hit| hit.distance_bits == 1));
        }
    }
}
