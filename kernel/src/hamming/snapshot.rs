//! An index on disk: versioned, checksummed, replaced in one step.
//! It refuses any file that is not, to the last byte, what was written.
//!
//! Layout, little-endian: a header of 64 bytes (magic, version, reserved, count, cursor, zeros),
//! `count` codes of 32 bytes, `count` ids of 8 bytes, and the SHA-256 of everything before it.
//! Codes start at a multiple of their size, so that a later version can map the file.

use super::{CODE_BYTES, Code, Index};
use crate::errors::SnapshotError;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const MAGIC: [u8; 8] = *b"VIGIEHAM";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 64;
const CHECKSUM_BYTES: usize = 32;
const ID_BYTES: usize = 8;

/// Writes the entries and a cursor to `path`: whole, or not at all.
pub fn write(path: &Path, codes: &[Code], ids: &[u64], cursor: u64) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (draft, file) = open_draft(folder, path)?;
    let written = write_draft(file, codes, ids, cursor).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = written {
        // The first failure is the one to report; a draft left behind is only untidy.
        let _ = fs::remove_file(&draft);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Reads an index and its cursor back.
pub fn read(path: &Path) -> Result<(Index, u64), SnapshotError> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut header = [0_u8; HEADER_BYTES];
    let mut checksum = Sha256::new();
    file.read_exact(&mut header)?;
    checksum.update(header);
    let (count, cursor) = parse_header(&header, length)?;

    let mut codes = Vec::with_capacity(count);
    read_items(&mut file, &mut checksum, count, |bytes| codes.push(Code::from_bytes(bytes)))?;
    let mut ids = Vec::with_capacity(count);
    read_items(&mut file, &mut checksum, count, |bytes| ids.push(u64::from_le_bytes(*bytes)))?;

    let mut expected = [0_u8; CHECKSUM_BYTES];
    file.read_exact(&mut expected)?;
    if file.read(&mut [0_u8])? != 0 {
        return Err(SnapshotError::BadLength); // grew while it was read
    }
    if checksum.finalize()[..] != expected {
        return Err(SnapshotError::BadChecksum);
    }
    let index = Index::from_parts(codes, ids).ok_or(SnapshotError::BadChecksum)?;
    Ok((index, cursor))
}

/// A new file in the same folder that no other writer has.
fn open_draft(folder: &Path, path: &Path) -> io::Result<(PathBuf, File)> {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    loop {
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let mut draft = std::ffi::OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}.{number}.draft", std::process::id()));
        let draft = folder.join(draft);
        match OpenOptions::new().write(true).create_new(true).open(&draft) {
            // Another container's process of the same number, or one that crashed: try the next.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < DRAFTS_MAX => {}
            opened => return opened.map(|file| (draft, file)),
        }
    }
}

const DRAFTS_MAX: u64 = 1 << 32;

fn write_draft(file: File, codes: &[Code], ids: &[u64], cursor: u64) -> io::Result<()> {
    let mut out = Summed { out: BufWriter::with_capacity(1 << 20, file), sum: Sha256::new() };
    out.write_all(&header(codes.len() as u64, cursor))?;
    for code in codes {
        out.write_all(&code.to_bytes())?;
    }
    for id in ids {
        out.write_all(&id.to_le_bytes())?;
    }
    let Summed { mut out, sum } = out;
    out.write_all(&sum.finalize())?;
    out.into_inner()?.sync_all()
}

struct Summed<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.sum.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn header(count: u64, cursor: u64) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[16..24].copy_from_slice(&count.to_le_bytes());
    header[24..32].copy_from_slice(&cursor.to_le_bytes());
    header
}

fn parse_header(bytes: &[u8; HEADER_BYTES], length: u64) -> Result<(usize, u64), SnapshotError> {
    let (words, _) = bytes.as_chunks::<8>();
    if words[0] != MAGIC {
        return Err(SnapshotError::BadMagic);
    }
    if words[1][..4] != VERSION.to_le_bytes() {
        return Err(SnapshotError::BadVersion);
    }
    let count = u64::from_le_bytes(words[2]);
    let expected = count
        .checked_mul((CODE_BYTES + ID_BYTES) as u64)
        .and_then(|body| body.checked_add((HEADER_BYTES + CHECKSUM_BYTES) as u64));
    if expected != Some(length) {
        return Err(SnapshotError::BadLength);
    }
    let count = usize::try_from(count).map_err(|_| SnapshotError::BadLength)?;
    Ok((count, u64::from_le_bytes(words[3])))
}

/// Reads `count` items of `SIZE` bytes, a few thousand at a time.
fn read_items<const SIZE: usize>(
    file: &mut File,
    checksum: &mut Sha256,
    count: usize,
    mut take: impl FnMut(&[u8; SIZE]),
) -> io::Result<()> {
    let mut buffer = vec![0_u8; SIZE * 8192];
    let mut left = count;
    while left > 0 {
        let bytes = &mut buffer[..SIZE * left.min(8192)];
        file.read_exact(bytes)?;
        checksum.update(&*bytes);
        let (items, _) = bytes.as_chunks::<SIZE>();
        items.iter().for_each(&mut take);
        left -= items.len();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("vigie-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the test");
        folder
    }

    #[test]
    fn what_was_written_is_read_and_any_changed_byte_is_refused() {
        let folder = folder("snapshot");
        let path = folder.join("index");
        let codes: Vec<Code> = (0..5_u8).map(|i| Code::from_bytes(&[i; CODE_BYTES])).collect();
        let ids = [9, 7, u64::MAX, 0, 3];
        write(&path, &codes, &ids, 42).expect("the snapshot is written");
        let (index, cursor) = read(&path).expect("the snapshot is read");
        assert_eq!((index.parts().0, index.parts().1, cursor), (&codes[..], &ids[..], 42));

        let whole = fs::read(&path).expect("the file is there");
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            fs::write(&path, &changed).expect("the file is written");
            assert!(read(&path).is_err(), "byte {place}");
        }
        for length in [0, 1, 63, 64, 65, whole.len() - 1] {
            fs::write(&path, &whole[..length]).expect("the file is written");
            assert!(matches!(read(&path), Err(SnapshotError::BadLength)), "{length} bytes");
        }
        fs::remove_dir_all(&folder).expect("the folder is removed");
    }

    #[test]
    fn no_draft_is_left_behind() {
        let folder = folder("drafts");
        write(&folder.join("index"), &[], &[], 0).expect("the snapshot is written");
        assert!(write(&folder.join("missing/index"), &[], &[], 0).is_err());
        let names = fs::read_dir(&folder).expect("the folder is there").count();
        assert_eq!(names, 1);
        fs::remove_dir_all(&folder).expect("the folder is removed");
    }
}
