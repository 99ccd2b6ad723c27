//! Variants of pictures for Python: which part, how it was laid, and its hash.
//! It refuses arguments of the wrong shape with a ValueError before looking at the bytes.

use super::corners::CornerWords;
use super::pictures::{Cost, PictureSignals, digests};
use crate::corners::corners_of;
use crate::fingerprint;
use crate::media::orientation_of;
use crate::variants::{Part, Plane, Variant, asked, banked};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A hash of a part of a picture, and how that part was come by.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct PictureVariant(Variant);

#[pymethods]
impl PictureVariant {
    #[getter]
    fn part(&self) -> &'static str {
        match self.0.part {
            Part::Whole => "whole",
            Part::Trimmed => "trimmed",
            Part::Evened => "evened",
            Part::Framed => "framed",
            Part::Cut => "cut",
            Part::Turned => "turned",
            Part::TurnedGrown => "turned_grown",
            Part::TurnedCut => "turned_cut",
        }
    }

    #[getter]
    fn window(&self) -> (f32, f32, f32, f32) {
        let window = self.0.window;
        (window.left, window.top, window.right, window.bottom)
    }

    #[getter]
    fn orientation(&self) -> &'static str {
        self.0.orientation.name()
    }

    #[getter]
    fn degrees(&self) -> f32 {
        self.0.degrees
    }

    #[getter]
    fn pdq<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.hash.bytes)
    }

    #[getter]
    fn pdq_quality(&self) -> u8 {
        self.0.hash.quality
    }

    fn __repr__(&self) -> String {
        // No hash: representations end up in logs.
        format!("<PictureVariant {} {}>", self.part(), self.orientation())
    }
}

/// The small luma plane that variants are hashed from.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct LumaPlane {
    #[pyo3(get)]
    width_px: usize,
    #[pyo3(get)]
    height_px: usize,
    values: Vec<u8>,
    upright: (bool, bool, bool),
}

#[pymethods]
impl LumaPlane {
    #[getter]
    fn upright(&self) -> (bool, bool, bool) {
        self.upright
    }

    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.values)
    }

    fn corners(&self, py: Python<'_>) -> CornerWords {
        py.detach(|| CornerWords(corners_of(&self.values, self.width_px, self.height_px)))
    }

    fn __repr__(&self) -> String {
        format!("<LumaPlane {} x {}>", self.width_px, self.height_px)
    }
}

/// Digests, PDQ hash, variants and luma plane of a picture, from one decoding.
#[pyfunction]
#[pyo3(signature = (data, *, wanted, bytes_max, pixels_max, time_ms_max))]
pub fn hash_variants(
    py: Python<'_>,
    data: &[u8],
    wanted: &str,
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
) -> PyResult<(PictureSignals, Vec<PictureVariant>, LumaPlane)> {
    let of: fn(&Plane) -> Vec<Variant> = match wanted {
        "asked" => asked,
        "banked" => banked,
        _ => return Err(PyValueError::new_err("wanted must be 'asked' or 'banked'")),
    };
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    py.detach(|| {
        let (header, pdq, variants, plane) =
            fingerprint::hash_variants(data, &cost.starting_now(), of)?;
        let (md5, sha256) = digests(data);
        let variants = variants.into_iter().map(PictureVariant).collect();
        let (width_px, height_px, values) = (plane.width, plane.height, plane.rounded());
        let asked = orientation_of(data, header.format);
        let upright = (asked.transposes, asked.mirrors_x, asked.mirrors_y);
        let plane = LumaPlane { width_px, height_px, values, upright };
        Ok((PictureSignals { header, md5, sha256, pdq }, variants, plane))
    })
}
