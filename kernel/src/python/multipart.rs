//! Multipart bodies for Python.
//! It refuses nothing: what is not plain comes back as None.

use crate::multipart::split;
use pyo3::prelude::*;

/// (name, start, end) of each part of a plain multipart body; None for one that is not plain.
#[pyfunction]
#[pyo3(signature = (body, boundary, *, parts_max))]
pub fn split_multipart<'a>(
    py: Python<'_>,
    body: &'a [u8],
    boundary: &[u8],
    parts_max: usize,
) -> Option<Vec<(&'a str, usize, usize)>> {
    let parts = py.detach(|| split(body, boundary, parts_max))?;
    Some(parts.into_iter().map(|part| (part.name, part.place.start, part.place.end)).collect())
}
