//! PDQ, the perceptual hash that hash exchanges speak: 256 bits and a quality for one picture.
//! It hashes pixels; it refuses to decode files and to say whether two pictures are alike.
//!
//! Source: Meta, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm";
//! the numbers follow PyPI pdqhash 0.2.8, which compares full-resolution pictures.

mod axis;
mod exact;
mod filter;
mod hash;
mod line;
mod spectrum;

pub use axis::cell_shift;
pub use exact::ExactDecimator;
pub use filter::{Decimated, Decimator, Luma, fill_line, whole_luma};
pub use hash::{Dihedral, PdqHash, hash, hash_both_ways, hash_dihedral};
pub use spectrum::SpectralDecimator;

/// Length of a PDQ hash in bytes.
pub const HASH_BYTES: usize = 32;

/// Below this width or height the reference gives no hash: 256 zero bits and quality 0.
const SIDE_PX_MIN: usize = 5;

/// Width and height of the picture that is hashed, once reduced.
pub const SIDE: usize = 64;
