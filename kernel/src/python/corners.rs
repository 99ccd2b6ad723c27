//! Words of corners for Python: of a plane, and an index of those of entries.
//! It refuses words of the wrong shape with a ValueError before looking at them.

use super::shapes::at_least;
use crate::corners::{self, BANKED_BYTES, Banked, CORNERS_MAX};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The first byte of words as they are stored.
const FORM: u8 = 2;

/// The words of a picture's corners.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct CornerWords(pub(super) corners::Corners);

#[pymethods]
impl CornerWords {
    fn __len__(&self) -> usize {
        self.0.as_it_is.len()
    }

    #[getter]
    fn banked<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut stored = vec![FORM];
        stored.extend(self.0.as_it_is.iter().flat_map(|corner| Banked::from(corner).write()));
        PyBytes::new(py, &stored)
    }

    fn __repr__(&self) -> String {
        format!("<CornerWords {}>", self.0.as_it_is.len())
    }
}

/// Words of entries, by which those that share corners with a picture are found.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct WordIndex(corners::WordIndex, usize);

#[pymethods]
impl WordIndex {
    #[new]
    fn new(py: Python<'_>, entries: Vec<Vec<u8>>) -> PyResult<Self> {
        let parsed: Option<Vec<Vec<Banked>>> = entries.iter().map(|one| parsed(one)).collect();
        let corners =
            parsed.ok_or_else(|| PyValueError::new_err("these are no words of corners"))?;
        Ok(py.detach(|| Self(corners::WordIndex::of(&corners), corners.len())))
    }

    fn __len__(&self) -> usize {
        self.1
    }

    #[getter]
    fn bytes_held(&self) -> usize {
        self.0.bytes_held()
    }

    #[pyo3(signature = (asked, *, votes_min, owners_max))]
    fn shared(
        &self,
        py: Python<'_>,
        asked: &CornerWords,
        votes_min: i64,
        owners_max: i64,
    ) -> PyResult<Vec<(u32, u32, bool)>> {
        let votes_min = at_least("votes_min", votes_min, 1)?.try_into().unwrap_or(u32::MAX);
        let owners_max = at_least("owners_max", owners_max, 1)?;
        Ok(py.detach(|| {
            let ways = [(&asked.0.as_it_is, false), (&asked.0.mirrored, true)];
            let found = ways.into_iter().flat_map(|(corners, is_mirrored)| {
                let shared = self.0.shared(corners, votes_min, owners_max);
                shared.into_iter().map(move |one| (one.entry, one.votes, is_mirrored))
            });
            let mut found: Vec<_> = found.collect();
            found.sort_unstable_by_key(|one| (std::cmp::Reverse(one.1), one.0, one.2));
            found
        }))
    }
}

fn parsed(stored: &[u8]) -> Option<Vec<Banked>> {
    let (form, body) = stored.split_first()?;
    match body.as_chunks::<BANKED_BYTES>() {
        (corners, []) if *form == FORM && corners.len() <= CORNERS_MAX => {
            Some(corners.iter().map(Banked::parse).collect())
        }
        _ => None,
    }
}
