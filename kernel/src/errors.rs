//! What the kernel may answer instead of a result, each with a stable code for Python.
//! Messages never carry content, hashes or identities.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::{PyErr, create_exception};

create_exception!(
    vigie_kernel,
    KernelError,
    PyException,
    "Any refusal of the kernel; `code` is stable."
);
create_exception!(
    vigie_kernel,
    MediumRefused,
    KernelError,
    "The bytes are not a picture that the kernel accepts."
);
create_exception!(
    vigie_kernel,
    SnapshotDamaged,
    KernelError,
    "The file is not a whole index snapshot."
);

/// Why a picture was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No bytes at all.
    Empty,
    /// Longer than `bytes_max`.
    TooManyBytes,
    /// The header announces more than `pixels_max`.
    TooManyPixels,
    /// None of the four formats.
    UnknownFormat,
    /// Breaks its format's rules, or ends too early.
    Malformed,
    /// Allowed by its format, but not decoded here.
    Unsupported,
    /// Took longer than `time_ms_max`.
    TimedOut,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooManyBytes => "too_many_bytes",
            Self::TooManyPixels => "too_many_pixels",
            Self::UnknownFormat => "unknown_format",
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::TimedOut => "timed_out",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "there are no bytes",
            Self::TooManyBytes => "the file is longer than the limit on bytes",
            Self::TooManyPixels => "the picture has more pixels than the limit",
            Self::UnknownFormat => "the bytes are neither JPEG, PNG, WebP nor GIF",
            Self::Malformed => "the picture is damaged or ends too early",
            Self::Unsupported => "the picture uses a variant of its format that is not decoded",
            Self::TimedOut => "decoding took longer than the limit on time",
        }
    }
}

impl From<Refusal> for PyErr {
    fn from(refusal: Refusal) -> Self {
        with_code(MediumRefused::new_err(refusal.sentence()), refusal.code())
    }
}

/// Why a snapshot was refused.
#[derive(Debug)]
pub enum SnapshotError {
    /// No such file.
    Missing,
    /// Another kind of file.
    BadMagic,
    /// Written by another version.
    BadVersion,
    /// Truncated, or longer than it says.
    BadLength,
    /// Its bytes changed since it was written.
    BadChecksum,
    /// The system refused to read it.
    Io(std::io::Error),
}

impl From<std::io::Error> for SnapshotError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing,
            std::io::ErrorKind::UnexpectedEof => Self::BadLength,
            _ => Self::Io(error),
        }
    }
}

impl From<SnapshotError> for PyErr {
    fn from(error: SnapshotError) -> Self {
        let (code, sentence) = match error {
            SnapshotError::Missing => ("missing", "there is no snapshot at this path"),
            SnapshotError::BadMagic => ("bad_magic", "the file is not an index snapshot"),
            SnapshotError::BadVersion => ("bad_version", "another version wrote the snapshot"),
            SnapshotError::BadLength => ("bad_length", "the snapshot is truncated or extended"),
            SnapshotError::BadChecksum => ("bad_checksum", "the snapshot's bytes have changed"),
            SnapshotError::Io(error) => return error.into(),
        };
        with_code(SnapshotDamaged::new_err(sentence), code)
    }
}

/// Sets `code` on an exception, as the stub promises.
pub fn with_code(error: PyErr, code: &'static str) -> PyErr {
    Python::attach(|py| match error.value(py).setattr("code", code) {
        Ok(()) => error,
        Err(failure) => failure,
    })
}
