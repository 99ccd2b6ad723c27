//! The limit on time: an instant, and a reader that fails once it is past.
//! It refuses to interrupt anything; decoders stop because they need the next byte or line.

use crate::errors::Refusal;
use std::io::{BufRead, Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::time::{Duration, Instant};

/// When to give up.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// This many milliseconds from now; so many that no clock can hold them means never.
    pub fn in_ms(time_ms: u64) -> Self {
        Self(Instant::now().checked_add(Duration::from_millis(time_ms)))
    }

    /// Whether it is too late.
    pub fn is_past(self) -> bool {
        self.0.is_some_and(|at| Instant::now() >= at)
    }

    /// Refuses work of that many milliseconds when it cannot be done in time.
    pub fn check_work(self, work_ms: u64) -> std::result::Result<(), Refusal> {
        let end = Instant::now().checked_add(Duration::from_millis(work_ms));
        let is_late = self.0.is_some_and(|at| end.is_none_or(|end| end > at));
        if is_late { Err(Refusal::TimedOut) } else { Ok(()) }
    }

    /// Refuses when it is too late.
    pub fn check(self) -> std::result::Result<(), Refusal> {
        if self.is_past() { Err(Refusal::TimedOut) } else { Ok(()) }
    }
}

/// Bytes in memory, handed out in pieces so that the time is looked at often.
pub struct TimedReader<'a> {
    data: &'a [u8],
    place: usize,
    unchecked_bytes: usize,
    deadline: Deadline,
}

const PIECE_BYTES: usize = 4096;

impl<'a> TimedReader<'a> {
    /// Reads `data` until `deadline`.
    pub fn new(data: &'a [u8], deadline: Deadline) -> Self {
        Self { data, place: 0, unchecked_bytes: PIECE_BYTES, deadline }
    }
}

impl Read for TimedReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        // Codecs read single bytes too: looking at the clock once a piece is often enough.
        self.unchecked_bytes += out.len();
        if self.unchecked_bytes >= PIECE_BYTES {
            self.fill_buf()?;
        }
        let left = self.data.get(self.place..).unwrap_or_default();
        let count = left.len().min(out.len());
        out[..count].copy_from_slice(&left[..count]);
        self.place += count;
        Ok(count)
    }
}

impl BufRead for TimedReader<'_> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.deadline.is_past() {
            return Err(Error::new(ErrorKind::TimedOut, "past the limit on time"));
        }
        self.unchecked_bytes = 0;
        let left = self.data.get(self.place..).unwrap_or_default();
        Ok(&left[..left.len().min(PIECE_BYTES)])
    }

    fn consume(&mut self, count: usize) {
        self.place = self.place.saturating_add(count);
    }
}

impl Seek for TimedReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(place) => i128::from(place),
            SeekFrom::Current(offset) => self.place as i128 + i128::from(offset),
            SeekFrom::End(offset) => self.data.len() as i128 + i128::from(offset),
        };
        self.place = usize::try_from(target)
            .map_err(|_| Error::new(ErrorKind::InvalidInput, "seek before the start"))?;
        Ok(self.place as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_past_its_deadline_fails_even_when_read_byte_by_byte() {
        let data = [0_u8; 3 * PIECE_BYTES];
        let mut reader = TimedReader::new(&data, Deadline::in_ms(0));
        assert!(reader.read(&mut [0]).is_err());
        let mut reader = TimedReader::new(&data, Deadline::in_ms(u64::MAX));
        let mut out = Vec::new();
        assert_eq!(reader.read_to_end(&mut out).ok(), Some(data.len()));
    }
}
