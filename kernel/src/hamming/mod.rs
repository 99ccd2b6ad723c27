//! Exact search among 256-bit codes by Hamming distance, and its snapshots on disk.
//! It refuses to approximate: every code within the radius is found, always.

mod answer;
mod build;
mod columns;
mod crowds;
mod delta;
mod dense;
mod fitting;
mod frequent;
mod gathering;
mod index;
mod layout;
mod plan;
mod probe;
mod scan;
mod search;
mod segment;
mod snapshot;
mod state;
#[cfg(test)]
mod tests;

pub use answer::Near;
pub use build::Entry;
pub use index::{Description, Failure, Index, Options, TABLES_ROWS_MIN, Unusable};
pub use scan::{Scan, pairs};
pub use search::Structure;
#[cfg(feature = "fuzzing")]
pub use snapshot::resealed;

/// Length of a code in bytes.
pub const CODE_BYTES: usize = 32;

/// 256 bits, as the bytes of a hash.
pub type Code = [u8; CODE_BYTES];

/// Largest radius that may be asked for.
pub const DISTANCE_BITS_LIMIT: u32 = 64;
