//! Joins decoding and hashing: from a file to the hash that the reference would give it.
//! It refuses to guess at full fidelity: a hash of which rounding could change more than two bits is
//! worked out again, the slow way.

use crate::errors::Refusal;
use crate::media::{self, Header, Limits, PixelSink, Pixels, Wanted};
use crate::pdq::{
    self, Decimated, Decimator, Dihedral, ExactDecimator, PdqHash, SpectralDecimator,
};
use crate::simd::Level;
use crate::variants::{Plane, PlaneSink, Variant};

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
    match fidelity {
        Fidelity::Full => settled(data, limits, pdq::hash),
        Fidelity::Fast => {
            let start = |header: Header| SpectralDecimator::new(header.width_px, header.height_px);
            let (header, picture) = media::decode(data, limits, start)?;
            let hash = pdq::hash(&picture.finish());
            hash.map(|hash| (header, hash)).ok_or(Refusal::Unsupported) // never in doubt
        }
    }
}

/// The header and PDQ hash of a picture, with no rounding left to doubt.
#[cfg(feature = "fuzzing")]
pub fn hash_picture_exactly(data: &[u8], limits: &Limits) -> Result<(Header, PdqHash), Refusal> {
    exactly(data, limits, pdq::hash)
}

/// The header of a picture that was decoded as for hashing, and thrown away.
pub fn decode_picture(data: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let start = |header: Header| Discard { luma: vec![0.0; header.width_px] };
    media::decode(data, limits, start).map(|(header, _)| header)
}

/// Takes what a hash is made of, and keeps nothing.
struct Discard {
    luma: Vec<f32>,
}

impl PixelSink for Discard {
    const WANTED: Wanted = Wanted::Luma;

    fn pixels(&mut self, _y: usize, _x_start: usize, _x_step: usize, pixels: Pixels<'_>) {
        if let Pixels::Ycc(_) = pixels {
            pdq::whole_luma(Level::best(), pixels, &mut self.luma);
        }
        std::hint::black_box((pixels, &self.luma)); // they must be made all the same
    }
}

/// The header, the PDQ hash, the variants that `of` makes of the plane, and the plane, from one decoding.
pub fn hash_variants(
    data: &[u8],
    limits: &Limits,
    of: impl Fn(&Plane) -> Vec<Variant>,
) -> Result<(Header, PdqHash, Vec<Variant>, Plane), Refusal> {
    let start = |header: Header| Tee {
        hash: Decimator::new(header.width_px, header.height_px),
        plane: PlaneSink::new(header.width_px, header.height_px),
        luma: vec![0.0; header.width_px],
    };
    let (header, picture) = media::decode(data, limits, start)?;
    let hash = match pdq::hash(&picture.hash.finish()) {
        Some(hash) => hash,
        None => exactly(data, limits, pdq::hash)?.1,
    };
    let plane = picture.plane.finish();
    let variants = of(&plane);
    limits.deadline.check()?;
    Ok((header, hash, variants, plane))
}

/// Gives the pixels of one decoding to both.
struct Tee {
    hash: Decimator,
    plane: PlaneSink,
    luma: Vec<f32>,
}

impl PixelSink for Tee {
    const WANTED: Wanted = Wanted::Luma;

    fn pixels(&mut self, y: usize, x_start: usize, x_step: usize, pixels: Pixels<'_>) {
        if let Pixels::Ycc(_) = pixels {
            pdq::whole_luma(Level::best(), pixels, &mut self.luma); // once for both
            self.hash.add_line(y, &self.luma);
            self.plane.add_line(y, &self.luma);
        } else {
            self.hash.pixels(y, x_start, x_step, pixels);
            self.plane.pixels(y, x_start, x_step, pixels);
        }
    }
}

/// The header and the eight PDQ hashes of a picture.
pub fn hash_picture_dihedral(data: &[u8], limits: &Limits) -> Result<(Header, Dihedral), Refusal> {
    settled(data, limits, pdq::hash_dihedral)
}

/// Applies `hash` to the fast reduction and, if that leaves doubt that matters, to the exact one.
fn settled<T>(
    data: &[u8],
    limits: &Limits,
    hash: impl Fn(&Decimated) -> Option<T>,
) -> Result<(Header, T), Refusal> {
    let fast = |header: Header| Decimator::new(header.width_px, header.height_px);
    let (header, picture) = media::decode(data, limits, fast)?;
    if let Some(hash) = hash(&picture.finish()) {
        return Ok((header, hash));
    }
    exactly(data, limits, hash)
}

/// Applies `hash` to the exact reduction.
fn exactly<T>(
    data: &[u8],
    limits: &Limits,
    hash: impl Fn(&Decimated) -> Option<T>,
) -> Result<(Header, T), Refusal> {
    let exact = |header: Header| ExactDecimator::new(header.width_px, header.height_px);
    let (header, picture) = media::decode(data, limits, exact)?;
    // The exact reduction has no rounding left to doubt; were that ever broken, refuse.
    hash(&picture.finish()).map(|hash| (header, hash)).ok_or(Refusal::Unsupported)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Deadline;
    use crate::simd::Level;
    use crate::variants;
    use sha2::{Digest, Sha256};

    const PICTURES: [&[u8]; 2] = [
        include_bytes!("../testdata/waves.jpg"),
        include_bytes!("../testdata/waves-progressive.jpg"),
    ];

    fn limits() -> Limits {
        Limits { bytes_max: 1 << 20, pixels_max: 1 << 20, deadline: Deadline::in_ms(60_000) }
    }

    /// Of PyPI pdqhash 0.2.8 on Pillow's pixels.
    const HASHES: [&str; 2] = [
        "e18f0a37a1cf5a25632d0b251e70849f6b2500072b2df1c894dafdf8b4daf5f8",
        "618f0a37a5af7a2563ad0b253e70849f2b2500072b2df1c894dafdf894daf4f8",
    ];
    /// SHA-256 of all that is made of a picture, the same on every machine.
    const DIGESTS: [&str; 2] = [
        "9557260d59f8406327dcb462f30fa92fa9fbf77b5fe5713ca9282310f978a33b",
        "f84175707d47d5221b6aded6e10182b42f3d416c60b30426551edccc6405ce48",
    ];

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_picture_has_the_same_hash_whatever_the_instructions() {
        let mut digests = Vec::new();
        for (data, known) in PICTURES.iter().zip(HASHES) {
            let all = Level::all().map(|level| {
                level.trying(|| {
                    let full = hash_picture(data, &limits(), Fidelity::Full).unwrap().1;
                    let fast = hash_picture(data, &limits(), Fidelity::Fast).unwrap().1;
                    let eight = hash_picture_dihedral(data, &limits()).unwrap().1;
                    let (_, hash, parts, plane) =
                        hash_variants(data, &limits(), variants::asked).unwrap();
                    assert_eq!(hash, full);
                    (full, fast, eight, parts, plane.rounded())
                })
            });
            let all: Vec<_> = all.collect();
            assert_eq!(hex(&all[0].0.bytes), known);
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
            digests.push(hex(&Sha256::digest(format!("{:?}", all[0]))));
        }
        assert_eq!(digests, DIGESTS);
    }
}
