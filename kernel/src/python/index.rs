//! The Hamming index for Python: many readers while one writes.
//! It refuses codes of the wrong length and ids outside 64 bits with a ValueError.

use super::shapes::{id_error, many_codes, one_code, one_id, or_value_error, radius};
use crate::errors::{KernelError, with_code};
use crate::hamming::{self, Code, Index, Near};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Queries answered before writers get their turn.
const QUERIES_PER_TURN: usize = 64;

/// Exact search over 256-bit codes; ids are chosen by the caller and unique.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct HammingIndex(RwLock<Index>);

#[pymethods]
impl HammingIndex {
    #[new]
    fn new() -> Self {
        Self(RwLock::default())
    }

    /// Adds an entry, or replaces the code of the one with the same id.
    fn insert(&self, py: Python<'_>, code: &[u8], id: &Bound<'_, PyAny>) -> PyResult<()> {
        let code = one_code(code)?;
        let id = one_id(id)?;
        py.detach(|| {
            self.write()?.insert(code, id);
            Ok(())
        })
    }

    /// Adds many entries at once: all of them, or none if the shapes are wrong.
    fn insert_many(&self, py: Python<'_>, codes: &[u8], ids: &Bound<'_, PyAny>) -> PyResult<()> {
        let codes = many_codes(codes)?;
        let ids: Vec<u64> = ids.extract().map_err(|error| id_error(py, error))?;
        if codes.len() != ids.len() {
            return Err(PyValueError::new_err(format!(
                "codes hold {} codes but there are {} ids",
                codes.len(),
                ids.len()
            )));
        }
        py.detach(|| {
            let mut index = self.write()?;
            for (code, id) in codes.iter().zip(ids) {
                index.insert(Code::from_bytes(code), id);
            }
            Ok(())
        })
    }

    /// Takes an entry out; says whether it was there.
    fn remove(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = one_id(id)?;
        py.detach(|| Ok(self.write()?.remove(id)))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        py.detach(|| Ok(self.read()?.len()))
    }

    fn __contains__(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = one_id(id)?;
        py.detach(|| Ok(self.read()?.contains(id)))
    }

    /// Every entry within the radius as (id, distance_bits), by distance, then id.
    #[pyo3(signature = (code, *, distance_bits_max))]
    fn search(
        &self,
        py: Python<'_>,
        code: &[u8],
        distance_bits_max: i64,
    ) -> PyResult<Vec<(u64, u32)>> {
        let code = one_code(code)?;
        let radius = radius(distance_bits_max)?;
        py.detach(|| Ok(pairs(self.read()?.search(&code, radius))))
    }

    /// `search` for many codes; writers get their turn between batches of queries.
    #[pyo3(signature = (codes, *, distance_bits_max))]
    fn search_many(
        &self,
        py: Python<'_>,
        codes: &[u8],
        distance_bits_max: i64,
    ) -> PyResult<Vec<Vec<(u64, u32)>>> {
        let codes = many_codes(codes)?;
        let radius = radius(distance_bits_max)?;
        py.detach(|| {
            let mut found = Vec::with_capacity(codes.len());
            for batch in codes.chunks(QUERIES_PER_TURN) {
                let index = self.read()?;
                let search = |code| pairs(index.search(&Code::from_bytes(code), radius));
                found.extend(batch.iter().map(search));
            }
            Ok(found)
        })
    }

    /// Writes the entries and the caller's cursor to a file, whole or not at all.
    #[pyo3(signature = (path, *, cursor))]
    fn write_snapshot(
        &self,
        py: Python<'_>,
        path: PathBuf,
        cursor: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let cursor = cursor.extract().map_err(|error| {
            let too_far = "cursor must be between 0 and 2**64 - 1";
            or_value_error(py, error, too_far)
        })?;
        py.detach(|| {
            // A copy, so that writers need not wait for the disk.
            let (codes, ids) = {
                let index = self.read()?;
                let (codes, ids) = index.parts();
                (codes.to_vec(), ids.to_vec())
            };
            Ok(hamming::write(&path, &codes, &ids, cursor)?)
        })
    }

    /// Reads a snapshot back as (index, cursor).
    #[staticmethod]
    fn read_snapshot(py: Python<'_>, path: PathBuf) -> PyResult<(Self, u64)> {
        py.detach(|| {
            let (index, cursor) = hamming::read(&path)?;
            Ok((Self(RwLock::new(index)), cursor))
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<HammingIndex of {} codes>", self.__len__(py)?))
    }
}

impl HammingIndex {
    fn read(&self) -> PyResult<RwLockReadGuard<'_, Index>> {
        self.0.read().map_err(|_| unusable())
    }

    fn write(&self) -> PyResult<RwLockWriteGuard<'_, Index>> {
        self.0.write().map_err(|_| unusable())
    }
}

/// A change that broke off half-way would make answers inexact; better none.
fn unusable() -> PyErr {
    let sentence = "an earlier change to the index broke off: read its snapshot again";
    with_code(KernelError::new_err(sentence), "index_unusable")
}

fn pairs(found: Vec<Near>) -> Vec<(u64, u32)> {
    found.into_iter().map(|near| (near.id, near.distance_bits)).collect()
}
