//! Splits a plain `multipart/form-data` body into its parts.
//! It refuses to guess: a body with anything unusual in it is left to a reader that knows all forms.
//! Source: RFC 7578, RFC 2046 section 5.1.

use memchr::memmem;
use std::ops::Range;

/// Longest boundary, as the other reader takes it.
const BOUNDARY_BYTES_MAX: usize = 1024;

/// Longest header line, as the other reader takes it.
const HEADER_LINE_BYTES_MAX: usize = 4096;

/// Most header lines of one part.
const HEADERS_MAX: usize = 8;

const LINE_END: &[u8] = b"\r\n";
const DISPOSITION: &str = "Content-Disposition: form-data; name=\"";
const FILE_NAME: &str = "\"; filename=\"";
const TYPE: &str = "Content-Type: ";

/// A part: the name of its field, and where its bytes lie in the body.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Without quotes or percent signs.
    pub name: &'a str,
    /// Within the body.
    pub place: Range<usize>,
}

/// The parts of a body in their order; None for one that is not plain.
pub fn split<'a>(body: &'a [u8], boundary: &[u8], parts_max: usize) -> Option<Vec<Part<'a>>> {
    if boundary.is_empty() || boundary.len() > BOUNDARY_BYTES_MAX || boundary.contains(&b'\n') {
        return None;
    }
    let delimiter = [b"\r\n--", boundary].concat();
    let finder = memmem::Finder::new(&delimiter);
    // The first delimiter has no line before it.
    let mut at = body.starts_with(&delimiter[LINE_END.len()..]).then_some(delimiter.len() - 2)?;
    let mut parts = Vec::new();
    while body[at..].starts_with(LINE_END) && parts.len() < parts_max {
        let (name, start) = name_and_start(body, at + LINE_END.len())?;
        let end = start + finder.find(&body[start..])?;
        parts.push(Part { name, place: start..end });
        at = end + delimiter.len();
    }
    matches!(&body[at..], b"--" | b"--\r\n").then_some(parts)
}

/// The name of the part whose headers begin at `at`, and where its bytes begin.
fn name_and_start(body: &[u8], mut at: usize) -> Option<(&str, usize)> {
    let mut name = None;
    for _ in 0..=HEADERS_MAX {
        let rest = &body[at..];
        let window = &rest[..rest.len().min(HEADER_LINE_BYTES_MAX)];
        let length = memmem::find(window, LINE_END)?;
        at += length + LINE_END.len();
        if length == 0 {
            return name.map(|name| (name, at));
        }
        let line = str::from_utf8(&window[..length]).ok()?;
        if let Some(disposition) = line.strip_prefix(DISPOSITION) {
            let found = named(disposition)?;
            if name.replace(found).is_some() {
                return None;
            }
        } else if !line.starts_with(TYPE) {
            return None;
        }
    }
    None
}

/// The name at the beginning of `name"` or `name"; filename="file"`.
fn named(disposition: &str) -> Option<&str> {
    let inner = disposition.strip_suffix('"')?;
    let (name, file_name) = inner.split_once(FILE_NAME).unwrap_or((inner, ""));
    let is_plain =
        |text: &str| !text.contains(['"', '%', '\\']) && !text.contains(char::is_control);
    (is_plain(name) && is_plain(file_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\n{}\r\n--b\r\n\
        Content-Disposition: form-data; name=\"m1\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\
        \r\n--c\r\n--b--\r\n";

    fn names_and_bytes<'a>(body: &'a [u8], parts: &[Part<'a>]) -> Vec<(&'a str, &'a [u8])> {
        parts.iter().map(|part| (part.name, &body[part.place.clone()])).collect()
    }

    #[test]
    fn the_parts_of_a_plain_body_are_found() {
        let parts = split(BODY, b"b", 2).unwrap();
        let expected: [(&str, &[u8]); 2] = [("content", b"{}"), ("m1", b"\r\n--c")];
        assert_eq!(names_and_bytes(BODY, &parts), expected);
    }

    #[test]
    fn more_parts_than_wanted_are_left_to_the_other_reader() {
        assert_eq!(split(BODY, b"b", 1), None);
    }

    #[test]
    fn a_body_that_was_cut_off_anywhere_is_left_to_the_other_reader() {
        let whole = BODY.len() - 2; // the last line end may be missing
        for length in 0..whole {
            assert_eq!(split(&BODY[..length], b"b", 2), None, "{length} bytes");
        }
    }
}
