//! Exact search among 256-bit codes by Hamming distance, and its snapshots on disk.
//! It refuses to approximate: every code within the radius is found, always.

mod index;
mod scan;
mod snapshot;

pub use index::{Code, Index, Near};
pub use scan::{Scan, pairs};
pub use snapshot::{read, write};

/// Length of a code in bytes.
pub const CODE_BYTES: usize = 32;

/// Largest radius that may be asked for.
pub const DISTANCE_BITS_LIMIT: u32 = 64;
