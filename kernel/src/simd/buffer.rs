//! The bytes of a Python buffer, without a copy, for work that is done without the GIL.
//! It refuses buffers with gaps.

use pyo3::buffer::PyUntypedBuffer;

/// The bytes of a contiguous buffer; `None` if it has gaps.
///
/// The buffer keeps its memory where it is. If its owner writes into it meanwhile, the bytes that are read are
/// the former or the later ones; nothing here trusts a byte that it read before to be the same again.
pub fn bytes_of(buffer: &PyUntypedBuffer) -> Option<&[u8]> {
    if !buffer.is_c_contiguous() {
        return None;
    }
    if buffer.len_bytes() == 0 {
        return Some(&[]);
    }
    // SAFETY: the exporter holds `len_bytes` contiguous bytes there until the buffer is released, which
    // cannot be before the end of the borrow.
    Some(unsafe { std::slice::from_raw_parts(buffer.buf_ptr().cast::<u8>(), buffer.len_bytes()) })
}
