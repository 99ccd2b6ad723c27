//! Pictures for Python: signals, digests, renderings.
//! It refuses arguments of the wrong shape with a ValueError before looking at the bytes.

use crate::fingerprint;
use crate::media::{self, Deadline, Limits, Style};
use crate::pdq;
use md5::Md5;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use sha2::{Digest, Sha256};

/// What is computed from one picture to recognise it.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct PictureSignals {
    header: media::Header,
    md5: [u8; 16],
    sha256: [u8; 32],
    pdq: pdq::PdqHash,
}

#[pymethods]
impl PictureSignals {
    #[getter]
    fn format(&self) -> &'static str {
        self.header.format.name()
    }

    #[getter]
    fn width_px(&self) -> usize {
        self.header.width_px
    }

    #[getter]
    fn height_px(&self) -> usize {
        self.header.height_px
    }

    #[getter]
    fn md5<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.md5)
    }

    #[getter]
    fn sha256<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sha256)
    }

    #[getter]
    fn pdq<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.pdq.bytes)
    }

    #[getter]
    fn pdq_quality(&self) -> u8 {
        self.pdq.quality
    }

    fn __repr__(&self) -> String {
        let media::Header { format, width_px, height_px } = self.header;
        let quality = self.pdq.quality;
        // No hash: representations end up in logs.
        format!("<PictureSignals {} {width_px}x{height_px} quality {quality}>", format.name())
    }
}

/// PDQ hashes of the eight ways to turn and mirror one picture.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct DihedralHashes(pdq::Dihedral);

#[pymethods]
impl DihedralHashes {
    #[getter]
    fn pdq<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.0.bytes.iter().map(|bytes| PyBytes::new(py, bytes)))
    }

    #[getter]
    fn quality(&self) -> u8 {
        self.0.quality
    }

    fn __repr__(&self) -> String {
        format!("<DihedralHashes quality {}>", self.0.quality)
    }
}

/// Digests and PDQ hash of a picture.
#[pyfunction]
#[pyo3(signature = (data, *, bytes_max, pixels_max, time_ms_max))]
pub fn hash_picture(
    py: Python<'_>,
    data: &[u8],
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
) -> PyResult<PictureSignals> {
    let limits = limits(bytes_max, pixels_max, time_ms_max)?;
    py.detach(|| {
        let (header, pdq) = fingerprint::hash_picture(data, &limits)?;
        let (md5, sha256) = digests(data);
        Ok(PictureSignals { header, md5, sha256, pdq })
    })
}

/// PDQ hashes of a picture in its eight orientations, in the order of the reference.
#[pyfunction]
#[pyo3(signature = (data, *, bytes_max, pixels_max, time_ms_max))]
pub fn hash_picture_dihedral(
    py: Python<'_>,
    data: &[u8],
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
) -> PyResult<DihedralHashes> {
    let limits = limits(bytes_max, pixels_max, time_ms_max)?;
    py.detach(|| {
        let (_, hashes) = fingerprint::hash_picture_dihedral(data, &limits)?;
        Ok(DihedralHashes(hashes))
    })
}

/// MD5 and SHA-256 of any bytes.
#[pyfunction]
pub fn digest_bytes<'py>(
    py: Python<'py>,
    data: &[u8],
) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
    let (md5, sha256) = py.detach(|| digests(data));
    (PyBytes::new(py, &md5), PyBytes::new(py, &sha256))
}

/// A small PNG for people, upright, without metadata.
#[pyfunction]
#[pyo3(signature = (data, *, side_px_max, style, bytes_max, pixels_max, time_ms_max))]
pub fn render_picture<'py>(
    py: Python<'py>,
    data: &[u8],
    side_px_max: i64,
    style: &str,
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
) -> PyResult<Bound<'py, PyBytes>> {
    let style = match style {
        "clear" => Style::Clear,
        "veiled" => Style::Veiled,
        _ => return Err(PyValueError::new_err("style must be 'clear' or 'veiled'")),
    };
    let side_px_max = usize::try_from(side_px_max)
        .ok()
        .filter(|side| (1..=media::SIDE_PX_LIMIT).contains(side))
        .ok_or_else(|| {
            let limit = media::SIDE_PX_LIMIT;
            PyValueError::new_err(format!("side_px_max must be between 1 and {limit}"))
        })?;
    let limits = limits(bytes_max, pixels_max, time_ms_max)?;
    let file = py.detach(|| media::render(data, &limits, side_px_max, style))?;
    Ok(PyBytes::new(py, &file))
}

fn digests(data: &[u8]) -> ([u8; 16], [u8; 32]) {
    (Md5::digest(data).into(), Sha256::digest(data).into())
}

fn limits(bytes_max: i64, pixels_max: i64, time_ms_max: i64) -> PyResult<Limits> {
    let positive = |name: &str, value: i64| match u64::try_from(value) {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(PyValueError::new_err(format!("{name} must be at least 1"))),
    };
    Ok(Limits {
        bytes_max: usize::try_from(positive("bytes_max", bytes_max)?).unwrap_or(usize::MAX),
        pixels_max: positive("pixels_max", pixels_max)?,
        deadline: Deadline::in_ms(positive("time_ms_max", time_ms_max)?),
    })
}
