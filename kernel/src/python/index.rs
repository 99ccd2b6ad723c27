//! The Hamming index for Python: many readers while one writes and another merges.
//! It refuses codes of the wrong length and ids outside 64 bits with a ValueError.

use super::shapes::{
    at_least, bank_error, id_error, many_codes, one_code, one_id, or_value_error, radius_up_to,
};
use crate::errors::{KernelError, with_code};
use crate::hamming::{
    DISTANCE_BITS_LIMIT, Description, Entry, Failure, Index, Near, Options, Structure,
    TABLES_ROWS_MIN, Unusable,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::path::PathBuf;

/// Exact search over 256-bit codes; ids are chosen by the caller and unique.
#[pyclass(frozen, module = "vigie_kernel")]
pub struct HammingIndex(Index);

/// A near entry of one of many queries: which query, whose id, how far.
type Found = (usize, u64, u32);

#[pymethods]
impl HammingIndex {
    #[new]
    #[pyo3(signature = (*, distance_bits_max = i64::from(DISTANCE_BITS_LIMIT), tables_rows_min = TABLES_ROWS_MIN as i64))]
    fn new(distance_bits_max: i64, tables_rows_min: i64) -> PyResult<Self> {
        let radius = radius_up_to(DISTANCE_BITS_LIMIT, distance_bits_max)?;
        Ok(Self(Index::new(radius, at_least("tables_rows_min", tables_rows_min, 0)?)))
    }

    /// Adds an entry, or replaces the one with the same id.
    #[pyo3(signature = (code, id, *, bank = 0))]
    fn insert(
        &self,
        py: Python<'_>,
        code: &[u8],
        id: &Bound<'_, PyAny>,
        bank: i64,
    ) -> PyResult<()> {
        let bank = u32::try_from(bank).map_err(|_| PyValueError::new_err(BANK_RANGE))?;
        let entry = Entry { id: one_id(id)?, code: one_code(code)?, bank, enabled: true };
        py.detach(|| Ok(self.0.insert(&[entry])?))
    }

    /// Adds many entries: all of them, or none if the shapes are wrong.
    #[pyo3(signature = (codes, ids, *, banks = None))]
    fn insert_many(
        &self,
        py: Python<'_>,
        codes: &[u8],
        ids: &Bound<'_, PyAny>,
        banks: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let codes = many_codes(codes)?;
        let ids: Vec<u64> = ids.extract().map_err(|error| id_error(py, error))?;
        let banks: Vec<u32> = match banks {
            Some(banks) => banks.extract().map_err(|error| bank_error(py, error))?,
            None => vec![0; ids.len()],
        };
        if codes.len() != ids.len() || banks.len() != ids.len() {
            return Err(PyValueError::new_err(format!(
                "codes hold {} codes but there are {} ids and {} banks",
                codes.len(),
                ids.len(),
                banks.len()
            )));
        }
        py.detach(|| {
            let entry = |((code, id), bank): ((&[u8; 32], u64), u32)| Entry {
                id,
                code: *code,
                bank,
                enabled: true,
            };
            let entries: Vec<Entry> = codes.iter().zip(ids).zip(banks).map(entry).collect();
            Ok(self.0.insert(&entries)?)
        })
    }

    /// Takes an entry out; says whether it was there.
    fn remove(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = one_id(id)?;
        py.detach(|| Ok(self.0.remove(id)?))
    }

    /// Lets an entry be found, or not, without taking it out; says whether it is there.
    #[pyo3(signature = (id, *, enabled))]
    fn set_enabled(&self, py: Python<'_>, id: &Bound<'_, PyAny>, enabled: bool) -> PyResult<bool> {
        let id = one_id(id)?;
        py.detach(|| Ok(self.0.set_enabled(id, enabled)?))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.describe(py)?.entries)
    }

    fn __contains__(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<bool> {
        let id = one_id(id)?;
        py.detach(|| Ok(self.0.contains(id)?))
    }

    #[getter]
    fn distance_bits_max(&self) -> u32 {
        self.0.distance_bits_max()
    }

    #[getter]
    fn bytes_held(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.describe(py)?.bytes)
    }

    #[getter]
    fn segments(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.describe(py)?.segments)
    }

    #[getter]
    fn pending(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.describe(py)?.pending)
    }

    #[getter]
    fn is_mapped(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.describe(py)?.is_mapped)
    }

    #[getter]
    fn is_merge_due(&self, py: Python<'_>) -> PyResult<bool> {
        py.detach(|| Ok(self.0.is_merge_due()?))
    }

    /// Where a search of this radius looks in the largest segment: "tables" or "scan".
    #[pyo3(signature = (*, distance_bits_max))]
    fn structure(&self, py: Python<'_>, distance_bits_max: i64) -> PyResult<&'static str> {
        let radius = self.radius(distance_bits_max)?;
        py.detach(|| {
            Ok(match self.0.structure(radius)? {
                Structure::Tables => "tables",
                Structure::Scan => "scan",
            })
        })
    }

    /// Every entry within the radius as (id, distance_bits), by distance, then id.
    #[pyo3(signature = (code, *, distance_bits_max, limit = None, banks = None, structure = None))]
    fn search(
        &self,
        py: Python<'_>,
        code: &[u8],
        distance_bits_max: i64,
        limit: Option<i64>,
        banks: Option<&Bound<'_, PyAny>>,
        structure: Option<&str>,
    ) -> PyResult<Vec<(u64, u32)>> {
        let code = one_code(code)?;
        let radius = self.radius(distance_bits_max)?;
        let wish = Wish::parse(py, limit, banks, structure, 1)?;
        py.detach(|| {
            let found = self.0.search(&[code], radius, &wish.options())?;
            Ok(found.into_iter().flatten().map(pair).collect())
        })
    }

    /// `search` for many codes; writers get their turn between batches of queries.
    #[pyo3(signature = (codes, *, distance_bits_max, limit = None, banks = None, structure = None, threads = 1))]
    #[expect(clippy::too_many_arguments, reason = "named arguments of Python")]
    fn search_many(
        &self,
        py: Python<'_>,
        codes: &[u8],
        distance_bits_max: i64,
        limit: Option<i64>,
        banks: Option<&Bound<'_, PyAny>>,
        structure: Option<&str>,
        threads: i64,
    ) -> PyResult<Vec<Vec<(u64, u32)>>> {
        let codes = many_codes(codes)?;
        let radius = self.radius(distance_bits_max)?;
        let wish = Wish::parse(py, limit, banks, structure, threads)?;
        py.detach(|| {
            let found = self.0.search(codes, radius, &wish.options())?;
            Ok(found.into_iter().map(|near| near.into_iter().map(pair).collect()).collect())
        })
    }

    /// As `search_many`, in one list: (number of the query, id, distance_bits) for whatever was found.
    #[pyo3(signature = (codes, *, distance_bits_max, limit = None, banks = None, structure = None, threads = 1))]
    #[expect(clippy::too_many_arguments, reason = "named arguments of Python")]
    fn search_flat(
        &self,
        py: Python<'_>,
        codes: &[u8],
        distance_bits_max: i64,
        limit: Option<i64>,
        banks: Option<&Bound<'_, PyAny>>,
        structure: Option<&str>,
        threads: i64,
    ) -> PyResult<Vec<Found>> {
        let codes = many_codes(codes)?;
        let radius = self.radius(distance_bits_max)?;
        let wish = Wish::parse(py, limit, banks, structure, threads)?;
        py.detach(|| {
            let found = self.0.search(codes, radius, &wish.options())?;
            let flat = found.into_iter().enumerate().flat_map(|(query, near)| {
                near.into_iter().map(move |one| (query, one.id, one.distance_bits))
            });
            Ok(flat.collect())
        })
    }

    /// Puts pending entries into a segment with tables; searches and changes go on meanwhile.
    #[pyo3(signature = (*, into_one = false, threads = 1))]
    fn merge(&self, py: Python<'_>, into_one: bool, threads: i64) -> PyResult<bool> {
        let threads = at_least("threads", threads, 1)?;
        py.detach(|| Ok(self.0.merge(into_one, threads)?))
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
        py.detach(|| Ok(self.0.write_snapshot(&path, cursor)?))
    }

    /// Maps a snapshot and gives it back as (index, cursor).
    #[staticmethod]
    #[pyo3(signature = (path, *, threads = 2))]
    fn read_snapshot(py: Python<'_>, path: PathBuf, threads: i64) -> PyResult<(Self, u64)> {
        let threads = at_least("threads", threads, 1)?;
        py.detach(|| {
            let (index, cursor) = Index::read_snapshot(&path, threads)?;
            Ok((Self(index), cursor))
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<HammingIndex of {} codes>", self.__len__(py)?))
    }
}

const BANK_RANGE: &str = "a bank must be between 0 and 2**32 - 1";

impl HammingIndex {
    fn describe(&self, py: Python<'_>) -> PyResult<Description> {
        py.detach(|| Ok(self.0.describe()?))
    }

    fn radius(&self, distance_bits_max: i64) -> PyResult<u32> {
        radius_up_to(self.0.distance_bits_max(), distance_bits_max)
    }
}

/// What a search asks for beyond codes and radius, checked.
struct Wish {
    limit: Option<usize>,
    banks: Option<Vec<u32>>,
    structure: Option<Structure>,
    threads: usize,
}

impl Wish {
    fn parse(
        py: Python<'_>,
        limit: Option<i64>,
        banks: Option<&Bound<'_, PyAny>>,
        structure: Option<&str>,
        threads: i64,
    ) -> PyResult<Self> {
        let mut banks: Option<Vec<u32>> = match banks {
            Some(banks) => Some(banks.extract().map_err(|error| bank_error(py, error))?),
            None => None,
        };
        banks.iter_mut().for_each(|banks| banks.sort_unstable());
        let structure = match structure {
            None => None,
            Some("tables") => Some(Structure::Tables),
            Some("scan") => Some(Structure::Scan),
            Some(_) => {
                return Err(PyValueError::new_err("structure must be \"tables\" or \"scan\""));
            }
        };
        let limit = limit.map(|limit| at_least("limit", limit, 0)).transpose()?;
        Ok(Self { limit, banks, structure, threads: at_least("threads", threads, 1)? })
    }

    fn options(&self) -> Options<'_> {
        let Self { limit, structure, threads, .. } = *self;
        Options { limit, banks: self.banks.as_deref(), structure, threads }
    }
}

/// A change that broke off half-way would make answers inexact; better none.
impl From<Unusable> for PyErr {
    fn from(_: Unusable) -> Self {
        let sentence = "an earlier change to the index broke off: read its snapshot again";
        with_code(KernelError::new_err(sentence), "index_unusable")
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unusable => Unusable.into(),
            Failure::Io(error) => error.into(),
        }
    }
}

fn pair(near: Near) -> (u64, u32) {
    (near.id, near.distance_bits)
}
