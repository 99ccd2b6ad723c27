//! JPEG: baseline, extended and progressive Huffman, decoded to the same pixels as libjpeg-turbo.
//! It refuses arithmetic coding, 12 bits, lossless and files that end before their picture does.
//!
//! Our own because hashes must equal those of exchanges, made with libjpeg: zune-jpeg, measured
//! first, rounds differently and moved up to 6 bits of small pictures. It streams: a baseline
//! picture needs a few rows of memory, whatever its height.
//!
//! Source: ITU-T T.81; libjpeg's choices where the standard leaves any.

mod bits;
mod color;
mod entropy;
mod huffman;
mod rows;
mod scan;
mod segments;
mod spectrum;
mod upsample;

use super::{Header, Limits, PixelSink};
use crate::errors::Refusal;
use crate::simd::idct::Block;
use crate::simd::{Level, Work, run_at};
use bits::Bits;
use entropy::Steps;
use rows::{Place, Rows};
use scan::{BlockOfUnit, ScanDecoder};
use segments::{Frame, Scan, Tables};

/// Decodes `data` into the sink that `accept` gives for its size.
pub fn decode<S: PixelSink>(
    data: &[u8],
    limits: &Limits,
    accept: impl FnOnce(usize, usize) -> Result<(Header, S), Refusal>,
) -> Result<(Header, S), Refusal> {
    let mut file = File { data, place: 2, tables: Tables::default() };
    let frame = loop {
        let (marker, segment) = file.next_segment()?;
        match marker {
            0xc0..=0xc2 => break Frame::read(marker, segment, &file.tables)?,
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(Refusal::Unsupported),
            0xd9 | 0xda => return Err(Refusal::Malformed),
            _ => file.read_tables(marker, segment)?,
        }
        limits.deadline.check()?;
    };
    let (header, mut sink) = accept(frame.width, frame.height)?;
    let scan = loop {
        let (marker, segment) = file.next_segment()?;
        match marker {
            0xda => break Scan::read(segment, &frame)?,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xd9 => {
                return Err(Refusal::Malformed);
            }
            _ => file.read_tables(marker, segment)?,
        }
        limits.deadline.check()?;
    };
    if frame.is_progressive || scan.parts.len() < frame.components.len() {
        decode_scans(&mut file, &frame, scan, limits, &mut sink)?;
    } else if sink.takes_blocks() && spectrum::has_luma(&frame) {
        spectrum::decode_single(&file, &frame, &scan, limits, &mut sink)?;
    } else {
        decode_single(&file, &frame, &scan, limits, &mut sink)?;
    }
    Ok((header, sink))
}

/// The file and what its segments have said so far.
struct File<'a> {
    data: &'a [u8],
    place: usize,
    tables: Tables,
}

impl<'a> File<'a> {
    /// The next marker and its segment; empty for markers that have none.
    fn next_segment(&mut self) -> Result<(u8, &'a [u8]), Refusal> {
        let mut bits = Bits::new(self.data, self.place);
        let marker = bits.next_marker()?;
        self.place = bits.end().0;
        self.segment_of(marker)
    }

    fn segment_of(&mut self, marker: u8) -> Result<(u8, &'a [u8]), Refusal> {
        if matches!(marker, 0x01 | 0xd0..=0xd9) {
            return Ok((marker, &[]));
        }
        let rest = self.data.get(self.place..).ok_or(Refusal::Malformed)?;
        let length =
            usize::from(u16::from_be_bytes(*rest.first_chunk().ok_or(Refusal::Malformed)?));
        let segment = rest.get(2..length).ok_or(Refusal::Malformed)?;
        self.place += length;
        Ok((marker, segment))
    }

    fn read_tables(&mut self, marker: u8, segment: &[u8]) -> Result<(), Refusal> {
        match marker {
            0xc4 => self.tables.read_huffman(segment),
            0xdb => self.tables.read_quantizers(segment),
            0xdd => self.tables.read_restart_interval(segment),
            0xd8 => Err(Refusal::Malformed),
            _ => {
                self.tables.read_application(marker, segment);
                Ok(())
            }
        }
    }
}

/// One scan carries everything: rows are shown as they come.
fn decode_single(
    file: &File<'_>,
    frame: &Frame,
    scan: &Scan,
    limits: &Limits,
    sink: &mut impl PixelSink,
) -> Result<(), Refusal> {
    let steps = frame.components.iter().map(|component| steps(&file.tables, component));
    let steps: Vec<Steps> = steps.collect::<Result<_, _>>()?;
    let level = Level::best();
    let mut rows = Rows::new(frame, level);
    let mut decoder = ScanDecoder::new(file, frame, scan)?;
    let (across, down) = decoder.units;
    let unit = decoder.unit(frame);
    for unit_y in 0..down {
        limits.deadline.check()?;
        let place = |block: &BlockOfUnit| {
            rows.place(block.index, (block.x, block.across.1 * unit_y + block.y))
        };
        let mut places: Vec<Place> = unit.iter().map(place).collect();
        let work = UnitRow {
            decoder: &mut decoder,
            rows: &mut rows,
            unit: &unit,
            places: &mut places,
            steps: &steps,
            across,
        };
        run_at(level, work)?;
        // A lone component has one block a unit, whatever its sampling says.
        let unit_rows = if scan.parts.len() == 1 { frame.components[0].sampling.1 } else { 1 };
        if (unit_y + 1).is_multiple_of(unit_rows) || unit_y + 1 == down {
            rows.show((unit_y + 1).div_ceil(unit_rows), sink);
        }
    }
    Ok(())
}

/// Decoding one row of units of a sequential scan.
struct UnitRow<'a, 'b, 'c> {
    decoder: &'a mut ScanDecoder<'b>,
    rows: &'a mut Rows<'c>,
    unit: &'a [BlockOfUnit],
    places: &'a mut [Place],
    steps: &'a [Steps],
    across: usize,
}

impl Work for UnitRow<'_, '_, '_> {
    type Outcome = Result<(), Refusal>;

    #[inline(always)]
    fn run(self) -> Self::Outcome {
        for _ in 0..self.across {
            self.decoder.start_unit()?;
            for (block, place) in self.unit.iter().zip(&mut *self.places) {
                let steps = &self.steps[block.index];
                let has_more = self.decoder.sequential(block.part, steps, self.rows.block())?;
                self.rows.put(*place, has_more);
                place.start += 8 * block.across.0;
            }
        }
        Ok(())
    }
}

/// Several scans: coefficients are collected first, then shown.
fn decode_scans(
    file: &mut File<'_>,
    frame: &Frame,
    first: Scan,
    limits: &Limits,
    sink: &mut impl PixelSink,
) -> Result<(), Refusal> {
    let mut planes = coefficient_planes(frame)?;
    let mut quantizers: Vec<Option<Steps>> = vec![None; frame.components.len()];
    let mut scan = first;
    loop {
        for (index, _, _) in &scan.parts {
            // The table in force at a component's first scan is the one that counts.
            if quantizers[*index].is_none() {
                quantizers[*index] = Some(steps(&file.tables, &frame.components[*index])?);
            }
        }
        let (place, marker) = decode_scan(file, frame, &scan, limits, &mut planes)?;
        file.place = place;
        let mut next = match marker {
            Some(marker) => file.segment_of(marker)?,
            None => file.next_segment()?,
        };
        loop {
            limits.deadline.check()?;
            match next {
                (0xd9, _) if sink.takes_blocks() && spectrum::has_luma(frame) => {
                    let steps = quantizers[0].as_ref().unwrap_or(&Steps::ONE);
                    return spectrum::show_plane(frame, &planes[0], steps, limits, sink);
                }
                (0xd9, _) => return show_planes(frame, &planes, &quantizers, limits, sink),
                (0xda, segment) => break scan = Scan::read(segment, frame)?,
                (0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf, _) => {
                    return Err(Refusal::Malformed);
                }
                (marker, segment) => file.read_tables(marker, segment)?,
            }
            next = file.next_segment()?;
        }
    }
}

/// Coefficients of a component, block by block.
struct Coefficients {
    stride: usize,
    blocks: Vec<Block>,
}

/// What the coefficients of one picture may take: 100 Mpx in three full components.
const COEFFICIENT_BYTES_MAX: usize = 640_000_000;

fn coefficient_planes(frame: &Frame) -> Result<Vec<Coefficients>, Refusal> {
    let size = |(h, v): (usize, usize)| (h * frame.units.0, v * frame.units.1);
    let sizes: Vec<_> = frame.components.iter().map(|component| size(component.sampling)).collect();
    let blocks: usize = sizes.iter().map(|(across, down)| across * down).sum();
    if blocks * size_of::<Block>() > COEFFICIENT_BYTES_MAX {
        return Err(Refusal::TooManyPixels);
    }
    let plane =
        |(across, down)| Coefficients { stride: across, blocks: vec![[0; 64]; across * down] };
    Ok(sizes.into_iter().map(plane).collect())
}

fn decode_scan(
    file: &File<'_>,
    frame: &Frame,
    scan: &Scan,
    limits: &Limits,
    planes: &mut [Coefficients],
) -> Result<(usize, Option<u8>), Refusal> {
    let mut decoder = ScanDecoder::new(file, frame, scan)?;
    let (across, down) = decoder.units;
    let unit = decoder.unit(frame);
    for unit_y in 0..down {
        limits.deadline.check()?;
        for unit_x in 0..across {
            decoder.start_unit()?;
            for block in &unit {
                let plane = &mut planes[block.index];
                let (x, y) = (block.across.0 * unit_x + block.x, block.across.1 * unit_y + block.y);
                decoder.block(block.part, &mut plane.blocks[y * plane.stride + x])?;
            }
        }
    }
    Ok(decoder.end())
}

fn show_planes(
    frame: &Frame,
    planes: &[Coefficients],
    quantizers: &[Option<Steps>],
    limits: &Limits,
    sink: &mut impl PixelSink,
) -> Result<(), Refusal> {
    // A component that no scan brought is grey all over: its coefficients are zero anyway.
    let mut rows = Rows::new(frame, Level::best());
    for unit_y in 0..frame.units.1 {
        limits.deadline.check()?;
        for (index, (component, plane)) in frame.components.iter().zip(planes).enumerate() {
            let v = component.sampling.1;
            for y in v * unit_y..v * (unit_y + 1) {
                let line = &plane.blocks[y * plane.stride..(y + 1) * plane.stride];
                let steps = quantizers[index].as_ref().unwrap_or(&Steps::ONE);
                for (x, block) in line.iter().enumerate() {
                    rows.put_unscaled(rows.place(index, (x, y)), block, steps);
                }
            }
        }
        rows.show(unit_y + 1, sink);
    }
    Ok(())
}

fn steps(tables: &Tables, component: &segments::Component) -> Result<Steps, Refusal> {
    let quantizer = tables.quantizers.get(component.quantizer).and_then(Option::as_deref);
    quantizer.map(Steps::new).ok_or(Refusal::Malformed)
}
