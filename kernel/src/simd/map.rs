//! Mapping a file that is only ever replaced, never written in place.
//! It refuses nothing itself: what is in the file is checked by the snapshot's reader.

use memmap2::Mmap;
use std::fs::File;
use std::io;

/// The bytes of a file, shared with every process that maps it.
///
/// Snapshots are written under another name and renamed, so the file behind the map does not change. Who cuts
/// it off in place all the same ends this process with a bus error; the supervisor starts it again.
pub fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the file is not written to while it is mapped, as said above.
    unsafe { Mmap::map(file) }
}
