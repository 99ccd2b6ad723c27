//! Shapes of arguments, checked before any work.
//! It refuses wrong ones with a ValueError that says what was expected.

use crate::hamming::{CODE_BYTES, Code, DISTANCE_BITS_LIMIT};
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;

/// One code.
pub fn one_code(bytes: &[u8]) -> PyResult<Code> {
    bytes.try_into().map_err(|_| {
        PyValueError::new_err(format!("a code has {CODE_BYTES} bytes, not {}", bytes.len()))
    })
}

/// Codes side by side.
pub fn many_codes(bytes: &[u8]) -> PyResult<&[[u8; CODE_BYTES]]> {
    match bytes.as_chunks::<CODE_BYTES>() {
        (codes, []) => Ok(codes),
        _ => Err(PyValueError::new_err(format!(
            "codes have {CODE_BYTES} bytes each; {} bytes are no multiple",
            bytes.len()
        ))),
    }
}

/// A radius within the limit.
pub fn radius(distance_bits_max: i64) -> PyResult<u32> {
    radius_up_to(DISTANCE_BITS_LIMIT, distance_bits_max)
}

/// A radius within a limit of its own.
pub fn radius_up_to(limit: u32, distance_bits_max: i64) -> PyResult<u32> {
    u32::try_from(distance_bits_max).ok().filter(|radius| *radius <= limit).ok_or_else(|| {
        PyValueError::new_err(format!("distance_bits_max must be between 0 and {limit}"))
    })
}

/// A number that may not be too small.
pub fn at_least(name: &str, value: i64, least: usize) -> PyResult<usize> {
    let refusal = || PyValueError::new_err(format!("{name} must be at least {least}"));
    usize::try_from(value).ok().filter(|value| *value >= least).ok_or_else(refusal)
}

/// The error for a bank that is none.
pub fn bank_error(py: Python<'_>, error: PyErr) -> PyErr {
    or_value_error(py, error, "a bank must be between 0 and 2**32 - 1")
}

/// An id within 64 bits.
pub fn one_id(id: &Bound<'_, PyAny>) -> PyResult<u64> {
    id.extract().map_err(|error| id_error(id.py(), error))
}

/// The error for an id that is none.
pub fn id_error(py: Python<'_>, error: PyErr) -> PyErr {
    or_value_error(py, error, "an id must be between 0 and 2**64 - 1")
}

/// Too large or negative is a wrong value; anything else stays what it is.
pub fn or_value_error(py: Python<'_>, error: PyErr, sentence: &'static str) -> PyErr {
    if error.is_instance_of::<PyOverflowError>(py) {
        PyValueError::new_err(sentence)
    } else {
        error
    }
}
