//! The segments between a JPEG's pictures data: tables, frame and scan headers.
//! It refuses what libjpeg refuses, and arithmetic coding, 12 bits and lossless on top.

use super::color::Meaning;
use super::huffman::Huffman;
use super::upsample::Upsampling;
use crate::errors::Refusal;

/// Everything that the segments so far have said.
#[derive(Default)]
pub struct Tables {
    /// Steps between coefficient values, in natural order.
    pub quantizers: [Option<Box<[u16; 64]>>; 4],
    /// For the first coefficient of a block.
    pub dc: [Option<Huffman>; 4],
    /// For the other 63.
    pub ac: [Option<Huffman>; 4],
    /// Units between restart markers; 0 means none.
    pub restart_interval: usize,
    is_jfif: bool,
    adobe: Option<u8>,
}

/// Where the n-th coefficient of the file belongs; further ones belong at the end.
/// Source: T.81, figure 5.
#[rustfmt::skip]
pub const NATURAL: [u8; 128] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
];

impl Tables {
    /// Reads a DQT segment. Source: T.81, B.2.4.1.
    pub fn read_quantizers(&mut self, mut segment: &[u8]) -> Result<(), Refusal> {
        while let Some((kind, rest)) = segment.split_first() {
            let sample_bytes = match kind >> 4 {
                0 => 1,
                _ => 2,
            };
            let steps = rest.get(..64 * sample_bytes).ok_or(Refusal::Malformed)?;
            let place =
                self.quantizers.get_mut(usize::from(kind & 15)).ok_or(Refusal::Malformed)?;
            let mut quantizer = Box::new([0_u16; 64]);
            for (step, natural) in steps.chunks_exact(sample_bytes).zip(NATURAL) {
                let step = step.iter().fold(0, |value, byte| value << 8 | u16::from(*byte));
                quantizer[usize::from(natural)] = step;
            }
            *place = Some(quantizer);
            segment = &rest[64 * sample_bytes..];
        }
        Ok(())
    }

    /// Reads a DHT segment. Source: T.81, B.2.4.2.
    pub fn read_huffman(&mut self, mut segment: &[u8]) -> Result<(), Refusal> {
        while let Some((kind, rest)) = segment.split_first() {
            let counts = rest.first_chunk::<16>().ok_or(Refusal::Malformed)?;
            let total: usize = counts.iter().copied().map(usize::from).sum();
            let symbols = rest.get(16..16 + total).ok_or(Refusal::Malformed)?;
            let tables = if kind & 16 == 0 { &mut self.dc } else { &mut self.ac };
            let place = tables.get_mut(usize::from(kind & !16)).ok_or(Refusal::Malformed)?;
            *place = Some(Huffman::new(counts, symbols)?);
            segment = &rest[16 + total..];
        }
        Ok(())
    }

    /// Reads a DRI segment. Source: T.81, B.2.4.4.
    pub fn read_restart_interval(&mut self, segment: &[u8]) -> Result<(), Refusal> {
        let interval: [u8; 2] = segment.try_into().map_err(|_| Refusal::Malformed)?;
        self.restart_interval = usize::from(u16::from_be_bytes(interval));
        Ok(())
    }

    /// Notes what application segments say about colour; everything else in them is ignored.
    pub fn read_application(&mut self, marker: u8, segment: &[u8]) {
        if marker == 0xe0 && segment.len() >= 14 && segment.starts_with(b"JFIF\0") {
            self.is_jfif = true;
        } else if marker == 0xee && segment.len() >= 12 && segment.starts_with(b"Adobe") {
            self.adobe = Some(segment[11]);
        }
    }
}

/// The frame header.
pub struct Frame {
    /// Whether scans refine one another.
    pub is_progressive: bool,
    /// Pixels across, at least 1.
    pub width: usize,
    /// Pixels down, at least 1.
    pub height: usize,
    /// In the order of the file; 1, 3 or 4 of them.
    pub components: Vec<Component>,
    /// What they mean.
    pub meaning: Meaning,
    /// Units across and down in a scan of all components.
    pub units: (usize, usize),
}

/// One component of the frame.
pub struct Component {
    id: u8,
    /// Blocks across and down in one unit.
    pub sampling: (usize, usize),
    /// Which quantizer.
    pub quantizer: usize,
    /// Samples across and down.
    pub size: (usize, usize),
    /// Blocks across and down, so that samples are covered.
    pub blocks: (usize, usize),
    /// Pixel rows to one of its rows.
    pub rows_each: usize,
    /// How rows become full width.
    pub upsampling: Upsampling,
}

impl Frame {
    /// Reads an SOF segment. Source: T.81, B.2.2.
    pub fn read(marker: u8, segment: &[u8], tables: &Tables) -> Result<Self, Refusal> {
        let [precision, h1, h0, w1, w0, count] =
            *segment.first_chunk::<6>().ok_or(Refusal::Malformed)?;
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        let (specs, rest) = segment[6..].as_chunks::<3>();
        if !rest.is_empty() || specs.len() != usize::from(count) || width == 0 || height == 0 {
            return Err(Refusal::Malformed);
        }
        if precision != 8 {
            return Err(Refusal::Unsupported);
        }
        let ids: Vec<u8> = specs.iter().map(|spec| spec[0]).collect();
        let meaning = Meaning::guess(&ids, tables.is_jfif, tables.adobe);
        let (width, height) = (usize::from(width), usize::from(height));
        let samplings: Vec<(usize, usize)> = specs
            .iter()
            .map(|spec| (usize::from(spec[1] >> 4), usize::from(spec[1] & 15)))
            .collect();
        if !samplings.iter().all(|(h, v)| (1..=4).contains(h) && (1..=4).contains(v)) {
            return Err(Refusal::Malformed);
        }
        let h_max = samplings.iter().map(|sampling| sampling.0).max().unwrap_or(1);
        let v_max = samplings.iter().map(|sampling| sampling.1).max().unwrap_or(1);
        let components = specs.iter().zip(&samplings).map(|(spec, (h, v))| {
            let size = ((width * h).div_ceil(h_max), (height * v).div_ceil(v_max));
            Ok(Component {
                id: spec[0],
                sampling: (*h, *v),
                quantizer: usize::from(spec[2]),
                size,
                blocks: (size.0.div_ceil(8), size.1.div_ceil(8)),
                rows_each: v_max / v,
                upsampling: Upsampling::new(
                    (h_max / h, h_max % h),
                    (v_max / v, v_max % v),
                    size.0,
                )?,
            })
        });
        Ok(Self {
            is_progressive: marker == 0xc2,
            width,
            height,
            components: components.collect::<Result<_, Refusal>>()?,
            meaning: meaning.ok_or(Refusal::Unsupported)?,
            units: (width.div_ceil(8 * h_max), height.div_ceil(8 * v_max)),
        })
    }
}

/// A scan header.
pub struct Scan {
    /// Indices of components, with their DC and AC tables.
    pub parts: Vec<(usize, usize, usize)>,
    /// First and last coefficient.
    pub band: (usize, usize),
    /// Bit position before; 0 for a first scan.
    pub high: u32,
    /// Bit position after.
    pub low: u32,
}

/// Blocks in one unit, at most. Source: T.81, B.2.3.
const UNIT_BLOCKS_MAX: usize = 10;

impl Scan {
    /// Reads an SOS segment. Source: T.81, B.2.3.
    pub fn read(segment: &[u8], frame: &Frame) -> Result<Self, Refusal> {
        let (count, rest) = segment.split_first().ok_or(Refusal::Malformed)?;
        let count = usize::from(*count);
        if !(1..=4).contains(&count) || rest.len() != 2 * count + 3 {
            return Err(Refusal::Malformed);
        }
        let mut parts = Vec::with_capacity(count);
        for spec in rest[..2 * count].chunks_exact(2) {
            let index = frame.components.iter().position(|component| component.id == spec[0]);
            let index = index.ok_or(Refusal::Malformed)?;
            if parts.iter().any(|(other, _, _)| *other == index) {
                return Err(Refusal::Malformed);
            }
            parts.push((index, usize::from(spec[1] >> 4), usize::from(spec[1] & 15)));
        }
        let blocks = |part: &(usize, usize, usize)| {
            let (h, v) = frame.components[part.0].sampling;
            h * v
        };
        if count > 1 && parts.iter().map(blocks).sum::<usize>() > UNIT_BLOCKS_MAX {
            return Err(Refusal::Malformed);
        }
        let tail = &rest[2 * count..];
        let scan = Self {
            parts,
            band: (usize::from(tail[0]), usize::from(tail[1])),
            high: u32::from(tail[2] >> 4),
            low: u32::from(tail[2] & 15),
        };
        if frame.is_progressive && !scan.is_a_step() {
            return Err(Refusal::Malformed);
        }
        Ok(scan)
    }

    /// Whether the band and bits are allowed in a progressive scan. Source: T.81, G.1.1.1.
    fn is_a_step(&self) -> bool {
        let (first, last) = self.band;
        let band_is_good = if first == 0 {
            last == 0
        } else {
            first <= last && last < 64 && self.parts.len() == 1
        };
        band_is_good && self.low <= 13 && (self.high == 0 || self.high == self.low + 1)
    }
}
