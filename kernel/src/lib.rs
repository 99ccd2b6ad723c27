//! `vigie_kernel`: picture signals, safe renderings and exact Hamming search for Vigie.
//! It refuses to know banks, policies or people; it sees bytes and numbers only.

mod corners;
mod errors;
mod fingerprint;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod hamming;
mod media;
mod multipart;
mod pdq;
mod python;
mod simd;
mod variants;

use pyo3::prelude::*;

/// The export list.
#[pymodule(gil_used = false)]
mod vigie_kernel {
    #[pymodule_export]
    use crate::errors::{KernelError, MediumRefused, SnapshotDamaged};
    #[pymodule_export]
    use crate::python::corners::{CornerWords, WordIndex};
    #[pymodule_export]
    use crate::python::index::HammingIndex;
    #[pymodule_export]
    use crate::python::multipart::split_multipart;
    #[pymodule_export]
    use crate::python::pictures::{
        DihedralHashes, PictureSignals, decode_picture, digest_bytes, hash_picture,
        hash_picture_dihedral, hash_pictures, pdq_picture, render_picture,
    };
    #[pymodule_export]
    use crate::python::scanning::scan_codes;
    #[pymodule_export]
    use crate::python::variants::{LumaPlane, PictureVariant, hash_variants};
}
