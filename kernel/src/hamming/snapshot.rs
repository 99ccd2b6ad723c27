//! An index on disk: versioned, checksummed, replaced in one step, mapped by every process.
//! It refuses any file that is not, to the last byte, what was written.
//!
//! Layout, little-endian: a header of 64 bytes (magic, version, largest radius, entries, cursor, segments, zeros); the
//! segments as they lie in memory (`layout`); the BLAKE3 digest of each block of 4 MiB of all that; and the BLAKE3
//! digest of those digests. Blocks are checked on several threads before anything is read from them.

use super::DISTANCE_BITS_LIMIT;
use super::layout::{ALIGNMENT, Layout, Section, Sizes};
use super::segment::{Bytes, Segment};
use super::state::Live;
use crate::errors::SnapshotError;
use crate::simd::map::map;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

const MAGIC: [u8; 8] = *b"VIGIEHAM";
const VERSION: u32 = 5;
const HEADER_BYTES: usize = ALIGNMENT;
const BLOCK_BYTES: usize = 4 << 20;
const DIGEST_BYTES: usize = 32;
/// More than any index has: each is several times as large as the next.
const SEGMENTS_MAX: u64 = 4_096;

/// What a snapshot holds.
#[derive(Debug)]
pub struct Read {
    /// Mapped.
    pub segments: Vec<Segment>,
    /// The largest radius of the index.
    pub distance_bits_max: u32,
    /// The caller's.
    pub cursor: u64,
}

/// Writes segments and a cursor to `path`: whole, or not at all.
pub fn write(path: &Path, segments: &[Live], radius: u32, cursor: u64) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (draft, file) = open_draft(folder, path)?;
    let written =
        write_draft(file, segments, radius, cursor).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = written {
        // The first failure is the one to report; a draft left behind is only untidy.
        let _ = fs::remove_file(&draft);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Maps a snapshot and checks all of it.
pub fn read(path: &Path, threads: usize) -> Result<Read, SnapshotError> {
    let file = File::open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(SnapshotError::Io(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let bytes = map(&file)?;
    let header = Header::parse(&bytes)?;
    let body = body_length(bytes.len()).ok_or(SnapshotError::BadLength)?;
    let layouts = layouts(&bytes[..body], &header)?;
    if !is_whole(&bytes, body, threads) {
        return Err(SnapshotError::BadChecksum);
    }
    let bytes = Arc::new(Bytes::Mapped(bytes));
    let segments = layouts.into_iter().map(|(start, layout)| {
        Segment::new(Arc::clone(&bytes), start, layout).ok_or(SnapshotError::BadLength)
    });
    Ok(Read {
        segments: segments.collect::<Result<_, _>>()?,
        distance_bits_max: header.distance_bits_max,
        cursor: header.cursor,
    })
}

struct Header {
    distance_bits_max: u32,
    entries: u64,
    cursor: u64,
    segments: u64,
}

impl Header {
    fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.distance_bits_max.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.entries.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.cursor.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.segments.to_le_bytes());
        bytes
    }

    fn parse(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (words, _) =
            bytes.get(..HEADER_BYTES).ok_or(SnapshotError::BadLength)?.as_chunks::<8>();
        if words[0] != MAGIC {
            return Err(SnapshotError::BadMagic);
        }
        let [version, radius] =
            [0, 4].map(|i| u32::from_le_bytes(std::array::from_fn(|byte| words[1][i + byte])));
        if version != VERSION {
            return Err(SnapshotError::BadVersion);
        }
        let number = |i: usize| u64::from_le_bytes(words[i]);
        let header = Self {
            distance_bits_max: radius,
            entries: number(2),
            cursor: number(3),
            segments: number(4),
        };
        if radius > DISTANCE_BITS_LIMIT || header.segments > SEGMENTS_MAX {
            return Err(SnapshotError::BadChecksum);
        }
        Ok(header)
    }
}

/// Length of header and segments in a file of so many bytes.
fn body_length(length: usize) -> Option<usize> {
    let rest = length.checked_sub(DIGEST_BYTES)?;
    let blocks = rest.div_ceil(BLOCK_BYTES + DIGEST_BYTES);
    let body = rest.checked_sub(blocks * DIGEST_BYTES)?;
    (body >= HEADER_BYTES && body.div_ceil(BLOCK_BYTES) == blocks).then_some(body)
}

/// Where each segment starts, and its layout; together they fill the body.
fn layouts(body: &[u8], header: &Header) -> Result<Vec<(usize, Layout)>, SnapshotError> {
    let mut found = Vec::new();
    let mut start = HEADER_BYTES;
    let mut alive = 0;
    for _ in 0..header.segments {
        let sizes = body.get(start..start + Sizes::BYTES).ok_or(SnapshotError::BadLength)?;
        let (words, _) = sizes.as_chunks::<8>();
        let sizes = Sizes::from_words(std::array::from_fn(|i| u64::from_le_bytes(words[i])));
        let layout = Layout::new(sizes).ok_or(SnapshotError::BadLength)?;
        let end = start.checked_add(layout.bytes()).ok_or(SnapshotError::BadLength)?;
        let segment = body.get(start..end).ok_or(SnapshotError::BadLength)?;
        let bits = segment[layout.range(Section::Alive)].iter();
        alive += bits.map(|byte| u64::from(byte.count_ones())).sum::<u64>();
        found.push((start, layout));
        start = end;
    }
    if start != body.len() || alive != header.entries {
        return Err(SnapshotError::BadLength);
    }
    Ok(found)
}

/// Whether every block has its digest.
fn is_whole(bytes: &[u8], body: usize, threads: usize) -> bool {
    let (body, digests) = bytes.split_at(body);
    let (digests, last) = digests.split_at(digests.len() - DIGEST_BYTES);
    if blake3::hash(digests).as_bytes() != last {
        return false;
    }
    let next = AtomicUsize::new(0);
    let is_whole = AtomicBool::new(true);
    let (digests, _) = digests.as_chunks::<DIGEST_BYTES>();
    let work = || {
        while is_whole.load(Ordering::Relaxed) {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let Some(digest) = digests.get(block) else {
                return;
            };
            let start = block * BLOCK_BYTES;
            let bytes = &body[start..(start + BLOCK_BYTES).min(body.len())];
            if blake3::hash(bytes).as_bytes() != digest {
                is_whole.store(false, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(digests.len()) {
            scope.spawn(work);
        }
        work();
    });
    is_whole.into_inner()
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

fn write_draft(file: File, segments: &[Live], radius: u32, cursor: u64) -> io::Result<()> {
    let mut out = Summed { file, block: Vec::with_capacity(BLOCK_BYTES), digests: Vec::new() };
    let header = Header {
        distance_bits_max: radius,
        entries: segments.iter().map(|live| live.len() as u64).sum(),
        cursor,
        segments: segments.len() as u64,
    };
    out.write(&header.to_bytes())?;
    for live in segments {
        write_segment(&mut out, live)?;
    }
    out.end()
}

/// A segment with the marks that its entries have now.
fn write_segment(out: &mut Summed, live: &Live) -> io::Result<()> {
    let bytes = live.segment.bytes();
    let [alive, visible] =
        [Section::Alive, Section::Visible].map(|section| live.segment.layout.range(section));
    out.write(&bytes[..alive.start])?;
    out.write(bytemuck::cast_slice(&live.alive.0))?;
    out.write(&bytes[alive.end..visible.start])?;
    out.write(bytemuck::cast_slice(&live.visible.0))?;
    out.write(&bytes[visible.end..])
}

/// A file whose blocks are summed on the way.
struct Summed {
    file: File,
    block: Vec<u8>,
    digests: Vec<u8>,
}

impl Summed {
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - self.block.len()));
            self.block.extend_from_slice(now);
            if self.block.len() == BLOCK_BYTES {
                self.end_block()?;
            }
            bytes = later;
        }
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        self.digests.extend_from_slice(blake3::hash(&self.block).as_bytes());
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }

    fn end(mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        self.file.write_all(&self.digests)?;
        self.file.write_all(blake3::hash(&self.digests).as_bytes())?;
        self.file.sync_all()
    }
}

/// Gives changed bytes the digests that they would have been written with.
#[cfg(feature = "fuzzing")]
pub fn resealed(bytes: &mut Vec<u8>) {
    let Some(body) = body_length(bytes.len()) else {
        return;
    };
    bytes.truncate(body);
    let digests: Vec<u8> =
        (bytes.chunks(BLOCK_BYTES)).flat_map(|block| *blake3::hash(block).as_bytes()).collect();
    bytes.extend_from_slice(&digests);
    bytes.extend_from_slice(blake3::hash(&digests).as_bytes());
}
