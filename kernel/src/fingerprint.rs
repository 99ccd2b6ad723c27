//! Joins decoding and hashing: from a file to the hash that the reference would give it.
//! It refuses to guess at full fidelity: a hash of which rounding could change more than two bits is
//! worked out again, the slow way.

use crate::errors::Refusal;
use crate::media::{self, Header, Limits};
use crate::pdq::{self, Decimated, Decimator, Dihedral, ExactDecimator, PdqHash};

/// How near a hash is to the reference's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    /// The reference's bits, but for two at most that its rounding decides.
    Full,
    /// A few bits away at times, for less work.
    Fast,
}

/// The header and PDQ hash of a picture.
pub fn hash_picture(
    data: &[u8],
    limits: &Limits,
    fidelity: Fidelity,
) -> Result<(Header, PdqHash), Refusal> {
    settled(data, limits, fidelity, pdq::hash)
}

/// The header and the eight PDQ hashes of a picture.
pub fn hash_picture_dihedral(data: &[u8], limits: &Limits) -> Result<(Header, Dihedral), Refusal> {
    settled(data, limits, Fidelity::Full, pdq::hash_dihedral)
}

/// Applies `hash` to the fast reduction and, if that leaves doubt that matters, to the exact one.
fn settled<T>(
    data: &[u8],
    limits: &Limits,
    fidelity: Fidelity,
    hash: impl Fn(&Decimated) -> Option<T>,
) -> Result<(Header, T), Refusal> {
    let fast = |header: Header| Decimator::new(header.width_px, header.height_px);
    let (header, picture) = media::decode(data, limits, fast)?;
    let mut reduced = picture.finish();
    if fidelity == Fidelity::Fast {
        reduced = reduced.taken_as_is();
    }
    if let Some(hash) = hash(&reduced) {
        return Ok((header, hash));
    }
    let exact = |header: Header| ExactDecimator::new(header.width_px, header.height_px);
    let (header, picture) = media::decode(data, limits, exact)?;
    // The exact reduction has no rounding left to doubt; were that ever broken, refuse.
    hash(&picture.finish()).map(|hash| (header, hash)).ok_or(Refusal::Unsupported)
}
