//! Pictures for Python: signals, digests, renderings.
//! It refuses arguments of the wrong shape with a ValueError before looking at the bytes.

use crate::errors::Refusal;
use crate::fingerprint::{self, Fidelity};
use crate::media::{self, Deadline, Limits, Style};
use crate::pdq;
use md5::Md5;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyList};
use sha2::{Digest, Sha256};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What is computed from one picture to recognise it.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct PictureSignals {
    pub(super) header: media::Header,
    pub(super) md5: [u8; 16],
    pub(super) sha256: [u8; 32],
    pub(super) pdq: pdq::PdqHash,
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
#[pyo3(signature = (data, *, bytes_max, pixels_max, time_ms_max, fidelity = "full"))]
pub fn hash_picture(
    py: Python<'_>,
    data: &[u8],
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
    fidelity: &str,
) -> PyResult<PictureSignals> {
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    let fidelity = fidelity_named(fidelity)?;
    Ok(py.detach(|| signals(data, cost, fidelity))?)
}

/// The PDQ hash alone and its quality.
#[pyfunction]
#[pyo3(signature = (data, *, bytes_max, pixels_max, time_ms_max, fidelity = "full"))]
pub fn pdq_picture<'py>(
    py: Python<'py>,
    data: &[u8],
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
    fidelity: &str,
) -> PyResult<(Bound<'py, PyBytes>, u8)> {
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    let fidelity = fidelity_named(fidelity)?;
    let (_, pdq) = py.detach(|| fingerprint::hash_picture(data, &cost.starting_now(), fidelity))?;
    Ok((PyBytes::new(py, &pdq.bytes), pdq.quality))
}

/// Format, width and height of a picture that was decoded whole, as for hashing, and thrown away.
#[pyfunction]
#[pyo3(signature = (data, *, bytes_max, pixels_max, time_ms_max))]
pub fn decode_picture(
    py: Python<'_>,
    data: &[u8],
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
) -> PyResult<(&'static str, usize, usize)> {
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    let header = py.detach(|| fingerprint::decode_picture(data, &cost.starting_now()))?;
    Ok((header.format.name(), header.width_px, header.height_px))
}

/// Digests and PDQ hashes of many pictures, or why each was refused, in their order.
#[pyfunction]
#[pyo3(signature = (
    pictures, *, bytes_max, pixels_max, time_ms_max, fidelity = "full", threads = 1
))]
pub fn hash_pictures<'py>(
    py: Python<'py>,
    pictures: Vec<PyBackedBytes>,
    bytes_max: i64,
    pixels_max: i64,
    time_ms_max: i64,
    fidelity: &str,
    threads: i64,
) -> PyResult<Bound<'py, PyList>> {
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    let fidelity = fidelity_named(fidelity)?;
    let threads = usize::try_from(threads)
        .ok()
        .filter(|threads| (1..=THREADS_LIMIT).contains(threads))
        .ok_or_else(|| {
            PyValueError::new_err(format!("threads must be between 1 and {THREADS_LIMIT}"))
        })?;
    if pictures.len() > BATCH_LIMIT {
        return Err(PyValueError::new_err(format!("at most {BATCH_LIMIT} pictures at once")));
    }
    let found = py.detach(|| in_threads(&pictures, threads, |data| signals(data, cost, fidelity)));
    let list = PyList::empty(py);
    for outcome in found {
        match outcome {
            Ok(signals) => list.append(Bound::new(py, signals)?)?,
            Err(refusal) => list.append(PyErr::from(refusal).into_value(py))?,
        }
    }
    Ok(list)
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
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    py.detach(|| {
        let (_, hashes) = fingerprint::hash_picture_dihedral(data, &cost.starting_now())?;
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
    let cost = Cost::checked(bytes_max, pixels_max, time_ms_max)?;
    let file = py.detach(|| media::render(data, &cost.starting_now(), side_px_max, style))?;
    Ok(PyBytes::new(py, &file))
}

pub(super) fn digests(data: &[u8]) -> ([u8; 16], [u8; 32]) {
    (Md5::digest(data).into(), Sha256::digest(data).into())
}

fn signals(data: &[u8], cost: Cost, fidelity: Fidelity) -> Result<PictureSignals, Refusal> {
    let (header, pdq) = fingerprint::hash_picture(data, &cost.starting_now(), fidelity)?;
    let (md5, sha256) = digests(data);
    Ok(PictureSignals { header, md5, sha256, pdq })
}

/// Most threads of one call.
const THREADS_LIMIT: usize = 256;

/// Most pictures of one call.
const BATCH_LIMIT: usize = 65_536;

/// Applies `work` to each picture; each thread takes the next one that nobody has taken.
fn in_threads<T: Send>(
    pictures: &[PyBackedBytes],
    threads: usize,
    work: impl Fn(&[u8]) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take_some = || {
        let mut done = Vec::new();
        while let place = next.fetch_add(1, Ordering::Relaxed)
            && let Some(picture) = pictures.get(place)
        {
            done.push((place, work(picture)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> =
            (1..threads.min(pictures.len())).map(|_| scope.spawn(take_some)).collect();
        let mut done = take_some();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn fidelity_named(name: &str) -> PyResult<Fidelity> {
    match name {
        "full" => Ok(Fidelity::Full),
        "fast" => Ok(Fidelity::Fast),
        _ => Err(PyValueError::new_err("fidelity must be 'full' or 'fast'")),
    }
}

/// What one picture may cost, whenever its turn comes.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    bytes_max: usize,
    pixels_max: u64,
    time_ms_max: u64,
}

impl Cost {
    pub(super) fn checked(bytes_max: i64, pixels_max: i64, time_ms_max: i64) -> PyResult<Self> {
        let positive = |name: &str, value: i64| match u64::try_from(value) {
            Ok(value) if value > 0 => Ok(value),
            _ => Err(PyValueError::new_err(format!("{name} must be at least 1"))),
        };
        Ok(Self {
            bytes_max: usize::try_from(positive("bytes_max", bytes_max)?).unwrap_or(usize::MAX),
            pixels_max: positive("pixels_max", pixels_max)?,
            time_ms_max: positive("time_ms_max", time_ms_max)?,
        })
    }

    pub(super) fn starting_now(self) -> Limits {
        Limits {
            bytes_max: self.bytes_max,
            pixels_max: self.pixels_max,
            deadline: Deadline::in_ms(self.time_ms_max),
        }
    }
}
