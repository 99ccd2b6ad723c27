//! The vector scan for Python: any buffer of codes, where it lies.
//! It refuses a buffer with gaps, and an answer longer than the caller's limit.

use super::shapes::{at_least, many_codes, radius};
use crate::errors::{KernelError, with_code};
use crate::hamming::{Scan, pairs};
use crate::simd::Path;
use crate::simd::buffer::bytes_of;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;

/// Every code of a buffer that is near a query, as (query, place, distance_bits), by query, then place.
#[pyfunction]
#[pyo3(signature = (codes, queries, *, distance_bits_max, threads = 1, limit))]
pub fn scan_codes(
    py: Python<'_>,
    codes: &Bound<'_, PyAny>,
    queries: &[u8],
    distance_bits_max: i64,
    threads: i64,
    limit: i64,
) -> PyResult<Vec<(usize, usize, u32)>> {
    let buffer = PyUntypedBuffer::get(codes)?;
    let codes = bytes_of(&buffer).ok_or_else(|| PyBufferError::new_err("the buffer has gaps"))?;
    let codes = many_codes(codes)?;
    let scan = Scan {
        queries: many_codes(queries)?,
        distance_bits_max: radius(distance_bits_max)?,
        threads: at_least("threads", threads, 1)?,
        limit: at_least("limit", limit, 0)?,
        path: Path::best(),
    };
    py.detach(|| {
        let found = pairs(codes, &scan).ok_or_else(too_many)?;
        Ok(found.into_iter().map(|one| (one.query, one.place, one.distance_bits)).collect())
    })
}

fn too_many() -> PyErr {
    let sentence = "more pairs are within the radius than the limit allows";
    with_code(KernelError::new_err(sentence), "too_many_pairs")
}
