//! What must hold for any bytes whatever, for `make fuzz`: each function panics when it does not.
//! It refuses to be part of the wheel, and to count a refusal as a failure.

use crate::errors::{Refusal, SnapshotError};
use crate::fingerprint::{self, Fidelity};
use crate::hamming::{Code, DISTANCE_BITS_LIMIT, Entry, Index, Options, Structure, resealed};
use crate::media::{self, Deadline, Limits, Style};
use crate::multipart;
use crate::pdq::PdqHash;
use crate::simd::{Level, Path as Instructions};
use crate::variants;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

/// So many pixels that every loop is entered, and so few that thousands of pictures are tried a second.
const PIXELS_MAX: u64 = 1 << 16;
/// What the reference's rounding may decide.
const DOUBTFUL_BITS_MAX: u32 = 2;

/// A file is answered alike at every level of instructions, in every way of hashing.
pub fn pictures(data: &[u8]) {
    // Time is no part of an answer here: whoever waits too long ends the run.
    let limits = Limits {
        bytes_max: data.len(),
        pixels_max: PIXELS_MAX,
        deadline: Deadline::in_ms(u64::MAX),
    };
    // Parts of a picture take ten times as long as all the rest.
    let with_parts = data.len().is_multiple_of(16);
    let answer = || {
        let full = fingerprint::hash_picture(data, &limits, Fidelity::Full);
        let fast = fingerprint::hash_picture(data, &limits, Fidelity::Fast);
        let eight = fingerprint::hash_picture_dihedral(data, &limits);
        let parts = with_parts.then(|| {
            fingerprint::hash_variants(data, &limits, variants::asked)
                .map(|(header, hash, parts, plane)| (header, hash, parts, plane.rounded()))
        });
        (full, fast, eight, parts)
    };
    let mut answers = Level::all().map(|level| level.trying(answer));
    let (full, fast, eight, parts) = answers.next().expect("there is always the plain level");
    for other in answers {
        assert_eq!(other, (full, fast, eight, parts.clone()), "instructions decide");
    }
    let exact = fingerprint::hash_picture_exactly(data, &limits);
    let decoded = fingerprint::decode_picture(data, &limits);
    let shown = media::render(data, &limits, 16, Style::Veiled);
    match full {
        Ok((header, hash)) => {
            let exact = exact.expect("what is hashed can be hashed exactly").1;
            assert!(distance_bits(&hash, &exact) <= DOUBTFUL_BITS_MAX, "{header:?}");
            assert!(hash.quality.abs_diff(exact.quality) <= 1, "{header:?}");
            assert_eq!(decoded, Ok(header));
            assert_eq!(fast.map(|(header, _)| header), Ok(header));
            assert_eq!(
                eight.map(|(header, eight)| (header, eight.bytes[0])),
                Ok((header, hash.bytes))
            );
            if let Some(parts) = parts {
                assert_eq!(parts.map(|(header, hash, ..)| (header, hash)), Ok((header, hash)));
            }
            assert!(shown.is_ok());
        }
        Err(refusal) => {
            assert_ne!(refusal, Refusal::TimedOut);
            assert_eq!(eight.err(), Some(refusal));
            assert!(parts.is_none_or(|parts| parts.err() == Some(refusal)));
            assert_eq!(shown.err(), Some(refusal));
        }
    }
}

fn distance_bits(left: &PdqHash, right: &PdqHash) -> u32 {
    left.bytes.iter().zip(right.bytes).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// A body's parts, written plainly, are read again as the same parts.
pub fn bodies(data: &[u8]) {
    const BOUNDARY: &[u8] = b"heron";
    let Some(parts) = multipart::split(data, BOUNDARY, 8) else {
        return;
    };
    assert!(parts.is_sorted_by_key(|part| part.place.start) && parts.len() <= 8);
    let mut body = Vec::new();
    for part in &parts {
        let bytes = &data[part.place.clone()];
        assert!(!bytes.windows(9).any(|window| window == b"\r\n--heron"));
        let head = format!("Content-Disposition: form-data; name=\"{}\"", part.name);
        body.extend([b"--heron\r\n", head.as_bytes(), b"\r\n\r\n", bytes, b"\r\n"].concat());
    }
    body.extend(b"--heron--");
    let again = multipart::split(&body, BOUNDARY, 8).expect("it is plain");
    let read = |from: &[u8], parts: &[multipart::Part<'_>]| -> Vec<(String, Vec<u8>)> {
        parts.iter().map(|part| (part.name.into(), from[part.place.clone()].to_vec())).collect()
    };
    assert_eq!(read(&body, &again), read(data, &parts));
}

/// Whatever is done to an index, it answers as a list that is gone through.
pub fn indexes(data: &[u8]) {
    let mut bytes = Bytes(data);
    // Tables take their time to build: often they are few, or none.
    let radius = u32::from(bytes.next()) % (DISTANCE_BITS_LIMIT + 1);
    let mut index = Index::new(radius, 1 << (bytes.next() % 16));
    let mut list = BTreeMap::new();
    for _ in 0..OPERATIONS_MAX {
        if bytes.0.is_empty() {
            return;
        }
        match bytes.next() % 8 {
            0 => {
                let count = 1 + u64::from(bytes.next());
                let (id, bank) = (u64::from(bytes.next()), u32::from(bytes.next() % 4));
                let centre = bytes.code();
                let flips = bytes.next();
                let entry = |i| Entry {
                    id: id + i,
                    code: near(centre, flips, i),
                    bank,
                    enabled: flips != 255,
                };
                let entries: Vec<_> = (0..count).map(entry).collect();
                index.insert(&entries).expect("it is usable");
                list.extend(entries.into_iter().map(|entry| (entry.id, entry)));
            }
            1 => {
                let id = u64::from(bytes.next());
                let was_there = index.remove(id).expect("it is usable");
                assert_eq!(list.remove(&id).is_some(), was_there);
            }
            2 => {
                let (id, enabled) = (u64::from(bytes.next()), bytes.next() % 2 == 1);
                let is_there = index.set_enabled(id, enabled).expect("it is usable");
                assert_eq!(is_there, list.contains_key(&id));
                list.entry(id).and_modify(|entry| entry.enabled = enabled);
            }
            3 => {
                let (into_one, threads) =
                    (bytes.next() % 2 == 1, 1 + usize::from(bytes.next() % 2));
                index.merge(into_one, threads).expect("there is memory");
            }
            4 => {
                let path = scratch("index");
                index.write_snapshot(&path, 7).expect("it can be written");
                let (again, cursor) = Index::read_snapshot(&path, 1).expect("it was just written");
                assert_eq!(cursor, 7);
                index = again;
            }
            _ => look(&index, &list, &mut bytes),
        }
        assert_eq!(index.describe().expect("it is usable").entries, list.len());
    }
}

/// More would only repeat.
const OPERATIONS_MAX: usize = 24;

fn look(index: &Index, list: &BTreeMap<u64, Entry>, bytes: &mut Bytes<'_>) {
    let query = near(bytes.code(), bytes.next(), u64::from(bytes.next()));
    let radius = u32::from(bytes.next()).min(index.distance_bits_max());
    let banks = [u32::from(bytes.next() % 4)];
    let banks = (bytes.next() % 2 == 1).then_some(&banks[..]);
    let limit = Some(usize::from(bytes.next())).filter(|limit| *limit < 128);
    let bits = |code: &Code| code.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
    let mut expected: Vec<_> = (list.values())
        .filter(|one| one.enabled && banks.is_none_or(|banks| banks.contains(&one.bank)))
        .map(|one| (bits(&one.code), one.id))
        .filter(|one| one.0 <= radius)
        .collect();
    expected.sort_unstable();
    expected.truncate(limit.unwrap_or(usize::MAX));
    for structure in [None, Some(Structure::Tables), Some(Structure::Scan)] {
        for path in Instructions::available() {
            let options = Options { limit, banks, structure, threads: 1 };
            let found =
                path.trying(|| index.search(&[query], radius, &options)).expect("it is usable");
            let found: Vec<_> = found[0].iter().map(|one| (one.distance_bits, one.id)).collect();
            assert_eq!(found, expected, "{structure:?} {path:?} radius {radius}");
        }
    }
}

/// A snapshot that was changed is refused; so it is, or read, when whoever changed it knew to seal it again.
pub fn snapshots(data: &[u8]) {
    let mut bytes = Bytes(data);
    let path = scratch("snapshot");
    let index = Index::new(u32::from(bytes.next()).min(DISTANCE_BITS_LIMIT), 1 << 20);
    let entry =
        |id| Entry { id, code: near([0; 32], 90, id % 9), bank: (id % 3) as u32, enabled: true };
    index.insert(&(0..20).map(entry).collect::<Vec<_>>()).expect("it is usable");
    index.write_snapshot(&path, 7).expect("it can be written");
    let whole = fs::read(&path).expect("it was written");
    let mut changed = whole.clone();
    while !bytes.0.is_empty() {
        let place = usize::from(u16::from_le_bytes([bytes.next(), bytes.next()]));
        match bytes.next() % 4 {
            0 => changed.truncate(place),
            1 => changed.insert(place.min(changed.len()), bytes.next()),
            _ => changed.get_mut(place).into_iter().for_each(|byte| *byte = bytes.next()),
        }
    }
    let is_read = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("it can be written");
        match Index::read_snapshot(&path, 1) {
            Ok((index, _)) => index.describe().is_ok(),
            Err(SnapshotError::Io(error)) => panic!("{error}"),
            Err(_) => false,
        }
    };
    assert_eq!(is_read(&changed), changed == whole);
    resealed(&mut changed);
    is_read(&changed);
}

/// A file of this process alone, in memory where the system has such a place.
fn scratch(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.into() } else { std::env::temp_dir() };
    folder.join(format!("vigie-fuzz-{name}-{}", process::id()))
}

/// A code up to `flips` bits from a centre.
fn near(centre: Code, flips: u8, seed: u64) -> Code {
    let mut state = (seed + 1).wrapping_mul(0x2545_F491_4F6C_DD1D);
    let mut code = centre;
    for _ in 0..flips % 96 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        code[(state % 32) as usize] ^= 1 << ((state >> 8) % 8);
    }
    code
}

/// Decisions that are read from bytes; zeros once there are none.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        self.0.split_off_first().copied().unwrap_or_default()
    }

    /// One of a few centres.
    fn code(&mut self) -> Code {
        let [kind, value] = [self.next(), self.next()];
        std::array::from_fn(|i| match kind % 4 {
            0 => 0,
            1 => value,
            2 => value.wrapping_mul(i as u8 | 1),
            _ => (i as u8).wrapping_mul(37) ^ value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inputs that fuzzing found, each named after its target; what fails once is kept there too.
    #[test]
    fn what_fuzzing_found_holds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/kept");
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("it can be listed").path();
            let data = fs::read(&path).expect("it can be read");
            match path.extension().and_then(|kind| kind.to_str()) {
                Some("pictures") => pictures(&data),
                Some("bodies") => bodies(&data),
                Some("indexes") => indexes(&data),
                Some("snapshots") => snapshots(&data),
                other => panic!("no target is called {other:?}"),
            }
        }
    }
}
