//! Finds the EXIF orientation, so that people see pictures upright. Hashes do not use it.
//! It refuses to read any other metadata; nothing of it is ever kept.

use super::{Format, webp};

/// How stored pixels are to be turned: EXIF values 1..=8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orientation {
    /// Swap axes first,
    pub transposes: bool,
    /// then mirror left and right,
    pub mirrors_x: bool,
    /// then mirror top and bottom.
    pub mirrors_y: bool,
}

impl Orientation {
    /// As stored.
    pub const UPRIGHT: Self = Self::new(false, false, false);

    const fn new(transposes: bool, mirrors_x: bool, mirrors_y: bool) -> Self {
        Self { transposes, mirrors_x, mirrors_y }
    }

    /// Source: EXIF 2.32, tag 0x0112.
    fn from_exif(value: u16) -> Self {
        match value {
            2 => Self::new(false, true, false),
            3 => Self::new(false, true, true),
            4 => Self::new(false, false, true),
            5 => Self::new(true, false, false),
            6 => Self::new(true, true, false),
            7 => Self::new(true, true, true),
            8 => Self::new(true, false, true),
            _ => Self::UPRIGHT,
        }
    }
}

/// The orientation a file asks for; upright if it asks for none.
pub fn find(data: &[u8], format: Format) -> Orientation {
    let tiff = match format {
        Format::Jpeg => in_jpeg(data),
        Format::Png => in_png(data),
        Format::WebP => webp::chunks(data, 12..data.len())
            .find(|(name, _)| *name == b"EXIF")
            .map(|(_, payload)| &data[payload]),
        Format::Gif => None,
    };
    tiff.and_then(|tiff| in_tiff(tiff.strip_prefix(b"Exif\0\0").unwrap_or(tiff)))
        .map_or(Orientation::UPRIGHT, Orientation::from_exif)
}

/// The payload of the first Exif segment before the picture's data.
fn in_jpeg(data: &[u8]) -> Option<&[u8]> {
    let mut place = 2;
    loop {
        let [ff, marker, high, low] = *data.get(place..)?.first_chunk::<4>()?;
        if ff != 0xff {
            return None;
        }
        if marker == 0xff {
            place += 1; // fill byte
            continue;
        }
        if marker == 0xda || marker == 0xd9 {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let payload = data.get(place + 4..place + 2 + length.max(2))?;
        if marker == 0xe1 && payload.starts_with(b"Exif\0\0") {
            return Some(payload);
        }
        place += 2 + length.max(2);
    }
}

/// The payload of the eXIf chunk, before or after the picture's data.
fn in_png(data: &[u8]) -> Option<&[u8]> {
    let mut place = 8;
    loop {
        let header = data.get(place..)?.first_chunk::<8>()?;
        let (length, name) = header.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if name == b"eXIf" {
            return data.get(place + 8..place.checked_add(8 + length)?);
        }
        place = place.checked_add(12 + length)?;
    }
}

/// Tag 0x0112 of the first directory.
fn in_tiff(tiff: &[u8]) -> Option<u16> {
    let is_little = tiff.starts_with(b"II*\0");
    if !is_little && !tiff.starts_with(b"MM\0*") {
        return None;
    }
    let short = |at: usize| -> Option<u16> {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *tiff.get(4..)?.first_chunk::<4>()?;
    let directory =
        if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) } as usize;
    (0..usize::from(short(directory)?))
        .map(|i| directory + 2 + 12 * i)
        .find(|entry| short(*entry) == Some(0x0112))
        .and_then(|entry| short(entry + 8))
}
